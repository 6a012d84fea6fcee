/* Writing a report: rooms say which message, where and with which arguments; the wording comes from
** messages.def and is put together here and nowhere else.
**
** A report being written never fails loudly: when memory runs out it is marked, every further call
** does nothing, and evc_report_finish gives the out-of-memory report in its place.
*/
#ifndef EVC_REPORT_DRAFT_H
#define EVC_REPORT_DRAFT_H

#include "../base/arena.h"
#include "evcalc/report.h"

/* The messages and the phrases (labels, titles of fixes) of messages.def. */
typedef enum evc_message {
#define MESSAGE(id, code, message, help) EVC_MSG_##id,
#define PHRASE(id, text)
#include "messages.def"
#undef MESSAGE
#undef PHRASE
  EVC_MSG_END
} evc_message;

typedef enum evc_phrase {
#define MESSAGE(id, code, message, help)
#define PHRASE(id, text) EVC_PHRASE_##id,
#include "messages.def"
#undef MESSAGE
#undef PHRASE
  EVC_PHRASE_END
} evc_phrase;

/* A place in a text; `none` is for what is not about a place. */
typedef struct evc_span {
  size_t start, end;
  bool none;
} evc_span;

struct evc_report {
  evc_arena arena;
  evc_diagnostic *diagnostics;
  size_t count, capacity;
  size_t errors, warnings; /* all, described or not */
  evc_text message;
  bool failed; /* an allocation failed */
  bool fixed;  /* static: never freed */
};

/* An empty report; never NULL (when out of memory it is one marked as such). */
evc_report *evc_report_new(const evc_allocator *allocator);

/* The report that says only that memory ran out. Static. */
evc_report *evc_report_out_of_memory(void);

/* The code of a message. */
evc_code evc_message_code(evc_message message);

/* Add a diagnostic; {0}, {1} … in the wording stand for `args`, which are shown quoted (control
** characters escaped, cut at 120 bytes). The severity is the code's. NULL when memory ran out or the
** report is full (it is then counted all the same). */
evc_diagnostic *evc_report_add(evc_report *report, evc_message message, evc_span span,
                               const evc_text *args, size_t arg_count);

/* Only count an error or a warning that will not be described. */
void evc_report_count_only(evc_report *report, evc_severity severity);

/* Make a diagnostic of another severity than its code's. */
void evc_report_set_severity(evc_report *report, evc_diagnostic *diagnostic,
                             evc_severity severity);

/* Add a label, a fix, an edit to it (in ascending order). `diagnostic` and `fix` may be NULL: then
** nothing happens. `text` is copied. */
void evc_report_label(evc_report *report, evc_diagnostic *diagnostic, size_t start, size_t end,
                      evc_phrase phrase, const evc_text *args, size_t arg_count);
evc_fix *evc_report_fix(evc_report *report, evc_diagnostic *diagnostic, bool safe,
                        evc_phrase phrase, const evc_text *args, size_t arg_count);
void evc_report_edit(evc_report *report, evc_fix *fix, size_t start, size_t end, evc_text text);

/* Work out lines and columns in `text` and the one-line message, and hand the report over: NULL when
** it is empty (and freed), the out-of-memory report when memory ran out. The diagnostics must have
** been added in the order they are to have. */
evc_report *evc_report_finish(evc_report *report, const char *text, size_t length);

/* A report of one diagnostic, finished. */
evc_report *evc_report_single(const evc_allocator *allocator, evc_message message, evc_span span,
                              const evc_text *args, size_t arg_count, const char *text,
                              size_t length);

/* Make a finished report one on a longer text, in which its own is preceded by so many bytes and lines.
** Returns the report, or that memory ran out. */
evc_report *evc_report_move(evc_report *report, size_t bytes, size_t lines);

/* One diagnostic as the endpoint's one line, without "(and N more errors)". */
struct evc_builder;
void evc_report_build_line(struct evc_builder *builder, const evc_diagnostic *diagnostic);

#endif
