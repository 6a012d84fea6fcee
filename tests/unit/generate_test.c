/* The generator: what it makes is valid, or wrong as it says; it is the same everywhere; and what
** is in it is all that the language has. */
#include "calculations.h"

#include <math.h>

#include "../../src/generate/generator.h"
#include "../../src/generate/pool.h"
#include "../../src/syntax/parse.h"
#include "evcalc/generate.h"
#include "evcalc/json.h"
#include "failing.h"

static const evc_options silent = {.allow = {{UINT64_MAX, UINT64_MAX}}};

/* ---- Random numbers ------------------------------------------------------------------------- */

/* The first numbers that the authors' own programs print. */
static void the_published_numbers(void **state) {
  (void)state;
  static const uint64_t expected[] = {UINT64_C(11520), UINT64_C(0), UINT64_C(1509978240),
                                      UINT64_C(1215971899390074240)};
  evc_random random = {.state = {1, 2, 3, 4}};
  for (size_t i = 0; i < 4; i++) assert_int_equal(evc_random_next(&random), expected[i]);
  evc_random_seed(&random, 1234567);
  assert_int_equal(random.state[0], UINT64_C(6457827717110365317));
  assert_int_equal(random.state[1], UINT64_C(3203168211198807973));
  assert_int_equal(random.state[2], UINT64_C(9817491932198370423));
  assert_int_equal(random.state[3], UINT64_C(4593380528125082431));
}

static void choices_stay_within_their_limits(void **state) {
  (void)state;
  evc_random random;
  evc_random_seed(&random, 5);
  size_t counts[7] = {0};
  for (int i = 0; i < 7000; i++) counts[evc_random_below(&random, 7)]++;
  for (size_t i = 0; i < 7; i++) assert_in_range(counts[i], 800, 1200);
  for (int i = 0; i < 1000; i++) {
    int32_t number = evc_random_between(&random, -3, 3);
    assert_true(number >= -3 && number <= 3);
    double any = evc_random_double(&random);
    assert_true(any - any == 0);
  }
}

static void fed_bytes_are_the_choices(void **state) {
  (void)state;
  const unsigned char bytes[] = {9, 200, 1, 2, 3, 4};
  evc_random random, plain;
  evc_random_seed(&random, 5);
  evc_random_seed(&plain, 5);
  random.fed = bytes;
  random.fed_count = sizeof bytes;
  assert_int_equal(evc_random_below(&random, 1), 0); /* no choice, no byte */
  assert_int_equal(evc_random_below(&random, 10), 9);
  assert_int_equal(evc_random_below(&random, 100), 0);
  assert_int_equal(evc_random_below(&random, 100000000), 0x01020304);
  assert_int_equal(evc_random_next(&random), evc_random_next(&plain));
}

/* ---- Calculations --------------------------------------------------------------------------- */

static void expect_valid(const evc_event_type *type, evc_text text,
                         const evc_generate_options *options) {
  evc_options compile = silent;
  compile.limits.nodes = options->nodes ? options->nodes : EVC_GENERATE_DEFAULT_NODES;
  assert_non_null(text.data);
  assert_int_equal(text.data[text.length], '\0');
  evc_report *report;
  if (!evc_validate(type, text.data, text.length, &compile, &report))
    fail_msg("%s\n%s", evc_report_message(report).data, text.data);
}

static void make_valid_ones(const evc_event_type *type, uint64_t seed,
                            const evc_generate_options *options, int count) {
  evc_generator *generator = evc_generator_new(type, seed, options, NULL);
  assert_non_null(generator);
  for (int i = 0; i < count; i++) expect_valid(type, evc_generate_calculation(generator), options);
  evc_generator_free(generator);
}

static void calculations_are_valid(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_builtin(NULL);
  static const evc_generate_options all[] = {
      {0},          {.line_breaks = true},
      {.nodes = 1}, {.nodes = 2},
      {.nodes = 3}, {.depth = 1},
      {.depth = 2}, {.nodes = 300, .depth = EVC_GENERATE_LARGEST_DEPTH}};
  for (size_t i = 0; i < evc_schema_count(schema); i++)
    for (size_t o = 0; o < sizeof all / sizeof *all; o++)
      make_valid_ones(evc_schema_at(schema, i), i, &all[o], 10);
  evc_generate_options largest = {.nodes = 1000000, .depth = 1000000};
  evc_generator *generator = evc_generator_new(evc_schema_at(schema, 0), 1, &largest, NULL);
  assert_int_equal(generator->options.nodes, EVC_GENERATE_LARGEST_NODES);
  assert_int_equal(generator->options.depth, EVC_GENERATE_LARGEST_DEPTH);
  for (int i = 0; i < 40; i++)
    expect_valid(evc_schema_at(schema, 0), evc_generate_calculation(generator),
                 &generator->options);
  evc_generator_free(generator);
  evc_schema_free(schema);
}

/* Names that are words of this or of other languages, that no path can spell, below each other,
** and of the members that are read. */
static evc_schema *odd_schema(void) {
  static const char *const fields[][2] = {
      {"not", "boolean"},     {"in", "string"},         {"true", "double"},
      {"AND", "boolean"},     {"Math.PI", "string"},    {"IN", "string"},
      {"string", "double"},   {"1st", "double"},        {"a-b", "double"},
      {"", "double"},         {"new", "map"},           {"new.tier", "boolean"},
      {"new.count.a", "int"}, {"grün.größe", "double"}, {"isnull", "boolean"},
      {"x.y.z", "map"},       {"is", "double"},         {"if", "double"},
      {"list", "array"},      {"odd", "record"}};
  enum { COUNT = sizeof fields / sizeof *fields };
  evc_field list[COUNT];
  for (size_t i = 0; i < COUNT; i++)
    list[i] = (evc_field){text_of(fields[i][0]), text_of(fields[i][1]), EVC_TYPE_UNKNOWN};
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_add(schema, "odd", 3, EVC_LOADED, list, COUNT, NULL), EVC_OK);
  assert_int_equal(evc_schema_add(schema, "empty", 5, EVC_LOADED, NULL, 0, NULL), EVC_OK);
  assert_int_equal(evc_schema_add(schema, "named", 5, EVC_NAME_ONLY, NULL, 0, NULL), EVC_OK);
  return schema;
}

static void calculations_are_valid_for_odd_types(void **state) {
  (void)state;
  evc_schema *schema = odd_schema();
  evc_generate_options options = {.line_breaks = true};
  for (size_t i = 0; i < evc_schema_count(schema); i++)
    make_valid_ones(evc_schema_at(schema, i), 7, &options, 500);
  evc_schema_free(schema);
}

/* Everything in the tables comes, and every kind of field. */
static void calculations_use_the_whole_language(void **state) {
  bool operators[EVC_OP_END] = {false}, functions[EVC_FN_END] = {false};
  size_t nulls = 0, members = 0, variables = 0, groups = 0, scales = 0;
  evc_generator *generator = evc_generator_new(test_type(*state), 3, NULL, NULL);
  for (int i = 0; i < 2000; i++) {
    evc_text text = evc_generate_calculation(generator);
    evc_limits limits = {EVC_DEFAULT_TEXT_LIMIT, EVC_DEFAULT_DEPTH_LIMIT, EVC_DEFAULT_NODE_LIMIT,
                         EVC_DEFAULT_ARGUMENT_LIMIT};
    evc_arena arena;
    evc_tree tree;
    evc_arena_init(&arena, NULL, NULL, 0);
    evc_parse(&tree, &arena, text.data, (uint32_t)text.length, &limits);
    for (size_t n = 0; n < tree.count; n++) {
      const evc_node *node = &tree.nodes[n];
      evc_text path = {"", 0};
      if (node->kind == EVC_NODE_UNARY || node->kind == EVC_NODE_BINARY) operators[node->op] = true;
      if (node->kind == EVC_NODE_CONDITIONAL) operators[EVC_OP_CONDITION] = true;
      if (node->kind == EVC_NODE_PATH) path = evc_tree_text(&tree, node);
      nulls += node->kind == EVC_NODE_NULL;
      groups += node->kind == EVC_NODE_GROUP;
      members += path.length > 8 && memcmp(path.data, "new.tags", 8) == 0;
      variables += evc_variable_find(path.data, path.length) != NULL;
      if (node->kind != EVC_NODE_CALL) continue;
      evc_text name = evc_tree_name(&tree, node);
      evc_function function = evc_function_find(name.data, name.length);
      functions[function] = true;
      scales += evc_functions[function].rule == EVC_RULE_SCALED && node->as.call.count == 2;
    }
    evc_arena_free(&arena);
  }
  evc_generator_free(generator);
  for (int op = 0; op < EVC_OP_END; op++) assert_true(operators[op]);
  for (int f = 0; f < EVC_FN_END; f++) assert_true(functions[f]);
  assert_true(nulls > 100 && members > 100 && variables > 100 && groups > 100 && scales > 100);
}

/* ---- Mistakes ------------------------------------------------------------------------------- */

/* The code must be told, and nothing else. */
static void expect_mistake(const evc_event_type *type, evc_text text, evc_code code) {
  evc_report *report;
  assert_non_null(text.data);
  bool valid = evc_validate(type, text.data, text.length, &silent, &report);
  const evc_diagnostic *error = evc_report_at(report, 0);
  if (valid || evc_report_errors(report) != 1 || error->code != code) {
    evc_report_print(report, text.data, text.length, NULL, EVC_STYLE_CARET, stderr);
    fail_msg("only %s was expected: %s", evc_code_name(code), text.data);
  }
  evc_report_free(report);
}

/* Every row of mistakes.def, put into many calculations. */
static void each_mistake_is_the_only_one(void **state) {
  evc_schema *builtin = evc_schema_builtin(NULL), *odd = odd_schema();
  const evc_event_type *types[] = {
      test_type(*state),
      evc_schema_find(builtin, "configuration.commitment.updated", EVC_NUL_TERMINATED),
      evc_schema_find(odd, "odd", 3), evc_schema_find(odd, "empty", 5),
      evc_schema_find(odd, "named", 5)};
  evc_code_set met = {0};
  for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
    evc_generate_options options = {.line_breaks = t % 2};
    evc_generator *g = evc_generator_new(types[t], 11, &options, NULL);
    for (uint32_t row = 0; row < evc_gen_mistake_count(); row++)
      for (int i = 0; i < 30; i++) {
        evc_code code;
        evc_arena_reset(&g->work);
        evc_gen_node *root = evc_gen_expression(g, EVC_TYPE_BOOLEAN, (uint32_t)i + 1, 12);
        root = evc_gen_mistake(g, root, row, &code);
        expect_mistake(types[t], evc_gen_spell(g, root), code);
        evc_code_set_add(&met, code);
      }
    evc_generator_free(g);
  }
  /* All that can be wrong in a text, but for limits and bytes. */
  for (int code = EVC_CODE_INVALID_UTF8 + 1; code <= EVC_CODE_NO_REAL_VALUE; code++) {
    bool limit = code >= EVC_CODE_TEXT_TOO_LONG && code <= EVC_CODE_TOO_MANY_ARGUMENTS;
    bool other = code == EVC_CODE_CALCULATION_MISSING || code == EVC_CODE_UNKNOWN_EVENT_TYPE;
    if (!limit && !other && !evc_code_set_has(&met, (evc_code)code))
      fail_msg("no mistake is %s", evc_code_name((evc_code)code));
  }
  evc_schema_free(builtin);
  evc_schema_free(odd);
}

static void mistakes_are_what_they_say(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_builtin(NULL);
  for (size_t t = 0; t < evc_schema_count(schema); t++) {
    const evc_event_type *type = evc_schema_at(schema, t);
    evc_generator *generator = evc_generator_new(type, t, NULL, NULL);
    for (int i = 0; i < 30; i++) {
      evc_code code = EVC_CODE_NONE;
      evc_text text = evc_generate_mistake(generator, &code);
      expect_mistake(type, text, code);
    }
    evc_generator_free(generator);
  }
  evc_schema_free(schema);
}

typedef struct named_field {
  const char *path, *word;
} named_field;

/* Many mistakes in a type of those fields; which codes they have. */
static evc_code_set mistakes_with(const named_field *fields, size_t count) {
  evc_field list[16];
  evc_code_set met = {0};
  for (size_t i = 0; i < count; i++)
    list[i] = (evc_field){text_of(fields[i].path), text_of(fields[i].word), EVC_TYPE_UNKNOWN};
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_add(schema, "t", 1, EVC_LOADED, list, count, NULL), EVC_OK);
  const evc_event_type *type = evc_schema_find(schema, "t", 1);
  evc_generator *generator = evc_generator_new(type, 3, NULL, NULL);
  for (int i = 0; i < 2000; i++) {
    evc_code code = EVC_CODE_NONE;
    evc_text text = evc_generate_mistake(generator, &code);
    expect_mistake(type, text, code);
    evc_code_set_add(&met, code);
  }
  evc_generator_free(generator);
  evc_schema_free(schema);
  return met;
}

/* Below a map no name is unknown, so none there is misspelt. */
static void no_name_below_a_map_is_misspelt(void **state) {
  static const named_field fields[] = {{"new.tags", "map"}, {"new.tags.tier", "string"}};
  (void)state;
  evc_code_set met = mistakes_with(fields, 2);
  assert_false(evc_code_set_has(&met, EVC_CODE_UNKNOWN_FIELD));
}

/* Where every slip is another field. */
static void a_slip_goes_on_until_it_is_one(void **state) {
  static const named_field fields[] = {
      {"n.a", "string"},    {"n.aXx", "string"}, {"n.aXxx", "string"},
      {"n.aXXx", "string"}, {"n.ax", "string"},  {"n.aX", "string"},
      {"n.axX", "string"},  {"n.Xax", "string"}, {"n.aXxXx", "string"}};
  (void)state;
  evc_code_set met = mistakes_with(fields, sizeof fields / sizeof *fields);
  assert_true(evc_code_set_has(&met, EVC_CODE_UNKNOWN_FIELD));
}

/* What is a mistake elsewhere means a field there. */
static void fields_are_called_as_mistakes(void **state) {
  static const named_field fields[] = {
      {"Math.max", "double"}, {"USD", "string"},   {"Lookup.findNumber", "double"},
      {"new.n", "double"},    {"new.s", "string"}, {"TRUE", "boolean"}};
  static const named_field maps[] = {{"Math", "map"}, {"Lookup", "map"}, {"new.n", "double"}};
  (void)state;
  evc_code_set met = mistakes_with(fields, sizeof fields / sizeof *fields);
  assert_false(evc_code_set_has(&met, EVC_CODE_FUNCTION_NOT_CALLED));
  assert_true(evc_code_set_has(&met, EVC_CODE_UNKNOWN_FUNCTION));
  met = mistakes_with(maps, sizeof maps / sizeof *maps);
  assert_false(evc_code_set_has(&met, EVC_CODE_FUNCTION_NOT_CALLED));
  assert_true(evc_code_set_has(&met, EVC_CODE_FUNCTION_UNAVAILABLE)); /* a call is of no member */
}

/* ---- Types of any names --------------------------------------------------------------------- */

/* Names of the language, of its mistakes and of no language, alone or one below another. */
static size_t put_random_name(evc_random *random, char *name) {
  static const char *const pieces[] = {
      "new",        "old",    "a",      "aX",     "Xa",       "Math",   "max",  "round",
      "USD",        "EUR",    "TRUE",   "Null",   "AND",      "or",     "NOT",  "Lookup",
      "findNumber", "isnull", "IN",     "string", "tier",     "größe",  "1000", "x-y",
      "date",       "IF",     "LIKE",   "PI",     "DateTime", "TS_FMT", "$a",   "_",
      "Number",     "cast",   "number", "abs",    "BETWEEN",  "null",   "E",    "now"};
  enum { PIECES = sizeof pieces / sizeof *pieces };
  size_t length = 0;
  for (uint32_t left = evc_random_below(random, 3) + 1; left > 0; left--) {
    const char *piece = pieces[evc_random_below(random, PIECES)];
    length += (size_t)sprintf(name + length, "%s%s", length ? "." : "", piece);
  }
  return length;
}

static void expect_all(const evc_event_type *type, uint64_t seed) {
  evc_generate_options options = {.line_breaks = seed % 2, .hostile = seed % 3 == 0};
  evc_generator *generator = evc_generator_new(type, seed, &options, NULL);
  evc_event *event = evc_event_new(type, NULL);
  for (int i = 0; i < 12; i++) {
    evc_code code = EVC_CODE_NONE;
    evc_text text = evc_generate_calculation(generator);
    expect_valid(type, text, &options);
    text = evc_generate_mistake(generator, &code);
    expect_mistake(type, text, code);
    evc_text json = evc_generate_event_json(generator, event, NULL);
    evc_report *report;
    if (evc_event_read_json(event, json.data, json.length, NULL, &report) != EVC_OK)
      fail_msg("%s\n%s", evc_report_message(report).data, json.data);
    evc_report_free(report);
    evc_json_free(json, NULL);
  }
  evc_event_free(event);
  evc_generator_free(generator);
}

static void types_of_any_names(void **state) {
  static const char *const words[] = {"double", "string", "boolean", "map", "array"};
  enum { TYPES = 300, MOST = 8 };
  (void)state;
  evc_random random;
  evc_random_seed(&random, 1);
  for (uint64_t t = 0; t < TYPES; t++) {
    evc_field fields[MOST];
    char names[MOST][64];
    uint32_t count = evc_random_below(&random, MOST + 1);
    for (uint32_t i = 0; i < count; i++) {
      size_t length = put_random_name(&random, names[i]);
      fields[i] = (evc_field){
          {names[i], length}, text_of(words[evc_random_below(&random, 5)]), EVC_TYPE_UNKNOWN};
    }
    evc_schema *schema = evc_schema_new(NULL);
    /* A name that stands twice is refused. */
    if (evc_schema_add(schema, "t", 1, EVC_LOADED, fields, count, NULL) == EVC_OK)
      expect_all(evc_schema_find(schema, "t", 1), t);
    evc_schema_free(schema);
  }
}

/* ---- The same everywhere -------------------------------------------------------------------- */

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t length) {
  const unsigned char *bytes = data;
  for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
  return hash;
}

static uint64_t hash_value(uint64_t hash, const evc_value *value) {
  hash = hash_bytes(hash, &value->kind, 1);
  if (value->kind == EVC_KIND_NUMBER) hash = hash_bytes(hash, &value->as.number, 8);
  if (value->kind == EVC_KIND_BOOLEAN) hash = hash_bytes(hash, &value->as.boolean, 1);
  if (value->kind == EVC_KIND_STRING) hash = hash_bytes(hash, value->as.text, value->length);
  for (uint32_t i = 0; value->kind == EVC_KIND_MAP && i < value->length; i++) {
    const evc_member *member = &value->as.members[i];
    hash = hash_value(hash_bytes(hash, member->name.data, member->name.length), &member->value);
  }
  return hash;
}

static uint64_t hash_of_made(evc_generator *generator, evc_event *event) {
  uint64_t hash = 0;
  for (int i = 0; i < 200; i++) {
    evc_code code;
    evc_text text = evc_generate_calculation(generator);
    hash = hash_bytes(hash, text.data, text.length);
    text = evc_generate_mistake(generator, &code);
    hash = hash_bytes(hash, text.data, text.length);
    assert_int_equal(evc_generate_event(generator, event), EVC_OK);
    for (size_t slot = 0; slot < FIELD_COUNT; slot++) {
      evc_value value = evc_event_value(event, slot);
      hash = hash_value(hash, &value);
    }
  }
  return hash;
}

static void a_seed_says_everything(void **state) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_generate_options options = {.hostile = true};
  evc_generator *a = evc_generator_new(test_type(*state), 1, &options, NULL);
  evc_generator *b = evc_generator_new(test_type(*state), 2, &options, NULL);
  uint64_t first = hash_of_made(a, event), second = hash_of_made(b, event);
  assert_true(first != second);
  assert_true(first != hash_of_made(a, event)); /* it goes on */
  evc_generator_seed(b, 1);
  assert_true(first == hash_of_made(b, event));
  evc_generator_feed(a, "anything", 8);
  evc_generator_seed(a, 1);
  assert_true(first == hash_of_made(a, event));
  evc_generator_free(a);
  evc_generator_free(b);
  evc_event_free(event);
}

/* What seed 1 makes on every machine. It changes when the generator is changed, and only then. */
static void a_seed_says_the_same_on_every_machine(void **state) {
  evc_event *event = evc_event_new(test_type(*state), NULL);
  evc_generator *generator = evc_generator_new(test_type(*state), 1, NULL, NULL);
  assert_int_equal(hash_of_made(generator, event), UINT64_C(0x398de46257086eba));
  evc_generator_free(generator);
  evc_event_free(event);
}

static void any_bytes_will_do(void **state) {
  evc_generate_options options = {.nodes = 200};
  evc_generator *generator = evc_generator_new(test_type(*state), 1, &options, NULL);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  unsigned char bytes[600];
  for (size_t round = 0; round < 600; round++) {
    for (size_t i = 0; i < sizeof bytes; i++)
      bytes[i] = (unsigned char)(round < 256 ? round : (i * round) ^ (i >> 3));
    evc_code code;
    evc_generator_feed(generator, bytes, round);
    expect_valid(test_type(*state), evc_generate_calculation(generator), &options);
    evc_generator_feed(generator, bytes, sizeof bytes);
    evc_text text = evc_generate_mistake(generator, &code);
    expect_mistake(test_type(*state), text, code);
    evc_generator_feed(generator, bytes, sizeof bytes);
    assert_int_equal(evc_generate_event(generator, event), EVC_OK);
  }
  evc_event_free(event);
  evc_generator_free(generator);
}

/* ---- Events --------------------------------------------------------------------------------- */

static bool fits(evc_type type, const evc_value *value) {
  switch ((evc_kind)value->kind) {
  case EVC_KIND_NULL: return true;
  case EVC_KIND_NUMBER: return type == EVC_TYPE_NUMBER && value->as.number - value->as.number == 0;
  case EVC_KIND_STRING: return type == EVC_TYPE_STRING;
  case EVC_KIND_BOOLEAN: return type == EVC_TYPE_BOOLEAN;
  case EVC_KIND_MAP: return type == EVC_TYPE_MAP;
  default: return value->kind == EVC_KIND_ARRAY && type == EVC_TYPE_ARRAY;
  }
}

/* Counts what the events of a generator hold. */
typedef struct holdings {
  size_t misfits, nulls, kinds[EVC_KIND_END], member_kinds[EVC_KIND_END];
  bool numbers[64]; /* of the pool's table */
  bool negative_zero, empty_string;
} holdings;

static void count_value(holdings *h, const evc_value *value) {
  h->kinds[value->kind]++;
  if (value->kind == EVC_KIND_STRING) h->empty_string |= value->length == 0;
  if (value->kind != EVC_KIND_NUMBER) return;
  double number = value->as.number;
  h->negative_zero |= number == 0 && signbit(number);
  for (size_t i = 0; i < evc_pool_number_count(); i++)
    h->numbers[i] |= fabs(number) == evc_pool_number_at(i);
}

static holdings holdings_of(void **state, bool hostile) {
  holdings h = {0};
  evc_generate_options options = {.hostile = hostile};
  evc_generator *generator = evc_generator_new(test_type(*state), 9, &options, NULL);
  evc_event *event = evc_event_new(test_type(*state), NULL);
  for (int i = 0; i < 4000; i++) {
    assert_int_equal(evc_generate_event(generator, event), EVC_OK);
    for (size_t slot = 0; slot < FIELD_COUNT; slot++) {
      evc_value value = evc_event_value(event, slot);
      h.misfits += !fits(evc_event_type_field(test_type(*state), slot)->type, &value);
      count_value(&h, &value);
      for (uint32_t m = 0; value.kind == EVC_KIND_MAP && m < value.length; m++)
        h.member_kinds[value.as.members[m].value.kind]++;
    }
  }
  evc_event_free(event);
  evc_generator_free(generator);
  return h;
}

static void events_hold_what_their_fields_allow(void **state) {
  holdings h = holdings_of(state, false);
  assert_int_equal(h.misfits, 0);
  for (int kind = EVC_KIND_NULL; kind <= EVC_KIND_ARRAY; kind++) assert_true(h.kinds[kind] > 500);
  for (size_t i = 0; i < evc_pool_number_count(); i++) assert_true(h.numbers[i]);
  assert_true(h.negative_zero && h.empty_string);
  assert_true(h.member_kinds[EVC_KIND_NUMBER] > 500 && h.member_kinds[EVC_KIND_STRING] > 500);
  assert_true(h.member_kinds[EVC_KIND_NULL] > 100);
  assert_int_equal(h.member_kinds[EVC_KIND_BOOLEAN], 0);
}

static void hostile_events_hold_anything(void **state) {
  holdings h = holdings_of(state, true);
  assert_true(h.misfits > 500);
  for (int kind = EVC_KIND_NULL; kind < EVC_KIND_END; kind++) assert_true(h.kinds[kind] > 100);
  assert_true(h.member_kinds[EVC_KIND_BOOLEAN] > 10 && h.member_kinds[EVC_KIND_OVERFLOW] > 10);
}

/* Of a field and one below it JSON can hold but one: the one below is null, and so is the other,
*unless
** it is a map. */
static void fields_below_others_keep_apart(void **state) {
  static const struct {
    const char *path, *word;
    evc_kind only; /* beside null */
  } fields[] = {{"m", "map", EVC_KIND_MAP},
                {"m.a", "boolean", EVC_KIND_NULL},
                {"n", "double", EVC_KIND_NULL},
                {"n.x.y", "string", EVC_KIND_NULL},
                {"s", "string", EVC_KIND_STRING}};
  enum { COUNT = sizeof fields / sizeof *fields };
  (void)state;
  evc_field list[COUNT];
  for (size_t i = 0; i < COUNT; i++)
    list[i] = (evc_field){text_of(fields[i].path), text_of(fields[i].word), EVC_TYPE_UNKNOWN};
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_add(schema, "t", 1, EVC_LOADED, list, COUNT, NULL), EVC_OK);
  const evc_event_type *type = evc_schema_find(schema, "t", 1);
  evc_generate_options options = {.hostile = true};
  evc_generator *generator = evc_generator_new(type, 3, &options, NULL);
  evc_event *event = evc_event_new(type, NULL);
  size_t others[COUNT] = {0};
  for (int made = 0; made < 500; made++) {
    assert_int_equal(evc_generate_event(generator, event), EVC_OK);
    for (size_t i = 0; i < COUNT; i++) {
      size_t slot = evc_event_type_slot(type, fields[i].path, strlen(fields[i].path));
      evc_kind kind = evc_event_value(event, slot).kind;
      others[i] += kind != EVC_KIND_NULL && kind != fields[i].only;
    }
  }
  for (size_t i = 0; i < COUNT - 1; i++) assert_int_equal(others[i], 0);
  assert_true(others[COUNT - 1] > 10);
  evc_event_free(event);
  evc_generator_free(generator);
  evc_schema_free(schema);
}

static void an_event_of_another_type(void **state) {
  evc_schema *odd = odd_schema();
  evc_generator *generator = evc_generator_new(test_type(*state), 9, NULL, NULL);
  evc_event *event = evc_event_new(evc_schema_find(odd, "odd", 3), NULL);
  assert_int_equal(evc_generate_event(generator, event), EVC_WRONG_KIND);
  evc_event_free(event);
  evc_generator_free(generator);
  evc_schema_free(odd);
}

/* ---- Without memory ------------------------------------------------------------------------- */

/* Make one of each; false when something said that memory ran out. */
static bool make_some(const evc_event_type *type, const evc_allocator *allocator) {
  evc_generate_options options = {.nodes = 200, .hostile = true};
  evc_generator *generator = evc_generator_new(type, 4, &options, allocator);
  evc_event *event = evc_event_new(type, allocator);
  bool made = generator && event;
  for (int i = 0; i < 3 && made; i++) {
    evc_code code;
    made = evc_generate_calculation(generator).data != NULL;
    made = made && evc_generate_mistake(generator, &code).data != NULL;
    made = made && evc_generate_event(generator, event) == EVC_OK;
  }
  evc_event_free(event);
  evc_generator_free(generator);
  return made;
}

static void making_without_memory(void **state) {
  for (int once = 0; once < 2; once++) {
    bool made = false;
    for (size_t n = 1; !made || n < 30; n++) {
      failing f = {.fail_from = n, .only_once = once};
      evc_allocator allocator = failing_allocator(&f);
      made = make_some(test_type(*state), &allocator);
      assert_int_equal(f.bytes, 0);
      assert_false(f.mistaken);
      if (f.calls < n) assert_true(made);
      /* A block that is only joined with others may lack without harm. */
      if (f.calls < n) break;
      assert_true(n < 10000);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_published_numbers),
      cmocka_unit_test(choices_stay_within_their_limits),
      cmocka_unit_test(fed_bytes_are_the_choices),
      cmocka_unit_test(calculations_are_valid),
      cmocka_unit_test(calculations_are_valid_for_odd_types),
      cmocka_unit_test(calculations_use_the_whole_language),
      cmocka_unit_test(each_mistake_is_the_only_one),
      cmocka_unit_test(mistakes_are_what_they_say),
      cmocka_unit_test(no_name_below_a_map_is_misspelt),
      cmocka_unit_test(a_slip_goes_on_until_it_is_one),
      cmocka_unit_test(fields_are_called_as_mistakes),
      cmocka_unit_test(types_of_any_names),
      cmocka_unit_test(a_seed_says_everything),
      cmocka_unit_test(a_seed_says_the_same_on_every_machine),
      cmocka_unit_test(any_bytes_will_do),
      cmocka_unit_test(events_hold_what_their_fields_allow),
      cmocka_unit_test(hostile_events_hold_anything),
      cmocka_unit_test(fields_below_others_keep_apart),
      cmocka_unit_test(an_event_of_another_type),
      cmocka_unit_test(making_without_memory),
  };
  return cmocka_run_group_tests(tests, schema_up, schema_down);
}
