/* Writing JSON. */
#ifndef EVC_JSON_WRITE_H
#define EVC_JSON_WRITE_H

#include "../base/text.h"
#include "evcalc/report.h"

/* A string in quotes, escaped where JSON needs it and where it would not be safe to show (control,
** bidirectional characters); a byte that is not UTF-8 becomes U+FFFD. An absent text is null. */
void evc_json_build_string(evc_builder *builder, evc_text text);

/* The same without the quotes; an absent text is empty. */
void evc_json_build_inside(evc_builder *builder, evc_text text);

/* `"name": ` after a comma, unless it is the first member. */
void evc_json_build_key(evc_builder *builder, bool first, const char *name);

/* The same with its value. */
void evc_json_build_text_member(evc_builder *builder, bool first, const char *name, evc_text text);
void evc_json_build_unsigned_member(evc_builder *builder, bool first, const char *name,
                                    uint64_t number);
void evc_json_build_boolean_member(evc_builder *builder, bool first, const char *name,
                                   bool boolean);

/* A place in a file, from 1. */
typedef struct evc_json_place {
  size_t line, column;
} evc_json_place;

/* A diagnostic as one object: {"code", "severity", "message", "start", "end", "line", "column",
** "help", "labels", "fixes"}. With `file`, the place of its start in the file that the calculation
** stands in is added as "fileLine" and "fileColumn". */
void evc_json_build_diagnostic(evc_builder *builder, const evc_diagnostic *diagnostic,
                               const evc_json_place *file);

/* Copy what was built into memory of its own, with a NUL behind it, and free the builder's arena;
** an absent text when out of memory. evc_json_free releases it. */
evc_text evc_json_hand_over(evc_builder *builder, const evc_allocator *allocator);

#endif
