/* The syntax tree: nodes in one array, operands before what uses them.
**
** Because of that order everything after the parser is a loop over the array, never a recursion: a
** chain of 5,000 terms costs no stack. Nodes that an error cut off from the tree stay in the array
** and are checked like the rest, so that mistakes in them are found too.
*/
#ifndef EVC_SYNTAX_TREE_H
#define EVC_SYNTAX_TREE_H

#include "../base/arena.h"
#include "../report/findings.h"
#include "../value/language.h"
#include "evcalc/calculation.h"

#define EVC_NO_NODE UINT32_MAX

typedef enum evc_node_kind {
  EVC_NODE_ERROR, /* something that could not be read: of unknown type */
  EVC_NODE_NUMBER,
  EVC_NODE_STRING,
  EVC_NODE_BOOLEAN,
  EVC_NODE_NULL,
  EVC_NODE_PATH,        /* a field or a variable */
  EVC_NODE_GROUP,       /* ( left ) */
  EVC_NODE_UNARY,       /* op left */
  EVC_NODE_BINARY,      /* left op right */
  EVC_NODE_CONDITIONAL, /* left ? right : third */
  EVC_NODE_CALL,        /* name(first …) */
  EVC_NODE_CAST,        /* (type) left */
  EVC_NODE_BETWEEN      /* left BETWEEN right AND third */
} evc_node_kind;

/* A construct of another language that the node stands for. */
typedef enum evc_construct {
  EVC_CONSTRUCT_NONE,
  EVC_CONSTRUCT_NOT,         /* !x, NOT x         read as x == false */
  EVC_CONSTRUCT_IN,          /* x IN (…)          read as IN(x, …) */
  EVC_CONSTRUCT_NOT_IN,      /* x NOT IN (…)      read as IN(x, …) == false */
  EVC_CONSTRUCT_BETWEEN,     /* x BETWEEN a AND b a node of its own: x would stand twice */
  EVC_CONSTRUCT_NOT_BETWEEN,
  EVC_CONSTRUCT_IS_NULL,     /* read as x == null */
  EVC_CONSTRUCT_IS_NOT_NULL, /* read as x != null */
  EVC_CONSTRUCT_LIKE,        /* read as x == "…" where there is no wildcard */
  EVC_CONSTRUCT_NOT_LIKE,
  EVC_CONSTRUCT_AND_CALL, /* AND(a, b)         read as a AND b */
  EVC_CONSTRUCT_OR_CALL,
  EVC_CONSTRUCT_IF_CALL   /* IF(a, b, c)       read as a ? b : c */
} evc_construct;

typedef struct evc_node {
  uint8_t kind;      /* an evc_node_kind */
  uint8_t op;        /* an evc_operator; of CALL an evc_function, filled by the checker */
  uint8_t type;      /* an evc_type, filled by the checker */
  uint8_t construct; /* an evc_construct */
  uint32_t start, end;
  uint32_t next; /* of an argument: the next one; of the last: the first */
  union {
    double number;
    bool boolean;
    struct { /* STRING, PATH: see evc_tree_text; PATH: filled by the checker */
      uint32_t at, length;
      uint32_t reference; /* the field's number among those read */
    } text;
    struct { /* operands; EVC_NO_NODE where there is none */
      uint32_t left, right, third;
      uint16_t depth;
    } child;
    struct { /* CALL */
      uint32_t first, count;
      uint32_t name_at; /* see evc_tree_name */
      uint16_t depth;   /* in the place that it has in `child` */
      uint16_t name_length;
    } call;
  } as;
} evc_node;

typedef struct evc_tree {
  evc_arena *arena; /* of the compilation */
  evc_limits limits;
  const char *source; /* NUL-terminated copy of the text */
  uint32_t source_length;
  char *decoded; /* strings and names that are not spelled in the source as they read */
  size_t decoded_length, decoded_capacity;
  evc_node *nodes;
  size_t count, capacity;
  uint32_t root;
  evc_findings findings;
  uint32_t unclosed;  /* the end of what is in parentheses that are never closed; 0: none are */
  uint32_t given_up;  /* behind the ( from which on the text was given up to its end; 0: none was */
  bool incomplete;    /* the text ends before it should: that is told */
  bool stopped;       /* a limit was passed: what there is of the tree is not worth checking */
  bool out_of_memory; /* an allocation failed: the tree is unusable */
} evc_tree;

/* Walk over a node's operands in the order of the text: the first one, and the one after another;
** EVC_NO_NODE past the last.
**
**   for (uint32_t o = evc_tree_operand(tree, node); o != EVC_NO_NODE;
**        o = evc_tree_operand_after(tree, node, o)) …
*/
static inline uint32_t evc_tree_operand(const evc_tree *tree, uint32_t node) {
  const evc_node *n = &tree->nodes[node];
  if (n->kind < EVC_NODE_GROUP) return EVC_NO_NODE;
  return n->kind == EVC_NODE_CALL ? n->as.call.first : n->as.child.left;
}

static inline uint32_t evc_tree_operand_after(const evc_tree *tree, uint32_t node,
                                              uint32_t operand) {
  const evc_node *n = &tree->nodes[node];
  if (n->kind != EVC_NODE_CALL)
    return operand == n->as.child.left    ? n->as.child.right
           : operand == n->as.child.right ? n->as.child.third
                                          : EVC_NO_NODE;
  uint32_t next = tree->nodes[operand].next;
  return next == n->as.call.first ? EVC_NO_NODE : next;
}

/* `length` bytes of text from `at` on: in the source, or past it in `decoded`. */
static inline evc_text evc_tree_slice(const evc_tree *tree, uint32_t at, uint32_t length) {
  if (length == 0) return (evc_text){"", 0}; /* nothing may have been decoded yet */
  const char *data = at <= tree->source_length ? tree->source + at
                                               : tree->decoded + (at - tree->source_length - 1);
  return (evc_text){data, length};
}

/* The text of a STRING or the name of a PATH. */
static inline evc_text evc_tree_text(const evc_tree *tree, const evc_node *node) {
  return evc_tree_slice(tree, node->as.text.at, node->as.text.length);
}

/* The name of a CALL; empty for IN between its operands. */
evc_text evc_tree_name(const evc_tree *tree, const evc_node *node);

/* Append to the decoded text; where the next byte will be is evc_tree_decoded_at. */
EVC_RARE void evc_tree_decode(evc_tree *tree, const char *data, size_t length);
uint32_t evc_tree_decoded_at(const evc_tree *tree);

/* The source of a node. */
evc_text evc_tree_source(const evc_tree *tree, const evc_node *node);

/* Make room for `count` nodes, or for fewer where that is very many. */
void evc_tree_reserve(evc_tree *tree, size_t count);

/* Note something wrong; a failed allocation is remembered in the tree. */
EVC_RARE void evc_tree_find(evc_tree *tree, evc_finding finding);

/* Constructors: each appends a node and returns its number, 0 once the tree is stopped or out of
** memory (the parser then ends soon). Spans are byte offsets. */
EVC_RARE uint32_t evc_tree_error(evc_tree *tree, uint32_t start, uint32_t end);
uint32_t evc_tree_number(evc_tree *tree, uint32_t start, uint32_t end, double number);
uint32_t evc_tree_word(evc_tree *tree, uint32_t start, uint32_t end, evc_node_kind kind,
                       bool boolean);
/* `at` and `length` say where the text is: in the source, or past it in `decoded`. */
uint32_t evc_tree_string(evc_tree *tree, uint32_t start, uint32_t end, uint32_t at,
                         uint32_t length);
uint32_t evc_tree_path(evc_tree *tree, uint32_t start, uint32_t end, uint32_t at, uint32_t length);
uint32_t evc_tree_group(evc_tree *tree, uint32_t start, uint32_t left, uint32_t end);
uint32_t evc_tree_unary(evc_tree *tree, evc_operator op, uint32_t start, uint32_t left);
uint32_t evc_tree_binary(evc_tree *tree, evc_operator op, uint32_t left, uint32_t right);
uint32_t evc_tree_conditional(evc_tree *tree, uint32_t left, uint32_t right, uint32_t third);
/* The finding reaches from `start` to `span_end`. */
EVC_RARE uint32_t evc_tree_cast(evc_tree *tree, uint32_t start, uint32_t left, uint32_t span_end);

/* Arguments: a list is named by its last argument. */
uint32_t evc_tree_argument(evc_tree *tree, uint32_t list, uint32_t argument);

/* The list with something unreadable in the place of its last argument. */
EVC_RARE uint32_t evc_tree_lose_last(evc_tree *tree, uint32_t list);

/* A call; `name` is the start of the function's name, `list` the arguments or EVC_NO_NODE. */
uint32_t evc_tree_call(evc_tree *tree, uint32_t name, uint32_t list, uint32_t end);

/* The bytes of source that a call's name takes from `start` on. */
size_t evc_tree_name_source(const evc_tree *tree, uint32_t start);

/* Constructs of other languages, read as what they mean; each is one finding. */
EVC_RARE uint32_t evc_tree_not(evc_tree *tree, uint32_t start, uint32_t left);
EVC_RARE uint32_t evc_tree_in(evc_tree *tree, uint32_t left, uint32_t list, uint32_t end,
                              bool negated);
EVC_RARE uint32_t evc_tree_between(evc_tree *tree, uint32_t left, uint32_t low, uint32_t high,
                                   bool negated);
EVC_RARE uint32_t evc_tree_is_null(evc_tree *tree, uint32_t left, uint32_t end, bool negated);
EVC_RARE uint32_t evc_tree_like(evc_tree *tree, uint32_t left, uint32_t right, bool negated);

/* An operand with [ ] behind it. */
EVC_RARE uint32_t evc_tree_index(evc_tree *tree, uint32_t left, uint32_t end);

#endif
