/* Unknown names: what was meant, and where the name does exist. */
#include <string.h>

#include "../base/distance.h"
#include "describe.h"

static evc_text text_of(const char *s) { return (evc_text){s, strlen(s)}; }

static bool has_field(const evc_describer *d, evc_text path) {
  return path.data && evc_event_type_slot(d->checked->type, path.data, path.length) != EVC_NO_SLOT;
}

static bool starts_with(evc_text text, const char *prefix) {
  size_t length = strlen(prefix);
  return text.length > length && memcmp(text.data, prefix, length) == 0;
}

static evc_text behind(evc_text text, size_t offset) {
  return (evc_text){text.data + offset, text.length - offset};
}

enum { PREFIX = 4 }; /* "new." and "old." */

static evc_text with_prefix(evc_describer *d, const char *prefix, evc_text name) {
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_string(&b, prefix);
  evc_build_text(&b, name);
  return evc_build_end(&b);
}

/* The name under the other prefix, where that exists. */
static evc_text other_prefix(evc_describer *d, evc_text path) {
  bool is_new = starts_with(path, "new."), is_old = starts_with(path, "old.");
  if (!is_new && !is_old) return (evc_text){NULL, 0};
  evc_text other = with_prefix(d, is_new ? "old." : "new.", behind(path, PREFIX));
  return has_field(d, other) ? other : (evc_text){NULL, 0};
}

/* A bare name is meant with new., on a deleted event with old. */
static evc_text missing_prefix(evc_describer *d, evc_text path) {
  evc_text with_new = with_prefix(d, "new.", path), with_old = with_prefix(d, "old.", path);
  if (has_field(d, with_new)) return with_new;
  return has_field(d, with_old) ? with_old : (evc_text){NULL, 0};
}

/* The nearest field or variable; the names without their prefix are tried too. */
static evc_text nearest_name(evc_describer *d, evc_text path) {
  const evc_event_type *type = d->checked->type;
  evc_nearest nearest, bare;
  evc_nearest_init(&nearest, path, 1);
  evc_nearest_init(&bare, path, 1);
  size_t bare_slot = 0;
  for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++) {
    evc_text field = evc_event_type_field(type, slot)->path;
    evc_nearest_offer(&nearest, field);
    if (memchr(path.data, '.', path.length) || field.length <= PREFIX) continue;
    evc_text before = bare.names[0];
    evc_nearest_offer(&bare, behind(field, PREFIX));
    if (bare.names[0].data != before.data) bare_slot = slot;
  }
  for (size_t i = 0; i < evc_variable_count; i++)
    evc_nearest_offer(&nearest, text_of(evc_variables[i].name));
  if (bare.count && (!nearest.count || bare.distances[0] < nearest.distances[0]))
    return evc_event_type_field(type, bare_slot)->path;
  return nearest.count ? nearest.names[0] : (evc_text){NULL, 0};
}

/* The longest beginning of the path that is a field: what cannot have members, or not that deep. */
static size_t field_above(const evc_describer *d, evc_text path, size_t *length) {
  size_t longest = 0; /* beginnings that are longer need not be looked up */
  for (size_t i = 0; i < evc_event_type_field_count(d->checked->type); i++) {
    size_t field = evc_event_type_field(d->checked->type, i)->path.length;
    longest = field > longest ? field : longest;
  }
  for (size_t at = longest < path.length ? longest + 1 : path.length; at-- > 0;) {
    if (path.data[at] != '.') continue;
    size_t slot = evc_event_type_slot(d->checked->type, path.data, at);
    *length = at;
    if (slot != EVC_NO_SLOT) return slot;
  }
  return EVC_NO_SLOT;
}

static evc_text elsewhere(const evc_describer *d, evc_text path) {
  const evc_schema *schema = d->checked->options->schema;
  for (size_t i = 0; schema && i < evc_schema_count(schema); i++) {
    const evc_event_type *type = evc_schema_at(schema, i);
    if (evc_event_type_slot(type, path.data, path.length) != EVC_NO_SLOT)
      return evc_event_type_name(type);
  }
  return (evc_text){NULL, 0};
}

static bool differs_in_case(evc_describer *d, evc_text a, evc_text b) {
  evc_text copy = evc_arena_text(d->arena, b.data, b.length);
  return copy.data && evc_text_is_ignoring_case(a, copy.data);
}

static void describe_below(evc_describer *d, evc_text path, size_t slot, size_t length) {
  const evc_field *field = evc_event_type_field(d->checked->type, slot);
  evc_text name = evc_event_type_name(d->checked->type);
  if (field->type == EVC_TYPE_MAP) {
    size_t end = length + 1;
    while (end < path.length && path.data[end] != '.') end++;
    evc_text args[] = {path, name, field->path, {path.data, end}};
    evc_describe_add(d, EVC_MSG_UNKNOWN_FIELD_BELOW_MAP, args, 4);
    return;
  }
  evc_text type = evc_describe_join(
      d, (const char *const[]){"of type ", evc_type_name(field->type), NULL});
  evc_text args[] = {path, name, field->path, type};
  evc_diagnostic *diagnostic = evc_describe_add(d, EVC_MSG_UNKNOWN_FIELD_BELOW, args, 4);
  evc_describe_fix(d, diagnostic, false, d->finding->start, d->finding->end, field->path);
}

void evc_describe_unknown_field(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text path = evc_tree_text(d->tree, &d->tree->nodes[f->node]);
  size_t length, slot = field_above(d, path, &length);
  if (slot != EVC_NO_SLOT) {
    describe_below(d, path, slot, length);
    return;
  }
  bool derived = evc_event_type_provenance(d->checked->type) == EVC_DERIVED;
  evc_text args[] = {path, evc_event_type_name(d->checked->type), other_prefix(d, path)};
  evc_message message = starts_with(path, "old.") ? EVC_MSG_UNKNOWN_FIELD_CREATED
                                                  : EVC_MSG_UNKNOWN_FIELD_DELETED;
  if (!args[2].data) {
    args[2] = missing_prefix(d, path);
    if (!args[2].data) args[2] = nearest_name(d, path);
    message = derived ? EVC_MSG_UNKNOWN_FIELD_NEAR_DERIVED : EVC_MSG_UNKNOWN_FIELD_NEAR;
  }
  evc_text meant = args[2];
  if (!meant.data) {
    args[2] = elsewhere(d, path);
    message = args[2].data ? EVC_MSG_UNKNOWN_FIELD_ELSEWHERE
              : derived    ? EVC_MSG_UNKNOWN_FIELD_DERIVED
                           : EVC_MSG_UNKNOWN_FIELD;
  }
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 3);
  if (meant.data)
    evc_describe_fix(d, diagnostic, differs_in_case(d, meant, path), f->start, f->end, meant);
}

/* The nearest function, by its whole name or by what follows the dot. */
static evc_text nearest_function(evc_text name) {
  evc_nearest nearest, bare;
  size_t bare_function = 0;
  evc_nearest_init(&nearest, name, 1);
  evc_nearest_init(&bare, name, 1);
  for (size_t i = 0; i < EVC_FN_END; i++) {
    const char *dot = strchr(evc_functions[i].name, '.');
    evc_nearest_offer(&nearest, text_of(evc_functions[i].name));
    if (!dot) continue;
    evc_text before = bare.names[0];
    evc_nearest_offer(&bare, text_of(dot + 1));
    if (bare.names[0].data != before.data) bare_function = i;
  }
  if (bare.count && (!nearest.count || bare.distances[0] < nearest.distances[0]))
    return text_of(evc_functions[bare_function].name);
  return nearest.count ? nearest.names[0] : (evc_text){NULL, 0};
}

/* What other languages call the functions. */
static evc_text function_by_other_name(evc_text name) {
  static const struct { const char *other, *ours; } names[] = {
      {"coalesce", "isnull"}, {"ifnull", "isnull"},      {"nvl", "isnull"},
      {"power", "Math.pow"},  {"ceiling", "Math.ceil"},  {"greatest", "Math.max"},
      {"least", "Math.min"},  {"maximum", "Math.max"},   {"minimum", "Math.min"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (evc_text_is_ignoring_case(name, names[i].other)) return text_of(names[i].ours);
  return (evc_text){NULL, 0};
}

static evc_text all_functions(evc_describer *d) {
  evc_builder b;
  evc_build_init(&b, d->arena);
  for (size_t i = 0; i < EVC_FN_END; i++) {
    if (i) evc_build_string(&b, i + 1 < EVC_FN_END ? ", " : " and ");
    evc_build_string(&b, evc_functions[i].name);
  }
  return evc_build_end(&b);
}

void evc_describe_unknown_function(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text name = evc_tree_name(d->tree, &d->tree->nodes[f->node]);
  evc_text meant = function_by_other_name(name);
  if (!meant.data) meant = nearest_function(name);
  if (!meant.data) {
    evc_describe_add(d, EVC_MSG_UNKNOWN_FUNCTION, (const evc_text[]){name, all_functions(d)}, 2);
    return;
  }
  evc_diagnostic *diagnostic =
      evc_describe_add(d, EVC_MSG_UNKNOWN_FUNCTION_NEAR, (const evc_text[]){name, meant}, 2);
  evc_describe_fix(d, diagnostic, differs_in_case(d, meant, name), f->start, f->end, meant);
}
