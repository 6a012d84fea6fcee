/* The evaluator: one loop over the instructions. It allocates nothing and writes only to registers on
** the stack and to the trace that it is given. */
#include "../event/event.h"
#include "program.h"
#include "record.h"

#if defined(__GNUC__)
#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNREACHABLE __builtin_unreachable()
#define NOINLINE    __attribute__((noinline))
/* A branch is predicted; a jump to a target that was selected without one is not. With clang, which
** selects, 33 to 8 ns for five tests. */
#define STAY_A_BRANCH __asm__ volatile("")
#else
#define LIKELY(x)   (x)
#define NOINLINE
#define STAY_A_BRANCH (void)0
#define UNREACHABLE return (evc_outcome){.status = EVC_INVALID}
#endif

static evc_outcome failed(const evc_node *node, evc_code code, uint8_t found, uint8_t wanted) {
  return (evc_outcome){.status = EVC_EVALUATION,
                       .code = (uint8_t)code,
                       .found = found,
                       .wanted = wanted,
                       .start = node->start,
                       .end = node->end};
}

static evc_outcome of_wrong_kind(const evc_calculation *c, const evc_instruction *i, uint8_t found,
                                 uint8_t wanted) {
  return failed(&c->nodes[i->node], EVC_CODE_VALUE_KIND, found, wanted);
}

static evc_outcome failed_by(const evc_calculation *c, const evc_instruction *i,
                             evc_fault fault) {
  static const evc_code codes[] = {
      [EVC_FAULT_NONE] = EVC_CODE_NONE,
      [EVC_FAULT_DIVISION] = EVC_CODE_DIVISION_BY_ZERO,
      [EVC_FAULT_NOT_FINITE] = EVC_CODE_NOT_FINITE,
      [EVC_FAULT_NO_REAL] = EVC_CODE_NO_REAL_VALUE,
      [EVC_FAULT_KIND] = EVC_CODE_VALUE_KIND,
  };
  const evc_node *node = &c->nodes[i->node];
  if (fault == EVC_FAULT_DIVISION) node = &c->nodes[node->as.child.right]; /* the divisor */
  return failed(node, codes[fault], EVC_KIND_NULL, EVC_KIND_NULL);
}

static evc_value constant_of(const evc_calculation *c, const evc_instruction *i) {
  evc_value value = {.length = i->length, .kind = (uint8_t)i->kind};
  switch (i->kind) {
  case EVC_KIND_NUMBER: value.as.number = i->constant.number; break;
  case EVC_KIND_BOOLEAN: value.as.boolean = i->constant.boolean; break;
  case EVC_KIND_STRING: value.as.text = c->texts + i->constant.text; break;
  default: break;
  }
  return value;
}

/* The last member of that name, null when there is none. */
static evc_value member_of(const evc_value *map, const char *name, uint32_t length) {
  for (uint32_t i = map->length; i-- > 0;) {
    const evc_member *member = &map->as.members[i];
    if (member->name.length == length && memcmp(member->name.data, name, length) == 0)
      return member->value;
  }
  return evc_value_null();
}

/* A call: there are a dozen places that read a field. */
static NOINLINE const evc_value *read_record(const evc_record_field *field, const void *record,
                                             evc_value *held) {
  *held = evc_record_value(field, record);
  return held;
}

/* `event` is a value a slot or, with `fields`, a record, whose field's value is put into `held`. */
static inline const evc_value *field_of(const evc_calculation *c, const evc_instruction *i,
                                        const void *event, const evc_record_field *fields,
                                        evc_value *held) {
  if (!fields) return (const evc_value *)event + i->slot;
  return read_record(&fields[c->nodes[i->node].as.text.reference], event, held);
}

static bool fits(uint8_t kind, uint8_t wanted) {
  if (kind == EVC_KIND_NULL || kind == wanted) return true;
  return wanted == EVC_KIND_NULL && (kind == EVC_KIND_NUMBER || kind == EVC_KIND_STRING);
}

/* Arithmetic leaves its result in the left operand's register; null where either side is. */
#define UNLESS_NULL(right_is_null, ...)                                                            \
  {                                                                                                \
    evc_value *a = &r[i->a];                                                                       \
    if (a->kind == EVC_KIND_NULL || (right_is_null)) {                                             \
      a->kind = EVC_KIND_NULL;                                                                     \
      break;                                                                                       \
    }                                                                                              \
    __VA_ARGS__                                                                                    \
    break;                                                                                         \
  }

#define ARITHMETIC(OP, right, right_is_null)                                                       \
  UNLESS_NULL(right_is_null, evc_fault fault = evc_arithmetic(EVC_OP_##OP, a->as.number, (right),  \
                                                              &a->as.number);                      \
              if (fault) return failed_by(c, i, fault);)

/* The operators that cannot fail otherwise than by growing too large. */
#define SIMPLE(SIGN, right, right_is_null)                                                         \
  UNLESS_NULL(right_is_null, a->as.number = a->as.number SIGN(right);                              \
              if (!isfinite(a->as.number)) return failed_by(c, i, EVC_FAULT_NOT_FINITE);)

#define RIGHT       r[i->a + 1].as.number
#define RIGHT_NULL  (r[i->a + 1].kind == EVC_KIND_NULL)
#define CONSTANT_   i->constant.number

/* A test ends the turn of the loop itself. */
#define GO(answer)                                                                                 \
  if (answer) {                                                                                    \
    STAY_A_BRANCH;                                                                                 \
    i = code + i->on_true;                                                                         \
  } else {                                                                                         \
    i = code + i->on_false;                                                                        \
  }                                                                                                \
  continue;

#define DECIDE(condition)                                                                          \
  {                                                                                                \
    bool answer = (condition);                                                                     \
    r[i->a] = evc_value_boolean(answer);                                                           \
    GO(answer)                                                                                     \
  }

/* The same without a register to leave the answer in, unless somebody wants it. */
#define DECIDE_FIELD(condition)                                                                    \
  {                                                                                                \
    bool answer = (condition);                                                                     \
    if (i->a != EVC_NO_REGISTER) r[i->a] = evc_value_boolean(answer);                              \
    GO(answer)                                                                                     \
  }

/* What a null gives, which hangs on the operator alone. */
#define DECIDED(answer)                                                                            \
  i = code + ((answer) ? i->on_true : i->on_false);                                                \
  continue;

#define OF_NULLS(OP, same)                                                                         \
  (EVC_OP_##OP == EVC_OP_EQ ? (same) : EVC_OP_##OP == EVC_OP_NE && !(same))

#define TEST_REGISTERS(OP, SIGN)                                                                   \
  {                                                                                                \
    const evc_value *a = &r[i->a], *b = a + 1;                                                     \
    if (LIKELY(a->kind == EVC_KIND_NUMBER && b->kind == EVC_KIND_NUMBER))                          \
      DECIDE(a->as.number SIGN b->as.number)                                                       \
    bool same = a->kind == b->kind;                                                                \
    r[i->a] = evc_value_boolean(OF_NULLS(OP, same));                                               \
    DECIDED(OF_NULLS(OP, same))                                                                    \
  }

#define TEST_CONSTANT(OP, SIGN)                                                                    \
  {                                                                                                \
    const evc_value *a = &r[i->a];                                                                 \
    if (LIKELY(a->kind == EVC_KIND_NUMBER)) DECIDE(a->as.number SIGN i->constant.number)           \
    r[i->a] = evc_value_boolean(EVC_OP_##OP == EVC_OP_NE);                                         \
    DECIDED(EVC_OP_##OP == EVC_OP_NE)                                                              \
  }

#define TEST_FIELD(KIND, OP, condition)                                                            \
  {                                                                                                \
    const evc_value *a = field_of(c, i, event, fields, &held);                                     \
    if (LIKELY(a->kind == EVC_KIND_##KIND)) DECIDE_FIELD(condition)                                \
    if (a->kind != EVC_KIND_NULL) return of_wrong_kind(c, i, a->kind, EVC_KIND_##KIND);            \
    if (i->a != EVC_NO_REGISTER) r[i->a] = evc_value_boolean(EVC_OP_##OP == EVC_OP_NE);            \
    DECIDED(EVC_OP_##OP == EVC_OP_NE)                                                              \
  }

#define SAME_TEXT                                                                                  \
  (a->length == i->length &&                                                                       \
   evc_same_bytes(a->as.text, c->texts + i->constant.text, i->length))

static inline evc_outcome run(const evc_calculation *c, const void *event,
                             const evc_record_field *fields, evc_value *r, evc_trace *trace) {
  evc_value held;
  const evc_instruction *code = c->code;
  const evc_instruction *i = code;
  for (;;) {
    switch ((evc_opcode)i->op) {
    case EVC_DO_LOAD: {
      const evc_value *value = field_of(c, i, event, fields, &held);
      if (value->kind != i->b && value->kind != EVC_KIND_NULL)
        return of_wrong_kind(c, i, value->kind, i->b);
      r[i->a] = *value;
      break;
    }
    case EVC_DO_LOAD_MEMBER: {
      if (fields) {
        r[i->a] = *field_of(c, i, event, fields, &held);
      } else {
        const evc_value *map = (const evc_value *)event + i->slot;
        if (map->kind != EVC_KIND_MAP && map->kind != EVC_KIND_NULL)
          return of_wrong_kind(c, i, map->kind, EVC_KIND_MAP);
        r[i->a] = map->kind == EVC_KIND_MAP ? member_of(map, c->texts + i->constant.text, i->length)
                                            : evc_value_null();
      }
      if (!fits(r[i->a].kind, i->b)) return of_wrong_kind(c, i, r[i->a].kind, i->b);
      break;
    }
    case EVC_DO_CONSTANT: r[i->a] = constant_of(c, i); break;
    case EVC_DO_CHECK:
      if (!fits(r[i->a].kind, i->b)) return of_wrong_kind(c, i, r[i->a].kind, i->b);
      break;

    case EVC_DO_ADD_RR: SIMPLE(+, RIGHT, RIGHT_NULL)
    case EVC_DO_SUBTRACT_RR: SIMPLE(-, RIGHT, RIGHT_NULL)
    case EVC_DO_MULTIPLY_RR: SIMPLE(*, RIGHT, RIGHT_NULL)
    case EVC_DO_DIVIDE_RR: ARITHMETIC(DIVIDE, RIGHT, RIGHT_NULL)
    case EVC_DO_MODULO_RR: ARITHMETIC(MODULO, RIGHT, RIGHT_NULL)
    case EVC_DO_POWER_RR: ARITHMETIC(POWER, RIGHT, RIGHT_NULL)
    case EVC_DO_ADD_RC: SIMPLE(+, CONSTANT_, false)
    case EVC_DO_SUBTRACT_RC: SIMPLE(-, CONSTANT_, false)
    case EVC_DO_MULTIPLY_RC: SIMPLE(*, CONSTANT_, false)
    case EVC_DO_DIVIDE_RC: SIMPLE(/, CONSTANT_, false) /* by zero did not compile */
    case EVC_DO_MODULO_RC: UNLESS_NULL(false, a->as.number = fmod(a->as.number, CONSTANT_);) /* nor this */
    case EVC_DO_POWER_RC: ARITHMETIC(POWER, CONSTANT_, false)
    case EVC_DO_NEGATE: r[i->a].as.number = -r[i->a].as.number; break;
    case EVC_DO_ABS: r[i->a].as.number = fabs(r[i->a].as.number); break;
    case EVC_DO_MAX:
      if (r[i->a].kind == EVC_KIND_NULL || RIGHT_NULL) r[i->a].kind = EVC_KIND_NULL;
      else if (RIGHT > r[i->a].as.number) r[i->a] = r[i->a + 1];
      break;
    case EVC_DO_MIN:
      if (r[i->a].kind == EVC_KIND_NULL || RIGHT_NULL) r[i->a].kind = EVC_KIND_NULL;
      else if (RIGHT < r[i->a].as.number) r[i->a] = r[i->a + 1];
      break;
    case EVC_DO_ROUND: {
      evc_value *a = &r[i->a];
      if (a->kind == EVC_KIND_NULL) break;
      evc_fault fault = evc_round((evc_function)i->b, a->as.number, (int)i->slot - EVC_SCALE_LIMIT,
                                  &a->as.number);
      if (fault) return failed_by(c, i, fault);
      break;
    }

    case EVC_DO_TEST_EQ_NUMBER_RR: TEST_REGISTERS(EQ, ==)
    case EVC_DO_TEST_NE_NUMBER_RR: TEST_REGISTERS(NE, !=)
    case EVC_DO_TEST_LT_NUMBER_RR: TEST_REGISTERS(LT, <)
    case EVC_DO_TEST_LE_NUMBER_RR: TEST_REGISTERS(LE, <=)
    case EVC_DO_TEST_GT_NUMBER_RR: TEST_REGISTERS(GT, >)
    case EVC_DO_TEST_GE_NUMBER_RR: TEST_REGISTERS(GE, >=)
    case EVC_DO_TEST_EQ_NUMBER_RC: TEST_CONSTANT(EQ, ==)
    case EVC_DO_TEST_NE_NUMBER_RC: TEST_CONSTANT(NE, !=)
    case EVC_DO_TEST_LT_NUMBER_RC: TEST_CONSTANT(LT, <)
    case EVC_DO_TEST_LE_NUMBER_RC: TEST_CONSTANT(LE, <=)
    case EVC_DO_TEST_GT_NUMBER_RC: TEST_CONSTANT(GT, >)
    case EVC_DO_TEST_GE_NUMBER_RC: TEST_CONSTANT(GE, >=)
    case EVC_DO_TEST_EQ_NUMBER_FC: TEST_FIELD(NUMBER, EQ, a->as.number == i->constant.number)
    case EVC_DO_TEST_NE_NUMBER_FC: TEST_FIELD(NUMBER, NE, a->as.number != i->constant.number)
    case EVC_DO_TEST_LT_NUMBER_FC: TEST_FIELD(NUMBER, LT, a->as.number < i->constant.number)
    case EVC_DO_TEST_LE_NUMBER_FC: TEST_FIELD(NUMBER, LE, a->as.number <= i->constant.number)
    case EVC_DO_TEST_GT_NUMBER_FC: TEST_FIELD(NUMBER, GT, a->as.number > i->constant.number)
    case EVC_DO_TEST_GE_NUMBER_FC: TEST_FIELD(NUMBER, GE, a->as.number >= i->constant.number)
    case EVC_DO_TEST_EQ_STRING_FC: TEST_FIELD(STRING, EQ, SAME_TEXT)
    case EVC_DO_TEST_NE_STRING_FC: TEST_FIELD(STRING, NE, !SAME_TEXT)
    case EVC_DO_TEST_EQ_BOOLEAN_FC: TEST_FIELD(BOOLEAN, EQ, a->as.boolean == i->constant.boolean)
    case EVC_DO_TEST_NE_BOOLEAN_FC: TEST_FIELD(BOOLEAN, NE, a->as.boolean != i->constant.boolean)
    case EVC_DO_TEST_TRUE_F: TEST_FIELD(BOOLEAN, EQ, a->as.boolean)
    case EVC_DO_TEST_COMPARE: {
      bool result = false;
      evc_fault fault = evc_compare((evc_operator)i->b, &r[i->a], &r[i->a + 1], &result);
      if (fault) return of_wrong_kind(c, i, r[i->a + 1].kind, r[i->a].kind);
      DECIDE(result)
    }
    case EVC_DO_TEST_NULL: DECIDE((r[i->a].kind == EVC_KIND_NULL) == (i->b == EVC_OP_EQ))
    case EVC_DO_TEST_TRUE: DECIDE(evc_value_is_true(&r[i->a]))

    case EVC_DO_JUMP_FALSE:
      if (evc_value_is_true(&r[i->a])) break;
      r[i->a] = evc_value_boolean(false);
      i = code + i->on_false;
      continue;
    case EVC_DO_JUMP_TRUE:
      if (!evc_value_is_true(&r[i->a])) break;
      i = code + i->on_true;
      continue;
    case EVC_DO_BRANCH:
      if (evc_value_is_true(&r[i->a])) break;
      i = code + i->on_false;
      continue;
    case EVC_DO_JUMP_NOT_NULL:
      if (r[i->a].kind == EVC_KIND_NULL) break;
      i = code + i->on_true;
      continue;
    case EVC_DO_JUMP: i = code + i->on_true; continue;

    case EVC_DO_MATCH: {
      bool matches;
      evc_fault fault = evc_matches(&r[i->a], &r[i->a + 2], &matches);
      if (fault) return of_wrong_kind(c, i, r[i->a + 2].kind, r[i->a].kind);
      if (matches) r[i->a + 1].as.boolean = true;
      break;
    }
    case EVC_DO_FOUND: DECIDE(r[i->a + 1].as.boolean)

    case EVC_DO_RETURN:
      return (evc_outcome){.status = EVC_OK, .value = evc_value_is_true(&r[i->a])};
    case EVC_DO_RETURN_TRUE: return (evc_outcome){.status = EVC_OK, .value = true};
    case EVC_DO_RETURN_FALSE: return (evc_outcome){.status = EVC_OK, .value = false};

    case EVC_DO_TRACE:
      if (trace) trace[i->slot] = (evc_trace){true, r[i->a]};
      break;
    case EVC_DO_TRACE_CONSTANT:
      if (trace) trace[i->slot] = (evc_trace){true, constant_of(c, i)};
      break;
    default: UNREACHABLE; /* the emitter makes no others: 11.5 to 8.5 ns for five terms */
    }
    i++;
  }
}

enum { FEW_REGISTERS = 16 };

/* For values and for records, so that gcc makes a loop for each: asking in it which it is took
** 10 %. */

static NOINLINE evc_outcome run_with_many(const evc_calculation *c, const void *values,
                                          evc_trace *trace) {
  evc_value registers[EVC_REGISTER_LIMIT];
  return run(c, values, NULL, registers, trace);
}

static NOINLINE evc_outcome run_with_few(const evc_calculation *c, const void *values) {
  evc_value registers[FEW_REGISTERS];
  return run(c, values, NULL, registers, NULL);
}

static NOINLINE evc_outcome run_record_with_many(const evc_calculation *c, const void *record,
                                                 const evc_record_field *fields) {
  evc_value registers[EVC_REGISTER_LIMIT];
  return run(c, record, fields, registers, NULL);
}

static NOINLINE evc_outcome run_record_with_few(const evc_calculation *c, const void *record,
                                                const evc_record_field *fields) {
  evc_value registers[FEW_REGISTERS];
  return run(c, record, fields, registers, NULL);
}

evc_outcome evc_run(const evc_calculation *c, const void *event, const evc_record_field *fields) {
  bool many = c->register_count > FEW_REGISTERS;
  if (fields)
    return many ? run_record_with_many(c, event, fields) : run_record_with_few(c, event, fields);
  return many ? run_with_many(c, event, NULL) : run_with_few(c, event);
}

evc_outcome evc_evaluate_values(const evc_calculation *c, const evc_value *values) {
  return c->terms->step(c, values, c->terms, 0);
}

evc_outcome evc_evaluate(const evc_calculation *c, const evc_event *event) {
  if (event->type != c->type) return (evc_outcome){.status = EVC_WRONG_KIND};
  return evc_evaluate_values(c, event->values);
}

evc_outcome evc_evaluate_traced(const evc_calculation *c, const evc_event *event,
                                evc_trace *trace) {
  if (!c->parts) return (evc_outcome){.status = EVC_NOT_FOUND};
  if (event->type != c->type) return (evc_outcome){.status = EVC_WRONG_KIND};
  memset(trace, 0, c->part_count * sizeof *trace);
  return run_with_many(c, event->values, trace);
}
