/* Reading JSON by walking over its tokens, which simdjson finds.
**
** A document is opened on a text and walked once, forward: a walk steps through the members of an
** object or the elements of an array, and each value it gives is either looked into with a walk of
** its own, or read with one call, or passed over. What is passed over is not looked at: of a text
** only what is read is validated, besides its encoding, where its strings end, and that there are as
** many brackets as there should be. A walk ends with EVC_END; after any other failure nothing more
** can be read from the document until it is opened again.
**
** Functions answer EVC_INVALID where the JSON is malformed; evc_json_check then says how.
*/
#ifndef EVC_JSON_DOCUMENT_H
#define EVC_JSON_DOCUMENT_H

#include "../base/map.h"
#include "evcalc/event.h"

typedef struct evc_document evc_document;

/* A document that holds nothing; its memory is reused. NULL when out of memory. */
evc_document *evc_document_new(const evc_allocator *allocator);
void evc_document_free(evc_document *document);

/* Open a text, which is copied (a byte order mark becomes blanks), and go to its root. EVC_OK;
** EVC_INVALID; EVC_WRONG_KIND when the root is no object and no array; EVC_LIMIT when it is larger
** than 4 GB; EVC_OUT_OF_MEMORY. */
evc_status evc_document_open(evc_document *document, evc_text json);

/* The same for a part of a text that ends at `end`. Where enough of it follows, the part is read in
** place, and must stay as it is as long as the document is open: 0.06 µs an event of 1.3 KB less. */
evc_status evc_document_open_within(evc_document *document, evc_text json, const char *end);

/* A value of the open document. */
typedef struct evc_json_value {
  const char *first; /* its first byte */
  const char *next;  /* the token behind its first one, or the end of the text */
  uint32_t token;    /* its first one */
} evc_json_value;

/* The names that a walk should stop at. */
typedef struct evc_json_keys {
  const evc_text *names; /* none twice */
  uint32_t count;
  uint64_t lengths;   /* bit n % 64: there is a name of n bytes */
  const evc_map *map; /* NULL, or the index of each name: for when there are many */
} evc_json_keys;

/* Set `lengths` from the names. */
void evc_json_keys_measure(evc_json_keys *keys);

/* The index of a name, EVC_MAP_ABSENT when it is none of them. */
uint32_t evc_json_keys_find(const evc_json_keys *keys, evc_text name);

typedef struct evc_json_walk {
  evc_document *document;
  uint32_t depth; /* of what is walked: the root's is 1 */
  uint32_t given; /* the token of the value given last; 0: none yet */
  bool array;
} evc_json_walk;

/* One step of a walk. */
typedef struct evc_json_item {
  evc_text key;   /* a member's name as it is written between its quotes */
  uint32_t which; /* the index of its name in the keys that were asked for */
  evc_json_value value;
} evc_json_item;

/* Walk the root. EVC_OK or EVC_INVALID. */
evc_status evc_document_walk(evc_document *document, evc_json_walk *walk);

/* Walk a value, which must be an object or an array: EVC_OK, EVC_INVALID. */
evc_status evc_json_walk_value(evc_document *document, const evc_json_value *value,
                               evc_json_walk *walk);

/* The next element, or the next member: any, or with `keys` one of those names, however it is
** escaped. EVC_OK, EVC_END, EVC_INVALID, EVC_OUT_OF_MEMORY. */
evc_status evc_json_next(evc_json_walk *walk, const evc_json_keys *keys, evc_json_item *item);

/* True when the root is an array. */
bool evc_document_is_array(const evc_document *document);

/* True when the walk of the root has ended and nothing but white space follows. */
bool evc_document_ended(const evc_document *document);

/* The kind that a value's first character promises; EVC_KIND_END when no value starts so. */
evc_kind evc_json_kind(const evc_json_value *value);

/* Read a scalar of that kind. EVC_OK or EVC_INVALID; for a number also EVC_LIMIT, when binary64 has
** none that large. A string is given as it is written between its quotes, in the document's copy of
** the text, or in the text itself where that is read in place: evc_json_decode decodes it. */
evc_status evc_json_read_null(const evc_json_value *value);
evc_status evc_json_read_boolean(const evc_json_value *value, bool *boolean);
evc_status evc_json_read_number(const evc_json_value *value, double *number);
evc_status evc_json_read_string(const evc_json_value *value, evc_text *inside);

/* The offset of a value's first byte, or of a place in the document's copy, in the text opened. */
size_t evc_json_offset(const evc_document *document, const evc_json_value *value);
size_t evc_document_offset(const evc_document *document, const char *place);

/* Where the value that was just walked to its end ends: an offset in the text opened. */
size_t evc_document_passed(const evc_document *document);

#endif
