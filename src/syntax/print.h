/* From tree back to text, in the canonical spelling: one blank around an operator and behind a
** comma, none within brackets or behind a sign. */
#ifndef EVC_SYNTAX_PRINT_H
#define EVC_SYNTAX_PRINT_H

#include "../base/text.h"
#include "tree.h"

/* The level of what holds together whatever stands beside it: a literal, a path, a call, ( ). */
enum { EVC_LEVEL_UNIT = 10 };

/* How tightly a node holds together, as in operators.def; 0 for what is no part of the language,
** which is never safe without parentheses. */
unsigned evc_print_level(const evc_tree *tree, uint32_t node);

/* A printer can be used for many nodes of its tree. */
typedef struct evc_printer {
  const evc_tree *tree;
  evc_builder *out;
  struct evc_print_step *steps; /* what is still to be printed, the next one last */
  size_t count, capacity;
} evc_printer;

void evc_printer_init(evc_printer *printer, const evc_tree *tree, evc_builder *out);

/* Append a node in one line. Parsed, it gives the same tree again: names and literals are spelled as
** in the source, and parentheses are added where a tree that was put together needs them. Only for
** trees without errors. When memory runs out, the builder has failed. */
void evc_print(evc_printer *printer, uint32_t node);

/* The columns that each node of the tree takes in one line, by number; NULL when memory runs out. */
uint32_t *evc_print_widths(const evc_tree *tree, evc_arena *arena);

/* The columns of the sign of a UNARY, with the blank that keeps two of them apart; of a call's name
** and its (. */
uint32_t evc_print_sign_width(const evc_tree *tree, uint32_t node);
uint32_t evc_print_callee_width(const evc_tree *tree, uint32_t node);

#endif
