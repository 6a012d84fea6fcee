/* Programs: what is emitted, fusing, registers, tracing, the ways to evaluate. */
#include "calculations.h"

#include "../../src/program/program.h"

/* How often an opcode is in a program, what follows a RETURN included. */
static size_t count_of(const evc_calculation *c, evc_opcode op) {
  size_t count = 0;
  for (const evc_instruction *i = c->code; i->op != EVC_DO_RETURN_FALSE; i++) count += i->op == op;
  return count;
}

static bool is_field_test(uint8_t op) {
  return op >= EVC_DO_TEST_EQ_NUMBER_FC && op <= EVC_DO_TEST_TRUE_F;
}

/* Comparisons of a field with a constant; a condition may well be tested in place. */
static size_t count_of_field_tests(const evc_calculation *c) {
  size_t count = 0;
  for (const evc_instruction *i = c->code; i->op != EVC_DO_RETURN_FALSE; i++)
    count += is_field_test(i->op) && i->op != EVC_DO_TEST_TRUE_F;
  return count;
}

/* Random events: of each field null, a few values, sometimes a value of the wrong kind. */

static evc_value random_value(uint64_t *seed, size_t slot, bool wrong) {
  static const double numbers[] = {0, 1, -1, 2, 0.5, 3, 1e308, -0.0};
  static const char *const strings[] = {"", "USD", "EUR", "a", "b"};
  static const evc_member members[] = {
      {{"a", 1}, {.as.number = 1, .kind = EVC_KIND_NUMBER}},
      {{"b", 1}, {.as.text = "USD", .length = 3, .kind = EVC_KIND_STRING}},
      {{"c", 1}, {.as.boolean = true, .kind = EVC_KIND_BOOLEAN}},
      {{"a", 1}, {.as.number = 2, .kind = EVC_KIND_NUMBER}},
  };
  uint64_t r = next_random(seed);
  if (r % 4 == 0) return (evc_value){.kind = EVC_KIND_NULL};
  if (wrong && r % 16 == 1) slot = (size_t)(r >> 8) % FIELD_COUNT;
  switch (slot) {
  case CURRENCY: {
    const char *s = strings[(r >> 16) % 5];
    return (evc_value){.as.text = s, .length = (uint32_t)strlen(s), .kind = EVC_KIND_STRING};
  }
  case VIP:
  case CLOSED: return (evc_value){.as.boolean = r >> 16 & 1, .kind = EVC_KIND_BOOLEAN};
  case TAGS:
    return (evc_value){
        .as.members = members, .length = (uint32_t)(r >> 16) % 5, .kind = EVC_KIND_MAP};
  case ITEMS: return (evc_value){.length = 0, .kind = EVC_KIND_ARRAY};
  default: return (evc_value){.as.number = numbers[(r >> 16) % 8], .kind = EVC_KIND_NUMBER};
  }
}

static void fill(evc_event *event, uint64_t *seed, bool wrong) {
  for (size_t slot = 0; slot < FIELD_COUNT; slot++)
    assert_int_equal(evc_event_set_value(event, slot, random_value(seed, slot, wrong)), EVC_OK);
}

/* Random calculations, by type. */

typedef struct writer {
  char text[8192];
  size_t length;
  uint64_t seed;
} writer;

static void put(writer *w, const char *s) {
  size_t length = strlen(s);
  assert_true(w->length + length < sizeof w->text);
  memcpy(w->text + w->length, s, length + 1);
  w->length += length;
}

static size_t choose(writer *w, size_t count) {
  return (size_t)(next_random(&w->seed) >> 11) % count;
}

static const char *pick(writer *w, const char *const *list, size_t count) {
  return list[choose(w, count)];
}

static void put_number(writer *w, int depth);
static void put_boolean(writer *w, int depth);

static void put_string(writer *w, int depth) {
  static const char *const leaves[] = {"new.currency", "\"USD\"", "\"a\"", "new.currency",
                                       "DateTime.TS_FMT", "\"\\u0062\""};
  switch (depth > 0 ? choose(w, 6) : 0) {
  case 1:
    put(w, "isnull(");
    put_string(w, depth - 1);
    put(w, ", ");
    put_string(w, depth - 1);
    put(w, ")");
    break;
  case 2:
    put(w, "(");
    put_boolean(w, depth - 1);
    put(w, " ? ");
    put_string(w, depth - 1);
    put(w, choose(w, 3) ? " : \"b\")" : " : null)");
    break;
  default: put(w, pick(w, leaves, 6)); break;
  }
}

static void put_number(writer *w, int depth) {
  static const char *const leaves[] = {"new.amount", "new.quantity", "old.amount", "1",
                                       "2",          "0.5",          "Math.PI",    "new.amount"};
  static const char *const operators[] = {" + ", " - ", " * ", " / ", " % ", " ^ "};
  static const char *const functions[] = {"Math.max(", "Math.min(", "Math.pow("};
  static const char *const scaled[] = {"Math.round(", "Math.floor(", "Math.ceil("};
  switch (depth > 0 ? choose(w, 12) : 0) {
  case 1:
  case 2:
  case 3:
    put(w, "(");
    put_number(w, depth - 1);
    put(w, pick(w, operators, 6));
    put_number(w, depth - 1);
    put(w, ")");
    break;
  case 4:
    put(w, "(-");
    put_number(w, depth - 1);
    put(w, ")");
    break;
  case 5:
    put(w, pick(w, functions, 3));
    put_number(w, depth - 1);
    put(w, ", ");
    put_number(w, depth - 1);
    put(w, ")");
    break;
  case 6:
    put(w, pick(w, scaled, 3));
    put_number(w, depth - 1);
    put(w, choose(w, 2) ? ", 1)" : ")");
    break;
  case 7:
    put(w, "Math.abs(");
    put_number(w, depth - 1);
    put(w, ")");
    break;
  case 8:
    put(w, "isnull(");
    put_number(w, depth - 1);
    put(w, ", ");
    put_number(w, depth - 1);
    put(w, ")");
    break;
  case 9:
    put(w, "(");
    put_boolean(w, depth - 1);
    put(w, " ? ");
    if (choose(w, 4)) put_number(w, depth - 1);
    else put(w, "null");
    put(w, " : ");
    put_number(w, depth - 1);
    put(w, ")");
    break;
  case 10: put(w, "isnull(new.tags.a, 1)"); break;
  default: put(w, pick(w, leaves, 8)); break;
  }
}

static void put_boolean(writer *w, int depth) {
  static const char *const leaves[] = {"new.vip", "new.closed", "true", "false", "new.vip"};
  static const char *const comparisons[] = {" == ", " != ", " < ", " <= ", " > ", " >= "};
  switch (depth > 0 ? choose(w, 12) : 0) {
  case 1:
  case 2:
  case 3:
    put(w, "(");
    put_boolean(w, depth - 1);
    put(w, choose(w, 2) ? " AND " : " OR ");
    put_boolean(w, depth - 1);
    put(w, ")");
    break;
  case 4:
  case 5:
    put(w, "(");
    put_number(w, depth - 1);
    put(w, pick(w, comparisons, 6));
    put_number(w, depth - 1);
    put(w, ")");
    break;
  case 6:
    put(w, "(");
    put_string(w, depth - 1);
    put(w, pick(w, comparisons, 6));
    put_string(w, depth - 1);
    put(w, ")");
    break;
  case 7:
    put(w, "(");
    put_boolean(w, depth - 1);
    put(w, pick(w, comparisons, 2));
    put_boolean(w, depth - 1);
    put(w, ")");
    break;
  case 8:
    put(w, "(");
    if (choose(w, 2)) put_number(w, depth - 1);
    else put(w, choose(w, 2) ? "new.tags.a" : "new.vip");
    put(w, choose(w, 2) ? " == null)" : " != null)");
    break;
  case 9:
    put(w, "(");
    put_boolean(w, depth - 1);
    put(w, " ? ");
    put_boolean(w, depth - 1);
    put(w, " : ");
    put_boolean(w, depth - 1);
    put(w, ")");
    break;
  case 10:
    put(w, "IN(");
    if (choose(w, 2)) {
      put_number(w, depth - 1);
      put(w, ", 1, ");
      put_number(w, depth - 1);
    } else {
      put(w, "new.tags.b, \"a\", ");
      put_string(w, depth - 1);
    }
    put(w, ")");
    break;
  case 11:
    put(w, "isnull(");
    put_boolean(w, depth - 1);
    put(w, ", ");
    put_boolean(w, depth - 1);
    put(w, ")");
    break;
  default: put(w, pick(w, leaves, 5)); break;
  }
}

static bool same_outcome(evc_outcome a, evc_outcome b) {
  return a.status == b.status && a.code == b.code && a.value == b.value && a.found == b.found &&
         a.start == b.start && a.end == b.end;
}

/* Nothing is fused and no branch is shortened in a traced program, so the two check each other. */
static void is_the_same_however_evaluated(const evc_calculation *plain,
                                          const evc_calculation *traced, evc_event *event) {
  static evc_trace trace[4096];
  evc_outcome expected = evc_evaluate_traced(traced, event, trace);
  evc_outcome outcomes[] = {evc_evaluate(plain, event), evc_evaluate(traced, event),
                            evc_evaluate_values(plain, evc_event_values(event)),
                            evc_evaluate_values(traced, evc_event_values(event))};
  for (size_t i = 0; i < 4; i++)
    if (!same_outcome(outcomes[i], expected))
      fail_msg("%s: %zu: status %d value %d code %d [%u, %u), traced %d %d %d [%u, %u)",
               evc_calculation_text(plain).data, i, outcomes[i].status, outcomes[i].value,
               outcomes[i].code, outcomes[i].start, outcomes[i].end, expected.status,
               expected.value, expected.code, expected.start, expected.end);
  size_t parts = evc_calculation_part_count(traced);
  if (expected.status == EVC_OK) {
    assert_true(trace[parts - 1].evaluated);
    evc_value whole = trace[parts - 1].value;
    assert_int_equal(whole.kind == EVC_KIND_BOOLEAN && whole.as.boolean, expected.value);
  } else {
    assert_false(trace[parts - 1].evaluated);
    assert_true(expected.end > expected.start);
  }
}

/* No part's value is recorded in two places of the program. */
static void records_once(const evc_calculation *c) {
  size_t parts = evc_calculation_part_count(c);
  unsigned *counts = calloc(parts + 1, sizeof *counts);
  assert_non_null(counts);
  for (uint32_t at = 0; at < c->code_count; at++) {
    const evc_instruction *i = &c->code[at];
    if (i->op != EVC_DO_TRACE && i->op != EVC_DO_TRACE_CONSTANT) continue;
    assert_in_range(i->slot, 0, parts - 1);
    assert_int_equal(++counts[i->slot], 1);
  }
  for (size_t part = 0; c->parts && part < parts; part++) assert_int_equal(counts[part], 1);
  free(counts);
}

/* A program only ever goes forward and is no longer than a few instructions a node: so however an
** evaluation goes, it carries out each instruction at most once; and as each part has one place where it
** is worked out, it is worked out at most once. */
static void runs_once(const evc_calculation *c) {
  records_once(c);
  for (uint32_t at = 0; at < c->code_count; at++) {
    const evc_instruction *i = &c->code[at];
    bool test = (i->op >= EVC_DO_TEST_EQ_NUMBER_RR && i->op <= EVC_DO_TEST_TRUE) ||
                i->op == EVC_DO_FOUND;
    bool on_true = test || i->op == EVC_DO_JUMP_TRUE || i->op == EVC_DO_JUMP_NOT_NULL ||
                   i->op == EVC_DO_JUMP;
    bool on_false = test || i->op == EVC_DO_JUMP_FALSE || i->op == EVC_DO_BRANCH;
    if (on_true) assert_in_range(i->on_true, at + 1, c->code_count - 1);
    if (on_false) assert_in_range(i->on_false, at + 1, c->code_count - 1);
  }
  assert_true(c->code_count <= (c->parts ? 3 : 2) * c->node_count + 4);
  uint8_t last = c->code[c->code_count - 1].op; /* beyond which there is nothing to go on to */
  assert_true(last == EVC_DO_RETURN_FALSE || last == EVC_DO_RETURN_TRUE || last == EVC_DO_RETURN);
}

static void random_calculations(void **state) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  uint64_t seed = 21;
  size_t compiled = 0, failed = 0, truths = 0;
  for (uint64_t i = 0; i < 4000; i++) {
    writer w = {.length = 0, .seed = i * 2 + 1};
    for (int k = 0; k < 8; k++) next_random(&w.seed);
    put_boolean(&w, 1 + (int)(i % 5));
    evc_options options = {.trace = true};
    evc_calculation *traced =
        evc_compile(test_type(*state), w.text, EVC_NUL_TERMINATED, &options, NULL);
    options.trace = false;
    evc_calculation *plain =
        evc_compile(test_type(*state), w.text, EVC_NUL_TERMINATED, &options, NULL);
    assert_int_equal(plain == NULL, traced == NULL);
    if (!plain) continue; /* a constant part that fails */
    compiled++;
    assert_true(plain->register_count <= EVC_REGISTER_LIMIT);
    runs_once(plain);
    runs_once(traced);
    for (int k = 0; k < 24; k++) {
      fill(event, &seed, k % 3 == 0);
      is_the_same_however_evaluated(plain, traced, event);
      evc_outcome outcome = evc_evaluate(plain, event);
      failed += outcome.status != EVC_OK;
      truths += outcome.value;
    }
    evc_calculation_free(plain);
    evc_calculation_free(traced);
  }
  assert_true(compiled > 2500); /* and they are not all alike */
  assert_true(failed > 1000 && truths > 10000);
  evc_event_free(event);
}

/* Fusing */

static void what_is_fused(void **state) {
  static const struct {
    const char *text;
    evc_opcode op;
    size_t count; /* of that opcode */
    size_t loads;
  } cases[] = {
      {"new.amount >= 5000", EVC_DO_TEST_GE_NUMBER_FC, 1, 0},
      {"new.amount == 1 OR new.quantity == 2", EVC_DO_TEST_EQ_NUMBER_FC, 2, 0},
      {"(new.amount) < (2 * 3)", EVC_DO_TEST_LT_NUMBER_FC, 1, 0},
      {"new.currency == \"USD\"", EVC_DO_TEST_EQ_STRING_FC, 1, 0},
      {"new.currency != \"a\\n\"", EVC_DO_TEST_NE_STRING_FC, 1, 0},
      {"new.currency == DateTime.TS_FMT", EVC_DO_TEST_EQ_STRING_FC, 1, 0},
      {"new.vip == false", EVC_DO_TEST_EQ_BOOLEAN_FC, 1, 0},
      {"new.vip AND new.closed", EVC_DO_TEST_TRUE_F, 2, 0},
      {"new.amount + 1 > 2", EVC_DO_ADD_RC, 1, 1},
      {"new.amount - new.quantity > 2", EVC_DO_TEST_GT_NUMBER_RC, 1, 2},
      {"new.amount ^ 2 < old.amount / 3", EVC_DO_TEST_LT_NUMBER_RR, 1, 2},
      {"new.amount == null", EVC_DO_TEST_NULL, 1, 1},
      /* Not fused: */
      {"5000 <= new.amount", EVC_DO_TEST_LE_NUMBER_RR, 1, 1},
      {"new.currency < \"USD\"", EVC_DO_TEST_COMPARE, 1, 1},
      {"new.currency == new.currency", EVC_DO_TEST_COMPARE, 1, 2},
      {"new.vip == new.closed", EVC_DO_TEST_COMPARE, 1, 2},
      {"new.vip", EVC_DO_LOAD, 1, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_calculation *c = compile(state, cases[i].text, false);
    if (count_of(c, cases[i].op) != cases[i].count || count_of(c, EVC_DO_LOAD) != cases[i].loads)
      fail_msg("%s: %zu, %zu loads", cases[i].text, count_of(c, cases[i].op),
               count_of(c, EVC_DO_LOAD));
    evc_calculation_free(c);
  }
}

/* Short chains of tests on fields are looked up in a table; everything else runs. */
static void what_has_a_table(void **state) {
  static const struct {
    const char *text;
    bool table;
  } cases[] = {
      {"new.amount >= 5000", true},
      {"(new.amount >= 5000 AND new.quantity < 100 AND new.currency == \"USD\") OR (new.vip AND new.closed == false)", true},
      {"new.amount > 1 OR new.amount < 2 OR new.amount > 3 OR new.amount < 4 OR new.amount > 5 OR new.vip", true},
      {"new.amount > 1 OR new.amount < 2 OR new.amount > 3 OR new.amount < 4 OR new.amount > 5 OR new.vip OR new.closed",
       false},
      {"new.amount > 1 AND new.amount < new.quantity", false},
      {"new.amount > 1 AND new.amount + 1 < 2", false},
      {"new.amount > 1 AND (new.vip AND new.closed) == true", false},
  };
  evc_calculation *runs = compile(state, "new.amount + 1 > 2", false);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_calculation *c = compile(state, cases[i].text, false);
    if ((c->terms->step != runs->terms->step) != cases[i].table) fail_msg("%s", cases[i].text);
    evc_calculation_free(c);
  }
  evc_calculation_free(runs);
}

/* A test whose answer only decides where to go on writes no register. */
static void what_nobody_reads_is_not_written(void **state) {
  static const char *const texts[] = {
      "new.amount == 1 OR new.quantity == 2 OR new.vip",
      "(new.amount == 1 AND new.currency == \"a\") OR (new.vip AND new.closed == false)",
      "new.vip AND (new.amount < 1 OR new.amount > 5) AND new.closed",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    evc_calculation *c = compile(state, texts[i], false);
    for (const evc_instruction *k = c->code; k->op < EVC_DO_RETURN; k++)
      if (is_field_test(k->op) && k->a != EVC_NO_REGISTER) fail_msg("%s", texts[i]);
    evc_calculation_free(c);
  }
  evc_calculation *c = compile(state, "(new.amount == 1) == new.vip", false);
  assert_int_equal(c->code[0].op, EVC_DO_TEST_EQ_NUMBER_FC);
  assert_int_equal(c->code[0].a, 0);
  evc_calculation_free(c);
}

/* Where two ways meet, what one of them put into a register last is not what is there. */
static void nothing_is_fused_across_a_join(void **state) {
  static const char *const texts[] = {
      "(new.vip ? new.quantity : new.amount) > 3",
      "(new.vip ? 5 : new.amount) > 3",
      "(new.vip ? new.amount : 5) > 3",
      "new.amount > (new.vip ? 1 : 2)",
      "new.amount + (new.vip ? 1 : 2) > 0",
      "new.amount + (new.vip ? new.quantity : 2) > old.amount",
      "isnull(new.amount, new.quantity) > 3",
      "new.amount > isnull(new.quantity, 3)",
      "isnull(new.amount, 5) == 5",
      "new.amount * isnull(new.quantity, 2) == 2",
      "(new.closed ? new.currency : \"a\") == \"USD\"",
      "new.currency == isnull(new.currency, \"USD\")",
      "isnull(new.vip, new.closed) == true",
      "(new.vip ? new.closed : new.vip) == false",
      "isnull(new.vip, new.closed) AND true",
      "(new.vip ? new.vip : new.closed) OR false",
      "new.closed == (new.vip ? true : false)",
      "new.vip == (new.amount == 1 AND new.closed)",
      "(new.amount == 1 OR new.closed) == true",
      "(new.vip OR new.closed) == (new.closed AND new.vip)",
      "IN((new.vip ? 1 : new.amount), 1, isnull(new.quantity, 2))",
      "isnull(isnull(new.amount, new.quantity), old.amount) == 1",
      "(new.vip AND new.closed ? new.amount == 1 : new.amount == 2) AND new.quantity == 1",
      "(new.vip ? new.amount : null) == null",
      "isnull(new.vip ? null : new.amount, 3) == 3",
      "new.amount < (true ? null : 1)",
      "new.amount >= (true ? null : 1)",
      "new.amount == (true ? null : 1)",
      "new.currency != (true ? null : \"a\")",
      "new.vip == (true ? null : true)",
      "(true ? null : 1) <= new.amount",
      "new.amount + (true ? null : 1) == 1",
  };
  evc_event *event = evc_event_new(test_type(*state), NULL);
  uint64_t seed = 5;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    evc_calculation *plain = compile(state, texts[i], false);
    evc_calculation *traced = compile(state, texts[i], true);
    if (i < 12 && count_of_field_tests(plain) != 0) fail_msg("%s has a field test", texts[i]);
    for (int k = 0; k < 2000; k++) {
      fill(event, &seed, false);
      is_the_same_however_evaluated(plain, traced, event);
    }
    evc_calculation_free(plain);
    evc_calculation_free(traced);
  }
  evc_event_free(event);
}

static void every_jump_is_inside_the_program(void **state) {
  for (uint64_t i = 0; i < 1000; i++) {
    writer w = {.length = 0, .seed = i * 2 + 1};
    for (int k = 0; k < 8; k++) next_random(&w.seed);
    put_boolean(&w, 4);
    evc_calculation *c = evc_compile(test_type(*state), w.text, EVC_NUL_TERMINATED, NULL, NULL);
    if (!c) continue;
    uint32_t count = 0;
    while (c->code[count].op != EVC_DO_RETURN_FALSE) count++;
    for (uint32_t k = 0; k <= count; k++) {
      const evc_instruction *instruction = &c->code[k];
      bool returns = instruction->op >= EVC_DO_RETURN && instruction->op <= EVC_DO_RETURN_FALSE;
      if (!returns) {
        assert_true(instruction->on_true > k && instruction->on_true <= count);
        assert_true(instruction->on_false > k && instruction->on_false <= count);
      }
      if (is_field_test(instruction->op)) assert_true(instruction->slot < FIELD_COUNT);
      else assert_true(instruction->a < c->register_count);
      assert_true(instruction->node < c->node_count);
    }
    evc_calculation_free(c);
  }
}

/* Registers */

static void registers_are_counted(void **state) {
  static const struct {
    const char *text;
    unsigned registers;
  } cases[] = {
      {"true", 1},
      {"new.amount + new.quantity + old.amount > 1", 2},
      {"new.amount + (new.quantity + (old.amount + new.amount)) > 1", 4},
      {"new.vip OR (new.closed OR (new.vip OR new.closed))", 1},
      {"Math.max(new.amount, new.quantity, old.amount) > 0", 2},
      {"IN(new.amount, new.quantity, old.amount)", 3},
      {"new.vip ? new.closed : new.vip", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_calculation *c = compile(state, cases[i].text, false);
    if (c->register_count != cases[i].registers)
      fail_msg("%s: %u registers", cases[i].text, c->register_count);
    evc_calculation_free(c);
  }
}

/* As many values as can wait at 200 levels; ASan would see a register too many. */
static void the_most_registers(void **state) {
  static const struct {
    const char *before, *open, *middle, *close, *behind;
    size_t times;
  } cases[] = {
      {"", "Math.max(new.amount, new.amount + new.amount * ", "1", ")", " > 0", 200},
      {"new.vip == (0 < ", "(new.vip == (new.amount < new.amount + new.amount * (",
       "new.quantity", "))?1:2)", ")", 49},
      {"", "IN(new.amount, new.amount + new.amount * (", "new.vip", " ? 1 : 2))", "", 66},
      {"", "new.amount ^ ", "1", "", " > 0", 200},
      {"", "isnull(new.vip, new.vip == ", "new.vip", ")", "", 200},
      {"", "new.amount - new.amount * -", "1", "", " > 0", 1},
  };
  evc_event *event = evc_event_new(test_type(*state), NULL);
  uint64_t seed = 9;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *opened = repeated(cases[i].before, cases[i].open, cases[i].times, cases[i].middle);
    char *text = repeated(opened, cases[i].close, cases[i].times, cases[i].behind);
    evc_calculation *plain = compile(state, text, false), *traced = compile(state, text, true);
    assert_true(plain->register_count <= EVC_REGISTER_LIMIT);
    runs_once(plain);
    runs_once(traced);
    assert_int_equal(plain->register_count, traced->register_count);
    for (int k = 0; k < 50; k++) {
      fill(event, &seed, false);
      is_the_same_however_evaluated(plain, traced, event);
    }
    evc_calculation_free(plain);
    evc_calculation_free(traced);
    free(text);
    free(opened);
  }
  evc_event_free(event);
}

/* Evaluating */

static void an_event_of_another_type(void **state) {
  evc_schema *other = test_schema(NULL);
  evc_event *event = evc_event_new(test_type(other), NULL);
  evc_calculation *plain = compile(state, "true", false), *traced = compile(state, "true", true);
  evc_trace trace[1];
  assert_int_equal(evc_evaluate(plain, event).status, EVC_WRONG_KIND);
  assert_false(evc_evaluate(plain, event).value);
  assert_int_equal(evc_evaluate_traced(traced, event, trace).status, EVC_WRONG_KIND);
  assert_null(evc_outcome_report(plain, evc_evaluate(plain, event)));
  evc_calculation_free(plain);
  evc_calculation_free(traced);
  evc_event_free(event);
  evc_schema_free(other);
}

static void tracing_must_be_asked_for(void **state) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_calculation *c = compile(state, "new.vip OR true", false);
  assert_int_equal(evc_calculation_part_count(c), 0);
  assert_int_equal(evc_evaluate_traced(c, event, NULL).status, EVC_NOT_FOUND);
  assert_int_equal(evc_calculation_part(c, 0).end, 0);
  evc_calculation_free(c);
  evc_event_free(event);
}

static void parts_and_their_values(void **state) {
  static const struct {
    const char *source;
    size_t parent;
    evc_type type;
    bool evaluated;
  } parts[] = {
      {"new.amount", 2, EVC_TYPE_NUMBER, true},  {"2", 2, EVC_TYPE_NUMBER, true},
      {"new.amount * 2", 4, EVC_TYPE_NUMBER, true}, {"3", 4, EVC_TYPE_NUMBER, true},
      {"(new.amount * 2) > 3", 6, EVC_TYPE_BOOLEAN, true}, {"new.vip", 6, EVC_TYPE_BOOLEAN, false},
      {"(new.amount * 2) > 3 OR new.vip", 6, EVC_TYPE_BOOLEAN, true},
  };
  evc_calculation *c = compile(state, "(new.amount * 2) > 3 OR new.vip", true);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_event_set_number(event, AMOUNT, 4);
  evc_trace trace[7];
  assert_int_equal(evc_calculation_part_count(c), 7);
  assert_true(evc_evaluate_traced(c, event, trace).value);
  for (size_t i = 0; i < 7; i++) {
    evc_part part = evc_calculation_part(c, i);
    evc_text source = {evc_calculation_text(c).data + part.start, part.end - part.start};
    if (!text_is(source, parts[i].source)) fail_msg("%zu: %s", i, parts[i].source);
    assert_int_equal(part.parent, parts[i].parent);
    assert_int_equal(part.type, parts[i].type);
    assert_int_equal(trace[i].evaluated, parts[i].evaluated);
  }
  assert_true(trace[2].value.as.number == 8);
  assert_int_equal(evc_calculation_part(c, 7).end, 0);
  evc_calculation_free(c);
  evc_event_free(event);
}

/* Where an evaluation fails, and why. */
static void failures(void **state) {
  static const struct {
    const char *text, *source;
    evc_code code;
    evc_kind found;
  } cases[] = {
      {"1 / new.quantity > 0", "new.quantity", EVC_CODE_DIVISION_BY_ZERO, EVC_KIND_NULL},
      {"1 % (new.quantity) > 0", "(new.quantity)", EVC_CODE_DIVISION_BY_ZERO, EVC_KIND_NULL},
      {"new.amount * 10 > 0", "new.amount * 10", EVC_CODE_NOT_FINITE, EVC_KIND_NULL},
      {"1 + new.quantity ^ -1 > 0", "new.quantity ^ -1", EVC_CODE_NOT_FINITE, EVC_KIND_NULL},
      {"Math.pow(new.quantity, -1) > 0", "Math.pow(new.quantity, -1)", EVC_CODE_NOT_FINITE,
       EVC_KIND_NULL},
      {"(0 - new.amount) ^ 0.5 > 0", "(0 - new.amount) ^ 0.5", EVC_CODE_NO_REAL_VALUE,
       EVC_KIND_NULL},
      {"Math.round(new.amount, -308) > 0", "Math.round(new.amount, -308)", EVC_CODE_NOT_FINITE,
       EVC_KIND_NULL},
      {"new.currency == \"a\"", "new.currency", EVC_CODE_VALUE_KIND, EVC_KIND_BOOLEAN},
      {"new.currency == null", "new.currency", EVC_CODE_VALUE_KIND, EVC_KIND_BOOLEAN},
      {"new.vip", "new.vip", EVC_CODE_VALUE_KIND, EVC_KIND_OVERFLOW},
      {"new.vip AND true", "new.vip", EVC_CODE_VALUE_KIND, EVC_KIND_OVERFLOW},
      {"new.tags.s > 1", "new.tags.s", EVC_CODE_VALUE_KIND, EVC_KIND_STRING},
      {"new.tags.b == null", "new.tags.b", EVC_CODE_VALUE_KIND, EVC_KIND_BOOLEAN},
      {"new.tags.s == new.tags.n", "new.tags.s == new.tags.n", EVC_CODE_VALUE_KIND,
       EVC_KIND_NUMBER},
  };
  static const evc_member members[] = {
      {{"s", 1}, {.as.text = "x", .length = 1, .kind = EVC_KIND_STRING}},
      {{"n", 1}, {.as.number = 1, .kind = EVC_KIND_NUMBER}},
      {{"b", 1}, {.as.boolean = true, .kind = EVC_KIND_BOOLEAN}},
  };
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_event_set_number(event, AMOUNT, 1.7e308);
  evc_event_set_number(event, QUANTITY, 0);
  evc_event_set_boolean(event, CURRENCY, true);
  evc_event_set_number(event, VIP, 1e308 * 10);
  evc_event_set_value(event, TAGS,
                      (evc_value){.as.members = members, .length = 3, .kind = EVC_KIND_MAP});
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_calculation *c = compile(state, cases[i].text, false);
    evc_outcome outcome = evc_evaluate(c, event);
    evc_text source = {cases[i].text + outcome.start, outcome.end - outcome.start};
    if (outcome.status != EVC_EVALUATION || outcome.code != cases[i].code || outcome.value ||
        outcome.found != cases[i].found || !text_is(source, cases[i].source))
      fail_msg("%s: status %d, %s at %.*s, found %s", cases[i].text, outcome.status,
               evc_code_name((evc_code)outcome.code), (int)source.length, source.data,
               evc_kind_name((evc_kind)outcome.found));
    evc_report *report = evc_outcome_report(c, outcome);
    assert_int_equal(evc_report_count(report), 1);
    const evc_diagnostic *d = evc_report_at(report, 0);
    assert_int_equal(d->code, cases[i].code);
    assert_non_null(d->help.data);
    bool power = strchr(cases[i].text, '^') || strstr(cases[i].text, "pow");
    bool told = strstr(d->message.data, "power of zero") != NULL;
    assert_int_equal(told, power && d->code == EVC_CODE_NOT_FINITE);
    evc_report_free(report);
    evc_calculation_free(c);
  }
  evc_event_free(event);
}

static void a_calculation_is_small(void **state) {
  evc_calculation *c =
      compile(state, "new.amount >= 5000 AND new.currency == \"USD\"", false);
  assert_true(evc_calculation_size(c) <= 1024);
  assert_true(text_is(evc_calculation_text(c), "new.amount >= 5000 AND new.currency == \"USD\""));
  assert_ptr_equal(evc_calculation_type(c), test_type(*state));
  evc_calculation_free(c);
  evc_calculation_free(NULL);
}

/* The memory that compiling begins with ends now behind one thing, now behind another: nothing may be
** read beyond it. */
static void whatever_the_first_memory_holds(void **state) {
  for (size_t terms = 1; terms < 40; terms++)
    for (size_t blanks = 0; blanks < 1024; blanks += 16) {
      char *chain = repeated("new.amount > 5", " AND new.vip", terms, "");
      char *text = repeated(chain, " ", blanks, "");
      evc_calculation_free(compile(state, text, false));
      free(text);
      free(chain);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_calculations),
      cmocka_unit_test(what_is_fused),
      cmocka_unit_test(what_has_a_table),
      cmocka_unit_test(what_nobody_reads_is_not_written),
      cmocka_unit_test(nothing_is_fused_across_a_join),
      cmocka_unit_test(every_jump_is_inside_the_program),
      cmocka_unit_test(registers_are_counted),
      cmocka_unit_test(the_most_registers),
      cmocka_unit_test(an_event_of_another_type),
      cmocka_unit_test(tracing_must_be_asked_for),
      cmocka_unit_test(parts_and_their_values),
      cmocka_unit_test(failures),
      cmocka_unit_test(a_calculation_is_small),
      cmocka_unit_test(whatever_the_first_memory_holds),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
