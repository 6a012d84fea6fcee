/* A fix changes characters in lines and seldom the number of lines: of two texts with as many
** lines, line is compared with line. Else all between what is equal at the start and at the end is
** taken as changed. Both are linear, and right; the latter is only longer than it could be. */
#include "diff.h"

#include <string.h>

#include "../base/memory.h"

/* Lines around a change, as patch expects them. */
enum { CONTEXT = 3 };

typedef struct diff_text {
  evc_text *lines; /* each with its LF, which the last one may lack */
  size_t count;
} diff_text;

/* Lines [from, to) of both texts differ; where the counts differ, these are the ends of each. */
typedef struct diff_change {
  size_t from, to, after_from, after_to;
} diff_change;

typedef struct differ {
  evc_builder *out;
  diff_text before, after;
  size_t head, tail; /* lines that are equal at the start and at the end */
  bool safe;
} differ;

static bool split(evc_arena *arena, evc_text text, diff_text *split_text) {
  const char *at = text.data, *end = at + text.length;
  size_t count = 0;
  for (const char *lf = at; lf < end && (lf = memchr(lf, '\n', (size_t)(end - lf))); lf++) count++;
  split_text->lines = evc_arena_alloc(arena, evc_size_mul(count + 1, sizeof(evc_text)));
  split_text->count = 0;
  if (!split_text->lines) return false;
  while (at < end) {
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    const char *next = lf ? lf + 1 : end;
    split_text->lines[split_text->count++] = (evc_text){at, (size_t)(next - at)};
    at = next;
  }
  return true;
}

static bool same(const differ *d, size_t before, size_t after) {
  return evc_text_equal(d->before.lines[before], d->after.lines[after]);
}

static void trim(differ *d) {
  size_t least = d->before.count < d->after.count ? d->before.count : d->after.count;
  while (d->head < least && same(d, d->head, d->head)) d->head++;
  while (d->head + d->tail < least &&
         same(d, d->before.count - 1 - d->tail, d->after.count - 1 - d->tail))
    d->tail++;
}

/* The first change at or behind a line of the text before; false when there is none. */
static bool next_change(const differ *d, size_t line, diff_change *change) {
  size_t end = d->before.count - d->tail, after_end = d->after.count - d->tail;
  if (d->before.count != d->after.count) {
    *change = (diff_change){d->head, end, d->head, after_end};
    return line <= d->head;
  }
  while (line < end && same(d, line, line)) line++;
  if (line >= end) return false;
  size_t to = line + 1;
  while (to < end && !same(d, to, to)) to++;
  *change = (diff_change){line, to, line, to};
  return true;
}

/* What is not safe to show is escaped; tabs are. */
static void put_safely(const differ *d, evc_text line) {
  const char *at = line.data, *end = at + line.length;
  while (at < end) {
    const char *tab = memchr(at, '\t', (size_t)(end - at));
    size_t run = (size_t)((tab ? tab : end) - at);
    evc_build_quoted(d->out, (evc_text){at, run}, run);
    at += run;
    if (at < end) evc_build_char(d->out, *at++);
  }
}

static void put_line(const differ *d, char sign, evc_text line) {
  bool ended = line.length > 0 && line.data[line.length - 1] == '\n';
  evc_build_char(d->out, sign);
  if (ended) line.length--;
  if (d->safe) put_safely(d, line);
  else evc_build_text(d->out, line);
  evc_build_string(d->out, ended ? "\n" : "\n\\ No newline at end of file\n");
}

/* "start,count" of a hunk's head: lines count from 1, and an empty range is behind its line. */
static void put_range(const differ *d, char sign, size_t from, size_t to) {
  evc_build_char(d->out, ' ');
  evc_build_char(d->out, sign);
  evc_build_unsigned(d->out, to > from ? from + 1 : from);
  if (to - from == 1) return;
  evc_build_char(d->out, ',');
  evc_build_unsigned(d->out, to - from);
}

static void put_context(const differ *d, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) put_line(d, ' ', d->before.lines[i]);
}

/* The changes from `first` on that are so near to each other that they share context. Returns the
** line behind them. */
static size_t put_hunk(const differ *d, diff_change first) {
  diff_change change = first, next = first;
  size_t count = 1;
  while (next_change(d, change.to + 1, &next) && next.from - change.to <= (size_t)2 * CONTEXT) {
    change = next;
    count++;
  }
  size_t start = first.from < CONTEXT ? 0 : first.from - CONTEXT;
  size_t left = d->before.count - change.to, end = change.to + (left < CONTEXT ? left : CONTEXT);
  evc_build_string(d->out, "@@");
  put_range(d, '-', start, end);
  put_range(d, '+', first.after_from - (first.from - start),
            change.after_to + (end - change.to));
  evc_build_string(d->out, " @@\n");
  for (size_t i = 0; i < count; i++) {
    put_context(d, start, first.from);
    for (size_t k = first.from; k < first.to; k++) put_line(d, '-', d->before.lines[k]);
    for (size_t k = first.after_from; k < first.after_to; k++)
      put_line(d, '+', d->after.lines[k]);
    start = first.to;
    if (i + 1 < count) next_change(d, first.to + 1, &first);
  }
  put_context(d, start, end);
  return change.to + 1;
}

static void put_name(const differ *d, const char *sign, const char *name) {
  evc_build_string(d->out, sign);
  evc_build_quoted(d->out, (evc_text){name, strlen(name)}, strlen(name));
  evc_build_char(d->out, '\n');
}

void cli_build_diff(evc_builder *out, const char *name, evc_text before, evc_text after,
                    bool safe) {
  differ d = {.out = out, .safe = safe};
  if (evc_text_equal(before, after)) return;
  if (!split(out->arena, before, &d.before) || !split(out->arena, after, &d.after)) {
    out->failed = true;
    return;
  }
  trim(&d);
  put_name(&d, "--- ", name);
  put_name(&d, "+++ ", name);
  diff_change change;
  for (size_t line = 0; next_change(&d, line, &change);) line = put_hunk(&d, change);
}
