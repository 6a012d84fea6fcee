/* The values of one event, in the slots of its Event type.
**
** An event is made once for an Event type, then filled, evaluated and cleared as often as needed
** without further allocation. It belongs to one thread at a time and must be freed before its
** schema. Every slot starts as null; absent and null are the same (inferred).
*/
#ifndef EVCALC_EVENT_H
#define EVCALC_EVENT_H

#include "evcalc/base.h"
#include "evcalc/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a value is. EVC_KIND_NULL is 0, so zeroed memory is null. */
typedef enum evc_kind {
  EVC_KIND_NULL = 0,
  EVC_KIND_NUMBER,
  EVC_KIND_STRING,
  EVC_KIND_BOOLEAN,
  EVC_KIND_MAP,
  EVC_KIND_ARRAY,
  EVC_KIND_OVERFLOW, /* a JSON number too large for binary64: an error for whoever reads it */
  EVC_KIND_END
} evc_kind;

struct evc_member;

/* One value. Text and members are borrowed: they must outlive every use of the value. */
typedef struct evc_value {
  union {
    double number;
    const char *text; /* UTF-8, `length` bytes, not NULL */
    bool boolean;
    const struct evc_member *members; /* `length` of them */
  } as;
  uint32_t length;
  uint8_t kind; /* an evc_kind */
} evc_value;

/* A member of a map value. Only Number, String, Boolean and null members can be read; give any other
** its kind (EVC_KIND_MAP, EVC_KIND_ARRAY) with length 0. Numbers must be finite. */
typedef struct evc_member {
  evc_text name;
  evc_value value;
} evc_member;

typedef struct evc_event evc_event;

/* An event of that type with every value null; NULL when out of memory. */
EVC_API evc_event *evc_event_new(const evc_event_type *type, const evc_allocator *allocator);
EVC_API void evc_event_free(evc_event *event);
EVC_API const evc_event_type *evc_event_type_of(const evc_event *event);

/* Every value null again; memory is kept. */
EVC_API void evc_event_clear(evc_event *event);

/* Set a slot. `slot` comes from evc_event_type_slot; a slot the type does not have is EVC_NOT_FOUND.
** Nothing is converted and the kind need not fit the field: as with a real event, a value of the
** wrong kind is an evaluation error for the calculation that reads it. A number that is not finite
** is kept as EVC_KIND_OVERFLOW, a text of 4 GiB or more is refused with EVC_LIMIT. Text and members are borrowed until the event is cleared or the slot
** is set again.
**
**   evc_event_set_number(event, evc_event_type_slot(type, "new.amount", EVC_NUL_TERMINATED), 12.5);
*/
EVC_API evc_status evc_event_set_null(evc_event *event, size_t slot);
EVC_API evc_status evc_event_set_number(evc_event *event, size_t slot, double number);
EVC_API evc_status evc_event_set_boolean(evc_event *event, size_t slot, bool boolean);
EVC_API evc_status evc_event_set_string(evc_event *event, size_t slot, const char *text,
                                        size_t length);
EVC_API evc_status evc_event_set_value(evc_event *event, size_t slot, evc_value value);

/* The value in a slot; null for a slot the type does not have. */
EVC_API evc_value evc_event_value(const evc_event *event, size_t slot);

/* All slots as one array of evc_event_type_field_count values, for filling without a call a value.
** Numbers written there must be finite, and texts not NULL. What a value's kind does not use need not
** be written: 5 % less for five fields and their evaluation than writing whole values. Lives as long
** as the event.
**
**   evc_value *amount = &evc_event_values(event)[slot];
**   amount->as.number = 12.5;
**   amount->kind = EVC_KIND_NUMBER; */
EVC_API evc_value *evc_event_values(evc_event *event);

/* "null", "number", "string", "boolean", "object", "array", "number out of range": JSON's words,
** static. */
EVC_API const char *evc_kind_name(evc_kind kind);

#ifdef __cplusplus
}
#endif
#endif
