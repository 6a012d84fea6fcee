#include "progress.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../base/text.h"

/* Chosen: fewer calculations than these are checked before a bar could be read. */
enum { FIRST_COUNT = 1000, LOOK_EACH = 64, INTERVAL = 100, BAR_WIDTH = 24, NAME_LENGTH = 40 };

void cli_progress_init(cli_progress *progress, const cli_context *cli) {
  const char *terminal = getenv("TERM");
  bool able = isatty(STDERR_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0);
  bool mixed = cli->options.format != CLI_TEXT && isatty(STDOUT_FILENO);
  *progress = (cli_progress){.wanted = able && !mixed};
}

static int64_t now(void) {
  struct timespec time;
  if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) return 0;
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void draw(const cli_progress *progress, const char *name, size_t done, size_t total) {
  char buffer[512];
  evc_arena arena;
  evc_arena_init(&arena, NULL, buffer, sizeof buffer);
  evc_builder out;
  evc_build_init(&out, &arena);
  size_t percent = total ? (size_t)((double)done / (double)total * 100) : 100;
  size_t filled = percent * BAR_WIDTH / 100;
  evc_build_string(&out, "\r\x1B[K[");
  evc_build_repeat(&out, '#', filled);
  evc_build_repeat(&out, '.', BAR_WIDTH - filled);
  evc_build_string(&out, "] ");
  evc_build_unsigned(&out, percent);
  evc_build_string(&out, "% ");
  evc_build_quoted(&out, (evc_text){name, strlen(name)}, NAME_LENGTH);
  evc_build_string(&out, ", ");
  evc_build_unsigned(&out, progress->count);
  evc_build_string(&out, " calculations");
  evc_text line = evc_build_end(&out);
  if (line.data) (void)fwrite(line.data, 1, line.length, stderr);
  evc_arena_free(&arena);
}

void cli_progress_step(cli_progress *progress, const char *name, size_t done, size_t total) {
  progress->count++;
  if (!progress->wanted || progress->count < FIRST_COUNT) return;
  if (progress->drawn && progress->count % LOOK_EACH != 0) return;
  int64_t time = now();
  if (progress->drawn_at && time - progress->drawn_at < INTERVAL) return;
  draw(progress, name, done, total);
  progress->drawn = true;
  progress->drawn_at = time;
}

void cli_progress_clear(cli_progress *progress) {
  if (!progress->drawn) return;
  (void)fputs("\r\x1B[K", stderr);
  progress->drawn = false;
}
