/* What is said of thousands of texts near those of a table, kept as a number each: see FORMAT.md.
**
**   sweep_test FILE             compare
**   sweep_test --update FILE    write the numbers of what is said now
**   sweep_test --print FILE N   what is said of the text on line N and of its variants
*/
#include "sweep.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct sweep_kind {
  const char *name;
  bool json;
  sweep_ask *ask;
} sweep_kind;

static const sweep_kind kinds[] = {
    {"calculation", false, sweep_calculation},
    {"editor", false, sweep_editor},
    {"attack", false, sweep_attack},
    {"generator", false, sweep_generator},
    {"event", true, sweep_event},
    {"fields", true, sweep_fields},
    {"name", false, sweep_name},
    {"request", true, sweep_request},
    {"glob", false, sweep_glob},
    {"message", true, sweep_message},
    {"document", true, sweep_document},
    {"served", false, sweep_served},
};

enum { DIGITS = 16 };

void give_up(const char *why) {
  fprintf(stderr, "sweep_test: %s\n", why);
  exit(2);
}

/* FNV-1a, of 64 bits. */
static void digest(speech *s, const char *data, size_t length) {
  for (size_t i = 0; i < length; i++)
    s->digest = (s->digest ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
  if (s->print) fwrite(data, 1, length, s->print);
}

void say(speech *s, const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof line) give_up("something said is too long");
  digest(s, line, (size_t)length);
}

void say_text(speech *s, const char *before, evc_text text) {
  digest(s, before, strlen(before));
  digest(s, text.data ? text.data : "-", text.data ? text.length : 1);
  digest(s, "\n", 1);
}

/* A table, and what is to be done with it. */
typedef struct sweep {
  const char *name;
  bool update, print;
  size_t wanted; /* the line to print */
  const sweep_kind *kind;
  sweep_setting setting;
  FILE *out; /* the table as it should be */
  size_t number, texts, changed;
} sweep;

static _Noreturn void refuse(const sweep *w, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", w->name, w->number, why);
  exit(2);
}

static bool starts(const char *line, const char *with, const char **rest) {
  size_t length = strlen(with);
  *rest = line + length;
  return strncmp(line, with, length) == 0;
}

static void set_kind(sweep *w, const char *name) {
  w->kind = NULL;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(kinds[i].name, name) == 0) w->kind = &kinds[i];
  if (!w->kind) refuse(w, "there is no such kind");
}

/* Lines that say something of those below. */
static bool take_setting(sweep *w, const char *line) {
  const char *rest;
  if (!*line || *line == '#') return true;
  if (starts(line, "kind: ", &rest)) {
    set_kind(w, rest);
  } else if (starts(line, "type: ", &rest)) {
    w->setting.type = evc_schema_find(w->setting.schema, rest, strlen(rest));
    if (!w->setting.type) refuse(w, "there is no such Event type");
  } else if (starts(line, "fields: ", &rest)) {
    if (evc_schema_read_json(w->setting.schema, rest, strlen(rest), NULL) != EVC_OK)
      refuse(w, "this is no field list");
  } else {
    return false;
  }
  return true;
}

static void take_text(sweep *w, const char *line) {
  if (!w->kind) refuse(w, "the kind of the texts is not said above");
  if (strspn(line, "0123456789abcdef") != DIGITS || line[DIGITS] != ' ' || !line[DIGITS + 1])
    refuse(w, "a text stands behind sixteen hexadecimal digits and a blank");
  if (w->print && w->number != w->wanted) return;
  evc_text text = {line + DIGITS + 1, strlen(line + DIGITS + 1)};
  speech s = {UINT64_C(0xcbf29ce484222325), w->print ? stdout : NULL};
  sweep_variants(&w->setting, text, w->kind->json, w->kind->ask, &s);
  char digits[DIGITS + 1];
  snprintf(digits, sizeof digits, "%016" PRIx64, s.digest);
  w->texts++;
  if (w->out) fprintf(w->out, "%s %s\n", digits, text.data);
  if (w->print || memcmp(digits, line, DIGITS) == 0) return;
  w->changed++;
  if (!w->update)
    printf("%s:%zu: other things are said of this text or of its variants: %s\n", w->name,
           w->number, text.data);
}

static char *read_file(const char *name, size_t *length) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) give_up("the file cannot be read");
  long size = ftell(file);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  *length = (size_t)size;
  if (!text || fread(text, 1, *length, file) != *length) give_up("the file cannot be read");
  text[*length] = '\0';
  fclose(file);
  return text;
}

/* The whole file or what it was. */
static void replace_file(const char *name, const char *text, size_t length) {
  size_t size = strlen(name) + sizeof ".new";
  char *beside = malloc(size);
  if (!beside) give_up("out of memory");
  snprintf(beside, size, "%s.new", name);
  FILE *file = fopen(beside, "wb");
  if (!file || fwrite(text, 1, length, file) != length || fclose(file) != 0 ||
      rename(beside, name) != 0)
    give_up("the file cannot be written");
  free(beside);
}

int main(int count, char **arguments) {
  sweep w = {.update = count == 3 && strcmp(arguments[1], "--update") == 0,
             .print = count == 4 && strcmp(arguments[1], "--print") == 0};
  if (count != 2 && !w.update && !w.print) give_up("usage: [--update | --print] FILE [LINE]");
  w.name = arguments[count == 2 ? 1 : 2];
  if (w.print) w.wanted = strtoul(arguments[3], NULL, 10);
  size_t length, new_length = 0;
  char *text = read_file(w.name, &length), *new_text = NULL;
  if (w.update && !(w.out = open_memstream(&new_text, &new_length))) give_up("out of memory");
  if (!(w.setting.schema = evc_schema_builtin(NULL))) give_up("out of memory");
  for (char *line = text, *end; line < text + length; line = end + 1) {
    w.number++;
    end = memchr(line, '\n', (size_t)(text + length - line));
    if (!end || memchr(line, '\0', (size_t)(end - line))) refuse(&w, "a line is cut off");
    *end = '\0';
    if (!take_setting(&w, line))
      take_text(&w, line);
    else if (w.out)
      fprintf(w.out, "%s\n", line);
  }
  if (w.print && w.texts == 0) give_up("there is no text on that line");
  if (w.out) {
    if (fclose(w.out) != 0) give_up("out of memory");
    replace_file(w.name, new_text, new_length);
  }
  free(new_text);
  free(text);
  evc_schema_free(w.setting.schema);
  if (!w.print) printf("%zu texts, %zu changed\n", w.texts, w.changed);
  return w.changed > 0 && !w.update;
}
