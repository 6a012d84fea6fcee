/* Notification configurations, one after the other. */
#include "notifications.h"

#include "../base/memory.h"
#include "../base/text.h"
#include "document.h"
#include "grammar.h"
#include "read.h"
#include "tell.h"

typedef enum reader_mode { START, ELEMENTS, DONE } reader_mode;

struct evc_notification_reader {
  evc_allocator allocator;
  evc_text whole;
  evc_document *document;
  evc_arena store;
  reader_mode mode;
  evc_json_walk elements;
};

enum { KEY_NAME, KEY_CODE, KEY_EVENT_NAME, KEY_CALCULATION, KEY_ALWAYS_FIRE, KEY_DATA, KEY_COUNT };
static const evc_text key_names[KEY_COUNT] = {
    [KEY_NAME] = {"name", 4},
    [KEY_CODE] = {"code", 4},
    [KEY_EVENT_NAME] = {"eventName", 9},
    [KEY_CALCULATION] = {"calculation", 11},
    [KEY_ALWAYS_FIRE] = {"alwaysFireEvent", 15},
    [KEY_DATA] = {"data", 4},
};

static evc_json_keys all_keys(void) {
  evc_json_keys keys = {.names = key_names, .count = KEY_COUNT};
  evc_json_keys_measure(&keys);
  return keys;
}

evc_notification_reader *evc_notification_reader_new(const char *json, size_t length,
                                                     const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_notification_reader *reader = evc_allocate(&a, sizeof *reader);
  if (!reader) return NULL;
  evc_text whole = {json ? json : "", evc_length_of(json, length)};
  *reader = (evc_notification_reader){.allocator = a, .whole = whole, .mode = START};
  evc_arena_init(&reader->store, &a, NULL, 0);
  reader->document = evc_document_new(&a);
  if (reader->document) return reader;
  evc_notification_reader_free(reader);
  return NULL;
}

void evc_notification_reader_free(evc_notification_reader *reader) {
  if (!reader) return;
  evc_document_free(reader->document);
  evc_arena_free(&reader->store);
  evc_allocator allocator = reader->allocator;
  evc_release(&allocator, reader, sizeof *reader);
}

static evc_status tell(const evc_notification_reader *reader, const evc_teller *teller,
                       evc_status status) {
  return evc_tell_status(teller, status, reader->whole);
}

static evc_status tell_shape(const evc_notification_reader *reader, const evc_teller *teller,
                             const evc_json_value *value, const char *what,
                             const char *expected) {
  size_t offset = evc_json_offset(reader->document, value);
  return evc_tell_shape(teller, offset, what, (evc_text){NULL, 0}, evc_json_kind(value), expected);
}

/* A text that may be null. */
static evc_status read_text(evc_notification_reader *reader, const evc_teller *teller,
                            const evc_json_value *value, const char *what, evc_text *text) {
  evc_kind kind = evc_json_kind(value);
  *text = (evc_text){NULL, 0};
  if (kind == EVC_KIND_NULL) return EVC_OK;
  if (kind != EVC_KIND_STRING) return tell_shape(reader, teller, value, what, "a string");
  evc_status status = evc_json_copy_value(&reader->store, reader->document, value, text);
  return status == EVC_OK ? EVC_OK : tell(reader, teller, status);
}

static evc_status read_calculation(evc_notification_reader *reader, const evc_teller *teller,
                                   const evc_json_value *value, evc_notification *n) {
  n->calculation_kind = evc_json_kind(value);
  n->calculation_start = evc_json_offset(reader->document, value);
  n->calculation = n->written = (evc_text){NULL, 0};
  if (n->calculation_kind != EVC_KIND_STRING) return EVC_OK;
  evc_text inside;
  evc_status status = evc_json_read_string(reader->document, value, &inside);
  if (status == EVC_OK) status = evc_json_copy(&reader->store, inside, &n->calculation);
  if (status != EVC_OK) return tell(reader, teller, status);
  n->written = (evc_text){reader->whole.data + n->calculation_start + 1, inside.length};
  return EVC_OK;
}

static evc_status read_always_fire(evc_notification_reader *reader, const evc_teller *teller,
                                   const evc_json_value *value, evc_notification *n) {
  n->always_fire = false;
  evc_kind kind = evc_json_kind(value);
  if (kind == EVC_KIND_NULL) return EVC_OK;
  if (kind != EVC_KIND_BOOLEAN)
    return tell_shape(reader, teller, value, "alwaysFireEvent", "true or false");
  evc_status status = evc_json_read_boolean(value, &n->always_fire);
  return status == EVC_OK ? EVC_OK : tell(reader, teller, status);
}

static evc_status read_member(evc_notification_reader *reader, const evc_teller *teller,
                              const evc_json_item *item, evc_notification *n) {
  const evc_json_value *value = &item->value;
  switch (item->which) {
  case KEY_NAME: return read_text(reader, teller, value, "name", &n->name);
  case KEY_CODE: return read_text(reader, teller, value, "code", &n->code);
  case KEY_EVENT_NAME: return read_text(reader, teller, value, "eventName", &n->event_name);
  case KEY_CALCULATION: return read_calculation(reader, teller, value, n);
  case KEY_ALWAYS_FIRE: return read_always_fire(reader, teller, value, n);
  default: return EVC_OK;
  }
}

/* Read a configuration to its end. The members behind a wrong one are passed over, so that the walk
** around it can go on. */
static evc_status read_notification(evc_notification_reader *reader, const evc_teller *teller,
                                    evc_json_walk *walk, evc_notification *n) {
  evc_json_keys keys = all_keys();
  evc_json_item item;
  evc_status next;
  while ((next = evc_json_next(walk, &keys, &item)) == EVC_OK) {
    evc_status status = read_member(reader, teller, &item, n);
    if (status != EVC_OK) return status;
  }
  return next == EVC_END ? EVC_OK : tell(reader, teller, next);
}

static evc_status next_element(evc_notification_reader *reader, const evc_teller *teller,
                               evc_notification *n) {
  evc_json_item item;
  evc_json_walk walk;
  evc_status status = evc_json_next(&reader->elements, NULL, &item);
  if (status == EVC_END) reader->mode = DONE;
  if (status != EVC_OK) return status == EVC_END ? EVC_END : tell(reader, teller, status);
  n->start = evc_json_offset(reader->document, &item.value);
  if (evc_json_kind(&item.value) != EVC_KIND_MAP)
    return tell_shape(reader, teller, &item.value, "a notification", "an object");
  status = evc_json_walk_value(reader->document, &item.value, &walk);
  if (status != EVC_OK) return tell(reader, teller, status);
  return read_notification(reader, teller, &walk, n);
}

/* Does the root hold configurations in "data"? It does when that is an array and nothing in it says
** that it is a configuration itself. *count is then the number of members "data" up to the last. */
static evc_status find_list(evc_notification_reader *reader, size_t *count) {
  evc_json_keys keys = all_keys();
  evc_json_walk walk;
  evc_json_item item;
  bool configuration = false;
  size_t data = 0;
  *count = 0;
  evc_status status = evc_document_walk(reader->document, &walk);
  while (status == EVC_OK && (status = evc_json_next(&walk, &keys, &item)) == EVC_OK) {
    if (item.which == KEY_EVENT_NAME || item.which == KEY_CALCULATION) configuration = true;
    if (item.which != KEY_DATA) continue;
    data++;
    *count = evc_json_kind(&item.value) == EVC_KIND_ARRAY ? data : 0;
  }
  if (configuration) *count = 0;
  return status == EVC_END ? EVC_OK : status;
}

/* Go to the elements of the count-th member "data". */
static evc_status enter_list(evc_notification_reader *reader, size_t count) {
  evc_json_keys keys = {.names = &key_names[KEY_DATA], .count = 1};
  evc_json_keys_measure(&keys);
  evc_json_walk walk;
  evc_json_item item;
  evc_status status = evc_document_walk(reader->document, &walk);
  for (size_t i = 0; i < count && status == EVC_OK; i++)
    status = evc_json_next(&walk, &keys, &item);
  if (status != EVC_OK) return status;
  return evc_json_walk_value(reader->document, &item.value, &reader->elements);
}

static evc_status begin(evc_notification_reader *reader, const evc_teller *teller,
                        evc_notification *n) {
  size_t at, lists = 0;
  reader->mode = DONE;
  if (evc_json_check(reader->whole, &at) != EVC_JSON_SOUND)
    return tell(reader, teller, EVC_INVALID);
  evc_status status = evc_document_open(reader->document, reader->whole);
  if (status == EVC_WRONG_KIND) {
    evc_text args[] = {{EVC_LITERAL("this is no notification")},
                       {EVC_LITERAL("an object, an array or {\"data\": […]}")}};
    return evc_tell_message(teller, 0, EVC_MSG_JSON_SHAPE, args, 2);
  }
  if (status == EVC_OK && evc_document_is_array(reader->document)) {
    status = evc_document_walk(reader->document, &reader->elements);
    if (status != EVC_OK) return tell(reader, teller, status);
    reader->mode = ELEMENTS;
    return next_element(reader, teller, n);
  }
  if (status == EVC_OK) status = find_list(reader, &lists);
  if (status == EVC_OK && lists > 0) {
    status = enter_list(reader, lists);
    if (status != EVC_OK) return tell(reader, teller, status);
    reader->mode = ELEMENTS;
    return next_element(reader, teller, n);
  }
  evc_json_walk walk;
  if (status == EVC_OK) status = evc_document_walk(reader->document, &walk);
  if (status != EVC_OK) return tell(reader, teller, status);
  while (n->start < reader->whole.length && reader->whole.data[n->start] != '{') n->start++;
  return read_notification(reader, teller, &walk, n);
}

evc_status evc_notification_reader_next(evc_notification_reader *reader, evc_notification *n,
                                        evc_report **report) {
  evc_teller teller = evc_teller_of(&reader->allocator, reader->whole, report);
  evc_arena_reset(&reader->store);
  *n = (evc_notification){.always_fire = false};
  switch (reader->mode) {
  case START: return begin(reader, &teller, n);
  case ELEMENTS: return next_element(reader, &teller, n);
  default: return EVC_END;
  }
}

size_t evc_notification_offset(const evc_notification *n, size_t offset) {
  return n->calculation_start + 1 + evc_json_undecode(n->written, offset);
}
