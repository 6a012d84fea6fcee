/* Evaluating one calculation on the program's own records.
**
** A program that holds its events in structs of its own need not copy them into an evc_event. It says
** once where the members stand, binds a calculation to that, and evaluates the structs as they are.
** The outcome is the same, bit for bit, as on an event with those values. Nothing is allocated while
** evaluating; calculation and binding may be shared by threads. Takes as much stack as evc_evaluate.
*/
#ifndef EVCALC_RECORD_H
#define EVCALC_RECORD_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/evaluate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a member of the record holds its field's value. */
typedef enum evc_record_kind {
  EVC_RECORD_NUMBER,        /* a double, finite unless null */
  EVC_RECORD_FLOAT,         /* a float, finite unless null */
  EVC_RECORD_INT32,         /* an int32_t … */
  EVC_RECORD_UINT32,
  EVC_RECORD_INT64,         /* 64 bits are rounded to the nearest double */
  EVC_RECORD_UINT64,
  EVC_RECORD_BOOLEAN,       /* a bool, or a byte: 0 is false */
  EVC_RECORD_STRING,        /* a pointer to UTF-8, and elsewhere its length, a size_t: an evc_text … */
  EVC_RECORD_STRING32,      /* the same with a length of 32 bits */
  EVC_RECORD_NUL_TERMINATED /* a pointer to UTF-8 that ends with a NUL */
} evc_record_kind;

/* One field of the record. Offsets are in bytes from its start, as offsetof tells them; members need
** not be aligned.
**
** A String is null where its pointer is NULL. Any field can have flags that say so, in one byte at
** `null_offset`: the field is null where a bit of `null_mask` is set in it, and where one of
** `present_mask` is not; no bit is in both, and both are 0 where there are no flags. So
** {.null_offset = offsetof(order, has_amount), .present_mask = 1} is a field that is there where the
** bool has_amount is true. What is null is not looked at. */
typedef struct evc_record_field {
  evc_text path; /* as calculations write it, e.g. "new.amount", or "new.tags.tier" for a map's member */
  evc_record_kind kind;
  uint32_t offset;
  uint32_t length_offset; /* of EVC_RECORD_STRING and EVC_RECORD_STRING32; texts end before 4 GiB */
  uint32_t null_offset;
  uint8_t null_mask, present_mask;
} evc_record_field;

/* Why a calculation does not go with a record. */
typedef struct evc_misfit {
  evc_status status; /* EVC_OK; EVC_NOT_FOUND: the record lacks a field that the calculation reads;
                     ** EVC_WRONG_KIND: it has it as another kind; EVC_OUT_OF_MEMORY */
  evc_text path;     /* the first such field; lives as long as the calculation */
  evc_type type;     /* of that field, which says what would be right */
} evc_misfit;

/* A calculation bound to a layout of records. Immutable; must be freed before the calculation. */
typedef struct evc_binding evc_binding;

/* Bind. `fields` are those that the record has, in any order; they are only read here. Of a path given
** twice the last counts; what the calculation does not read is not looked at, so one array serves all
** calculations of a program. Each field that the calculation reads must be there, and of a kind that
** fits its type: the first six Numbers, EVC_RECORD_BOOLEAN Booleans, the others Strings; a member of
** a map (EVC_TYPE_DYNAMIC) may be of any kind but Boolean. NULL when one is not, or out of memory;
** `misfit`, when not NULL, says why. Memory comes from the calculation's allocator.
**
**   typedef struct order {
**     double amount;
**     const char *currency;
**     bool has_amount;
**   } order;
**   static const evc_record_field fields[] = {
**       {{"new.amount", 10}, EVC_RECORD_NUMBER, offsetof(order, amount),
**        .null_offset = offsetof(order, has_amount), .present_mask = 1},
**       {{"new.currency", 12}, EVC_RECORD_NUL_TERMINATED, offsetof(order, currency)},
**   };
**   evc_binding *binding = evc_binding_new(calculation, fields, 2, NULL);
**   evc_outcome outcome = evc_evaluate_record(binding, &(order){.currency = "EUR"});
*/
EVC_API evc_binding *evc_binding_new(const evc_calculation *calculation,
                                     const evc_record_field *fields, size_t field_count,
                                     evc_misfit *misfit);

EVC_API void evc_binding_free(evc_binding *binding);

/* Evaluate on one record. Only the members of fields that evaluation comes to are read. The status is
** EVC_OK or EVC_EVALUATION. evc_outcome_report describes it as any other. */
EVC_API evc_outcome evc_evaluate_record(const evc_binding *binding, const void *record);

#ifdef __cplusplus
}
#endif
#endif
