/* Walks over the tokens of a text. They need no stack: the document knows which token is next and how
** deep that is, and every walk how deep it is itself. */
#include "document.h"

#include <math.h>
#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "../base/utf8.h"
#include "grammar.h"
#include "index.h"
#include "number.h"

struct evc_document {
  evc_allocator allocator;
  evc_json_index *index;
  const char *text; /* with padding behind it */
  const uint32_t *tokens;
  uint32_t count, length; /* of the tokens; of the text */
  uint32_t at;            /* the next token, `count` at the end */
  uint32_t depth;         /* how many containers it is in, as far as they are walked */
  bool has_escapes;       /* there is a backslash somewhere */
  bool is_array;
  char *copy;
  size_t capacity;
  char *decoded; /* a member's name without its escapes */
  size_t decoded_capacity;
};

evc_document *evc_document_new(const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_document *d = evc_allocate(&a, sizeof *d);
  if (!d) return NULL;
  *d = (evc_document){.allocator = a, .index = evc_json_index_new(&a)};
  if (d->index) return d;
  evc_document_free(d);
  return NULL;
}

void evc_document_free(evc_document *d) {
  if (!d) return;
  evc_allocator allocator = d->allocator;
  evc_json_index_free(d->index);
  evc_release(&allocator, d->copy, d->capacity);
  evc_release(&allocator, d->decoded, d->decoded_capacity);
  evc_release(&allocator, d, sizeof *d);
}

/* ---- Opening -------------------------------------------------------------------------------- */

/* Room for `needed` bytes in a buffer whose content does not matter. */
static bool make_room(const evc_allocator *allocator, char **buffer, size_t *capacity,
                      size_t needed) {
  if (needed <= *capacity) return true;
  size_t grown = *capacity ? *capacity : 4096;
  while (grown < needed) {
    if (grown > SIZE_MAX / 2) return false;
    grown *= 2;
  }
  char *fresh = evc_allocate(allocator, grown);
  if (!fresh) return false;
  evc_release(allocator, *buffer, *capacity);
  *buffer = fresh;
  *capacity = grown;
  return true;
}

/* Go to the root of a text. */
static evc_status open_text(evc_document *d, const char *text, size_t length) {
  d->text = text;
  d->length = (uint32_t)length;
  d->has_escapes = memchr(text, '\\', length) != NULL;
  evc_status status = evc_json_index_make(d->index, text, d->length, &d->tokens, &d->count);
  if (status != EVC_OK) return status;
  char first = text[d->tokens[0]];
  d->is_array = first == '[';
  return d->is_array || first == '{' ? EVC_OK : EVC_WRONG_KIND;
}

evc_status evc_document_open(evc_document *d, evc_text json) {
  if (json.length > UINT32_MAX - EVC_JSON_PADDING) return EVC_LIMIT;
  if (!make_room(&d->allocator, &d->copy, &d->capacity, json.length + EVC_JSON_PADDING))
    return EVC_OUT_OF_MEMORY;
  if (json.length) memcpy(d->copy, json.data, json.length);
  memset(d->copy + json.length, ' ', EVC_JSON_PADDING);
  memset(d->copy, ' ', evc_utf8_bom(json));
  return open_text(d, d->copy, json.length);
}

evc_status evc_document_open_within(evc_document *d, evc_text json, const char *end) {
  bool padded = (size_t)(end - json.data) - json.length >= EVC_JSON_PADDING;
  bool small = json.length <= UINT32_MAX - EVC_JSON_PADDING;
  if (!padded || !small || evc_utf8_bom(json)) return evc_document_open(d, json);
  return open_text(d, json.data, json.length);
}

bool evc_document_is_array(const evc_document *d) { return d->is_array; }

bool evc_document_ended(const evc_document *d) { return d->depth == 0 && d->at == d->count; }

/* ---- Keys ----------------------------------------------------------------------------------- */

void evc_json_keys_measure(evc_json_keys *keys) {
  keys->lengths = 0;
  for (uint32_t i = 0; i < keys->count; i++)
    keys->lengths |= UINT64_C(1) << (keys->names[i].length % 64);
}

uint32_t evc_json_keys_find(const evc_json_keys *keys, evc_text name) {
  if (!(keys->lengths >> (name.length % 64) & 1)) return EVC_MAP_ABSENT;
  if (keys->map) return evc_map_get(keys->map, name.data, name.length);
  for (uint32_t i = 0; i < keys->count; i++)
    if (keys->names[i].length == name.length &&
        evc_same_bytes(keys->names[i].data, name.data, name.length))
      return i;
  return EVC_MAP_ABSENT;
}

/* EVC_OK: it is name *which. EVC_END: it is none of them. */
static evc_status match(evc_document *d, const evc_json_keys *keys, evc_text name,
                        uint32_t *which) {
  if (d->has_escapes && memchr(name.data, '\\', name.length)) {
    size_t length;
    if (!make_room(&d->allocator, &d->decoded, &d->decoded_capacity, name.length))
      return EVC_OUT_OF_MEMORY;
    if (!evc_json_decode(name, d->decoded, &length)) return EVC_INVALID;
    name = (evc_text){d->decoded, length};
  }
  *which = evc_json_keys_find(keys, name);
  return *which == EVC_MAP_ABSENT ? EVC_END : EVC_OK;
}

/* ---- Walking -------------------------------------------------------------------------------- */

static const char *token(const evc_document *d, uint32_t at) { return d->text + d->tokens[at]; }

/* Brackets differ from braces in one bit, and nearly all else that tokens begin with is below both. */
static bool opens(char c) { return (c | 0x20) == '{'; }
static bool closes(char c) { return (c | 0x20) == '}'; }
static bool is_below_brackets(char c) { return c < '['; }

/* The end of what stands before a token, without the blanks between them. */
static const char *end_before(const char *next) {
  while (evc_is_blank(next[-1])) next--;
  return next;
}

/* The token behind so many closing brackets more than opening ones; 0 when there are not so many. A
** closing one is taken for the end of whatever was opened last. */
static uint32_t behind_closed(const evc_document *d, uint32_t at, uint32_t open) {
  for (uint32_t count = d->count; at < count; at++) {
    char c = *token(d, at);
    if (is_below_brackets(c)) continue;
    if (opens(c)) open++;
    else if (closes(c) && --open == 0) return at + 1;
  }
  return 0;
}

static bool is_scalar(char c) {
  return c != ',' && c != ':' && (is_below_brackets(c) || (!opens(c) && !closes(c)));
}

/* The token behind a value; 0 when it is none or does not end. */
static uint32_t behind_value(const evc_document *d, uint32_t at) {
  char c = *token(d, at);
  if (opens(c)) return behind_closed(d, at + 1, 1);
  return is_scalar(c) ? at + 1 : 0;
}

/* Pass over what is left of the value given last. */
static bool pass_given(const evc_json_walk *walk, evc_document *d) {
  if (d->at == walk->given) d->at = behind_value(d, d->at);
  else if (d->depth > walk->depth) d->at = behind_closed(d, d->at, d->depth - walk->depth);
  d->depth = walk->depth;
  return d->at != 0;
}

/* Go over a comma. EVC_END: it is the closing bracket. */
static evc_status pass_comma(const evc_json_walk *walk, evc_document *d) {
  char c = d->at < d->count ? *token(d, d->at) : '\0';
  d->at++;
  if (c == ',') return EVC_OK;
  if (c != (walk->array ? ']' : '}')) return EVC_INVALID;
  d->depth--;
  return EVC_END;
}

/* To the first element or member. EVC_END: there is none. What was opened is not the last token, which
** closes the root. */
static evc_status begin(const evc_json_walk *walk, evc_document *d) {
  if (*token(d, d->at) != (walk->array ? ']' : '}')) return EVC_OK;
  d->at++;
  d->depth--;
  return EVC_END;
}

static void give(evc_json_walk *walk, evc_document *d, uint32_t at, evc_json_item *item) {
  walk->given = d->at = at;
  item->value = (evc_json_value){token(d, at), token(d, at + 1), at};
}

/* To the next element or member, over the value given last. */
static evc_status go_on(const evc_json_walk *walk, evc_document *d) {
  if (!walk->given) return begin(walk, d);
  return pass_given(walk, d) ? pass_comma(walk, d) : EVC_INVALID;
}

/* Going over members changes nothing in the document, so that its tokens stay in registers, and of most
** names no more is looked at than how long they are: half the instructions. */
static evc_status next_member(evc_json_walk *walk, const evc_json_keys *keys, evc_json_item *item) {
  evc_document *d = walk->document;
  evc_status status = go_on(walk, d);
  if (status != EVC_OK) return status;
  const char *text = d->text;
  const uint32_t *tokens = d->tokens;
  /* An escaped name may be any of the keys. */
  uint64_t lengths = keys && !d->has_escapes ? keys->lengths : UINT64_MAX;
  for (uint32_t at = d->at, count = d->count;;) {
    /* A name, a colon, a value, and at least the closing brace. */
    if (count - at < 4) return EVC_INVALID;
    const char *name = text + tokens[at], *colon = text + tokens[at + 1];
    if (*name != '"' || *colon != ':') return EVC_INVALID;
    size_t length = (size_t)(end_before(colon) - name) - 2;
    if (lengths >> (length % 64) & 1) {
      item->key = (evc_text){name + 1, length};
      if (keys) status = match(d, keys, item->key, &item->which);
      if (status == EVC_OK) give(walk, d, at + 2, item);
      if (status != EVC_END) return status;
    }
    at += 2;
    char c = text[tokens[at]];
    if (c == '"' || is_scalar(c)) at++;
    else if ((at = behind_value(d, at)) == 0 || at == count) return EVC_INVALID;
    c = text[tokens[at++]];
    if (c == ',') continue;
    if (c != '}') return EVC_INVALID;
    d->at = at;
    d->depth--;
    return EVC_END;
  }
}

static evc_status next_element(evc_json_walk *walk, evc_json_item *item) {
  evc_document *d = walk->document;
  evc_status status = go_on(walk, d);
  if (status != EVC_OK) return status;
  /* A value, and at least the closing bracket. */
  if (d->count - d->at < 2) return EVC_INVALID;
  item->key = (evc_text){NULL, 0};
  give(walk, d, d->at, item);
  return EVC_OK;
}

evc_status evc_document_walk(evc_document *d, evc_json_walk *walk) {
  /* Else the text may end in the midst of a value. */
  if (*token(d, d->count - 1) != (d->is_array ? ']' : '}')) return EVC_INVALID;
  *walk = (evc_json_walk){.document = d, .depth = 1, .array = d->is_array};
  d->at = d->depth = 1;
  return EVC_OK;
}

evc_status evc_json_walk_value(evc_document *d, const evc_json_value *value, evc_json_walk *walk) {
  if (!opens(*value->first)) return EVC_INVALID;
  d->at = value->token + 1;
  d->depth++;
  *walk = (evc_json_walk){.document = d, .depth = d->depth, .array = *value->first == '['};
  return EVC_OK;
}

evc_status evc_json_next(evc_json_walk *walk, const evc_json_keys *keys, evc_json_item *item) {
  return walk->array ? next_element(walk, item) : next_member(walk, keys, item);
}

size_t evc_document_passed(const evc_document *d) {
  return evc_document_offset(d, end_before(token(d, d->at)));
}

/* ---- Values --------------------------------------------------------------------------------- */

static bool ends_token(char c) {
  return evc_is_blank(c) || c == ',' || c == ':' || c == ']' || c == '}';
}

evc_kind evc_json_kind(const evc_json_value *value) {
  switch (*value->first) {
  case '[': return EVC_KIND_ARRAY;
  case '{': return EVC_KIND_MAP;
  case '"': return EVC_KIND_STRING;
  case 't':
  case 'f': return EVC_KIND_BOOLEAN;
  case 'n': return EVC_KIND_NULL;
  case '-': return EVC_KIND_NUMBER;
  default: return *value->first >= '0' && *value->first <= '9' ? EVC_KIND_NUMBER : EVC_KIND_END;
  }
}

/* Is the value that word, and nothing more? */
static bool is_word(const evc_json_value *value, const char *word, size_t length) {
  return evc_same_bytes(value->first, word, length) && ends_token(value->first[length]);
}

evc_status evc_json_read_null(const evc_json_value *value) {
  return is_word(value, EVC_LITERAL("null")) ? EVC_OK : EVC_INVALID;
}

evc_status evc_json_read_boolean(const evc_json_value *value, bool *boolean) {
  *boolean = *value->first == 't';
  bool sound = is_word(value, EVC_LITERAL("true")) || is_word(value, EVC_LITERAL("false"));
  return sound ? EVC_OK : EVC_INVALID;
}

evc_status evc_json_read_number(const evc_json_value *value, double *number) {
  const char *first = value->first;
  size_t length = evc_json_number_length((evc_text){first, (size_t)(value->next - first)});
  if (length == 0 || !ends_token(first[length])) return EVC_INVALID;
  bool negative = *first == '-';
  *number = evc_json_number_value(first + negative, length - negative);
  if (negative) *number = -*number;
  return isfinite(*number) ? EVC_OK : EVC_LIMIT;
}

evc_status evc_json_read_string(const evc_json_value *value, evc_text *inside) {
  const char *quote = end_before(value->next) - 1;
  if (!ends_token(quote[1])) return EVC_INVALID;
  *inside = (evc_text){value->first + 1, (size_t)(quote - (value->first + 1))};
  return EVC_OK;
}

/* ---- Places --------------------------------------------------------------------------------- */

size_t evc_json_offset(const evc_document *d, const evc_json_value *value) {
  return evc_document_offset(d, value->first);
}

size_t evc_document_offset(const evc_document *d, const char *place) {
  return (size_t)(place - d->text);
}
