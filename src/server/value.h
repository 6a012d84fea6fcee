/* The JSON of a message as a tree, and writing the JSON of one. */
#ifndef EVC_SERVER_VALUE_H
#define EVC_SERVER_VALUE_H

#include "../base/text.h"
#include "../json/document.h"

/* A value. Text is decoded, that of a number as it is written: an id goes back as it came. Of an object
** and an array the members follow `first`. */
typedef struct server_value {
  evc_kind kind; /* EVC_KIND_OVERFLOW: a number that binary64 cannot hold */
  evc_text key;  /* of a member of an object */
  bool boolean;
  double number;
  evc_text text;
  const struct server_value *first, *next;
} server_value;

/* Read the text of a message, which is JSON, into the arena. EVC_OK, EVC_OUT_OF_MEMORY; EVC_INVALID
** where its root is no object and no array. */
evc_status server_value_read(evc_document *document, evc_arena *arena, evc_text json,
                             const server_value **value);

/* A member by its path, "textDocument.uri"; NULL when there is none. Asking NULL gives NULL. */
const server_value *server_value_at(const server_value *value, const char *path);

/* The member's text; absent when it is no string. */
evc_text server_value_text(const server_value *value, const char *path);

/* True only when the member is true. */
bool server_value_is_true(const server_value *value, const char *path);

/* True when the member is an array that holds that string. */
bool server_value_lists(const server_value *value, const char *path, const char *word);

/* The value as a whole number from 0 to 2^31 - 1, as LSP has it; false when it is none. */
bool server_value_unsigned(const server_value *value, size_t *number);

/* ---- Writing -------------------------------------------------------------------------------- */

/* Each puts a comma where one is due. A key is followed by its value. */
void server_open(evc_builder *out, char bracket);
void server_close(evc_builder *out, char bracket);
void server_key(evc_builder *out, const char *name);
void server_string(evc_builder *out, evc_text text); /* absent: null */
void server_word(evc_builder *out, const char *word); /* null, true, false */
void server_unsigned(evc_builder *out, uint64_t number);
void server_value_build(evc_builder *out, const server_value *value); /* NULL: null */

/* A key with its value. */
void server_string_member(evc_builder *out, const char *name, const char *string);
void server_text_member(evc_builder *out, const char *name, evc_text text);
void server_boolean_member(evc_builder *out, const char *name, bool boolean);
void server_unsigned_member(evc_builder *out, const char *name, uint64_t number);

#endif
