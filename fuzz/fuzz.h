/* What the targets share. A target is a file with one LLVMFuzzerTestOneInput: it takes an input
** apart, runs it through a room, and checks that what came out has the properties that the
** headers promise. libFuzzer, AFL++ (through its driver) and replay.c call it. */
#ifndef EVC_FUZZ_FUZZ_H
#define EVC_FUZZ_FUZZ_H

#include "../src/base/arena.h"
#include "evcalc/evaluate.h"
#include "evcalc/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of every input. When it does not, the message is printed and the process ends
** as it does when a sanitizer finds something. The message is for printf. */
#define FUZZ_HOLDS(condition, ...)                                                                 \
  ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition, __VA_ARGS__))

#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
_Noreturn void
fuzz_fail(const char *file, int line, const char *condition, const char *format, ...);

/* The file being run, where that is known; or NULL. */
extern const char *fuzz_running;

/* Memory that must be there: the targets have no business with a machine that is out of it. */
void *fuzz_memory(size_t size);

/* A copy of exactly that length, so that reading past its end is noticed; free it. With a NUL
** behind it where `terminated`. */
char *fuzz_copy(evc_text text, bool terminated);

/* For printf("%.*s"). */
#define FUZZ_TEXT(text) ((int)(text).length), ((text).data ? (text).data : "")

bool fuzz_same_text(evc_text a, evc_text b);

/* ---- Inputs --------------------------------------------------------------------------------- */

enum { FUZZ_MOST_EVENTS = 8 };

/* A calculation with what it is checked against and evaluated on. The input is text:
**
**   #type NAME            its Event type; else "fuzz.all", see fuzz.c
**   #fields JSON          a field list; it takes the place of the built-in ones
**   #options WORD …       as in tests/language/FORMAT.md; and of the layout: columns=N, indent=N, lf,
**                         crlf, final
**   #event JSON           an event in the short form; may be repeated
**   …                     from the first other line on: the calculation
**
** that is, nearly a case of tests/language. JSON is read here by a reader that knows no escapes
** and takes what it finds, because targets for the C library do without evcalc-json. */
typedef struct fuzz_case {
  const evc_schema *schema; /* where "did you mean" looks */
  const evc_event_type *type;
  evc_options options;
  evc_format_options format;
  evc_text events[FUZZ_MOST_EVENTS];
  size_t event_count;
  evc_text text;
  evc_schema *own; /* the schema where it is not the shared one */
  evc_arena arena;
} fuzz_case;

void fuzz_case_open(fuzz_case *c, const uint8_t *data, size_t size);
void fuzz_case_close(fuzz_case *c);

/* The built-in catalogue and the Event type "fuzz.all" with a field of each kind. Made once. */
const evc_schema *fuzz_schema(void);
const evc_event_type *fuzz_type(void);

/* The value of `#event JSON` in the slots of the event, whose type is that of the case. True
** when each is null or of its field's type, and no member of a map is an object, an array or out
** of range. */
bool fuzz_fill(fuzz_case *c, evc_event *event, evc_text json);

/* ---- Properties ----------------------------------------------------------------------------- */

/* What holds of every report on a text: places inside it and in order, positions that fit them,
** messages that are safe to show, edits in order. */
void fuzz_check_report(const evc_report *report, evc_text text);

/* Both reports say the same. */
void fuzz_check_same_report(const evc_report *a, const evc_report *b);

/* Every fix of the report's diagnostics: the edits give a text, and a safe one removes its
** diagnostic, adds no mistake of spelling, and keeps names and literals. */
void fuzz_check_fixes(const fuzz_case *c, const evc_report *report);

/* The same value, numbers bit for bit. */
bool fuzz_same_value(const evc_value *a, const evc_value *b);

#endif
