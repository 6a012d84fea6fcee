/* Between completion's two halves: where the offset is (complete.c), and what is offered there
** (offer.c). */
#ifndef EVC_EDITOR_OFFER_H
#define EVC_EDITOR_OFFER_H

#include "editor.h"

/* Completions being gathered. */
typedef struct evc_offers {
  const evc_editor *editor;
  evc_arena *arena;
  const evc_shape *shape; /* of the text with something in the offset's place */
  uint32_t token;         /* that something */
  evc_text typed;         /* of the word, up to the offset */
  bool called;            /* a ( follows the word */
  evc_completion *items;
  uint8_t *ranks; /* one an item; smaller is better */
  size_t count, capacity;
} evc_offers;

/* Whatever may stand where a value is due. */
void evc_offer_operands(evc_offers *offers, const evc_want *want);

/* Whatever may follow the operand that ends with the token before. */
void evc_offer_operators(evc_offers *offers);

/* The Strings that the field in `want` is compared with, as they stand between quotes; `behind`
** goes behind what is inserted. */
void evc_offer_strings(evc_offers *offers, const evc_want *want, const char *behind);

/* Put them in order, best first, as they came where they are alike. */
void evc_offer_sort(evc_offers *offers);

#endif
