/* From tree to checked tree: names found, types known, constants folded, every mistake noted.
**
** One loop over the nodes, operands before what uses them: no recursion, and linear in the text.
*/
#ifndef EVC_CHECK_CHECK_H
#define EVC_CHECK_CHECK_H

#include "../base/map.h"
#include "../syntax/parse.h"
#include "../value/value.h"
#include "evcalc/calculation.h"

/* What the parent does with an operand before the next one is evaluated. */
typedef enum evc_role {
  EVC_ROLE_OPERAND = 0,
  EVC_ROLE_AND_LEFT,        /* false decides */
  EVC_ROLE_OR_LEFT,         /* true decides */
  EVC_ROLE_CONDITION,       /* of ? : */
  EVC_ROLE_ARM,             /* between ? and : */
  EVC_ROLE_DEFAULTED,       /* of isnull: not null decides */
  EVC_ROLE_MEMBER,          /* the value of IN */
  EVC_ROLE_CANDIDATE,       /* of IN */
  EVC_ROLE_MAX,             /* Math.max: joined with the arguments before it */
  EVC_ROLE_MIN,
  EVC_ROLE_SCALE            /* constant, known when compiling */
} evc_role;

/* What the checker knows of a node beside its type, which is in the node. */
typedef struct evc_fact {
  evc_value constant; /* its value, where is_constant */
  uint8_t role;       /* an evc_role */
  uint8_t expected;   /* an evc_kind: the only one a Dynamic value may have here; 0: String or Number */
  bool is_constant;   /* no field in it */
  bool nullable;      /* its value can be null */
  bool taken_in;      /* no code of its own: the node around it is constant, or reads it itself */
  bool fraction;      /* computed, and likely not whole */
  uint8_t chain;      /* a run of operators with one warning for all: see check.c */
} evc_fact;

/* A field that is read; the path is the text of its first node. */
typedef struct evc_read {
  uint32_t node;
  uint32_t slot;
  uint32_t member_at; /* within the path: where the name of a map's member starts, or 0 */
} evc_read;

typedef struct evc_checked {
  evc_tree *tree;
  const evc_event_type *type;
  const evc_options *options;
  evc_fact *facts; /* one a node */
  evc_read *reads;
  size_t read_count, read_capacity;
  evc_map read_numbers; /* path → number in `reads`, once they are many */
  size_t field_uses;    /* fields in the tree, repeated ones included */
  bool fields_unknown, derived_said, chains;
  bool worth_linting; /* there is something beside repeated fields that lint.c looks at */
} evc_checked;

/* Check the tree against the Event type; without one (NULL) fields are not judged: each is of unknown
** type. `options` is not NULL. Findings go to tree->findings; a failed
** allocation sets tree->out_of_memory. A tree that was stopped is not checked. */
void evc_check(evc_checked *checked, evc_tree *tree, const evc_event_type *type,
               const evc_options *options);

/* The severity of a finding under the options; false when it is allowed, that is, not to be told. */
bool evc_check_severity(const evc_options *options, evc_message message, evc_severity *severity);

/* names.c: what a path is. Sets the node's type and notes what is wrong; returns its constant value
** through the fact when it is a variable. */
void evc_check_path(evc_checked *checked, uint32_t node);

/* names.c: the function of a call, EVC_FN_END with a finding when it is none. */
evc_function evc_check_callee(evc_checked *checked, uint32_t node);

/* Note something about a node, unless it is a warning that is allowed. */
EVC_RARE void evc_check_find(evc_checked *checked, evc_message message, uint32_t node,
                             uint32_t detail);

/* calls.c: arguments and result of a call. */
void evc_check_call(evc_checked *checked, uint32_t node);

/* Shared by check.c and calls.c. The type of an operand: a literal null is noted as an error and
** unknown. */
evc_type evc_check_operand(evc_checked *checked, uint32_t node);

/* The one type of two values that are to be alike, EVC_TYPE_END when they cannot be. */
evc_type evc_check_join(evc_type a, evc_type b);

/* Say of a Dynamic operand which kind its partner's type asks for. */
void evc_check_expect(evc_checked *checked, uint32_t node, evc_type type);

/* A constant node whose evaluation failed: noted, and of unknown type from here on. */
EVC_RARE void evc_check_fault(evc_checked *checked, uint32_t node, evc_fault fault);

/* The node is constant with that value; its operands need no code of their own. */
void evc_check_fold(evc_checked *checked, uint32_t node, evc_value value);

/* A right operand that is a constant Number is part of the operation's own instruction. */
void evc_check_take_in(evc_checked *checked, uint32_t right);

/* What is below parentheses and signs that do nothing: what the node's value is worked out by. */
uint32_t evc_check_source(const evc_tree *tree, uint32_t node);

/* The literal below any parentheses. */
uint32_t evc_check_inside(const evc_tree *tree, uint32_t node);

/* lint.c: warnings on what is valid but can hardly be meant. */
void evc_lint(evc_checked *checked);

/* Is any finding an error under the options? */
bool evc_check_failed(const evc_checked *checked);

/* source.c: the limits with defaults in the place of zeros. */
evc_limits evc_check_limits(const evc_limits *given);

/* source.c: parse a copy of the text, in the arena; `lexemes`, when not NULL, receives the tokens.
** False, with a report, when there is nothing to parse, too much of it, or no memory for it; what is
** wrong with the text is in tree->findings. */
bool evc_check_parse(evc_tree *tree, evc_arena *arena, evc_text text, const evc_options *options,
                     evc_lexemes *lexemes, evc_report **report);

/* source.c: the same, and check. False when there is an error, which `report` tells unless `untold`;
** *report is NULL when there is nothing to tell, evc_report_out_of_memory() when memory ran out. */
bool evc_check_text(evc_checked *checked, evc_tree *tree, evc_arena *arena,
                    const evc_event_type *type, evc_text text, const evc_options *options,
                    evc_lexemes *lexemes, bool untold, evc_report **report);

/* source.c: the report of what the parser found, NULL when that is nothing. */
evc_report *evc_check_syntax(evc_tree *tree, const evc_options *options);

/* describe.c: the report of everything found, NULL when there is nothing; never fails otherwise than
** as the out-of-memory report. */
evc_report *evc_describe(evc_checked *checked);

/* The report of one finding about the request or the text as a whole. */
evc_report *evc_describe_single(const evc_options *options, evc_message message,
                                const evc_text *args, size_t arg_count);

#endif
