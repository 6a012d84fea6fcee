/* Small mistakes for mutation testing: the places in a source file where one can be made, and the file
** with one of them in it.
**
**   mutate FILE          every mutation, a line each: number, line, what, with what
**   mutate FILE NUMBER   the file with that mutation
**
** It knows tokens, not the language: comments, strings and directives other than #define are left
** alone, and a mutation that does not compile is not counted by whoever builds it (run).
*/
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct mutation {
  const char *what, *with;
  bool after_operand; /* only behind an operand: a sign is no subtraction */
} mutation;

/* The longest first, so that < does not match in <=; without `with` it is left alone. */
static const mutation operators[] = {
    {"<<=", NULL, false}, {">>=", NULL, false}, {"...", NULL, false}, {"->", NULL, false},
    {"<<", ">>", false},  {">>", "<<", false},  {"<=", "<", false},   {">=", ">", false},
    {"==", "!=", false},  {"!=", "==", false},  {"&&", "||", false},  {"||", "&&", false},
    {"++", "--", false},  {"--", "++", false},  {"+=", "-=", false},  {"-=", "+=", false},
    {"|=", "=", false},   {"&=", "=", false},   {"*=", NULL, false},  {"/=", NULL, false},
    {"%=", NULL, false},  {"^=", "=", false},   {"##", NULL, false},  {"<", "<=", false},
    {">", ">=", false},   {"!", "", false},     {"+", "-", true},     {"-", "+", true},
    {"/", "*", true},     {"%", "/", true},     {"|", "&", true},     {"^", "|", true},
};

static const mutation words[] = {
    {"true", "false", false},
    {"false", "true", false},
    {"EVC_KIND_NULL", "EVC_KIND_NUMBER", false}, /* null rules */
    {"EVC_TYPE_NULL", "EVC_TYPE_NUMBER", false},
    {"EVC_TYPE_UNKNOWN", "EVC_TYPE_NUMBER", false},
    {"EVC_NO_NODE", "0", false},
    {"RIGHT", "LEFT", false}, /* of tables */
    {"LEFT", "RIGHT", false},
    {"ORDER", "EQUALITY", false},
    {"EQUALITY", "ORDER", false},
    {"NUMBERS", "SCALED", false},
};

typedef struct scanner {
  const char *text, *at;
  size_t line, found;
  size_t wanted; /* the mutation to write, or none */
  bool listing, operand; /* operand: the token before can end one */
} scanner;

static void copy_to(scanner *s, const char *end) {
  for (; s->at < end; s->at++) {
    s->line += *s->at == '\n';
    if (!s->listing) putchar(*s->at);
  }
}

static void mutate(scanner *s, size_t length, const char *with) {
  s->found++;
  if (s->listing) printf("%zu %zu %.*s %s\n", s->found, s->line, (int)length, s->at, *with ? with : "nothing");
  if (s->listing || s->found != s->wanted) {
    copy_to(s, s->at + length);
    return;
  }
  fputs(with, stdout);
  s->at += length;
}

static const char *end_of_quoted(const char *at) {
  char quote = *at++;
  for (; *at && *at != quote; at++)
    if (*at == '\\' && at[1]) at++;
  return *at ? at + 1 : at;
}

/* A directive with the lines that it goes on in; of #define only its name is left alone. */
static const char *end_of_directive(const char *at) {
  const char *name = at + 1 + strspn(at + 1, " ");
  if (strncmp(name, "define ", 7) == 0) return name + 7 + strcspn(name + 7, " (\n");
  while (*at && *at != '\n') at += at[0] == '\\' && at[1] ? 2 : 1;
  return at;
}

static void take_word(scanner *s) {
  size_t length = 0;
  while (isalnum((unsigned char)s->at[length]) || s->at[length] == '_') length++;
  const char *with = NULL;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i].what) == length && memcmp(words[i].what, s->at, length) == 0)
      with = words[i].with;
  if (with) mutate(s, length, with);
  else copy_to(s, s->at + length);
  s->operand = true;
}

/* A whole decimal number is one more; any other is left alone. */
static void take_number(scanner *s) {
  size_t length = 0;
  while (isalnum((unsigned char)s->at[length]) || s->at[length] == '.') length++;
  size_t digits = strspn(s->at, "0123456789");
  char more[32];
  bool decimal = digits == length && digits < 10 && (s->at[0] != '0' || digits == 1);
  if (decimal) {
    snprintf(more, sizeof more, "%ld", strtol(s->at, NULL, 10) + 1);
    mutate(s, length, more);
  } else {
    copy_to(s, s->at + length);
  }
  s->operand = true;
}

static void take_operator(scanner *s) {
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
    const mutation *m = &operators[i];
    size_t length = strlen(m->what);
    if (strncmp(s->at, m->what, length) != 0) continue;
    if (m->with && (!m->after_operand || s->operand)) mutate(s, length, m->with);
    else copy_to(s, s->at + length);
    s->operand = false;
    return;
  }
  s->operand = *s->at == ')' || *s->at == ']';
  copy_to(s, s->at + 1);
}

static void take_file(scanner *s) {
  bool fresh = true; /* nothing but blanks in this line so far */
  while (*s->at) {
    char c = *s->at;
    if (c == '\n') fresh = true;
    else if (c != ' ' && c != '\t') {
      if (c == '#' && fresh) {
        copy_to(s, end_of_directive(s->at));
        fresh = false;
        continue;
      }
      fresh = false;
    }
    if (isspace((unsigned char)c)) {
      copy_to(s, s->at + 1);
    } else if (strncmp(s->at, "/*", 2) == 0) {
      const char *end = strstr(s->at + 2, "*/");
      copy_to(s, end ? end + 2 : s->at + strlen(s->at));
    } else if (c == '"' || c == '\'') {
      copy_to(s, end_of_quoted(s->at));
      s->operand = true;
    } else if (isdigit((unsigned char)c)) {
      take_number(s);
    } else if (isalpha((unsigned char)c) || c == '_') {
      take_word(s);
    } else {
      take_operator(s);
    }
  }
}

static char *read_file(const char *name) {
  FILE *file = fopen(name, "rb");
  size_t length = 0, capacity = 1 << 20;
  char *text = file ? malloc(capacity + 1) : NULL;
  while (text && !feof(file) && !ferror(file) && length < capacity)
    length += fread(text + length, 1, capacity - length, file);
  bool good = text && feof(file) && !ferror(file);
  if (file) fclose(file);
  if (!good) {
    fprintf(stderr, "mutate: cannot read %s\n", name);
    exit(2);
  }
  text[length] = '\0';
  return text;
}

int main(int argc, char **argv) {
  if (argc != 2 && argc != 3) {
    fputs("usage: mutate FILE [NUMBER]\n", stderr);
    return 2;
  }
  char *text = read_file(argv[1]);
  scanner s = {.text = text, .at = text, .line = 1, .listing = argc == 2};
  if (argc == 3) s.wanted = strtoul(argv[2], NULL, 10);
  take_file(&s);
  free(text);
  if (!s.listing && s.wanted > s.found) {
    fprintf(stderr, "mutate: %s has %zu mutations\n", argv[1], s.found);
    return 2;
  }
  return 0;
}
