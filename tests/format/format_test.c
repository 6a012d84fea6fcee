/* Runs the tables of formatting: format_test [--update] FILE… See FORMAT.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evcalc/evcalc.h"

/* A text that grows; always followed by a NUL. */
typedef struct buffer {
  char *data;
  size_t length, capacity;
} buffer;

typedef struct format_case {
  evc_text title;
  size_t line;
  evc_format_options options;
  bool escaped;
  buffer calculation, expected, errors;
} format_case;

typedef struct runner {
  const char *file;
  evc_text text; /* the whole file */
  size_t at, line;
  evc_format_options options; /* of the cases that say nothing else */
  buffer out;                 /* the file as it should be */
  size_t passed, failed;
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

static void put_string(buffer *b, const char *string) { put(b, string, strlen(string)); }

static bool equal(evc_text a, evc_text b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static evc_text text_in(const buffer *b) { return (evc_text){b->data, b->length}; }

static void die(const runner *r, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", r->file, r->line + 1, why);
  exit(2);
}

static void fail(runner *r, const format_case *c, const char *what, evc_text text) {
  if (!r->case_failed)
    printf("%s:%zu: %.*s\n", r->file, c->line, (int)c->title.length, c->title.data);
  r->case_failed = true;
  printf("  %s\n%.*s\n", what, (int)text.length, text.data ? text.data : "");
}

/* Reading */

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
  if (rest->length && *rest->data != ' ') return false;
  if (rest->length) *rest = (evc_text){rest->data + 1, rest->length - 1};
  return true;
}

static uint32_t number(evc_text text) { return (uint32_t)strtoul(text.data, NULL, 10); }

static bool read_option(evc_format_options *options, evc_text line) {
  evc_text rest;
  if (is_line(line, "columns", &rest)) options->columns = number(rest);
  else if (is_line(line, "indent", &rest)) options->indent = number(rest);
  else if (is_line(line, "text", &rest)) options->limits.text = number(rest);
  else if (is_line(line, "depth", &rest)) options->limits.depth = number(rest);
  else if (is_line(line, "line-end", &rest))
    options->line_end = *rest.data == 'c' ? EVC_LINE_END_CRLF : EVC_LINE_END_LF;
  else if (is_line(line, "final", &rest)) options->final_line_end = true;
  else return false;
  return true;
}

static unsigned hexadecimal(const char *at, size_t digits) {
  char text[5] = {0};
  memcpy(text, at, digits);
  return (unsigned)strtoul(text, NULL, 16);
}

static void put_code_point(buffer *b, unsigned c) {
  char bytes[3] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63))};
  if (c >= 0x800) put(b, bytes, 3);
  else if (c >= 0x80) put(b, (char[]){(char)(0xC0 | c >> 6), bytes[2]}, 2);
  else put(b, (char[]){(char)c}, 1);
}

static void put_unescaped(const runner *r, buffer *b, evc_text line) {
  for (size_t i = 0; i < line.length; i++) {
    const char *at = line.data + i;
    if (*at != '\\') {
      put(b, at, 1);
      continue;
    }
    i++;
    switch (at[1]) {
    case 'r': put(b, "\r", 1); break;
    case 't': put(b, "\t", 1); break;
    case '\\': put(b, "\\", 1); break;
    case 'u': put_code_point(b, hexadecimal(at + 2, 4)), i += 4; break;
    case 'x': put(b, (char[]){(char)hexadecimal(at + 2, 2)}, 1), i += 2; break;
    default: die(r, "an unknown escape");
    }
  }
}

/* Lines are joined by line ends. */
static void add_line(const runner *r, const format_case *c, buffer *b, evc_text line) {
  if (b->data) put(b, "\n", 1);
  put(b, "", 0);
  if (c->escaped) put_unescaped(r, b, line);
  else put(b, line.data, line.length);
}

static void clear(buffer *b) {
  free(b->data);
  *b = (buffer){NULL, 0, 0};
}

/* All but the lines that are expected goes to the file as it is. */
static void read_case(runner *r, format_case *c) {
  evc_text rest, line = peek_line(r);
  *c = (format_case){.line = r->line + 1, .options = r->options};
  if (!is_line(line, "==", &c->title)) die(r, "a case starts with == and its title");
  do {
    bool expectation = is_line(line, ">", &rest) || is_line(line, "error", &rest);
    if (!expectation && line.length) put(&r->out, line.data, line.length), put(&r->out, "\n", 1);
    skip_line(r);
    line = peek_line(r);
    if (is_line(line, "escaped", &rest)) c->escaped = true;
    else if (is_line(line, "<", &rest)) add_line(r, c, &c->calculation, rest);
    else if (is_line(line, ">", &rest)) add_line(r, c, &c->expected, rest);
    else if (is_line(line, "error", &rest)) add_line(r, c, &c->errors, rest);
    else if (!read_option(&c->options, line) && line.length && line.data[0] != '#' &&
             !is_line(line, "==", &rest))
      die(r, "a line that the format does not have");
  } while (r->at < r->text.length && line.length);
  while (r->at < r->text.length && peek_line(r).length == 0) skip_line(r);
}

/* Writing */

static void put_escaped(buffer *b, const char *at) {
  for (; *at; at++) {
    if (*at == '\r') put_string(b, "\\r");
    else if (*at == '\t') put_string(b, "\\t");
    else if (*at == '\\') put_string(b, "\\\\");
    else if (strncmp(at, "\xEF\xBB\xBF", 3) == 0) put_string(b, "\\uFEFF"), at += 2;
    else put(b, at, 1);
    if (*at == '\n') put_string(b, at[1] ? "> " : ">");
  }
}

static void put_outcome(runner *r, const format_case *c, evc_text text, const buffer *errors) {
  if (errors->data) {
    put_string(&r->out, "error ");
    put_string(&r->out, errors->data);
  } else if (c->escaped) {
    put_string(&r->out, "> ");
    put_escaped(&r->out, text.data);
  } else {
    put_string(&r->out, "> ");
    for (size_t i = 0; i < text.length; i++) {
      put(&r->out, text.data + i, 1);
      if (text.data[i] == '\n') put_string(&r->out, i + 1 < text.length ? "> " : ">");
    }
  }
  put_string(&r->out, "\n\n");
}

/* Checking */

static bool is_blank_or_parenthesis(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if (!memchr(" \t\r\n()", text.data[i], 6)) return false;
  return true;
}

/* The edits make the result of the calculation. */
static void check_edits(runner *r, const format_case *c, const evc_formatted *formatted) {
  evc_text text = text_in(&c->calculation), result = evc_formatted_text(formatted);
  buffer edited = {NULL, 0, 0};
  size_t at = 0, count = evc_formatted_edit_count(formatted);
  for (size_t i = 0; i < count; i++) {
    evc_edit edit = evc_formatted_edit(formatted, i);
    if (edit.start < at || edit.end < edit.start || edit.end > text.length ||
        (i > 0 && edit.start == at)) {
      fail(r, c, "the edits overlap or touch", result);
      break;
    }
    evc_text old = {text.data + edit.start, edit.end - edit.start};
    if (!is_blank_or_parenthesis(old) || !is_blank_or_parenthesis(edit.text))
      fail(r, c, "an edit touches more than blanks and parentheses", edit.text);
    bool longer = old.length && edit.text.length &&
                  (*old.data == *edit.text.data ||
                   old.data[old.length - 1] == edit.text.data[edit.text.length - 1]);
    if (longer) fail(r, c, "an edit is longer than it must be", edit.text);
    put(&edited, text.data + at, edit.start - at);
    put(&edited, edit.text.data, edit.text.length);
    at = edit.end;
  }
  put(&edited, text.data + at, text.length - at);
  if (!equal(text_in(&edited), result))
    fail(r, c, "the edits give something else", text_in(&edited));
  if ((count == 0) != equal(text, result)) fail(r, c, "there are edits without a change", result);
  if (evc_formatted_edit(formatted, count).text.data) fail(r, c, "an edit past the last", result);
  clear(&edited);
}

static void check_again(runner *r, const format_case *c, evc_text text) {
  evc_formatted *again = evc_format(text.data, text.length, &c->options, NULL);
  if (!again) fail(r, c, "the result cannot be formatted again", text);
  else if (!equal(evc_formatted_text(again), text))
    fail(r, c, "formatted again, it is another", evc_formatted_text(again));
  evc_formatted_free(again);
}

static void run_case(runner *r, format_case *c) {
  evc_text input = {c->calculation.data ? c->calculation.data : "", c->calculation.length};
  buffer errors = {NULL, 0, 0};
  evc_report *report;
  put(&c->calculation, "", 0);
  r->case_failed = false;
  evc_formatted *formatted = evc_format(input.data, input.length, &c->options, &report);
  for (size_t i = 0; i < evc_report_count(report); i++) {
    if (errors.data) put(&errors, " ", 1);
    put_string(&errors, evc_report_at(report, i)->name);
  }
  if ((formatted == NULL) != (evc_report_errors(report) > 0) || evc_report_warnings(report))
    fail(r, c, "the report and the outcome disagree", text_in(&errors));
  if (!equal(text_in(&errors), text_in(&c->errors)))
    fail(r, c, "it is reported:", text_in(&errors));
  if (formatted) {
    evc_text text = evc_formatted_text(formatted);
    if (strlen(text.data) != text.length) fail(r, c, "no NUL follows", text);
    if (!equal(text, text_in(&c->expected))) fail(r, c, "it becomes:", text);
    check_edits(r, c, formatted);
    check_again(r, c, text);
    put_outcome(r, c, text, &errors);
  } else {
    put_outcome(r, c, (evc_text){NULL, 0}, &errors);
  }
  if (r->case_failed) r->failed++;
  else r->passed++;
  evc_formatted_free(formatted);
  evc_report_free(report);
  clear(&errors);
  clear(&c->calculation);
  clear(&c->expected);
  clear(&c->errors);
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

static void write_file(const char *name, const buffer *b) {
  FILE *file = fopen(name, "wb");
  if (file && fwrite(b->data, 1, b->length, file) == b->length && fclose(file) == 0) return;
  perror(name);
  exit(2);
}

static void run_file(runner *r, bool update) {
  char *text = read_file(r->file, &r->text.length);
  evc_text rest;
  r->text.data = text;
  for (; r->at < r->text.length && !is_line(peek_line(r), "==", &rest); skip_line(r)) {
    evc_text line = peek_line(r);
    if (!read_option(&r->options, line) && line.length && line.data[0] != '#')
      die(r, "a line that the format does not have");
  }
  put(&r->out, text, r->at);
  while (r->at < r->text.length) {
    format_case c;
    read_case(r, &c);
    run_case(r, &c);
  }
  while (r->out.length > 1 && r->out.data[r->out.length - 2] == '\n') r->out.length--;
  if (update) write_file(r->file, &r->out);
  free(text);
}

int main(int count, char **arguments) {
  bool update = false;
  size_t passed = 0, failed = 0;
  for (int i = 1; i < count; i++) {
    runner r = {.file = arguments[i]};
    if (strcmp(arguments[i], "--update") == 0) {
      update = true;
      continue;
    }
    run_file(&r, update);
    free(r.out.data);
    passed += r.passed;
    failed += r.failed;
  }
  printf("%zu passed, %zu failed\n", passed, failed);
  return failed > 0;
}
