/* The scanner's state, and what its rules call for tokens that need more than their kind.
**
** Every evc_token_… function returns the token that was meant, having reported what is wrong with the
** spelling; EVC_SKIP where nothing was meant; ILLEGAL where nothing can be made of it.
*/
#ifndef EVC_SYNTAX_TOKEN_H
#define EVC_SYNTAX_TOKEN_H

#include "tree.h"

enum { EVC_TOKEN_END = 0, EVC_SKIP = -1 };

typedef struct evc_scanner {
  evc_tree *tree; /* for its text, findings and decoded text */
  const unsigned char *cursor, *start, *limit; /* *limit is NUL */
  bool commas_separate; /* directly inside call arguments: a comma never groups digits */
  uint32_t braces;      /* { without their } so far */
  bool text_lost;       /* an unclosed string, comment or bracket swallowed what followed */
  /* The token, beside its kind: */
  double number;       /* NUMBER */
  uint32_t at, length; /* PATH, STRING: where its text is, see evc_tree_string */
} evc_scanner;

/* What comes next, from `start` to `cursor`: a token or EVC_SKIP. Generated from
** grammar/calculation.re. */
int evc_scan_one(evc_scanner *s);

/* The next token (an EVC_TOKEN_…), from `start` to `cursor`. */
static inline int evc_scan(evc_scanner *s) {
  int token;
  do token = evc_scan_one(s);
  while (token == EVC_SKIP);
  return token;
}

/* The bytes of the escape at the backslash `at`, in text that ends with a NUL; *right is false where
** strings have no such escape. */
size_t evc_scan_escape(const unsigned char *at, bool *right);

int evc_token_nul(evc_scanner *s);
int evc_token_word(evc_scanner *s, int kind);
int evc_token_path(evc_scanner *s);
EVC_RARE int evc_token_foreign_path(evc_scanner *s);
int evc_token_number(evc_scanner *s);
EVC_RARE int evc_token_odd_number(evc_scanner *s);
EVC_RARE int evc_token_grouped_number(evc_scanner *s);
EVC_RARE int evc_token_money(evc_scanner *s);
EVC_RARE int evc_token_date(evc_scanner *s);
int evc_token_plain_string(evc_scanner *s);
EVC_RARE int evc_token_string(evc_scanner *s);
EVC_RARE int evc_token_respelled(evc_scanner *s, int kind, const char *right);

/* An operator with a blank in it: `whole`, spelled `right`, unless more follows that belongs to its
** second half; then only its first character, `first`. */
EVC_RARE int evc_token_split(evc_scanner *s, int first, int whole, const char *right);

/* A string whose quotes are `quote` bytes long each: \" or &quot;. */
EVC_RARE int evc_token_wrapped(evc_scanner *s, size_t quote);
EVC_RARE int evc_token_escaped_blank(evc_scanner *s);
EVC_RARE int evc_token_fence(evc_scanner *s);
EVC_RARE int evc_token_called_word(evc_scanner *s, const char *word);
EVC_RARE int evc_token_cast(evc_scanner *s);
EVC_RARE int evc_token_braces(evc_scanner *s);
EVC_RARE int evc_token_brackets(evc_scanner *s);
EVC_RARE int evc_token_line_comment(evc_scanner *s);
EVC_RARE int evc_token_block_comment(evc_scanner *s);
EVC_RARE int evc_token_other(evc_scanner *s);

/* Shared by token.c and strings.c. */
static inline uint32_t evc_token_offset(const evc_scanner *s, const unsigned char *at) {
  return (uint32_t)(at - (const unsigned char *)s->tree->source);
}

EVC_RARE void evc_token_find(evc_scanner *s, evc_message message, const unsigned char *start,
                             const unsigned char *end, evc_text text);

/* What a look-alike is called; `row` is the detail of a LOOKALIKE or WIDE_SPACE finding. */
const char *evc_lookalike_called(uint32_t row);

/* A quoted string of another kind; the cursor is behind the opening quote. */
EVC_RARE int evc_token_quoted(evc_scanner *s, uint32_t opening);

#endif
