/* From text to tree. */
#ifndef EVC_SYNTAX_PARSE_H
#define EVC_SYNTAX_PARSE_H

#include "tree.h"

/* Parse `source` (NUL-terminated, `length` bytes, within the text limit) into `tree`, whose memory
** comes from `arena`. Every mistake is in tree->findings, in no particular order; what can be made of
** the text is in the tree. `limits` has no zeros left. */
void evc_parse(evc_tree *tree, evc_arena *arena, const char *source, uint32_t length,
               const evc_limits *limits);

#endif
