/* A calculation that reaches a limit says so and nothing else of the limit; one that does not is told
** what it is told without limits. Every construct of the grammar, with each limit from 1 on. */
#include "calculations.h"

/* Each construct stands where others end with it: one token then closes several. */
static const char *const texts[] = {
    "new.vip ? (new.closed ? new.vip : new.closed) : new.closed ? new.vip : new.closed",
    "(new.vip AND (new.closed OR (new.amount > 1))) == new.closed",
    "-(-(-new.amount)) ^ -new.quantity ^ 2 > +1",
    "Math.max(Math.min(1, new.amount), Math.abs(isnull(new.quantity, 2))) > Math.round(1.5, 1)",
    "NOT (NOT new.vip) OR ! ! new.closed",
    "NOT new.amount IN (1, 2, Math.abs(3))",
    "new.amount NOT IN (1, new.quantity) AND new.amount IN (((1)))",
    "new.vip AND NOT new.amount NOT BETWEEN 1 AND (2 + (3 * new.quantity))",
    "new.amount BETWEEN (1) AND 2",
    "! new.currency IS NULL AND (new.currency IS NOT NULL)",
    "new.vip == (new.currency LIKE (\"a\")) OR NOT new.currency NOT LIKE \"b\"",
    "NOT (string) -new.amount == \"1\"",
    "(new.amount AS string) == (\"1\")",
    "AND(new.vip, OR(new.closed, NOT(new.vip)), IF(new.vip, true, false))",
    "OR(AND(new.vip, new.closed, new.vip), (new.closed))",
    "IF(new.vip, IF(new.closed, (1), 2), 3) > 2",
    "IN(new.amount, 1, (2), -3) AND new.items[0][1] == null",
    "(new.items)[(0)] == -1 ? [new.vip] : {{new.closed}}",
    "Math.max(1, (2 + ), 3) > (4 5) AND Math.abs(, 1) > ((1)",
    "zzz((1), -new.amount, zzz(2)) AND new.currency == (\"a\" OR \"b\")",
    "IN(new.currency, \"a\", (\"b\" \"c\")) OR Math.max(new.amount 1, ) > 0",
    "new.amount > 1 AND (new.vip, new.closed) OR 5AND 1.000,50 + '\\u0041'",
};

static char *told(void **state, const char *text, evc_limits limits) {
  evc_options options = {.limits = limits};
  evc_report *report;
  evc_calculation_free(evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, &options, &report));
  bool reached = false;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    if (d->code != EVC_CODE_NESTING_TOO_DEEP && d->code != EVC_CODE_TOO_MANY_NODES) continue;
    assert_false(reached); /* once */
    assert_true(d->has_span && d->start <= d->end && d->end <= strlen(text));
    reached = true;
  }
  char *out = NULL;
  size_t size = 0;
  if (!reached) {
    FILE *file = open_memstream(&out, &size);
    assert_non_null(file);
    assert_int_equal(evc_report_print(report, text, EVC_NUL_TERMINATED, NULL, EVC_STYLE_CARET, file),
                     EVC_OK);
    fclose(file);
  } else {
    assert_true(evc_report_errors(report) > 0);
  }
  evc_report_free(report);
  return out;
}

static void each_limit(void **state) {
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char *right = told(state, texts[i], (evc_limits){0});
    assert_non_null(right);
    for (int nodes = 0; nodes < 2; nodes++) {
      bool reached = true;
      for (unsigned most = 1; most <= 64; most++) {
        evc_limits limits = {0};
        if (nodes) limits.nodes = most;
        else limits.depth = most;
        char *came = told(state, texts[i], limits);
        if (came && strcmp(came, right) != 0)
          fail_msg("%s: with %s %u: %s", texts[i], nodes ? "nodes" : "depth", most, came);
        if (came) reached = false;
        else if (!reached) fail_msg("%s: a limit of %u more is reached again", texts[i], most);
        free(came);
      }
      assert_false(reached);
    }
    free(right);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_limit)};
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
