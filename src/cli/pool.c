#include "pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct cli_pool {
  const cli_pool_work *work;
  pthread_mutex_t input; /* guards what follows */
  bool ended, paused;
  size_t taken;
  size_t started; /* threads, the caller's included */
  pthread_t *threads;
  pthread_mutex_t output; /* guards what follows; taken behind `input` only */
  pthread_cond_t turn;    /* `given` has changed */
  size_t given;
  bool stopped;
  bool flushing; /* nobody knows when the next piece comes */
};

/* A thread that is started: where it belongs and what it works with. */
typedef struct thread_start {
  cli_pool *pool;
  void *worker;
} thread_start;

static void run_worker(cli_pool *pool, void *worker);

static void *run_thread(void *argument) {
  thread_start start = *(thread_start *)argument;
  free(argument);
  run_worker(start.pool, start.worker);
  return NULL;
}

/* One thread more, if it can be had. */
static void start_thread(cli_pool *pool) {
  const cli_pool_work *work = pool->work;
  thread_start *start = malloc(sizeof *start);
  if (!start) return;
  *start = (thread_start){pool, work->start(work->context, pool->started)};
  pthread_t *thread = &pool->threads[pool->started - 1];
  if (start->worker && pthread_create(thread, NULL, run_thread, start) == 0) pool->started++;
  else free(start);
}

void cli_pool_pause(cli_pool *pool) {
  pthread_mutex_lock(&pool->output);
  pool->paused = pool->flushing = true;
  if (!pool->stopped) pool->work->flush(pool->work->context);
  pthread_mutex_unlock(&pool->output);
}

static void end_pause(cli_pool *pool) {
  if (!pool->paused) return;
  pool->paused = false;
  pthread_mutex_lock(&pool->output);
  pool->flushing = false;
  pthread_mutex_unlock(&pool->output);
}

/* Take a piece, number *number. False when there is no more. */
static bool take(cli_pool *pool, void *worker, size_t *number) {
  const cli_pool_work *work = pool->work;
  pthread_mutex_lock(&pool->input);
  cli_pool_taken taken = CLI_TAKEN_NONE;
  if (!pool->ended) taken = work->take(work->context, worker, pool);
  end_pause(pool);
  if (taken == CLI_TAKEN_NONE) pool->ended = true;
  else *number = pool->taken++;
  if (taken == CLI_TAKEN_MUCH && pool->started < work->jobs) start_thread(pool);
  pthread_mutex_unlock(&pool->input);
  return taken != CLI_TAKEN_NONE;
}

/* Give the result of a piece when those before it have been given. False when that was the last. */
static bool give(cli_pool *pool, void *worker, size_t number) {
  const cli_pool_work *work = pool->work;
  pthread_mutex_lock(&pool->output);
  while (pool->given != number) pthread_cond_wait(&pool->turn, &pool->output);
  if (!pool->stopped) {
    pool->stopped = !work->give(work->context, worker);
    if (pool->flushing) work->flush(work->context);
  }
  bool more = !pool->stopped;
  pool->given++;
  pthread_cond_broadcast(&pool->turn);
  pthread_mutex_unlock(&pool->output);
  return more;
}

static void run_worker(cli_pool *pool, void *worker) {
  size_t number;
  while (take(pool, worker, &number)) {
    pool->work->work(pool->work->context, worker);
    if (give(pool, worker, number)) continue;
    pthread_mutex_lock(&pool->input);
    pool->ended = true;
    pthread_mutex_unlock(&pool->input);
  }
}

bool cli_pool_run(const cli_pool_work *work) {
  void *worker = work->start(work->context, 0);
  cli_pool pool = {.work = work, .started = 1};
  pool.threads = malloc((work->jobs ? work->jobs : 1) * sizeof *pool.threads);
  bool ready = worker && pool.threads && pthread_mutex_init(&pool.input, NULL) == 0;
  if (ready && pthread_mutex_init(&pool.output, NULL) != 0) {
    pthread_mutex_destroy(&pool.input);
    ready = false;
  }
  if (ready && pthread_cond_init(&pool.turn, NULL) != 0) {
    pthread_mutex_destroy(&pool.input);
    pthread_mutex_destroy(&pool.output);
    ready = false;
  }
  if (ready) {
    run_worker(&pool, worker);
    /* The input has ended, so no more threads are started. */
    for (size_t i = 0; i + 1 < pool.started; i++) pthread_join(pool.threads[i], NULL);
    pthread_cond_destroy(&pool.turn);
    pthread_mutex_destroy(&pool.output);
    pthread_mutex_destroy(&pool.input);
  }
  free(pool.threads);
  return ready;
}

size_t cli_pool_processors(void) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (size_t)count : 1;
}

static void pause_reading(void *pool) { cli_pool_pause(pool); }

cli_pool_taken cli_pool_take(cli_pool *pool, cli_chunks *chunks, cli_chunk *chunk, bool *too_long) {
  chunks->pause = pause_reading;
  chunks->context = pool;
  cli_chunk_status status = cli_chunks_next(chunks, chunk);
  if (status != CLI_CHUNK && status != CLI_CHUNK_TOO_LONG) return CLI_TAKEN_NONE;
  *too_long = status == CLI_CHUNK_TOO_LONG;
  return chunk->length >= CLI_CHUNK_SIZE / 8 ? CLI_TAKEN_MUCH : CLI_TAKEN;
}
