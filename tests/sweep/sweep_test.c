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
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  digest(s, line, (size_t)length);
}

void say_text(speech *s, const char *before, evc_text text) {
  digest(s, before, strlen(before));
  digest(s, text.data ? text.data : "-", text.data ? text.length : 1);
  digest(s, "\n", 1);
}

static char *read_file(const char *name) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) give_up("a file cannot be read");
  long size = ftell(file);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) give_up("a file cannot be read");
  text[size] = '\0';
  fclose(file);
  return text;
}

static bool starts(const char *line, const char *with) {
  return strncmp(line, with, strlen(with)) == 0;
}

static void set_type(sweep_setting *setting, const char *name) {
  setting->type = evc_schema_find(setting->schema, name, strlen(name));
  if (!setting->type) give_up("an unknown Event type");
}

static void add_fields(sweep_setting *setting, const char *json) {
  if (evc_schema_read_json(setting->schema, json, strlen(json), NULL) != EVC_OK)
    give_up("a field list cannot be read");
}

int main(int count, char **arguments) {
  bool update = count == 3 && strcmp(arguments[1], "--update") == 0;
  bool print = count == 4 && strcmp(arguments[1], "--print") == 0;
  if (count != 2 && !update && !print)
    give_up("usage: sweep_test [--update | --print] FILE [LINE]");
  const char *name = arguments[count == 2 ? 1 : 2];
  size_t wanted = print ? strtoul(arguments[3], NULL, 10) : 0, changed = 0, texts = 0;
  char *text = read_file(name);
  sweep_setting setting = {.schema = evc_schema_builtin(NULL)};
  const sweep_kind *kind = NULL;
  char *written = NULL;
  size_t length = 0;
  FILE *out = update ? open_memstream(&written, &length) : NULL;
  size_t number = 0;
  for (char *line = text, *end; *line; line = end + 1) {
    end = strchr(line, '\n');
    if (!end) give_up("the last line has no end");
    *end = '\0';
    number++;
    bool is_text = false;
    if (starts(line, "kind: ")) {
      for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, line + 6) == 0) kind = &kinds[i];
    } else if (starts(line, "type: ")) {
      set_type(&setting, line + 6);
    } else if (starts(line, "fields: ")) {
      add_fields(&setting, line + 8);
    } else if (*line && *line != '#') {
      is_text = true;
    }
    if (!is_text) {
      if (out) fprintf(out, "%s\n", line);
      continue;
    }
    if (!kind || strlen(line) <= DIGITS) give_up("a line that the format does not have");
    if (wanted && wanted != number) continue;
    speech s = {UINT64_C(0xcbf29ce484222325), print ? stdout : NULL};
    const char *said_of = line + DIGITS + 1;
    sweep_variants(&setting, (evc_text){said_of, strlen(said_of)}, kind->json, kind->ask, &s);
    char digits[DIGITS + 1];
    snprintf(digits, sizeof digits, "%016" PRIx64, s.digest);
    texts++;
    if (out)
      fprintf(out, "%s %s\n", digits, said_of);
    else if (!print && strncmp(digits, line, DIGITS) != 0) {
      printf("%s:%zu: other things are said of this text or of its variants: %s\n", name, number,
             said_of);
      changed++;
    }
  }
  if (out) {
    FILE *file = fclose(out) == 0 ? fopen(name, "wb") : NULL;
    if (!file || fwrite(written, 1, length, file) != length || fclose(file) != 0)
      give_up("the file cannot be written");
  }
  free(written);
  evc_schema_free(setting.schema);
  free(text);
  if (!print) printf("%zu texts, %zu changed\n", texts, changed);
  return changed > 0;
}
