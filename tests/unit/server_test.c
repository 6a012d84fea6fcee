/* Parts of the language server that no conversation shows: values that are written as they were read,
** the longest glob, and the text of a document without memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/server/glob.h"
#include "../../src/server/text.h"
#include "../../src/server/value.h"
#include "failing.h"

static void values_are_written_as_they_are_read(void **state) {
  static const char *const texts[] = {
      "{\"a\":[1,-2.5,\"x\\n\",true,false,null,{},[]],\"b\":{\"c\":null}}", "[]", "[[true],{\"\":\"\"}]",
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    evc_document *document = evc_document_new(NULL);
    evc_arena arena;
    evc_builder out;
    const server_value *value;
    evc_arena_init(&arena, NULL, NULL, 0);
    evc_build_init(&out, &arena);
    assert_int_equal(server_value_read(document, &arena, evc_text_of(texts[i]), &value), EVC_OK);
    server_value_build(&out, value);
    assert_string_equal(evc_build_end(&out).data, texts[i]);
    evc_arena_free(&arena);
    evc_document_free(document);
  }
}

static void members_are_asked_for(void **state) {
  static const char text[] = "{\"a\": {\"t\": true, \"f\": false, \"n\": 1, \"l\": [1, \"x\"], \"a\": 1, "
                             "\"a\": \"last\"}}";
  (void)state;
  evc_document *document = evc_document_new(NULL);
  evc_arena arena;
  const server_value *value;
  size_t number;
  evc_arena_init(&arena, NULL, NULL, 0);
  assert_int_equal(server_value_read(document, &arena, evc_text_of(text), &value), EVC_OK);
  assert_true(server_value_is_true(value, "a.t"));
  assert_false(server_value_is_true(value, "a.f"));
  assert_false(server_value_is_true(value, "a.n"));
  assert_false(server_value_is_true(value, "a.n.m"));
  assert_false(server_value_is_true(value, "b"));
  assert_true(server_value_lists(value, "a.l", "x"));
  assert_false(server_value_lists(value, "a.l", "y"));
  assert_false(server_value_lists(value, "a.n", "x"));
  assert_false(server_value_lists(value, "b", "x"));
  assert_true(evc_text_is(server_value_text(value, "a.a"), "last"));
  assert_null(server_value_text(value, "a.n").data);
  assert_true(server_value_unsigned(server_value_at(value, "a.n"), &number));
  assert_int_equal(number, 1);
  assert_false(server_value_unsigned(NULL, &number));
  assert_null(server_value_at(NULL, "a"));
  evc_arena_free(&arena);
  evc_document_free(document);
}

static void the_longest_glob(void **state) {
  char glob[514];
  (void)state;
  memset(glob, '*', sizeof glob);
  evc_text longest = {glob, 512}, longer = {glob, 513};
  assert_null(server_glob_fault(longest));
  assert_true(server_glob_matches(longest, evc_text_of("a/b")));
  assert_string_equal(server_glob_fault(longer), "it is longer than 512 bytes");
}

static void a_text_without_memory_is_none(void **state) {
  (void)state;
  failing memory = {.fail_from = 1};
  evc_allocator allocator = failing_allocator(&memory);
  server_buffer buffer;
  assert_false(server_buffer_init(&buffer, &allocator, false));
  server_buffer_free(&buffer);
  memory = (failing){0};
  assert_true(server_buffer_init(&buffer, &allocator, false));
  memory.fail_from = memory.calls + 1;
  assert_false(server_buffer_change(&buffer, 0, 0, evc_text_of("1")));
  assert_int_equal(server_buffer_text(&buffer).length, 0);
  server_buffer_free(&buffer);
  assert_true(memory.bytes == 0 && !memory.mistaken);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_written_as_they_are_read),
      cmocka_unit_test(members_are_asked_for),
      cmocka_unit_test(the_longest_glob),
      cmocka_unit_test(a_text_without_memory_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
