/* The tables of the language: operators, functions and variables. Everything that knows one of these
** facts (grammar actions, checker, evaluator, printer, suggestions, reference) reads it here. */
#ifndef EVC_VALUE_LANGUAGE_H
#define EVC_VALUE_LANGUAGE_H

#include "evcalc/event.h"
#include "evcalc/schema.h"

typedef enum evc_operator {
#define OPERATOR(id, spelling, level, associativity, rule, doc) EVC_OP_##id,
#include "operators.def"
#undef OPERATOR
  EVC_OP_END
} evc_operator;

typedef enum evc_operator_rule {
#define OPERATOR_RULE(id, types, null_rule) EVC_RULE_##id,
#define FUNCTION_RULE(id, result, null_rule, first, further)
#include "rules.def"
#undef OPERATOR_RULE
#undef FUNCTION_RULE
} evc_operator_rule;

typedef struct evc_operator_rule_row {
  const char *types, *null_rule;
} evc_operator_rule_row;

extern const evc_operator_rule_row evc_operator_rules[]; /* by evc_operator_rule */

typedef enum evc_associativity { EVC_LEFT, EVC_RIGHT } evc_associativity;

typedef struct evc_operator_row {
  const char *spelling;
  uint8_t level; /* 1 is the loosest */
  evc_associativity associativity;
  evc_operator_rule rule;
  const char *documentation;
} evc_operator_row;

extern const evc_operator_row evc_operators[EVC_OP_END];

typedef enum evc_function {
#define FUNCTION(id, name, least, most, rule, signature, doc) EVC_FN_##id,
#define VARIABLE(id, name, type, doc)
#define UNAVAILABLE(name)
#include "functions.def"
#undef FUNCTION
#undef VARIABLE
#undef UNAVAILABLE
  EVC_FN_END
} evc_function;

typedef enum evc_function_rule {
#define OPERATOR_RULE(id, types, null_rule)
#define FUNCTION_RULE(id, result, null_rule, first, further) EVC_RULE_##id,
#include "rules.def"
#undef OPERATOR_RULE
#undef FUNCTION_RULE
} evc_function_rule;

typedef struct evc_function_rule_row {
  evc_type result; /* UNKNOWN: the type of the arguments */
  const char *null_rule;
  const char *first, *further; /* what the first argument is, and what the others are */
} evc_function_rule_row;

extern const evc_function_rule_row evc_function_rules[]; /* by evc_function_rule */

typedef struct evc_function_row {
  const char *name;
  uint8_t name_length;
  uint8_t least, most; /* arguments; most 0: no limit of its own */
  evc_function_rule rule;
  const char *signature, *documentation;
} evc_function_row;

extern const evc_function_row evc_functions[EVC_FN_END];

/* The function of that name, EVC_FN_END when there is none. */
evc_function evc_function_find(const char *name, size_t length);

typedef struct evc_variable_row {
  const char *name;
  evc_type type;
  evc_value value;
  const char *documentation;
} evc_variable_row;

extern const evc_variable_row evc_variables[];
extern const size_t evc_variable_count;

/* The variable of that name, NULL when there is none. */
const evc_variable_row *evc_variable_find(const char *name, size_t length);

/* True for a function that m3ter documents for Derived Fields only. */
bool evc_function_is_unavailable(const char *name, size_t length);

/* The scale of Math.round and its like is a whole number in ±EVC_SCALE_LIMIT (chosen). */
enum { EVC_SCALE_LIMIT = 400 };

#endif
