/* Two versions of a text as a unified diff. */
#ifndef EVC_CLI_DIFF_H
#define EVC_CLI_DIFF_H

#include "../base/text.h"

/* Append what makes `after` of `before`; nothing when they are equal. With `safe`, for a terminal,
** control characters are escaped, else lines are exact, so that patch can apply them. */
void cli_build_diff(evc_builder *out, const char *name, evc_text before, evc_text after, bool safe);

#endif
