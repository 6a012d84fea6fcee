/* Runs tables of editing: see FORMAT.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evcalc/editor.h"

enum { MOST_LINES = 64, MOST_FIELDS = 64, LONGEST = 4096 };

typedef struct line {
  const char *word, *rest;
  size_t number;
} line;

/* The case being run. */
typedef struct editing {
  const char *file, *title;
  size_t number, failures, cases;
  evc_schema *schema;
  const char *default_type, *type;
  struct made_up {
    char type[64], path[64], word[32];
  } fields[MOST_FIELDS];
  size_t field_count;
  char text[LONGEST];
  size_t length, offset;
  line lines[MOST_LINES];
  size_t line_count;
  evc_editor *editor;
  bool failed;
} editing;

static void fail(editing *e, size_t number, const char *what, const char *got) {
  if (!e->failed) printf("%s:%zu: %s\n    %s\n", e->file, e->number, e->title, e->text);
  printf("  line %zu: %s; got %s\n", number, what, got);
  e->failed = true;
}

static void die(const editing *e, size_t number, const char *why) {
  fprintf(stderr, "%s:%zu: %s\n", e->file, number, why);
  exit(2);
}

static bool text_is(evc_text text, const char *s) {
  return text.data && text.length == strlen(s) && memcmp(text.data, s, text.length) == 0;
}

static const char *shown(evc_text text) { return text.data ? text.data : "(absent)"; }

/* A piece of the text, as a string. */
static const char *piece(const editing *e, size_t start, size_t end) {
  static char buffer[LONGEST];
  memcpy(buffer, e->text + start, end - start);
  buffer[end - start] = '\0';
  return buffer;
}

/* The list's next element, up to " ; ". */
static bool next_of(const char **list, char element[LONGEST]) {
  if (!*list || !**list) return false;
  const char *end = strstr(*list, " ; ");
  size_t length = end ? (size_t)(end - *list) : strlen(*list);
  memcpy(element, *list, length);
  element[length] = '\0';
  *list = end ? end + 3 : NULL;
  return true;
}

/* Completion */

static const evc_completion *find(const evc_completions *found, const char *label) {
  for (size_t i = 0; i < found->count; i++)
    if (text_is(found->items[i].label, label)) return &found->items[i];
  return NULL;
}

static const char *first_of(const evc_completions *found) {
  static char buffer[LONGEST];
  buffer[0] = '\0';
  for (size_t i = 0; i < found->count && i < 12; i++) {
    if (i) strcat(buffer, " ; ");
    strncat(buffer, found->items[i].label.data, 60);
  }
  return buffer;
}

static void check_order(editing *e, const line *l, const evc_completions *found, bool all) {
  char element[LONGEST];
  size_t i = 0;
  for (const char *list = l->rest; next_of(&list, element); i++)
    if (i >= found->count || !text_is(found->items[i].label, element)) {
      fail(e, l->number, "other completions are expected", first_of(found));
      return;
    }
  if (all && i != found->count)
    fail(e, l->number, "no more completions are expected", first_of(found));
}

static void check_each(editing *e, const line *l, const evc_completions *found) {
  char element[LONGEST];
  bool lacks = strcmp(l->word, "lacks") == 0, has = strcmp(l->word, "has") == 0;
  for (const char *list = l->rest; next_of(&list, element);) {
    const evc_completion *item = find(found, element);
    if (lacks != !item)
      fail(e, l->number, element, first_of(found));
    else if (item && !has && item->fits != (strcmp(l->word, "fits") == 0))
      fail(e, l->number, element, item->fits ? "it fits" : "it does not fit");
  }
}

static void check_before(editing *e, const line *l, const evc_completions *found) {
  char element[LONGEST];
  const evc_completion *before = NULL;
  for (const char *list = l->rest; next_of(&list, element);) {
    const evc_completion *item = find(found, element);
    if (!item || (before && item < before)) fail(e, l->number, element, first_of(found));
    before = item;
  }
}

static void check_item(editing *e, const line *l, const evc_completions *found) {
  const char *equals = strstr(l->rest, " =");
  if (!equals) die(e, l->number, "A = TEXT is expected");
  char label[LONGEST];
  size_t length = (size_t)(equals - l->rest);
  memcpy(label, l->rest, length);
  label[length] = '\0';
  const char *wanted = equals[2] ? equals + 3 : "";
  const evc_completion *item = find(found, label);
  if (!item) {
    fail(e, l->number, label, first_of(found));
    return;
  }
  if (strcmp(l->word, "about") == 0) {
    if (!strstr(item->documentation.data, wanted))
      fail(e, l->number, wanted, item->documentation.data);
    return;
  }
  const char *kind = evc_completion_kind_name(item->kind);
  evc_text got = strcmp(l->word, "kind") == 0     ? (evc_text){kind, strlen(kind)}
                 : strcmp(l->word, "insert") == 0 ? item->insert
                 : strcmp(l->word, "detail") == 0 ? item->detail
                                                  : item->snippet;
  if (*wanted || got.data ? !text_is(got, wanted) : false) fail(e, l->number, wanted, shown(got));
}

static bool check_completion(editing *e, const line *l) {
  static const char *const words[] = {"wants",  "replaces", "offers", "only",  "has",    "lacks",
                                      "before", "fits",     "unfit",  "empty", "closed", "kind",
                                      "insert", "snippet",  "detail", "about"};
  bool is_ours = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    is_ours |= strcmp(l->word, words[i]) == 0;
  if (!is_ours) return false;
  evc_completions found;
  evc_status status = evc_editor_complete(e->editor, e->offset, &found);
  if (strcmp(l->word, "closed") == 0) {
    if (status != EVC_NOT_FOUND) fail(e, l->number, "no completion is expected", first_of(&found));
    return true;
  }
  if (status != EVC_OK) {
    fail(e, l->number, "completions are expected", "none");
    return true;
  }
  if (strcmp(l->word, "wants") == 0) {
    const char *got = evc_type_name(found.expected);
    if (strcmp(got, l->rest) != 0) fail(e, l->number, l->rest, got);
  } else if (strcmp(l->word, "replaces") == 0) {
    const char *got = piece(e, found.range.start, found.range.end);
    if (strcmp(got, l->rest) != 0) fail(e, l->number, l->rest, got);
  } else if (strcmp(l->word, "empty") == 0) {
    if (found.count) fail(e, l->number, "nothing is expected", first_of(&found));
  } else if (strcmp(l->word, "offers") == 0 || strcmp(l->word, "only") == 0) {
    check_order(e, l, &found, strcmp(l->word, "only") == 0);
  } else if (strcmp(l->word, "before") == 0) {
    check_before(e, l, &found);
  } else if (strstr("has lacks fits unfit", l->word)) {
    check_each(e, l, &found);
  } else {
    check_item(e, l, &found);
  }
  return true;
}

/* Hover and signature */

static bool check_hover(editing *e, const line *l) {
  bool about = strcmp(l->word, "hover") == 0, type = strcmp(l->word, "hover-type") == 0;
  bool says = strcmp(l->word, "says") == 0, not = strcmp(l->word, "says-not") == 0;
  if (!about && !type && !says && !not ) return false;
  evc_hover hover;
  evc_status status = evc_editor_hover(e->editor, e->offset, &hover);
  if (about && strcmp(l->rest, "none") == 0) {
    if (status != EVC_NOT_FOUND) fail(e, l->number, "nothing is expected", shown(hover.markdown));
    return true;
  }
  if (status != EVC_OK) {
    fail(e, l->number, l->rest, "nothing");
    return true;
  }
  const char *got = about  ? piece(e, hover.range.start, hover.range.end)
                    : type ? evc_type_name(hover.type)
                           : hover.markdown.data;
  bool right = says  ? strstr(got, l->rest) != NULL
               : not ? !strstr(got, l->rest)
                     : !strcmp(got, l->rest);
  if (!right) fail(e, l->number, l->rest, got);
  return true;
}

static bool check_signature(editing *e, const line *l) {
  bool label = strcmp(l->word, "signature") == 0, active = strcmp(l->word, "active") == 0;
  bool about = strcmp(l->word, "parameter") == 0;
  if (!label && !active && !about) return false;
  evc_signature s;
  evc_status status = evc_editor_signature(e->editor, e->offset, &s);
  if (label && strcmp(l->rest, "none") == 0) {
    if (status != EVC_NOT_FOUND) fail(e, l->number, "no signature is expected", shown(s.label));
    return true;
  }
  if (status != EVC_OK) {
    fail(e, l->number, l->rest, "no signature");
    return true;
  }
  if (label) {
    if (!text_is(s.label, l->rest)) fail(e, l->number, l->rest, shown(s.label));
    return true;
  }
  if (strcmp(l->rest, "none") == 0) {
    if (s.active != s.parameter_count) fail(e, l->number, "no active parameter is expected", "one");
    return true;
  }
  if (s.active >= s.parameter_count) {
    fail(e, l->number, l->rest, "no active parameter");
    return true;
  }
  const evc_parameter *p = &s.parameters[s.active];
  evc_text name = {s.label.data + p->start, p->end - p->start};
  bool right = active ? text_is(name, l->rest) : strstr(p->documentation.data, l->rest) != NULL;
  if (!right) fail(e, l->number, l->rest, active ? name.data : p->documentation.data);
  return true;
}

/* Lists that are told line by line */

static const line *next_line(const editing *e, const char *word, size_t *at) {
  while (*at < e->line_count && strcmp(e->lines[*at].word, word) != 0) ++*at;
  return *at < e->line_count ? &e->lines[(*at)++] : NULL;
}

/* Where \xNN in what is expected stands for a byte. */
static bool is_row(const char *wanted, const char *got) {
  for (; *wanted; wanted++, got++) {
    char c = *wanted;
    if (c == '\\' && wanted[1] == 'x') {
      char hex[3] = {wanted[2], wanted[3], '\0'};
      c = (char)strtoul(hex, NULL, 16);
      wanted += 3;
    }
    if (c != *got) return false;
  }
  return !*got;
}

static void check_row(editing *e, const line *l, const char *got) {
  if (!l)
    fail(e, e->number, "no more lines are expected", got);
  else if (!is_row(l->rest, got))
    fail(e, l->number, l->rest, got);
}

static void check_ranges(editing *e) {
  size_t at = 0, count;
  const evc_range *ranges;
  const line *l = next_line(e, "range", &at);
  if (!l) return;
  evc_editor_ranges(e->editor, e->offset, &ranges, &count);
  for (size_t i = 0; i < count; i++, l = next_line(e, "range", &at)) {
    bool whole = ranges[i].start == 0 && ranges[i].end == e->length;
    if (!l && whole && i + 1 == count) return;
    check_row(e, l, piece(e, ranges[i].start, ranges[i].end));
    if (!l) return;
  }
  if (l) fail(e, l->number, l->rest, "no more ranges");
}

static void check_tokens(editing *e) {
  size_t at = 0, count;
  const evc_token *tokens = evc_editor_tokens(e->editor, &count);
  const line *l = next_line(e, "token", &at);
  if (!l) return;
  for (size_t i = 0; i < count; i++, l = next_line(e, "token", &at)) {
    char row[LONGEST + 64];
    snprintf(row, sizeof row, "%s %s", evc_token_class_name(tokens[i].kind),
             piece(e, tokens[i].start, tokens[i].end));
    check_row(e, l, row);
    if (!l) return;
  }
  if (l) fail(e, l->number, l->rest, "no more tokens");
}

static void check_symbols(editing *e) {
  static const char *const kinds[] = {
      [EVC_SYMBOL_CONDITION] = "condition", [EVC_SYMBOL_ALL] = "all", [EVC_SYMBOL_ANY] = "any"};
  size_t at = 0, count;
  const evc_symbol *symbols;
  const line *l = next_line(e, "symbol", &at);
  if (!l) return;
  evc_editor_symbols(e->editor, &symbols, &count);
  for (size_t i = 0; i < count; i++, l = next_line(e, "symbol", &at)) {
    char row[LONGEST + 64];
    snprintf(row, sizeof row, "%zu %s %s", symbols[i].depth, kinds[symbols[i].kind],
             symbols[i].name.data);
    check_row(e, l, row);
    if (!l) return;
  }
  if (l) fail(e, l->number, l->rest, "no more symbols");
}

static bool check_report(editing *e, const line *l) {
  if (strcmp(l->word, "report") != 0) return false;
  const evc_report *report = evc_editor_report(e->editor);
  char got[LONGEST] = "";
  for (size_t i = 0; i < evc_report_count(report); i++) {
    if (i) strcat(got, " ; ");
    strcat(got, evc_report_at(report, i)->name);
  }
  const char *all = *got ? got : "none";
  if (strcmp(all, l->rest) != 0) fail(e, l->number, l->rest, all);
  return true;
}

/* Reading tables */

static void set_text(editing *e, const line *l) {
  static const char mark[] = "\xC2\xA6";
  bool marked = false;
  for (const char *at = l->rest; *at; at++) {
    if (e->length + 1 >= LONGEST) die(e, l->number, "the text is too long");
    char c = *at;
    if (strncmp(at, mark, 2) == 0) {
      e->offset = e->length;
      marked = true;
      at++;
      continue;
    }
    if (c == '\\') {
      c = *++at;
      if (c == 'x') {
        char hex[3] = {at[1], at[2], '\0'};
        c = (char)strtoul(hex, NULL, 16);
        at += 2;
      } else if (c == 'n' || c == 't' || c == 'r') {
        c = c == 'n' ? '\n' : c == 't' ? '\t' : '\r';
      } else if (c != '\\') {
        die(e, l->number, "an unknown escape");
      }
    }
    e->text[e->length++] = c;
  }
  e->text[e->length] = '\0';
  if (!marked) e->offset = e->length;
}

static void run_case(editing *e) {
  bool typed = strcmp(e->type, "none") != 0;
  const evc_event_type *type =
      typed ? evc_schema_find(e->schema, e->type, EVC_NUL_TERMINATED) : NULL;
  if (typed && !type) die(e, e->number, "no such Event type");
  e->failed = false;
  e->editor = evc_editor_new(type, NULL);
  if (!e->editor || evc_editor_set_text(e->editor, e->text, e->length) != EVC_OK)
    die(e, e->number, "out of memory");
  for (size_t i = 0; i < e->line_count; i++) {
    const line *l = &e->lines[i];
    if (!check_completion(e, l) && !check_hover(e, l) && !check_signature(e, l) &&
        !check_report(e, l) && strcmp(l->word, "range") != 0 && strcmp(l->word, "token") != 0 &&
        strcmp(l->word, "symbol") != 0)
      die(e, l->number, "a line that the format does not have");
  }
  check_ranges(e);
  check_tokens(e);
  check_symbols(e);
  evc_editor_free(e->editor);
  e->failures += e->failed;
  e->cases++;
}

/* Fields that the file makes up; a type is added again with each of them. */
static void add_field(editing *e, const line *l) {
  evc_field fields[MOST_FIELDS];
  if (e->field_count == MOST_FIELDS) die(e, l->number, "too many fields");
  struct made_up *made = &e->fields[e->field_count];
  if (sscanf(l->rest, "%63s %63s %31s", made->type, made->path, made->word) != 3)
    die(e, l->number, "field TYPE PATH WORD is expected");
  const char *type = made->type;
  size_t used = 0;
  for (made = e->fields; made <= &e->fields[e->field_count]; made++)
    if (strcmp(made->type, type) == 0)
      fields[used++] = (evc_field){.path = {made->path, strlen(made->path)},
                                   .word = {made->word, strlen(made->word)}};
  e->field_count++;
  if (evc_schema_add(e->schema, type, strlen(type), EVC_LOADED, fields, used, NULL) != EVC_OK)
    die(e, l->number, "out of memory");
}

static char *read_file(const char *name) {
  FILE *f = fopen(name, "rb");
  if (!f || fseek(f, 0, SEEK_END) != 0) {
    perror(name);
    exit(2);
  }
  long size = ftell(f);
  char *text = malloc((size_t)size + 1);
  rewind(f);
  if (!text || fread(text, 1, (size_t)size, f) != (size_t)size) exit(2);
  text[size] = '\0';
  fclose(f);
  return text;
}

static void start_case(editing *e, const line *l) {
  e->title = l->rest;
  e->number = l->number;
  e->type = e->default_type;
  e->length = e->offset = e->line_count = 0;
  e->text[0] = '\0';
}

static void take_line(editing *e, line l) {
  if (strcmp(l.word, "==") == 0) {
    if (e->title) run_case(e);
    start_case(e, &l);
  } else if (strcmp(l.word, "type") == 0) {
    *(e->title ? &e->type : &e->default_type) = l.rest;
  } else if (strcmp(l.word, "field") == 0) {
    add_field(e, &l);
  } else if (strcmp(l.word, "text") == 0) {
    set_text(e, &l);
  } else {
    if (e->line_count == MOST_LINES) die(e, l.number, "too many lines in a case");
    e->lines[e->line_count++] = l;
  }
}

int main(int argc, char **argv) {
  size_t failures = 0;
  for (int i = 1; i < argc; i++) {
    editing *e = calloc(1, sizeof *e);
    if (!e) return 2;
    e->file = argv[i];
    e->schema = evc_schema_builtin(NULL);
    char *text = read_file(argv[i]), *at = text;
    for (size_t number = 1; at; number++) {
      char *end = strchr(at, '\n'), *next = end ? end + 1 : NULL;
      if (end) *end = '\0';
      if (*at && *at != '#') {
        char *blank = strchr(at, ' ');
        if (blank) *blank = '\0';
        take_line(e, (line){at, blank ? blank + 1 : "", number});
      }
      at = next;
    }
    if (e->title) run_case(e);
    printf("%zu cases, %zu failed\n", e->cases, e->failures);
    failures += e->failures + (e->cases == 0);
    evc_schema_free(e->schema);
    free(text);
    free(e);
  }
  return failures ? 1 : 0;
}
