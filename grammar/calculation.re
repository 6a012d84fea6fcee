/* The tokens of calculations, for re2c.
**
** Documented tokens are returned as they are. Whatever else people write is recognised whole where
** that is possible, reported with what would be right, and returned as the token that was meant;
** that is what the evc_token_… functions do (src/syntax/token.h).
*/
#include "calculation.h"
#include "syntax/token.h"

/* The cursor is a variable of its own, that stays in a register, and a rule's function is called last
** of all, so that nothing is saved around it: 10 % of the scanner's instructions. */
#define TAKE(what)                                                                                 \
  s->cursor = at;                                                                                  \
  return (what)

int evc_scan_one(evc_scanner *s) {
  const unsigned char *at = s->cursor, *marker;
  for (;;) {
    s->start = marker = at;
    /*!re2c
      re2c:api:style = free-form;
      re2c:define:YYCTYPE = "unsigned char";
      re2c:define:YYCURSOR = "at";
      re2c:define:YYMARKER = "marker";
      re2c:yyfill:enable = 0;

      blank     = [ \t\r\n];
      letter    = [A-Za-z_$];
      inner     = [A-Za-z_$0-9];
      name      = letter inner*;
      path      = name ("." name)*;

      number    = ("0" | [1-9][0-9]*) ("." [0-9]+)?;
      glued     = inner | ".";
      oddnumber = "."? [0-9] glued* | [0-9]+ ("." [0-9]*)? [eE] [+-] [0-9] glued*;
      grouped   = [0-9]+ "," [0-9]{3} glued*; /* further groups: evc_token_grouped_number */
      european  = [0-9]+ ",0" [0-9]+ | [1-9] [0-9]{0,2} ("." [0-9]{3})+ "," [0-9]+;
      money     = "$" [0-9]+ ("," [0-9]{3})* ("." [0-9]+)?;
      zone      = 'z' | [+-] [0-9]{2} ":"? [0-9]{2};
      time      = [0-9]{2} (":" [0-9]{2}){1,2} ("." [0-9]+)?;
      date      = [0-9]{4} "-" [0-9]{2} "-" [0-9]{2} ('t' time zone?)?;

      lt        = "<" | "&lt;"; /* as a web page has them */
      gt        = ">" | "&gt;";

      textchar  = [^"\\\x00-\x1F\uD800-\uDFFF];
      typeword  = 'string' | 'number' | 'double' | 'float' | 'decimal' | 'integer' | 'int' | 'long'
                | 'boolean' | 'bool';

      blank+      { continue; }
      [\x00]      { TAKE(evc_token_nul(s)); }

      "AND"       { TAKE(evc_token_word(s, EVC_TOKEN_AND)); }
      "OR"        { TAKE(evc_token_word(s, EVC_TOKEN_OR)); }
      'true' blank* "(" blank* ")"  { TAKE(evc_token_called_word(s, "true")); }
      'false' blank* "(" blank* ")" { TAKE(evc_token_called_word(s, "false")); }
      "null" | "true" | "false" { TAKE(evc_token_word(s, EVC_TOKEN_WORD)); }
      path ("?." | "->") (letter | [\x80-\U0010FFFF]) { TAKE(evc_token_foreign_path(s)); }
      path        { TAKE(evc_token_path(s)); }
      number      { TAKE(evc_token_number(s)); }
      oddnumber   { TAKE(evc_token_odd_number(s)); }
      grouped     { TAKE(evc_token_grouped_number(s)); }
      european    { TAKE(evc_token_grouped_number(s)); }
      money       { TAKE(evc_token_money(s)); }
      date        { TAKE(evc_token_date(s)); }
      ["] textchar* ["] { TAKE(evc_token_plain_string(s)); }
      ["]         { TAKE(evc_token_string(s)); }

      "=="        { TAKE(EVC_TOKEN_EQ); }
      "!="        { TAKE(EVC_TOKEN_NE); }
      "<"         { TAKE(EVC_TOKEN_LT); }
      "<="        { TAKE(EVC_TOKEN_LE); }
      ">"         { TAKE(EVC_TOKEN_GT); }
      ">="        { TAKE(EVC_TOKEN_GE); }
      "+"         { TAKE(EVC_TOKEN_PLUS); }
      "-"         { TAKE(EVC_TOKEN_MINUS); }
      "*"         { TAKE(EVC_TOKEN_STAR); }
      "/"         { TAKE(EVC_TOKEN_SLASH); }
      "%"         { TAKE(EVC_TOKEN_PERCENT); }
      "^"         { TAKE(EVC_TOKEN_POW); }
      "?"         { TAKE(EVC_TOKEN_QUESTION); }
      ":"         { TAKE(EVC_TOKEN_COLON); }
      ","         { TAKE(EVC_TOKEN_COMMA); }
      "("         { TAKE(EVC_TOKEN_LP); }
      ")"         { TAKE(EVC_TOKEN_RP); }

      /* Spellings of other languages. */
      "&&" | "&"  { TAKE(evc_token_respelled(s, EVC_TOKEN_AND, "AND")); }
      "||" | "|"  { TAKE(evc_token_respelled(s, EVC_TOKEN_OR, "OR")); }
      "=" | "==" "="+ { TAKE(evc_token_respelled(s, EVC_TOKEN_EQ, "==")); }
      lt gt "="* | "!=" "="+ { TAKE(evc_token_respelled(s, EVC_TOKEN_NE, "!=")); }
      "=" gt "="* { TAKE(evc_token_respelled(s, EVC_TOKEN_GE, ">=")); }
      "=" lt "="* { TAKE(evc_token_respelled(s, EVC_TOKEN_LE, "<=")); }
      "**"        { TAKE(evc_token_respelled(s, EVC_TOKEN_POW, "^")); }
      ":=" "="*   { TAKE(evc_token_respelled(s, EVC_TOKEN_EQ, "==")); }
      "=!" "="*   { TAKE(evc_token_respelled(s, EVC_TOKEN_NE, "!=")); }
      lt blank+ "="   { TAKE(evc_token_split(s, EVC_TOKEN_LT, EVC_TOKEN_LE, "<=")); }
      gt blank+ "="   { TAKE(evc_token_split(s, EVC_TOKEN_GT, EVC_TOKEN_GE, ">=")); }
      "!" blank+ "="  { TAKE(evc_token_split(s, EVC_TOKEN_BANG, EVC_TOKEN_NE, "!=")); }
      "=" blank+ "="  { TAKE(evc_token_split(s, EVC_TOKEN_EQ, EVC_TOKEN_EQ, "==")); }
      lt blank+ gt    { TAKE(evc_token_split(s, EVC_TOKEN_LT, EVC_TOKEN_NE, "!=")); }
      "```" [a-z]* { TAKE(evc_token_fence(s)); }
      "&gt;"      { TAKE(evc_token_respelled(s, EVC_TOKEN_GT, ">")); }
      "&gt;="     { TAKE(evc_token_respelled(s, EVC_TOKEN_GE, ">=")); }
      "&lt;"      { TAKE(evc_token_respelled(s, EVC_TOKEN_LT, "<")); }
      "&lt;="     { TAKE(evc_token_respelled(s, EVC_TOKEN_LE, "<=")); }
      "&amp;" | "&amp;&amp;" { TAKE(evc_token_respelled(s, EVC_TOKEN_AND, "AND")); }
      "&quot;" [^"\\&\x00-\x1F\uD800-\uDFFF]* "&quot;" { TAKE(evc_token_wrapped(s, 6)); }
      "\\\"" [^"\\\x00-\x1F\uD800-\uDFFF]* "\\\""   { TAKE(evc_token_wrapped(s, 2)); }
      "\\" [nrt]  { TAKE(evc_token_escaped_blank(s)); }
      "!"         { TAKE(EVC_TOKEN_BANG); }
      "(" blank* typeword blank* ")" { TAKE(evc_token_cast(s)); }
      "{{" blank* path blank* "}}"   { TAKE(evc_token_braces(s)); }
      "${" blank* path blank* "}"    { TAKE(evc_token_braces(s)); }
      "{" blank* path blank* "}"     { TAKE(evc_token_braces(s)); }
      "["         { TAKE(evc_token_brackets(s)); }
      "//" | "#"  { TAKE(evc_token_line_comment(s)); }
      "/*"        { TAKE(evc_token_block_comment(s)); }

      /* Look-alikes, quotes of other kinds, and everything else. */
      [^]         { TAKE(evc_token_other(s)); }
      *           { TAKE(evc_token_other(s)); }
    */
  }
}
