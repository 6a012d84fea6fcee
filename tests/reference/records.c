#include "records.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/base/text.h"

/* Of one member, with its length, its flags and what is between them. */
enum { MOST_BYTES = 3 + 8 + 3 + 8 + 3 + 1, KINDS = EVC_RECORD_NUL_TERMINATED + 1 };

static void *allocate(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) abort();
  return memory;
}

evc_value value_read(const evc_event *event, evc_reference read) {
  evc_value value = evc_event_value(event, read.slot), found = {.kind = EVC_KIND_NULL};
  if (!read.member.data) return value;
  if (value.kind == EVC_KIND_NULL) return found;
  if (value.kind != EVC_KIND_MAP) return (evc_value){.kind = EVC_KIND_ARRAY}; /* fits nowhere */
  for (uint32_t i = 0; i < value.length; i++)
    if (evc_text_equal(value.as.members[i].name, read.member)) found = value.as.members[i].value;
  return found;
}

static bool is_string(evc_record_kind kind) { return kind >= EVC_RECORD_STRING; }

/* Is the number one of those that the C type has? */
static bool holds_number(evc_record_kind kind, double n) {
  bool whole = n >= -1e15 && n <= 1e15 && n == (double)(int64_t)n;
  switch (kind) {
  case EVC_RECORD_NUMBER: return true;
  case EVC_RECORD_FLOAT: return n >= -1e30 && n <= 1e30 && (double)(float)n == n;
  case EVC_RECORD_INT32: return whole && n >= INT32_MIN && n <= INT32_MAX;
  case EVC_RECORD_UINT32: return whole && n >= 0 && n <= UINT32_MAX;
  case EVC_RECORD_INT64: return whole;
  default: return whole && n >= 0;
  }
}

/* Can a member of that kind stand for a field of that type, and hold the value? */
static bool holds(evc_record_kind kind, evc_type type, evc_value value) {
  if (type == EVC_TYPE_BOOLEAN) {
    if (kind != EVC_RECORD_BOOLEAN) return false;
  } else if (kind == EVC_RECORD_BOOLEAN) {
    return false;
  }
  if (type == EVC_TYPE_NUMBER && is_string(kind)) return false;
  if (type == EVC_TYPE_STRING && !is_string(kind)) return false;
  switch ((evc_kind)value.kind) {
  case EVC_KIND_NULL: return true;
  case EVC_KIND_BOOLEAN: return kind == EVC_RECORD_BOOLEAN;
  case EVC_KIND_NUMBER:
    return kind < EVC_RECORD_BOOLEAN && holds_number(kind, value.as.number);
  case EVC_KIND_STRING:
    return is_string(kind) &&
           (kind != EVC_RECORD_NUL_TERMINATED || !memchr(value.as.text, 0, value.length));
  default: return false;
  }
}

/* Where the next member is; what is between them is like what is null. */
static uint32_t place(made_record *r, size_t size, evc_random *random) {
  uint32_t at = (uint32_t)r->size + evc_random_below(random, 4);
  r->size = at + size;
  return at;
}

static void put(made_record *r, uint32_t at, const void *from, size_t size) {
  memcpy(r->bytes + at, from, size);
}

static void put_number(made_record *r, evc_record_kind kind, uint32_t at, double n) {
  float as_float = (float)(kind == EVC_RECORD_FLOAT ? n : 0);
  int64_t whole = kind == EVC_RECORD_NUMBER || kind == EVC_RECORD_FLOAT ? 0 : (int64_t)n;
  int32_t half = (int32_t)(kind == EVC_RECORD_INT32 ? whole : 0);
  uint32_t unsigned_half = (uint32_t)(kind == EVC_RECORD_UINT32 ? whole : 0);
  switch (kind) {
  case EVC_RECORD_NUMBER: put(r, at, &n, sizeof n); break;
  case EVC_RECORD_FLOAT: put(r, at, &as_float, sizeof as_float); break;
  case EVC_RECORD_INT32: put(r, at, &half, sizeof half); break;
  case EVC_RECORD_UINT32: put(r, at, &unsigned_half, sizeof unsigned_half); break;
  default: put(r, at, &whole, sizeof whole); break;
  }
}

static void put_boolean(made_record *r, uint32_t at, bool boolean, evc_random *random) {
  uint8_t byte = (uint8_t)(boolean ? 1 + evc_random_below(random, 255) : 0);
  put(r, at, &byte, sizeof byte);
}

static void put_text(made_record *r, const evc_record_field *f, evc_value value) {
  size_t length = value.length, ends = f->kind == EVC_RECORD_NUL_TERMINATED;
  char *text = allocate(length + ends);
  if (length) memcpy(text, value.as.text, length);
  if (ends) text[length] = 0;
  const char *pointer = text;
  r->texts[r->text_count++] = text;
  put(r, f->offset, &pointer, sizeof pointer);
  if (f->kind == EVC_RECORD_STRING) put(r, f->length_offset, &length, sizeof length);
  if (f->kind == EVC_RECORD_STRING32) put(r, f->length_offset, &value.length, sizeof value.length);
}

static size_t size_of(evc_record_kind kind) {
  switch (kind) {
  case EVC_RECORD_BOOLEAN: return 1;
  case EVC_RECORD_FLOAT:
  case EVC_RECORD_INT32:
  case EVC_RECORD_UINT32: return 4;
  default: return 8;
  }
}

/* A byte of flags that says whether the field is null. */
static void add_flags(made_record *r, evc_record_field *f, bool null, evc_random *random) {
  uint8_t noise = (uint8_t)evc_random_next(random), bit = (uint8_t)(1 << evc_random_below(random, 8));
  bool by_presence = evc_random_chance(random, 1, 2);
  f->null_offset = place(r, 1, random);
  *(by_presence ? &f->present_mask : &f->null_mask) = bit;
  bool set = by_presence ? !null : null;
  r->bytes[f->null_offset] = (uint8_t)(set ? noise | bit : noise & ~bit);
}

static bool add_field(made_record *r, const evc_calculation *c, evc_reference read,
                      const evc_event *event, evc_random *random) {
  evc_value value = value_read(event, read);
  evc_type type = evc_event_type_field(evc_calculation_type(c), read.slot)->type;
  if (read.member.data) type = EVC_TYPE_DYNAMIC;
  evc_record_kind kind = (evc_record_kind)evc_random_below(random, KINDS);
  for (unsigned i = 0; !holds(kind, type, value); i++) {
    if (i == KINDS) return false;
    kind = (evc_record_kind)((kind + 1) % KINDS);
  }
  bool null = value.kind == EVC_KIND_NULL;
  bool by_pointer = null && is_string(kind) && evc_random_chance(random, 1, 2);
  evc_record_field *f = &r->fields[r->count++];
  *f = (evc_record_field){.path = read.path, .kind = kind, .offset = place(r, size_of(kind), random)};
  if (kind == EVC_RECORD_STRING || kind == EVC_RECORD_STRING32)
    f->length_offset = place(r, sizeof(size_t), random);
  if ((null && !by_pointer) || evc_random_chance(random, 1, 3))
    add_flags(r, f, null && !by_pointer, random);
  const char *none = NULL;
  if (by_pointer) put(r, f->offset, &none, sizeof none);
  if (value.kind == EVC_KIND_NUMBER) put_number(r, kind, f->offset, value.as.number);
  if (value.kind == EVC_KIND_BOOLEAN) put_boolean(r, f->offset, value.as.boolean, random);
  if (value.kind == EVC_KIND_STRING) put_text(r, f, value);
  return true;
}

/* What binding must pass over: a field that is not read, one that another stands behind. */
static void add_decoys(made_record *r, const evc_calculation *c, evc_random *random) {
  if (evc_random_chance(random, 1, 2))
    r->fields[r->count++] = (evc_record_field){.path = {"no.such", 7}, .offset = UINT32_MAX};
  if (evc_calculation_reference_count(c) > 0 && evc_random_chance(random, 1, 2))
    r->fields[r->count++] = (evc_record_field){
        .path = evc_calculation_reference(c, 0).path, .kind = EVC_RECORD_INT32, .offset = UINT32_MAX};
}

bool made_record_of(made_record *r, const evc_calculation *c, const evc_event *event,
                    evc_random *random) {
  size_t reads = evc_calculation_reference_count(c), room = (reads + 1) * MOST_BYTES;
  *r = (made_record){.fields = allocate((reads + 2) * sizeof *r->fields),
                     .texts = allocate(reads * sizeof *r->texts)};
  r->bytes = allocate(room);
  memset(r->bytes, 0xA5, room);
  add_decoys(r, c, random);
  bool backwards = evc_random_chance(random, 1, 2);
  for (size_t i = 0; i < reads; i++) {
    evc_reference read = evc_calculation_reference(c, backwards ? reads - 1 - i : i);
    if (!add_field(r, c, read, event, random)) return false;
  }
  unsigned char *exact = allocate(r->size);
  if (r->size) memcpy(exact, r->bytes, r->size);
  free(r->bytes);
  r->bytes = exact;
  return true;
}

void made_record_free(made_record *r) {
  for (size_t i = 0; i < r->text_count; i++) free(r->texts[i]);
  free(r->texts);
  free(r->bytes);
  free(r->fields);
}
