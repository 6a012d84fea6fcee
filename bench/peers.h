/* The peers that were found when the benchmarks were built. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include "peer.h"

enum { BENCH_MOST_PEERS = 8 };

typedef struct bench_opened {
  const bench_peer *peer;
  void *self;
} bench_opened;

typedef struct bench_missing {
  const char *name, *package; /* Debian's */
} bench_missing;

typedef struct bench_peers {
  bench_opened opened[BENCH_MOST_PEERS];
  size_t count;
  bench_missing missing[BENCH_MOST_PEERS];
  size_t missing_count;
} bench_peers;

/* Load and open them, or the end. */
void bench_peers_open(bench_peers *peers);
void bench_peers_close(bench_peers *peers);

/* The calculation in the peer's dialect; `with_fields`: its fields are handed over. Free it. */
char *bench_peer_spell(const bench_peer *peer, const char *text, bool with_fields);

#endif
