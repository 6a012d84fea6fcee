/* The same calculation in another language's spelling, so that every peer has the same work. */
#ifndef BENCH_SPELL_H
#define BENCH_SPELL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A word or operator of evcalc, and the peer's. */
typedef struct bench_word {
  const char *from, *to;
} bench_word;

typedef struct bench_dialect {
  const char *head, *tail;               /* around a calculation */
  const char *fields_head, *fields_tail; /* around one to which the five fields are handed over */
  const char *field_prefix;              /* before the name of a field */
  char dot;                              /* in the name of a field */
  char quote;                            /* around a text; 0: a text is written as its bench_code */
  bench_word words[10];                  /* the last one's `from` is NULL */
} bench_dialect;

/* Write `text` between `head` and `tail` in that dialect; returns its length. `out` has room for
** `capacity` bytes with the NUL; 0 when that is too few. */
size_t bench_spell(const bench_dialect *dialect, const char *head, const char *text,
                   const char *tail, char *out, size_t capacity);

/* A number for a text: below 2 to the 24th. */
uint32_t bench_code(const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
