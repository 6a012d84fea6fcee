/* The default allocator, and the checks around any other. */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

const char *evc_version(void) { return EVC_VERSION; }

static void *default_allocate(void *context, size_t size) {
  (void)context;
  return malloc(size);
}

static void *default_reallocate(void *context, void *memory, size_t old_size, size_t size) {
  (void)context;
  (void)old_size;
  return realloc(memory, size);
}

static void default_release(void *context, void *memory, size_t size) {
  (void)context;
  (void)size;
  free(memory);
}

evc_allocator evc_allocator_of(const evc_allocator *given) {
  if (given) return *given;
  return (evc_allocator){default_allocate, default_reallocate, default_release, NULL};
}

void *evc_allocate(const evc_allocator *allocator, size_t size) {
  if (size == SIZE_MAX) return NULL;
  return allocator->allocate(allocator->context, size ? size : 1);
}

void *evc_reallocate(const evc_allocator *allocator, void *memory, size_t old_size, size_t size) {
  if (size == SIZE_MAX) return NULL;
  if (!memory) return evc_allocate(allocator, size);
  return allocator->reallocate(allocator->context, memory, old_size, size ? size : 1);
}

void evc_release(const evc_allocator *allocator, void *memory, size_t size) {
  if (memory) allocator->release(allocator->context, memory, size);
}

/* Dividing, which takes longest, is only for what is huge. */
size_t evc_size_mul(size_t a, size_t b) {
  const size_t half = (size_t)1 << sizeof(size_t) * 4;
  if (a < half && b < half) return a * b;
  return b && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

size_t evc_size_add(size_t a, size_t b) { return a > SIZE_MAX - b ? SIZE_MAX : a + b; }

size_t evc_length_of(const char *text, size_t length) {
  if (length != EVC_NUL_TERMINATED) return length;
  return text ? strlen(text) : 0;
}
