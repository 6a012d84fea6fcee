/* What a place in a calculation wants: found by walking outwards from it, past brackets and
** operators, until something says of which type the value there must be. Types come from the
** checker, which is given the text of a neighbouring operand alone. */
#include "editor.h"

#include "calculation.h"

static const evc_want anything = {.type = EVC_TYPE_UNKNOWN};
static const evc_want condition = {.type = EVC_TYPE_BOOLEAN, .begins = true};

evc_operand evc_editor_operand(const evc_editor *editor, evc_arena *arena, const evc_shape *shape,
                               uint32_t first, uint32_t last) {
  evc_operand operand = {.type = EVC_TYPE_UNKNOWN};
  if (first >= shape->count || last >= shape->count || first > last) return operand;
  size_t start = shape->tokens[first].start, end = shape->tokens[last].end;
  evc_text source = evc_arena_text(arena, shape->tree->source + start, end - start);
  if (!source.data) return operand;
  evc_limits limits = evc_check_limits(&editor->options.limits);
  evc_tree tree;
  evc_checked checked;
  evc_parse(&tree, arena, source.data, (uint32_t)source.length, &limits);
  evc_check(&checked, &tree, editor->type, &editor->options);
  if (tree.out_of_memory || tree.stopped) return operand;
  uint32_t inside = evc_check_inside(&tree, tree.root);
  const evc_node *node = &tree.nodes[inside];
  operand.type = (evc_type)node->type;
  operand.null = node->kind == EVC_NODE_NULL;
  operand.single = node->kind < EVC_NODE_GROUP || node->kind == EVC_NODE_CALL;
  if (operand.null) operand.type = EVC_TYPE_UNKNOWN;
  if (node->kind == EVC_NODE_PATH) operand.path = evc_tree_text(&tree, node);
  return operand;
}

/* The walk: the operand that something is wanted of, in tokens. */
typedef struct walk {
  const evc_editor *editor;
  evc_arena *arena;
  const evc_shape *shape;
  uint32_t first, last;
  unsigned asked; /* neighbours and arms: past MOST_ASKED nothing more is known of them */
} walk;

enum { MOST_ASKED = 8 };

static evc_operand operand_of(walk *w, uint32_t first, uint32_t last) {
  if (++w->asked > MOST_ASKED) return (evc_operand){.type = EVC_TYPE_UNKNOWN};
  return evc_editor_operand(w->editor, w->arena, w->shape, first, last);
}

static const evc_place *operator_at(const walk *w, uint32_t token) {
  if (token >= w->shape->count) return NULL;
  const evc_place *place = &w->shape->places[token];
  return place->kind == EVC_PLACE_INFIX || place->kind == EVC_PLACE_PREFIX ? place : NULL;
}

static int token_of(const walk *w, uint32_t token) { return w->shape->tokens[token].token; }

/* The operand before an infix operator, and the one behind it. */
static evc_operand left_of(walk *w, uint32_t op) {
  if (op == 0) return (evc_operand){.type = EVC_TYPE_UNKNOWN};
  const evc_place *place = &w->shape->places[op];
  bool right = evc_operators[place->op].associativity == EVC_RIGHT;
  return operand_of(w, evc_shape_run_start(w->shape, op - 1, place->level + right), op - 1);
}

static evc_operand right_of(walk *w, uint32_t op) {
  if (op + 1 >= w->shape->count) return (evc_operand){.type = EVC_TYPE_UNKNOWN};
  const evc_place *place = &w->shape->places[op];
  bool left = evc_operators[place->op].associativity == EVC_LEFT;
  return operand_of(w, op + 1, evc_shape_run_end(w->shape, op + 1, place->level + left));
}

/* Of the other side of == and of the other arm of ? :, either may be null. */
static evc_want like(evc_operand other) {
  return (evc_want){.type = other.type, .null = !other.null, .path = other.path};
}

static evc_want in_order(evc_operand other) {
  bool either = other.type == EVC_TYPE_UNKNOWN || other.type == EVC_TYPE_BOOLEAN;
  return (evc_want){.type = either ? EVC_TYPE_DYNAMIC : other.type, .path = other.path};
}

/* The walk goes on, further to the left, with the conditional that the operand is an arm of. */
static void go_to_conditional(walk *w, uint32_t question) {
  w->first = question > 0 ? evc_shape_run_start(w->shape, question - 1, 2) : 0;
  uint32_t colon = w->shape->places[question].match;
  uint32_t from = colon != EVC_NO_PLACE && colon + 1 < w->shape->count ? colon + 1 : w->last;
  w->last = evc_shape_run_end(w->shape, from, 1);
}

/* An arm is as the other one is. Without that, the conditional's own place decides: true, and the
** walk goes on. */
static bool leave_arm(walk *w, uint32_t op, evc_want *want) {
  bool second = token_of(w, op) == EVC_TOKEN_COLON;
  uint32_t match = w->shape->places[op].match;
  if ((second && match == EVC_NO_PLACE) || ++w->asked > MOST_ASKED) {
    *want = anything;
    return false;
  }
  evc_operand other = {.type = EVC_TYPE_UNKNOWN};
  if (second && match + 1 < op) other = operand_of(w, match + 1, op - 1);
  if (!second && match != EVC_NO_PLACE) other = right_of(w, match);
  if (other.type != EVC_TYPE_UNKNOWN) {
    *want = like(other);
    return false;
  }
  go_to_conditional(w, second ? match : op);
  return true;
}

/* What the operator before or behind the operand wants; true when that is for the walk to find out
** further outside. */
static bool ask_operator(walk *w, uint32_t op, bool before, evc_want *want) {
  const evc_place *place = operator_at(w, op);
  switch (evc_operators[place->op].rule) {
  case EVC_RULE_CONDITION:
    if (before) return leave_arm(w, op, want);
    *want = token_of(w, op) == EVC_TOKEN_QUESTION ? condition : anything;
    return false;
  case EVC_RULE_LOGIC: *want = condition; return false;
  case EVC_RULE_EQUALITY:
    if (place->kind == EVC_PLACE_PREFIX)
      *want = condition;
    else
      *want = like(before ? left_of(w, op) : right_of(w, op));
    return false;
  case EVC_RULE_ORDER: *want = in_order(before ? left_of(w, op) : right_of(w, op)); return false;
  case EVC_RULE_ARITHMETIC: *want = (evc_want){.type = EVC_TYPE_NUMBER}; return false;
  case EVC_RULE_SIGN: {
    int token = token_of(w, op);
    bool sign = token == EVC_TOKEN_PLUS || token == EVC_TOKEN_MINUS;
    *want = anything; /* of a cast */
    if (sign) want->type = EVC_TYPE_NUMBER;
    if (token == EVC_TOKEN_BANG) want->type = EVC_TYPE_BOOLEAN;
    return false;
  }
  }
  return false;
}

static evc_operand argument(walk *w, uint32_t open, uint32_t number) {
  uint32_t first, last;
  if (!evc_shape_argument(w->shape, open, number, &first, &last))
    return (evc_operand){.type = EVC_TYPE_UNKNOWN};
  return operand_of(w, first, last);
}

static evc_want ask_membership(walk *w, uint32_t open, uint32_t number, uint32_t skipped) {
  evc_operand other;
  if (number == 0)
    other = argument(w, open, 1);
  else if (skipped)
    other = left_of(w, open - 1);
  else
    other = argument(w, open, 0);
  return (evc_want){.type = other.type == EVC_TYPE_UNKNOWN ? EVC_TYPE_DYNAMIC : other.type,
                    .path = number ? other.path : (evc_text){NULL, 0}};
}

/* AND(…) and the like, as spreadsheets have them, take conditions. */
static evc_want ask_spreadsheet(const walk *w, uint32_t open, uint32_t number) {
  static const char *const all[] = {"AND", "OR", "NOT"};
  evc_text name = evc_shape_text(w->shape, open - 1);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (evc_text_is_ignoring_case(name, all[i])) return condition;
  return number == 0 && evc_text_is_ignoring_case(name, "IF") ? condition : anything;
}

static bool ask_call(walk *w, uint32_t open, evc_want *want) {
  uint32_t skipped, number = evc_shape_argument_of(w->shape, open, w->first);
  evc_function function = evc_shape_function(w->shape, open, &skipped);
  number += skipped;
  if (function == EVC_FN_END) {
    *want = ask_spreadsheet(w, open, number);
    return false;
  }
  switch (evc_functions[function].rule) {
  case EVC_RULE_NUMBERS: *want = (evc_want){.type = EVC_TYPE_NUMBER}; return false;
  case EVC_RULE_SCALED:
    *want = (evc_want){.type = EVC_TYPE_NUMBER, .constant = number > 0};
    return false;
  case EVC_RULE_MEMBERSHIP: *want = ask_membership(w, open, number, skipped); return false;
  case EVC_RULE_DEFAULT: break;
  }
  evc_operand other = argument(w, open, number == 0 ? 1 : 0);
  *want = like(other);
  if (other.type != EVC_TYPE_UNKNOWN) return false;
  w->first = open - 1;
  w->last = evc_shape_unit_end(w->shape, open);
  return true;
}

/* Nothing but a bracket around the operand. */
static bool ask_bracket(walk *w, evc_want *want) {
  uint32_t open = w->shape->places[w->first].bracket;
  *want = condition;
  if (open == EVC_NO_PLACE) return false;
  if (w->shape->places[open].call) return ask_call(w, open, want);
  w->first = open;
  w->last = evc_shape_unit_end(w->shape, open);
  return true;
}

/* Of two operators the tighter one has the operand; of two ? the second one does. */
static bool is_taken_by_left(const walk *w, const evc_place *left, const evc_place *right) {
  if (!right) return true;
  if (left->level != right->level) return left->level > right->level;
  return token_of(w, w->last + 1) != EVC_TOKEN_QUESTION;
}

evc_want evc_editor_want(const evc_editor *editor, evc_arena *arena, const evc_shape *shape,
                         uint32_t first, uint32_t last) {
  walk w = {editor, arena, shape, first, last, 0};
  evc_want want = anything;
  bool inside_default = false; /* of isnull, whose own place is asked */
  for (bool outwards = true; outwards && !arena->failed;) {
    const evc_place *left = w.first > 0 ? operator_at(&w, w.first - 1) : NULL;
    const evc_place *right = operator_at(&w, w.last + 1);
    if (right && right->kind == EVC_PLACE_PREFIX) right = NULL;
    if (left && is_taken_by_left(&w, left, right)) {
      outwards = ask_operator(&w, w.first - 1, true, &want);
    } else if (right) {
      outwards = ask_operator(&w, w.last + 1, false, &want);
    } else {
      uint32_t before = w.first;
      outwards = ask_bracket(&w, &want);
      inside_default |= outwards && w.shape->places[before].bracket != w.first;
    }
  }
  if (!inside_default) return want;
  want.null = true;
  if (want.begins) want.type = EVC_TYPE_UNKNOWN;
  return want;
}
