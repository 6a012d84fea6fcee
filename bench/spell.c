/* One walk over the text: words, numbers, texts between quotes, operators. */
#include "spell.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct writer {
  char *out;
  size_t length, capacity;
  bool full;
} writer;

static void put(writer *w, const char *text, size_t length) {
  if (w->full || length >= w->capacity - w->length) {
    w->full = true;
    return;
  }
  memcpy(w->out + w->length, text, length);
  w->length += length;
}

static void put_string(writer *w, const char *text) { put(w, text, strlen(text)); }

static void put_field(writer *w, const bench_dialect *dialect, const char *name, size_t length) {
  put_string(w, dialect->field_prefix);
  for (size_t i = 0; i < length; i++) put(w, name[i] == '.' ? &dialect->dot : &name[i], 1);
}

static void put_text(writer *w, const bench_dialect *dialect, const char *text, size_t length) {
  char code[16];
  if (dialect->quote) {
    put(w, &dialect->quote, 1);
    put(w, text, length);
    put(w, &dialect->quote, 1);
  } else {
    int wrote = snprintf(code, sizeof code, "%u", bench_code(text, length));
    put(w, code, (size_t)wrote);
  }
}

static const char *word_for(const bench_dialect *dialect, const char *text, size_t length) {
  for (const bench_word *word = dialect->words; word->from; word++)
    if (strlen(word->from) == length && memcmp(word->from, text, length) == 0) return word->to;
  return NULL;
}

static bool in_word(char c) { return isalnum((unsigned char)c) || c == '.' || c == '_'; }
static bool in_operator(char c) { return c && strchr("=!<>", c); }

uint32_t bench_code(const char *text, size_t length) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619u;
  return hash >> 8;
}

size_t bench_spell(const bench_dialect *dialect, const char *head, const char *text,
                   const char *tail, char *out, size_t capacity) {
  writer w = {out, 0, capacity, capacity == 0};
  put_string(&w, head);
  for (const char *at = text; *at;) {
    size_t length = 1;
    if (*at == '"') {
      length = strcspn(at + 1, "\"") + 2;
      put_text(&w, dialect, at + 1, length - 2);
    } else if (in_word(*at)) {
      while (in_word(at[length])) length++;
      const char *word = word_for(dialect, at, length);
      bool name = isalpha((unsigned char)*at) && at[length] != '(';
      if (word) put_string(&w, word);
      else if (name) put_field(&w, dialect, at, length);
      else put(&w, at, length);
    } else {
      while (in_operator(*at) && in_operator(at[length])) length++;
      const char *word = word_for(dialect, at, length);
      put(&w, word ? word : at, word ? strlen(word) : length);
    }
    at += length;
  }
  put_string(&w, tail);
  if (w.full) return 0;
  out[w.length] = '\0';
  return w.length;
}
