/* From the caller's text to a tree, and what can be said of a tree without an Event type. */
#include <string.h>

#include "../base/decimal.h"
#include "../base/text.h"
#include "../base/utf8.h"
#include "../schema/schema.h"
#include "../syntax/parse.h"
#include "check.h"

enum { LARGEST_TEXT = 16 * 1024 * 1024 };

/* What compiling a byte of text takes at most, as a rule: one block of that size instead of many is a
** third of the time for 64 KB, because glibc then keeps the memory from one text to the next. */
enum { MEMORY_A_BYTE = 64, LARGEST_FIRST = 8 * 1024 * 1024 };

static uint32_t limit_or(uint32_t given, uint32_t standard, uint32_t most) {
  uint32_t limit = given ? given : standard;
  return limit < most ? limit : most;
}

evc_limits evc_check_limits(const evc_limits *given) {
  return (evc_limits){
      .text = limit_or(given->text, EVC_DEFAULT_TEXT_LIMIT, LARGEST_TEXT),
      .depth = limit_or(given->depth, EVC_DEFAULT_DEPTH_LIMIT, EVC_DEFAULT_DEPTH_LIMIT),
      .nodes = limit_or(given->nodes, EVC_DEFAULT_NODE_LIMIT, LARGEST_TEXT),
      .arguments = limit_or(given->arguments, EVC_DEFAULT_ARGUMENT_LIMIT, LARGEST_TEXT),
  };
}

static bool is_blank(evc_text text) {
  size_t bom = evc_utf8_bom(text);
  return evc_text_is_blank(bom > 0 ? (evc_text){text.data + bom, text.length - bom} : text);
}

static evc_report *too_long(const evc_options *options, size_t length, uint32_t limit) {
  char digits[2][EVC_DECIMAL_TEXT];
  evc_text args[] = {{digits[0], evc_decimal_write((double)length, digits[0])},
                     {digits[1], evc_decimal_write(limit, digits[1])}};
  return evc_describe_single(options, EVC_MSG_TEXT_TOO_LONG, args, 2);
}

bool evc_check_parse(evc_tree *tree, evc_arena *arena, evc_text text, const evc_options *options,
                     evc_lexemes *lexemes, evc_report **report) {
  evc_limits limits = evc_check_limits(&options->limits);
  if (text.length > limits.text) {
    *report = too_long(options, text.length, limits.text);
    return false;
  }
  if (is_blank(text)) {
    *report = evc_describe_single(options, EVC_MSG_CALCULATION_MISSING, NULL, 0);
    return false;
  }
  size_t expected = text.length * MEMORY_A_BYTE;
  arena->expected = expected < LARGEST_FIRST ? expected : LARGEST_FIRST;
  evc_text source = evc_arena_text(arena, text.data, text.length);
  if (!source.data) {
    *report = evc_report_out_of_memory();
    return false;
  }
  evc_parse_keeping(tree, arena, source.data, (uint32_t)source.length, &limits, lexemes);
  return true;
}

bool evc_check_text(evc_checked *checked, evc_tree *tree, evc_arena *arena,
                    const evc_event_type *type, evc_text text, const evc_options *options,
                    evc_lexemes *lexemes, bool untold, evc_report **report) {
  if (!evc_check_parse(tree, arena, text, options, lexemes, report)) return false;
  evc_check(checked, tree, type, options);
  *report = NULL;
  if (untold) return !tree->out_of_memory && !arena->failed && !evc_check_failed(checked);
  if (tree->findings.count || tree->out_of_memory) *report = evc_describe(checked);
  if (!arena->failed) return evc_report_errors(*report) == 0;
  /* The report may lack something. */
  evc_report_free(*report);
  *report = evc_report_out_of_memory();
  return false;
}

/* The checker is run for what the wording needs of it; what it finds itself is dropped. */
evc_report *evc_check_syntax(evc_tree *tree, const evc_options *options) {
  static const evc_event_type no_fields = {.name = {"", 0}};
  evc_checked checked;
  size_t count = tree->findings.count;
  if (count == 0 && !tree->out_of_memory) return NULL;
  evc_check(&checked, tree, &no_fields, options);
  tree->findings.count = count;
  evc_report *report = evc_describe(&checked);
  if (!tree->arena->failed) return report;
  evc_report_free(report); /* it may lack something */
  return evc_report_out_of_memory();
}
