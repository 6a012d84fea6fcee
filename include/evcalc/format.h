/* Formatting: a calculation in its canonical layout, with the same meaning.
**
** One blank stands around an operator and behind a comma, none inside brackets, behind a sign or
** before the ( of a call. A calculation that fits on a line is one line, whatever lines it had.
** Longer ones are broken before AND and OR, and where that is not enough before other operators,
** inside brackets and before ? and :, and indented by how they nest:
**
**   new.amountSpent >= new.amount * 90 / 100
**   AND (
**     old.amountSpent < old.amount * 90 / 100
**     OR old.amountSpent == null AND new.currency == "USD" AND new.amount >= 5000
**   )
**
** Names and literals keep their spelling. Parentheses stay, also those that are not needed, save the
** outer of two that hold the same: ((a)) becomes (a). Formatting what was formatted changes nothing.
** No Event type is needed: what is right in syntax is formatted, whether or not it would compile.
**
** grammar/LANGUAGE.md has the rules, under Layout. Formatting takes as much stack as compiling.
*/
#ifndef EVCALC_FORMAT_H
#define EVCALC_FORMAT_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/report.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVC_DEFAULT_COLUMNS 80
#define EVC_DEFAULT_INDENT  2

/* So many columns that no line is ever broken. */
#define EVC_ONE_LINE UINT32_MAX

/* What ends the lines. */
typedef enum evc_line_end {
  EVC_LINE_END_AS_FOUND = 0, /* what ends the first line of the text; LF where there is but one */
  EVC_LINE_END_LF,
  EVC_LINE_END_CRLF
} evc_line_end;

/* How to format. Start from {0}. */
typedef struct evc_format_options {
  uint32_t columns; /* the most a line should take, as a terminal shows it; 0: the default */
  uint32_t indent;  /* columns of a level, at most 16; 0: the default */
  evc_line_end line_end;
  bool final_line_end;            /* end the last line too, as in a file */
  evc_limits limits;              /* as in evc_options */
  const evc_allocator *allocator; /* NULL: malloc */
} evc_format_options;

/* A formatted calculation. Immutable; may be read by many threads at once; independent of the text
** it was made of. */
typedef struct evc_formatted evc_formatted;

/* Format `text`, UTF-8 of `length` bytes (or EVC_NUL_TERMINATED). `options` may be NULL.
**
** Returns NULL where the text cannot be read: what is wrong in it is in `report`, which may be NULL
** and otherwise is NULL or the caller's to free; there are only errors in it, of the characters, the
** syntax and the limits (or EVC_CODE_OUT_OF_MEMORY, or that there is no calculation). A byte order
** mark stays. A layout that would pass the limit of text gives way to one line, and where that
** passes it too, to the text as it is.
**
**   evc_report *report;
**   evc_formatted *formatted = evc_format(text, length, NULL, &report);
**   if (formatted) puts(evc_formatted_text(formatted).data);
**   else evc_report_print(report, text, length, NULL, EVC_STYLE_CARET, stderr);
**   evc_formatted_free(formatted);
**   evc_report_free(report);
*/
EVC_API evc_formatted *evc_format(const char *text, size_t length,
                                  const evc_format_options *options, evc_report **report);

/* The text, followed by a NUL. Lives as long as `formatted`. */
EVC_API evc_text evc_formatted_text(const evc_formatted *formatted);

/* The edits that make it of the text it was made of, for editors: in ascending order, without
** overlap, each as short as it can be. They only touch blanks and parentheses. None: the text was
** formatted already. evc_formatted_edit is zeroed past the end; its text lives as long as
** `formatted`. */
EVC_API size_t evc_formatted_edit_count(const evc_formatted *formatted);
EVC_API evc_edit evc_formatted_edit(const evc_formatted *formatted, size_t index);

EVC_API void evc_formatted_free(evc_formatted *formatted);

#ifdef __cplusplus
}
#endif
#endif
