/* The tokens of calculations, for re2c.
**
** Documented tokens are returned as they are. Whatever else people write is recognised whole where
** that is possible, reported with what would be right, and returned as the token that was meant;
** that is what the evc_token_… functions do (src/syntax/token.h).
*/
#include "calculation.h"
#include "syntax/token.h"

/* One letter that is not ASCII, at the cursor: its bytes, or 0. The only use of Unicode's table, which
** would make the scanner below twenty times as large. */
size_t evc_scan_letter(const unsigned char *at) {
  const unsigned char *const start = at, *marker = at;
  /*!include:re2c "unicode_categories.re" */
  /*!re2c
    re2c:api:style = free-form;
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = "at";
    re2c:define:YYMARKER = "marker";
    re2c:yyfill:enable = 0;

    L { return (size_t)(at - start); }
    * { return 0; }
  */
}

int evc_scan(evc_scanner *s) {
  const unsigned char *marker = s->cursor;
  int token;
  do {
    s->start = s->cursor;
    /*!re2c
      re2c:define:YYCURSOR = "s->cursor";

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

      textchar  = [^"\\\x00-\x1F\uD800-\uDFFF];
      typeword  = 'string' | 'number' | 'double' | 'float' | 'decimal' | 'integer' | 'int' | 'long'
                | 'boolean' | 'bool';

      blank+      { token = EVC_SKIP; continue; }
      [\x00]      { token = evc_token_nul(s); continue; }

      "AND"       { token = evc_token_word(s, EVC_TOKEN_AND); continue; }
      "OR"        { token = evc_token_word(s, EVC_TOKEN_OR); continue; }
      'true' blank* "(" blank* ")"  { token = evc_token_called_word(s, "true"); continue; }
      'false' blank* "(" blank* ")" { token = evc_token_called_word(s, "false"); continue; }
      "null" | "true" | "false" { token = evc_token_word(s, EVC_TOKEN_WORD); continue; }
      path (("?." | "->") name)+ { token = evc_token_foreign_path(s); continue; }
      path        { token = evc_token_path(s); continue; }
      number      { token = evc_token_number(s); continue; }
      oddnumber   { token = evc_token_odd_number(s); continue; }
      grouped     { token = evc_token_grouped_number(s); continue; }
      european    { token = evc_token_grouped_number(s); continue; }
      money       { token = evc_token_money(s); continue; }
      date        { token = evc_token_date(s); continue; }
      ["] textchar* ["] { token = evc_token_plain_string(s); continue; }
      ["]         { token = evc_token_string(s); continue; }

      "=="        { token = EVC_TOKEN_EQ; continue; }
      "!="        { token = EVC_TOKEN_NE; continue; }
      "<"         { token = EVC_TOKEN_LT; continue; }
      "<="        { token = EVC_TOKEN_LE; continue; }
      ">"         { token = EVC_TOKEN_GT; continue; }
      ">="        { token = EVC_TOKEN_GE; continue; }
      "+"         { token = EVC_TOKEN_PLUS; continue; }
      "-"         { token = EVC_TOKEN_MINUS; continue; }
      "*"         { token = EVC_TOKEN_STAR; continue; }
      "/"         { token = EVC_TOKEN_SLASH; continue; }
      "%"         { token = EVC_TOKEN_PERCENT; continue; }
      "^"         { token = EVC_TOKEN_POW; continue; }
      "?"         { token = EVC_TOKEN_QUESTION; continue; }
      ":"         { token = EVC_TOKEN_COLON; continue; }
      ","         { token = EVC_TOKEN_COMMA; continue; }
      "("         { token = EVC_TOKEN_LP; continue; }
      ")"         { token = EVC_TOKEN_RP; continue; }

      /* Spellings of other languages. */
      "&&" | "&"  { token = evc_token_respelled(s, EVC_TOKEN_AND, "AND"); continue; }
      "||" | "|"  { token = evc_token_respelled(s, EVC_TOKEN_OR, "OR"); continue; }
      "=" | "===" { token = evc_token_respelled(s, EVC_TOKEN_EQ, "=="); continue; }
      "<>" | "!==" { token = evc_token_respelled(s, EVC_TOKEN_NE, "!="); continue; }
      "=>"        { token = evc_token_respelled(s, EVC_TOKEN_GE, ">="); continue; }
      "=<"        { token = evc_token_respelled(s, EVC_TOKEN_LE, "<="); continue; }
      "**"        { token = evc_token_respelled(s, EVC_TOKEN_POW, "^"); continue; }
      ":="        { token = evc_token_respelled(s, EVC_TOKEN_EQ, "=="); continue; }
      "=!"        { token = evc_token_respelled(s, EVC_TOKEN_NE, "!="); continue; }
      "<" blank+ "="  { token = evc_token_split(s, EVC_TOKEN_LT, EVC_TOKEN_LE, "<="); continue; }
      ">" blank+ "="  { token = evc_token_split(s, EVC_TOKEN_GT, EVC_TOKEN_GE, ">="); continue; }
      "!" blank+ "="  { token = evc_token_split(s, EVC_TOKEN_BANG, EVC_TOKEN_NE, "!="); continue; }
      "=" blank+ "="  { token = evc_token_split(s, EVC_TOKEN_EQ, EVC_TOKEN_EQ, "=="); continue; }
      "<" blank+ ">"  { token = evc_token_split(s, EVC_TOKEN_LT, EVC_TOKEN_NE, "!="); continue; }
      "```" [a-z]* { token = evc_token_fence(s); continue; }
      "&gt;"      { token = evc_token_respelled(s, EVC_TOKEN_GT, ">"); continue; }
      "&gt;="     { token = evc_token_respelled(s, EVC_TOKEN_GE, ">="); continue; }
      "&lt;"      { token = evc_token_respelled(s, EVC_TOKEN_LT, "<"); continue; }
      "&lt;="     { token = evc_token_respelled(s, EVC_TOKEN_LE, "<="); continue; }
      "&amp;" | "&amp;&amp;" { token = evc_token_respelled(s, EVC_TOKEN_AND, "AND"); continue; }
      "&quot;" [^"\\&\x00-\x1F\uD800-\uDFFF]* "&quot;" { token = evc_token_wrapped(s, 6); continue; }
      "\\\"" [^"\\\x00-\x1F\uD800-\uDFFF]* "\\\""   { token = evc_token_wrapped(s, 2); continue; }
      "\\" [nrt]  { token = evc_token_escaped_blank(s); continue; }
      "!"         { token = EVC_TOKEN_BANG; continue; }
      "(" blank* typeword blank* ")" { token = evc_token_cast(s); continue; }
      "{{" blank* path blank* "}}"   { token = evc_token_braces(s); continue; }
      "${" blank* path blank* "}"    { token = evc_token_braces(s); continue; }
      "{" blank* path blank* "}"     { token = evc_token_braces(s); continue; }
      "["         { token = evc_token_brackets(s); continue; }
      "//" | "#"  { token = evc_token_line_comment(s); continue; }
      "/*"        { token = evc_token_block_comment(s); continue; }

      /* Look-alikes, quotes of other kinds, and everything else. */
      [^]         { token = evc_token_other(s); continue; }
      *           { token = evc_token_other(s); continue; }
    */
  } while (token == EVC_SKIP);
  return token;
}
