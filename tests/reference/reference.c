#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/syntax/parse.h"

/* ---- The tree ------------------------------------------------------------------------------- */

static const evc_node *node_at(const reference *r, uint32_t node) {
  return &r->tree.nodes[node];
}

static evc_text source_of(const reference *r, uint32_t node) {
  const evc_node *n = node_at(r, node);
  return (evc_text){r->tree.source + n->start, n->end - n->start};
}

static bool text_is(evc_text text, const char *expected) {
  return text.length == strlen(expected) && memcmp(text.data, expected, text.length) == 0;
}

/* The name of a call: what stands before its parenthesis. */
static bool calls(const reference *r, uint32_t node, const char *name) {
  evc_text source = source_of(r, node);
  size_t length = strcspn(source.data, " \t\r\n(");
  return text_is((evc_text){source.data, length}, name);
}

static uint32_t argument_count(const reference *r, uint32_t call) {
  return node_at(r, call)->as.call.count;
}

static uint32_t argument_at(const reference *r, uint32_t call, uint32_t number) {
  uint32_t argument = node_at(r, call)->as.call.first;
  for (; number > 0; number--) argument = node_at(r, argument)->next;
  return argument;
}

/* ---- Constants ------------------------------------------------------------------------------ */

static ref_value null_value(void) {
  return (ref_value){.kind = EVC_KIND_NULL};
}
static ref_value number_value(double n) {
  return (ref_value){.kind = EVC_KIND_NUMBER, .number = n};
}
static ref_value boolean_value(bool b) {
  return (ref_value){.kind = EVC_KIND_BOOLEAN, .boolean = b};
}

static unsigned hex_digits(const char *at) {
  char digits[5] = {at[0], at[1], at[2], at[3], '\0'};
  return (unsigned)strtoul(digits, NULL, 16);
}

static size_t write_utf8(char *out, unsigned c) {
  if (c < 0x80) return out[0] = (char)c, 1;
  size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = size; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
  out[0] = (char)((size == 2 ? 0xC0 : size == 3 ? 0xE0 : 0xF0) | c);
  return size;
}

/* A String between its quotes: \u escapes, two of them for what is above U+FFFF, and letters. */
static ref_value string_value(reference *r, evc_text source) {
  char *text = evc_arena_alloc(&r->arena, source.length);
  if (!text) abort();
  size_t length = 0;
  for (size_t i = 1; i + 1 < source.length; i++) {
    if (source.data[i] != '\\') {
      text[length++] = source.data[i];
      continue;
    }
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    char letter = source.data[++i];
    const char *known = strchr(letters, letter);
    if (letter != 'u') {
      text[length++] = known ? meanings[known - letters] : letter;
      continue;
    }
    unsigned c = hex_digits(source.data + i + 1);
    i += 4;
    if (c >= 0xD800 && c < 0xDC00) {
      c = 0x10000 + ((c - 0xD800) << 10) + (hex_digits(source.data + i + 3) - 0xDC00);
      i += 6;
    }
    length += write_utf8(text + length, c);
  }
  return (ref_value){.kind = EVC_KIND_STRING, .text = text, .length = length};
}

static bool is_field(const reference *r, uint32_t node) {
  evc_text path = source_of(r, node);
  return evc_event_type_slot(r->type, path.data, path.length) != EVC_NO_SLOT;
}

static bool is_variable(const reference *r, uint32_t node) {
  evc_text path = source_of(r, node);
  return !is_field(r, node) && (text_is(path, "Math.PI") || text_is(path, "DateTime.TS_FMT"));
}

bool reference_is_constant_leaf(const reference *r, uint32_t node) {
  evc_node_kind kind = (evc_node_kind)node_at(r, node)->kind;
  return kind == EVC_NODE_NUMBER || kind == EVC_NODE_STRING || kind == EVC_NODE_BOOLEAN ||
         (kind == EVC_NODE_PATH && is_variable(r, node));
}

/* Read without its point, which is another character in other locales. */
static double literal_value(evc_text source) {
  char text[400];
  const char *point = memchr(source.data, '.', source.length);
  size_t whole = point ? (size_t)(point - source.data) : source.length;
  size_t behind = point ? source.length - whole - 1 : 0;
  snprintf(text, sizeof text, "%.*s%.*se-%zu", (int)whole, source.data, (int)behind,
           source.data + source.length - behind, behind);
  return strtod(text, NULL);
}

static ref_value constant_of(reference *r, uint32_t node) {
  static const char format[] = "yyyy-MM-dd'T'HH:mm:ss.SSSX";
  evc_text source = source_of(r, node);
  switch ((evc_node_kind)node_at(r, node)->kind) {
  case EVC_NODE_NUMBER: return number_value(literal_value(source));
  case EVC_NODE_STRING: return string_value(r, source);
  case EVC_NODE_BOOLEAN: return boolean_value(source.data[0] == 't');
  case EVC_NODE_NULL: return null_value();
  default:
    if (text_is(source, "Math.PI")) return number_value(3.141592653589793);
    return (ref_value){.kind = EVC_KIND_STRING, .text = format, .length = sizeof format - 1};
  }
}

/* ---- Types ---------------------------------------------------------------------------------- */

/* Of two things that must be alike: null is like anything, and so is a Dynamic value, which then
** has to be what the other one is. */
static evc_type joined(evc_type a, evc_type b) {
  if (a == EVC_TYPE_NULL) return b;
  if (b == EVC_TYPE_NULL) return a;
  return a == EVC_TYPE_DYNAMIC ? b : a;
}

static evc_type type_of_path(const reference *r, uint32_t node) {
  evc_text path = source_of(r, node);
  size_t slot = evc_event_type_slot(r->type, path.data, path.length);
  if (slot != EVC_NO_SLOT) return evc_event_type_field(r->type, slot)->type;
  if (text_is(path, "Math.PI")) return EVC_TYPE_NUMBER;
  if (text_is(path, "DateTime.TS_FMT")) return EVC_TYPE_STRING;
  return EVC_TYPE_DYNAMIC; /* a member of a map: nothing else is valid */
}

static evc_type type_of_call(const reference *r, uint32_t node) {
  if (calls(r, node, "IN")) return EVC_TYPE_BOOLEAN;
  if (calls(r, node, "isnull"))
    return joined(r->types[argument_at(r, node, 0)], r->types[argument_at(r, node, 1)]);
  return EVC_TYPE_NUMBER;
}

static evc_type type_of(const reference *r, uint32_t node) {
  const evc_node *n = node_at(r, node);
  switch ((evc_node_kind)n->kind) {
  case EVC_NODE_NUMBER: return EVC_TYPE_NUMBER;
  case EVC_NODE_STRING: return EVC_TYPE_STRING;
  case EVC_NODE_BOOLEAN: return EVC_TYPE_BOOLEAN;
  case EVC_NODE_NULL: return EVC_TYPE_NULL;
  case EVC_NODE_PATH: return type_of_path(r, node);
  case EVC_NODE_GROUP: return r->types[n->as.child.left];
  case EVC_NODE_UNARY: return EVC_TYPE_NUMBER;
  case EVC_NODE_CONDITIONAL:
    return joined(r->types[n->as.child.right], r->types[n->as.child.third]);
  case EVC_NODE_CALL: return type_of_call(r, node);
  default: /* EVC_NODE_BINARY */ return n->op >= EVC_OP_ADD ? EVC_TYPE_NUMBER : EVC_TYPE_BOOLEAN;
  }
}

static bool all_constant(const reference *r, uint32_t node) {
  const evc_node *n = node_at(r, node);
  if (n->kind == EVC_NODE_CALL) {
    uint32_t count = argument_count(r, node);
    for (uint32_t i = 0; i < count; i++)
      if (!r->is_constant[argument_at(r, node, i)]) return false;
    return true;
  }
  if (n->kind < EVC_NODE_GROUP) return n->kind != EVC_NODE_PATH || is_variable(r, node);
  uint32_t operands[] = {n->as.child.left, n->as.child.right, n->as.child.third};
  for (size_t i = 0; i < 3; i++)
    if (operands[i] != EVC_NO_NODE && !r->is_constant[operands[i]]) return false;
  return true;
}

/* ---- Evaluation ----------------------------------------------------------------------------- */

/* One evaluation. Once something failed, nothing more is evaluated. */
typedef struct evaluation {
  reference *r;
  const evc_event *event;
  ref_outcome outcome;
} evaluation;

static ref_value evaluate(evaluation *e, uint32_t node);

static ref_value fail(evaluation *e, uint32_t node, evc_code code) {
  if (e->outcome.failed) return null_value();
  const evc_node *n = node_at(e->r, node);
  e->outcome = (ref_outcome){.failed = true, .code = code, .start = n->start, .end = n->end};
  return null_value();
}

static ref_value fail_kind(evaluation *e, uint32_t node, evc_kind found, evc_kind wanted) {
  if (e->outcome.failed) return null_value();
  fail(e, node, EVC_CODE_VALUE_KIND);
  e->outcome.found = found;
  e->outcome.wanted = wanted;
  return null_value();
}

static evc_kind kind_of_type(evc_type type) {
  switch (type) {
  case EVC_TYPE_NUMBER: return EVC_KIND_NUMBER;
  case EVC_TYPE_STRING: return EVC_KIND_STRING;
  case EVC_TYPE_BOOLEAN: return EVC_KIND_BOOLEAN;
  default: return EVC_KIND_NULL; /* no kind in particular */
  }
}

/* An operand that is to be of a type: a Dynamic one may turn out to be of another. */
static ref_value operand(evaluation *e, uint32_t node, evc_type wanted) {
  ref_value value = evaluate(e, node);
  evc_kind kind = kind_of_type(wanted);
  bool dynamic = e->r->types[node] == EVC_TYPE_DYNAMIC && kind != EVC_KIND_NULL;
  if (!dynamic || value.kind == EVC_KIND_NULL || value.kind == kind) return value;
  e->r->evaluated[node] = false;
  return fail_kind(e, node, value.kind, kind);
}

static ref_value number_operand(evaluation *e, uint32_t node) {
  return operand(e, node, EVC_TYPE_NUMBER);
}

static bool is_null(ref_value value) {
  return value.kind == EVC_KIND_NULL;
}

/* Null counts as false. */
static bool is_true(ref_value value) {
  return value.kind == EVC_KIND_BOOLEAN && value.boolean;
}

/* Fields */

static ref_value value_of_event(evc_value v) {
  ref_value value = {.kind = (evc_kind)v.kind};
  if (v.kind == EVC_KIND_NUMBER) value.number = v.as.number;
  if (v.kind == EVC_KIND_BOOLEAN) value.boolean = v.as.boolean;
  if (v.kind == EVC_KIND_STRING) value.text = v.as.text, value.length = v.length;
  return value;
}

static ref_value read_field(evaluation *e, uint32_t node, size_t slot) {
  ref_value value = value_of_event(evc_event_value(e->event, slot));
  evc_kind kind = kind_of_type(evc_event_type_field(e->r->type, slot)->type);
  if (is_null(value) || value.kind == kind) return value;
  return fail_kind(e, node, value.kind, kind);
}

static ref_value read_member(evaluation *e, uint32_t node, evc_text path) {
  size_t dot = path.length;
  while (path.data[dot - 1] != '.') dot--;
  evc_text name = {path.data + dot, path.length - dot};
  evc_value map = evc_event_value(e->event, evc_event_type_slot(e->r->type, path.data, dot - 1));
  if (map.kind == EVC_KIND_NULL) return null_value();
  if (map.kind != EVC_KIND_MAP) return fail_kind(e, node, (evc_kind)map.kind, EVC_KIND_MAP);
  ref_value value = null_value();
  for (uint32_t i = 0; i < map.length; i++) {
    evc_text known = map.as.members[i].name;
    if (known.length == name.length && memcmp(known.data, name.data, name.length) == 0)
      value = value_of_event(map.as.members[i].value);
  }
  bool usable = is_null(value) || value.kind == EVC_KIND_NUMBER || value.kind == EVC_KIND_STRING;
  return usable ? value : fail_kind(e, node, value.kind, EVC_KIND_NULL);
}

static ref_value evaluate_path(evaluation *e, uint32_t node) {
  evc_text path = source_of(e->r, node);
  size_t slot = evc_event_type_slot(e->r->type, path.data, path.length);
  if (slot != EVC_NO_SLOT) return read_field(e, node, slot);
  if (is_variable(e->r, node)) return e->r->constants[node];
  return read_member(e, node, path);
}

/* Arithmetic: both operands, then the null rule, then the operation. */
static ref_value evaluate_arithmetic(evaluation *e, uint32_t node, evc_operator op, uint32_t left,
                                     uint32_t right) {
  ref_value a = number_operand(e, left);
  if (e->outcome.failed) return null_value();
  ref_value b = number_operand(e, right);
  if (e->outcome.failed || is_null(a) || is_null(b)) return null_value();
  double x = a.number, y = b.number, result;
  switch (op) {
  case EVC_OP_ADD: result = x + y; break;
  case EVC_OP_SUBTRACT: result = x - y; break;
  case EVC_OP_MULTIPLY: result = x * y; break;
  case EVC_OP_DIVIDE:
    if (y == 0) return fail(e, right, EVC_CODE_DIVISION_BY_ZERO);
    result = x / y;
    break;
  case EVC_OP_MODULO:
    if (y == 0) return fail(e, right, EVC_CODE_DIVISION_BY_ZERO);
    result = fmod(x, y);
    break;
  default: /* EVC_OP_POWER */
    if (x < 0 && y != floor(y)) return fail(e, node, EVC_CODE_NO_REAL_VALUE);
    result = pow(x, y);
    break;
  }
  return isfinite(result) ? number_value(result) : fail(e, node, EVC_CODE_NOT_FINITE);
}

/* Comparisons */

/* By code point, which in UTF-8 is by byte. */
static int string_order(ref_value a, ref_value b) {
  for (size_t i = 0; i < a.length && i < b.length; i++) {
    unsigned char x = (unsigned char)a.text[i], y = (unsigned char)b.text[i];
    if (x != y) return x < y ? -1 : 1;
  }
  return a.length < b.length ? -1 : a.length > b.length;
}

static int order_of(ref_value a, ref_value b) {
  if (a.kind == EVC_KIND_STRING) return string_order(a, b);
  if (a.kind == EVC_KIND_BOOLEAN) return (int)a.boolean - (int)b.boolean;
  return a.number < b.number ? -1 : a.number > b.number;
}

static bool compare(evc_operator op, ref_value a, ref_value b) {
  bool null = is_null(a) || is_null(b), nulls = is_null(a) && is_null(b);
  switch (op) {
  case EVC_OP_EQ: return null ? nulls : order_of(a, b) == 0;
  case EVC_OP_NE: return null ? !nulls : order_of(a, b) != 0;
  case EVC_OP_LT: return !null && order_of(a, b) < 0;
  case EVC_OP_LE: return !null && order_of(a, b) <= 0;
  case EVC_OP_GT: return !null && order_of(a, b) > 0;
  default: return !null && order_of(a, b) >= 0; /* EVC_OP_GE */
  }
}

static ref_value evaluate_comparison(evaluation *e, uint32_t node, evc_operator op, uint32_t left,
                                     uint32_t right) {
  evc_type type = joined(e->r->types[left], e->r->types[right]);
  ref_value a = operand(e, left, type);
  if (e->outcome.failed) return null_value();
  ref_value b = operand(e, right, type);
  if (e->outcome.failed) return null_value();
  if (!is_null(a) && !is_null(b) && a.kind != b.kind) return fail_kind(e, node, b.kind, a.kind);
  return boolean_value(compare(op, a, b));
}

/* Logic: the right side only if it matters. */
static ref_value evaluate_logic(evaluation *e, evc_operator op, uint32_t left, uint32_t right) {
  bool a = is_true(evaluate(e, left));
  if (e->outcome.failed || a == (op == EVC_OP_OR)) return boolean_value(a);
  return boolean_value(is_true(evaluate(e, right)));
}

static ref_value evaluate_binary(evaluation *e, uint32_t node) {
  const evc_node *n = node_at(e->r, node);
  uint32_t left = n->as.child.left, right = n->as.child.right;
  evc_operator op = (evc_operator)n->op;
  switch (op) {
  case EVC_OP_OR:
  case EVC_OP_AND: return evaluate_logic(e, op, left, right);
  case EVC_OP_EQ:
  case EVC_OP_NE:
  case EVC_OP_LT:
  case EVC_OP_LE:
  case EVC_OP_GT:
  case EVC_OP_GE: return evaluate_comparison(e, node, op, left, right);
  default: return evaluate_arithmetic(e, node, op, left, right);
  }
}

static ref_value evaluate_sign(evaluation *e, uint32_t node) {
  const evc_node *n = node_at(e->r, node);
  ref_value value = number_operand(e, n->as.child.left);
  if (!is_null(value) && n->op == EVC_OP_MINUS) value.number = -value.number;
  return value;
}

static ref_value evaluate_conditional(evaluation *e, uint32_t node) {
  const evc_node *n = node_at(e->r, node);
  bool condition = is_true(evaluate(e, n->as.child.left));
  if (e->outcome.failed) return null_value();
  return operand(e, condition ? n->as.child.right : n->as.child.third, e->r->types[node]);
}

/* ---- Functions ------------------------------------------------------------------------------ */

/* The largest or smallest of Numbers; all of them are evaluated before the null rule applies. */
static ref_value evaluate_extreme(evaluation *e, uint32_t node, bool largest) {
  uint32_t count = argument_count(e->r, node);
  ref_value best = null_value();
  bool some_null = false;
  for (uint32_t i = 0; i < count; i++) {
    ref_value value = number_operand(e, argument_at(e->r, node, i));
    if (e->outcome.failed) return null_value();
    some_null |= is_null(value);
    bool better = largest ? value.number > best.number : value.number < best.number;
    if (i == 0 || better) best = value;
  }
  return some_null ? null_value() : best;
}

static ref_value evaluate_isnull(evaluation *e, uint32_t node) {
  ref_value value = operand(e, argument_at(e->r, node, 0), e->r->types[node]);
  if (e->outcome.failed || !is_null(value)) return value;
  return operand(e, argument_at(e->r, node, 1), e->r->types[node]);
}

/* Each candidate is compared when it has been evaluated. */
static ref_value evaluate_in(evaluation *e, uint32_t node) {
  uint32_t count = argument_count(e->r, node);
  evc_type type = EVC_TYPE_DYNAMIC;
  for (uint32_t i = 0; i < count; i++) type = joined(type, e->r->types[argument_at(e->r, node, i)]);
  ref_value value = operand(e, argument_at(e->r, node, 0), type);
  bool found = false;
  for (uint32_t i = 1; i < count && !e->outcome.failed; i++) {
    ref_value candidate = operand(e, argument_at(e->r, node, i), type);
    if (e->outcome.failed || is_null(value) || is_null(candidate)) continue;
    if (value.kind != candidate.kind)
      return fail_kind(e, argument_at(e->r, node, i), candidate.kind, value.kind);
    found |= order_of(value, candidate) == 0;
  }
  return boolean_value(found);
}

/* Rounding works on decimal digits: those of the shortest decimal that reads back as the number. */
typedef struct decimal {
  char digits[32]; /* without a point */
  int exponent;    /* the value is 0.digits times ten to this */
} decimal;

static double decimal_value(const decimal *d) {
  char text[64];
  snprintf(text, sizeof text, "%se%d", d->digits, d->exponent - (int)strlen(d->digits));
  return strtod(text, NULL);
}

/* One more in the last place. */
static void count_up(decimal *d) {
  size_t at = strlen(d->digits);
  while (at > 0 && d->digits[at - 1] == '9') d->digits[--at] = '0';
  if (at > 0) {
    d->digits[at - 1]++;
    return;
  }
  memmove(d->digits + 1, d->digits, strlen(d->digits) + 1);
  d->digits[0] = '1';
  d->exponent++;
}

/* Above a power of two numbers lie less densely than below it, so that the nearest decimal of few
** digits may fail to read back where the one above it does. */
static decimal shortest_decimal(double magnitude) {
  decimal d = {"0", 0};
  for (int precision = 1; precision <= 17 && magnitude > 0; precision++) {
    char text[64];
    snprintf(text, sizeof text, "%.*e", precision - 1, magnitude);
    d.digits[0] = text[0];
    memcpy(d.digits + 1, text + 2, (size_t)precision - 1);
    d.digits[precision] = '\0';
    d.exponent = atoi(strchr(text, 'e') + 1) + 1;
    if (decimal_value(&d) == magnitude) break;
    decimal above = d;
    count_up(&above);
    if (decimal_value(&above) == magnitude) return above;
  }
  return d;
}

typedef enum direction { NEAREST, DOWN, UP } direction;

static double rounded(double number, int scale, direction to) {
  decimal d = shortest_decimal(fabs(number));
  int count = (int)strlen(d.digits), kept = d.exponent + scale;
  if (number == 0 || kept >= count) return number;
  bool negative = number < 0, something = false;
  for (int i = kept > 0 ? kept : 0; i < count; i++) something |= d.digits[i] != '0';
  char first_lost = kept >= 0 ? d.digits[kept] : '0';
  bool away = to == NEAREST ? first_lost >= '5' : something && negative == (to == DOWN);
  decimal result = {"0", -scale};
  if (kept > 0) {
    result = d;
    result.digits[kept] = '\0';
    if (away) count_up(&result);
  } else if (away) {
    result = (decimal){"1", 1 - scale};
  }
  double magnitude = decimal_value(&result);
  return negative ? -magnitude : magnitude;
}

static ref_value evaluate_rounding(evaluation *e, uint32_t node, direction to) {
  uint32_t count = argument_count(e->r, node);
  ref_value value = number_operand(e, argument_at(e->r, node, 0));
  if (e->outcome.failed) return null_value();
  double scale = count > 1 ? number_operand(e, argument_at(e->r, node, 1)).number : 0;
  if (is_null(value)) return null_value();
  double result = rounded(value.number, (int)scale, to);
  return isfinite(result) ? number_value(result) : fail(e, node, EVC_CODE_NOT_FINITE);
}

static ref_value evaluate_call(evaluation *e, uint32_t node) {
  const reference *r = e->r;
  if (calls(r, node, "IN")) return evaluate_in(e, node);
  if (calls(r, node, "isnull")) return evaluate_isnull(e, node);
  if (calls(r, node, "Math.max")) return evaluate_extreme(e, node, true);
  if (calls(r, node, "Math.min")) return evaluate_extreme(e, node, false);
  if (calls(r, node, "Math.floor")) return evaluate_rounding(e, node, DOWN);
  if (calls(r, node, "Math.ceil")) return evaluate_rounding(e, node, UP);
  if (calls(r, node, "Math.round")) return evaluate_rounding(e, node, NEAREST);
  if (calls(r, node, "Math.pow"))
    return evaluate_arithmetic(e, node, EVC_OP_POWER, argument_at(r, node, 0),
                               argument_at(r, node, 1));
  ref_value value = number_operand(e, argument_at(r, node, 0)); /* Math.abs */
  value.number = fabs(value.number);
  return value;
}

static ref_value evaluate_inside(evaluation *e, uint32_t node) {
  const evc_node *n = node_at(e->r, node);
  switch ((evc_node_kind)n->kind) {
  case EVC_NODE_PATH: return evaluate_path(e, node);
  case EVC_NODE_GROUP: return evaluate(e, n->as.child.left);
  case EVC_NODE_UNARY: return evaluate_sign(e, node);
  case EVC_NODE_BINARY: return evaluate_binary(e, node);
  case EVC_NODE_CONDITIONAL: return evaluate_conditional(e, node);
  case EVC_NODE_CALL: return evaluate_call(e, node);
  default: return e->r->constants[node];
  }
}

static ref_value evaluate(evaluation *e, uint32_t node) {
  if (e->outcome.failed) return null_value();
  ref_value value = evaluate_inside(e, node);
  if (e->outcome.failed) return null_value();
  e->r->values[node] = value;
  e->r->evaluated[node] = true;
  return value;
}

ref_outcome reference_evaluate(reference *r, const evc_event *event) {
  evaluation e = {.r = r, .event = event};
  memset(r->evaluated, 0, r->tree.count * sizeof *r->evaluated);
  ref_value value = evaluate(&e, r->tree.root);
  e.outcome.answer = !e.outcome.failed && is_true(value);
  return e.outcome;
}

/* ---- Making one ----------------------------------------------------------------------------- */

static void *array(reference *r, size_t element) {
  void *memory = evc_arena_alloc(&r->arena, r->tree.count * element);
  if (!memory) abort();
  return memset(memory, 0, r->tree.count * element);
}

static void mark_scale(reference *r, uint32_t node) {
  const evc_node *n = node_at(r, node);
  r->is_scale[node] = true;
  if (n->kind < EVC_NODE_GROUP) return;
  if (n->kind == EVC_NODE_CALL) {
    uint32_t count = argument_count(r, node);
    for (uint32_t i = 0; i < count; i++) mark_scale(r, argument_at(r, node, i));
    return;
  }
  uint32_t operands[] = {n->as.child.left, n->as.child.right, n->as.child.third};
  for (size_t i = 0; i < 3; i++)
    if (operands[i] != EVC_NO_NODE) mark_scale(r, operands[i]);
}

static bool is_rounding(const reference *r, uint32_t node) {
  return node_at(r, node)->kind == EVC_NODE_CALL &&
         (calls(r, node, "Math.round") || calls(r, node, "Math.floor") ||
          calls(r, node, "Math.ceil"));
}

void reference_init(reference *r, const evc_event_type *type, const char *text, size_t length) {
  static const evc_limits limits = {.text = EVC_DEFAULT_TEXT_LIMIT,
                                    .depth = EVC_DEFAULT_DEPTH_LIMIT,
                                    .nodes = EVC_DEFAULT_NODE_LIMIT,
                                    .arguments = EVC_DEFAULT_ARGUMENT_LIMIT};
  *r = (reference){.type = type};
  evc_arena_init(&r->arena, NULL, NULL, 0);
  evc_text source = evc_arena_text(&r->arena, text, length);
  evc_parse(&r->tree, &r->arena, source.data, (uint32_t)length, &limits);
  r->types = array(r, sizeof *r->types);
  r->is_constant = array(r, sizeof *r->is_constant);
  r->is_scale = array(r, sizeof *r->is_scale);
  r->values = array(r, sizeof *r->values);
  r->evaluated = array(r, sizeof *r->evaluated);
  r->constants = array(r, sizeof *r->constants);
  /* Operands come before what uses them. */
  for (uint32_t node = 0; node < r->tree.count; node++) {
    r->types[node] = type_of(r, node);
    r->is_constant[node] = all_constant(r, node);
    if (reference_is_constant_leaf(r, node)) r->constants[node] = constant_of(r, node);
    if (is_rounding(r, node) && argument_count(r, node) > 1) mark_scale(r, argument_at(r, node, 1));
  }
}

void reference_free(reference *r) {
  evc_arena_free(&r->arena);
}
