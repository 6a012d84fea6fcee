/* The arena (src/base/arena.h) without its blocks: each request is an allocation of its own, so that a
** test that makes the n-th allocation fail meets every place that asks for memory. It stands before the
** product's where it is linked. What an arena keeps when it is reset is here nothing. */
#include "../../src/base/arena.h"

#include <string.h>

#include "../../src/base/memory.h"

struct evc_arena_block {
  struct evc_arena_block *next;
  size_t size;
};

enum { HEADER = 16 };

void evc_arena_init(evc_arena *arena, const evc_allocator *allocator, void *buffer, size_t size) {
  (void)buffer, (void)size;
  *arena = (evc_arena){.allocator = evc_allocator_of(allocator)};
}

void evc_arena_free(evc_arena *arena) {
  for (struct evc_arena_block *block = arena->blocks; block;) {
    struct evc_arena_block *next = block->next;
    evc_release(&arena->allocator, block, block->size);
    block = next;
  }
  arena->blocks = NULL;
}

void evc_arena_reset(evc_arena *arena) { evc_arena_free(arena); }

void *evc_arena_alloc(evc_arena *arena, size_t size) {
  size_t needed = evc_size_add(HEADER, size);
  struct evc_arena_block *block = evc_allocate(&arena->allocator, needed);
  if (!block) {
    arena->failed = true;
    return NULL;
  }
  *block = (struct evc_arena_block){arena->blocks, needed};
  arena->blocks = block;
  return (char *)block + HEADER;
}

bool evc_arena_grow_slowly(evc_arena *arena, void **array, size_t *capacity, size_t needed,
                           size_t element) {
  size_t grown = *capacity < 8 ? 8 : evc_size_mul(*capacity, 2);
  if (grown < needed) grown = needed;
  void *place = evc_arena_alloc(arena, evc_size_mul(grown, element));
  if (!place) return false;
  if (*array) memcpy(place, *array, *capacity * element);
  *array = place;
  *capacity = grown;
  return true;
}

evc_text evc_arena_text(evc_arena *arena, const char *data, size_t length) {
  char *copy = evc_arena_alloc(arena, evc_size_add(length, 1));
  if (!copy) return (evc_text){NULL, 0};
  if (length) memcpy(copy, data, length);
  copy[length] = '\0';
  return (evc_text){copy, length};
}

size_t evc_arena_size(const evc_arena *arena) {
  size_t size = 0;
  for (const struct evc_arena_block *block = arena->blocks; block; block = block->next)
    size += block->size;
  return size;
}
