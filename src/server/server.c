/* Messages: what waits, what is answered, and how the client's life with the server goes. */
#include <string.h>

#include "../base/memory.h"
#include "../json/grammar.h"
#include "../json/write.h"
#include "../report/render.h"
#include "input.h"

/* Chosen: no more is read ahead of what is being answered, where each message counts as its length and
** what it costs besides. */
enum { MOST_WAITING = 4 * 1024 * 1024, MESSAGE_COST = 1024 };

typedef enum method_kind { REQUEST, NOTIFICATION } method_kind;

typedef struct method_row {
  const char *name;
  method_kind kind;
  server_handler handler;
} method_row;

static const method_row methods[] = {
#define METHOD(name, kind, handler) {name, kind, handler},
#include "methods.def"
#undef METHOD
};

/* A message that waits. */
struct server_message {
  server_message *next;
  evc_arena arena;
  size_t size;
  const server_value *root, *id; /* no id: NULL */
  evc_text method;               /* absent: it is an answer */
  bool cancelled;
  bool loss_follows; /* it, or one behind it, could not be read, and may have changed any document */
  int error; /* it is no message: 0, or an error with its reason, which may be static */
  const char *reason;
};

/* ---- Sending -------------------------------------------------------------------------------- */

server_result server_complain(evc_server *server, const char *complaint) {
  server->complaint = complaint;
  server->error = RPC_INVALID_PARAMS;
  return SERVER_WRONG;
}

void server_log(evc_server *server, const char *line) {
  server->host.log(server->host.context, evc_text_of(line));
}

static void send_body(evc_server *server, evc_text body) {
  char digits[64];
  evc_arena arena;
  evc_builder header;
  evc_arena_init(&arena, &server->allocator, digits, sizeof digits);
  evc_build_init(&header, &arena);
  evc_build(&header, EVC_LITERAL("Content-Length: "));
  evc_build_unsigned(&header, body.length);
  evc_build(&header, EVC_LITERAL("\r\n\r\n"));
  evc_text built = evc_build_end(&header);
  if (built.data) {
    server->host.send(server->host.context, built);
    server->host.send(server->host.context, body);
  }
  evc_arena_free(&arena);
}

static void begin(evc_builder *out, evc_arena *arena) {
  evc_arena_reset(arena);
  arena->failed = false;
  evc_build_init(out, arena);
  server_open(out, '{');
  server_string_member(out, "jsonrpc", "2.0");
}

void server_begin_notification(evc_server *server, evc_builder *out, const char *method) {
  begin(out, &server->side);
  server_string_member(out, "method", method);
  server_key(out, "params");
}

void server_begin_request(evc_server *server, evc_builder *out, const char *method) {
  begin(out, &server->side);
  server_unsigned_member(out, "id", ++server->requests);
  server_string_member(out, "method", method);
  server_key(out, "params");
}

bool server_send(evc_server *server, evc_builder *out) {
  server_close(out, '}');
  evc_text body = evc_build_end(out);
  if (body.data) send_body(server, body);
  else server_log(server, "out of memory");
  return body.data != NULL;
}

bool server_show(evc_server *server, int kind, const char *wording, const evc_text *args) {
  evc_builder out, text;
  server_begin_notification(server, &out, "window/showMessage");
  evc_arena arena;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  evc_build_init(&text, &arena);
  evc_build_string(&text, "evcalc: ");
  evc_build_wording(&text, wording, args);
  server_open(&out, '{');
  server_unsigned_member(&out, "type", (uint64_t)kind);
  server_text_member(&out, "message", evc_build_end(&text));
  server_close(&out, '}');
  out.failed = out.failed || text.failed;
  bool sent = server_send(server, &out);
  evc_arena_free(&arena);
  return sent;
}

/* ---- Answers -------------------------------------------------------------------------------- */

static void build_error(evc_builder *out, const server_value *id, int code, evc_text reason) {
  server_key(out, "id");
  server_value_build(out, id);
  server_key(out, "error");
  server_open(out, '{');
  server_key(out, "code");
  server_word(out, "-");
  evc_build_unsigned(out, (uint64_t)-code);
  server_text_member(out, "message", reason);
  server_close(out, '}');
  server_close(out, '}');
}

/* For this there is memory, save for an id that is very long, which is then left out. */
static void answer_no_memory(evc_server *server, const server_value *id) {
  for (int attempt = 0; attempt < 2; attempt++, id = NULL) {
    evc_arena arena;
    evc_builder out;
    evc_arena_init(&arena, &server->allocator, server->reserve, sizeof server->reserve);
    evc_build_init(&out, &arena);
    server_open(&out, '{');
    server_string_member(&out, "jsonrpc", "2.0");
    build_error(&out, id, RPC_INTERNAL_ERROR, (evc_text){EVC_LITERAL("out of memory")});
    evc_text body = evc_build_end(&out);
    if (body.data) send_body(server, body);
    evc_arena_free(&arena);
    if (body.data) return;
  }
}

static void answer_error(evc_server *server, const server_value *id, int code,
                         const char *reason) {
  evc_builder out;
  begin(&out, &server->answer);
  build_error(&out, id, code, evc_text_of(reason));
  evc_text body = evc_build_end(&out);
  if (body.data) send_body(server, body);
  else answer_no_memory(server, id);
}

static void answer_request(evc_server *server, const server_message *message,
                           const method_row *row) {
  evc_builder out;
  begin(&out, &server->answer);
  server_key(&out, "id");
  server_value_build(&out, message->id);
  server_key(&out, "result");
  size_t before = out.length;
  server_result result =
      row->handler(server, server_value_at(message->root, "params"), &out);
  if (out.length == before) server_word(&out, "null");
  server_close(&out, '}');
  evc_text body = evc_build_end(&out);
  if (result == SERVER_WRONG)
    answer_error(server, message->id, server->error, server->complaint);
  else if (result == SERVER_NO_MEMORY || !body.data) answer_no_memory(server, message->id);
  else send_body(server, body);
}

/* ---- Messages ------------------------------------------------------------------------------- */

static const method_row *find_method(evc_text name) {
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
    if (evc_text_is(name, methods[i].name)) return &methods[i];
  return NULL;
}

static void take_request(evc_server *server, const server_message *message) {
  const method_row *row = find_method(message->method);
  bool initialize = evc_text_is(message->method, "initialize");
  int error = 0;
  const char *reason = NULL;
  if (message->cancelled) {
    error = RPC_CANCELLED;
    reason = "the request was cancelled";
  } else if (server->phase == PHASE_NEW && !initialize) {
    error = RPC_NOT_INITIALIZED;
    reason = "the first request must be initialize";
  } else if (server->phase >= PHASE_SHUT_DOWN) {
    error = RPC_INVALID_REQUEST;
    reason = "after shutdown there can only be exit";
  } else if (!row) {
    error = RPC_METHOD_NOT_FOUND;
    reason = "there is no such method";
  } else if (row->kind != REQUEST) {
    error = RPC_INVALID_REQUEST;
    reason = "the method is a notification: it has no id";
  } else if (initialize && server->phase != PHASE_NEW) {
    error = RPC_INVALID_REQUEST;
    reason = "the server was initialized before";
  }
  if (error) answer_error(server, message->id, error, reason);
  else answer_request(server, message, row);
}

static void take_notification(evc_server *server, const server_message *message) {
  const method_row *row = find_method(message->method);
  bool exits = row && row->handler == server_exit;
  if (!row || row->kind != NOTIFICATION || (server->phase != PHASE_RUNNING && !exits)) return;
  evc_builder none;
  evc_arena_reset(&server->answer);
  evc_build_init(&none, &server->answer);
  server->complaint = NULL;
  server_result result = row->handler(server, server_value_at(message->root, "params"), &none);
  if (result == SERVER_DONE) return;
  evc_text args[] = {message->method,
                     evc_text_of(result == SERVER_WRONG ? server->complaint : "out of memory")};
  server_show(server, SHOW_ERROR, "{0}: {1}", args);
}

static void take_answer(evc_server *server, const server_message *message) {
  size_t id;
  if (!server_value_unsigned(message->id, &id)) return;
  if (id == 0 || id != server->configuration_request) return;
  server->configuration_request = 0;
  const server_value *result = server_value_at(message->root, "result");
  if (!result || result->kind != EVC_KIND_ARRAY || !result->first) return;
  if (result->first->kind == EVC_KIND_NULL) return;
  if (!server_settings_take(server, result->first)) server_log(server, "out of memory");
}

static void free_message(evc_server *server, server_message *message) {
  evc_arena_free(&message->arena);
  evc_release(&server->allocator, message, sizeof *message);
}

void evc_server_step(evc_server *server) {
  server_message *message = server->first;
  if (!message) return;
  server->first = message->next;
  if (!server->first) server->last = NULL;
  server->waiting -= message->size;
  if (message->error) answer_error(server, message->id, message->error, message->reason);
  else if (!message->method.data) take_answer(server, message);
  else if (message->id) take_request(server, message);
  else take_notification(server, message);
  if (message->loss_follows) server_lose_all(server);
  free_message(server, message);
  if (server->phase == PHASE_RUNNING) server_publish(server);
}

bool server_change_waits(const evc_server *server, const server_document *document) {
  evc_text uri = {document->uri, document->uri_length};
  for (const server_message *m = server->first; m; m = m->next) {
    if (!m->method.data || m->id) continue;
    if (!evc_text_is(m->method, "textDocument/didChange") &&
        !evc_text_is(m->method, "textDocument/didClose"))
      continue;
    evc_text other = server_value_text(m->root, "params.textDocument.uri");
    if (other.data && evc_text_equal(other, uri)) return true;
  }
  return false;
}

/* ---- Taking what comes in ------------------------------------------------------------------- */

/* Half a surrogate pair is no Unicode, but editors send it where text was cut. It becomes U+FFFD,
** which has as many units. */
static void mend_surrogates(char *json, size_t length) {
  for (size_t at = 0; at < length;) {
    uint32_t code_point = 0;
    size_t size = 1;
    if (json[at] == '\\') {
      size = evc_json_escape((evc_text){json + at, length - at}, &code_point);
      if (size == 0 && code_point) memcpy(json + at, "\\ufffd", 6);
      if (size == 0) size = code_point ? 6 : 2;
    }
    at += size;
  }
}

static void refuse(server_message *message, int error, const char *reason) {
  message->error = error;
  message->reason = reason;
}

static bool is_id(const server_value *value) {
  return value && (value->kind == EVC_KIND_STRING || value->kind == EVC_KIND_NUMBER);
}

/* What kind of message it is. */
static void look_at(server_message *message) {
  const server_value *root = message->root, *id = server_value_at(root, "id");
  if (root->kind == EVC_KIND_ARRAY) {
    refuse(message, RPC_INVALID_REQUEST, "LSP has no batches");
    return;
  }
  if (is_id(id)) message->id = id;
  message->method = server_value_text(root, "method");
  bool answer = server_value_at(root, "result") || server_value_at(root, "error");
  if (id && !message->id && !(answer && id->kind == EVC_KIND_NULL))
    refuse(message, RPC_INVALID_REQUEST, "an id is a number or a string");
  else if (!message->method.data && !answer)
    refuse(message, RPC_INVALID_REQUEST, "there is no method");
}

static void read_message(evc_server *server, server_message *message, char *json,
                         size_t length) {
  evc_text text = {json ? json : "", length};
  size_t at;
  evc_json_fault fault = evc_json_check(text, &at);
  if (json && fault == EVC_JSON_SURROGATE) {
    mend_surrogates(json, length);
    fault = evc_json_check(text, &at);
  }
  if (fault) {
    refuse(message, RPC_PARSE_ERROR, evc_json_reason(fault));
    return;
  }
  evc_status status = server_value_read(server->json, &message->arena, text, &message->root);
  if (status == EVC_OK) look_at(message);
  else if (status == EVC_INVALID)
    refuse(message, RPC_INVALID_REQUEST, "a message is an object");
  else refuse(message, RPC_INTERNAL_ERROR, "out of memory");
}

/* A request that waits is not to be answered. */
static void cancel(evc_server *server, const server_value *id) {
  for (server_message *m = server->first; m && is_id(id); m = m->next) {
    if (!m->id || !m->method.data || m->id->kind != id->kind) continue;
    if (evc_text_equal(m->id->text, id->text)) m->cancelled = true;
  }
}

static server_message *new_message(evc_server *server, size_t size) {
  server_message *message = evc_allocate(&server->allocator, sizeof *message);
  if (!message) {
    server_log(server, "out of memory: a message of the client was lost");
    answer_no_memory(server, NULL);
    if (server->last) server->last->loss_follows = true;
    else server_lose_all(server);
    return NULL;
  }
  *message = (server_message){.size = size + MESSAGE_COST};
  evc_arena_init(&message->arena, &server->allocator, NULL, 0);
  return message;
}

static void wait_in_line(evc_server *server, server_message *message) {
  if (server->last) server->last->next = message;
  else server->first = message;
  server->last = message;
  server->waiting += message->size;
  message->loss_follows = message->error == RPC_INTERNAL_ERROR; /* there was no memory for it */
}

void server_take_message(evc_server *server, char *json, size_t length) {
  server_message *message = new_message(server, length);
  if (!message) return;
  read_message(server, message, json, length);
  if (!message->error && message->method.data && !message->id &&
      evc_text_is(message->method, "$/cancelRequest")) {
    cancel(server, server_value_at(message->root, "params.id"));
    free_message(server, message);
    return;
  }
  wait_in_line(server, message);
}

void server_refuse_message(evc_server *server, int error, const char *why) {
  server_log(server, why);
  server_message *message = new_message(server, 0);
  if (!message) return;
  refuse(message, error, why);
  wait_in_line(server, message);
}

/* ---- The server ----------------------------------------------------------------------------- */

bool evc_server_waiting(const evc_server *server) { return server->first != NULL; }

bool evc_server_full(const evc_server *server) { return server->waiting > MOST_WAITING; }

bool evc_server_ended(const evc_server *server) {
  return server->phase == PHASE_ENDED || (server->lost && !server->first);
}

bool evc_server_ended_well(const evc_server *server) { return server->ended_well; }

evc_server *evc_server_new(const evc_server_options *options, const evc_server_host *host) {
  evc_allocator allocator = evc_allocator_of(options->allocator);
  evc_server *server = evc_allocate(&allocator, sizeof *server);
  if (!server) return NULL;
  memset(server, 0, sizeof *server);
  server->allocator = allocator;
  server->options = *options;
  server->host = *host;
  evc_arena_init(&server->answer, &server->allocator, NULL, 0);
  evc_arena_init(&server->side, &server->allocator, NULL, 0);
  evc_arena_init(&server->roots_arena, &server->allocator, NULL, 0);
  evc_arena_init(&server->settings.arena, &server->allocator, NULL, 0);
  server->json = evc_document_new(&server->allocator);
  if (server->json) return server;
  evc_server_free(server);
  return NULL;
}

void evc_server_free(evc_server *server) {
  if (!server) return;
  while (server->documents) {
    server_document *document = server->documents;
    server->documents = document->next;
    server_document_free(server, document);
  }
  while (server->first) {
    server_message *message = server->first;
    server->first = message->next;
    free_message(server, message);
  }
  server_input_free(server);
  evc_document_free(server->json);
  evc_schema_free(server->schema);
  evc_arena_free(&server->settings.arena);
  evc_arena_free(&server->roots_arena);
  evc_arena_free(&server->side);
  evc_arena_free(&server->answer);
  evc_allocator allocator = server->allocator;
  evc_release(&allocator, server, sizeof *server);
}
