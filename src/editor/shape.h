/* Tokens as they stand beside and inside each other: brackets, arguments, and what operators take.
**
** The tree has that too, but only of what could be read. This is worked out from the tokens and the
** levels of operators.def alone, so that it is there for text of any kind.
*/
#ifndef EVC_EDITOR_SHAPE_H
#define EVC_EDITOR_SHAPE_H

#include "../syntax/parse.h"
#include "evcalc/editor.h"

typedef enum evc_place_kind {
  EVC_PLACE_NOTHING,
  EVC_PLACE_OPERAND,
  EVC_PLACE_NAME,
  EVC_PLACE_OPEN,
  EVC_PLACE_CLOSE,
  EVC_PLACE_COMMA,
  EVC_PLACE_INFIX,
  EVC_PLACE_PREFIX,
  EVC_PLACE_SIGN /* only in the table: see tokens.def */
} evc_place_kind;

#define EVC_NO_PLACE UINT32_MAX

/* Of one token. Tokens are numbered from 0 in the order of the text. */
typedef struct evc_place {
  uint8_t kind;     /* an evc_place_kind */
  uint8_t op;       /* INFIX, PREFIX: the evc_operator that it is or binds like */
  uint8_t level;    /* INFIX, PREFIX: of that operator */
  bool call;        /* OPEN: of a call */
  uint32_t bracket; /* the OPEN that it is inside of, or EVC_NO_PLACE */
  uint32_t match;   /* the other one of ( ) and of ? :, or EVC_NO_PLACE */
} evc_place;

typedef struct evc_shape {
  const evc_tree *tree; /* for the text */
  const evc_lexeme *tokens;
  evc_place *places;
  uint32_t count;
} evc_shape;

/* The places of all tokens, in `arena`; `tokens` and `tree` are kept. False when out of memory. */
bool evc_shape_build(evc_shape *shape, evc_arena *arena, const evc_tree *tree,
                     const evc_lexemes *tokens);

/* What tokens.def says of a token's class. */
evc_token_class evc_shape_class(const evc_shape *shape, uint32_t token);

/* True for what other languages have and this one only recognises. */
bool evc_shape_is_foreign(const evc_shape *shape, uint32_t token);

/* What a name reads, what a string holds, else the source. */
evc_text evc_shape_text(const evc_shape *shape, uint32_t token);

/* The last token of the unit that starts with this one: the token itself, a call, what is in
** parentheses. A unit that is not closed reaches to the end of the text. */
uint32_t evc_shape_unit_end(const evc_shape *shape, uint32_t token);

/* The first token of the operand that ends with `last`, and the last one of that which starts with
** `first`, where operators of `level` and tighter ones belong to it. */
uint32_t evc_shape_run_start(const evc_shape *shape, uint32_t last, unsigned level);
uint32_t evc_shape_run_end(const evc_shape *shape, uint32_t first, unsigned level);

/* The number of commas between the OPEN and a token inside of it. */
uint32_t evc_shape_argument_of(const evc_shape *shape, uint32_t open, uint32_t token);

/* The tokens [*first, *last] of an argument; false when there is none, or nothing in it. */
bool evc_shape_argument(const evc_shape *shape, uint32_t open, uint32_t number, uint32_t *first,
                        uint32_t *last);

/* The function whose parentheses an OPEN opens: EVC_FN_END when it is not known. *skipped is the
** number of its arguments that stand elsewhere: x IN (…) has one before it. */
evc_function evc_shape_function(const evc_shape *shape, uint32_t open, uint32_t *skipped);

#endif
