/* Taking inputs apart. */
#include "fuzz.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/base/decimal.h"
#include "../src/base/text.h"

const char *fuzz_running;

_Noreturn void fuzz_fail(const char *file, int line, const char *condition, const char *format,
                         ...) {
  va_list args;
  if (fuzz_running) fprintf(stderr, "%s\n", fuzz_running);
  fprintf(stderr, "%s:%d: this does not hold: %s\n  ", file, line, condition);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  fflush(stderr);
#if defined(__GNUC__)
  __builtin_trap();
#else
  abort();
#endif
}

void *fuzz_memory(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) {
    fputs("out of memory\n", stderr);
    exit(2);
  }
  return memory;
}

char *fuzz_copy(evc_text text, bool terminated) {
  char *copy = fuzz_memory(text.length + terminated);
  if (text.length) memcpy(copy, text.data, text.length);
  if (terminated) copy[text.length] = '\0';
  return copy;
}

bool fuzz_same_text(evc_text a, evc_text b) {
  return !a.data == !b.data && evc_text_equal(a, b);
}

bool fuzz_same_value(const evc_value *a, const evc_value *b) {
  if (a->kind != b->kind) return false;
  switch ((evc_kind)a->kind) {
  case EVC_KIND_NUMBER: return memcmp(&a->as.number, &b->as.number, sizeof a->as.number) == 0;
  case EVC_KIND_BOOLEAN: return a->as.boolean == b->as.boolean;
  case EVC_KIND_STRING:
    return a->length == b->length && memcmp(a->as.text, b->as.text, a->length) == 0;
  case EVC_KIND_MAP:
    if (a->length != b->length) return false;
    for (uint32_t i = 0; i < a->length; i++)
      if (!evc_text_equal(a->as.members[i].name, b->as.members[i].name) ||
          !fuzz_same_value(&a->as.members[i].value, &b->as.members[i].value))
        return false;
    return true;
  default: return true;
  }
}

/* ---- Schemas -------------------------------------------------------------------------------- */

static const char *const own_fields[][2] = {
    {"new.n", "double"},      {"new.i", "int"},          {"new.s", "string"},
    {"new.t", "enum"},        {"new.b", "boolean"},      {"new.c", "boolean"},
    {"new.m", "map"},         {"new.a", "array"},        {"new.o", "bytes"},
    {"old.n", "double"},      {"old.i", "int"},          {"old.s", "string"},
    {"old.b", "boolean"},     {"old.m", "map"},          {"new.deep.in.n", "double"},
    {"new.größe", "double"},  {"new.amount", "double"},  {"new.amountSpent", "double"},
    {"new.currency", "string"}, {"new.two words", "string"}, {"n", "double"},
    {"null.n", "double"},     {"id", "string"},          {"new.AND", "boolean"},
};

enum { OWN_FIELDS = sizeof own_fields / sizeof *own_fields };

/* Add an Event type; there is memory. */
static void add_type(evc_schema *schema, evc_text name, const evc_field *fields, size_t count) {
  if (evc_schema_add(schema, name.data, name.length, EVC_LOADED, fields, count, NULL) != EVC_OK)
    exit(2);
}

/* Add "fuzz.all". */
static evc_schema *with_own_type(evc_schema *schema) {
  evc_field fields[OWN_FIELDS];
  if (!schema) exit(2);
  for (size_t i = 0; i < OWN_FIELDS; i++)
    fields[i] =
        (evc_field){.path = evc_text_of(own_fields[i][0]), .word = evc_text_of(own_fields[i][1])};
  add_type(schema, evc_text_of("fuzz.all"), fields, OWN_FIELDS);
  return schema;
}

const evc_schema *fuzz_schema(void) {
  static evc_schema *schema;
  if (!schema) schema = with_own_type(evc_schema_builtin(NULL));
  return schema;
}

const evc_event_type *fuzz_type(void) {
  return evc_schema_find(fuzz_schema(), EVC_LITERAL("fuzz.all"));
}

/* ---- JSON, roughly -------------------------------------------------------------------------- */

enum { MOST_KEYS = 6 };

typedef struct walker {
  const char *at, *end;
  evc_text keys[MOST_KEYS];
  size_t depth;
  /* Called with each value; of an object before its members. */
  void (*visit)(struct walker *w, evc_value value);
  void *context;
} walker;

static void skip_blank(walker *w) {
  while (w->at < w->end && (evc_is_blank(*w->at) || *w->at == ',' || *w->at == ':')) w->at++;
}

/* A string from its opening quote; its text stands between the quotes. */
static evc_text take_string(walker *w) {
  const char *start = ++w->at;
  while (w->at < w->end && *w->at != '"') w->at++;
  evc_text text = {start, (size_t)(w->at - start)};
  if (w->at < w->end) w->at++;
  return text;
}

static size_t digits_at(const walker *w, size_t from) {
  size_t count = 0, left = (size_t)(w->end - w->at);
  while (from + count < left && w->at[from + count] >= '0' && w->at[from + count] <= '9') count++;
  return count;
}

static bool is_at(const walker *w, size_t from, const char *characters) {
  size_t left = (size_t)(w->end - w->at);
  return from < left && w->at[from] && strchr(characters, w->at[from]);
}

static evc_value take_number(walker *w) {
  bool negative = *w->at == '-';
  w->at += negative;
  size_t length = digits_at(w, 0);
  if (length == 0) return (evc_value){.kind = EVC_KIND_NULL};
  size_t fraction = is_at(w, length, ".") ? digits_at(w, length + 1) : 0;
  if (fraction) length += 1 + fraction;
  if (is_at(w, length, "eE")) {
    size_t sign = is_at(w, length + 1, "+-"), exponent = digits_at(w, length + 1 + sign);
    if (exponent) length += 1 + sign + exponent;
  }
  double number = evc_decimal_read(w->at, length);
  w->at += length;
  if (!isfinite(number)) return (evc_value){.kind = EVC_KIND_OVERFLOW};
  return (evc_value){.as.number = negative ? -number : number, .kind = EVC_KIND_NUMBER};
}

static void walk_value(walker *w);

static void walk_object(walker *w) {
  w->at++;
  for (skip_blank(w); w->at < w->end && *w->at == '"' && w->depth < MOST_KEYS; skip_blank(w)) {
    w->keys[w->depth++] = take_string(w);
    skip_blank(w);
    walk_value(w);
    w->depth--;
  }
  if (w->at < w->end && *w->at == '}')
    w->at++;
  else
    w->at = w->end;
}

static void walk_value(walker *w) {
  if (w->at == w->end) return;
  switch (*w->at) {
  case '{':
    w->visit(w, (evc_value){.kind = EVC_KIND_MAP});
    walk_object(w);
    return;
  case '"': {
    evc_text text = take_string(w);
    w->visit(w, (evc_value){.as.text = text.data,
                            .length = (uint32_t)text.length,
                            .kind = EVC_KIND_STRING});
    return;
  }
  case '[':
    while (w->at < w->end && *w->at != ']') w->at++;
    if (w->at < w->end) w->at++;
    w->visit(w, (evc_value){.kind = EVC_KIND_ARRAY});
    return;
  case 't':
  case 'f': w->visit(w, (evc_value){.as.boolean = *w->at == 't', .kind = EVC_KIND_BOOLEAN}); break;
  case 'n': w->visit(w, (evc_value){.kind = EVC_KIND_NULL}); break;
  default: w->visit(w, take_number(w)); break;
  }
  while (w->at < w->end && *w->at != ',' && *w->at != '}') w->at++;
}

static void walk(evc_text json, void (*visit)(walker *, evc_value), void *context) {
  walker w = {.at = json.data, .end = json.data + json.length, .visit = visit, .context = context};
  while (w.at < w.end && *w.at != '{') w.at++;
  walk_value(&w);
}

/* ---- Events --------------------------------------------------------------------------------- */

typedef struct filling {
  fuzz_case *c;
  evc_event *event;
  bool plain;
} filling;

/* The keys from the outermost one on, with dots between them. */
static evc_text joined(const walker *w, size_t count, evc_arena *arena) {
  evc_builder builder;
  evc_build_init(&builder, arena);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) evc_build_char(&builder, '.');
    evc_build_text(&builder, w->keys[i]);
  }
  return evc_build_end(&builder);
}

static evc_type type_at(const evc_event_type *type, size_t slot) {
  const evc_field *field = evc_event_type_field(type, slot);
  return field ? field->type : EVC_TYPE_UNKNOWN;
}

static bool fits(evc_type type, evc_kind kind) {
  switch (kind) {
  case EVC_KIND_NULL: return true;
  case EVC_KIND_NUMBER: return type == EVC_TYPE_NUMBER;
  case EVC_KIND_STRING: return type == EVC_TYPE_STRING;
  case EVC_KIND_BOOLEAN: return type == EVC_TYPE_BOOLEAN;
  case EVC_KIND_MAP: return type == EVC_TYPE_MAP;
  case EVC_KIND_ARRAY: return type == EVC_TYPE_ARRAY;
  default: return false;
  }
}

static void add_member(filling *f, size_t slot, evc_member member) {
  evc_value map = evc_event_value(f->event, slot);
  if (map.kind != EVC_KIND_MAP) return;
  evc_member *members = evc_arena_alloc(&f->c->arena, (map.length + 1) * sizeof *members);
  if (!members) exit(2);
  if (map.length) memcpy(members, map.as.members, map.length * sizeof *members);
  members[map.length++] = member;
  map.as.members = members;
  evc_event_set_value(f->event, slot, map);
  f->plain &= member.value.kind <= EVC_KIND_BOOLEAN;
}

static void fill_value(walker *w, evc_value value) {
  filling *f = w->context;
  if (w->depth == 0) return;
  evc_text path = joined(w, w->depth, &f->c->arena);
  size_t slot = evc_event_type_slot(f->c->type, path.data, path.length);
  if (slot != EVC_NO_SLOT) {
    evc_event_set_value(f->event, slot, value);
    f->plain &= fits(type_at(f->c->type, slot), (evc_kind)value.kind);
    return;
  }
  path = joined(w, w->depth - 1, &f->c->arena);
  slot = evc_event_type_slot(f->c->type, path.data, path.length);
  if (type_at(f->c->type, slot) == EVC_TYPE_MAP)
    add_member(f, slot, (evc_member){w->keys[w->depth - 1], value});
}

bool fuzz_fill(fuzz_case *c, evc_event *event, evc_text json) {
  filling f = {.c = c, .event = event, .plain = true};
  evc_event_clear(event);
  walk(json, fill_value, &f);
  return f.plain;
}

/* ---- Cases ---------------------------------------------------------------------------------- */

/* {"events": {NAME: {PATH: WORD}}}; the last type that got a field is the calculation's. */
typedef struct listing {
  evc_arena *arena;
  evc_text name;
  evc_field *fields;
  size_t count, capacity;
} listing;

static void list_field(walker *w, evc_value value) {
  listing *l = w->context;
  void *fields = l->fields;
  if (w->depth != 3 || value.kind != EVC_KIND_STRING) return;
  if (l->count == 0) l->name = w->keys[1];
  if (!evc_text_equal(l->name, w->keys[1])) return;
  if (!evc_arena_grow(l->arena, &fields, &l->capacity, l->count + 1, sizeof *l->fields)) exit(2);
  l->fields = fields;
  l->fields[l->count++] = (evc_field){.path = w->keys[2], .word = {value.as.text, value.length}};
}

static void add_fields(fuzz_case *c, evc_text json) {
  listing l = {.arena = &c->arena};
  walk(json, list_field, &l);
  if (l.count == 0) return;
  if (!c->own) c->schema = c->own = with_own_type(evc_schema_new(NULL));
  add_type(c->own, l.name, l.fields, l.count);
  c->type = evc_schema_find(c->own, l.name.data, l.name.length);
}

static uint32_t number_of(evc_text word) {
  uint32_t number = 0;
  for (size_t i = 0; i < word.length && word.data[i] >= '0' && word.data[i] <= '9'; i++)
    number = number * 10 + (uint32_t)(word.data[i] - '0');
  return number;
}

/* WORD is `name` and the rest. */
static bool starts_with(evc_text word, const char *name, evc_text *rest) {
  size_t length = strlen(name);
  if (word.length < length || memcmp(word.data, name, length) != 0) return false;
  *rest = (evc_text){word.data + length, word.length - length};
  return true;
}

static void set_option(fuzz_case *c, evc_text word) {
  evc_options *options = &c->options;
  evc_text rest;
  if (starts_with(word, "text=", &rest))
    options->limits.text = number_of(rest);
  else if (starts_with(word, "depth=", &rest))
    options->limits.depth = number_of(rest);
  else if (starts_with(word, "nodes=", &rest))
    options->limits.nodes = number_of(rest);
  else if (starts_with(word, "arguments=", &rest))
    options->limits.arguments = number_of(rest);
  else if (starts_with(word, "columns=", &rest))
    c->format.columns = number_of(rest);
  else if (starts_with(word, "indent=", &rest))
    c->format.indent = number_of(rest);
  else if (starts_with(word, "lf", &rest))
    c->format.line_end = EVC_LINE_END_LF;
  else if (starts_with(word, "crlf", &rest))
    c->format.line_end = EVC_LINE_END_CRLF;
  else if (starts_with(word, "final", &rest))
    c->format.final_line_end = true;
  else if (starts_with(word, "deny=warnings", &rest))
    options->deny_warnings = true;
  else if (starts_with(word, "deny=", &rest))
    evc_code_set_add(&options->deny, evc_code_find(rest.data, rest.length));
  else if (starts_with(word, "allow=", &rest))
    evc_code_set_add(&options->allow, evc_code_find(rest.data, rest.length));
}

static void set_options(fuzz_case *c, evc_text words) {
  while (words.length > 0) {
    const char *blank = memchr(words.data, ' ', words.length);
    size_t length = blank ? (size_t)(blank - words.data) : words.length;
    set_option(c, (evc_text){words.data, length});
    length += blank != NULL;
    words = (evc_text){words.data + length, words.length - length};
  }
}

/* True when it is a line of the head. */
static bool take_line(fuzz_case *c, evc_text line) {
  evc_text rest;
  if (starts_with(line, "#type ", &rest)) {
    const evc_event_type *type = evc_schema_find(c->schema, rest.data, rest.length);
    if (!type) type = evc_schema_find(fuzz_schema(), rest.data, rest.length);
    if (type) c->type = type;
  } else if (starts_with(line, "#fields ", &rest)) {
    add_fields(c, rest);
  } else if (starts_with(line, "#options ", &rest)) {
    set_options(c, rest);
  } else if (starts_with(line, "#event ", &rest)) {
    if (c->event_count < FUZZ_MOST_EVENTS) c->events[c->event_count++] = rest;
  } else {
    return false;
  }
  return true;
}

void fuzz_case_open(fuzz_case *c, const uint8_t *data, size_t size) {
  *c = (fuzz_case){.schema = fuzz_schema(), .type = fuzz_type()};
  evc_arena_init(&c->arena, NULL, NULL, 0);
  c->text = (evc_text){size ? (const char *)data : "", size};
  for (;;) {
    const char *end = c->text.length ? memchr(c->text.data, '\n', c->text.length) : NULL;
    size_t length = end ? (size_t)(end - c->text.data) : c->text.length;
    if (!take_line(c, (evc_text){c->text.data, length})) break;
    length += end != NULL;
    c->text = (evc_text){c->text.data + length, c->text.length - length};
  }
  c->options.schema = c->schema;
}

void fuzz_case_close(fuzz_case *c) {
  evc_schema_free(c->own);
  evc_arena_free(&c->arena);
}
