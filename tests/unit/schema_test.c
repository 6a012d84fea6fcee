/* The schema: adding, replacing, finding, suggesting, the built-in catalogue, lack of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../src/base/text.h"
#include "../../src/schema/schema.h"
#include "failing.h"

static evc_text text_of(const char *s) { return (evc_text){s, strlen(s)}; }

static evc_field field_of(const char *path, const char *word) {
  return (evc_field){text_of(path), text_of(word), EVC_TYPE_UNKNOWN};
}

static const evc_event_type *find(const evc_schema *schema, const char *name) {
  return evc_schema_find(schema, name, EVC_NUL_TERMINATED);
}

static size_t slot(const evc_event_type *type, const char *path) {
  return evc_event_type_slot(type, path, EVC_NUL_TERMINATED);
}

/* Add a type with the given fields and no report. */
static void add(evc_schema *schema, const char *name, const evc_field *fields, size_t count) {
  assert_int_equal(
      evc_schema_add(schema, name, EVC_NUL_TERMINATED, EVC_LOADED, fields, count, NULL), EVC_OK);
}

static void an_empty_schema_knows_nothing(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  assert_int_equal(evc_schema_count(schema), 0);
  assert_null(evc_schema_at(schema, 0));
  assert_null(find(schema, "a.b"));
  assert_null(find(schema, ""));
  evc_text names[3];
  assert_int_equal(evc_schema_suggest(schema, "a", 1, names, 3), 0);
  evc_schema_free(schema);
  evc_schema_free(NULL);
}

static void a_type_is_found_with_its_fields(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  evc_field fields[] = {field_of("new.a", "double"), field_of("new.b", "string")};
  add(schema, "t.x", fields, 2);
  const evc_event_type *type = evc_schema_find(schema, "t.xyz", 3);
  assert_non_null(type);
  assert_string_equal(evc_event_type_name(type).data, "t.x");
  assert_int_equal(evc_event_type_provenance(type), EVC_LOADED);
  assert_int_equal(evc_event_type_field_count(type), 2);
  assert_int_equal(slot(type, "new.a"), 0);
  assert_int_equal(evc_event_type_slot(type, "new.b!", 5), 1);
  assert_int_equal(slot(type, "new.c"), EVC_NO_SLOT);
  assert_int_equal(slot(type, "new"), EVC_NO_SLOT);
  assert_int_equal(slot(type, ""), EVC_NO_SLOT);
  assert_string_equal(evc_event_type_field(type, 0)->path.data, "new.a");
  assert_string_equal(evc_event_type_field(type, 1)->word.data, "string");
  assert_null(evc_event_type_field(type, 2));
  assert_ptr_equal(type->schema, schema);
  evc_schema_free(schema);
}

static void type_words(void **state) {
  (void)state;
  static const struct {
    const char *word;
    evc_type type;
    evc_code code; /* of the load warning */
  } cases[] = {
      {"string", EVC_TYPE_STRING, EVC_CODE_NONE},
      {"double", EVC_TYPE_NUMBER, EVC_CODE_NONE},
      {"int", EVC_TYPE_NUMBER, EVC_CODE_NONE},
      {"boolean", EVC_TYPE_BOOLEAN, EVC_CODE_NONE},
      {"map", EVC_TYPE_MAP, EVC_CODE_NONE},
      {"array", EVC_TYPE_ARRAY, EVC_CODE_NONE},
      {"long", EVC_TYPE_NUMBER, EVC_CODE_TYPE_WORD_UNDOCUMENTED},
      {"float", EVC_TYPE_NUMBER, EVC_CODE_TYPE_WORD_UNDOCUMENTED},
      {"integer", EVC_TYPE_NUMBER, EVC_CODE_TYPE_WORD_UNDOCUMENTED},
      {"number", EVC_TYPE_NUMBER, EVC_CODE_TYPE_WORD_UNDOCUMENTED},
      {"decimal", EVC_TYPE_NUMBER, EVC_CODE_TYPE_WORD_UNDOCUMENTED},
      {"enum", EVC_TYPE_STRING, EVC_CODE_TYPE_WORD_UNDOCUMENTED},
      {"bytes", EVC_TYPE_OPAQUE, EVC_CODE_TYPE_WORD_UNKNOWN},
      {"fixed", EVC_TYPE_OPAQUE, EVC_CODE_TYPE_WORD_UNKNOWN},
      {"record", EVC_TYPE_OPAQUE, EVC_CODE_TYPE_WORD_UNKNOWN},
      {"String", EVC_TYPE_OPAQUE, EVC_CODE_TYPE_WORD_UNKNOWN},
      {"", EVC_TYPE_OPAQUE, EVC_CODE_TYPE_WORD_UNKNOWN},
      {"doubles", EVC_TYPE_OPAQUE, EVC_CODE_TYPE_WORD_UNKNOWN},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_schema *schema = evc_schema_new(NULL);
    evc_field field = field_of("new.a", cases[i].word);
    evc_report *report;
    assert_int_equal(evc_schema_add(schema, "t.x", 3, EVC_LOADED, &field, 1, &report), EVC_OK);
    assert_int_equal(evc_event_type_field(find(schema, "t.x"), 0)->type, cases[i].type);
    assert_string_equal(evc_event_type_field(find(schema, "t.x"), 0)->word.data, cases[i].word);
    assert_int_equal(evc_report_count(report), cases[i].code != EVC_CODE_NONE);
    if (report) {
      assert_int_equal(evc_report_at(report, 0)->code, cases[i].code);
      assert_int_equal(evc_report_at(report, 0)->severity, EVC_LOAD_WARNING);
      assert_false(evc_report_at(report, 0)->has_span);
      assert_int_equal(evc_report_errors(report), 0);
    }
    evc_report_free(report);
    evc_schema_free(schema);
  }
}

static void paths(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool path;
  } cases[] = {
      {"new.amount", true}, {"a", true},       {"$a._b.c1", true},  {"new.größe", true},
      {"数量.x", true},     {"a.b.c.d", true}, {"", false},         {".", false},
      {"a.", false},        {".a", false},     {"a..b", false},     {"1a", false},
      {"a.1b", false},      {"a-b", false},    {"a b", false},      {" a", false},
      {"a.b ", false},      {"a\xFF", false},  {"a.\xC3", false},   {"a€", false},
      {"a\xCC\x81", false}, {"null", true},    {"new.null", true},  {"a.$", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(evc_is_path(text_of(cases[i].text)), cases[i].path);
  assert_false(evc_is_path((evc_text){"a\0b", 3}));
}

static void a_key_that_is_no_path_is_warned_of(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  evc_field fields[] = {field_of("new.a-b", "long"), field_of("new.c", "int")};
  evc_report *report;
  assert_int_equal(evc_schema_add(schema, "t.x", 3, EVC_LOADED, fields, 2, &report), EVC_OK);
  assert_int_equal(evc_report_count(report), 2);
  assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_FIELD_NOT_REFERABLE);
  assert_int_equal(evc_report_at(report, 1)->code, EVC_CODE_TYPE_WORD_UNDOCUMENTED);
  assert_int_equal(slot(find(schema, "t.x"), "new.a-b"), 0);
  evc_report_free(report);
  evc_schema_free(schema);
}

static void a_path_given_twice_counts_once(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  evc_field fields[] = {field_of("new.a", "double"), field_of("new.b", "int"),
                        field_of("new.a", "string")};
  add(schema, "t.x", fields, 3);
  const evc_event_type *type = find(schema, "t.x");
  assert_int_equal(evc_event_type_field_count(type), 2);
  assert_int_equal(slot(type, "new.a"), 0);
  assert_int_equal(evc_event_type_field(type, 0)->type, EVC_TYPE_STRING);
  assert_string_equal(evc_event_type_field(type, 0)->word.data, "string");
  evc_schema_free(schema);
}

static void a_replaced_type_stays_alive(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  evc_field old_field = field_of("new.a", "double"), new_field = field_of("new.b", "string");
  add(schema, "t.x", &old_field, 1);
  const evc_event_type *before = find(schema, "t.x");
  add(schema, "t.x", &new_field, 1);
  const evc_event_type *after = find(schema, "t.x");
  assert_ptr_not_equal(before, after);
  assert_int_equal(evc_schema_count(schema), 1);
  assert_ptr_equal(evc_schema_at(schema, 0), after);
  assert_int_equal(slot(before, "new.a"), 0);
  assert_int_equal(slot(after, "new.a"), EVC_NO_SLOT);
  assert_int_equal(slot(after, "new.b"), 0);
  evc_schema_free(schema);
}

static void types_are_in_order_of_name(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_new(NULL);
  char name[16];
  for (int i = 0; i < 500; i++) {
    snprintf(name, sizeof name, "t.%03d", (i * 263) % 500);
    add(schema, name, NULL, 0);
    snprintf(name, sizeof name, "t.%03d", (i / 2 * 263) % 500);
    add(schema, name, NULL, 0); /* again */
    assert_int_equal(evc_schema_count(schema), i + 1);
    for (size_t k = 0; k < (size_t)i; k++)
      assert_true(strcmp(evc_event_type_name(evc_schema_at(schema, k)).data,
                         evc_event_type_name(evc_schema_at(schema, k + 1)).data) < 0);
  }
  assert_int_equal(evc_schema_count(schema), 500);
  for (size_t i = 0; i < 500; i++) {
    snprintf(name, sizeof name, "t.%03zu", i);
    assert_string_equal(evc_event_type_name(evc_schema_at(schema, i)).data, name);
    assert_ptr_equal(find(schema, name), evc_schema_at(schema, i));
  }
  assert_null(evc_schema_at(schema, 500));
  evc_schema_free(schema);
}

/* Many at once, of which some are known and some come twice; in every order of coming. */
static void types_added_at_once_are_in_order_of_name(void **state) {
  (void)state;
  enum { COUNT = 300, BATCHES = 20 };
  static const size_t steps[] = {1, 299, 7, 151};
  for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
    evc_schema *schema = evc_schema_new(NULL);
    const evc_event_type *types[COUNT], *last[COUNT] = {NULL};
    for (size_t batch = 0; batch < BATCHES; batch++) {
      for (size_t i = 0; i < COUNT; i++) {
        char name[16];
        size_t number = (i * steps[s] + batch) % COUNT / (BATCHES - batch);
        int length = snprintf(name, sizeof name, "t.%03zu", number);
        types[i] = evc_schema_prepare(schema, (evc_text){name, (size_t)length}, EVC_LOADED, NULL,
                                      NULL, 0, NULL);
        assert_non_null(types[i]);
        last[number] = types[i];
      }
      assert_true(evc_schema_commit(schema, types, COUNT));
      size_t known = 0;
      for (size_t i = 0; i < COUNT; i++)
        if (last[i]) assert_ptr_equal(evc_schema_at(schema, known++), last[i]);
      assert_int_equal(evc_schema_count(schema), known);
    }
    assert_int_equal(evc_schema_count(schema), COUNT);
    assert_true(evc_schema_commit(schema, NULL, 0));
    evc_schema_free(schema);
  }
}

/* So many new ones at once that they are sorted by themselves, in every order of coming. */
static void new_types_are_sorted(void **state) {
  (void)state;
  enum { COUNT = 300 };
  static const size_t steps[] = {1, 299, 7, 151};
  for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
    evc_schema *schema = evc_schema_new(NULL);
    const evc_event_type *types[COUNT], *by_number[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
      char name[16];
      size_t number = i * steps[s] % COUNT;
      int length = snprintf(name, sizeof name, "t.%03zu", number);
      types[i] = by_number[number] = evc_schema_prepare(
          schema, (evc_text){name, (size_t)length}, EVC_LOADED, NULL, NULL, 0, NULL);
      assert_non_null(types[i]);
    }
    assert_true(evc_schema_commit(schema, types, COUNT));
    assert_int_equal(evc_schema_count(schema), COUNT);
    for (size_t i = 0; i < COUNT; i++) assert_ptr_equal(evc_schema_at(schema, i), by_number[i]);
    evc_schema_free(schema);
  }
}

static void suggestions(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_builtin(NULL);
  evc_text names[8];
  static const struct {
    const char *wanted, *best;
  } cases[] = {
      {"configuration.comitment.created", "configuration.commitment.created"},
      {"Configuration.Commitment.Created", "configuration.commitment.created"},
      {"commitment.created", "configuration.commitment.created"},
      {"billing.bil.updated", "billing.bill.updated"},
      {"created", "billing.balance.created"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t count =
        evc_schema_suggest(schema, cases[i].wanted, EVC_NUL_TERMINATED, names, 3);
    assert_in_range(count, 1, 3);
    assert_string_equal(names[0].data, cases[i].best);
  }
  assert_int_equal(evc_schema_suggest(schema, "zzzzzzzz", 8, names, 8), 0);
  assert_int_equal(evc_schema_suggest(schema, "created", 7, names, 0), 0);
  assert_int_equal(evc_schema_suggest(schema, "created", 7, names, 100), 8);
  evc_schema_free(schema);
}

static void the_catalogue(void **state) {
  (void)state;
  evc_schema *schema = evc_schema_builtin(NULL);
  assert_int_equal(evc_schema_count(schema), 106);
  static const struct {
    const char *name;
    evc_provenance provenance;
    size_t fields;
  } cases[] = {
      {"configuration.commitment.created", EVC_PUBLISHED, 24},
      {"configuration.commitment.updated", EVC_INFERRED, 48},
      {"configuration.commitment.deleted", EVC_INFERRED, 24},
      {"billing.bill.updated", EVC_DERIVED, 64},
      {"billing.billconfig.created", EVC_DERIVED, 2},
      {"configuration.alert.created", EVC_NAME_ONLY, 0},
      {"billing.balanceamount.updated", EVC_NAME_ONLY, 0},
      {"ingest.validation.failure", EVC_NAME_ONLY, 0},
      {"dataexport.job.failure", EVC_NAME_ONLY, 0},
      {"integration.missingaccountmapping.error", EVC_NAME_ONLY, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const evc_event_type *type = find(schema, cases[i].name);
    assert_non_null(type);
    assert_int_equal(evc_event_type_provenance(type), cases[i].provenance);
    assert_int_equal(evc_event_type_field_count(type), cases[i].fields);
  }
  /* Every list: in order, first all of new, then all of old, of documented types. */
  for (size_t i = 0; i < evc_schema_count(schema); i++) {
    const evc_event_type *type = evc_schema_at(schema, i);
    for (size_t j = 0; j < evc_event_type_field_count(type); j++) {
      const evc_field *field = evc_event_type_field(type, j);
      assert_true(evc_is_path(field->path));
      assert_in_range(field->type, EVC_TYPE_NUMBER, EVC_TYPE_ARRAY);
      assert_int_equal(slot(type, field->path.data), j);
      if (j > 0) assert_true(evc_text_compare(field[-1].path, field->path) < 0);
    }
  }
  evc_schema_free(schema);
}

static void names_of_provenances(void **state) {
  (void)state;
  assert_string_equal(evc_provenance_name(EVC_PUBLISHED), "published");
  assert_string_equal(evc_provenance_name(EVC_INFERRED), "inferred");
  assert_string_equal(evc_provenance_name(EVC_DERIVED), "derived");
  assert_string_equal(evc_provenance_name(EVC_NAME_ONLY), "name-only");
  assert_string_equal(evc_provenance_name(EVC_LOADED), "loaded");
  assert_string_equal(evc_provenance_name((evc_provenance)99), "unknown");
}

/* Fail each allocation of an addition in turn: the schema is as before, and works on. */
static void adding_is_all_or_nothing(void **state) {
  (void)state;
  evc_field first = field_of("new.a", "double");
  evc_field fields[40];
  char paths[40][16];
  for (size_t i = 0; i < 40; i++) {
    snprintf(paths[i], sizeof paths[i], "new.f%zu", i);
    fields[i] = field_of(paths[i], i % 2 ? "long" : "nonsense");
  }
  for (size_t n = 1; n < 1000; n++) {
    failing f = {0};
    evc_allocator allocator = failing_allocator(&f);
    evc_schema *schema = evc_schema_new(&allocator);
    add(schema, "t.x", &first, 1);
    const evc_event_type *before = find(schema, "t.x");
    f.calls = 0;
    f.fail_from = n;
    evc_report *report;
    evc_status status = evc_schema_add(schema, "t.x", 3, EVC_LOADED, fields, 40, &report);
    bool reached = f.calls >= n;
    f.fail_from = 0;
    if (status == EVC_OK) {
      assert_false(reached);
      assert_int_equal(evc_report_count(report), 40);
    } else {
      assert_int_equal(status, EVC_OUT_OF_MEMORY);
      assert_int_equal(evc_report_at(report, 0)->code, EVC_CODE_OUT_OF_MEMORY);
      assert_ptr_equal(find(schema, "t.x"), before);
      assert_int_equal(evc_schema_count(schema), 1);
      add(schema, "t.y", fields, 40);
      assert_int_equal(evc_schema_count(schema), 2);
    }
    evc_report_free(report);
    evc_schema_free(schema);
    assert_int_equal(f.bytes, 0);
    assert_false(f.mistaken);
    if (status == EVC_OK) return;
  }
  fail_msg("adding never succeeded");
}

static void the_catalogue_without_memory(void **state) {
  (void)state;
  for (size_t n = 1; n < 1000; n++) {
    failing f = {.fail_from = n};
    evc_allocator allocator = failing_allocator(&f);
    evc_schema *schema = evc_schema_builtin(&allocator);
    bool made = schema != NULL;
    evc_schema_free(schema);
    assert_int_equal(f.bytes, 0);
    assert_false(f.mistaken);
    if (made) return;
  }
  fail_msg("the catalogue was never loaded");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_schema_knows_nothing),
      cmocka_unit_test(a_type_is_found_with_its_fields),
      cmocka_unit_test(type_words),
      cmocka_unit_test(paths),
      cmocka_unit_test(a_key_that_is_no_path_is_warned_of),
      cmocka_unit_test(a_path_given_twice_counts_once),
      cmocka_unit_test(a_replaced_type_stays_alive),
      cmocka_unit_test(types_are_in_order_of_name),
      cmocka_unit_test(types_added_at_once_are_in_order_of_name),
      cmocka_unit_test(new_types_are_sorted),
      cmocka_unit_test(suggestions),
      cmocka_unit_test(the_catalogue),
      cmocka_unit_test(names_of_provenances),
      cmocka_unit_test(adding_is_all_or_nothing),
      cmocka_unit_test(the_catalogue_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
