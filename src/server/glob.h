/* Globs as LSP has them: `*` and `?` within a part of a path, `**` over any number of parts, {a,b},
** and [a-z] or [!a-z]. */
#ifndef EVC_SERVER_GLOB_H
#define EVC_SERVER_GLOB_H

#include "evcalc/base.h"

/* What is wrong with a glob, in words; NULL when nothing is. */
const char *server_glob_fault(evc_text glob);

/* Does all of the path match? Its parts are separated by `/`. The glob has no fault. */
bool server_glob_matches(evc_text glob, evc_text path);

#endif
