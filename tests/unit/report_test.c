/* How reports are rendered: excerpts, carets, labels, cutting, escaping, colours, no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/base/text.h"
#include "../../src/base/width.h"
#include "../../src/report/draft.h"
#include "../../src/report/render.h"

static const evc_text no_args[1] = {{"", 0}};

static evc_text text_of(const char *s) { return (evc_text){s, strlen(s)}; }

/* The report on `text` of one diagnostic at [start, end), `message` with `arg`. */
static evc_report *begin_report(evc_message message, size_t start, size_t end, const char *arg,
                                evc_diagnostic **diagnostic) {
  evc_report *report = evc_report_new(NULL);
  evc_text args[4] = {text_of(arg), text_of("a.type"), text_of("a.b"), text_of("c.d")};
  *diagnostic = evc_report_add(report, message, (evc_span){start, end, false}, args, 4);
  return report;
}

static char *print(const evc_report *report, const char *text, size_t length, const char *name,
                   evc_style style) {
  char *out = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&out, &size);
  assert_non_null(file);
  assert_int_equal(evc_report_print(report, text, length, name, style, file), EVC_OK);
  assert_int_equal(fclose(file), 0);
  char *copy = strdup(out); /* gcc 12 takes `out` itself for a pointer to this frame */
  free(out);
  assert_non_null(copy);
  return copy;
}

static void finish_and_compare(evc_report *report, const char *text, size_t length,
                               const char *name, evc_style style, const char *expected) {
  report = evc_report_finish(report, text, length);
  char *out = print(report, text, length, name, style);
  assert_string_equal(out, expected);
  free(out);
  evc_report_free(report);
}

/* The usual case: one diagnostic "comment" at [start, end), without label or name. Only what stands
** from the excerpt's first source line to before the help is compared. */
static void compare_excerpt(const char *text, size_t length, size_t start, size_t end,
                            const char *expected) {
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_COMMENT, start, end, "", &d);
  report = evc_report_finish(report, text, length);
  char *out = print(report, text, length, NULL, EVC_STYLE_CARET);
  char *from = strstr(out, "|\n"), *to = strstr(out, "= help");
  assert_non_null(from);
  assert_non_null(to);
  while (*to != '|') to--;
  while (*to != '\n') to--;
  to[1] = '\0';
  assert_string_equal(from + 2, expected);
  free(out);
  evc_report_free(report);
}

static void caret_style(void **state) {
  (void)state;
  const char *text = "new.amount >= 5000 AND new.curency == \"USD\"";
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_UNKNOWN_FIELD_NEAR, 23, 34, "new.curency", &d);
  finish_and_compare(report, text, strlen(text), "request.txt", EVC_STYLE_CARET,
                     "error[unknown-field]: unknown field 'new.curency' on a.type\n"
                     " --> request.txt:1:24\n"
                     "  |\n"
                     "1 | new.amount >= 5000 AND new.curency == \"USD\"\n"
                     "  |                        ^^^^^^^^^^^\n"
                     "  |\n"
                     "  = help: did you mean a.b?\n"
                     "\n");
}

static void without_name(void **state) {
  (void)state;
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_OUT_OF_MEMORY, 4, 5, "", &d);
  finish_and_compare(report, "1 / 0", 5, NULL, EVC_STYLE_CARET,
                     "error[out-of-memory]: out of memory\n"
                     " --> line 1, column 5\n"
                     "  |\n"
                     "1 | 1 / 0\n"
                     "  |     ^\n"
                     "\n");
}

static void without_span(void **state) {
  (void)state;
  evc_report *report = evc_report_new(NULL);
  evc_span none = {0, 0, true};
  evc_report_add(report, EVC_MSG_CALCULATION_MISSING, none, no_args, 0);
  report = evc_report_finish(report, "", 0);
  char *out = print(report, NULL, 0, NULL, EVC_STYLE_CARET);
  assert_string_equal(out, "error[calculation-missing]: there is no calculation\n"
                           "  = help: write a condition such as new.amount >= 1000, or true to "
                           "fire always\n\n");
  free(out);
  out = print(report, NULL, 0, "a.json", EVC_STYLE_CARET);
  assert_non_null(strstr(out, "\n --> a.json\n"));
  free(out);
  evc_report_free(report);
}

static void line_style(void **state) {
  (void)state;
  const char *text = "a\n  AND b";
  evc_report *report = evc_report_new(NULL);
  evc_text args[3] = {text_of("AND"), text_of("b"), text_of("c")};
  evc_report_add(report, EVC_MSG_PRECEDENCE, (evc_span){0, 1, false}, args, 2);
  evc_report_add(report, EVC_MSG_WRONG_CASE, (evc_span){4, 7, false}, args, 2);
  finish_and_compare(report, text, strlen(text), NULL, EVC_STYLE_LINE,
                     "warning: line 1, column 1: m3ter does not document how AND is read; evcalc "
                     "reads b; add the parentheses\n"
                     "line 2, column 3: 'AND' must be written b\n");
}

static void fix_in_place_of_help(void **state) {
  (void)state;
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_WRONG_CASE, 2, 5, "and", &d);
  evc_text arg = text_of("AND");
  evc_fix *fix = evc_report_fix(report, d, true, EVC_PHRASE_REPLACE, &arg, 1);
  evc_report_edit(report, fix, 2, 5, arg);
  finish_and_compare(report, "a and b", 7, NULL, EVC_STYLE_CARET,
                     "error[wrong-case]: 'and' must be written a.type\n"
                     " --> line 1, column 3\n"
                     "  |\n"
                     "1 | a and b\n"
                     "  |   ^^^\n"
                     "  |\n"
                     "  = help: write AND\n"
                     "\n");
}

/* Labels at the given spans, with their texts; expected is the excerpt below the source line. */
typedef struct label_case {
  const char *text;
  size_t start, end;
  struct {
    size_t start, end;
    const char *text;
  } labels[10];
  const char *expected;
} label_case;

static const label_case label_cases[] = {
    {"new.amount == new.currency",
     0,
     26,
     {{0, 10, "a Number"}, {14, 26, "a String"}},
     "1 | new.amount == new.currency\n"
     "  | ----------^^^^------------ a String\n"
     "  | |\n"
     "  | a Number\n"},
    {/* the primary goes on behind the last label: nothing can stand beside it */
     "(new.amount + new.currency)",
     0,
     27,
     {{1, 11, "a Number"}, {14, 26, "a String"}},
     "1 | (new.amount + new.currency)\n"
     "  | ^----------^^^------------^\n"
     "  |  |            |\n"
     "  |  a Number     a String\n"},
    {/* a text that would run into the next bar waits for a row of its own */
     "a + b + c",
     0,
     9,
     {{0, 1, "first"}, {4, 5, "second"}, {8, 9, "third"}},
     "1 | a + b + c\n"
     "  | -^^^-^^^- third\n"
     "  | |   |\n"
     "  | |   second\n"
     "  | first\n"},
    {/* two labels at one place */
     "a + b",
     2,
     3,
     {{0, 1, "one"}, {0, 1, "two"}},
     "1 | a + b\n"
     "  | - ^\n"
     "  | |\n"
     "  | one\n"
     "  | two\n"},
    {/* a label on the very span of the diagnostic */
     "a + b",
     0,
     1,
     {{0, 1, "one"}},
     "1 | a + b\n"
     "  | ^\n"
     "  | |\n"
     "  | one\n"},
    {/* labels that cover all of the span leave it one column */
     "ab",
     0,
     2,
     {{0, 1, "one"}, {1, 2, "two"}},
     "1 | ab\n"
     "  | ^- two\n"
     "  | |\n"
     "  | one\n"},
    {/* a label that is longer, but not on this line, does not hide the span */
     "a b\nc",
     0,
     3,
     {{0, 5, "all of it"}},
     "1 | a b\n"
     "  | ^^^\n"
     "2 | c\n"
     "  | - all of it\n"},
    {/* another line, before; the line between is shown */
     "f(a,\n\n  b c",
     10,
     11,
     {{1, 2, "opened here"}},
     "1 | f(a,\n"
     "  |  - opened here\n"
     "2 |\n"
     "3 |   b c\n"
     "  |     ^\n"},
    {/* far lines, with a gap */
     "f(a,\n1,\n2,\n3,\nb c",
     14,
     15,
     {{1, 2, "opened here"}},
     "1 | f(a,\n"
     "  |  - opened here\n"
     "...\n"
     "5 | b c\n"
     "  | ^\n"},
};

static void labels(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof label_cases / sizeof *label_cases; i++) {
    const label_case *c = &label_cases[i];
    evc_diagnostic *d;
    evc_report *report = begin_report(EVC_MSG_OUT_OF_MEMORY, c->start, c->end, "", &d);
    for (size_t k = 0; c->labels[k].text; k++) {
      evc_text arg = text_of(c->labels[k].text);
      evc_report_label(report, d, c->labels[k].start, c->labels[k].end, EVC_PHRASE_TYPE, &arg, 1);
    }
    report = evc_report_finish(report, c->text, strlen(c->text));
    char *out = print(report, c->text, strlen(c->text), NULL, EVC_STYLE_CARET);
    char *from = strstr(out, "|\n");
    assert_non_null(from);
    out[strlen(out) - 1] = '\0'; /* the empty line after a diagnostic */
    assert_string_equal(from + 2, c->expected);
    free(out);
    evc_report_free(report);
  }
}

static void more_labels_than_shown(void **state) {
  (void)state;
  const char *text = "((((((((((((a";
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_MISSING_OPERAND_AT_END, 13, 13, "a", &d);
  for (size_t i = 0; i < 12; i++)
    evc_report_label(report, d, i, i + 1, EVC_PHRASE_OPENED_HERE, NULL, 0);
  report = evc_report_finish(report, text, strlen(text));
  char *out = print(report, text, strlen(text), NULL, EVC_STYLE_CARET);
  assert_non_null(strstr(out, "1 | ((((((((((((a\n  | --------     ^\n  | ||||||||\n"));
  assert_non_null(strstr(out, "= note: and 4 more places\n"));
  free(out);
  evc_report_free(report);
}

static void tabs(void **state) {
  (void)state;
  compare_excerpt("\ta\tb\tc", 6, 3, 4, "1 |     a   b   c\n  |         ^\n");
  compare_excerpt("\ta", 2, 0, 1, "1 |     a\n  | ^^^^\n");
  compare_excerpt("abc\tx", 5, 4, 5, "1 | abc x\n  |     ^\n");
}

static void wide_characters(void **state) {
  (void)state;
  const char *cjk = "new.数量 > x";
  compare_excerpt(cjk, strlen(cjk), 13, 14, "1 | new.数量 > x\n  |            ^\n");
  compare_excerpt(cjk, strlen(cjk), 4, 10, "1 | new.数量 > x\n  |     ^^^^\n");
  const char *emoji = "\"😀\" == x";
  compare_excerpt(emoji, strlen(emoji), 10, 11, "1 | \"😀\" == x\n  |         ^\n");
}

static void combining_characters(void **state) {
  (void)state;
  const char *text = "e\xCC\x81t\xCC\x81 + x"; /* é and t with an acute, each two code points */
  compare_excerpt(text, strlen(text), 9, 10, "1 | e\xCC\x81t\xCC\x81 + x\n  |      ^\n");
  compare_excerpt(text, strlen(text), 0, 3, "1 | e\xCC\x81t\xCC\x81 + x\n  | ^\n");
  compare_excerpt(text, strlen(text), 4, 6, "1 | e\xCC\x81t\xCC\x81 + x\n  |  ^\n");
}

static void escapes(void **state) {
  (void)state;
  compare_excerpt("a\x1B[31mb c", 9, 8, 9, "1 | a\\u001B[31mb c\n  |              ^\n");
  compare_excerpt("a\x1B[31mb c", 9, 1, 2, "1 | a\\u001B[31mb c\n  |  ^^^^^^\n");
  compare_excerpt("a\xFF\xC3 b", 5, 4, 5, "1 | a\\xFF\\xC3 b\n  |           ^\n");
  compare_excerpt("a\xE2\x80\xAE b", 6, 5, 6, "1 | a\\u202E b\n  |         ^\n");
  compare_excerpt("a\xC2\x85 b", 5, 4, 5, "1 | a\\u0085 b\n  |         ^\n");
  compare_excerpt("a\0 b", 4, 3, 4, "1 | a\\u0000 b\n  |         ^\n");
}

static void line_ends(void **state) {
  (void)state;
  compare_excerpt("a\r\nb c\r\nd", 9, 5, 6, "2 | b c\n  |   ^\n");
  compare_excerpt("a\rb c\rd", 7, 4, 5, "2 | b c\n  |   ^\n");
  compare_excerpt("a\n\nb c", 6, 5, 6, "3 | b c\n  |   ^\n");
  compare_excerpt("a +", 3, 3, 3, "1 | a +\n  |    ^\n");
  compare_excerpt("a +\n\n", 5, 3, 3, "1 | a +\n  |    ^\n");
  compare_excerpt("a +\n", 4, 4, 4, "2 |\n  | ^\n");
  compare_excerpt("ab\r\ncd", 6, 2, 3, "1 | ab\n  |   ^\n");
  compare_excerpt("ab\r\ncd", 6, 3, 4, "1 | ab\n  |   ^\n");
  compare_excerpt("", 0, 0, 0, "1 |\n  | ^\n");
  compare_excerpt("\xEF\xBB\xBF" "a b", 6, 5, 6, "1 | a b\n  |   ^\n");
}

static void wide_gutter(void **state) {
  (void)state;
  char text[64];
  size_t length = 0;
  for (int i = 0; i < 9; i++) text[length++] = '\n';
  memcpy(text + length, "a b", 3);
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_TRAILING_COMMA, 11, 12, "", &d);
  evc_text arg = text_of("from here");
  evc_report_label(report, d, 8, 8, EVC_PHRASE_TYPE, &arg, 1);
  finish_and_compare(report, text, length + 3, "x", EVC_STYLE_CARET,
                     "error[trailing-comma]: nothing follows this comma\n"
                     "  --> x:10:3\n"
                     "   |\n"
                     "9  |\n"
                     "   | - from here\n"
                     "10 | a b\n"
                     "   |   ^\n"
                     "   |\n"
                     "   = help: remove it, or add another argument\n"
                     "\n");
}

static void several_lines(void **state) {
  (void)state;
  const char *text = "(a +\n   b)  \n\n  c";
  compare_excerpt(text, strlen(text), 1, strlen(text),
                  "1 | (a +\n"
                  "  |  ^^^\n"
                  "2 |    b)  \n"
                  "  |    ^^\n"
                  "3 |\n"
                  "4 |   c\n"
                  "  |   ^\n");
  const char *many = "a\nb\nc\nd\ne\nf\ng";
  compare_excerpt(many, strlen(many), 0, strlen(many),
                  "1 | a\n"
                  "  | ^\n"
                  "2 | b\n"
                  "  | ^\n"
                  "...\n"
                  "7 | g\n"
                  "  | ^\n");
}

static void long_line(void **state) {
  (void)state;
  char text[5001];
  memset(text, 'x', 5000);
  text[5000] = '\0';
  memcpy(text + 2500, " bad ", 5);
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_OUT_OF_MEMORY, 2501, 2504, "", &d);
  report = evc_report_finish(report, text, 5000);
  char *out = print(report, text, 5000, NULL, EVC_STYLE_CARET);
  const char *source = strstr(out, "1 | …");
  assert_non_null(source);
  size_t shown = strcspn(source, "\n");
  assert_in_range(shown, 60, 130);
  assert_non_null(strstr(source, "x…\n"));
  const char *bad = strstr(source, "bad"), *carets = strstr(source, "^^^\n");
  const char *row = strchr(source, '\n') + 1;
  assert_true(bad && carets);
  /* the ellipsis is three bytes and one column */
  assert_int_equal(bad - source - 2, carets - row);
  free(out);
  evc_report_free(report);
}

/* Both ends of a long span and its labels stay in sight. */
static void long_span(void **state) {
  (void)state;
  char text[5001];
  memset(text, 'x', 5000);
  text[5000] = '\0';
  memcpy(text, "aaa", 3);
  memcpy(text + 4990, " + \"USD\"  ", 10);
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_OUT_OF_MEMORY, 0, 4998, "", &d);
  evc_text left = text_of("a Number"), right = text_of("a String");
  evc_report_label(report, d, 0, 4990, EVC_PHRASE_TYPE, &left, 1);
  evc_report_label(report, d, 4993, 4998, EVC_PHRASE_TYPE, &right, 1);
  finish_and_compare(report, text, 5000, NULL, EVC_STYLE_CARET,
                     "error[out-of-memory]: out of memory\n"
                     " --> line 1, column 1\n"
                     "  |\n"
                     "1 | aaaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                     "xxxxxxxxxx + \"USD\"  \n"
                     "  | ------------------------------------------------------------------------"
                     "---------^^^----- a String\n"
                     "  | |\n"
                     "  | a Number\n"
                     "\n");
}

static void multibyte_long_line(void **state) {
  (void)state;
  char text[3 * 400 + 2];
  for (size_t i = 0; i < 400; i++) memcpy(text + 3 * i, "数", 3);
  text[1200] = '+';
  text[1201] = '\0';
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_OUT_OF_MEMORY, 600, 603, "", &d);
  report = evc_report_finish(report, text, 1201);
  char *out = print(report, text, 1201, NULL, EVC_STYLE_CARET);
  assert_null(strstr(out, "\\x")); /* no character was cut in two */
  const char *source = strstr(out, "1 | …");
  assert_non_null(source);
  const char *row = strchr(source, '\n') + 1;
  /* 25 characters of two columns and the ellipsis are before the span */
  assert_int_equal(strcspn(row, "^"), 4 + 1 + 2 * 25);
  assert_int_equal(strspn(row + strcspn(row, "^"), "^"), 2);
  free(out);
  evc_report_free(report);
}

static void colors(void **state) {
  (void)state;
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_PRECEDENCE, 0, 1, "AND", &d);
  report = evc_report_finish(report, "a", 1);
  char *out = print(report, "a", 1, NULL, EVC_STYLE_CARET_COLOR);
  assert_non_null(strstr(out, "\x1B[1;33mwarning[precedence-undocumented]\x1B[0m"));
  assert_non_null(strstr(out, "\x1B[1;33m^\x1B[0m\n"));
  free(out);
  out = print(report, "a", 1, NULL, EVC_STYLE_CARET);
  assert_null(strchr(out, '\x1B'));
  free(out);
  evc_report_free(report);
}

static void name_is_made_safe(void **state) {
  (void)state;
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_TRAILING_COMMA, 0, 1, "", &d);
  report = evc_report_finish(report, "a", 1);
  char *out = print(report, "a", 1, "b\x1B]0;x\n", EVC_STYLE_CARET);
  assert_non_null(strstr(out, " --> b\\u001B]0;x\\n:1:1\n"));
  free(out);
  evc_report_free(report);
}

static void past_the_capacity(void **state) {
  (void)state;
  evc_report *report = evc_report_new(NULL);
  for (size_t i = 0; i < EVC_REPORT_CAPACITY + 23; i++)
    evc_report_add(report, EVC_MSG_TRAILING_COMMA, (evc_span){0, 1, false}, no_args, 0);
  evc_report_count_only(report, EVC_WARNING);
  report = evc_report_finish(report, "a", 1);
  char *out = print(report, "a", 1, NULL, EVC_STYLE_LINE);
  const char *rest = "\nand 23 more errors\nand 1 more warning\n";
  assert_string_equal(out + strlen(out) - strlen(rest), rest);
  free(out);
  evc_report_free(report);
}

static void hidden_and_raised(void **state) {
  (void)state;
  evc_report *report = evc_report_new(NULL);
  evc_text args[2] = {text_of("AND"), text_of("b")};
  evc_report_add(report, EVC_MSG_PRECEDENCE, (evc_span){0, 1, false}, args, 2);
  evc_report_add(report, EVC_MSG_CHAINED_COMPARISON, (evc_span){0, 1, false}, args, 2);
  report = evc_report_finish(report, "a", 1);
  evc_render_options options = {.style = EVC_STYLE_CARET, .text = {"a", 1}};
  evc_code_set_add(&options.hidden, EVC_CODE_PRECEDENCE_UNDOCUMENTED);
  evc_code_set_add(&options.raised, EVC_CODE_CHAINED_COMPARISON);
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_report_render(&out, report, &options);
  evc_text rendered = evc_build_end(&out);
  assert_non_null(rendered.data);
  assert_null(strstr(rendered.data, "precedence"));
  assert_int_equal(strncmp(rendered.data, "error[chained-comparison]", 25), 0);
  evc_arena_free(&arena);
  evc_report_free(report);
}

static void nothing_to_print(void **state) {
  (void)state;
  char *out = print(NULL, "a", 1, NULL, EVC_STYLE_CARET);
  assert_string_equal(out, "");
  free(out);
}

static void report_of_no_memory(void **state) {
  (void)state;
  char *out = print(evc_report_out_of_memory(), "a", 1, NULL, EVC_STYLE_CARET);
  assert_string_equal(out, "error[out-of-memory]: out of memory\n\n");
  free(out);
}

/* Spans that the text does not have are no reason to read past it. */
static void another_text(void **state) {
  (void)state;
  evc_diagnostic *d;
  evc_report *report = begin_report(EVC_MSG_TRAILING_COMMA, 10, 12, "", &d);
  evc_report_label(report, d, 2, 30, EVC_PHRASE_OPENED_HERE, NULL, 0);
  report = evc_report_finish(report, "0123456789ab", 12);
  char *out = print(report, "abc", 3, NULL, EVC_STYLE_CARET);
  assert_non_null(strstr(out, "error[trailing-comma]"));
  assert_null(strstr(out, "1 |"));
  free(out);
  out = print(report, "0123456789", 10, NULL, EVC_STYLE_CARET);
  assert_non_null(strstr(out, "1 | 0123456789\n"));
  free(out);
  evc_report_free(report);
}

/* An allocator that fails from its nth call on. */
typedef struct failing {
  size_t left;
} failing;

static void *failing_allocate(void *context, size_t size) {
  failing *f = context;
  if (f->left == 0) return NULL;
  f->left--;
  return malloc(size);
}

static void *failing_reallocate(void *context, void *memory, size_t old_size, size_t size) {
  (void)old_size;
  failing *f = context;
  if (f->left == 0) return NULL;
  f->left--;
  return realloc(memory, size);
}

static void failing_release(void *context, void *memory, size_t size) {
  (void)context;
  (void)size;
  free(memory);
}

static void each_allocation_fails(void **state) {
  (void)state;
  char text[6001];
  memset(text, 'x', 6000);
  text[6000] = '\0';
  failing f = {SIZE_MAX};
  evc_allocator allocator = {failing_allocate, failing_reallocate, failing_release, &f};
  evc_report *report = evc_report_new(&allocator);
  for (size_t i = 0; i < 40; i++) {
    evc_diagnostic *d = evc_report_add(
        report, EVC_MSG_TRAILING_COMMA, (evc_span){i * 100, i * 100 + 1500, false}, no_args, 0);
    evc_report_label(report, d, 3000, 4000, EVC_PHRASE_OPENED_HERE, NULL, 0);
  }
  report = evc_report_finish(report, text, 6000);
  bool done = false;
  for (size_t limit = 0; !done; limit++) {
    f.left = limit;
    char *out = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&out, &size);
    evc_status status = evc_report_print(report, text, 6000, NULL, EVC_STYLE_CARET, file);
    fclose(file);
    done = status == EVC_OK;
    if (!done) {
      assert_int_equal(status, EVC_OUT_OF_MEMORY);
      assert_int_equal(size, 0);
    }
    free(out);
    assert_true(limit < 1000);
  }
  f.left = SIZE_MAX;
  evc_report_free(report);
}

static void widths(void **state) {
  (void)state;
  static const struct {
    uint32_t c;
    unsigned width;
  } rows[] = {{'a', 1},    {0xE9, 1},    {0x2026, 1},  {0x301, 0},   {0x6570, 2},  {0xAC00, 2},
              {0x1161, 0}, {0xFF21, 2},  {0xFF71, 1},  {0x1F600, 2}, {0x1F3FB, 2}, {0xFE0F, 0},
              {0x200D, 0}, {0x20000, 2}, {0x2500, 1},  {0x5D0, 1},   {0x64B, 0},   {0x10FFFF, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_int_equal(evc_utf8_width(rows[i].c), rows[i].width);
  assert_int_equal(evc_text_width(text_of("aé数")), 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(caret_style),
      cmocka_unit_test(without_name),
      cmocka_unit_test(without_span),
      cmocka_unit_test(line_style),
      cmocka_unit_test(fix_in_place_of_help),
      cmocka_unit_test(labels),
      cmocka_unit_test(more_labels_than_shown),
      cmocka_unit_test(tabs),
      cmocka_unit_test(wide_characters),
      cmocka_unit_test(combining_characters),
      cmocka_unit_test(escapes),
      cmocka_unit_test(line_ends),
      cmocka_unit_test(wide_gutter),
      cmocka_unit_test(several_lines),
      cmocka_unit_test(long_line),
      cmocka_unit_test(long_span),
      cmocka_unit_test(multibyte_long_line),
      cmocka_unit_test(colors),
      cmocka_unit_test(name_is_made_safe),
      cmocka_unit_test(past_the_capacity),
      cmocka_unit_test(hidden_and_raised),
      cmocka_unit_test(nothing_to_print),
      cmocka_unit_test(report_of_no_memory),
      cmocka_unit_test(another_text),
      cmocka_unit_test(each_allocation_fails),
      cmocka_unit_test(widths),
  };
  return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
