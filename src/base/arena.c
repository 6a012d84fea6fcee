/* Blocks double in size, so that a large input costs few allocations. */
#include "arena.h"

#include <string.h>

#include "memory.h"

enum { ALIGNMENT = 16, FIRST_BLOCK = 1024, LARGEST_DOUBLING = 1 << 20 };

struct evc_arena_block {
  struct evc_arena_block *next;
  size_t size; /* of the whole block, this header included */
};

enum { HEADER = (sizeof(struct evc_arena_block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT };

void evc_arena_init(evc_arena *arena, const evc_allocator *allocator, void *buffer, size_t size) {
  arena->allocator = evc_allocator_of(allocator);
  arena->blocks = NULL;
  arena->expected = 0;
  arena->failed = false;
  size_t skip = buffer ? (size_t)(-(uintptr_t)buffer % ALIGNMENT) : 0;
  if (!buffer || size < skip) {
    arena->cursor = arena->end = NULL;
    return;
  }
  arena->cursor = (char *)buffer + skip;
  arena->end = (char *)buffer + size;
}

void evc_arena_free(evc_arena *arena) {
  for (struct evc_arena_block *block = arena->blocks; block;) {
    struct evc_arena_block *next = block->next;
    evc_release(&arena->allocator, block, block->size);
    block = next;
  }
  arena->blocks = NULL;
  arena->cursor = arena->end = NULL;
}

static void use_block(evc_arena *arena, struct evc_arena_block *block) {
  arena->cursor = (char *)block + HEADER;
  arena->end = (char *)block + block->size;
}

void evc_arena_reset(evc_arena *arena) {
  struct evc_arena_block *block = arena->blocks;
  if (block && block->next) {
    /* Joining may fail; then there is just no memory to keep. */
    size_t size = evc_arena_size(arena);
    evc_arena_free(arena);
    block = evc_allocate(&arena->allocator, size);
    if (block) *block = (struct evc_arena_block){NULL, size};
    arena->blocks = block;
  }
  arena->cursor = arena->end = NULL;
  if (block) use_block(arena, block);
}

static EVC_RARE void *alloc_in_new_block(evc_arena *arena, size_t size) {
  size_t block_size = arena->blocks ? arena->blocks->size : FIRST_BLOCK / 2;
  if (block_size < LARGEST_DOUBLING) block_size *= 2;
  if (!arena->blocks && block_size < arena->expected) block_size = arena->expected;
  size_t needed = evc_size_add(HEADER, size);
  if (block_size < needed) block_size = needed;
  struct evc_arena_block *block = evc_allocate(&arena->allocator, block_size);
  if (!block) {
    arena->failed = true;
    return NULL;
  }
  block->next = arena->blocks;
  block->size = block_size;
  arena->blocks = block;
  arena->cursor = (char *)block + HEADER + size;
  arena->end = (char *)block + block_size;
  return (char *)block + HEADER;
}

static size_t aligned(size_t size) { return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

void *evc_arena_alloc(evc_arena *arena, size_t size) {
  if (size > SIZE_MAX - ALIGNMENT) {
    arena->failed = true;
    return NULL;
  }
  size = aligned(size);
  if ((size_t)(arena->end - arena->cursor) < size || !arena->cursor)
    return alloc_in_new_block(arena, size);
  void *result = arena->cursor;
  arena->cursor += size;
  return result;
}

/* What was handed out last grows where it is, as far as the block reaches. */
static bool extend(evc_arena *arena, const void *last, size_t size, size_t grown) {
  if (!last || (const char *)last + aligned(size) != arena->cursor || grown > SIZE_MAX - ALIGNMENT)
    return false;
  size_t more = aligned(grown) - aligned(size);
  if ((size_t)(arena->end - arena->cursor) < more) return false;
  arena->cursor += more;
  return true;
}

bool evc_arena_grow_slowly(evc_arena *arena, void **array, size_t *capacity, size_t needed,
                           size_t element) {
  size_t grown = *capacity < 8 ? 8 : evc_size_mul(*capacity, 2);
  if (grown < needed) grown = needed;
  if (extend(arena, *array, *capacity * element, evc_size_mul(grown, element))) {
    *capacity = grown;
    return true;
  }
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
