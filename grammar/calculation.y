/* The grammar of calculations, for Lemon.
**
** Precedence is chosen (m3ter publishes none); src/value/operators.def has the same order as data.
** Actions are one call each: they build nodes (src/syntax/tree.h). The values of tokens are byte
** offsets or, for those that are operands already, node numbers.
**
** Error recovery is at three levels: an argument, a parenthesis and, through parse_failure, the whole
** text; an operand that cannot be read is the token BAD. What the recovery gives up stays in the
** tree's array and is checked all the same.
*/
%name evc_parser_
%token_prefix EVC_TOKEN_
%token_type {uint32_t}
%default_type {uint32_t}
%extra_argument {struct evc_parser *p}
%start_symbol calculation

/* 200 levels, each of at most 16 pending symbols: "( a OR b AND c == d < e + f * name ( args ," */
%stack_size 3400

%token ILLEGAL. /* no rule has it: it stands for text that was reported already */

%include {
#include "syntax/parser.h"
}

%code {
void evc_parser_run(struct evc_parser *p) {
  yyParser lemon;
  evc_parser_Init(&lemon);
  p->lemon = &lemon;
  evc_parser_drive(p);
  evc_parser_Finalize(&lemon);
}

/* Lemon keeps quiet until three tokens after an error were good; but what comes after the level that
** was given up is independent of it. */
void evc_parser_resume(struct evc_parser *p) {
  ((yyParser *)p->lemon)->yyerrcnt = -1;
}
}

%syntax_error { evc_parser_unexpected(p, yymajor); }
%parse_failure { evc_parser_failed(p); }
%stack_overflow { evc_parser_too_deep(p); }

%right QUESTION COLON.
%left OR.
%left AND.
%right NOT.
%left EQ NE IS AS.
%left LT LE GT GE IN NOT_INFIX LIKE BETWEEN BETWEEN_AND.
%left PLUS MINUS.
%left STAR SLASH PERCENT.
%right SIGN BANG CAST.
%right POW.
%left BRACKETS.

calculation ::= expr(A). { evc_parser_root(p, A); }

expr(A) ::= expr(B) QUESTION expr(C) COLON expr(D). { A = evc_tree_conditional(p->tree, B, C, D); }
expr(A) ::= expr(B) OR expr(C).      { A = evc_tree_binary(p->tree, EVC_OP_OR, B, C); }
expr(A) ::= expr(B) AND expr(C).     { A = evc_tree_binary(p->tree, EVC_OP_AND, B, C); }
expr(A) ::= expr(B) EQ expr(C).      { A = evc_tree_binary(p->tree, EVC_OP_EQ, B, C); }
expr(A) ::= expr(B) NE expr(C).      { A = evc_tree_binary(p->tree, EVC_OP_NE, B, C); }
expr(A) ::= expr(B) LT expr(C).      { A = evc_tree_binary(p->tree, EVC_OP_LT, B, C); }
expr(A) ::= expr(B) LE expr(C).      { A = evc_tree_binary(p->tree, EVC_OP_LE, B, C); }
expr(A) ::= expr(B) GT expr(C).      { A = evc_tree_binary(p->tree, EVC_OP_GT, B, C); }
expr(A) ::= expr(B) GE expr(C).      { A = evc_tree_binary(p->tree, EVC_OP_GE, B, C); }
expr(A) ::= expr(B) PLUS expr(C).    { A = evc_tree_binary(p->tree, EVC_OP_ADD, B, C); }
expr(A) ::= expr(B) MINUS expr(C).   { A = evc_tree_binary(p->tree, EVC_OP_SUBTRACT, B, C); }
expr(A) ::= expr(B) STAR expr(C).    { A = evc_tree_binary(p->tree, EVC_OP_MULTIPLY, B, C); }
expr(A) ::= expr(B) SLASH expr(C).   { A = evc_tree_binary(p->tree, EVC_OP_DIVIDE, B, C); }
expr(A) ::= expr(B) PERCENT expr(C). { A = evc_tree_binary(p->tree, EVC_OP_MODULO, B, C); }
expr(A) ::= expr(B) POW expr(C).     { A = evc_tree_binary(p->tree, EVC_OP_POWER, B, C); }
expr(A) ::= PLUS(S) expr(B). [SIGN]  { A = evc_tree_unary(p->tree, EVC_OP_PLUS, S, B); }
expr(A) ::= MINUS(S) expr(B). [SIGN] { A = evc_tree_unary(p->tree, EVC_OP_MINUS, S, B); }

expr(A) ::= NUMBER(A).
expr(A) ::= STRING(A).
expr(A) ::= WORD(A).
expr(A) ::= PATH(A).
expr(A) ::= BAD(A).
expr(A) ::= LP(S) expr(B) RP(E).       { A = evc_tree_group(p->tree, S, B, E); }
expr(A) ::= LP(S) error RP(E).         { A = evc_tree_error(p->tree, S, E); }
expr(A) ::= FUNCTION(F) LP RP(E).      { A = evc_tree_call(p->tree, F, EVC_NO_NODE, E); }
expr(A) ::= FUNCTION(F) LP args(B) RP(E). { A = evc_tree_call(p->tree, F, B, E); }

args(A) ::= arg(B).               { A = evc_tree_argument(p->tree, EVC_NO_NODE, B); }
args(A) ::= args(B) COMMA arg(C). { A = evc_tree_argument(p->tree, B, C); }
args(A) ::= args(B) error.        { A = evc_tree_lose_last(p->tree, B); }
arg(A) ::= expr(A).
arg(A) ::= error. { A = evc_parser_lost_argument(p); }

/* Not documented, but recognised: read as what they mean, and reported with it. */
expr(A) ::= BANG(S) expr(B).                     { A = evc_tree_not(p->tree, S, B); }
expr(A) ::= NOT(S) expr(B).                      { A = evc_tree_not(p->tree, S, B); }
expr(A) ::= CAST(S) expr(B).                     { A = evc_parser_cast(p, S, B); }
expr(A) ::= expr(B) AS PATH(C).                  { A = evc_parser_cast_as(p, B, C); }
expr(A) ::= expr(B) IN LP args(C) RP(E).         { A = evc_tree_in(p->tree, B, C, E, false); }
expr(A) ::= expr(B) NOT_INFIX IN LP args(C) RP(E). { A = evc_tree_in(p->tree, B, C, E, true); }
expr(A) ::= expr(B) LIKE expr(C).                { A = evc_tree_like(p->tree, B, C, false); }
expr(A) ::= expr(B) NOT_INFIX LIKE expr(C).      { A = evc_tree_like(p->tree, B, C, true); }
expr(A) ::= expr(B) BETWEEN expr(C) BETWEEN_AND expr(D). {
  A = evc_tree_between(p->tree, B, C, D, false);
}
expr(A) ::= expr(B) NOT_INFIX BETWEEN expr(C) BETWEEN_AND expr(D). {
  A = evc_tree_between(p->tree, B, C, D, true);
}
expr(A) ::= expr(B) IS WORD_NULL(E).             { A = evc_tree_is_null(p->tree, B, E, false); }
expr(A) ::= expr(B) IS NOT_INFIX WORD_NULL(E).   { A = evc_tree_is_null(p->tree, B, E, true); }
expr(A) ::= expr(B) BRACKETS(E).                 { A = evc_tree_index(p->tree, B, E); }
