/* Working on a stream piece by piece in several threads, results in the order of the pieces.
**
** Every thread does the same: take the next piece, work on it, wait for its turn, give the result.
** So there are never more pieces in memory than threads, and no queue. With one job there are no
** threads but the caller's.
*/
#ifndef EVC_CLI_POOL_H
#define EVC_CLI_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "chunks.h"

typedef struct cli_pool cli_pool;

typedef enum cli_pool_taken {
  CLI_TAKEN_NONE, /* there is no more */
  CLI_TAKEN,
  CLI_TAKEN_MUCH /* a large piece: there is work for one thread more */
} cli_pool_taken;

/* What is done. `worker` is what `start` made. */
typedef struct cli_pool_work {
  void *context;
  size_t jobs; /* threads at most; 0 is taken as 1 */
  /* What a thread works with; `number` counts from 0. NULL: no more threads. By one thread at a
  ** time. */
  void *(*start)(void *context, size_t number);
  /* Take the next piece. By one thread at a time; calls cli_pool_pause before it waits for
  ** input. */
  cli_pool_taken (*take)(void *context, void *worker, cli_pool *pool);
  /* Work on it, at the same time as others. */
  void (*work)(void *context, void *worker);
  /* Hand the result on. In the order of taking, by one thread at a time. False: stop. */
  bool (*give)(void *context, void *worker);
  /* Flush what was given. Never at the same time as `give`. */
  void (*flush)(void *context);
} cli_pool_work;

/* Work until there is no more. False when not even one thread could start. */
bool cli_pool_run(const cli_pool_work *work);

/* A `take` of pieces that are chunks of a stream: the next one, or with *too_long the number of a line
** that was skipped. */
cli_pool_taken cli_pool_take(cli_pool *pool, cli_chunks *chunks, cli_chunk *chunk, bool *too_long);

/* Until the piece that is being taken is there, results are flushed as soon as they are given. */
void cli_pool_pause(cli_pool *pool);

/* How many processors there are. */
size_t cli_pool_processors(void);

#endif
