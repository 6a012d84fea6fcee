/* Runs tables of conversations with evcalc lsp: see FORMAT.md. */
#include <signal.h>
#include <unistd.h>

#include "conversation.h"

/* ---- Comparing ------------------------------------------------------------------------------ */

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

static void expect_bytes(conversation *c, const char *expected) {
  if (!next_message(c)) fail(c, "there is no message; expected", expected);
  else if (strcmp(c->message.data, expected) != 0) fail(c, "not what is expected:", c->message.data);
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
  if (strcmp(word, "text") == 0) {
    expect_bytes(c, rest);
    return;
  }
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
  free(c.message.data);
  evc_document_free(c.reader);
  evc_arena_free(&c.arena);
  printf("%zu cases, %zu failed\n", c.cases, c.failures);
  return c.failures || !c.cases ? 1 : 0;
}
