/* What holds of documents. */
#include "json.h"

#include "../src/json/write.h"

bool fuzz_is_json(evc_text text) {
  size_t at;
  return evc_json_check(text, &at) == EVC_JSON_SOUND;
}

void fuzz_check_refusal(const evc_report *report, evc_text text, evc_status status) {
  FUZZ_HOLDS(status == EVC_INVALID, "status %d", (int)status);
  FUZZ_HOLDS(evc_report_count(report) == 1, "%zu diagnostics", evc_report_count(report));
  const evc_diagnostic *d = evc_report_at(report, 0);
  bool malformed = d->code == EVC_CODE_JSON_MALFORMED, shape = d->code == EVC_CODE_JSON_SHAPE;
  FUZZ_HOLDS(malformed || shape || d->code == EVC_CODE_EVENT_TYPE_MISMATCH, "%s", d->name);
  fuzz_check_report(report, text);
  fuzz_check_json_report(report);
}

void fuzz_check_json_report(const evc_report *report) {
  evc_arena arena;
  evc_builder out;
  evc_arena_init(&arena, NULL, NULL, 0);
  for (size_t i = 0; i < evc_report_count(report); i++) {
    evc_build_init(&out, &arena);
    evc_json_build_diagnostic(&out, evc_report_at(report, i), NULL);
    evc_text built = evc_build_end(&out);
    FUZZ_HOLDS(fuzz_is_json(built), "%.*s", FUZZ_TEXT(built));
  }
  evc_arena_free(&arena);
}
