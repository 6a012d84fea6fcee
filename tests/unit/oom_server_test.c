/* Lack of memory in the language server: each of its allocations fails in turn, once alone and once
** with all later ones. What it sends stays whole, every request that it could read gets an answer, it
** goes on when there is memory again, says nothing of texts that are not the client's, and nothing
** leaks. And what it keeps of a text that is no JSON is not much more than the text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../src/server/server.h"
#include "failing.h"

/* With an arena that makes an allocation of each piece of memory they are so many that some of them are
** made to fail, evenly spread; and the built-in catalogue alone would be thousands. */
#ifdef EVCALC_EXACT_ARENA
enum { MOST_TALKS = 1200 };
#define NO_BUILTIN true
#define ANSWERS false /* the memory that is set aside for them is not used */
#else
enum { MOST_TALKS = 100000 };
#define NO_BUILTIN false
#define ANSWERS true
#endif

/* Of the last talk. */
static size_t calls;

/* How many of the messages are said. */
static size_t said;

typedef struct listener {
  failing *memory;
  char sent[1 << 17];
  size_t length;
} listener;

static void take(void *context, evc_text bytes) {
  listener *l = context;
  assert_true(l->length + bytes.length < sizeof l->sent);
  memcpy(l->sent + l->length, bytes.data, bytes.length);
  l->length += bytes.length;
  l->sent[l->length] = '\0';
}

static void hear(void *context, evc_text line) {
  (void)context;
  (void)line;
}

static bool read_file(void *context, const char *path, evc_builder *out, const char **reason) {
  (void)context;
  (void)path;
  *reason = "there is none";
  evc_build_string(out, "{\"events\": {\"shop.order\": {\"new.total\": \"double\"}}}");
  return !out->failed;
}

#define DOCUMENT(name) "\"textDocument\": {\"uri\": \"file:///w/" name "\"}"
#define REQUEST(id, method, more)                                                                  \
  "{\"jsonrpc\": \"2.0\", \"id\": " id ", \"method\": \"" method "\", \"params\": {" more "}}"
#define NOTIFY(method, more)                                                                       \
  "{\"jsonrpc\": \"2.0\", \"method\": \"" method "\", \"params\": {" more "}}"
#define AT(n) ", \"position\": {\"line\": 0, \"character\": " n "}"
#define ALL ", \"range\": {\"start\": {\"line\": 0, \"character\": 0}, \"end\": {\"line\": 9, \"character\": 0}}"
#define OPEN(name, language, text)                                                                 \
  NOTIFY("textDocument/didOpen", "\"textDocument\": {\"uri\": \"file:///w/" name                   \
         "\", \"languageId\": \"" language "\", \"version\": 1, \"text\": \"" text "\"}")

static const char *const messages[] = {
    REQUEST("1", "initialize",
            "\"rootUri\": \"file:///w\", \"capabilities\": {\"textDocument\": {\"completion\": "
            "{\"completionItem\": {\"snippetSupport\": true}}, \"codeAction\": "
            "{\"codeActionLiteralSupport\": {}}, \"publishDiagnostics\": {\"relatedInformation\": "
            "true}}}, \"initializationOptions\": {\"eventTypes\": {\"*.calc\": \"shop.order\"}, "
            "\"fields\": [\"f.json\"], \"allow\": [\"constant-condition\"]}"),
    NOTIFY("initialized", ""),
    OPEN("a.calc", "evcalc", "new.totl > 1 and new.total == 'x'"),
    OPEN("n.json", "json",
         "[{\\\"name\\\": \\\"n\\\", \\\"eventName\\\": \\\"shop.ordr\\\", \\\"calculation\\\": "
         "\\\"new.total > 1 and \\\\\\\"a\\\\\\\"\\\"}]"),
    NOTIFY("textDocument/didChange", DOCUMENT("a.calc") ", \"contentChanges\": [{\"text\": \"!\\n\""
           ALL "}, {\"text\": \"new.totl > Math.round(1,\\n) and true\"}]"),
    REQUEST("2", "textDocument/completion", DOCUMENT("a.calc") AT("6")),
    REQUEST("3", "textDocument/hover", DOCUMENT("a.calc") AT("6")),
    REQUEST("4", "textDocument/signatureHelp", DOCUMENT("a.calc") AT("22")),
    REQUEST("5", "textDocument/semanticTokens/full", DOCUMENT("n.json")),
    REQUEST("6", "textDocument/codeAction", DOCUMENT("n.json") ALL),
    REQUEST("7", "textDocument/documentSymbol", DOCUMENT("n.json")),
    REQUEST("8", "textDocument/selectionRange", DOCUMENT("a.calc") ", \"positions\": [{\"line\": 0, \"character\": 3}]"),
    REQUEST("9", "textDocument/formatting", DOCUMENT("a.calc")),
    NOTIFY("textDocument/didChange", DOCUMENT("a.calc") ", \"contentChanges\": [{\"text\": \"1 < \""
           ", \"range\": {\"start\": {\"line\": 0, \"character\": 0}, \"end\": {\"line\": 0, "
           "\"character\": 4}}}]"),
    OPEN("b.json", "json",
         "{\\\"name\\\": \\\"n\\\\n\\\", \\\"eventName\\\": \\\"shop.ordr\\\", \\\"calculation\\\": \\\"1 >\\\\t\\\"} {[{"
         "\\\"code\\\": \\\"c\\\", \\\"calculation\\\": \\\"!\\\", \\\"eventName\\\": \\\"shop.order\\\"} ..."),
    OPEN("t.json", "json",
         "[{\\\"name\\\": \\\"n\\\", \\\"eventName\\\": \\\"shop.order\\\", \\\"calculation\\\": \\\"1 > 0\\\"}, {"
         "\\\"name\\\": 5, \\\"calculation\\\": \\\"1>0 and true\\\"}]"),
    REQUEST("10", "textDocument/documentSymbol", DOCUMENT("b.json")),
    REQUEST("11", "textDocument/formatting", DOCUMENT("t.json")),
    REQUEST("12", "textDocument/codeAction", DOCUMENT("t.json") ALL),
    REQUEST("13", "textDocument/selectionRange", DOCUMENT("t.json") ", \"positions\": [{\"line\": 0, \"character\": 66}]"),
    REQUEST("14", "textDocument/semanticTokens/full/delta", DOCUMENT("n.json") ", \"previousResultId\": \"1\""),
    REQUEST("15", "textDocument/completion", DOCUMENT("t.json") AT("66")),
    REQUEST("16", "nothing", ""),
    NOTIFY("workspace/didChangeWatchedFiles", "\"changes\": [{\"uri\": \"file:///w/f.json\"}]"),
    NOTIFY("workspace/didChangeWorkspaceFolders",
           "\"event\": {\"added\": [{\"uri\": \"file:///v\"}], \"removed\": [{\"uri\": \"file:///u\"}]}"),
    NOTIFY("workspace/didChangeConfiguration",
           "\"settings\": {\"evcalc\": {\"eventType\": \"shop.ordr\", \"fields\": [\"g.json\"], "
           "\"deny\": [\"constant-condition\", \"no\"], \"eventTypes\": {\"*.calc\": \"shop.order\", \"n*\": \"shop.order\"}}}"),
    NOTIFY("textDocument/didClose", DOCUMENT("b.json")),
    NOTIFY("textDocument/didClose", DOCUMENT("none")),
};

/* What shows in its answer where each word of the text is, once there is memory again. */
static const char last_question[] =
    REQUEST("98", "textDocument/semanticTokens/range", DOCUMENT("a.calc") ALL);

static void say(evc_server *server, const char *message) {
  char header[64];
  int length = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", strlen(message));
  evc_server_feed(server, header, (size_t)length);
  evc_server_feed(server, message, strlen(message));
  while (evc_server_waiting(server)) evc_server_step(server);
}

/* How many messages were sent; each is whole. */
static size_t count_messages(const listener *l) {
  size_t count = 0;
  for (const char *at = l->sent; *at; count++) {
    char *behind;
    assert_memory_equal(at, "Content-Length: ", 16);
    size_t length = strtoul(at + 16, &behind, 10);
    assert_memory_equal(behind, "\r\n\r\n{", 5);
    at = behind + 4 + length;
    assert_true(at <= l->sent + l->length && at[-1] == '}');
  }
  return count;
}

/* The answer to the last question is the right one, which is copied from a talk without failure, or
** that the text is not known. */
static void check_last_answer(const listener *l, bool failed) {
  static char right[1024];
  const char *answer = strstr(l->sent, "\"id\":98,");
  assert_non_null(answer);
  size_t length = strcspn(answer, "\r");
  if (!failed) {
    if (length >= sizeof right || !strstr(answer, "\"result\":{\"data\":[0,0,1,"))
      fail_msg("%.*s", (int)length, answer);
    memcpy(right, answer, length);
    right[length] = '\0';
  }
  if (strncmp(answer, "\"id\":98,\"error\":", 16) == 0) return;
  if (strncmp(answer, right, strlen(right)) != 0) fail_msg("%.*s\n%s", (int)length, answer, right);
}

static void pause(failing *f, bool paused) {
  f->paused = paused;
  failing_new_pause(paused);
}

/* Talk with a server whose n-th allocation fails, or simdjson's in it. False when it had no n-th. */
static bool talk(size_t n, bool once, bool in_new) {
  static listener l;
  failing f = {.fail_from = in_new ? 0 : n, .only_once = once};
  evc_allocator allocator = failing_allocator(&f);
  const evc_server_options options = {.allocator = &allocator, .no_builtin = NO_BUILTIN};
  const evc_server_host host = {&l, take, hear, read_file};
  l = (listener){.memory = &f};
  (once ? failing_new_once : failing_new_from)(in_new ? n : 0);
  evc_server *server = evc_server_new(&options, &host);
  if (server) {
    for (size_t i = 0; i < said; i++) say(server, messages[i]);
    size_t before = count_messages(&l);
    pause(&f, true); /* there is memory again */
    say(server, messages[0]);
    say(server, last_question);
    check_last_answer(&l, n != 0);
    say(server, REQUEST("99", "shutdown", ""));
    assert_true(count_messages(&l) > before);
    assert_null(strstr(l.sent, "\"code\":\"out-of-memory\"")); /* that is no mistake of a text */
    assert_non_null(strstr(l.sent, "\"id\":99,\"result\":null"));
    bool asked = said == sizeof messages / sizeof *messages;
    for (int id = 2; ANSWERS && once && asked && id <= 16; id++) { /* those that were lost are told without an id */
      char answer[24];
      snprintf(answer, sizeof answer, "\"id\":%d,", id);
      if (!strstr(l.sent, answer)) assert_non_null(strstr(l.sent, "\"id\":null,"));
    }
    evc_server_free(server);
  }
  pause(&f, false);
  if (f.bytes != 0 || f.mistaken) fail_msg("allocation %zu: leaks", n);
  calls = in_new ? failing_new_calls() : f.calls;
  failing_new_from(0);
  return calls >= n;
}

static void in_turn(bool once, bool in_new) {
  size_t n = 1;
  said = sizeof messages / sizeof *messages;
  talk(0, true, in_new);
  size_t step = 1 + calls / MOST_TALKS;
  while (talk(n, once, in_new)) n += step;
  assert_true(n > 50);
}

static void fails_in_turn(void **state) {
  (void)state;
  in_turn(true, false);
}

static void fails_from_then_on(void **state) {
  (void)state;
  in_turn(false, false);
}

/* The answer to a request: empty when there is none. What only counts the answers is left out. */
static void copy_answer(const listener *l, const char *id, char *answer) {
  const char *at = strstr(l->sent, id);
  size_t length = at ? strcspn(at, "\r") : 0;
  const char *counted = at ? strstr(at, "\"resultId\":") : NULL;
  if (counted && counted < at + length) length = (size_t)(counted - at);
  if (at) memcpy(answer, at, length);
  answer[length] = '\0';
}

static bool is_request(const char *message, int *id) {
  return sscanf(message, "{\"jsonrpc\": \"2.0\", \"id\": %d,", id) == 1;
}

/* The answer to a request whose n-th allocation fails. What may have been lost with one before is said
** again. False when it had no n-th. */
static bool ask_failing(evc_server *server, listener *l, size_t request, size_t n, char *answer) {
  failing *f = l->memory;
  int number;
  f->fail_from = 0;
  for (size_t i = 0; i < request; i++)
    if (!is_request(messages[i], &number)) say(server, messages[i]);
  l->length = 0;
  *l->sent = '\0';
  f->fail_from = f->calls + n;
  say(server, messages[request]);
  char id[24];
  is_request(messages[request], &number);
  snprintf(id, sizeof id, "\"id\":%d,", number);
  copy_answer(l, id, answer);
  return f->calls >= f->fail_from;
}

/* Of each request the allocations fail in turn, while all before it had memory: the answer is the right
** one, or that there is none. */
static void no_answer_is_half_right(void **state) {
  static listener l;
  static char answer[sizeof l.sent], right[sizeof l.sent];
  (void)state;
  failing f = {.only_once = true};
  evc_allocator allocator = failing_allocator(&f);
  const evc_server_options options = {.allocator = &allocator, .no_builtin = NO_BUILTIN};
  const evc_server_host host = {&l, take, hear, read_file};
  l = (listener){.memory = &f};
  evc_server *server = evc_server_new(&options, &host);
  say(server, messages[0]);
  size_t failures = 0;
  int number;
  for (size_t i = 1; i < sizeof messages / sizeof *messages; i++) {
    if (!is_request(messages[i], &number)) continue;
    ask_failing(server, &l, i, SIZE_MAX / 2, right);
    assert_non_null(strstr(right, number == 16 ? "\"error\":{\"code\":-32601" : "\"result\":"));
    for (size_t n = 1; ask_failing(server, &l, i, n, answer); n++, failures++)
      if (*answer && strcmp(answer, right) != 0 && !strstr(answer, ",\"error\":{\"code\":-32"))
        fail_msg("allocation %zu: %s\n%s", n, answer, right);
    assert_string_equal(answer, right);
  }
  assert_true(failures > 30);
  evc_server_free(server);
  assert_int_equal(f.bytes, 0);
}

/* Each of the allocations while the client's settings are read, whatever is done with them later. */
static void beginning_fails(void **state) {
  (void)state;
  said = 1;
  for (int once = 0; once < 2; once++)
    for (size_t n = 1; talk(n, once, false);) n++;
}

static void simdjson_fails(void **state) {
  (void)state;
  in_turn(true, true);
  in_turn(false, true);
}

static void no_server_is_freed(void **state) {
  (void)state;
  evc_server_free(NULL);
}

/* Brackets, objects, and members that say nothing cost nothing, however many there are. */
static void broken_json_is_cheap(void **state) {
  static const char *const pieces[] = {"{", "[", "{}", "{'a': ", "{'name': 'x'}", "}{"};
  static listener l;
  enum { LENGTH = 1 << 20 };
  (void)state;
  for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
    failing f = {.fail_from = 0};
    evc_allocator allocator = failing_allocator(&f);
    const evc_server_options options = {.allocator = &allocator, .no_builtin = true};
    const evc_server_host host = {&l, take, hear, read_file};
    l = (listener){.memory = &f};
    static char message[2 * LENGTH];
    size_t length = (size_t)snprintf(message, sizeof message, "%s",
                                     "{\"method\": \"textDocument/didOpen\", \"params\": {"
                                     "\"textDocument\": {\"uri\": \"file:///a.json\", \"text\": \"");
    while (length < LENGTH)
      for (const char *at = pieces[p]; *at; at++) {
        if (*at == '\'') message[length++] = '\\';
        message[length++] = *at == '\'' ? '"' : *at;
      }
    strcpy(message + length, "\"}}}");
    evc_server *server = evc_server_new(&options, &host);
    say(server, REQUEST("1", "initialize", "\"capabilities\": {}"));
    say(server, message);
    if (f.bytes > 4 * LENGTH) fail_msg("%s takes %zu bytes", pieces[p], f.bytes);
    assert_non_null(strstr(l.sent, "publishDiagnostics"));
    evc_server_free(server);
    assert_int_equal(f.bytes, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fails_in_turn),
      cmocka_unit_test(fails_from_then_on),
      cmocka_unit_test(no_answer_is_half_right),
      cmocka_unit_test(beginning_fails),
      cmocka_unit_test(simdjson_fails),
      cmocka_unit_test(no_server_is_freed),
      cmocka_unit_test(broken_json_is_cheap),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
