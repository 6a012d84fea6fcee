/* Lack of memory at every step: an arena that has so many bytes and no more, from none to enough. */
#include "calculations.h"

#include "../../src/check/check.h"
#include "../../src/check/describe.h"
#include "../../src/program/program.h"
#include "evcalc/format.h"
#include "failing.h"

enum { LARGEST = 1 << 20 };

static const char *const texts[] = {
    "new?.amount > 1 AND new->amount . x == 5 AND new. amount > 1",
    "new.amount == 1_000 OR new.amount == 0x1F OR new.amount == 1e3 OR new.amount == .5",
    "new.amount == 5AND new.vip OR new.amount == 1.000,50 OR new.amount == 5.000.000",
    "new.amount == $5.50 OR new.amount == \xEF\xBC\x91\xEF\xBC\x92 OR \xE2\x82\xAC" "5 == 007 OR 1 == \xEF\xBC\x91z",
    "new.currency == 2026-01-01 OR new.currency == \\\"a\\\" OR new.currency == &quot;a&quot;",
    "new.currency == 'it\\'s' OR new.currency == \xE2\x80\x9C" "a\xE2\x80\x99 OR `new.amount` == `a`",
    "new.currency == \"\\u0041\\q\\uD83D\t\" OR new.currency == \"a\xE2\x80\x9D",
    "new.amount IN (1, 2) AND NOT new.vip OR new.amount NOT BETWEEN 1 AND 2 AND new.currency LIKE \"a\"",
    "AND(new.vip, OR(new.vip, new.closed), IF(new.vip, true, false)) AND (string) new.amount == 1",
    "new.amount[\"a\"][0] == [new.vip] AND {{new.vip}} AND (new.vip AND ((new.closed",
    "new.amont > old.amunt AND nwe.amount > amount AND new.tags.a.b == 1 AND n\xD0\xB5w.amount > 1",
    "Math.mx(1, 2) > max(1) AND new.amount.round(2) > 1 AND isblank(new.vip) AND PI() > 1",
    "new.vip OR new.vip AND new.closed OR 2 ^ 3 ^ 4 > 1 OR new.vip == new.closed == new.vip",
    "new.currency == (\"a\" OR \"b\" OR \"c\") AND new.amount > \"5\" AND new.amount == \"EUR\"",
    "isnull(new.amount) AND Math.round(1, 2, 3) > Math.max(\"a\") AND IN(new.amount, 1, 2, 1)",
    "new.amount >= new.quantity * 90%",
    "new.amount > 1 AND (new.quantity",
    "new.amount > 0.000001 AND new.amount / 3 == 1 AND new.vip AND new.vip AND 1 > 2 AND -(-1) > 0",
    "Math.max(Math.min(1, new.amount), isnull(new.quantity, -2)) > 1 ? new.vip : new.tags.x == \"\\n\"",
    "new.vip AND ((new.closed OR (new.vip AND (((new.closed OR 1 < (2 + (3 * (4 - new.amount",
    "new.amount > 1 AND Math.max(1, new.amount, (2)",
    "(string) ! new.vip == new.amount BETWEEN 1 AND (string) ! new.vip",
    "new.currency LIKE (string) ! new.vip",
    "new.amount IN (1, ! new.vip, NOT new.currency LIKE \"a\")",
    "NOT new.amount BETWEEN 1 AND ! new.vip",
    "zzz(1, ! new.vip) == (! new.vip) AND AND(1, ! new.vip)",
    "new.amount IS NOT NULL AND ! new.vip IS NULL",
    "new.vip AND (new.amount > 1 OR new.currency == \"a\\n\" AND new.closed ? new.amount / 2 >= 1 : IN(new.currency, \"b\"))",
    "isnull(new.amount, new.quantity) > Math.max(1, new.amount, Math.round(new.quantity, 2)) OR new.vip AND new.closed OR new.vip",
    "new.currency == (\"a",
    "(new.vip AND (new.closed OR",
    "(NOT new.vip IS NULL OR new.vip IS NOT NULL) == (new.amount BETWEEN 1 AND (2)) ? 1 2 : (3",
    "AND(OR(new.vip, NOT(new.closed)), new.vip, (new.closed)) AND Math\xE2\x80\x8B . max(1, 2) > zzz((1), )",
    "(new.amount AS string) == CAST(new.amount AS string) AND new.currency NOT LIKE \"a\" AND new.x[0][1]",
    "new.amount > 10000000000000000000000 AND (new.vip ? 1 : 2) > 1 AND IN(new.tags.b, new.tags.c, 1)",
};

/* What came of everything between a text and its instructions. */
typedef struct outcome {
  size_t errors;
  bool lost;     /* it said that memory ran out */
  bool in_place; /* the buffer was enough for the arena */
} outcome;

/* With so many bytes for the arena, behind which it asks the allocator as the report does. */
static outcome compiled_within(void **state, const char *text, char *buffer, size_t size,
                               const evc_allocator *allocator) {
  evc_options options = {.schema = *state};
  evc_arena arena;
  evc_tree tree;
  evc_checked checked;
  evc_report *report = NULL;
  outcome o = {0, false, false};
  evc_arena_init(&arena, allocator, buffer, size);
  if (evc_check_parse(&tree, &arena, text_of(text), &options, NULL, &report)) {
    evc_check(&checked, &tree, test_type(*state), &options);
    o.lost = tree.out_of_memory;
    if (tree.findings.count > 0 || tree.out_of_memory) report = evc_describe(&checked);
    if (evc_report_errors(report) == 0) {
      evc_emitter emitter;
      evc_emit(&emitter, &checked, &arena, NULL);
      o.lost |= emitter.out_of_memory;
    }
  }
  o.errors = evc_report_errors(report);
  o.lost |= arena.failed;
  o.lost |= o.errors > 0 && evc_report_at(report, 0)->code == EVC_CODE_OUT_OF_MEMORY;
  o.in_place = !arena.blocks;
  evc_report_free(report);
  evc_arena_free(&arena);
  return o;
}

static void in_so_many_bytes(void **state) {
  enum { MOST_CALLS = 2 };
  char *buffer = malloc(LARGEST);
  assert_non_null(buffer);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    failing calm = {0};
    evc_allocator allocator = failing_allocator(&calm);
    outcome right = compiled_within(state, texts[i], buffer, LARGEST, &allocator);
    assert_true(right.in_place && !right.lost);
    size_t enough = 0;
    while (!compiled_within(state, texts[i], buffer, enough, &allocator).in_place) enough += 512;
    for (size_t n = 1; n <= MOST_CALLS; n++)
      for (size_t size = 0; size < enough; size += 16) {
        failing f = {.fail_from = n};
        allocator = failing_allocator(&f);
        outcome o = compiled_within(state, texts[i], buffer, size, &allocator);
        if (o.lost != (f.calls >= n)) fail_msg("%s: %zu bytes and %zu calls", texts[i], size, n);
        if (!o.lost) assert_int_equal(o.errors, right.errors);
        if (f.bytes != 0 || f.mistaken) fail_msg("%s: %zu bytes and %zu calls leak", texts[i], size, n);
      }
  }
  free(buffer);
}

typedef struct result {
  bool done, out_of_memory;
} result;

static result formatting(void **state, const char *text, const evc_allocator *allocator) {
  (void)state;
  evc_format_options options = {.allocator = allocator, .columns = 40};
  evc_report *report;
  evc_formatted *f = evc_format(text, EVC_NUL_TERMINATED, &options, &report);
  bool lost = evc_report_count(report) > 0 &&
              evc_report_at(report, 0)->code == EVC_CODE_OUT_OF_MEMORY;
  evc_formatted_free(f);
  evc_report_free(report);
  return (result){f || !lost, lost};
}

/* The allocations of one text fail in turn, each with all behind it. */
static void fail_in_turn(void **state, const char *text,
                         result (*call)(void **, const char *, const evc_allocator *)) {
  for (size_t n = 1;; n++) {
    failing f = {.fail_from = n};
    evc_allocator allocator = failing_allocator(&f);
    result r = call(state, text, &allocator);
    if (f.bytes != 0 || f.mistaken) fail_msg("%s: allocation %zu: %zu bytes leak", text, n, f.bytes);
    if (r.out_of_memory != (f.calls >= n)) fail_msg("%s: allocation %zu is passed over", text, n);
    if (f.calls < n) return;
  }
}

static void laying_out(void **state) {
  for (size_t before = 0; before < 120; before += 2) {
    char *text = repeated("", "new.vip AND ", before,
                          "((new.amount + 1 > Math.max(1, - -2, (new.quantity)))) OR (new.vip ? 1 : 2) > 1 AND new.vip");
    fail_in_turn(state, text, formatting);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(in_so_many_bytes), cmocka_unit_test(laying_out)};
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
