/* What the parts of the sweep share: see FORMAT.md. */
#ifndef EVC_TESTS_SWEEP_H
#define EVC_TESTS_SWEEP_H

#include <stdio.h>

#include "evcalc/evcalc.h"

/* All that was said, in a number; and where it is printed, or NULL. */
typedef struct speech {
  uint64_t digest;
  FILE *print;
} speech;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void say(speech *s, const char *format, ...);
void say_text(speech *s, const char *before, evc_text text);
void say_report(speech *s, const evc_report *report);

/* What a file says before its texts. */
typedef struct sweep_setting {
  evc_schema *schema; /* the built-in catalogue and the file's own types */
  const evc_event_type *type;
} sweep_setting;

/* What is said of one variant of a text. `at` is where it differs from the text. */
typedef void sweep_ask(const sweep_setting *setting, evc_text variant, size_t at, speech *s);

sweep_ask sweep_calculation, sweep_editor; /* calculations.c */
sweep_ask sweep_event, sweep_fields, sweep_name, sweep_request, sweep_glob, sweep_message,
    sweep_document, sweep_served;        /* documents.c */
sweep_ask sweep_attack, sweep_generator; /* random.c */

/* Every variant of the text is asked of. Where `json` is true the text is JSON, or nearly. */
void sweep_variants(const sweep_setting *setting, evc_text text, bool json, sweep_ask *ask,
                    speech *s);

static inline const char *sweep_code(unsigned code) {
  const char *name = evc_code_name((evc_code)code);
  return name ? name : "none";
}

/* Out of memory or misused: there is nothing to be tested then. */
_Noreturn void give_up(const char *why);

#endif
