/* Writes grammar/DIAGNOSTICS.md, the pages of all codes: pages_markdown FILE; or says with its exit
** status whether the file is up to date: pages_markdown --check FILE. */
#include <stdio.h>
#include <string.h>

#include "pages.h"

static void build_contents(evc_builder *out) {
  evc_build_string(out, "| code | severity | about |\n|---|---|---|\n");
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++) {
    evc_code code = (evc_code)i;
    evc_build_string(out, "| [`");
    evc_build_string(out, evc_code_name(code));
    evc_build_string(out, "`](#");
    evc_build_string(out, evc_code_name(code));
    evc_build_string(out, ") | ");
    evc_build_string(out, evc_page_severity_name(code));
    evc_build_string(out, " | ");
    evc_build_string(out, evc_code_title(code));
    evc_build_string(out, " |\n");
  }
  evc_build_char(out, '\n');
}

static evc_text whole_file(evc_arena *arena) {
  evc_builder out;
  evc_build_init(&out, arena);
  evc_build_string(&out, "<!-- Made from src/report/pages.txt by the build target diagnostics-md: "
                         "change that file instead. -->\n\n");
  evc_build_string(&out,
                   "# Diagnostics\n\n"
                   "Every code that evcalc reports: what it means, why it is so, a wrong example\n"
                   "and the right one. `evcalc explain CODE` prints the same page. Each example\n"
                   "is run by a test.\n\n"
                   "An error makes a calculation invalid. A warning does not, unless `--deny`\n"
                   "makes it an error; `--allow` hides it.\n\n");
  build_contents(&out);
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++) {
    if (i > EVC_CODE_NONE + 1) evc_build_char(&out, '\n');
    evc_page_build_markdown(&out, (evc_code)i);
  }
  return evc_build_end(&out);
}

static int write_file(const char *path, evc_text text) {
  FILE *file = fopen(path, "wb");
  bool written = file && fwrite(text.data, 1, text.length, file) == text.length;
  if (file && fclose(file) != 0) written = false;
  if (!written) perror(path);
  return written ? 0 : 1;
}

/* True when the file holds exactly the text. */
static bool holds(FILE *file, evc_text text) {
  size_t at = 0;
  int byte;
  while ((byte = getc(file)) != EOF)
    if (at == text.length || (unsigned char)text.data[at++] != byte) return false;
  return at == text.length;
}

static int check_file(const char *path, evc_text text) {
  FILE *file = fopen(path, "rb");
  bool current = file && holds(file, text);
  if (file) (void)fclose(file);
  if (!current) (void)fprintf(stderr, "%s is out of date: build the target diagnostics-md\n", path);
  return current ? 0 : 1;
}

int main(int argc, char **argv) {
  bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
  if (argc != 2 && !check) {
    (void)fprintf(stderr, "usage: pages_markdown [--check] FILE\n");
    return 2;
  }
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_text text = whole_file(&arena);
  int status = !text.data ? 2 : check ? check_file(argv[2], text) : write_file(argv[1], text);
  evc_arena_free(&arena);
  return status;
}
