/* A bump allocator: many small allocations, one free. */
#ifndef EVC_BASE_ARENA_H
#define EVC_BASE_ARENA_H

#include "evcalc/base.h"
#include "rare.h"

struct evc_arena_block;

typedef struct evc_arena {
  evc_allocator allocator;
  struct evc_arena_block *blocks; /* newest first; the caller's first buffer is not among them */
  char *cursor, *end;             /* free bytes of the current block */
  size_t expected;                /* how large the first block is to be, if there is one */
  bool failed;                    /* an allocation did, at any time */
} evc_arena;

/* An empty arena. `buffer` of `size` bytes (may be NULL, 0) is used before anything is allocated; it
** must outlive the arena. */
void evc_arena_init(evc_arena *arena, const evc_allocator *allocator, void *buffer, size_t size);

/* Give all blocks back. The arena is then empty and without its first buffer. */
void evc_arena_free(evc_arena *arena);

/* Take back everything that was handed out, keeping the memory as one block: use as heavy as before
** then allocates nothing. The first buffer is no longer used. */
void evc_arena_reset(evc_arena *arena);

/* `size` bytes aligned for any type, not cleared; NULL when out of memory. */
void *evc_arena_alloc(evc_arena *arena, size_t size);

/* Grow an array in the arena to hold at least `needed` elements of `element` bytes (a null `*array`
** is an empty one). The old place is wasted, so capacity doubles. False when out of memory, with
** everything as before. */
bool evc_arena_grow_slowly(evc_arena *arena, void **array, size_t *capacity, size_t needed,
                           size_t element);

/* Mostly there is room: asking inline took 5 % off compiling a short calculation. */
static inline bool evc_arena_grow(evc_arena *arena, void **array, size_t *capacity, size_t needed,
                                  size_t element) {
  return needed <= *capacity || evc_arena_grow_slowly(arena, array, capacity, needed, element);
}

/* A copy of the text, NUL-terminated; data == NULL when out of memory. */
evc_text evc_arena_text(evc_arena *arena, const char *data, size_t length);

/* Bytes taken from the allocator. */
size_t evc_arena_size(const evc_arena *arena);

#endif
