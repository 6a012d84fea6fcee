/* From text to tree: tokens, shapes, spans, recovery, decoded strings, limits. */
#include "calculations.h"

#include "../../src/base/decimal.h"
#include "../../src/base/text.h"
#include "../../src/syntax/parse.h"
#include "../../src/syntax/token.h"
#include "calculation.h"

/* A text and the tree made of it. */
typedef struct parsed {
  evc_arena arena;
  evc_tree tree;
  char *source; /* of the exact size, so that reading past its NUL is noticed */
} parsed;

static void parse(parsed *p, const char *text, size_t length) {
  static const evc_limits limits = {.text = 1 << 24, .depth = 200, .nodes = 1 << 20,
                                    .arguments = 255};
  evc_arena_init(&p->arena, NULL, NULL, 0);
  p->source = malloc(length + 1);
  assert_non_null(p->source);
  memcpy(p->source, text, length);
  p->source[length] = '\0';
  evc_parse(&p->tree, &p->arena, p->source, (uint32_t)length, &limits);
  assert_false(p->tree.out_of_memory);
}

static void drop(parsed *p) {
  evc_arena_free(&p->arena);
  free(p->source);
}

/* Tokens */

static evc_tree scan_into(evc_scanner *s, evc_arena *arena, const char *text) {
  evc_arena_init(arena, NULL, NULL, 0);
  evc_tree tree = {.arena = arena, .source = text, .source_length = (uint32_t)strlen(text)};
  const unsigned char *at = (const unsigned char *)text;
  *s = (evc_scanner){.cursor = at, .start = at, .limit = at + strlen(text)};
  return tree;
}

static void every_token(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int token;
  } cases[] = {
      {"AND", EVC_TOKEN_AND},       {"OR", EVC_TOKEN_OR},       {"null", EVC_TOKEN_WORD},
      {"true", EVC_TOKEN_WORD},     {"false", EVC_TOKEN_WORD},  {"and", EVC_TOKEN_PATH},
      {"nulls", EVC_TOKEN_PATH},    {"new.null", EVC_TOKEN_PATH}, {"new.a_$1", EVC_TOKEN_PATH},
      {"größe", EVC_TOKEN_PATH},    {"$", EVC_TOKEN_PATH},      {"0", EVC_TOKEN_NUMBER},
      {"12.50", EVC_TOKEN_NUMBER},  {"\"a b\"", EVC_TOKEN_STRING}, {"\"\\n\"", EVC_TOKEN_STRING},
      {"\"\"", EVC_TOKEN_STRING},   {"==", EVC_TOKEN_EQ},       {"!=", EVC_TOKEN_NE},
      {"<", EVC_TOKEN_LT},          {"<=", EVC_TOKEN_LE},       {">", EVC_TOKEN_GT},
      {">=", EVC_TOKEN_GE},         {"+", EVC_TOKEN_PLUS},      {"-", EVC_TOKEN_MINUS},
      {"*", EVC_TOKEN_STAR},        {"/", EVC_TOKEN_SLASH},     {"%", EVC_TOKEN_PERCENT},
      {"^", EVC_TOKEN_POW},         {"?", EVC_TOKEN_QUESTION},  {":", EVC_TOKEN_COLON},
      {",", EVC_TOKEN_COMMA},       {"(", EVC_TOKEN_LP},        {")", EVC_TOKEN_RP},
      {"", EVC_TOKEN_END},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[64];
    snprintf(text, sizeof text, " \t\r\n%s ", cases[i].text);
    evc_scanner s;
    evc_arena arena;
    evc_tree tree = scan_into(&s, &arena, text);
    s.tree = &tree;
    assert_int_equal(evc_scan(&s), cases[i].token);
    if (cases[i].token != EVC_TOKEN_END) {
      assert_int_equal((const char *)s.start - text, 4);
      assert_int_equal(s.cursor - s.start, strlen(cases[i].text));
    }
    assert_int_equal(evc_scan(&s), EVC_TOKEN_END);
    assert_int_equal(evc_scan(&s), EVC_TOKEN_END); /* however often it is asked */
    assert_int_equal(tree.findings.count, 0);
    evc_arena_free(&arena);
  }
}

static void tokens_that_touch(void **state) {
  (void)state;
  static const int expected[] = {
      EVC_TOKEN_PATH, EVC_TOKEN_GE,    EVC_TOKEN_MINUS,  EVC_TOKEN_NUMBER, EVC_TOKEN_LP,
      EVC_TOKEN_PATH, EVC_TOKEN_COMMA, EVC_TOKEN_STRING, EVC_TOKEN_RP,     EVC_TOKEN_NE,
      EVC_TOKEN_PATH, EVC_TOKEN_END,
  };
  evc_scanner s;
  evc_arena arena;
  evc_tree tree = scan_into(&s, &arena, "new.a>=-5(b,\"c\")!=d");
  s.tree = &tree;
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    assert_int_equal(evc_scan(&s), expected[i]);
    if (expected[i] == EVC_TOKEN_NUMBER) assert_true(s.number == 5);
  }
  assert_int_equal(tree.findings.count, 0);
  evc_arena_free(&arena);
}

/* Shapes: "(+ 1 (* 2 3))"; a group is "[x]", an error "#", a call "name(x y)". */

static void print_node(evc_builder *b, const evc_tree *tree, uint32_t index) {
  const evc_node *node = &tree->nodes[index];
  switch ((evc_node_kind)node->kind) {
  case EVC_NODE_NUMBER: evc_build_number(b, node->as.number); break;
  case EVC_NODE_BOOLEAN: evc_build_string(b, node->as.boolean ? "true" : "false"); break;
  case EVC_NODE_NULL: evc_build_string(b, "null"); break;
  case EVC_NODE_PATH: evc_build_text(b, evc_tree_text(tree, node)); break;
  case EVC_NODE_STRING:
    evc_build_char(b, '"');
    evc_build_quoted(b, evc_tree_text(tree, node), 999);
    evc_build_char(b, '"');
    break;
  case EVC_NODE_GROUP:
    evc_build_char(b, '[');
    print_node(b, tree, node->as.child.left);
    evc_build_char(b, ']');
    break;
  case EVC_NODE_CALL: {
    evc_build_text(b, evc_tree_name(tree, node));
    evc_build_char(b, '(');
    uint32_t argument = node->as.call.first;
    for (uint32_t i = 0; i < node->as.call.count; i++, argument = tree->nodes[argument].next) {
      if (i) evc_build_char(b, ' ');
      print_node(b, tree, argument);
    }
    evc_build_char(b, ')');
    break;
  }
  case EVC_NODE_UNARY:
  case EVC_NODE_BINARY:
  case EVC_NODE_CONDITIONAL:
  case EVC_NODE_CAST:
  case EVC_NODE_BETWEEN: {
    uint32_t operands[] = {node->as.child.left, node->as.child.right, node->as.child.third};
    evc_build_char(b, '(');
    evc_build_string(b, node->kind == EVC_NODE_CAST      ? "cast"
                        : node->kind == EVC_NODE_BETWEEN ? "between"
                                                         : evc_operators[node->op].spelling);
    for (size_t i = 0; i < 3; i++) {
      if (operands[i] == EVC_NO_NODE) continue;
      evc_build_char(b, ' ');
      print_node(b, tree, operands[i]);
    }
    evc_build_char(b, ')');
    break;
  }
  default: evc_build_char(b, '#'); break;
  }
}

/* The tree of a text, and how many findings there are. */
static void has_shape(const char *text, size_t findings, const char *shape) {
  parsed p;
  parse(&p, text, strlen(text));
  evc_builder b;
  evc_build_init(&b, &p.arena);
  print_node(&b, &p.tree, p.tree.root);
  const char *printed = evc_build_end(&b).data;
  if (strcmp(printed, shape) != 0 || p.tree.findings.count != findings)
    fail_msg("%s: %s with %zu findings, not %s with %zu", text, printed, p.tree.findings.count,
             shape, findings);
  drop(&p);
}

static void shapes(void **state) {
  (void)state;
  has_shape("1 + 2 * 3", 0, "(+ 1 (* 2 3))");
  has_shape("1 - 2 - 3", 0, "(- (- 1 2) 3)");
  has_shape("8 / 4 * 2 % 3", 0, "(% (* (/ 8 4) 2) 3)");
  has_shape("2 ^ 3 ^ 2", 0, "(^ 2 (^ 3 2))");
  has_shape("-2 ^ 2", 0, "(- (^ 2 2))");
  has_shape("2 ^ -1 ^ 3", 0, "(^ 2 (- (^ 1 3)))");
  has_shape("2 ^ -1 * 3", 0, "(* (^ 2 (- 1)) 3)");
  has_shape("- + -1", 0, "(- (+ (- 1)))");
  has_shape("-1 * -2", 0, "(* (- 1) (- 2))");
  has_shape("a OR b AND c OR d", 0, "(OR (OR a (AND b c)) d)");
  has_shape("a AND b == c < d + e", 0, "(AND a (== b (< c (+ d e))))");
  has_shape("a == b != c", 0, "(!= (== a b) c)");
  has_shape("a < b <= c", 0, "(<= (< a b) c)");
  has_shape("a ? b : c ? d : e", 0, "(? a b (? c d e))");
  has_shape("a ? b ? c : d : e", 0, "(? a (? b c d) e)");
  has_shape("a OR b ? c AND d : e OR f", 0, "(? (OR a b) (AND c d) (OR e f))");
  has_shape("(1 + 2) * ((3))", 0, "(* [(+ 1 2)] [[3]])");
  has_shape("Math.max(1, 2 + 3, f()) > 0", 0, "(> Math.max(1 (+ 2 3) f()) 0)");
  has_shape("f (a)", 0, "f(a)");
  has_shape("\xEF\xBB\xBF" "a", 0, "a");
  has_shape("new.null == null", 0, "(== new.null null)");
}

static void shapes_after_mistakes(void **state) {
  (void)state;
  has_shape("a && b || c", 2, "(OR (AND a b) c)");
  has_shape("a = 'x'", 2, "(== a \"x\")");
  has_shape("!a", 1, "(== a false)");
  has_shape("NOT a == b", 1, "(== (== a b) false)");
  has_shape("a IN (1, 2)", 1, "(a 1 2)");
  has_shape("a NOT IN (1)", 1, "(== (a 1) false)");
  has_shape("a BETWEEN 1 AND 2 AND b", 1, "(AND (between a 1 2) b)");
  has_shape("a IS NULL", 1, "(== a null)");
  has_shape("a IS NOT NULL", 1, "(!= a null)");
  has_shape("IF(a, b, c)", 1, "(? a b c)");
  has_shape("AND(a, b, c)", 1, "(AND (AND a b) c)");
  has_shape("(string) a == b", 1, "(== (cast a) b)");
  has_shape("f(a,)", 1, "f(a)");
  has_shape("(a", 1, "[a]");
  has_shape("((a == 1) OR b", 1, "[(OR [(== a 1)] b)]");
  has_shape("a)", 1, "a");
  has_shape("{{a}} == 1", 1, "(== a 1)");
  has_shape("1,000 == 1", 1, "(== 1000 1)");
  has_shape("f(1,000)", 1, "f(1 0)");
}

/* Recovery: an error costs its argument, its parenthesis, or the whole; what is around it stays. */
static void recovery(void **state) {
  (void)state;
  has_shape("(a b) AND c", 1, "(AND # c)");
  has_shape("f(a b, c, d e) AND g", 2, "(AND f(# c #) g)");
  has_shape("f(a b) AND g", 1, "(AND f(#) g)");
  has_shape("f(1, a b c d, 2)", 1, "f(1 # 2)");
  has_shape("f(a b, c d, e g)", 3, "f(# # #)");
  has_shape("a b", 1, "#");
  has_shape("() AND c", 1, "(AND # c)");
  has_shape("f(, 1)", 1, "f(# 1)");
  has_shape("f(1, , 2)", 1, "f(1 # 2)");
  has_shape("a AND", 1, "#");
  has_shape("(a AND) OR b", 1, "(OR # b)");
}

/* Every node's text is its part of the source. */
static void spans(void **state) {
  (void)state;
  parsed p;
  const char *text = "  (new.a + 1) * f( b , -\"x\\n\" ) ? null : {{c}}";
  parse(&p, text, strlen(text));
  static const struct {
    evc_node_kind kind;
    const char *source;
  } nodes[] = {
      {EVC_NODE_PATH, "new.a"},   {EVC_NODE_NUMBER, "1"},
      {EVC_NODE_BINARY, "new.a + 1"}, {EVC_NODE_GROUP, "(new.a + 1)"},
      {EVC_NODE_PATH, "b"},       {EVC_NODE_STRING, "\"x\\n\""},
      {EVC_NODE_UNARY, "-\"x\\n\""}, {EVC_NODE_CALL, "f( b , -\"x\\n\" )"},
      {EVC_NODE_BINARY, "(new.a + 1) * f( b , -\"x\\n\" )"}, {EVC_NODE_NULL, "null"},
      {EVC_NODE_PATH, "c"},
      {EVC_NODE_CONDITIONAL, "(new.a + 1) * f( b , -\"x\\n\" ) ? null : {{c"},
  };
  assert_int_equal(p.tree.count, sizeof nodes / sizeof *nodes);
  for (size_t i = 0; i < p.tree.count; i++) {
    assert_int_equal(p.tree.nodes[i].kind, nodes[i].kind);
    evc_text source = evc_tree_source(&p.tree, &p.tree.nodes[i]);
    if (!text_is(source, nodes[i].source))
      fail_msg("%.*s, not %s", (int)source.length, source.data, nodes[i].source);
  }
  assert_int_equal(p.tree.root, p.tree.count - 1);
  assert_int_equal(p.tree.findings.count, 1);
  assert_int_equal(p.tree.findings.list[0].start, strlen(text) - 5);
  drop(&p);
}

static void findings_point_at_the_mistake(void **state) {
  (void)state;
  static const struct {
    const char *text;
    evc_code code;
    uint32_t start, end;
  } cases[] = {
      {"a & b", EVC_CODE_UNDOCUMENTED_OPERATOR, 2, 3},
      {"a == 007", EVC_CODE_MALFORMED_NUMBER, 5, 8},
      {"a == 1e3", EVC_CODE_MALFORMED_NUMBER, 5, 8},
      {"a == 5.", EVC_CODE_MALFORMED_NUMBER, 5, 7},
      {"a == .5", EVC_CODE_MALFORMED_NUMBER, 5, 7},
      {"\"abc", EVC_CODE_UNCLOSED_STRING, 0, 4},
      {"\"a\\x\"", EVC_CODE_BAD_ESCAPE, 2, 4},
      {"\"\\ud800\"", EVC_CODE_BAD_ESCAPE, 1, 7},
      {"\"\x01\"", EVC_CODE_CONTROL_IN_STRING, 1, 2},
      {"\"\xFF\"", EVC_CODE_INVALID_UTF8, 1, 2},
      {"a \xFF", EVC_CODE_INVALID_UTF8, 2, 3},
      {"a ~ b", EVC_CODE_UNEXPECTED_CHARACTER, 2, 3},
      {"a \xE2\x89\xA4 b", EVC_CODE_LOOKALIKE_CHARACTER, 2, 5},
      {"a // b", EVC_CODE_COMMENT, 2, 6},
      {"a . b", EVC_CODE_BLANK_IN_PATH, 0, 5},
      {"a b", EVC_CODE_ADJACENT_OPERANDS, 2, 3},
      {"a +", EVC_CODE_MISSING_OPERAND, 3, 3},
      {"a + ) b", EVC_CODE_SURPLUS_PARENTHESIS, 4, 5},
      {"(a", EVC_CODE_UNCLOSED_PARENTHESIS, 0, 1},
      {"f(a, )", EVC_CODE_TRAILING_COMMA, 3, 4},
      {"a, b", EVC_CODE_UNEXPECTED_TOKEN, 1, 2},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    parsed p;
    parse(&p, cases[i].text, strlen(cases[i].text));
    const evc_finding *f = p.tree.findings.list;
    if (p.tree.findings.count == 0 || evc_message_code(f->message) != cases[i].code ||
        f->start != cases[i].start || f->end != cases[i].end)
      fail_msg("%s: %zu findings, first %s [%u, %u)", cases[i].text, p.tree.findings.count,
               p.tree.findings.count ? evc_code_name(evc_message_code(f->message)) : "none",
               p.tree.findings.count ? f->start : 0, p.tree.findings.count ? f->end : 0);
    drop(&p);
  }
}

static void strings_are_decoded(void **state) {
  (void)state;
  static const struct {
    const char *text, *value;
    size_t length;
  } cases[] = {
      {"\"\"", "", 0},
      {"\"a b\"", "a b", 3},
      {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8},
      {"\"\\u0041\\u00e9\\u20AC\\ud800\\udf48\"", "Aé€𐍈", 10},
      {"\"a\\u0000b\"", "a\0b", 3},
      {"\"é\\n\"", "é\n", 3},
      {"'it''s \\\"x\\\" \\u0041'", "it's \"x\" A", 10},
      {"“a”", "a", 1},
      {"`a\"b`", "a\"b", 3},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    parsed p;
    parse(&p, cases[i].text, strlen(cases[i].text));
    assert_int_equal(p.tree.nodes[p.tree.root].kind, EVC_NODE_STRING);
    evc_text text = evc_tree_text(&p.tree, &p.tree.nodes[p.tree.root]);
    assert_int_equal(text.length, cases[i].length);
    assert_memory_equal(text.data, cases[i].value, text.length);
    drop(&p);
  }
}

/* Whatever the bytes, the parser ends, and every span is inside the text. */
static void any_text_is_survived(void **state) {
  (void)state;
  static const char *const pieces[] = {
      "a", "new.b", "1", "2.5", ".5", "1,000", "\"s\"", "\"", "'", "(", ")", ",", "?", ":", "AND",
      "OR", "NOT", "!", "IN", "IS", "NULL", "null", "BETWEEN", "LIKE", "AS", "==", "=", "<", "^",
      "-", "--", "+", "*", "**", "%", "/", "//", "/*", "[", "]", "{{a}}", "{", "f(", "IF(", "AND(",
      "(int)", "\\", "\xC2\xA0", "\xE2\x89\xA4", "\xFF", "\n", "\r\n", " ", ";", "#", "é", ".", "~",
  };
  uint64_t seed = 11;
  for (int i = 0; i < 20000; i++) {
    char text[256];
    size_t length = 0, count = 1 + next_random(&seed) % 14;
    for (size_t k = 0; k < count; k++) {
      const char *piece = pieces[next_random(&seed) % (sizeof pieces / sizeof *pieces)];
      length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", piece,
                                 next_random(&seed) % 3 ? " " : "");
    }
    parsed p;
    parse(&p, text, length);
    assert_true(p.tree.root < p.tree.count);
    for (size_t k = 0; k < p.tree.count; k++)
      assert_true(p.tree.nodes[k].start <= p.tree.nodes[k].end && p.tree.nodes[k].end <= length);
    for (size_t k = 0; k < p.tree.findings.count; k++)
      assert_true(p.tree.findings.list[k].start <= p.tree.findings.list[k].end &&
                  p.tree.findings.list[k].end <= length);
    drop(&p);
  }
}

/* Limits, through the public face */

static evc_code first_code(void **state, const char *text, const evc_limits *limits) {
  evc_options options = {.limits = limits ? *limits : (evc_limits){0}};
  evc_report *report;
  evc_calculation *c =
      evc_compile(test_type(*state), text, EVC_NUL_TERMINATED, &options, &report);
  evc_code code = EVC_CODE_NONE;
  for (size_t i = 0; i < evc_report_count(report) && !code; i++)
    if (evc_report_at(report, i)->severity == EVC_ERROR) code = evc_report_at(report, i)->code;
  assert_int_equal(c == NULL, code != EVC_CODE_NONE);
  evc_calculation_free(c);
  evc_report_free(report);
  return code;
}

static void long_chains_compile(void **state) {
  static const char *const terms[][2] = {{"new.vip OR ", "new.closed"},
                                         {"new.vip AND ", "new.closed"},
                                         {"new.amount + ", "1 == 1"},
                                         {"new.amount * ", "1 == 1"},
                                         {"true == ", "new.vip"}};
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
    char *text = repeated("", terms[i][0], 4999, terms[i][1]);
    assert_int_equal(first_code(state, text, NULL), EVC_CODE_NONE);
    free(text);
  }
}

/* How a level is entered: `count` of `open`, the middle, `count` of `close`. */
static const struct nesting {
  const char *open, *middle, *close, *behind;
} nestings[] = {
    {"(", "new.vip", ")", ""},
    {"Math.abs(", "new.amount", ")", " == 1"},
    {"isnull(", "new.amount", ", 1)", " == 1"},
    {"isnull(1, ", "new.amount", ")", " == 1"},
    {"-", "new.amount", "", " == 1"},
    {"+", "1", "", " == 1"},
    {"", "new.amount", " ^ 1", " == 1"},
    {"new.vip ? true : ", "false", "", ""},
    {"new.vip ? ", "true", " : false", ""},
    {"IN(1, ", "1", ", 2) == true AND true", ""},
    {"(new.amount + 1 * ", "2", ")", " == 1"},
};

static char *nested(const struct nesting *n, size_t count) {
  char *before = repeated("", n->open, count, n->middle);
  char *text = repeated(before, n->close, count, n->behind);
  free(before);
  return text;
}

static void two_hundred_levels(void **state) {
  for (size_t i = 0; i < sizeof nestings / sizeof *nestings; i++) {
    if (strncmp(nestings[i].open, "IN", 2) == 0) continue; /* Booleans are no candidates */
    char *text = nested(&nestings[i], 200);
    if (first_code(state, text, NULL) != EVC_CODE_NONE) fail_msg("200 of %s", nestings[i].open);
    free(text);
    text = nested(&nestings[i], 201);
    if (first_code(state, text, NULL) != EVC_CODE_NESTING_TOO_DEEP)
      fail_msg("201 of %s%s", nestings[i].open, nestings[i].close);
    evc_limits more = {.depth = 1000000};
    assert_int_equal(first_code(state, text, &more), EVC_CODE_NESTING_TOO_DEEP);
    free(text);
  }
}

/* With every limit as high as it goes. */
static void a_hundred_thousand(void **state) {
  evc_limits high = {.text = 1 << 24, .depth = 1000000, .nodes = 1 << 24, .arguments = 1 << 24};
  evc_limits long_text = {.text = 1 << 24};
  for (size_t i = 0; i < sizeof nestings / sizeof *nestings; i++) {
    char *text = nested(&nestings[i], 100000);
    assert_int_equal(first_code(state, text, NULL), EVC_CODE_TEXT_TOO_LONG);
    evc_code code = first_code(state, text, &high);
    if (code != EVC_CODE_NESTING_TOO_DEEP)
      fail_msg("%s%s: %s", nestings[i].open, nestings[i].close, evc_code_name(code));
    free(text);
  }
  static const char *const terms[][2] = {{"new.vip OR ", "true"}, {"new.amount + ", "1 == 1"}};
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
    char *text = repeated("", terms[i][0], 99999, terms[i][1]);
    assert_int_equal(first_code(state, text, &long_text), EVC_CODE_TOO_MANY_NODES);
    assert_int_equal(first_code(state, text, &high), EVC_CODE_NONE);
    free(text);
  }
  static const char *const odd[] = {"(", ")", "[", "((a b)", "!", "NOT ", "f(", ",", "? ", ": ",
                                    "a ", "\"", "'", "-", "1 ", "a.", "a IN (", "(int)", "\xFF"};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    char *text = repeated("", odd[i], 100000, "");
    assert_int_not_equal(first_code(state, text, &high), EVC_CODE_NONE);
    free(text);
  }
}

static void arguments_are_limited(void **state) {
  char *text = repeated("Math.max(1", ", 1", 254, ") == 1");
  assert_int_equal(first_code(state, text, NULL), EVC_CODE_NONE);
  free(text);
  text = repeated("Math.max(1", ", 1", 255, ") == 1");
  assert_int_equal(first_code(state, text, NULL), EVC_CODE_TOO_MANY_ARGUMENTS);
  evc_limits more = {.arguments = 256};
  assert_int_equal(first_code(state, text, &more), EVC_CODE_NONE);
  free(text);
}

static void text_is_limited(void **state) {
  char *text = repeated("true", " ", EVC_DEFAULT_TEXT_LIMIT - 4, "");
  assert_int_equal(first_code(state, text, NULL), EVC_CODE_NONE);
  free(text);
  text = repeated("true", " ", EVC_DEFAULT_TEXT_LIMIT - 3, "");
  assert_int_equal(first_code(state, text, NULL), EVC_CODE_TEXT_TOO_LONG);
  free(text);
  assert_int_equal(first_code(state, "", NULL), EVC_CODE_CALCULATION_MISSING);
  assert_int_equal(first_code(state, " \t\r\n", NULL), EVC_CODE_CALCULATION_MISSING);
  assert_int_equal(first_code(state, "\xEF\xBB\xBF", NULL), EVC_CODE_CALCULATION_MISSING);
  assert_false(evc_validate(test_type(*state), "\xEF\xBB\xBF\t true", 4, NULL, NULL));
  assert_false(evc_validate(test_type(*state), " true", 1, NULL, NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_token),
      cmocka_unit_test(tokens_that_touch),
      cmocka_unit_test(shapes),
      cmocka_unit_test(shapes_after_mistakes),
      cmocka_unit_test(recovery),
      cmocka_unit_test(spans),
      cmocka_unit_test(findings_point_at_the_mistake),
      cmocka_unit_test(strings_are_decoded),
      cmocka_unit_test(any_text_is_survived),
      cmocka_unit_test(long_chains_compile),
      cmocka_unit_test(two_hundred_levels),
      cmocka_unit_test(a_hundred_thousand),
      cmocka_unit_test(arguments_are_limited),
      cmocka_unit_test(text_is_limited),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
