/* Evaluating one calculation on many events at once, held as columns.
**
** The answers are the same, bit for bit, as evaluating each event alone. Nothing is allocated; the
** calculation may be shared by threads, each with columns, results and a workspace of its own. Takes up
** to 10 KiB of stack.
*/
#ifndef EVCALC_COLUMNS_H
#define EVCALC_COLUMNS_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/event.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a column's values are laid out. */
typedef enum evc_column_kind {
  EVC_COLUMN_NUMBER,     /* `values.numbers`, one a row, finite unless null */
  EVC_COLUMN_BOOLEAN,    /* `values.bits`: bit r % 64 of word r / 64 is row r */
  EVC_COLUMN_STRING,     /* `values.texts`, one a row */
  EVC_COLUMN_DICTIONARY  /* Strings as `values.codes`, one a row: indexes into `dictionary` */
} evc_column_kind;

/* One field of many events. All memory is the caller's and only read. */
typedef struct evc_column {
  evc_column_kind kind;
  union {
    const double *numbers;
    const uint64_t *bits;
    const evc_text *texts; /* where null, nothing is read through them */
    const uint32_t *codes; /* each < dictionary_size, also where null */
  } values;
  const evc_text *dictionary; /* of EVC_COLUMN_DICTIONARY; no text twice */
  uint32_t dictionary_size;
  const uint64_t *nulls; /* a set bit is a null row; NULL: none is */
} evc_column;

/* Bytes of workspace that evc_evaluate_columns needs for the calculation, however many the rows: 1.4 KB
** for five comparisons of a field with a constant, 15 KB where some arithmetic goes with them. */
EVC_API size_t evc_columns_workspace(const evc_calculation *calculation);

/* Evaluate rows 0 ≤ r < `rows`. `columns` holds one column for each field that the calculation reads,
** in the order of evc_calculation_reference; its kind must fit the field's type (a member of a map may
** be of any kind but Boolean). `workspace` is evc_columns_workspace bytes, aligned as by malloc.
** `answers` and `errors` receive (rows + 63) / 64 words: bit r of `errors` says that evaluation failed
** on row r (evaluate that row alone to learn why), else bit r of `answers` is the answer. Bits past the
** last row are 0. A call takes some 0.2 microseconds beside what its rows take, and for each String
** that is compared with a dictionary's column a search through that dictionary.
** Returns EVC_OK; EVC_NOT_FOUND when `column_count` is not the number of fields read; EVC_WRONG_KIND
** when a column does not fit its field.
**
**   evc_column columns[] = {{.kind = EVC_COLUMN_NUMBER, .values.numbers = amounts}};
**   void *workspace = malloc(evc_columns_workspace(calculation));
**   evc_evaluate_columns(calculation, columns, 1, rows, workspace, answers, errors);
*/
EVC_API evc_status evc_evaluate_columns(const evc_calculation *calculation,
                                        const evc_column *columns, size_t column_count, size_t rows,
                                        void *workspace, uint64_t *answers, uint64_t *errors);

#ifdef __cplusplus
}
#endif
#endif
