/* A checker without recursion: one bit a level says whether it is an object or an array. */
#include "grammar.h"

#include <string.h>

#include "../base/text.h"
#include "../base/utf8.h"

typedef struct checker {
  const char *at, *end;
  const char *fault_at; /* NULL: at `at` */
  unsigned depth;
  uint64_t objects[EVC_JSON_DEPTH / 64]; /* the bit of each open level: an object, not an array */
} checker;

static const struct {
  const char *reason, *help;
} faults[EVC_JSON_FAULT_END] = {
    [EVC_JSON_SOUND] = {"nothing is wrong", "nothing"},
#define JSON_FAULT(id, reason, help) [EVC_JSON_##id] = {(reason), (help)},
#include "faults.def"
#undef JSON_FAULT
};

const char *evc_json_reason(evc_json_fault fault) { return faults[fault].reason; }

const char *evc_json_help(evc_json_fault fault) { return faults[fault].help; }

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* The code unit of \uXXXX at `at`, -1 when it is not one. */
static int32_t unit_at(const char *at, const char *end) {
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
  int32_t unit = 0;
  for (int i = 2; i < 6; i++) {
    int digit = hex_value(at[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

static size_t unicode_escape(const char *at, const char *end, uint32_t *code_point) {
  int32_t unit = unit_at(at, end);
  if (unit < 0) return 0;
  *code_point = (uint32_t)unit;
  if (unit < 0xD800 || unit > 0xDFFF) return 6;
  int32_t second = unit <= 0xDBFF ? unit_at(at + 6, end) : -1;
  if (second < 0xDC00 || second > 0xDFFF) return 0;
  *code_point = 0x10000u + (((uint32_t)unit & 0x3FFu) << 10) + ((uint32_t)second & 0x3FFu);
  return 12;
}

size_t evc_json_escape(evc_text text, uint32_t *code_point) {
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  *code_point = 0;
  if (text.length < 2) return 0;
  if (text.data[1] == 'u')
    return unicode_escape(text.data, text.data + text.length, code_point);
  const char *letter = memchr(letters, text.data[1], sizeof letters - 1);
  if (!letter) return 0;
  *code_point = (uint32_t)meanings[letter - letters];
  return 2;
}

bool evc_json_decode(evc_text inside, char *out, size_t *length) {
  const char *at = inside.data, *end = at + inside.length;
  char *to = out;
  while (at < end) {
    const char *backslash = memchr(at, '\\', (size_t)(end - at));
    size_t run = (size_t)((backslash ? backslash : end) - at);
    memcpy(to, at, run);
    to += run;
    at += run;
    if (!backslash) break;
    uint32_t code_point;
    size_t size = evc_json_escape((evc_text){at, (size_t)(end - at)}, &code_point);
    if (size == 0) return false;
    to += evc_utf8_write(to, code_point);
    at += size;
  }
  *length = (size_t)(to - out);
  return true;
}

size_t evc_json_undecode(evc_text inside, size_t offset) {
  size_t at = 0, decoded = 0;
  while (at < inside.length && decoded < offset) {
    size_t size = 1, bytes = 1;
    if (inside.data[at] == '\\') {
      char utf8[4];
      uint32_t code_point;
      evc_text rest = {inside.data + at, inside.length - at};
      size = evc_json_escape(rest, &code_point);
      if (size == 0) break;
      bytes = evc_utf8_write(utf8, code_point);
    }
    if (decoded + bytes > offset) break; /* inside what one escape stands for */
    decoded += bytes;
    at += size;
  }
  return at;
}

size_t evc_json_number_length(evc_text text) {
  const char *at = text.data, *end = at + text.length;
  if (at < end && *at == '-') at++;
  if (at == end || !is_digit(*at)) return 0;
  if (*at == '0') at++;
  else
    while (at < end && is_digit(*at)) at++;
  if (at < end && *at == '.') {
    const char *digits = ++at;
    while (at < end && is_digit(*at)) at++;
    if (at == digits) return 0;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    const char *digits = at;
    while (at < end && is_digit(*at)) at++;
    if (at == digits) return 0;
  }
  return (size_t)(at - text.data);
}

static void skip_blank(checker *c) {
  while (c->at < c->end && evc_is_blank(*c->at))
    c->at++;
}

/* Any byte of the word that ends a run of plain ASCII in a string: control, ", \ or ≥ 0x80. */
static bool has_special(uint64_t word) {
  const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
  uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
  uint64_t found = (word - ones * 0x20) | word | (quote - ones) | (backslash - ones);
  return (found & high) != 0;
}

/* A string; `at` is at its opening quote. */
static evc_json_fault check_string(checker *c) {
  const char *opening = c->at++;
  while (c->at < c->end) {
    uint64_t word;
    while (c->end - c->at >= (ptrdiff_t)sizeof word) {
      memcpy(&word, c->at, sizeof word);
      if (has_special(word)) break;
      c->at += sizeof word;
    }
    for (int i = 0; i < 8 && c->at < c->end; i++) {
      unsigned char byte = (unsigned char)*c->at;
      if (byte == '"') {
        c->at++;
        return EVC_JSON_SOUND;
      }
      if (byte < 0x20) return EVC_JSON_CONTROL;
      const char *here = c->at;
      if (byte == '\\') {
        uint32_t code_point;
        size_t size = evc_json_escape((evc_text){here, (size_t)(c->end - here)}, &code_point);
        if (size == 0 && here + 1 == c->end) break;
        if (size == 0) return code_point ? EVC_JSON_SURROGATE : EVC_JSON_ESCAPE;
        c->at += size;
      } else if (byte < 0x80) {
        c->at++;
      } else if (evc_utf8_next(&c->at, c->end) == EVC_UTF8_INVALID) {
        c->at = here;
        return EVC_JSON_UTF8;
      }
    }
    if (c->end - c->at == 1 && *c->at == '\\') break;
  }
  c->fault_at = opening;
  return EVC_JSON_END_IN_STRING;
}

static evc_json_fault check_word(checker *c) {
  static const struct {
    const char *text;
    size_t length;
  } words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
  size_t left = (size_t)(c->end - c->at);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t length = words[i].length;
    if (left < length || memcmp(c->at, words[i].text, length) != 0) continue;
    if (left > length && (is_letter(c->at[length]) || is_digit(c->at[length]))) break;
    c->at += length;
    return EVC_JSON_SOUND;
  }
  return EVC_JSON_WORD;
}

static evc_json_fault check_number(checker *c) {
  size_t length = evc_json_number_length((evc_text){c->at, (size_t)(c->end - c->at)});
  if (length == 0) return EVC_JSON_NUMBER;
  const char *after = c->at + length;
  if (after < c->end && (is_letter(*after) || is_digit(*after) || strchr(".+-_", *after)) &&
      *after != '\0')
    return EVC_JSON_NUMBER;
  c->at = after;
  return EVC_JSON_SOUND;
}

static bool in_object(const checker *c) {
  unsigned level = c->depth - 1;
  return (c->objects[level / 64] >> (level % 64) & 1) != 0;
}

/* What ended too early. */
static evc_json_fault end_fault(const checker *c) {
  if (c->depth == 0) return EVC_JSON_EMPTY;
  return in_object(c) ? EVC_JSON_END_IN_OBJECT : EVC_JSON_END_IN_ARRAY;
}

static evc_json_fault unexpected(const checker *c, evc_json_fault missing) {
  if (c->at == c->end) return end_fault(c);
  unsigned char byte = (unsigned char)*c->at;
  const char *at = c->at;
  if (byte >= 0x80 && evc_utf8_next(&at, c->end) == EVC_UTF8_INVALID) return EVC_JSON_UTF8;
  if (byte == '/' || byte == '#') return EVC_JSON_COMMENT;
  return missing;
}

static evc_json_fault check_scalar(checker *c) {
  if (c->at < c->end) {
    char first = *c->at;
    if (first == '"') return check_string(c);
    if (first == '-' || is_digit(first)) return check_number(c);
    if (first == '+' || first == '.') return EVC_JSON_NUMBER;
    if (first == '\'' || first == '`') return EVC_JSON_QUOTES;
    if (is_letter(first)) return check_word(c);
  }
  return unexpected(c, EVC_JSON_VALUE);
}

/* A member's name and its colon. */
static evc_json_fault check_key(checker *c) {
  if (c->at < c->end && *c->at == '\'') return EVC_JSON_QUOTES;
  if (c->at == c->end || *c->at != '"') return unexpected(c, EVC_JSON_KEY);
  evc_json_fault fault = check_string(c);
  if (fault) return fault;
  skip_blank(c);
  if (c->at == c->end || *c->at != ':') return unexpected(c, EVC_JSON_COLON);
  c->at++;
  skip_blank(c);
  return EVC_JSON_SOUND;
}

/* Open a level; *empty when it closes at once. */
static evc_json_fault open_level(checker *c, bool *empty) {
  bool object = *c->at == '{';
  if (c->depth == EVC_JSON_DEPTH) return EVC_JSON_NESTING;
  uint64_t bit = UINT64_C(1) << (c->depth % 64), *bits = &c->objects[c->depth / 64];
  *bits = object ? *bits | bit : *bits & ~bit;
  c->depth++;
  c->at++;
  skip_blank(c);
  *empty = c->at < c->end && *c->at == (object ? '}' : ']');
  if (*empty) return EVC_JSON_SOUND;
  return object ? check_key(c) : EVC_JSON_SOUND;
}

/* After a value: close the levels that end here and go past a comma to the next value. */
static evc_json_fault go_on(checker *c) {
  while (c->depth > 0) {
    skip_blank(c);
    bool object = in_object(c);
    char closing = object ? '}' : ']';
    if (c->at < c->end && *c->at == closing) {
      c->at++;
      c->depth--;
      continue;
    }
    if (c->at == c->end || *c->at != ',')
      return unexpected(c, object ? EVC_JSON_COMMA_IN_OBJECT : EVC_JSON_COMMA_IN_ARRAY);
    c->at++;
    skip_blank(c);
    if (c->at < c->end && *c->at == closing) return EVC_JSON_TRAILING_COMMA;
    return object ? check_key(c) : EVC_JSON_SOUND;
  }
  return EVC_JSON_SOUND;
}

static evc_json_fault check_value(checker *c) {
  do {
    if (c->at < c->end && (*c->at == '{' || *c->at == '[')) {
      bool empty;
      evc_json_fault fault = open_level(c, &empty);
      if (fault) return fault;
      if (!empty) continue;
    } else {
      evc_json_fault fault = check_scalar(c);
      if (fault) return fault;
    }
    evc_json_fault fault = go_on(c);
    if (fault) return fault;
  } while (c->depth > 0);
  return EVC_JSON_SOUND;
}

evc_json_fault evc_json_check(evc_text text, size_t *at) {
  if (!text.data) text = evc_text_of(""); /* no text at all */
  const char *start = text.data, *end = start + text.length;
  checker c = {.at = start + evc_utf8_bom(text), .end = end};
  skip_blank(&c);
  evc_json_fault fault = check_value(&c);
  if (!fault) {
    skip_blank(&c);
    if (c.at < c.end) fault = EVC_JSON_TRAILING;
  }
  *at = (size_t)((c.fault_at ? c.fault_at : c.at) - start);
  return fault;
}

/* Note the value of a member that is wanted. False when there is one already. */
static bool note_member(evc_text name, evc_text value, const evc_text *names, evc_text *values,
                        size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (name.length != names[i].length || memcmp(name.data, names[i].data, name.length) != 0)
      continue;
    if (values[i].data) return false;
    values[i] = value;
    break;
  }
  return true;
}

bool evc_json_members(evc_text text, const evc_text *names, evc_text *values, size_t count) {
  checker c = {.at = text.data, .end = text.data + text.length};
  for (size_t i = 0; i < count; i++) values[i] = (evc_text){NULL, 0};
  skip_blank(&c);
  bool more = c.at < c.end && *c.at == '{';
  if (!more) return false;
  do {
    c.at++;
    skip_blank(&c);
    const char *name = c.at;
    if (c.at == c.end || *c.at != '"' || check_string(&c)) return false;
    size_t name_length = (size_t)(c.at - name) - 2;
    skip_blank(&c);
    if (memchr(name, '\\', name_length + 1) || c.at == c.end || *c.at++ != ':') return false;
    skip_blank(&c);
    const char *value = c.at;
    if (check_scalar(&c) ||
        !note_member((evc_text){name + 1, name_length},
                     (evc_text){value, (size_t)(c.at - value)}, names, values, count))
      return false;
    skip_blank(&c);
    more = c.at < c.end && *c.at == ',';
  } while (more);
  if (c.at == c.end || *c.at++ != '}') return false;
  skip_blank(&c);
  return c.at == c.end;
}
