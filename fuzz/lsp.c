/* The language server: whatever a client says, each request gets one answer with its id, all that is
** sent is JSON in frames, and diagnostics, edits and ranges lie inside of their document.
**
** The input is lines: `# METHOD JSON` is a request, `! METHOD JSON` a notification, `= TEXT` a body as
** it is, `~ TEXT` bytes as they are; in JSON and TEXT a \r is written as a line end of input cannot be. All
** that is said between two lines `.` is fed at once. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "../src/server/server.h"
#include "../src/server/value.h"

enum { MOST_REQUESTS = 256, MOST_LINES = 256 };

typedef struct dialogue {
  evc_server *server;
  evc_document *reader;
  size_t requests;
  bool answered[MOST_REQUESTS];
  bool raw, ended; /* what was said may not have been a message */
  evc_builder sent;
  evc_arena arena;
} dialogue;

static void take(void *context, evc_text bytes) {
  dialogue *d = context;
  evc_build_text(&d->sent, bytes);
}

static void hear(void *context, evc_text line) {
  (void)context;
  FUZZ_HOLDS(line.length > 0, "an empty line for a person");
}

/* There is one file. */
static bool read_file(void *context, const char *path, evc_builder *out, const char **reason) {
  static const char fields[] = "{\"events\": {\"fuzz.file\": {\"new.a\": \"double\"}}}";
  (void)context;
  *reason = "there is none";
  if (!strstr(path, "fields.json")) return false;
  evc_build(out, fields, sizeof fields - 1);
  return true;
}

/* ---- What the server says ------------------------------------------------------------------- */

static void check_position(const server_value *position) {
  size_t number;
  FUZZ_HOLDS(server_value_unsigned(server_value_at(position, "line"), &number) &&
                 server_value_unsigned(server_value_at(position, "character"), &number),
             "a position");
}

static bool is_before(const server_value *a, const server_value *b) {
  double line_a = server_value_at(a, "line")->number, line_b = server_value_at(b, "line")->number;
  if (line_a != line_b) return line_a < line_b;
  return server_value_at(a, "character")->number <= server_value_at(b, "character")->number;
}

/* Ranges, wherever they are. */
static void check_ranges(const server_value *value) {
  const server_value *start = server_value_at(value, "start"), *end = server_value_at(value, "end");
  if (start && end && start->kind == EVC_KIND_MAP) {
    check_position(start);
    check_position(end);
    FUZZ_HOLDS(is_before(start, end), "a range ends before it starts");
  }
  if (value->kind != EVC_KIND_MAP && value->kind != EVC_KIND_ARRAY) return;
  for (const server_value *m = value->first; m; m = m->next) check_ranges(m);
}

static void check_message(dialogue *d, evc_text json) {
  evc_arena arena;
  const server_value *root;
  FUZZ_HOLDS(fuzz_is_json(json), "sent: %.*s", FUZZ_TEXT(json));
  evc_arena_init(&arena, NULL, NULL, 0);
  FUZZ_HOLDS(server_value_read(d->reader, &arena, json, &root) == EVC_OK, "it is an object");
  const server_value *id = server_value_at(root, "id"), *error = server_value_at(root, "error");
  if (!server_value_at(root, "method")) {
    FUZZ_HOLDS((server_value_at(root, "result") != NULL) != (error != NULL), "%.*s",
               FUZZ_TEXT(json));
    size_t number;
    if (id && server_value_unsigned(id, &number) && !d->raw) {
      FUZZ_HOLDS(number < d->requests && !d->answered[number], "an answer to nothing: %zu", number);
      d->answered[number] = true;
    }
  }
  check_ranges(root);
  evc_arena_free(&arena);
}

static void check_sent(dialogue *d) {
  static const char header[] = "Content-Length: ";
  FUZZ_HOLDS(!d->sent.failed, "memory");
  if (d->sent.length == 0) return;
  const char *at = d->sent.data, *end = at + d->sent.length;
  while (at < end) {
    FUZZ_HOLDS((size_t)(end - at) > sizeof header && memcmp(at, header, sizeof header - 1) == 0,
               "a header");
    char *behind;
    size_t length = strtoul(at + sizeof header - 1, &behind, 10);
    FUZZ_HOLDS(memcmp(behind, "\r\n\r\n", 4) == 0, "the end of a header");
    at = behind + 4;
    FUZZ_HOLDS(length <= (size_t)(end - at), "the length of a message");
    check_message(d, (evc_text){at, length});
    at += length;
  }
  evc_arena_reset(&d->arena);
  evc_build_init(&d->sent, &d->arena);
}

/* ---- What the client says ------------------------------------------------------------------- */

static void feed(dialogue *d, evc_text body) {
  char header[64];
  int length = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", body.length);
  evc_server_feed(d->server, header, (size_t)length);
  evc_server_feed(d->server, body.data, body.length);
}

static void say(dialogue *d, evc_text line, bool request) {
  evc_arena arena;
  evc_builder body;
  const char *blank = memchr(line.data, ' ', line.length);
  size_t length = blank ? (size_t)(blank - line.data) : line.length;
  evc_text params = {line.data + length, line.length - length};
  bool sound = params.length > 1 && fuzz_is_json(params);
  if (request && d->requests == MOST_REQUESTS) return;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_build_init(&body, &arena);
  server_open(&body, '{');
  if (request) server_unsigned_member(&body, "id", d->requests++);
  server_text_member(&body, "method", (evc_text){line.data, length});
  if (sound) server_key(&body, "params");
  if (sound) evc_build_text(&body, params);
  server_close(&body, '}');
  feed(d, evc_build_end(&body));
  evc_arena_free(&arena);
}

static void answer_all(dialogue *d) {
  while (evc_server_waiting(d->server) && !evc_server_ended(d->server)) evc_server_step(d->server);
  if (evc_server_ended(d->server)) d->ended = true;
  check_sent(d);
}

static void say_line(dialogue *d, evc_text line) {
  if (line.length == 0) return;
  evc_text rest = {line.data + 1, line.length - 1};
  if (rest.length > 0 && rest.data[0] == ' ') rest = (evc_text){rest.data + 1, rest.length - 1};
  switch (line.data[0]) {
  case '#': say(d, rest, true); break;
  case '!': say(d, rest, false); break;
  case '=':
    d->raw = true;
    feed(d, rest);
    break;
  case '~':
    d->raw = true;
    evc_server_feed(d->server, rest.data, rest.length);
    break;
  default: answer_all(d);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  dialogue d = {.reader = evc_document_new(NULL)};
  const evc_server_options options = {.event_type = "configuration.commitment.updated"};
  const evc_server_host host = {&d, take, hear, read_file};
  char *copy = fuzz_copy((evc_text){(const char *)data, size}, false);
  evc_arena_init(&d.arena, NULL, NULL, 0);
  evc_build_init(&d.sent, &d.arena);
  d.server = evc_server_new(&options, &host);
  FUZZ_HOLDS(d.server && d.reader, "memory");
  const char *at = copy, *end = copy + size;
  for (size_t lines = 0; at < end && lines < MOST_LINES && !d.ended; lines++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop) stop = end;
    say_line(&d, (evc_text){at, (size_t)(stop - at)});
    at = stop < end ? stop + 1 : end;
  }
  answer_all(&d);
  for (size_t i = 0; i < d.requests && !d.raw && !d.ended; i++)
    FUZZ_HOLDS(d.answered[i], "request %zu has no answer", i);
  evc_server_free(d.server);
  evc_document_free(d.reader);
  evc_arena_free(&d.arena);
  free(copy);
  return 0;
}
