/* Files of notification configurations and of Terraform: what is read of each stands where it is
** said to, and every place and fix in a calculation has its place in the file. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "../src/base/text.h"
#include "../src/base/utf8.h"
#include "../src/json/notifications.h"
#include "../src/json/write.h"
#include "evcalc/calculation.h"
#include "../tests/language/fixes.h"

enum { MOST_OFFSETS = 4096 };

static bool is_inside(evc_json_span span, evc_text whole) {
  return span.start <= span.end && span.end <= whole.length;
}

/* Every byte of the decoded calculation comes from a place between its quotes, in order. */
static void check_offsets(const evc_notification *n, evc_text whole) {
  size_t start = n->calculation_at.start + 1, end = n->calculation_at.end - 1, from = start;
  FUZZ_HOLDS(n->written.data == whole.data + start && n->written.length == end - start, "%zu-%zu",
             start, end);
  FUZZ_HOLDS(whole.data[start - 1] == '"' && whole.data[end] == '"', "no quotes at %zu-%zu", start,
             end);
  FUZZ_HOLDS(evc_notification_offset(n, n->calculation.length) == end, "the end");
  for (size_t i = 0; i < n->calculation.length && i < MOST_OFFSETS; i++) {
    size_t offset = evc_notification_offset(n, i);
    FUZZ_HOLDS(offset >= from && offset < end, "byte %zu is at %zu of %zu-%zu", i, offset, from,
               end);
    FUZZ_HOLDS(whole.data[offset] == '\\' || whole.data[offset] == n->calculation.data[i],
               "byte %zu is not at %zu", i, offset);
    from = offset;
  }
}

/* The fix applied to the text as it is written, and read again, is the fix applied to what it
** means. */
static void check_fix(const evc_notification *n, const evc_fix *fix) {
  evc_arena arena;
  evc_builder out;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_build_init(&out, &arena);
  size_t from = 0, fixed_length, length;
  for (size_t i = 0; i < fix->edit_count; i++) {
    size_t start = evc_json_undecode(n->written, fix->edits[i].start);
    evc_build(&out, n->written.data + from, start - from);
    evc_json_build_inside(&out, fix->edits[i].text);
    from = evc_json_undecode(n->written, fix->edits[i].end);
  }
  evc_build(&out, n->written.data + from, n->written.length - from);
  evc_text written = evc_build_end(&out);
  char *decoded = fuzz_memory(written.length),
       *fixed = fix_apply(n->calculation, fix, &fixed_length);
  FUZZ_HOLDS(evc_json_decode(written, decoded, &length), "%.*s", FUZZ_TEXT(written));
  FUZZ_HOLDS(fixed && length == fixed_length && memcmp(decoded, fixed, length) == 0,
             "written %.*s, meant %.200s", FUZZ_TEXT(written), fixed);
  free(fixed);
  free(decoded);
  evc_arena_free(&arena);
}

static void check_calculation(const evc_notification *n, evc_text whole) {
  evc_text name = n->event_name, text = n->calculation;
  const evc_event_type *type =
      name.data ? evc_schema_find(fuzz_schema(), name.data, name.length) : NULL;
  evc_options options = {.schema = fuzz_schema()};
  evc_report *report;
  check_offsets(n, whole);
  evc_calculation_free(
      evc_compile(type ? type : fuzz_type(), text.data, text.length, &options, &report));
  fuzz_check_json_report(report);
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    size_t start = evc_notification_offset(n, d->start), end = evc_notification_offset(n, d->end);
    FUZZ_HOLDS(start <= end && end < n->calculation_at.end, "%zu-%zu", start, end);
    for (size_t k = 0; k < d->fix_count; k++)
      if (text.length <= MOST_OFFSETS) check_fix(n, &d->fixes[k]);
  }
  evc_report_free(report);
}

static void check_notification(const evc_notification *n, evc_text whole) {
  evc_text texts[] = {n->name, n->code, n->event_name, n->calculation};
  size_t at;
  FUZZ_HOLDS(is_inside(n->at, whole) && is_inside(n->event_name_at, whole) &&
                 is_inside(n->calculation_at, whole) && is_inside(n->wrong_at, whole),
             "a place");
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (texts[i].data)
      FUZZ_HOLDS(evc_utf8_valid(texts[i].data, texts[i].length, &at), "text %zu", i);
  FUZZ_HOLDS((n->calculation_kind == EVC_KIND_STRING) == (n->calculation.data != NULL),
             "the calculation");
  if (n->calculation.data) check_calculation(n, whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  evc_text whole = {(const char *)data, size};
  char *copy = fuzz_copy(whole, false);
  whole.data = copy;
  evc_notification_reader *reader = evc_notification_reader_new(copy, size, NULL);
  evc_notification n;
  evc_report *report;
  evc_status status;
  size_t steps = 0;
  while ((status = evc_notification_reader_next(reader, &n, &report)) != EVC_END) {
    FUZZ_HOLDS(++steps <= size + 1, "it does not end");
    if (status == EVC_OK) {
      FUZZ_HOLDS(!report, "read, with a report");
      FUZZ_HOLDS(whole.data[n.at.start] == '{', "a configuration at %zu", n.at.start);
      check_notification(&n, whole);
    } else {
      fuzz_check_refusal(report, whole, status);
      const evc_diagnostic *d = evc_report_at(report, 0);
      if (!d->has_span) check_notification(&n, whole);
      bool malformed = d->code == EVC_CODE_JSON_MALFORMED;
      FUZZ_HOLDS(malformed == !fuzz_is_json(whole), "malformed: %d", malformed);
    }
    evc_report_free(report);
  }
  evc_notification_reader_free(reader);
  free(copy);
  return 0;
}
