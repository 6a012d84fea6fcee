/* From checked tree to program, in one loop over the nodes.
**
** Operands come before what uses them, so emitting a node appends its instructions and what its
** parent does in between (a jump past the right side of AND, say) is emitted with the operand, by its
** role.
*/
#include <string.h>

#include "program.h"

/* Instructions are worked out from operators by their distance. */
#define SAME_ORDER(form)                                                                           \
  _Static_assert(EVC_DO_SUBTRACT_##form - EVC_DO_ADD_##form == EVC_OP_SUBTRACT - EVC_OP_ADD &&     \
                     EVC_DO_MODULO_##form - EVC_DO_ADD_##form == EVC_OP_MODULO - EVC_OP_ADD,       \
                 "opcodes.def has the order of operators.def")
#define SAME_TESTS(form)                                                                           \
  _Static_assert(EVC_DO_TEST_NE_##form - EVC_DO_TEST_EQ_##form == EVC_OP_NE - EVC_OP_EQ &&         \
                     EVC_DO_TEST_GE_##form - EVC_DO_TEST_EQ_##form == EVC_OP_GE - EVC_OP_EQ,       \
                 "opcodes.def has the order of operators.def")
SAME_ORDER(RR);
SAME_ORDER(RC);
SAME_TESTS(NUMBER_RR);
SAME_TESTS(NUMBER_RC);
SAME_TESTS(NUMBER_FC);
_Static_assert(EVC_DO_POWER_RC - EVC_DO_POWER_RR == EVC_DO_ADD_RC - EVC_DO_ADD_RR, "by distance");
_Static_assert(EVC_DO_TRACE_CONSTANT <= UINT8_MAX, "an opcode is a byte");

static evc_instruction *append(evc_emitter *e, evc_opcode op, uint32_t reg, uint32_t node) {
  void *array = e->code;
  if (!evc_arena_grow(e->arena, &array, &e->capacity, e->count + 1, sizeof *e->code)) {
    e->out_of_memory = true;
    return &e->nowhere;
  }
  e->code = array;
  evc_instruction *i = &e->code[e->count++];
  *i = (evc_instruction){.op = (uint8_t)op,
                         .a = (uint16_t)reg,
                         .on_true = (uint32_t)e->count,
                         .on_false = (uint32_t)e->count,
                         .node = node & 0xFFFFFFFu};
  return i;
}

static const evc_tree *tree_of(const evc_emitter *e) { return e->checked->tree; }

static void push(evc_emitter *e) {
  if (++e->top > e->most) e->most = e->top;
}

static void set_constant(evc_emitter *e, evc_instruction *i, const evc_value *value) {
  const evc_tree *tree = tree_of(e);
  i->kind = value->kind & 7u;
  i->length = value->length;
  if (value->kind == EVC_KIND_NUMBER) i->constant.number = value->as.number;
  if (value->kind == EVC_KIND_BOOLEAN) i->constant.boolean = value->as.boolean;
  if (value->kind != EVC_KIND_STRING) return;
  const char *text = value->as.text;
  uint32_t decoded = tree->source_length + 1;
  if (text >= tree->source && text < tree->source + decoded) {
    i->constant.text = (uint32_t)(text - tree->source);
  } else if (tree->decoded && text >= tree->decoded && text <= tree->decoded + tree->decoded_length) {
    i->constant.text = decoded + (uint32_t)(text - tree->decoded);
  } else { /* a variable's */
    i->constant.text = decoded + (uint32_t)(tree->decoded_length + e->texts.length);
    evc_build(&e->texts, text, value->length);
  }
}

/* Jumps */

/* The last instruction goes on somewhere that is not known yet, by its on_true or its on_false. */
static void defer(evc_emitter *e, bool on_true) {
  void *array = e->jumps;
  if (!evc_arena_grow(e->arena, &array, &e->jump_capacity, e->jump_count + 1, sizeof *e->jumps)) {
    e->out_of_memory = true;
    return;
  }
  e->jumps = array;
  e->jumps[e->jump_count++] = ((uint32_t)e->count - 1) * 2 + on_true;
}

/* The jump `back` places from the innermost one leads to here. */
static void land(evc_emitter *e, size_t back) {
  if (e->out_of_memory) return;
  size_t place = e->jump_count - 1 - back;
  evc_instruction *jump = &e->code[e->jumps[place] / 2];
  uint32_t here = (uint32_t)e->count;
  if (e->jumps[place] % 2) jump->on_true = here;
  else jump->on_false = here;
  memmove(&e->jumps[place], &e->jumps[place + 1], back * sizeof *e->jumps);
  e->jump_count--;
  e->barrier = here;
}

/* Operations */

/* The last instruction, when it only fills register `reg`, in the way of `op`, and can become part of
** what uses it. */
static evc_instruction *last_of(evc_emitter *e, evc_opcode op, uint32_t reg) {
  if (e->count == 0 || e->part_of || e->barrier == e->count) return NULL;
  evc_instruction *last = &e->code[e->count - 1];
  return last->op == op && last->a == reg ? last : NULL;
}

static bool is_taken_in(const evc_emitter *e, uint32_t node) {
  return e->checked->facts[node].taken_in;
}

/* An operation on the value on top and the constant on the right. That counts as a register although
** it takes none: in a traced program, which has as many, it does. */
static evc_instruction *append_constant(evc_emitter *e, evc_opcode op, uint32_t node,
                                        uint32_t right) {
  evc_instruction *i = append(e, op, e->top - 1, node);
  set_constant(e, i, &e->checked->facts[right].constant);
  push(e);
  e->top--;
  return i;
}

static void emit_arithmetic(evc_emitter *e, uint32_t index, evc_operator op, uint32_t right) {
  static const uint8_t both[] = {
      [EVC_OP_ADD] = EVC_DO_ADD_RR,           [EVC_OP_SUBTRACT] = EVC_DO_SUBTRACT_RR,
      [EVC_OP_MULTIPLY] = EVC_DO_MULTIPLY_RR, [EVC_OP_DIVIDE] = EVC_DO_DIVIDE_RR,
      [EVC_OP_MODULO] = EVC_DO_MODULO_RR,     [EVC_OP_POWER] = EVC_DO_POWER_RR,
  };
  if (is_taken_in(e, right)) {
    evc_opcode with = (evc_opcode)(both[op] + (EVC_DO_ADD_RC - EVC_DO_ADD_RR));
    append_constant(e, with, index, right);
    return;
  }
  append(e, (evc_opcode)both[op], e->top - 2, index);
  e->top--;
}

static evc_type compared_type(const evc_emitter *e, uint32_t node) {
  switch (e->checked->facts[node].expected) {
  case EVC_KIND_NUMBER: return EVC_TYPE_NUMBER;
  case EVC_KIND_STRING: return EVC_TYPE_STRING;
  default: return (evc_type)tree_of(e)->nodes[node].type;
  }
}

/* The kind that a field of a type must be of. */
static const uint8_t kind_of[EVC_TYPE_END] = {[EVC_TYPE_NUMBER] = EVC_KIND_NUMBER,
                                              [EVC_TYPE_STRING] = EVC_KIND_STRING,
                                              [EVC_TYPE_BOOLEAN] = EVC_KIND_BOOLEAN};

/* A field against a constant, without a register in between. */
static void emit_fused(evc_emitter *e, evc_operator op, uint32_t field, uint32_t right) {
  static const uint8_t equality[EVC_TYPE_END] = {[EVC_TYPE_NUMBER] = EVC_DO_TEST_EQ_NUMBER_FC,
                                                 [EVC_TYPE_STRING] = EVC_DO_TEST_EQ_STRING_FC,
                                                 [EVC_TYPE_BOOLEAN] = EVC_DO_TEST_EQ_BOOLEAN_FC};
  const evc_node *path = &tree_of(e)->nodes[field];
  evc_opcode test = (evc_opcode)(equality[path->type] + (uint32_t)(op - EVC_OP_EQ));
  push(e);
  evc_instruction *i = append_constant(e, test, field, right);
  i->slot = e->checked->reads[path->as.text.reference].slot;
  i->b = kind_of[path->type];
}

static void emit_comparison(evc_emitter *e, uint32_t index, evc_operator op) {
  const evc_node *node = &tree_of(e)->nodes[index];
  uint32_t left = node->as.child.left, right = node->as.child.right;
  uint32_t distance = (uint32_t)(op - EVC_OP_EQ);
  if (is_taken_in(e, right)) {
    uint32_t field = evc_check_source(tree_of(e), left);
    if (is_taken_in(e, field)) {
      emit_fused(e, op, field, right);
    } else if (e->checked->facts[right].constant.kind == EVC_KIND_NULL) {
      append_constant(e, EVC_DO_TEST_NULL, index, right)->b = (uint8_t)op;
    } else {
      evc_opcode test = (evc_opcode)(EVC_DO_TEST_EQ_NUMBER_RC + distance);
      append_constant(e, test, index, right);
    }
    return;
  }
  evc_type a = compared_type(e, left), b = compared_type(e, right);
  if (a == EVC_TYPE_NUMBER && b == EVC_TYPE_NUMBER)
    append(e, (evc_opcode)(EVC_DO_TEST_EQ_NUMBER_RR + distance), e->top - 2, index);
  else append(e, EVC_DO_TEST_COMPARE, e->top - 2, index)->b = (uint8_t)op;
  e->top--;
}

/* AND and OR give a Boolean, never null. */
static void emit_normal(evc_emitter *e, uint32_t index, uint32_t right) {
  if (!e->checked->facts[right].nullable) return;
  evc_instruction *load = last_of(e, EVC_DO_LOAD, e->top - 1);
  if (load) load->op = EVC_DO_TEST_TRUE_F;
  else append(e, EVC_DO_TEST_TRUE, e->top - 1, index);
}

static void emit_binary(evc_emitter *e, uint32_t index) {
  const evc_node *node = &tree_of(e)->nodes[index];
  evc_operator op = (evc_operator)node->op;
  switch (evc_operators[op].rule) {
  case EVC_RULE_LOGIC:
    emit_normal(e, index, node->as.child.right);
    land(e, 0);
    break;
  case EVC_RULE_EQUALITY:
  case EVC_RULE_ORDER: emit_comparison(e, index, op); break;
  default: emit_arithmetic(e, index, op, node->as.child.right); break;
  }
}

static void emit_call(evc_emitter *e, uint32_t index) {
  const evc_node *node = &tree_of(e)->nodes[index];
  uint32_t value = e->top - 1;
  switch ((evc_function)node->op) {
  case EVC_FN_POW:
    emit_arithmetic(e, index, EVC_OP_POWER, tree_of(e)->nodes[node->as.call.first].next);
    break;
  case EVC_FN_ABS: append(e, EVC_DO_ABS, value, index); break;
  case EVC_FN_ISNULL: land(e, 0); break;
  case EVC_FN_IN:
    append(e, EVC_DO_FOUND, value - 1, index);
    e->top--;
    break;
  case EVC_FN_FLOOR:
  case EVC_FN_CEIL:
  case EVC_FN_ROUND: {
    int scale = 0;
    if (node->as.call.count > 1) {
      uint32_t argument = tree_of(e)->nodes[node->as.call.first].next;
      scale = (int)e->checked->facts[argument].constant.as.number;
    }
    evc_instruction *i = append(e, EVC_DO_ROUND, value, index);
    i->b = node->op;
    i->slot = (uint32_t)(scale + EVC_SCALE_LIMIT);
    break;
  }
  default: break; /* Math.max and Math.min were worked out with their arguments */
  }
}

static void emit_load(evc_emitter *e, uint32_t index) {
  const evc_node *node = &tree_of(e)->nodes[index];
  const evc_read *read = &e->checked->reads[node->as.text.reference];
  bool member = read->member_at > 0;
  evc_instruction *i = append(e, member ? EVC_DO_LOAD_MEMBER : EVC_DO_LOAD, e->top, index);
  i->slot = read->slot;
  i->b = kind_of[node->type];
  if (member) {
    i->constant.text = node->as.text.at + read->member_at;
    i->length = node->as.text.length - read->member_at;
  }
  push(e);
}

static void emit_constant(evc_emitter *e, uint32_t index) {
  evc_instruction *i = append(e, EVC_DO_CONSTANT, e->top, index);
  set_constant(e, i, &e->checked->facts[index].constant);
  push(e);
}

static void emit_value(evc_emitter *e, uint32_t index) {
  const evc_node *node = &tree_of(e)->nodes[index];
  switch ((evc_node_kind)node->kind) {
  case EVC_NODE_PATH: emit_load(e, index); break;
  case EVC_NODE_UNARY:
    if (node->op == EVC_OP_MINUS) append(e, EVC_DO_NEGATE, e->top - 1, index);
    break;
  case EVC_NODE_BINARY: emit_binary(e, index); break;
  case EVC_NODE_CONDITIONAL: land(e, 0); break;
  case EVC_NODE_CALL: emit_call(e, index); break;
  default: break; /* a group is its content */
  }
}

static bool is_test(const evc_instruction *i) {
  return (i->op >= EVC_DO_TEST_EQ_NUMBER_RR && i->op <= EVC_DO_TEST_TRUE) ||
         i->op == EVC_DO_FOUND;
}

/* Does the last instruction decide the Boolean in that register, and nothing else lead to here? Then
** it can jump itself. */
static bool ends_in_test(const evc_emitter *e, uint32_t reg) {
  if (e->count == 0 || e->barrier == e->count) return false;
  const evc_instruction *last = &e->code[e->count - 1];
  return is_test(last) && last->a == reg;
}

/* What happens between an operand and the next one. */
static void emit_role(evc_emitter *e, uint32_t index) {
  uint32_t value = e->top - 1;
  switch ((evc_role)e->checked->facts[index].role) {
  case EVC_ROLE_AND_LEFT:
  case EVC_ROLE_OR_LEFT:
  case EVC_ROLE_CONDITION:
  case EVC_ROLE_DEFAULTED: {
    static const uint8_t jumps[] = {[EVC_ROLE_AND_LEFT] = EVC_DO_JUMP_FALSE,
                                    [EVC_ROLE_OR_LEFT] = EVC_DO_JUMP_TRUE,
                                    [EVC_ROLE_CONDITION] = EVC_DO_BRANCH,
                                    [EVC_ROLE_DEFAULTED] = EVC_DO_JUMP_NOT_NULL};
    evc_role role = (evc_role)e->checked->facts[index].role;
    if (role != EVC_ROLE_DEFAULTED) emit_normal(e, index, index);
    if (role == EVC_ROLE_DEFAULTED || !ends_in_test(e, value)) {
      append(e, (evc_opcode)jumps[role], value, index);
      e->has_jumps = true;
    } else {
      e->code[e->count - 1].jumps = true;
    }
    defer(e, role == EVC_ROLE_OR_LEFT || role == EVC_ROLE_DEFAULTED);
    e->top--;
    break;
  }
  case EVC_ROLE_ARM:
    append(e, EVC_DO_JUMP, value, index);
    defer(e, true);
    land(e, 1);
    e->top--;
    break;
  case EVC_ROLE_MEMBER: {
    evc_instruction *i = append(e, EVC_DO_CONSTANT, e->top, index);
    i->kind = EVC_KIND_BOOLEAN;
    push(e);
    break;
  }
  case EVC_ROLE_CANDIDATE:
    append(e, EVC_DO_MATCH, value - 2, index);
    e->top--;
    break;
  case EVC_ROLE_MAX:
  case EVC_ROLE_MIN:
    append(e, e->checked->facts[index].role == EVC_ROLE_MAX ? EVC_DO_MAX : EVC_DO_MIN, value - 1,
           index);
    e->top--;
    break;
  default: break;
  }
}

static void emit_node(evc_emitter *e, uint32_t index) {
  const evc_fact *fact = &e->checked->facts[index];
  bool traced = e->part_of && e->part_of[index] != EVC_NO_NODE;
  if (fact->taken_in || fact->role == EVC_ROLE_SCALE) {
    if (!traced) return;
    evc_instruction *i = append(e, EVC_DO_TRACE_CONSTANT, 0, index);
    i->slot = e->part_of[index];
    set_constant(e, i, &fact->constant);
    return;
  }
  if (fact->is_constant) {
    emit_constant(e, index);
  } else {
    emit_value(e, index);
    if (fact->expected) append(e, EVC_DO_CHECK, e->top - 1, index)->b = fact->expected;
  }
  if (traced) append(e, EVC_DO_TRACE, e->top - 1, index)->slot = e->part_of[index];
  if (fact->role != EVC_ROLE_OPERAND) emit_role(e, index);
}

/* Where a test's answer leads once the jumps on the way are followed: whoever reads register `reg`
** knows it to be `value`. *live tells whether the register is still read there. */
static uint32_t follow(const evc_emitter *e, uint32_t at, uint16_t reg, bool value, bool *live) {
  uint32_t returns = (uint32_t)e->count - 2; /* RETURN_TRUE, then RETURN_FALSE */
  *live = false;
  for (;;) {
    const evc_instruction *i = &e->code[at];
    if (i->a != reg) break;
    if (i->op == EVC_DO_RETURN) return value ? returns : returns + 1;
    if (i->op == EVC_DO_BRANCH) return value ? at + 1 : i->on_false;
    bool jumps = (i->op == EVC_DO_JUMP_TRUE && value) || (i->op == EVC_DO_JUMP_FALSE && !value);
    if (jumps) {
      at = value ? i->on_true : i->on_false;
      if (i->b) return at; /* followed already, to where the register is not read */
      continue;
    }
    if (i->op == EVC_DO_JUMP_TRUE || i->op == EVC_DO_JUMP_FALSE) return at + 1;
    break;
  }
  *live = true;
  return at;
}

/* A test whose operands are not in registers, so that it need not have one. */
static bool is_field_test(const evc_instruction *i) {
  return i->op >= EVC_DO_TEST_EQ_NUMBER_FC && i->op <= EVC_DO_TEST_TRUE_F;
}

/* Follow one way of a test: one that jumps itself leads on to where its register is not read. */
static bool follow_test(const evc_emitter *e, size_t at, uint32_t *target, bool value) {
  bool live = false;
  const evc_instruction *test = &e->code[at];
  if (!test->jumps || *target != at + 1) *target = follow(e, *target, test->a, value, &live);
  return live;
}

/* Backwards, so that what a test leads to has been followed already. */
static void resolve_branches(evc_emitter *e) {
  for (size_t i = e->count; i-- > 0;) {
    evc_instruction *test = &e->code[i];
    if (test->op == EVC_DO_JUMP_FALSE || test->op == EVC_DO_JUMP_TRUE) {
      bool value = test->op == EVC_DO_JUMP_TRUE;
      uint32_t *target = value ? &test->on_true : &test->on_false;
      bool live;
      *target = follow(e, *target, test->a, value, &live);
      test->b = !live;
    }
    if (!is_test(test)) continue;
    bool live_true = follow_test(e, i, &test->on_true, true);
    bool live_false = follow_test(e, i, &test->on_false, false);
    if (!live_true && !live_false && is_field_test(test)) test->a = EVC_NO_REGISTER;
  }
}

/* Which instructions are ever come to; all jumps lead forwards. The three returns always stay. */
static void mark_reached(evc_emitter *e, uint8_t *reached) {
  size_t returns = e->count - 3;
  memset(reached, 0, e->count);
  memset(reached + returns, 1, 3);
  reached[0] = 1;
  for (size_t i = 0; i < returns; i++) {
    if (!reached[i]) continue;
    const evc_instruction *at = &e->code[i];
    reached[at->on_true] = reached[at->on_false] = 1;
    if (!is_test(at) && at->op != EVC_DO_JUMP) reached[i + 1] = 1;
  }
}

/* Jumps that tests no longer lead to are left out: what is fetched and kept gets shorter, and what is
** left of most calculations is nothing but tests (table.c). */
static void drop_dead(evc_emitter *e) {
  uint8_t *reached = evc_arena_alloc(e->arena, e->count);
  uint32_t *places = evc_arena_alloc(e->arena, (e->count + 1) * sizeof *places);
  if (!reached || !places) {
    e->out_of_memory = true;
    return;
  }
  mark_reached(e, reached);
  size_t count = 0;
  for (size_t i = 0; i < e->count; i++) {
    places[i] = (uint32_t)count;
    if (reached[i]) e->code[count++] = e->code[i];
  }
  places[e->count] = (uint32_t)count; /* the last one's targets, which it has no use for */
  e->count = count;
  for (size_t i = 0; i < count; i++) {
    e->code[i].on_true = places[e->code[i].on_true];
    e->code[i].on_false = places[e->code[i].on_false];
  }
}

void evc_emit(evc_emitter *e, const evc_checked *checked, evc_arena *arena,
              const uint32_t *part_of) {
  *e = (evc_emitter){.checked = checked, .arena = arena, .part_of = part_of};
  evc_build_init(&e->texts, arena);
  const evc_tree *tree = checked->tree;
  /* Room for nearly all there will be. */
  void *code = NULL;
  if (!evc_arena_grow(arena, &code, &e->capacity, tree->count + 8, sizeof *e->code))
    e->out_of_memory = true;
  e->code = code;
  for (uint32_t i = 0; i < tree->count && !e->out_of_memory; i++) emit_node(e, i);
  append(e, EVC_DO_RETURN, 0, tree->root);
  append(e, EVC_DO_RETURN_TRUE, 0, tree->root);
  append(e, EVC_DO_RETURN_FALSE, 0, tree->root);
  e->out_of_memory |= e->texts.failed;
  if (e->out_of_memory || part_of) return;
  resolve_branches(e);
  if (e->has_jumps) drop_dead(e);
}
