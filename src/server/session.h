/* What the parts of the server share: the server itself, and what features are written with. */
#ifndef EVC_SERVER_SESSION_H
#define EVC_SERVER_SESSION_H

#include "document.h"
#include "server.h"
#include "value.h"

/* Errors of JSON-RPC and LSP. */
enum {
  RPC_PARSE_ERROR = -32700,
  RPC_INVALID_REQUEST = -32600,
  RPC_METHOD_NOT_FOUND = -32601,
  RPC_INVALID_PARAMS = -32602,
  RPC_INTERNAL_ERROR = -32603,
  RPC_NOT_INITIALIZED = -32002,
  RPC_CANCELLED = -32800,
  RPC_CONTENT_MODIFIED = -32801 /* which clients do not show */
};

/* How a method ended. */
typedef enum server_result {
  SERVER_DONE,
  SERVER_WRONG,    /* the parameters are: server->complaint and ->error say how */
  SERVER_NO_MEMORY
} server_result;

/* What the client can do. */
typedef struct server_client {
  bool related_information, unnecessary_tag;                         /* diagnostics */
  bool snippets, insert_replace, completion_markdown;                /* completion */
  bool hover_markdown;
  bool signature_markdown, label_offsets;                            /* signature help */
  bool hierarchical_symbols;
  bool code_actions, preferred, document_changes;                    /* edits */
  bool configuration, register_configuration, register_files;        /* the workspace */
} server_client;

/* `eventTypes`: which Event type the documents that match have. Of several the longest glob counts. */
typedef struct server_rule {
  evc_text glob, event_type;
} server_rule;

/* What the client's settings say. Their memory is their own. */
typedef struct server_settings {
  evc_arena arena;
  server_rule *rules;
  size_t rule_count, rule_capacity;
  evc_text event_type; /* of what no rule is for; or absent */
  evc_text *fields;
  size_t field_count, field_capacity;
  evc_code_set allow, deny;
  bool deny_warnings;
} server_settings;

typedef struct server_message server_message;

/* Bytes that came in and are no whole message yet. */
typedef struct server_input {
  char line[1024]; /* the header line that is being read; what is longer is cut, and is none */
  size_t line_length;
  char *data; /* the body */
  size_t length, capacity;
  size_t pass_over; /* bytes of a message that is too long */
  bool sized;       /* the header block that is being read said how long the message is */
  size_t size;
  bool in_body, complained;
} server_input;

typedef enum server_phase { PHASE_NEW, PHASE_RUNNING, PHASE_SHUT_DOWN, PHASE_ENDED } server_phase;

struct evc_server {
  evc_allocator allocator;
  evc_server_options options;
  evc_server_host host;
  server_phase phase;
  bool lost;       /* what comes in can no longer be understood */
  bool ended_well;
  server_input input;
  server_message *first, *last; /* that wait */
  size_t waiting;               /* bytes of them */
  evc_document *json;
  server_client client;
  bool utf8;
  evc_arena roots_arena;
  evc_text *roots; /* paths of the workspace's folders */
  size_t root_count, root_capacity;
  server_settings settings;
  evc_schema *schema;
  evc_options compile;
  server_document *documents;
  evc_arena answer, side; /* of the answer, and of any other message, that is being written */
  const char *complaint; /* static */
  int error;             /* of JSON-RPC, for that */
  uint64_t requests;     /* sent to the client */
  uint64_t configuration_request; /* the one that was sent last; 0: none */
  bool files_registered;
  uint64_t colours_number;
  char reserve[1024]; /* for an answer that says that there is no memory */
};

/* ---- server.c ------------------------------------------------------------------------------- */

/* Set the complaint, as one about parameters. */
server_result server_complain(evc_server *server, const char *complaint);

/* Begin a message to the client, a notification or a request; its params follow. End and send it;
** false when out of memory, with nothing sent. */
void server_begin_notification(evc_server *server, evc_builder *out, const char *method);
void server_begin_request(evc_server *server, evc_builder *out, const char *method);
bool server_send(evc_server *server, evc_builder *out);

/* Show a message to whoever writes; kinds are those of LSP. {0}, {1} in the wording are `args`. False
** when out of memory, with nothing sent. */
enum { SHOW_ERROR = 1, SHOW_WARNING = 2, SHOW_INFO = 3 };
bool server_show(evc_server *server, int kind, const char *wording, const evc_text *args);

void server_log(evc_server *server, const char *line);

/* ---- documents.c ---------------------------------------------------------------------------- */

/* The document that the parameters name: textDocument.uri. NULL, with a complaint, when there is
** none, or its text is not known. */
server_document *server_document_of(evc_server *server, const server_value *params);

/* Read it where that is needed. */
bool server_read(evc_server *server, server_document *document);

/* Against what it is read. */
server_measure server_measure_of(const evc_server *server, const server_document *document);

/* A position or a range among the parameters as offsets. False, with a complaint. */
bool server_read_position(evc_server *server, server_document *document,
                          const server_value *position, size_t *offset);
bool server_read_range(evc_server *server, server_document *document, const server_value *range,
                       evc_json_span *span);

/* A calculation and a place in it. */
typedef struct server_place {
  server_document *document;
  size_t written; /* the offset in the document */
  size_t part;    /* SIZE_MAX: it is in no calculation, and what follows is not known */
  evc_editor *editor;
  server_map map;
  size_t text;    /* the offset in the calculation */
} server_place;

/* The place that textDocument and position name. */
server_result server_place_of(evc_server *server, const server_value *params,
                              server_place *place);

/* Append a range of the document, or of a calculation. */
void server_build_range(evc_builder *out, server_document *document, size_t start, size_t end);
void server_build_part_range(evc_builder *out, server_document *document, server_map *map,
                             size_t start, size_t end);

/* Append a text of Markdown, as that or as plain text. */
void server_build_markup(evc_builder *out, const char *key, bool markdown, evc_text text);

/* Tell the client what is wrong with the documents of which that is not told, where no change of
** them waits. */
void server_publish(evc_server *server);

/* All documents are to be read and told again. */
void server_forget_all(evc_server *server);

/* Does a change of the document wait to be read? */
bool server_change_waits(const evc_server *server, const server_document *document);

/* A message was lost that may have changed any document: the texts of all are not known until each is
** opened again, or changed as a whole. */
void server_lose_all(evc_server *server);

void server_document_free(evc_server *server, server_document *document);

/* ---- diagnostics.c -------------------------------------------------------------------------- */

/* Append what is wrong with a document, as the params of publishDiagnostics. */
void server_build_diagnostics(evc_server *server, evc_builder *out, server_document *document);

/* One diagnostic. `index` is its number in its report. */
typedef struct server_finding {
  size_t part, report, index;
  const evc_diagnostic *diagnostic;
  evc_json_span at; /* in the document */
} server_finding;

/* The diagnostics of a document in order. Start from {0}; false when there are no more. */
typedef struct server_finder {
  server_document *document;
  size_t part, report, index;
  server_map map;
} server_finder;

bool server_find_next(server_finder *finder, server_finding *finding);

void server_build_finding(evc_server *server, evc_builder *out, server_document *document,
                          const server_finding *finding);

/* ---- settings.c ----------------------------------------------------------------------------- */

/* Take settings over: what is under "evcalc", or all of it. What is wrong is shown. False when out of
** memory, with everything as before. */
bool server_settings_take(evc_server *server, const server_value *value);

/* Load the field lists again. */
bool server_schema_load(evc_server *server);

/* Is the file one of the field lists? */
bool server_is_field_list(const evc_server *server, evc_text path);

/* The Event type of a calculation without eventName; or NULL. */
const evc_event_type *server_type_of(const evc_server *server, const server_document *document);

/* Decode a URI into the arena: the path of a file, else the URI. Absent when out of memory. */
evc_text server_uri_path(evc_arena *arena, evc_text uri);

void server_register_files(evc_server *server);
void server_ask_configuration(evc_server *server);

/* ---- Methods -------------------------------------------------------------------------------- */

typedef server_result (*server_handler)(evc_server *server, const server_value *params,
                                        evc_builder *out);

#define METHOD(name, kind, handler)                                                                \
  server_result handler(evc_server *server, const server_value *params, evc_builder *out);
#include "methods.def"
#undef METHOD

/* The legend of semantic tokens, for the capabilities. */
void server_build_legend(evc_builder *out);

#endif
