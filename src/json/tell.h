/* Telling what is wrong with JSON input: reports with a place in the whole text. */
#ifndef EVC_JSON_TELL_H
#define EVC_JSON_TELL_H

#include "../report/draft.h"
#include "evcalc/event.h"

/* Where failures go. `whole` is the text in which offsets, lines and columns are counted; pieces of
** it are read one by one. With `report` NULL nobody wants to know more than the status. */
typedef struct evc_teller {
  const evc_allocator *allocator;
  evc_text whole;
  evc_report **report;
  size_t offset, lines; /* where `whole` starts in a longer text in which places are told */
} evc_teller;

/* Sets *report to NULL. */
evc_teller evc_teller_of(const evc_allocator *allocator, evc_text whole, evc_report **report);

/* Each returns the status that its caller should return: EVC_INVALID or EVC_OUT_OF_MEMORY. */

/* "At no place": of a value whose place the caller tells in another way, cheaper than by counting
** the lines of the whole text. */
#define EVC_NO_PLACE ((size_t)-1)

/* A status with which reading `piece`, a part of the whole text, failed. */
evc_status evc_tell_status(const evc_teller *teller, evc_status status, evc_text piece);

/* The value at `offset` of the whole text has another kind than expected: "BEFORE NAME is a
** number", "expected EXPECTED". NAME, which is shown in quotes, may be absent. */
evc_status evc_tell_shape(const evc_teller *teller, size_t offset, const char *before,
                          evc_text name, evc_kind found, const char *expected);

/* Any message about the place at `offset`. */
evc_status evc_tell_message(const evc_teller *teller, size_t offset, evc_message message,
                            const evc_text *args, size_t arg_count);

/* A finished report. */
evc_status evc_tell_report(const evc_teller *teller, evc_report *report);

#endif
