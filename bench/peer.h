/* What a peer does for the benchmarks.
**
** Each peer is a module that is loaded by itself, because Lua and LuaJIT define the same names; it
** exports bench_peer_describe and nothing else. A peer holds one calculation at a time.
*/
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spell.h"

#if defined(__GNUC__)
#define BENCH_EXPORT __attribute__((visibility("default")))
#else
#define BENCH_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum { BENCH_RECORDS = 1024 };

/* The five fields of one event. */
typedef struct bench_record {
  double amount, quantity;
  const char *currency; /* NUL-terminated */
  uint32_t currency_length;
  uint32_t currency_code; /* bench_code of it, for peers without text */
  bool vip, closed;
} bench_record;

typedef struct bench_peer {
  const char *name; /* with its version */
  const char *note; /* what differs from what evcalc is asked to do; NULL */
  const bench_dialect *dialect;

  /* A peer that knows the fields, a list that ends with NULL; NULL when it cannot be made. */
  void *(*open)(const char *const *fields);
  void (*close)(void *self);

  /* Compile a calculation in the peer's dialect, NUL-terminated; false, with the library's words on
  ** stderr, when it cannot. `release` frees it. */
  bool (*compile)(void *self, const char *text, size_t length);
  void (*release)(void *self);

  /* Hand the fields over and evaluate, for each of `count` records. The calculation is one whose
  ** fields are handed over. */
  void (*evaluate)(void *self, const bench_record *records, size_t count, uint8_t *answers);

  /* Bytes that a compiled calculation holds. */
  size_t (*memory)(void *self, const char *text, size_t length);

  /* Many events in one call; NULL when the library has no such way. `text` is evcalc's; the peer
  ** copies the records, at most BENCH_RECORDS, into columns of its own. */
  bool (*load_columns)(void *self, const char *text, const bench_record *records, size_t count);
  void (*evaluate_columns)(void *self, uint8_t *answers);
  void (*unload_columns)(void *self);
} bench_peer;

typedef const bench_peer *(*bench_peer_description)(void);

BENCH_EXPORT const bench_peer *bench_peer_describe(void);

#ifdef __cplusplus
}
#endif
#endif
