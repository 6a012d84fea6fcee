/* The checker and its diagnostics: checking and compiling say the same, what is said is in order
** and safe to show, and what is offered as a fix is one. */
#include "fuzz.h"

#include <string.h>

#include "../src/base/utf8.h"
#include "../tests/unit/failing.h"

/* Longer texts are not compiled again and again. */
enum { LONGEST_TO_REPEAT = 4096 };

/* With memory running out somewhere: that is all that is said, or nothing has changed. */
static void check_without_memory(const fuzz_case *c, const evc_report *report) {
  failing f = {.fail_from = 1 + c->text.length % 23, .only_once = c->text.length % 2};
  evc_allocator allocator = failing_allocator(&f);
  evc_options options = c->options;
  evc_report *found;
  options.allocator = &allocator;
  evc_calculation *calculation =
      evc_compile(c->type, c->text.data, c->text.length, &options, &found);
  const evc_diagnostic *first = evc_report_at(found, 0);
  bool lost = first && first->code == EVC_CODE_OUT_OF_MEMORY;
  if (!lost) fuzz_check_same_report(report, found);
  FUZZ_HOLDS(!lost || !calculation, "compiled, and out of memory");
  evc_calculation_free(calculation);
  evc_report_free(found);
  FUZZ_HOLDS(f.bytes == 0 && !f.mistaken, "%zu bytes are lost", f.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_case c;
  fuzz_case_open(&c, data, size);
  char *text = fuzz_copy(c.text, false);
  size_t length = c.text.length;
  evc_report *report, *compiled, *traced;
  bool valid = evc_validate(c.type, text, length, &c.options, &report);
  evc_calculation *calculation = evc_compile(c.type, text, length, &c.options, &compiled);
  evc_options options = c.options;
  options.trace = true;
  evc_calculation *with_trace = evc_compile(c.type, text, length, &options, &traced);
  FUZZ_HOLDS(valid == (calculation != NULL), "valid: %d, compiled: %d", valid, calculation != NULL);
  FUZZ_HOLDS(valid == (with_trace != NULL), "valid: %d, traced: %d", valid, with_trace != NULL);
  FUZZ_HOLDS(valid == (evc_report_errors(report) == 0), "%zu errors", evc_report_errors(report));
  size_t invalid;
  FUZZ_HOLDS(!valid || evc_utf8_valid(text, length, &invalid), "byte %zu is not UTF-8", invalid);
  fuzz_check_same_report(report, compiled);
  fuzz_check_same_report(report, traced);
  fuzz_check_report(report, c.text);
  if (length <= LONGEST_TO_REPEAT) fuzz_check_fixes(&c, report);
  if (length <= LONGEST_TO_REPEAT) check_without_memory(&c, report);
  if (calculation) {
    evc_text kept = evc_calculation_text(calculation);
    FUZZ_HOLDS(kept.length == length && memcmp(kept.data, text, length) == 0,
               "the text is another");
  }
  evc_calculation_free(with_trace);
  evc_calculation_free(calculation);
  evc_report_free(traced);
  evc_report_free(compiled);
  evc_report_free(report);
  free(text);
  fuzz_case_close(&c);
  return 0;
}
