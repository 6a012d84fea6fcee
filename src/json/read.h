/* Reading text out of a document into an arena. */
#ifndef EVC_JSON_READ_H
#define EVC_JSON_READ_H

#include "../base/arena.h"
#include "document.h"

/* Decode what stands between the quotes of a string. EVC_OK, EVC_INVALID, EVC_OUT_OF_MEMORY. */
evc_status evc_json_copy(evc_arena *arena, evc_text inside, evc_text *text);

/* Read a string value. The same answers. */
evc_status evc_json_copy_value(evc_arena *arena, const evc_json_value *value, evc_text *text);

#endif
