#include "edits.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../json/edits.h"
#include "diff.h"
#include "output.h"

cli_text cli_text_of(const cli_calculation *calculation) {
  bool json = calculation->in_notification;
  evc_text written = json ? calculation->notification.written : calculation->text;
  return (cli_text){written, calculation->text, json};
}

void cli_build_edited(evc_builder *out, const cli_text *text, const evc_edit *edits,
                      size_t count) {
  evc_build_edited(out, text->written, text->json, edits, count);
}

bool cli_splices_add(cli_splices *splices, const cli_calculation *calculation, evc_text written) {
  cli_text old = cli_text_of(calculation);
  size_t start = (size_t)(old.written.data - calculation->source->file.data);
  void *items = splices->items;
  evc_text copy = evc_arena_text(splices->arena, written.data, written.length);
  if (!copy.data || !evc_arena_grow(splices->arena, &items, &splices->capacity,
                                    splices->count + 1, sizeof *splices->items))
    return false;
  splices->items = items;
  splices->items[splices->count++] = (cli_splice){start, start + old.written.length, copy};
  return true;
}

char *cli_splices_apply(const cli_splices *splices, const cli_file *file, size_t *length) {
  *length = file->length;
  for (size_t i = 0; i < splices->count; i++) {
    const cli_splice *s = &splices->items[i];
    *length = *length - (s->end - s->start) + s->text.length;
  }
  char *data = malloc(*length + 1), *to = data;
  if (!data) return NULL;
  size_t from = 0;
  for (size_t i = 0; i < splices->count; i++) {
    const cli_splice *s = &splices->items[i];
    memcpy(to, file->data + from, s->start - from);
    to += s->start - from;
    memcpy(to, s->text.data, s->text.length);
    to += s->text.length;
    from = s->end;
  }
  memcpy(to, file->data + from, file->length - from);
  data[*length] = '\0';
  return data;
}

bool cli_source_is_file(const cli_source *source) {
  return source->path && strcmp(source->path, "-") != 0;
}

bool cli_print_difference(const cli_source *source, evc_text after) {
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  cli_build_diff(&out, source->file.name, (evc_text){source->file.data, source->file.length},
                 after, isatty(STDOUT_FILENO));
  bool written = cli_write_built(source->cli, &out);
  evc_arena_free(&arena);
  return written;
}
