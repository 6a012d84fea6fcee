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
      grouped   = [0-9]+ ("," [0-9]{3})+ glued*;

      textchar  = [^"\\\x00-\x1F];
      typeword  = 'string' | 'number' | 'double' | 'float' | 'decimal' | 'integer' | 'int' | 'long'
                | 'boolean' | 'bool';

      blank+      { token = EVC_SKIP; continue; }
      [\x00]      { token = evc_token_nul(s); break; }

      "AND"       { token = evc_token_word(s, EVC_TOKEN_AND); break; }
      "OR"        { token = evc_token_word(s, EVC_TOKEN_OR); break; }
      "null" | "true" | "false" { token = evc_token_word(s, EVC_TOKEN_WORD); break; }
      path        { token = evc_token_path(s); break; }
      number      { token = evc_token_number(s); break; }
      oddnumber   { token = evc_token_odd_number(s); break; }
      grouped     { token = evc_token_grouped_number(s); break; }
      ["] textchar* ["] { token = evc_token_plain_string(s); break; }
      ["]         { token = evc_token_string(s); break; }

      "=="        { token = EVC_TOKEN_EQ; break; }
      "!="        { token = EVC_TOKEN_NE; break; }
      "<"         { token = EVC_TOKEN_LT; break; }
      "<="        { token = EVC_TOKEN_LE; break; }
      ">"         { token = EVC_TOKEN_GT; break; }
      ">="        { token = EVC_TOKEN_GE; break; }
      "+"         { token = EVC_TOKEN_PLUS; break; }
      "-"         { token = EVC_TOKEN_MINUS; break; }
      "*"         { token = EVC_TOKEN_STAR; break; }
      "/"         { token = EVC_TOKEN_SLASH; break; }
      "%"         { token = EVC_TOKEN_PERCENT; break; }
      "^"         { token = EVC_TOKEN_POW; break; }
      "?"         { token = EVC_TOKEN_QUESTION; break; }
      ":"         { token = EVC_TOKEN_COLON; break; }
      ","         { token = EVC_TOKEN_COMMA; break; }
      "("         { token = EVC_TOKEN_LP; break; }
      ")"         { token = EVC_TOKEN_RP; break; }

      /* Spellings of other languages. */
      "&&" | "&"  { token = evc_token_respelled(s, EVC_TOKEN_AND, "AND"); break; }
      "||" | "|"  { token = evc_token_respelled(s, EVC_TOKEN_OR, "OR"); break; }
      "=" | "===" { token = evc_token_respelled(s, EVC_TOKEN_EQ, "=="); break; }
      "<>" | "!==" { token = evc_token_respelled(s, EVC_TOKEN_NE, "!="); break; }
      "=>"        { token = evc_token_respelled(s, EVC_TOKEN_GE, ">="); break; }
      "=<"        { token = evc_token_respelled(s, EVC_TOKEN_LE, "<="); break; }
      "**"        { token = evc_token_respelled(s, EVC_TOKEN_POW, "^"); break; }
      "!"         { token = EVC_TOKEN_BANG; break; }
      "(" blank* typeword blank* ")" { token = evc_token_cast(s); break; }
      "{{" blank* path blank* "}}"   { token = evc_token_braces(s); break; }
      "${" blank* path blank* "}"    { token = evc_token_braces(s); break; }
      "{" blank* path blank* "}"     { token = evc_token_braces(s); break; }
      "["         { token = evc_token_brackets(s); break; }
      "//" | "#"  { token = evc_token_line_comment(s); break; }
      "/*"        { token = evc_token_block_comment(s); break; }

      /* Look-alikes, quotes of other kinds, and everything else. */
      [^]         { token = evc_token_other(s); break; }
      *           { token = evc_token_other(s); break; }
    */
  } while (token == EVC_SKIP);
  return token;
}
