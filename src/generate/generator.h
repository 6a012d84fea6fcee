/* Inside the generator: what it knows of its Event type, and the calculation that it is making. */
#ifndef EVC_GENERATE_GENERATOR_H
#define EVC_GENERATE_GENERATOR_H

#include "../base/arena.h"
#include "../value/value.h"
#include "evcalc/generate.h"
#include "random.h"

/* Paths that calculations may read. */
typedef struct evc_gen_paths {
  evc_text *list;
  uint32_t count, capacity;
} evc_gen_paths;

/* In JSON a value below another can only be in an object, and there it would be a member of it. */
typedef enum evc_gen_slot_rule {
  EVC_GEN_FREE,
  EVC_GEN_ONLY_MAP, /* a map field that has other fields below it */
  EVC_GEN_ONLY_NULL /* any other such field, and those below */
} evc_gen_slot_rule;

typedef enum evc_gen_shape {
  EVC_GEN_LEAF,        /* text */
  EVC_GEN_UNARY,       /* op operand */
  EVC_GEN_BINARY,      /* operand op operand */
  EVC_GEN_CONDITIONAL, /* operand ? operand : operand */
  EVC_GEN_CALL,        /* function(operand, …) */
  EVC_GEN_MISTAKE      /* text with marks for operands: see mistakes.def */
} evc_gen_shape;

/* Begins a mark in a mistake's text; no calculation has it. */
#define EVC_GEN_MARK '@'

/* A part of a calculation. */
typedef struct evc_gen_node {
  evc_gen_shape shape;
  uint8_t op;    /* an evc_operator, of EVC_GEN_CALL an evc_function */
  evc_type type; /* as the checker will find it; EVC_TYPE_END for what can only be the whole */
  bool is_constant;
  bool is_scale;   /* the scale of Math.round and its like, which must stay constant */
  evc_value value; /* where is_constant */
  evc_text text;   /* as it is written */
  struct evc_gen_node *first, *next; /* operands in order */
} evc_gen_node;

struct evc_generator {
  evc_allocator allocator;
  const evc_event_type *type;
  evc_generate_options options; /* without zeros */
  evc_random random;
  evc_arena lasting; /* what is known of the type */
  evc_gen_paths numbers, strings, booleans, maps, opaque;
  evc_gen_paths members; /* of maps, which are Dynamic */
  const uint8_t *rules;  /* by slot: an evc_gen_slot_rule */
  evc_arena work;        /* of the calculation being made */
  bool exact_types;      /* no member of a map for the time being */
  bool out_of_memory;
  evc_gen_node nowhere; /* what is built once memory ran out */
};

/* expression.c: an expression of that type, or of type Dynamic where that may stand for it, of at
** most `size` nodes and `depth` of them inside one another, both at least 1. */
evc_gen_node *evc_gen_expression(evc_generator *g, evc_type type, uint32_t size, uint32_t depth);

/* A leaf with that text, which is not constant. */
evc_gen_node *evc_gen_leaf(evc_generator *g, evc_type type, evc_text text);

/* A node whose operands are added one by one. */
evc_gen_node *evc_gen_node_new(evc_generator *g, evc_gen_shape shape, unsigned op, evc_type type);
void evc_gen_add(evc_gen_node *node, evc_gen_node **last, evc_gen_node *operand);

/* literal.c: constants as they are written. */
evc_gen_node *evc_gen_number(evc_generator *g, double number);
evc_gen_node *evc_gen_string(evc_generator *g, evc_text text);

/* spell.c: the whole as text; data == NULL when out of memory. */
evc_text evc_gen_spell(evc_generator *g, const evc_gen_node *root);

/* mistake.c: put a mistake into a valid calculation, and give the whole. The mistake numbered
** `wanted` if it can be made for the type, else the next one that can. */
evc_gen_node *evc_gen_mistake(evc_generator *g, evc_gen_node *root, uint32_t wanted,
                              evc_code *code);
uint32_t evc_gen_mistake_count(void);

#endif
