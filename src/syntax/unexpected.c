/* What is told of a token that the grammar cannot take: which mistake it is, by what stands around it. */
#include <string.h>

#include "../base/text.h"
#include "calculation.h"
#include "parser.h"

void evc_parser_find(struct evc_parser *p, evc_message message, uint32_t start, uint32_t end,
                     uint32_t node, uint32_t detail) {
  evc_tree_find(p->tree, (evc_finding){.message = message,
                                       .start = start,
                                       .end = end,
                                       .node = node,
                                       .detail = detail});
}

/* Words that other languages put around a condition, and operators that have no equivalent here. */

static bool is_one_of(evc_text text, const char *const *words) {
  for (; *words; words++)
    if (evc_text_is_ignoring_case(text, *words)) return true;
  return false;
}

static const char *const choice_words[] = {"if",   "then", "else", "elseif",
                                           "elif", "case", "when", NULL};
static const char *const statement_words[] = {"return", "where",  "select", "let", "var",
                                              "const",  "having", "unless", "xor", NULL};
static const char *const search_words[] = {"contains", "startswith", "endswith", "matches",
                                           "includes", "has",        "ilike",    "rlike",
                                           "regexp",   NULL};

static evc_message foreign_word(evc_text text) {
  if (is_one_of(text, choice_words)) return EVC_MSG_CHOICE_WORD;
  if (is_one_of(text, statement_words)) return EVC_MSG_STATEMENT_WORD;
  return is_one_of(text, search_words) ? EVC_MSG_SEARCH_WORD : EVC_MSG_END;
}

static evc_text source_text(const struct evc_parser *p, uint32_t start, uint32_t end) {
  return (evc_text){p->tree->source + start, end - start};
}

static bool is_bare_name(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if (memchr(".-?{`[", text.data[i], 6)) return false;
  return true;
}

static bool all_digits(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if (text.data[i] < '0' || text.data[i] > '9') return false;
  return true;
}

/* Two operands side by side: what the second, or a line break before it, tells of the intention. */
static evc_message adjacent_message(const struct evc_parser *p, int token) {
  evc_text gap = source_text(p, p->previous_end, p->token_start);
  evc_text text = source_text(p, p->token_start, p->token_end);
  bool number = p->previous == EVC_TOKEN_NUMBER;
  if (gap.length && memchr(gap.data, '\n', gap.length)) return EVC_MSG_ADJACENT_LINES;
  if (number && token == EVC_TOKEN_NUMBER && text.length == 3 && gap.length == 1 &&
      all_digits(text))
    return EVC_MSG_ADJACENT_DIGITS;
  if (number && token == EVC_TOKEN_PATH && is_bare_name(text)) return EVC_MSG_ADJACENT_UNIT;
  evc_text before = source_text(p, p->previous_start, p->previous_end);
  if (p->previous == EVC_TOKEN_PATH && evc_function_find(before.data, before.length) != EVC_FN_END)
    return EVC_MSG_ADJACENT_FUNCTION;
  return p->dashed ? EVC_MSG_ADJACENT_COMMENT : EVC_MSG_ADJACENT_OPERANDS;
}

/* The message for a token that the grammar cannot take. */
static evc_message unexpected_message(const struct evc_parser *p, int token, bool operand) {
  if (p->operand_expected) {
    if (token == EVC_TOKEN_RP && p->previous == EVC_TOKEN_LP) return EVC_MSG_EMPTY_PARENTHESES;
    if (p->previous == EVC_TOKEN_QUESTION && token == EVC_TOKEN_QUESTION &&
        p->previous_end == p->token_start)
      return EVC_MSG_MISSING_VALUE_DEFAULT;
    if (p->previous == EVC_TOKEN_PERCENT) return EVC_MSG_MISSING_VALUE_PERCENT;
    if (p->dashes) return EVC_MSG_MISSING_VALUE_COMMENT;
    bool joins = token == EVC_TOKEN_AND || token == EVC_TOKEN_OR;
    return joins ? EVC_MSG_MISSING_CONDITION : EVC_MSG_MISSING_VALUE;
  }
  if (operand) {
    bool after_operand = p->previous != EVC_TOKEN_NOT_INFIX && p->previous != EVC_TOKEN_IS;
    return after_operand ? adjacent_message(p, token) : EVC_MSG_CONSTRUCT_INCOMPLETE;
  }
  switch (token) {
  case EVC_TOKEN_COMMA: {
    char next = p->tree->source[p->token_end];
    bool decimal = p->previous == EVC_TOKEN_NUMBER && p->previous_end == p->token_start &&
                   all_digits(source_text(p, p->previous_start, p->previous_end));
    return decimal && next >= '0' && next <= '9' ? EVC_MSG_UNEXPECTED_COMMA_DECIMAL
                                                 : EVC_MSG_UNEXPECTED_COMMA;
  }
  case EVC_TOKEN_COLON: return EVC_MSG_UNEXPECTED_COLON;
  case EVC_TOKEN_NOT_INFIX:
  case EVC_TOKEN_IS:
  case EVC_TOKEN_AS: return EVC_MSG_CONSTRUCT_INCOMPLETE;
  default: return EVC_MSG_UNEXPECTED_TOKEN;
  }
}

/* A name without a dot before another operand is a word of prose or of another language: not an
** unknown field too. */
static void forget_word_before(struct evc_parser *p) {
  evc_tree *tree = p->tree;
  for (size_t i = tree->count; i-- > 0;) {
    evc_node *node = &tree->nodes[i];
    if (node->kind == EVC_NODE_PATH && node->start == p->previous_start) {
      node->kind = EVC_NODE_ERROR;
      return;
    }
    if (node->end < p->previous_start) return;
  }
}

/* Is the finding before this one about the token itself? Then the two are one mistake. */
static bool was_told(const struct evc_parser *p, evc_message message) {
  const evc_findings *findings = &p->tree->findings;
  if (findings->count == 0) return false;
  const evc_finding *last = &findings->list[findings->count - 1];
  return last->start == p->token_start && last->end == p->token_end && last->message == message;
}

/* The place of the token says more than the token. */
void evc_parser_take_back(struct evc_parser *p, evc_message message) {
  if (was_told(p, message)) p->tree->findings.count--;
}

/* The mistake is at the second operand, whichever of the two the word is. */
static void find_foreign_word(struct evc_parser *p, evc_text word) {
  evc_tree_find(p->tree, (evc_finding){.message = foreign_word(word),
                                       .start = p->token_start,
                                       .end = p->token_end,
                                       .node = EVC_NO_NODE,
                                       .text = word});
}

void evc_parser_find_unexpected(struct evc_parser *p, int token, bool operand) {
  evc_message message = unexpected_message(p, token, operand);
  bool adjacent = !p->operand_expected && operand;
  evc_text text = source_text(p, p->token_start, p->token_end);
  evc_text before = source_text(p, p->previous_start, p->previous_end);
  evc_parser_take_back(p, EVC_MSG_UNDOCUMENTED_OPERATOR);
  if (message == EVC_MSG_ADJACENT_DIGITS) evc_parser_take_back(p, EVC_MSG_MALFORMED_NUMBER_FIXED);
  if (message == EVC_MSG_MISSING_CONDITION) evc_parser_take_back(p, EVC_MSG_WRONG_CASE);
  if (was_told(p, EVC_MSG_BRACKETS) || was_told(p, EVC_MSG_BRACKETS_LIST) ||
      was_told(p, EVC_MSG_BRACES))
    return;
  if (adjacent && was_told(p, EVC_MSG_UNCLOSED_STRING)) return;
  bool prefix = evc_text_is(before, "new") || evc_text_is(before, "old");
  bool label =
      message == EVC_MSG_UNEXPECTED_COLON || (message == EVC_MSG_UNEXPECTED_COMMA && prefix);
  if (message == EVC_MSG_ADJACENT_FUNCTION) {
    forget_word_before(p);
  } else if ((adjacent || label) && p->previous == EVC_TOKEN_PATH && is_bare_name(before)) {
    forget_word_before(p);
    if (adjacent && foreign_word(before) != EVC_MSG_END) {
      find_foreign_word(p, before);
      return;
    }
  }
  if (adjacent && token == EVC_TOKEN_PATH && foreign_word(text) != EVC_MSG_END)
    find_foreign_word(p, text);
  else if (message == EVC_MSG_MISSING_VALUE_DEFAULT)
    evc_parser_find(p, message, p->previous_start, p->token_end, p->previous_start, p->previous_end);
  else evc_parser_find(p, message, p->token_start, p->token_end, p->previous_start, p->previous_end);
}
