/* What must hold of every fix of every diagnostic. */
#ifndef EVC_TESTS_FIXES_H
#define EVC_TESTS_FIXES_H

#include "evcalc/evcalc.h"

/* The text once the fix is applied: malloc'd and NUL-terminated, or NULL when its edits overlap
** or lie outside the text. */
char *fix_apply(evc_text text, const evc_fix *fix, size_t *length);

/* Where an offset is once the fix is applied. */
size_t fix_moved(size_t offset, const evc_fix *fix);

/* A rewriting says the same in other words: every name and literal that it covers is still
** there, save the construct's own words. Else it could turn an invalid calculation into a valid
** other one. */
bool fix_keeps_words(evc_text text, const evc_diagnostic *d, evc_text fixed);

/* Does the fix remove its diagnostic and add no syntax or name error? `before` is the report
** that `d` is in. When not, `why` is filled, and *after, where not NULL, is the report of the text
** with the fix applied, the caller's to free. */
bool fix_holds(const evc_event_type *type, const evc_options *options, evc_text text,
               const evc_report *before, const evc_diagnostic *d, const evc_fix *fix, char *why,
               size_t why_size, evc_report **after);

#endif
