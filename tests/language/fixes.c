#include "fixes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/base/letters.h"
#include "../../src/base/utf8.h"

char *fix_apply(evc_text text, const evc_fix *fix, size_t *length) {
  size_t most = text.length + 1;
  for (size_t i = 0; i < fix->edit_count; i++) most += fix->edits[i].text.length;
  char *out = malloc(most), *at = out;
  if (!out) exit(2);
  size_t from = 0;
  for (size_t i = 0; i < fix->edit_count; i++) {
    const evc_edit *edit = &fix->edits[i];
    if (edit->start < from || edit->end < edit->start || edit->end > text.length) {
      free(out);
      return NULL;
    }
    memcpy(at, text.data + from, edit->start - from);
    at += edit->start - from;
    if (edit->text.length) memcpy(at, edit->text.data, edit->text.length);
    at += edit->text.length;
    from = edit->end;
  }
  memcpy(at, text.data + from, text.length - from);
  at += text.length - from;
  *length = (size_t)(at - out);
  *at = '\0';
  return out;
}

/* Codes of tokens, syntax and names: no fix may add one. */
static bool is_syntax_or_name(evc_code code) {
  return (code >= EVC_CODE_INVALID_UTF8 && code <= EVC_CODE_CALCULATION_MISSING) ||
         (code >= EVC_CODE_UNKNOWN_FIELD && code <= EVC_CODE_FUNCTION_NOT_CALLED);
}

static size_t count_code(const evc_report *report, evc_code code) {
  size_t count = 0;
  for (size_t i = 0; i < evc_report_count(report); i++)
    count += code ? evc_report_at(report, i)->code == code
                  : is_syntax_or_name(evc_report_at(report, i)->code);
  return count;
}

size_t fix_moved(size_t offset, const evc_fix *fix) {
  size_t to = offset;
  for (size_t i = 0; i < fix->edit_count && fix->edits[i].end <= offset; i++)
    to += fix->edits[i].text.length - (fix->edits[i].end - fix->edits[i].start);
  return to;
}

static bool stands_at(const evc_report *report, evc_code code, size_t start) {
  for (size_t i = 0; i < evc_report_count(report); i++)
    if (evc_report_at(report, i)->code == code && evc_report_at(report, i)->start == start)
      return true;
  return false;
}

/* The bytes of the character at `at` (< text.length) if names and numbers are made of such, but for
** their dots; else 0. */
static size_t word_character(evc_text text, size_t at) {
  char c = text.data[at], here[5] = {0};
  if (c == '_' || c == '$' || (c >= '0' && c <= '9')) return 1;
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') return 1;
  size_t rest = text.length - at;
  memcpy(here, text.data + at, rest < 4 ? rest : 4);
  return evc_letter_length(here);
}

static size_t word_length(evc_text text, size_t at) {
  size_t end = at, length;
  while (end < text.length && (length = word_character(text, end)) > 0) end += length;
  return end - at;
}

static bool same_word(const char *a, size_t length, const char *b) {
  for (size_t i = 0; i < length; i++)
    if (!b[i] || (a[i] | 0x20) != (b[i] | 0x20)) return false;
  return b[length] == '\0';
}

static bool has_word(evc_text text, const char *word, size_t length) {
  for (size_t at = 0, found; at < text.length; at += found ? found : 1) {
    found = word_length(text, at);
    if (found == length && memcmp(text.data + at, word, length) == 0) return true;
  }
  return false;
}

static bool is_invisible(uint32_t code_point) {
  static const struct {
    uint32_t code_point;
    const char *right;
  } rows[] = {
#define LOOKALIKE(code_point, token, right, called) {code_point, right},
#include "../../src/syntax/lookalikes.def"
#undef LOOKALIKE
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].code_point == code_point) return !*rows[i].right;
  return false;
}

/* A copy without what cannot be seen, which is no part of a word and does not end one; free it. */
static evc_text visible(const char *from, size_t length) {
  char *out = malloc(length + 1);
  if (!out) exit(2);
  evc_text text = {out, 0};
  for (const char *at = from, *here = at; here < from + length; here = at) {
    if (is_invisible(evc_utf8_next(&at, from + length))) continue;
    memcpy(out + text.length, here, (size_t)(at - here));
    text.length += (size_t)(at - here);
  }
  return text;
}

bool fix_keeps_words(evc_text text, const evc_diagnostic *d, evc_text fixed) {
  static const char *const own[] = {"AND",  "OR",   "NOT",     "IN", "IS",
                                    "NULL", "LIKE", "BETWEEN", "IF", "IIF"};
  evc_text place = visible(text.data + d->start, d->end - d->start);
  evc_text after = visible(fixed.data, fixed.length);
  bool all = true;
  for (size_t at = 0, length; at < place.length; at += length ? length : 1) {
    length = word_length(place, at);
    bool kept = length == 0 || has_word(after, place.data + at, length);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
      kept |= same_word(place.data + at, length, own[i]);
    all &= kept;
  }
  free((char *)place.data);
  free((char *)after.data);
  return all;
}

bool fix_holds(const evc_event_type *type, const evc_options *options, evc_text text,
               const evc_report *before, const evc_diagnostic *d, const evc_fix *fix, char *why,
               size_t why_size, evc_report **after) {
  if (after) *after = NULL;
  size_t length;
  char *fixed = fix_apply(text, fix, &length);
  if (!fixed) {
    snprintf(why, why_size, "a fix has edits that overlap or lie outside the text");
    return false;
  }
  evc_report *then;
  evc_calculation_free(evc_compile(type, fixed, length, options, &then));
  /* Gone, though another of the code may have come to light elsewhere. */
  bool removed = count_code(then, d->code) < count_code(before, d->code) ||
                 !stands_at(then, d->code, fix_moved(d->start, fix));
  size_t allowed = count_code(before, EVC_CODE_NONE) - is_syntax_or_name(d->code);
  bool keeps = d->code != EVC_CODE_UNDOCUMENTED_SYNTAX || !fix->safe ||
               fix_keeps_words(text, d, (evc_text){fixed, length});
  bool holds = removed && keeps && count_code(then, EVC_CODE_NONE) <= allowed;
  if (!holds)
    snprintf(why, why_size, "the fix of %s gives `%.200s`, which %s", d->name, fixed,
             !removed ? "still has the diagnostic"
             : !keeps ? "has lost something of the original"
                      : "has a new syntax or name error");
  if (!holds && after)
    *after = then;
  else
    evc_report_free(then);
  free(fixed);
  return holds;
}
