/* Field lists and lists of Event types: what is read is what is written again, and a document
** that is refused changes nothing. */
#include "json.h"

#include <stdlib.h>

#include "../src/base/text.h"
#include "evcalc/json.h"

static void check_type(const evc_event_type *type) {
  size_t count = evc_event_type_field_count(type);
  for (size_t slot = 0; slot < count; slot++) {
    evc_text path = evc_event_type_field(type, slot)->path;
    FUZZ_HOLDS(evc_event_type_slot(type, path.data, path.length) == slot, "'%.*s'",
               FUZZ_TEXT(path));
  }
  FUZZ_HOLDS(!evc_event_type_field(type, count), "one past the last");
}

static void check_same_type(const evc_event_type *a, const evc_event_type *b) {
  FUZZ_HOLDS(b, "'%.*s' was lost", FUZZ_TEXT(evc_event_type_name(a)));
  size_t count = evc_event_type_field_count(a);
  FUZZ_HOLDS(count == evc_event_type_field_count(b), "%zu fields", count);
  for (size_t i = 0; i < count; i++) {
    const evc_field *one = evc_event_type_field(a, i), *other = evc_event_type_field(b, i);
    FUZZ_HOLDS(evc_text_equal(one->path, other->path) && evc_text_equal(one->word, other->word) &&
                   one->type == other->type,
               "field %zu is another", i);
  }
}

/* The lists of fields, written and read again. */
static void check_round_trip(const evc_schema *schema) {
  evc_schema *again = evc_schema_new(NULL);
  evc_text names = evc_schema_to_json(schema, NULL);
  FUZZ_HOLDS(fuzz_is_json(names), "%.*s", FUZZ_TEXT(names));
  FUZZ_HOLDS(evc_schema_read_json(again, names.data, names.length, NULL) == EVC_OK, "names");
  FUZZ_HOLDS(evc_schema_count(again) == evc_schema_count(schema), "%zu names",
             evc_schema_count(again));
  evc_json_free(names, NULL);
  for (size_t i = 0; i < evc_schema_count(schema); i++) {
    const evc_event_type *type = evc_schema_at(schema, i);
    evc_text name = evc_event_type_name(type), fields = evc_event_type_to_json(type, NULL);
    if (i > 0) {
      evc_text before = evc_event_type_name(evc_schema_at(schema, i - 1));
      FUZZ_HOLDS(evc_text_compare(before, name) < 0, "'%.*s' is out of order", FUZZ_TEXT(name));
    }
    FUZZ_HOLDS(evc_schema_find(schema, name.data, name.length) == type, "'%.*s'", FUZZ_TEXT(name));
    check_type(type);
    FUZZ_HOLDS(fuzz_is_json(fields), "%.*s", FUZZ_TEXT(fields));
    FUZZ_HOLDS(evc_schema_read_json(again, fields.data, fields.length, NULL) == EVC_OK, "%.*s",
               FUZZ_TEXT(fields));
    check_same_type(type, evc_schema_find(again, name.data, name.length));
    evc_json_free(fields, NULL);
  }
  evc_schema_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  evc_text text = {(const char *)data, size};
  char *json = fuzz_copy(text, false);
  evc_schema *schema = evc_schema_new(NULL);
  evc_report *report, *again;
  evc_status status = evc_schema_read_json(schema, json, size, &report);
  text.data = json;
  if (status == EVC_OK) {
    FUZZ_HOLDS(fuzz_is_json(text), "this is not JSON");
    FUZZ_HOLDS(evc_report_errors(report) == 0, "%zu errors", evc_report_errors(report));
    fuzz_check_report(report, text);
    fuzz_check_json_report(report);
    check_round_trip(schema);
  } else {
    fuzz_check_refusal(report, text, status);
    FUZZ_HOLDS(evc_schema_count(schema) == 0, "%zu types", evc_schema_count(schema));
    bool malformed = evc_report_at(report, 0)->code == EVC_CODE_JSON_MALFORMED;
    FUZZ_HOLDS(malformed == !fuzz_is_json(text), "malformed: %d", malformed);
  }
  size_t count = evc_schema_count(schema);
  FUZZ_HOLDS(evc_schema_read_json(schema, json, size, &again) == status, "another status");
  FUZZ_HOLDS(evc_schema_count(schema) == count, "%zu types, then %zu", count,
             evc_schema_count(schema));
  fuzz_check_same_report(report, again);
  evc_report_free(report);
  evc_report_free(again);
  evc_schema_free(schema);
  free(json);
  return 0;
}
