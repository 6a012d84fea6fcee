/* Reading the members of a caller's record. */
#ifndef EVC_PROGRAM_RECORD_H
#define EVC_PROGRAM_RECORD_H

#include <string.h>

#include "../value/value.h"
#include "evcalc/record.h"

/* The kinds that hold Numbers and those that hold Strings with a length, each with the C type of what
** is read:  NUMBER(kind, type) and TEXT(kind, type of the length). */
#define EVC_RECORD_NUMBERS(NUMBER)                                                                 \
  NUMBER(NUMBER, double)                                                                           \
  NUMBER(FLOAT, float)                                                                             \
  NUMBER(INT32, int32_t)                                                                           \
  NUMBER(UINT32, uint32_t)                                                                         \
  NUMBER(INT64, int64_t)                                                                           \
  NUMBER(UINT64, uint64_t)
#define EVC_RECORD_TEXTS(TEXT)                                                                     \
  TEXT(STRING, size_t)                                                                             \
  TEXT(STRING32, uint32_t)

/* Members need not be aligned. */
static inline const char *evc_record_at(const void *record, uint32_t offset) {
  return (const char *)record + offset;
}

#define NUMBER(kind, type)                                                                         \
  static inline double evc_record_##kind(const void *record, uint32_t offset) {                    \
    type number;                                                                                   \
    memcpy(&number, evc_record_at(record, offset), sizeof number);                                 \
    return (double)number;                                                                         \
  }
EVC_RECORD_NUMBERS(NUMBER)
#undef NUMBER

#define TEXT(kind, type)                                                                           \
  static inline size_t evc_record_length_##kind(const void *record, uint32_t offset) {             \
    type length;                                                                                   \
    memcpy(&length, evc_record_at(record, offset), sizeof length);                                 \
    return length;                                                                                 \
  }
EVC_RECORD_TEXTS(TEXT)
#undef TEXT

static inline bool evc_record_boolean(const void *record, uint32_t offset) {
  return *evc_record_at(record, offset) != 0;
}

static inline const char *evc_record_text(const void *record, uint32_t offset) {
  const char *text;
  memcpy(&text, evc_record_at(record, offset), sizeof text);
  return text;
}

/* Does one of `bits` say that the field is null? Those of `present`, which are among them, do where
** they are not set. */
static inline bool evc_record_is_null(const void *record, uint32_t offset, uint8_t bits,
                                      uint8_t present) {
  return ((uint8_t)*evc_record_at(record, offset) ^ present) & bits;
}

/* The field's value. */
static inline evc_value evc_record_value(const evc_record_field *field, const void *record) {
  uint8_t flags = field->null_mask | field->present_mask;
  if (flags && evc_record_is_null(record, field->null_offset, flags, field->present_mask))
    return evc_value_null();
  size_t length;
  switch (field->kind) {
#define NUMBER(kind, type)                                                                         \
  case EVC_RECORD_##kind: return evc_value_number(evc_record_##kind(record, field->offset));
    EVC_RECORD_NUMBERS(NUMBER)
#undef NUMBER
  case EVC_RECORD_BOOLEAN: return evc_value_boolean(evc_record_boolean(record, field->offset));
#define TEXT(kind, type)                                                                           \
  case EVC_RECORD_##kind: length = evc_record_length_##kind(record, field->length_offset); break;
    EVC_RECORD_TEXTS(TEXT)
#undef TEXT
  default: length = EVC_NUL_TERMINATED; break;
  }
  const char *text = evc_record_text(record, field->offset);
  if (!text) return evc_value_null();
  if (length == EVC_NUL_TERMINATED) length = strlen(text);
  return (evc_value){.as.text = text, .length = (uint32_t)length, .kind = EVC_KIND_STRING};
}

#endif
