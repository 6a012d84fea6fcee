/* The documents as the client knows them, and what it says of them. */
#include "conversation.h"

/* ---- Texts ---------------------------------------------------------------------------------- */

/* Cut the next word off; NULL when there is none. */
char *word_of(char **rest) {
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
evc_text text_of(conversation *c, char **rest) {
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

copy *document_of(conversation *c, const char *name) {
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

size_t offset_at(const conversation *c, const copy *d, const server_value *position) {
  return offset_of(c, d, (size_t)server_value_at(position, "line")->number,
                   (size_t)server_value_at(position, "character")->number);
}

void replace(bytes *text, size_t start, size_t end, evc_text by) {
  bytes out = {0};
  append(&out, text->data, start);
  append(&out, by.data ? by.data : "", by.length);
  append(&out, text->data + end, text->length - end);
  free(text->data);
  *text = out;
}

void append_uri(const conversation *c, bytes *b, const char *name) {
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

void say_open(conversation *c, const char *language, const char *name, evc_text text) {
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

void say_change(conversation *c, char *rest) {
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

void say_ask(conversation *c, char *rest) {
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

void say_close(conversation *c, char *name) {
  bytes b = {0};
  append_string(&b, "{\"textDocument\": ");
  append_uri(c, &b, name);
  append_string(&b, "}}");
  say_message(c, "textDocument/didClose", b.data, false);
  free(b.data);
}

void say_answer(conversation *c, const char *json) {
  bytes b = {0};
  char id[64];
  snprintf(id, sizeof id, "{\"jsonrpc\": \"2.0\", \"id\": %.0f, \"result\": ", c->server_request);
  append_string(&b, id);
  append_string(&b, json);
  append_string(&b, "}");
  say(c, b.data, b.length);
  free(b.data);
}

void say_large(conversation *c, char *rest) {
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

void say_repeated(conversation *c, char *rest) {
  const char *name = word_of(&rest), *count = word_of(&rest);
  bytes b = {0};
  if (!count) die(c, "repeat FILE COUNT TEXT");
  evc_text text = text_of(c, &rest);
  for (size_t i = strtoul(count, NULL, 10); i > 0; i--) append(&b, text.data, text.length);
  say_open(c, NULL, name, (evc_text){b.data, b.length});
  free(b.data);
}

void write_file(conversation *c, char *rest) {
  char path[512];
  const char *name = word_of(&rest);
  evc_text text = text_of(c, &rest);
  snprintf(path, sizeof path, "%s/%s", c->workspace, name ? name : "");
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(text.data, 1, text.length, file) != text.length) die(c, "cannot write");
  fclose(file);
}
