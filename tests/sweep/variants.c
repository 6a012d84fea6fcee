/* Texts that are nearly a given one: as somebody is about to write it, or has mistyped it. */
#include <stdlib.h>
#include <string.h>

#include "sweep.h"

enum { MOST_TOKENS = 256, LONGEST = 1 << 14 };

typedef struct token {
  size_t start, end;
} token;

typedef struct writer {
  const sweep_setting *setting;
  evc_text text;
  sweep_ask *ask;
  speech *speech;
  char variant[LONGEST];
  size_t length;
} writer;

static const char *const in_calculations[] = {"null", "\"x\"",         "1",   "true", "=", "new.",
                                              "(",    "Math.round(1)", "NOT", ","};
static const char *const in_json[] = {"null", "\"x\"", "1e999", "true", "[]", "{}", "1.5", ","};

static void add(writer *w, const char *data, size_t length) {
  if (w->length + length > sizeof w->variant) give_up("a text is too long");
  memcpy(w->variant + w->length, data, length);
  w->length += length;
}

static void add_string(writer *w, const char *string) {
  add(w, string, strlen(string));
}

static void add_part(writer *w, size_t start, size_t end) {
  add(w, w->text.data + start, end - start);
}

/* Ask of what was written. */
static void ask(writer *w, size_t at) {
  /* Of its own size, so that a byte behind it is noticed. */
  char *variant = malloc(w->length + 1);
  if (!variant) give_up("out of memory");
  memcpy(variant, w->variant, w->length);
  variant[w->length] = '\0';
  evc_text text = {variant, w->length};
  say_text(w->speech, "> ", text);
  w->ask(w->setting, text, at, w->speech);
  free(variant);
  w->length = 0;
}

/* With `with` in the place of a part of the text. */
static void replace(writer *w, size_t start, size_t end, const char *with, size_t length) {
  add_part(w, 0, start);
  add(w, with, length);
  add_part(w, end, w->text.length);
  ask(w, start + length);
}

static bool is_word(char c) {
  return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '.' ||
         (unsigned char)c >= 0x80;
}

static size_t split(evc_text text, token *tokens) {
  size_t count = 0;
  for (size_t i = 0; i < text.length;) {
    size_t start = i;
    if (text.data[i] == '"') {
      for (i++; i < text.length && text.data[i] != '"'; i++)
        if (text.data[i] == '\\' && i + 1 < text.length) i++;
      if (i < text.length) i++;
    } else if (is_word(text.data[i])) {
      while (i < text.length && is_word(text.data[i])) i++;
    } else {
      i++;
      if (i < text.length && text.data[start] != ' ' && strchr("=&|<>?", text.data[i])) i++;
    }
    if (text.data[start] == ' ') continue;
    if (count == MOST_TOKENS) give_up("a text has too many words");
    tokens[count++] = (token){start, i};
  }
  return count;
}

/* A word mistyped: a letter left out, twice, in the place of another, in the other case. */
static void mistype(writer *w, token t) {
  size_t last = t.end - 1;
  const char *word = w->text.data + t.start;
  replace(w, last, t.end, "", 0);
  replace(w, t.start, t.start + 1, "", 0);
  replace(w, last, last, &w->text.data[last], 1);
  for (size_t i = 0; i + 1 < t.end - t.start; i += 3) {
    char swapped[2] = {word[i + 1], word[i]};
    replace(w, t.start + i, t.start + i + 2, swapped, 2);
    char other = (char)(word[i] ^ 32);
    replace(w, t.start + i, t.start + i + 1, &other, 1);
  }
}

void sweep_variants(const sweep_setting *setting, evc_text text, bool json, sweep_ask *answer,
                    speech *s) {
  writer *w = calloc(1, sizeof *w);
  if (!w) give_up("out of memory");
  *w = (writer){.setting = setting, .text = text, .ask = answer, .speech = s};
  static token tokens[MOST_TOKENS];
  size_t count = split(text, tokens);
  const char *const *others = json ? in_json : in_calculations;
  size_t other_count =
      json ? sizeof in_json / sizeof *in_json : sizeof in_calculations / sizeof *in_calculations;

  add_part(w, 0, text.length);
  ask(w, text.length);
  for (size_t i = 0; i < count; i++) {
    token t = tokens[i];
    add_part(w, 0, t.start);
    ask(w, t.start);
    replace(w, t.start, t.end, "", 0);
    add_part(w, 0, t.end);
    add_string(w, " ");
    add_part(w, t.start, text.length);
    ask(w, t.end + 1);
    if (i + 1 < count) {
      token next = tokens[i + 1];
      add_part(w, 0, t.start);
      add_part(w, next.start, next.end);
      add_part(w, t.end, next.start);
      add_part(w, t.start, t.end);
      add_part(w, next.end, text.length);
      ask(w, next.end);
    }
    for (size_t k = 0; k < other_count; k++)
      replace(w, t.start, t.end, others[k], strlen(others[k]));
    if (is_word(text.data[t.start]) && t.end - t.start > 1) mistype(w, t);
  }
  free(w);
}
