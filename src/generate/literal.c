/* Constants as they are written. */
#include "generator.h"

#include "../base/decimal.h"
#include "../base/text.h"
#include "../base/utf8.h"

static evc_gen_node *literal(evc_generator *g, evc_type type, evc_builder *text, evc_value value) {
  evc_gen_node *node = evc_gen_leaf(g, type, evc_build_end(text));
  node->is_constant = true;
  node->value = value;
  return node;
}

/* Numbers have no exponent: a large one has many zeros behind it, a small one many before it. */
evc_gen_node *evc_gen_number(evc_generator *g, double number) {
  evc_decimal d = evc_decimal_of(number);
  evc_builder text;
  evc_build_init(&text, &g->work);
  if (d.exponent <= 0) evc_build_char(&text, '0');
  for (int i = 0; i < d.exponent; i++) evc_build_char(&text, i < d.count ? d.digits[i] : '0');
  if (d.exponent < d.count) {
    evc_build_char(&text, '.');
    for (int i = d.exponent; i < 0; i++) evc_build_char(&text, '0');
    for (int i = d.exponent > 0 ? d.exponent : 0; i < d.count; i++)
      evc_build_char(&text, d.digits[i]);
  }
  if (evc_random_chance(&g->random, 1, 30))
    evc_build_string(&text, d.exponent < d.count ? "0" : ".0");
  return literal(g, EVC_TYPE_NUMBER, &text, evc_value_number(number));
}

static void build_hex(evc_generator *g, evc_builder *text, uint32_t unit) {
  static const char *const digits[] = {"0123456789abcdef", "0123456789ABCDEF"};
  const char *chosen = digits[evc_random_below(&g->random, 2)];
  evc_build_string(text, "\\u");
  for (int shift = 12; shift >= 0; shift -= 4) evc_build_char(text, chosen[unit >> shift & 15]);
}

static void build_escape(evc_generator *g, evc_builder *text, uint32_t c) {
  static const char short_ones[] = "\"\"\\\\//\bb\ff\nn\rr\tt";
  for (size_t i = 0; i + 1 < sizeof short_ones; i += 2) {
    if ((unsigned char)short_ones[i] != c || evc_random_chance(&g->random, 1, 8)) continue;
    evc_build_char(text, '\\');
    evc_build_char(text, short_ones[i + 1]);
    return;
  }
  if (c > 0xFFFF) {
    build_hex(g, text, 0xD800 + ((c - 0x10000) >> 10));
    build_hex(g, text, 0xDC00 + ((c - 0x10000) & 0x3FF));
  } else {
    build_hex(g, text, c);
  }
}

/* What could not be shown is always escaped, anything else sometimes. */
evc_gen_node *evc_gen_string(evc_generator *g, evc_text string) {
  bool plain = evc_random_chance(&g->random, 9, 10);
  if (!string.data) {
    g->out_of_memory = true;
    string = evc_text_of("");
  }
  evc_builder text;
  evc_build_init(&text, &g->work);
  evc_build_char(&text, '"');
  const char *at = string.data, *end = string.data + string.length;
  while (at < end) {
    const char *here = at;
    uint32_t c = evc_utf8_next(&at, end);
    bool must = c == '"' || c == '\\' || evc_utf8_unsafe(c);
    if (must || (!plain && evc_random_chance(&g->random, 1, 3)))
      build_escape(g, &text, c);
    else
      evc_build(&text, here, (size_t)(at - here));
  }
  evc_build_char(&text, '"');
  evc_value value = {.as.text = string.data,
                     .length = (uint32_t)string.length,
                     .kind = EVC_KIND_STRING};
  return literal(g, EVC_TYPE_STRING, &text, value);
}
