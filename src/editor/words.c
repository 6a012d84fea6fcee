/* What is said of fields, functions and operators. The facts come from the tables; here they are
** only put into sentences. */
#include "editor.h"

void evc_editor_build_code(evc_builder *builder, evc_text text) {
  size_t longest = 0, run = 0; /* of backticks: the fence must be another */
  for (size_t i = 0; i < text.length; i++) {
    run = text.data[i] == '`' ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  bool apart = longest > 0;
  evc_build_repeat(builder, '`', longest + 1);
  if (apart) evc_build_char(builder, ' ');
  evc_build_text(builder, text);
  if (apart) evc_build_char(builder, ' ');
  evc_build_repeat(builder, '`', longest + 1);
}

void evc_editor_build_sentence(evc_builder *builder, const char *phrase) {
  bool small = *phrase >= 'a' && *phrase <= 'z';
  evc_build_char(builder, (char)(small ? *phrase - ('a' - 'A') : *phrase));
  evc_build_string(builder, phrase + 1);
  evc_build_char(builder, '.');
}

static const char *sureness(evc_provenance provenance) {
  switch (provenance) {
  case EVC_PUBLISHED: return "is published by m3ter";
  case EVC_INFERRED: return "follows from a published one";
  case EVC_DERIVED: return "was derived from m3ter's API models and may differ from yours";
  case EVC_NAME_ONLY: return "is not known";
  case EVC_LOADED: return "was loaded";
  }
  return "is not known";
}

void evc_editor_build_field(evc_builder *builder, const evc_event_type *type) {
  evc_build_string(builder, "Can be null; absent and null are the same. ");
  evc_editor_build_origin(builder, type);
}

void evc_editor_build_origin(evc_builder *builder, const evc_event_type *type) {
  if (!type) {
    evc_build_string(builder, "No Event type is set, so that its type is not known.");
    return;
  }
  evc_build_string(builder, "The field list of ");
  evc_editor_build_code(builder, evc_event_type_name(type));
  evc_build_char(builder, ' ');
  evc_build_string(builder, sureness(evc_event_type_provenance(type)));
  evc_build_char(builder, '.');
}

void evc_editor_build_function(evc_builder *builder, evc_function function) {
  const evc_function_row *row = &evc_functions[function];
  evc_editor_build_sentence(builder, row->documentation);
  evc_build_char(builder, ' ');
  evc_editor_build_sentence(builder, evc_function_rules[row->rule].null_rule);
}

void evc_editor_build_operator(evc_builder *builder, evc_operator op) {
  const evc_operator_row *row = &evc_operators[op];
  const evc_operator_rule_row *rule = &evc_operator_rules[row->rule];
  evc_editor_build_sentence(builder, row->documentation);
  evc_build_char(builder, ' ');
  evc_editor_build_sentence(builder, rule->types);
  evc_build_char(builder, ' ');
  evc_editor_build_sentence(builder, rule->null_rule);
}

void evc_editor_build_literal(evc_builder *builder, evc_text text) {
  static const char hex[] = "0123456789ABCDEF", raw[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
  for (size_t i = 0; i < text.length; i++) {
    unsigned char c = (unsigned char)text.data[i];
    const char *escape = c ? strchr(raw, c) : NULL;
    if (escape) {
      evc_build_char(builder, '\\');
      evc_build_char(builder, letters[escape - raw]);
    } else if (c < 0x20) {
      evc_build_string(builder, "\\u00");
      evc_build_char(builder, hex[c >> 4]);
      evc_build_char(builder, hex[c & 15]);
    } else {
      evc_build_char(builder, (char)c);
    }
  }
}
