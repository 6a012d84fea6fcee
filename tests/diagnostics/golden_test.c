/* Checks the golden diagnostics: golden_test [--update] FILE… See FORMAT.md. Of a table of language
** cases (*.cases) only the fixes are checked, with every warning shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../language/cases.h"
#include "../language/fixes.h"

static const char divider[] = "----";

/* A text that grows. */
typedef struct buffer {
  char *data;
  size_t length, capacity;
} buffer;

typedef struct golden_case {
  evc_text title, type;
  evc_text written;     /* the calculation as the file has it */
  evc_text calculation; /* unescaped */
  evc_text expected;    /* what follows the first divider */
  size_t line;
  long mistakes; /* -1: not said */
  bool escaped;
} golden_case;

typedef struct runner {
  const char *file;
  evc_text text; /* the whole file */
  size_t at, line;
  evc_schema *schema;
  evc_text type;
  buffer out;     /* the file as it should be */
  buffer decoded; /* of the current case */
  size_t passed, failed, fixes;
  bool case_failed;
} runner;

static void *checked(void *memory) {
  if (memory) return memory;
  fputs("out of memory\n", stderr);
  exit(2);
}

static void put(buffer *b, const char *data, size_t length) {
  if (b->length + length + 1 > b->capacity) {
    b->capacity = (b->length + length + 1) * 2;
    b->data = checked(realloc(b->data, b->capacity));
  }
  if (length) memcpy(b->data + b->length, data, length);
  b->length += length;
  b->data[b->length] = '\0';
}

static void put_text(buffer *b, evc_text text) {
  put(b, text.data, text.length);
}

static void put_string(buffer *b, const char *string) {
  put(b, string, strlen(string));
}

static bool equal(evc_text a, evc_text b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static bool ends_with(const char *text, const char *ending) {
  size_t length = strlen(text), wanted = strlen(ending);
  return length >= wanted && strcmp(text + length - wanted, ending) == 0;
}

static void fail(runner *r, size_t line, evc_text title, const char *what) {
  if (!r->case_failed) printf("%s:%zu: %.*s\n", r->file, line, (int)title.length, title.data);
  r->case_failed = true;
  printf("  %s\n", what);
}

/* Reading */

static void die(const runner *r, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", r->file, r->line + 1, why);
  exit(2);
}

static evc_text peek_line(const runner *r) {
  const char *start = r->text.data + r->at;
  const char *end = memchr(start, '\n', r->text.length - r->at);
  return (evc_text){start, end ? (size_t)(end - start) : r->text.length - r->at};
}

static void skip_line(runner *r) {
  r->at += peek_line(r).length + 1;
  if (r->at > r->text.length) r->at = r->text.length;
  r->line++;
}

static bool is_line(evc_text line, const char *start, evc_text *rest) {
  size_t length = strlen(start);
  if (line.length < length || memcmp(line.data, start, length) != 0) return false;
  *rest = (evc_text){line.data + length, line.length - length};
  return true;
}

static unsigned hexadecimal(const char *at, size_t digits) {
  char text[5] = {0};
  memcpy(text, at, digits);
  return (unsigned)strtoul(text, NULL, 16);
}

static void put_code_point(buffer *b, unsigned c) {
  char bytes[3] = {(char)c};
  size_t length = 1;
  if (c >= 0x800) {
    bytes[0] = (char)(0xE0 | c >> 12);
    bytes[1] = (char)(0x80 | (c >> 6 & 63));
    bytes[2] = (char)(0x80 | (c & 63));
    length = 3;
  } else if (c >= 0x80) {
    bytes[0] = (char)(0xC0 | c >> 6);
    bytes[1] = (char)(0x80 | (c & 63));
    length = 2;
  }
  put(b, bytes, length);
}

static void unescape(runner *r, golden_case *c) {
  r->decoded.length = 0;
  put(&r->decoded, "", 0);
  for (size_t i = 0; i < c->written.length; i++) {
    const char *at = c->written.data + i;
    if (*at != '\\') {
      put(&r->decoded, at, 1);
      continue;
    }
    i++;
    switch (at[1]) {
    case 'n': put(&r->decoded, "\n", 1); break;
    case 'r': put(&r->decoded, "\r", 1); break;
    case 't': put(&r->decoded, "\t", 1); break;
    case '\\': put(&r->decoded, "\\", 1); break;
    case 'u': put_code_point(&r->decoded, hexadecimal(at + 2, 4)), i += 4; break;
    case 'x': {
      char byte = (char)hexadecimal(at + 2, 2);
      put(&r->decoded, &byte, 1), i += 2;
      break;
    }
    default: die(r, "an unknown escape");
    }
  }
  c->calculation = (evc_text){r->decoded.data, r->decoded.length};
}

/* The lines up to the next divider (which is skipped), title or end; without the last line end. */
static evc_text read_block(runner *r, bool *divided) {
  evc_text rest, block = {r->text.data + r->at, 0};
  *divided = false;
  for (; r->at < r->text.length; skip_line(r)) {
    evc_text line = peek_line(r);
    *divided = line.length == strlen(divider) && memcmp(line.data, divider, line.length) == 0;
    if (*divided || is_line(line, "== ", &rest)) break;
    block.length = (size_t)(line.data + line.length - block.data);
  }
  if (*divided) skip_line(r);
  return block;
}

static evc_text without_line_ends(evc_text text) {
  while (text.length && text.data[text.length - 1] == '\n') text.length--;
  return text;
}

/* The title and the lines below it, which are copied as they are. */
static void read_case(runner *r, golden_case *c) {
  *c = (golden_case){.type = r->type, .mistakes = -1, .line = r->line + 1};
  size_t start = r->at;
  evc_text rest;
  if (!is_line(peek_line(r), "== ", &c->title)) die(r, "a case starts with == and its title");
  for (skip_line(r); r->at < r->text.length; skip_line(r)) {
    if (is_line(peek_line(r), "mistakes: ", &rest))
      c->mistakes = strtol(rest.data, NULL, 10);
    else if (is_line(peek_line(r), "escaped: ", &rest))
      c->escaped = true;
    else if (!is_line(peek_line(r), "type: ", &c->type))
      break;
  }
  put(&r->out, r->text.data + start, r->at - start);
  bool divided;
  c->written = read_block(r, &divided);
  if (!divided) c->written = without_line_ends(c->written);
  c->calculation = c->written;
  if (c->escaped) unescape(r, c);
  c->expected = (evc_text){r->text.data + r->at, 0};
  size_t expected_start = r->at;
  while (divided) (void)read_block(r, &divided);
  c->expected.length = r->at - expected_start;
}

/* Writing */

static size_t code_point_at(evc_text text, size_t at, unsigned *c) {
  unsigned char first = (unsigned char)text.data[at];
  size_t length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || at + length > text.length) return 0;
  *c = length == 1 ? first : first & (0x3Fu >> (length - 1));
  for (size_t i = 1; i < length; i++) *c = *c << 6 | ((unsigned char)text.data[at + i] & 63);
  return length;
}

static bool is_invisible(unsigned c) {
  return c < 0x20 || c == 0x7F || (c >= 0x80 && c <= 0xA0) || c == 0xAD ||
         (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
         (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

/* Text of a calculation, made visible. Lines after the first stand behind `indent`. */
static void put_visible(buffer *b, evc_text text, const char *indent) {
  for (size_t i = 0; i < text.length;) {
    unsigned c = 0;
    char escape[8];
    size_t length = code_point_at(text, i, &c);
    if (length == 0) {
      snprintf(escape, sizeof escape, "\\x%02X", (unsigned char)text.data[i]);
      put_string(b, escape);
      i++;
      continue;
    }
    if (c == '\n' && indent) {
      put_string(b, "\n");
      put_string(b, indent);
    } else if (c == '\n' || c == '\r' || c == '\t') {
      put_string(b, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
    } else if (is_invisible(c)) {
      snprintf(escape, sizeof escape, "\\u%04X", c & 0xFFFFu);
      put_string(b, escape);
    } else {
      put(b, text.data + i, length);
    }
    i += length;
  }
}

static void put_fix(runner *r, evc_text calculation, const evc_fix *fix) {
  size_t length;
  char *fixed = fix_apply(calculation, fix, &length);
  put_string(&r->out, fix->safe ? "  safe fix (" : "  guess (");
  put_visible(&r->out, fix->title, NULL);
  put_string(&r->out, "): ");
  if (fixed) put_visible(&r->out, (evc_text){fixed, length}, "  | ");
  put_string(&r->out, "\n");
  free(fixed);
}

static void put_diagnostic(runner *r, evc_text calculation, const evc_diagnostic *d) {
  char span[64];
  put_string(&r->out, d->name);
  if (d->has_span) {
    snprintf(span, sizeof span, " %zu-%zu `", d->start, d->end);
    put_string(&r->out, span);
    put_visible(&r->out, (evc_text){calculation.data + d->start, d->end - d->start}, NULL);
    put_string(&r->out, "`");
  }
  put_string(&r->out, "\n");
  for (size_t i = 0; i < d->fix_count; i++) put_fix(r, calculation, &d->fixes[i]);
}

/* What evc_report_print writes. */
static void put_rendered(runner *r, evc_text calculation, const evc_report *report) {
  FILE *file = checked(tmpfile());
  if (evc_report_print(report, calculation.data, calculation.length, NULL, EVC_STYLE_CARET, file) !=
      EVC_OK)
    exit(2);
  char chunk[4096];
  rewind(file);
  for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;) put(&r->out, chunk, n);
  fclose(file);
}

/* Checking */

static void check_fixes(runner *r, size_t line, evc_text title, const evc_event_type *type,
                        const evc_options *options, evc_text text, const evc_report *report) {
  char why[512];
  if (evc_report_errors(report) + evc_report_warnings(report) > EVC_REPORT_CAPACITY) return;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    for (size_t k = 0; k < d->fix_count; k++, r->fixes++)
      if (!fix_holds(type, options, text, report, d, &d->fixes[k], why, sizeof why, NULL))
        fail(r, line, title, why);
  }
}

static void run_case(runner *r, const golden_case *c) {
  char what[128];
  evc_options options = {.schema = r->schema};
  const evc_event_type *type = evc_schema_find(r->schema, c->type.data, c->type.length);
  r->case_failed = false;
  if (!type) die(r, "the case before this line has an unknown Event type");
  evc_report *report;
  evc_calculation *calculation =
      evc_compile(type, c->calculation.data, c->calculation.length, &options, &report);
  put_text(&r->out, c->written);
  put_string(&r->out, c->written.length ? "\n----\n" : "----\n");
  size_t start = r->out.length;
  put_rendered(r, c->calculation, report);
  put_string(&r->out, "----\n");
  for (size_t i = 0; i < evc_report_count(report); i++)
    put_diagnostic(r, c->calculation, evc_report_at(report, i));
  put_string(&r->out, "\n");
  evc_text said = {r->out.data + start, r->out.length - start};
  if (!equal(without_line_ends(said), without_line_ends(c->expected)))
    fail(r, c->line, c->title, "what is said has changed: golden_test --update shows how");
  if (c->mistakes >= 0 && evc_report_errors(report) != (size_t)c->mistakes) {
    snprintf(what, sizeof what, "%zu errors for %ld mistakes", evc_report_errors(report),
             c->mistakes);
    fail(r, c->line, c->title, what);
  }
  if (c->mistakes != 0 && evc_report_count(report) == 0)
    fail(r, c->line, c->title, "nothing is said of it");
  check_fixes(r, c->line, c->title, type, &options, c->calculation, report);
  evc_calculation_free(calculation);
  evc_report_free(report);
  if (r->case_failed)
    r->failed++;
  else
    r->passed++;
}

static char *read_file(const char *name, size_t *length) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(name);
    exit(2);
  }
  long size = ftell(file);
  rewind(file);
  char *text = checked(malloc((size_t)size + 1));
  *length = fread(text, 1, (size_t)size, file);
  text[*length] = '\0';
  fclose(file);
  return text;
}

static void read_fields(runner *r, evc_text json) {
  evc_report *report;
  if (evc_schema_read_json(r->schema, json.data, json.length, &report) != EVC_OK)
    die(r, "the field list cannot be read");
  evc_report_free(report);
}

static void run_golden(runner *r, const char *name, bool update) {
  char *text = read_file(name, &r->text.length);
  evc_text rest;
  r->text.data = text;
  r->schema = checked(evc_schema_builtin(NULL));
  for (; r->at < r->text.length && !is_line(peek_line(r), "== ", &rest); skip_line(r)) {
    evc_text line = peek_line(r);
    if (is_line(line, "fields: ", &rest))
      read_fields(r, rest);
    else if (!is_line(line, "type: ", &r->type) && line.length > 0 && line.data[0] != '#')
      die(r, "a line that the format does not have");
  }
  put(&r->out, text, r->at);
  while (r->at < r->text.length) {
    golden_case c;
    read_case(r, &c);
    run_case(r, &c);
  }
  if (update && !equal((evc_text){r->out.data, r->out.length}, r->text)) {
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(r->out.data, 1, r->out.length, file) != r->out.length ||
        fclose(file) != 0) {
      perror(name);
      exit(2);
    }
  }
  free(text);
}

static void run_cases(runner *r, const char *name) {
  static table t;
  static language_case c;
  evc_text fields;
  table_open(&t, name);
  r->schema = checked(evc_schema_builtin(NULL));
  while (table_fields(&t, &fields)) read_fields(r, fields);
  while (table_next(&t, &c)) {
    const evc_event_type *type = evc_schema_find(r->schema, c.type.data, c.type.length);
    evc_options options = {.schema = r->schema};
    evc_report *report;
    if (!type) continue;
    r->case_failed = false;
    evc_calculation_free(
        evc_compile(type, c.calculation.data, c.calculation.length, &options, &report));
    check_fixes(r, c.line, c.title, type, &options, c.calculation, report);
    evc_report_free(report);
    if (r->case_failed)
      r->failed++;
    else
      r->passed++;
  }
  table_close(&t);
}

int main(int count, char **arguments) {
  bool update = false;
  size_t passed = 0, failed = 0, fixes = 0;
  for (int i = 1; i < count; i++) {
    runner r = {.file = arguments[i]};
    if (strcmp(arguments[i], "--update") == 0) {
      update = true;
      continue;
    }
    if (ends_with(arguments[i], ".cases"))
      run_cases(&r, arguments[i]);
    else
      run_golden(&r, arguments[i], update);
    evc_schema_free(r.schema);
    free(r.out.data);
    free(r.decoded.data);
    passed += r.passed, failed += r.failed, fixes += r.fixes;
  }
  printf("%zu passed, %zu failed; %zu fixes hold what they promise\n", passed, failed, fixes);
  return failed > 0;
}
