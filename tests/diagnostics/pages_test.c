/* Runs the examples on the pages of all codes (src/report/pages.txt): pages_test EVCALC SCRATCH.
** EVCALC is the binary, which judges Notifications, and SCRATCH a file that may be overwritten.
**
** A wrong example must give the code of its page once, a warning that its page announces, and
** nothing else; a right one must give nothing. Every failure is printed.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evcalc/evcalc.h"
#include "report/pages.h"

enum { LONGEST = 4096 };

/* How often each code was met. */
typedef struct findings {
  size_t counts[EVC_CODE_END];
} findings;

/* One example: which page, which side of it, and what came of it. */
typedef struct example {
  const evc_page *page;
  bool is_right;
  char text[LONGEST]; /* decoded */
  size_t length;
  evc_schema *schema;
  const evc_event_type *type;
  findings found;
} example;

static const char *evcalc, *scratch;
static size_t failures;

static void fail(const example *e, const char *what) {
  evc_code code = (evc_code)(e->page - evc_pages);
  printf("%s: the %s example: %s\n", evc_code_name(code), e->is_right ? "right" : "wrong", what);
  failures++;
}

static void collect(example *e, evc_report *report) {
  for (size_t i = 0; i < evc_report_count(report); i++)
    e->found.counts[evc_report_at(report, i)->code]++;
  evc_report_free(report);
}

/* \xNN stands for a byte. */
static void decode(example *e, const char *text) {
  e->length = 0;
  while (*text && e->length < LONGEST - 1) {
    if (text[0] == '\\' && text[1] == 'x') {
      char digits[3] = {text[2], text[2] ? text[3] : '\0', '\0'};
      e->text[e->length++] = (char)strtoul(digits, NULL, 16);
      text += 2 + strlen(digits);
    } else {
      e->text[e->length++] = *text++;
    }
  }
  e->text[e->length] = '\0';
}

/* Limits */

/* An allocator that has so many bytes to give. */
static void *take(void *context, size_t size) {
  size_t *left = context;
  if (size > *left) return NULL;
  *left -= size;
  return malloc(size);
}

static void *take_again(void *context, void *memory, size_t old_size, size_t size) {
  size_t *left = context;
  if (size > *left + old_size) return NULL;
  *left = *left + old_size - size;
  return realloc(memory, size);
}

static void give_back(void *context, void *memory, size_t size) {
  size_t *left = context;
  *left += size;
  free(memory);
}

static bool read_limit(example *e, const char *name, uint32_t *limit) {
  size_t length = strlen(name);
  if (strncmp(e->page->limits, name, length) != 0 || e->page->limits[length] != '=') return false;
  *limit = (uint32_t)strtoul(e->page->limits + length + 1, NULL, 10);
  return *limit != 0;
}

static void read_limits(example *e, evc_limits *limits, uint32_t *memory) {
  if (!e->page->limits) return;
  bool known = read_limit(e, "text", &limits->text) || read_limit(e, "depth", &limits->depth) ||
               read_limit(e, "nodes", &limits->nodes) ||
               read_limit(e, "arguments", &limits->arguments) || read_limit(e, "memory", memory);
  if (!known) fail(e, "its limits are none");
}

/* Kinds of examples */

/* Fill an event from JSON and evaluate; what is wrong with either is found. */
static void evaluate(example *e, const evc_calculation *calculation, const char *json) {
  evc_event *event = evc_event_new(e->type, NULL);
  evc_report *report = NULL;
  evc_status status = evc_event_read_json(event, json, EVC_NUL_TERMINATED, calculation, &report);
  collect(e, report);
  if (status == EVC_OK)
    collect(e, evc_outcome_report(calculation, evc_evaluate(calculation, event)));
  evc_event_free(event);
}

static void run_calculation(example *e) {
  size_t left = SIZE_MAX / 2;
  uint32_t memory = 0;
  evc_allocator allocator = {take, take_again, give_back, &left};
  evc_options options = {.schema = e->schema, .allocator = &allocator};
  read_limits(e, &options.limits, &memory);
  if (memory) left = memory;
  evc_report *report;
  evc_calculation *calculation = evc_compile(e->type, e->text, e->length, &options, &report);
  collect(e, report);
  if (calculation && e->page->event) evaluate(e, calculation, e->page->event);
  evc_calculation_free(calculation);
}

static void run_event(example *e) {
  evc_options options = {.schema = e->schema};
  evc_report *report;
  evc_calculation *calculation =
      evc_compile(e->type, e->page->calculation, EVC_NUL_TERMINATED, &options, &report);
  if (report) fail(e, "its calculation is not clean");
  evc_report_free(report);
  if (calculation) evaluate(e, calculation, e->text);
  evc_calculation_free(calculation);
}

static void run_fields(example *e) {
  evc_report *report = NULL;
  evc_schema_read_json(e->schema, e->text, e->length, &report);
  collect(e, report);
}

/* Does the answer's message have the wording of that code? Its arguments can be anything. */
static bool has_wording(const char *answer, const char *wording) {
  char piece[LONGEST];
  while (*wording) {
    size_t length = strcspn(wording, "{");
    snprintf(piece, sizeof piece, "%.*s", (int)length, wording);
    answer = strstr(answer, piece);
    if (!answer) return false;
    answer += length;
    wording += length;
    if (*wording) wording += strlen("{0}");
  }
  return true;
}

/* Answers have no codes: they are told by the wording of their messages. */
static evc_code code_of_answer(const char *answer) {
  static const struct {
    evc_code code;
    const char *wording;
  } messages[] = {
#define MESSAGE(id, code, message, help) {EVC_CODE_##code, message},
#define PHRASE(id, text)
#include "report/messages.def"
#undef MESSAGE
#undef PHRASE
  };
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
    const char *wording = messages[i].wording;
    if (wording[0] != '{' && has_wording(answer, wording)) return messages[i].code;
  }
  return EVC_CODE_NONE;
}

static void run_request(example *e) {
  evc_endpoint *endpoint = evc_endpoint_new(e->schema, NULL, EVC_SUCCESS_MEANS_VALID);
  const char *events = e->page->event ? e->page->event : "";
  if (evc_endpoint_add_events(endpoint, events, EVC_NUL_TERMINATED, NULL) != EVC_OK)
    fail(e, "its event cannot be read");
  evc_answer answer = evc_endpoint_evaluate(endpoint, e->text, e->length);
  if (!answer.success) e->found.counts[code_of_answer(answer.body.data)]++;
  evc_endpoint_free(endpoint);
}

/* The code in "error[code]: …" or "warning[code]: …"; EVC_CODE_NONE in any other line. */
static evc_code code_of_line(const char *line) {
  static const char *const starts[] = {"error[", "warning["};
  for (size_t i = 0; i < 2; i++) {
    size_t length = strlen(starts[i]);
    if (strncmp(line, starts[i], length) == 0)
      return evc_code_find(line + length, strcspn(line + length, "]"));
  }
  return EVC_CODE_NONE;
}

static void run_notification(example *e) {
  char command[LONGEST], line[LONGEST];
  FILE *file = fopen(scratch, "wb");
  if (!file || fwrite(e->text, 1, e->length, file) != e->length || fclose(file) != 0) {
    fail(e, "its file cannot be written");
    return;
  }
  snprintf(command, sizeof command, "'%s' check '%s' 2>&1", evcalc, scratch);
  FILE *output = popen(command, "r");
  if (!output) {
    fail(e, "evcalc does not start");
    return;
  }
  while (fgets(line, sizeof line, output)) {
    evc_code code = code_of_line(line);
    if (code != EVC_CODE_NONE) e->found.counts[code]++;
  }
  int status = pclose(output);
  if (e->is_right && status != 0) fail(e, "evcalc check does not accept it");
}

/* Verdicts */

static void judge(const example *e) {
  evc_code code = (evc_code)(e->page - evc_pages);
  evc_code also = e->page->also ? evc_code_find(e->page->also, EVC_NUL_TERMINATED) : EVC_CODE_NONE;
  char what[LONGEST];
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++) {
    size_t expected = !e->is_right && ((evc_code)i == code || (evc_code)i == also);
    if (e->found.counts[i] == expected) continue;
    snprintf(what, sizeof what, "it gives %s %zu times, not %zu", evc_code_name((evc_code)i),
             e->found.counts[i], expected);
    fail(e, what);
  }
  if (e->found.counts[EVC_CODE_NONE]) fail(e, "it gives something that has no code");
}

static void run(const evc_page *page, bool is_right) {
  static void (*const runs[])(example *) = {
      [EVC_PAGE_CALCULATION] = run_calculation, [EVC_PAGE_NOTIFICATION] = run_notification,
      [EVC_PAGE_REQUEST] = run_request,         [EVC_PAGE_EVENT] = run_event,
      [EVC_PAGE_FIELDS] = run_fields,
  };
  example e = {.page = page, .is_right = is_right, .schema = evc_schema_builtin(NULL)};
  decode(&e, is_right ? page->right : page->wrong);
  evc_report *report = NULL;
  if (is_right && page->right_fields)
    evc_schema_read_json(e.schema, page->right_fields, EVC_NUL_TERMINATED, &report);
  collect(&e, report);
  if (page->type) e.type = evc_schema_find(e.schema, page->type, EVC_NUL_TERMINATED);
  if (page->type && !e.type) {
    fail(&e, "its Event type is unknown");
  } else {
    runs[page->about](&e);
    judge(&e);
  }
  evc_schema_free(e.schema);
}

static void run_page(evc_code code) {
  const evc_page *page = &evc_pages[code];
  if (!page->what) {
    printf("%s: there is no page\n", evc_code_name(code));
    failures++;
    return;
  }
  if (page->also && evc_code_severity(evc_code_find(page->also, EVC_NUL_TERMINATED)) == EVC_ERROR) {
    printf("%s: its page names as a warning what is none, %s\n", evc_code_name(code), page->also);
    failures++;
  }
  run(page, false);
  run(page, true);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: pages_test EVCALC SCRATCH\n");
    return 2;
  }
  evcalc = argv[1];
  scratch = argv[2];
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++) run_page((evc_code)code);
  remove(scratch);
  printf("%d pages, %zu failures\n", EVC_CODE_END - EVC_CODE_NONE - 1, failures);
  return failures ? 1 : 0;
}
