#include "judge.h"

#include "../base/text.h"
#include "../report/draft.h"

static evc_report *say(const evc_judge *judge, evc_message message, const evc_text *args,
                       size_t count) {
  return evc_report_single(judge->options->allocator, message, (evc_span){.none = true}, args,
                           count, "", 0);
}

static evc_report *say_no_event_name(const evc_judge *judge, bool terraform) {
  const evc_text args[] = {terraform ? evc_text_of("the resource has no \"event_name\"")
                                     : evc_text_of("the Notification has no \"eventName\""),
                           evc_text_of(judge->instead)};
  return say(judge, EVC_MSG_JSON_SHAPE, args, 2);
}

static evc_report *say_no_string(const evc_judge *judge) {
  const evc_text args[] = {{EVC_LITERAL("the calculation is not a string")},
                           {EVC_LITERAL("its text in double quotes, or null")}};
  return say(judge, EVC_MSG_JSON_SHAPE, args, 2);
}

/* The warning is the Notification's, not the calculation's: what is allowed and denied is minded
** here. */
static evc_report *say_unused(const evc_options *options) {
  evc_code code = EVC_CODE_CALCULATION_UNUSED;
  bool allowed = evc_code_set_has(&options->allow, code);
  bool denied =
      evc_code_set_has(&options->deny, code) || (options->deny_warnings && !allowed);
  if (allowed && !denied) return NULL;
  evc_report *report = evc_report_new(options->allocator);
  evc_diagnostic *diagnostic =
      evc_report_add(report, EVC_MSG_CALCULATION_UNUSED, (evc_span){.none = true}, NULL, 0);
  if (denied) evc_report_set_severity(report, diagnostic, EVC_ERROR);
  return evc_report_finish(report, "", 0);
}

evc_report *evc_report_unknown_type(const evc_allocator *allocator, const evc_schema *schema,
                                    evc_text name) {
  evc_text args[2] = {name, {"", 0}};
  size_t count = evc_schema_suggest(schema, name.data, name.length, args + 1, 1);
  evc_message message = count ? EVC_MSG_UNKNOWN_EVENT_TYPE_NEAR : EVC_MSG_UNKNOWN_EVENT_TYPE;
  return evc_report_single(allocator, message, (evc_span){.none = true}, args, 2, "", 0);
}

const evc_event_type *evc_judge_type(const evc_judge *judge, evc_text event_name) {
  return event_name.data ? evc_schema_find(judge->schema, event_name.data, event_name.length)
                         : judge->otherwise;
}

/* What there is to say of the Notification besides its eventName. */
static evc_report *judge_calculation(const evc_judge *judge, const evc_notification *notification,
                                     evc_text text, bool missing) {
  if (!text.data && notification->calculation_kind != EVC_KIND_NULL) return say_no_string(judge);
  if (missing && !notification->always_fire)
    return say(judge, EVC_MSG_CALCULATION_MISSING, NULL, 0);
  if (!missing && notification->always_fire) return say_unused(judge->options);
  return NULL;
}

evc_judgement evc_notification_judge(const evc_judge *judge, const evc_notification *notification,
                                     evc_text text) {
  evc_judgement j = {.event_name = notification->event_name};
  j.missing = evc_text_is_blank(text);
  j.type = evc_judge_type(judge, j.event_name);
  if (!j.event_name.data && j.type) j.event_name = evc_event_type_name(j.type);
  else if (!j.event_name.data) j.of_type = say_no_event_name(judge, notification->terraform);
  else if (!j.type)
    j.of_type =
        evc_report_unknown_type(judge->options->allocator, judge->schema, j.event_name);
  j.of_notification = judge_calculation(judge, notification, text, j.missing);
  return j;
}
