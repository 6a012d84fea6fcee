/* Notification configurations, one after the other. */
#include "notifications.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "document.h"
#include "grammar.h"
#include "read.h"
#include "tell.h"
#include "terraform.h"

typedef enum reader_mode { START, ELEMENTS, RESOURCES, DONE } reader_mode;

/* The first value of a configuration that is of the wrong kind. */
typedef struct wrong_value {
  const char *what, *expected; /* NULL: there is none */
  evc_kind kind;
} wrong_value;

struct evc_notification_reader {
  evc_allocator allocator;
  evc_text whole;
  evc_document *document;
  evc_arena store;
  reader_mode mode;
  evc_json_walk elements;
  evc_terraform terraform;
  bool plan; /* what is absent from a resource is not known yet */
  wrong_value wrong;
};

enum { KEY_NAME, KEY_CODE, KEY_EVENT_NAME, KEY_CALCULATION, KEY_ALWAYS_FIRE, MEMBER_COUNT };

/* The members of a configuration, and those of a file that say what it is. */
enum { KEY_DATA = MEMBER_COUNT, KEY_FORMAT_VERSION, KEY_PLANNED_VALUES, KEY_COUNT };
static const evc_text key_names[KEY_COUNT] = {
    [KEY_NAME] = {"name", 4},
    [KEY_CODE] = {"code", 4},
    [KEY_EVENT_NAME] = {"eventName", 9},
    [KEY_CALCULATION] = {"calculation", 11},
    [KEY_ALWAYS_FIRE] = {"alwaysFireEvent", 15},
    [KEY_DATA] = {"data", 4},
    [KEY_FORMAT_VERSION] = {"format_version", 14},
    [KEY_PLANNED_VALUES] = {"planned_values", 14},
};

/* The same members among a Terraform resource's values. */
static const evc_text attribute_names[MEMBER_COUNT] = {
    [KEY_NAME] = {"name", 4},
    [KEY_CODE] = {"code", 4},
    [KEY_EVENT_NAME] = {"event_name", 10},
    [KEY_CALCULATION] = {"calculation", 11},
    [KEY_ALWAYS_FIRE] = {"always_fire_event", 17},
};

enum { RESOURCE_ADDRESS, RESOURCE_MODE, RESOURCE_TYPE, RESOURCE_VALUES, RESOURCE_COUNT };
static const evc_text resource_names[RESOURCE_COUNT] = {
    [RESOURCE_ADDRESS] = {"address", 7},
    [RESOURCE_MODE] = {"mode", 4},
    [RESOURCE_TYPE] = {"type", 4},
    [RESOURCE_VALUES] = {"values", 6},
};

static evc_json_keys keys_of(const evc_text *names, uint32_t count) {
  evc_json_keys keys = {.names = names, .count = count};
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
  evc_terraform_init(&reader->terraform, reader->document, &a);
  if (reader->document) return reader;
  evc_notification_reader_free(reader);
  return NULL;
}

void evc_notification_reader_free(evc_notification_reader *reader) {
  if (!reader) return;
  evc_terraform_free(&reader->terraform);
  evc_document_free(reader->document);
  evc_arena_free(&reader->store);
  evc_allocator allocator = reader->allocator;
  evc_release(&allocator, reader, sizeof *reader);
}

static evc_status tell(evc_notification_reader *reader, const evc_teller *teller,
                       evc_status status) {
  reader->mode = DONE;
  return evc_tell_status(teller, status, reader->whole);
}

/* ---- Values --------------------------------------------------------------------------------- */

/* Where a value is: a scalar as a whole, of an object or an array the opening bracket. */
static evc_json_span span_of(const evc_notification_reader *reader, const evc_json_value *value) {
  size_t start = evc_json_offset(reader->document, value), end = start + 1;
  const char *text = reader->whole.data;
  size_t length = reader->whole.length;
  if (text[start] == '"') {
    while (end < length && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (end < length) end++;
  } else if (text[start] != '{' && text[start] != '[') {
    while (end < length && !strchr(",]} \t\r\n", text[end])) end++;
  }
  return (evc_json_span){start, end < length ? end : length};
}

/* The reader goes on behind a value of the wrong kind, so that all else is known of what is
** refused. */
static evc_status note_wrong(evc_notification_reader *reader, const evc_json_value *value,
                             const char *what, const char *expected, evc_notification *n) {
  if (reader->wrong.what) return EVC_OK;
  reader->wrong = (wrong_value){what, expected, evc_json_kind(value)};
  n->wrong_at = span_of(reader, value);
  return EVC_OK;
}

static evc_status tell_wrong(const evc_notification_reader *reader, const evc_teller *teller) {
  const wrong_value *wrong = &reader->wrong;
  if (!wrong->what) return EVC_OK;
  return evc_tell_shape(teller, EVC_NO_PLACE, wrong->what, (evc_text){NULL, 0}, wrong->kind,
                        wrong->expected);
}

/* A text that may be null. */
static evc_status read_text(evc_notification_reader *reader, const evc_json_value *value,
                            const char *what, evc_notification *n, evc_text *text) {
  evc_kind kind = evc_json_kind(value);
  *text = (evc_text){NULL, 0};
  if (kind == EVC_KIND_NULL) return EVC_OK;
  if (kind != EVC_KIND_STRING) return note_wrong(reader, value, what, "a string", n);
  return evc_json_copy_value(&reader->store, value, text);
}

static evc_status read_calculation(evc_notification_reader *reader, const evc_json_value *value,
                                   evc_notification *n) {
  n->calculation_kind = evc_json_kind(value);
  n->calculation_at = span_of(reader, value);
  n->calculation = n->written = (evc_text){NULL, 0};
  if (n->calculation_kind != EVC_KIND_STRING) return EVC_OK;
  evc_text inside;
  evc_status status = evc_json_read_string(value, &inside);
  if (status == EVC_OK) status = evc_json_copy(&reader->store, inside, &n->calculation);
  n->written = (evc_text){reader->whole.data + n->calculation_at.start + 1, inside.length};
  return status;
}

static evc_status read_always_fire(evc_notification_reader *reader, const evc_json_value *value,
                                   const char *what, evc_notification *n) {
  n->always_fire = false;
  evc_kind kind = evc_json_kind(value);
  if (kind == EVC_KIND_NULL) return EVC_OK;
  if (kind != EVC_KIND_BOOLEAN) return note_wrong(reader, value, what, "true or false", n);
  return evc_json_read_boolean(value, &n->always_fire);
}

/* ---- Configurations ------------------------------------------------------------------------- */

/* A configuration that starts at `start` and holds nothing yet. */
static void begin_notification(evc_notification_reader *reader, evc_notification *n,
                               size_t start) {
  evc_json_span at = {start, start + 1};
  *n = (evc_notification){.at = at, .event_name_at = at, .calculation_at = at, .wrong_at = at};
  reader->wrong = (wrong_value){NULL, NULL, EVC_KIND_NULL};
  evc_arena_reset(&reader->store);
}

static evc_status read_member(evc_notification_reader *reader, const evc_text *names,
                              const evc_json_item *item, evc_notification *n) {
  const evc_json_value *value = &item->value;
  const char *what = names[item->which].data;
  switch (item->which) {
  case KEY_NAME: return read_text(reader, value, what, n, &n->name);
  case KEY_CODE: return read_text(reader, value, what, n, &n->code);
  case KEY_EVENT_NAME:
    n->event_name_at = span_of(reader, value);
    return read_text(reader, value, what, n, &n->event_name);
  case KEY_CALCULATION: return read_calculation(reader, value, n);
  case KEY_ALWAYS_FIRE: return read_always_fire(reader, value, what, n);
  default: return EVC_OK;
  }
}

/* Read the members of a configuration to its end, by the names they have there. */
static evc_status read_members(evc_notification_reader *reader, const evc_text *names,
                               evc_json_walk *walk, evc_notification *n) {
  evc_json_keys keys = keys_of(names, MEMBER_COUNT);
  evc_json_item item;
  evc_status status;
  while ((status = evc_json_next(walk, &keys, &item)) == EVC_OK) {
    status = read_member(reader, names, &item, n);
    if (status != EVC_OK) return status;
  }
  return status == EVC_END ? EVC_OK : status;
}

static evc_status read_notification(evc_notification_reader *reader, const evc_teller *teller,
                                    evc_json_walk *walk, evc_notification *n) {
  evc_status status = read_members(reader, key_names, walk, n);
  return status == EVC_OK ? tell_wrong(reader, teller) : tell(reader, teller, status);
}

static evc_status next_element(evc_notification_reader *reader, const evc_teller *teller,
                               evc_notification *n) {
  evc_json_item item;
  evc_json_walk walk;
  evc_status status = evc_json_next(&reader->elements, NULL, &item);
  if (status == EVC_END) reader->mode = DONE;
  if (status != EVC_OK) return status == EVC_END ? EVC_END : tell(reader, teller, status);
  begin_notification(reader, n, evc_json_offset(reader->document, &item.value));
  if (evc_json_kind(&item.value) != EVC_KIND_MAP) {
    note_wrong(reader, &item.value, "a notification", "an object", n);
    return tell_wrong(reader, teller);
  }
  status = evc_json_walk_value(reader->document, &item.value, &walk);
  if (status != EVC_OK) return tell(reader, teller, status);
  return read_notification(reader, teller, &walk, n);
}

/* ---- Terraform ------------------------------------------------------------------------------ */

/* What is known of a resource while its members are read, in any order. */
typedef struct resource_head {
  evc_text address, mode, type;
} resource_head;

static evc_status read_head(evc_notification_reader *reader, const evc_json_value *value,
                            evc_text *text) {
  if (evc_json_kind(value) != EVC_KIND_STRING) return EVC_OK;
  return evc_json_copy_value(&reader->store, value, text);
}

static evc_status read_values(evc_notification_reader *reader, const evc_json_value *value,
                              evc_notification *n) {
  evc_json_walk walk;
  if (evc_json_kind(value) != EVC_KIND_MAP) return EVC_OK;
  evc_status status = evc_json_walk_value(reader->document, value, &walk);
  if (status != EVC_OK) return status;
  return read_members(reader, attribute_names, &walk, n);
}

static evc_status read_resource(evc_notification_reader *reader, evc_json_walk *walk,
                                evc_notification *n, resource_head *head) {
  evc_json_keys keys = keys_of(resource_names, RESOURCE_COUNT);
  evc_json_item item;
  evc_status status;
  while ((status = evc_json_next(walk, &keys, &item)) == EVC_OK) {
    switch (item.which) {
    case RESOURCE_ADDRESS: status = read_head(reader, &item.value, &head->address); break;
    case RESOURCE_MODE: status = read_head(reader, &item.value, &head->mode); break;
    case RESOURCE_TYPE: status = read_head(reader, &item.value, &head->type); break;
    default: status = read_values(reader, &item.value, n);
    }
    if (status != EVC_OK) return status;
  }
  return status == EVC_END ? EVC_OK : status;
}

/* The next resource that is a configuration and not merely read from one (a data source). */
static evc_status next_resource(evc_notification_reader *reader, const evc_teller *teller,
                                evc_notification *n) {
  for (;;) {
    evc_json_walk walk;
    size_t start;
    resource_head head = {.type = {NULL, 0}};
    evc_status status = evc_terraform_next(&reader->terraform, &walk, &start);
    if (status == EVC_END) {
      reader->mode = DONE;
      return EVC_END;
    }
    if (status == EVC_OK) {
      begin_notification(reader, n, start);
      status = read_resource(reader, &walk, n, &head);
    }
    if (status != EVC_OK) return tell(reader, teller, status);
    if (!head.type.data || !evc_text_is(head.type, "m3ter_notification_configuration")) continue;
    if (head.mode.data && evc_text_is(head.mode, "data")) continue;
    n->terraform = true;
    n->name = head.address;
    n->unknown = reader->plan && (n->event_name_at.start == n->at.start ||
                                  (n->calculation_at.start == n->at.start && !n->always_fire));
    return tell_wrong(reader, teller);
  }
}

/* ---- Files ---------------------------------------------------------------------------------- */

/* What the root object says of itself. */
typedef struct root_shape {
  bool configuration;   /* it is one itself */
  bool terraform, plan; /* it is Terraform's */
  size_t list;          /* the members "data" up to the last, when that is an array */
} root_shape;

static evc_status find_shape(evc_notification_reader *reader, root_shape *shape) {
  evc_json_keys keys = keys_of(key_names, KEY_COUNT);
  evc_json_walk walk;
  evc_json_item item;
  size_t data = 0;
  *shape = (root_shape){.list = 0};
  evc_status status = evc_document_walk(reader->document, &walk);
  while (status == EVC_OK && (status = evc_json_next(&walk, &keys, &item)) == EVC_OK) {
    switch (item.which) {
    case KEY_EVENT_NAME:
    case KEY_CALCULATION: shape->configuration = true; break;
    case KEY_PLANNED_VALUES: shape->plan = true; break;
    case KEY_FORMAT_VERSION: shape->terraform = true; break;
    case KEY_DATA:
      data++;
      shape->list = evc_json_kind(&item.value) == EVC_KIND_ARRAY ? data : 0;
      break;
    default: break;
    }
  }
  if (shape->plan) shape->terraform = true;
  return status == EVC_END ? EVC_OK : status;
}

/* Go to the elements of the count-th member "data". */
static evc_status enter_list(evc_notification_reader *reader, size_t count) {
  evc_json_keys keys = keys_of(&key_names[KEY_DATA], 1);
  evc_json_walk walk;
  evc_json_item item;
  evc_status status = evc_document_walk(reader->document, &walk);
  for (size_t i = 0; i < count && status == EVC_OK; i++)
    status = evc_json_next(&walk, &keys, &item);
  if (status != EVC_OK) return status;
  return evc_json_walk_value(reader->document, &item.value, &reader->elements);
}

static evc_status begin_array(evc_notification_reader *reader, const evc_teller *teller,
                              evc_status status, evc_notification *n) {
  if (status != EVC_OK) return tell(reader, teller, status);
  reader->mode = ELEMENTS;
  return next_element(reader, teller, n);
}

static evc_status begin_object(evc_notification_reader *reader, const evc_teller *teller,
                               evc_notification *n) {
  root_shape shape;
  evc_status status = find_shape(reader, &shape);
  if (status == EVC_OK && !shape.configuration && shape.terraform) {
    reader->plan = shape.plan;
    status = evc_terraform_enter(&reader->terraform, shape.plan);
    if (status != EVC_OK) return tell(reader, teller, status);
    reader->mode = RESOURCES;
    return next_resource(reader, teller, n);
  }
  if (status == EVC_OK && !shape.configuration && shape.list > 0)
    return begin_array(reader, teller, enter_list(reader, shape.list), n);
  evc_json_walk walk;
  if (status == EVC_OK) status = evc_document_walk(reader->document, &walk);
  if (status != EVC_OK) return tell(reader, teller, status);
  size_t start = 0;
  while (start < reader->whole.length && reader->whole.data[start] != '{') start++;
  begin_notification(reader, n, start);
  return read_notification(reader, teller, &walk, n);
}

static evc_status begin(evc_notification_reader *reader, const evc_teller *teller,
                        evc_notification *n) {
  size_t at;
  reader->mode = DONE;
  if (evc_json_check(reader->whole, &at) != EVC_JSON_SOUND)
    return tell(reader, teller, EVC_INVALID);
  evc_status status = evc_document_open(reader->document, reader->whole);
  if (status == EVC_WRONG_KIND) {
    evc_text args[] = {{EVC_LITERAL("this is no notification")},
                       {EVC_LITERAL("an object, an array or {\"data\": […]}")}};
    return evc_tell_message(teller, 0, EVC_MSG_JSON_SHAPE, args, 2);
  }
  if (status != EVC_OK) return tell(reader, teller, status);
  if (!evc_document_is_array(reader->document)) return begin_object(reader, teller, n);
  return begin_array(reader, teller, evc_document_walk(reader->document, &reader->elements), n);
}

evc_status evc_notification_reader_next(evc_notification_reader *reader, evc_notification *n,
                                        evc_report **report) {
  evc_teller teller = evc_teller_of(&reader->allocator, reader->whole, report);
  begin_notification(reader, n, 0);
  switch (reader->mode) {
  case START: return begin(reader, &teller, n);
  case ELEMENTS: return next_element(reader, &teller, n);
  case RESOURCES: return next_resource(reader, &teller, n);
  default: return EVC_END;
  }
}

size_t evc_notification_offset(const evc_notification *n, size_t offset) {
  return n->calculation_at.start + 1 + evc_json_undecode(n->written, offset);
}
