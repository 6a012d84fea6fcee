/* The base: memory, arena, text, UTF-8, widths, map, distance and exact decimals. */
#include "calculations.h"

#include <float.h>
#include <math.h>

#include "../../src/base/arena.h"
#include "../../src/base/decimal.h"
#include "../../src/base/distance.h"
#include "../../src/base/letters.h"
#include "../../src/base/map.h"
#include "../../src/base/memory.h"
#include "../../src/base/text.h"
#include "../../src/base/utf8.h"
#include "../../src/base/width.h"
#include "failing.h"

size_t letter_by_re2c(const unsigned char *at); /* letters.re */

/* Memory */

static void sizes_that_do_not_fit(void **state) {
  (void)state;
  assert_true(evc_size_mul(3, 4) == 12);
  assert_true(evc_size_mul(SIZE_MAX, 0) == 0);
  assert_true(evc_size_mul(0, SIZE_MAX) == 0);
  assert_true(evc_size_mul(SIZE_MAX / 2 + 1, 2) == SIZE_MAX);
  assert_true(evc_size_add(SIZE_MAX, 1) == SIZE_MAX);
  assert_true(evc_size_add(SIZE_MAX - 1, 1) == SIZE_MAX);
  assert_true(evc_size_add(3, 4) == 7);
  failing f = {0};
  evc_allocator a = failing_allocator(&f);
  assert_null(evc_allocate(&a, SIZE_MAX));
  void *block = evc_allocate(&a, 0);
  assert_non_null(block);
  assert_null(evc_reallocate(&a, block, 1, SIZE_MAX));
  evc_release(&a, block, 1);
  evc_release(&a, NULL, 0);
  assert_int_equal(f.bytes, 0);
}

static void lengths_of_arguments(void **state) {
  (void)state;
  assert_int_equal(evc_length_of("abc", EVC_NUL_TERMINATED), 3);
  assert_int_equal(evc_length_of("abc", 2), 2);
  assert_int_equal(evc_length_of(NULL, EVC_NUL_TERMINATED), 0);
  assert_string_equal(evc_version(), EVC_VERSION);
}

/* Arena */

static void an_arena_hands_out_apart_and_aligned(void **state) {
  (void)state;
  failing f = {0};
  evc_allocator a = failing_allocator(&f);
  char buffer[100];
  evc_arena arena;
  evc_arena_init(&arena, &a, buffer + 1, sizeof buffer - 1);
  unsigned char *blocks[300];
  size_t sizes[300];
  for (size_t i = 0; i < 300; i++) {
    sizes[i] = i * 37 % 500;
    blocks[i] = evc_arena_alloc(&arena, sizes[i]);
    assert_non_null(blocks[i]);
    assert_int_equal((uintptr_t)blocks[i] % 16, 0);
    memset(blocks[i], (int)(i & 0xFF), sizes[i]);
  }
  for (size_t i = 0; i < 300; i++)
    for (size_t j = 0; j < sizes[i]; j++) assert_int_equal(blocks[i][j], i & 0xFF);
  assert_int_equal(evc_arena_size(&arena), f.bytes);
  assert_true(f.calls < 20);
  evc_arena_free(&arena);
  assert_int_equal(f.bytes, 0);
  assert_false(f.mistaken);
}

static void an_arena_uses_its_first_buffer(void **state) {
  (void)state;
  failing f = {0};
  evc_allocator a = failing_allocator(&f);
  _Alignas(16) char buffer[64];
  evc_arena arena;
  evc_arena_init(&arena, &a, buffer, sizeof buffer);
  assert_ptr_equal(evc_arena_alloc(&arena, 60), buffer);
  assert_int_equal(f.calls, 0);
  assert_non_null(evc_arena_alloc(&arena, 1));
  assert_int_equal(f.calls, 1);
  evc_arena_free(&arena);
  evc_arena_init(&arena, &a, buffer + 1, 3); /* too small to be aligned */
  assert_non_null(evc_arena_alloc(&arena, 1));
  assert_int_equal(f.calls, 2);
  evc_arena_free(&arena);
}

static void an_arena_remembers_a_failure(void **state) {
  (void)state;
  failing f = {.fail_from = 1, .only_once = true};
  evc_allocator a = failing_allocator(&f);
  evc_arena arena;
  evc_arena_init(&arena, &a, NULL, 0);
  assert_false(arena.failed);
  assert_null(evc_arena_alloc(&arena, 1));
  assert_true(arena.failed);
  assert_non_null(evc_arena_alloc(&arena, 1));
  assert_true(arena.failed);
  evc_arena_free(&arena);
  evc_arena_init(&arena, &a, NULL, 0);
  assert_null(evc_arena_alloc(&arena, SIZE_MAX));
  assert_null(evc_arena_alloc(&arena, SIZE_MAX - 8));
  assert_true(arena.failed);
  assert_int_equal(f.bytes, 0);
}

static void arrays_grow_and_stay_as_they_were_on_failure(void **state) {
  (void)state;
  failing f = {0};
  evc_allocator a = failing_allocator(&f);
  evc_arena arena;
  evc_arena_init(&arena, &a, NULL, 0);
  void *array = NULL;
  size_t capacity = 0;
  for (uint32_t i = 0; i < 1000; i++) {
    assert_true(evc_arena_grow(&arena, &array, &capacity, i + 1, sizeof i));
    assert_true(capacity > i);
    ((uint32_t *)array)[i] = i;
  }
  for (uint32_t i = 0; i < 1000; i++) assert_int_equal(((uint32_t *)array)[i], i);
  void *before = array;
  size_t had = capacity;
  assert_false(evc_arena_grow(&arena, &array, &capacity, SIZE_MAX / 2, sizeof(uint32_t)));
  f.fail_from = 1;
  assert_false(evc_arena_grow(&arena, &array, &capacity, 1000000, sizeof(uint32_t)));
  assert_ptr_equal(array, before);
  assert_int_equal(capacity, had);
  evc_arena_free(&arena);
  assert_int_equal(f.bytes, 0);
}

/* Text */

static void comparing_text(void **state) {
  (void)state;
  assert_true(evc_text_equal(text_of("ab"), text_of("ab")));
  assert_false(evc_text_equal(text_of("ab"), text_of("a")));
  assert_true(evc_text_equal((evc_text){NULL, 0}, text_of("")));
  assert_true(evc_text_is(text_of("ab"), "ab"));
  assert_false(evc_text_is((evc_text){"ab", 1}, "ab"));
  assert_true(evc_text_is_ignoring_case(text_of("aB[@"), "Ab[@"));
  assert_false(evc_text_is_ignoring_case(text_of("a[`"), "a{@"));
  assert_false(evc_text_is_ignoring_case(text_of("ab"), "abc"));
  assert_false(evc_text_is_ignoring_case(text_of("abc"), "ab"));
  assert_true(evc_text_compare(text_of("a"), text_of("ab")) < 0);
  assert_true(evc_text_compare(text_of("b"), text_of("ab")) > 0);
  assert_true(evc_text_compare(text_of("z"), text_of("é")) < 0);
  assert_int_equal(evc_text_compare((evc_text){NULL, 0}, text_of("")), 0);
}

static void building_text(void **state) {
  (void)state;
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder b;
  evc_build_init(&b, &arena);
  evc_build_string(&b, "a");
  evc_build(&b, "bcd", 2);
  evc_build_text(&b, (evc_text){NULL, 0});
  evc_build_char(&b, ' ');
  evc_build_repeat(&b, ')', 3);
  evc_build_unsigned(&b, 0);
  evc_build_unsigned(&b, UINT64_MAX);
  evc_build_number(&b, -0.5);
  evc_text text = evc_build_end(&b);
  assert_string_equal(text.data, "abc )))018446744073709551615-0.5");
  assert_int_equal(text.length, strlen(text.data));
  evc_build_init(&b, &arena);
  assert_string_equal(evc_build_end(&b).data, "");
  evc_arena_free(&arena);
}

static void a_builder_that_failed_stays_failed(void **state) {
  (void)state;
  failing f = {.fail_from = 1, .only_once = true};
  evc_allocator a = failing_allocator(&f);
  evc_arena arena;
  evc_arena_init(&arena, &a, NULL, 0);
  evc_builder b;
  evc_build_init(&b, &arena);
  evc_build_string(&b, "a");
  evc_build_string(&b, "b");
  assert_true(b.failed);
  assert_null(evc_build_end(&b).data);
  assert_int_equal(f.calls, 1);
  evc_arena_free(&arena);
}

static void quoting(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t length, most;
    const char *quoted;
  } cases[] = {
      {EVC_LITERAL("plain"), 99, "plain"},
      {EVC_LITERAL("a\nb\rc\td"), 99, "a\\nb\\rc\\td"},
      {EVC_LITERAL("\0\x1B[31m\x7F"), 99, "\\u0000\\u001B[31m\\u007F"},
      {EVC_LITERAL("\xC2\x85"), 99, "\\u0085"},
      {EVC_LITERAL("a\xFF\xC3"), 99, "a\\xFF\\xC3"},
      {EVC_LITERAL("\xE2\x80\xAE\xE2\x80\x8B\xEF\xBB\xBF"), 99, "\\u202E\\u200B\\uFEFF"},
      {EVC_LITERAL("\xE2\x80\xA8\xC2\xAD"), 99, "\\u2028\\u00AD"},
      {EVC_LITERAL("é €𐍈"), 99, "é €𐍈"},
      {EVC_LITERAL("abcdef"), 6, "abcdef"},
      {EVC_LITERAL("abcdefg"), 6, "abcdef…"},
      {EVC_LITERAL("abcdé"), 5, "abcd…"}, /* never half a character */
      {EVC_LITERAL("ab"), 0, "…"},
      {EVC_LITERAL(""), 0, ""},
      {EVC_LITERAL("\xED\xA0\x80"), 99, "\\xED\\xA0\\x80"}, /* a surrogate */
  };
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_builder b;
    evc_build_init(&b, &arena);
    evc_build_quoted(&b, (evc_text){cases[i].text, cases[i].length}, cases[i].most);
    assert_string_equal(evc_build_end(&b).data, cases[i].quoted);
  }
  evc_builder b;
  evc_build_init(&b, &arena);
  evc_build_quoted(&b, (evc_text){NULL, 0}, 10);
  assert_string_equal(evc_build_end(&b).data, "");
  evc_arena_free(&arena);
}

static void places_in_a_wording(void **state) {
  (void)state;
  evc_text args[10];
  for (size_t i = 0; i < 10; i++) args[i] = (evc_text){&"0123456789"[i], 1};
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder b;
  evc_build_init(&b, &arena);
  evc_build_wording(&b, "{9}{0}-{1 } {/} {:} {} {10} {", args);
  assert_string_equal(evc_build_end(&b).data, "90-{1 } {/} {:} {} {10} {");
  evc_arena_free(&arena);
}

/* UTF-8 */

static void every_code_point_there_and_back(void **state) {
  (void)state;
  for (uint32_t c = 0; c < 0x110000; c++) {
    char bytes[4];
    size_t size = evc_utf8_write(bytes, c);
    const char *at = bytes;
    uint32_t read = evc_utf8_next(&at, bytes + size);
    bool surrogate = c >= 0xD800 && c < 0xE000;
    if (read != (surrogate ? EVC_UTF8_INVALID : c) || at != bytes + (surrogate ? 1 : size))
      fail_msg("U+%04X", c);
    for (size_t cut = 1; cut < size; cut++) { /* never past the end */
      at = bytes;
      if (evc_utf8_next(&at, bytes + cut) != EVC_UTF8_INVALID || at != bytes + 1)
        fail_msg("U+%04X cut", c);
    }
  }
}

static void bytes_that_are_not_utf8(void **state) {
  (void)state;
  static const char *const texts[] = {
      "\x80",         "\xBF",             "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
      "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
      "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xC3\x28", "\xE2\x82\x28", "\xF0\x9F\x98\x28",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const char *at = texts[i];
    assert_true(evc_utf8_next(&at, texts[i] + strlen(texts[i])) == EVC_UTF8_INVALID);
    assert_ptr_equal(at, texts[i] + 1);
    char text[16];
    snprintf(text, sizeof text, "aé%s", texts[i]);
    size_t invalid = 0;
    assert_false(evc_utf8_valid(text, strlen(text), &invalid));
    assert_int_equal(invalid, 3);
  }
  size_t invalid;
  assert_true(evc_utf8_valid("aé€𐍈\0b", 12, &invalid));
  assert_true(evc_utf8_valid("", 0, &invalid));
}

static void lines_and_columns(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t offset, line, column, start;
  } cases[] = {
      {"", 0, 1, 1, 0},
      {"abc", 2, 1, 3, 0},
      {"abc", 99, 1, 4, 0},
      {"a\nb", 1, 1, 2, 0},
      {"a\nb", 2, 2, 1, 2},
      {"a\r\nb", 1, 1, 2, 0},
      {"a\r\nb", 2, 1, 3, 0},
      {"a\r\nb", 3, 2, 1, 3},
      {"a\rb\r\rc", 2, 2, 1, 2},
      {"a\rb\r\rc", 5, 4, 1, 5},
      {"é\xFF€x", 6, 1, 4, 0},
      {"\tx", 1, 1, 2, 0},
      {"\xEF\xBB\xBF" "ab", 4, 1, 2, 0},
      {"\xEF\xBB\xBF" "ab", 3, 1, 1, 0},
      {"\xEF\xBB\xBF" "ab", 1, 1, 1, 0},
      {"\xEF\xBB\xBF\n\xEF\xBB\xBF" "b", 7, 2, 2, 4},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t line, column, start;
    evc_utf8_position(cases[i].text, strlen(cases[i].text), cases[i].offset, &line, &column,
                      &start);
    assert_int_equal(line, cases[i].line);
    assert_int_equal(column, cases[i].column);
    assert_int_equal(start, cases[i].start);
  }
}

/* Every letter of the table is one for re2c. A later re2c may know letters of a later Unicode, which the
** number of all of them keeps out. */
static void letters(void **state) {
  (void)state;
  size_t count = 0;
  for (uint32_t c = 0; c < 0x110000; c++) {
    if (c >= 0xD800 && c < 0xE000) continue;
    char text[5] = {0};
    size_t size = evc_utf8_write(text, c), length = evc_letter_length(text);
    if (length == 0) continue;
    count++;
    assert_true(c >= 0x80);
    assert_int_equal(length, size);
    assert_int_equal(letter_by_re2c((const unsigned char *)text), size);
    text[size - 1] = '\0'; /* cut short */
    assert_int_equal(evc_letter_length(text), 0);
  }
  assert_int_equal(count, 102673);
  assert_int_equal(evc_letter_length(""), 0);
  assert_int_equal(evc_letter_length("\xA4"), 0);
  assert_int_equal(evc_letter_length("\xED\xA0\x80"), 0); /* a surrogate */
}

static void widths(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t width;
  } cases[] = {
      {"", 0},    {"abc", 3},         {"é", 1}, {"e\xCC\x81", 1}, {"数量", 4}, {"한글", 4},
      {"😀!", 3}, {"\xE2\x80\x8D", 0}, {"ｆ", 2}, {"ﬀ", 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(evc_text_width(text_of(cases[i].text)), cases[i].width);
  assert_int_equal(evc_text_width((evc_text){NULL, 0}), 0);
  assert_int_equal(evc_utf8_width(0x2FF), 1);
  static const struct {
    uint32_t code_point;
    unsigned width;
  } ends[] = {
      {0x2FF, 1},   {0x300, 0},   {0x36F, 0},   {0x370, 1},   {0x10300, 1}, {0x101FD, 0},
      {0x1FAF8, 2}, {0x1FAF9, 1}, {0x20000, 2}, {0x2FFFF, 2}, {0x3FFFD, 2}, {0x3FFFE, 1},
      {0x40300, 1}, {0xE0000, 0}, {0xE01EF, 0}, {0xE01F0, 1}, {0xF0300, 1}, {0x10FFFF, 1},
  };
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    assert_int_equal(evc_utf8_width(ends[i].code_point), ends[i].width);
}

/* Map */

static void a_map_keeps_what_it_was_given(void **state) {
  (void)state;
  enum { KEYS = 20000 };
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_map map = {0};
  assert_int_equal(evc_map_get(&map, "a", 1), EVC_MAP_ABSENT);
  char key[32];
  for (uint32_t i = 0; i < KEYS; i++) {
    int length = snprintf(key, sizeof key, "new.field%u", i);
    evc_text kept = evc_arena_text(&arena, key, (size_t)length);
    assert_int_equal(evc_map_get(&map, key, (size_t)length), EVC_MAP_ABSENT);
    assert_true(evc_map_set(&map, &arena, kept.data, kept.length, i));
    assert_int_equal(map.count, i + 1);
    assert_true(map.count * 2 <= map.capacity);
  }
  for (uint32_t i = 0; i < KEYS; i++) {
    int length = snprintf(key, sizeof key, "new.field%u", i);
    assert_int_equal(evc_map_get(&map, key, (size_t)length), i);
  }
  assert_true(evc_map_set(&map, &arena, "new.field7", 10, 99));
  assert_int_equal(map.count, KEYS);
  assert_int_equal(map.node_count, 0); /* every key found a place nearby */
  assert_int_equal(evc_map_get(&map, "new.field7", 10), 99);
  assert_int_equal(evc_map_get(&map, "new.field", 9), EVC_MAP_ABSENT);
  evc_arena_free(&arena);
}

static void keys_that_differ_a_little(void **state) {
  (void)state;
  static const char bytes[40] = {0};
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_map map = {0};
  for (uint32_t i = 0; i <= 40; i++) assert_true(evc_map_set(&map, &arena, bytes, i, i));
  for (uint32_t i = 0; i <= 40; i++) assert_int_equal(evc_map_get(&map, bytes, i), i);
  evc_arena_free(&arena);
}

/* Keys of words in pairs: what is flipped in the first word of a pair comes back into the hash as what
** is flipped in the second, so that all 2^pairs keys have one hash. */
enum { MOST_PAIRS = 16, PAIR = 16 };

static void write_colliding(char *key, size_t pairs, uint32_t number) {
  const uint64_t high = UINT64_C(1) << 63, flip = high | high >> 32, zero = 0;
  for (size_t i = 0; i < pairs && i < MOST_PAIRS; i++) {
    bool flipped = number >> i & 1;
    memcpy(key + PAIR * i, flipped ? &high : &zero, 8);
    memcpy(key + PAIR * i + 8, flipped ? &flip : &zero, 8);
  }
}

/* With 2^16 keys this takes minutes where it is quadratic. */
static void keys_chosen_to_collide(void **state) {
  (void)state;
  for (size_t pairs = 6; pairs <= MOST_PAIRS; pairs += 5) {
    uint32_t count = UINT32_C(1) << pairs;
    evc_arena arena;
    evc_arena_init(&arena, NULL, NULL, 0);
    evc_map map = {0};
    char key[PAIR * MOST_PAIRS];
    size_t length = PAIR * pairs;
    assert_true(evc_map_reserve(&map, &arena, count / 2));
    for (uint32_t i = 0; i < count; i++) {
      write_colliding(key, pairs, i);
      assert_int_equal(evc_map_get(&map, key, length), EVC_MAP_ABSENT);
      assert_true(evc_map_set(&map, &arena, evc_arena_text(&arena, key, length).data, length, i));
    }
    assert_int_equal(map.count, count);
    assert_int_equal(map.entries[0].hash, map.entries[1].hash);
    for (uint32_t i = 0; i < count; i += 3) {
      write_colliding(key, pairs, i);
      assert_true(evc_map_set(&map, &arena, evc_arena_text(&arena, key, length).data, length, i + count));
    }
    assert_int_equal(map.count, count);
    for (uint32_t i = 0; i < count; i++) {
      write_colliding(key, pairs, i);
      assert_int_equal(evc_map_get(&map, key, length), i % 3 ? i : i + count);
    }
    evc_arena_free(&arena);
  }
}

/* Keys of other lengths come to the tree that the colliding ones are in. */
static void strangers_among_colliding_keys(void **state) {
  (void)state;
  enum { PAIRS = 7, STRANGERS = 20000, LONGEST = 200 };
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_map map = {0};
  assert_true(evc_map_reserve(&map, &arena, STRANGERS / 2));
  uint64_t seed = 1;
  char *keys[STRANGERS];
  uint32_t lengths[STRANGERS];
  for (uint32_t i = 0; i < STRANGERS; i++) {
    lengths[i] = i < 128 ? PAIR * PAIRS : (uint32_t)(next_random(&seed) % LONGEST);
    keys[i] = malloc(lengths[i] ? lengths[i] : 1);
    assert_non_null(keys[i]);
    if (i < 128) write_colliding(keys[i], PAIRS, i);
    else for (uint32_t k = 0; k < lengths[i]; k++) keys[i][k] = (char)(next_random(&seed) % 2);
  }
  size_t known = 0;
  for (uint32_t i = 0; i < STRANGERS; i++) {
    known += evc_map_get(&map, keys[i], lengths[i]) != EVC_MAP_ABSENT;
    assert_true(evc_map_set(&map, &arena, keys[i], lengths[i], i));
  }
  assert_int_equal(map.count, STRANGERS - known);
  assert_true(map.node_count > 0);
  for (uint32_t i = 0; i < STRANGERS; i++) {
    uint32_t value = evc_map_get(&map, keys[i], lengths[i]);
    assert_true(value >= i && value < STRANGERS && lengths[value] == lengths[i]);
    assert_memory_equal(keys[value], keys[i], lengths[i]);
  }
  for (uint32_t i = 0; i < STRANGERS; i++) free(keys[i]);
  evc_arena_free(&arena);
}

static void a_map_without_memory_is_as_before(void **state) {
  (void)state;
  failing f = {0};
  evc_allocator a = failing_allocator(&f);
  evc_arena arena;
  evc_arena_init(&arena, &a, NULL, 0);
  evc_map map = {0};
  assert_true(evc_map_set(&map, &arena, "a", 1, 1));
  f.fail_from = 1;
  assert_false(evc_map_reserve(&map, &arena, 100000));
  assert_false(evc_map_reserve(&map, &arena, SIZE_MAX / 2));
  assert_int_equal(evc_map_get(&map, "a", 1), 1);
  assert_int_equal(evc_map_get(&map, "b", 1), EVC_MAP_ABSENT);
  f.fail_from = 0;
  assert_true(evc_map_reserve(&map, &arena, 500));
  f.fail_from = 1;
  static char keys[500][4];
  for (uint32_t i = 0; i < 500; i++) {
    snprintf(keys[i], sizeof keys[i], "%03u", i);
    assert_true(evc_map_set(&map, &arena, keys[i], 3, i));
  }
  evc_arena_free(&arena);
  assert_int_equal(f.bytes, 0);
}

/* Distance */

static void distances(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    unsigned distance;
  } cases[] = {
      {"amount", "amount", 0},  {"amount", "Amount", 1}, {"amount", "amoumt", 2},
      {"amount", "amuont", 2},  {"amount", "amoun", 2},  {"amount", "amounts", 2},
      {"amount", "aMOunt", 2},  {"", "", 0},             {"", "ab", 4},
      {"ab", "ba", 2},          {"abc", "xyz", 6},       {"vendor", "order", 8},
      {"billed", "unbilled", 4},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    evc_text a = text_of(cases[i].a), b = text_of(cases[i].b);
    unsigned d = cases[i].distance;
    assert_int_equal(evc_distance(a, b, 99), d);
    assert_int_equal(evc_distance(b, a, 99), d);
    assert_int_equal(evc_distance(a, b, d), d);
    if (d > 0) assert_int_equal(evc_distance(a, b, d - 1), d);
  }
  char longest[EVC_DISTANCE_LONGEST + 1];
  memset(longest, 'a', sizeof longest);
  evc_text most = {longest, EVC_DISTANCE_LONGEST}, more = {longest, EVC_DISTANCE_LONGEST + 1};
  assert_int_equal(evc_distance(most, most, 6), 0);
  assert_int_equal(evc_distance(more, more, 6), 7);
}

static void the_nearest_names(void **state) {
  (void)state;
  evc_nearest nearest;
  evc_nearest_init(&nearest, text_of("amount"), 3);
  static const char *const names[] = {"quantity", "amounts", "amoumt", "AMOUNT",
                                      "amout",    "aaaaaa",  "amounz"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    evc_nearest_offer(&nearest, text_of(names[i]));
  assert_int_equal(nearest.count, 3);
  assert_string_equal(nearest.names[0].data, "AMOUNT"); /* case alone is one slip */
  assert_string_equal(nearest.names[1].data, "amoumt"); /* ties by name */
  assert_string_equal(nearest.names[2].data, "amounts");
  evc_nearest_init(&nearest, text_of("x"), 1);
  evc_nearest_offer(&nearest, text_of("yyyy"));
  assert_int_equal(nearest.count, 0);
}

/* Decimals; the tests run in the C locale, where strtod is the reference. */

static void reads_as_strtod(const char *text) {
  double read = evc_decimal_read(text, strlen(text)), right = strtod(text, NULL);
  if (memcmp(&read, &right, sizeof read) != 0) fail_msg("%s: %a, not %a", text, read, right);
}

static void digits_behind_the_end_are_not_read(void **state) {
  (void)state;
  assert_true(evc_decimal_read("123", 2) == 12);
  assert_true(evc_decimal_read("12.55", 4) == 12.5);
  assert_true(evc_decimal_read("1e25", 3) == 100);
  assert_true(evc_decimal_read("12345678901234567890", 17) == 12345678901234568.0);
}

static void numbers_are_read_exactly(void **state) {
  (void)state;
  static const char *const texts[] = {
      "0", "1", "0.1", "0.30000000000000004", "9007199254740991", "9007199254740992",
      "9007199254740993", "9007199254740993.000000000000000000000000000000001",
      "179769313486231570000000000000000000000", "1e308", "1.7976931348623157e308", "1e309",
      "1.7976931348623158e308", "1.7976931348623159e308", "4.9e-324", "2.4703282292062327e-324",
      "2.4703282292062328e-324", "2.2250738585072011e-308", "1e-400", "1e-1000000000000",
      "1e1000000000000", "0e1000000000000", "0.000000000000000000000000000000000001",
      "00000000000000000000000000.5", "100000000000000000000000000000000000000e-38",
      "123456789012345", "0.123456789012345", "1234567.8901234", "9999999999999999",
      "0.00000000000000", "8.5e15", "5e+3",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) reads_as_strtod(texts[i]);
  uint64_t seed = 1;
  char text[64];
  for (int i = 0; i < 200000; i++) {
    uint64_t bits = next_random(&seed);
    int digits = 1 + (int)(bits % 20), places = (int)(bits >> 8) % 21;
    snprintf(text, sizeof text, "%.*f", places, (double)(next_random(&seed) >> (64 - 3 * digits)));
    reads_as_strtod(text);
    snprintf(text, sizeof text, "%.*e", digits, fabs(random_double(&seed)));
    reads_as_strtod(text);
    uint64_t whole = next_random(&seed) >> (bits >> 16) % 64;
    uint64_t fraction = next_random(&seed) >> (bits >> 24) % 64;
    snprintf(text, sizeof text, "%llu.%llu", (unsigned long long)whole,
             (unsigned long long)fraction);
    reads_as_strtod(text);
  }
}

/* Exactly between two neighbours, which takes up to 1,075 places, and a little below and above. */
static void halfway_cases_are_read_exactly(void **state) {
  (void)state;
  uint64_t seed = 2;
  static char text[1200];
  for (int i = 0; i < 3000; i++) {
    double low = fabs(random_double(&seed));
    if (i % 3 == 0) low = ldexp(low, -1074 - ilogb(low) + (int)(next_random(&seed) % 60));
    if (i % 3 == 1) low = floor(ldexp(low, 60 - ilogb(low) + (int)(next_random(&seed) % 60)));
    double high = nextafter(low, INFINITY);
    if (!isfinite(high) || low == 0) continue;
    static char a[1200], b[1200];
    snprintf(a, sizeof a, "%.1075f", low);
    snprintf(b, sizeof b, "%.1075f", high);
    size_t length = strlen(a), width = strlen(b);
    if (width >= sizeof text - 1 || length >= sizeof a - 1) continue;
    /* text = (a + b) / 2, digit by digit; both have 1,075 places. */
    memmove(a + (width - length), a, length + 1);
    memset(a, '0', width - length);
    int carry = 0;
    static int sum[1200];
    for (size_t k = width; k-- > 0;) {
      if (b[k] == '.') continue;
      sum[k] = a[k] - '0' + b[k] - '0' + carry;
      carry = sum[k] / 10;
      sum[k] %= 10;
    }
    int rest = carry;
    for (size_t k = 0; k < width; k++) {
      text[k] = b[k];
      if (b[k] == '.') continue;
      text[k] = (char)('0' + (rest * 10 + sum[k]) / 2);
      rest = (rest * 10 + sum[k]) % 2;
    }
    assert_int_equal(rest, 0);
    text[width] = '\0';
    reads_as_strtod(text); /* to even */
    double even = evc_decimal_read(text, width);
    assert_true(even == low || even == high);
    text[width] = '1';
    text[width + 1] = '\0';
    reads_as_strtod(text);
    assert_true(evc_decimal_read(text, width + 1) == high);
    text[width] = '\0';
    for (size_t k = width; k-- > 0;) { /* one unit in the last place less */
      if (text[k] == '.') continue;
      if (text[k]-- != '0') break;
      text[k] = '9';
    }
    reads_as_strtod(text);
    assert_true(evc_decimal_read(text, width) == low);
  }
}

/* The fewest digits that read back: of each length, the nearest decimal and its two neighbours. */
static int fewest_digits(double number) {
  for (int precision = 1;; precision++) {
    char text[40], digits[32], candidate[64];
    snprintf(text, sizeof text, "%.*e", precision - 1, fabs(number));
    int count = 0, at = 0;
    for (; text[at] != 'e'; at++)
      if (text[at] != '.') digits[count++] = text[at];
    digits[count] = '\0';
    int exponent = atoi(text + at + 1) - count + 1;
    for (int step = -1; step <= 1; step++) {
      long long whole = atoll(digits) + step;
      snprintf(candidate, sizeof candidate, "%llde%d", whole, exponent);
      if (strtod(candidate, NULL) != fabs(number)) continue;
      while (whole % 10 == 0 && whole != 0) whole /= 10, precision--;
      return precision;
    }
    assert_true(precision < 17);
  }
}

static void is_shortest(double number) {
  evc_decimal d = evc_decimal_of(number);
  if (evc_decimal_value(&d) != number) fail_msg("%.17g does not read back", number);
  if (number == 0) {
    assert_int_equal(d.count, 0);
    return;
  }
  if (d.digits[0] == '0' || d.digits[d.count - 1] == '0') fail_msg("%.17g has zeros", number);
  if (d.count > fewest_digits(number))
    fail_msg("%.17g: %.*s is not the shortest", number, d.count, d.digits);
  char text[EVC_DECIMAL_TEXT];
  size_t length = evc_decimal_write(number, text);
  assert_int_equal(length, strlen(text));
  if (strtod(text, NULL) != number) fail_msg("%s is not %.17g", text, number);
  const char *magnitude = text + (*text == '-');
  if (evc_decimal_read(magnitude, strlen(magnitude)) != fabs(number))
    fail_msg("%s is not read back", text);
}

static void the_shortest_decimal(void **state) {
  (void)state;
  is_shortest(0);
  is_shortest(DBL_MAX);
  is_shortest(-DBL_MAX);
  for (int i = -1074; i < 1024; i++) {
    is_shortest(ldexp(1, i));
    is_shortest(nextafter(ldexp(1, i), 0));
    is_shortest(-nextafter(ldexp(1, i), INFINITY));
  }
  uint64_t seed = 3;
  for (int i = 0; i < 15000; i++) {
    is_shortest(random_double(&seed));
    is_shortest((double)(next_random(&seed) % 100000000) / 100);
    is_shortest(ldexp((double)(next_random(&seed) % 4096), -1074));
    is_shortest((double)(next_random(&seed) >> next_random(&seed) % 64));
  }
}

static void numbers_are_written(void **state) {
  (void)state;
  static const struct {
    double number;
    const char *text;
  } cases[] = {
      {0, "0"},           {-0.0, "0"},          {1, "1"},
      {-1, "-1"},         {0.1, "0.1"},         {0.1 + 0.2, "0.30000000000000004"},
      {20000, "20000"},   {1e21, "1e+21"},
      {1e20, "100000000000000000000"},          {1.5e22, "1.5e+22"},
      {1e30, "1e+30"},    {1e-6, "0.000001"},   {1e-7, "1e-7"},
      {1.25e-7, "1.25e-7"},                     {123456.789, "123456.789"},
      {-0.000001234, "-0.000001234"},           {5e-324, "5e-324"},
      {DBL_MAX, "1.7976931348623157e+308"},     {9007199254740993.0, "9007199254740992"},
      {5.9604644775390625e-8, "5.960464477539063e-8"},
      {-1.2345678901234568e-300, "-1.2345678901234568e-300"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[EVC_DECIMAL_TEXT];
    evc_decimal_write(cases[i].number, text);
    assert_string_equal(text, cases[i].text);
  }
}

static void a_decimal_goes_up_by_one_unit(void **state) {
  (void)state;
  evc_decimal d = {"1299", 4, 1, false};
  evc_decimal_increment(&d);
  assert_true(evc_decimal_value(&d) == 1.3);
  d = (evc_decimal){"999", 3, 1, true};
  evc_decimal_increment(&d);
  assert_true(evc_decimal_value(&d) == -10);
  d = (evc_decimal){"", 0, 0, false};
  evc_decimal_increment(&d);
  assert_true(evc_decimal_value(&d) == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sizes_that_do_not_fit),
      cmocka_unit_test(lengths_of_arguments),
      cmocka_unit_test(an_arena_hands_out_apart_and_aligned),
      cmocka_unit_test(an_arena_uses_its_first_buffer),
      cmocka_unit_test(an_arena_remembers_a_failure),
      cmocka_unit_test(arrays_grow_and_stay_as_they_were_on_failure),
      cmocka_unit_test(comparing_text),
      cmocka_unit_test(building_text),
      cmocka_unit_test(a_builder_that_failed_stays_failed),
      cmocka_unit_test(quoting),
      cmocka_unit_test(places_in_a_wording),
      cmocka_unit_test(every_code_point_there_and_back),
      cmocka_unit_test(bytes_that_are_not_utf8),
      cmocka_unit_test(lines_and_columns),
      cmocka_unit_test(letters),
      cmocka_unit_test(widths),
      cmocka_unit_test(a_map_keeps_what_it_was_given),
      cmocka_unit_test(keys_that_differ_a_little),
      cmocka_unit_test(keys_chosen_to_collide),
      cmocka_unit_test(strangers_among_colliding_keys),
      cmocka_unit_test(a_map_without_memory_is_as_before),
      cmocka_unit_test(distances),
      cmocka_unit_test(the_nearest_names),
      cmocka_unit_test(digits_behind_the_end_are_not_read),
      cmocka_unit_test(numbers_are_read_exactly),
      cmocka_unit_test(halfway_cases_are_read_exactly),
      cmocka_unit_test(the_shortest_decimal),
      cmocka_unit_test(numbers_are_written),
      cmocka_unit_test(a_decimal_goes_up_by_one_unit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
