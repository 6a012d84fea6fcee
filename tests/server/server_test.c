/* Runs tables of conversations with evcalc lsp: see FORMAT.md. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json/grammar.h"
#include "json/write.h"
#include "server/value.h"

enum { PATIENCE = 60 * 1000, MOST_DOCUMENTS = 8, MOST_WORDS = 32, LONGEST = 1 << 16 };

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

typedef struct bytes {
  char *data;
  size_t length, capacity;
} bytes;

/* A document as the client knows it. */
typedef struct copy {
  char name[128];
  bytes text;
  int version;
} copy;

typedef struct conversation {
  const char *binary, *file;
  char workspace[64];
  size_t line, failed_line, cases, failures;
  char title[256], options[512], settings[LONGEST], client[LONGEST];
  bool started, ended, utf8, failed;
  pid_t child;
  int to, from, error;
  FILE *errors;
  bytes out, in; /* to be written; come in and not looked at */
  copy documents[MOST_DOCUMENTS];
  size_t document_count, asked; /* the document asked about last */
  uint64_t requests, answered;
  double server_request;
  evc_arena arena;
  evc_document *reader;
  const server_value *result; /* of the last answer */
} conversation;

static void *must(void *memory) {
  if (memory) return memory;
  fprintf(stderr, "out of memory\n");
  exit(2);
}

static void append(bytes *b, const char *data, size_t length) {
  if (b->length + length + 1 > b->capacity) {
    b->capacity = (b->length + length + 1) * 2;
    b->data = must(realloc(b->data, b->capacity));
  }
  memcpy(b->data + b->length, data, length);
  b->length += length;
  b->data[b->length] = '\0';
}

static void append_string(bytes *b, const char *s) { append(b, s, strlen(s)); }

static void fail(conversation *c, const char *what, const char *more) {
  if (c->failed) return;
  c->failed = true;
  printf("%s:%zu: %s\n  %s %s\n", c->file, c->line, c->title, what, more ? more : "");
}

static _Noreturn void die(const conversation *c, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", c->file, c->line, why);
  exit(2);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

/* Read a value of any kind; NULL when the text is no JSON. */
static const server_value *read_json(conversation *c, const char *text, size_t length) {
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

static const char *show_json(conversation *c, const server_value *value) {
  evc_builder out;
  evc_build_init(&out, &c->arena);
  server_value_build(&out, value);
  return must((void *)(uintptr_t)evc_build_end(&out).data);
}

static void append_json_string(bytes *b, const char *data, size_t length) {
  evc_arena arena;
  evc_builder out;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_build_init(&out, &arena);
  evc_json_build_string(&out, (evc_text){data, length});
  append(b, out.data, out.length);
  evc_arena_free(&arena);
}

static bool is_string(const server_value *value, const char *string) {
  return value && value->kind == EVC_KIND_STRING && evc_text_is(value->text, string);
}

static bool show_position(const server_value *value, char *out, size_t size) {
  const server_value *line = server_value_at(value, "line"),
                     *character = server_value_at(value, "character");
  if (!line || !character) return false;
  snprintf(out, size, "%.0f:%.0f", line->number, character->number);
  return true;
}

/* A range or a position as a place. */
static bool show_place(const server_value *value, char *out, size_t size) {
  char start[64], end[64];
  if (show_position(value, out, size)) return true;
  if (!show_position(server_value_at(value, "start"), start, sizeof start) ||
      !show_position(server_value_at(value, "end"), end, sizeof end))
    return false;
  snprintf(out, size, "%s-%s", start, end);
  return true;
}

static bool matches(const server_value *expected, const server_value *found);

static bool elements_match(const server_value *expected, const server_value *found) {
  const server_value *e = expected->first, *f = found->first;
  for (; e; e = e->next, f = f->next) {
    if (is_string(e, "...") && !e->next) return true;
    if (!f || !matches(e, f)) return false;
  }
  return !f;
}

static bool members_match(const server_value *expected, const server_value *found) {
  for (const server_value *e = expected->first; e; e = e->next) {
    const server_value *f = found->first;
    while (f && !evc_text_equal(f->key, e->key)) f = f->next;
    if (is_string(e, "(absent)") ? f != NULL : !f || !matches(e, f)) return false;
  }
  return true;
}

static bool matches(const server_value *expected, const server_value *found) {
  char place[160];
  if (expected->kind == EVC_KIND_STRING && found->kind == EVC_KIND_MAP)
    return show_place(found, place, sizeof place) && evc_text_is(expected->text, place);
  if (expected->kind != found->kind) return false;
  switch (expected->kind) {
  case EVC_KIND_NUMBER: return expected->number == found->number;
  case EVC_KIND_BOOLEAN: return expected->boolean == found->boolean;
  case EVC_KIND_STRING: return evc_text_equal(expected->text, found->text);
  case EVC_KIND_ARRAY: return elements_match(expected, found);
  case EVC_KIND_MAP: return members_match(expected, found);
  default: return true;
  }
}

/* ---- The server ----------------------------------------------------------------------------- */

static void say(conversation *c, const char *body, size_t length) {
  char header[64];
  append(&c->out, header, (size_t)snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", length));
  append(&c->out, body, length);
}

static void say_message(conversation *c, const char *method, const char *params, bool request) {
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
static const server_value *take_message(conversation *c) {
  if (!c->in.length) return NULL;
  const char *end = strstr(c->in.data, "\r\n\r\n");
  if (!end) return NULL;
  size_t header = (size_t)(end + 4 - c->in.data), length = strtoul(c->in.data + 16, NULL, 10);
  if (strncmp(c->in.data, "Content-Length: ", 16) != 0) fail(c, "a header is", c->in.data);
  if (c->in.length < header + length) return NULL;
  const server_value *value = read_json(c, c->in.data + header, length);
  if (!value) fail(c, "no JSON:", c->in.data + header);
  memmove(c->in.data, c->in.data + header + length, c->in.length - header - length + 1);
  c->in.length -= header + length;
  return value;
}

static void begin(conversation *c);

static const server_value *next_message(conversation *c) {
  const server_value *value;
  begin(c);
  while (!(value = take_message(c)))
    if (c->failed || !exchange(c)) return NULL;
  return value;
}

/* Start, and say what a client says first. */
static void begin(conversation *c) {
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

static int finish(conversation *c) {
  int status = 0;
  while (c->out.length && exchange(c)) continue;
  if (c->to >= 0) close(c->to);
  c->to = -1;
  while (exchange(c)) continue;
  waitpid(c->child, &status, 0);
  c->ended = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* ---- Texts ---------------------------------------------------------------------------------- */

/* Cut the next word off; NULL when there is none. */
static char *word_of(char **rest) {
  char *word = *rest;
  while (*word == ' ') word++;
  if (!*word) return NULL;
  char *end = word;
  while (*end && *end != ' ') end++;
  *rest = *end ? end + 1 : end;
  *end = '\0';
  return word;
}

/* A TEXT: a JSON string, of which *rest is then what follows, or all that is left. */
static evc_text text_of(conversation *c, char **rest) {
  char *text = *rest;
  if (*text != '"') {
    *rest += strlen(text);
    return (evc_text){text, strlen(text)};
  }
  char *end = text + 1;
  while (*end && *end != '"') end += *end == '\\' && end[1] ? 2 : 1;
  if (*end != '"') die(c, "a string is not closed");
  const server_value *value = read_json(c, text, (size_t)(end + 1 - text));
  if (!value) die(c, "a string is no JSON");
  *rest = end + 1;
  while (**rest == ' ') ++*rest;
  return value->text;
}

static copy *document_of(conversation *c, const char *name) {
  for (size_t i = 0; i < c->document_count; i++)
    if (strcmp(c->documents[i].name, name) == 0) {
      c->asked = i;
      return &c->documents[i];
    }
  if (c->document_count == MOST_DOCUMENTS) die(c, "too many documents");
  c->asked = c->document_count++;
  copy *d = &c->documents[c->asked];
  *d = (copy){.version = 0};
  snprintf(d->name, sizeof d->name, "%s", name);
  append_string(&d->text, "");
  return d;
}

/* Counted anew here, so that the server's way to count is checked against another. */
static size_t offset_of(const conversation *c, const copy *d, size_t line, size_t character) {
  const char *at = d->text.data, *end = at + d->text.length;
  for (; line > 0 && at < end; at++)
    if (*at == '\n' || (*at == '\r' && at[1] != '\n')) line--;
  while (character > 0 && at < end && *at != '\n' && *at != '\r') {
    unsigned char first = (unsigned char)*at;
    size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    size_t units = c->utf8 ? length : length == 4 ? 2 : 1;
    at += length;
    character -= units < character ? units : character;
  }
  return (size_t)(at - d->text.data);
}

static size_t offset_at(const conversation *c, const copy *d, const server_value *position) {
  return offset_of(c, d, (size_t)server_value_at(position, "line")->number,
                   (size_t)server_value_at(position, "character")->number);
}

static void replace(bytes *text, size_t start, size_t end, evc_text by) {
  bytes out = {0};
  append(&out, text->data, start);
  append(&out, by.data ? by.data : "", by.length);
  append(&out, text->data + end, text->length - end);
  free(text->data);
  *text = out;
}

static void append_uri(const conversation *c, bytes *b, const char *name) {
  append_string(b, "{\"uri\": \"");
  if (!strchr(name, ':')) {
    append_string(b, "file://");
    append_string(b, c->workspace);
    append_string(b, "/");
  }
  append_string(b, name);
  append_string(b, "\"");
}

static void append_position(bytes *b, size_t line, size_t character) {
  char text[96];
  snprintf(text, sizeof text, "{\"line\": %zu, \"character\": %zu}", line, character);
  append_string(b, text);
}

/* L:C or L:C-L:C; false when it is neither. */
static bool read_place(const char *place, size_t numbers[4], bool *range) {
  int length = 0;
  *range = sscanf(place, "%zu:%zu-%zu:%zu%n", &numbers[0], &numbers[1], &numbers[2], &numbers[3],
                  &length) == 4;
  if (*range) return place[length] == '\0';
  return sscanf(place, "%zu:%zu%n", &numbers[0], &numbers[1], &length) == 2 && place[length] == '\0';
}

/* ---- What the client says ------------------------------------------------------------------- */

static void say_open(conversation *c, const char *language, const char *name, evc_text text) {
  bytes b = {0};
  copy *d = document_of(c, name);
  const char *point = strrchr(name, '.');
  replace(&d->text, 0, d->text.length, text);
  d->version = 1;
  append_string(&b, "{\"textDocument\": ");
  append_uri(c, &b, name);
  append_string(&b, ", \"languageId\": \"");
  append_string(&b, language ? language : point && strcmp(point, ".json") == 0 ? "json" : "evcalc");
  append_string(&b, "\", \"version\": 1, \"text\": ");
  append_json_string(&b, text.data, text.length);
  append_string(&b, "}}");
  say_message(c, "textDocument/didOpen", b.data, false);
  free(b.data);
}

static void say_change(conversation *c, char *rest) {
  bytes b = {0};
  char version[32];
  const char *name = word_of(&rest);
  if (!name) die(c, "change what?");
  copy *d = document_of(c, name);
  append_string(&b, "{\"textDocument\": ");
  append_uri(c, &b, name);
  snprintf(version, sizeof version, ", \"version\": %d}", ++d->version);
  append_string(&b, version);
  append_string(&b, ", \"contentChanges\": [");
  for (const char *place; (place = word_of(&rest));) {
    size_t n[4], start = 0, end = d->text.length;
    bool range;
    evc_text text = text_of(c, &rest);
    append_string(&b, b.data[b.length - 1] == '[' ? "{" : ", {");
    if (strcmp(place, "-") != 0) {
      if (!read_place(place, n, &range) || !range) die(c, "a change has a range");
      append_string(&b, "\"range\": {\"start\": ");
      append_position(&b, n[0], n[1]);
      append_string(&b, ", \"end\": ");
      append_position(&b, n[2], n[3]);
      append_string(&b, "}, ");
      start = offset_of(c, d, n[0], n[1]);
      end = offset_of(c, d, n[2], n[3]);
    }
    append_string(&b, "\"text\": ");
    append_json_string(&b, text.data, text.length);
    append_string(&b, "}");
    replace(&d->text, start, end, text);
  }
  append_string(&b, "]}");
  say_message(c, "textDocument/didChange", b.data, false);
  free(b.data);
}

static void say_ask(conversation *c, char *rest) {
  bytes b = {0}, method = {0};
  const char *name = word_of(&rest), *file = word_of(&rest);
  size_t n[4];
  bool range;
  if (!file) die(c, "ask METHOD FILE");
  append_string(&method, "textDocument/");
  append_string(&method, name);
  document_of(c, file);
  append_string(&b, "{\"textDocument\": ");
  append_uri(c, &b, file);
  append_string(&b, "}");
  if (*rest && *rest != '{') {
    const char *place = word_of(&rest);
    if (!read_place(place, n, &range)) die(c, "a place is L:C or L:C-L:C");
    append_string(&b, range ? ", \"range\": {\"start\": " : ", \"position\": ");
    append_position(&b, n[0], n[1]);
    if (range) append_string(&b, ", \"end\": ");
    if (range) append_position(&b, n[2], n[3]);
    if (range) append_string(&b, "}");
  }
  if (*rest) append_string(&b, ", ");
  append_string(&b, *rest ? rest + 1 : "}");
  say_message(c, method.data, b.data, true);
  free(b.data);
  free(method.data);
}

static void say_close(conversation *c, char *name) {
  bytes b = {0};
  append_string(&b, "{\"textDocument\": ");
  append_uri(c, &b, name);
  append_string(&b, "}}");
  say_message(c, "textDocument/didClose", b.data, false);
  free(b.data);
}

static void say_answer(conversation *c, const char *json) {
  bytes b = {0};
  char id[64];
  snprintf(id, sizeof id, "{\"jsonrpc\": \"2.0\", \"id\": %.0f, \"result\": ", c->server_request);
  append_string(&b, id);
  append_string(&b, json);
  append_string(&b, "}");
  say(c, b.data, b.length);
  free(b.data);
}

static void say_large(conversation *c, char *rest) {
  const char *name = word_of(&rest);
  size_t count = strtoul(rest, NULL, 10);
  bytes b = {0};
  append_string(&b, "[");
  for (size_t i = 0; i < count; i++) {
    char one[512];
    snprintf(one, sizeof one,
             "%s\n{\"name\": \"Notification %zu\", \"description\": \"%0200d\", \"eventName\": "
             "\"configuration.commitment.updated\",\n \"calculation\": \"new.amount >= %zu AND "
             "(new.amountSpent > 90 and old.amountSpent <= 90) OR new.currency == \\\"EUR\\\"\"}",
             i ? "," : "", i, 0, i);
    append_string(&b, one);
  }
  append_string(&b, "]\n");
  say_open(c, NULL, name, (evc_text){b.data, b.length});
  free(b.data);
}

static void say_repeated(conversation *c, char *rest) {
  const char *name = word_of(&rest), *count = word_of(&rest);
  bytes b = {0};
  if (!count) die(c, "repeat FILE COUNT TEXT");
  evc_text text = text_of(c, &rest);
  for (size_t i = strtoul(count, NULL, 10); i > 0; i--) append(&b, text.data, text.length);
  say_open(c, NULL, name, (evc_text){b.data, b.length});
  free(b.data);
}

static void write_file(conversation *c, char *rest) {
  char path[512];
  const char *name = word_of(&rest);
  evc_text text = text_of(c, &rest);
  snprintf(path, sizeof path, "%s/%s", c->workspace, name ? name : "");
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(text.data, 1, text.length, file) != text.length) die(c, "cannot write");
  fclose(file);
}

/* ---- What the server must say --------------------------------------------------------------- */

static void expect(conversation *c, const char *expected, size_t length) {
  const server_value *value = read_json(c, expected, length), *found;
  if (!value) die(c, "what is expected is no JSON");
  found = next_message(c);
  if (!found) {
    fail(c, "there is no message; expected", expected);
    return;
  }
  const server_value *id = server_value_at(found, "id");
  if (server_value_at(found, "method") && id) c->server_request = id->number;
  if (server_value_at(found, "result")) c->result = server_value_at(found, "result");
  if (matches(value, found)) return;
  const char *both[] = {"\n  expected ", show_json(c, value), "\n  found    ", show_json(c, found)};
  bytes b = {0};
  for (size_t i = 0; i < 4; i++) append_string(&b, both[i]);
  fail(c, "not what is expected", b.data);
  free(b.data);
}

static void expect_diagnostics(conversation *c, char *rest, bytes *b) {
  char *name = word_of(&rest), *version = name ? strchr(name, '@') : NULL;
  if (!name) die(c, "diagnostics of what?");
  if (version) *version++ = '\0';
  append_string(b, "{\"method\": \"textDocument/publishDiagnostics\", \"params\": ");
  append_uri(c, b, name);
  if (version) append_string(b, ", \"version\": ");
  if (version) append_string(b, version);
  append_string(b, ", \"diagnostics\": ");
  append_string(b, *rest ? rest : "[]");
  append_string(b, "}}");
}

static void expect_answer(conversation *c, const char *word, char *rest, bytes *b) {
  char text[128];
  uint64_t id = strcmp(word, "failure") == 0 ? 0 : ++c->answered;
  snprintf(text, sizeof text, id ? "{\"id\": %d, " : "{\"id\": null, ", (int)id);
  append_string(b, text);
  if (strcmp(word, "result") == 0) {
    append_string(b, "\"error\": \"(absent)\", \"result\": ");
    append_string(b, rest);
    append_string(b, "}");
    return;
  }
  const char *code = word_of(&rest);
  append_string(b, "\"result\": \"(absent)\", \"error\": {\"code\": ");
  append_string(b, code ? code : "");
  if (*rest) append_string(b, ", \"message\": ");
  if (*rest) append_json_string(b, rest, strlen(rest));
  append_string(b, "}}");
}

static void expect_line(conversation *c, char *rest) {
  bytes b = {0};
  const char *word = word_of(&rest);
  if (!word) die(c, "expect what?");
  if (strcmp(word, "diagnostics") == 0) {
    expect_diagnostics(c, rest, &b);
  } else if (strcmp(word, "result") == 0 || strcmp(word, "error") == 0 ||
             strcmp(word, "failure") == 0) {
    expect_answer(c, word, rest, &b);
  } else if (strcmp(word, "message") == 0) {
    append_string(&b, rest);
  } else {
    append_string(&b, "{\"method\": \"");
    append_string(&b, word);
    append_string(&b, "\", \"params\": ");
    append_string(&b, *rest ? rest : "{}");
    append_string(&b, "}");
  }
  expect(c, b.data, b.length);
  free(b.data);
}

/* Apply edits, which are about the text as it was, so from the last to the first. */
static void expect_text(conversation *c, const server_value *edits, evc_text expected) {
  const server_value *list[1024];
  size_t count = 0;
  copy *d = &c->documents[c->asked];
  bytes text = {0};
  append(&text, d->text.data, d->text.length);
  for (const server_value *e = edits ? edits->first : NULL; e && count < 1024; e = e->next)
    list[count++] = e;
  if (!edits) fail(c, "there are no edits", NULL);
  for (size_t last = text.length; count-- > 0;) {
    const server_value *range = server_value_at(list[count], "range");
    if (!range) range = server_value_at(list[count], "replace");
    size_t start = offset_at(c, d, server_value_at(range, "start"));
    size_t end = offset_at(c, d, server_value_at(range, "end"));
    if (start > end || end > last) fail(c, "edits overlap or are not in order", NULL);
    replace(&text, start, end, server_value_text(list[count], "newText"));
    last = start;
  }
  if (!evc_text_equal((evc_text){text.data, text.length}, expected))
    fail(c, "the text becomes", text.data);
  free(text.data);
}

/* The edits to the one document of a WorkspaceEdit. */
static const server_value *edits_of(const server_value *edit) {
  const server_value *changes = server_value_at(edit, "documentChanges");
  if (changes && changes->first) return server_value_at(changes->first, "edits");
  changes = server_value_at(edit, "changes");
  return changes ? changes->first : NULL;
}

static const server_value *find_named(const server_value *list, const char *member,
                                      evc_text name) {
  for (const server_value *m = list ? list->first : NULL; m; m = m->next) {
    evc_text text = server_value_text(m, member);
    if (text.data && evc_text_equal(text, name)) return m;
  }
  return NULL;
}

static void expect_applied(conversation *c, const char *word, char *rest) {
  if (strcmp(word, "formatted") == 0) {
    expect_text(c, c->result, text_of(c, &rest));
    return;
  }
  evc_text name = text_of(c, &rest);
  bool fixed = strcmp(word, "fixed") == 0;
  const server_value *item = fixed ? find_named(c->result, "title", name)
                                   : find_named(server_value_at(c->result, "items"), "label", name);
  server_value one = {.kind = EVC_KIND_ARRAY, .first = server_value_at(item, "textEdit")};
  if (!item) fail(c, "there is none of that name in", show_json(c, c->result));
  else expect_text(c, fixed ? edits_of(server_value_at(item, "edit")) : &one, text_of(c, &rest));
}

/* ---- Cases ---------------------------------------------------------------------------------- */

static void expect_exit(conversation *c, int expected) {
  char text[32];
  begin(c);
  int status = finish(c);
  snprintf(text, sizeof text, "%d", status);
  if (status != expected) fail(c, "the exit status is", text);
  const server_value *more = c->failed ? NULL : take_message(c);
  if (more) fail(c, "there is one more message:", show_json(c, more));
}

static void expect_error(conversation *c, const char *text) {
  char buffer[8192];
  if (!c->ended) die(c, "! comes after exit");
  ssize_t count = pread(c->error, buffer, sizeof buffer - 1, 0);
  buffer[count > 0 ? count : 0] = '\0';
  if (!strstr(buffer, text)) fail(c, "standard error is", buffer);
}

static void end_case(conversation *c) {
  if (!*c->title) return;
  if (!c->ended && !c->failed) {
    char answer[64];
    begin(c);
    say_message(c, "shutdown", "", true);
    say_message(c, "exit", "", false);
    snprintf(answer, sizeof answer, "result null");
    c->answered = c->requests - 1;
    expect_line(c, answer);
    if (!c->failed) expect_exit(c, 0);
  }
  if (c->started && !c->ended) {
    kill(c->child, SIGKILL);
    finish(c);
  }
  if (c->started) {
    if (c->failed) {
      char buffer[8192];
      ssize_t count = pread(c->error, buffer, sizeof buffer - 1, 0);
      if (count > 0) printf("  standard error: %.*s\n", (int)count, buffer);
    }
    close(c->from);
    fclose(c->errors);
  }
  for (size_t i = 0; i < c->document_count; i++) free(c->documents[i].text.data);
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", c->workspace);
  if (system(command) != 0) die(c, "cannot remove the workspace");
  c->cases++;
  c->failures += c->failed;
  evc_arena_reset(&c->arena);
}

static void begin_case(conversation *c, const char *title) {
  snprintf(c->title, sizeof c->title, "%s", title);
  strcpy(c->workspace, "/tmp/evcalc-server-XXXXXX");
  if (!mkdtemp(c->workspace)) die(c, "cannot make a workspace");
  *c->options = *c->settings = *c->client = '\0';
  c->started = c->ended = c->failed = c->utf8 = false;
  c->out.length = c->in.length = 0;
  c->document_count = 0;
  c->requests = c->answered = 0;
  c->result = NULL;
}

static void set(char *member, size_t size, const char *text) { snprintf(member, size, "%s", text); }

static void run_line(conversation *c, char *line) {
  char *rest = line;
  if (strncmp(line, "==", 2) == 0) {
    end_case(c);
    begin_case(c, line + 3);
    return;
  }
  char *word = word_of(&rest);
  if (c->failed) return;
  if (strcmp(word, "options") == 0) set(c->options, sizeof c->options, rest);
  else if (strcmp(word, "client") == 0) set(c->client, sizeof c->client, rest);
  else if (strcmp(word, "settings") == 0) set(c->settings, sizeof c->settings, rest);
  else if (strcmp(word, "file") == 0) write_file(c, rest);
  else if (strncmp(word, "open", 4) == 0) {
    const char *name = word_of(&rest);
    say_open(c, word[4] == ':' ? word + 5 : NULL, name, text_of(c, &rest));
  } else if (strcmp(word, "change") == 0) say_change(c, rest);
  else if (strcmp(word, "close") == 0) say_close(c, rest);
  else if (strcmp(word, "ask") == 0) say_ask(c, rest);
  else if (strcmp(word, "?") == 0 || strcmp(word, ">") == 0) {
    const char *method = word_of(&rest);
    say_message(c, method, rest, *word == '?');
  } else if (strcmp(word, "answer") == 0) say_answer(c, rest);
  else if (strcmp(word, "bytes") == 0) {
    evc_text text = text_of(c, &rest);
    append(&c->out, text.data, text.length);
  } else if (strcmp(word, "message") == 0) {
    evc_text text = text_of(c, &rest);
    say(c, text.data, text.length);
  } else if (strcmp(word, "large") == 0) say_large(c, rest);
  else if (strcmp(word, "repeat") == 0) say_repeated(c, rest);
  else if (strcmp(word, "<") == 0) expect_line(c, rest);
  else if (strcmp(word, "formatted") == 0 || strcmp(word, "fixed") == 0 ||
           strcmp(word, "completed") == 0)
    expect_applied(c, word, rest);
  else if (strcmp(word, "exit") == 0) expect_exit(c, atoi(rest));
  else if (strcmp(word, "!") == 0) expect_error(c, rest);
  else die(c, "no such line");
}

/* The line with $W replaced. */
static void expand(const conversation *c, const char *line, bytes *out) {
  out->length = 0;
  for (const char *at = line; *at;) {
    if (strncmp(at, "$W", 2) == 0) {
      append_string(out, c->workspace);
      at += 2;
    } else {
      append(out, at++, 1);
    }
  }
}

int main(int argc, char **argv) {
  static conversation c;
  static char line[LONGEST];
  if (argc < 3) {
    fprintf(stderr, "usage: server_test BINARY FILE...\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  c.binary = argv[1];
  evc_arena_init(&c.arena, NULL, NULL, 0);
  c.reader = must(evc_document_new(NULL));
  bytes expanded = {0};
  for (int i = 2; i < argc; i++) {
    FILE *file = fopen(argv[i], "r");
    c.file = argv[i];
    c.line = 0;
    if (!file) die(&c, "cannot be read");
    while (fgets(line, sizeof line, file)) {
      c.line++;
      line[strcspn(line, "\n")] = '\0';
      if (!*line || *line == '#') continue;
      if (!*c.title && strncmp(line, "==", 2) != 0) die(&c, "a case starts with ==");
      expand(&c, line, &expanded);
      run_line(&c, expanded.data);
    }
    end_case(&c);
    *c.title = '\0';
    fclose(file);
  }
  free(expanded.data);
  free(c.out.data);
  free(c.in.data);
  evc_document_free(c.reader);
  evc_arena_free(&c.arena);
  printf("%zu cases, %zu failed\n", c.cases, c.failures);
  return c.failures || !c.cases ? 1 : 0;
}
