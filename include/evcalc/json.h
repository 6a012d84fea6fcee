/* JSON in and out: field lists, events, and the shapes of m3ter's API. Library: evcalc-json.
**
** Input is UTF-8 text of `length` bytes (or EVC_NUL_TERMINATED); it is only read during the call
** unless said otherwise. Failures fill a report whose one diagnostic (json-malformed, json-shape, …)
** carries offset, line and column in the input. Reading takes up to 8 KiB of stack, however deeply the
** input nests.
*/
#ifndef EVCALC_JSON_H
#define EVCALC_JSON_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/event.h"
#include "evcalc/generate.h"
#include "evcalc/report.h"
#include "evcalc/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Add to `schema` the Event types of a field list as `GET …/events/fields` returns it:
** {"events": {"<eventName>": {"<path>": "<type word>"}}}; or of a list of Event types,
** {"events": ["<eventName>", …]}, whose new names become known by name alone.
** A type replaces the one of the same name. The document is validated as a whole first.
** `report` (may be NULL) receives the error or the load warnings, or NULL.
** Returns EVC_OK, EVC_INVALID (nothing was added) or EVC_OUT_OF_MEMORY. */
EVC_API evc_status evc_schema_read_json(evc_schema *schema, const char *json, size_t length,
                                        evc_report **report);

/* The type's fields, or all types' names, in the same shapes, as one line of JSON in memory from
** `allocator` (length + 1 bytes, NUL-terminated); an absent text when out of memory. Release it with
** evc_json_free and the same allocator. */
EVC_API evc_text evc_event_type_to_json(const evc_event_type *type,
                                        const evc_allocator *allocator);
EVC_API evc_text evc_schema_to_json(const evc_schema *schema, const evc_allocator *allocator);
EVC_API void evc_json_free(evc_text json, const evc_allocator *allocator);

/* Walks the events of a text: one event, a list response {"data": […]}, an array, or NDJSON (one
** event a line, split at LF first so that one bad line spoils no other; blank lines are skipped). */
typedef struct evc_event_reader evc_event_reader;

/* One event of a text. `json` is its own text inside the input. */
typedef struct evc_event_head {
  evc_text json;
  evc_text id;   /* absent when it has none; valid until the next evc_event_reader_next */
  evc_text name; /* eventName; absent when it has none; valid as id */
  size_t line;   /* where it starts, from 1 */
} evc_event_head;

/* A reader over `json`, which must outlive it. NULL when out of memory. */
EVC_API evc_event_reader *evc_event_reader_new(const char *json, size_t length,
                                               const evc_allocator *allocator);
EVC_API void evc_event_reader_free(evc_event_reader *reader);

/* The next event. EVC_OK: `head` is filled. EVC_END: no more. EVC_INVALID: this one could not be read
** (`report`, may be NULL, says why, with line and column in the whole text); in NDJSON the next call
** goes on with the next line, elsewhere it returns EVC_END. EVC_OUT_OF_MEMORY: the same, for lack of
** memory; the reader goes on as after EVC_INVALID. */
EVC_API evc_status evc_event_reader_next(evc_event_reader *reader, evc_event_head *head,
                                         evc_report **report);

/* Go on with another text, which is NDJSON and whose first line has the number `line`, as a part
** of a longer one: for streams, which are cut at line ends and read part by part in the same
** memory. */
EVC_API void evc_event_reader_continue(evc_event_reader *reader, const char *json, size_t length,
                                       size_t line);

/* The event to fill, which must be of the Event type `name`, and the calculation whose fields
** are wanted (or NULL: all). `name` is absent where the event has none; then the type is free.
** An `event` of NULL: this one is not read beyond its head. May be called twice for the same
** event. */
typedef struct evc_event_target {
  evc_event *event;
  const evc_calculation *calculation;
} evc_event_target;

typedef evc_event_target (*evc_event_choice)(void *context, evc_text name);

/* The next event and its values at once, as evc_event_reader_next and evc_event_read_json would
** give them, but of NDJSON in one walk: about twice as fast. (Of text that is no JSON it
** validates only what it reads, which is less.) `*event` becomes the event that was filled, or
** NULL. With EVC_INVALID and *event not NULL, `head` is filled and the event's fields could not
** be read; the reader goes on. */
EVC_API evc_status evc_event_reader_read(evc_event_reader *reader, evc_event_choice choose,
                                         void *context, evc_event_head *head, evc_event **event,
                                         evc_report **report);

/* Fill `event` (cleared first) from an event's JSON, in the API's full shape (m3terEvent.eventData
** with newDto and oldDto) or the short form ({"new": {…}, "old": {…}}). With `calculation` not NULL
** only the fields that it reads are filled and validated. A value of the wrong JSON type is no error
** here: it is one for the calculation that reads it. Strings are copied into the event. An event of
** another Event type, or a calculation of another one, is EVC_INVALID with event-type-mismatch.
** Returns EVC_OK, EVC_INVALID (with a report), EVC_OUT_OF_MEMORY. */
EVC_API evc_status evc_event_read_json(evc_event *event, const char *json, size_t length,
                                       const evc_calculation *calculation, evc_report **report);

/* The two shapes that an event is read in. */
typedef enum evc_event_form {
  EVC_EVENT_SHORT, /* {"eventName": …, "new": {…}, "old": {…}} */
  EVC_EVENT_FULL   /* {"eventName": …, "m3terEvent": {"eventData": {"newDto": {…}, …}}} */
} evc_event_form;

/* The event as one line of JSON that evc_event_read_json reads as it was, in memory as that of
** evc_event_type_to_json. Null values are left out. The short form becomes the full one where a
** path of the type starts with a name that the short form uses itself: eventName, id, m3terEvent.
** A value below one that is no map cannot be told in JSON and is left out. */
EVC_API evc_text evc_event_to_json(const evc_event *event, evc_event_form form,
                                   const evc_allocator *allocator);

/* Fill `event` as evc_generate_event does, and tell it as JSON: in either form, with null values
** left out or written as null. An absent text where evc_generate_event fails. */
EVC_API evc_text evc_generate_event_json(evc_generator *generator, evc_event *event,
                                         const evc_allocator *allocator);

#ifdef __cplusplus
}
#endif
#endif
