/* One walk along the tokens finds brackets and their partners; everything else is asked for when it
** is needed. */
#include "shape.h"

#include "calculation.h"

static const struct token_row {
  evc_token_class kind;
  uint8_t place, op;
  bool foreign;
} rows[] = {
#define TOKEN(id, kind, place, op)                                                                 \
  [EVC_TOKEN_##id] = {EVC_CLASS_##kind, EVC_PLACE_##place, EVC_OP_##op, false},
#define FOREIGN(id, kind, place, op)                                                               \
  [EVC_TOKEN_##id] = {EVC_CLASS_##kind, EVC_PLACE_##place, EVC_OP_##op, true},
#include "tokens.def"
#undef TOKEN
#undef FOREIGN
};

/* What is open while the tokens are walked along. */
typedef struct walk {
  evc_shape *shape;
  uint32_t bracket; /* the innermost open ( */
  uint32_t
      question; /* the last ? at this level without its :, linked to the one before through match */
  bool operand_due;
} walk;

static evc_place *place_of(walk *w, uint32_t token) { return &w->shape->places[token]; }

/* The ? that are left have no partner. */
static void forget_questions(walk *w) {
  while (w->question != EVC_NO_PLACE) {
    uint32_t before = place_of(w, w->question)->match;
    place_of(w, w->question)->match = EVC_NO_PLACE;
    w->question = before;
  }
}

/* While a bracket is open its match is the ? that was pending outside of it. */
static void open_bracket(walk *w, uint32_t token) {
  evc_place *place = place_of(w, token);
  const evc_shape *l = w->shape;
  place->match = w->question;
  place->call = token > 0 && (l->places[token - 1].kind == EVC_PLACE_NAME ||
                              l->tokens[token - 1].token == EVC_TOKEN_IN);
  w->bracket = token;
  w->question = EVC_NO_PLACE;
}

static void close_bracket(walk *w, uint32_t token) {
  forget_questions(w);
  if (w->bracket == EVC_NO_PLACE) return;
  evc_place *opened = place_of(w, w->bracket), *closing = place_of(w, token);
  closing->bracket = opened->bracket;
  closing->match = w->bracket;
  w->bracket = opened->bracket;
  w->question = opened->match;
  opened->match = token;
}

static void pair_colon(walk *w, uint32_t token) {
  uint32_t question = w->question;
  if (question == EVC_NO_PLACE) return;
  w->question = place_of(w, question)->match;
  place_of(w, question)->match = token;
  place_of(w, token)->match = question;
}

static void enter(walk *w, uint32_t token) {
  evc_place *place = place_of(w, token);
  switch ((evc_place_kind)place->kind) {
  case EVC_PLACE_OPERAND: w->operand_due = false; return;
  case EVC_PLACE_OPEN: open_bracket(w, token); break;
  case EVC_PLACE_CLOSE:
    close_bracket(w, token);
    w->operand_due = false;
    return;
  case EVC_PLACE_COMMA: forget_questions(w); break;
  case EVC_PLACE_INFIX:
    if (w->shape->tokens[token].token == EVC_TOKEN_QUESTION) {
      place->match = w->question;
      w->question = token;
    } else if (w->shape->tokens[token].token == EVC_TOKEN_COLON) {
      pair_colon(w, token);
    }
    break;
  default: return;
  }
  w->operand_due = true;
}

/* + and - are signs where a value is due. */
static void settle_sign(const walk *w, evc_place *place) {
  if (place->kind != EVC_PLACE_SIGN) return;
  place->kind = w->operand_due ? EVC_PLACE_PREFIX : EVC_PLACE_INFIX;
  if (w->operand_due) place->op = place->op == EVC_OP_ADD ? EVC_OP_PLUS : EVC_OP_MINUS;
}

bool evc_shape_build(evc_shape *shape, evc_arena *arena, const evc_tree *tree,
                     const evc_lexemes *tokens) {
  *shape = (evc_shape){.tree = tree, .tokens = tokens->list, .count = (uint32_t)tokens->count};
  shape->places = evc_arena_alloc(arena, tokens->count * sizeof *shape->places);
  if (!shape->places) return false;
  walk w = {shape, EVC_NO_PLACE, EVC_NO_PLACE, true};
  for (uint32_t i = 0; i < shape->count; i++) {
    const struct token_row *row = &rows[shape->tokens[i].token];
    evc_place *place = &shape->places[i];
    *place =
        (evc_place){.kind = row->place, .op = row->op, .bracket = w.bracket, .match = EVC_NO_PLACE};
    settle_sign(&w, place);
    if (place->op < EVC_OP_END) place->level = evc_operators[place->op].level;
    enter(&w, i);
  }
  forget_questions(&w);
  for (uint32_t open = w.bracket; open != EVC_NO_PLACE; open = shape->places[open].bracket) {
    w.question = shape->places[open].match;
    forget_questions(&w);
    shape->places[open].match = EVC_NO_PLACE;
  }
  return true;
}

evc_token_class evc_shape_class(const evc_shape *shape, uint32_t token) {
  return rows[shape->tokens[token].token].kind;
}

bool evc_shape_is_foreign(const evc_shape *shape, uint32_t token) {
  return rows[shape->tokens[token].token].foreign;
}

evc_text evc_shape_text(const evc_shape *shape, uint32_t token) {
  const evc_lexeme *t = &shape->tokens[token];
  return evc_tree_slice(shape->tree, t->at, t->length);
}

static bool is(const evc_shape *shape, uint32_t token, evc_place_kind kind) {
  return token < shape->count && shape->places[token].kind == kind;
}

uint32_t evc_shape_unit_end(const evc_shape *shape, uint32_t token) {
  if (is(shape, token, EVC_PLACE_NAME) && is(shape, token + 1, EVC_PLACE_OPEN)) token++;
  if (!is(shape, token, EVC_PLACE_OPEN)) return token;
  uint32_t match = shape->places[token].match;
  return match != EVC_NO_PLACE ? match : shape->count - 1;
}

/* The first token of the unit that ends with this one. */
static uint32_t unit_start(const evc_shape *shape, uint32_t token) {
  if (!is(shape, token, EVC_PLACE_CLOSE) || shape->places[token].match == EVC_NO_PLACE)
    return token;
  token = shape->places[token].match;
  return token > 0 && is(shape, token - 1, EVC_PLACE_NAME) ? token - 1 : token;
}

static bool is_looser(const evc_place *place, unsigned level) {
  return (place->kind == EVC_PLACE_INFIX || place->kind == EVC_PLACE_PREFIX) &&
         place->level < level;
}

uint32_t evc_shape_run_start(const evc_shape *shape, uint32_t last, unsigned level) {
  uint32_t at = unit_start(shape, last);
  while (at > 0) {
    const evc_place *before = &shape->places[at - 1];
    if (before->kind == EVC_PLACE_OPEN || before->kind == EVC_PLACE_COMMA ||
        is_looser(before, level))
      break;
    at = unit_start(shape, at - 1);
  }
  return at;
}

uint32_t evc_shape_run_end(const evc_shape *shape, uint32_t first, unsigned level) {
  uint32_t at = evc_shape_unit_end(shape, first);
  while (at + 1 < shape->count) {
    const evc_place *next = &shape->places[at + 1];
    bool closes = next->kind == EVC_PLACE_CLOSE && next->match != EVC_NO_PLACE;
    if (closes || next->kind == EVC_PLACE_COMMA) break;
    if (next->kind == EVC_PLACE_INFIX && next->level < level) break;
    at = evc_shape_unit_end(shape, at + 1);
  }
  return at;
}

uint32_t evc_shape_argument_of(const evc_shape *shape, uint32_t open, uint32_t token) {
  uint32_t commas = 0;
  for (uint32_t at = open + 1; at < token; at = evc_shape_unit_end(shape, at) + 1)
    commas += is(shape, at, EVC_PLACE_COMMA);
  return commas;
}

bool evc_shape_argument(const evc_shape *shape, uint32_t open, uint32_t number, uint32_t *first,
                        uint32_t *last) {
  uint32_t end = shape->places[open].match;
  if (end == EVC_NO_PLACE) end = shape->count;
  uint32_t at = open + 1;
  for (; at < end && number > 0; at = evc_shape_unit_end(shape, at) + 1)
    number -= is(shape, at, EVC_PLACE_COMMA);
  if (at >= end || is(shape, at, EVC_PLACE_COMMA)) return false;
  *first = at;
  *last = evc_shape_run_end(shape, at, 0);
  return number == 0;
}

evc_function evc_shape_function(const evc_shape *shape, uint32_t open, uint32_t *skipped) {
  *skipped = 0;
  if (!shape->places[open].call) return EVC_FN_END;
  if (shape->tokens[open - 1].token == EVC_TOKEN_IN) {
    *skipped = 1;
    return EVC_FN_IN;
  }
  evc_text name = evc_shape_text(shape, open - 1);
  return evc_function_find(name.data, name.length);
}
