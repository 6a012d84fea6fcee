/* What editors ask for while a calculation is being written: tokens, diagnostics, completion,
** hover, signature help, ranges to select, an outline, and formatting.
**
** An editor holds one text. It is read once when it is set; every query then answers for an offset
** in it. All of it works in broken text, as text is while somebody types. Nothing here knows JSON,
** lines or a protocol: offsets are bytes from 0, ranges are [start, end), texts are UTF-8.
**
**   evc_editor *editor = evc_editor_new(type, NULL);
**   evc_editor_set_text(editor, "new.amount >= ", EVC_NUL_TERMINATED);
**   evc_completions found;
**   if (evc_editor_complete(editor, 14, &found) == EVC_OK)
**     for (size_t i = 0; i < found.count; i++)
**       printf("%.*s\n", (int)found.items[i].label.length, found.items[i].label.data);
**   evc_editor_free(editor);
**
** What a query hands out belongs to the editor and lives until the next query of the same kind, or
** until the text or the Event type is set. Texts handed out are followed by a NUL.
**
** Queries return EVC_OK, EVC_NOT_FOUND where there is nothing to say at that place, or
** EVC_OUT_OF_MEMORY, after which the editor is as it was; save with EVC_OK the result is all zero.
** An offset past the end of the text counts as the end, one inside a character as any other.
**
** An editor is used by one thread at a time; different editors are independent. Its Event type, the
** schema in its options and the context of its allocator must outlive it.
*/
#ifndef EVCALC_EDITOR_H
#define EVCALC_EDITOR_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/format.h"
#include "evcalc/report.h"
#include "evcalc/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct evc_editor evc_editor;

/* [start, end) in the text. */
typedef struct evc_range {
  size_t start, end;
} evc_range;

/* --- The text --- */

/* An editor without text. `type` may be NULL: then no name of a field is judged, and diagnostics
** are of syntax, functions, and what is wrong whatever the fields are. `options` (may be NULL) say
** which warnings are shown, the limits and the allocator, as for evc_compile; they are copied. NULL
** when out of memory. Free with evc_editor_free. */
EVC_API evc_editor *evc_editor_new(const evc_event_type *type, const evc_options *options);

EVC_API void evc_editor_free(evc_editor *editor);

/* Read a text, which is copied; `length` may be EVC_NUL_TERMINATED. EVC_OK also for a text full of
** mistakes, or EVC_OUT_OF_MEMORY: the editor then still holds the text it held before. Text past
** the limit of the options is told in the report; it has no tokens, and no query finds more in it
** than the whole. */
EVC_API evc_status evc_editor_set_text(evc_editor *editor, const char *text, size_t length);

/* Go on with another Event type, or with none (NULL); the text is read again. EVC_OK, or
** EVC_OUT_OF_MEMORY with everything as before. */
EVC_API evc_status evc_editor_set_type(evc_editor *editor, const evc_event_type *type);

/* The text and the Event type as they were set. The text lives until it is set again. */
EVC_API evc_text evc_editor_text(const evc_editor *editor);
EVC_API const evc_event_type *evc_editor_type(const evc_editor *editor);

/* Every error and warning with labels and fixes, as evc_compile would report them; NULL when there
** are none. Lives until the text or the Event type is set. Not to be freed. */
EVC_API const evc_report *evc_editor_report(const evc_editor *editor);

/* --- Tokens, for colours --- */

typedef enum evc_token_class {
  EVC_CLASS_NUMBER,
  EVC_CLASS_STRING,      /* with its quotes; escapes are tokens of their own */
  EVC_CLASS_ESCAPE,      /* \n inside a string */
  EVC_CLASS_KEYWORD,     /* AND, OR, and words that other languages have for operators */
  EVC_CLASS_CONSTANT,    /* null, true, false */
  EVC_CLASS_FIELD,       /* a path, whether or not there is such a field */
  EVC_CLASS_VARIABLE,    /* Math.PI */
  EVC_CLASS_FUNCTION,    /* the name before the ( of a call */
  EVC_CLASS_OPERATOR,
  EVC_CLASS_PUNCTUATION, /* ( ) , */
  EVC_CLASS_ERROR,       /* comments and whatever else the language does not have */
  EVC_CLASS_END
} evc_token_class;

typedef struct evc_token {
  size_t start, end; /* not empty */
  evc_token_class kind;
} evc_token;

/* The tokens in order of position. They do not overlap, and what lies between them is blank. Lives
** until the text or the Event type is set; NULL when there are none. */
EVC_API const evc_token *evc_editor_tokens(const evc_editor *editor, size_t *count);

/* "number", "string", "escape", …: static; NULL for a value that is no class. */
EVC_API const char *evc_token_class_name(evc_token_class kind);

/* --- Completion --- */

typedef enum evc_completion_kind {
  EVC_COMPLETE_FIELD,    /* also a member of a map */
  EVC_COMPLETE_VALUE,    /* a String that the calculation compares the same field with elsewhere */
  EVC_COMPLETE_CONSTANT, /* null, true, false */
  EVC_COMPLETE_FUNCTION,
  EVC_COMPLETE_VARIABLE, /* Math.PI */
  EVC_COMPLETE_KEYWORD,  /* AND, OR */
  EVC_COMPLETE_OPERATOR, /* ==, +, … */
  EVC_COMPLETE_END
} evc_completion_kind;

typedef struct evc_completion {
  evc_completion_kind kind;
  evc_type type;          /* of the value; UNKNOWN: of any, or none */
  bool fits;              /* a value of that type is right in this place */
  evc_text label;         /* what a list shows, and what typed text is matched with */
  evc_text insert;        /* what to put in the place of the range */
  evc_text snippet;       /* the same with places to fill in, "Math.abs(${1:number})"; or absent */
  evc_text detail;        /* in a few words: its type, a function's signature */
  evc_text documentation; /* a sentence or two of Markdown; may be empty */
} evc_completion;

typedef struct evc_completions {
  const evc_completion *items; /* best first */
  size_t count;
  evc_range range;   /* the word that is being typed, on both sides of the offset; may be empty */
  evc_type expected; /* the type that a value must have in this place; UNKNOWN: any */
} evc_completions;

/* What can stand at an offset. Where a word has been begun, only what it may become is offered:
** first what begins with it, then what has a name that does (`amo` finds new.amount), then what
** contains it or its letters in order; case does not matter. Within these, what fits the place
** comes first, and fields come before functions. There may be no items. EVC_NOT_FOUND where nothing
** can be completed: in a number, in a comment, in a string that is compared with no field. */
EVC_API evc_status evc_editor_complete(evc_editor *editor, size_t offset, evc_completions *found);

/* "field", "value", …: static; NULL for a value that is no kind. */
EVC_API const char *evc_completion_kind_name(evc_completion_kind kind);

/* --- Hover and signature help --- */

typedef struct evc_hover {
  evc_range range;   /* what the text is about */
  evc_type type;     /* of that value; UNKNOWN where it is not known */
  evc_text markdown; /* a few short paragraphs */
} evc_hover;

/* What stands at an offset: a field with its type and where that is known from, a function, an
** operator with its rule for null, a literal, a part in parentheses with its type. */
EVC_API evc_status evc_editor_hover(evc_editor *editor, size_t offset, evc_hover *hover);

typedef struct evc_parameter {
  size_t start, end; /* in the label of the signature */
  evc_text documentation;
} evc_parameter;

typedef struct evc_signature {
  evc_range name;         /* the function's name in the text */
  evc_text label;         /* "Math.round(number[, scale])" */
  evc_text documentation; /* Markdown */
  const evc_parameter *parameters;
  size_t parameter_count;
  size_t active; /* the parameter that the offset is in; parameter_count when there are fewer */
} evc_signature;

/* The call whose parentheses the offset is in, the innermost one, also where they are not closed.
** EVC_NOT_FOUND outside of calls and where the function is not known. */
EVC_API evc_status evc_editor_signature(evc_editor *editor, size_t offset,
                                        evc_signature *signature);

/* --- Ranges and outline --- */

/* The ranges around an offset, each inside the next, from the word or literal to the whole text:
** what "expand selection" walks through. At least one where the text is not empty. */
EVC_API evc_status evc_editor_ranges(evc_editor *editor, size_t offset, const evc_range **ranges,
                                     size_t *count);

typedef enum evc_symbol_kind {
  EVC_SYMBOL_CONDITION, /* has no AND or OR at its top */
  EVC_SYMBOL_ALL,       /* conditions joined by AND, which follow as its children */
  EVC_SYMBOL_ANY        /* conditions joined by OR */
} evc_symbol_kind;

typedef struct evc_symbol {
  evc_range range;
  evc_symbol_kind kind;
  size_t depth; /* 0 for the outermost ones; a child has its parent's and 1 */
  evc_text name; /* its text on one line, cut where it is long */
} evc_symbol;

/* The outline: what AND and OR join, each followed by its children. The whole calculation is not
** itself in it, save where it is a single condition. EVC_NOT_FOUND without text. */
EVC_API evc_status evc_editor_symbols(evc_editor *editor, const evc_symbol **symbols,
                                      size_t *count);

/* --- Formatting --- */

/* The text in its canonical layout, and the edits that make it, as of evc_format; `options` may be
** NULL, and its limits and allocator do not count: the editor's do. EVC_INVALID where the text
** cannot be read; the report says why. *formatted lives until the next call or until the text is
** set; it is not to be freed. */
EVC_API evc_status evc_editor_format(evc_editor *editor, const evc_format_options *options,
                                     const evc_formatted **formatted);

#ifdef __cplusplus
}
#endif
#endif
