/* The language server: what an editor and `evcalc lsp` say to each other (LSP 3.17).
**
** A server is fed with the bytes that come from the client and answers through its host, which is
** all it knows of the world: there is no file and no stream in this room. It answers a message a
** step, so that what has already come in behind it can be looked at first: a request that was
** cancelled is not worked on, and what is wrong with a document is told once for several changes.
**
** The language itself is asked of include/evcalc/editor.h; the JSON of messages and of
** Notification files is read by src/json.
*/
#ifndef EVC_SERVER_SERVER_H
#define EVC_SERVER_SERVER_H

#include "../base/text.h"
#include "evcalc/report.h"

/* The most bytes of one message (chosen): longer ones are passed over. */
#define EVC_SERVER_MESSAGE_LIMIT ((size_t)128 * 1024 * 1024)

/* What the server needs of the program that it runs in. */
typedef struct evc_server_host {
  void *context;

  /* Send bytes to the client. */
  void (*send)(void *context, evc_text bytes);

  /* Tell a person who looks at the program, in a line without its end. */
  void (*log)(void *context, evc_text line);

  /* Append what is in a file. False when it cannot be read: *reason is then why, static. When memory
  ** runs out, the builder has failed. */
  bool (*read)(void *context, const char *path, evc_builder *out, const char **reason);
} evc_server_host;

/* What the command line says. All of it must outlive the server. */
typedef struct evc_server_options {
  const char *const *fields; /* paths of field lists */
  size_t field_count;
  bool no_builtin;
  const char *event_type; /* of what has no other; or NULL */
  evc_code_set allow, deny;
  bool deny_warnings;
  const evc_allocator *allocator;
} evc_server_options;

typedef struct evc_server evc_server;

/* NULL when out of memory. */
evc_server *evc_server_new(const evc_server_options *options, const evc_server_host *host);
void evc_server_free(evc_server *server);

/* Take bytes from the client. */
void evc_server_feed(evc_server *server, const char *bytes, size_t length);

/* True while messages wait to be answered; and when so much waits that no more should be fed. */
bool evc_server_waiting(const evc_server *server);
bool evc_server_full(const evc_server *server);

/* Answer the next message. */
void evc_server_step(evc_server *server);

/* True when the client said exit, or what comes from it can no longer be understood. */
bool evc_server_ended(const evc_server *server);

/* True when the client said shutdown before it went, as it should. */
bool evc_server_ended_well(const evc_server *server);

#endif
