/* Filling an event's slots from its JSON in one forward walk. */
#include "events.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/text.h"
#include "../event/event.h"
#include "event_plan.h"
#include "grammar.h"
#include "read.h"
#include "tell.h"

/* An object being walked. */
typedef struct frame {
  evc_json_walk walk;
  const evc_plan_node *node;
  evc_member *members; /* of a map field, those read so far or room for those wanted */
  size_t member_count, member_capacity;
  evc_map seen; /* member's name → index in members, where all are wanted */
} frame;

/* What an event keeps for the next reading. */
typedef struct filler {
  evc_event_companion companion;
  evc_allocator allocator;
  evc_document *document;
  evc_plan plan;
  uint64_t readings; /* how many there were */
  frame *frames;
  size_t frame_capacity;
} filler;

/* One reading. */
typedef struct reading {
  evc_event *event;
  filler *filler;
  evc_document *document;
  evc_teller teller;
  evc_text piece;
  evc_event_head *head; /* to be filled too, its name already is; or NULL */
  bool full; /* m3terEvent was met */
  size_t depth;
} reading;

static void filler_free(evc_event_companion *companion) {
  filler *f = (filler *)companion;
  evc_allocator allocator = f->allocator;
  evc_document_free(f->document);
  evc_plan_free(&f->plan);
  evc_release(&allocator, f->frames, f->frame_capacity * sizeof *f->frames);
  evc_release(&allocator, f, sizeof *f);
}

/* The event's filler, made when it has none; NULL when out of memory. */
static filler *filler_of(evc_event *event) {
  if (event->companion) return (filler *)event->companion;
  evc_allocator allocator = event->store.allocator;
  filler *f = evc_allocate(&allocator, sizeof *f);
  if (!f) return NULL;
  *f = (filler){.companion = {filler_free}, .allocator = allocator};
  f->document = evc_document_new(&allocator);
  if (!f->document) {
    evc_release(&allocator, f, sizeof *f);
    return NULL;
  }
  evc_plan_init(&f->plan, &allocator);
  event->companion = &f->companion;
  return f;
}

/* For a reading: a plan for what is wanted, and a frame for each level of it. */
static bool prepare(filler *f, const evc_event_type *type, const evc_calculation *calculation) {
  f->readings++;
  if (!evc_plan_prepare(&f->plan, type, calculation)) return false;
  size_t needed = f->plan.depth + 1;
  if (needed <= f->frame_capacity) return true;
  size_t old_size = f->frame_capacity * sizeof *f->frames;
  frame *frames =
      evc_reallocate(&f->allocator, f->frames, old_size, evc_size_mul(needed, sizeof *frames));
  if (!frames) return false;
  f->frames = frames;
  f->frame_capacity = needed;
  return true;
}

static evc_status tell(const reading *r, evc_status status) {
  return evc_tell_status(&r->teller, status, r->piece);
}

static size_t offset_of(const reading *r, const evc_json_value *value) {
  size_t base = (size_t)(r->piece.data - r->teller.whole.data);
  return base + evc_json_offset(r->document, value);
}

/* Read a value. Objects and arrays are given as their kind alone, and not looked into. */
static evc_status read_value(const reading *r, const evc_json_value *json, evc_value *value) {
  evc_kind kind = evc_json_kind(json);
  evc_status status = EVC_OK;
  evc_text text;
  *value = (evc_value){.kind = (uint8_t)kind};
  switch (kind) {
  case EVC_KIND_NULL: status = evc_json_read_null(json); break;
  case EVC_KIND_BOOLEAN: status = evc_json_read_boolean(json, &value->as.boolean); break;
  case EVC_KIND_NUMBER:
    status = evc_json_read_number(json, &value->as.number);
    if (status == EVC_LIMIT) {
      *value = (evc_value){.kind = EVC_KIND_OVERFLOW};
      status = EVC_OK;
    }
    break;
  case EVC_KIND_STRING:
    status = evc_json_copy_value(&r->event->store, json, &text);
    if (status != EVC_OK) break;
    value->as.text = text.data;
    value->length = (uint32_t)text.length;
    break;
  case EVC_KIND_MAP:
  case EVC_KIND_ARRAY: break;
  default: status = EVC_INVALID;
  }
  return status == EVC_OK ? EVC_OK : tell(r, status);
}

/* The node's slot is filled in this reading. */
static void note_filled(const reading *r, size_t id) {
  evc_plan_node *nodes = r->filler->plan.nodes;
  uint32_t below = EVC_MAP_ABSENT;
  for (uint32_t at = (uint32_t)id;; at = nodes[at].parent) {
    evc_plan_node *node = &nodes[at];
    bool known = node->reading == r->filler->readings;
    if (!known) node->first_filled = EVC_MAP_ABSENT;
    node->reading = r->filler->readings;
    if (below != EVC_MAP_ABSENT) {
      nodes[below].next_filled = node->first_filled;
      node->first_filled = below;
    }
    if (known || at == EVC_PLAN_ROOT) return;
    below = at;
  }
}

/* A place that is met again replaces all that was read below it. However often that happens, each value
** that was filled is taken back once. */
static void forget_below(const reading *r, size_t id) {
  evc_plan_node *nodes = r->filler->plan.nodes;
  size_t at = id;
  if (nodes[id].reading != r->filler->readings) return;
  for (;;) {
    evc_plan_node *node = &nodes[at];
    if (node->first_filled != EVC_MAP_ABSENT) {
      at = node->first_filled;
      node->first_filled = nodes[at].next_filled;
      continue;
    }
    if (node->slot != EVC_MAP_ABSENT)
      r->event->values[node->slot] = (evc_value){.kind = EVC_KIND_NULL};
    if (at == id) return;
    node->reading = 0;
    at = node->parent;
  }
}

/* Room for the wanted members of a map field, all null; for all its members there is none yet. A map
** that is met again has its room. */
static bool enter_map(const reading *r, frame *f) {
  const evc_plan *plan = &r->filler->plan;
  evc_plan_node *node = &r->filler->plan.nodes[f->node - plan->nodes];
  if (node->all_members || node->member_count == 0) return true;
  size_t size = evc_size_mul(node->member_count, sizeof *f->members);
  bool met = node->members_reading == r->filler->readings;
  f->members = met ? node->members : evc_arena_alloc(&r->event->store, size);
  if (!f->members) return false;
  node->members = f->members;
  node->members_reading = r->filler->readings;
  f->member_count = node->member_count;
  for (uint32_t i = 0; i < node->keys.count; i++) {
    const evc_plan_node *child = &plan->nodes[node->children[i]];
    if (child->member == EVC_MAP_ABSENT) continue;
    f->members[child->member] =
        (evc_member){.name = node->keys.names[i], .value = {.kind = EVC_KIND_NULL}};
  }
  return true;
}

static evc_status enter(reading *r, const evc_json_value *value, const evc_plan_node *node) {
  frame *f = &r->filler->frames[r->depth];
  *f = (frame){.node = node};
  evc_status status = value ? evc_json_walk_value(r->document, value, &f->walk)
                            : evc_document_walk(r->document, &f->walk);
  if (status != EVC_OK) return tell(r, status);
  if (!enter_map(r, f)) return tell(r, EVC_OUT_OF_MEMORY);
  r->depth++;
  return EVC_OK;
}

static void leave(reading *r) {
  const frame *f = &r->filler->frames[--r->depth];
  if (f->member_count == 0) return;
  evc_value *map = &r->event->values[f->node->slot];
  map->as.members = f->members;
  map->length = (uint32_t)f->member_count;
}

/* The index of a member of a map all of whose members are wanted; a name met again keeps its
** place. */
static evc_status place_member(const reading *r, frame *f, evc_text name, size_t *index) {
  evc_arena *store = &r->event->store;
  uint32_t known = evc_map_get(&f->seen, name.data, name.length);
  *index = known == EVC_MAP_ABSENT ? f->member_count : known;
  if (known != EVC_MAP_ABSENT) return EVC_OK;
  void *members = f->members;
  if (!evc_arena_grow(store, &members, &f->member_capacity, f->member_count + 1,
                      sizeof *f->members) ||
      !evc_map_set(&f->seen, store, name.data, name.length, (uint32_t)f->member_count))
    return tell(r, EVC_OUT_OF_MEMORY);
  f->members = members;
  f->members[f->member_count++].name = name;
  return EVC_OK;
}

static evc_status check_name(const reading *r, const evc_json_item *item, const evc_value *value) {
  if (value->kind == EVC_KIND_NULL) return EVC_OK;
  size_t offset = offset_of(r, &item->value);
  if (value->kind != EVC_KIND_STRING)
    return evc_tell_shape(&r->teller, offset, "eventName", (evc_text){NULL, 0},
                          (evc_kind)value->kind, "a string");
  evc_text found = {value->as.text, value->length};
  evc_text wanted = evc_event_type_name(r->event->type);
  if (evc_text_equal(found, wanted)) return EVC_OK;
  evc_text args[] = {found, wanted};
  return evc_tell_message(&r->teller, offset, EVC_MSG_EVENT_TYPE_MISMATCH, args, 2);
}

/* A member that the plan wants. */
static evc_status take(reading *r, const evc_json_item *item, const evc_plan_node *node,
                       evc_value *member) {
  const evc_plan *plan = &r->filler->plan;
  size_t id = node ? (size_t)(node - plan->nodes) : EVC_PLAN_FIXED;
  if (id == EVC_PLAN_EVENT) r->full = true;
  if (id == EVC_PLAN_EVENT || id == EVC_PLAN_EVENT_DATA) forget_below(r, EVC_PLAN_ROOT);
  evc_value value;
  evc_status status = read_value(r, &item->value, &value);
  if (status == EVC_OK && id == EVC_PLAN_EVENT_NAME) status = check_name(r, item, &value);
  if (status != EVC_OK) return status;
  if (member) *member = value;
  if (!node) return EVC_OK;
  forget_below(r, id);
  if (node->slot != EVC_MAP_ABSENT) {
    r->event->values[node->slot] = value;
    note_filled(r, id);
  }
  if (value.kind == EVC_KIND_MAP && (node->keys.count > 0 || node->all_members))
    return enter(r, &item->value, node);
  /* What is on the way to fields must be an object; a field of its own may be anything here. */
  bool on_the_way = id == EVC_PLAN_EVENT || id == EVC_PLAN_EVENT_DATA ||
                    (node->slot == EVC_MAP_ABSENT && node->total > 0);
  if (!on_the_way || value.kind == EVC_KIND_MAP || value.kind == EVC_KIND_NULL) return EVC_OK;
  return evc_tell_shape(&r->teller, offset_of(r, &item->value), "the event's",
                        evc_plan_name(plan, node), (evc_kind)value.kind, "an object");
}

/* A text of the head as it stands between its quotes, or absent for null; false when it is
** neither or has an escape. */
static bool read_plain(const evc_json_value *value, evc_text *text) {
  *text = (evc_text){NULL, 0};
  evc_kind kind = evc_json_kind(value);
  if (kind == EVC_KIND_NULL) return evc_json_read_null(value) == EVC_OK;
  return kind == EVC_KIND_STRING && evc_json_read_string(value, text) == EVC_OK &&
         !memchr(text->data, '\\', text->length);
}

/* The id; or an eventName, which must be the one that the event was chosen by. */
static bool read_head(const reading *r, const evc_json_value *value, bool is_id) {
  if (is_id) return read_plain(value, &r->head->id);
  evc_text name;
  return read_plain(value, &name) && !name.data == !r->head->name.data &&
         evc_text_equal(name, r->head->name);
}

/* The next wanted member of the object being walked. */
static evc_status step(reading *r) {
  const evc_plan *plan = &r->filler->plan;
  frame *f = &r->filler->frames[r->depth - 1];
  const evc_plan_node *node = f->node, *child = NULL;
  evc_json_item item;
  evc_status status = evc_json_next(&f->walk, node->all_members ? NULL : &node->keys, &item);
  if (status == EVC_END) {
    leave(r);
    return EVC_OK;
  }
  if (status != EVC_OK) return tell(r, status);
  if (!node->all_members) {
    child = &plan->nodes[node->children[item.which]];
    bool at_root = node == &plan->nodes[EVC_PLAN_ROOT];
    bool is_id = child == &plan->nodes[EVC_PLAN_ID];
    bool is_name = child == &plan->nodes[EVC_PLAN_EVENT_NAME];
    if (at_root && r->head && (is_id || is_name)) {
      if (!read_head(r, &item.value, is_id)) return EVC_INVALID;
      if (is_name) return EVC_OK;
    }
    /* In the full form the names of the short form mean nothing. */
    bool other = is_id || child - plan->nodes >= EVC_PLAN_FIXED;
    if (at_root && other && (r->full || child->total == 0)) return EVC_OK;
    bool wanted = child->member != EVC_MAP_ABSENT;
    return take(r, &item, child, wanted ? &f->members[child->member].value : NULL);
  }
  evc_text name;
  size_t index;
  status = evc_json_copy(&r->event->store, item.key, &name);
  if (status != EVC_OK) return tell(r, status);
  status = place_member(r, f, name, &index);
  if (status != EVC_OK) return status;
  uint32_t which = evc_json_keys_find(&node->keys, name);
  if (which != EVC_MAP_ABSENT) child = &plan->nodes[node->children[which]];
  return take(r, &item, child, &f->members[index].value);
}

static evc_status read_event(reading *r) {
  evc_status status = evc_document_open(r->document, r->piece);
  size_t at;
  if (status == EVC_WRONG_KIND && evc_json_check(r->piece, &at) != EVC_JSON_SOUND)
    status = EVC_INVALID;
  if (status == EVC_WRONG_KIND ||
      (status == EVC_OK && evc_document_is_array(r->document))) {
    size_t offset = (size_t)(r->piece.data - r->teller.whole.data);
    evc_text args[] = {{EVC_LITERAL("this is no event")}, {EVC_LITERAL("an object")}};
    return evc_tell_message(&r->teller, offset, EVC_MSG_JSON_SHAPE, args, 2);
  }
  if (status != EVC_OK) return tell(r, status);
  status = enter(r, NULL, &r->filler->plan.nodes[EVC_PLAN_ROOT]);
  while (status == EVC_OK && r->depth > 0) status = step(r);
  if (status == EVC_OK && !evc_document_ended(r->document)) status = tell(r, EVC_INVALID);
  return status;
}

/* ---- Head and fields in one walk ------------------------------------------------------------ */

/* What is done with the root while nobody knows yet which event is to be filled. */
typedef struct head_walk {
  evc_document *document;
  evc_json_walk walk;
  evc_event_head *head;
  bool named;  /* eventName was met */
  bool has_id; /* so was id, which may be a field too */
  bool passed; /* so was some other member, which may be a wanted one */
} head_walk;

/* Walk on, up to eventName (EVC_OK) or the end (EVC_END). EVC_INVALID: whatever is wrong or
** unusual. */
static evc_status walk_head(head_walk *h) {
  evc_json_item item;
  evc_status status;
  while ((status = evc_json_next(&h->walk, NULL, &item)) == EVC_OK) {
    bool is_name = evc_text_is(item.key, "eventName");
    if (memchr(item.key.data, '\\', item.key.length)) return EVC_INVALID;
    if (!is_name && !evc_text_is(item.key, "id")) {
      h->passed = true;
      continue;
    }
    if (is_name && h->named) return EVC_INVALID;
    evc_text *text = is_name ? &h->head->name : &h->head->id;
    if (!read_plain(&item.value, text)) return EVC_INVALID;
    h->has_id |= !is_name;
    if (!is_name) continue;
    h->named = true;
    return EVC_OK;
  }
  return status == EVC_END ? EVC_END : EVC_INVALID;
}

/* Fill the target's event: from where the walk of the head is, or from the start where that passed
** something over. */
static evc_status fill_target(head_walk *h, evc_event_target target) {
  reading r = {.event = target.event, .document = h->document, .head = h->head};
  evc_text name = h->head->name;
  evc_event_clear(r.event);
  if ((name.data && !evc_text_equal(name, evc_event_type_name(r.event->type))) ||
      (target.calculation && evc_calculation_type(target.calculation) != r.event->type))
    return EVC_INVALID;
  r.filler = filler_of(r.event);
  if (!r.filler || !prepare(r.filler, r.event->type, target.calculation)) return EVC_INVALID;
  const evc_plan_node *root = &r.filler->plan.nodes[EVC_PLAN_ROOT];
  evc_status status = EVC_OK;
  if (h->passed || (h->has_id && r.filler->plan.nodes[EVC_PLAN_ID].total > 0)) {
    status = enter(&r, NULL, root);
  } else {
    r.filler->frames[0] = (frame){.walk = h->walk, .node = root};
    r.depth = 1;
  }
  while (status == EVC_OK && r.depth > 0) status = step(&r);
  return status;
}

evc_status evc_event_read_quick(evc_document *document, evc_text piece, const char *end,
                                evc_event_choice choose, void *context, evc_event_head *head,
                                evc_event **event) {
  head_walk h = {.document = document, .head = head};
  *event = NULL;
  if (evc_document_open_within(document, piece, end) != EVC_OK ||
      evc_document_is_array(document) || evc_document_walk(document, &h.walk) != EVC_OK)
    return EVC_INVALID;
  evc_status status = walk_head(&h);
  if (status == EVC_INVALID) return EVC_INVALID;
  evc_event_target target = choose(context, head->name);
  *event = target.event;
  if (target.event) status = fill_target(&h, target);
  else if (status == EVC_OK) status = walk_head(&h) == EVC_END ? EVC_OK : EVC_INVALID;
  bool read = (status == EVC_OK || status == EVC_END) && evc_document_ended(document);
  return read ? EVC_OK : EVC_INVALID;
}

evc_status evc_event_read_told(evc_event *event, const evc_teller *teller, evc_text part,
                               const evc_calculation *calculation) {
  reading r = {.event = event, .piece = part, .teller = *teller};
  evc_event_clear(event);
  if (calculation && evc_calculation_type(calculation) != event->type) {
    evc_text args[] = {evc_event_type_name(event->type),
                       evc_event_type_name(evc_calculation_type(calculation))};
    size_t offset = (size_t)(part.data - teller->whole.data);
    return evc_tell_message(&r.teller, offset, EVC_MSG_EVENT_TYPE_MISMATCH, args, 2);
  }
  r.filler = filler_of(event);
  if (!r.filler || !prepare(r.filler, event->type, calculation)) return tell(&r, EVC_OUT_OF_MEMORY);
  r.document = r.filler->document;
  evc_status status = read_event(&r);
  if (status != EVC_OK) evc_event_clear(event);
  return status;
}

evc_status evc_event_read_part(evc_event *event, evc_text whole, evc_text part,
                               const evc_calculation *calculation, evc_report **report) {
  evc_teller teller = evc_teller_of(&event->store.allocator, whole, report);
  return evc_event_read_told(event, &teller, part, calculation);
}

evc_status evc_event_read_json(evc_event *event, const char *json, size_t length,
                               const evc_calculation *calculation, evc_report **report) {
  evc_text whole = {json ? json : "", evc_length_of(json, length)};
  return evc_event_read_part(event, whole, whole, calculation, report);
}
