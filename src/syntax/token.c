/* Tokens that need more than their kind: names, numbers, and what other languages and documents
** bring along. Strings are in strings.c. */
#include "token.h"

#include <math.h>
#include <string.h>

#include "../base/decimal.h"
#include "../base/letters.h"
#include "../base/text.h"
#include "../base/utf8.h"
#include "calculation.h"

static const evc_text no_text = {NULL, 0};

void evc_token_find(evc_scanner *s, evc_message message, const unsigned char *start,
                    const unsigned char *end, evc_text text) {
  evc_tree_find(s->tree, (evc_finding){.message = message,
                                       .start = evc_token_offset(s, start),
                                       .end = evc_token_offset(s, end),
                                       .node = EVC_NO_NODE,
                                       .text = text});
}

static evc_text lexeme(const evc_scanner *s) {
  return (evc_text){(const char *)s->start, (size_t)(s->cursor - s->start)};
}

static void take_lexeme(evc_scanner *s, const unsigned char *start, const unsigned char *end) {
  s->at = evc_token_offset(s, start);
  s->length = (uint32_t)(end - start);
}

int evc_token_nul(evc_scanner *s) {
  if (s->start < s->limit) return evc_token_other(s);
  s->cursor = s->limit; /* stay at the end however often it is asked for */
  return EVC_TOKEN_END;
}

/* Names and paths */

static const unsigned char *skip_blanks(const unsigned char *at) {
  while (evc_is_blank((char)*at)) at++;
  return at;
}

static bool is_ascii_inner(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

static size_t inner_length(const unsigned char *at) {
  return *at < 0x80 ? (size_t)is_ascii_inner(*at) : evc_letter_length((const char *)at);
}

static bool starts_name(const unsigned char *at) {
  return inner_length(at) > 0 && !(*at >= '0' && *at <= '9');
}

static const struct lookalike {
  uint32_t code_point;
  int token;
  const char *right, *called;
} lookalikes[] = {
#define EVC_TOKEN_SKIP                             EVC_SKIP
#define LOOKALIKE(code_point, token, right, called) {code_point, EVC_TOKEN_##token, right, called},
#include "lookalikes.def"
#undef LOOKALIKE
};

static const struct lookalike *lookalike_at(const evc_scanner *s, const unsigned char *at,
                                            const unsigned char **behind) {
  const char *next = (const char *)at;
  uint32_t code_point = evc_utf8_next(&next, (const char *)s->limit);
  *behind = (const unsigned char *)next;
  for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++)
    if (lookalikes[i].code_point == code_point) return &lookalikes[i];
  return NULL;
}

const char *evc_lookalike_called(uint32_t row) { return lookalikes[row].called; }

/* The end of the run of one and the same invisible character at `at`, `at` itself when there is
** none. */
static const unsigned char *skip_invisible(evc_scanner *s, const unsigned char *at) {
  while (at < s->limit && *at >= 0x80) {
    const unsigned char *behind, *run;
    const struct lookalike *found = lookalike_at(s, at, &behind);
    if (!found || found->token != EVC_SKIP || *found->right) break;
    for (run = behind; run < s->limit && lookalike_at(s, run, &behind) == found;) run = behind;
    evc_token_find(s, EVC_MSG_INVISIBLE, at, run, evc_text_of(found->called));
    at = run;
  }
  return at;
}

static const unsigned char *after_invisible(const evc_scanner *s, const unsigned char *at) {
  const unsigned char *behind;
  for (; at < s->limit && *at >= 0x80; at = behind) {
    const struct lookalike *found = lookalike_at(s, at, &behind);
    if (!found || found->token != EVC_SKIP || *found->right) break;
  }
  return at;
}

/* `new. AND`: a name is missing there, for nobody breaks a path before that word. */
static bool is_joining_word(const unsigned char *at) {
  size_t length = strncmp((const char *)at, "AND", 3) == 0  ? 3
                  : strncmp((const char *)at, "OR", 2) == 0 ? 2
                                                            : 0;
  return length > 0 && inner_length(at + length) == 0 && at[length] != '.';
}

/* Behind what joins two names of a path, `.`, `?.` or `->`; NULL where nothing does. */
static const unsigned char *behind_joint(const unsigned char *at) {
  bool foreign = (at[0] == '?' && at[1] == '.') || (at[0] == '-' && at[1] == '>');
  const unsigned char *name = at + 1 + foreign;
  return (foreign || *at == '.') && starts_name(name) ? name : NULL;
}

/* new?.amount and new->amount: a path as far as `at`, then what is joined to it. */
static EVC_RARE int foreign_path(evc_scanner *s, evc_text path, const unsigned char *at) {
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  evc_build(&builder, path.data, path.length);
  for (const unsigned char *name; (name = behind_joint(at)) != NULL;) {
    evc_build_char(&builder, '.');
    for (size_t n; (n = inner_length(name)) > 0; name += n) evc_build(&builder, (const char *)name, n);
    at = name;
  }
  s->cursor = at;
  evc_text meant = evc_build_end(&builder);
  if (!meant.data) {
    s->tree->out_of_memory = true;
    return EVC_TOKEN_ILLEGAL;
  }
  s->at = evc_tree_decoded_at(s->tree);
  size_t before = s->tree->decoded_length;
  evc_tree_decode(s->tree, meant.data, meant.length);
  s->length = (uint32_t)(s->tree->decoded_length - before);
  evc_token_find(s, EVC_MSG_FOREIGN_PATH, s->start, s->cursor, meant);
  return EVC_TOKEN_PATH;
}

/* A path that goes on past ASCII, has invisible characters in it, blanks beside a dot, or a dot
** without a name behind it. */
static EVC_RARE int odd_path(evc_scanner *s) {
  const unsigned char *at = s->start, *end;
  bool blanks = false, broken = false;
  s->at = evc_tree_decoded_at(s->tree);
  size_t before = s->tree->decoded_length;
  for (;;) {
    for (size_t n; (n = inner_length(at)) > 0 || *at >= 0x80; at += n) {
      if (n == 0) {
        const unsigned char *behind = skip_invisible(s, at);
        if (behind == at) break;
        n = (size_t)(behind - at);
        continue;
      }
      evc_tree_decode(s->tree, (const char *)at, n);
    }
    end = at;
    const unsigned char *dot = skip_blanks(at);
    if (*dot != '.') break;
    const unsigned char *next = skip_blanks(dot + 1);
    bool joined = next == dot + 1 && dot == at;
    if (joined && starts_name(after_invisible(s, next))) next = skip_invisible(s, next);
    bool name = starts_name(next) && (joined || next == dot + 1 || !is_joining_word(next));
    blanks |= name && !joined;
    if (name) {
      at = next;
    } else if (dot == at) {
      broken = true;
      at = dot + 1;
    } else {
      break;
    }
    evc_tree_decode(s->tree, ".", 1);
  }
  s->cursor = end;
  s->length = (uint32_t)(s->tree->decoded_length - before);
  if (s->tree->out_of_memory) return EVC_TOKEN_ILLEGAL;
  evc_text cleaned = {s->tree->decoded + before, s->length};
  if (broken) {
    evc_token_find(s, EVC_MSG_BROKEN_PATH, s->start, end, no_text);
    return EVC_TOKEN_BAD;
  }
  if (blanks) {
    evc_text kept = evc_arena_text(s->tree->arena, cleaned.data, cleaned.length);
    if (!kept.data) s->tree->out_of_memory = true;
    evc_token_find(s, EVC_MSG_BLANK_IN_PATH, s->start, end, kept);
  } else if (behind_joint(end)) {
    return foreign_path(s, cleaned, end);
  }
  return EVC_TOKEN_PATH;
}

/* True where the scanner's ASCII path may not be the whole of it. */
static bool path_goes_on(const unsigned char *at) {
  if (*at >= 0x80 || *at == '.') return true;
  if (!evc_is_blank((char)*at)) return false;
  at = skip_blanks(at);
  return *at == '.' && starts_name(skip_blanks(at + 1));
}

int evc_token_path(evc_scanner *s) {
  if (path_goes_on(s->cursor)) return odd_path(s);
  take_lexeme(s, s->start, s->cursor);
  return EVC_TOKEN_PATH;
}

int evc_token_foreign_path(evc_scanner *s) {
  const unsigned char *end = s->start;
  while (inner_length(end) > 0 || *end == '.') end++;
  s->cursor = end;
  evc_text path = {(const char *)s->start, (size_t)(end - s->start)};
  return behind_joint(end) ? foreign_path(s, path, end) : evc_token_path(s);
}

int evc_token_word(evc_scanner *s, int kind) {
  return path_goes_on(s->cursor) ? odd_path(s) : kind;
}

/* Numbers */

static int finite_number(evc_scanner *s, double number) {
  s->number = number;
  if (isfinite(number)) return EVC_TOKEN_NUMBER;
  evc_token_find(s, EVC_MSG_NUMBER_TOO_LARGE, s->start, s->cursor, no_text);
  return EVC_TOKEN_BAD;
}

/* Would a number be no longer one, with the comma and the digits behind it: 7,05 or 1,000 or 1.000,5? */
static bool goes_on_behind_comma(const evc_scanner *s, evc_text number) {
  if (s->commas_separate || *s->cursor != ',') return false;
  size_t digits = strspn((const char *)s->cursor + 1, "0123456789");
  bool point = memchr(number.data, '.', number.length) != NULL;
  return digits >= 3 || (digits == 2 && s->cursor[1] == '0') || (digits > 0 && point);
}

/* A number in another form. One that is too large in any form is told as that alone; and what it stands
** for must not be part of another such number. */
static int as_number_meant(evc_scanner *s, evc_message message, evc_text meant) {
  double number = evc_decimal_read(meant.data, meant.length);
  if (isfinite(number) && goes_on_behind_comma(s, meant)) {
    evc_token_find(s, EVC_MSG_MALFORMED_NUMBER, s->start, s->cursor, no_text);
    return EVC_TOKEN_BAD;
  }
  if (isfinite(number)) evc_token_find(s, message, s->start, s->cursor, meant);
  return finite_number(s, number);
}

int evc_token_number(evc_scanner *s) {
  if (*s->cursor >= 0x80 && evc_letter_length((const char *)s->cursor)) return evc_token_odd_number(s);
  evc_text text = lexeme(s);
  return finite_number(s, evc_decimal_read(text.data, text.length));
}

/* Plain digits of a finite number: what an exponent or another base stands for. */
static evc_text plain_digits(evc_scanner *s, double number) {
  evc_decimal d = evc_decimal_of(number);
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  if (d.exponent <= 0 && d.count > 0) {
    evc_build_string(&builder, "0.");
    evc_build_repeat(&builder, '0', (size_t)-d.exponent);
  }
  for (int i = 0; i < d.count; i++) {
    if (i > 0 && i == d.exponent) evc_build_char(&builder, '.');
    evc_build_char(&builder, d.digits[i]);
  }
  if (d.exponent > d.count) evc_build_repeat(&builder, '0', (size_t)(d.exponent - d.count));
  if (d.count == 0) evc_build_char(&builder, '0');
  evc_text text = evc_build_end(&builder);
  if (!text.data) s->tree->out_of_memory = true;
  return text;
}

static bool all_digits(const char *at, const char *end) {
  if (at == end) return false;
  for (; at < end; at++)
    if (*at < '0' || *at > '9') return false;
  return true;
}

static bool all_hexadecimal(const char *at, const char *end, double *number) {
  *number = 0;
  if (at == end) return false;
  for (; at < end; at++) {
    if (!memchr("0123456789abcdefABCDEF", *at, 22)) return false;
    int value = *at <= '9' ? *at - '0' : (*at | 0x20) - 'a' + 10;
    *number = *number * 16 + value;
  }
  return true;
}

/* Digits, a point and digits where either side may be missing: *point is where the point is, or
** `end`. */
static bool is_decimal(const char *at, const char *end, const char **point) {
  const char *found = memchr(at, '.', (size_t)(end - at));
  *point = found ? found : end;
  bool whole = *point == at || all_digits(at, *point);
  bool fraction = !found || found + 1 == end || all_digits(found + 1, end);
  return whole && fraction && end - at > (found != NULL);
}

/* What a number in another form stands for; data == NULL when there is no telling. */
static evc_text number_meant(evc_scanner *s, evc_text text) {
  const char *at = text.data, *end = at + text.length, *point;
  double number;
  if (at[0] == '0' && end - at > 1 && (at[1] | 0x20) == 'x' && all_hexadecimal(at + 2, end, &number))
    return isfinite(number) ? plain_digits(s, number) : no_text;

  evc_builder builder; /* without digit separators and leading zeros, with a digit before the point */
  evc_build_init(&builder, s->tree->arena);
  for (; at < end; at++)
    if (*at != '_' && *at != ',') evc_build_char(&builder, *at);
  evc_text joined = evc_build_end(&builder);
  if (!joined.data) {
    s->tree->out_of_memory = true;
    return no_text;
  }
  at = joined.data, end = at + joined.length;
  const char *exponent = at + strcspn(at, "eE");
  if (!is_decimal(at, exponent, &point)) return no_text;
  if (exponent < end) {
    const char *digits = exponent + 1 + (exponent[1] == '+' || exponent[1] == '-');
    if (!all_digits(digits, end)) return no_text;
    number = evc_decimal_read(at, (size_t)(end - at));
    return isfinite(number) ? plain_digits(s, number) : no_text;
  }
  while (end - at > 1 && at[0] == '0' && at + 1 < point) at++;
  if (point + 1 == end) end = point;
  evc_build_init(&builder, s->tree->arena);
  if (at == point) evc_build_char(&builder, '0');
  evc_build(&builder, at, (size_t)(end - at));
  evc_text meant = evc_build_end(&builder);
  if (!meant.data) s->tree->out_of_memory = true;
  return meant;
}

/* 5.000.000 without its points; data == NULL where they do not stand between thousands. */
static evc_text without_points(evc_scanner *s, evc_text text) {
  const char *at = text.data, *end = at + text.length;
  size_t groups = 0, digits = strspn(at, "0123456789");
  if (digits == 0 || digits > 3 || *at == '0') return no_text;
  evc_builder b;
  evc_build_init(&b, s->tree->arena);
  evc_build(&b, at, digits);
  for (at += digits; at < end; at += 4, groups++) {
    if (*at != '.' || end - at < 4 || !all_digits(at + 1, at + 4)) return no_text;
    evc_build(&b, at + 1, 3);
  }
  return groups > 1 ? evc_build_end(&b) : no_text;
}

static evc_message malformed_message(evc_text text) {
  size_t digits = strspn(text.data, "0123456789."), points = 0;
  for (size_t i = 0; i < text.length; i++) points += text.data[i] == '.';
  if (digits >= text.length && points == 2 && text.length >= 8) return EVC_MSG_MALFORMED_DATE;
  bool hexadecimal = text.data[0] == '0' && (text.data[1] | 0x20) == 'x';
  return digits < text.length && points < 2 && !hexadecimal && text.data[digits] != '_'
             ? EVC_MSG_MALFORMED_UNIT
             : EVC_MSG_MALFORMED_NUMBER;
}

static int respelled_number(evc_scanner *s, evc_message message) {
  evc_text meant = number_meant(s, lexeme(s));
  if (!meant.data) {
    meant = without_points(s, lexeme(s));
    if (meant.data) message = EVC_MSG_DIGIT_GROUPING;
  }
  if (!meant.data) {
    evc_token_find(s, malformed_message(lexeme(s)), s->start, s->cursor, no_text);
    return EVC_TOKEN_BAD;
  }
  return as_number_meant(s, message, meant);
}

/* 5AND: the number, with the cursor before the word. */
static bool number_and_word(evc_scanner *s, evc_text text) {
  size_t digits = strspn(text.data, "0123456789.");
  evc_text word = {text.data + digits, text.length - digits};
  bool is_and = evc_text_is_ignoring_case(word, "AND");
  if (!is_and && !evc_text_is_ignoring_case(word, "OR")) return false;
  evc_text number = number_meant(s, (evc_text){text.data, digits});
  if (!number.data) return false;
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  evc_build_text(&builder, number);
  evc_build_string(&builder, is_and ? " AND" : " OR");
  evc_text meant = evc_build_end(&builder);
  if (!meant.data) s->tree->out_of_memory = true;
  evc_token_find(s, EVC_MSG_NUMBER_AND_WORD, s->start, s->cursor, meant);
  s->cursor = s->start + digits;
  s->number = evc_decimal_read(number.data, number.length);
  return true;
}

/* All that touches a number, by letters, digits and points, is part of it. */
static evc_text take_glued(evc_scanner *s) {
  for (size_t n; (n = inner_length(s->cursor)) > 0 || *s->cursor == '.';) s->cursor += n ? n : 1;
  return lexeme(s);
}

int evc_token_odd_number(evc_scanner *s) {
  evc_text text = take_glued(s);
  if (number_and_word(s, text)) return finite_number(s, s->number);
  const char *exponent = memchr(text.data, 'e', text.length);
  if (!exponent) exponent = memchr(text.data, 'E', text.length);
  if (exponent && isinf(evc_decimal_read(text.data, text.length)) && number_meant(s, text).data == NULL &&
      all_digits(exponent + 1 + (exponent[1] == '+'), text.data + text.length))
    return finite_number(s, INFINITY);
  return respelled_number(s, EVC_MSG_MALFORMED_NUMBER_FIXED);
}

/* 5,05 and 1.000,50: what stands behind the comma is no number of its own, or the points before it
** group digits, so a comma before decimals is the one reading. */
static evc_text decimal_comma(evc_scanner *s, evc_text text, const char *comma) {
  bool last = *s->cursor != ',' && *s->cursor != '.' && !inner_length(s->cursor);
  bool single = memchr(text.data, ',', text.length) == comma;
  if (!last || !single || !all_digits(comma + 1, text.data + text.length)) return no_text;
  evc_builder builder;
  evc_build_init(&builder, s->tree->arena);
  for (const char *at = text.data; at < text.data + text.length; at++)
    if (*at != '.') evc_build_char(&builder, (char)(*at == ',' ? '.' : *at));
  evc_text digits = evc_build_end(&builder);
  evc_text meant = digits.data ? number_meant(s, digits) : digits;
  if (!meant.data) s->tree->out_of_memory = true;
  return meant;
}

/* 1,000,000 behind its first group. Not a rule of the scanner's: where commas separate arguments, it
** would read on to the last group for each of them. */
static void take_groups(evc_scanner *s) {
  const unsigned char *comma = s->start + strspn((const char *)s->start, "0123456789");
  if (*comma != ',' || s->cursor - comma != 4) return;
  while (*s->cursor == ',' && all_digits((const char *)s->cursor + 1, (const char *)s->cursor + 4))
    s->cursor += 4;
  while (is_ascii_inner(*s->cursor) || *s->cursor == '.') s->cursor++;
}

int evc_token_grouped_number(evc_scanner *s) {
  if (!s->commas_separate) take_groups(s);
  evc_text text = lexeme(s);
  const char *point;
  const char *last_comma = text.data + text.length;
  while (last_comma[-1] != ',') last_comma--;
  bool grouped = is_decimal(last_comma, text.data + text.length, &point) &&
                 point - last_comma == 3 && point + 1 != text.data + text.length;
  bool plain = !memchr(text.data, '.', (size_t)(last_comma - text.data));
  if (grouped && plain && !s->commas_separate) return respelled_number(s, EVC_MSG_DIGIT_GROUPING);
  if (!s->commas_separate && (*last_comma == '0' || !plain)) {
    evc_text meant = decimal_comma(s, text, last_comma - 1);
    if (meant.data) return as_number_meant(s, EVC_MSG_DECIMAL_COMMA, meant);
  }
  s->cursor = s->start + (strcspn(text.data, ","));
  bool zeros = s->start[0] == '0' && s->cursor - s->start > 1;
  return zeros ? evc_token_odd_number(s) : evc_token_number(s);
}

/* $5 alone is a name; with a comma or a point, as here, it can not be one. */
int evc_token_money(evc_scanner *s) {
  size_t whole = strcspn((const char *)s->start, ",.");
  if (s->start[whole] == ',' && s->commas_separate) {
    s->cursor = s->start + whole;
    return evc_token_path(s);
  }
  evc_text text = take_glued(s), digits = {text.data + 1, text.length - 1};
  evc_text meant = number_meant(s, digits);
  if (meant.data) return as_number_meant(s, EVC_MSG_MALFORMED_NUMBER_FIXED, meant);
  evc_token_find(s, malformed_message(digits), s->start, s->cursor, no_text);
  return EVC_TOKEN_BAD;
}

/* 2026-12-31 is a subtraction, odd as it is; 2026-01-01 and what has a time could be none. */
int evc_token_date(evc_scanner *s) {
  const unsigned char *at = s->start;
  bool subtraction = s->cursor - at == 10 && at[0] != '0' && at[5] != '0' && at[8] != '0';
  if (subtraction || inner_length(s->cursor) > 0) {
    s->cursor = at + 4;
    return at[0] == '0' ? evc_token_odd_number(s) : evc_token_number(s);
  }
  evc_builder b;
  evc_build_init(&b, s->tree->arena);
  evc_build_char(&b, '"');
  evc_build_text(&b, lexeme(s));
  evc_build_char(&b, '"');
  evc_text quoted = evc_build_end(&b);
  if (!quoted.data) s->tree->out_of_memory = true;
  evc_token_find(s, EVC_MSG_DATE_UNQUOTED, s->start, s->cursor, quoted);
  take_lexeme(s, s->start, s->cursor);
  return EVC_TOKEN_STRING;
}

/* Other languages */

/* An = before everything else is how a spreadsheet begins a formula. */
static bool begins_formula(const evc_scanner *s) {
  const char *text = s->tree->source;
  text += evc_utf8_bom((evc_text){text, s->tree->source_length});
  return s->cursor - s->start == 1 && *s->start == '=' &&
         skip_blanks((const unsigned char *)text) == s->start;
}

int evc_token_respelled(evc_scanner *s, int kind, const char *right) {
  if (begins_formula(s)) {
    evc_token_find(s, EVC_MSG_FORMULA, s->start, s->cursor, evc_text_of(""));
    return EVC_SKIP;
  }
  evc_token_find(s, EVC_MSG_UNDOCUMENTED_OPERATOR, s->start, s->cursor, evc_text_of(right));
  return kind;
}

int evc_token_split(evc_scanner *s, int first, int whole, const char *right) {
  bool more = *s->cursor == '=' || *s->cursor == '>';
  if (!more) return evc_token_respelled(s, whole, right);
  bool entity = *s->start == '&';
  s->cursor = s->start + (entity ? strlen("&lt;") : 1);
  if (entity) return evc_token_respelled(s, first, first == EVC_TOKEN_LT ? "<" : ">");
  return *s->start == '=' ? evc_token_respelled(s, first, "==") : first;
}

int evc_token_wrapped(evc_scanner *s, size_t quote) {
  take_lexeme(s, s->start + quote, s->cursor - quote);
  evc_builder b;
  evc_build_init(&b, s->tree->arena);
  evc_build_char(&b, '"');
  evc_build(&b, (const char *)s->start + quote, s->length);
  evc_build_char(&b, '"');
  evc_text literal_text = evc_build_end(&b);
  if (!literal_text.data) s->tree->out_of_memory = true;
  evc_token_find(s, EVC_MSG_WRONG_QUOTES, s->start, s->cursor, literal_text);
  return EVC_TOKEN_STRING;
}

/* TRUE() of a spreadsheet. */
int evc_token_called_word(evc_scanner *s, const char *word) {
  evc_token_find(s, EVC_MSG_WRONG_CASE, s->start, s->cursor, evc_text_of(word));
  return EVC_TOKEN_WORD;
}

int evc_token_fence(evc_scanner *s) {
  evc_token_find(s, EVC_MSG_FENCE, s->start, s->cursor, evc_text_of(""));
  return EVC_SKIP;
}

/* Digits of full width, as East Asian keyboards have them, and all that touches them: written with
** plain digits it would be one number too. */
static int wide_digits(evc_scanner *s) {
  evc_builder plain;
  evc_build_init(&plain, s->tree->arena);
  const char *at = (const char *)s->start, *limit = (const char *)s->limit;
  for (size_t inner;;) {
    const char *next = at;
    uint32_t c = evc_utf8_next(&next, limit);
    if (c >= 0xFF10 && c <= 0xFF19) {
      evc_build_char(&plain, (char)('0' + (c - 0xFF10)));
      at = next;
    } else if ((inner = *at == '.' ? 1 : inner_length((const unsigned char *)at)) > 0) {
      evc_build(&plain, at, inner);
      at += inner;
    } else {
      break;
    }
  }
  s->cursor = (const unsigned char *)at;
  evc_text text = evc_build_end(&plain);
  if (!text.data) {
    s->tree->out_of_memory = true;
    return EVC_TOKEN_ILLEGAL;
  }
  evc_text meant = number_meant(s, text);
  if (meant.data) return as_number_meant(s, EVC_MSG_MALFORMED_NUMBER_FIXED, meant);
  if (s->tree->out_of_memory) return EVC_TOKEN_ILLEGAL;
  evc_token_find(s, malformed_message(text), s->start, s->cursor, no_text);
  return EVC_TOKEN_BAD;
}

int evc_token_escaped_blank(evc_scanner *s) {
  evc_token_find(s, EVC_MSG_ESCAPED_BLANK, s->start, s->cursor, evc_text_of(" "));
  return EVC_SKIP;
}

/* `(string)` before an operand; before anything else it is a name in parentheses. */
int evc_token_cast(evc_scanner *s) {
  const unsigned char *next = skip_blanks(s->cursor);
  bool operand = inner_length(next) > 0 || *next == '"' || *next == '(';
  if (operand && !is_joining_word(next)) return EVC_TOKEN_CAST;
  s->cursor = s->start + 1;
  return EVC_TOKEN_LP;
}

/* if (…) { … } else { … }: the cursor goes behind the block. Only the first is told. */
static bool skip_block(evc_scanner *s) {
  const unsigned char *first = (const unsigned char *)s->tree->source, *before = s->start;
  while (before > first && evc_is_blank((char)before[-1])) before--;
  bool otherwise = before - first > 4 && strncmp((const char *)before - 4, "else", 4) == 0 &&
                   !inner_length(before - 5);
  if (s->braces > 0 || before == first || (before[-1] != ')' && !otherwise)) return false;
  const unsigned char *at = s->start + 1;
  bool quoted = false;
  for (size_t depth = 1; depth > 0; at++) {
    if (at >= s->limit) return false;
    if (*at == '"') quoted = !quoted;
    if (*at == '\n') quoted = false;
    if (quoted) at += *at == '\\' && at + 1 < s->limit;
    else depth = depth + (*at == '{') - (*at == '}');
  }
  s->cursor = at;
  const evc_findings *findings = &s->tree->findings;
  bool told = findings->count > 0 && findings->list[findings->count - 1].message == EVC_MSG_BRACES;
  if (!told) evc_token_find(s, EVC_MSG_BRACES, s->start, s->start + 1, no_text);
  return true;
}

static bool is_word(evc_text text) {
  return evc_text_is(text, "true") || evc_text_is(text, "false") || evc_text_is(text, "null");
}

int evc_token_braces(evc_scanner *s) {
  if (*s->start == '{' && s->start[1] != '{' && skip_block(s)) return EVC_TOKEN_ILLEGAL;
  const unsigned char *name = s->start, *end = s->cursor;
  while (*name == '{' || evc_is_blank((char)*name) || (*name == '$' && name == s->start)) name++;
  while (end[-1] == '}' || evc_is_blank((char)end[-1])) end--;
  take_lexeme(s, name, end);
  if (is_word((evc_text){(const char *)name, s->length})) {
    evc_token_find(s, EVC_MSG_BRACES, s->start, s->cursor, no_text);
    return EVC_TOKEN_BAD;
  }
  evc_token_find(s, EVC_MSG_TEMPLATE_BRACES, s->start, s->cursor,
                 (evc_text){(const char *)name, s->length});
  return EVC_TOKEN_PATH;
}

/* [ … ] as a whole; whether it is an index or an operand is for the parser to say. */
int evc_token_brackets(evc_scanner *s) {
  size_t depth = 1;
  bool quoted = false;
  for (; s->cursor < s->limit && depth > 0; s->cursor++) {
    if (*s->cursor == '"') quoted = !quoted;
    if (quoted) continue;
    depth += *s->cursor == '[';
    depth -= *s->cursor == ']';
  }
  if (depth == 0) return EVC_TOKEN_BRACKETS;
  evc_token_find(s, EVC_MSG_BRACKETS_UNCLOSED, s->start, s->start + 1, no_text);
  s->text_lost = true;
  return EVC_TOKEN_ILLEGAL;
}

int evc_token_line_comment(evc_scanner *s) {
  while (s->cursor < s->limit && *s->cursor != '\n' && *s->cursor != '\r') s->cursor++;
  evc_token_find(s, EVC_MSG_COMMENT, s->start, s->cursor, evc_text_of(""));
  return EVC_SKIP;
}

int evc_token_block_comment(evc_scanner *s) {
  const char *end = strstr((const char *)s->cursor, "*/");
  if (end) {
    s->cursor = (const unsigned char *)end + 2;
    evc_token_find(s, EVC_MSG_COMMENT, s->start, s->cursor, evc_text_of(""));
    return EVC_SKIP;
  }
  evc_token_find(s, EVC_MSG_COMMENT_UNCLOSED, s->start, s->cursor, no_text);
  s->cursor = s->limit;
  s->text_lost = true;
  return EVC_TOKEN_ILLEGAL;
}

/* A currency sign that a number touches, or stands one blank away from. */
static bool is_currency(const evc_scanner *s, uint32_t c, const unsigned char *behind) {
  bool sign = (c >= 0xA2 && c <= 0xA5) || (c >= 0x20A0 && c <= 0x20CF);
  const unsigned char *before = s->start, *first = (const unsigned char *)s->tree->source;
  behind += *behind == ' ';
  before -= before > first && before[-1] == ' ';
  bool digit_before = before > first && before[-1] >= '0' && before[-1] <= '9';
  return sign && ((*behind >= '0' && *behind <= '9') || digit_before);
}

static bool is_foreign_quote(uint32_t c) {
  return c == '\'' || c == '`' || (c >= 0x2018 && c <= 0x201F) || c == 0xAB || c == 0xBB ||
         c == 0x2039 || c == 0x203A || c == 0xFF02;
}

int evc_token_other(evc_scanner *s) {
  const unsigned char *behind;
  const struct lookalike *found = lookalike_at(s, s->start, &behind);
  const char *next = (const char *)s->start;
  uint32_t c = evc_utf8_next(&next, (const char *)s->limit);
  s->cursor = behind;
  if (evc_letter_length((const char *)s->start)) return odd_path(s);
  if (is_foreign_quote(c)) return evc_token_quoted(s, c);
  if (c == ';' && *skip_blanks(behind) == '\0' && skip_blanks(behind) == s->limit) {
    evc_token_find(s, EVC_MSG_STRAY_SEMICOLON, s->start, behind, evc_text_of(""));
    return EVC_SKIP;
  }
  if (c >= 0xFF10 && c <= 0xFF19) return wide_digits(s);
  if (c == '{') {
    if (skip_block(s)) return EVC_TOKEN_ILLEGAL;
    s->braces++;
    evc_token_find(s, EVC_MSG_BRACES, s->start, behind, no_text);
    return EVC_TOKEN_ILLEGAL;
  }
  if (c == '}' && s->braces > 0) {
    s->braces--; /* one mistake with its { */
    return EVC_TOKEN_ILLEGAL;
  }
  if (c == ';' && s->commas_separate) {
    evc_token_find(s, EVC_MSG_SEMICOLON_SEPARATES, s->start, behind, evc_text_of(","));
    return EVC_TOKEN_COMMA;
  }
  if (is_currency(s, c, behind)) {
    evc_token_find(s, EVC_MSG_CURRENCY_SIGN, s->start, behind, evc_text_of(""));
    return EVC_SKIP;
  }
  if (!found) {
    evc_message message = c == EVC_UTF8_INVALID ? EVC_MSG_INVALID_UTF8 : EVC_MSG_UNEXPECTED_CHARACTER;
    evc_token_find(s, message, s->start, behind, no_text);
    return EVC_TOKEN_ILLEGAL;
  }
  if (found->token == EVC_SKIP && !*found->right) {
    s->cursor = skip_invisible(s, s->start);
    return EVC_SKIP;
  }
  if (found->token == EVC_SKIP)
    while (s->cursor < s->limit && lookalike_at(s, s->cursor, &behind) == found) s->cursor = behind;
  evc_message message = found->token == EVC_SKIP ? EVC_MSG_WIDE_SPACE : EVC_MSG_LOOKALIKE;
  evc_tree_find(s->tree, (evc_finding){.message = message,
                                       .start = evc_token_offset(s, s->start),
                                       .end = evc_token_offset(s, s->cursor),
                                       .node = EVC_NO_NODE,
                                       .detail = (uint32_t)(found - lookalikes),
                                       .text = evc_text_of(found->right)});
  return found->token;
}
