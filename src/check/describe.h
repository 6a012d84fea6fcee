/* Between the files that turn findings into diagnostics. */
#ifndef EVC_CHECK_DESCRIBE_H
#define EVC_CHECK_DESCRIBE_H

#include "../base/text.h"
#include "check.h"

/* One finding being described. */
typedef struct evc_describer {
  const evc_checked *checked;
  const evc_tree *tree;
  evc_arena *arena;
  evc_report *report;
  const evc_finding *finding;
  evc_severity severity;
  uint32_t *parents; /* node → parent or EVC_NO_NODE; worked out when first asked for */
} evc_describer;

/* Add the diagnostic; the arguments are {0}, {1} … of the wording. */
evc_diagnostic *evc_describe_add(evc_describer *d, evc_message message, const evc_text *args,
                                 size_t count);

/* A fix of one edit, titled "write …" (safe) or "did you mean …?" (a guess). */
void evc_describe_fix(evc_describer *d, evc_diagnostic *diagnostic, bool safe, size_t start,
                      size_t end, evc_text text);

/* Text from pieces: strings up to a NULL. */
evc_text evc_describe_join(evc_describer *d, const char *const *pieces);

/* The source of a node, of an operator's spelling. */
evc_text evc_describe_source(const evc_describer *d, uint32_t node);

/* "new.amount (Number)". */
evc_text evc_describe_typed(evc_describer *d, uint32_t node);

/* The parent of a node, EVC_NO_NODE of the whole or when out of memory. */
uint32_t evc_describe_parent(evc_describer *d, uint32_t node);

/* rewrite.c: constructs of other languages, precedence and chains, with their fixes. */
void evc_describe_construct(evc_describer *d);
void evc_describe_precedence(evc_describer *d);
void evc_describe_chained_equality(evc_describer *d);
void evc_describe_chained_inequality(evc_describer *d);

/* `left` == (or another operator) `right` as it would stand in the place of `node`, or alone; without a
** node `right`, the text `literal`. */
evc_text evc_describe_comparison(evc_describer *d, uint32_t node, uint32_t left, evc_operator op,
                                 uint32_t right, const char *literal);

/* What comparing a Number or a String with something looks like: "new.amount > 0". */
evc_text evc_describe_compared(evc_describer *d, uint32_t node);

/* The type that a value needs in the place of the node: DYNAMIC where Number and String both do,
** UNKNOWN where that cannot be told. In types.c. */
evc_type evc_describe_wanted(evc_describer *d, uint32_t node);

/* True where repeating the node repeats no syntax or name error. */
bool evc_describe_is_clean(const evc_describer *d, uint32_t node);

/* lint.c */
void evc_describe_lint(evc_describer *d);

/* suggest.c: unknown names and what was meant. */
void evc_describe_unknown_field(evc_describer *d);
void evc_describe_unknown_function(evc_describer *d);

/* types.c: operands and arguments of the wrong type. */
void evc_describe_operand(evc_describer *d);
void evc_describe_lone_operand(evc_describer *d);
void evc_describe_mixed(evc_describer *d);
void evc_describe_argument(evc_describer *d);
void evc_describe_null(evc_describer *d);
void evc_describe_not_boolean(evc_describer *d);

#endif
