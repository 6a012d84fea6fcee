/* Runs the examples of the language reference and holds it against the tables of the language:
** reference_test DIRECTORY, where DIRECTORY is the project's.
**
** grammar/LANGUAGE.md says at its start how its ```calc, ```layout and ```endpoint blocks are read.
** Every line of such a block is run or is an error; every failure is printed with its line.
*/
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evcalc/evcalc.h"

/* The tables of the language. */
static const struct operator_row {
  const char *spelling, *level, *associativity;
} operators[] = {
#define LEFT                                                    "left"
#define RIGHT                                                   "right"
#define OPERATOR(id, spelling, level, associativity, rule, doc) {spelling, #level, associativity},
#include "value/operators.def"
#undef OPERATOR
};

static const struct function_row {
  const char *name, *signature;
} functions[] = {
#define FUNCTION(id, name, least, most, rule, signature, doc) {name, signature},
#define VARIABLE(id, name, type, doc)                         {name, name},
#define UNAVAILABLE(name)                                     {name, name},
#include "value/functions.def"
#undef FUNCTION
#undef VARIABLE
#undef UNAVAILABLE
};

enum {
  OPERATORS = sizeof operators / sizeof *operators,
  FUNCTIONS = sizeof functions / sizeof *functions
};

/* Fewer of them mean that the reference is no longer read as it should be. */
enum {
  LEAST_EXAMPLES = 220,
  LEAST_ENDPOINT_EXAMPLES = 10,
  LEAST_LAYOUTS = 6,
  LEAST_DECISIONS = 60
};

enum { LONGEST = 16384, MOST_ITEMS = 16, MOST_EDITS = 64 };

typedef struct text {
  const char *data;
  size_t length;
} text;

typedef struct reader {
  char *memory, *next;
  const char *directory;
  size_t line, failures;
  /* What holds for the examples to come. */
  evc_schema *schema;
  const evc_event_type *type;
  char event[LONGEST];
  evc_options options;
  evc_endpoint *endpoint;
  evc_success success;
  char request[LONGEST];
  /* A calculation whose lines are still coming. */
  char pending[LONGEST];
  /* What was found. */
  size_t examples, endpoint_examples, layouts, decisions;
  bool has_code[EVC_CODE_END], has_operator[OPERATORS], has_function[FUNCTIONS];
} reader;

static void fail(reader *r, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("LANGUAGE.md:%zu: ", r->line);
  vprintf(format, arguments);
  putchar('\n');
  va_end(arguments);
  r->failures++;
}

static void show(const evc_report *report) {
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    printf("    %s %s [%zu, %zu): %s; %s\n", d->severity == EVC_ERROR ? "error" : "warning",
           d->name, d->start, d->end, d->message.data, d->help.data ? d->help.data : "");
  }
}

/* Texts */

static char *read_file(const char *directory, const char *path) {
  char name[LONGEST];
  snprintf(name, sizeof name, "%s/%s", directory, path);
  FILE *file = fopen(name, "rb");
  if (!file) return NULL;
  long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  char *memory = size < 0 ? NULL : malloc((size_t)size + 1);
  rewind(file);
  if (memory) memory[fread(memory, 1, (size_t)size, file)] = '\0';
  fclose(file);
  return memory;
}

static text text_of(const char *s) {
  return (text){s, strlen(s)};
}

static text trimmed(text t) {
  while (t.length && t.data[0] == ' ') t.data++, t.length--;
  while (t.length && t.data[t.length - 1] == ' ') t.length--;
  return t;
}

static bool equal(text a, text b) {
  return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

static bool is(text t, const char *s) {
  return equal(t, text_of(s));
}

/* If the text is "WORD REST", its rest. */
static bool starts(text t, const char *word, text *rest) {
  size_t length = strlen(word);
  if (t.length <= length || memcmp(t.data, word, length) != 0 || t.data[length] != ' ')
    return false;
  *rest = trimmed((text){t.data + length, t.length - length});
  return true;
}

static bool copy(char *out, text t) {
  if (t.length >= LONGEST) return false;
  memcpy(out, t.data, t.length);
  out[t.length] = '\0';
  return true;
}

/* The next line, NUL-terminated in place; NULL at the end. */
static char *next_line(reader *r) {
  char *line = r->next, *end = strchr(line, '\n');
  if (!*line) return NULL;
  r->line++;
  r->next = end ? end + 1 : line + strlen(line);
  if (end) *end = '\0';
  return line;
}

/* Split at the last arrow. */
static bool split(const char *line, text *before, text *outcome) {
  static const char arrow[] = "\xE2\x86\x92 ";
  const char *at = NULL;
  for (const char *found = strstr(line, arrow); found; found = strstr(found + 1, arrow)) at = found;
  if (!at) return false;
  *before = trimmed((text){line, (size_t)(at - line)});
  *outcome = trimmed(text_of(at + strlen(arrow)));
  return true;
}

/* Outcomes */

typedef enum verdict { NOTHING, VALID, TRUE_, FALSE_, FAILS } verdict;

typedef struct outcome {
  verdict verdict;
  evc_code fails;
  struct {
    evc_code code;
    bool warning;
  } items[MOST_ITEMS];
  size_t count, errors;
  text fixed; /* data == NULL: not said */
} outcome;

static evc_code code_of(reader *r, text name) {
  evc_code code = evc_code_find(name.data, name.length);
  if (code == EVC_CODE_NONE)
    fail(r, "there is no code '%.*s'", (int)name.length, name.data);
  else
    r->has_code[code] = true;
  return code;
}

static bool read_item(reader *r, text item, outcome *o) {
  text code;
  if (is(item, "valid")) return o->verdict = VALID, true;
  if (is(item, "true")) return o->verdict = TRUE_, true;
  if (is(item, "false")) return o->verdict = FALSE_, true;
  if (starts(item, "fails", &code)) {
    o->verdict = FAILS;
    o->fails = code_of(r, code);
    return o->fails != EVC_CODE_NONE;
  }
  bool warning = starts(item, "warning", &code);
  if (!warning && !starts(item, "error", &code)) return false;
  if (o->count == MOST_ITEMS) return false;
  o->items[o->count].code = code_of(r, code);
  o->items[o->count].warning = warning;
  o->errors += !warning;
  return o->items[o->count++].code != EVC_CODE_NONE;
}

static bool read_outcome(reader *r, text t, outcome *o) {
  *o = (outcome){.verdict = NOTHING};
  while (t.length) {
    if (starts(t, "write", &o->fixed)) break;
    const char *comma = memchr(t.data, ',', t.length);
    text item = {t.data, comma ? (size_t)(comma - t.data) : t.length};
    if (!read_item(r, trimmed(item), o)) {
      fail(r, "this outcome cannot be read: %.*s", (int)t.length, t.data);
      return false;
    }
    size_t used = item.length + (comma != NULL);
    t = trimmed((text){t.data + used, t.length - used});
  }
  bool sensible =
      (o->verdict == NOTHING || o->errors == 0) && (o->verdict != NOTHING || o->count > 0);
  if (!sensible) fail(r, "this outcome makes no sense");
  return sensible;
}

/* Exactly the diagnostics that are listed, in order of position. */
static void check_report(reader *r, const evc_report *report, const outcome *o) {
  bool right = evc_report_count(report) == o->count;
  for (size_t i = 0; i < o->count && right; i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    right = d->code == o->items[i].code && (d->severity != EVC_ERROR) == o->items[i].warning;
  }
  if (right) return;
  fail(r, "these diagnostics came, and others are listed:");
  show(report);
}

static int by_start(const void *a, const void *b) {
  const evc_edit *x = a, *y = b;
  return (x->start > y->start) - (x->start < y->start);
}

/* The calculation with the first fix of every diagnostic applied; false where there is none, or
*where
** they cannot be applied together. */
static bool apply_fixes(const evc_report *report, const char *calculation, char *out) {
  evc_edit edits[MOST_EDITS];
  size_t count = 0, at = 0, length = 0;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    if (d->fix_count == 0) continue;
    for (size_t k = 0; k < d->fixes[0].edit_count; k++) {
      if (count == MOST_EDITS) return false;
      edits[count++] = d->fixes[0].edits[k];
    }
  }
  if (count == 0) return false;
  qsort(edits, count, sizeof *edits, by_start);
  for (size_t i = 0; i <= count; i++) {
    size_t start = i < count ? edits[i].start : strlen(calculation);
    if (start < at) return false;
    size_t added = i < count ? edits[i].text.length : 0;
    if (length + (start - at) + added >= LONGEST) return false;
    memcpy(out + length, calculation + at, start - at);
    length += start - at;
    if (added) memcpy(out + length, edits[i].text.data, added);
    length += added;
    at = i < count ? edits[i].end : start;
  }
  out[length] = '\0';
  return true;
}

static void check_fixed(reader *r, const evc_report *report, const char *calculation, text fixed) {
  static char got[LONGEST];
  if (!fixed.data) return;
  if (!apply_fixes(report, calculation, got))
    fail(r, "the fixes that came cannot be applied together");
  else if (!equal(fixed, trimmed(text_of(got))))
    fail(r, "the fixes give: %s", got);
}

static void check_answer(reader *r, const evc_calculation *calculation, const outcome *o) {
  evc_event *event = evc_event_new(r->type, NULL);
  evc_report *report;
  if (!event) exit(2);
  if (evc_event_read_json(event, r->event, EVC_NUL_TERMINATED, calculation, &report) != EVC_OK) {
    fail(r, "the event cannot be read");
    show(report);
  }
  evc_report_free(report);
  evc_outcome got = evc_evaluate(calculation, event);
  const char *name = got.status == EVC_EVALUATION ? evc_code_name((evc_code)got.code)
                     : got.value                  ? "true"
                                                  : "false";
  bool right = o->verdict == FAILS ? got.status == EVC_EVALUATION && got.code == o->fails
                                   : got.status == EVC_OK && got.value == (o->verdict == TRUE_);
  if (!right) fail(r, "evaluating gives %s", name);
  evc_event_free(event);
}

/* Which operators and functions have an example. */
static void note_coverage(reader *r, const char *calculation) {
  for (size_t i = 0; i < OPERATORS; i++)
    r->has_operator[i] |= strstr(calculation, operators[i].spelling) != NULL;
  for (size_t i = 0; i < FUNCTIONS; i++)
    r->has_function[i] |= strstr(calculation, functions[i].name) != NULL;
}

static void run_calculation(reader *r, const char *calculation, size_t length, text wanted) {
  outcome o;
  if (!read_outcome(r, wanted, &o)) return;
  r->examples++;
  note_coverage(r, calculation);
  if (!r->type) {
    fail(r, "no Event type was named");
    return;
  }
  evc_report *report;
  evc_calculation *compiled = evc_compile(r->type, calculation, length, &r->options, &report);
  check_report(r, report, &o);
  check_fixed(r, report, calculation, o.fixed);
  if (!compiled && o.errors == 0) fail(r, "this is not valid");
  if (compiled && o.errors > 0) fail(r, "this is valid");
  if (compiled && o.verdict > VALID) check_answer(r, compiled, &o);
  evc_calculation_free(compiled);
  evc_report_free(report);
}

/* Directives */

static void set_type(reader *r, text name) {
  r->type = evc_schema_find(r->schema, name.data, name.length);
  if (!r->type) fail(r, "unknown Event type");
  copy(r->event, text_of("{}"));
}

/* A field list, with the load warnings that it must give. */
static void read_fields(reader *r, text json, text wanted) {
  outcome o = {.verdict = VALID};
  if (wanted.data && !read_outcome(r, wanted, &o)) return;
  r->examples += wanted.data != NULL;
  evc_report *report;
  evc_status status = evc_schema_read_json(r->schema, json.data, json.length, &report);
  check_report(r, report, &o);
  if ((status == EVC_OK) != (o.errors == 0)) fail(r, "reading the field list ended otherwise");
  evc_report_free(report);
}

/* An event for the examples to come; with an outcome, one that is read whole here and now. */
static void read_event(reader *r, text json, text wanted) {
  outcome o;
  if (!copy(r->event, json)) fail(r, "this event is too long");
  if (!wanted.data || !read_outcome(r, wanted, &o)) return;
  r->examples++;
  evc_event *event = r->type ? evc_event_new(r->type, NULL) : NULL;
  if (!event) {
    fail(r, "no Event type was named");
    return;
  }
  evc_report *report;
  evc_event_read_json(event, r->event, EVC_NUL_TERMINATED, NULL, &report);
  check_report(r, report, &o);
  evc_report_free(report);
  evc_event_free(event);
}

static void read_option(reader *r, text option) {
  static const struct {
    const char *name;
    size_t offset;
  } limits[] = {{"text", offsetof(evc_limits, text)},
                {"depth", offsetof(evc_limits, depth)},
                {"nodes", offsetof(evc_limits, nodes)},
                {"arguments", offsetof(evc_limits, arguments)}};
  const char *equals = memchr(option.data, '=', option.length);
  if (!equals) {
    fail(r, "an option is NAME=VALUE");
    return;
  }
  text name = {option.data, (size_t)(equals - option.data)};
  text value = {equals + 1, option.length - name.length - 1};
  if (is(name, "advice") && is(value, "shown")) {
    r->options.allow = (evc_code_set){{0}};
  } else if (is(name, "deny") && is(value, "warnings")) {
    r->options.deny_warnings = true;
  } else if (is(name, "allow") || is(name, "deny")) {
    evc_code_set *set = is(name, "allow") ? &r->options.allow : &r->options.deny;
    evc_code_set_add(set, code_of(r, value));
  } else {
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
      if (!is(name, limits[i].name)) continue;
      uint32_t limit = (uint32_t)strtoul(value.data, NULL, 10);
      memcpy((char *)&r->options.limits + limits[i].offset, &limit, sizeof limit);
      return;
    }
    fail(r, "unknown option '%.*s'", (int)name.length, name.data);
  }
}

/* How a block starts: no advice on what is valid but can hardly be meant. */
static void reset_options(reader *r) {
  r->options = (evc_options){.schema = r->schema};
  for (int code = EVC_CODE_CONSTANT_CONDITION; code <= EVC_CODE_INEXACT_EQUALITY; code++)
    evc_code_set_add(&r->options.allow, (evc_code)code);
}

static void read_options(reader *r, text options) {
  while (options.length) {
    const char *blank = memchr(options.data, ' ', options.length);
    size_t length = blank ? (size_t)(blank - options.data) : options.length;
    read_option(r, (text){options.data, length});
    options = trimmed((text){options.data + length, options.length - length});
  }
}

static size_t put_utf8(char *out, unsigned c) {
  if (c < 0x80) return out[0] = (char)c, 1;
  size_t more = c < 0x800 ? 1 : 2;
  out[0] = (char)((more == 1 ? 0xC0u : 0xE0u) | c >> (6 * more));
  for (size_t i = 1; i <= more; i++) out[i] = (char)(0x80u | (c >> (6 * (more - i)) & 63u));
  return more + 1;
}

/* A calculation written as a JSON string; \xNN is one raw byte. */
static bool decode(text json, char *out, size_t *length) {
  *length = 0;
  if (json.length < 2 || json.data[0] != '"' || json.data[json.length - 1] != '"') return false;
  for (const char *at = json.data + 1, *end = json.data + json.length - 1; at < end; at++) {
    if (*at != '\\') {
      out[(*length)++] = *at;
      continue;
    }
    static const char letters[] = "\"\\/nrt", values[] = "\"\\/\n\r\t";
    const char *letter = strchr(letters, *++at);
    size_t digits = *at == 'u' ? 4 : *at == 'x' ? 2 : 0;
    char hexadecimal[5] = {0};
    if (digits && at + digits < end) {
      memcpy(hexadecimal, at + 1, digits);
      unsigned value = (unsigned)strtoul(hexadecimal, NULL, 16);
      if (digits == 2)
        out[(*length)++] = (char)value;
      else
        *length += put_utf8(out + *length, value);
      at += digits;
    } else if (letter && *letter) {
      out[(*length)++] = values[letter - letters];
    } else {
      return false;
    }
  }
  out[*length] = '\0';
  return true;
}

static void run_json(reader *r, text json, text wanted) {
  char calculation[LONGEST];
  size_t length;
  if (decode(json, calculation, &length))
    run_calculation(r, calculation, length, wanted);
  else
    fail(r, "this is no JSON string");
}

/* A line of a calculation that goes on, or ends with its outcome, on the next. */
static bool append(reader *r, text t) {
  size_t length = strlen(r->pending);
  if (length + t.length + 2 >= LONGEST) return false;
  if (length) r->pending[length++] = '\n';
  memcpy(r->pending + length, t.data, t.length);
  r->pending[length + t.length] = '\0';
  return true;
}

static void calc_line(reader *r, const char *line) {
  text whole = trimmed(text_of(line)), before = whole, wanted = {NULL, 0}, rest;
  if (whole.length == 0) return;
  if (r->pending[0] && line[0] != ' ') {
    fail(r, "the calculation above has no outcome");
    r->pending[0] = '\0';
  }
  bool ends = split(line, &before, &wanted);
  if (r->pending[0] || line[0] == ' ') {
    if (!r->pending[0] || !append(r, before))
      fail(r, "this line continues nothing");
    else if (ends)
      run_calculation(r, r->pending, strlen(r->pending), wanted);
    if (ends) r->pending[0] = '\0';
  } else if (starts(before, "type", &rest))
    set_type(r, rest);
  else if (starts(before, "fields", &rest))
    read_fields(r, rest, wanted);
  else if (starts(before, "event", &rest))
    read_event(r, rest, wanted);
  else if (starts(before, "options", &rest))
    read_options(r, rest);
  else if (ends && starts(before, "json", &rest))
    run_json(r, rest, wanted);
  else if (!append(r, before))
    fail(r, "this line is too long");
  else if (ends) {
    run_calculation(r, r->pending, strlen(r->pending), wanted);
    r->pending[0] = '\0';
  }
}

/* The endpoint: events ids are known within one block. */

static void check_endpoint(reader *r, text answer) {
  r->endpoint_examples++;
  if (!r->endpoint) r->endpoint = evc_endpoint_new(r->schema, NULL, r->success);
  if (!r->endpoint) exit(2);
  evc_answer got = evc_endpoint_evaluate(r->endpoint, r->request, EVC_NUL_TERMINATED);
  static char line[LONGEST];
  snprintf(line, sizeof line, "%d %s", got.http_status, got.body.data);
  if (!is(answer, line)) fail(r, "the answer is: %s", line);
  r->request[0] = '\0';
}

static void endpoint_line(reader *r, const char *line) {
  text whole = trimmed(text_of(line)), rest;
  if (whole.length == 0) return;
  if (starts(whole, "success-means", &rest)) {
    r->success = is(rest, "true") ? EVC_SUCCESS_MEANS_TRUE : EVC_SUCCESS_MEANS_VALID;
    if (r->endpoint) fail(r, "success-means stands before the first event and request");
  } else if (starts(whole, "event", &rest)) {
    if (!r->endpoint) r->endpoint = evc_endpoint_new(r->schema, NULL, r->success);
    if (!r->endpoint ||
        evc_endpoint_add_events(r->endpoint, rest.data, rest.length, NULL) != EVC_OK)
      fail(r, "this event cannot be added");
  } else if (starts(whole, "request", &rest)) {
    if (!copy(r->request, rest)) fail(r, "this request is too long");
  } else if (r->request[0] && whole.data[0] >= '0' && whole.data[0] <= '9') {
    check_endpoint(r, whole);
  } else {
    fail(r, "this line of an endpoint block cannot be read");
  }
}

/* Blocks */

static void run_block(reader *r, void (*run_line)(reader *, const char *)) {
  size_t before = r->examples + r->endpoint_examples;
  char *line;
  while ((line = next_line(r)) && strcmp(line, "```") != 0) run_line(r, line);
  if (!line) fail(r, "the last block is not closed");
  if (r->pending[0] || r->request[0]) fail(r, "the last example of this block has no outcome");
  if (r->examples + r->endpoint_examples == before) fail(r, "this block holds no example");
  r->pending[0] = r->request[0] = '\0';
  reset_options(r);
  evc_endpoint_free(r->endpoint);
  r->endpoint = NULL;
  r->success = EVC_SUCCESS_MEANS_VALID;
}

/* A layout is what formatting makes of it, and of its text without line breaks. */
static void run_layout(reader *r, char *layout) {
  static const evc_format_options options = {.final_line_end = true};
  char *joined = malloc(strlen(layout) + 1);
  if (!joined) exit(2);
  strcpy(joined, layout);
  for (char *at = joined; (at = strchr(at, '\n'));) *at = ' ';
  const char *const texts[] = {layout, joined};
  for (size_t i = 0; i < 2; i++) {
    evc_formatted *formatted = evc_format(texts[i], EVC_NUL_TERMINATED, &options, NULL);
    const char *found = formatted ? evc_formatted_text(formatted).data : "nothing\n";
    if (strcmp(found, layout) != 0) fail(r, "the layout above is another:\n%s", found);
    evc_formatted_free(formatted);
  }
  free(joined);
  r->layouts++;
}

/* Layouts, with blank lines between them. */
static void run_layouts(reader *r) {
  char layout[LONGEST] = "";
  char *line;
  do {
    line = next_line(r);
    bool ends = !line || !*line || strcmp(line, "```") == 0;
    if (ends && layout[0]) run_layout(r, layout), layout[0] = '\0';
    if (!ends && strlen(layout) + strlen(line) + 2 < sizeof layout)
      strcat(strcat(layout, line), "\n");
  } while (line && strcmp(line, "```") != 0);
}

static void skip_block(reader *r) {
  char *line;
  while ((line = next_line(r)) && strcmp(line, "```") != 0) {
  }
}

/* The table of decisions: | rule | level | where |, where "where" is `path` `identifier` … for each
** place, places being separated by ";". */

static bool cell(char **row, text *t) {
  char *start = *row, *end = start;
  for (bool code = false; *end && (code || *end != '|'); end++) code ^= *end == '`';
  if (!*end) return false;
  *t = trimmed((text){start, (size_t)(end - start)});
  *row = end + 1;
  return true;
}

/* The next `span` of a text. */
static bool next_span(text *t, text *span) {
  const char *open = memchr(t->data, '`', t->length), *end = t->data + t->length;
  const char *close = open ? memchr(open + 1, '`', (size_t)(end - open - 1)) : NULL;
  if (!close) return false;
  *span = (text){open + 1, (size_t)(close - open - 1)};
  *t = (text){close + 1, (size_t)(end - close - 1)};
  return true;
}

static void check_place(reader *r, text place) {
  text path, identifier;
  char name[LONGEST], wanted[LONGEST];
  if (!next_span(&place, &path) || !copy(name, path)) {
    fail(r, "a place is `path` `identifier`");
    return;
  }
  char *file = read_file(r->directory, name);
  if (!file) fail(r, "there is no file %s", name);
  bool any = false;
  while (next_span(&place, &identifier)) {
    any = true;
    if (file && copy(wanted, identifier) && !strstr(file, wanted))
      fail(r, "%s does not contain '%s'", name, wanted);
  }
  if (!any) fail(r, "%s comes without an identifier", name);
  free(file);
}

static void check_decision(reader *r, char *row) {
  text rule, level, where;
  row++;
  if (!cell(&row, &rule) || !cell(&row, &level) || !cell(&row, &where)) {
    fail(r, "a decision has three cells");
    return;
  }
  if (is(rule, "rule") || (rule.length && rule.data[0] == '-')) return;
  r->decisions++;
  bool documented = is(level, "documented");
  if (!documented && !is(level, "inferred") && !is(level, "chosen"))
    fail(r, "'%.*s' is no level", (int)level.length, level.data);
  if (where.length == 0 && documented) return;
  do {
    const char *semicolon = memchr(where.data, ';', where.length);
    size_t length = semicolon ? (size_t)(semicolon - where.data) : where.length;
    check_place(r, (text){where.data, length});
    length += semicolon != NULL;
    where = (text){where.data + length, where.length - length};
  } while (where.length);
}

/* The precedence table: a row of an operator's level holds its spelling and its associativity. */
static void check_precedence(reader *r) {
  for (size_t i = 0; i < OPERATORS; i++) {
    char start[32], spelling[32];
    snprintf(start, sizeof start, "\n| %s | ", operators[i].level);
    snprintf(spelling, sizeof spelling, "`%s`", operators[i].spelling);
    const char *row = strstr(r->memory, start);
    const char *end = row ? strchr(row + 1, '\n') : NULL;
    const char *found = row ? strstr(row, spelling) : NULL;
    const char *associativity = found ? strstr(found, operators[i].associativity) : NULL;
    if (!end || !associativity || associativity > end)
      fail(r, "the precedence table lacks %s at level %s, %s", operators[i].spelling,
           operators[i].level, operators[i].associativity);
  }
}

static void check_mentioned(reader *r, const char *what) {
  char quoted[128];
  snprintf(quoted, sizeof quoted, "`%s`", what);
  if (!strstr(r->memory, quoted)) fail(r, "%s is not mentioned", quoted);
}

/* Examples outside of blocks: `CALCULATION → OUTCOME`. */
static void run_spans(reader *r, const char *line) {
  text rest = text_of(line), span, before, wanted;
  char example[LONGEST];
  while (next_span(&rest, &span))
    if (copy(example, span) && split(example, &before, &wanted)) {
      example[before.length] = '\0';
      run_calculation(r, example, before.length, wanted);
    }
}

/* Every row of the tables is told of, and shown. */
static void check_tables(reader *r) {
  check_precedence(r);
  for (size_t i = 0; i < FUNCTIONS; i++) check_mentioned(r, functions[i].signature);
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++)
    check_mentioned(r, evc_code_name((evc_code)code));
}

static void check_coverage(reader *r) {
  for (size_t i = 0; i < OPERATORS; i++)
    if (!r->has_operator[i]) fail(r, "no example has the operator %s", operators[i].spelling);
  for (size_t i = 0; i < FUNCTIONS; i++)
    if (!r->has_function[i]) fail(r, "no example has %s", functions[i].name);
  for (int code = EVC_CODE_NONE + 1; code < EVC_CODE_END; code++) {
    bool shown = r->has_code[code];
    /* They are about requests, whole files and the machine, not about a calculation. */
    bool elsewhere = code == EVC_CODE_UNKNOWN_EVENT_TYPE || code == EVC_CODE_UNKNOWN_EVENT ||
                     code == EVC_CODE_CALCULATION_UNUSED || code == EVC_CODE_OUT_OF_MEMORY;
    if (!shown && !elsewhere) fail(r, "no example has the code %s", evc_code_name((evc_code)code));
  }
  if (r->examples < LEAST_EXAMPLES) fail(r, "there are only %zu examples", r->examples);
  if (r->endpoint_examples < LEAST_ENDPOINT_EXAMPLES)
    fail(r, "there are only %zu examples of the endpoint", r->endpoint_examples);
  if (r->layouts < LEAST_LAYOUTS) fail(r, "there are only %zu layouts", r->layouts);
  if (r->decisions < LEAST_DECISIONS) fail(r, "there are only %zu decisions", r->decisions);
}

int main(int count, char **arguments) {
  static reader r;
  r.directory = count > 1 ? arguments[1] : ".";
  r.memory = read_file(r.directory, "grammar/LANGUAGE.md");
  r.schema = evc_schema_builtin(NULL);
  if (!r.memory || !r.schema) {
    fputs("grammar/LANGUAGE.md cannot be read\n", stderr);
    return 2;
  }
  reset_options(&r);
  r.next = r.memory;
  check_tables(&r);
  bool decisions = false;
  for (char *line; (line = next_line(&r));) {
    if (strncmp(line, "## ", 3) == 0) decisions = strcmp(line, "## Table of decisions") == 0;
    if (strcmp(line, "```calc") == 0)
      run_block(&r, calc_line);
    else if (strcmp(line, "```endpoint") == 0)
      run_block(&r, endpoint_line);
    else if (strcmp(line, "```layout") == 0)
      run_layouts(&r);
    else if (strcmp(line, "```ebnf") == 0)
      skip_block(&r);
    else if (strncmp(line, "```", 3) == 0)
      fail(&r, "a block of a kind that is not known");
    else if (decisions && line[0] == '|')
      check_decision(&r, line);
    else
      run_spans(&r, line);
  }
  check_coverage(&r);
  printf("%zu examples, %zu of the endpoint, %zu decisions, %zu failures\n", r.examples,
         r.endpoint_examples, r.decisions, r.failures);
  evc_schema_free(r.schema);
  free(r.memory);
  return r.failures > 0;
}
