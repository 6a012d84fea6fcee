/* Compiling a calculation: text → checked, immutable, ready to evaluate.
**
** Compiling takes up to 44 KiB of stack. Evaluating takes up to 1 KiB, or 5 KiB where Math.round, floor
** or ceil is called, and 20 KiB more where the calculation nests deeply or is traced. (Optimised, on
** 64-bit Linux; some of it is the C library's.)
**
** A compiled calculation may be shared by any number of threads; it must be freed before its schema.
*/
#ifndef EVCALC_CALCULATION_H
#define EVCALC_CALCULATION_H

#include "evcalc/base.h"
#include "evcalc/report.h"
#include "evcalc/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Limits (chosen). Past one, compiling fails with a diagnostic that names the limit. */
#define EVC_DEFAULT_TEXT_LIMIT     65536 /* bytes of text */
#define EVC_DEFAULT_DEPTH_LIMIT    200   /* levels of nesting; the parser's stack has room for no more */
#define EVC_DEFAULT_NODE_LIMIT     20000 /* literals, paths, calls and operators */
#define EVC_DEFAULT_ARGUMENT_LIMIT 255   /* arguments of one call */

/* In each member 0 means the default. A text limit is at most 16 MiB, a depth limit at most the
** default, nodes and arguments at most 16 Mi; larger values are taken as those. */
typedef struct evc_limits {
  uint32_t text;
  uint32_t depth;
  uint32_t nodes;
  uint32_t arguments;
} evc_limits;

/* How to compile. Start from {0}, which means: every warning shown, none denied, default limits. */
typedef struct evc_options {
  evc_code_set allow;             /* warnings that are not reported */
  evc_code_set deny;              /* warnings that are errors; wins over allow */
  bool deny_warnings;             /* all of them, save those in allow */
  bool trace;                     /* keep every part's value observable: see evc_evaluate_traced */
  evc_limits limits;              /* 0 means the default */
  const evc_allocator *allocator; /* NULL: malloc */
  const evc_schema *schema;       /* NULL, or where "did you mean" may look for other Event types */
} evc_options;

typedef struct evc_calculation evc_calculation;

/* Parse and check `text` against an Event type, and compile it.
**
** `text` is UTF-8 of `length` bytes (or EVC_NUL_TERMINATED) and is copied. `options` may be NULL.
** `report`, when not NULL (then nothing is described, which saves time where something is found),
** receives every error and warning, or NULL when there are none; it is the
** caller's to free, also when compiling succeeds. Returns NULL when there is an error; out of memory
** is one, reported as EVC_CODE_OUT_OF_MEMORY.
**
** One run reports every independent mistake. A calculation that compiled can only fail in
** evaluation by division by zero, a result that is not finite, a power with no real value, or a
** value in the event of the wrong JSON type.
**
**   const char *text = "new.amountSpent >= new.amount * 90 / 100";
**   evc_report *report;
**   evc_calculation *calculation = evc_compile(type, text, EVC_NUL_TERMINATED, NULL, &report);
*/
EVC_API evc_calculation *evc_compile(const evc_event_type *type, const char *text, size_t length,
                                     const evc_options *options, evc_report **report);

/* Parse and check only, for whoever does not want to evaluate: 0.4 µs instead of 0.7 for two
** comparisons.
** True, and the same report, where evc_compile would compile. */
EVC_API bool evc_validate(const evc_event_type *type, const char *text, size_t length,
                          const evc_options *options, evc_report **report);

EVC_API void evc_calculation_free(evc_calculation *calculation);

/* The text as it was compiled, and the Event type it was checked against. */
EVC_API evc_text evc_calculation_text(const evc_calculation *calculation);
EVC_API const evc_event_type *evc_calculation_type(const evc_calculation *calculation);

/* Bytes of memory that the calculation holds in all. */
EVC_API size_t evc_calculation_size(const evc_calculation *calculation);

/* A field that the calculation reads. Its texts are slices of longer ones, without a NUL. `path` is as
** written; `slot` is the field's slot; for a
** member of a map, `slot` is the map's and `member` the member's name, else `member` is absent. */
typedef struct evc_reference {
  evc_text path;
  size_t slot;
  evc_text member;
} evc_reference;

/* The fields read, each once, in order of first appearance. Texts live as long as the calculation.
** evc_calculation_reference is zeroed past the end. */
EVC_API size_t evc_calculation_reference_count(const evc_calculation *calculation);
EVC_API evc_reference evc_calculation_reference(const evc_calculation *calculation, size_t index);

/* A part of the calculation, for showing it as a tree: a part and its operands. Parts are numbered in
** the order of the text's reduction: operands come before what uses them, the whole is last.
** Parentheses are not parts of their own. */
typedef struct evc_part {
  size_t start, end; /* its text */
  evc_type type;     /* of its value when it is not null */
  size_t parent;     /* the part it is an operand of; of the whole: its own number */
} evc_part;

EVC_API size_t evc_calculation_part_count(const evc_calculation *calculation);
EVC_API evc_part evc_calculation_part(const evc_calculation *calculation, size_t index);

#ifdef __cplusplus
}
#endif
#endif
