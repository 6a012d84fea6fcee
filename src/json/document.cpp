// The one place where simdjson is used. Nothing here throws: simdjson is asked for error codes, and
// what operator new throws is caught.
#define SIMDJSON_EXCEPTIONS 0
// Walks are driven by our own code only, which keeps to On-Demand's order. The checks would also
// bound the depth of what is walked by an allocation.
#define SIMDJSON_DEVELOPMENT_CHECKS 0
#include <simdjson.h>

#include <cmath>
#include <cstring>
#include <new>
#include <type_traits>

extern "C" {
#include "../base/decimal.h"
#include "../base/memory.h"
#include "document.h"
#include "grammar.h"
}

namespace ondemand = simdjson::ondemand;

struct evc_document {
  evc_allocator allocator;
  const char *text; // with padding behind it
  char *copy;
  size_t length, capacity; // of the text; of the copy
  bool has_escapes; // there is a backslash somewhere
  bool is_array;
  char *decoded; // a member's name without its escapes
  size_t decoded_capacity;
  ondemand::parser parser;
  ondemand::document document;

  explicit evc_document(const evc_allocator &a)
      : allocator(a), text(nullptr), copy(nullptr), length(0), capacity(0), has_escapes(false),
        is_array(false), decoded(nullptr), decoded_capacity(0) {}
};

namespace {

// simdjson's values are plain handles; C keeps them in as many pointers.
template <typename Handle, typename Box> Handle *unboxed(Box *box) {
  static_assert(sizeof(Handle) <= sizeof box->inner, "a handle fits its box");
  static_assert(alignof(Handle) <= alignof(void *), "a box is aligned for its handle");
  static_assert(std::is_trivially_copyable<Handle>::value, "C may copy a box");
  return reinterpret_cast<Handle *>(box->inner);
}

template <typename Handle, typename Box> void box_up(Box *box, const Handle &handle) {
  std::memcpy(box->inner, &handle, sizeof handle);
}

// A handle from a value that C holds as const: simdjson's getters move on in the document.
ondemand::value value_of(const evc_json_value *value) {
  evc_json_value copy = *value;
  return *unboxed<ondemand::value>(&copy);
}

evc_status status_of(simdjson::error_code error) {
  switch (error) {
  case simdjson::SUCCESS: return EVC_OK;
  case simdjson::MEMALLOC: return EVC_OUT_OF_MEMORY;
  case simdjson::CAPACITY: return EVC_LIMIT;
  default: return EVC_INVALID;
  }
}

// Room for `needed` bytes in a buffer whose content does not matter.
bool make_room(const evc_allocator *allocator, char **buffer, size_t *capacity, size_t needed) {
  if (needed <= *capacity) return true;
  size_t grown = *capacity ? *capacity : 4096;
  while (grown < needed) {
    if (grown > SIZE_MAX / 2) return false;
    grown *= 2;
  }
  char *fresh = static_cast<char *>(evc_allocate(allocator, grown));
  if (!fresh) return false;
  evc_release(allocator, *buffer, *capacity);
  *buffer = fresh;
  *capacity = grown;
  return true;
}

// simdjson's iterators know by themselves whether they have ended and ignore what they are compared
// with.
template <typename Iterator> bool has_ended(const Iterator &at) {
  // cppcheck-suppress duplicateExpression ; see above
  return !(at != at); // NOLINT(misc-redundant-expression)
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool ends_token(char c) { return is_blank(c) || c == ',' || c == ':' || c == ']' || c == '}'; }

// The name of a member between its quotes, found from its value backwards: there are only blanks
// and the colon between them. Absent when something else is.
evc_text name_before(const char *opening, const char *value) {
  const char *at = value - 1;
  while (is_blank(*at)) at--;
  if (*at != ':') return {nullptr, 0};
  do at--;
  while (is_blank(*at));
  if (*at != '"' || at < opening) return {nullptr, 0};
  return {opening, static_cast<size_t>(at - opening)};
}

// EVC_OK: it is name *which. EVC_END: it is none of them.
evc_status match(evc_document *d, const evc_json_keys *keys, evc_text name, uint32_t *which) {
  if (d->has_escapes && std::memchr(name.data, '\\', name.length)) {
    if (!make_room(&d->allocator, &d->decoded, &d->decoded_capacity, name.length))
      return EVC_OUT_OF_MEMORY;
    size_t length;
    if (!evc_json_decode(name, d->decoded, &length)) return EVC_INVALID;
    *which = evc_json_keys_find(keys, {d->decoded, length});
    return *which == EVC_MAP_ABSENT ? EVC_END : EVC_OK;
  }
  *which = evc_json_keys_find(keys, name);
  if (*which == EVC_MAP_ABSENT) return EVC_END;
  // A quote inside belongs to something like "a"b":, which only looks like a name.
  return std::memchr(name.data, '"', name.length) ? EVC_INVALID : EVC_OK;
}

evc_status next_member(evc_json_walk *walk, const evc_json_keys *keys, evc_json_item *item) {
  auto members = unboxed<ondemand::object_iterator>(walk);
  for (;;) {
    if (walk->started) ++*members;
    walk->started = true;
    if (has_ended(*members)) return EVC_END;
    // Not copied out of the result: walks of 200,000 events take 0.225 s instead of 0.240.
    auto result = **members;
    if (result.error()) return status_of(result.error());
    ondemand::field &field = result.value_unsafe();
    const char *value = field.value().raw_json_token().data();
    item->key = name_before(field.key().raw(), value);
    if (!item->key.data) return EVC_INVALID;
    evc_status status = keys ? match(walk->document, keys, item->key, &item->which) : EVC_OK;
    if (status == EVC_END) continue;
    if (status == EVC_OK) box_up(&item->value, field.value());
    return status;
  }
}

evc_status next_element(evc_json_walk *walk, evc_json_item *item) {
  auto elements = unboxed<ondemand::array_iterator>(walk);
  if (walk->started) ++*elements;
  walk->started = true;
  if (has_ended(*elements)) return EVC_END;
  ondemand::value value;
  simdjson::error_code error = (**elements).get(value);
  if (error) return status_of(error);
  item->key = {nullptr, 0};
  box_up(&item->value, value);
  return EVC_OK;
}

// `Container` is simdjson's result for an object or an array.
template <typename Container>
evc_status start(evc_document *d, Container container, bool array, evc_json_walk *walk) {
  auto begin = container.begin();
  if (begin.error()) return status_of(begin.error());
  walk->document = d;
  walk->array = array;
  walk->started = false;
  box_up(walk, begin.value_unsafe());
  return EVC_OK;
}

} // namespace

evc_document *evc_document_new(const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  void *memory = evc_allocate(&a, sizeof(evc_document));
  return memory ? new (memory) evc_document(a) : nullptr;
}

void evc_document_free(evc_document *d) {
  if (!d) return;
  evc_allocator allocator = d->allocator;
  evc_release(&allocator, d->copy, d->capacity);
  evc_release(&allocator, d->decoded, d->decoded_capacity);
  d->~evc_document();
  evc_release(&allocator, d, sizeof *d);
}

// Go to the root of d->text.
static evc_status open_text(evc_document *d, size_t first) {
  while (first < d->length && is_blank(d->text[first])) first++;
  if (first == d->length) return EVC_INVALID;
  d->is_array = d->text[first] == '[';
  d->has_escapes = std::memchr(d->text, '\\', d->length) != nullptr;
  // In steps, where simdjson would allocate anew for every text larger than all before it.
  if (d->parser.capacity() < d->length) {
    size_t capacity = 4096;
    while (capacity < d->length) capacity *= 2;
    if (capacity > UINT32_MAX) capacity = UINT32_MAX;
    simdjson::error_code error = d->parser.allocate(capacity, 1);
    if (error) return status_of(error);
  }
  size_t allocated = d->length + simdjson::SIMDJSON_PADDING;
  simdjson::error_code error =
      d->parser.iterate(d->text, d->length, allocated).get(d->document);
  if (error) return status_of(error);
  return d->is_array || d->text[first] == '{' ? EVC_OK : EVC_WRONG_KIND;
}

evc_status evc_document_open(evc_document *d, evc_text json) try {
  if (json.length > UINT32_MAX - simdjson::SIMDJSON_PADDING) return EVC_LIMIT;
  if (!make_room(&d->allocator, &d->copy, &d->capacity, json.length + simdjson::SIMDJSON_PADDING))
    return EVC_OUT_OF_MEMORY;
  if (json.length) std::memcpy(d->copy, json.data, json.length);
  std::memset(d->copy + json.length, ' ', simdjson::SIMDJSON_PADDING);
  size_t first = evc_json_bom(json);
  std::memset(d->copy, ' ', first);
  d->text = d->copy;
  d->length = json.length;
  return open_text(d, first);
} catch (const std::bad_alloc &) {
  return EVC_OUT_OF_MEMORY;
}

evc_status evc_document_open_within(evc_document *d, evc_text json, const char *end) try {
  bool padded = static_cast<size_t>(end - json.data) - json.length >= simdjson::SIMDJSON_PADDING;
  bool small = json.length <= UINT32_MAX - simdjson::SIMDJSON_PADDING;
  if (!padded || !small || evc_json_bom(json)) return evc_document_open(d, json);
  d->text = json.data;
  d->length = json.length;
  return open_text(d, 0);
} catch (const std::bad_alloc &) {
  return EVC_OUT_OF_MEMORY;
}

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
        std::memcmp(keys->names[i].data, name.data, name.length) == 0)
      return i;
  return EVC_MAP_ABSENT;
}

evc_status evc_document_walk(evc_document *d, evc_json_walk *walk) {
  d->document.rewind();
  if (d->is_array) return start(d, d->document.get_array(), true, walk);
  return start(d, d->document.get_object(), false, walk);
}

evc_status evc_json_walk_value(evc_document *d, const evc_json_value *boxed, evc_json_walk *walk) {
  ondemand::value value = value_of(boxed);
  if (evc_json_kind(boxed) == EVC_KIND_ARRAY) return start(d, value.get_array(), true, walk);
  return start(d, value.get_object(), false, walk);
}

evc_status evc_json_next(evc_json_walk *walk, const evc_json_keys *keys, evc_json_item *item) {
  return walk->array ? next_element(walk, item) : next_member(walk, keys, item);
}

bool evc_document_is_array(const evc_document *d) { return d->is_array; }

bool evc_document_ended(evc_document *d) {
  return d->document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

evc_kind evc_json_kind(const evc_json_value *boxed) {
  ondemand::json_type type;
  if (value_of(boxed).type().get(type)) return EVC_KIND_END;
  switch (type) {
  case ondemand::json_type::array: return EVC_KIND_ARRAY;
  case ondemand::json_type::object: return EVC_KIND_MAP;
  case ondemand::json_type::number: return EVC_KIND_NUMBER;
  case ondemand::json_type::string: return EVC_KIND_STRING;
  case ondemand::json_type::boolean: return EVC_KIND_BOOLEAN;
  case ondemand::json_type::null: return EVC_KIND_NULL;
  }
  return EVC_KIND_END;
}

evc_status evc_json_read_null(const evc_json_value *boxed) {
  bool null = false;
  simdjson::error_code error = value_of(boxed).is_null().get(null);
  return error ? status_of(error) : null ? EVC_OK : EVC_INVALID;
}

evc_status evc_json_read_boolean(const evc_json_value *boxed, bool *boolean) {
  return status_of(value_of(boxed).get_bool().get(*boolean));
}

evc_status evc_json_read_number(const evc_json_value *boxed, double *number) {
  // simdjson before 3.7 misreads numbers below 1 that have 20 or more digits: those are read here, as
  // are those that it calls an error, too large or malformed. A token ends with what blanks follow it.
  constexpr size_t longest_for_simdjson = 19;
  ondemand::value value = value_of(boxed);
  std::string_view token = value.raw_json_token();
  bool short_token = token.size() <= longest_for_simdjson;
  size_t length = short_token ? 0 : evc_json_number_length({token.data(), token.size()});
  if (length <= longest_for_simdjson && !value.get_double().get(*number)) return EVC_OK;
  if (short_token) length = evc_json_number_length({token.data(), token.size()});
  bool whole = length > 0 && (length == token.size() || ends_token(token[length]));
  if (!whole) return EVC_INVALID;
  bool negative = token[0] == '-';
  *number = evc_decimal_read(token.data() + negative, length - negative);
  if (negative) *number = -*number;
  return std::isfinite(*number) ? EVC_OK : EVC_LIMIT;
}

evc_status evc_json_read_string(evc_document *d, const evc_json_value *boxed, evc_text *inside) {
  ondemand::raw_json_string raw;
  simdjson::error_code error = value_of(boxed).get_raw_json_string().get(raw);
  if (error) return status_of(error);
  const char *start = raw.raw(), *end = d->text + d->length;
  const char *quote = static_cast<const char *>(std::memchr(start, '"', size_t(end - start)));
  if (d->has_escapes) {
    for (const char *at = start; quote;) {
      auto escape = static_cast<const char *>(std::memchr(at, '\\', size_t(quote - at)));
      if (!escape) break;
      at = escape + 2;
      if (at > quote) quote = static_cast<const char *>(std::memchr(at, '"', size_t(end - at)));
    }
  }
  if (!quote || !ends_token(quote[1])) return EVC_INVALID;
  *inside = {start, static_cast<size_t>(quote - start)};
  return EVC_OK;
}

size_t evc_json_offset(const evc_document *d, const evc_json_value *boxed) {
  return evc_document_offset(d, value_of(boxed).raw_json_token().data());
}

size_t evc_document_offset(const evc_document *d, const char *place) {
  return static_cast<size_t>(place - d->text);
}

size_t evc_document_passed(evc_document *d) {
  const char *at;
  const char *end = d->text + d->length;
  if (d->document.current_location().get(at)) at = end;
  while (at > d->text && is_blank(at[-1])) at--;
  return static_cast<size_t>(at - d->text);
}
