/* What the targets of evcalc-json share. */
#ifndef EVC_FUZZ_JSON_H
#define EVC_FUZZ_JSON_H

#include "../src/json/grammar.h"
#include "fuzz.h"

/* True when it is JSON as evcalc understands it. */
bool fuzz_is_json(evc_text text);

/* What holds of a report on a document that could not be read: one diagnostic, of these kinds, at a
** place inside the text or at none. */
void fuzz_check_refusal(const evc_report *report, evc_text text, evc_status status);

/* Each diagnostic as JSON is JSON. */
void fuzz_check_json_report(const evc_report *report);

#endif
