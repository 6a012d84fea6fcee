/* Where the tokens of a JSON text start: simdjson's first stage, with a face for C. It looks at the
** whole text 64 bytes at a time and checks its UTF-8, that strings end, and that they hold no control
** characters. simdjson's On-Demand walks such an index too, but for all that anybody may want: with the
** walks of document.c `run --events` takes 18 % less in all. */
#ifndef EVC_JSON_INDEX_H
#define EVC_JSON_INDEX_H

#include "evcalc/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What must be readable behind a text. */
enum { EVC_JSON_PADDING = 64 };

typedef struct evc_json_index evc_json_index;

/* An index of nothing; its memory is reused. NULL when out of memory. */
evc_json_index *evc_json_index_new(const evc_allocator *allocator);
void evc_json_index_free(evc_json_index *index);

/* Index a text. A token is a bracket, a comma, a colon, a string from its opening quote, or what else
** stands between those and blanks; there is one at least. (*tokens)[*count] is the text's length: but
** for blanks, each token ends where the next one starts. EVC_OK, EVC_INVALID, EVC_OUT_OF_MEMORY. */
evc_status evc_json_index_make(evc_json_index *index, const char *text, uint32_t length,
                               const uint32_t **tokens, uint32_t *count);

#ifdef __cplusplus
}
#endif
#endif
