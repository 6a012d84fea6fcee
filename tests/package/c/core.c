/* The language without JSON: the caller fills the event. Only libevcalc is linked. */
#include <stdio.h>
#include <string.h>

#include <evcalc/evcalc.h>

int main(void) {
  static const char text[] = "new.amountSpent >= new.amount * 90 / 100";
  evc_schema *schema = evc_schema_builtin(NULL);
  const evc_event_type *type =
      evc_schema_find(schema, "configuration.commitment.updated", EVC_NUL_TERMINATED);
  evc_calculation *calculation = evc_compile(type, text, EVC_NUL_TERMINATED, NULL, NULL);
  evc_event *event = evc_event_new(type, NULL);
  evc_event_set_number(event, evc_event_type_slot(type, "new.amount", EVC_NUL_TERMINATED), 100);
  evc_event_set_number(event, evc_event_type_slot(type, "new.amountSpent", EVC_NUL_TERMINATED), 90);
  evc_outcome outcome = evc_evaluate(calculation, event);
  evc_event_free(event);
  evc_calculation_free(calculation);
  evc_schema_free(schema);
  if (strcmp(evc_version(), EVC_VERSION) != 0) return 1;
  return outcome.status == EVC_OK && outcome.value ? 0 : 1;
}
