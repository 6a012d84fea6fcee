/* What an editor's questions take on a long calculation, whole and broken, through the public face
** alone. Prints one table; nothing here passes or fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "evcalc/editor.h"

enum { LENGTH = 5000, ROUNDS = 200, OFFSETS = 64 };

static void die(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  timespec_get(&t, TIME_UTC);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* About LENGTH bytes of conditions of a few shapes. */
static size_t build(char *text, const char *joined_by, const char *last) {
  static const char *const conditions[] = {
      "new.amountSpent >= new.amount * 0.9",
      "(new.currency == \"USD\" OR new.currency == \"EUR\")",
      "Math.round(isnull(new.amountPrePaid, 0) / 12, 2) > Math.max(old.amount, 100)",
      "new.customFields.tier != \"gold\"",
      "(old.endDate == null ? new.billingInterval : old.billingInterval) % 3 == 0",
  };
  size_t length = 0;
  for (size_t i = 0; length < LENGTH; i++)
    length += (size_t)sprintf(text + length, "%s%s", i ? joined_by : "", conditions[i % 5]);
  return length + (size_t)sprintf(text + length, "%s", last);
}

/* new.amount as new.aaount: every name has to be guessed. */
static void make_slips(char *text) {
  for (char *at = text; (at = strstr(at, "new.")) != NULL; at += 4) at[5] = at[4];
}

typedef evc_status (*question)(evc_editor *editor, size_t offset);

static evc_status complete(evc_editor *editor, size_t offset) {
  evc_completions found;
  return evc_editor_complete(editor, offset, &found);
}

static evc_status hover(evc_editor *editor, size_t offset) {
  evc_hover found;
  return evc_editor_hover(editor, offset, &found);
}

static evc_status signature(evc_editor *editor, size_t offset) {
  evc_signature found;
  return evc_editor_signature(editor, offset, &found);
}

static evc_status ranges(evc_editor *editor, size_t offset) {
  const evc_range *found;
  size_t count;
  return evc_editor_ranges(editor, offset, &found, &count);
}

static evc_status symbols(evc_editor *editor, size_t offset) {
  const evc_symbol *found;
  size_t count;
  (void)offset;
  return evc_editor_symbols(editor, &found, &count);
}

/* Milliseconds of one question: the best round for each of many offsets, of which the worst
** counts. */
static double worst_of(evc_editor *editor, question ask, size_t length) {
  double worst = 0;
  for (size_t i = 0; i <= OFFSETS; i++) {
    size_t offset = length * i / OFFSETS;
    double best = 1e9;
    for (int round = 0; round < 9; round++) {
      double start = now();
      if (ask(editor, offset) == EVC_OUT_OF_MEMORY) die("out of memory");
      double took = now() - start;
      best = took < best ? took : best;
    }
    worst = best > worst ? best : worst;
  }
  return worst;
}

static double reading(evc_editor *editor, const char *text, size_t length) {
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = now();
    if (evc_editor_set_text(editor, text, length) != EVC_OK) die("out of memory");
    double took = now() - start;
    best = took < best ? took : best;
  }
  return best;
}

int main(void) {
  static const struct {
    const char *name, *joined_by, *last;
  } texts[] = {
      {"valid", "\nAND ", ""},
      {"broken at the end", "\nAND ", "\nAND new."},
      {"broken everywhere", " AND\n> AND ", ""},
      {"unclosed", "\nAND (", ""},
      {"full of slips in names", "\nAND ", ""},
  };
  static const struct {
    const char *name;
    question ask;
  } questions[] = {{"complete", complete},
                   {"hover", hover},
                   {"signature", signature},
                   {"ranges", ranges},
                   {"symbols", symbols}};
  evc_schema *schema = evc_schema_builtin(NULL);
  if (!schema) die("out of memory");
  const evc_event_type *type =
      evc_schema_find(schema, "configuration.commitment.updated", EVC_NUL_TERMINATED);
  printf("%-24s %7s %9s", "ms, at the worst offset", "bytes", "set_text");
  for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
    printf(" %9s", questions[i].name);
  putchar('\n');
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    static char text[2 * LENGTH];
    size_t length = build(text, texts[t].joined_by, texts[t].last);
    if (t == sizeof texts / sizeof *texts - 1) make_slips(text);
    evc_options options = {.schema = schema};
    evc_editor *editor = evc_editor_new(type, &options);
    if (!editor) die("out of memory");
    printf("%-24s %7zu %9.3f", texts[t].name, length, reading(editor, text, length));
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
      printf(" %9.3f", worst_of(editor, questions[i].ask, length));
    putchar('\n');
    evc_editor_free(editor);
  }
  evc_schema_free(schema);
  return 0;
}
