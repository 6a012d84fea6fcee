/* The grammar of JSON (RFC 8259), strictly: whether a text is JSON, and if not, where and why.
**
** simdjson reads what is wanted from a text and is fast because it looks at little else. This looks
** at everything: requests, field lists and notification files go through it as a whole, and any
** other text in which simdjson found a mistake, since it can say exactly which one.
*/
#ifndef EVC_JSON_GRAMMAR_H
#define EVC_JSON_GRAMMAR_H

#include "evcalc/base.h"

typedef enum evc_json_fault {
  EVC_JSON_SOUND = 0,
#define JSON_FAULT(id, reason, help) EVC_JSON_##id,
#include "faults.def"
#undef JSON_FAULT
  EVC_JSON_FAULT_END
} evc_json_fault;

/* The most levels of [ ] and { } in a document that is read as a whole (chosen). */
enum { EVC_JSON_DEPTH = 1024 };

/* EVC_JSON_SOUND when the text is one JSON value and white space, after a byte order mark if it has
** one. Otherwise the first fault, and its offset in *at. */
evc_json_fault evc_json_check(evc_text text, size_t *at);

/* The values of an object's members, for the usual case, in the same pass that checks the text.
** True: the text is sound, its root is an object of scalars, none of its names is escaped, and
** of `names` none is there twice; values[i] is the text of the value of names[i], absent when
** there is none. False: it is otherwise, and nothing is said of it. */
bool evc_json_members(evc_text text, const evc_text *names, evc_text *values, size_t count);

/* A fault in words, and what would be right; static. */
const char *evc_json_reason(evc_json_fault fault);
const char *evc_json_help(evc_json_fault fault);

/* The length of the number at the start of the text, 0 when there is none. */
size_t evc_json_number_length(evc_text text);

/* The length of the escape at the start of the text, which is a backslash; a surrogate pair is one
** escape. 0 when it is wrong: *code_point is then the lone surrogate, or 0. */
size_t evc_json_escape(evc_text text, uint32_t *code_point);

/* Decode what stands between the quotes of a string into `out`, which has room for as many bytes.
** False when an escape is wrong. */
bool evc_json_decode(evc_text inside, char *out, size_t *length);

/* Where in the inside of a string the decoded byte at `offset` comes from. */
size_t evc_json_undecode(evc_text inside, size_t offset);

#endif
