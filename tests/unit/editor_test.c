/* The editor as an object: memory, lifetimes, limits, and its tables beside the grammar's. What it
** says is in tests/editor. */
#include "calculations.h"

#include "../../src/editor/editor.h"
#include "calculation.h"
#include "failing.h"

static evc_editor *editor_on(void **state, const char *text) {
  evc_editor *editor = evc_editor_new(test_type(*state), NULL);
  assert_non_null(editor);
  assert_int_equal(evc_editor_set_text(editor, text, EVC_NUL_TERMINATED), EVC_OK);
  return editor;
}

/* The object */

static void a_new_editor_is_empty(void **state) {
  evc_editor *editor = evc_editor_new(test_type(*state), NULL);
  size_t count = 1;
  evc_completions found;
  evc_hover hover;
  evc_signature signature;
  const evc_range *ranges;
  const evc_symbol *symbols;
  assert_non_null(editor);
  assert_int_equal(evc_editor_text(editor).length, 0);
  assert_ptr_equal(evc_editor_type(editor), test_type(*state));
  assert_null(evc_editor_report(editor));
  assert_null(evc_editor_tokens(editor, &count));
  assert_int_equal(count, 0);
  assert_int_equal(evc_editor_complete(editor, 0, &found), EVC_OK);
  assert_true(found.count > 0 && text_is(found.items[0].label, "new.vip"));
  assert_int_equal(evc_editor_hover(editor, 7, &hover), EVC_NOT_FOUND);
  assert_int_equal(evc_editor_signature(editor, 7, &signature), EVC_NOT_FOUND);
  assert_int_equal(evc_editor_ranges(editor, 7, &ranges, &count), EVC_NOT_FOUND);
  assert_int_equal(evc_editor_symbols(editor, &symbols, &count), EVC_NOT_FOUND);
  evc_editor_free(editor);
  evc_editor_free(NULL);
}

static void the_text_is_copied_and_may_be_its_own(void **state) {
  char text[] = "new.amount > 5";
  evc_editor *editor = evc_editor_new(test_type(*state), NULL);
  assert_int_equal(evc_editor_set_text(editor, text, 10), EVC_OK);
  memset(text, 'x', sizeof text - 1);
  assert_true(text_is(evc_editor_text(editor), "new.amount"));
  evc_text own = evc_editor_text(editor);
  assert_int_equal(evc_editor_set_text(editor, own.data, own.length - 2), EVC_OK);
  assert_true(text_is(evc_editor_text(editor), "new.amou"));
  evc_editor_free(editor);
}

static void the_type_can_be_set(void **state) {
  evc_editor *editor = evc_editor_new(NULL, NULL);
  evc_completions found;
  assert_int_equal(evc_editor_set_type(editor, test_type(*state)), EVC_OK); /* before any text */
  assert_ptr_equal(evc_editor_type(editor), test_type(*state));
  assert_int_equal(evc_editor_set_type(editor, NULL), EVC_OK);
  assert_int_equal(evc_editor_set_text(editor, "new.amont > 5", EVC_NUL_TERMINATED), EVC_OK);
  assert_null(evc_editor_report(editor));
  assert_int_equal(evc_editor_set_type(editor, test_type(*state)), EVC_OK);
  assert_int_equal(evc_report_errors(evc_editor_report(editor)), 1);
  assert_int_equal(evc_editor_complete(editor, 7, &found), EVC_OK);
  assert_true(text_is(found.items[0].label, "new.amount"));
  assert_int_equal(evc_editor_set_type(editor, NULL), EVC_OK);
  assert_null(evc_editor_report(editor));
  assert_null(evc_editor_type(editor));
  evc_editor_free(editor);
}

static void options_are_as_for_compiling(void **state) {
  evc_options options = {.deny_warnings = true};
  evc_editor *editor = evc_editor_new(test_type(*state), &options);
  assert_int_equal(evc_editor_set_text(editor, "new.tags.a == 1", EVC_NUL_TERMINATED), EVC_OK);
  assert_int_equal(evc_report_errors(evc_editor_report(editor)), 1);
  evc_editor_free(editor);
  evc_code_set_add(&options.allow, EVC_CODE_MAP_MEMBER_UNDOCUMENTED);
  editor = evc_editor_new(test_type(*state), &options);
  assert_int_equal(evc_editor_set_text(editor, "new.tags.a == 1", EVC_NUL_TERMINATED), EVC_OK);
  assert_null(evc_editor_report(editor));
  evc_editor_free(editor);
}

/* An answer lives until the next one of its kind. */
static void answers_of_different_kinds_live_side_by_side(void **state) {
  evc_editor *editor = editor_on(state, "Math.max(new.amount, 1) > 5 AND new.vip");
  evc_completions found;
  evc_hover hover;
  evc_signature signature;
  const evc_range *ranges;
  const evc_symbol *symbols;
  size_t range_count, symbol_count;
  assert_int_equal(evc_editor_complete(editor, 14, &found), EVC_OK);
  assert_int_equal(evc_editor_hover(editor, 14, &hover), EVC_OK);
  assert_int_equal(evc_editor_signature(editor, 14, &signature), EVC_OK);
  assert_int_equal(evc_editor_ranges(editor, 14, &ranges, &range_count), EVC_OK);
  assert_int_equal(evc_editor_symbols(editor, &symbols, &symbol_count), EVC_OK);
  assert_true(text_is(found.items[0].label, "new.amount"));
  assert_non_null(strstr(hover.markdown.data, "new.amount"));
  assert_true(text_is(signature.label, "Math.max(number, number, …)"));
  assert_int_equal(ranges[0].start, 9);
  assert_true(text_is(symbols[1].name, "new.vip"));
  evc_editor_free(editor);
}

static void names_of_enumerators(void **state) {
  (void)state;
  for (int i = 0; i < EVC_CLASS_END; i++) assert_non_null(evc_token_class_name((evc_token_class)i));
  for (int i = 0; i < EVC_COMPLETE_END; i++)
    assert_non_null(evc_completion_kind_name((evc_completion_kind)i));
  assert_null(evc_token_class_name(EVC_CLASS_END));
  assert_null(evc_completion_kind_name(EVC_COMPLETE_END));
}

/* Limits */

static size_t covered(const evc_editor *editor) {
  size_t count, bytes = 0;
  const evc_token *tokens = evc_editor_tokens(editor, &count);
  for (size_t i = 0; i < count; i++) bytes += tokens[i].end - tokens[i].start;
  return bytes;
}

/* Past a limit of the parser the text has its tokens all the same, and one diagnostic. */
static void what_is_too_much_still_has_tokens(void **state) {
  static const struct {
    const char *before, *unit;
    size_t count;
    const char *behind;
    evc_code code;
  } cases[] = {
      {"", "(", 300, "1 @ 2 == 2 // x", EVC_CODE_NESTING_TOO_DEEP},
      {"", "-", 300, "1 @ \"x", EVC_CODE_NESTING_TOO_DEEP},
      {"1", "+1", 12000, " > 1 @", EVC_CODE_TOO_MANY_NODES},
      {"", "Math.abs(", 300, "1 @ 2", EVC_CODE_NESTING_TOO_DEEP},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *text = repeated(cases[i].before, cases[i].unit, cases[i].count, cases[i].behind);
    evc_editor *editor = editor_on(state, text);
    const evc_report *report = evc_editor_report(editor);
    evc_completions found;
    const evc_range *ranges;
    size_t blanks = 0, count;
    for (const char *at = text; *at; at++) blanks += *at == ' ';
    if (strstr(text, "// x")) blanks--; /* inside the comment */
    assert_int_equal(evc_report_count(report), 1);
    assert_int_equal(evc_report_at(report, 0)->code, cases[i].code);
    assert_int_equal(covered(editor), strlen(text) - blanks);
    assert_int_equal(evc_editor_ranges(editor, strlen(text) / 2, &ranges, &count), EVC_OK);
    assert_true(count > 1);
    assert_true(evc_editor_complete(editor, strlen(text) / 2, &found) != EVC_OUT_OF_MEMORY);
    evc_editor_free(editor);
    free(text);
  }
}

static void a_text_past_the_limit_is_only_told(void **state) {
  evc_options options = {.limits = {.text = 10}};
  evc_editor *editor = evc_editor_new(test_type(*state), &options);
  size_t count;
  evc_completions found;
  evc_hover hover;
  const evc_range *ranges;
  assert_int_equal(evc_editor_set_text(editor, "new.amount > 5", EVC_NUL_TERMINATED), EVC_OK);
  assert_int_equal(evc_report_at(evc_editor_report(editor), 0)->code, EVC_CODE_TEXT_TOO_LONG);
  assert_null(evc_editor_tokens(editor, &count));
  assert_int_equal(evc_editor_complete(editor, 4, &found), EVC_NOT_FOUND);
  assert_int_equal(evc_editor_hover(editor, 4, &hover), EVC_NOT_FOUND);
  assert_int_equal(evc_editor_ranges(editor, 4, &ranges, &count), EVC_OK);
  assert_int_equal(count, 1);
  evc_editor_free(editor);
}

/* Memory */

/* All that an editor can be asked, as one text; NULL when memory ran out somewhere. */
static char *everything(evc_editor *editor, size_t offset, bool *failed) {
  char *out = NULL;
  size_t size = 0, count = 0;
  FILE *file = open_memstream(&out, &size);
  evc_completions found;
  evc_hover hover;
  evc_signature signature;
  const evc_range *ranges;
  const evc_symbol *symbols;
  assert_non_null(file);
  evc_status status[] = {evc_editor_complete(editor, offset, &found),
                         evc_editor_hover(editor, offset, &hover),
                         evc_editor_signature(editor, offset, &signature)};
  *failed = false;
  for (size_t i = 0; i < 3; i++) *failed |= status[i] == EVC_OUT_OF_MEMORY;
  if (status[0] == EVC_OUT_OF_MEMORY) assert_true(!found.items && !found.count);
  if (status[1] == EVC_OUT_OF_MEMORY) assert_null(hover.markdown.data);
  if (status[2] == EVC_OUT_OF_MEMORY) assert_null(signature.label.data);
  for (size_t i = 0; i < found.count; i++)
    fprintf(file, "%s|%s|%s|%s\n", found.items[i].label.data, found.items[i].insert.data,
            found.items[i].detail.data, found.items[i].documentation.data);
  if (status[1] == EVC_OK) fputs(hover.markdown.data, file);
  if (status[2] == EVC_OK)
    fprintf(file, "%s %s", signature.label.data, signature.documentation.data);
  for (size_t i = 0; i < signature.parameter_count; i++)
    fprintf(file, " %s", signature.parameters[i].documentation.data);
  evc_status listed = evc_editor_ranges(editor, offset, &ranges, &count);
  *failed |= listed == EVC_OUT_OF_MEMORY;
  for (size_t i = 0; i < count; i++) fprintf(file, " %zu-%zu", ranges[i].start, ranges[i].end);
  listed = evc_editor_symbols(editor, &symbols, &count);
  *failed |= listed == EVC_OUT_OF_MEMORY;
  for (size_t i = 0; i < count; i++) fprintf(file, " %s", symbols[i].name.data);
  fclose(file);
  return out;
}

static const char memory_text[] =
    "new.currency == \"USD\" AND (Math.round(0.1 + new.amount, 2) > isnull(new.amount, 5) OR "
    "new.currency == \"EUR\\n\" AND new.tags.tier == \"gold\" AND new.amont > 1 AND "
    "IN(new.currency, ";

/* Every allocation of reading a text fails in turn: the editor then holds what it held before. */
static void reading_fails_cleanly(void **state) {
  for (int once = 0; once < 2; once++) {
    for (size_t n = 1, reached = 1; reached; n++) {
      failing f = {0};
      evc_allocator allocator = failing_allocator(&f);
      evc_options options = {.allocator = &allocator};
      evc_editor *editor = evc_editor_new(test_type(*state), &options);
      assert_int_equal(evc_editor_set_text(editor, "new.vip", EVC_NUL_TERMINATED), EVC_OK);
      f.fail_from = f.calls + n;
      f.only_once = once;
      evc_status status = evc_editor_set_text(editor, memory_text, EVC_NUL_TERMINATED);
      reached = f.calls >= f.fail_from;
      assert_int_equal(status, reached ? EVC_OUT_OF_MEMORY : EVC_OK);
      assert_true(text_is(evc_editor_text(editor), reached ? "new.vip" : memory_text));
      if (reached) {
        size_t count;
        assert_null(evc_editor_report(editor));
        evc_editor_tokens(editor, &count);
        assert_int_equal(count, 1);
        f.fail_from = f.calls + 1;
        f.only_once = true;
        assert_int_equal(evc_editor_set_type(editor, NULL), EVC_OUT_OF_MEMORY);
        assert_ptr_equal(evc_editor_type(editor), test_type(*state));
      }
      f.fail_from = 0;
      assert_int_equal(evc_editor_set_text(editor, memory_text, EVC_NUL_TERMINATED), EVC_OK);
      evc_editor_free(editor);
      assert_int_equal(f.bytes, 0);
      assert_false(f.mistaken);
      assert_true(n < 1000);
    }
  }
}

/* Every allocation of the queries fails in turn: they say so or are right, and are right
** afterwards. */
static void queries_fail_cleanly(void **state) {
  const size_t offsets[] = {0, 18, 28, 35, 44, 80, 93, 118, sizeof memory_text - 1};
  for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
    evc_editor *calm = editor_on(state, memory_text);
    bool out_of_memory;
    char *right = everything(calm, offsets[i], &out_of_memory);
    evc_editor_free(calm);
    for (int once = 0; once < 2; once++) {
      for (size_t n = 1, reached = 1; reached; n++) {
        failing f = {0};
        evc_allocator allocator = failing_allocator(&f);
        evc_options options = {.allocator = &allocator};
        evc_editor *editor = evc_editor_new(test_type(*state), &options);
        assert_int_equal(evc_editor_set_text(editor, memory_text, EVC_NUL_TERMINATED), EVC_OK);
        f.fail_from = f.calls + n;
        f.only_once = once;
        char *came = everything(editor, offsets[i], &out_of_memory);
        reached = f.calls >= f.fail_from;
        if (!out_of_memory) assert_string_equal(came, right);
        assert_true(out_of_memory || !reached);
        free(came);
        f.fail_from = 0;
        came = everything(editor, offsets[i], &out_of_memory);
        assert_false(out_of_memory);
        assert_string_equal(came, right);
        free(came);
        evc_editor_free(editor);
        assert_int_equal(f.bytes, 0);
        assert_false(f.mistaken);
        assert_true(n < 2000);
      }
    }
    free(right);
  }
}

static void a_new_editor_may_fail(void **state) {
  failing f = {.fail_from = 1};
  evc_allocator allocator = failing_allocator(&f);
  evc_options options = {.allocator = &allocator};
  assert_null(evc_editor_new(test_type(*state), &options));
}

/* What was asked before needs no more memory when it is asked again. */
static void asking_again_allocates_nothing(void **state) {
  failing f = {0};
  evc_allocator allocator = failing_allocator(&f);
  evc_options options = {.allocator = &allocator};
  evc_editor *editor = evc_editor_new(test_type(*state), &options);
  bool failed;
  assert_int_equal(evc_editor_set_text(editor, memory_text, EVC_NUL_TERMINATED), EVC_OK);
  for (int i = 0; i < 3; i++) free(everything(editor, 44, &failed));
  size_t before = f.calls;
  free(everything(editor, 44, &failed));
  assert_int_equal(f.calls, before);
  evc_editor_free(editor);
}

/* Formatting is that of format.h, with the editor's limits and memory. */
static void the_text_can_be_formatted(void **state) {
  evc_options options = {.limits = {.depth = 2}};
  evc_format_options layout = {.columns = 20, .limits = {.depth = 1}};
  evc_editor *editor = evc_editor_new(test_type(*state), &options);
  const evc_formatted *formatted;
  assert_int_equal(evc_editor_format(editor, NULL, &formatted), EVC_INVALID);
  assert_null(formatted);
  assert_int_equal(evc_editor_set_text(editor, "new.vip  AND (( new.closed))", EVC_NUL_TERMINATED),
                   EVC_OK);
  assert_int_equal(evc_editor_format(editor, NULL, &formatted), EVC_OK);
  assert_true(text_is(evc_formatted_text(formatted), "new.vip AND (new.closed)"));
  assert_true(evc_formatted_edit_count(formatted) > 0);
  assert_int_equal(evc_editor_format(editor, &layout, &formatted), EVC_OK);
  assert_true(text_is(evc_formatted_text(formatted), "new.vip\nAND (new.closed)"));
  assert_int_equal(evc_editor_set_text(editor, "new.vip AND", EVC_NUL_TERMINATED), EVC_OK);
  assert_int_equal(evc_editor_format(editor, NULL, &formatted), EVC_INVALID);
  assert_null(formatted);
  evc_editor_free(editor);
}

static void formatting_fails_cleanly(void **state) {
  for (size_t n = 1, reached = 1; reached; n++) {
    failing f = {0};
    evc_allocator allocator = failing_allocator(&f);
    evc_options options = {.allocator = &allocator};
    evc_editor *editor = evc_editor_new(test_type(*state), &options);
    const evc_formatted *formatted;
    assert_int_equal(evc_editor_set_text(editor, "new.vip AND(new.closed)", EVC_NUL_TERMINATED),
                     EVC_OK);
    f.fail_from = f.calls + n;
    evc_status status = evc_editor_format(editor, NULL, &formatted);
    reached = f.calls >= f.fail_from;
    assert_int_equal(status, reached ? EVC_OUT_OF_MEMORY : EVC_OK);
    assert_true(reached == !formatted);
    f.fail_from = 0;
    assert_int_equal(evc_editor_format(editor, NULL, &formatted), EVC_OK);
    evc_editor_free(editor);
    assert_int_equal(f.bytes, 0);
    assert_false(f.mistaken);
  }
}

/* The tables */

/* tokens.def says of every operator what the grammar makes of it. */
static void operators_are_those_of_the_grammar(void **state) {
  for (int op = 0; op < EVC_OP_END; op++) {
    const evc_operator_row *row = &evc_operators[op];
    bool sign = row->rule == EVC_RULE_SIGN, choice = row->rule == EVC_RULE_CONDITION;
    char text[64];
    snprintf(text, sizeof text,
             sign     ? "%s 1%s"
             : choice ? "1 %s 1 : 1"
                      : "1 %s 1",
             row->spelling, "");
    evc_editor *editor = editor_on(state, text);
    const evc_reading *r = &editor->reading;
    const evc_place *place = &r->shape.places[sign ? 0 : 1];
    assert_int_equal(r->tree.nodes[r->tree.root].op, op);
    assert_int_equal(place->op, op);
    assert_int_equal(place->level, row->level);
    assert_int_equal(place->kind, sign ? EVC_PLACE_PREFIX : EVC_PLACE_INFIX);
    assert_false(evc_shape_is_foreign(&r->shape, sign ? 0 : 1));
    evc_editor_free(editor);
  }
}

/* What a part binds like in tokens.def is how the grammar groups it. */
static void foreign_operators_bind_as_the_grammar_says(void **state) {
  static const struct {
    const char *text, *range; /* around the first 2, beside the operator */
  } cases[] = {
      {"NOT 2 == 3 AND true", "NOT 2 == 3"},
      {"! 2 ^ 3 == 4", "! 2 ^ 3"},
      {"1 LIKE 2 == true", "1 LIKE 2"},
      {"1 + 2 LIKE 3 AND true", "1 + 2 LIKE 3"},
      {"1 == 2 IS NULL AND true", "1 == 2 IS NULL"},
      {"2 BETWEEN 1 AND 3 OR true", "2 BETWEEN 1 AND 3"},
      {"2 IN (1, 3) AND true", "2 IN (1, 3)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_editor *editor = editor_on(state, cases[i].text);
    const evc_tree *tree = &editor->reading.tree;
    const evc_range *ranges;
    size_t count, wanted = strlen(cases[i].range), found = 0;
    size_t offset = (size_t)(strchr(cases[i].text, '2') - cases[i].text);
    assert_int_equal(evc_editor_ranges(editor, offset, &ranges, &count), EVC_OK);
    for (size_t k = 0; k < count; k++) found += ranges[k].start == 0 && ranges[k].end == wanted;
    for (size_t k = 0; k < tree->count; k++)
      if (tree->nodes[k].start == 0 && tree->nodes[k].end == wanted) {
        found += 2;
        break;
      }
    if (found != 3) fail_msg("%s: %zu", cases[i].text, found);
    evc_editor_free(editor);
  }
}

/* Exact values */

static void numbers_are_told_exactly(void **state) {
  static const struct {
    double number;
    const char *text;
  } cases[] = {
      {0, "0"},
      {1, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1000000000000000055511151231257827021181583404541015625"},
      {1e22, "10000000000000000000000"},
      {1e23, "99999999999999991611392"},
      {123456789012345680000.0, "123456789012345683968"},
      {4503599627370495.5, "4503599627370495.5"},
  };
  (void)state;
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_builder b;
    evc_build_init(&b, &arena);
    evc_editor_build_exact(&b, cases[i].number, 1000);
    assert_string_equal(evc_build_end(&b).data, cases[i].text);
  }
  evc_arena_free(&arena);
}

/* printf of glibc writes a binary64 exactly too, to any number of digits. */
static void random_numbers_are_told_as_printf_tells_them(void **state) {
  uint64_t seed = 7;
  (void)state;
  evc_arena arena;
  for (int i = 0; i < 2000; i++) {
    double number = i == 0   ? 4.9406564584124654e-324
                    : i == 1 ? 1.7976931348623157e308
                             : random_double(&seed);
    char expected[1600];
    int length = snprintf(expected, sizeof expected, "%.1074f", number);
    if (strchr(expected, ',')) *strchr(expected, ',') = '.';
    while (expected[length - 1] == '0') expected[--length] = '\0';
    if (expected[length - 1] == '.') expected[--length] = '\0';
    evc_builder b;
    evc_arena_init(&arena, NULL, NULL, 0);
    evc_build_init(&b, &arena);
    evc_editor_build_exact(&b, number, 2000);
    assert_string_equal(evc_build_end(&b).data, expected);
    if (number > 0) {
      assert_false(evc_editor_is_rounded((evc_text){expected, (size_t)length}, number));
      expected[length - 1] = (char)(expected[length - 1] == '9' ? '8' : expected[length - 1] + 1);
      assert_true(evc_editor_is_rounded((evc_text){expected, (size_t)length}, number));
    }
    evc_arena_free(&arena);
  }
}

static void literals_are_escaped(void **state) {
  static const char raw[] = "a\"\\\b\f\n\r\t\x01\0é";
  (void)state;
  evc_arena arena;
  evc_builder b;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_build_init(&b, &arena);
  evc_editor_build_literal(&b, (evc_text){raw, sizeof raw - 1});
  assert_string_equal(evc_build_end(&b).data, "a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u0000é");
  evc_arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_editor_is_empty),
      cmocka_unit_test(the_text_is_copied_and_may_be_its_own),
      cmocka_unit_test(the_type_can_be_set),
      cmocka_unit_test(options_are_as_for_compiling),
      cmocka_unit_test(answers_of_different_kinds_live_side_by_side),
      cmocka_unit_test(names_of_enumerators),
      cmocka_unit_test(what_is_too_much_still_has_tokens),
      cmocka_unit_test(a_text_past_the_limit_is_only_told),
      cmocka_unit_test(reading_fails_cleanly),
      cmocka_unit_test(queries_fail_cleanly),
      cmocka_unit_test(a_new_editor_may_fail),
      cmocka_unit_test(asking_again_allocates_nothing),
      cmocka_unit_test(the_text_can_be_formatted),
      cmocka_unit_test(formatting_fails_cleanly),
      cmocka_unit_test(operators_are_those_of_the_grammar),
      cmocka_unit_test(foreign_operators_bind_as_the_grammar_says),
      cmocka_unit_test(numbers_are_told_exactly),
      cmocka_unit_test(random_numbers_are_told_as_printf_tells_them),
      cmocka_unit_test(literals_are_escaped),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
