/* Reports about JSON input. */
#include "tell.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "../base/utf8.h"
#include "grammar.h"

evc_teller evc_teller_of(const evc_allocator *allocator, evc_text whole, evc_report **report) {
  if (report) *report = NULL;
  return (evc_teller){allocator, whole, report, 0, 0};
}

evc_status evc_tell_report(const evc_teller *teller, evc_report *report) {
  const evc_diagnostic *first = evc_report_at(report, 0);
  bool out_of_memory = first && first->code == EVC_CODE_OUT_OF_MEMORY;
  if (teller->report) *teller->report = report;
  else evc_report_free(report);
  return out_of_memory ? EVC_OUT_OF_MEMORY : EVC_INVALID;
}

/* The character at an offset; nothing at the end. */
static evc_span span_at(evc_text whole, size_t offset) {
  if (offset == EVC_NO_PLACE) return (evc_span){.none = true};
  if (offset >= whole.length) return (evc_span){.start = offset, .end = offset};
  const char *at = whole.data + offset;
  evc_utf8_next(&at, whole.data + whole.length);
  return (evc_span){.start = offset, .end = (size_t)(at - whole.data)};
}

evc_status evc_tell_message(const evc_teller *teller, size_t offset, evc_message message,
                            const evc_text *args, size_t arg_count) {
  if (!teller->report) return EVC_INVALID;
  evc_text whole = teller->whole;
  evc_report *told = evc_report_single(teller->allocator, message, span_at(whole, offset), args,
                                       arg_count, whole.data, whole.length);
  return evc_tell_report(teller, evc_report_move(told, teller->offset, teller->lines));
}

static evc_status tell_fault(const evc_teller *teller, size_t offset, evc_json_fault fault) {
  evc_text args[] = {evc_text_of(evc_json_reason(fault)), evc_text_of(evc_json_help(fault))};
  return evc_tell_message(teller, offset, EVC_MSG_JSON_MALFORMED, args, 2);
}

static evc_status tell_malformed(const evc_teller *teller, evc_text piece) {
  size_t at;
  evc_json_fault fault = evc_json_check(piece, &at);
  /* Only simdjson saw it: it reads on where brackets do not match. */
  if (fault == EVC_JSON_SOUND) fault = EVC_JSON_STRUCTURE, at = 0;
  return tell_fault(teller, (size_t)(piece.data - teller->whole.data) + at, fault);
}

evc_status evc_tell_status(const evc_teller *teller, evc_status status, evc_text piece) {
  if (!teller->report) return status == EVC_OUT_OF_MEMORY ? EVC_OUT_OF_MEMORY : EVC_INVALID;
  if (status == EVC_OUT_OF_MEMORY) return evc_tell_report(teller, evc_report_out_of_memory());
  if (status != EVC_LIMIT) return tell_malformed(teller, piece);
  return tell_fault(teller, (size_t)(piece.data - teller->whole.data), EVC_JSON_SIZE);
}

static const char *with_article(evc_kind kind) {
  switch (kind) {
  case EVC_KIND_NULL: return "null";
  case EVC_KIND_STRING: return "a string";
  case EVC_KIND_BOOLEAN: return "a boolean";
  case EVC_KIND_MAP: return "an object";
  case EVC_KIND_ARRAY: return "an array";
  default: return "a number";
  }
}

evc_status evc_tell_shape(const evc_teller *teller, size_t offset, const char *before,
                          evc_text name, evc_kind found, const char *expected) {
  if (!teller->report) return EVC_INVALID;
  char buffer[256];
  evc_arena arena;
  evc_arena_init(&arena, teller->allocator, buffer, sizeof buffer);
  evc_builder what;
  evc_build_init(&what, &arena);
  evc_build_string(&what, before);
  if (name.data) {
    evc_build_string(&what, " '");
    evc_build_text(&what, name);
    evc_build_char(&what, '\'');
  }
  evc_build_string(&what, " is ");
  evc_build_string(&what, with_article(found));
  evc_text text = evc_build_end(&what);
  evc_text args[] = {text, {expected, strlen(expected)}};
  evc_status status =
      text.data ? evc_tell_message(teller, offset, EVC_MSG_JSON_SHAPE, args, 2)
                : evc_tell_report(teller, evc_report_out_of_memory());
  evc_arena_free(&arena);
  return status;
}
