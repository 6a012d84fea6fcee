/* An allocator for tests: counts what is out, checks the sizes it is given back, and can fail. */
#ifndef EVC_TESTS_FAILING_H
#define EVC_TESTS_FAILING_H

#include <stdlib.h>
#include <string.h>

#include "evcalc/base.h"

typedef struct failing {
  size_t bytes;     /* out now */
  size_t calls;     /* allocations so far, the failed one included */
  size_t fail_from; /* this call and all later ones fail; 0: none */
  bool only_once;   /* only that one fails */
  bool paused;      /* what is allocated now neither fails nor counts */
  bool mistaken;    /* something came back with a size it never had */
} failing;

static inline bool failing_now(failing *f) {
  if (f->paused) return false;
  f->calls++;
  return f->fail_from != 0 && (f->only_once ? f->calls == f->fail_from : f->calls >= f->fail_from);
}

/* Each block is preceded by its size, and filled with rubbish. */
static inline void *failing_allocate(void *context, size_t size) {
  failing *f = context;
  if (failing_now(f)) return NULL;
  char *block = malloc(16 + size);
  if (!block) return NULL;
  memcpy(block, &size, sizeof size);
  memset(block + 16, 0xA5, size);
  f->bytes += size;
  return block + 16;
}

static inline void failing_release(void *context, void *memory, size_t size) {
  failing *f = context;
  size_t had;
  memcpy(&had, (char *)memory - 16, sizeof had);
  if (had != size) f->mistaken = true;
  memset(memory, 0x5A, had);
  f->bytes -= had;
  free((char *)memory - 16);
}

static inline void *failing_reallocate(void *context, void *memory, size_t old_size,
                                       size_t size) {
  void *moved = failing_allocate(context, size);
  if (!moved) return NULL;
  memcpy(moved, memory, old_size < size ? old_size : size);
  failing_release(context, memory, old_size);
  return moved;
}

static inline evc_allocator failing_allocator(failing *f) {
  return (evc_allocator){failing_allocate, failing_reallocate, failing_release, f};
}

/* simdjson allocates with operator new, which failing_new.cpp replaces: let its n-th call from now
** on fail, and all later ones or only that one; 0: none. */
void failing_new_from(size_t n);
void failing_new_once(size_t n);

/* How often it was called since then. While paused, it neither fails nor counts. */
size_t failing_new_calls(void);
void failing_new_pause(bool paused);

#endif
