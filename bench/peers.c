/* Loading the peers' modules. */
#include "peers.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "measure.h"
#include "workload.h"

/* `path` is empty where the library was not found. */
typedef struct module {
  const char *name, *package, *path;
} module;

static const module modules[] = {BENCH_PEERS};

/* RTLD_LOCAL: each module finds the names of its own library only. It stays loaded. */
static const bench_peer *load(const char *path) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  void *symbol = handle ? dlsym(handle, "bench_peer_describe") : NULL;
  if (!symbol) bench_die("%s", dlerror());
  bench_peer_description describe;
  memcpy(&describe, &symbol, sizeof describe);
  return describe();
}

void bench_peers_open(bench_peers *peers) {
  peers->count = peers->missing_count = 0;
  /* muParser's columns are spread over all processors otherwise; everything here is for one. */
  if (setenv("OMP_NUM_THREADS", "1", 1) != 0) bench_die("out of memory");
  for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
    const module *m = &modules[i];
    if (!m->path[0]) {
      peers->missing[peers->missing_count++] = (bench_missing){m->name, m->package};
      continue;
    }
    bench_opened *opened = &peers->opened[peers->count++];
    opened->peer = load(m->path);
    opened->self = opened->peer->open(bench_fields);
    if (!opened->self) bench_die("%s cannot be opened", m->name);
  }
  if (!BENCH_JQ[0]) peers->missing[peers->missing_count++] = (bench_missing){"jq", "jq"};
}

void bench_peers_close(bench_peers *peers) {
  for (size_t i = 0; i < peers->count; i++) peers->opened[i].peer->close(peers->opened[i].self);
  peers->count = 0;
}

char *bench_peer_spell(const bench_peer *peer, const char *text, bool with_fields) {
  enum { CAPACITY = 512 };
  const bench_dialect *dialect = peer->dialect;
  char *spelled = bench_allocate(CAPACITY);
  if (!bench_spell(dialect, with_fields ? dialect->fields_head : dialect->head, text,
                   with_fields ? dialect->fields_tail : dialect->tail, spelled, CAPACITY))
    bench_die("too long for %s: %s", peer->name, text);
  return spelled;
}
