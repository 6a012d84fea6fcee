/* The scanner: every byte is looked at once, every token is a piece of the text. */
#include "fuzz.h"

#include <math.h>
#include <stdlib.h>

#include "../src/base/text.h"
#include "../src/base/utf8.h"
#include "../src/syntax/token.h"
#include "calculation.h"

static void check_text(const evc_scanner *s, bool valid) {
  const evc_tree *tree = s->tree;
  uint32_t source = tree->source_length + 1;
  if (s->length == 0) return;
  bool inside = s->at < source ? s->at + s->length <= tree->source_length
                               : s->at + s->length <= source + tree->decoded_length;
  FUZZ_HOLDS(inside, "%u bytes at %u", s->length, s->at);
  const char *text = s->at < source ? tree->source + s->at : tree->decoded + (s->at - source);
  size_t invalid;
  FUZZ_HOLDS(!valid || evc_utf8_valid(text, s->length, &invalid), "%.*s", (int)s->length, text);
}

static void scan(evc_text text, bool commas_separate) {
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  char *source = fuzz_copy(text, true);
  const unsigned char *start = (const unsigned char *)source, *limit = start + text.length;
  evc_tree tree = {.arena = &arena, .source = source, .source_length = (uint32_t)text.length};
  evc_scanner s = {.tree = &tree,
                   .cursor = start,
                   .start = start,
                   .limit = limit,
                   .commas_separate = commas_separate};
  size_t invalid, findings = 0;
  bool valid = evc_utf8_valid(text.data, text.length, &invalid);
  for (int token = -1; token != EVC_TOKEN_END;) {
    const unsigned char *before = s.cursor;
    token = evc_scan(&s);
    FUZZ_HOLDS(s.start >= before && s.cursor >= s.start && s.cursor <= limit, "token %d at %zu-%zu",
               token, (size_t)(s.start - start), (size_t)(s.cursor - start));
    FUZZ_HOLDS(token == EVC_TOKEN_END || s.cursor > s.start, "token %d is empty", token);
    FUZZ_HOLDS(token >= EVC_TOKEN_END, "token %d", token);
    if (token == EVC_TOKEN_NUMBER)
      FUZZ_HOLDS(isfinite(s.number), "at %zu", (size_t)(s.start - start));
    if (token == EVC_TOKEN_STRING || token == EVC_TOKEN_PATH) check_text(&s, valid);
    for (; findings < tree.findings.count; findings++) {
      const evc_finding *f = &tree.findings.list[findings];
      FUZZ_HOLDS(f->start <= f->end && f->end <= text.length, "a finding at %u-%u", f->start,
                 f->end);
    }
  }
  FUZZ_HOLDS(s.cursor == limit, "the end is at %zu", (size_t)(s.cursor - start));
  FUZZ_HOLDS(!tree.out_of_memory, "out of memory");
  free(source);
  evc_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  evc_text text = {size ? (const char *)data : "", size};
  scan(text, false);
  scan(text, true);
  return 0;
}
