/* From text to tree. */
#ifndef EVC_SYNTAX_PARSE_H
#define EVC_SYNTAX_PARSE_H

#include "tree.h"

/* A token as the parser took it. After an error without a fix, up to the end of that bracket level, and
** past a limit, words are what the scanner makes of them alone: IN and NOT are then paths. */
typedef struct evc_lexeme {
  int token; /* an EVC_TOKEN_… of grammar/calculation.y */
  uint32_t start, end;
  uint32_t at, length; /* what a name reads and a string holds, else the source: evc_tree_slice */
} evc_lexeme;

/* Tokens in the order of the text. Start from {0}. */
typedef struct evc_lexemes {
  evc_lexeme *list;
  size_t count, capacity;
} evc_lexemes;

/* Parse `source` (NUL-terminated, `length` bytes, within the text limit) into `tree`, whose memory
** comes from `arena`. Every mistake is in tree->findings, in no particular order; what can be made of
** the text is in the tree. `limits` has no zeros left. */
void evc_parse(evc_tree *tree, evc_arena *arena, const char *source, uint32_t length,
               const evc_limits *limits);

/* The same, and every token of the text goes to `lexemes` (in the tree's arena; NULL: none is kept).
** What no token covers is blank or was reported. */
void evc_parse_keeping(evc_tree *tree, evc_arena *arena, const char *source, uint32_t length,
                       const evc_limits *limits, evc_lexemes *lexemes);

#endif
