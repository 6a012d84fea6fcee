/* A calculation as text: parentheses where they are needed and sometimes where not, and blanks in
** three manners, because what stands between the tokens is part of what a reader has to cope with.
*/
#include <string.h>

#include "../base/text.h"
#include "generator.h"

typedef enum manner {
  ORDERLY, /* a blank around operators and behind commas */
  TIGHT,   /* a blank only where one is needed */
  LOOSE    /* anything */
} manner;

typedef struct speller {
  evc_generator *g;
  evc_builder text;
  manner manner;
} speller;

enum { TIGHTEST = 10 }; /* the level of what needs no parentheses anywhere */

static void spell(speller *s, const evc_gen_node *node, unsigned level);
static void spell_bare(speller *s, const evc_gen_node *node);

/* White space where none is needed. */
static void build_optional(speller *s) {
  evc_random *random = &s->g->random;
  if (s->manner != LOOSE || evc_random_chance(random, 1, 2)) return;
  for (uint32_t left = evc_random_below(random, 3) + 1; left > 0; left--) {
    static const char breaks[] = "\n\t\r";
    uint32_t kind = evc_random_below(random, 12);
    bool other = s->g->options.line_breaks && kind < 3;
    evc_build_char(&s->text, other ? breaks[kind] : ' ');
  }
}

/* White space where there must be some. */
static void build_blank(speller *s) {
  evc_build_char(&s->text, ' ');
  build_optional(s);
}

static void build_spelling(speller *s, const char *spelling) {
  build_optional(s);
  evc_build_string(&s->text, spelling);
  build_optional(s);
}

/* Words need blanks. So does a minus, lest 2026-10-12 looks like a date. */
static void build_operator(speller *s, evc_operator op) {
  const char *spelling = evc_operators[op].spelling;
  bool word = evc_operators[op].rule == EVC_RULE_LOGIC;
  bool blanks = word || op == EVC_OP_SUBTRACT || s->manner == ORDERLY;
  if (blanks) build_blank(s);
  build_spelling(s, spelling);
  if (word || s->manner == ORDERLY) build_blank(s);
}

static unsigned level_of(const evc_gen_node *node) {
  switch (node->shape) {
  case EVC_GEN_UNARY:
  case EVC_GEN_BINARY:
  case EVC_GEN_CONDITIONAL: return evc_operators[node->op].level;
  default: return TIGHTEST;
  }
}

static void spell_binary(speller *s, const evc_gen_node *node) {
  const evc_operator_row *row = &evc_operators[node->op];
  const evc_gen_node *left = node->first, *right = left->next;
  unsigned looser = row->level, tighter = looser + 1;
  bool from_left = row->associativity == EVC_LEFT;
  spell(s, left, from_left ? looser : tighter);
  build_operator(s, (evc_operator)node->op);
  /* Nothing stands between a power and the sign of its exponent. */
  bool exponent = node->op == EVC_OP_POWER && right->shape == EVC_GEN_UNARY;
  spell(s, right, exponent ? level_of(right) : from_left ? tighter : looser);
}

static void spell_conditional(speller *s, const evc_gen_node *node) {
  const evc_gen_node *condition = node->first, *yes = condition->next;
  unsigned level = evc_operators[EVC_OP_CONDITION].level;
  spell(s, condition, level + 1);
  build_operator(s, EVC_OP_CONDITION);
  spell(s, yes, level);
  if (s->manner == ORDERLY) build_blank(s);
  build_spelling(s, ":");
  if (s->manner == ORDERLY) build_blank(s);
  spell(s, yes->next, level);
}

static void spell_call(speller *s, const evc_gen_node *node) {
  evc_build_string(&s->text, evc_functions[node->op].name);
  build_spelling(s, "(");
  for (const evc_gen_node *argument = node->first; argument; argument = argument->next) {
    spell(s, argument, 0);
    if (!argument->next) break;
    build_spelling(s, ",");
    if (s->manner == ORDERLY) build_blank(s);
  }
  build_optional(s);
  evc_build_char(&s->text, ')');
}

/* An operand stands for each mark of two characters. */
static void spell_mistake(speller *s, const evc_gen_node *node) {
  const evc_gen_node *operand = node->first;
  for (size_t i = 0; i < node->text.length; i++) {
    if (node->text.data[i] != EVC_GEN_MARK) {
      evc_build_char(&s->text, node->text.data[i]);
      continue;
    }
    if (level_of(operand) == TIGHTEST || node->type == EVC_TYPE_END)
      spell_bare(s, operand);
    else
      spell(s, operand, TIGHTEST);
    operand = operand->next;
    i++;
  }
}

static void spell_bare(speller *s, const evc_gen_node *node) {
  switch (node->shape) {
  case EVC_GEN_LEAF: evc_build_text(&s->text, node->text); break;
  case EVC_GEN_UNARY:
    evc_build_string(&s->text, evc_operators[node->op].spelling);
    build_optional(s);
    spell(s, node->first, evc_operators[node->op].level);
    break;
  case EVC_GEN_BINARY: spell_binary(s, node); break;
  case EVC_GEN_CONDITIONAL: spell_conditional(s, node); break;
  case EVC_GEN_CALL: spell_call(s, node); break;
  case EVC_GEN_MISTAKE: spell_mistake(s, node); break;
  }
}

/* A part that stands where an operator of that level, or a tighter one, may stand. */
static void spell(speller *s, const evc_gen_node *node, unsigned level) {
  bool needed = level_of(node) < level;
  bool wanted = node->type != EVC_TYPE_END && evc_random_chance(&s->g->random, 1, 20);
  if (!needed && !wanted) {
    spell_bare(s, node);
    return;
  }
  evc_build_char(&s->text, '(');
  build_optional(s);
  spell_bare(s, node);
  build_optional(s);
  evc_build_char(&s->text, ')');
}

evc_text evc_gen_spell(evc_generator *g, const evc_gen_node *root) {
  speller s = {.g = g};
  uint32_t kind = evc_random_below(&g->random, 10);
  s.manner = kind < 6 ? ORDERLY : kind < 8 ? TIGHT : LOOSE;
  evc_build_init(&s.text, &g->work);
  /* A mistake may reach to the end of the text. */
  bool blanks = root->type != EVC_TYPE_END;
  if (blanks) build_optional(&s);
  spell(&s, root, 1);
  if (blanks) build_optional(&s);
  return evc_build_end(&s.text);
}
