/* Walking the events of a text, reading of each only its id and its type's name. */
#include "evcalc/json.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "../base/utf8.h"
#include "document.h"
#include "events.h"
#include "grammar.h"
#include "read.h"
#include "tell.h"

typedef enum reader_mode {
  DOCUMENT, /* one JSON document, not looked at yet: an event, a list response or an array */
  ELEMENTS, /* in the array of events */
  LINES,    /* an event a line */
  DONE
} reader_mode;

struct evc_event_reader {
  evc_allocator allocator;
  evc_text whole;
  evc_document *document;
  evc_arena store; /* the head's texts */
  reader_mode mode;
  size_t base; /* the offset of the open document in the teller's text */
  size_t next; /* LINES: the offset of the next line */
  evc_json_walk elements;
  size_t counted, line; /* the line of the offset `counted`; LINES: of the offset `next` */
  bool has_cr;          /* LINES: there is a CR, which may end a line too, as far as numbers go */
};

enum { KEY_ID, KEY_NAME, KEY_DATA, KEY_COUNT };
static const evc_text key_names[KEY_COUNT] = {{"id", 2}, {"eventName", 9}, {"data", 4}};

/* `count` of the names above. */
static evc_json_keys keys_of(uint32_t count) {
  evc_json_keys keys = {.names = key_names, .count = count};
  evc_json_keys_measure(&keys);
  return keys;
}

static size_t skip_blank(evc_text text, size_t at) {
  while (at < text.length && evc_is_blank(text.data[at])) at++;
  return at;
}

/* The part of the text from `start` to `end`, without blanks around it. */
static evc_text trimmed(evc_text text, size_t start, size_t end) {
  start = skip_blank((evc_text){text.data, end}, start);
  while (end > start && evc_is_blank(text.data[end - 1])) end--;
  return (evc_text){text.data + start, end - start};
}

static size_t end_of_line(evc_text text, size_t at) {
  const char *end = memchr(text.data + at, '\n', text.length - at);
  return end ? (size_t)(end - text.data) : text.length;
}

/* It is an event a line when JSON ends, or goes wrong, where the second line that is not blank
** starts. Looks at no more than the text up to there. */
evc_events_form evc_events_form_of(evc_text text, bool whole) {
  size_t first = skip_blank(text, evc_utf8_bom(text));
  size_t second = first < text.length ? skip_blank(text, end_of_line(text, first)) : first;
  if (second >= text.length) return whole ? EVC_EVENTS_DOCUMENT : EVC_EVENTS_UNKNOWN;
  size_t at;
  switch (evc_json_check((evc_text){text.data, second + 1}, &at)) {
  case EVC_JSON_SOUND:
  case EVC_JSON_END_IN_OBJECT:
  case EVC_JSON_END_IN_ARRAY:
  case EVC_JSON_END_IN_STRING: return EVC_EVENTS_DOCUMENT;
  case EVC_JSON_TRAILING: return EVC_EVENTS_LINES;
  /* The first line is broken: does the second look like an event? */
  default: return text.data[second] == '{' ? EVC_EVENTS_LINES : EVC_EVENTS_DOCUMENT;
  }
}

evc_event_reader *evc_event_reader_new(const char *json, size_t length,
                                       const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_event_reader *reader = evc_allocate(&a, sizeof *reader);
  if (!reader) return NULL;
  evc_text whole = {json ? json : "", evc_length_of(json, length)};
  size_t start = evc_utf8_bom(whole);
  *reader = (evc_event_reader){.allocator = a, .whole = whole, .next = start, .line = 1};
  evc_arena_init(&reader->store, &a, NULL, 0);
  reader->document = evc_document_new(&a);
  if (!reader->document) {
    evc_event_reader_free(reader);
    return NULL;
  }
  if (skip_blank(whole, start) == whole.length) reader->mode = DONE;
  else if (evc_events_form_of(whole, true) == EVC_EVENTS_LINES)
    evc_event_reader_continue(reader, whole.data, whole.length, 1);
  else reader->mode = DOCUMENT;
  return reader;
}

void evc_event_reader_free(evc_event_reader *reader) {
  if (!reader) return;
  evc_document_free(reader->document);
  evc_arena_free(&reader->store);
  evc_allocator allocator = reader->allocator;
  evc_release(&allocator, reader, sizeof *reader);
}

void evc_event_reader_continue(evc_event_reader *reader, const char *json, size_t length,
                               size_t line) {
  evc_text whole = {json ? json : "", evc_length_of(json, length)};
  reader->whole = whole;
  reader->mode = LINES;
  reader->next = evc_utf8_bom(whole);
  reader->line = line;
  reader->has_cr = whole.length && memchr(whole.data, '\r', whole.length);
}

/* The line of an offset, counted on from the last one asked for. */
static size_t line_of(evc_event_reader *reader, size_t offset) {
  const char *at = reader->whole.data + reader->counted, *end = reader->whole.data + offset;
  for (const char *lf = at; lf < end && (lf = memchr(lf, '\n', (size_t)(end - lf))); lf++)
    reader->line++;
  /* A CR alone ends a line too. `end` is never between CR and LF: events do not start with LF. */
  for (const char *cr = at; cr < end && (cr = memchr(cr, '\r', (size_t)(end - cr))); cr++)
    if (cr + 1 == end || cr[1] != '\n') reader->line++;
  if (offset > reader->counted) reader->counted = offset;
  return reader->line;
}

/* Read a member of the head; null counts as absent. */
static evc_status read_text(evc_event_reader *reader, const evc_teller *teller, evc_text piece,
                            const evc_json_item *item, evc_text *text) {
  *text = (evc_text){NULL, 0};
  evc_kind kind = evc_json_kind(&item->value);
  evc_status status = EVC_INVALID;
  if (kind == EVC_KIND_NULL) {
    status = evc_json_read_null(&item->value);
  } else if (kind == EVC_KIND_STRING) {
    status = evc_json_copy_value(&reader->store, &item->value, text);
  } else if (kind != EVC_KIND_END) {
    size_t offset = reader->base + evc_json_offset(reader->document, &item->value);
    return evc_tell_shape(teller, offset, item->which == KEY_ID ? "the event's id" : "eventName",
                          (evc_text){NULL, 0}, kind, "a string");
  }
  return status == EVC_OK ? EVC_OK : evc_tell_status(teller, status, piece);
}

/* Read the head of an event to its end. With `lists` not NULL, *lists becomes the number of members
** "data" up to the last one, when that is an array; else 0. */
static evc_status read_head(evc_event_reader *reader, const evc_teller *teller, evc_text piece,
                            evc_json_walk *walk, evc_event_head *head, size_t *lists) {
  evc_json_keys keys = keys_of(lists ? KEY_COUNT : KEY_DATA);
  evc_json_item item;
  evc_status status;
  size_t data = 0;
  while ((status = evc_json_next(walk, &keys, &item)) == EVC_OK) {
    if (lists && item.which == KEY_DATA) {
      data++;
      *lists = evc_json_kind(&item.value) == EVC_KIND_ARRAY ? data : 0;
      continue;
    }
    evc_text *text = item.which == KEY_ID ? &head->id : &head->name;
    status = read_text(reader, teller, piece, &item, text);
    if (status != EVC_OK) return status;
  }
  return status == EVC_END ? EVC_OK : evc_tell_status(teller, status, piece);
}

static evc_status open_piece(evc_event_reader *reader, const evc_teller *teller, evc_text piece) {
  reader->base = (size_t)(piece.data - teller->whole.data);
  evc_status status = evc_document_open(reader->document, piece);
  size_t at;
  if (status == EVC_OK) return EVC_OK;
  if (status != EVC_WRONG_KIND || evc_json_check(piece, &at) != EVC_JSON_SOUND)
    return evc_tell_status(teller, status, piece);
  evc_text args[] = {{"this is no event", 16}, {"an object", 9}};
  return evc_tell_message(teller, reader->base, EVC_MSG_JSON_SHAPE, args, 2);
}

/* How many lines end in a part of the text. */
static size_t ends_between(const evc_event_reader *reader, size_t from, size_t to) {
  evc_text whole = reader->whole;
  size_t count = 0;
  for (size_t i = from; i < to; i++)
    count += whole.data[i] == '\n' ||
             (whole.data[i] == '\r' && (i + 1 == whole.length || whole.data[i + 1] != '\n'));
  return count;
}

/* The next line that is not blank: its text and its number. False when there is none. */
static bool take_line(evc_event_reader *reader, evc_event_head *head) {
  size_t start = skip_blank(reader->whole, reader->next);
  if (start == reader->whole.length) {
    reader->mode = DONE;
    return false;
  }
  size_t end = end_of_line(reader->whole, start);
  head->json = trimmed(reader->whole, start, end);
  head->line = reader->line + ends_between(reader, reader->next, start);
  reader->next = end < reader->whole.length ? end + 1 : end;
  reader->line = head->line + (reader->has_cr ? ends_between(reader, start, reader->next) : 1);
  return true;
}

/* Tell of this line as of a text that starts with it, so that lines are not counted from the first
** one for each that is wrong. The end of the line before is part of it: at the start of a text a BOM
** is skipped, and at the start of a later line it is a character. */
static void tell_from_line(const evc_event_reader *reader, const evc_event_head *head,
                           evc_teller *teller) {
  const char *first = reader->whole.data, *at = head->json.data;
  while (at > first && at[-1] != '\n' && at[-1] != '\r') at--;
  teller->lines = head->line - 1;
  if (at > first) at--, teller->lines--;
  teller->offset = (size_t)(at - first);
  teller->whole = (evc_text){at, reader->whole.length - teller->offset};
}

/* Read the head of the event that is the line. */
static evc_status read_line(evc_event_reader *reader, evc_teller *teller, evc_event_head *head) {
  tell_from_line(reader, head, teller);
  evc_status status = open_piece(reader, teller, head->json);
  if (status != EVC_OK) return status;
  if (evc_document_is_array(reader->document))
    return evc_tell_shape(teller, reader->base, "this line", (evc_text){NULL, 0}, EVC_KIND_ARRAY,
                          "an event a line");
  evc_json_walk walk;
  status = evc_document_walk(reader->document, &walk);
  if (status != EVC_OK) return evc_tell_status(teller, status, head->json);
  status = read_head(reader, teller, head->json, &walk, head, NULL);
  if (status == EVC_OK && !evc_document_ended(reader->document))
    status = evc_tell_status(teller, EVC_INVALID, head->json);
  return status;
}

/* The rest of the whole text: what the open document is. */
static evc_text document_text(const evc_event_reader *reader) {
  return (evc_text){reader->whole.data + reader->base, reader->whole.length - reader->base};
}

static evc_status next_element(evc_event_reader *reader, const evc_teller *teller,
                               evc_event_head *head) {
  evc_text piece = document_text(reader);
  evc_json_item item;
  evc_status status = evc_json_next(&reader->elements, NULL, &item);
  if (status == EVC_END) {
    /* Behind the members of a list response comes more of it, which was read before. */
    reader->mode = DONE;
    bool ended = !evc_document_is_array(reader->document) || evc_document_ended(reader->document);
    return ended ? EVC_END : evc_tell_status(teller, EVC_INVALID, piece);
  }
  if (status != EVC_OK) return evc_tell_status(teller, status, piece);
  size_t start = reader->base + evc_json_offset(reader->document, &item.value);
  evc_kind kind = evc_json_kind(&item.value);
  if (kind == EVC_KIND_END) return evc_tell_status(teller, EVC_INVALID, piece);
  if (kind != EVC_KIND_MAP)
    return evc_tell_shape(teller, start, "an event", (evc_text){NULL, 0}, kind, "an object");
  evc_json_walk walk;
  status = evc_json_walk_value(reader->document, &item.value, &walk);
  if (status != EVC_OK) return evc_tell_status(teller, status, piece);
  status = read_head(reader, teller, piece, &walk, head, NULL);
  if (status != EVC_OK) return status;
  size_t end = reader->base + evc_document_passed(reader->document);
  head->json = (evc_text){reader->whole.data + start, end - start};
  head->line = line_of(reader, start);
  return EVC_OK;
}

/* Go to the elements of the member "data", the count-th of that name. */
static evc_status enter_list(evc_event_reader *reader, size_t count) {
  evc_json_keys keys = {.names = &key_names[KEY_DATA], .count = 1};
  evc_json_keys_measure(&keys);
  evc_json_walk walk;
  evc_json_item item;
  evc_status status = evc_document_walk(reader->document, &walk);
  for (size_t i = 0; i < count && status == EVC_OK; i++)
    status = evc_json_next(&walk, &keys, &item);
  if (status != EVC_OK) return status;
  reader->mode = ELEMENTS;
  return evc_json_walk_value(reader->document, &item.value, &reader->elements);
}

static evc_status first_of_document(evc_event_reader *reader, const evc_teller *teller,
                                    evc_event_head *head) {
  evc_text piece = trimmed(reader->whole, reader->next, reader->whole.length);
  evc_status status = open_piece(reader, teller, piece);
  if (status != EVC_OK) return status;
  if (evc_document_is_array(reader->document)) {
    reader->mode = ELEMENTS;
    status = evc_document_walk(reader->document, &reader->elements);
    if (status != EVC_OK) return evc_tell_status(teller, status, piece);
    return next_element(reader, teller, head);
  }
  evc_json_walk walk;
  status = evc_document_walk(reader->document, &walk);
  if (status != EVC_OK) return evc_tell_status(teller, status, piece);
  size_t lists = 0;
  status = read_head(reader, teller, piece, &walk, head, &lists);
  if (status != EVC_OK) return status;
  if (!evc_document_ended(reader->document)) return evc_tell_status(teller, EVC_INVALID, piece);
  if (lists > 0 && !head->name.data) {
    head->id = (evc_text){NULL, 0};
    status = enter_list(reader, lists);
    if (status != EVC_OK) return evc_tell_status(teller, status, piece);
    return next_element(reader, teller, head);
  }
  reader->mode = DONE;
  head->json = piece;
  head->line = line_of(reader, reader->base);
  return EVC_OK;
}

static evc_status read_next(evc_event_reader *reader, evc_teller *teller,
                            evc_event_head *head) {
  evc_arena_reset(&reader->store);
  *head = (evc_event_head){.line = 0};
  evc_status status = EVC_END;
  switch (reader->mode) {
  case LINES: return take_line(reader, head) ? read_line(reader, teller, head) : EVC_END;
  case DOCUMENT: status = first_of_document(reader, teller, head); break;
  case ELEMENTS: status = next_element(reader, teller, head); break;
  case DONE: break;
  }
  /* In one document nothing can be trusted behind a fault. */
  if (status != EVC_OK) reader->mode = DONE;
  return status;
}

evc_status evc_event_reader_next(evc_event_reader *reader, evc_event_head *head,
                                 evc_report **report) {
  evc_teller teller = evc_teller_of(&reader->allocator, reader->whole, report);
  return read_next(reader, &teller, head);
}

/* Fill the event that the head asks for. */
static evc_status read_fields(const evc_teller *teller, evc_event_choice choose, void *context,
                              const evc_event_head *head, evc_event **event) {
  evc_event_target target = choose(context, head->name);
  *event = target.event;
  if (!target.event) return EVC_OK;
  return evc_event_read_told(target.event, teller, head->json, target.calculation);
}

evc_status evc_event_reader_read(evc_event_reader *reader, evc_event_choice choose, void *context,
                                 evc_event_head *head, evc_event **event, evc_report **report) {
  evc_teller teller = evc_teller_of(&reader->allocator, reader->whole, report);
  evc_status status;
  *event = NULL;
  if (reader->mode == LINES) {
    *head = (evc_event_head){.line = 0};
    if (!take_line(reader, head)) return EVC_END;
    const char *end = reader->whole.data + reader->whole.length;
    evc_event_head quick = *head;
    status = evc_event_read_quick(reader->document, head->json, end, choose, context, &quick,
                                  event);
    if (status == EVC_OK) {
      *head = quick;
      return EVC_OK;
    }
    *event = NULL;
    evc_arena_reset(&reader->store);
    status = read_line(reader, &teller, head);
  } else {
    status = read_next(reader, &teller, head);
  }
  return status == EVC_OK ? read_fields(&teller, choose, context, head, event) : status;
}
