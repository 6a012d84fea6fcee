/* Walks over JSON: what they give, and which texts they find malformed though they look at little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../src/json/document.h"
#include "json_support.h"

static const evc_text wanted[] = {{"a", 1}, {"bc", 2}};

/* What is found is each name with the first byte of its value, then ! for a fault, ? where more follows. */
typedef struct walk_case {
  const char *json;
  const char *all;  /* found of everything */
  const char *some; /* found of the wanted names */
} walk_case;

/* Walk the root, and write down what is there. */
static void walk_root(evc_document *document, evc_text json, const evc_json_keys *keys, char *out) {
  evc_json_walk walk;
  evc_json_item item;
  evc_status status = evc_document_open_within(document, json, json.data + json.length + 64);
  if (status == EVC_OK) status = evc_document_walk(document, &walk);
  while (status == EVC_OK && (status = evc_json_next(&walk, keys, &item)) == EVC_OK)
    out += sprintf(out, "%.*s%c ", (int)item.key.length, item.key.data ? item.key.data : "",
                   *item.value.first);
  strcpy(out, status != EVC_END ? "!" : evc_document_ended(document) ? "" : "?");
}

/* In whatever follows in the text that they are a part of, which nothing is read from. */
static void what_is_passed_over(void **state) {
  (void)state;
  static const walk_case cases[] = {
      {"{}", "", ""},
      {" { } ", "", ""},
      {"[]", "", ""},
      {"{\"a\":1}", "a1 ", "a1 "},
      {"{\"x\" : {\"a\":[1,{\"b\":2}]} , \"bc\"\t: 2 }", "x{ bc2 ", "bc2 "},
      {"{\"x\":\"]}\",\"y\":[\"}\"],\"a\":\"{\"}", "x\" y[ a\" ", "a\" "},
      {"{\"\\u0061\":1,\"b\\u0063\":2,\"\\\"\":3,\"d\":4}", "\\u00611 b\\u00632 \\\"3 d4 ",
       "\\u00611 b\\u00632 "},
      {"[1,[2],{\"a\":3},\"4\"]", "1 [ { \" ", "1 [ { \" "},
      /* What is passed over is not looked at. */
      {"{\"x\":nonsense,\"a\":{1 2}}", "xn a{ ", "a{ "},
      {"{\"x\":[},\"a\":1}", "x[ a1 ", "a1 "},
      /* Between members it is. */
      {"{\"a\"}", "!", "!"},
      {"{\"a\":}", "!", "!"},
      {"{\"x\":,\"a\":1}", "x, !", "!"},
      {"{\"x\"::,\"a\":1}", "x: !", "!"},
      {"{\"x\":]}", "x] !", "!"},
      {"{\"x\":},\"a\":1}", "x} !", "!"},
      {"{,}", "!", "!"},
      {"{,\"a\":1}", "!", "!"},
      {"{\"a\":1,}", "a1 !", "a1 !"},
      {"{\"x\":1,}", "x1 !", "!"},
      {"{\"x\":[1],}", "x[ !", "!"},
      {"{\"x\":1 \"a\":2}", "x1 !", "!"},
      {"{\"x\":1]}", "x1 !", "!"},
      {"{\"x\":1:2}", "x1 !", "!"},
      {"{\"x\" 1,\"a\":2}", "!", "!"},
      {"{\"x\" 1 2,\"a\":2}", "!", "!"},
      {"{x:1,\"a\":2}", "!", "!"},
      {"{\"x\"y:1,\"a\":2}", "!", "!"},
      {"{\"x\"\"y\":1,\"a\":2}", "!", "!"},
      {"{\"\\u006\":1}", "\\u0061 ", "!"},
      {"{\"x\":[1}", "x[ !", "!"},
      {"{\"x\":{\"a\":1}", "x{ !", "!"},
      {"{\"a\":{\"x\":1}", "a{ !", "a{ !"},
      {"{\"x\":1}}", "x1 ?", "?"},
      {"{\"x\":1} 2", "!", "!"},
      {"{", "!", "!"},
      {"{\"a\":1", "!", "!"},
      {"[1,]", "1 !", "1 !"},
      {"[,1]", ", !", ", !"},
      {"[1 2]", "1 !", "1 !"},
      {"[1}", "!", "!"},
      {"[[1]", "[ !", "[ !"},
      {"[1},2]", "1 !", "1 !"},
      {"[", "!", "!"},
      {"", "!", "!"},
      {" ", "!", "!"},
      {"1", "!", "!"},
      {"{\"a", "!", "!"},
      {"{\"a\":\"\x01\"}", "!", "!"},
      {"{\"a\":\"\xFF\"}", "!", "!"},
  };
  evc_json_keys keys = {.names = wanted, .count = COUNT(wanted)};
  evc_json_keys_measure(&keys);
  evc_document *document = evc_document_new(NULL);
  for (size_t i = 0; i < COUNT(cases); i++)
    for (const char *behind = " }]\"1:,\n"; *behind; behind++) {
      char text[256], all[256], some[256];
      evc_text json = {text, strlen(cases[i].json)};
      memset(text, *behind, sizeof text);
      memcpy(text, cases[i].json, json.length);
      walk_root(document, json, NULL, all);
      walk_root(document, json, &keys, some);
      if (strcmp(all, cases[i].all) != 0 || strcmp(some, cases[i].some) != 0)
        fail_msg("%s before %c: %s and %s", cases[i].json, *behind, all, some);
    }
  evc_document_free(document);
}

/* A walk goes on behind a value, however much of that was walked. */
static void walks_that_are_left(void **state) {
  (void)state;
  static const char json[] = "{\"x\":{\"y\":[1,{\"z\":2},3],\"w\":4},\"a\":5}";
  evc_document *document = evc_document_new(NULL);
  for (int steps = 0; steps < 6; steps++) {
    evc_json_walk root, inner[3];
    evc_json_item item;
    assert_int_equal(evc_document_open(document, text_of(json)), EVC_OK);
    assert_int_equal(evc_document_walk(document, &root), EVC_OK);
    assert_int_equal(evc_json_next(&root, NULL, &item), EVC_OK);
    if (steps > 0) assert_int_equal(evc_json_walk_value(document, &item.value, &inner[0]), EVC_OK);
    if (steps > 1) assert_int_equal(evc_json_next(&inner[0], NULL, &item), EVC_OK);
    if (steps > 2) assert_int_equal(evc_json_walk_value(document, &item.value, &inner[1]), EVC_OK);
    for (int i = 3; i < 5 && steps >= i; i++)
      assert_int_equal(evc_json_next(&inner[1], NULL, &item), EVC_OK);
    if (steps > 4) assert_int_equal(evc_json_walk_value(document, &item.value, &inner[2]), EVC_OK);
    assert_int_equal(evc_json_next(&root, NULL, &item), EVC_OK);
    assert_int_equal(*item.value.first, '5');
    assert_int_equal(evc_json_next(&root, NULL, &item), EVC_END);
    assert_true(evc_document_ended(document));
  }
  evc_document_free(document);
}

/* Scalars end where their token does. */
static void scalars(void **state) {
  (void)state;
  static const struct {
    const char *json;
    evc_kind kind;
    evc_status status;
  } cases[] = {
      {"null", EVC_KIND_NULL, EVC_OK},       {"nul", EVC_KIND_NULL, EVC_INVALID},
      {"nulll", EVC_KIND_NULL, EVC_INVALID}, {"null\"", EVC_KIND_NULL, EVC_INVALID},
      {"true", EVC_KIND_BOOLEAN, EVC_OK},    {"false", EVC_KIND_BOOLEAN, EVC_OK},
      {"fals", EVC_KIND_BOOLEAN, EVC_INVALID}, {"trues", EVC_KIND_BOOLEAN, EVC_INVALID},
      {"-1.5e3", EVC_KIND_NUMBER, EVC_OK},   {"-", EVC_KIND_NUMBER, EVC_INVALID},
      {"1x", EVC_KIND_NUMBER, EVC_INVALID},  {"01", EVC_KIND_NUMBER, EVC_INVALID},
      {"1e400", EVC_KIND_NUMBER, EVC_LIMIT}, {"1e-400", EVC_KIND_NUMBER, EVC_OK},
      {"100000000000000000000e400", EVC_KIND_NUMBER, EVC_LIMIT},
      {"\"a\\\"\"", EVC_KIND_STRING, EVC_OK}, {"\"\"", EVC_KIND_STRING, EVC_OK},
      {"\"a\"b", EVC_KIND_STRING, EVC_INVALID}, {"/", EVC_KIND_END, EVC_OK},
      {":", EVC_KIND_END, EVC_OK},
  };
  evc_document *document = evc_document_new(NULL);
  for (size_t i = 0; i < COUNT(cases); i++) {
    char json[64];
    evc_json_walk walk;
    evc_json_item item;
    bool boolean;
    double number;
    evc_text inside;
    bool closes_string = cases[i].json[0] == 'n' && strchr(cases[i].json, '"');
    snprintf(json, sizeof json, "[%s%s,1]", cases[i].json, closes_string ? "\"" : "");
    assert_int_equal(evc_document_open(document, text_of(json)), EVC_OK);
    assert_int_equal(evc_document_walk(document, &walk), EVC_OK);
    assert_int_equal(evc_json_next(&walk, NULL, &item), EVC_OK);
    evc_json_walk none;
    assert_int_equal(evc_json_walk_value(document, &item.value, &none), EVC_INVALID);
    if (evc_json_kind(&item.value) != cases[i].kind) fail_msg("%s", json);
    evc_status status = EVC_OK;
    switch (cases[i].kind) {
    case EVC_KIND_NULL: status = evc_json_read_null(&item.value); break;
    case EVC_KIND_BOOLEAN: status = evc_json_read_boolean(&item.value, &boolean); break;
    case EVC_KIND_NUMBER: status = evc_json_read_number(&item.value, &number); break;
    case EVC_KIND_STRING: status = evc_json_read_string(&item.value, &inside); break;
    default: break;
    }
    if (status != cases[i].status) fail_msg("%s: %d", json, (int)status);
    if (status == EVC_OK && cases[i].kind == EVC_KIND_STRING)
      assert_int_equal(inside.length, strlen(cases[i].json) - 2);
  }
  evc_document_free(document);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_passed_over),
      cmocka_unit_test(walks_that_are_left),
      cmocka_unit_test(scalars),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
