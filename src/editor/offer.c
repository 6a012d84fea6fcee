/* What completion offers: fields, values, functions, words and operators, each ranked by how well
** it matches what was typed and how well it fits the place. */
#include "offer.h"

#include "../schema/schema.h"
#include "calculation.h"

/* How a name matches the typed text, best first. */
typedef enum match {
  MATCH_START,   /* begins with it */
  MATCH_NAME,    /* one of its names does: amo of new.amount */
  MATCH_PART,    /* contains it */
  MATCH_LETTERS, /* has its letters in that order */
  MATCH_NONE
} match;

/* How well a value fits, best first. */
typedef enum fitting { FITS, BEGINS, UNFIT } fitting;

/* What comes first of what is equally good. */
typedef enum order {
  FIRST_VALUE,
  FIRST_FIELD,
  FIELDS,
  NULLS,
  CALLS,
  VARIABLES,
  WORDS,
  ORDERS
} order;

static uint8_t rank_of(match m, fitting f, order o) {
  return (uint8_t)((m * (UNFIT + 1) + f) * ORDERS + o);
}

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); }

static bool starts(const char *at, const char *end, evc_text typed) {
  if ((size_t)(end - at) < typed.length) return false;
  for (size_t i = 0; i < typed.length; i++)
    if (lower(at[i]) != lower(typed.data[i])) return false;
  return true;
}

static bool has_letters(const char *at, const char *end, evc_text typed) {
  size_t found = 0;
  for (; at < end && found < typed.length; at++) found += lower(*at) == lower(typed.data[found]);
  return found == typed.length;
}

/* Names before the last dot of what was typed must be there as they are. */
static match match_of(evc_text label, evc_text typed) {
  const char *at = label.data, *end = label.data + label.length;
  size_t dot = typed.length;
  while (dot > 0 && typed.data[dot - 1] != '.') dot--;
  if (!starts(at, end, (evc_text){typed.data, dot})) return MATCH_NONE;
  typed = (evc_text){typed.data + dot, typed.length - dot};
  at += dot;
  if (starts(at, end, typed)) return MATCH_START;
  for (const char *name = at; name < end; name++)
    if (name[0] == '.' && starts(name + 1, end, typed)) return MATCH_NAME;
  for (const char *part = at; part < end; part++)
    if (starts(part, end, typed)) return MATCH_PART;
  return has_letters(at, end, typed) ? MATCH_LETTERS : MATCH_NONE;
}

static void add(evc_offers *o, evc_completion item, match m, fitting f, order first) {
  if (m == MATCH_NONE || o->arena->failed) return;
  void *items = o->items, *ranks = o->ranks;
  size_t capacity = o->capacity;
  if (!evc_arena_grow(o->arena, &items, &capacity, o->count + 1, sizeof *o->items)) return;
  o->items = items;
  if (!evc_arena_grow(o->arena, &ranks, &o->capacity, o->count + 1, sizeof *o->ranks)) return;
  o->ranks = ranks;
  item.fits = f == FITS;
  if (!item.insert.data) item.insert = item.label;
  if (!item.documentation.data) item.documentation = evc_text_of("");
  o->items[o->count] = item;
  o->ranks[o->count++] = rank_of(m, f, first);
}

void evc_offer_sort(evc_offers *o) {
  uint32_t starts_at[UINT8_MAX + 2] = {0};
  evc_completion *sorted = evc_arena_alloc(o->arena, o->count * sizeof *sorted);
  if (!sorted) return;
  for (size_t i = 0; i < o->count; i++) starts_at[o->ranks[i] + 1]++;
  for (size_t i = 1; i < UINT8_MAX + 2; i++) starts_at[i] += starts_at[i - 1];
  for (size_t i = 0; i < o->count; i++) sorted[starts_at[o->ranks[i]]++] = o->items[i];
  o->items = sorted;
}

/* Values */

static bool is_of_type(evc_type type, evc_type wanted) {
  if (type == wanted || wanted == EVC_TYPE_UNKNOWN || type == EVC_TYPE_UNKNOWN) return true;
  bool either = type == EVC_TYPE_NUMBER || type == EVC_TYPE_STRING;
  if (wanted == EVC_TYPE_DYNAMIC) return either;
  return type == EVC_TYPE_DYNAMIC && (wanted == EVC_TYPE_NUMBER || wanted == EVC_TYPE_STRING);
}

static fitting fitting_of(evc_type type, const evc_want *want) {
  if (is_of_type(type, want->type)) return FITS;
  return want->begins ? BEGINS : UNFIT;
}

static void offer_strings(evc_offers *o, const evc_want *want, bool quoted, const char *behind) {
  if (!is_of_type(EVC_TYPE_STRING, want->type)) return;
  evc_text *values;
  size_t count = evc_editor_values(o->shape, o->arena, want->path, o->token, &values);
  for (size_t i = 0; i < count; i++) {
    evc_builder label, insert;
    evc_build_init(&label, o->arena);
    evc_build_init(&insert, o->arena);
    if (quoted) evc_build_char(&label, '"');
    evc_editor_build_literal(&label, values[i]);
    if (quoted) evc_build_char(&label, '"');
    evc_completion item = {
        .kind = EVC_COMPLETE_VALUE, .type = EVC_TYPE_STRING, .label = evc_build_end(&label)};
    evc_build_text(&insert, item.label);
    evc_build_string(&insert, behind);
    item.insert = evc_build_end(&insert);
    item.detail = evc_text_of(evc_type_name(EVC_TYPE_STRING));
    if (!item.label.data || !item.insert.data) return;
    match m = match_of(item.label, o->typed);
    if (quoted && o->typed.length) { /* a quote before it is no reason not to be found */
      match bare = match_of((evc_text){item.label.data + 1, item.label.length - 1}, o->typed);
      m = bare < m ? bare : m;
    }
    add(o, item, m, FITS, FIRST_VALUE);
  }
}

void evc_offer_strings(evc_offers *o, const evc_want *want, const char *behind) {
  offer_strings(o, want, false, behind);
}

/* Fields */

/* new.x beside old.x is what changes are told by. */
static bool is_counterpart(evc_text a, evc_text b) {
  return a.length == b.length && a.length > 4 && a.data[3] == '.' && b.data[3] == '.' &&
         memcmp(a.data + 4, b.data + 4, a.length - 4) == 0;
}

static void offer_members(evc_offers *o, const evc_want *want, const evc_field *map,
                          evc_text documentation) {
  evc_text *names;
  size_t count = evc_editor_members(o->shape, o->arena, map->path, o->token, &names);
  for (size_t i = 0; i < count; i++) {
    evc_builder path;
    evc_build_init(&path, o->arena);
    evc_build_text(&path, map->path);
    evc_build_char(&path, '.');
    evc_build_text(&path, names[i]);
    evc_completion item = {.kind = EVC_COMPLETE_FIELD,
                           .type = EVC_TYPE_DYNAMIC,
                           .label = evc_build_end(&path),
                           .detail = evc_text_of(evc_type_name(EVC_TYPE_DYNAMIC)),
                           .documentation = documentation};
    if (!item.label.data) return;
    add(o, item, match_of(item.label, o->typed), fitting_of(EVC_TYPE_DYNAMIC, want), FIELDS);
  }
}

/* A map is only the way to its members. */
static void offer_map(evc_offers *o, const evc_want *want, const evc_field *map,
                      evc_text documentation) {
  evc_builder path;
  evc_build_init(&path, o->arena);
  evc_build_text(&path, map->path);
  evc_build_char(&path, '.');
  evc_completion item = {.kind = EVC_COMPLETE_FIELD,
                         .type = EVC_TYPE_MAP,
                         .label = evc_build_end(&path),
                         .detail = evc_text_of(evc_type_name(EVC_TYPE_MAP)),
                         .documentation = documentation};
  if (!item.label.data) return;
  if (!evc_text_equal(item.label, o->typed))
    add(o, item, match_of(item.label, o->typed),
        fitting_of(EVC_TYPE_DYNAMIC, want) == FITS ? BEGINS : UNFIT, FIELDS);
  offer_members(o, want, map, documentation);
}

static void offer_fields(evc_offers *o, const evc_want *want) {
  const evc_event_type *type = o->editor->type;
  size_t count = type && !want->constant ? evc_event_type_field_count(type) : 0;
  if (count == 0) return;
  evc_builder origin;
  evc_build_init(&origin, o->arena);
  evc_editor_build_field(&origin, type);
  evc_text documentation = evc_build_end(&origin);
  for (size_t slot = 0; slot < count; slot++) {
    const evc_field *field = evc_event_type_field(type, slot);
    if (!evc_is_path(field->path)) continue; /* it can never be referred to */
    if (field->type == EVC_TYPE_MAP) {
      offer_map(o, want, field, documentation);
      continue;
    }
    if (field->type == EVC_TYPE_ARRAY || field->type == EVC_TYPE_OPAQUE) continue;
    bool itself = want->path.data && evc_text_equal(field->path, want->path);
    bool other = want->path.data && !itself && is_counterpart(field->path, want->path);
    evc_completion item = {.kind = EVC_COMPLETE_FIELD,
                           .type = field->type,
                           .label = field->path,
                           .detail = evc_text_of(evc_type_name(field->type)),
                           .documentation = documentation};
    add(o, item, match_of(item.label, o->typed), itself ? UNFIT : fitting_of(field->type, want),
        other ? FIRST_FIELD : FIELDS);
  }
}

/* Functions, variables and words */

/* Math.round(${1:number}): the arguments that there must be, by their names in the signature. */
static evc_text snippet_of(evc_offers *o, const evc_function_row *row) {
  evc_builder b;
  evc_build_init(&b, o->arena);
  evc_build_string(&b, row->name);
  evc_build_char(&b, '(');
  const char *at = row->signature + row->name_length + 1;
  for (unsigned i = 1; i <= row->least; i++) {
    size_t length = strcspn(at, ",[)");
    if (i > 1) evc_build_string(&b, ", ");
    evc_build_string(&b, "${");
    evc_build_unsigned(&b, i);
    evc_build_char(&b, ':');
    evc_build(&b, at, length);
    evc_build_char(&b, '}');
    at += length + strspn(at + length, ", ");
  }
  evc_build_char(&b, ')');
  return evc_build_end(&b);
}

static void offer_functions(evc_offers *o, const evc_want *want) {
  for (int i = 0; i < EVC_FN_END; i++) {
    const evc_function_row *row = &evc_functions[i];
    match m = match_of(evc_text_of(row->name), o->typed);
    if (m == MATCH_NONE) continue;
    evc_builder insert, documentation;
    evc_build_init(&insert, o->arena);
    evc_build_init(&documentation, o->arena);
    evc_build_string(&insert, row->name);
    if (!o->called) evc_build_char(&insert, '(');
    evc_editor_build_function(&documentation, (evc_function)i);
    evc_type result = evc_function_rules[row->rule].result;
    evc_completion item = {.kind = EVC_COMPLETE_FUNCTION,
                           .type = result,
                           .label = evc_text_of(row->name),
                           .insert = evc_build_end(&insert),
                           .detail = evc_text_of(row->signature),
                           .documentation = evc_build_end(&documentation)};
    if (!o->called) item.snippet = snippet_of(o, row);
    if (!item.insert.data) return;
    fitting f = want->begins ? BEGINS : fitting_of(result, want);
    add(o, item, m, f, CALLS);
  }
}

static void offer_variables(evc_offers *o, const evc_want *want) {
  for (size_t i = 0; i < evc_variable_count; i++) {
    const evc_variable_row *row = &evc_variables[i];
    evc_builder documentation;
    evc_build_init(&documentation, o->arena);
    evc_editor_build_sentence(&documentation, row->documentation);
    evc_completion item = {.kind = EVC_COMPLETE_VARIABLE,
                           .type = row->type,
                           .label = evc_text_of(row->name),
                           .detail = evc_text_of(evc_type_name(row->type)),
                           .documentation = evc_build_end(&documentation)};
    if (item.documentation.data)
      add(o, item, match_of(item.label, o->typed), fitting_of(row->type, want), VARIABLES);
  }
}

static void offer_word(evc_offers *o, const char *word, evc_type type, fitting f, order first) {
  evc_completion item = {.kind = EVC_COMPLETE_CONSTANT,
                         .type = type,
                         .label = evc_text_of(word),
                         .detail = evc_text_of(evc_type_name(type))};
  add(o, item, match_of(item.label, o->typed), f, first);
}

/* Where a condition begins, true and false are right and hardly ever meant. */
static void offer_words(evc_offers *o, const evc_want *want) {
  if (want->null) offer_word(o, "null", EVC_TYPE_NULL, FITS, NULLS);
  if (!is_of_type(EVC_TYPE_BOOLEAN, want->type)) return;
  bool sure = want->type == EVC_TYPE_BOOLEAN && !want->begins;
  fitting f = want->begins ? BEGINS : FITS;
  offer_word(o, "true", EVC_TYPE_BOOLEAN, f, sure ? FIRST_VALUE : WORDS);
  offer_word(o, "false", EVC_TYPE_BOOLEAN, f, sure ? FIRST_VALUE : WORDS);
}

void evc_offer_operands(evc_offers *o, const evc_want *want) {
  offer_strings(o, want, true, "");
  offer_fields(o, want);
  if (want->constant) return; /* a scale is a number, which needs no help */
  offer_functions(o, want);
  offer_variables(o, want);
  offer_words(o, want);
}

/* Operators */

/* What stands before the place is of another extent for each level of operators. */
typedef struct left_side {
  evc_offers *offers;
  uint32_t first; /* of the operand that was asked last, or EVC_NO_PLACE */
  evc_operand operand;
} left_side;

/* The level down to which operators belong to what is asked: a chain of AND, or of +, goes on where
** its last operand is right; a chain of comparisons as a whole is a condition. */
static unsigned level_asked(evc_operator op) {
  const evc_operator_row *row = &evc_operators[op];
  switch (row->rule) {
  case EVC_RULE_CONDITION:
  case EVC_RULE_LOGIC: return evc_operators[EVC_OP_AND].level + 1u;
  case EVC_RULE_EQUALITY:
  case EVC_RULE_ORDER: return row->level;
  default: return row->level + 1u;
  }
}

static const evc_operand *ask_left(left_side *left, evc_operator op) {
  const evc_offers *o = left->offers;
  unsigned level = level_asked(op);
  uint32_t first = evc_shape_run_start(o->shape, o->token - 1, level);
  if (first != left->first)
    left->operand = evc_editor_operand(o->editor, o->arena, o->shape, first, o->token - 1);
  left->first = first;
  return &left->operand;
}

/* May that stand on the left of the operator? A condition is compared only where it is a field. */
static bool takes(evc_operator_rule rule, const evc_operand *left) {
  evc_type type = left->type;
  if (left->null) return rule == EVC_RULE_EQUALITY;
  if (type == EVC_TYPE_UNKNOWN) return true;
  switch (rule) {
  case EVC_RULE_CONDITION:
  case EVC_RULE_LOGIC: return type == EVC_TYPE_BOOLEAN;
  case EVC_RULE_EQUALITY: return type != EVC_TYPE_BOOLEAN || left->single;
  case EVC_RULE_ORDER: return type != EVC_TYPE_BOOLEAN;
  case EVC_RULE_ARITHMETIC: return type == EVC_TYPE_NUMBER || type == EVC_TYPE_DYNAMIC;
  case EVC_RULE_SIGN: return false;
  }
  return false;
}

/* Numbers are put in order first, Strings are not, and a condition goes on with AND. */
static order order_of(evc_operator op, evc_type left) {
  switch (evc_operators[op].rule) {
  case EVC_RULE_LOGIC: return op == EVC_OP_AND ? FIRST_VALUE : FIRST_FIELD;
  case EVC_RULE_EQUALITY: return left == EVC_TYPE_NUMBER ? NULLS : FIELDS;
  case EVC_RULE_ORDER: return left == EVC_TYPE_NUMBER ? FIELDS : NULLS;
  case EVC_RULE_ARITHMETIC: return CALLS;
  default: return WORDS;
  }
}

static void offer_operator(evc_offers *o, evc_operator op, const char *spelling, evc_type left) {
  bool word = evc_operators[op].rule == EVC_RULE_LOGIC;
  evc_completion item = {.kind = word ? EVC_COMPLETE_KEYWORD : EVC_COMPLETE_OPERATOR,
                         .type = EVC_TYPE_UNKNOWN,
                         .label = evc_text_of(spelling),
                         .detail = evc_text_of(evc_operators[op].documentation)};
  match m = match_of(item.label, o->typed);
  if (m == MATCH_NONE) return;
  evc_builder documentation;
  evc_build_init(&documentation, o->arena);
  evc_editor_build_operator(&documentation, op);
  item.documentation = evc_build_end(&documentation);
  if (item.documentation.data) add(o, item, m, FITS, order_of(op, left));
}

/* Is the place between a ? and a : that is not there yet? */
static bool awaits_colon(const evc_offers *o) {
  for (uint32_t at = o->token; at > 0;) {
    at = evc_shape_run_start(o->shape, at - 1, 2);
    if (at == 0 || o->shape->places[at - 1].kind != EVC_PLACE_INFIX) return false;
    uint32_t partner = o->shape->places[at - 1].match;
    if (o->shape->tokens[at - 1].token == EVC_TOKEN_QUESTION) return partner == EVC_NO_PLACE;
    if (partner == EVC_NO_PLACE) return false;
    at = partner; /* a whole conditional stands before */
  }
  return false;
}

void evc_offer_operators(evc_offers *o) {
  left_side left = {.offers = o, .first = EVC_NO_PLACE};
  for (int op = 0; op < EVC_OP_END && !o->arena->failed; op++) {
    if (evc_operators[op].rule == EVC_RULE_SIGN) continue;
    const evc_operand *operand = ask_left(&left, (evc_operator)op);
    if (takes(evc_operators[op].rule, operand))
      offer_operator(o, (evc_operator)op, evc_operators[op].spelling, operand->type);
  }
  if (awaits_colon(o)) offer_operator(o, EVC_OP_CONDITION, ":", EVC_TYPE_UNKNOWN);
}
