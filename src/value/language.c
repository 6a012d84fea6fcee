#include "language.h"

#include <string.h>

const evc_operator_row evc_operators[EVC_OP_END] = {
#define OPERATOR(id, spelling, level, associativity, rule, doc)                                    \
  {spelling, level, EVC_##associativity, EVC_RULE_##rule, doc},
#include "operators.def"
#undef OPERATOR
};

const evc_operator_rule_row evc_operator_rules[] = {
#define OPERATOR_RULE(id, types, null_rule) {types, null_rule},
#define FUNCTION_RULE(id, result, null_rule, first, further)
#include "rules.def"
#undef OPERATOR_RULE
#undef FUNCTION_RULE
};

const evc_function_rule_row evc_function_rules[] = {
#define OPERATOR_RULE(id, types, null_rule)
#define FUNCTION_RULE(id, result, null_rule, first, further)                                       \
  {EVC_TYPE_##result, null_rule, first, further},
#include "rules.def"
#undef OPERATOR_RULE
#undef FUNCTION_RULE
};

#define NUMBER_VALUE(n) {.as.number = (n), .kind = EVC_KIND_NUMBER}
#define STRING_VALUE(s) {.as.text = (s), .length = sizeof(s) - 1, .kind = EVC_KIND_STRING}
#define VALUE_OF_PI     NUMBER_VALUE(3.141592653589793)
#define VALUE_OF_TS_FMT STRING_VALUE("yyyy-MM-dd'T'HH:mm:ss.SSSX")

const evc_function_row evc_functions[EVC_FN_END] = {
#define FUNCTION(id, name, least, most, rule, signature, doc)                                      \
  {name, sizeof(name) - 1, least, most, EVC_RULE_##rule, signature, doc},
#define VARIABLE(id, name, type, doc)
#define UNAVAILABLE(name)
#include "functions.def"
#undef FUNCTION
#undef VARIABLE
#undef UNAVAILABLE
};

const evc_variable_row evc_variables[] = {
#define FUNCTION(id, name, least, most, rule, signature, doc)
#define VARIABLE(id, name, type, doc) {name, EVC_TYPE_##type, VALUE_OF_##id, doc},
#define UNAVAILABLE(name)
#include "functions.def"
#undef FUNCTION
#undef VARIABLE
#undef UNAVAILABLE
};

const size_t evc_variable_count = sizeof evc_variables / sizeof *evc_variables;

static const char *const unavailable[] = {
#define FUNCTION(id, name, least, most, rule, signature, doc)
#define VARIABLE(id, name, type, doc)
#define UNAVAILABLE(name) name,
#include "functions.def"
#undef FUNCTION
#undef VARIABLE
#undef UNAVAILABLE
};

evc_function evc_function_find(const char *name, size_t length) {
  for (int i = 0; i < EVC_FN_END; i++)
    if (evc_functions[i].name_length == length && memcmp(evc_functions[i].name, name, length) == 0)
      return (evc_function)i;
  return EVC_FN_END;
}

const evc_variable_row *evc_variable_find(const char *name, size_t length) {
  for (size_t i = 0; i < evc_variable_count; i++)
    if (strlen(evc_variables[i].name) == length &&
        memcmp(evc_variables[i].name, name, length) == 0)
      return &evc_variables[i];
  return NULL;
}

bool evc_function_is_unavailable(const char *name, size_t length) {
  for (size_t i = 0; i < sizeof unavailable / sizeof *unavailable; i++)
    if (strlen(unavailable[i]) == length && memcmp(unavailable[i], name, length) == 0) return true;
  return false;
}

const char *evc_type_name(evc_type type) {
  static const char *const names[EVC_TYPE_END] = {
      [EVC_TYPE_UNKNOWN] = "unknown", [EVC_TYPE_NUMBER] = "Number",
      [EVC_TYPE_STRING] = "String",   [EVC_TYPE_BOOLEAN] = "Boolean",
      [EVC_TYPE_NULL] = "null",       [EVC_TYPE_MAP] = "Map",
      [EVC_TYPE_ARRAY] = "Array",     [EVC_TYPE_OPAQUE] = "opaque",
      [EVC_TYPE_DYNAMIC] = "String or Number",
  };
  return (unsigned)type < EVC_TYPE_END ? names[type] : "unknown";
}

const char *evc_kind_name(evc_kind kind) {
  static const char *const names[EVC_KIND_END] = {
      [EVC_KIND_NULL] = "null",       [EVC_KIND_NUMBER] = "number",
      [EVC_KIND_STRING] = "string",   [EVC_KIND_BOOLEAN] = "boolean",
      [EVC_KIND_MAP] = "object",      [EVC_KIND_ARRAY] = "array",
      [EVC_KIND_OVERFLOW] = "number out of range",
  };
  return (unsigned)kind < EVC_KIND_END ? names[kind] : "unknown";
}
