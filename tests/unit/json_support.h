/* Shared by the tests of the JSON room. cmocka.h must have been included. */
#ifndef EVC_TESTS_JSON_SUPPORT_H
#define EVC_TESTS_JSON_SUPPORT_H

#include <stdlib.h>
#include <string.h>

#include "evcalc/json.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline evc_text text_of(const char *s) { return (evc_text){s, strlen(s)}; }

static inline const char *message_of(const evc_report *report) {
  return report ? evc_report_message(report).data : "no report";
}

/* A schema with what is in a field list, which must be sound. */
static inline evc_schema *schema_from(const char *json) {
  evc_schema *schema = evc_schema_new(NULL);
  evc_report *report;
  evc_status status = evc_schema_read_json(schema, json, EVC_NUL_TERMINATED, &report);
  if (status != EVC_OK) fail_msg("%s", message_of(report));
  evc_report_free(report);
  return schema;
}

/* Arrays in arrays. */
static inline char *nested(size_t depth) {
  char *text = malloc(2 * depth + 1);
  assert_non_null(text);
  memset(text, '[', depth);
  memset(text + depth, ']', depth);
  text[2 * depth] = '\0';
  return text;
}

#endif
