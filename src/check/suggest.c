/* Unknown names: what was meant, and where the name does exist. */
#include <string.h>

#include "../base/distance.h"
#include "../base/utf8.h"
#include "../syntax/print.h"
#include "describe.h"

static bool has_field(const evc_describer *d, evc_text path) {
  return path.data && evc_event_type_slot(d->checked->type, path.data, path.length) != EVC_NO_SLOT;
}

/* The path is a field, or one name below a map. */
static bool can_be_read(const evc_describer *d, evc_text path) {
  if (has_field(d, path)) return true;
  size_t dot = path.length;
  while (dot > 0 && path.data[dot - 1] != '.') dot--;
  if (dot == 0) return false;
  size_t slot = evc_event_type_slot(d->checked->type, path.data, dot - 1);
  return slot != EVC_NO_SLOT && evc_event_type_field(d->checked->type, slot)->type == EVC_TYPE_MAP;
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
  return can_be_read(d, other) ? other : (evc_text){NULL, 0};
}

static bool is_first_name(evc_text path, const char *const *names, size_t *length) {
  const char *dot = path.length ? memchr(path.data, '.', path.length) : NULL;
  if (!dot) return false;
  *length = (size_t)(dot - path.data);
  for (; *names; names++)
    if (evc_text_is_ignoring_case((evc_text){path.data, *length}, *names)) return true;
  return false;
}

/* What people call new and old: the names in the event itself, and in other systems. */
static evc_text by_other_prefix(evc_describer *d, evc_text path) {
  static const char *const news[] = {"new",     "newDto",   "after", "current",
                                     "updated", "newValue", NULL};
  static const char *const olds[] = {"old",  "oldDto", "before",   "previous",
                                     "prev", "prior",  "oldValue", NULL};
  size_t length;
  const char *prefix = is_first_name(path, news, &length)   ? "new."
                       : is_first_name(path, olds, &length) ? "old."
                                                            : NULL;
  if (!prefix) return (evc_text){NULL, 0};
  evc_text meant = with_prefix(d, prefix, behind(path, length + 1));
  return can_be_read(d, meant) ? meant : (evc_text){NULL, 0};
}

/* A bare name is meant with new., on a deleted event with old. */
static evc_text missing_prefix(evc_describer *d, evc_text path) {
  evc_text with_new = with_prefix(d, "new.", path), with_old = with_prefix(d, "old.", path);
  if (can_be_read(d, with_new)) return with_new;
  return can_be_read(d, with_old) ? with_old : (evc_text){NULL, 0};
}

/* amount.new */
static evc_text prefix_behind(evc_describer *d, evc_text path) {
  if (path.length <= PREFIX) return (evc_text){NULL, 0};
  evc_text name = {path.data, path.length - PREFIX}, last = behind(path, path.length - PREFIX);
  bool is_new = evc_text_is(last, ".new"), is_old = evc_text_is(last, ".old");
  if (!is_new && !is_old) return (evc_text){NULL, 0};
  evc_text meant = with_prefix(d, is_new ? "new." : "old.", name);
  return can_be_read(d, meant) ? meant : (evc_text){NULL, 0};
}

static size_t longest_field(const evc_describer *d) {
  size_t longest = 0;
  for (size_t i = 0; i < evc_event_type_field_count(d->checked->type); i++) {
    size_t field = evc_event_type_field(d->checked->type, i)->path.length;
    longest = field > longest ? field : longest;
  }
  return longest;
}

/* A field behind names that lead to it in the event's JSON, or behind the Event type's own name:
** m3terEvent.eventData.newDto.amount. Only ends that can be a field are looked up. */
static evc_text behind_other_names(evc_describer *d, evc_text path) {
  static const evc_text none = {NULL, 0};
  size_t most = longest_field(d) + 8; /* newValue for new */
  evc_text meant = by_other_prefix(d, path);
  if (!meant.data) meant = prefix_behind(d, path);
  if (meant.data) return meant;
  for (size_t at = path.length > most ? path.length - most : 0; at < path.length; at++) {
    if (path.data[at] != '.') continue;
    evc_text rest = behind(path, at + 1);
    if (can_be_read(d, rest)) return rest;
    meant = by_other_prefix(d, rest);
    if (!meant.data && !starts_with(path, "new.") && !starts_with(path, "old."))
      meant = missing_prefix(d, rest);
    if (meant.data) return meant;
  }
  return none;
}

/* Words that other languages have for null, true and false, and slips in these. */
static evc_text literal_meant(evc_text path) {
  static const struct {
    const char *other, *ours;
  } words[] = {
      {"undefined", "null"}, {"none", "null"}, {"nil", "null"}, {"nothing", "null"},
      {"empty", "null"},     {"nan", "null"},  {"yes", "true"}, {"no", "false"},
  };
  static const char *const literals[] = {"null", "true", "false"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (evc_text_is_ignoring_case(path, words[i].other)) return evc_text_of(words[i].ours);
  evc_nearest nearest;
  evc_nearest_init(&nearest, path, 1);
  for (size_t i = 0; i < sizeof literals / sizeof *literals; i++)
    evc_nearest_offer(&nearest, evc_text_of(literals[i]));
  return nearest.count && nearest.distances[0] <= 2 ? nearest.names[0] : (evc_text){NULL, 0};
}

/* A slip in the name of a map above the last name. */
static evc_text below_nearest_map(evc_describer *d, evc_text path) {
  const evc_event_type *type = d->checked->type;
  size_t dot = path.length;
  while (dot > 0 && path.data[dot - 1] != '.') dot--;
  if (dot == 0) return (evc_text){NULL, 0};
  evc_nearest nearest;
  evc_nearest_init(&nearest, (evc_text){path.data, dot - 1}, 1);
  for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++)
    if (evc_event_type_field(type, slot)->type == EVC_TYPE_MAP)
      evc_nearest_offer(&nearest, evc_event_type_field(type, slot)->path);
  if (!nearest.count) return (evc_text){NULL, 0};
  evc_text name = behind(path, dot);
  return evc_describe_join(
      d, (const char *const[]){nearest.names[0].data, ".",
                               evc_arena_text(d->arena, name.data, name.length).data, NULL});
}

/* The nearest field or variable; the names without their prefix are tried too. */
static evc_text nearest_name(evc_describer *d, evc_text path) {
  const evc_event_type *type = d->checked->type;
  if (!path.data) return path; /* out of memory */
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
    evc_nearest_offer(&nearest, evc_text_of(evc_variables[i].name));
  if (bare.count && (!nearest.count || bare.distances[0] < nearest.distances[0]))
    return evc_event_type_field(type, bare_slot)->path;
  return nearest.count ? nearest.names[0] : (evc_text){NULL, 0};
}

/* odl.amount: a slip in new or old is mended before anything is made of the rest. */
static evc_text slipped_prefix(evc_describer *d, evc_text path) {
  enum { ONE_SLIP = 3 }; /* and a capital */
  static const evc_text none = {NULL, 0};
  const char *dot = memchr(path.data, '.', path.length);
  if (!dot) return none;
  evc_text first = {path.data, (size_t)(dot - path.data)};
  unsigned from_new = evc_distance(first, evc_text_of("new"), ONE_SLIP);
  unsigned from_old = evc_distance(first, evc_text_of("old"), ONE_SLIP);
  bool is_new = from_new < from_old;
  if (from_new == 0 || from_old == 0 || (is_new ? from_new : from_old) > ONE_SLIP) return none;
  const char *prefix = is_new ? "new." : "old.";
  evc_text meant = with_prefix(d, prefix, behind(path, first.length + 1));
  if (can_be_read(d, meant)) return meant;
  meant = nearest_name(d, meant);
  return meant.data && starts_with(meant, prefix) ? meant : none;
}

/* PI, pi: a variable without the name before it. */
static evc_text variable_meant(evc_text path) {
  for (size_t i = 0; i < evc_variable_count; i++) {
    const char *name = evc_variables[i].name, *dot = strchr(name, '.');
    if (dot && (evc_text_is_ignoring_case(path, dot + 1) || evc_text_is_ignoring_case(path, name)))
      return evc_text_of(name);
  }
  return (evc_text){NULL, 0};
}

/* Letters of other alphabets that look like Latin ones. */
static char latin_alike(uint32_t c) {
  static const struct {
    uint16_t other;
    char latin;
  } letters[] = {
      {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'},
      {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'},
      {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03B1, 'a'}, {0x03B9, 'i'}, {0x03BD, 'v'}, {0x03BF, 'o'},
      {0x03C1, 'p'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'},
      {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'}, {0x041E, 'O'}, {0x0420, 'P'},
      {0x0421, 'C'}, {0x0422, 'T'}, {0x0425, 'X'}, {0x0430, 'a'}, {0x0435, 'e'}, {0x043E, 'o'},
      {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'},
      {0x0458, 'j'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'},
  };
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
    if (letters[i].other == c) return letters[i].latin;
  return 0;
}

static evc_text code_point(evc_describer *d, uint32_t c) {
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_string(&b, "U+");
  for (int shift = 12; shift >= 0; shift -= 4)
    evc_build_char(&b, "0123456789ABCDEF"[c >> shift & 15]);
  return evc_build_end(&b);
}

/* A name that can be read once the letters that only look Latin are. */
static bool describe_homoglyph(evc_describer *d, evc_text path) {
  if (path.length > EVC_DISTANCE_LONGEST) return false;
  const char *at = path.data, *end = path.data + path.length;
  evc_text args[] = {path,      evc_event_type_name(d->checked->type),
                     {NULL, 0}, {NULL, 0},
                     {NULL, 0}, {NULL, 0}};
  evc_builder b;
  evc_build_init(&b, d->arena);
  while (at < end) {
    const char *start = at;
    uint32_t c = evc_utf8_next(&at, end);
    char latin = latin_alike(c);
    if (!latin) {
      evc_build(&b, start, (size_t)(at - start));
      continue;
    }
    evc_build_char(&b, latin);
    if (args[3].data) continue;
    args[3] = (evc_text){start, (size_t)(at - start)};
    args[4] = code_point(d, c);
    args[5] = evc_arena_text(d->arena, &latin, 1);
  }
  args[2] = evc_build_end(&b);
  if (!args[3].data || !can_be_read(d, args[2])) return false;
  const evc_finding *f = d->finding;
  evc_diagnostic *diagnostic = evc_describe_add(d, EVC_MSG_UNKNOWN_FIELD_HOMOGLYPH, args, 6);
  evc_describe_fix(d, diagnostic, false, f->start, f->end, args[2]);
  return true;
}

/* The longest beginning of the path that is a field: what cannot have members, or not that deep. */
static size_t field_above(const evc_describer *d, evc_text path, size_t *length) {
  size_t longest = longest_field(d); /* beginnings that are longer need not be looked up */
  for (size_t at = longest < path.length ? longest + 1 : path.length; at-- > 0;) {
    if (path.data[at] != '.') continue;
    size_t slot = evc_event_type_slot(d->checked->type, path.data, at);
    *length = at;
    if (slot != EVC_NO_SLOT) return slot;
  }
  return EVC_NO_SLOT;
}

/* How alike two Event types are: the same verb counts most, then each name they begin with alike. */
enum { SAME_VERB = 1000 };

static unsigned likeness(evc_text a, evc_text b) {
  size_t verb_a = a.length, verb_b = b.length;
  while (verb_a > 0 && a.data[verb_a - 1] != '.') verb_a--;
  while (verb_b > 0 && b.data[verb_b - 1] != '.') verb_b--;
  unsigned alike = evc_text_equal(behind(a, verb_a), behind(b, verb_b)) ? SAME_VERB : 0;
  for (size_t i = 0; i < a.length && i < b.length && a.data[i] == b.data[i]; i++)
    alike += a.data[i] == '.';
  return alike;
}

/* "the Event types …": the few most like this one that have the field, as many as are shown whole. */
static evc_text elsewhere(evc_describer *d, evc_text path) {
  enum { MOST = 3, LONGEST = 96 };
  const evc_schema *schema = d->checked->options->schema;
  evc_text names[MOST], here = evc_event_type_name(d->checked->type);
  unsigned likes[MOST] = {0};
  size_t count = 0;
  for (size_t i = 0; schema && i < evc_schema_count(schema); i++) {
    const evc_event_type *type = evc_schema_at(schema, i);
    if (evc_event_type_slot(type, path.data, path.length) == EVC_NO_SLOT) continue;
    evc_text name = evc_event_type_name(type);
    unsigned like = likeness(here, name);
    if (count == MOST && like <= likes[MOST - 1]) continue;
    size_t at = count < MOST ? count++ : MOST - 1;
    for (; at > 0 && likes[at - 1] < like; at--) {
      names[at] = names[at - 1];
      likes[at] = likes[at - 1];
    }
    names[at] = name;
    likes[at] = like;
  }
  if (count == 0) return (evc_text){NULL, 0};
  while (likes[0] >= SAME_VERB && likes[count - 1] < SAME_VERB) count--;
  size_t length = 0;
  for (size_t i = 0; i < count; i++) length += names[i].length;
  while (count > 1 && length > LONGEST) length -= names[--count].length;
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_string(&b, count == 1 ? "the Event type " : "the Event types ");
  for (size_t i = 0; i < count; i++) {
    if (i) evc_build_string(&b, i + 1 < count ? ", " : " and ");
    evc_build_text(&b, names[i]);
  }
  return evc_build_end(&b);
}

static bool differs_in_case(evc_describer *d, evc_text a, evc_text b) {
  evc_text copy = evc_arena_text(d->arena, b.data, b.length);
  return copy.data && evc_text_is_ignoring_case(a, copy.data);
}

static bool is_one_of(evc_text name, const char *const *names) {
  for (; *names; names++)
    if (evc_text_is_ignoring_case(name, *names)) return true;
  return false;
}

static bool can_be_operand(evc_type type) {
  return type == EVC_TYPE_NUMBER || type == EVC_TYPE_STRING || type == EVC_TYPE_BOOLEAN;
}

static bool fits(evc_type type, evc_type wanted) {
  if (wanted == EVC_TYPE_DYNAMIC) return type != EVC_TYPE_BOOLEAN;
  return wanted == EVC_TYPE_UNKNOWN || wanted == type;
}

static const char *value_wanted(evc_type wanted) {
  switch (wanted) {
  case EVC_TYPE_NUMBER: return "a Number";
  case EVC_TYPE_STRING: return "a String";
  case EVC_TYPE_BOOLEAN: return "a Boolean";
  default: return "a Number or String";
  }
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
  static const char *const lengths[] = {"length", "size", "count", "len", NULL};
  bool opaque = !can_be_operand(field->type);
  bool sized = field->type == EVC_TYPE_STRING || field->type == EVC_TYPE_ARRAY;
  evc_type wanted = evc_describe_wanted(d, d->finding->node);
  evc_message message = opaque                       ? EVC_MSG_UNKNOWN_FIELD_BELOW_OPAQUE
                        : !fits(field->type, wanted) ? EVC_MSG_UNKNOWN_FIELD_BELOW_MISFIT
                                                     : EVC_MSG_UNKNOWN_FIELD_BELOW;
  if (sized && is_one_of(behind(path, length + 1), lengths))
    message = opaque ? EVC_MSG_UNKNOWN_FIELD_LENGTH_OPAQUE : EVC_MSG_UNKNOWN_FIELD_LENGTH;
  evc_text args[] = {path, name, field->path, type, evc_text_of(value_wanted(wanted))};
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 5);
  if (message == EVC_MSG_UNKNOWN_FIELD_BELOW)
    evc_describe_fix(d, diagnostic, false, d->finding->start, d->finding->end, field->path);
}

/* new.amount > old.amount on a created event: with new.amount there it would be compared with
 * itself. */
static bool is_compared_with(evc_describer *d, uint32_t node, evc_text path) {
  uint32_t parent = evc_describe_parent(d, node);
  if (parent == EVC_NO_NODE || d->tree->nodes[parent].kind != EVC_NODE_BINARY) return false;
  const evc_node *p = &d->tree->nodes[parent];
  return evc_text_equal(
      evc_describe_source(d, p->as.child.left == node ? p->as.child.right : p->as.child.left),
      path);
}

static bool is_bare(evc_text path) {
  return !memchr(path.data, '.', path.length);
}

/* The type of the field that a path is compared with, looked up among or defaults; UNKNOWN when
** that says nothing. */
static evc_type partner_type(evc_describer *d, uint32_t node) {
  uint32_t parent = evc_describe_parent(d, node);
  if (parent == EVC_NO_NODE) return EVC_TYPE_UNKNOWN;
  const evc_node *p = &d->tree->nodes[parent];
  uint32_t other = EVC_NO_NODE;
  if (p->kind == EVC_NODE_BINARY && evc_operators[p->op].rule == EVC_RULE_EQUALITY)
    other = p->as.child.left == node ? p->as.child.right : p->as.child.left;
  else if (p->kind == EVC_NODE_CALL && p->as.call.first != node &&
           (p->op == EVC_FN_IN || p->op == EVC_FN_ISNULL))
    other = p->as.call.first;
  if (other == EVC_NO_NODE || d->checked->facts[other].is_constant) return EVC_TYPE_UNKNOWN;
  return (evc_type)d->tree->nodes[other].type;
}

/* $5000 */
static bool is_money(evc_text path) {
  for (size_t i = 1; i < path.length; i++)
    if (path.data[i] < '0' || path.data[i] > '9') return false;
  return path.length > 1 && path.data[0] == '$' && (path.data[1] != '0' || path.length == 2);
}

/* A String without its quotes, a number with a currency sign, a prefix alone: not a field at all.
** False when it is none of these. */
static bool describe_no_field(evc_describer *d, evc_text path) {
  const evc_finding *f = d->finding;
  evc_text args[] = {path, evc_event_type_name(d->checked->type), {NULL, 0}};
  evc_message message = EVC_MSG_END;
  if (is_money(path)) {
    message = EVC_MSG_UNKNOWN_FIELD_MONEY;
    args[2] = behind(path, 1);
  } else if (is_bare(path) && partner_type(d, f->node) == EVC_TYPE_STRING) {
    message = EVC_MSG_UNKNOWN_FIELD_TEXT;
    args[2] = evc_describe_join(
        d, (const char *const[]){"\"", evc_arena_text(d->arena, path.data, path.length).data, "\"",
                                 NULL});
  } else if (evc_text_is(path, "new") || evc_text_is(path, "old")) {
    for (size_t i = 0; i < evc_event_type_field_count(d->checked->type) && !args[2].data; i++) {
      const evc_field *field = evc_event_type_field(d->checked->type, i);
      if (field->path.length > PREFIX && memcmp(field->path.data, path.data, path.length) == 0)
        args[2] = field->path;
    }
    if (!args[2].data) return false;
    evc_describe_add(d, EVC_MSG_UNKNOWN_FIELD_PREFIX, args, 3);
    return true;
  }
  if (message == EVC_MSG_END) return false;
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 3);
  evc_describe_fix(d, diagnostic, false, f->start, f->end, args[2]);
  return true;
}

/* What the name was meant to be, nearest first; data == NULL when there is no telling. */
static evc_text field_meant(evc_describer *d, evc_text path) {
  evc_text meant = missing_prefix(d, path);
  if (!meant.data) meant = variable_meant(path);
  if (!meant.data) meant = slipped_prefix(d, path);
  if (!meant.data) meant = behind_other_names(d, path);
  if (!meant.data) meant = nearest_name(d, path);
  if (!meant.data) meant = below_nearest_map(d, path);
  if (!meant.data && (starts_with(path, "new.") || starts_with(path, "old."))) {
    bool is_new = starts_with(path, "new.");
    meant = nearest_name(d, with_prefix(d, is_new ? "old." : "new.", behind(path, PREFIX)));
  }
  return !meant.data && is_bare(path) ? literal_meant(path) : meant;
}

void evc_describe_unknown_field(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text path = evc_tree_text(d->tree, &d->tree->nodes[f->node]);
  size_t length, slot = field_above(d, path, &length);
  if (slot != EVC_NO_SLOT) {
    describe_below(d, path, slot, length);
    return;
  }
  if (describe_homoglyph(d, path)) return;
  bool derived = evc_event_type_provenance(d->checked->type) == EVC_DERIVED;
  evc_text args[] = {path, evc_event_type_name(d->checked->type), other_prefix(d, path)};
  evc_message message = starts_with(path, "old.") ? EVC_MSG_UNKNOWN_FIELD_CREATED
                                                  : EVC_MSG_UNKNOWN_FIELD_DELETED;
  if (!args[2].data) {
    args[2] = field_meant(d, path);
    message = derived ? EVC_MSG_UNKNOWN_FIELD_NEAR_DERIVED : EVC_MSG_UNKNOWN_FIELD_NEAR;
  }
  evc_text meant = args[2];
  if (!meant.data) {
    if (describe_no_field(d, path)) return;
    args[2] = elsewhere(d, path);
    message = args[2].data ? EVC_MSG_UNKNOWN_FIELD_ELSEWHERE
              : derived    ? EVC_MSG_UNKNOWN_FIELD_DERIVED
                           : EVC_MSG_UNKNOWN_FIELD;
  }
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 3);
  if (meant.data && !is_compared_with(d, f->node, meant))
    evc_describe_fix(d, diagnostic, differs_in_case(d, meant, path), f->start, f->end, meant);
}

/* The nearest function, by its whole name or by what follows the dot. Of a member of Math only that
** counts: Math. itself makes nothing alike. */
static evc_text nearest_function(evc_text name) {
  evc_text last = starts_with(name, "Math.") ? behind(name, 5) : name;
  evc_nearest nearest, bare;
  size_t bare_function = 0;
  evc_nearest_init(&nearest, name, 1);
  evc_nearest_init(&bare, last, 1);
  for (size_t i = 0; i < EVC_FN_END; i++) {
    const char *dot = strchr(evc_functions[i].name, '.');
    if (!dot || last.length == name.length)
      evc_nearest_offer(&nearest, evc_text_of(evc_functions[i].name));
    if (!dot) continue;
    evc_text before = bare.names[0];
    evc_nearest_offer(&bare, evc_text_of(dot + 1));
    if (bare.names[0].data != before.data) bare_function = i;
  }
  bool likely =
      bare.count && (last.length > 3 || last.length < name.length || bare.distances[0] <= 1);
  if (likely && (!nearest.count || bare.distances[0] < nearest.distances[0]))
    return evc_text_of(evc_functions[bare_function].name);
  return nearest.count && (name.length > 2 || nearest.distances[0] <= 1) ? nearest.names[0]
                                                                         : (evc_text){NULL, 0};
}

/* What other languages call the functions. */
static evc_text function_by_other_name(evc_text name) {
  const char *dot = name.length ? memchr(name.data, '.', name.length) : NULL;
  if (dot && evc_text_is_ignoring_case((evc_text){name.data, (size_t)(dot - name.data)}, "Math"))
    name = behind(name, (size_t)(dot - name.data) + 1);
  static const struct { const char *other, *ours; } names[] = {
      {"coalesce", "isnull"}, {"ifnull", "isnull"},      {"nvl", "isnull"},
      {"power", "Math.pow"},  {"ceiling", "Math.ceil"},  {"greatest", "Math.max"},
      {"least", "Math.min"},  {"maximum", "Math.max"},   {"minimum", "Math.min"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (evc_text_is_ignoring_case(name, names[i].other)) return evc_text_of(names[i].ours);
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

/* The whole call as `text`. */
static void fix_call(evc_describer *d, evc_diagnostic *diagnostic, evc_text text) {
  const evc_node *call = &d->tree->nodes[d->finding->node];
  evc_describe_fix(d, diagnostic, false, call->start, call->end, text);
}

/* new.amount.round(2) as Math.round(new.amount, 2); data == NULL where there is no such function. */
static evc_text function_of_method(evc_describer *d, evc_text method, const evc_field *field) {
  enum { MOST = 4 };
  static const evc_text none = {NULL, 0};
  const evc_node *call = &d->tree->nodes[d->finding->node];
  uint32_t count = call->as.call.count, argument = call->as.call.first;
  if (field->type != EVC_TYPE_NUMBER || count > MOST || d->tree->source[call->end - 1] != ')')
    return none;
  evc_text name = evc_describe_join(
      d, (const char *const[]){"Math.", evc_arena_text(d->arena, method.data, method.length).data,
                               NULL});
  evc_text other = function_by_other_name(name);
  if (other.data) name = other;
  evc_function function = name.data ? evc_function_find(name.data, name.length) : EVC_FN_END;
  if (function == EVC_FN_END || !strchr(evc_functions[function].name, '.')) return none;
  const evc_function_row *row = &evc_functions[function];
  if (count + 1 < row->least || (row->most && count + 1 > row->most)) return none;
  evc_builder b;
  evc_build_init(&b, d->arena);
  evc_build_string(&b, row->name);
  evc_build_char(&b, '(');
  evc_build_text(&b, field->path);
  for (uint32_t i = 0; i < count; i++, argument = d->tree->nodes[argument].next) {
    if (!evc_describe_is_clean(d, argument)) return none;
    evc_build_string(&b, ", ");
    evc_build_text(&b, evc_describe_source(d, argument));
  }
  evc_build_char(&b, ')');
  return evc_build_end(&b);
}

/* new.currency.equals("USD"): a function of a field. */
static bool describe_method(evc_describer *d, evc_text name) {
  size_t dot = name.length;
  while (dot > 0 && name.data[dot - 1] != '.') dot--;
  if (dot == 0) return false;
  size_t slot = evc_event_type_slot(d->checked->type, name.data, dot - 1);
  if (slot == EVC_NO_SLOT) return false;
  const evc_field *field = evc_event_type_field(d->checked->type, slot);
  const evc_node *call = &d->tree->nodes[d->finding->node];
  evc_text args[] = {
      behind(name, dot), field->path, evc_text_of(evc_type_name(field->type)), {NULL, 0}};
  static const char *const equals[] = {"equals", "equalsIgnoreCase", "equal", "eq", "is", NULL};
  evc_message message = field->type == EVC_TYPE_STRING ? EVC_MSG_METHOD_OF_STRING : EVC_MSG_METHOD;
  evc_text text;
  if (is_one_of(args[0], equals) && call->as.call.count == 1) {
    evc_text right = evc_describe_source(d, call->as.call.first);
    const char *literal = evc_arena_text(d->arena, right.data, right.length).data;
    bool unit = evc_print_level(d->tree, call->as.call.first) == EVC_LEVEL_UNIT;
    args[3] = text = evc_describe_join(d, (const char *const[]){field->path.data, unit ? " == " : " == (",
                                                                literal, unit ? "" : ")", NULL});
    message = EVC_MSG_METHOD_REWRITE;
    bool whole = evc_describe_parent(d, d->finding->node) == EVC_NO_NODE;
    if (!whole || d->tree->nodes[call->as.call.first].kind >= EVC_NODE_GROUP) text.data = NULL;
  } else {
    args[3] = text = function_of_method(d, args[0], field);
    if (text.data) message = EVC_MSG_METHOD_REWRITE;
  }
  evc_diagnostic *diagnostic = evc_describe_add(d, message, args, 4);
  if (text.data) fix_call(d, diagnostic, text);
  return true;
}

/* PI() */
static bool describe_called_variable(evc_describer *d, evc_text name) {
  const evc_node *call = &d->tree->nodes[d->finding->node];
  evc_text args[] = {name, variable_meant(name)};
  if (!args[1].data || call->as.call.count > 0) return false;
  evc_diagnostic *diagnostic = evc_describe_add(d, EVC_MSG_UNKNOWN_FUNCTION_NEAR, args, 2);
  if (d->tree->source[call->end - 1] == ')') fix_call(d, diagnostic, args[1]);
  return true;
}

/* Functions of other languages that have no namesake here, but which something can be said of. */
static bool describe_foreign_function(evc_describer *d, evc_text name) {
  static const char *const clocks[] = {
      "now",          "today",          "date.now",  "datetime.now",
      "getdate",      "sysdate",        "curdate",   "current_timestamp",
      "current_date", "datetime.today", "datediff",  "dateadd",
      "date.parse",   "todate",         "parsedate", "date",
      "to_date",      "datevalue",      NULL};
  static const char *const blanks[] = {"isblank", "isempty", "isna",      "isnullorempty",
                                       "is_null", "empty",   "ismissing", NULL};
  static const char *const searches[] = {
      "contains",      "startswith", "endswith",  "includes", "len",       "length",  "left",
      "right",         "mid",        "substring", "substr",   "upper",     "lower",   "trim",
      "indexof",       "find",       "search",    "replace",  "concat",    "matches", "split",
      "string.length", "strlen",     "toupper",   "tolower",  "charindex", "regexp",  NULL};
  static const char *const choices[] = {"if", "iif", "case", "switch", "ifs", "ifelse", NULL};
  const evc_node *call = &d->tree->nodes[d->finding->node];
  evc_text args[] = {name, {NULL, 0}};
  if (is_one_of(name, choices)) {
    evc_describe_add(d, EVC_MSG_UNKNOWN_FUNCTION_CHOICE, args, 2);
  } else if (is_one_of(name, clocks)) {
    evc_describe_add(d, EVC_MSG_UNKNOWN_FUNCTION_CLOCK, args, 2);
  } else if (is_one_of(name, searches)) {
    evc_describe_add(d, EVC_MSG_UNKNOWN_FUNCTION_TEXT, args, 2);
  } else if (is_one_of(name, blanks) && call->as.call.count == 1 &&
             d->tree->nodes[call->as.call.first].kind != EVC_NODE_ERROR &&
             d->tree->source[call->end - 1] == ')') {
    uint32_t value = call->as.call.first;
    args[1] = evc_describe_comparison(d, d->finding->node, value, EVC_OP_EQ, EVC_NO_NODE, "null");
    fix_call(d, evc_describe_add(d, EVC_MSG_UNKNOWN_FUNCTION_BLANK, args, 2), args[1]);
  } else {
    return false;
  }
  return true;
}

void evc_describe_unknown_function(evc_describer *d) {
  const evc_finding *f = d->finding;
  evc_text name = evc_tree_name(d->tree, &d->tree->nodes[f->node]);
  if (describe_method(d, name) || describe_foreign_function(d, name) ||
      describe_called_variable(d, name))
    return;
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
