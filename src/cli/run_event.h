/* `evcalc run`: what is done with each event. One runner belongs to one thread; what runners
** share is the calculation, compiled once for each Event type met. */
#ifndef EVC_CLI_RUN_EVENT_H
#define EVC_CLI_RUN_EVENT_H

#include <pthread.h>

#include "cli.h"
#include "log.h"
#include "source.h"

/* The calculation compiled for one of the Event types met. */
typedef struct run_type {
  struct run_type *next;
  const evc_event_type *type;
  evc_calculation *calculation; /* NULL: it is invalid for this type */
  evc_report *report;           /* what compiling said */
  bool said;                    /* the report has been shown */
} run_type;

/* What is the same for every event. */
typedef struct run_shared {
  cli_context *cli;
  const evc_schema *schema;
  cli_calculation calculation;
  const evc_event_type *only; /* events of other types are skipped; or NULL */
  bool many;
  pthread_mutex_t lock; /* guards what follows */
  run_type *types;      /* those met, the newest first */
  evc_arena arena;
} run_shared;

bool run_shared_init(run_shared *shared, cli_context *cli, const evc_schema *schema);
void run_shared_free(run_shared *shared);

/* An Event type, as one runner has met it. */
typedef struct runner_type {
  run_type *common;
  evc_event *event; /* filled again and again */
  evc_trace *trace; /* with --explain, one a part */
  size_t noted;     /* the round in which its report was last noted in the log */
} runner_type;

typedef struct event_runner {
  run_shared *shared;
  evc_event_reader *reader; /* of NDJSON; NULL until it is needed */
  runner_type *types;
  size_t type_count, type_capacity;
  const evc_event_type *last; /* the type sought last, if it was found */
  evc_arena arena;
  cli_log log; /* what is to be printed; a note is a run_type whose report is to be shown */
  size_t round;
  size_t skipped;    /* events of other types */
  cli_status status; /* the worst so far */
} event_runner;

void event_runner_init(event_runner *runner, run_shared *shared);
void event_runner_free(event_runner *runner);

/* Make the calculation ready for an Event type, and note what compiling said. False when out of
** memory. */
bool event_runner_prepare(event_runner *runner, const evc_event_type *type);

/* The text that events are in, and where it is from. */
typedef struct run_text {
  const char *name;
  evc_text text;
} run_text;

/* Evaluate on the reader's next event; false when there is none. */
bool event_runner_next(event_runner *runner, evc_event_reader *reader, const run_text *from);

/* Evaluate on the event whose head is given. */
void event_runner_run(event_runner *runner, const run_text *from, const evc_event_head *head);

/* There is no event where one should be; takes the report over. */
void event_runner_refuse(event_runner *runner, const run_text *from, size_t line,
                         evc_report *report);

/* Is the event of another type than the one wanted? */
bool event_runner_skips(const event_runner *runner, const evc_event_head *head);

/* Print what is in the runner's log and empty it. One runner at a time, in the order of the
** events. */
void event_runner_print(event_runner *runner);

#endif
