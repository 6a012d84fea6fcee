/* `evcalc check --format json`: one object a line, one line a calculation. */
#include <string.h>

#include "check.h"

static void build_fields(evc_builder *out, const evc_calculation *calculation) {
  size_t count = calculation ? evc_calculation_reference_count(calculation) : 0;
  for (size_t i = 0; i < count; i++) {
    if (i > 0) evc_build_string(out, ", ");
    evc_json_build_string(out, evc_calculation_reference(calculation, i).path);
  }
}

static void build_diagnostics(evc_builder *out, const cli_calculation *calculation,
                              const check_verdict *verdict) {
  bool first = true;
  for (size_t i = 0; i < REPORT_COUNT; i++) {
    cli_calculation context = *calculation;
    context.about = verdict->about[i];
    for (size_t k = 0; k < evc_report_count(verdict->reports[i]); k++) {
      if (!first) evc_build_string(out, ", ");
      first = false;
      cli_build_json_diagnostic(out, evc_report_at(verdict->reports[i], k), &context);
    }
  }
}

/* Errors past those that one report describes. */
static size_t untold_errors(const check_verdict *verdict) {
  size_t untold = 0;
  for (size_t i = 0; i < REPORT_COUNT; i++) {
    untold += evc_report_errors(verdict->reports[i]);
    for (size_t k = 0; k < evc_report_count(verdict->reports[i]); k++)
      untold -= evc_report_at(verdict->reports[i], k)->severity == EVC_ERROR;
  }
  return untold;
}

void check_json_calculation(evc_builder *out, const cli_calculation *calculation,
                            const check_verdict *verdict) {
  const char *path = calculation->source->path;
  evc_text event_name = verdict->event_name.data ? verdict->event_name : (evc_text){"", 0};
  evc_build_char(out, '{');
  evc_json_build_text_member(out, true, "file", (evc_text){path, path ? strlen(path) : 0});
  evc_json_build_text_member(out, false, "name", calculation->notification.name);
  evc_json_build_text_member(out, false, "eventName", event_name);
  evc_json_build_text_member(out, false, "calculation", calculation->text);
  evc_json_build_boolean_member(out, false, "valid", verdict->errors == 0);
  evc_json_build_key(out, false, "fields");
  evc_build_char(out, '[');
  build_fields(out, verdict->calculation);
  evc_build_char(out, ']');
  evc_json_build_key(out, false, "diagnostics");
  evc_build_char(out, '[');
  build_diagnostics(out, calculation, verdict);
  evc_build_char(out, ']');
  size_t untold = untold_errors(verdict);
  if (untold) {
    evc_json_build_key(out, false, "moreErrors");
    evc_build_unsigned(out, untold);
  }
  evc_build_string(out, "}\n");
}
