/* Diagnostics: what is wrong with a calculation or with input, where, and what would be right.
**
** A report is an immutable list of diagnostics ordered by position. It owns all text in it and is
** independent of the calculation, the schema and the text it speaks of. It may be read by many
** threads at once; free it once.
*/
#ifndef EVCALC_REPORT_H
#define EVCALC_REPORT_H

#include <stdio.h>

#include "evcalc/base.h"
#include "evcalc/codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The codes, e.g. EVC_CODE_UNKNOWN_FIELD for "unknown-field"; codes.h lists them with their meaning. */
typedef enum evc_code {
  EVC_CODE_NONE = 0,
#define EVC_CODE_ENUM(id, name, severity, title) EVC_CODE_##id,
  EVC_CODES(EVC_CODE_ENUM)
#undef EVC_CODE_ENUM
      EVC_CODE_END
} evc_code;

typedef enum evc_severity {
  EVC_ERROR = 0,
  EVC_WARNING = 1,     /* about a calculation; never changes whether it is valid */
  EVC_LOAD_WARNING = 2 /* about a field list */
} evc_severity;

/* A set of codes. Start from {0}. */
typedef struct evc_code_set {
  uint64_t bits[2];
} evc_code_set;

/* Replace the bytes [start, end) of the text by `text`. */
typedef struct evc_edit {
  size_t start, end;
  evc_text text;
} evc_edit;

/* One way to mend a diagnostic: edits in ascending order that do not overlap. A `safe` fix changes a
** spelling and keeps what the author meant; any other is a guess that a person should confirm. */
typedef struct evc_fix {
  evc_text title;
  bool safe;
  const evc_edit *edits;
  size_t edit_count;
} evc_fix;

/* A second place that matters, e.g. an operand with its type. */
typedef struct evc_label {
  size_t start, end;
  evc_text text;
} evc_label;

typedef struct evc_diagnostic {
  evc_code code;
  evc_severity severity; /* EVC_ERROR for a warning that was denied */
  const char *name;      /* the code's stable name, static */
  bool has_span;         /* false: about the request or the type, not about a place in the text */
  size_t start, end;     /* byte offsets, end exclusive; empty only behind the last token */
  size_t line, column;   /* of `start`, from 1; a column is a code point */
  evc_text message;      /* what is wrong, without position, no full stop */
  evc_text help;         /* what would be right; absent where there is nothing to add */
  evc_text label;          /* what stands at the place, in a few words: the code's title, static */
  const evc_label *labels; /* of further places */
  size_t label_count;
  const evc_fix *fixes;
  size_t fix_count;
} evc_diagnostic;

typedef struct evc_report evc_report;

/* How evc_report_print renders. */
typedef enum evc_style {
  EVC_STYLE_LINE,       /* "line 1, column 5: unknown field …; did you mean …" a diagnostic */
  EVC_STYLE_CARET,      /* the line of the text with carets, labels and help below it */
  EVC_STYLE_CARET_COLOR /* the same with ANSI colours */
} evc_style;

/* Most diagnostics that one report holds; further errors are counted, not described (chosen). */
#define EVC_REPORT_CAPACITY 100

/* The number of diagnostics in the report, 0 for NULL; at most EVC_REPORT_CAPACITY. */
EVC_API size_t evc_report_count(const evc_report *report);

/* Diagnostic `index`, 0 ≤ index < count; NULL past that. Lives as long as the report. */
EVC_API const evc_diagnostic *evc_report_at(const evc_report *report, size_t index);

/* All errors and all warnings, those past the capacity included. 0 for NULL. */
EVC_API size_t evc_report_errors(const evc_report *report);
EVC_API size_t evc_report_warnings(const evc_report *report);

/* The endpoint's errorMessage: the first error in one line, "line L, column C: what is wrong; what
** would be right", then " (and N more errors)". Absent when there is no error. Lives as long as the
** report. Text quoted from the user has its control characters escaped. */
EVC_API evc_text evc_report_message(const evc_report *report);

/* Print every diagnostic to `file`. `text` is what was compiled (`length` may be
** EVC_NUL_TERMINATED); `name`, which may be NULL, is shown as its source. Returns EVC_OK, or
** EVC_OUT_OF_MEMORY with nothing printed.
**
**   evc_report *report;
**   evc_calculation *calculation = evc_compile(type, text, length, NULL, &report);
**   evc_report_print(report, text, length, NULL, EVC_STYLE_CARET, stderr);
**   evc_report_free(report);
*/
EVC_API evc_status evc_report_print(const evc_report *report, const char *text, size_t length,
                                    const char *name, evc_style style, FILE *file);

EVC_API void evc_report_free(evc_report *report);

/* A code's stable name ("unknown-field"), its default severity and title; all static.
** NULL or EVC_ERROR for a value that is no code. */
EVC_API const char *evc_code_name(evc_code code);
EVC_API const char *evc_code_title(evc_code code);
EVC_API evc_severity evc_code_severity(evc_code code);

/* The code of a name, EVC_CODE_NONE when there is none. */
EVC_API evc_code evc_code_find(const char *name, size_t length);

/* Add a code to a set; ask for it. Codes out of range are ignored and never contained. */
EVC_API void evc_code_set_add(evc_code_set *set, evc_code code);
EVC_API bool evc_code_set_has(const evc_code_set *set, evc_code code);

#ifdef __cplusplus
}
#endif
#endif
