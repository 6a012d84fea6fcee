/* The stable codes of diagnostics, one row each:  X(IDENTIFIER, "name", SEVERITY, "title").
**
** A name never changes its meaning and is never reused. It appears in `--format json`, in `--allow`
** and `--deny`, and in evc_diagnostic.name. The title says in a few words what the code is about.
** LOAD_WARNING rows are about a field list, WARNING rows about a calculation; both can be allowed
** (suppressed) or denied (made errors). ERROR rows can not.
*/
#ifndef EVCALC_CODES_H
#define EVCALC_CODES_H

#define EVC_CODES(X)                                                                               \
  /* Characters and tokens */                                                                      \
  X(INVALID_UTF8, "invalid-utf8", ERROR, "a byte that is not UTF-8")                               \
  X(UNEXPECTED_CHARACTER, "unexpected-character", ERROR, "a character the language does not have") \
  X(LOOKALIKE_CHARACTER, "lookalike-character", ERROR, "a character that only looks right")        \
  X(MALFORMED_NUMBER, "malformed-number", ERROR, "a number in a form that does not exist")         \
  X(NUMBER_TOO_LARGE, "number-too-large", ERROR, "a number that binary64 cannot hold")             \
  X(DIGIT_GROUPING, "digit-grouping", ERROR, "a comma between thousands")                          \
  X(UNCLOSED_STRING, "unclosed-string", ERROR, "a string without its closing quote")               \
  X(BAD_ESCAPE, "bad-escape", ERROR, "an escape that strings do not have")                         \
  X(CONTROL_IN_STRING, "control-in-string", ERROR, "a control character inside a string")          \
  X(WRONG_QUOTES, "wrong-quotes", ERROR, "a string in other than straight double quotes")          \
  X(WRONG_CASE, "wrong-case", ERROR, "a word of the language in the wrong case")                   \
  X(UNDOCUMENTED_OPERATOR, "undocumented-operator", ERROR, "an operator of another language")      \
  X(UNDOCUMENTED_SYNTAX, "undocumented-syntax", ERROR, "a construct of another language")          \
  X(COMMENT, "comment", ERROR, "a comment")                                                        \
  X(TEMPLATE_BRACES, "template-braces", ERROR, "a name in template braces")                        \
  X(BRACKETS, "brackets", ERROR, "square brackets")                                                \
  X(BLANK_IN_PATH, "blank-in-path", ERROR, "a blank beside the dot of a path")                     \
  /* Syntax */                                                                                     \
  X(MISSING_OPERAND, "missing-operand", ERROR, "a value is missing")                               \
  X(UNEXPECTED_TOKEN, "unexpected-token", ERROR, "something that cannot stand there")              \
  X(ADJACENT_OPERANDS, "adjacent-operands", ERROR, "two values without an operator")               \
  X(UNCLOSED_PARENTHESIS, "unclosed-parenthesis", ERROR, "a ( without its )")                      \
  X(SURPLUS_PARENTHESIS, "surplus-parenthesis", ERROR, "a ) without its (")                        \
  X(TRAILING_COMMA, "trailing-comma", ERROR, "a comma after the last argument")                    \
  X(CALCULATION_MISSING, "calculation-missing", ERROR, "no calculation")                           \
  /* Limits */                                                                                     \
  X(TEXT_TOO_LONG, "text-too-long", ERROR, "more text than the limit")                             \
  X(NESTING_TOO_DEEP, "nesting-too-deep", ERROR, "more nesting than the limit")                    \
  X(TOO_MANY_NODES, "too-many-nodes", ERROR, "more parts than the limit")                          \
  X(TOO_MANY_ARGUMENTS, "too-many-arguments", ERROR, "more arguments in a call than the limit")    \
  /* Names */                                                                                      \
  X(UNKNOWN_EVENT_TYPE, "unknown-event-type", ERROR, "an Event type that is not known")            \
  X(UNKNOWN_FIELD, "unknown-field", ERROR, "a field that the Event type does not have")            \
  X(FIELDS_UNKNOWN, "fields-unknown", ERROR, "an Event type known by name alone")                  \
  X(UNKNOWN_FUNCTION, "unknown-function", ERROR, "a function that does not exist")                 \
  X(FUNCTION_UNAVAILABLE, "function-unavailable", ERROR, "a function of Derived Fields")           \
  X(FUNCTION_NOT_CALLED, "function-not-called", ERROR, "a function without its arguments")         \
  X(CAST_UNSUPPORTED, "cast-unsupported", ERROR, "a type cast")                                    \
  /* Types */                                                                                      \
  X(ARGUMENT_COUNT, "argument-count", ERROR, "too few or too many arguments")                      \
  X(ARGUMENT_TYPE, "argument-type", ERROR, "an argument of the wrong type")                        \
  X(OPERAND_TYPE, "operand-type", ERROR, "an operand of the wrong type")                           \
  X(MIXED_TYPES, "mixed-types", ERROR, "two types that can never be equal")                        \
  X(CHAINED_INEQUALITY, "chained-inequality", ERROR, "a < b < c")                                  \
  X(CONDITION_TYPE, "condition-type", ERROR, "a condition that is not Boolean")                    \
  X(NOT_BOOLEAN, "not-boolean", ERROR, "a calculation that is not Boolean")                        \
  X(NULL_OPERAND, "null-operand", ERROR, "null where it has no meaning")                           \
  X(OPAQUE_FIELD, "opaque-field", ERROR, "a field that calculations cannot use")                   \
  X(CONCATENATION_UNDOCUMENTED, "concatenation-undocumented", ERROR, "Strings joined with +")      \
  X(SCALE_NOT_CONSTANT, "scale-not-constant", ERROR, "a scale that is not a constant integer")     \
  /* Values, found in a constant part or while evaluating */                                       \
  X(DIVISION_BY_ZERO, "division-by-zero", ERROR, "a division by zero")                             \
  X(NOT_FINITE, "not-finite", ERROR, "a result too large for binary64")                            \
  X(NO_REAL_VALUE, "no-real-value", ERROR, "a power without a real value")                         \
  X(VALUE_KIND, "value-kind", ERROR, "a value in the event of the wrong type")                     \
  /* Input around the calculation */                                                               \
  X(JSON_MALFORMED, "json-malformed", ERROR, "text that is not JSON")                              \
  X(JSON_SHAPE, "json-shape", ERROR, "JSON of another shape than expected")                        \
  X(EVENT_TYPE_MISMATCH, "event-type-mismatch", ERROR, "an event of another type")                 \
  X(UNKNOWN_EVENT, "unknown-event", ERROR, "an event id that is not known")                        \
  X(OUT_OF_MEMORY, "out-of-memory", ERROR, "not enough memory")                                    \
  /* Warnings on a calculation */                                                                  \
  X(INEXACT_LITERAL, "inexact-literal", WARNING, "an integer that binary64 rounds")                \
  X(PRECEDENCE_UNDOCUMENTED, "precedence-undocumented", WARNING, "an unpublished precedence")      \
  X(CHAINED_COMPARISON, "chained-comparison", WARNING, "a == b == c")                              \
  X(STRING_ORDER_UNDOCUMENTED, "string-order-undocumented", WARNING, "Strings put in order")       \
  X(IN_UNDOCUMENTED, "in-undocumented", WARNING, "IN, whose page is incoherent")                   \
  X(MAP_MEMBER_UNDOCUMENTED, "map-member-undocumented", WARNING, "a member of a map field")        \
  X(DERIVED_FIELDS, "derived-fields", WARNING, "a field list that was never published")            \
  X(CALCULATION_UNUSED, "calculation-unused", WARNING, "a calculation that never decides")         \
  X(CONSTANT_CONDITION, "constant-condition", WARNING, "a condition that is always the same")      \
  X(CONSTANT_COMPARISON, "constant-comparison", WARNING, "a comparison of two constants")          \
  X(CONSTANT_MEMBERSHIP, "constant-membership", WARNING, "IN that looks for a constant")           \
  X(REPEATED_CANDIDATE, "repeated-candidate", WARNING, "IN with the same candidate twice")         \
  X(REPEATED_OPERAND, "repeated-operand", WARNING, "AND or OR with the same operand twice")        \
  X(EQUAL_ARMS, "equal-arms", WARNING, "? : with the same value on both sides")                    \
  X(SELF_COMPARISON, "self-comparison", WARNING, "something compared with itself")                 \
  X(INEXACT_EQUALITY, "inexact-equality", WARNING, "a computed fraction compared for equality")    \
  /* Warnings on a field list */                                                                   \
  X(TYPE_WORD_UNDOCUMENTED, "type-word-undocumented", LOAD_WARNING, "an unpublished type word")    \
  X(TYPE_WORD_UNKNOWN, "type-word-unknown", LOAD_WARNING, "a type word that is not known")         \
  X(FIELD_NOT_REFERABLE, "field-not-referable", LOAD_WARNING, "a field name no path can spell")

#endif
