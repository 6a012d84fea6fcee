/* Signature help: the call around an offset, and which of its parameters the offset is in. The
** parameters are read off the signature of functions.def. */
#include "editor.h"

/* The innermost bracket of a call that the offset is behind the ( of and not behind the ) of. */
static uint32_t call_around(const evc_shape *shape, size_t offset) {
  uint32_t open = EVC_NO_PLACE;
  for (uint32_t i = 0; i < shape->count && shape->tokens[i].end <= offset; i++) {
    const evc_place *place = &shape->places[i];
    if (place->kind == EVC_PLACE_OPEN) open = i;
    if (place->kind == EVC_PLACE_CLOSE && place->match != EVC_NO_PLACE)
      open = shape->places[place->match].bracket;
  }
  while (open != EVC_NO_PLACE && !shape->places[open].call) open = shape->places[open].bracket;
  return open;
}

/* The commas of the call before the offset. */
static size_t commas_before(const evc_shape *shape, uint32_t open, size_t offset) {
  size_t commas = 0;
  for (uint32_t i = open + 1; i < shape->count && shape->tokens[i].start < offset; i++)
    commas += shape->places[i].bracket == open && shape->places[i].kind == EVC_PLACE_COMMA;
  return commas;
}

/* Is the character at `at` between two parameters? */
static bool separates(char c) { return c == ',' || c == ' ' || c == '[' || c == ']' || c == ')'; }

/* The parameter at or behind *at in the label, from where *at then is. */
static bool next_parameter(evc_text label, size_t *at, evc_parameter *parameter) {
  while (*at < label.length && separates(label.data[*at])) ++*at;
  size_t start = *at;
  while (*at < label.length && !separates(label.data[*at])) ++*at;
  *parameter = (evc_parameter){.start = start, .end = *at};
  return *at > start;
}

static const evc_parameter *parameters(evc_arena *arena, evc_function function, evc_text label,
                                       size_t *count) {
  const evc_function_rule_row *rule = &evc_function_rules[evc_functions[function].rule];
  evc_parameter parameter, *list = NULL;
  size_t capacity = 0;
  *count = 0;
  for (size_t at = evc_functions[function].name_length + 1u;
       next_parameter(label, &at, &parameter);) {
    void *array = list;
    if (!evc_arena_grow(arena, &array, &capacity, *count + 1, sizeof *list)) return NULL;
    list = array;
    parameter.documentation = evc_text_of(*count ? rule->further : rule->first);
    list[(*count)++] = parameter;
  }
  return list;
}

/* Functions without a limit have … as their last parameter, which stands for all the rest. */
static size_t active_of(evc_function function, size_t number, size_t count) {
  if (number < count) return number;
  return evc_functions[function].most == 0 ? count - 1 : count;
}

static void describe(evc_signature *signature, evc_arena *arena, const evc_shape *shape,
                     uint32_t open, evc_function function, size_t number) {
  const evc_lexeme *name = &shape->tokens[open - 1];
  evc_builder documentation;
  evc_build_init(&documentation, arena);
  evc_editor_build_function(&documentation, function);
  signature->name = (evc_range){name->start, name->end};
  signature->label = evc_text_of(evc_functions[function].signature);
  signature->documentation = evc_build_end(&documentation);
  signature->parameters =
      parameters(arena, function, signature->label, &signature->parameter_count);
  signature->active = active_of(function, number, signature->parameter_count);
}

evc_status evc_editor_signature(evc_editor *editor, size_t offset, evc_signature *signature) {
  evc_arena *arena = evc_editor_begin(editor, EVC_QUERY_SIGNATURE);
  const evc_shape *shape = &editor->reading.shape;
  *signature = (evc_signature){.active = 0};
  uint32_t skipped, open = call_around(shape, offset);
  if (open == EVC_NO_PLACE) return EVC_NOT_FOUND;
  evc_function function = evc_shape_function(shape, open, &skipped);
  if (function == EVC_FN_END) return EVC_NOT_FOUND;
  describe(signature, arena, shape, open, function, commas_before(shape, open, offset) + skipped);
  evc_status status = evc_editor_end(arena, EVC_OK);
  if (status != EVC_OK) *signature = (evc_signature){.active = 0};
  return status;
}
