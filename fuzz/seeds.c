/* Makes the seeds of the targets out of the tests' tables:
**
**   fuzz_seeds TESTS OUTPUT      the project's folder tests, and where OUTPUT/seeds/TARGET/… is to be
**
** Every case of tests/language is a calculation with all that belongs to it, and the same in the
** shapes of a request and a notification file; its events and field lists are seeds of their
** own, as are the calculations of tests/diagnostics, the requests of tests/endpoint and the
** files of tests/cli/data and tests/samples. Large and hostile inputs, which nobody would want
** to keep as files, are made here, in OUTPUT/hostile/TARGET/…: too large to be changed byte by
** byte. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../tests/language/cases.h"

static const char *output;
static const char *kind = "seeds";

static _Noreturn void die(const char *what) {
  perror(what);
  exit(2);
}

/* ---- Texts ---------------------------------------------------------------------------------- */

typedef struct buffer {
  char *data;
  size_t length, capacity;
} buffer;

static void put(buffer *b, const char *data, size_t length) {
  if (b->length + length > b->capacity) {
    b->capacity = (b->length + length) * 2;
    b->data = realloc(b->data, b->capacity);
    if (!b->data) die("realloc");
  }
  if (length) memcpy(b->data + b->length, data, length);
  b->length += length;
}

static void put_string(buffer *b, const char *text) {
  put(b, text, strlen(text));
}

static void put_repeated(buffer *b, const char *text, size_t count) {
  for (size_t i = 0; i < count; i++) put_string(b, text);
}

/* A line of the head: see fuzz.h. */
static void put_line(buffer *b, const char *what, evc_text text) {
  if (!text.data) return;
  put_string(b, what);
  put(b, text.data, text.length);
  put_string(b, "\n");
}

/* A JSON string. What is not UTF-8 stays as it is. */
static void put_json(buffer *b, evc_text text) {
  put_string(b, "\"");
  for (size_t i = 0; i < text.length; i++) {
    char c = text.data[i], escape[8];
    snprintf(escape, sizeof escape, c == '"' || c == '\\' ? "\\%c" : "\\u%04x", c);
    if ((unsigned char)c < 0x20 || c == '"' || c == '\\')
      put_string(b, escape);
    else
      put(b, &c, 1);
  }
  put_string(b, "\"");
}

/* ---- Files ---------------------------------------------------------------------------------- */

static void make_folder(const char *path) {
  struct stat status;
  if (mkdir(path, 0777) != 0 && stat(path, &status) != 0) die(path);
}

static void write_seed(const char *target, const char *name, size_t number, const buffer *b) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", output, kind);
  make_folder(path);
  snprintf(path, sizeof path, "%s/%s/%s", output, kind, target);
  make_folder(path);
  snprintf(path, sizeof path, "%s/%s/%s/%s-%zu", output, kind, target, name, number);
  FILE *file = fopen(path, "wb");
  if (!file || (b->length && fwrite(b->data, 1, b->length, file) != b->length) || fclose(file) != 0)
    die(path);
}

static buffer read_whole(const char *path) {
  buffer b = {NULL, 0, 0};
  char part[4096];
  FILE *file = fopen(path, "rb");
  if (!file) die(path);
  for (size_t size; (size = fread(part, 1, sizeof part, file)) > 0;) put(&b, part, size);
  fclose(file);
  return b;
}

static bool ends_with(const char *name, const char *ending) {
  size_t length = strlen(name), wanted = strlen(ending);
  return length >= wanted && strcmp(name + length - wanted, ending) == 0;
}

/* Call for each file of the folder with that ending. */
static void each_file(const char *folder, const char *below, const char *ending,
                      void (*call)(const char *path, const char *name)) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, below);
  DIR *open = opendir(path);
  if (!open) die(path);
  for (struct dirent *entry; (entry = readdir(open));) {
    char file[8192], name[256];
    if (!ends_with(entry->d_name, ending)) continue;
    snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(entry->d_name, "."), entry->d_name);
    call(file, name);
  }
  closedir(open);
}

/* ---- Calculations --------------------------------------------------------------------------- */

static const char *const with_head[] = {"check", "evaluate", "print"};
static const char *const without_head[] = {"lex", "parse"};

/* What an editor says of a document, in the form of lsp.c. */
static void put_queries(buffer *b, const char *uri, size_t place) {
  static const char *const methods[] = {
      "completion", "hover", "signatureHelp", "codeAction", "semanticTokens/full", "formatting",
      "documentSymbol", "selectionRange"};
  char line[512];
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    snprintf(line, sizeof line,
             "# textDocument/%s {\"textDocument\": {\"uri\": \"%s\"}, \"position\": {\"line\": 0, "
             "\"character\": %zu}, \"range\": {\"start\": {\"line\": 0, \"character\": 0}, \"end\": "
             "{\"line\": 9, \"character\": 9}}, \"positions\": [{\"line\": 0, \"character\": %zu}]}\n",
             methods[i], uri, place, place);
    put_string(b, line);
  }
}

static void put_opening(buffer *b, const char *uri, const char *language, evc_text text) {
  put_string(b, "! textDocument/didOpen {\"textDocument\": {\"version\": 1, \"languageId\": \"");
  put_string(b, language);
  put_string(b, "\", \"uri\": \"");
  put_string(b, uri);
  put_string(b, "\", \"text\": ");
  put_json(b, text);
  put_string(b, "}}\n");
}

/* A conversation about a calculation, alone and in a Notification. One of eight is enough. */
static void write_conversation(const char *name, size_t number, evc_text text,
                               evc_text notification) {
  static const char initialize[] =
      "# initialize {\"capabilities\": {\"textDocument\": {\"publishDiagnostics\": "
      "{\"relatedInformation\": true}, \"codeAction\": {\"codeActionLiteralSupport\": {}}, "
      "\"completion\": {\"completionItem\": {\"snippetSupport\": true}}}}, "
      "\"initializationOptions\": {\"fields\": [\"fields.json\"], \"eventTypes\": {\"*.{x,calc}\": "
      "\"fuzz.file\"}}}\n! initialized {}\n";
  static const char change[] =
      ".\n! textDocument/didChange {\"textDocument\": {\"uri\": \"file:///n.json\", \"version\": 2}, "
      "\"contentChanges\": [{\"range\": {\"start\": {\"line\": 0, \"character\": 40}, \"end\": "
      "{\"line\": 0, \"character\": 41}}, \"text\": \"\\n\\\"\"}]}\n";
  buffer b = {NULL, 0, 0};
  if (number % 8 != 0) return;
  put_string(&b, initialize);
  put_opening(&b, "file:///a.calc", "evcalc", text);
  put_queries(&b, "file:///a.calc", text.length / 2);
  put_opening(&b, "file:///n.json", "json", notification);
  put_queries(&b, "file:///n.json", notification.length - text.length / 2);
  put_string(&b, change);
  put_queries(&b, "file:///n.json", 60);
  put_string(&b, "# shutdown\n! exit\n");
  write_seed("lsp", name, number, &b);
  free(b.data);
}

/* A calculation as seeds of all the targets that it concerns. */
static void write_calculation(const char *name, size_t number, evc_text head, evc_text type,
                              evc_text text) {
  buffer b = {NULL, 0, 0};
  put(&b, text.data, text.length);
  for (size_t i = 0; i < 2; i++) write_seed(without_head[i], name, number, &b);
  b.length = 0;
  put(&b, head.data, head.length);
  put(&b, text.data, text.length);
  for (size_t i = 0; i < 3; i++) write_seed(with_head[i], name, number, &b);
  b.length = 0;
  put_string(&b, "{\"eventName\": ");
  put_json(&b, type);
  put_string(&b, ", \"calculation\": ");
  put_json(&b, text);
  put_string(&b, "}");
  write_seed("request", name, number, &b);
  write_seed("notifications", name, number, &b);
  write_conversation(name, number, text, (evc_text){b.data, b.length});
  free(b.data);
}

static void write_fields(const char *name, size_t number, evc_text json) {
  buffer b = {NULL, 0, 0};
  put(&b, json.data, json.length);
  write_seed("fields", name, number, &b);
  free(b.data);
}

static void write_event(const char *name, size_t number, evc_text calculation, evc_text json) {
  buffer b = {NULL, 0, 0};
  if (!memchr(calculation.data, '\n', calculation.length)) put_line(&b, "#calc ", calculation);
  put(&b, json.data, json.length);
  write_seed("event", name, number, &b);
  free(b.data);
}

static void write_table(const char *path, const char *name) {
  static table t;
  language_case c;
  buffer head = {NULL, 0, 0}, fields = {NULL, 0, 0};
  evc_text json;
  table_open(&t, path);
  while (table_fields(&t, &json)) {
    put_line(&fields, "#fields ", json);
    write_fields(name, t.line, json);
  }
  while (table_next(&t, &c)) {
    head.length = 0;
    put(&head, fields.data, fields.length);
    put_line(&head, "#type ", c.type);
    put_line(&head, "#options ", c.options);
    put_line(&head, "#event ", c.event);
    write_calculation(name, c.line, (evc_text){head.data, head.length}, c.type, c.calculation);
    if (c.event.data) write_event(name, c.line, c.calculation, c.event);
  }
  table_close(&t);
  free(head.data);
  free(fields.data);
}

/* Of a golden file the text between a title (and its options) and the first divider. */
static void write_golden(const char *path, const char *name) {
  buffer file = read_whole(path), text = {NULL, 0, 0}, head = {NULL, 0, 0};
  bool inside = false;
  size_t number = 0;
  put(&file, "", 1);
  for (char *line = file.data, *next; line && *line; line = next) {
    size_t length = strcspn(line, "\n");
    next = line[length] ? line + length + 1 : NULL;
    line[length] = '\0';
    if (strncmp(line, "type: ", 6) == 0) {
      head.length = 0;
      put_line(&head, "#type ", (evc_text){line + 6, length - 6});
    } else if (strncmp(line, "== ", 3) == 0) {
      inside = true;
      text.length = 0;
    } else if (inside && strcmp(line, "----") == 0) {
      evc_text type = {head.data + 6, head.length ? head.length - 7 : 0};
      write_calculation(name, ++number, (evc_text){head.data, head.length}, type,
                        (evc_text){text.data, text.length ? text.length - 1 : 0});
      inside = false;
    } else if (inside && strncmp(line, "mistakes: ", 10) != 0 &&
               strncmp(line, "escaped: ", 9) != 0) {
      put(&text, line, length);
      put_string(&text, "\n");
    }
  }
  free(file.data);
  free(text.data);
  free(head.data);
}

static size_t utf8_of(char *out, unsigned c) {
  size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  out[0] = (char)((more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0) | c >> (6 * more));
  for (size_t i = 1; i <= more; i++) out[i] = (char)(0x80 | (c >> (6 * (more - i)) & 63));
  return more + 1;
}

/* ---- Documents ------------------------------------------------------------------------------ */

static void write_requests(const char *path, const char *name) {
  buffer file = read_whole(path), event = {NULL, 0, 0}, b = {NULL, 0, 0};
  size_t number = 0;
  put(&file, "", 1);
  for (char *line = file.data, *next; line && *line; line = next) {
    size_t length = strcspn(line, "\n");
    next = line[length] ? line + length + 1 : NULL;
    if (strncmp(line, "event ", 6) == 0) {
      put_line(&event, "+", (evc_text){line + 6, length - 6});
    } else if (strncmp(line, "request ", 8) == 0) {
      b.length = 0;
      if (number % 2) put(&b, event.data, event.length);
      put(&b, line + 8, length - 8);
      write_seed("request", name, ++number, &b);
    }
  }
  free(file.data);
  free(event.data);
  free(b.data);
}

/* A file is a seed of every target that reads JSON: what it is not, it is a wrong one of. */
static void write_document(const char *path, const char *name) {
  static const char *const targets[] = {"fields", "event", "request", "notifications"};
  static size_t number;
  buffer b = read_whole(path);
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
    write_seed(targets[i], name, number, &b);
  number++;
  free(b.data);
}

/* ---- Hostile inputs ------------------------------------------------------------------------- */

/* BEFORE, PART `count` times, BEHIND. */
static const struct {
  const char *name, *before, *part, *behind;
  size_t count;
} hostile[] = {
    {"parentheses", "", "(", "", 100000},
    {"closing", "", ")", "", 100000},
    {"balanced-200", "", "(", "1", 200},
    {"signs", "", "-", "1", 100000},
    {"negations", "", "!", "true", 100000},
    {"terms", "1", " + 1", " > 0", 100000},
    {"ands", "true", " AND new.b", "", 100000},
    {"powers", "1", " ^ 1", "", 100000},
    {"conditions", "", "true ? ", "true", 100000},
    {"chained", "1", " == 1", "", 16000},
    {"arguments", "IN(new.n", ", 1", ")", 100000},
    {"names", "", "new.x ", "", 20000},
    {"unknown-names", "true", " AND new.amoumt > 1", "", 3000},
    {"long-name", "new.", "a", " > 1", 1000000},
    {"long-path", "new", ".a", " > 1", 500000},
    {"long-string", "new.s == \"", "a", "\"", 1000000},
    {"open-string", "new.s == \"", "\\\\", "", 30000},
    {"digits", "new.n > ", "9", "", 10000},
    {"fraction", "new.n > 0.", "0", "1", 10000},
    {"blanks", "", " ", "", 1000000},
    {"lines", "true", "\n", "", 60000},
    {"comments", "", "/*", "", 30000},
    {"brackets", "", "[", "", 30000},
    {"braces", "", "{", "", 30000},
    {"not-utf-8", "", "\xFF", "", 100000},
    {"continuations", "", "\x80", "", 60000},
    {"bidirectional", "new.s == \"", "\xE2\x80\xAE", "\"", 20000},
    {"combining", "new.s == \"a", "\xCC\x80", "\"", 20000},
};

static const struct {
  const char *name, *before, *part, *behind;
  size_t count;
} hostile_json[] = {
    {"arrays", "", "[", "", 100000},
    {"objects", "", "{\"a\":", "", 100000},
    {"arrays-1024", "{\"events\": ", "[", "", 1024},
    {"digits", "{\"new\": {\"n\": ", "9", "}}", 10000},
    {"fraction", "{\"new\": {\"n\": 0.", "0", "1}}", 10000},
    {"exponent", "{\"new\": {\"n\": 1e", "9", "}}", 10000},
    {"string", "{\"new\": {\"s\": \"", "a", "\"}}", 1000000},
    {"escapes", "{\"calculation\": \"", "\\u0041", "\"}", 100000},
    {"surrogates", "{\"calculation\": \"", "\\ud800", "\"}", 1000},
    {"same-key", "{", "\"new\": {\"n\": 1}, ", "\"new\": {\"n\": 2}}", 30000},
    {"same-event", "{\"events\": {", "\"t.x\": {\"new.n\": \"int\"}, ", "\"t.x\": {}}}", 20000},
    {"same-list", "{", "\"data\": [], ", "\"data\": [{\"id\": \"a\"}]}", 30000},
    {"many-events", "[", "{\"id\": \"a\"}, ", "{}]", 20000},
    {"many-lines", "", "{\"id\": \"a\", \"new\": {\"n\": 1}}\n", "", 10000},
    {"wrong-lines", "{}\n", "{\"id\"\n", "", 10000},
    {"blanks", "{", " ", "}", 1000000},
    {"commas", "[", ",", "]", 100000},
    {"quotes", "", "\"", "", 100000},
    {"backslashes", "\"", "\\", "\"", 100001},
    {"long-path", "{\"events\": {\"t.x\": {\"new", ".a", "\": \"int\"}}}", 100000},
    {"long-key", "{\"events\": {\"", "a", "\": {\"new.n\": \"int\"}}}", 1000000},
    {"modules", "{\"format_version\": \"1\", \"values\": {\"root_module\": ",
     "{\"child_modules\": [", "", 500},
    {"not-utf-8", "{\"id\": \"", "\xFF", "\"}", 1000},
};

/* Letters and other characters of all of Unicode, a few in each part of it. */
static void write_letters(void) {
  enum { STEP = 11, EACH = 300, LAST = 0x110000 };
  buffer b = {NULL, 0, 0};
  size_t count = 0, number = 0;
  for (unsigned c = 0x80; c < LAST; c += c < 0x30000 ? STEP : 1000) {
    char bytes[5] = {0};
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    evc_text text = {bytes, utf8_of(bytes, c)};
    put(&b, text.data, text.length);
    put_string(&b, " ");
    if (++count % EACH == 0 || c + 1000 >= LAST) {
      for (size_t i = 0; i < 2; i++) write_seed(without_head[i], "letters", number, &b);
      number++;
      b.length = 0;
    }
  }
  free(b.data);
}

static void write_hostile(void) {
  static const char *const texts[] = {"lex", "parse", "check", "evaluate", "print"};
  static const char *const documents[] = {"fields", "event", "request", "notifications"};
  buffer b = {NULL, 0, 0};
  kind = "hostile";
  for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
    b.length = 0;
    put_string(&b, hostile[i].before);
    put_repeated(&b, hostile[i].part, hostile[i].count);
    put_string(&b, hostile[i].behind);
    for (size_t k = 0; k < 5; k++) write_seed(texts[k], hostile[i].name, 0, &b);
    /* With a limit that lets it through to the end. */
    buffer wide = {NULL, 0, 0};
    put_string(&wide, "#options text=16777216 nodes=16777216 arguments=16777216\n");
    put(&wide, b.data, b.length);
    for (size_t k = 2; k < 5; k++) write_seed(texts[k], hostile[i].name, 1, &wide);
    free(wide.data);
  }
  for (size_t i = 0; i < sizeof hostile_json / sizeof *hostile_json; i++) {
    b.length = 0;
    put_string(&b, hostile_json[i].before);
    put_repeated(&b, hostile_json[i].part, hostile_json[i].count);
    put_string(&b, hostile_json[i].behind);
    for (size_t k = 0; k < 4; k++) write_seed(documents[k], hostile_json[i].name, 0, &b);
  }
  free(b.data);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fputs("usage: fuzz_seeds TESTS OUTPUT\n", stderr);
    return 2;
  }
  output = argv[2];
  make_folder(output);
  each_file(argv[1], "language", ".cases", write_table);
  each_file(argv[1], "diagnostics", ".golden", write_golden);
  each_file(argv[1], "endpoint", ".cases", write_requests);
  each_file(argv[1], "cli/data", "json", write_document);
  each_file(argv[1], "samples", "json", write_document);
  write_letters();
  write_hostile();
  return 0;
}
