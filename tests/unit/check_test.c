/* The checker: facts about nodes, references, severities, order and number of findings. */
#include "calculations.h"

#include "../../src/check/check.h"
#include "../../src/syntax/parse.h"
#include "failing.h"

/* A text, parsed and checked. */
typedef struct checked {
  evc_arena arena;
  evc_tree tree;
  evc_options options;
  evc_checked c;
} checked;

static void check(checked *k, void **state, const char *text) {
  static const evc_limits limits = {.text = 1 << 16, .depth = 200, .nodes = 20000,
                                    .arguments = 255};
  k->options = (evc_options){0};
  evc_arena_init(&k->arena, NULL, NULL, 0);
  evc_parse(&k->tree, &k->arena, text, (uint32_t)strlen(text), &limits);
  evc_check(&k->c, &k->tree, test_type(*state), &k->options);
  assert_false(k->tree.out_of_memory);
}

/* The last node with that source. */
static uint32_t node_of(const checked *k, const char *source) {
  for (uint32_t i = (uint32_t)k->tree.count; i-- > 0;)
    if (text_is(evc_tree_source(&k->tree, &k->tree.nodes[i]), source)) return i;
  fail_msg("no node %s", source);
  return 0;
}

static size_t count_of(const checked *k, evc_code code) {
  size_t count = 0;
  for (size_t i = 0; i < k->tree.findings.count; i++)
    count += evc_message_code(k->tree.findings.list[i].message) == code;
  return count;
}

/* Constants */

static void constants_are_folded(void **state) {
  static const struct {
    const char *text;
    double number;
  } cases[] = {
      {"1 + 2 * 3", 7},           {"-(2 ^ 10)", -1024},      {"10 % 4", 2},
      {"(1 / 2)", 0.5},           {"+-1", -1},               {"Math.max(1, 3, 2)", 3},
      {"Math.min(3, 1, 2)", 1},   {"Math.pow(2, -1)", 0.5},  {"Math.abs(-2)", 2},
      {"Math.round(2.5)", 3},     {"Math.round(1250, -2)", 1300}, {"Math.floor(-0.5)", -1},
      {"Math.ceil(1.001, 2)", 1.01}, {"isnull(null, 4)", 4}, {"isnull(5, 4)", 5},
      {"true ? 1 : 2", 1},        {"1 > 2 ? 1 : 2", 2},      {"Math.round(Math.PI, 1 + 1)", 3.14},
      {"isnull(true ? null : 1, 3) + 1", 4}, {"isnull((true ? null : 1) + 1, 9)", 9},
      {"isnull(-(true ? null : 1), 9)", 9},  {"isnull(Math.max(true ? null : 1, 1), 9)", 9},
      {"isnull(Math.round(true ? null : 1), 9)", 9},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    checked k;
    check(&k, state, cases[i].text);
    const evc_fact *fact = &k.c.facts[k.tree.root];
    if (!fact->is_constant || fact->constant.kind != EVC_KIND_NUMBER ||
        fact->constant.as.number != cases[i].number)
      fail_msg("%s is not folded to %g", cases[i].text, cases[i].number);
    assert_false(fact->nullable);
    evc_arena_free(&k.arena);
  }
}

static void boolean_constants_are_folded(void **state) {
  static const struct {
    const char *text;
    bool value;
  } cases[] = {
      {"1 < 2", true},            {"0.1 + 0.2 == 0.3", false}, {"\"a\" == \"a\"", true},
      {"\"a\" < \"B\"", false},   {"true AND false", false},   {"false OR true", true},
      {"(true ? null : true) OR false", false}, {"1 == null", false}, {"null != \"\"", true},
      {"IN(1, 2, 1)", true},      {"IN(\"a\", \"b\")", false}, {"IN(true ? null : 1, 1)", false},
      {"(true ? null : 1) >= 0", false}, {"-0 == 0", true},    {"\"\\u0041\" == \"A\"", true},
      {"DateTime.TS_FMT == \"yyyy-MM-dd'T'HH:mm:ss.SSSX\"", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    checked k;
    check(&k, state, cases[i].text);
    const evc_fact *fact = &k.c.facts[k.tree.root];
    if (!fact->is_constant || fact->constant.kind != EVC_KIND_BOOLEAN ||
        fact->constant.as.boolean != cases[i].value)
      fail_msg("%s is not folded", cases[i].text);
    evc_arena_free(&k.arena);
  }
}

static void what_reads_a_field_is_no_constant(void **state) {
  checked k;
  check(&k, state, "(1 + 2) * new.amount == Math.max(4, 5) AND (true OR new.vip)");
  assert_true(k.c.facts[node_of(&k, "(1 + 2)")].is_constant);
  assert_true(k.c.facts[node_of(&k, "Math.max(4, 5)")].is_constant);
  assert_false(k.c.facts[node_of(&k, "new.amount")].is_constant);
  assert_false(k.c.facts[node_of(&k, "(1 + 2) * new.amount")].is_constant);
  assert_false(k.c.facts[node_of(&k, "true OR new.vip")].is_constant); /* no algebra */
  assert_false(k.c.facts[k.tree.root].is_constant);
  evc_arena_free(&k.arena);
}

static void what_can_be_null(void **state) {
  static const struct {
    const char *text;
    bool nullable;
  } cases[] = {
      {"new.amount", true},       {"(new.vip)", true},        {"new.amount + 1", true},
      {"-new.amount", true},      {"Math.abs(new.amount)", true}, {"new.amount > 1", false},
      {"new.amount == null", false}, {"new.vip AND new.closed", false},
      {"isnull(new.amount, 0)", false}, {"isnull(new.amount, old.amount)", true},
      {"new.vip ? 1 : 2", false}, {"new.vip ? null : 2", true}, {"IN(new.amount, 1)", false},
      {"1 + 2", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    checked k;
    check(&k, state, cases[i].text);
    if (k.c.facts[k.tree.root].nullable != cases[i].nullable) fail_msg("%s", cases[i].text);
    evc_arena_free(&k.arena);
  }
}

static void types_of_parts(void **state) {
  static const struct {
    const char *text;
    evc_type type;
  } cases[] = {
      {"new.amount", EVC_TYPE_NUMBER},     {"new.currency", EVC_TYPE_STRING},
      {"new.vip", EVC_TYPE_BOOLEAN},       {"new.tags.a", EVC_TYPE_DYNAMIC},
      {"new.tags.a + 1", EVC_TYPE_NUMBER}, {"isnull(new.tags.a, \"\")", EVC_TYPE_STRING},
      {"isnull(new.tags.a, new.tags.b)", EVC_TYPE_DYNAMIC}, {"new.vip ? 1 : null", EVC_TYPE_NUMBER},
      {"null", EVC_TYPE_NULL},             {"new.nothing", EVC_TYPE_UNKNOWN},
      {"new.nothing == 1", EVC_TYPE_BOOLEAN}, {"1 + \"a\"", EVC_TYPE_UNKNOWN},
      {"new.tags", EVC_TYPE_UNKNOWN},      {"new.items", EVC_TYPE_UNKNOWN},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    checked k;
    check(&k, state, cases[i].text);
    if (k.tree.nodes[k.tree.root].type != cases[i].type)
      fail_msg("%s is %s", cases[i].text, evc_type_name((evc_type)k.tree.nodes[k.tree.root].type));
    evc_arena_free(&k.arena);
  }
}

static void a_dynamic_value_is_told_its_kind(void **state) {
  checked k;
  check(&k, state, "new.tags.a == \"x\" AND new.tags.b > 1 AND new.tags.c == new.tags.d");
  assert_int_equal(k.c.facts[node_of(&k, "new.tags.a")].expected, EVC_KIND_STRING);
  assert_int_equal(k.c.facts[node_of(&k, "new.tags.b")].expected, EVC_KIND_NUMBER);
  assert_int_equal(k.c.facts[node_of(&k, "new.tags.c")].expected, 0);
  assert_int_equal(count_of(&k, EVC_CODE_MAP_MEMBER_UNDOCUMENTED), 4);
  evc_arena_free(&k.arena);
}

static void a_constant_that_fails(void **state) {
  static const struct {
    const char *text, *source;
    evc_code code;
  } cases[] = {
      {"true ? 1 : 1/0", "0", EVC_CODE_DIVISION_BY_ZERO},
      {"isnull(new.amount, 1 % 0)", "0", EVC_CODE_DIVISION_BY_ZERO},
      {"new.amount / (1-1)", "(1-1)", EVC_CODE_DIVISION_BY_ZERO},
      {"new.amount / Math.round(0.4)", "Math.round(0.4)", EVC_CODE_DIVISION_BY_ZERO},
      {"10^400", "10^400", EVC_CODE_NOT_FINITE},
      {"Math.pow(-8, 0.5)", "Math.pow(-8, 0.5)", EVC_CODE_NO_REAL_VALUE},
      {"Math.ceil(1, -400)", "Math.ceil(1, -400)", EVC_CODE_NOT_FINITE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    checked k;
    check(&k, state, cases[i].text);
    assert_int_equal(count_of(&k, cases[i].code), 1);
    for (size_t f = 0; f < k.tree.findings.count; f++) {
      const evc_finding *finding = &k.tree.findings.list[f];
      if (evc_message_code(finding->message) != cases[i].code) continue;
      evc_text source = {cases[i].text + finding->start, finding->end - finding->start};
      if (!text_is(source, cases[i].source)) fail_msg("%s", cases[i].text);
    }
    evc_arena_free(&k.arena);
  }
  checked k;
  check(&k, state, "new.amount / isnull(0, new.quantity) > 1");
  assert_int_equal(count_of(&k, EVC_CODE_DIVISION_BY_ZERO), 0);
  evc_arena_free(&k.arena);
}

/* References */

static void references_of(void **state, const char *text, const char *const *paths, size_t count) {
  evc_calculation *c = compile(state, text, false);
  assert_int_equal(evc_calculation_reference_count(c), count);
  for (size_t i = 0; i < count; i++) {
    evc_reference r = evc_calculation_reference(c, i);
    if (!text_is(r.path, paths[i]))
      fail_msg("%zu: %.*s, not %s", i, (int)r.path.length, r.path.data, paths[i]);
    if (strncmp(paths[i], "new.tags.", 9) == 0) {
      assert_int_equal(r.slot, TAGS);
      assert_true(text_is(r.member, paths[i] + 9));
    } else {
      assert_int_equal(r.slot, evc_event_type_slot(test_type(*state), paths[i], strlen(paths[i])));
      assert_null(r.member.data);
    }
  }
  evc_reference past = evc_calculation_reference(c, count);
  assert_null(past.path.data);
  assert_int_equal(past.slot, 0);
  evc_calculation_free(c);
}

static void references_are_in_order_and_once(void **state) {
  static const char *const order[] = {"new.currency", "new.amount", "new.tags.b", "new.tags.a",
                                      "old.amount"};
  references_of(state,
                "new.currency == \"a\" OR new.amount > 1 OR new.tags.b == 1 OR new.tags.a == 2 OR "
                "new.amount < 0 OR new.tags.b > 3 OR new.currency != \"b\" OR Math.PI > old.amount",
                order, 5);
  references_of(state, "true", NULL, 0);
  references_of(state, "IN(1, 2, 3)", NULL, 0);
  static const char *const skipped[] = {"new.vip"};
  references_of(state, "true OR new.vip", skipped, 1); /* also what is never evaluated */
}

static void many_references(void **state) {
  (void)state;
  enum { MANY = 3000 };
  static char paths[MANY][8];
  static evc_field fields[MANY];
  char *text = malloc(MANY * 2 * 16);
  size_t length = 0;
  for (size_t i = 0; i < MANY; i++) {
    snprintf(paths[i], sizeof paths[i], "f%zu", i);
    fields[i] = (evc_field){text_of(paths[i]), {"boolean", 7}, EVC_TYPE_UNKNOWN};
    length += (size_t)sprintf(text + length, "f%zu OR ", MANY - 1 - i);
  }
  for (size_t i = 0; i < MANY; i++) length += (size_t)sprintf(text + length, "f%zu OR ", i);
  strcpy(text + length, "true");
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_add(schema, "m", 1, EVC_LOADED, fields, MANY, NULL), EVC_OK);
  evc_options options = {.limits = {.text = 1 << 20}};
  evc_calculation *c =
      evc_compile(evc_schema_find(schema, "m", 1), text, EVC_NUL_TERMINATED, &options, NULL);
  assert_non_null(c);
  assert_int_equal(evc_calculation_reference_count(c), MANY);
  for (size_t i = 0; i < MANY; i++)
    assert_int_equal(evc_calculation_reference(c, i).slot, MANY - 1 - i);
  evc_calculation_free(c);
  evc_schema_free(schema);
  free(text);
}

/* Severities */

static evc_report *report_of(void **state, const char *text, const evc_options *options,
                             bool valid) {
  evc_report *report;
  evc_calculation *c = evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, options, &report);
  if ((c != NULL) != valid) fail_msg("%s: %s", text, valid ? "invalid" : "valid");
  evc_calculation_free(c);
  return report;
}

/* The codes of a report, in order. */
static void has_codes(const evc_report *report, const evc_code *codes, size_t count) {
  for (size_t i = 0; i < evc_report_count(report) && i < count; i++)
    assert_string_equal(evc_report_at(report, i)->name, evc_code_name(codes[i]));
  assert_int_equal(evc_report_count(report), count);
}

static void warnings_are_shown_allowed_or_denied(void **state) {
  const char *text = "new.tags.a > 1 AND IN(new.amount, 1)";
  const evc_code both[] = {EVC_CODE_MAP_MEMBER_UNDOCUMENTED, EVC_CODE_IN_UNDOCUMENTED};
  evc_report *report = report_of(state, text, NULL, true);
  has_codes(report, both, 2);
  assert_int_equal(evc_report_errors(report), 0);
  assert_int_equal(evc_report_warnings(report), 2);
  assert_null(evc_report_message(report).data);
  evc_report_free(report);

  evc_options options = {.allow = {{0}}};
  evc_code_set_add(&options.allow, EVC_CODE_IN_UNDOCUMENTED);
  report = report_of(state, text, &options, true);
  has_codes(report, both, 1);
  evc_report_free(report);

  evc_code_set_add(&options.deny, EVC_CODE_IN_UNDOCUMENTED); /* wins over allow */
  report = report_of(state, text, &options, false);
  has_codes(report, both, 2);
  assert_int_equal(evc_report_at(report, 0)->severity, EVC_WARNING);
  assert_int_equal(evc_report_at(report, 1)->severity, EVC_ERROR);
  assert_int_equal(evc_report_errors(report), 1);
  assert_int_equal(evc_report_warnings(report), 1);
  assert_non_null(evc_report_message(report).data);
  evc_report_free(report);

  options = (evc_options){.deny_warnings = true};
  evc_code_set_add(&options.allow, EVC_CODE_IN_UNDOCUMENTED); /* wins over deny_warnings */
  report = report_of(state, text, &options, false);
  has_codes(report, both, 1);
  assert_int_equal(evc_report_errors(report), 1);
  evc_report_free(report);

  evc_code_set_add(&options.allow, EVC_CODE_MAP_MEMBER_UNDOCUMENTED);
  assert_null(report_of(state, text, &options, true));

  options = (evc_options){.allow = {{UINT64_MAX, UINT64_MAX}}}; /* an error cannot be allowed */
  report = report_of(state, "new.amount", &options, false);
  assert_int_equal(evc_report_errors(report), 1);
  evc_report_free(report);
}

static void severities_of_codes(void **state) {
  (void)state;
  evc_severity severity;
  evc_options options = {0};
  assert_true(evc_check_severity(&options, EVC_MSG_NOT_BOOLEAN, &severity));
  assert_int_equal(severity, EVC_ERROR);
  assert_true(evc_check_severity(&options, EVC_MSG_IN_UNDOCUMENTED, &severity));
  assert_int_equal(severity, EVC_WARNING);
  evc_code_set_add(&options.allow, EVC_CODE_IN_UNDOCUMENTED);
  assert_false(evc_check_severity(&options, EVC_MSG_IN_UNDOCUMENTED, &severity));
}

/* Order and number */

static void findings_are_in_order(void **state) {
  /* By position; at one place errors before warnings, then the shorter one first. */
  evc_report *report = report_of(
      state, "new.x == 1 AND \"a\" AND new.tags.y == new.z\nAND IN(new.q, 1) AND !new.vip", NULL,
      false);
  const evc_code codes[] = {EVC_CODE_UNKNOWN_FIELD, EVC_CODE_OPERAND_TYPE,
                            EVC_CODE_MAP_MEMBER_UNDOCUMENTED, EVC_CODE_UNKNOWN_FIELD,
                            EVC_CODE_IN_UNDOCUMENTED, EVC_CODE_UNKNOWN_FIELD,
                            EVC_CODE_UNDOCUMENTED_SYNTAX};
  has_codes(report, codes, sizeof codes / sizeof *codes);
  size_t last = 0;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    assert_true(evc_report_at(report, i)->start >= last);
    last = evc_report_at(report, i)->start;
  }
  assert_int_equal(evc_report_at(report, 6)->line, 2);
  evc_report_free(report);
}

/* `count` times `format` with the number of the time, then `last`; free it. */
static char *numbered(const char *format, size_t count, const char *last) {
  size_t size = (strlen(format) + 8) * count + strlen(last) + 1, length = 0;
  char *text = malloc(size);
  assert_non_null(text);
  for (size_t i = 0; i < count; i++)
    for (const char *at = format; *at; at++) {
      if (*at == '#') length += (size_t)snprintf(text + length, size - length, "%03zu", i);
      else text[length++] = *at;
    }
  strcpy(text + length, last);
  return text;
}

static void a_report_is_capped_but_counts_on(void **state) {
  const size_t errors = 250;
  char *text = numbered("new.typo# OR ", errors, "IN(new.amount, 1)");
  evc_report *report = report_of(state, text, NULL, false);
  assert_int_equal(evc_report_count(report), EVC_REPORT_CAPACITY);
  assert_int_equal(evc_report_errors(report), errors);
  assert_int_equal(evc_report_warnings(report), 1);
  assert_null(evc_report_at(report, EVC_REPORT_CAPACITY));
  const char *message = evc_report_message(report).data;
  assert_non_null(strstr(message, "(and 249 more errors)"));
  for (size_t i = 0; i < EVC_REPORT_CAPACITY; i++)
    assert_int_equal(evc_report_at(report, i)->start, i * strlen("new.typo### OR "));
  evc_report_free(report);
  free(text);

  report = report_of(state, "new.typo1 OR new.typo2", NULL, false);
  assert_non_null(strstr(evc_report_message(report).data, "(and 1 more error)"));
  evc_report_free(report);
}

/* An error behind a hundred warnings still makes the calculation invalid, and is what is said. */
static void an_error_behind_many_warnings(void **state) {
  char *text = numbered("new.tags.a == 1# OR ", 150, "new.typo");
  evc_report *report = report_of(state, text, NULL, false);
  assert_int_equal(evc_report_errors(report), 1);
  assert_int_equal(evc_report_warnings(report), 150);
  assert_int_equal(evc_report_count(report), EVC_REPORT_CAPACITY);
  assert_non_null(evc_report_message(report).data);
  size_t errors = 0;
  for (size_t i = 0; i < EVC_REPORT_CAPACITY; i++)
    errors += evc_report_at(report, i)->severity == EVC_ERROR;
  assert_int_equal(errors, 1);
  evc_report_free(report);
  free(text);
}

static void one_warning_for_a_run(void **state) {
  static const struct {
    const char *text;
    evc_code code;
    size_t count;
  } cases[] = {
      {"new.vip OR new.closed AND new.vip OR new.vip AND new.closed",
       EVC_CODE_PRECEDENCE_UNDOCUMENTED, 1},
      {"new.vip OR (new.closed AND new.vip)", EVC_CODE_PRECEDENCE_UNDOCUMENTED, 0},
      {"2 ^ 3 ^ new.amount ^ 2 == 1", EVC_CODE_PRECEDENCE_UNDOCUMENTED, 1},
      {"-new.amount ^ 2 == 1", EVC_CODE_PRECEDENCE_UNDOCUMENTED, 1},
      {"(-new.amount) ^ 2 == 1", EVC_CODE_PRECEDENCE_UNDOCUMENTED, 0},
      {"new.vip == new.closed == new.vip != true", EVC_CODE_CHAINED_COMPARISON, 1},
      {"(new.vip == new.closed) == new.vip", EVC_CODE_CHAINED_COMPARISON, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    checked k;
    check(&k, state, cases[i].text);
    if (count_of(&k, cases[i].code) != cases[i].count) fail_msg("%s", cases[i].text);
    evc_arena_free(&k.arena);
  }
}

/* Every second of thousands of equal candidates is found, though few places are looked at for each. */
static void many_repeated_candidates(void **state) {
  enum { CANDIDATES = 20000 };
  static const char *const forms[] = {", %d", ", %d.25", ", -%d", ", \"%d\"", ", 1 / %d"};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    char *text = malloc(2 * CANDIDATES * 16 + 32);
    assert_non_null(text);
    int length = sprintf(text, "IN(%s", i == 3 ? "new.currency" : "new.amount");
    for (int n = 0; n < 2 * CANDIDATES; n++)
      length += sprintf(text + length, forms[i], 1 + n % CANDIDATES);
    strcpy(text + length, ")");
    evc_options options = {.limits = {1 << 24, 0, 1 << 24, 1 << 24}};
    evc_code_set_add(&options.allow, EVC_CODE_IN_UNDOCUMENTED);
    evc_report *report = report_of(state, text, &options, true);
    assert_int_equal(evc_report_warnings(report), CANDIDATES);
    evc_report_free(report);
    free(text);
  }
}

/* A fix of a long run has thousands of edits: its memory must not grow with the square of them. */
static void a_fix_with_thousands_of_edits(void **state) {
  enum { LINKS = 2000 };
  static const struct {
    const char *link, *last;
    size_t edits;
  } runs[] = {
      {"new.vip AND new.closed OR ", "new.vip", 2 * LINKS}, /* each AND gets a ( and a ) */
      {"new.vip == ", "new.vip", LINKS},                    /* all ( at once, then a ) each */
  };
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
    char *text = repeated("", runs[i].link, LINKS, runs[i].last);
    failing f = {0};
    evc_allocator allocator = failing_allocator(&f);
    evc_options options = {.allocator = &allocator};
    evc_report *report = report_of(state, text, &options, true);
    assert_true(f.bytes < 1 << 20);
    const evc_fix *fix = NULL;
    for (size_t k = 0; k < evc_report_count(report) && !fix; k++)
      if (evc_report_at(report, k)->fix_count) fix = evc_report_at(report, k)->fixes;
    assert_non_null(fix);
    assert_int_equal(fix->edit_count, runs[i].edits);
    for (size_t k = 1; k < fix->edit_count; k++)
      assert_true(fix->edits[k - 1].end <= fix->edits[k].start);
    evc_report_free(report);
    assert_int_equal(f.bytes, 0);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(constants_are_folded),
      cmocka_unit_test(boolean_constants_are_folded),
      cmocka_unit_test(what_reads_a_field_is_no_constant),
      cmocka_unit_test(what_can_be_null),
      cmocka_unit_test(types_of_parts),
      cmocka_unit_test(a_dynamic_value_is_told_its_kind),
      cmocka_unit_test(a_constant_that_fails),
      cmocka_unit_test(references_are_in_order_and_once),
      cmocka_unit_test(many_references),
      cmocka_unit_test(warnings_are_shown_allowed_or_denied),
      cmocka_unit_test(severities_of_codes),
      cmocka_unit_test(findings_are_in_order),
      cmocka_unit_test(a_report_is_capped_but_counts_on),
      cmocka_unit_test(an_error_behind_many_warnings),
      cmocka_unit_test(one_warning_for_a_run),
      cmocka_unit_test(many_repeated_candidates),
      cmocka_unit_test(a_fix_with_thousands_of_edits),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
