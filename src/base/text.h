/* Building text piece by piece in an arena. */
#ifndef EVC_BASE_TEXT_H
#define EVC_BASE_TEXT_H

#include <string.h>

#include "arena.h"

/* A string literal as a pointer and a length argument. */
#define EVC_LITERAL(s) (s), (sizeof(s) - 1)

/* A NUL-terminated string as a text. */
static inline evc_text evc_text_of(const char *string) {
  return (evc_text){string, strlen(string)};
}

/* White space of calculations, and of JSON. */
static inline bool evc_is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Nothing but blanks, or nothing at all. */
bool evc_text_is_blank(evc_text text);

/* The bytes at an address as a word. */
#define EVC_LOAD(type)                                                                             \
  static inline type evc_load_##type(const char *at) {                                             \
    type word;                                                                                     \
    memcpy(&word, at, sizeof word);                                                                \
    return word;                                                                                   \
  }
EVC_LOAD(uint16_t)
EVC_LOAD(uint32_t)
EVC_LOAD(uint64_t)
#undef EVC_LOAD

static inline bool evc_text_equal(evc_text a, evc_text b) {
  /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): what has a length has data */
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Are `length` bytes the same? Two loads that overlap cover what eight bytes a step leave. Without a
** call the loops around it keep their registers. */
static inline bool evc_same_bytes(const char *a, const char *b, size_t length) {
#define DIFFER_AT(type, at) (evc_load_##type(a + (at)) ^ evc_load_##type(b + (at)))
  if (length >= 8) {
    for (size_t i = 0; i + 8 < length; i += 8)
      if (DIFFER_AT(uint64_t, i)) return false;
    return !DIFFER_AT(uint64_t, length - 8);
  }
  if (length >= 4) return !(DIFFER_AT(uint32_t, 0) | DIFFER_AT(uint32_t, length - 4));
  if (length >= 2) return !(DIFFER_AT(uint16_t, 0) | DIFFER_AT(uint16_t, length - 2));
  return length == 0 || *a == *b;
#undef DIFFER_AT
}

bool evc_text_is(evc_text text, const char *literal);

/* Equal but for the case of ASCII letters. */
bool evc_text_is_ignoring_case(evc_text text, const char *literal);

/* Less than, equal to or greater than 0 by bytes, which is by code point in UTF-8. */
int evc_text_compare(evc_text a, evc_text b);

/* A text being built. Once an allocation failed, `failed` is set and every call does nothing, so that
** one check at the end is enough. */
typedef struct evc_builder {
  evc_arena *arena;
  char *data;
  size_t length, capacity;
  bool failed;
} evc_builder;

void evc_build_init(evc_builder *builder, evc_arena *arena);
void evc_build(evc_builder *builder, const char *data, size_t length);
void evc_build_text(evc_builder *builder, evc_text text);
void evc_build_string(evc_builder *builder, const char *nul_terminated);
void evc_build_char(evc_builder *builder, char c);
void evc_build_repeat(evc_builder *builder, char c, size_t count);
void evc_build_unsigned(evc_builder *builder, uint64_t number);

/* The shortest decimal that reads back as the same number, e.g. 0.1, 20000, 1e+30. */
void evc_build_number(evc_builder *builder, double number);

/* User text made safe to show: control and bidirectional characters and invalid bytes appear as
** escapes such as \u001B or \xFF. Text of more than `most` bytes is cut with an ellipsis. */
void evc_build_quoted(evc_builder *builder, evc_text text, size_t most);

/* A wording in which {0}, {1} … stand for `args`, which are shown safely and in full. */
void evc_build_wording(evc_builder *builder, const char *wording, const evc_text *args);

/* What was built, NUL-terminated; data == NULL when an allocation failed. */
evc_text evc_build_end(evc_builder *builder);

#endif
