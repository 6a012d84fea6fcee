/* What the client and its user want: `evcalc` in the settings, and the field lists that it names. */
#include <string.h>

#include "../base/distance.h"
#include "../base/memory.h"
#include "evcalc/json.h"
#include "glob.h"
#include "session.h"

/* ---- URIs and paths ------------------------------------------------------------------------- */

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

evc_text server_uri_path(evc_arena *arena, evc_text uri) {
  bool file = uri.length >= 7 && memcmp(uri.data, "file://", 7) == 0;
  size_t at = file ? 7 : 0, length = 0;
  while (file && at < uri.length && uri.data[at] != '/') at++; /* the host */
  char *path = evc_arena_alloc(arena, uri.length + 1);
  if (!path) return (evc_text){NULL, 0};
  for (; at < uri.length; at++) {
    int high = -1, low = -1;
    if (uri.data[at] == '%' && at + 2 < uri.length) {
      high = hex_value(uri.data[at + 1]);
      low = hex_value(uri.data[at + 2]);
    }
    bool escaped = high >= 0 && low >= 0 && high + low > 0;
    path[length++] = escaped ? (char)(high * 16 + low) : uri.data[at];
    if (escaped) at += 2;
  }
  path[length] = '\0';
  if (file && length > 2 && path[0] == '/' && path[2] == ':') /* a drive */
    return (evc_text){path + 1, length - 1};
  return (evc_text){path, length};
}

static bool is_absolute(evc_text path) {
  return path.length > 0 && (path.data[0] == '/' || (path.length > 1 && path.data[1] == ':'));
}

/* The path below a folder; absent when it is not in it. */
static evc_text below(evc_text path, evc_text folder) {
  size_t length = folder.length;
  while (length > 0 && folder.data[length - 1] == '/') length--;
  if (path.length <= length || memcmp(path.data, folder.data, length) != 0 ||
      path.data[length] != '/')
    return (evc_text){NULL, 0};
  return (evc_text){path.data + length + 1, path.length - length - 1};
}

static evc_text base_name(evc_text path) {
  size_t start = path.length;
  while (start > 0 && path.data[start - 1] != '/') start--;
  return (evc_text){path.data + start, path.length - start};
}

/* The path of a field list as the host can read it. Absent when out of memory. */
static evc_text resolve(const evc_server *server, evc_arena *arena, evc_text path) {
  if (is_absolute(path) || server->root_count == 0)
    return evc_arena_text(arena, path.data, path.length);
  evc_builder out;
  evc_build_init(&out, arena);
  evc_build_text(&out, server->roots[0]);
  evc_build_char(&out, '/');
  evc_build_text(&out, path);
  return evc_build_end(&out);
}

bool server_is_field_list(const evc_server *server, evc_text path) {
  bool found = false;
  evc_arena arena;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  for (size_t i = 0; i < server->settings.field_count && !found; i++) {
    evc_text name = resolve(server, &arena, server->settings.fields[i]);
    found = name.data && evc_text_equal(name, path);
  }
  for (size_t i = 0; i < server->options.field_count && !found; i++) {
    evc_text name = evc_text_of(server->options.fields[i]);
    found = evc_text_equal(base_name(name), base_name(path)); /* it is relative to who knows what */
  }
  evc_arena_free(&arena);
  return found;
}

/* ---- Event types ---------------------------------------------------------------------------- */

/* A glob without / is for the names of files, others for paths in the folders of the workspace, or
** for whole paths. */
static bool rule_applies(const evc_server *server, const server_rule *rule, evc_text path) {
  if (!memchr(rule->glob.data, '/', rule->glob.length))
    return server_glob_matches(rule->glob, base_name(path));
  for (size_t i = 0; i < server->root_count; i++) {
    evc_text inside = below(path, server->roots[i]);
    if (inside.data && server_glob_matches(rule->glob, inside)) return true;
  }
  return server_glob_matches(rule->glob, path);
}

/* Which of two rules for a file counts: that of the longer glob, as it says more of the file, else that
** of the glob that comes first bytewise. The order in which they are written is none: clients merge
** objects, and the tables of some have no order. Of the same glob twice the last counts, as in other
** readers of JSON. */
static bool counts_before(const server_rule *rule, const server_rule *other) {
  evc_text a = rule->glob, b = other->glob;
  if (a.length != b.length) return a.length > b.length;
  return memcmp(a.data, b.data, a.length) <= 0;
}

const evc_event_type *server_type_of(const evc_server *server, const server_document *document) {
  evc_text path = {document->path, document->path_length};
  const server_settings *settings = &server->settings;
  evc_text name = settings->event_type;
  if (!name.data && server->options.event_type) name = evc_text_of(server->options.event_type);
  const server_rule *best = NULL;
  for (size_t i = 0; i < settings->rule_count; i++) {
    const server_rule *rule = &settings->rules[i];
    if ((!best || counts_before(rule, best)) && rule_applies(server, rule, path)) best = rule;
  }
  if (best) name = best->event_type;
  return name.data ? evc_schema_find(server->schema, name.data, name.length) : NULL;
}

/* Tell of the names that no field list knows. */
static void check_event_type(evc_server *server, evc_text name) {
  evc_text args[] = {name, {"", 0}};
  if (!name.data || evc_schema_find(server->schema, name.data, name.length)) return;
  size_t count = evc_schema_suggest(server->schema, name.data, name.length, args + 1, 1);
  server_show(server, SHOW_ERROR,
              count ? "the setting of Event types: unknown Event type '{0}'; did you mean {1}?"
                    : "the setting of Event types: unknown Event type '{0}'",
              args);
}

static void check_event_types(evc_server *server) {
  const server_settings *settings = &server->settings;
  check_event_type(server, settings->event_type);
  for (size_t i = 0; i < settings->rule_count; i++)
    check_event_type(server, settings->rules[i].event_type);
}

/* ---- Field lists ---------------------------------------------------------------------------- */

/* What is wrong with a field list is shown with its place. */
static void show_report(evc_server *server, evc_text path, const evc_report *report) {
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    evc_arena arena;
    evc_builder line, column;
    char digits[128];
    evc_arena_init(&arena, &server->allocator, digits, sizeof digits);
    evc_build_init(&line, &arena);
    evc_build_init(&column, &arena);
    evc_build_unsigned(&line, d->line);
    evc_build_unsigned(&column, d->column);
    evc_text args[] = {path, evc_build_end(&line), evc_build_end(&column), d->message, d->help};
    bool place = d->has_span && args[1].data && args[2].data;
    server_show(server, d->severity == EVC_ERROR ? SHOW_ERROR : SHOW_WARNING,
                place && d->help.data ? "{0}:{1}:{2}: {3}; {4}"
                : place               ? "{0}:{1}:{2}: {3}"
                : d->help.data        ? "{0}: {3}; {4}"
                                      : "{0}: {3}",
                args);
    evc_arena_free(&arena);
  }
}

/* Warnings that are allowed are not shown; the rest is as usual. False when out of memory. */
static bool load(evc_server *server, evc_schema *schema, evc_text path) {
  evc_arena arena;
  evc_builder json;
  const char *reason = NULL;
  evc_report *report = NULL;
  bool enough = true;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  evc_build_init(&json, &arena);
  if (server->host.read(server->host.context, path.data, &json, &reason)) {
    evc_text text = evc_build_end(&json);
    enough = text.data && evc_schema_read_json(schema, text.data, text.length, &report) !=
                              EVC_OUT_OF_MEMORY;
    if (enough) show_report(server, path, report);
    evc_report_free(report);
  } else if (json.failed) {
    enough = false;
  } else {
    evc_text args[] = {path, evc_text_of(reason ? reason : "it cannot be read")};
    server_show(server, SHOW_ERROR, "the field list '{0}': {1}", args);
  }
  evc_arena_free(&arena);
  return enough;
}

static bool load_all(evc_server *server, evc_schema *schema) {
  bool enough = true;
  evc_arena arena;
  evc_arena_init(&arena, &server->allocator, NULL, 0);
  for (size_t i = 0; i < server->options.field_count && enough; i++)
    enough = load(server, schema, evc_text_of(server->options.fields[i]));
  for (size_t i = 0; i < server->settings.field_count && enough; i++) {
    evc_text path = resolve(server, &arena, server->settings.fields[i]);
    enough = path.data && load(server, schema, path);
  }
  evc_arena_free(&arena);
  return enough;
}

static void set_compile_options(evc_server *server) {
  const evc_server_options *given = &server->options;
  const server_settings *settings = &server->settings;
  evc_options options = {.allow = given->allow,
                         .deny = given->deny,
                         .deny_warnings = given->deny_warnings || settings->deny_warnings,
                         .allocator = &server->allocator,
                         .schema = server->schema};
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++) {
    if (evc_code_set_has(&settings->allow, (evc_code)code))
      evc_code_set_add(&options.allow, (evc_code)code);
    if (evc_code_set_has(&settings->deny, (evc_code)code))
      evc_code_set_add(&options.deny, (evc_code)code);
  }
  server->compile = options;
}

bool server_schema_load(evc_server *server) {
  evc_schema *schema = server->options.no_builtin ? evc_schema_new(&server->allocator)
                                                  : evc_schema_builtin(&server->allocator);
  if (!schema || !load_all(server, schema)) {
    evc_schema_free(schema);
    return false;
  }
  server_forget_all(server);
  evc_schema_free(server->schema);
  server->schema = schema;
  set_compile_options(server);
  check_event_types(server);
  return true;
}

/* ---- Reading settings ----------------------------------------------------------------------- */

static void complain_of(evc_server *server, const char *wording, evc_text name) {
  server_show(server, SHOW_ERROR, wording, &name);
}

static bool keep(server_settings *s, evc_text from, evc_text *to) {
  *to = evc_arena_text(&s->arena, from.data, from.length);
  return to->data != NULL;
}

static bool add_rule(evc_server *server, server_settings *s, const server_value *member) {
  const char *fault = server_glob_fault(member->key);
  if (fault || member->kind != EVC_KIND_STRING) {
    evc_text args[] = {member->key, evc_text_of(fault ? fault : "its Event type is a string")};
    server_show(server, SHOW_ERROR, "the setting eventTypes, glob '{0}': {1}", args);
    return true;
  }
  void *rules = s->rules;
  if (!evc_arena_grow(&s->arena, &rules, &s->rule_capacity, s->rule_count + 1, sizeof *s->rules))
    return false;
  s->rules = rules;
  server_rule *rule = &s->rules[s->rule_count++];
  return keep(s, member->key, &rule->glob) && keep(s, member->text, &rule->event_type);
}

static bool read_event_types(evc_server *server, server_settings *s, const server_value *value) {
  if (value->kind != EVC_KIND_MAP) {
    complain_of(server, "the setting {0} is an object of globs with the names of Event types",
                value->key);
    return true;
  }
  for (const server_value *m = value->first; m; m = m->next)
    if (!add_rule(server, s, m)) return false;
  return true;
}

static bool read_event_type(evc_server *server, server_settings *s, const server_value *value) {
  if (value->kind == EVC_KIND_STRING)
    return value->text.length == 0 || keep(s, value->text, &s->event_type);
  complain_of(server, "the setting {0} is the name of an Event type", value->key);
  return true;
}

static bool read_fields(evc_server *server, server_settings *s, const server_value *value) {
  bool right = value->kind == EVC_KIND_ARRAY;
  for (const server_value *m = value->first; right && m; m = m->next) {
    void *fields = s->fields;
    if (m->kind != EVC_KIND_STRING) {
      right = false;
      break;
    }
    if (!evc_arena_grow(&s->arena, &fields, &s->field_capacity, s->field_count + 1,
                        sizeof *s->fields))
      return false;
    s->fields = fields;
    if (!keep(s, m->text, &s->fields[s->field_count++])) return false;
  }
  if (!right) complain_of(server, "the setting {0} is an array of paths of field lists", value->key);
  return true;
}

/* One of `allow` and `deny`. */
static void read_code(evc_server *server, server_settings *s, evc_text setting, evc_text name) {
  bool deny = evc_text_is(setting, "deny");
  evc_code code = evc_code_find(name.data, name.length);
  evc_text args[] = {setting, name, {"", 0}};
  if (deny && evc_text_is(name, "warnings")) {
    s->deny_warnings = true;
  } else if (code == EVC_CODE_NONE) {
    evc_nearest nearest;
    evc_nearest_init(&nearest, name, 1);
    for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++)
      if (evc_code_severity((evc_code)i) != EVC_ERROR)
        evc_nearest_offer(&nearest, evc_text_of(evc_code_name((evc_code)i)));
    if (nearest.count) args[2] = nearest.names[0];
    server_show(server, SHOW_ERROR,
                nearest.count ? "the setting {0}: there is no warning '{1}'; did you mean {2}?"
                              : "the setting {0}: there is no warning '{1}'; `evcalc help codes` "
                                "lists them",
                args);
  } else if (evc_code_severity(code) == EVC_ERROR) {
    server_show(server, SHOW_ERROR,
                "the setting {0}: {1} is an error, and only warnings can be allowed or denied",
                args);
  } else {
    evc_code_set_add(deny ? &s->deny : &s->allow, code);
  }
}

static bool read_codes(evc_server *server, server_settings *s, const server_value *value) {
  bool right = value->kind == EVC_KIND_ARRAY;
  for (const server_value *m = value->first; right && m; m = m->next) {
    if (m->kind == EVC_KIND_STRING) read_code(server, s, value->key, m->text);
    else right = false;
  }
  if (!right) complain_of(server, "the setting {0} is an array of codes", value->key);
  return true;
}

static const struct {
  const char *name;
  bool (*read)(evc_server *server, server_settings *s, const server_value *value);
} rows[] = {{"eventTypes", read_event_types}, {"eventType", read_event_type},
            {"fields", read_fields},          {"allow", read_codes},
            {"deny", read_codes}};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

/* Other names may be the client's own; only a slip is told. */
static void tell_slip(evc_server *server, evc_text name) {
  evc_nearest nearest;
  evc_nearest_init(&nearest, name, 1);
  for (size_t i = 0; i < ROW_COUNT; i++) evc_nearest_offer(&nearest, evc_text_of(rows[i].name));
  if (nearest.count == 0) return;
  evc_text args[] = {name, nearest.names[0]};
  server_show(server, SHOW_WARNING, "there is no setting {0}; did you mean {1}?", args);
}

static bool read_settings(evc_server *server, server_settings *s, const server_value *value) {
  for (const server_value *m = value->first; m; m = m->next) {
    size_t i = 0;
    while (i < ROW_COUNT && !evc_text_is(m->key, rows[i].name)) i++;
    if (i == ROW_COUNT) tell_slip(server, m->key);
    else if (m->kind != EVC_KIND_NULL && !rows[i].read(server, s, m)) return false;
  }
  return true;
}

bool server_settings_take(evc_server *server, const server_value *value) {
  const server_value *own = server_value_at(value, "evcalc");
  if (own) value = own;
  server_settings settings = {.rule_count = 0}, old = server->settings;
  evc_arena_init(&settings.arena, &server->allocator, NULL, 0);
  if (value && value->kind == EVC_KIND_MAP && !read_settings(server, &settings, value)) {
    evc_arena_free(&settings.arena);
    return false;
  }
  server->settings = settings;
  if (server_schema_load(server)) {
    evc_arena_free(&old.arena);
    server_register_files(server);
    return true;
  }
  server->settings = old;
  evc_arena_free(&settings.arena);
  return false;
}
