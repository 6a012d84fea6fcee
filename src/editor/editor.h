/* Inside the editor: what its queries share. */
#ifndef EVC_EDITOR_EDITOR_H
#define EVC_EDITOR_EDITOR_H

#include "../base/text.h"
#include "../check/check.h"
#include "shape.h"

/* A text that was read, with everything that is known of it. All of it is in the arena, save the
** report. A text past its limit and a blank one have no tokens. */
typedef struct evc_reading {
  evc_arena arena;
  evc_text text;
  evc_tree tree;
  evc_checked checked;
  evc_report *report;
  evc_shape shape;
  const evc_token *tokens;
  size_t token_count;
} evc_reading;

/* Each kind of query has memory of its own, which it uses again and again. */
typedef enum evc_query {
  EVC_QUERY_COMPLETE,
  EVC_QUERY_HOVER,
  EVC_QUERY_SIGNATURE,
  EVC_QUERY_RANGES,
  EVC_QUERY_SYMBOLS,
  EVC_QUERY_END
} evc_query;

struct evc_editor {
  evc_allocator allocator;
  evc_options options;        /* its allocator is the one above */
  const evc_event_type *type; /* or NULL */
  bool has_text;              /* one was set, be it empty */
  evc_reading reading;
  evc_arena queries[EVC_QUERY_END];
  evc_formatted *formatted; /* the last one, or NULL */
};

/* The empty memory of a query, whose last answer is gone with this. */
evc_arena *evc_editor_begin(evc_editor *editor, evc_query query);

/* The query's answer: out of memory where an allocation failed, else as given. */
evc_status evc_editor_end(const evc_arena *arena, evc_status status);

/* tokens.c: the public tokens of a reading, in its arena. False when out of memory. */
bool evc_editor_make_tokens(evc_reading *reading);

/* The token [start, end) that an offset is in, or that ends there; EVC_NO_PLACE when neither. */
uint32_t evc_editor_token_at(const evc_shape *shape, size_t offset);

/* context.c: what is known of the operand that the tokens [first, last] are. */
typedef struct evc_operand {
  evc_type type;
  bool null;     /* it is the literal null */
  bool single;   /* it is one literal, path or call */
  evc_text path; /* of a path, else absent */
} evc_operand;

/* Parse and check these tokens alone; UNKNOWN where they are no operand. */
evc_operand evc_editor_operand(const evc_editor *editor, evc_arena *arena, const evc_shape *shape,
                               uint32_t first, uint32_t last);

/* What a value must be to stand in a place. */
typedef struct evc_want {
  evc_type type; /* UNKNOWN: any; DYNAMIC: a Number or a String */
  bool begins;   /* a value of any type may stand there too, to be compared */
  bool null;     /* so may the literal null */
  bool constant; /* and nothing that has a field in it */
  evc_text path; /* the field that it is compared with, or absent */
} evc_want;

/* What is wanted of the operand that the tokens [first, last] are, or of what is put there. */
evc_want evc_editor_want(const evc_editor *editor, evc_arena *arena, const evc_shape *shape,
                         uint32_t first, uint32_t last);

/* values.c: the Strings that a field is compared with, in order of appearance, each once; those of
** the same field under the other of old. and new. come last. The token `except` does not count. */
size_t evc_editor_values(const evc_shape *shape, evc_arena *arena, evc_text path, uint32_t except,
                         evc_text **values);

/* The names of the members of a map field that the text uses. */
size_t evc_editor_members(const evc_shape *shape, evc_arena *arena, evc_text map, uint32_t except,
                          evc_text **names);

/* words.c: what is said of things, in Markdown. */

/* Text as code, whatever it holds. */
void evc_editor_build_code(evc_builder *builder, evc_text text);

/* A phrase as a sentence: with a capital and a full stop. */
void evc_editor_build_sentence(evc_builder *builder, const char *phrase);

/* How sure the field list of the Event type is; of any field in it, that and when it is null. */
void evc_editor_build_origin(evc_builder *builder, const evc_event_type *type);
void evc_editor_build_field(evc_builder *builder, const evc_event_type *type);

/* The documentation of a function, of an operator: sentences. */
void evc_editor_build_function(evc_builder *builder, evc_function function);
void evc_editor_build_operator(evc_builder *builder, evc_operator op);

/* A String as a literal of the language holds it between its quotes. */
void evc_editor_build_literal(evc_builder *builder, evc_text text);

/* exact.c: append the value of a finite number of binary64 exactly, cut after `most` digits. */
void evc_editor_build_exact(evc_builder *builder, double number, size_t most);

/* True where the digits (with or without a point) are not exactly the number. */
bool evc_editor_is_rounded(evc_text digits, double number);

#endif
