/* Feeds the scanner's tokens to the Lemon parser.
**
** It knows what the grammar cannot: whether an operand or an operator is due (which makes words like
** NOT and IN mean what they mean), which brackets are open, and after an error without a fix how far
** the rest of the text has lost its meaning.
*/
#include "parse.h"

#include <string.h>

#include "../base/text.h"
#include "../base/utf8.h"
#include "calculation.h"
#include "parser.h"

/* Hooks of the grammar */

void evc_parser_root(struct evc_parser *p, uint32_t node) { p->tree->root = node; }

void evc_parser_failed(struct evc_parser *p) {
  p->skip_level = 0;
  p->skipping = true;
}

void evc_parser_too_deep(struct evc_parser *p) {
  evc_parser_find(p, EVC_MSG_NESTING_TOO_DEEP, p->token_start, p->token_end, EVC_NO_NODE,
          p->tree->limits.depth);
  p->tree->stopped = true;
}

uint32_t evc_parser_lost_argument(struct evc_parser *p) {
  return evc_tree_error(p->tree, p->token_start, p->token_start);
}

uint32_t evc_parser_cast_as(struct evc_parser *p, uint32_t left, uint32_t type) {
  evc_tree *tree = p->tree;
  if (tree->stopped || tree->out_of_memory) return 0;
  tree->nodes[type].kind = EVC_NODE_ERROR; /* the name of a type is no field */
  uint32_t end = tree->nodes[type].end;
  uint32_t cast = evc_tree_cast(tree, tree->nodes[left].start, left, end);
  if (tree->stopped || tree->out_of_memory) return 0;
  tree->nodes[cast].end = end;
  return cast;
}

uint32_t evc_parser_cast(struct evc_parser *p, uint32_t start, uint32_t left) {
  const char *close = memchr(p->tree->source + start, ')', p->tree->source_length - start);
  return evc_tree_cast(p->tree, start, left, (uint32_t)(close - p->tree->source) + 1);
}

/* What the driver asks of a token, one look for all of it: 7 % off compiling a short calculation. */
enum {
  OPERAND = 1,    /* an operand, or what one begins with */
  LEAF = 2,       /* a whole operand that could be read */
  ENDS = 4,       /* behind it an operator is due */
  UNCOUNTED = 8,  /* no node of the tree */
  SIGN = 16,      /* where an operand is due, it enters a level of nesting */
  NESTS = 32,     /* it does so everywhere */
  STAYS = 64,     /* at the level of nesting that the operand being read is at */
  DEPENDS = 128,  /* what it is depends on what stands around it */
  IN_BRACKET = 256 /* counted for each bracket */
};

static const uint16_t traits[UINT8_MAX + 1] = {
    [EVC_TOKEN_END] = UNCOUNTED,
    [EVC_TOKEN_ILLEGAL] = UNCOUNTED,
    [EVC_TOKEN_NUMBER] = OPERAND | STAYS | LEAF | ENDS,
    [EVC_TOKEN_STRING] = OPERAND | STAYS | LEAF | ENDS,
    [EVC_TOKEN_WORD] = OPERAND | STAYS | LEAF | ENDS | DEPENDS,
    [EVC_TOKEN_WORD_NULL] = OPERAND | STAYS | ENDS,
    [EVC_TOKEN_PATH] = OPERAND | STAYS | LEAF | ENDS | DEPENDS,
    [EVC_TOKEN_FUNCTION] = OPERAND | STAYS,
    [EVC_TOKEN_BAD] = OPERAND | STAYS | ENDS | UNCOUNTED,
    [EVC_TOKEN_LP] = OPERAND | STAYS | UNCOUNTED,
    [EVC_TOKEN_RP] = ENDS | STAYS | UNCOUNTED,
    [EVC_TOKEN_BRACKETS] = ENDS | STAYS,
    [EVC_TOKEN_CAST] = OPERAND | NESTS | DEPENDS,
    [EVC_TOKEN_BANG] = OPERAND | NESTS,
    [EVC_TOKEN_NOT] = OPERAND | NESTS,
    [EVC_TOKEN_POW] = NESTS,
    [EVC_TOKEN_PLUS] = SIGN,
    [EVC_TOKEN_MINUS] = SIGN,
    [EVC_TOKEN_IS] = ENDS | DEPENDS,
    [EVC_TOKEN_NOT_INFIX] = ENDS,
    [EVC_TOKEN_AND] = DEPENDS,
    [EVC_TOKEN_OR] = DEPENDS,
    [EVC_TOKEN_QUESTION] = IN_BRACKET,
    [EVC_TOKEN_COLON] = UNCOUNTED | IN_BRACKET,
    [EVC_TOKEN_COMMA] = UNCOUNTED | IN_BRACKET,
    [EVC_TOKEN_BETWEEN] = IN_BRACKET,
    [EVC_TOKEN_BETWEEN_AND] = IN_BRACKET,
};

static bool is_operand(int token) { return (traits[token] & OPERAND) != 0; }

/* Lemon then gives up the expression of this bracket level or argument. The token itself may be what
** ends it; otherwise the rest is skipped. */
void evc_parser_unexpected(struct evc_parser *p, int token) {
  p->erred = true;
  bool swallowed = p->scanner.text_lost && p->previous == EVC_TOKEN_BAD; /* an operator, perhaps */
  if (token != EVC_TOKEN_ILLEGAL && !p->completing && !swallowed) evc_parser_find_unexpected(p, token, is_operand(token));
  bool ends = (token == EVC_TOKEN_RP && p->level > 0) ||
              (token == EVC_TOKEN_COMMA && p->brackets[p->level].call) || token == EVC_TOKEN_END;
  if (ends) return;
  p->skipping = true;
  p->skip_level = p->level;
}

/* Brackets */

static size_t depth_of(const struct evc_parser *p) { return p->level + p->runs + p->choices; }

static void open_bracket(struct evc_parser *p, uint32_t start, bool call) {
  if (depth_of(p) >= p->tree->limits.depth) {
    evc_parser_too_deep(p);
    return;
  }
  void *array = p->brackets;
  if (!evc_arena_grow(p->tree->arena, &array, &p->capacity, p->level + 2, sizeof *p->brackets)) {
    p->tree->out_of_memory = true;
    return;
  }
  p->brackets = array;
  p->brackets[++p->level] = (evc_bracket){.start = start, .call = call};
  p->scanner.commas_separate = call;
}

static void close_bracket(struct evc_parser *p) {
  p->runs -= p->brackets[p->level].run;
  p->choices -= p->brackets[p->level].choices;
  p->level--;
  p->scanner.commas_separate = p->brackets[p->level].call;
}

static bool opens_call(const struct evc_parser *p) {
  return p->previous == EVC_TOKEN_FUNCTION || p->previous == EVC_TOKEN_IN;
}

/* Words: what a path stands for depends on whether an operand or an operator is due. */

static bool is_followed_by_parenthesis(const struct evc_parser *p) {
  const unsigned char *at = p->scanner.cursor;
  while (evc_is_blank((char)*at)) at++;
  return *at == '(';
}

/* AND(a, b), as spreadsheets have it. Behind an operator and with a blank before its parenthesis the word
** joins conditions, one of which lacks its value: a > AND (b). */
static bool is_spreadsheet_call(const struct evc_parser *p) {
  bool begins = p->previous == EVC_TOKEN_END || p->previous == EVC_TOKEN_LP ||
                p->previous == EVC_TOKEN_COMMA;
  return p->operand_expected && is_followed_by_parenthesis(p) &&
         (begins || *p->scanner.cursor == '(');
}

static const struct word {
  const char *text;
  int operand;  /* the token where an operand is due, or SKIP for "a path" */
  int operator; /* the token where an operator is due, or SKIP */
  bool exact;   /* it is a word of the language, so its case matters */
  const char *right; /* of a word that other languages have for an operator: the operator */
} words[] = {
    {"AND", EVC_TOKEN_AND, EVC_TOKEN_AND, true, NULL},
    {"OR", EVC_TOKEN_OR, EVC_TOKEN_OR, true, NULL},
    {"null", EVC_TOKEN_WORD, EVC_TOKEN_WORD, true, NULL},
    {"true", EVC_TOKEN_WORD, EVC_TOKEN_WORD, true, NULL},
    {"false", EVC_TOKEN_WORD, EVC_TOKEN_WORD, true, NULL},
    {"NOT", EVC_TOKEN_NOT, EVC_TOKEN_NOT_INFIX, false, NULL},
    {"IN", EVC_SKIP, EVC_TOKEN_IN, false, NULL},
    {"IS", EVC_SKIP, EVC_TOKEN_IS, false, NULL},
    {"AS", EVC_SKIP, EVC_TOKEN_AS, false, NULL},
    {"LIKE", EVC_SKIP, EVC_TOKEN_LIKE, false, NULL},
    {"EQ", EVC_SKIP, EVC_TOKEN_EQ, false, "=="},
    {"EQUALS", EVC_SKIP, EVC_TOKEN_EQ, false, "=="},
    {"NE", EVC_SKIP, EVC_TOKEN_NE, false, "!="},
    {"GT", EVC_SKIP, EVC_TOKEN_GT, false, ">"},
    {"GTE", EVC_SKIP, EVC_TOKEN_GE, false, ">="},
    {"GE", EVC_SKIP, EVC_TOKEN_GE, false, ">="},
    {"LT", EVC_SKIP, EVC_TOKEN_LT, false, "<"},
    {"LTE", EVC_SKIP, EVC_TOKEN_LE, false, "<="},
    {"LE", EVC_SKIP, EVC_TOKEN_LE, false, "<="},
    {"BETWEEN", EVC_SKIP, EVC_TOKEN_BETWEEN, false, NULL},
};

static const struct word *word_of(evc_text text) {
  if (text.length < 2 || text.length > 7) return NULL;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if ((text.data[0] | 0x20) == (words[i].text[0] | 0x20) &&
        evc_text_is_ignoring_case(text, words[i].text))
      return &words[i];
  return NULL;
}

static evc_text scanned_text(const struct evc_parser *p) {
  return evc_tree_slice(p->tree, p->scanner.at, p->scanner.length);
}

static EVC_RARE void find_spelling(struct evc_parser *p, evc_message message, const char *right) {
  evc_tree_find(p->tree, (evc_finding){.message = message,
                                       .start = p->token_start,
                                       .end = p->token_end,
                                       .node = EVC_NO_NODE,
                                       .text = {right, strlen(right)}});
}

/* The `and` of BETWEEN and the word that touches a number are told with what they belong to. */
static bool is_told_with_another(const struct evc_parser *p, int token) {
  const evc_findings *findings = &p->tree->findings;
  const evc_finding *last = findings->count ? &findings->list[findings->count - 1] : NULL;
  if (last && last->message == EVC_MSG_NUMBER_AND_WORD && last->end == p->token_end) return true;
  return token == EVC_TOKEN_AND && p->brackets[p->level].betweens > 0;
}

static int classify_path(struct evc_parser *p) {
  bool call = is_followed_by_parenthesis(p);
  evc_text text = scanned_text(p);
  const struct word *word = word_of(text);
  int path = call ? EVC_TOKEN_FUNCTION : EVC_TOKEN_PATH;
  if (!word) return path;
  int token = p->operand_expected ? word->operand : word->operator;
  bool joins = token == EVC_TOKEN_AND || token == EVC_TOKEN_OR;
  if (token == EVC_SKIP || (joins && is_spreadsheet_call(p))) return path;
  bool after_is = p->previous == EVC_TOKEN_IS || p->previous == EVC_TOKEN_NOT_INFIX;
  if (word->exact && !after_is && !evc_text_is(text, word->text) && !is_told_with_another(p, token))
    find_spelling(p, EVC_MSG_WRONG_CASE, word->text);
  if (word->right) find_spelling(p, EVC_MSG_UNDOCUMENTED_OPERATOR, word->right);
  return token;
}

/* x IS 5, where no null or NOT follows. */
static EVC_RARE bool is_equality(const struct evc_parser *p) {
  const char *at = (const char *)p->scanner.cursor;
  at += strspn(at, " \t\r\n");
  size_t length = strcspn(at, " \t\r\n(),");
  evc_text next = {at, length};
  return length > 0 && !evc_text_is_ignoring_case(next, "null") &&
         !evc_text_is_ignoring_case(next, "not");
}

/* What a scanned token is here. */
static int classify(struct evc_parser *p, int token) {
  if (token == EVC_TOKEN_PATH) token = classify_path(p);
  if (token == EVC_TOKEN_PATH) return token;
  if (token == EVC_TOKEN_IS && is_equality(p)) {
    find_spelling(p, EVC_MSG_UNDOCUMENTED_OPERATOR, "==");
    return EVC_TOKEN_EQ;
  }
  bool after_is = p->previous == EVC_TOKEN_IS || p->previous == EVC_TOKEN_NOT_INFIX;
  if (token == EVC_TOKEN_WORD && after_is && (p->scanner.start[0] | 0x20) == 'n')
    return EVC_TOKEN_WORD_NULL;
  if ((token == EVC_TOKEN_AND || token == EVC_TOKEN_OR) && is_spreadsheet_call(p))
    return EVC_TOKEN_FUNCTION;
  if (token == EVC_TOKEN_AND && p->brackets[p->level].betweens > 0) return EVC_TOKEN_BETWEEN_AND;
  if (token == EVC_TOKEN_CAST && !p->operand_expected) {
    p->scanner.cursor = p->scanner.start + 1;
    p->token_end = p->token_start + 1;
    return EVC_TOKEN_LP;
  }
  return token;
}

/* Feeding */

static void note_in_bracket(evc_bracket *bracket, int token) {
  if (token == EVC_TOKEN_QUESTION) bracket->questions++;
  if (token == EVC_TOKEN_COLON && bracket->questions > 0) bracket->questions--;
  if (token == EVC_TOKEN_BETWEEN) bracket->betweens++;
  if (token == EVC_TOKEN_BETWEEN_AND) bracket->betweens--;
  if (token == EVC_TOKEN_COMMA) bracket->questions = bracket->betweens = 0;
}

static inline void note_state(struct evc_parser *p, int token, unsigned has) {
  if (has & IN_BRACKET) note_in_bracket(&p->brackets[p->level], token);
  p->dashes = token == EVC_TOKEN_MINUS && p->previous == EVC_TOKEN_MINUS &&
              p->previous_end == p->token_start;
  p->dashed |= p->dashes;
  p->operand_expected = (has & ENDS) == 0;
  p->previous = token;
  p->previous_start = p->token_start;
  p->previous_end = p->token_end;
}

/* ["a"].includes and new.list[0].name: what is read from the brackets is one mistake with them. */
static EVC_RARE bool take_members(struct evc_parser *p) {
  static const char inner[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$";
  const unsigned char *start = p->scanner.cursor;
  for (;;) {
    const char *dot = (const char *)p->scanner.cursor;
    dot += dot[0] == '?' && dot[1] == '.';
    size_t length = *dot == '.' ? strspn(dot + 1, inner) : 0;
    if (length == 0) return p->scanner.cursor > start;
    p->scanner.cursor = (const unsigned char *)dot + 1 + length;
  }
}

/* [x] where an operand is due: brackets around a field are how some databases quote it. */
static EVC_RARE uint32_t bracketed_operand(struct evc_parser *p, int *token) {
  evc_tree *tree = p->tree;
  const char *start = tree->source + p->token_start + 1, *end = tree->source + p->token_end - 1;
  while (start < end && evc_is_blank(*start)) start++;
  while (start < end && evc_is_blank(end[-1])) end--;
  bool path = start < end && !(*start >= '0' && *start <= '9');
  for (const char *at = start; at < end && path; at++)
    path = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$.", *at) != NULL;
  evc_text name = {start, (size_t)(end - start)};
  bool members = take_members(p);
  path &= !members;
  evc_message list =
      members || p->previous == EVC_TOKEN_IN ? EVC_MSG_BRACKETS_LIST : EVC_MSG_BRACKETS;
  evc_tree_find(tree, (evc_finding){.message = path ? EVC_MSG_BRACKETS_FIELD : list,
                                    .start = p->token_start,
                                    .end = p->token_end,
                                    .node = EVC_NO_NODE,
                                    .text = path ? name : (evc_text){NULL, 0}});
  *token = path ? EVC_TOKEN_PATH : members ? EVC_TOKEN_ILLEGAL : EVC_TOKEN_BAD;
  return path ? evc_tree_path(tree, p->token_start, p->token_end, (uint32_t)(start - tree->source),
                              (uint32_t)name.length)
              : evc_tree_error(tree, p->token_start, p->token_end);
}

/* {{path}} or `path`: a mistake of its own, which the path's span leaves out. */
static bool is_braced(const evc_tree *tree, uint32_t start) {
  return tree->source[start] == '{' || tree->source[start] == '`' ||
         (tree->source[start] == '$' && tree->source[start + 1] == '{');
}

/* The value of a token in the grammar: the node of an operand, the end of what closes, the start of
** anything else. */
static uint32_t value_of(struct evc_parser *p, int *token) {
  evc_tree *tree = p->tree;
  const evc_scanner *s = &p->scanner;
  uint32_t start = p->token_start, end = p->token_end;
  switch (*token) {
  case EVC_TOKEN_NUMBER: return evc_tree_number(tree, start, end, s->number);
  case EVC_TOKEN_STRING: return evc_tree_string(tree, start, end, s->at, s->length);
  case EVC_TOKEN_PATH:
    if (s->at != start && is_braced(tree, start)) start = s->at, end = s->at + s->length;
    return evc_tree_path(tree, start, end, s->at, s->length);
  case EVC_TOKEN_BAD: return evc_tree_error(tree, start, end);
  case EVC_TOKEN_WORD: {
    char first = (char)(tree->source[start] | 0x20);
    evc_node_kind kind = first == 'n' ? EVC_NODE_NULL : EVC_NODE_BOOLEAN;
    return evc_tree_word(tree, start, end, kind, first == 't');
  }
  case EVC_TOKEN_BRACKETS:
    if (p->operand_expected) return bracketed_operand(p, token);
    take_members(p);
    return end;
  case EVC_TOKEN_RP:
  case EVC_TOKEN_WORD_NULL: return end;
  default: return start;
  }
}

static bool is_past_colon(const struct evc_parser *p, size_t choice) {
  return (p->past_colon[choice / 64] >> (choice % 64) & 1) != 0;
}

static void set_past_colon(struct evc_parser *p, size_t choice, bool past) {
  uint64_t bit = UINT64_C(1) << (choice % 64), *bits = &p->past_colon[choice / 64];
  *bits = past ? *bits | bit : *bits & ~bit;
}

/* A ? enters a level, which ends with its bracket or argument, or at the colon of a ? : around it. */
static void count_choice(struct evc_parser *p, evc_bracket *bracket, int token) {
  switch (token) {
  case EVC_TOKEN_QUESTION:
    bracket->choices++;
    set_past_colon(p, p->choices++, false);
    break;
  case EVC_TOKEN_COLON:
    while (bracket->choices > 0 && is_past_colon(p, p->choices - 1))
      bracket->choices--, p->choices--;
    if (bracket->choices > 0) set_past_colon(p, p->choices - 1, true);
    break;
  case EVC_TOKEN_COMMA:
    p->choices -= bracket->choices;
    bracket->choices = 0;
    break;
  default: break;
  }
}

/* Signs and ^ nest without brackets, until an operator that binds less tightly. */
static void count_level(struct evc_parser *p, int token) {
  evc_bracket *bracket = &p->brackets[p->level];
  if ((traits[token] & NESTS) || ((traits[token] & SIGN) && p->operand_expected)) {
    bracket->run++;
    p->runs++;
  } else {
    p->runs -= bracket->run;
    bracket->run = 0;
    if (!(traits[token] & IN_BRACKET)) return;
    count_choice(p, bracket, token);
  }
  if (depth_of(p) > p->tree->limits.depth) evc_parser_too_deep(p);
}

/* A node is each literal, path, call and operator: counted in the order of the text, so that the
** limit points at the first one past it. */
static void count_node(struct evc_parser *p, int token) {
  if (traits[token] & UNCOUNTED) return;
  if (++p->node_count <= p->tree->limits.nodes || p->tree->stopped) return;
  evc_parser_find(p, EVC_MSG_TOO_MANY_NODES, p->token_start, p->token_end, EVC_NO_NODE,
          p->tree->limits.nodes);
  p->tree->stopped = true;
}

static void feed(struct evc_parser *p, int token) {
  if (p->tree->stopped || p->tree->out_of_memory) return;
  count_node(p, token);
  if (!(traits[token] & STAYS)) count_level(p, token);
  uint32_t value = value_of(p, &token);
  if (p->tree->stopped || p->tree->out_of_memory) return;
  const unsigned has = traits[token];
  evc_parser_(p->lemon, token, value, p);
  if (p->erred) {
    evc_parser_resume(p);
    if ((has & LEAF) && value < p->tree->count) p->tree->nodes[value].kind = EVC_NODE_ERROR;
    p->erred = false;
  }
  if (p->skipping) p->previous = token;
  else note_state(p, token, has);
}

/* While skipping, only brackets count; what ends the skipping is fed again. The end does not come here. */
static EVC_RARE bool skip(struct evc_parser *p, int token) {
  bool same_level = p->level == p->skip_level;
  if (p->previous == EVC_TOKEN_COMMA && !p->brackets[p->level].call &&
      p->tree->source[p->token_start - 1] == ',')
    evc_parser_take_back(p, EVC_MSG_MALFORMED_NUMBER_FIXED); /* decimals behind a comma */
  if (token == EVC_TOKEN_LP) {
    open_bracket(p, p->token_start, opens_call(p));
  } else if (token == EVC_TOKEN_RP && !same_level) {
    close_bracket(p);
  } else if ((token == EVC_TOKEN_RP && p->level > 0) ||
             (token == EVC_TOKEN_COMMA && same_level && p->brackets[p->level].call)) {
    return false;
  }
  p->previous = token;
  return true;
}

static void feed_comma_or_drop_it(struct evc_parser *p, bool *held, uint32_t comma, int next) {
  *held = false;
  if (next == EVC_TOKEN_RP) {
    evc_tree_find(p->tree, (evc_finding){.message = EVC_MSG_TRAILING_COMMA,
                                         .start = comma,
                                         .end = comma + 1,
                                         .node = EVC_NO_NODE,
                                         .text = {"", 0}});
    return;
  }
  uint32_t start = p->token_start, end = p->token_end;
  p->token_start = comma;
  p->token_end = comma + 1;
  feed(p, EVC_TOKEN_COMMA);
  p->token_start = start;
  p->token_end = end;
}

/* An unclosed string at the very end, where nothing is wrong but its quote: closing it, and what is
** open around it, is a guess. The finding then has what to add as its text and where as its detail. */
static EVC_RARE void close_string(struct evc_parser *p) {
  evc_findings *findings = &p->tree->findings;
  evc_finding *last = findings->count ? &findings->list[findings->count - 1] : NULL;
  if (!last || last->message != EVC_MSG_UNCLOSED_STRING || last->end != p->tree->source_length ||
      last->start != p->previous_start || p->tree->source[last->start] != '"')
    return;
  for (size_t i = 0; i <= p->level; i++)
    if (p->brackets[i].questions > 0 || p->brackets[i].betweens > 0) return;
  uint32_t end = last->end;
  while (end > last->start + 1 && strchr(" \t", p->tree->source[end - 1])) end--;
  for (uint32_t i = last->start + 1; i < end; i++)
    if (memchr("\\()<>=&|", p->tree->source[i], 9)) return; /* more than a String, perhaps */
  evc_builder builder;
  evc_build_init(&builder, p->tree->arena);
  evc_build_char(&builder, '"');
  evc_build_repeat(&builder, ')', p->level);
  last->text = evc_build_end(&builder);
  last->detail = end;
  if (!last->text.data) p->tree->out_of_memory = true;
}

/* The open parentheses become labels. */
static EVC_RARE void find_missing_operand(struct evc_parser *p) {
  uint32_t *places = NULL;
  if (p->level > 0) {
    places = evc_arena_alloc(p->tree->arena, p->level * sizeof *places);
    if (!places) p->tree->out_of_memory = true;
    for (size_t i = 0; places && i < p->level; i++) places[i] = p->brackets[i + 1].start;
  }
  evc_tree_find(p->tree,
                (evc_finding){
                    .message = p->dashes                          ? EVC_MSG_MISSING_OPERAND_COMMENT
                               : p->previous == EVC_TOKEN_PERCENT ? EVC_MSG_MISSING_OPERAND_PERCENT
                                                                  : EVC_MSG_MISSING_OPERAND_AT_END,
                    .start = p->previous_end,
                    .end = p->previous_end,
                    .node = p->previous_start,
                    .detail = (uint32_t)p->level,
                    .places = places,
                });
}

/* What is missing at the end: one finding, of the operand or of the parentheses. */
static void find_missing(struct evc_parser *p) {
  uint32_t end = p->previous_end;
  evc_bracket *inner = &p->brackets[p->level];
  bool dangling = p->previous == EVC_TOKEN_IS || p->previous == EVC_TOKEN_NOT_INFIX;
  p->tree->incomplete = p->operand_expected || dangling || inner->betweens > 0 ||
                        inner->questions > 0 || p->level > 0;
  if (p->operand_expected && p->previous_end == 0) return; /* no token at all: a comment, told */
  if (p->operand_expected || dangling) find_missing_operand(p);
  else if (inner->betweens > 0) evc_parser_find(p, EVC_MSG_MISSING_BOUND, end, end, EVC_NO_NODE, 0);
  else if (inner->questions > 0) evc_parser_find(p, EVC_MSG_MISSING_ARM, end, end, EVC_NO_NODE, 0);
  else if (p->scanner.text_lost) close_string(p);
  else if (p->level > 0) {
    p->tree->unclosed = end;
    evc_parser_find(p, EVC_MSG_UNCLOSED_PARENTHESIS, p->brackets[1].start, p->brackets[1].start + 1, end,
            (uint32_t)p->level);
  }
}

/* Give up the level where something is missing, as after any error, and close what is open, so that
** the parts that are there come together in the tree. */
static void complete(struct evc_parser *p) {
  p->completing = true;
  p->token_start = p->token_end = p->previous_end;
  while (!p->tree->stopped && !p->tree->out_of_memory) {
    const evc_bracket *bracket = &p->brackets[p->level];
    bool missing = p->operand_expected || bracket->questions > 0 || bracket->betweens > 0;
    if (missing && !p->skipping) feed(p, EVC_TOKEN_ILLEGAL);
    if (p->level == 0) break;
    p->skipping = false;
    feed(p, EVC_TOKEN_RP);
    close_bracket(p);
  }
  if (!p->skipping) feed(p, EVC_TOKEN_END);
}

/* Nothing but this ) and more of them; asked of the first token alone, for the answer takes a walk. */
static bool is_all_there_is(const struct evc_parser *p) {
  const char *at = (const char *)p->scanner.cursor;
  return p->previous_end == 0 && p->operand_expected && at[strspn(at, " \t\r\n)")] == '\0';
}

static EVC_RARE void keep(struct evc_parser *p, int token) {
  evc_lexemes *lexemes = p->lexemes;
  if (token == EVC_TOKEN_END) return;
  void *list = lexemes->list;
  if (!evc_arena_grow(p->tree->arena, &list, &lexemes->capacity, lexemes->count + 1,
                      sizeof *lexemes->list)) {
    p->tree->out_of_memory = true;
    return;
  }
  bool spelled = token == EVC_TOKEN_PATH || token == EVC_TOKEN_STRING;
  uint32_t start = p->token_start, end = p->token_end;
  lexemes->list = list;
  lexemes->list[lexemes->count++] = (evc_lexeme){.token = token,
                                                 .start = start,
                                                 .end = end,
                                                 .at = spelled ? p->scanner.at : start,
                                                 .length = spelled ? p->scanner.length : end - start};
}

/* The token kept last turned out to be that one, and perhaps shorter. */
static EVC_RARE void keep_as(struct evc_parser *p, int token) {
  if (p->lexemes->count == 0) return;
  evc_lexeme *last = &p->lexemes->list[p->lexemes->count - 1];
  last->token = token;
  last->end = p->token_end;
}

static inline int scan(struct evc_parser *p) {
  int token = evc_scan(&p->scanner);
  p->token_start = evc_token_offset(&p->scanner, p->scanner.start);
  p->token_end = evc_token_offset(&p->scanner, p->scanner.cursor);
  if (p->lexemes) keep(p, token);
  return token;
}

/* Returns false at the end of the text. */
static bool step(struct evc_parser *p, bool *comma_held, uint32_t *comma) {
  int token = scan(p);
  if (p->skipping) {
    if (token == EVC_TOKEN_END) return false;
    if (token == EVC_TOKEN_PATH && is_followed_by_parenthesis(p)) token = EVC_TOKEN_FUNCTION;
    if (p->lexemes) keep_as(p, token);
    if (skip(p, token)) return true;
    p->skipping = false;
    p->operand_expected = false;
  }
  if (*comma_held) feed_comma_or_drop_it(p, comma_held, *comma, token);
  if (token == EVC_TOKEN_END) return false;
  if (p->skipping) return true;
  if (traits[token] & DEPENDS) {
    token = classify(p, token);
    if (p->lexemes) keep_as(p, token);
  }
  switch (token) {
  case EVC_TOKEN_COMMA:
    if (p->brackets[p->level].call && !p->operand_expected) {
      *comma_held = true;
      *comma = p->token_start;
      return true;
    }
    break;
  case EVC_TOKEN_LP: {
    bool call = opens_call(p);
    feed(p, token);
    open_bracket(p, p->token_start, call);
    return true;
  }
  case EVC_TOKEN_RP:
    if (p->level == 0 && is_all_there_is(p)) {
      evc_parser_find(p, EVC_MSG_MISSING_VALUE, p->token_start, p->token_end, EVC_NO_NODE, 0);
      p->skipping = true;
      return true;
    }
    if (p->level == 0) {
      evc_parser_find(p, EVC_MSG_SURPLUS_PARENTHESIS, p->token_start, p->token_end, EVC_NO_NODE, 0);
      p->previous_end = p->token_end;
      return true;
    }
    feed(p, token);
    close_bracket(p);
    return true;
  default: break;
  }
  feed(p, token);
  return true;
}

void evc_parser_drive(struct evc_parser *p) {
  evc_tree *tree = p->tree;
  bool comma_held = false;
  uint32_t comma = 0;
  while (step(p, &comma_held, &comma) && !tree->stopped && !tree->out_of_memory) {}
  if (tree->stopped || tree->out_of_memory) return;
  if (!p->skipping) find_missing(p);
  else if (p->skip_level > 0) tree->given_up = p->brackets[p->skip_level].start + 1;
  complete(p);
}

/* A node for so many bytes is room enough for most texts; growing step by step cost 1 %. */
enum { FIRST_BRACKETS = 8, BYTES_A_NODE = 5 };

/* Past a limit the rest of the text has tokens, but nothing more is told of it. */
static void keep_rest(struct evc_parser *p) {
  size_t told = p->tree->findings.count;
  for (int token; !p->tree->out_of_memory && (token = scan(p)) != EVC_TOKEN_END;)
    if (token == EVC_TOKEN_PATH && is_followed_by_parenthesis(p)) keep_as(p, EVC_TOKEN_FUNCTION);
  p->tree->findings.count = told;
}

void evc_parse(evc_tree *tree, evc_arena *arena, const char *source, uint32_t length,
               const evc_limits *limits) {
  evc_parse_keeping(tree, arena, source, length, limits, NULL);
}

void evc_parse_keeping(evc_tree *tree, evc_arena *arena, const char *source, uint32_t length,
                       const evc_limits *limits, evc_lexemes *lexemes) {
  *tree = (evc_tree){.arena = arena, .source = source, .source_length = length, .limits = *limits};
  const unsigned char *text = (const unsigned char *)source;
  struct evc_parser parser = {.tree = tree, .lexemes = lexemes, .operand_expected = true};
  struct evc_parser *p = &parser;
  p->scanner = (evc_scanner){.tree = tree, .cursor = text, .start = text, .limit = text + length};
  p->scanner.cursor += evc_utf8_bom((evc_text){source, length});
  evc_bracket first[FIRST_BRACKETS];
  p->brackets = first;
  p->capacity = FIRST_BRACKETS;
  evc_tree_reserve(tree, length / BYTES_A_NODE + 4);
  p->brackets[0] = (evc_bracket){.start = 0};
  evc_parser_run(p);
  if (lexemes && tree->stopped) keep_rest(p);
  if (tree->count == 0 || p->skipping) tree->root = evc_tree_error(tree, 0, length);
}
