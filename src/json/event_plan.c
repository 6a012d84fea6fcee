/* Building plans. Nodes are added parents first, which counting slots relies on. */
#include "event_plan.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"

/* Up to that many names are compared one by one. */
enum { FEW_NAMES = 8 };

void evc_plan_init(evc_plan *plan, const evc_allocator *allocator) {
  *plan = (evc_plan){.ready = false};
  evc_arena_init(&plan->arena, allocator, NULL, 0);
}

void evc_plan_free(evc_plan *plan) { evc_arena_free(&plan->arena); }

/* A new node; EVC_MAP_ABSENT when out of memory. */
static uint32_t add_node(evc_plan *plan, uint32_t parent) {
  void *nodes = plan->nodes;
  if (plan->count >= EVC_MAP_ABSENT ||
      !evc_arena_grow(&plan->arena, &nodes, &plan->capacity, plan->count + 1,
                      sizeof *plan->nodes))
    return EVC_MAP_ABSENT;
  plan->nodes = nodes;
  plan->nodes[plan->count] =
      (evc_plan_node){.parent = parent, .slot = EVC_MAP_ABSENT, .member = EVC_MAP_ABSENT};
  return (uint32_t)plan->count++;
}

/* Let a name below `parent` lead to `child`. The name is borrowed. */
static bool link_child(evc_plan *plan, uint32_t parent, evc_text name, uint32_t child) {
  evc_plan_node *node = &plan->nodes[parent];
  void *names = (void *)(uintptr_t)node->keys.names, *children = node->children;
  size_t name_capacity = node->name_capacity, child_capacity = node->child_capacity;
  uint32_t index = node->keys.count;
  if (!evc_arena_grow(&plan->arena, &names, &name_capacity, index + 1u, sizeof name) ||
      !evc_arena_grow(&plan->arena, &children, &child_capacity, index + 1u, sizeof child) ||
      !evc_map_set(&node->map, &plan->arena, name.data, name.length, index))
    return false;
  ((evc_text *)names)[index] = name;
  ((uint32_t *)children)[index] = child;
  node->keys.names = names;
  node->keys.count++;
  node->children = children;
  node->name_capacity = (uint32_t)name_capacity;
  node->child_capacity = (uint32_t)child_capacity;
  return true;
}

/* The node that a name leads to, made when it is new. */
static uint32_t child_of(evc_plan *plan, uint32_t parent, evc_text name) {
  uint32_t index = evc_map_get(&plan->nodes[parent].map, name.data, name.length);
  if (index != EVC_MAP_ABSENT) return plan->nodes[parent].children[index];
  evc_text copy = evc_arena_text(&plan->arena, name.data, name.length);
  uint32_t child = copy.data ? add_node(plan, parent) : EVC_MAP_ABSENT;
  if (child == EVC_MAP_ABSENT || !link_child(plan, parent, copy, child)) return EVC_MAP_ABSENT;
  return child;
}

/* The node of a path's first name, under the root and under eventData. Where a list had both new.*
** and newDto.*, the one that comes first would be read from the full form. A name that the root
** gives a meaning of its own is there in the full form alone. */
static uint32_t first_child(evc_plan *plan, evc_text name) {
  if (evc_text_is(name, "m3terEvent") || evc_text_is(name, "eventName"))
    return child_of(plan, EVC_PLAN_EVENT_DATA, name);
  uint32_t child = child_of(plan, EVC_PLAN_ROOT, name);
  if (child == EVC_MAP_ABSENT) return EVC_MAP_ABSENT;
  evc_text full = name;
  if (evc_text_is(name, "new")) full = (evc_text){EVC_LITERAL("newDto")};
  if (evc_text_is(name, "old")) full = (evc_text){EVC_LITERAL("oldDto")};
  const evc_plan_node *data = &plan->nodes[EVC_PLAN_EVENT_DATA];
  if (evc_map_get(&data->map, full.data, full.length) != EVC_MAP_ABSENT) return child;
  evc_text copy = evc_arena_text(&plan->arena, full.data, full.length);
  if (!copy.data || !link_child(plan, EVC_PLAN_EVENT_DATA, copy, child)) return EVC_MAP_ABSENT;
  return child;
}

static bool add_field(evc_plan *plan, const evc_event_type *type, const evc_reference *wanted) {
  const evc_field *field = evc_event_type_field(type, wanted->slot);
  if (!field) return true;
  uint32_t node = EVC_PLAN_ROOT;
  const char *at = field->path.data, *end = at + field->path.length;
  size_t depth = EVC_PLAN_FIXED;
  for (bool more = true; more; depth++) {
    const char *dot = memchr(at, '.', (size_t)(end - at));
    evc_text name = {at, (size_t)((dot ? dot : end) - at)};
    node = node == EVC_PLAN_ROOT ? first_child(plan, name) : child_of(plan, node, name);
    if (node == EVC_MAP_ABSENT) return false;
    more = dot != NULL;
    if (dot) at = dot + 1;
  }
  if (depth > plan->depth) plan->depth = depth;
  plan->nodes[node].slot = (uint32_t)wanted->slot;
  if (!wanted->member.data) {
    plan->nodes[node].all_members = field->type == EVC_TYPE_MAP && plan->all;
    return true;
  }
  uint32_t member = child_of(plan, node, wanted->member);
  if (member == EVC_MAP_ABSENT) return false;
  if (plan->nodes[member].member == EVC_MAP_ABSENT)
    plan->nodes[member].member = plan->nodes[node].member_count++;
  return true;
}

static bool add_fixed(evc_plan *plan) {
  static const struct {
    uint32_t parent;
    evc_text name;
  } fixed[EVC_PLAN_FIXED] = {
      [EVC_PLAN_EVENT] = {EVC_PLAN_ROOT, {"m3terEvent", 10}},
      [EVC_PLAN_EVENT_DATA] = {EVC_PLAN_EVENT, {"eventData", 9}},
      [EVC_PLAN_EVENT_NAME] = {EVC_PLAN_ROOT, {"eventName", 9}},
      [EVC_PLAN_ID] = {EVC_PLAN_ROOT, {"id", 2}},
  };
  if (add_node(plan, EVC_PLAN_ROOT) == EVC_MAP_ABSENT) return false;
  for (uint32_t i = EVC_PLAN_ROOT + 1; i < EVC_PLAN_FIXED; i++) {
    uint32_t node = add_node(plan, fixed[i].parent);
    if (node == EVC_MAP_ABSENT || !link_child(plan, fixed[i].parent, fixed[i].name, node))
      return false;
  }
  return true;
}

/* Count the slots, and make the keys ready for use. */
static void finish(evc_plan *plan) {
  for (size_t i = plan->count; i-- > 0;) {
    evc_plan_node *node = &plan->nodes[i];
    node->total += node->slot != EVC_MAP_ABSENT;
    if (i > 0) plan->nodes[node->parent].total += node->total;
    node->keys.map = node->keys.count > FEW_NAMES ? &node->map : NULL;
    evc_json_keys_measure(&node->keys);
  }
}

static bool build(evc_plan *plan, const evc_event_type *type, const evc_calculation *calculation) {
  plan->all = calculation == NULL;
  plan->depth = EVC_PLAN_FIXED;
  size_t count = calculation ? evc_calculation_reference_count(calculation)
                             : evc_event_type_field_count(type);
  plan->references = evc_arena_alloc(&plan->arena, evc_size_mul(count, sizeof *plan->references));
  if (!plan->references || !add_fixed(plan)) return false;
  for (size_t i = 0; i < count; i++) {
    evc_reference wanted = {.slot = i};
    if (calculation) wanted = evc_calculation_reference(calculation, i);
    if (!add_field(plan, type, &wanted)) return false;
    if (calculation && wanted.member.data) {
      /* The calculation may be gone when the plan is looked at again. */
      evc_text name = wanted.member;
      wanted.member = evc_arena_text(&plan->arena, name.data, name.length);
      if (!wanted.member.data) return false;
    }
    plan->references[i] = wanted;
  }
  plan->reference_count = count;
  finish(plan);
  return true;
}

static bool is_for(const evc_plan *plan, const evc_calculation *calculation) {
  if (!plan->ready || plan->all != (calculation == NULL)) return false;
  if (!calculation) return true;
  if (plan->reference_count != evc_calculation_reference_count(calculation)) return false;
  for (size_t i = 0; i < plan->reference_count; i++) {
    evc_reference wanted = evc_calculation_reference(calculation, i);
    const evc_reference *have = &plan->references[i];
    if (wanted.slot != have->slot || !wanted.member.data != !have->member.data ||
        !evc_text_equal(wanted.member, have->member))
      return false;
  }
  return true;
}

bool evc_plan_prepare(evc_plan *plan, const evc_event_type *type,
                      const evc_calculation *calculation) {
  if (is_for(plan, calculation)) return true;
  evc_arena arena = plan->arena;
  evc_arena_reset(&arena);
  *plan = (evc_plan){.arena = arena};
  plan->ready = build(plan, type, calculation);
  return plan->ready;
}

evc_text evc_plan_name(const evc_plan *plan, const evc_plan_node *node) {
  const evc_plan_node *parent = &plan->nodes[node->parent];
  for (uint32_t i = 0; i < parent->keys.count; i++)
    if (&plan->nodes[parent->children[i]] == node) return parent->keys.names[i];
  return (evc_text){NULL, 0};
}
