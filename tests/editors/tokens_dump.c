/* What the editor's room says of the tokens of many texts, a JSON object a line, for tests that are
** not in C to hold their colours against:
**
**   tokens_dump TABLE…
**
** {"source": "operators.def", "text": "a >= b", "valid": true, "tokens": [[0, 1, "field"], …]}
**
** Offsets are bytes. The texts are those of the tables (of language/ and editor/), and one for
** every row of the tables that the compiler reads. Texts that are not UTF-8 are left out: in an
** editor there are none.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/base/text.h"
#include "../../src/base/utf8.h"
#include "../../src/json/write.h"
#include "../../src/value/language.h"
#include "../language/cases.h"
#include "evcalc/editor.h"

typedef struct dump {
  evc_editor *editor;
  evc_schema *schema;
  const char *source;
} dump;

static void die(const char *what) {
  fprintf(stderr, "tokens_dump: %s\n", what);
  exit(2);
}

static bool is_utf8(evc_text text) {
  const char *at = text.data, *end = at + text.length;
  while (at < end)
    if (evc_utf8_next(&at, end) == EVC_UTF8_INVALID) return false;
  return true;
}

static void tell(const dump *d, evc_text text) {
  if (!is_utf8(text)) return;
  if (evc_editor_set_text(d->editor, text.data, text.length) != EVC_OK) die("out of memory");
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder b;
  evc_build_init(&b, &arena);
  evc_build_char(&b, '{');
  evc_json_build_text_member(&b, true, "source", evc_text_of(d->source));
  evc_json_build_text_member(&b, false, "text", text);
  const evc_report *report = evc_editor_report(d->editor);
  evc_json_build_boolean_member(&b, false, "valid", evc_report_errors(report) == 0);
  evc_json_build_key(&b, false, "tokens");
  size_t count;
  const evc_token *tokens = evc_editor_tokens(d->editor, &count);
  for (size_t i = 0; i < count; i++) {
    char token[96];
    snprintf(token, sizeof token, "%s[%zu, %zu, \"%s\"]", i ? ", " : "[", tokens[i].start,
             tokens[i].end, evc_token_class_name(tokens[i].kind));
    evc_build_string(&b, token);
  }
  evc_build_string(&b, count ? "]}" : "[]}");
  evc_text line = evc_build_end(&b);
  if (!line.data) die("out of memory");
  puts(line.data);
  evc_arena_free(&arena);
}

/* `before`, a spelling, `behind`. */
static void tell_between(const dump *d, const char *before, evc_text spelling, const char *behind) {
  char text[512];
  int length =
      snprintf(text, sizeof text, "%s%.*s%s", before, (int)spelling.length, spelling.data, behind);
  if (length < 0 || (size_t)length >= sizeof text) die("a row that is too long");
  tell(d, (evc_text){text, (size_t)length});
}

/* What the compiler reads */

static void tell_operators(dump *d) {
  d->source = "operators.def";
  for (int op = 0; op < EVC_OP_END; op++) {
    evc_text spelling = evc_text_of(evc_operators[op].spelling);
    bool condition = op == EVC_OP_CONDITION, sign = op == EVC_OP_PLUS || op == EVC_OP_MINUS;
    tell_between(d, sign ? "1 == " : "new.a ", spelling, condition ? " 1 : 2" : " new.b");
    tell_between(d, sign ? "1==" : "(new.a)", spelling, condition ? "1:2" : "(new.b)");
  }
}

static void tell_functions(dump *d) {
  d->source = "functions.def";
  for (int function = 0; function < EVC_FN_END; function++) {
    evc_text name = evc_text_of(evc_functions[function].name);
    tell_between(d, "new.a == ", name, "(new.b, 2)");
    tell_between(d, "", name, " (new.b, 2) == new.a");
    tell_between(d, "new.", name, " == 1"); /* a field of that name */
  }
  for (size_t i = 0; i < evc_variable_count; i++) {
    evc_text name = evc_text_of(evc_variables[i].name);
    tell_between(d, "new.a == ", name, "");
    tell_between(d, "", name, ".a == 1"); /* a field that only begins like it */
  }
}

/* The words that completion offers: constants, AND and OR. */
static void tell_words(dump *d, const char *before, size_t length) {
  evc_completions found;
  evc_editor *editor = evc_editor_new(NULL, NULL);
  if (!editor || evc_editor_set_text(editor, before, length) != EVC_OK ||
      evc_editor_complete(editor, length, &found) != EVC_OK)
    die("no completions");
  for (size_t i = 0; i < found.count; i++) {
    tell_between(d, before, found.items[i].label, "");
    tell_between(d, before, found.items[i].label, " (1)");
    tell_between(d, "new.", found.items[i].label, " == 1");
  }
  evc_editor_free(editor);
}

static void tell_fields(dump *d) {
  d->source = "catalogue.txt";
  for (size_t i = 0; i < evc_schema_count(d->schema); i++) {
    const evc_event_type *type = evc_schema_at(d->schema, i);
    for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++)
      tell_between(d, "", evc_event_type_field(type, slot)->path, " == null");
  }
}

static void tell_lookalikes(dump *d) {
  static const uint32_t code_points[] = {
#define LOOKALIKE(code_point, token, right, called) code_point,
#include "../../src/syntax/lookalikes.def"
#undef LOOKALIKE
  };
  d->source = "lookalikes.def";
  for (size_t i = 0; i < sizeof code_points / sizeof *code_points; i++) {
    char bytes[4];
    size_t length = evc_utf8_write(bytes, code_points[i]);
    tell_between(d, "new.a ", (evc_text){bytes, length}, " new.b");
  }
}

/* Tables of tests */

static void tell_language(dump *d, const char *file) {
  static table t;
  static language_case c;
  evc_text fields;
  table_open(&t, file);
  while (table_fields(&t, &fields)) {
  }
  while (table_next(&t, &c))
    if (c.calculation.length <= 4096) tell(d, c.calculation);
  table_close(&t);
}

/* \n, \t, \\ and \xNN; ¦ is the offset. */
static size_t decode(char *text) {
  char *to = text;
  for (const char *at = text; *at;) {
    if (strncmp(at, "\xC2\xA6", 2) == 0) {
      at += 2;
    } else if (*at != '\\') {
      *to++ = *at++;
    } else if (at[1] == 'x') {
      char digits[3] = {at[2], at[3], '\0'};
      *to++ = (char)strtoul(digits, NULL, 16);
      at += 4;
    } else {
      *to++ = (char)(at[1] == 'n' ? '\n' : at[1] == 't' ? '\t' : at[1]);
      at += 2;
    }
  }
  return (size_t)(to - text);
}

static void tell_editing(const dump *d, const char *file) {
  FILE *f = fopen(file, "rb");
  if (!f) die(file);
  char line[8192];
  while (fgets(line, sizeof line, f)) {
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "text ", 5) != 0) continue;
    char *text = line + 5;
    tell(d, (evc_text){text, decode(text)});
  }
  fclose(f);
}

int main(int count, char **files) {
  dump d = {.editor = evc_editor_new(NULL, NULL), .schema = evc_schema_builtin(NULL)};
  if (!d.editor || !d.schema) die("out of memory");
  tell_operators(&d);
  tell_functions(&d);
  d.source = "words";
  tell_words(&d, "", 0);
  tell_words(&d, "true ", 5);
  tell_fields(&d);
  tell_lookalikes(&d);
  for (int i = 1; i < count; i++) {
    const char *name = strrchr(files[i], '/');
    d.source = name ? name + 1 : files[i];
    if (strstr(files[i], "/editor/"))
      tell_editing(&d, files[i]);
    else
      tell_language(&d, files[i]);
  }
  evc_editor_free(d.editor);
  evc_schema_free(d.schema);
}
