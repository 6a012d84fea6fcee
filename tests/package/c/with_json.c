/* Field list, event, answer and message across both libraries. */
#include <stdio.h>
#include <string.h>

#include <evcalc/evcalc.h>

static const char fields[] = "{\"events\": {\"shop.order.created\": {\"new.total\": \"double\"}}}";
static const char event_json[] =
    "{\"id\": \"o-1\", \"eventName\": \"shop.order.created\", \"new\": {\"total\": 12.5}}";
static const char request[] = "{\"eventId\": \"o-1\", \"calculation\": \"new.total > 12\"}";

static int evaluate(const evc_schema *schema) {
  const evc_event_type *type = evc_schema_find(schema, "shop.order.created", EVC_NUL_TERMINATED);
  evc_report *report = NULL;
  evc_calculation *calculation =
      evc_compile(type, "new.total * 2 == 25", EVC_NUL_TERMINATED, NULL, &report);
  evc_event *event = evc_event_new(type, NULL);
  int wrong = evc_event_read_json(event, event_json, EVC_NUL_TERMINATED, calculation, NULL) != EVC_OK;
  wrong |= !evc_evaluate(calculation, event).value;
  evc_event_free(event);
  evc_calculation_free(calculation);
  evc_report_free(report);

  wrong |= evc_compile(type, "new.totl > 1", EVC_NUL_TERMINATED, NULL, &report) != NULL;
  wrong |= !strstr(evc_report_message(report).data, "did you mean new.total?");
  evc_report_free(report);
  return wrong;
}

static int answer(const evc_schema *schema) {
  evc_endpoint *endpoint = evc_endpoint_new(schema, NULL, EVC_SUCCESS_MEANS_VALID);
  int wrong = evc_endpoint_add_events(endpoint, event_json, EVC_NUL_TERMINATED, NULL) != EVC_OK;
  evc_answer answer = evc_endpoint_evaluate(endpoint, request, EVC_NUL_TERMINATED);
  wrong |= !answer.success || !answer.evaluated || !answer.value;
  evc_endpoint_free(endpoint);
  return wrong;
}

int main(void) {
  evc_schema *schema = evc_schema_new(NULL);
  if (evc_schema_read_json(schema, fields, EVC_NUL_TERMINATED, NULL) != EVC_OK) return 1;
  int wrong = evaluate(schema) | answer(schema);
  evc_schema_free(schema);
  return wrong;
}
