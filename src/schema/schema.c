/* Schemas: Event types by name, fields by path. Everything lives in one arena, so that a type that
** was replaced stays alive for whoever holds it. */
#include "schema.h"

#include <string.h>

#include "../base/distance.h"
#include "../base/letters.h"
#include "../base/memory.h"
#include "../base/text.h"

struct evc_schema {
  evc_arena arena;
  evc_map names;                 /* name → index in `types` */
  const evc_event_type **types;  /* in the order in which their names became known */
  const evc_event_type **sorted; /* the same: `settled` of them in order of name, then the others too */
  size_t count, settled, capacity, sorted_capacity;
};

/* The most types that are not settled: adding one moves some of these instead of half of all, which
** takes a third off adding 10,000 types one by one. */
enum { MOST_UNSETTLED = 256 };

typedef enum word_level { DOCUMENTED, CHOSEN, UNKNOWN } word_level;

static const struct word_row {
  const char *word;
  evc_type type;
  word_level level;
} word_rows[] = {
#define TYPE_WORD(word, type, level) {word, EVC_TYPE_##type, level},
#include "type_words.def"
#undef TYPE_WORD
};

evc_schema *evc_schema_new(const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_schema *schema = evc_allocate(&a, sizeof *schema);
  if (!schema) return NULL;
  *schema = (evc_schema){.count = 0};
  evc_arena_init(&schema->arena, &a, NULL, 0);
  return schema;
}

void evc_schema_free(evc_schema *schema) {
  if (!schema) return;
  evc_arena_free(&schema->arena);
  evc_allocator allocator = schema->arena.allocator;
  evc_release(&allocator, schema, sizeof *schema);
}

const evc_allocator *evc_schema_allocator(const evc_schema *schema) {
  return &schema->arena.allocator;
}

bool evc_is_path(evc_text text) {
  const unsigned char *at = (const unsigned char *)text.data, *end = at + text.length;
  bool inside = false; /* a name */
  while (at < end) {
    bool letter = (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') || *at == '_' ||
                  *at == '$';
    bool digit = *at >= '0' && *at <= '9';
    if (letter || (inside && digit)) {
      inside = true;
      at++;
    } else if (*at == '.' && inside) {
      inside = false;
      at++;
    } else {
      size_t size = *at < 0x80 ? 0 : evc_letter_length((const char *)at);
      if (size == 0) return false;
      inside = true;
      at += size;
    }
  }
  return inside;
}

static struct word_row row_of(evc_text word) {
  for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++)
    if (evc_text_is(word, word_rows[i].word)) return word_rows[i];
  return (struct word_row){NULL, EVC_TYPE_OPAQUE, UNKNOWN};
}

static void warn(evc_report *draft, const evc_field *field, word_level level, evc_span span) {
  const char *type = evc_type_name(field->type);
  evc_text args[] = {field->path, field->word, {type, strlen(type)}};
  if (!evc_is_path(field->path))
    evc_report_add(draft, EVC_MSG_FIELD_NOT_REFERABLE, span, args, 1);
  if (level == CHOSEN) evc_report_add(draft, EVC_MSG_TYPE_WORD_UNDOCUMENTED, span, args, 3);
  if (level == UNKNOWN) evc_report_add(draft, EVC_MSG_TYPE_WORD_UNKNOWN, span, args, 2);
}

/* The slot of a field, a new one at the end where its path is new; EVC_MAP_ABSENT when out of
** memory. */
static uint32_t slot_for(evc_schema *schema, evc_event_type *type, evc_field *fields,
                         evc_text path) {
  uint32_t slot = evc_map_get(&type->slots, path.data, path.length);
  if (slot != EVC_MAP_ABSENT) return slot;
  evc_text copy = evc_arena_text(&schema->arena, path.data, path.length);
  slot = (uint32_t)type->field_count;
  if (!copy.data || !evc_map_set(&type->slots, &schema->arena, copy.data, copy.length, slot))
    return EVC_MAP_ABSENT;
  fields[type->field_count++].path = copy;
  return slot;
}

/* Field lists repeat a few words over and over: the known ones are not copied. */
static evc_text kept_word(evc_schema *schema, evc_text word, const struct word_row *row) {
  if (row->word) return (evc_text){row->word, strlen(row->word)};
  return evc_arena_text(&schema->arena, word.data, word.length);
}

const evc_event_type *evc_schema_prepare(evc_schema *schema, evc_text name,
                                         evc_provenance provenance, const evc_field *fields,
                                         const evc_span *spans, size_t field_count,
                                         evc_report *draft) {
  evc_event_type *type = evc_arena_alloc(&schema->arena, sizeof *type);
  evc_text copy = evc_arena_text(&schema->arena, name.data, name.length);
  if (!type || !copy.data) return NULL;
  *type = (evc_event_type){.name = copy, .provenance = provenance, .schema = schema};
  if (field_count == 0) return type;
  size_t size = evc_size_mul(field_count, sizeof *fields);
  evc_field *kept = evc_arena_alloc(&schema->arena, size);
  if (!kept || field_count >= EVC_MAP_ABSENT ||
      !evc_map_reserve(&type->slots, &schema->arena, field_count))
    return NULL;
  type->fields = kept;
  for (size_t i = 0; i < field_count; i++) {
    uint32_t slot = slot_for(schema, type, kept, fields[i].path);
    struct word_row row = row_of(fields[i].word);
    evc_text word = kept_word(schema, fields[i].word, &row);
    if (slot == EVC_MAP_ABSENT || !word.data) return NULL;
    kept[slot].word = word;
    kept[slot].type = row.type;
    if (draft) warn(draft, &kept[slot], row.level, spans ? spans[i] : (evc_span){.none = true});
  }
  return type;
}

/* Where a name is, or belongs, among the sorted types [low, high). */
static size_t place_of(const evc_schema *schema, evc_text name, size_t low, size_t high) {
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (evc_text_compare(schema->sorted[middle]->name, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* `sorted` gets room for those that are not settled twice over: they are sorted behind the place they
** go to. */
static bool reserve(evc_schema *schema, size_t more) {
  size_t needed = evc_size_add(schema->count, more);
  void *types = schema->types, *sorted = schema->sorted;
  if (needed >= EVC_MAP_ABSENT || !evc_map_reserve(&schema->names, &schema->arena, more) ||
      !evc_arena_grow(&schema->arena, &sorted, &schema->sorted_capacity,
                      evc_size_add(needed, needed - schema->settled), sizeof *schema->sorted))
    return false;
  schema->sorted = sorted;
  if (!evc_arena_grow(&schema->arena, &types, &schema->capacity, needed, sizeof *schema->types))
    return false;
  schema->types = types;
  return true;
}

/* Let types[at] sink to where it belongs in a heap whose largest name is on top. */
static void sink(const evc_event_type **types, size_t at, size_t count) {
  const evc_event_type *type = types[at];
  for (size_t below; (below = 2 * at + 1) < count; at = below) {
    if (below + 1 < count && evc_text_compare(types[below]->name, types[below + 1]->name) < 0)
      below++;
    if (evc_text_compare(type->name, types[below]->name) >= 0) break;
    types[at] = types[below];
  }
  types[at] = type;
}

/* In order of name, in place and however they come. */
static void sort(const evc_event_type **types, size_t count) {
  for (size_t i = count / 2; i-- > 0;) sink(types, i, count);
  for (size_t last = count; last-- > 1;) {
    const evc_event_type *largest = types[0];
    types[0] = types[last];
    types[last] = largest;
    sink(types, 0, last);
  }
}

/* Settle all types: bring those that are not, and stand in order in `added`, into that of the others,
** from the last one on. */
static void settle(evc_schema *schema, const evc_event_type *const *added) {
  const evc_event_type **sorted = schema->sorted;
  size_t old = schema->settled, count = schema->count - old;
  while (count-- > 0) {
    size_t place = place_of(schema, added[count]->name, 0, old);
    memmove(sorted + place + count + 1, sorted + place, (old - place) * sizeof *sorted);
    sorted[place + count] = added[count];
    old = place;
  }
  schema->settled = schema->count;
}

/* Put a type among the `count` sorted ones, behind those that are settled. */
static void insert(evc_schema *schema, const evc_event_type *type, size_t count) {
  const evc_event_type **sorted = schema->sorted;
  size_t place = place_of(schema, type->name, schema->settled, count);
  memmove(sorted + place + 1, sorted + place, (count - place) * sizeof *sorted);
  sorted[place] = type;
}

/* Bring the types behind the first `old`, which are new, into the order: few one by one, many at once. */
static void bring_in(evc_schema *schema, size_t old) {
  size_t count = schema->count, unsettled = count - schema->settled;
  const evc_event_type **room = schema->sorted + count;
  bool many = count - old > MOST_UNSETTLED;
  if (!many)
    for (size_t i = old; i < count; i++) insert(schema, schema->types[i], i);
  if (unsettled <= MOST_UNSETTLED) return;
  memcpy(room, many ? schema->types + schema->settled : schema->sorted + schema->settled,
         unsettled * sizeof *room);
  if (many) sort(room, unsettled);
  settle(schema, room);
}

/* The sorted type at `index` gives way to one of the same name. */
static void replace(evc_schema *schema, uint32_t index, const evc_event_type *type, size_t count) {
  bool settled = index < schema->settled;
  size_t low = settled ? 0 : schema->settled, high = settled ? schema->settled : count;
  schema->sorted[place_of(schema, type->name, low, high)] = type;
}

bool evc_schema_commit(evc_schema *schema, const evc_event_type *const *types, size_t count) {
  if (!reserve(schema, count)) return false;
  size_t old = schema->count;
  for (size_t i = 0; i < count; i++) {
    evc_text name = types[i]->name;
    uint32_t index = evc_map_get(&schema->names, name.data, name.length);
    if (index == EVC_MAP_ABSENT) {
      index = (uint32_t)schema->count++;
      evc_map_set(&schema->names, &schema->arena, name.data, name.length, index);
    } else if (index < old) {
      replace(schema, index, types[i], old);
    }
    schema->types[index] = types[i];
  }
  bring_in(schema, old);
  return true;
}

evc_status evc_schema_add(evc_schema *schema, const char *name, size_t name_length,
                          evc_provenance provenance, const evc_field *fields, size_t field_count,
                          evc_report **report) {
  evc_report *draft = report ? evc_report_new(&schema->arena.allocator) : NULL;
  evc_text text = {name, evc_length_of(name, name_length)};
  const evc_event_type *type =
      evc_schema_prepare(schema, text, provenance, fields, NULL, field_count, draft);
  bool added = type && !(draft && draft->failed) && evc_schema_commit(schema, &type, 1);
  if (added && report) *report = evc_report_finish(draft, "", 0);
  if (!added && report) {
    evc_report_free(draft);
    *report = evc_report_out_of_memory();
  }
  return added ? EVC_OK : EVC_OUT_OF_MEMORY;
}

const evc_event_type *evc_schema_find(const evc_schema *schema, const char *name, size_t length) {
  uint32_t index = evc_map_get(&schema->names, name, evc_length_of(name, length));
  return index == EVC_MAP_ABSENT ? NULL : schema->types[index];
}

size_t evc_schema_count(const evc_schema *schema) { return schema->count; }

/* How many of the first `index` types in order of name are settled, found by halving. */
static size_t settled_before(const evc_schema *schema, size_t index) {
  const evc_event_type *const *settled = schema->sorted, *const *others = settled + schema->settled;
  size_t other_count = schema->count - schema->settled;
  size_t low = index > other_count ? index - other_count : 0;
  size_t high = index < schema->settled ? index : schema->settled;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (evc_text_compare(settled[middle]->name, others[index - middle - 1]->name) < 0)
      low = middle + 1;
    else high = middle;
  }
  return low;
}

static const evc_event_type *type_at(const evc_schema *schema, size_t index) {
  size_t settled = settled_before(schema, index), other = schema->settled + index - settled;
  if (settled == schema->settled) return schema->sorted[other];
  if (other == schema->count) return schema->sorted[settled];
  const evc_event_type *a = schema->sorted[settled], *b = schema->sorted[other];
  return evc_text_compare(a->name, b->name) < 0 ? a : b;
}

const evc_event_type *evc_schema_at(const evc_schema *schema, size_t index) {
  return index < schema->count ? type_at(schema, index) : NULL;
}

/* "commitment.created" for "configuration.commitment.created": the front was left out. */
static bool lacks_front(evc_text wanted, evc_text name) {
  if (wanted.length == 0 || name.length <= wanted.length) return false;
  size_t front = name.length - wanted.length;
  evc_text tail = {name.data + front, wanted.length};
  return name.data[front - 1] == '.' && evc_text_equal(tail, wanted);
}

static evc_text behind_first_dot(evc_text name) {
  const char *dot = memchr(name.data, '.', name.length);
  size_t front = dot ? (size_t)(dot - name.data) + 1 : name.length;
  return (evc_text){name.data + front, name.length - front};
}

static evc_text before_last_dot(evc_text name) {
  while (name.length > 0 && name.data[--name.length] != '.') {}
  return name;
}

static bool is_in(evc_text part, evc_text name) {
  for (size_t i = 0; i + part.length <= name.length; i++)
    if (memcmp(name.data + i, part.data, part.length) == 0 &&
        (i == 0 || name.data[i - 1] == '.') &&
        (i + part.length == name.length || name.data[i + part.length] == '.'))
      return true;
  return false;
}

/* Names that are too far apart to be a slip but share the entity: another service, another event, or
** one of the parts alone. */
static bool is_related(evc_text wanted, evc_text candidate) {
  evc_text tail = behind_first_dot(wanted), head = before_last_dot(wanted);
  if (wanted.length > 0 && is_in(wanted, candidate)) return true;
  if (tail.length > 0 && evc_text_equal(tail, behind_first_dot(candidate))) return true;
  return behind_first_dot(head).length > 0 && evc_text_equal(head, before_last_dot(candidate));
}

size_t evc_schema_suggest(const evc_schema *schema, const char *name, size_t length,
                          evc_text *names, size_t capacity) {
  evc_text wanted = {name, evc_length_of(name, length)};
  evc_nearest nearest;
  evc_nearest_init(&nearest, wanted, capacity < 8 ? capacity : 8);
  size_t count = 0;
  for (size_t i = 0; i < schema->count && count < nearest.capacity; i++) {
    evc_text candidate = type_at(schema, i)->name;
    if (lacks_front(wanted, candidate)) names[count++] = candidate;
    else evc_nearest_offer(&nearest, candidate);
  }
  for (size_t i = 0; i < nearest.count && count < nearest.capacity; i++)
    names[count++] = nearest.names[i];
  for (size_t i = 0; i < schema->count && count < nearest.capacity && nearest.count == 0; i++) {
    evc_text candidate = type_at(schema, i)->name;
    if (!lacks_front(wanted, candidate) && is_related(wanted, candidate)) names[count++] = candidate;
  }
  return count;
}

evc_text evc_event_type_name(const evc_event_type *type) { return type->name; }

evc_provenance evc_event_type_provenance(const evc_event_type *type) { return type->provenance; }

size_t evc_event_type_field_count(const evc_event_type *type) { return type->field_count; }

const evc_field *evc_event_type_field(const evc_event_type *type, size_t slot) {
  return slot < type->field_count ? &type->fields[slot] : NULL;
}

size_t evc_event_type_slot(const evc_event_type *type, const char *path, size_t length) {
  uint32_t slot = evc_map_get(&type->slots, path, evc_length_of(path, length));
  return slot == EVC_MAP_ABSENT ? EVC_NO_SLOT : slot;
}

const char *evc_provenance_name(evc_provenance provenance) {
  static const char *const names[] = {
      [EVC_PUBLISHED] = "published", [EVC_INFERRED] = "inferred", [EVC_DERIVED] = "derived",
      [EVC_NAME_ONLY] = "name-only", [EVC_LOADED] = "loaded",
  };
  return (unsigned)provenance < sizeof names / sizeof *names ? names[provenance] : "unknown";
}
