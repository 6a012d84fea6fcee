/* The talk with a server that is a process: bytes both ways, cut into messages of JSON. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conversation.h"
#include "json/grammar.h"
#include "json/write.h"

enum { PATIENCE = 60 * 1000, MOST_WORDS = 32 };

/* Everything that a client of today can do. */
static const char everything[] =
    "{\"general\": {\"positionEncodings\": [\"utf-16\"]}, \"textDocument\": {"
    "\"publishDiagnostics\": {\"relatedInformation\": true, \"tagSupport\": {\"valueSet\": [1, 2]}},"
    "\"completion\": {\"completionItem\": {\"snippetSupport\": true, \"insertReplaceSupport\": true,"
    " \"documentationFormat\": [\"markdown\"]}}, \"hover\": {\"contentFormat\": [\"markdown\"]},"
    "\"signatureHelp\": {\"signatureInformation\": {\"documentationFormat\": [\"markdown\"],"
    " \"parameterInformation\": {\"labelOffsetSupport\": true}}},"
    "\"documentSymbol\": {\"hierarchicalDocumentSymbolSupport\": true},"
    "\"codeAction\": {\"codeActionLiteralSupport\": {\"codeActionKind\": {\"valueSet\": []}},"
    " \"isPreferredSupport\": true}}, \"workspace\": {\"workspaceEdit\": {\"documentChanges\": true}}}";

void *must(void *memory) {
  if (memory) return memory;
  fprintf(stderr, "out of memory\n");
  exit(2);
}

void append(bytes *b, const char *data, size_t length) {
  if (b->length + length + 1 > b->capacity) {
    b->capacity = (b->length + length + 1) * 2;
    b->data = must(realloc(b->data, b->capacity));
  }
  memcpy(b->data + b->length, data, length);
  b->length += length;
  b->data[b->length] = '\0';
}

void append_string(bytes *b, const char *s) { append(b, s, strlen(s)); }

void fail(conversation *c, const char *what, const char *more) {
  if (c->failed) return;
  c->failed = true;
  printf("%s:%zu: %s\n  %s %s\n", c->file, c->line, c->title, what, more ? more : "");
}

_Noreturn void die(const conversation *c, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", c->file, c->line, why);
  exit(2);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

/* Read a value of any kind; NULL when the text is no JSON. */
const server_value *read_json(conversation *c, const char *text, size_t length) {
  size_t at;
  bytes whole = {0};
  const server_value *value = NULL;
  append_string(&whole, "[");
  append(&whole, text, length);
  append_string(&whole, "]");
  if (evc_json_check((evc_text){whole.data, whole.length}, &at) == EVC_JSON_SOUND &&
      server_value_read(c->reader, &c->arena, (evc_text){whole.data, whole.length}, &value) ==
          EVC_OK)
    value = value->first;
  free(whole.data);
  return value;
}

const char *show_json(conversation *c, const server_value *value) {
  evc_builder out;
  evc_build_init(&out, &c->arena);
  server_value_build(&out, value);
  return must((void *)(uintptr_t)evc_build_end(&out).data);
}

void append_json_string(bytes *b, const char *data, size_t length) {
  evc_arena arena;
  evc_builder out;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_build_init(&out, &arena);
  evc_json_build_string(&out, (evc_text){data, length});
  append(b, out.data, out.length);
  evc_arena_free(&arena);
}
/* ---- The server ----------------------------------------------------------------------------- */

void say(conversation *c, const char *body, size_t length) {
  char header[64];
  append(&c->out, header, (size_t)snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", length));
  append(&c->out, body, length);
}

void say_message(conversation *c, const char *method, const char *params, bool request) {
  bytes b = {0};
  char id[48] = "";
  if (request) snprintf(id, sizeof id, "\"id\": %d, ", (int)++c->requests);
  append_string(&b, "{\"jsonrpc\": \"2.0\", ");
  append_string(&b, id);
  append_string(&b, "\"method\": \"");
  append_string(&b, method);
  append_string(&b, "\"");
  if (*params) append_string(&b, ", \"params\": ");
  append_string(&b, params);
  append_string(&b, "}");
  say(c, b.data, b.length);
  free(b.data);
}

static void spawn(conversation *c) {
  int in[2], out[2];
  char *words[MOST_WORDS] = {(char *)(uintptr_t)c->binary, "lsp"};
  size_t count = 2;
  if (pipe(in) != 0 || pipe(out) != 0) die(c, "no pipe");
  c->error = fileno((FILE *)must(c->errors = tmpfile()));
  for (char *word = strtok(c->options, " "); word && count + 1 < MOST_WORDS; word = strtok(NULL, " "))
    words[count++] = word;
  fflush(NULL);
  c->child = fork();
  if (c->child == 0) {
    if (chdir(c->workspace) != 0 || dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0 || dup2(c->error, 2) < 0)
      _exit(125);
    close(in[0]); close(in[1]); close(out[0]); close(out[1]);
    execv(c->binary, words);
    _exit(126);
  }
  close(in[0]);
  close(out[1]);
  c->to = in[1];
  c->from = out[0];
  fcntl(c->to, F_SETFL, O_NONBLOCK);
  c->started = true;
}

/* Write of what is to be written, and read of what comes. False when nothing more comes. */
static bool exchange(conversation *c) {
  struct pollfd two[2] = {{c->from, POLLIN, 0}, {c->out.length && c->to >= 0 ? c->to : -1, POLLOUT, 0}};
  if (poll(two, 2, PATIENCE) <= 0) {
    fail(c, "the server says nothing", NULL);
    return false;
  }
  if (two[1].revents) {
    ssize_t count = write(c->to, c->out.data, c->out.length);
    if (count < 0 && errno != EAGAIN) count = (ssize_t)c->out.length; /* it is gone */
    if (count > 0) {
      memmove(c->out.data, c->out.data + count, c->out.length - (size_t)count);
      c->out.length -= (size_t)count;
    }
  }
  if (two[0].revents) {
    char buffer[65536];
    ssize_t count = read(c->from, buffer, sizeof buffer);
    if (count <= 0) return false;
    append(&c->in, buffer, (size_t)count);
  }
  return true;
}

/* The message that has come in whole; NULL when none has. */
const server_value *take_message(conversation *c) {
  if (!c->in.length) return NULL;
  const char *end = strstr(c->in.data, "\r\n\r\n");
  if (!end) return NULL;
  size_t header = (size_t)(end + 4 - c->in.data), length = strtoul(c->in.data + 16, NULL, 10);
  if (strncmp(c->in.data, "Content-Length: ", 16) != 0) fail(c, "a header is", c->in.data);
  if (c->in.length < header + length) return NULL;
  const server_value *value = read_json(c, c->in.data + header, length);
  if (!value) fail(c, "no JSON:", c->in.data + header);
  c->message.length = 0;
  append(&c->message, c->in.data + header, length);
  memmove(c->in.data, c->in.data + header + length, c->in.length - header - length + 1);
  c->in.length -= header + length;
  return value;
}


const server_value *next_message(conversation *c) {
  const server_value *value;
  begin(c);
  while (!(value = take_message(c)))
    if (c->failed || !exchange(c)) return NULL;
  return value;
}

/* Start, and say what a client says first. */
void begin(conversation *c) {
  if (c->started) return;
  spawn(c);
  if (strcmp(c->client, "none") == 0) return;
  bytes rest = c->out, params = {0};
  c->out = (bytes){0};
  append_string(&params, "{\"processId\": null, \"rootUri\": \"file://");
  append_string(&params, c->workspace);
  append_string(&params, "\", \"capabilities\": ");
  append_string(&params, *c->client ? c->client : everything);
  if (*c->settings) append_string(&params, ", \"initializationOptions\": ");
  append_string(&params, c->settings);
  append_string(&params, "}");
  uint64_t requests = c->requests;
  c->requests = 1000000;
  say_message(c, "initialize", params.data, true);
  c->requests = requests;
  say_message(c, "initialized", "{}", false);
  free(params.data);
  append(&c->out, rest.length ? rest.data : "", rest.length);
  free(rest.data);
  if (strstr(c->client, "utf-8")) c->utf8 = true;
  const server_value *value;
  bytes early = {0}; /* what is wrong with settings is told before */
  for (;;) {
    while (!(value = take_message(c)))
      if (c->failed || !exchange(c)) return;
    const server_value *id = server_value_at(value, "id");
    if (id && id->kind == EVC_KIND_NUMBER && id->number == 1000001) break;
    const char *text = show_json(c, value);
    char header[64];
    int length = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", strlen(text));
    append(&early, header, (size_t)length);
    append_string(&early, text);
  }
  append(&early, c->in.length ? c->in.data : "", c->in.length);
  free(c->in.data);
  c->in = early;
  if (!server_value_at(value, "result.capabilities")) fail(c, "initialize:", show_json(c, value));
}

int finish(conversation *c) {
  int status = 0;
  while (c->out.length && exchange(c)) continue;
  if (c->to >= 0) close(c->to);
  c->to = -1;
  while (exchange(c)) continue;
  waitpid(c->child, &status, 0);
  c->ended = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}
