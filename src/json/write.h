/* Writing JSON. */
#ifndef EVC_JSON_WRITE_H
#define EVC_JSON_WRITE_H

#include "../base/text.h"
#include "evcalc/report.h"

/* A string in quotes, escaped where JSON needs it; a byte that is not UTF-8 becomes U+FFFD. An
** absent text is null. */
void evc_json_build_string(evc_builder *builder, evc_text text);

/* A finite number, in the shortest form that reads back. */
void evc_json_build_number(evc_builder *builder, double number);

/* `"name": ` after a comma, unless it is the first member. */
void evc_json_build_key(evc_builder *builder, bool first, const char *name);

/* A place in a file, from 1. */
typedef struct evc_json_place {
  size_t line, column;
} evc_json_place;

/* A diagnostic as one object: {"code", "severity", "message", "start", "end", "line", "column",
** "help", "labels", "fixes"}. With `file`, the place of its start in the file that the calculation
** stands in is added as "fileLine" and "fileColumn". */
void evc_json_build_diagnostic(evc_builder *builder, const evc_diagnostic *diagnostic,
                               const evc_json_place *file);

#endif
