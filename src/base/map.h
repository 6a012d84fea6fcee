/* A hash map from text to a 32-bit number, in an arena. Keys are borrowed.
**
** Keys come from files and requests, so they may be chosen to collide. An entry is therefore sought
** in a few places only; keys that find none of them free are kept in a tree over their bits beside
** the table. Setting and getting then take at worst time linear in the length of the key.
*/
#ifndef EVC_BASE_MAP_H
#define EVC_BASE_MAP_H

#include "arena.h"

#define EVC_MAP_ABSENT UINT32_MAX

typedef struct evc_map_entry {
  const char *key;
  uint32_t length, hash;
  uint32_t value; /* EVC_MAP_ABSENT: the entry is free */
} evc_map_entry;

/* A key of the tree, and a fork of it: what is below has the same bits before `bit`. */
typedef struct evc_map_node {
  const char *key;
  uint64_t bit;
  uint32_t length, value;
  uint32_t below[2]; /* by the bit: twice the number of a fork, or of a key plus 1 */
} evc_map_node;

/* Open addressing, at most half full. Start from {0}. */
typedef struct evc_map {
  evc_map_entry *entries;
  evc_map_node *nodes; /* room for all keys that might not find a place among the entries */
  size_t capacity;     /* of the entries: a power of two, or 0 */
  size_t count;        /* of all keys */
  uint32_t node_count, root;
} evc_map;

/* The value of a key, or EVC_MAP_ABSENT. */
uint32_t evc_map_get(const evc_map *map, const char *key, size_t length);

/* Make room for `more` keys, which can then be set without allocating. False when out of memory. */
bool evc_map_reserve(evc_map *map, evc_arena *arena, size_t more);

/* Set the value (not EVC_MAP_ABSENT) of a key shorter than 4 GiB. False when out of memory. */
bool evc_map_set(evc_map *map, evc_arena *arena, const char *key, size_t length, uint32_t value);

#endif
