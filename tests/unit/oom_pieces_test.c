/* Lack of memory where each piece of memory is an allocation of its own (exact_arena.c): what the
** editor, the generator, attacks, reports and larger calculations ask for fails in turn, once alone and
** once with all later requests. Nothing leaks, and what is made is whole or is not there. */
#include "calculations.h"

#include "evcalc/attack.h"
#include "evcalc/editor.h"
#include "evcalc/generate.h"
#include "failing.h"

/* Something done with an allocator, which may fail at any time. False: it said that it lacked memory. */
typedef bool (*work)(void **state, const evc_allocator *allocator, const void *with);

/* Of long work some 400 allocations fail, evenly spread. */
static void fails_in_turn(void **state, work does, const void *with, const char *about) {
  enum { ENOUGH = 400 };
  failing calm = {0};
  evc_allocator allocator = failing_allocator(&calm);
  if (!does(state, &allocator, with)) fail_msg("%s: no result", about);
  for (int once = 0; once < 2; once++)
    for (size_t n = 1; n <= calm.calls; n += 1 + calm.calls / ENOUGH) {
      failing f = {.fail_from = n, .only_once = once};
      allocator = failing_allocator(&f);
      if (does(state, &allocator, with)) fail_msg("%s: no allocation %zu is not told", about, n);
      if (f.calls < n) fail_msg("%s: no allocation %zu", about, n);
      if (f.bytes != 0 || f.mistaken) fail_msg("%s: allocation %zu leaks", about, n);
    }
}

/* ---- Compiling ------------------------------------------------------------------------------ */

static bool compiling(void **state, const evc_allocator *allocator, const void *with) {
  evc_options options = {.allocator = allocator};
  evc_report *report;
  evc_calculation *c =
      evc_compile(test_type(*state), with, EVC_NUL_TERMINATED, &options, &report);
  const evc_diagnostic *first = evc_report_at(report, 0);
  bool enough = !first || first->code != EVC_CODE_OUT_OF_MEMORY;
  assert_true(c || evc_report_errors(report) > 0);
  evc_report_free(report);
  evc_calculation_free(c);
  return enough;
}

static void calculations(void **state) {
  static const char *const texts[] = {
      "new.vip OR new.closed AND IN(new.tags.a, \"\\n\", DateTime.TS_FMT) OR 2^3^new.amount == 1",
      "a && 'b' || !c IN (1,000, 2) OR 007 == \"\\q\" OR new.amoumt BETWEEN 1 AND f(1 2, (x y), 3",
      "NOT(new.vip) == AND(new.vip, new.vip, true) OR 1 < 2 < 3 OR new.vip == true == false",
      "größe > 1 OR größe?.süß > 2",
      "new.tags.a == new.tags.b AND new.tags.c == new.tags.d AND new.tags.e == new.tags.f AND "
      "new.tags.g == new.tags.h AND new.tags.i == new.tags.j AND new.tags.k == new.tags.l AND "
      "new.tags.m == new.tags.n AND new.tags.o == new.tags.p AND new.tags.q == new.tags.r",
      "new.vip == new.closed AND new.amount / new.quantity > 1 ? new.tags.x == \"\\n\" : new.vip",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    fails_in_turn(state, compiling, texts[i], texts[i]);
}

/* ---- The editor ----------------------------------------------------------------------------- */

static bool editing(void **state, const evc_allocator *allocator, const void *with) {
  const char *text = with;
  evc_options options = {.allocator = allocator};
  evc_editor *editor = evc_editor_new(test_type(*state), &options);
  bool enough = editor && evc_editor_set_text(editor, text, EVC_NUL_TERMINATED) == EVC_OK;
  for (size_t at = 0; enough && at <= strlen(text); at += at < 4 ? 1 : 7) {
    evc_completions completions;
    evc_hover hover;
    evc_signature signature;
    const evc_range *ranges;
    size_t count;
    enough = evc_editor_complete(editor, at, &completions) != EVC_OUT_OF_MEMORY &&
             evc_editor_hover(editor, at, &hover) != EVC_OUT_OF_MEMORY &&
             evc_editor_signature(editor, at, &signature) != EVC_OUT_OF_MEMORY &&
             evc_editor_ranges(editor, at, &ranges, &count) != EVC_OUT_OF_MEMORY;
  }
  const evc_symbol *symbols;
  size_t count;
  enough = enough && evc_editor_symbols(editor, &symbols, &count) != EVC_OUT_OF_MEMORY;
  evc_editor_free(editor);
  return enough;
}

static void editors(void **state) {
  static const char *const texts[] = {
      "new.currency == \"a\\n\" AND new.currency IN (\"b\", \"c\") OR new.currency == ",
      "(new.vip AND new.closed OR IN(new.amount, 1, )) AND Math.round(new.amount, 2) > 0.1 ",
      "new.tags.plan == \"x\" AND new.tags.a > 2 AND new.tags.",
      "new.vip ? new.amount > 1 : -new.quantity * 2 >= Math.PI ",
      "NOT new.vip AND ! new.closed AND ",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    fails_in_turn(state, editing, texts[i], texts[i]);
}

/* ---- Generating ----------------------------------------------------------------------------- */

static bool generating(void **state, const evc_allocator *allocator, const void *with) {
  const uint64_t *seed = with;
  evc_generator *generator = evc_generator_new(test_type(*state), *seed, NULL, allocator);
  evc_event *event = generator ? evc_event_new(test_type(*state), allocator) : NULL;
  bool enough = event != NULL;
  evc_code code;
  for (int i = 0; enough && i < 4; i++)
    enough = evc_generate_calculation(generator).data && evc_generate_mistake(generator, &code).data &&
             evc_generate_event(generator, event) == EVC_OK;
  evc_event_free(event);
  evc_generator_free(generator);
  return enough;
}

static void generators(void **state) {
  for (uint64_t seed = 1; seed <= 8; seed++) fails_in_turn(state, generating, &seed, "a generator");
}

/* ---- Attacks -------------------------------------------------------------------------------- */

static bool attacking(void **state, const evc_allocator *allocator, const void *with) {
  evc_options options = {.trace = true};
  evc_calculation *calculation =
      evc_compile(test_type(*state), with, EVC_NUL_TERMINATED, &options, NULL);
  assert_non_null(calculation);
  evc_attack *attack = evc_attack_new(calculation, 3, NULL, allocator);
  evc_event *event = attack ? evc_event_new(evc_calculation_type(calculation), allocator) : NULL;
  evc_status status = event ? evc_attack_run(attack, 200) : EVC_OUT_OF_MEMORY;
  bool enough = status != EVC_OUT_OF_MEMORY;
  for (int what = EVC_EXAMPLE_TRUE; enough && what <= EVC_EXAMPLE_FAILURE; what++)
    enough = evc_attack_example(attack, (evc_example)what, 0, event) != EVC_OUT_OF_MEMORY;
  evc_event_free(event);
  evc_attack_free(attack);
  evc_calculation_free(calculation);
  return enough;
}

static void attacks(void **state) {
  static const char *const texts[] = {
      "new.amount / new.quantity > 2 OR new.currency == \"USD\"",
      "new.tags.plan == \"gold\" AND new.tags.seats > 5 AND new.tags.x / new.amount > 1",
      "(new.currency == \"a\" OR new.currency == \"b\") AND (new.vip OR new.closed) ? new.amount > 0.1 : new.amount < 2",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    fails_in_turn(state, attacking, texts[i], texts[i]);
}

/* ---- Reports -------------------------------------------------------------------------------- */

static bool rendering(void **state, const evc_allocator *allocator, const void *with) {
  evc_options options = {.allocator = allocator};
  evc_report *report;
  evc_validate(test_type(*state), with, EVC_NUL_TERMINATED, &options, &report);
  const evc_diagnostic *first = evc_report_at(report, 0);
  bool enough = first && first->code != EVC_CODE_OUT_OF_MEMORY;
  FILE *file = tmpfile();
  assert_non_null(file);
  for (int style = EVC_STYLE_LINE; style <= EVC_STYLE_CARET_COLOR; style++)
    if (evc_report_print(report, with, EVC_NUL_TERMINATED, "x", (evc_style)style, file) != EVC_OK)
      enough = false;
  fclose(file);
  evc_report_free(report);
  return enough;
}

static void renderings(void **state) {
  static const char *const texts[] = {
      "new.amont > 1\n  AND (new.currency == 5 OR new.vip > new.closed\n  and \xF0\x9F\x98\x80",
      "new.amount > 1 AND new.amount > 1 AND new.amount > 1 AND new.amount > 1 AND new.amount > 1 AND "
      "new.amount > 1 AND new.currency == 5 AND new.amount > 1 AND new.amount == \"x\"",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    fails_in_turn(state, rendering, texts[i], texts[i]);
}

/* ---- Field lists ---------------------------------------------------------------------------- */

static bool listing(void **state, const evc_allocator *allocator, const void *with) {
  (void)state, (void)with;
  evc_schema *schema = test_schema(allocator);
  evc_text names[3];
  bool enough = schema != NULL;
  if (schema) evc_schema_suggest(schema, "t.y", 3, names, 3);
  evc_schema_free(schema);
  return enough;
}

static void field_lists(void **state) { fails_in_turn(state, listing, NULL, "a field list"); }

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calculations), cmocka_unit_test(editors),    cmocka_unit_test(generators),
      cmocka_unit_test(attacks),      cmocka_unit_test(renderings), cmocka_unit_test(field_lists),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
