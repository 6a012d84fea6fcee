/* Changing a calculation as it is written: where it stands in a string of JSON, through its escapes. */
#ifndef EVC_JSON_EDITS_H
#define EVC_JSON_EDITS_H

#include "../base/text.h"
#include "evcalc/calculation.h"

/* Append what is written with the edits of what it means: in JSON (`escaped`), where the characters
** come from, and with what is inserted escaped. All else stays as it is written. */
void evc_build_edited(evc_builder *out, evc_text written, bool escaped, const evc_edit *edits,
                      size_t count);

/* How to fix calculations. */
typedef struct evc_fixing {
  const evc_event_type *type; /* NULL: fields are not judged */
  const evc_options *options; /* not NULL */
  bool guesses;               /* take fixes that are not safe where no other is */
  evc_arena *arena;           /* for what is written in the end, and on the way */
  size_t fixes;               /* are counted here */
} evc_fixing;

/* Fix the errors of a calculation, again and again while fixes uncover others. EVC_OK: *written is what became of
** it; EVC_END: there was nothing to fix; EVC_OUT_OF_MEMORY. */
evc_status evc_fix_written(evc_fixing *fixing, evc_text *written, bool escaped);

#endif
