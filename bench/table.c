/* Printing. Nothing is printed when only checking. */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "evcalc/base.h"
#include "machine.h"

static const char *const unit_names[] = {
    [BENCH_NS] = "ns",       [BENCH_MB_S] = "MB/s", [BENCH_GB_S] = "GB/s", [BENCH_M_S] = "M/s",
    [BENCH_BYTES] = "bytes", [BENCH_MB] = "MB",     [BENCH_COUNT] = ""};

/* ---- Table ---------------------------------------------------------------------------------- */

/* Columns of a cell; numbers stand right. */
enum { NAME = 36, NUMBER = 11, RATIO = 9, CURVE = 31, POINT = 12 };

/* A line that is being written, so that blanks at its end can be dropped. */
typedef struct line {
  char text[256];
  size_t length;
} line;

static void put(line *l, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int wrote = vsnprintf(l->text + l->length, sizeof l->text - l->length, format, arguments);
  va_end(arguments);
  size_t room = sizeof l->text - l->length;
  if (wrote > 0) l->length += (size_t)wrote < room ? (size_t)wrote : room - 1;
}

static void end(line *l) {
  while (l->length && l->text[l->length - 1] == ' ') l->length--;
  printf("%.*s\n", (int)l->length, l->text);
  fflush(stdout);
}

/* Blanks to fill a cell that the text leaves. */
static int room_beside(const char *text, int width) {
  for (; *text; text++) width -= ((unsigned char)*text & 0xC0) != 0x80;
  return width > 0 ? width : 0;
}

static void put_left(line *l, const char *text, int width) {
  put(l, "%s%*s", text, room_beside(text, width), "");
}

static void put_right(line *l, const char *text, int width) {
  put(l, "%*s%s", room_beside(text, width), "", text);
}

/* Three or four digits; bytes and counts have no fraction. */
static void put_value(line *l, double value, bench_unit unit) {
  char cell[32];
  bool whole = unit == BENCH_BYTES || unit == BENCH_COUNT;
  int decimals = whole || value >= 1000 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  snprintf(cell, sizeof cell, "%.*f %s", decimals, value, unit_names[unit]);
  put_right(l, cell, NUMBER);
}

static void put_ratio(line *l, double ratio) {
  char cell[32] = "";
  if (ratio > 0) snprintf(cell, sizeof cell, "%.2f", ratio);
  put_right(l, cell, RATIO);
}

static bool has_target(const bench_row *row) {
  return row->target > 0 || row->target_native > 0 || row->target_evcalc > 0;
}

static void put_target(line *l, const bench_row *row) {
  put(l, "  %s", bench_met(row) ? "✓" : "✗");
  if (row->target > 0)
    put(l, " %s %g %s", bench_more_is_better(row->unit) ? "≥" : "≤", row->target,
        unit_names[row->unit]);
  if (row->target_native > 0) put(l, " ≤ %g × C", row->target_native);
  if (row->target_evcalc > 0) put(l, " ≥ %g × evcalc", row->target_evcalc);
}

static void print_row(const bench_row *row) {
  line l = {"", 0};
  put(&l, "  ");
  if (row->role == BENCH_PART) put(&l, "  ");
  put_left(&l, row->name, row->role == BENCH_PART ? NAME - 2 : NAME);
  put_value(&l, row->best, row->unit);
  if (row->work) put_value(&l, row->median, row->unit);
  else put_right(&l, "", NUMBER);
  put_ratio(&l, row->role == BENCH_NATIVE ? 0 : row->native);
  put_ratio(&l, row->role == BENCH_NATIVE || row->role == BENCH_EVCALC ? 0 : row->evcalc);
  if (has_target(row)) put_target(&l, row);
  end(&l);
}

static void print_table(const bench_section *section) {
  bool timed = section->rows[0].work, native = false;
  for (size_t i = 0; i < section->count; i++) native |= section->rows[i].role == BENCH_NATIVE;
  line l = {"", 0};
  put_left(&l, "", 2 + NAME);
  put_right(&l, timed ? "best" : "", NUMBER);
  put_right(&l, timed ? "median" : "", NUMBER);
  put_right(&l, native ? "× C" : "", RATIO);
  put_right(&l, "× evcalc", RATIO);
  put(&l, "    target");
  end(&l);
  for (size_t i = 0; i < section->count; i++) print_row(&section->rows[i]);
}

static void print_curve(const bench_section *section, double growth) {
  line l = {"", 0};
  put(&l, "  ");
  put_left(&l, section->rows[0].name, CURVE);
  for (size_t i = 0; i < 5; i++) {
    char cell[40] = "";
    const bench_row *row = &section->rows[i];
    if (i < section->count)
      snprintf(cell, sizeof cell, "%.0f: %.*f", row->pieces, row->best < 100 ? 1 : 0, row->best);
    put_right(&l, cell, POINT);
  }
  put(&l, "%*.2f", 6, growth);
  end(&l);
}

static void print_head(const bench_machine *m) {
  printf("evcalc %s\n", evc_version());
  printf("%s, %ld processors, load %.2f, %s\n", m->processor, m->processors, m->load, m->system);
  printf("%s, %s\n\n", m->compiler, m->flags);
  printf("Best and median of up to %d rounds, in which all rows of a section take turns.\n"
         "× C and × evcalc: how many times as long, or as much, as in C and as evcalc.\n"
         "✓ keeps its target, ✗ misses it.\n",
         BENCH_ROUNDS);
}

static void print_foot(const bench_peers *peers) {
  putchar('\n');
  for (size_t i = 0; i < peers->count; i++)
    if (peers->opened[i].peer->note)
      printf("%s: %s\n", peers->opened[i].peer->name, peers->opened[i].peer->note);
  for (size_t i = 0; i < peers->missing_count; i++)
    printf("%s is left out: install %s, then build again\n", peers->missing[i].name,
           peers->missing[i].package);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void json_string(const char *text) {
  putchar('"');
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') putchar('\\');
    if ((unsigned char)*text < ' ') printf("\\u%04x", (unsigned)*text);
    else putchar(*text);
  }
  putchar('"');
}

/* A member before which there is another. */
static void json_text(const char *name, const char *text) {
  printf(", \"%s\": ", name);
  if (text) json_string(text);
  else printf("null");
}

static void json_number(const char *name, double value) {
  printf(", \"%s\": ", name);
  if (value > 0) printf("%.6g", value);
  else printf("null");
}

static void json_head(const bench_machine *m, const bench_peers *peers) {
  printf("{\"evcalc\": \"%s\",\n \"machine\": {\"processors\": %ld, \"load\": %.2f",
         evc_version(), m->processors, m->load);
  json_text("cpu", m->processor);
  json_text("system", m->system);
  json_text("compiler", m->compiler);
  json_text("flags", m->flags);
  printf("},\n \"missing\": [");
  for (size_t i = 0; i < peers->missing_count; i++) {
    printf("%s{\"name\": \"%s\"", i ? ", " : "", peers->missing[i].name);
    json_text("package", peers->missing[i].package);
    putchar('}');
  }
  printf("],\n \"figures\": [");
}

static void json_begin(bench *b, const char *section) {
  printf("%s\n  {\"section\": \"%s\"", b->figures++ ? "," : "", section);
}

static void json_row(bench *b, const bench_section *section, const bench_row *row) {
  json_begin(b, section->key);
  json_text("title", section->title);
  json_text("text", section->text);
  json_text("name", row->name);
  json_text("unit", unit_names[row->unit]);
  printf(", \"best\": %.6g", row->best);
  printf(", \"median\": %.6g", row->median);
  json_number("ratioToC", row->native);
  json_number("ratioToEvcalc", row->evcalc);
  json_number("target", row->target);
  json_number("targetRatioToC", row->target_native);
  json_number("targetRatioToEvcalc", row->target_evcalc);
  printf(", \"met\": %s}", !has_target(row) ? "null" : bench_met(row) ? "true" : "false");
}

static void json_curve(bench *b, const bench_section *section, const char *unit, double growth) {
  json_begin(b, section->key);
  json_text("name", section->rows[0].name);
  json_text("unit", unit);
  printf(", \"points\": [");
  for (size_t i = 0; i < section->count; i++) {
    const bench_row *row = &section->rows[i];
    printf("%s{\"size\": %.0f, \"best\": %.6g, \"median\": %.6g}", i ? ", " : "", row->pieces,
           row->best, row->median);
  }
  printf("], \"growth\": %.4g}", growth);
}

/* ---- Either --------------------------------------------------------------------------------- */

void bench_open(bench *b, const bench_peers *peers) {
  if (b->check) return;
  bench_machine machine = bench_machine_here();
  if (b->json) json_head(&machine, peers);
  else print_head(&machine);
}

void bench_close(bench *b, const bench_peers *peers) {
  if (b->check) return;
  if (b->json) printf("\n ]}\n");
  else print_foot(peers);
}

void bench_heading(const bench *b, const char *title, const char *text) {
  if (b->check || b->json) return;
  printf("\n%s\n", title);
  if (text) printf("%s\n", text);
}

void bench_print(bench *b, const bench_section *section) {
  if (b->check) return;
  if (!b->json) {
    bench_heading(b, section->title, section->text);
    print_table(section);
    return;
  }
  for (size_t i = 0; i < section->count; i++) json_row(b, section, &section->rows[i]);
}

void bench_print_curve(bench *b, const bench_section *section, const char *unit) {
  if (b->check) return;
  double growth = section->rows[section->count - 1].best / section->rows[0].best;
  if (b->json) json_curve(b, section, unit, growth);
  else print_curve(section, growth);
}
