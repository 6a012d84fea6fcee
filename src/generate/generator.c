/* The generator: what it learns about its Event type, and the calls of its public face. */
#include "generator.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "../event/event.h"
#include "../schema/schema.h"
#include "evcalc/calculation.h"
#include "pool.h"

/* ---- What the Event type offers ------------------------------------------------------------- */

/* A calculation that does little but read the path. */
static evc_text use_of(evc_generator *g, evc_text path) {
  evc_builder text;
  evc_build_init(&text, &g->work);
  evc_build_string(&text, "null == ");
  evc_build_text(&text, path);
  evc_build_string(&text, " AND (");
  evc_build_text(&text, path);
  evc_build_string(&text, ") != null");
  evc_text use = evc_build_end(&text);
  g->out_of_memory |= !use.data;
  return use;
}

static evc_code first_error(const evc_report *report) {
  for (size_t i = 0; i < evc_report_count(report); i++)
    if (evc_report_at(report, i)->severity == EVC_ERROR) return evc_report_at(report, i)->code;
  return EVC_CODE_NONE;
}

/* The code of the first error of a calculation that uses the path; EVC_CODE_END when it is valid
** but reads something else: the field `true`, say. Asking the checker leaves to it which names can
** be written. */
static evc_code code_of_use(evc_generator *g, evc_text path) {
  evc_text use = use_of(g, path);
  if (!use.data) return EVC_CODE_OUT_OF_MEMORY;
  evc_options options = {.allocator = &g->allocator};
  evc_report *report = NULL;
  evc_calculation *calculation = evc_compile(g->type, use.data, use.length, &options, &report);
  evc_code code = first_error(report);
  if (calculation && evc_calculation_reference_count(calculation) == 0) code = EVC_CODE_END;
  g->out_of_memory |= code == EVC_CODE_OUT_OF_MEMORY;
  evc_calculation_free(calculation);
  evc_report_free(report);
  evc_arena_reset(&g->work);
  return code;
}

static void append(evc_generator *g, evc_gen_paths *paths, evc_text path) {
  void *list = paths->list;
  size_t capacity = paths->capacity;
  if (!evc_arena_grow(&g->lasting, &list, &capacity, paths->count + 1, sizeof *paths->list)) {
    g->out_of_memory = true;
    return;
  }
  paths->list = list;
  paths->capacity = (uint32_t)capacity;
  paths->list[paths->count++] = path;
}

static evc_text member_path(evc_generator *g, evc_text map, evc_text name) {
  evc_builder text;
  evc_build_init(&text, &g->lasting);
  evc_build_text(&text, map);
  evc_build_char(&text, '.');
  evc_build_text(&text, name);
  evc_text path = evc_build_end(&text);
  if (!path.data) g->out_of_memory = true;
  return path;
}

/* Is there a field of that path, or one below it? Then it is no member. */
static bool is_field(const evc_event_type *type, evc_text path) {
  for (size_t slot = 0; slot < evc_event_type_field_count(type); slot++) {
    evc_text field = evc_event_type_field(type, slot)->path;
    bool begins = field.length >= path.length && memcmp(field.data, path.data, path.length) == 0;
    if (begins && (field.length == path.length || field.data[path.length] == '.')) return true;
  }
  return false;
}

static void learn_members(evc_generator *g, evc_text map) {
  for (size_t i = 0; i < EVC_POOL_MEMBERS; i++) {
    evc_text path = member_path(g, map, evc_pool_members[i]);
    if (g->out_of_memory || is_field(g->type, path)) continue;
    if (code_of_use(g, path) == EVC_CODE_NONE) append(g, &g->members, path);
  }
}

static void learn_field(evc_generator *g, const evc_field *field) {
  evc_code code = code_of_use(g, field->path);
  bool map = field->type == EVC_TYPE_MAP;
  if (map) learn_members(g, field->path);
  if (code == EVC_CODE_OPAQUE_FIELD) append(g, map ? &g->maps : &g->opaque, field->path);
  if (code != EVC_CODE_NONE) return;
  if (field->type == EVC_TYPE_NUMBER) append(g, &g->numbers, field->path);
  if (field->type == EVC_TYPE_STRING) append(g, &g->strings, field->path);
  if (field->type == EVC_TYPE_BOOLEAN) append(g, &g->booleans, field->path);
}

/* Where a field stands below another, both are told to keep out of each other's way. */
static void learn_owners(const evc_event_type *type, uint8_t *rules, size_t slot) {
  evc_text path = evc_event_type_field(type, slot)->path;
  for (size_t i = 0; i < path.length; i++) {
    size_t owner = path.data[i] == '.' ? evc_event_type_slot(type, path.data, i) : EVC_NO_SLOT;
    if (owner == EVC_NO_SLOT) continue;
    rules[slot] = EVC_GEN_ONLY_NULL;
    bool map = evc_event_type_field(type, owner)->type == EVC_TYPE_MAP;
    if (rules[owner] == EVC_GEN_FREE) rules[owner] = map ? EVC_GEN_ONLY_MAP : EVC_GEN_ONLY_NULL;
  }
}

static bool learn(evc_generator *g) {
  size_t count = evc_event_type_field_count(g->type);
  uint8_t *rules = evc_arena_alloc(&g->lasting, count * sizeof *rules);
  if (!rules) return false;
  g->rules = memset(rules, EVC_GEN_FREE, count);
  for (size_t slot = 0; slot < count && !g->out_of_memory; slot++) {
    learn_owners(g->type, rules, slot);
    learn_field(g, evc_event_type_field(g->type, slot));
  }
  return !g->out_of_memory;
}

/* ---- Public face ---------------------------------------------------------------------------- */

static uint32_t within(uint32_t given, uint32_t standard, uint32_t most) {
  uint32_t number = given ? given : standard;
  return number < most ? number : most;
}

evc_generator *evc_generator_new(const evc_event_type *type, uint64_t seed,
                                 const evc_generate_options *options,
                                 const evc_allocator *allocator) {
  evc_allocator a = evc_allocator_of(allocator);
  evc_generator *g = evc_allocate(&a, sizeof *g);
  if (!g) return NULL;
  *g = (evc_generator){.allocator = a, .type = type};
  if (options) g->options = *options;
  g->options.nodes =
      within(g->options.nodes, EVC_GENERATE_DEFAULT_NODES, EVC_GENERATE_LARGEST_NODES);
  g->options.depth =
      within(g->options.depth, EVC_GENERATE_DEFAULT_DEPTH, EVC_GENERATE_LARGEST_DEPTH);
  evc_arena_init(&g->lasting, &a, NULL, 0);
  evc_arena_init(&g->work, &a, NULL, 0);
  evc_random_seed(&g->random, seed);
  if (learn(g)) return g;
  evc_generator_free(g);
  return NULL;
}

void evc_generator_free(evc_generator *g) {
  if (!g) return;
  evc_allocator allocator = g->allocator;
  evc_arena_free(&g->lasting);
  evc_arena_free(&g->work);
  evc_release(&allocator, g, sizeof *g);
}

void evc_generator_seed(evc_generator *g, uint64_t seed) {
  evc_random_seed(&g->random, seed);
}

void evc_generator_feed(evc_generator *g, const void *bytes, size_t length) {
  g->random.fed = bytes;
  g->random.fed_count = length;
}

static void begin(evc_generator *g) {
  evc_arena_reset(&g->work);
  g->out_of_memory = false;
}

/* Few nodes are as likely as many, and a comparison needs three. */
static uint32_t random_size(evc_generator *g, uint32_t most) {
  uint32_t size = evc_random_below(&g->random, most) + 1;
  if (evc_random_chance(&g->random, 1, 2)) size = evc_random_below(&g->random, size) + 1;
  return size < 3 && most >= 3 ? 3 : size;
}

static evc_gen_node *grow_whole(evc_generator *g, uint32_t most) {
  return evc_gen_expression(g, EVC_TYPE_BOOLEAN, random_size(g, most), g->options.depth);
}

static evc_text spelled(evc_generator *g, const evc_gen_node *root) {
  return g->out_of_memory ? (evc_text){NULL, 0} : evc_gen_spell(g, root);
}

/* Literals can be long: what passes the limit of text is made again, of fewer nodes. */
evc_text evc_generate_calculation(evc_generator *g) {
  evc_text text;
  uint32_t most = g->options.nodes;
  do {
    begin(g);
    text = spelled(g, grow_whole(g, most));
    most = most / 2 + 1;
  } while (text.data && text.length > EVC_DEFAULT_TEXT_LIMIT);
  return text;
}

/* What a name means may depend on the words beside it, so the checker has the last word. */
static bool is_as_told(evc_generator *g, evc_text text, evc_code code) {
  evc_options options = {.allow = {{UINT64_MAX, UINT64_MAX}}, .allocator = &g->allocator};
  evc_report *report = NULL;
  bool valid = evc_validate(g->type, text.data, text.length, &options, &report);
  evc_code told = valid ? EVC_CODE_NONE : evc_report_at(report, 0)->code;
  g->out_of_memory = told == EVC_CODE_OUT_OF_MEMORY;
  bool alone = evc_report_errors(report) == 1;
  evc_report_free(report);
  return told == code && alone;
}

/* Where it is not as told another one is taken, in the end one that is right for all types. */
evc_text evc_generate_mistake(evc_generator *g, evc_code *code) {
  evc_text text;
  uint32_t most = g->options.nodes, count = evc_gen_mistake_count(), tries = 0;
  do {
    begin(g);
    evc_gen_node *root = grow_whole(g, most);
    uint32_t wanted = (evc_random_below(&g->random, count) + tries++) % count;
    text = spelled(g, evc_gen_mistake(g, root, wanted, code));
    if (text.length > EVC_DEFAULT_TEXT_LIMIT) most = most / 2 + 1;
  } while (text.data && !is_as_told(g, text, *code) && !g->out_of_memory);
  return g->out_of_memory ? (evc_text){NULL, 0} : text;
}
