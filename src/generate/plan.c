/* What an attack has to know of its calculation: its inputs, its constants, its conditions. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/map.h"
#include "../base/memory.h"
#include "../base/text.h"
#include "../syntax/parse.h"
#include "../value/value.h"
#include "attack.h"
#include "pool.h"

/* Chosen: what is compiled with conditions forced takes no more text than that in all. */
enum { FORCED_TEXT = 2 * 1024 * 1024, MOST_NUMBERS = 400, MOST_STRINGS = 200 };

static const uint32_t unlimited = 16 * 1024 * 1024;

static const evc_node *node_at(const evc_attack *a, uint32_t node) {
  return &a->tree.nodes[node];
}

uint32_t evc_attack_inside(const evc_attack *a, uint32_t node) {
  while (node_at(a, node)->kind == EVC_NODE_GROUP) node = node_at(a, node)->as.child.left;
  return node;
}

static bool is_rule(const evc_node *node, evc_operator_rule rule) {
  return node->kind == EVC_NODE_BINARY && evc_operators[node->op].rule == rule;
}

/* ---- Shape ---------------------------------------------------------------------------------- */

static evc_options compile_options(const evc_attack *a) {
  return (evc_options){.allow = {{UINT64_MAX, UINT64_MAX}},
                       .limits = {.text = unlimited, .nodes = unlimited, .arguments = unlimited},
                       .allocator = &a->allocator};
}

static bool parse(evc_attack *a) {
  evc_text text = evc_calculation_text(a->calculation);
  evc_text source = evc_arena_text(&a->arena, text.data, text.length);
  if (!source.data) return false;
  evc_limits limits = compile_options(a).limits;
  limits.depth = EVC_DEFAULT_DEPTH_LIMIT;
  evc_parse(&a->tree, &a->arena, source.data, (uint32_t)source.length, &limits);
  return !a->tree.out_of_memory;
}

static uint32_t first_of(const evc_attack *a, uint32_t index) {
  const evc_node *node = node_at(a, index);
  uint32_t first = node->kind == EVC_NODE_CALL    ? node->as.call.first
                   : node->kind >= EVC_NODE_GROUP ? node->as.child.left
                                                  : index;
  return first < index ? a->first_of[first] : index;
}

/* Parts are the nodes without parentheses, in the same order. */
static bool measure(evc_attack *a) {
  size_t count = a->tree.count;
  a->part_of = evc_arena_alloc(&a->arena, count * sizeof *a->part_of);
  a->first_of = evc_arena_alloc(&a->arena, count * sizeof *a->first_of);
  if (!a->part_of || !a->first_of) return false;
  uint32_t parts = 0;
  for (uint32_t i = 0; i < count; i++) {
    a->first_of[i] = first_of(a, i);
    bool group = node_at(a, i)->kind == EVC_NODE_GROUP;
    a->part_of[i] = group ? a->part_of[node_at(a, i)->as.child.left] : parts++;
  }
  return true;
}

/* ---- Inputs --------------------------------------------------------------------------------- */

/* Where the path of an input goes on from that of another, JSON has a value of the other alone; and
** not even that of a member, in whose place the reader asks for an object. */
static void part_from_owners(evc_attack *a, const evc_map *paths, uint32_t input) {
  evc_text path = evc_calculation_reference(a->traced, input).path;
  for (size_t i = 0; i < path.length; i++) {
    uint32_t owner = path.data[i] == '.' ? evc_map_get(paths, path.data, i) : EVC_MAP_ABSENT;
    if (owner == EVC_MAP_ABSENT) continue;
    a->inputs[input].only_null = true;
    if (a->inputs[owner].member.data) a->inputs[owner].only_null = true;
  }
}

static bool find_inputs(evc_attack *a) {
  evc_map by_path = {0};
  a->input_count = (uint32_t)evc_calculation_reference_count(a->traced);
  a->inputs = evc_arena_alloc(&a->arena, a->input_count * sizeof *a->inputs);
  a->input_of = evc_arena_alloc(&a->arena, a->tree.count * sizeof *a->input_of);
  if (!a->inputs || !a->input_of || !evc_map_reserve(&by_path, &a->arena, a->input_count))
    return false;
  for (uint32_t i = 0; i < a->input_count; i++) {
    evc_reference read = evc_calculation_reference(a->traced, i);
    evc_type type = evc_event_type_field(a->type, read.slot)->type;
    if (read.member.data) type = EVC_TYPE_DYNAMIC;
    a->inputs[i] = (evc_attack_input){.slot = read.slot, .member = read.member, .type = type};
    if (!evc_map_set(&by_path, &a->arena, read.path.data, read.path.length, i)) return false;
  }
  for (uint32_t i = 0; i < a->input_count; i++) part_from_owners(a, &by_path, i);
  for (uint32_t i = 0; i < a->tree.count; i++) {
    const evc_node *node = node_at(a, i);
    evc_text path = {"", 0};
    if (node->kind == EVC_NODE_PATH) path = evc_tree_text(&a->tree, node);
    uint32_t input = evc_map_get(&by_path, path.data, path.length);
    a->input_of[i] = input == EVC_MAP_ABSENT ? EVC_NO_INPUT : input;
  }
  return true;
}

uint32_t evc_attack_input_of(const evc_attack *a, uint32_t node) {
  return a->input_of[evc_attack_inside(a, node)];
}

static bool has_input(const evc_attack *a, uint32_t node) {
  for (uint32_t i = a->first_of[node]; i <= node; i++)
    if (a->input_of[i] != EVC_NO_INPUT) return true;
  return false;
}

/* ---- Values worth trying -------------------------------------------------------------------- */

static void add_number(evc_attack *a, double number) {
  if (a->number_count == MOST_NUMBERS || !isfinite(number)) return;
  for (uint32_t i = 0; i < a->number_count; i++)
    if (a->numbers[i] == number) return;
  a->numbers[a->number_count++] = number;
}

static void add_string(evc_attack *a, evc_text text) {
  if (a->string_count == MOST_STRINGS || !text.data) return;
  for (uint32_t i = 0; i < a->string_count; i++)
    if (evc_text_equal(a->strings[i], text)) return;
  a->strings[a->string_count++] = text;
}

/* A constant, and where a comparison with it changes. */
static void add_neighbours(evc_attack *a, double number) {
  const double near[] = {number,
                         nextafter(number, -DBL_MAX),
                         nextafter(number, DBL_MAX),
                         number - 1,
                         number + 1,
                         -number,
                         number * 2,
                         number / 2};
  for (size_t i = 0; i < sizeof near / sizeof *near; i++) add_number(a, near[i]);
}

/* A constant, and a text that begins with it, in the arena. */
static bool add_near_strings(evc_attack *a, evc_text text) {
  evc_builder longer;
  evc_build_init(&longer, &a->arena);
  evc_build_text(&longer, text);
  evc_build_char(&longer, 'x');
  add_string(a, text);
  evc_text built = evc_build_end(&longer);
  add_string(a, built);
  return built.data != NULL;
}

static bool collect_values(evc_attack *a) {
  a->numbers = evc_arena_alloc(&a->arena, MOST_NUMBERS * sizeof *a->numbers);
  a->strings = evc_arena_alloc(&a->arena, MOST_STRINGS * sizeof *a->strings);
  if (!a->numbers || !a->strings) return false;
  for (uint32_t i = 0; i < a->tree.count; i++) {
    const evc_node *node = node_at(a, i);
    if (node->kind == EVC_NODE_NUMBER) add_neighbours(a, node->as.number);
    if (node->kind == EVC_NODE_STRING && !add_near_strings(a, evc_tree_text(&a->tree, node)))
      return false;
  }
  static const double special[] = {
      1,   0,     -1,    2,       10,       100,     0.5,      -0.5,   0.1,
      1e6, 1e154, 1e300, DBL_MAX, -DBL_MAX, DBL_MIN, -DBL_MIN, 5e-324, 9007199254740991.0};
  for (size_t i = 0; i < sizeof special / sizeof *special; i++) add_number(a, special[i]);
  for (size_t i = 0; i < evc_pool_string_count(); i++) add_string(a, evc_pool_string_at(i));
  return true;
}

static evc_value text_value(evc_text text) {
  return (evc_value){
      .as.text = text.data, .length = (uint32_t)text.length, .kind = EVC_KIND_STRING};
}

static bool fits(evc_type type, uint8_t kind) {
  switch (type) {
  case EVC_TYPE_NUMBER: return kind == EVC_KIND_NUMBER;
  case EVC_TYPE_STRING: return kind == EVC_KIND_STRING;
  case EVC_TYPE_BOOLEAN: return kind == EVC_KIND_BOOLEAN;
  default: return kind == EVC_KIND_NUMBER || kind == EVC_KIND_STRING; /* EVC_TYPE_DYNAMIC */
  }
}

/* What a field should not hold. */
static bool hostile_candidate(evc_type type, uint32_t number, evc_value *value) {
  static const evc_value values[] = {{.as.number = 1, .kind = EVC_KIND_NUMBER},
                                     {.as.text = "1", .length = 1, .kind = EVC_KIND_STRING},
                                     {.as.boolean = true, .kind = EVC_KIND_BOOLEAN},
                                     {.kind = EVC_KIND_MAP},
                                     {.kind = EVC_KIND_ARRAY},
                                     {.kind = EVC_KIND_OVERFLOW}};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    if (fits(type, values[i].kind) || number-- > 0) continue;
    *value = values[i];
    return true;
  }
  return false;
}

bool evc_attack_candidate(const evc_attack *a, uint32_t input, uint32_t number, evc_value *value) {
  evc_type type = a->inputs[input].type;
  bool numeric = type == EVC_TYPE_NUMBER || type == EVC_TYPE_DYNAMIC;
  bool textual = type == EVC_TYPE_STRING || type == EVC_TYPE_DYNAMIC;
  uint32_t numbers = numeric ? a->number_count : 0, strings = textual ? a->string_count : 0;
  uint32_t booleans = type == EVC_TYPE_BOOLEAN ? 2 : 0;
  *value = evc_value_null();
  if (a->inputs[input].only_null) return number == 0;
  if (number < numbers) {
    *value = evc_value_number(a->numbers[number]);
    return true;
  }
  number -= numbers;
  if (number < strings) {
    *value = text_value(a->strings[number]);
    return true;
  }
  number -= strings;
  if (number < booleans) {
    *value = evc_value_boolean(number == 0);
    return true;
  }
  number -= booleans;
  return number == 0 || (a->hostile && hostile_candidate(type, number - 1, value));
}

static void count_candidates(evc_attack *a) {
  evc_value value;
  for (uint32_t i = 0; i < a->input_count; i++)
    while (evc_attack_candidate(a, i, a->inputs[i].candidates, &value)) a->inputs[i].candidates++;
}

/* ---- Targets -------------------------------------------------------------------------------- */

static bool is_call_of(const evc_attack *a, const evc_node *node, evc_function_rule rule) {
  if (node->kind != EVC_NODE_CALL) return false;
  evc_text name = evc_tree_name(&a->tree, node);
  evc_function function = evc_function_find(name.data, name.length);
  return function != EVC_FN_END && evc_functions[function].rule == rule;
}

static bool is_division(const evc_node *node) {
  return node->kind == EVC_NODE_BINARY && (node->op == EVC_OP_DIVIDE || node->op == EVC_OP_MODULO);
}

/* A comparison, a division, or a field that stands for a Boolean. */
static bool is_target(const evc_attack *a, uint32_t index) {
  const evc_node *node = node_at(a, index);
  uint32_t input = a->input_of[index];
  if (input != EVC_NO_INPUT) return a->inputs[input].type == EVC_TYPE_BOOLEAN;
  if (is_division(node)) return has_input(a, node->as.child.right);
  bool compares = is_rule(node, EVC_RULE_EQUALITY) || is_rule(node, EVC_RULE_ORDER) ||
                  is_call_of(a, node, EVC_RULE_MEMBERSHIP);
  return compares && has_input(a, index);
}

/* Can it fail on an event whose values are of the right types? */
static bool can_fail(const evc_attack *a, uint32_t index) {
  const evc_node *node = node_at(a, index);
  bool calculates = is_rule(node, EVC_RULE_ARITHMETIC) || is_call_of(a, node, EVC_RULE_SCALED) ||
                    is_call_of(a, node, EVC_RULE_NUMBERS);
  return calculates && has_input(a, index);
}

static bool find_targets(evc_attack *a) {
  a->targets = evc_arena_alloc(&a->arena, a->tree.count * sizeof *a->targets);
  if (!a->targets) return false;
  a->can_fail = a->hostile;
  for (uint32_t i = 0; i < a->input_count; i++)
    a->can_fail |= a->inputs[i].type == EVC_TYPE_DYNAMIC;
  for (uint32_t i = 0; i < a->tree.count; i++) {
    if (is_target(a, i)) a->targets[a->target_count++] = i;
    a->can_fail |= can_fail(a, i);
  }
  return true;
}

/* ---- Conditions ----------------------------------------------------------------------------- */

static evc_type type_of(const evc_attack *a, uint32_t node) {
  return evc_calculation_part(a->traced, a->part_of[node]).type;
}

/* The calculation with the condition replaced by a text; NULL when it does not compile. Then
** something that has become constant fails, as it would wherever this condition comes out so and
** is reached. */
static evc_calculation *compile_with(evc_attack *a, const evc_node *condition, evc_text text) {
  evc_text source = evc_calculation_text(a->calculation);
  evc_arena arena;
  evc_builder forced;
  evc_arena_init(&arena, &a->allocator, NULL, 0);
  evc_build_init(&forced, &arena);
  evc_build(&forced, source.data, condition->start);
  evc_build_char(&forced, ' ');
  evc_build_text(&forced, text);
  evc_build_char(&forced, ' ');
  evc_build(&forced, source.data + condition->end, source.length - condition->end);
  evc_text whole = evc_build_end(&forced);
  evc_options options = compile_options(a);
  evc_report *report = NULL;
  evc_calculation *calculation =
      whole.data ? evc_compile(a->type, whole.data, whole.length, &options, &report) : NULL;
  bool lacking = !whole.data;
  for (size_t i = 0; i < evc_report_count(report); i++)
    lacking |= evc_report_at(report, i)->code == EVC_CODE_OUT_OF_MEMORY;
  a->out_of_memory |= lacking;
  evc_report_free(report);
  evc_arena_free(&arena);
  return calculation;
}

static void add_condition(evc_attack *a, uint32_t node) {
  node = evc_attack_inside(a, node);
  const evc_node *n = node_at(a, node);
  size_t length = evc_calculation_text(a->calculation).length;
  size_t most = FORCED_TEXT / (length + 1);
  if (most > EVC_ATTACK_CONDITIONS) most = EVC_ATTACK_CONDITIONS;
  if (a->condition_count >= most) {
    a->ignored++;
    return;
  }
  evc_attack_condition_state *c = &a->conditions[a->condition_count++];
  *c = (evc_attack_condition_state){.node = node, .found = {.start = n->start, .end = n->end}};
  for (int to = 0; to < 2 && !a->out_of_memory; to++)
    c->forced[to] = compile_with(a, n, evc_text_of(to ? "true" : "false"));
}

/* An operand that is the same operation, not in parentheses, is a link of the same chain. */
static void add_operand(evc_attack *a, const evc_node *operation, uint32_t operand) {
  const evc_node *node = node_at(a, operand);
  if (node->kind == EVC_NODE_BINARY && node->op == operation->op) return;
  add_condition(a, operand);
}

static void add_arm(evc_attack *a, uint32_t arm) {
  arm = evc_attack_inside(a, arm);
  if (type_of(a, arm) == EVC_TYPE_BOOLEAN && has_input(a, arm)) add_condition(a, arm);
}

/* In the order of the text; what contains another comes first. */
static int compare_conditions(const void *a, const void *b) {
  const evc_condition *x = &((const evc_attack_condition_state *)a)->found;
  const evc_condition *y = &((const evc_attack_condition_state *)b)->found;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return (x->end < y->end) - (x->end > y->end);
}

static bool find_conditions(evc_attack *a) {
  size_t size = EVC_ATTACK_CONDITIONS * sizeof *a->conditions;
  a->conditions = evc_arena_alloc(&a->arena, size);
  if (!a->conditions) return false;
  for (uint32_t i = 0; i < a->tree.count && !a->out_of_memory; i++) {
    const evc_node *node = node_at(a, i);
    if (is_rule(node, EVC_RULE_LOGIC)) {
      add_operand(a, node, node->as.child.left);
      add_operand(a, node, node->as.child.right);
    } else if (node->kind == EVC_NODE_CONDITIONAL) {
      add_condition(a, node->as.child.left);
      add_arm(a, node->as.child.right);
      add_arm(a, node->as.child.third);
    }
  }
  if (a->condition_count)
    qsort(a->conditions, a->condition_count, sizeof *a->conditions, compare_conditions);
  return !a->out_of_memory;
}

bool evc_attack_plan(evc_attack *a) {
  evc_text text = evc_calculation_text(a->calculation);
  evc_options options = compile_options(a);
  options.trace = true;
  a->type = evc_calculation_type(a->calculation);
  a->traced = evc_compile(a->type, text.data, text.length, &options, NULL);
  if (!a->traced || !parse(a) || !measure(a) || !find_inputs(a) || !collect_values(a)) return false;
  count_candidates(a);
  return find_targets(a) && find_conditions(a);
}
