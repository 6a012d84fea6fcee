/* A document that is open in an editor: its text, and the calculations in it.
**
** A calculation file is one calculation. In a file of Notifications each has its own, inside a string
** of JSON, whose escapes stand between what is written and what is meant; so offsets are of two
** kinds: in the document, and in a calculation. */
#ifndef EVC_SERVER_DOCUMENT_H
#define EVC_SERVER_DOCUMENT_H

#include "../base/text.h"
#include "../json/judge.h"
#include "evcalc/editor.h"
#include "text.h"

/* What reports on a calculation are about: the eventName, the Notification otherwise, the text. */
enum { PART_TYPE, PART_NOTIFICATION, PART_TEXT, PART_REPORTS };

/* One calculation. Places are in the document. */
typedef struct server_part {
  bool escaped;          /* it stands in a string of JSON */
  evc_json_span at;      /* the Notification, or only its {; else the whole */
  evc_json_span inside;  /* the calculation as it is written, without quotes */
  evc_text text;         /* as it is meant; absent when there is none */
  evc_text name;         /* what the Notification is called; absent when it is not */
  evc_text event_name;   /* absent when there is none */
  evc_json_span named;   /* the eventName between its quotes; empty when there is none */
  evc_json_span about[PART_REPORTS];
  const evc_event_type *type; /* or NULL */
  evc_report *reports[PART_REPORTS];
  bool told;                  /* what is said of the text is known */
} server_part;

/* What was found in a text. */
typedef struct server_reading {
  evc_arena arena;
  server_part *parts; /* in the order of the text */
  size_t count, capacity;
  bool terraform;     /* the file was printed by Terraform: changing it would not last */
  evc_report *broken; /* why the text is no JSON; or NULL */
} server_reading;

typedef struct server_document {
  struct server_document *next;
  char *uri, *path; /* the path is that of a file: URI, decoded; else the URI */
  size_t uri_length, path_length;
  bool json;        /* it may hold Notifications */
  bool lenient;     /* comments may stand in its JSON: what is no JSON is not told */
  bool has_version;
  double version;
  server_buffer text;
  bool stale;       /* the text or the settings changed since it was read */
  bool untold;      /* diagnostics are to be published */
  bool lost;        /* a change of it was lost: what its text is now is not known */
  bool notifications; /* it held some when it was last whole */
  server_reading reading;
  evc_editor *editor; /* of one of its calculations, or NULL */
  size_t edited;      /* which */
  uint32_t *colours;  /* the semantic tokens that were told last, and the number of that answer */
  size_t colour_count, colours_size;
  uint64_t colours_number;
} server_document;

/* Against what a document is read. */
typedef struct server_measure {
  const evc_schema *schema;
  const evc_event_type *type; /* of a calculation without eventName; or NULL */
  const evc_options *options; /* not NULL */
} server_measure;

/* Read the text again where that is needed. False when out of memory: what was known is gone. */
bool server_document_read(server_document *document, const server_measure *measure);

/* Forget what is known of the text. */
void server_document_forget(server_document *document);

/* The calculation whose text an offset is in, or touches; SIZE_MAX when none is there. */
size_t server_document_part_at(const server_document *document, size_t offset);

/* The editor with that calculation in it; NULL when out of memory. */
evc_editor *server_document_editor(server_document *document, size_t part,
                                   const server_measure *measure);

/* Offsets in a calculation and in the document, moved along together. Going forward is fast. */
typedef struct server_map {
  const server_part *part;
  const char *document; /* the document's text */
  size_t text, written; /* the same place in both; `written` is in the document */
} server_map;

server_map server_map_of(const server_document *document, const server_part *part);

/* Where a byte of the calculation is written; that of the escape where one stands for several. */
size_t server_map_written(server_map *map, size_t text);

/* What is written at a place of the document, which is brought inside the calculation; inside of an
** escape, where that begins. */
size_t server_map_text(server_map *map, size_t written);

/* Append a text as it is to be written into a calculation: in JSON, escaped. */
void server_build_written(evc_builder *out, const server_part *part, evc_text text);

/* Where the Notification of a calculation ends, as far as can be told. */
size_t server_part_end(const server_document *document, const server_part *part);

#endif
