/* SQLite: a calculation is a SELECT without a table, its fields are parameters. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "peer.h"

static const bench_dialect dialect = {
    .head = "SELECT ",
    .tail = "",
    .fields_head = "SELECT ",
    .fields_tail = "",
    .field_prefix = "@",
    .dot = '_',
    .quote = '\'',
    .words = {{"AND", "AND"},
              {"OR", "OR"},
              {"Math.max", "max"},
              {"isnull", "ifnull"},
              {"true", "true"},
              {"false", "false"}},
};

typedef struct peer {
  sqlite3 *database;
  sqlite3_stmt *statement;
} peer;

static void close_peer(void *self) {
  peer *p = self;
  sqlite3_close(p->database);
  free(p);
}

static void *open_peer(const char *const *fields) {
  (void)fields;
  peer *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(":memory:", &p->database, flags, NULL) == SQLITE_OK) return p;
  close_peer(p);
  return NULL;
}

/* With the NUL counted the library need not copy the text. */
static bool compile(void *self, const char *text, size_t length) {
  peer *p = self;
  if (sqlite3_prepare_v2(p->database, text, (int)length + 1, &p->statement, NULL) == SQLITE_OK)
    return true;
  fprintf(stderr, "%s\n", sqlite3_errmsg(p->database));
  return false;
}

static void release(void *self) {
  peer *p = self;
  sqlite3_finalize(p->statement);
  p->statement = NULL;
}

static void evaluate(void *self, const bench_record *records, size_t count, uint8_t *answers) {
  sqlite3_stmt *statement = ((peer *)self)->statement;
  for (size_t i = 0; i < count; i++) {
    const bench_record *r = &records[i];
    sqlite3_bind_double(statement, 1, r->amount);
    sqlite3_bind_double(statement, 2, r->quantity);
    sqlite3_bind_text(statement, 3, r->currency, (int)r->currency_length, SQLITE_STATIC);
    sqlite3_bind_int(statement, 4, r->vip);
    sqlite3_bind_int(statement, 5, r->closed);
    bool row = sqlite3_step(statement) == SQLITE_ROW;
    answers[i] = row ? (uint8_t)sqlite3_column_int(statement, 0) : UINT8_MAX;
    sqlite3_reset(statement);
  }
}

static size_t memory(void *self, const char *text, size_t length) {
  if (!compile(self, text, length)) return 0;
  int bytes = sqlite3_stmt_status(((peer *)self)->statement, SQLITE_STMTSTATUS_MEMUSED, 0);
  release(self);
  return (size_t)bytes;
}

static const bench_peer description = {BENCH_PEER_NAME, NULL,    &dialect, open_peer, close_peer,
                                       compile,         release, evaluate, memory,    NULL,
                                       NULL,            NULL};

const bench_peer *bench_peer_describe(void) { return &description; }
