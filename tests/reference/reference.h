/* The language a second time: an evaluator that is written to be read, not to be fast.
**
** It follows the language's rules one by one in a recursion over the syntax tree. It has its own
** values, its own arithmetic, its own idea of types and its own reading of literals; of the product
** it uses the parser's tree and the Event type. Tests hold the product against it.
*/
#ifndef EVC_TESTS_REFERENCE_H
#define EVC_TESTS_REFERENCE_H

#include "../../src/syntax/tree.h"
#include "evcalc/event.h"

/* A value; of a map or an array only that it is one. */
typedef struct ref_value {
  evc_kind kind;
  double number;
  bool boolean;
  const char *text;
  size_t length;
} ref_value;

/* What comes out. */
typedef struct ref_outcome {
  bool failed;
  bool answer;            /* unless failed */
  evc_code code;          /* if failed, and what follows too */
  size_t start, end;      /* where */
  evc_kind found, wanted; /* of value-kind */
} ref_outcome;

/* A calculation that is valid for its type. */
typedef struct reference {
  const evc_event_type *type;
  evc_arena arena;
  evc_tree tree;
  evc_type *types;      /* of each node */
  bool *is_constant;    /* has the node no field in it? */
  bool *is_scale;       /* is it, or is it in, the scale of a rounding? */
  ref_value *values;    /* of each node in the last evaluation */
  bool *evaluated;      /* was it reached in the last evaluation? */
  ref_value *constants; /* of each literal and variable */
} reference;

void reference_init(reference *r, const evc_event_type *type, const char *text, size_t length);
void reference_free(reference *r);

ref_outcome reference_evaluate(reference *r, const evc_event *event);

/* Is the node a literal or a variable that has a value, which null has not? */
bool reference_is_constant_leaf(const reference *r, uint32_t node);

#endif
