/* Checked allocation through an evc_allocator. */
#ifndef EVC_BASE_MEMORY_H
#define EVC_BASE_MEMORY_H

#include "evcalc/base.h"

/* The allocator to use for `given`: a copy of it, or malloc's when it is NULL. */
evc_allocator evc_allocator_of(const evc_allocator *given);

/* `size` bytes, or NULL. A size of 0 is taken as 1. */
void *evc_allocate(const evc_allocator *allocator, size_t size);
void *evc_reallocate(const evc_allocator *allocator, void *memory, size_t old_size, size_t size);
void evc_release(const evc_allocator *allocator, void *memory, size_t size);

/* a * b and a + b, or SIZE_MAX where that does not fit: no allocation of that size succeeds. */
size_t evc_size_mul(size_t a, size_t b);
size_t evc_size_add(size_t a, size_t b);

/* The length of a public length argument. */
size_t evc_length_of(const char *text, size_t length);

#endif
