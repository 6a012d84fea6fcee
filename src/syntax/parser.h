/* Between the scanner and the Lemon parser: what the grammar's actions and error hooks call. */
#ifndef EVC_SYNTAX_PARSER_H
#define EVC_SYNTAX_PARSER_H

#include "parse.h"
#include "token.h"

/* An open bracket; the whole text is level 0. */
typedef struct evc_bracket {
  uint32_t start;     /* of the ( */
  uint32_t questions; /* ? without their : so far */
  uint32_t run;       /* signs, negations and ^ that the operand being read is nested in */
  uint32_t choices;   /* ? : that what is being read is nested in */
  uint32_t betweens;  /* BETWEEN without their AND so far */
  bool call;          /* commas separate arguments here */
} evc_bracket;

struct evc_parser {
  evc_tree *tree;
  evc_scanner scanner;
  void *lemon;
  evc_lexemes *lexemes; /* NULL: not asked for */
  evc_bracket *brackets; /* [0, level] */
  size_t level, capacity;
  uint32_t node_count;
  size_t runs, choices; /* of all open brackets together */
  uint64_t past_colon[EVC_DEFAULT_DEPTH_LIMIT / 64 + 1]; /* a bit for each of these ? : */
  int previous; /* the token fed last */
  uint32_t token_start, token_end;
  uint32_t previous_start, previous_end;
  bool operand_expected;
  bool dashes;     /* the last two tokens were -- */
  bool dashed;     /* there was a -- */
  bool erred;      /* the grammar could not take the token being fed */
  bool completing; /* feeding what is missing at the end: that has been reported */
  bool skipping;   /* after an error without a fix: only errors of tokens, up to the end of … */
  size_t skip_level; /* … this level, or of its argument */
};

/* The generated parser; evc_parser_run makes one on the stack and calls evc_parser_drive with it. */
void evc_parser_(void *lemon, int token, uint32_t value, struct evc_parser *p);
void evc_parser_run(struct evc_parser *p);
void evc_parser_drive(struct evc_parser *p);
EVC_RARE void evc_parser_resume(struct evc_parser *p);

/* What the grammar calls. */
void evc_parser_root(struct evc_parser *p, uint32_t node);
EVC_RARE void evc_parser_unexpected(struct evc_parser *p, int token);
EVC_RARE void evc_parser_failed(struct evc_parser *p);
EVC_RARE void evc_parser_too_deep(struct evc_parser *p);
EVC_RARE uint32_t evc_parser_lost_argument(struct evc_parser *p);
EVC_RARE uint32_t evc_parser_cast(struct evc_parser *p, uint32_t start, uint32_t left);
EVC_RARE uint32_t evc_parser_cast_as(struct evc_parser *p, uint32_t left, uint32_t type);

/* unexpected.c: add a finding; that of the token being fed where the grammar cannot take it, `operand`
** when it is an operand or begins one; take back the last one where it is of that token and message. */
EVC_RARE void evc_parser_find(struct evc_parser *p, evc_message message, uint32_t start,
                              uint32_t end, uint32_t node, uint32_t detail);
EVC_RARE void evc_parser_find_unexpected(struct evc_parser *p, int token, bool operand);
EVC_RARE void evc_parser_take_back(struct evc_parser *p, evc_message message);

#endif
