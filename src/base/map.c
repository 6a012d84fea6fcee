#include "map.h"

#include <string.h>

#include "memory.h"
#include "text.h"

static uint64_t load8(const char *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

static uint64_t load4(const char *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

/* The last bytes of a key, up to eight, twice over where they are fewer. With loads of fixed lengths
** alone, and the key compared without a call, finding a name takes 70 instructions for 124. */
static inline uint64_t load_last(const char *key, size_t length) {
  if (length >= 8) return load8(key + length - 8);
  if (length >= 4) return load4(key) << 32 | load4(key + length - 4);
  if (length == 0) return 0;
  const unsigned char *at = (const unsigned char *)key;
  return (uint64_t)at[0] << 16 | (uint64_t)at[length / 2] << 8 | at[length - 1];
}

#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15) /* 2^64 by the golden ratio */

static uint64_t mix(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * MULTIPLIER;
  return hash ^ hash >> 32;
}

/* Eight bytes a step, multiply and fold: names are 5 to 40 bytes, so this is one to five steps. The
** last characters of names, in which fields like new.field17 differ, come to the top bits; a second
** multiplication takes them to the low ones, which are the places: 8 for 90 ns to find one of 10,000. */
static inline uint32_t hash_of(const char *key, size_t length) {
  uint64_t hash = length;
  for (size_t i = 0; i + 8 < length; i += 8) hash = mix(hash, load8(key + i));
  hash = mix(hash, load_last(key, length));
  return (uint32_t)(hash * MULTIPLIER >> 32);
}

/* The most entries looked at for one key. Without ill will one key in a million needs more. */
enum { MOST_STEPS = 64 };

/* The entry of a key, or the free one that it belongs in; NULL when neither is near. */
static inline evc_map_entry *entry_of(const evc_map *map, const char *key, size_t length, uint32_t hash) {
  size_t mask = map->capacity - 1, at = hash & mask;
  for (size_t step = 0; step < MOST_STEPS; step++, at = (at + 1) & mask) {
    evc_map_entry *entry = &map->entries[at];
    if (entry->value == EVC_MAP_ABSENT) return entry;
    if (entry->hash == hash && entry->length == length && evc_same_bytes(entry->key, key, length))
      return entry;
  }
  return NULL;
}

/* ---- The tree ------------------------------------------------------------------------------- */

/* The bits of a key: those of its length, then its bytes. So no key is the beginning of another. */
enum { LENGTH_BITS = 32 };

/* Bits past the end, which a longer key's fork may ask for, are 0. */
static unsigned bit_of(const char *key, size_t length, uint64_t bit) {
  if (bit < LENGTH_BITS) return (unsigned)(length >> (LENGTH_BITS - 1 - bit)) & 1;
  uint64_t at = (bit - LENGTH_BITS) / 8;
  return at < length ? (unsigned)key[at] >> (7 - bit % 8) & 1 : 0;
}

/* The first bit in which a key differs from another one, that of the node. */
static uint64_t first_difference(const evc_map_node *node, const char *key, size_t length) {
  uint64_t bit = 0;
  if (node->length == length) {
    size_t same = 0;
    while (node->key[same] == key[same]) same++;
    bit = LENGTH_BITS + 8 * (uint64_t)same;
  }
  while (bit_of(node->key, node->length, bit) == bit_of(key, length, bit)) bit++;
  return bit;
}

/* The node whose key is the only one that can be this one. There is at least one node. */
static evc_map_node *candidate(const evc_map *map, const char *key, size_t length) {
  uint32_t at = map->root;
  while (at % 2 == 0) {
    const evc_map_node *fork = &map->nodes[at / 2];
    at = fork->below[bit_of(key, length, fork->bit)];
  }
  return &map->nodes[at / 2];
}

static evc_map_node *node_of(const evc_map *map, const char *key, size_t length) {
  if (map->node_count == 0) return NULL;
  evc_map_node *node = candidate(map, key, length);
  return node->length == length && memcmp(node->key, key, length) == 0 ? node : NULL;
}

/* The key is not in the tree yet, and there is room. */
static void add_node(evc_map *map, const char *key, size_t length, uint32_t value) {
  uint32_t number = map->node_count++, *at = &map->root;
  evc_map_node *node = &map->nodes[number];
  /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room */
  *node = (evc_map_node){.key = key, .length = (uint32_t)length, .value = value};
  if (number == 0) {
    map->root = 1;
    return;
  }
  node->bit = first_difference(candidate(map, key, length), key, length);
  while (*at % 2 == 0 && map->nodes[*at / 2].bit < node->bit) {
    evc_map_node *fork = &map->nodes[*at / 2];
    at = &fork->below[bit_of(key, length, fork->bit)];
  }
  unsigned side = bit_of(key, length, node->bit);
  node->below[side] = 2 * number + 1;
  node->below[!side] = *at;
  *at = 2 * number;
}

/* ---- Both: a key is in the tree only while all entries near its own are taken ---------------- */

uint32_t evc_map_get(const evc_map *map, const char *key, size_t length) {
  if (map->capacity == 0) return EVC_MAP_ABSENT;
  const evc_map_entry *entry = entry_of(map, key, length, hash_of(key, length));
  if (entry) return entry->value;
  const evc_map_node *node = node_of(map, key, length);
  return node ? node->value : EVC_MAP_ABSENT;
}

/* There is room. */
static void set(evc_map *map, const char *key, size_t length, uint32_t hash, uint32_t value) {
  evc_map_entry *entry = entry_of(map, key, length, hash);
  evc_map_node *node = entry ? NULL : node_of(map, key, length);
  map->count += entry ? entry->value == EVC_MAP_ABSENT : !node;
  if (entry) *entry = (evc_map_entry){key, (uint32_t)length, hash, value};
  else if (node) node->key = key, node->value = value;
  else add_node(map, key, length, value);
}

static bool grow(evc_map *map, evc_arena *arena, size_t capacity) {
  evc_map grown = {.capacity = capacity};
  size_t keys = capacity / 2, most_nodes = keys > MOST_STEPS ? keys - MOST_STEPS : 0;
  grown.entries = evc_arena_alloc(arena, evc_size_mul(capacity, sizeof *grown.entries));
  if (most_nodes)
    grown.nodes = evc_arena_alloc(arena, evc_size_mul(most_nodes, sizeof *grown.nodes));
  if (!grown.entries || (most_nodes && !grown.nodes)) return false;
  for (size_t i = 0; i < capacity; i++)
    grown.entries[i] = (evc_map_entry){NULL, 0, 0, EVC_MAP_ABSENT};
  for (size_t i = 0; i < map->capacity; i++) {
    const evc_map_entry *old = &map->entries[i];
    if (old->value != EVC_MAP_ABSENT) set(&grown, old->key, old->length, old->hash, old->value);
  }
  for (size_t i = 0; i < map->node_count; i++) {
    const evc_map_node *old = &map->nodes[i];
    set(&grown, old->key, old->length, hash_of(old->key, old->length), old->value);
  }
  *map = grown;
  return true;
}

bool evc_map_reserve(evc_map *map, evc_arena *arena, size_t more) {
  size_t needed = evc_size_mul(evc_size_add(map->count, more), 2);
  size_t capacity = map->capacity ? map->capacity : 4;
  if (needed > UINT32_MAX / 2) return false;
  while (capacity < needed) capacity *= 2;
  return capacity == map->capacity || grow(map, arena, capacity);
}

bool evc_map_set(evc_map *map, evc_arena *arena, const char *key, size_t length, uint32_t value) {
  if (!evc_map_reserve(map, arena, 1)) return false;
  set(map, key, length, hash_of(key, length), value);
  return true;
}
