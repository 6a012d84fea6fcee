/* Hover: the token at the offset, and from the tree what it is a part of. */
#include "editor.h"

#include "../base/decimal.h"
#include "calculation.h"

enum { MOST_DIGITS_SHOWN = 40, MOST_BYTES_SHOWN = 80 };

typedef struct describer {
  const evc_editor *editor;
  const evc_reading *reading;
  evc_builder text;
  evc_hover *hover;
} describer;

static void say(describer *d, const char *words) { evc_build_string(&d->text, words); }

static void new_paragraph(describer *d) { say(d, "\n\n"); }

/* `name`: type */
static void head(describer *d, evc_text name, evc_type type) {
  evc_editor_build_code(&d->text, name);
  if (type != EVC_TYPE_UNKNOWN) {
    say(d, ": ");
    say(d, evc_type_name(type));
  }
  d->hover->type = type;
}

/* Values and types of parts, from the tree */

static const evc_node *node_at(const describer *d, uint32_t index) {
  return &d->reading->tree.nodes[index];
}

static void say_value(describer *d, const evc_value *value) {
  switch ((evc_kind)value->kind) {
  case EVC_KIND_NUMBER: evc_build_number(&d->text, value->as.number); break;
  case EVC_KIND_BOOLEAN: say(d, value->as.boolean ? "true" : "false"); break;
  case EVC_KIND_STRING:
    evc_build_char(&d->text, '"');
    evc_build_quoted(&d->text, (evc_text){value->as.text, value->length}, MOST_BYTES_SHOWN);
    evc_build_char(&d->text, '"');
    break;
  default: say(d, "null"); break;
  }
}

/* "Number, always 90": of a part that has an operator or a call in it. */
static void say_part(describer *d, uint32_t index) {
  evc_type type = (evc_type)node_at(d, index)->type;
  d->hover->type = type;
  if (type == EVC_TYPE_UNKNOWN) return;
  say(d, evc_type_name(type));
  const evc_fact *fact = &d->reading->checked.facts[index];
  if (!fact->is_constant) return;
  say(d, ", always ");
  say_value(d, &fact->constant);
}

static bool has_tree(const describer *d) {
  return d->reading->checked.facts != NULL; /* and there are none where a limit stopped the parser */
}

/* The node whose operator is the token [start, end): between its operands, or before its only
** one. */
static uint32_t node_of_operator(const describer *d, size_t start, size_t end) {
  for (uint32_t i = 0; has_tree(d) && i < d->reading->tree.count; i++) {
    const evc_node *node = node_at(d, i);
    if (node->construct != EVC_CONSTRUCT_NONE || node->start > start || node->end < end) continue;
    if (node->kind == EVC_NODE_UNARY && node->start == start) return i;
    if (node->kind != EVC_NODE_BINARY && node->kind != EVC_NODE_CONDITIONAL) continue;
    const evc_node *left = node_at(d, node->as.child.left),
                   *right = node_at(d, node->as.child.right);
    bool first = left->end <= start && end <= right->start;
    bool second = node->kind == EVC_NODE_CONDITIONAL && right->end <= start &&
                  end <= node_at(d, node->as.child.third)->start;
    if (first || second) return i;
  }
  return EVC_NO_NODE;
}

/* The call or the group that a parenthesis at [start, end) opens or closes. */
static uint32_t node_of_parenthesis(const describer *d, uint32_t token) {
  const evc_shape *shape = &d->reading->shape;
  const evc_place *place = &shape->places[token];
  if (place->match == EVC_NO_PLACE) return EVC_NO_NODE;
  uint32_t open = place->kind == EVC_PLACE_OPEN ? token : place->match;
  uint32_t close = place->kind == EVC_PLACE_OPEN ? place->match : token;
  size_t start = shape->tokens[open].start, end = shape->tokens[close].end;
  if (shape->places[open].call) start = shape->tokens[open - 1].start;
  for (uint32_t i = 0; has_tree(d) && i < d->reading->tree.count; i++)
    if (node_at(d, i)->start == start && node_at(d, i)->end == end) return i;
  return EVC_NO_NODE;
}

/* Fields and variables */

static void describe_field(describer *d, const evc_field *field) {
  head(d, field->path, field->type);
  say(d, " (");
  evc_editor_build_code(&d->text, field->word);
  say(d, ")");
  new_paragraph(d);
  if (field->type == EVC_TYPE_MAP)
    say(d, "Only its members can be read, by a name behind a dot. ");
  else if (field->type == EVC_TYPE_ARRAY || field->type == EVC_TYPE_OPAQUE)
    say(d, "A calculation cannot use it. ");
  evc_editor_build_field(&d->text, d->editor->type);
}

static const evc_field *field_of(const describer *d, const char *path, size_t length) {
  if (!d->editor->type) return NULL;
  size_t slot = evc_event_type_slot(d->editor->type, path, length);
  return slot == EVC_NO_SLOT ? NULL : evc_event_type_field(d->editor->type, slot);
}

/* The map that the path has one name below, or NULL. */
static const evc_field *map_above(const describer *d, evc_text path) {
  size_t dot = path.length;
  while (dot > 0 && path.data[dot - 1] != '.') dot--;
  const evc_field *map = dot > 0 ? field_of(d, path.data, dot - 1) : NULL;
  return map && map->type == EVC_TYPE_MAP ? map : NULL;
}

static void describe_member(describer *d, evc_text path, const evc_field *map) {
  head(d, path, EVC_TYPE_DYNAMIC);
  new_paragraph(d);
  say(d, "A member of the map ");
  evc_editor_build_code(&d->text, map->path);
  say(d, ": what it is, only the event tells. ");
  evc_editor_build_field(&d->text, d->editor->type);
}

static void describe_variable(describer *d, const evc_variable_row *variable) {
  head(d, evc_text_of(variable->name), variable->type);
  new_paragraph(d);
  evc_editor_build_sentence(&d->text, variable->documentation);
}

static void describe_function(describer *d, evc_function function) {
  const evc_function_row *row = &evc_functions[function];
  head(d, evc_text_of(row->signature), evc_function_rules[row->rule].result);
  new_paragraph(d);
  evc_editor_build_function(&d->text, function);
}

static bool describe_path(describer *d, evc_text path) {
  const evc_field *field = field_of(d, path.data, path.length), *map = map_above(d, path);
  const evc_variable_row *variable = evc_variable_find(path.data, path.length);
  evc_function function = evc_function_find(path.data, path.length);
  if (field)
    describe_field(d, field);
  else if (variable)
    describe_variable(d, variable);
  else if (map)
    describe_member(d, path, map);
  else if (function != EVC_FN_END)
    describe_function(d, function);
  else {
    const evc_event_type *type = d->editor->type;
    bool judged = type && evc_event_type_provenance(type) != EVC_NAME_ONLY;
    head(d, path, EVC_TYPE_UNKNOWN);
    new_paragraph(d);
    if (judged) say(d, "Not in the field list. ");
    evc_editor_build_origin(&d->text, type);
  }
  return true;
}

/* Operators and literals */

static bool describe_operator(describer *d, uint32_t token) {
  const evc_lexeme *t = &d->reading->shape.tokens[token];
  evc_operator op = (evc_operator)d->reading->shape.places[token].op;
  if (op == EVC_OP_END || evc_shape_is_foreign(&d->reading->shape, token)) return false;
  const char *spelling = op == EVC_OP_CONDITION ? "? :" : evc_operators[op].spelling;
  evc_editor_build_code(&d->text, evc_text_of(spelling));
  uint32_t node = node_of_operator(d, t->start, t->end);
  if (node != EVC_NO_NODE && node_at(d, node)->type != EVC_TYPE_UNKNOWN) {
    say(d, ": ");
    say_part(d, node);
  }
  new_paragraph(d);
  evc_editor_build_operator(&d->text, op);
  return true;
}

static bool is_plain_number(evc_text text) {
  for (size_t i = 0; i < text.length; i++)
    if ((text.data[i] < '0' || text.data[i] > '9') && text.data[i] != '.') return false;
  return true;
}

static bool describe_number(describer *d, uint32_t token) {
  evc_text text = evc_shape_text(&d->reading->shape, token);
  head(d, text, EVC_TYPE_NUMBER);
  if (!is_plain_number(text)) return true;
  double number = evc_decimal_read(text.data, text.length);
  if (!evc_editor_is_rounded(text, number)) return true;
  new_paragraph(d);
  say(d, "Held in binary64 as ");
  evc_editor_build_exact(&d->text, number, MOST_DIGITS_SHOWN);
  return true;
}

static bool describe_string(describer *d, uint32_t token) {
  evc_text text = evc_shape_text(&d->reading->shape, token);
  evc_builder shown;
  evc_build_init(&shown, d->text.arena);
  evc_build_char(&shown, '"');
  evc_build_quoted(&shown, text, MOST_BYTES_SHOWN);
  evc_build_char(&shown, '"');
  evc_text quoted = evc_build_end(&shown);
  if (!quoted.data) return false;
  head(d, quoted, EVC_TYPE_STRING);
  return true;
}

static bool describe_word(describer *d, uint32_t token) {
  evc_text text = evc_shape_text(&d->reading->shape, token);
  bool null = text.data[0] == 'n' || text.data[0] == 'N';
  head(d, text, null ? EVC_TYPE_NULL : EVC_TYPE_BOOLEAN);
  if (!null) return true;
  new_paragraph(d);
  say(d, "No value. A field that the event does not have is null. Only ");
  say(d, "`==`, `!=`, `? :` and `isnull` take it.");
  return true;
}

static bool describe_parenthesis(describer *d, uint32_t token) {
  uint32_t node = node_of_parenthesis(d, token);
  if (node == EVC_NO_NODE || node_at(d, node)->type == EVC_TYPE_UNKNOWN) return false;
  evc_text source = evc_tree_source(&d->reading->tree, node_at(d, node));
  evc_builder shown;
  evc_build_init(&shown, d->text.arena);
  evc_build_quoted(&shown, source, MOST_BYTES_SHOWN);
  evc_text quoted = evc_build_end(&shown);
  if (!quoted.data) return false;
  evc_editor_build_code(&d->text, quoted);
  say(d, ": ");
  say_part(d, node);
  d->hover->range = (evc_range){node_at(d, node)->start, node_at(d, node)->end};
  return true;
}

static bool describe(describer *d, uint32_t token) {
  const evc_shape *shape = &d->reading->shape;
  const evc_lexeme *t = &shape->tokens[token];
  d->hover->range = (evc_range){t->start, t->end};
  switch (t->token) {
  case EVC_TOKEN_NUMBER: return describe_number(d, token);
  case EVC_TOKEN_STRING: return describe_string(d, token);
  case EVC_TOKEN_WORD:
  case EVC_TOKEN_WORD_NULL: return describe_word(d, token);
  case EVC_TOKEN_PATH: return describe_path(d, evc_shape_text(shape, token));
  case EVC_TOKEN_LP:
  case EVC_TOKEN_RP: return describe_parenthesis(d, token);
  case EVC_TOKEN_FUNCTION: {
    evc_text name = evc_shape_text(shape, token);
    evc_function function = evc_function_find(name.data, name.length);
    if (function != EVC_FN_END) describe_function(d, function);
    return function != EVC_FN_END;
  }
  default: return describe_operator(d, token);
  }
}

evc_status evc_editor_hover(evc_editor *editor, size_t offset, evc_hover *hover) {
  evc_arena *arena = evc_editor_begin(editor, EVC_QUERY_HOVER);
  *hover = (evc_hover){.type = EVC_TYPE_UNKNOWN};
  uint32_t token = evc_editor_token_at(&editor->reading.shape, offset);
  if (token == EVC_NO_PLACE) return EVC_NOT_FOUND;
  describer d = {.editor = editor, .reading = &editor->reading, .hover = hover};
  evc_build_init(&d.text, arena);
  bool found = describe(&d, token);
  if (found) hover->markdown = evc_build_end(&d.text);
  evc_status status = evc_editor_end(arena, found ? EVC_OK : EVC_NOT_FOUND);
  if (status != EVC_OK) *hover = (evc_hover){.type = EVC_TYPE_UNKNOWN};
  return status;
}
