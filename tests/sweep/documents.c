/* What is said of JSON: events, field lists, requests to the endpoint and messages to the server.
 */
#include <string.h>

#include "../../src/base/decimal.h"
#include "../../src/json/write.h"
#include "../../src/server/glob.h"
#include "../../src/server/server.h"
#include "sweep.h"

/* ---- events --------------------------------------------------------------------------------- */

/* Reads every field that the type has of each kind. */
static const char reading[] = "new.number == 1 OR new.string == \"a\" OR new.boolean OR "
                              "new.map.tier == \"a\" OR old.number > 2";

static void say_value(speech *s, const char *before, evc_value value) {
  say(s, "%s%s ", before, evc_kind_name((evc_kind)value.kind));
  switch (value.kind) {
  case EVC_KIND_NUMBER: {
    char number[EVC_DECIMAL_TEXT]; /* whatever the locale */
    say_text(s, "", (evc_text){number, evc_decimal_write(value.as.number, number)});
    break;
  }
  case EVC_KIND_BOOLEAN: say(s, "%d\n", value.as.boolean); break;
  case EVC_KIND_STRING: say_text(s, "", (evc_text){value.as.text, value.length}); break;
  case EVC_KIND_MAP:
    say(s, "%u\n", (unsigned)value.length);
    for (uint32_t i = 0; i < value.length; i++) {
      say_text(s, "    ", value.as.members[i].name);
      say_value(s, "      ", value.as.members[i].value);
    }
    break;
  default: say(s, "%u\n", (unsigned)value.length);
  }
}

static void say_event(speech *s, const evc_event *event) {
  for (size_t i = 0; i < evc_event_type_field_count(evc_event_type_of(event)); i++)
    say_value(s, "  ", evc_event_value(event, i));
  for (int form = EVC_EVENT_SHORT; form <= EVC_EVENT_FULL; form++) {
    evc_text json = evc_event_to_json(event, (evc_event_form)form, NULL);
    say_text(s, "  ", json);
    evc_json_free(json, NULL);
  }
}

static const evc_event_type *choices;
static evc_event *chosen;

static evc_event_target choose(void *context, evc_text name) {
  (void)context;
  evc_text wanted = evc_event_type_name(choices);
  bool named = name.length == wanted.length && memcmp(name.data, wanted.data, name.length) == 0;
  return (evc_event_target){named ? chosen : NULL, NULL};
}

void sweep_event(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)at;
  evc_event *event = evc_event_new(setting->type, NULL);
  evc_calculation *calculation = evc_compile(setting->type, reading, strlen(reading), NULL, NULL);
  if (!event || !calculation) give_up("the type is not one to be swept");
  for (int only = 0; only < 2; only++) {
    evc_report *report = NULL;
    evc_status status = evc_event_read_json(event, variant.data, variant.length,
                                            only ? calculation : NULL, &report);
    say(s, "  status %d\n", (int)status);
    say_report(s, report);
    evc_report_free(report);
    if (status == EVC_OK) say_event(s, event);
  }
  choices = setting->type;
  chosen = event;
  evc_event_reader *reader = evc_event_reader_new(variant.data, variant.length, NULL);
  evc_status status;
  do {
    evc_report *report = NULL;
    evc_event_head head = {0};
    evc_event *read = NULL;
    status = evc_event_reader_read(reader, choose, NULL, &head, &read, &report);
    say(s, "  next %d %d line %zu", (int)status, read != NULL, head.line);
    say_text(s, " ", head.json);
    say_report(s, report);
    evc_report_free(report);
  } while (status == EVC_OK);
  evc_event_reader_free(reader);
  evc_calculation_free(calculation);
  evc_event_free(event);
}

/* ---- field lists ---------------------------------------------------------------------------- */

void sweep_fields(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)setting;
  (void)at;
  evc_schema *schema = evc_schema_new(NULL);
  evc_report *report = NULL;
  say(s, "  status %d\n", (int)evc_schema_read_json(schema, variant.data, variant.length, &report));
  say_report(s, report);
  evc_report_free(report);
  evc_text json = evc_schema_to_json(schema, NULL);
  say_text(s, "  ", json);
  evc_json_free(json, NULL);
  for (size_t i = 0; i < evc_schema_count(schema); i++) {
    const evc_event_type *type = evc_schema_at(schema, i);
    for (size_t k = 0; k < evc_event_type_field_count(type); k++) {
      const evc_field *field = evc_event_type_field(type, k);
      say(s, "  %zu %zu", k, evc_event_type_slot(type, field->path.data, field->path.length));
      say_text(s, " ", field->path);
    }
  }
  evc_schema_free(schema);
}

void sweep_name(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)at;
  evc_text names[4];
  size_t count = evc_schema_suggest(setting->schema, variant.data, variant.length, names,
                                    sizeof names / sizeof *names);
  for (size_t i = 0; i < count; i++) say_text(s, "  ", names[i]);
  const evc_event_type *type = evc_schema_find(setting->schema, variant.data, variant.length);
  say(s, "  %zu fields, code %s\n", type ? evc_event_type_field_count(type) : 0,
      sweep_code(evc_code_find(variant.data, variant.length)));
  size_t slot = evc_event_type_slot(setting->type, variant.data, variant.length);
  say(s, "  slot %ld\n", slot == EVC_NO_SLOT ? -1L : (long)slot);
}

/* ---- requests ------------------------------------------------------------------------------- */

static const char known[] =
    "{\"id\": \"five\", \"eventName\": \"test.all\", \"new\": {\"number\": 5}}";

void sweep_request(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)at;
  for (int means = 0; means < 2; means++) {
    evc_endpoint *endpoint = evc_endpoint_new(setting->schema, NULL, (evc_success)means);
    if (!endpoint || evc_endpoint_add_events(endpoint, known, strlen(known), NULL) != EVC_OK)
      give_up("no endpoint");
    evc_answer answer = evc_endpoint_evaluate(endpoint, variant.data, variant.length);
    say(s, "  %d %d %d %d", answer.http_status, answer.success, answer.evaluated, answer.value);
    say_text(s, " ", answer.body);
    evc_endpoint_free(endpoint);
  }
}

/* ---- globs ---------------------------------------------------------------------------------- */

/* The glob is what stands before the last blank, which a path follows. */
void sweep_glob(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)setting;
  (void)at;
  evc_text glob = variant;
  while (glob.length > 0 && glob.data[glob.length - 1] != ' ') glob.length--;
  evc_text path = {variant.data + glob.length, variant.length - glob.length};
  if (glob.length > 0) glob.length--;
  const char *fault = server_glob_fault(glob);
  if (fault)
    say(s, "  %s\n", fault);
  else
    say(s, "  %d\n", server_glob_matches(glob, path));
}

/* ---- the server ----------------------------------------------------------------------------- */

static void take(void *context, evc_text bytes) {
  say_text(context, "  < ", bytes);
}

static void hear(void *context, evc_text line) {
  say_text(context, "  log ", line);
}

static bool read_fields(void *context, const char *path, evc_builder *out, const char **reason) {
  say(context, "  reads %s\n", path);
  *reason = "there is none";
  evc_build_string(out, "{\"events\": {\"shop.order\": {\"new.total\": \"double\", \"new.state\": "
                        "\"string\", \"old.total\": \"double\"}}}");
  return !out->failed;
}

static void tell(evc_server *server, const char *message, size_t length) {
  char header[64];
  int header_length = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", length);
  evc_server_feed(server, header, (size_t)header_length);
  evc_server_feed(server, message, length);
  while (evc_server_waiting(server)) evc_server_step(server);
}

/* A client that can do all, with a calculation and a file of two notifications open. */
static const char *const opening[] = {
    "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"initialize\", \"params\": {\"rootUri\": "
    "\"file:///w\", \"capabilities\": "
    "{\"workspace\": {\"workspaceEdit\": {\"documentChanges\": true}}, \"textDocument\": "
    "{\"completion\": {\"completionItem\": "
    "{\"snippetSupport\": true, \"documentationFormat\": [\"markdown\"]}}, \"codeAction\": "
    "{\"codeActionLiteralSupport\": {}, "
    "\"isPreferredSupport\": true}, \"documentSymbol\": {\"hierarchicalDocumentSymbolSupport\": "
    "true}, \"hover\": "
    "{\"contentFormat\": [\"markdown\"]}, \"publishDiagnostics\": {\"relatedInformation\": "
    "true}}}, "
    "\"initializationOptions\": {\"eventTypes\": {\"*.calc\": \"shop.order\"}, \"fields\": "
    "[\"f.json\"]}}}",
    "{\"jsonrpc\": \"2.0\", \"method\": \"initialized\", \"params\": {}}",
    "{\"jsonrpc\": \"2.0\", \"method\": \"textDocument/didOpen\", \"params\": {\"textDocument\": "
    "{\"uri\": \"file:///w/a.calc\", "
    "\"languageId\": \"evcalc\", \"version\": 1, \"text\": \"new.totl > Math.round(1,\\n 2) and\\n "
    " new.state == 'ö'\\n\"}}}",
    "{\"jsonrpc\": \"2.0\", \"method\": \"textDocument/didOpen\", \"params\": {\"textDocument\": "
    "{\"uri\": \"file:///w/n.json\", "
    "\"languageId\": \"json\", \"version\": 1, \"text\": \"[{\\\"name\\\": \\\"n\\\", "
    "\\\"eventName\\\": \\\"shop.ordr\\\", \\\"calculation\\\": "
    "\\\"new.total > 1 and \\\\\\\"a\\\\\\\"\\\"},\\n {\\\"code\\\": \\\"m\\\", \\\"eventName\\\": "
    "\\\"shop.order\\\", \\\"calculation\\\": "
    "\\\"new.state == \\\\\\\"x\\\\\\\" OR old.total > 5\\\"}]\"}}}",
};

#define REQUEST(method, document, more)                                                            \
  "{\"jsonrpc\": \"2.0\", \"id\": \"q\", \"method\": \"textDocument/" method "\", \"params\": "    \
  "{\"textDocument\": {\"uri\": \"file:///w/" document "\"}" more "}}"
#define RANGE                                                                                      \
  ", \"range\": {\"start\": {\"line\": 0, \"character\": 0}, \"end\": {\"line\": 9, "              \
  "\"character\": 0}}"

#define PLACE(name) ", \"" name "\": {\"line\": 0, \"character\": %zu}"

/* What shows in its answers what has become of the documents and settings. */
static const char *const questions[] = {
    REQUEST("semanticTokens/full", "a.calc", ""),
    REQUEST("documentSymbol", "n.json", ""),
};

/* All there is to ask of a document, with its name and a place in it. */
static const char *const questions_of_document[] = {
    REQUEST("documentSymbol", "%s", ""),
    REQUEST("semanticTokens/full", "%s", ""),
    REQUEST("formatting", "%s", ", \"options\": {\"tabSize\": 2}"),
    REQUEST("codeAction", "%s", RANGE ", \"context\": {\"diagnostics\": []}"),
    REQUEST("completion", "%s", PLACE("position")),
    REQUEST("hover", "%s", PLACE("position")),
    REQUEST("signatureHelp", "%s", PLACE("position")),
};

static evc_server *open_server(evc_server_options *options, evc_server_host *host) {
  evc_server *server = evc_server_new(options, host);
  if (!server) give_up("out of memory");
  for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
    tell(server, opening[i], strlen(opening[i]));
  return server;
}

void sweep_message(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)setting;
  (void)at;
  evc_server_options options = {.no_builtin = true};
  evc_server_host host = {s, take, hear, read_fields};
  evc_server *server = open_server(&options, &host);
  tell(server, variant.data, variant.length);
  for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
    tell(server, questions[i], strlen(questions[i]));
  say(s, "  ended %d %d\n", evc_server_ended(server), evc_server_ended_well(server));
  evc_server_free(server);
}

/* Open the variant as a document of that name, and ask. */
static void ask_of_document(evc_text variant, const char *name, size_t at, speech *s) {
  evc_server_options options = {.no_builtin = true};
  evc_server_host host = {s, take, hear, read_fields};
  evc_server *server = open_server(&options, &host);
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder b;
  evc_build_init(&b, &arena);
  evc_build_string(&b, "{\"jsonrpc\": \"2.0\", \"method\": \"textDocument/didOpen\", "
                       "\"params\": {\"textDocument\": {\"uri\": \"file:///w/");
  evc_build_string(&b, name);
  evc_build_string(&b, "\", \"version\": 1, \"text\": ");
  evc_json_build_string(&b, variant);
  evc_build_string(&b, "}}}");
  evc_text message = evc_build_end(&b);
  tell(server, message.data, message.length);
  for (size_t i = 0; i < sizeof questions_of_document / sizeof *questions_of_document; i++) {
    char question[320];
    int length = snprintf(question, sizeof question, questions_of_document[i], name, at);
    if (length < 0 || (size_t)length >= sizeof question) give_up("a question is too long");
    tell(server, question, (size_t)length);
  }
  evc_arena_free(&arena);
  evc_server_free(server);
}

void sweep_document(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)setting;
  ask_of_document(variant, "v.json", at, s);
}

void sweep_served(const sweep_setting *setting, evc_text variant, size_t at, speech *s) {
  (void)setting;
  ask_of_document(variant, "v.calc", at, s);
}
