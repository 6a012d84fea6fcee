/* What names stand for. */
#include "check.h"

#include <string.h>

#include "../base/text.h"

enum { FEW_READS = 8 }; /* so many are found faster by looking at each than through a map */

static evc_text path_of_read(const evc_checked *c, size_t number) {
  return evc_tree_text(c->tree, &c->tree->nodes[c->reads[number].node]);
}

static uint32_t find_read(const evc_checked *c, evc_text path, size_t slot, size_t member_at) {
  if (c->read_count > FEW_READS) return evc_map_get(&c->read_numbers, path.data, path.length);
  for (size_t i = 0; i < c->read_count; i++)
    if (c->reads[i].slot == slot &&
        (member_at == 0 || evc_text_equal(path, path_of_read(c, i))))
      return (uint32_t)i;
  return EVC_MAP_ABSENT;
}

/* The map holds every read once there are more than a few. */
static bool map_reads(evc_checked *c) {
  if (c->read_count <= FEW_READS) return true;
  size_t unmapped = c->read_count == FEW_READS + 1 ? 0 : c->read_count - 1;
  for (; unmapped < c->read_count; unmapped++) {
    evc_text path = path_of_read(c, unmapped);
    if (!evc_map_set(&c->read_numbers, c->tree->arena, path.data, path.length, (uint32_t)unmapped))
      return false;
  }
  return true;
}

static void add_read(evc_checked *c, uint32_t index, size_t slot, size_t member_at) {
  evc_node *node = &c->tree->nodes[index];
  uint32_t known = find_read(c, evc_tree_text(c->tree, node), slot, member_at);
  c->field_uses++;
  if (known != EVC_MAP_ABSENT) {
    node->as.text.reference = known;
    return;
  }
  void *array = c->reads;
  bool grown = evc_arena_grow(c->tree->arena, &array, &c->read_capacity, c->read_count + 1,
                              sizeof *c->reads);
  c->reads = array;
  if (grown) {
    node->as.text.reference = (uint32_t)c->read_count;
    c->reads[c->read_count++] = (evc_read){index, (uint32_t)slot, (uint32_t)member_at};
  }
  if (!grown || !map_reads(c)) c->tree->out_of_memory = true;
}

static void use_field(evc_checked *c, uint32_t index, size_t slot, size_t member_at) {
  c->facts[index].nullable = true;
  add_read(c, index, slot, member_at);
  if (c->derived_said || evc_event_type_provenance(c->type) != EVC_DERIVED) return;
  c->derived_said = true;
  evc_check_find(c, EVC_MSG_DERIVED_FIELDS, index, 0);
}

/* A field whose type no operator takes is an error wherever it stands. */
static void use_typed_field(evc_checked *c, uint32_t index, size_t slot) {
  evc_type type = evc_event_type_field(c->type, slot)->type;
  if (type == EVC_TYPE_NUMBER || type == EVC_TYPE_STRING || type == EVC_TYPE_BOOLEAN) {
    c->tree->nodes[index].type = (uint8_t)type;
    use_field(c, index, slot, 0);
    return;
  }
  evc_check_find(c, type == EVC_TYPE_MAP ? EVC_MSG_OPAQUE_MAP : EVC_MSG_OPAQUE_FIELD, index,
                 (uint32_t)slot);
}

/* One name below a map field: where that name starts in the path, 0 when it is none. */
static size_t member_of_map(const evc_checked *c, evc_text path, size_t *slot) {
  size_t dot = path.length;
  while (dot > 0 && path.data[dot - 1] != '.') dot--;
  if (dot == 0) return 0;
  *slot = evc_event_type_slot(c->type, path.data, dot - 1);
  if (*slot == EVC_NO_SLOT) return 0;
  return evc_event_type_field(c->type, *slot)->type == EVC_TYPE_MAP ? dot : 0;
}

void evc_check_path(evc_checked *c, uint32_t index) {
  evc_node *node = &c->tree->nodes[index];
  evc_text path = evc_tree_text(c->tree, node);
  size_t slot = evc_event_type_slot(c->type, path.data, path.length);
  if (slot != EVC_NO_SLOT) {
    use_typed_field(c, index, slot);
    return;
  }
  const evc_variable_row *variable = evc_variable_find(path.data, path.length);
  if (variable) {
    node->type = (uint8_t)variable->type;
    evc_check_fold(c, index, variable->value);
    return;
  }
  size_t member_at = member_of_map(c, path, &slot);
  if (member_at) {
    node->type = EVC_TYPE_DYNAMIC;
    use_field(c, index, slot, member_at);
    evc_check_find(c, EVC_MSG_MAP_MEMBER, index, (uint32_t)slot);
    return;
  }
  if (evc_function_find(path.data, path.length) != EVC_FN_END) {
    evc_check_find(c, EVC_MSG_FUNCTION_NOT_CALLED, index, 0);
  } else if (evc_function_is_unavailable(path.data, path.length)) {
    evc_check_find(c, EVC_MSG_FUNCTION_UNAVAILABLE, index, 0);
  } else if (evc_event_type_provenance(c->type) == EVC_NAME_ONLY) {
    if (!c->fields_unknown) evc_check_find(c, EVC_MSG_FIELDS_UNKNOWN, index, 0);
    c->fields_unknown = true;
  } else {
    evc_check_find(c, EVC_MSG_UNKNOWN_FIELD, index, 0);
  }
}

/* Names under which other languages convert a value. */
static bool names_a_cast(evc_text name) {
  static const char *const names[] = {"string",  "number",   "double",   "float",    "decimal",
                                      "integer", "int",      "long",     "boolean",  "bool",
                                      "cast",    "tostring", "tonumber", "parsefloat", "parseint"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (evc_text_is_ignoring_case(name, names[i])) return true;
  return false;
}

/* Point at the name alone, not at the whole call. */
static void find_callee(evc_checked *c, evc_message message, uint32_t index) {
  evc_check_find(c, message, index, 0);
  if (c->tree->out_of_memory) return;
  evc_finding *finding = &c->tree->findings.list[c->tree->findings.count - 1];
  finding->end = finding->start + (uint32_t)evc_tree_name_source(c->tree, finding->start);
}

evc_function evc_check_callee(evc_checked *c, uint32_t index) {
  const evc_node *node = &c->tree->nodes[index];
  if (node->as.call.name_length == 0) return (evc_function)node->op;
  evc_text name = evc_tree_name(c->tree, node);
  evc_function function = evc_function_find(name.data, name.length);
  if (function != EVC_FN_END) return function;
  uint32_t first = node->as.call.first;
  bool of_cast = first != EVC_NO_NODE && c->tree->nodes[first].kind == EVC_NODE_CAST;
  if (of_cast && evc_text_is_ignoring_case(name, "cast")) return EVC_FN_END; /* said at the AS */
  if (evc_function_is_unavailable(name.data, name.length))
    find_callee(c, EVC_MSG_FUNCTION_UNAVAILABLE, index);
  else if (names_a_cast(name)) evc_check_find(c, EVC_MSG_CAST_UNSUPPORTED, index, 0);
  else if (evc_variable_find(name.data, name.length))
    find_callee(c, EVC_MSG_VARIABLE_CALLED, index);
  else if (evc_event_type_slot(c->type, name.data, name.length) != EVC_NO_SLOT)
    find_callee(c, EVC_MSG_FIELD_CALLED, index);
  else find_callee(c, EVC_MSG_UNKNOWN_FUNCTION, index);
  return EVC_FN_END;
}
