/* Showing a calculation as a tree with the value of every part. */
#ifndef EVC_CLI_EXPLAIN_H
#define EVC_CLI_EXPLAIN_H

#include "../base/text.h"
#include "evcalc/evcalc.h"

/* Append the tree to `out`, a part a line, operands below what uses them, values in a column.
** `trace` is that of an evaluation with `outcome`. A failed allocation marks `out`. */
void cli_explain(evc_builder *out, const evc_calculation *calculation, evc_outcome outcome,
                 const evc_trace *trace);

#endif
