#include "output.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void cli_write(cli_context *cli, const char *data, size_t length) {
  if (cli->write_error || !length) return;
  if (fwrite(data, 1, length, stdout) != length) cli->write_error = errno ? errno : EIO;
}

void cli_flush(cli_context *cli) {
  if (!cli->write_error && fflush(stdout) != 0) cli->write_error = errno ? errno : EIO;
}

bool cli_write_built(cli_context *cli, evc_builder *builder) {
  evc_text text = evc_build_end(builder);
  if (!text.data) cli_out_of_memory(cli);
  else cli_write(cli, text.data, text.length);
  return text.data != NULL;
}

/* A write to standard error that fails has nowhere to be told. */
void cli_write_error_text(cli_context *cli, evc_text text) {
  cli_flush(cli);
  (void)fwrite(text.data, 1, text.length, stderr);
}

bool cli_write_error(cli_context *cli, evc_builder *builder) {
  evc_text text = evc_build_end(builder);
  if (!text.data) cli_out_of_memory(cli);
  else cli_write_error_text(cli, text);
  return text.data != NULL;
}

void cli_out_of_memory(cli_context *cli) {
  cli_write_error_text(cli, (evc_text){EVC_LITERAL("evcalc: out of memory\n")});
}

void cli_error(cli_context *cli, const char *wording, const evc_text *args) {
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_wording(&out, wording, args);
  evc_build_char(&out, '\n');
  cli_write_error(cli, &out);
  evc_arena_free(&arena);
}

const evc_text *cli_texts(const char *const *strings, evc_text texts[8]) {
  for (size_t i = 0; strings[i]; i++) texts[i] = (evc_text){strings[i], strlen(strings[i])};
  return texts;
}

size_t cli_terminal_width(void) {
  struct winsize size;
  if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}
