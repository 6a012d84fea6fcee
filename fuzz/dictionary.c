/* Writes the dictionary of the fuzzers (libFuzzer's and AFL++'s format, to standard output):
** every spelling in the language's tables, so that a new operator or function is in it by
** itself; and what no table holds: words of other languages and the names of the shapes of JSON. */
#include <stdio.h>
#include <string.h>

#include "../src/base/utf8.h"
#include "../src/schema/catalogue.h"
#include "../src/value/language.h"
#include "evcalc/report.h"

static void put(const char *text, size_t length) {
  if (length == 0) return;
  putchar('"');
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') printf("\\x%02X", c);
    else putchar(c);
  }
  puts("\"");
}

static void put_string(const char *text) { put(text, strlen(text)); }

static void put_member(const char *name) {
  char text[64];
  int length = snprintf(text, sizeof text, "\"%s\": ", name);
  put(text, (size_t)length);
}

static void put_language(void) {
  static const char *const unavailable[] = {
#define FUNCTION(id, name, least, most, rule, signature, doc)
#define VARIABLE(id, name, type, doc)
#define UNAVAILABLE(name) name,
#include "../src/value/functions.def"
#undef FUNCTION
#undef VARIABLE
#undef UNAVAILABLE
  };
  for (size_t i = 0; i < EVC_OP_END; i++) put_string(evc_operators[i].spelling);
  for (size_t i = 0; i < EVC_FN_END; i++) put_string(evc_functions[i].name);
  for (size_t i = 0; i < evc_variable_count; i++) put_string(evc_variables[i].name);
  for (size_t i = 0; i < sizeof unavailable / sizeof *unavailable; i++) put_string(unavailable[i]);
}

static void put_lookalikes(void) {
  static const uint32_t code_points[] = {
#define LOOKALIKE(code_point, token, right, called) code_point,
#include "../src/syntax/lookalikes.def"
#undef LOOKALIKE
  };
  for (size_t i = 0; i < sizeof code_points / sizeof *code_points; i++) {
    char text[4];
    put(text, evc_utf8_write(text, code_points[i]));
  }
}

static void put_type_words(void) {
  static const char *const words[] = {
#define TYPE_WORD(word, type, level) word,
#include "../src/schema/type_words.def"
#undef TYPE_WORD
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) put_string(words[i]);
}

/* Each name once, whatever its types: fuzzers take long over long dictionaries. */
static void put_fields(void) {
  for (size_t i = 0; i < evc_catalogue_field_kinds; i++) {
    uint16_t name = evc_catalogue_fields[i].name;
    bool known = false;
    for (size_t before = 0; before < i; before++) known |= evc_catalogue_fields[before].name == name;
    if (known) continue;
    char path[128];
    int length = snprintf(path, sizeof path, "new.%s", evc_catalogue_text + name);
    put(path, (size_t)length);
  }
  for (size_t i = 0; i < evc_catalogue_entities; i++)
    put_string(evc_catalogue_text + evc_catalogue_events[evc_catalogue[i].first_event].name);
}

static void put_codes(void) {
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++)
    if (evc_code_severity((evc_code)code) == EVC_WARNING) put_string(evc_code_name((evc_code)code));
}

static void put_the_rest(void) {
  static const char *const words[] = {
      "true", "false", "null", "(", ")", ",", ":", "\"", "\\\"", "\\u00e9", "\\uD83D\\uDE00",
      "\\x00", ".", "new.", "old.", "new.n", "new.s", "new.b", "new.m.x", "old.n", "new.deep.in.n",
      "1e308", "1e-400", "0.1", "9007199254740993", "123456789012345678901234567890", "-0", " ",
      "\n", "\r\n", "\t", "NOT ", " IN (", " NOT IN (", " BETWEEN ", " LIKE ", " IS NULL",
      " IS NOT NULL", "IF(", "IIF(", "COALESCE(", "&&", "||", "=", "===", "<>", "=>", "=<", "**",
      ":=", "!", "&gt;", "&lt;", "&amp;", "&quot;", "{{", "}}", "${", "[", "]", "//", "/*", "*/",
      "#", "--", "```", "(int)", "CAST(", " AS ", "2024-01-01", "$1,000.00", "1.000,5", "0x1F",
      "1_000", "'", "`", ";", "?.", "->", "@", "%", "\xEF\xBB\xBF", "\xC3\xA4", "\xF0\x9F\x98\x80",
      "\xED\xA0\x80", "\xFF", "\xE2\x80\xAE", "#type ", "#fields {\"events\": {\"t.x\": {",
      "#options ", "#event {\"new\": {", "#calc ", "deny=", "deny=warnings", "allow=", "depth=",
      "nodes=", "arguments=", "text=", "columns=", "indent=", "lf", "crlf", "final",
      "m3ter_notification_configuration", "fuzz.all", "+{\"id\": \"a\", ",
  };
  static const char *const members[] = {
      "events", "id", "eventName", "eventId", "calculation", "name", "code", "alwaysFireEvent",
      "data", "m3terEvent", "eventData", "newDto", "oldDto", "new", "old", "format_version",
      "planned_values", "values", "root_module", "child_modules", "resources", "address", "mode",
      "type", "event_name", "always_fire_event",
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) put_string(words[i]);
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) put_member(members[i]);
  put("\0", 1);
}

int main(void) {
  put_language();
  put_type_words();
  put_lookalikes();
  put_fields();
  put_codes();
  put_the_rest();
  return 0;
}
