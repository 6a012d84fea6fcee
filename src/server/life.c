/* The client's life with the server: what each can do, the workspace, and what changes in it. */
#include "input.h"

/* ---- The client ----------------------------------------------------------------------------- */

static void read_client(server_client *client, const server_value *c) {
#define IS(path) server_value_is_true(c, path)
#define LISTS(path, word) server_value_lists(c, path, word)
  *client = (server_client){
      .related_information = IS("textDocument.publishDiagnostics.relatedInformation"),
      .snippets = IS("textDocument.completion.completionItem.snippetSupport"),
      .insert_replace = IS("textDocument.completion.completionItem.insertReplaceSupport"),
      .completion_markdown =
          LISTS("textDocument.completion.completionItem.documentationFormat", "markdown"),
      .hover_markdown = LISTS("textDocument.hover.contentFormat", "markdown"),
      .signature_markdown = LISTS(
          "textDocument.signatureHelp.signatureInformation.documentationFormat", "markdown"),
      .label_offsets = IS("textDocument.signatureHelp.signatureInformation.parameterInformation."
                          "labelOffsetSupport"),
      .hierarchical_symbols = IS("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"),
      .code_actions = server_value_at(c, "textDocument.codeAction.codeActionLiteralSupport"),
      .preferred = IS("textDocument.codeAction.isPreferredSupport"),
      .document_changes = IS("workspace.workspaceEdit.documentChanges"),
      .configuration = IS("workspace.configuration"),
      .register_configuration = IS("workspace.didChangeConfiguration.dynamicRegistration"),
      .register_files = IS("workspace.didChangeWatchedFiles.dynamicRegistration"),
  };
  const server_value *tags =
      server_value_at(c, "textDocument.publishDiagnostics.tagSupport.valueSet");
  for (const server_value *tag = tags ? tags->first : NULL; tag; tag = tag->next)
    if (tag->kind == EVC_KIND_NUMBER && tag->number == 1) client->unnecessary_tag = true;
#undef IS
#undef LISTS
}

static bool add_root(evc_server *server, evc_text uri) {
  void *roots = server->roots;
  if (!uri.data) return true;
  if (!evc_arena_grow(&server->roots_arena, &roots, &server->root_capacity,
                      server->root_count + 1, sizeof *server->roots))
    return false;
  server->roots = roots;
  evc_text path = server_uri_path(&server->roots_arena, uri);
  server->roots[server->root_count] = path;
  if (path.data) server->root_count++;
  return path.data != NULL;
}

static bool add_folders(evc_server *server, const server_value *folders) {
  bool enough = true;
  const server_value *first = folders && folders->kind == EVC_KIND_ARRAY ? folders->first : NULL;
  for (const server_value *folder = first; folder && enough; folder = folder->next)
    enough = add_root(server, server_value_text(folder, "uri"));
  return enough;
}

static bool read_roots(evc_server *server, const server_value *params) {
  if (!add_folders(server, server_value_at(params, "workspaceFolders"))) return false;
  if (server->root_count > 0) return true;
  evc_text uri = server_value_text(params, "rootUri");
  return add_root(server, uri.data ? uri : server_value_text(params, "rootPath"));
}

/* ---- What the server can do ----------------------------------------------------------------- */

static void build_strings(evc_builder *out, const char *name, const char *const *strings) {
  server_key(out, name);
  server_open(out, '[');
  for (; *strings; strings++) server_string(out, evc_text_of(*strings));
  server_close(out, ']');
}

static void build_sync(evc_builder *out) {
  server_key(out, "textDocumentSync");
  server_open(out, '{');
  server_boolean_member(out, "openClose", true);
  server_unsigned_member(out, "change", 2); /* in pieces */
  server_close(out, '}');
}

static void build_tokens(evc_builder *out) {
  server_key(out, "semanticTokensProvider");
  server_open(out, '{');
  server_key(out, "legend");
  server_build_legend(out);
  server_key(out, "full");
  server_open(out, '{');
  server_boolean_member(out, "delta", true);
  server_close(out, '}');
  server_boolean_member(out, "range", true);
  server_close(out, '}');
}

static void build_workspace(evc_builder *out) {
  server_key(out, "workspace");
  server_open(out, '{');
  server_key(out, "workspaceFolders");
  server_open(out, '{');
  server_boolean_member(out, "supported", true);
  server_boolean_member(out, "changeNotifications", true);
  server_close(out, '}');
  server_close(out, '}');
}

static void build_capabilities(const evc_server *server, evc_builder *out) {
  /* A name is completed as it is written; inside of quotes and behind ( there is something to offer
  ** before any letter is. */
  static const char *const completes[] = {".", "\"", "(", NULL}, *const signs[] = {"(", ",", NULL},
                          *const acts[] = {"quickfix", "source.fixAll.evcalc", NULL};
  server_open(out, '{');
  server_string_member(out, "positionEncoding", server->utf8 ? "utf-8" : "utf-16");
  build_sync(out);
  server_key(out, "completionProvider");
  server_open(out, '{');
  build_strings(out, "triggerCharacters", completes);
  server_close(out, '}');
  server_boolean_member(out, "hoverProvider", true);
  server_key(out, "signatureHelpProvider");
  server_open(out, '{');
  build_strings(out, "triggerCharacters", signs);
  server_close(out, '}');
  server_boolean_member(out, "documentSymbolProvider", true);
  server_key(out, "codeActionProvider");
  server_open(out, '{');
  build_strings(out, "codeActionKinds", acts);
  server_close(out, '}');
  server_boolean_member(out, "documentFormattingProvider", true);
  server_boolean_member(out, "selectionRangeProvider", true);
  build_tokens(out);
  build_workspace(out);
  server_close(out, '}');
}

server_result server_initialize(evc_server *server, const server_value *params,
                                evc_builder *out) {
  const server_value *capabilities = server_value_at(params, "capabilities");
  if (!params || params->kind != EVC_KIND_MAP)
    return server_complain(server, "initialize has an object of parameters");
  read_client(&server->client, capabilities);
  server->utf8 = server_value_lists(capabilities, "general.positionEncodings", "utf-8");
  evc_arena_reset(&server->roots_arena);
  server->roots = NULL;
  server->root_count = server->root_capacity = 0;
  if (!read_roots(server, params) ||
      !server_settings_take(server, server_value_at(params, "initializationOptions")))
    return SERVER_NO_MEMORY;
  server->phase = PHASE_RUNNING;
  server_open(out, '{');
  server_key(out, "capabilities");
  build_capabilities(server, out);
  server_key(out, "serverInfo");
  server_open(out, '{');
  server_string_member(out, "name", "evcalc");
  server_string_member(out, "version", evc_version());
  server_close(out, '}');
  server_close(out, '}');
  return SERVER_DONE;
}

/* ---- The workspace -------------------------------------------------------------------------- */

void server_ask_configuration(evc_server *server) {
  evc_builder out;
  if (!server->client.configuration) return;
  server_begin_request(server, &out, "workspace/configuration");
  server_open(&out, '{');
  server_key(&out, "items");
  server_open(&out, '[');
  server_open(&out, '{');
  server_string_member(&out, "section", "evcalc");
  server_close(&out, '}');
  server_close(&out, ']');
  server_close(&out, '}');
  if (server_send(server, &out)) server->configuration_request = server->requests;
}

/* Begin (un)registering one method under its own name as id. */
static void begin_registration(evc_server *server, evc_builder *out, const char *request,
                               const char *list, const char *method) {
  server_begin_request(server, out, request);
  server_open(out, '{');
  server_key(out, list);
  server_open(out, '[');
  server_open(out, '{');
  server_string_member(out, "id", method);
  server_string_member(out, "method", method);
}

static void end_registration(evc_server *server, evc_builder *out) {
  server_close(out, '}');
  server_close(out, ']');
  server_close(out, '}');
  server_send(server, out);
}

static void register_configuration(evc_server *server) {
  evc_builder out;
  if (!server->client.register_configuration) return;
  begin_registration(server, &out, "client/registerCapability", "registrations",
                     "workspace/didChangeConfiguration");
  server_key(&out, "registerOptions");
  server_open(&out, '{');
  server_string_member(&out, "section", "evcalc");
  server_close(&out, '}');
  end_registration(server, &out);
}

/* A file is watched by its name wherever it is: then its folder may be spelled in any way. */
static void build_watcher(evc_builder *out, evc_text path) {
  size_t start = path.length;
  evc_builder glob;
  evc_arena arena;
  while (start > 0 && path.data[start - 1] != '/') start--;
  evc_arena_init(&arena, &out->arena->allocator, NULL, 0);
  evc_build_init(&glob, &arena);
  evc_build_string(&glob, "**/");
  evc_build(&glob, path.data + start, path.length - start);
  server_open(out, '{');
  server_text_member(out, "globPattern", evc_build_end(&glob));
  server_close(out, '}');
  out->failed = out->failed || glob.failed;
  evc_arena_free(&arena);
}

void server_register_files(evc_server *server) {
  static const char *const method = "workspace/didChangeWatchedFiles";
  const server_settings *settings = &server->settings;
  evc_builder out;
  /* Before `initialized` the client takes no requests. */
  if (!server->client.register_files || server->phase != PHASE_RUNNING) return;
  if (server->files_registered) {
    begin_registration(server, &out, "client/unregisterCapability", "unregisterations", method);
    end_registration(server, &out);
    server->files_registered = false;
  }
  if (settings->field_count + server->options.field_count == 0) return;
  begin_registration(server, &out, "client/registerCapability", "registrations", method);
  server_key(&out, "registerOptions");
  server_open(&out, '{');
  server_key(&out, "watchers");
  server_open(&out, '[');
  for (size_t i = 0; i < server->options.field_count; i++)
    build_watcher(&out, evc_text_of(server->options.fields[i]));
  for (size_t i = 0; i < settings->field_count; i++) build_watcher(&out, settings->fields[i]);
  server_close(&out, ']');
  server_close(&out, '}');
  end_registration(server, &out);
  server->files_registered = true;
}

server_result server_initialized(evc_server *server, const server_value *params,
                                 evc_builder *out) {
  (void)params;
  (void)out;
  register_configuration(server);
  server_register_files(server);
  server_ask_configuration(server);
  return SERVER_DONE;
}

/* Clients that can be asked are asked: what they send along may be anything. */
server_result server_did_change_configuration(evc_server *server, const server_value *params,
                                              evc_builder *out) {
  const server_value *settings = server_value_at(params, "settings");
  (void)out;
  if (server->client.configuration) {
    server_ask_configuration(server);
    return SERVER_DONE;
  }
  if (!settings || settings->kind != EVC_KIND_MAP) return SERVER_DONE;
  return server_settings_take(server, settings) ? SERVER_DONE : SERVER_NO_MEMORY;
}

server_result server_did_change_watched_files(evc_server *server, const server_value *params,
                                              evc_builder *out) {
  const server_value *changes = server_value_at(params, "changes");
  bool ours = false;
  (void)out;
  if (!changes || changes->kind != EVC_KIND_ARRAY)
    return server_complain(server, "changes is an array");
  for (const server_value *c = changes->first; c && !ours; c = c->next) {
    evc_text uri = server_value_text(c, "uri");
    evc_arena arena;
    evc_arena_init(&arena, &server->allocator, NULL, 0);
    evc_text path = uri.data ? server_uri_path(&arena, uri) : (evc_text){NULL, 0};
    ours = path.data && server_is_field_list(server, path);
    evc_arena_free(&arena);
  }
  return !ours || server_schema_load(server) ? SERVER_DONE : SERVER_NO_MEMORY;
}

static bool is_among(const server_value *folders, evc_arena *arena, evc_text path) {
  const server_value *first = folders && folders->kind == EVC_KIND_ARRAY ? folders->first : NULL;
  for (const server_value *folder = first; folder; folder = folder->next) {
    evc_text uri = server_value_text(folder, "uri");
    evc_text other = uri.data ? server_uri_path(arena, uri) : uri;
    if (other.data && evc_text_equal(other, path)) return true;
  }
  return false;
}

server_result server_did_change_folders(evc_server *server, const server_value *params,
                                        evc_builder *out) {
  const server_value *removed = server_value_at(params, "event.removed");
  size_t count = 0;
  (void)out;
  for (size_t i = 0; i < server->root_count; i++)
    if (!is_among(removed, &server->answer, server->roots[i]))
      server->roots[count++] = server->roots[i];
  server->root_count = count;
  if (!add_folders(server, server_value_at(params, "event.added"))) return SERVER_NO_MEMORY;
  return server_schema_load(server) ? SERVER_DONE : SERVER_NO_MEMORY;
}

/* ---- The end -------------------------------------------------------------------------------- */

server_result server_shutdown(evc_server *server, const server_value *params,
                              evc_builder *out) {
  (void)params;
  (void)out;
  server->phase = PHASE_SHUT_DOWN;
  return SERVER_DONE;
}

server_result server_exit(evc_server *server, const server_value *params, evc_builder *out) {
  (void)params;
  (void)out;
  server->ended_well = server->phase == PHASE_SHUT_DOWN;
  server->phase = PHASE_ENDED;
  return SERVER_DONE;
}
