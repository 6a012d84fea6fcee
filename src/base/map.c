#include "map.h"

#include <string.h>

#include "memory.h"

static uint64_t load(const char *at, size_t size) {
  uint64_t word = 0;
  memcpy(&word, at, size);
  return word;
}

/* Eight bytes a step, multiply and fold: names are 5 to 40 bytes, so this is two to five steps. */
static uint32_t hash_of(const char *key, size_t length) {
  const uint64_t multiplier = UINT64_C(0x9E3779B97F4A7C15);
  uint64_t hash = length * multiplier;
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    hash = (hash ^ load(key + i, 8)) * multiplier;
    hash ^= hash >> 32;
  }
  if (i < length) {
    hash = (hash ^ load(key + i, length - i)) * multiplier;
    hash ^= hash >> 32;
  }
  return (uint32_t)(hash ^ hash >> 29);
}

static evc_map_entry *entry_of(const evc_map *map, const char *key, size_t length, uint32_t hash) {
  size_t mask = map->capacity - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    evc_map_entry *entry = &map->entries[i];
    if (entry->value == EVC_MAP_ABSENT) return entry;
    if (entry->hash == hash && entry->length == length && memcmp(entry->key, key, length) == 0)
      return entry;
  }
}

uint32_t evc_map_get(const evc_map *map, const char *key, size_t length) {
  if (map->capacity == 0) return EVC_MAP_ABSENT;
  return entry_of(map, key, length, hash_of(key, length))->value;
}

static bool grow(evc_map *map, evc_arena *arena, size_t capacity) {
  evc_map grown = {NULL, capacity, map->count};
  size_t size = evc_size_mul(grown.capacity, sizeof *grown.entries);
  grown.entries = evc_arena_alloc(arena, size);
  if (!grown.entries) return false;
  for (size_t i = 0; i < grown.capacity; i++)
    grown.entries[i] = (evc_map_entry){NULL, 0, 0, EVC_MAP_ABSENT};
  for (size_t i = 0; i < map->capacity; i++) {
    evc_map_entry *old = &map->entries[i];
    if (old->value != EVC_MAP_ABSENT) *entry_of(&grown, old->key, old->length, old->hash) = *old;
  }
  *map = grown;
  return true;
}

bool evc_map_reserve(evc_map *map, evc_arena *arena, size_t more) {
  size_t needed = evc_size_mul(evc_size_add(map->count, more), 2);
  size_t capacity = map->capacity ? map->capacity : 16;
  if (needed > SIZE_MAX / 4) return false;
  while (capacity < needed) capacity *= 2;
  return capacity == map->capacity || grow(map, arena, capacity);
}

bool evc_map_set(evc_map *map, evc_arena *arena, const char *key, size_t length, uint32_t value) {
  if (!evc_map_reserve(map, arena, 1)) return false;
  uint32_t hash = hash_of(key, length);
  evc_map_entry *entry = entry_of(map, key, length, hash);
  map->count += entry->value == EVC_MAP_ABSENT;
  *entry = (evc_map_entry){key, (uint32_t)length, hash, value};
  return true;
}
