/* re2c's scanner alone, and Lemon's parser with it, into a bump arena on the stack. */
#include "floor.h"

#include "syntax/parse.h"
#include "syntax/token.h"

enum { SCRATCH = 8192 };

static const evc_limits limits = {EVC_DEFAULT_TEXT_LIMIT, EVC_DEFAULT_DEPTH_LIMIT,
                                  EVC_DEFAULT_NODE_LIMIT, EVC_DEFAULT_ARGUMENT_LIMIT};

size_t bench_scan(const char *text, size_t length) {
  _Alignas(16) char scratch[SCRATCH];
  evc_arena arena;
  evc_arena_init(&arena, NULL, scratch, sizeof scratch);
  evc_tree tree = {.arena = &arena, .source = text, .source_length = (uint32_t)length};
  tree.limits = limits;
  const unsigned char *start = (const unsigned char *)text;
  evc_scanner scanner = {.tree = &tree, .cursor = start, .start = start, .limit = start + length};
  size_t tokens = 0;
  while (evc_scan(&scanner) != EVC_TOKEN_END) tokens++;
  evc_arena_free(&arena);
  return tokens;
}

size_t bench_parse(const char *text, size_t length) {
  _Alignas(16) char scratch[SCRATCH];
  evc_arena arena;
  evc_arena_init(&arena, NULL, scratch, sizeof scratch);
  evc_tree tree;
  evc_parse(&tree, &arena, text, (uint32_t)length, &limits);
  size_t nodes = tree.count;
  evc_arena_free(&arena);
  return nodes;
}
