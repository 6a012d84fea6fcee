#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const table *t, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", t->file, t->line, why);
  exit(2);
}

static void *checked(void *memory) {
  if (!memory) {
    fputs("out of memory\n", stderr);
    exit(2);
  }
  return memory;
}

void table_open(table *t, const char *file) {
  memset(t, 0, sizeof *t);
  t->file = file;
  FILE *f = fopen(file, "rb");
  if (!f || fseek(f, 0, SEEK_END) != 0) {
    perror(file);
    exit(2);
  }
  long size = ftell(f);
  rewind(f);
  t->text = checked(malloc((size_t)size + 1));
  t->length = fread(t->text, 1, (size_t)size, f);
  t->text[t->length] = '\0';
  fclose(f);
}

void table_close(table *t) {
  for (size_t i = 0; i < t->memory_count; i++) free(t->memory[i]);
  free(t->text);
}

static evc_text peek_line(const table *t) {
  const char *start = t->text + t->at;
  const char *end = memchr(start, '\n', t->length - t->at);
  return (evc_text){start, end ? (size_t)(end - start) : t->length - t->at};
}

static void skip_line(table *t) {
  t->at += peek_line(t).length + 1;
  if (t->at > t->length) t->at = t->length;
  t->line++;
}

/* If the line is `word REST`, its rest. */
static bool is_line(evc_text line, const char *word, evc_text *rest) {
  size_t length = strlen(word);
  if (line.length < length || memcmp(line.data, word, length) != 0) return false;
  if (line.length == length) {
    *rest = (evc_text){line.data + length, 0};
    return true;
  }
  if (line.data[length] != ' ') return false;
  *rest = (evc_text){line.data + length + 1, line.length - length - 1};
  return true;
}

static bool is_filler(evc_text line) { return line.length == 0 || line.data[0] == '#'; }

bool table_fields(table *t, evc_text *json) {
  for (; t->at < t->length; skip_line(t)) {
    evc_text line = peek_line(t);
    if (is_filler(line) || is_line(line, "type", &t->type)) continue;
    if (!is_line(line, "fields", json)) return false;
    skip_line(t);
    return true;
  }
  return false;
}

static char *keep(table *t, size_t size) {
  if (t->memory_count == sizeof t->memory / sizeof *t->memory) die(t, "too many decoded texts");
  return t->memory[t->memory_count++] = checked(malloc(size + 1));
}

static unsigned hexadecimal(const table *t, const char *at, int digits) {
  unsigned value = 0;
  for (int i = 0; i < digits; i++) {
    char c = at[i];
    unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') : ((unsigned)c | 0x20) - 'a' + 10;
    if (digit > 15) die(t, "a hexadecimal digit is missing");
    value = value * 16 + digit;
  }
  return value;
}

static size_t utf8(char *out, unsigned c) {
  if (c < 0x80) return out[0] = (char)c, 1;
  if (c < 0x800) return out[0] = (char)(0xC0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
  size_t more = c < 0x10000 ? 2 : 3;
  out[0] = (char)((more == 2 ? 0xE0 : 0xF0) | c >> (6 * more));
  for (size_t i = 1; i <= more; i++) out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 63));
  return more + 1;
}

/* A JSON string, where \xNN is one raw byte. */
static evc_text decode(table *t, evc_text json) {
  if (json.length < 2 || json.data[0] != '"' || json.data[json.length - 1] != '"')
    die(t, "a JSON string is expected");
  char *out = keep(t, json.length * 2);
  size_t n = 0;
  for (size_t i = 1; i + 1 < json.length; i++) {
    const char *at = json.data + i;
    if (*at != '\\') {
      out[n++] = *at;
      continue;
    }
    i++;
    const char *letters = "\"\\/bfnrt", *values = "\"\\/\b\f\n\r\t", *found = strchr(letters, at[1]);
    if (at[1] == 'x') {
      out[n++] = (char)hexadecimal(t, at + 2, 2);
      i += 2;
    } else if (at[1] == 'u') {
      unsigned c = hexadecimal(t, at + 2, 4);
      i += 4;
      if (c >= 0xD800 && c < 0xDC00 && at[6] == '\\' && at[7] == 'u') {
        c = 0x10000 + ((c - 0xD800) << 10) + (hexadecimal(t, at + 8, 4) - 0xDC00);
        i += 6;
      }
      n += utf8(out + n, c);
    } else if (found && *found) {
      out[n++] = values[found - letters];
    } else {
      die(t, "an unknown escape");
    }
  }
  out[n] = '\0';
  return (evc_text){out, n};
}

static evc_text trimmed(evc_text text) {
  while (text.length && text.data[0] == ' ') text.data++, text.length--;
  while (text.length && text.data[text.length - 1] == ' ') text.length--;
  return text;
}

/* N PREFIX ~ PART ~ SUFFIX */
static evc_text repeat(table *t, evc_text spec) {
  char *rest;
  size_t count = strtoul(spec.data, &rest, 10);
  evc_text pieces[3] = {{NULL, 0}};
  const char *end = spec.data + spec.length, *at = rest;
  for (int i = 0; i < 3; i++) {
    const char *tilde = i < 2 ? memchr(at, '~', (size_t)(end - at)) : end;
    if (!tilde) die(t, "calc-repeat needs two ~");
    pieces[i] = trimmed((evc_text){at, (size_t)(tilde - at)});
    at = tilde + 1;
  }
  /* A blank between parts keeps words apart. */
  char *out = keep(t, pieces[0].length + pieces[2].length + count * (pieces[1].length + 1) + 2);
  size_t n = 0;
  memcpy(out, pieces[0].data, pieces[0].length);
  n += pieces[0].length;
  for (size_t i = 0; i < count; i++) {
    memcpy(out + n, pieces[1].data, pieces[1].length);
    n += pieces[1].length;
  }
  memcpy(out + n, pieces[2].data, pieces[2].length);
  n += pieces[2].length;
  out[n] = '\0';
  return (evc_text){out, n};
}

static void split_code(const table *t, evc_text rest, evc_text *code, evc_text *span) {
  const char *blank = memchr(rest.data, ' ', rest.length);
  if (!blank) die(t, "a code and a span are expected");
  *code = (evc_text){rest.data, (size_t)(blank - rest.data)};
  *span = (evc_text){blank + 1, rest.length - code->length - 1};
}

static void add_expected(table *t, language_case *c, evc_text rest, bool warning) {
  if (c->diagnostic_count == MOST_EXPECTED) die(t, "too many diagnostics in a case");
  expected *e = &c->diagnostics[c->diagnostic_count++];
  memset(e, 0, sizeof *e);
  e->warning = warning;
  split_code(t, rest, &e->code, &e->span);
}

static void add_check(table *t, language_case *c, int kind, evc_text text) {
  if (c->diagnostic_count == 0) die(t, "no diagnostic comes before this line");
  expected *e = &c->diagnostics[c->diagnostic_count - 1];
  if (e->check_count == MOST_CHECKS) die(t, "too many lines below a diagnostic");
  check *added = &e->checks[e->check_count++];
  memset(added, 0, sizeof *added);
  switch (kind) {
  case CHECK_NO_FIX: added->kind = CHECK_NO_FIX; break;
  case CHECK_MESSAGE: added->kind = CHECK_MESSAGE; break;
  case CHECK_HELP: added->kind = CHECK_HELP; break;
  case CHECK_LABEL: added->kind = CHECK_LABEL; break;
  default: added->kind = CHECK_FIX; break;
  }
  added->text = text;
}

static void read_case_line(table *t, language_case *c, evc_text line) {
  evc_text rest;
  if (is_line(line, "type", &c->type) || is_line(line, "event", &c->event) ||
      is_line(line, "options", &c->options) || is_line(line, "calc", &c->calculation))
    return;
  if (is_line(line, "calc-json", &rest)) c->calculation = decode(t, rest);
  else if (is_line(line, "calc-repeat", &rest)) c->calculation = repeat(t, rest);
  else if (is_line(line, "valid", &rest)) c->verdict = VERDICT_VALID;
  else if (is_line(line, "true", &rest)) c->verdict = VERDICT_TRUE;
  else if (is_line(line, "false", &rest)) c->verdict = VERDICT_FALSE;
  else if (is_line(line, "fails", &rest)) {
    c->verdict = VERDICT_FAILS;
    split_code(t, rest, &c->fails_code, &c->fails_span);
  } else if (is_line(line, "error", &rest)) add_expected(t, c, rest, false);
  else if (is_line(line, "warning", &rest)) add_expected(t, c, rest, true);
  else if (line.length == 8 && memcmp(line.data, "fix none", 8) == 0)
    add_check(t, c, CHECK_NO_FIX, line);
  else if (is_line(line, "fix", &rest)) add_check(t, c, CHECK_FIX, rest);
  else if (is_line(line, "fix-json", &rest)) add_check(t, c, CHECK_FIX, decode(t, rest));
  else if (is_line(line, "message", &rest)) add_check(t, c, CHECK_MESSAGE, rest);
  else if (is_line(line, "help", &rest)) add_check(t, c, CHECK_HELP, rest);
  else if (is_line(line, "label", &rest)) add_check(t, c, CHECK_LABEL, rest);
  else die(t, "a line that the format does not have");
}

bool table_next(table *t, language_case *c) {
  for (; t->at < t->length && is_filler(peek_line(t)); skip_line(t)) {}
  if (t->at >= t->length) return false;
  memset(c, 0, sizeof *c);
  c->line = t->line + 1;
  c->type = t->type;
  evc_text line = peek_line(t);
  if (!is_line(line, "==", &c->title)) die(t, "a case starts with == and its title");
  for (skip_line(t); t->at < t->length; skip_line(t)) {
    line = peek_line(t);
    evc_text rest;
    if (is_line(line, "==", &rest)) break;
    if (!is_filler(line)) read_case_line(t, c, line);
  }
  if (!c->calculation.data) die(t, "the case before this line has no calculation");
  return true;
}
