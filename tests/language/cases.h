/* Reading tables of language cases: see FORMAT.md. */
#ifndef EVC_TESTS_CASES_H
#define EVC_TESTS_CASES_H

#include "evcalc/evcalc.h"

enum { MOST_EXPECTED = 160, MOST_CHECKS = 8 };

typedef enum verdict { VERDICT_NONE, VERDICT_VALID, VERDICT_TRUE, VERDICT_FALSE, VERDICT_FAILS } verdict;

/* A line below a diagnostic: fix, message, help, label. */
typedef struct check {
  enum { CHECK_FIX, CHECK_NO_FIX, CHECK_MESSAGE, CHECK_HELP, CHECK_LABEL } kind;
  evc_text text;
} check;

typedef struct expected {
  bool warning;
  evc_text code, span;
  check checks[MOST_CHECKS];
  size_t check_count;
} expected;

typedef struct language_case {
  evc_text title, type, event, options, calculation;
  size_t line;
  verdict verdict;
  evc_text fails_code, fails_span;
  expected diagnostics[MOST_EXPECTED];
  size_t diagnostic_count;
} language_case;

typedef struct table {
  const char *file;
  char *text;
  size_t length, at, line;
  evc_text type; /* of cases that name none */
  char *memory[8192]; /* decoded texts */
  size_t memory_count;
} table;

/* Opens a file; exits with a message when it cannot be read. */
void table_open(table *t, const char *file);
void table_close(table *t);

/* Lines before the first case, one a call: the JSON of a `fields` line; false when there are no more. */
bool table_fields(table *t, evc_text *json);

/* The next case; false at the end. Exits with file and line where the format is wrong. */
bool table_next(table *t, language_case *c);

#endif
