/* The endpoint: every answer is one line of JSON of one of its shapes, and the same request is
** answered the same again.
**
** Lines of the input that start with + are events, the rest is the request. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "../src/base/text.h"
#include "evcalc/endpoint.h"

enum { KEY_SUCCESS, KEY_ERROR, KEY_MESSAGE, KEY_COUNT };
static const evc_text key_names[KEY_COUNT] = {[KEY_SUCCESS] = {"success", 7},
                                              [KEY_ERROR] = {"errorMessage", 12},
                                              [KEY_MESSAGE] = {"message", 7}};

static void check_answer(evc_answer answer, evc_success means) {
  evc_text members[KEY_COUNT];
  FUZZ_HOLDS(evc_json_members(answer.body, key_names, members, KEY_COUNT), "%.*s",
             FUZZ_TEXT(answer.body));
  FUZZ_HOLDS(!memchr(answer.body.data, '\n', answer.body.length), "%.*s", FUZZ_TEXT(answer.body));
  FUZZ_HOLDS(answer.evaluated || !answer.value, "a value without evaluation");
  if (answer.http_status != 200) {
    FUZZ_HOLDS(answer.http_status == 400 || answer.http_status == 404, "%d", answer.http_status);
    FUZZ_HOLDS(members[KEY_MESSAGE].length > 2 && !members[KEY_SUCCESS].data, "%.*s",
               FUZZ_TEXT(answer.body));
    FUZZ_HOLDS(!answer.success && !answer.evaluated, "%d, and a success", answer.http_status);
    return;
  }
  FUZZ_HOLDS(members[KEY_SUCCESS].data && members[KEY_ERROR].data && !members[KEY_MESSAGE].data,
             "%.*s", FUZZ_TEXT(answer.body));
  FUZZ_HOLDS(evc_text_is(members[KEY_SUCCESS], answer.success ? "true" : "false"), "%.*s",
             FUZZ_TEXT(answer.body));
  bool told = !evc_text_is(members[KEY_ERROR], "null");
  FUZZ_HOLDS(!told || members[KEY_ERROR].length > 2, "an empty message");
  if (means == EVC_SUCCESS_MEANS_VALID)
    FUZZ_HOLDS(answer.success != told, "%.*s", FUZZ_TEXT(answer.body));
  else
    FUZZ_HOLDS(!answer.success || !told, "%.*s", FUZZ_TEXT(answer.body));
  FUZZ_HOLDS(!answer.evaluated || !told, "evaluated, with an error");
}

/* The events, then the request; the answer's body is to be freed. */
static evc_answer ask(evc_endpoint *endpoint, evc_text request, evc_success means) {
  char *json = fuzz_copy(request, false);
  evc_answer answer = evc_endpoint_evaluate(endpoint, json, request.length);
  check_answer(answer, means);
  answer.body.data = fuzz_copy(answer.body, false);
  evc_answer again = evc_endpoint_evaluate(endpoint, json, request.length);
  FUZZ_HOLDS(again.http_status == answer.http_status && again.value == answer.value &&
                 evc_text_equal(again.body, answer.body),
             "%.*s, then %.*s", FUZZ_TEXT(answer.body), FUZZ_TEXT(again.body));
  free(json);
  return answer;
}

/* The text without its lines of events, which both endpoints get to know. */
static evc_text add_events(evc_text text, evc_endpoint *a, evc_endpoint *b) {
  while (text.length > 0 && *text.data == '+') {
    const char *end = memchr(text.data, '\n', text.length);
    size_t length = end ? (size_t)(end - text.data) : text.length;
    evc_report *report;
    evc_text json = {text.data + 1, length - 1};
    evc_status status = evc_endpoint_add_events(a, json.data, json.length, &report);
    if (status != EVC_OK)
      fuzz_check_refusal(report, json, status);
    else
      FUZZ_HOLDS(!report, "added, with a report");
    FUZZ_HOLDS(evc_endpoint_add_events(b, json.data, json.length, NULL) == status,
               "another status");
    evc_report_free(report);
    length += end != NULL;
    text = (evc_text){text.data + length, text.length - length};
  }
  return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char event[] =
      "{\"id\": \"a\", \"eventName\": \"fuzz.all\", \"new\": {\"n\": 5, \"s\": \"USD\", "
      "\"b\": true, \"m\": {\"x\": 1}}, \"old\": {\"n\": 4}}";
  evc_text text = {size ? (const char *)data : "", size};
  evc_endpoint *valid = evc_endpoint_new(fuzz_schema(), NULL, EVC_SUCCESS_MEANS_VALID);
  evc_endpoint *truth = evc_endpoint_new(fuzz_schema(), NULL, EVC_SUCCESS_MEANS_TRUE);
  evc_endpoint_add_events(valid, EVC_LITERAL(event), NULL);
  evc_endpoint_add_events(truth, EVC_LITERAL(event), NULL);
  text = add_events(text, valid, truth);
  evc_endpoint *shared = evc_endpoint_share(valid);
  evc_answer one = ask(valid, text, EVC_SUCCESS_MEANS_VALID);
  evc_answer two = ask(truth, text, EVC_SUCCESS_MEANS_TRUE);
  evc_answer three = ask(shared, text, EVC_SUCCESS_MEANS_VALID);
  FUZZ_HOLDS(one.http_status == two.http_status && one.evaluated == two.evaluated &&
                 one.value == two.value,
             "%d and %d", one.http_status, two.http_status);
  FUZZ_HOLDS(!two.evaluated || two.success == two.value, "success does not mean true");
  FUZZ_HOLDS(evc_text_equal(one.body, three.body), "%.*s, shared %.*s", FUZZ_TEXT(one.body),
             FUZZ_TEXT(three.body));
  free((char *)(uintptr_t)one.body.data);
  free((char *)(uintptr_t)two.body.data);
  free((char *)(uintptr_t)three.body.data);
  evc_endpoint_free(shared);
  evc_endpoint_free(truth);
  evc_endpoint_free(valid);
  return 0;
}
