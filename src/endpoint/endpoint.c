/* The Evaluate Calculation endpoint: reading a request, finding what it speaks of, answering.
**
** One endpoint answers one request after the other in the same memory: the texts of a request and
** its answer are in arenas that keep their blocks, and there is one event a type, filled anew each
** time.
*/
#include "evcalc/endpoint.h"

#include <string.h>

#include "../base/map.h"
#include "../base/memory.h"
#include "../base/text.h"
#include "../json/document.h"
#include "../json/events.h"
#include "../json/grammar.h"
#include "../json/read.h"
#include "../json/tell.h"
#include "../json/write.h"
#include "evcalc/evaluate.h"
#include "evcalc/json.h"

/* An event known by its id. All three texts are in `memory`. */
typedef struct stored_event {
  char *memory;
  size_t size;
  evc_text id, name, json;
} stored_event;

struct evc_endpoint {
  evc_allocator allocator;
  const evc_endpoint *origin; /* whose events are shared, or NULL */
  const evc_schema *schema;
  evc_options options;
  evc_success success;
  evc_document *document;
  evc_arena request; /* the texts of the request being answered */
  evc_arena answer;  /* its body */
  evc_arena tables;
  evc_map ids; /* event id → index in `events` */
  stored_event *events;
  size_t event_count, event_capacity;
  evc_map types;      /* Event type's name → index in `slots` */
  evc_event **slots; /* one event of each type that was evaluated */
  size_t slot_count, slot_capacity;
};

enum { KEY_EVENT_ID, KEY_EVENT_NAME, KEY_CALCULATION, KEY_COUNT };
static const evc_text key_names[KEY_COUNT] = {
    [KEY_EVENT_ID] = {"eventId", 7},
    [KEY_EVENT_NAME] = {"eventName", 9},
    [KEY_CALCULATION] = {"calculation", 11},
};

/* The request's members, by key; absent where they are missing or null. */
typedef struct request_texts {
  evc_text texts[KEY_COUNT];
} request_texts;

/* No answer tells a warning, so those that are no errors need not be looked for: 0.05 µs a
** request. */
static void leave_out_warnings(evc_options *options) {
  if (options->deny_warnings) return; /* what is allowed then is an exception */
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++)
    if (evc_code_severity((evc_code)code) == EVC_WARNING)
      evc_code_set_add(&options->allow, (evc_code)code);
}

evc_endpoint *evc_endpoint_new(const evc_schema *schema, const evc_options *options,
                               evc_success success) {
  evc_allocator a = evc_allocator_of(options ? options->allocator : NULL);
  evc_endpoint *endpoint = evc_allocate(&a, sizeof *endpoint);
  if (!endpoint) return NULL;
  *endpoint = (evc_endpoint){.allocator = a, .schema = schema, .success = success};
  if (options) endpoint->options = *options;
  endpoint->options.allocator = &endpoint->allocator;
  if (!endpoint->options.schema) endpoint->options.schema = schema;
  leave_out_warnings(&endpoint->options);
  evc_arena_init(&endpoint->request, &a, NULL, 0);
  evc_arena_init(&endpoint->answer, &a, NULL, 0);
  evc_arena_init(&endpoint->tables, &a, NULL, 0);
  endpoint->document = evc_document_new(&a);
  if (endpoint->document) return endpoint;
  evc_endpoint_free(endpoint);
  return NULL;
}

evc_endpoint *evc_endpoint_share(const evc_endpoint *endpoint) {
  evc_endpoint *shared = evc_endpoint_new(endpoint->schema, &endpoint->options, endpoint->success);
  if (shared) shared->origin = endpoint->origin ? endpoint->origin : endpoint;
  return shared;
}

/* The event of that id; NULL when it is not known. */
static const stored_event *find_event(const evc_endpoint *endpoint, evc_text id) {
  for (; endpoint; endpoint = endpoint->origin) {
    uint32_t index = evc_map_get(&endpoint->ids, id.data, id.length);
    if (index != EVC_MAP_ABSENT) return &endpoint->events[index];
  }
  return NULL;
}

static void release_events(const evc_allocator *allocator, const stored_event *events,
                           size_t count) {
  for (size_t i = 0; i < count; i++) evc_release(allocator, events[i].memory, events[i].size);
}

void evc_endpoint_free(evc_endpoint *endpoint) {
  if (!endpoint) return;
  for (size_t i = 0; i < endpoint->slot_count; i++) evc_event_free(endpoint->slots[i]);
  release_events(&endpoint->allocator, endpoint->events, endpoint->event_count);
  evc_document_free(endpoint->document);
  evc_arena_free(&endpoint->request);
  evc_arena_free(&endpoint->answer);
  evc_arena_free(&endpoint->tables);
  evc_allocator allocator = endpoint->allocator;
  evc_release(&allocator, endpoint, sizeof *endpoint);
}

/* Copy a text to *at, which moves behind it. */
static evc_text put(char **at, evc_text text) {
  if (!text.data) return text;
  evc_text copy = {*at, text.length};
  memcpy(*at, text.data, text.length);
  *at += text.length;
  return copy;
}

static bool store(const evc_allocator *allocator, const evc_event_head *head,
                  stored_event *stored) {
  size_t size = evc_size_add(evc_size_add(head->id.length, head->name.length), head->json.length);
  char *memory = evc_allocate(allocator, size), *at = memory;
  if (!memory) return false;
  *stored = (stored_event){.memory = memory, .size = size ? size : 1};
  stored->id = put(&at, head->id);
  stored->name = put(&at, head->name);
  stored->json = put(&at, head->json);
  return true;
}

/* Read all events of a text that have an id into an array in `scratch`; on failure there are
** none. */
static evc_status read_all(evc_endpoint *endpoint, evc_event_reader *reader, evc_arena *scratch,
                           stored_event **events, size_t *count, evc_report **report) {
  size_t capacity = 0;
  evc_event_head head;
  evc_status status;
  *events = NULL;
  *count = 0;
  while ((status = evc_event_reader_next(reader, &head, report)) == EVC_OK) {
    if (!head.id.data) continue;
    void *array = *events;
    bool room = evc_arena_grow(scratch, &array, &capacity, *count + 1, sizeof **events);
    if (room) *events = array;
    if (!room || !store(&endpoint->allocator, &head, *events + *count)) {
      if (report) *report = evc_report_out_of_memory();
      status = EVC_OUT_OF_MEMORY;
      break;
    }
    ++*count;
  }
  if (status == EVC_END) return EVC_OK;
  release_events(&endpoint->allocator, *events, *count);
  return status;
}

/* Room in the tables for more events. */
static bool reserve(evc_endpoint *endpoint, size_t more) {
  void *events = endpoint->events;
  size_t needed = evc_size_add(endpoint->event_count, more);
  if (needed >= EVC_MAP_ABSENT || !evc_map_reserve(&endpoint->ids, &endpoint->tables, more) ||
      !evc_arena_grow(&endpoint->tables, &events, &endpoint->event_capacity, needed,
                      sizeof *endpoint->events))
    return false;
  endpoint->events = events;
  return true;
}

/* Make an event known, for which there is room. The map's key is the id in the event's own memory,
** so an event that is replaced goes only when the key has moved. */
static void add_event(evc_endpoint *endpoint, stored_event event) {
  uint32_t index = evc_map_get(&endpoint->ids, event.id.data, event.id.length);
  bool known = index != EVC_MAP_ABSENT;
  if (!known) index = (uint32_t)endpoint->event_count++;
  evc_map_set(&endpoint->ids, &endpoint->tables, event.id.data, event.id.length, index);
  if (known) release_events(&endpoint->allocator, &endpoint->events[index], 1);
  endpoint->events[index] = event;
}

evc_status evc_endpoint_add_events(evc_endpoint *endpoint, const char *json, size_t length,
                                   evc_report **report) {
  if (report) *report = NULL;
  evc_arena scratch;
  evc_arena_init(&scratch, &endpoint->allocator, NULL, 0);
  evc_event_reader *reader = evc_event_reader_new(json, length, &endpoint->allocator);
  stored_event *events = NULL;
  size_t count = 0;
  evc_status status = EVC_OUT_OF_MEMORY;
  if (reader) status = read_all(endpoint, reader, &scratch, &events, &count, report);
  if (status == EVC_OK && !reserve(endpoint, count)) {
    release_events(&endpoint->allocator, events, count);
    status = EVC_OUT_OF_MEMORY;
  }
  if (status == EVC_OK)
    for (size_t i = 0; i < count; i++) add_event(endpoint, events[i]);
  if (status == EVC_OUT_OF_MEMORY && report) *report = evc_report_out_of_memory();
  evc_event_reader_free(reader);
  evc_arena_free(&scratch);
  return status;
}

static evc_answer out_of_memory(void) {
  static const evc_text body = {EVC_LITERAL("{\"message\": \"out of memory\"}")};
  return (evc_answer){.http_status = 500, .body = body};
}

/* The answer to a request that is wrong in itself. */
static evc_answer refuse(evc_endpoint *endpoint, int http_status, evc_text message) {
  evc_builder body;
  evc_build_init(&body, &endpoint->answer);
  evc_build(&body, EVC_LITERAL("{\"message\": "));
  evc_json_build_string(&body, message);
  evc_build_char(&body, '}');
  evc_answer answer = {.http_status = http_status, .body = evc_build_end(&body)};
  return answer.body.data ? answer : out_of_memory();
}

/* The answer to a request that is in order. */
static evc_answer respond(evc_endpoint *endpoint, bool success, evc_text error) {
  evc_builder body;
  evc_build_init(&body, &endpoint->answer);
  evc_build_string(&body, success ? "{\"success\": true" : "{\"success\": false");
  evc_build(&body, EVC_LITERAL(", \"errorMessage\": "));
  evc_json_build_string(&body, error);
  evc_build_char(&body, '}');
  evc_answer answer = {.http_status = 200, .success = success, .body = evc_build_end(&body)};
  return answer.body.data ? answer : out_of_memory();
}

static bool says_out_of_memory(const evc_report *report) {
  const evc_diagnostic *first = evc_report_at(report, 0);
  return !first || first->code == EVC_CODE_OUT_OF_MEMORY;
}

/* A refusal, or with 200 an unsuccessful answer, in the words of a report, which is freed. */
static evc_answer answer_report(evc_endpoint *endpoint, int http_status, evc_report *report) {
  evc_answer answer = out_of_memory();
  if (!says_out_of_memory(report)) {
    evc_text message = evc_report_message(report);
    answer = http_status == 200 ? respond(endpoint, false, message)
                                : refuse(endpoint, http_status, message);
  }
  evc_report_free(report);
  return answer;
}

/* The same in the words of one message that is not about a place. */
static evc_answer answer_message(evc_endpoint *endpoint, int http_status, evc_message message,
                                 const evc_text *args, size_t arg_count) {
  evc_report *report = evc_report_single(&endpoint->allocator, message, (evc_span){.none = true},
                                         args, arg_count, "", 0);
  return answer_report(endpoint, http_status, report);
}

static evc_status read_member(evc_endpoint *endpoint, const evc_teller *teller,
                              const evc_json_item *item, evc_text *text) {
  evc_kind kind = evc_json_kind(&item->value);
  *text = (evc_text){NULL, 0};
  if (kind == EVC_KIND_NULL) return EVC_OK;
  if (kind != EVC_KIND_STRING)
    return evc_tell_shape(teller, evc_json_offset(endpoint->document, &item->value),
                          key_names[item->which].data, (evc_text){NULL, 0}, kind, "a string");
  evc_status status =
      evc_json_copy_value(&endpoint->request, &item->value, text);
  return status == EVC_OK ? EVC_OK : evc_tell_status(teller, status, teller->whole);
}

/* Read a request that is as requests usually are, without simdjson: 0.18 µs less. EVC_NOT_FOUND:
** it is otherwise. */
static evc_status read_plain_request(evc_endpoint *endpoint, evc_text whole,
                                     request_texts *request) {
  evc_text values[KEY_COUNT];
  if (!evc_json_members(whole, key_names, values, KEY_COUNT)) return EVC_NOT_FOUND;
  for (size_t i = 0; i < KEY_COUNT; i++) {
    evc_text *text = &request->texts[i];
    *text = (evc_text){NULL, 0};
    if (!values[i].data || values[i].data[0] == 'n') continue;
    if (values[i].data[0] != '"') return EVC_NOT_FOUND;
    evc_text inside = {values[i].data + 1, values[i].length - 2};
    if (!memchr(inside.data, '\\', inside.length)) *text = inside;
    else if (evc_json_copy(&endpoint->request, inside, text) != EVC_OK) return EVC_OUT_OF_MEMORY;
  }
  return EVC_OK;
}

static evc_status read_request(evc_endpoint *endpoint, const evc_teller *teller,
                               request_texts *request) {
  evc_json_keys keys = {.names = key_names, .count = KEY_COUNT};
  evc_json_keys_measure(&keys);
  evc_status status = read_plain_request(endpoint, teller->whole, request);
  if (status == EVC_OK) return EVC_OK;
  if (status == EVC_OUT_OF_MEMORY) return evc_tell_status(teller, status, teller->whole);
  *request = (request_texts){.texts = {{NULL, 0}}};
  size_t at;
  if (evc_json_check(teller->whole, &at) != EVC_JSON_SOUND)
    return evc_tell_status(teller, EVC_INVALID, teller->whole);
  status = evc_document_open(endpoint->document, teller->whole);
  if (status == EVC_WRONG_KIND || (status == EVC_OK && evc_document_is_array(endpoint->document))) {
    evc_text args[] = {{EVC_LITERAL("this is no request")}, {EVC_LITERAL("an object")}};
    return evc_tell_message(teller, 0, EVC_MSG_JSON_SHAPE, args, 2);
  }
  evc_json_walk walk;
  evc_json_item item;
  if (status == EVC_OK) status = evc_document_walk(endpoint->document, &walk);
  while (status == EVC_OK && (status = evc_json_next(&walk, &keys, &item)) == EVC_OK) {
    status = read_member(endpoint, teller, &item, &request->texts[item.which]);
    if (status != EVC_OK) return status;
  }
  return status == EVC_END ? EVC_OK : evc_tell_status(teller, status, teller->whole);
}

/* Names that are near, as "a", "a or b", "a, b or c". */
static evc_text alternatives(evc_endpoint *endpoint, const evc_text *names, size_t count) {
  evc_builder builder;
  evc_build_init(&builder, &endpoint->request);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) evc_build_string(&builder, i + 1 < count ? ", " : " or ");
    evc_build_text(&builder, names[i]);
  }
  return evc_build_end(&builder);
}

static evc_answer unknown_type(evc_endpoint *endpoint, evc_text name) {
  enum { MOST = 3 };
  evc_text near[MOST];
  size_t count = evc_schema_suggest(endpoint->schema, name.data, name.length, near, MOST);
  if (count == 0) return answer_message(endpoint, 404, EVC_MSG_UNKNOWN_EVENT_TYPE, &name, 1);
  evc_text args[] = {name, alternatives(endpoint, near, count)};
  if (!args[1].data) return out_of_memory();
  return answer_message(endpoint, 404, EVC_MSG_UNKNOWN_EVENT_TYPE_NEAR, args, 2);
}

/* The event of a type that is filled again and again; NULL when out of memory. */
static evc_event *event_for(evc_endpoint *endpoint, const evc_event_type *type) {
  evc_text name = evc_event_type_name(type);
  uint32_t index = evc_map_get(&endpoint->types, name.data, name.length);
  if (index != EVC_MAP_ABSENT) return endpoint->slots[index];
  void *slots = endpoint->slots;
  if (!evc_map_reserve(&endpoint->types, &endpoint->tables, 1) ||
      !evc_arena_grow(&endpoint->tables, &slots, &endpoint->slot_capacity,
                      endpoint->slot_count + 1, sizeof *endpoint->slots))
    return NULL;
  endpoint->slots = slots;
  evc_event *event = evc_event_new(type, &endpoint->allocator);
  if (!event) return NULL;
  index = (uint32_t)endpoint->slot_count++;
  evc_map_set(&endpoint->types, &endpoint->tables, name.data, name.length, index);
  return endpoint->slots[index] = event;
}

/* The event itself is broken where the calculation reads it. */
static evc_answer unreadable(evc_endpoint *endpoint, evc_report *report) {
  evc_builder builder;
  evc_build_init(&builder, &endpoint->request);
  evc_build(&builder, EVC_LITERAL("the event cannot be read: "));
  evc_build_text(&builder, evc_report_message(report));
  evc_text message = evc_build_end(&builder);
  bool lost = says_out_of_memory(report) || !message.data;
  evc_report_free(report);
  return lost ? out_of_memory() : respond(endpoint, false, message);
}

static evc_answer evaluate(evc_endpoint *endpoint, const evc_calculation *calculation,
                           const stored_event *stored) {
  evc_event *event = event_for(endpoint, evc_calculation_type(calculation));
  if (!event) return out_of_memory();
  evc_report *report;
  if (evc_event_read_part(event, stored->json, stored->json, calculation, &report) != EVC_OK)
    return unreadable(endpoint, report);
  evc_outcome outcome = evc_evaluate(calculation, event);
  if (outcome.status != EVC_OK)
    return answer_report(endpoint, 200, evc_outcome_report(calculation, outcome));
  bool success = outcome.value || endpoint->success == EVC_SUCCESS_MEANS_VALID;
  evc_answer answer = respond(endpoint, success, (evc_text){NULL, 0});
  answer.evaluated = answer.http_status == 200;
  answer.value = answer.evaluated && outcome.value;
  return answer;
}

/* `stored` is NULL where the request names a type. */
static evc_answer check(evc_endpoint *endpoint, const evc_event_type *type,
                        const stored_event *stored, evc_text text) {
  if (evc_text_is_blank(text)) return answer_message(endpoint, 200, EVC_MSG_CALCULATION_MISSING, NULL, 0);
  evc_report *report;
  const evc_options *options = &endpoint->options;
  if (!stored) {
    bool valid = evc_validate(type, text.data, text.length, options, &report);
    if (!valid) return answer_report(endpoint, 200, report);
    evc_report_free(report);
    return respond(endpoint, true, (evc_text){NULL, 0});
  }
  evc_calculation *calculation = evc_compile(type, text.data, text.length, options, &report);
  if (!calculation) return answer_report(endpoint, 200, report);
  evc_report_free(report);
  evc_answer answer = evaluate(endpoint, calculation, stored);
  evc_calculation_free(calculation);
  return answer;
}

static evc_answer answer_request(evc_endpoint *endpoint, const request_texts *request) {
  evc_text name = request->texts[KEY_EVENT_NAME], id = request->texts[KEY_EVENT_ID];
  const stored_event *stored = NULL;
  if (name.length == 0 && id.length == 0) {
    evc_text args[] = {{EVC_LITERAL("the request has neither eventId nor eventName")},
                       {EVC_LITERAL("one of them")}};
    return answer_message(endpoint, 400, EVC_MSG_JSON_SHAPE, args, 2);
  }
  if (name.length == 0) {
    stored = find_event(endpoint, id);
    if (!stored) return answer_message(endpoint, 404, EVC_MSG_UNKNOWN_EVENT, &id, 1);
    name = stored->name;
  }
  const evc_event_type *type =
      name.data ? evc_schema_find(endpoint->schema, name.data, name.length) : NULL;
  if (!type && name.length == 0) {
    evc_text args[] = {{EVC_LITERAL("the event has no eventName")},
                       {EVC_LITERAL("the name of its Event type")}};
    return answer_message(endpoint, 404, EVC_MSG_JSON_SHAPE, args, 2);
  }
  if (!type) return unknown_type(endpoint, name);
  return check(endpoint, type, stored, request->texts[KEY_CALCULATION]);
}

evc_answer evc_endpoint_evaluate(evc_endpoint *endpoint, const char *json, size_t length) {
  evc_arena_reset(&endpoint->request);
  evc_arena_reset(&endpoint->answer);
  evc_text whole = {json ? json : "", evc_length_of(json, length)};
  evc_report *report;
  evc_teller teller = evc_teller_of(&endpoint->allocator, whole, &report);
  request_texts request = {.texts = {{NULL, 0}}};
  if (read_request(endpoint, &teller, &request) != EVC_OK)
    return answer_report(endpoint, 400, report);
  return answer_request(endpoint, &request);
}
