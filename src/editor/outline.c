/* Ranges to select and the outline: both take the text apart where its brackets and operators
** do. */
#include "editor.h"

#include "calculation.h"

enum { TIGHTEST = 9, LOOSEST = 1, OF_OR = 2, OF_AND = 3 }; /* levels of operators.def */

/* Ranges */

typedef struct collector {
  evc_arena *arena;
  size_t offset;
  evc_range *list;
  size_t count, capacity;
} collector;

/* Only what contains the offset and more than the range before it. */
static void add(collector *c, size_t start, size_t end) {
  if (c->offset < start || c->offset > end || start >= end) return;
  const evc_range *last = c->count ? &c->list[c->count - 1] : NULL;
  if (last && (last->start < start || last->end > end)) return;
  if (last && last->start == start && last->end == end) return;
  void *list = c->list;
  if (!evc_arena_grow(c->arena, &list, &c->capacity, c->count + 1, sizeof *c->list)) return;
  c->list = list;
  c->list[c->count++] = (evc_range){start, end}; /* NOLINT(clang-analyzer-core.NullDereference): grown */
}

static void add_tokens(collector *c, const evc_shape *shape, uint32_t first, uint32_t last) {
  if (first <= last) add(c, shape->tokens[first].start, shape->tokens[last].end);
}

/* The tokens around the offset, level by level, inside one bracket. */
static void add_levels(collector *c, const evc_shape *shape, const uint32_t *first,
                       const uint32_t *last) {
  const evc_place *place = &shape->places[*first];
  unsigned level = TIGHTEST;
  if (place->kind == EVC_PLACE_COMMA) return;
  if (place->kind == EVC_PLACE_INFIX && *first == *last) level = place->level;
  for (; level >= LOOSEST; level--) {
    uint32_t from = evc_shape_run_start(shape, *first, level);
    add_tokens(c, shape, from, evc_shape_run_end(shape, *last, level));
  }
}

static uint32_t start_of_unit(const evc_shape *shape, uint32_t token) {
  const evc_place *place = &shape->places[token];
  if (place->kind == EVC_PLACE_CLOSE && place->match != EVC_NO_PLACE) token = place->match;
  return shape->places[token].call && shape->places[token - 1].kind == EVC_PLACE_NAME ? token - 1
                                                                                      : token;
}

static void collect_from_tokens(collector *c, const evc_shape *shape, uint32_t token) {
  const evc_lexeme *t = &shape->tokens[token];
  if (t->token == EVC_TOKEN_STRING && t->end - t->start > 2 && c->offset > t->start &&
      c->offset < t->end)
    add(c, t->start + 1, t->end - 1);
  add(c, t->start, t->end);
  for (uint32_t at = token;;) {
    uint32_t first = start_of_unit(shape, at), last = evc_shape_unit_end(shape, first);
    uint32_t open = shape->places[first].bracket;
    add_tokens(c, shape, shape->places[at].kind == EVC_PLACE_OPEN ? at : first, last);
    add_tokens(c, shape, first, last);
    add_levels(c, shape, &first, &last);
    if (open == EVC_NO_PLACE) return;
    uint32_t end = evc_shape_unit_end(shape, open);
    bool closed = shape->places[open].match != EVC_NO_PLACE;
    add_tokens(c, shape, open + 1, closed ? end - 1 : end);
    at = open;
  }
}

/* Operators that bind to the right, which levels alone do not tell apart. */
static void collect_from_tree(collector *c, const evc_tree *tree) {
  for (size_t i = 0; i < tree->count && !tree->stopped; i++) {
    const evc_node *node = &tree->nodes[i];
    bool binary = node->kind == EVC_NODE_BINARY && node->construct == EVC_CONSTRUCT_NONE;
    bool right = binary && evc_operators[node->op].associativity == EVC_RIGHT;
    if (right || node->kind == EVC_NODE_UNARY || node->kind == EVC_NODE_CONDITIONAL)
      add(c, node->start, node->end);
  }
}

static size_t length_of(evc_range range) { return range.end - range.start; }

/* Both lists grow from the inside to the outside. */
static void merge(collector *to, const collector *a, const collector *b) {
  size_t i = 0, k = 0;
  while (i < a->count || k < b->count) {
    bool first = k == b->count || (i < a->count && length_of(a->list[i]) <= length_of(b->list[k]));
    evc_range next = first ? a->list[i++] : b->list[k++];
    add(to, next.start, next.end);
  }
}

static bool is_word(const evc_shape *shape, uint32_t token) {
  uint8_t kind = shape->places[token].kind;
  return kind == EVC_PLACE_OPERAND || kind == EVC_PLACE_NAME;
}

/* The token to start from: of the two that meet at the offset the one that is a word, else the one
** behind; where there is none, the one before it, else the first. */
static uint32_t starting_token(const evc_shape *shape, size_t offset) {
  uint32_t token = evc_editor_token_at(shape, offset);
  if (token != EVC_NO_PLACE) {
    bool meet =
        token > 0 && shape->tokens[token].start == offset && shape->tokens[token - 1].end == offset;
    return meet && !is_word(shape, token) && is_word(shape, token - 1) ? token - 1 : token;
  }
  for (token = shape->count - 1; token > 0 && shape->tokens[token].start > offset;) token--;
  return token;
}

evc_status evc_editor_ranges(evc_editor *editor, size_t offset, const evc_range **ranges,
                             size_t *count) {
  const evc_reading *reading = &editor->reading;
  evc_arena *arena = evc_editor_begin(editor, EVC_QUERY_RANGES);
  *ranges = NULL;
  *count = 0;
  if (reading->text.length == 0) return EVC_NOT_FOUND;
  if (offset > reading->text.length) offset = reading->text.length;
  collector tokens = {.arena = arena, .offset = offset}, tree = tokens, all = tokens;
  if (reading->shape.count > 0) {
    collect_from_tokens(&tokens, &reading->shape, starting_token(&reading->shape, offset));
    collect_from_tree(&tree, &reading->tree);
  }
  merge(&all, &tokens, &tree);
  add(&all, 0, reading->text.length);
  evc_status status = evc_editor_end(arena, EVC_OK);
  if (status != EVC_OK) return status;
  *ranges = all.list;
  *count = all.count;
  return EVC_OK;
}

/* Outline */

/* Tokens that are still to be shown. */
typedef struct pending {
  uint32_t first, last;
  size_t depth;
} pending;

typedef struct outline {
  const evc_shape *shape;
  evc_arena *arena;
  pending *stack;
  size_t waiting, capacity;
  evc_symbol *symbols;
  size_t count, symbol_capacity;
} outline;

static bool push(outline *o, uint32_t first, uint32_t last, size_t depth) {
  void *stack = o->stack;
  if (!evc_arena_grow(o->arena, &stack, &o->capacity, o->waiting + 1, sizeof *o->stack))
    return false;
  o->stack = stack;
  o->stack[o->waiting++] = (pending){first, last, depth};
  return true;
}

/* The loosest level at the top of the tokens, TIGHTEST + 1 where there is no operator. */
static unsigned loosest(const evc_shape *shape, uint32_t first, uint32_t last) {
  unsigned level = TIGHTEST + 1;
  for (uint32_t at = first; at <= last; at = evc_shape_unit_end(shape, at) + 1) {
    const evc_place *place = &shape->places[at];
    if (place->kind == EVC_PLACE_INFIX && place->level < level) level = place->level;
  }
  return level;
}

/* Without the parentheses around all of it; those that are not closed stay. */
static void strip(const evc_shape *shape, uint32_t *first, uint32_t *last) {
  while (shape->places[*first].kind == EVC_PLACE_OPEN && shape->places[*first].match == *last &&
         *first + 1 < *last) {
    ++*first;
    --*last;
  }
}

/* The operands of that level, the first one on top of the stack. */
static void push_operands(outline *o, uint32_t first, uint32_t last, unsigned level, size_t depth) {
  const evc_shape *shape = o->shape;
  size_t before = o->waiting;
  uint32_t start = first;
  for (uint32_t at = first; at <= last; at = evc_shape_unit_end(shape, at) + 1) {
    const evc_place *place = &shape->places[at];
    if (place->kind != EVC_PLACE_INFIX || place->level != level) continue;
    if (at > start && !push(o, start, at - 1, depth)) return;
    start = at + 1;
  }
  if (start <= last && !push(o, start, last, depth)) return;
  for (size_t i = before, k = o->waiting; i + 1 < k; i++) {
    pending swapped = o->stack[i];
    o->stack[i] = o->stack[--k];
    o->stack[k] = swapped;
  }
}

/* The source on one line. */
static evc_text name_of(outline *o, size_t start, size_t end) {
  enum { MOST = 80 };
  const char *source = o->shape->tree->source;
  evc_builder line, name;
  evc_build_init(&line, o->arena);
  evc_build_init(&name, o->arena);
  for (size_t i = start; i < end && line.length <= MOST; i++) {
    bool blank = evc_is_blank(source[i]);
    if (!blank || !evc_is_blank(source[i - 1])) evc_build_char(&line, blank ? ' ' : source[i]);
  }
  evc_build_quoted(&name, evc_build_end(&line), MOST);
  return evc_build_end(&name);
}

static void show(outline *o, const pending *p, evc_symbol_kind kind) {
  void *symbols = o->symbols;
  if (!evc_arena_grow(o->arena, &symbols, &o->symbol_capacity, o->count + 1, sizeof *o->symbols))
    return; /* the arena remembers */
  o->symbols = symbols;
  size_t start = o->shape->tokens[p->first].start, end = o->shape->tokens[p->last].end;
  o->symbols[o->count++] = (evc_symbol){{start, end}, kind, p->depth, name_of(o, start, end)};
}

static void walk(outline *o) {
  bool whole = true;
  while (o->waiting > 0 && !o->arena->failed) {
    pending p = o->stack[--o->waiting];
    uint32_t first = p.first, last = p.last;
    strip(o->shape, &first, &last);
    unsigned level = loosest(o->shape, first, last);
    bool joined = level == OF_OR || level == OF_AND;
    evc_symbol_kind kind = level == OF_OR ? EVC_SYMBOL_ANY : EVC_SYMBOL_ALL;
    if (!joined || !whole) show(o, &p, joined ? kind : EVC_SYMBOL_CONDITION);
    if (joined) push_operands(o, first, last, level, p.depth + !whole);
    whole = false;
  }
}

evc_status evc_editor_symbols(evc_editor *editor, const evc_symbol **symbols, size_t *count) {
  const evc_shape *shape = &editor->reading.shape;
  outline o = {.shape = shape, .arena = evc_editor_begin(editor, EVC_QUERY_SYMBOLS)};
  *symbols = NULL;
  *count = 0;
  if (shape->count == 0) return EVC_NOT_FOUND;
  if (push(&o, 0, shape->count - 1, 0)) walk(&o);
  evc_status status = evc_editor_end(o.arena, o.count ? EVC_OK : EVC_NOT_FOUND);
  if (status != EVC_OK) return status;
  *symbols = o.symbols;
  *count = o.count;
  return EVC_OK;
}
