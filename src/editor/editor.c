/* The editor as an object: reading a text, and the memory of queries. */
#include "editor.h"

#include <string.h>

#include "../base/memory.h"

evc_editor *evc_editor_new(const evc_event_type *type, const evc_options *options) {
  evc_allocator allocator = evc_allocator_of(options ? options->allocator : NULL);
  evc_editor *editor = evc_allocate(&allocator, sizeof *editor);
  if (!editor) return NULL;
  *editor = (evc_editor){.allocator = allocator, .type = type};
  if (options) editor->options = *options;
  editor->options.allocator = &editor->allocator;
  editor->reading.text = evc_text_of("");
  evc_arena_init(&editor->reading.arena, &allocator, NULL, 0);
  for (int i = 0; i < EVC_QUERY_END; i++) evc_arena_init(&editor->queries[i], &allocator, NULL, 0);
  return editor;
}

static void forget(evc_reading *reading) {
  evc_report_free(reading->report);
  evc_arena_free(&reading->arena);
}

void evc_editor_free(evc_editor *editor) {
  if (!editor) return;
  forget(&editor->reading);
  evc_formatted_free(editor->formatted);
  for (int i = 0; i < EVC_QUERY_END; i++) evc_arena_free(&editor->queries[i]);
  evc_allocator allocator = editor->allocator;
  evc_release(&allocator, editor, sizeof *editor);
}

static bool fill(evc_reading *r, const evc_event_type *type, evc_text text,
                 const evc_options *options) {
  evc_lexemes lexemes = {0};
  r->text = evc_arena_text(&r->arena, text.data, text.length);
  if (!r->text.data) return false;
  evc_check_text(&r->checked, &r->tree, &r->arena, type, text, options, &lexemes, false,
                 &r->report);
  if (r->report == evc_report_out_of_memory()) return false;
  return evc_shape_build(&r->shape, &r->arena, &r->tree, &lexemes) && evc_editor_make_tokens(r);
}

/* The new reading takes the place of the old one only when it is complete. The tree is pointed to
** from within the reading, so that pointer moves with it. */
static evc_status read_text(evc_editor *editor, const evc_event_type *type, evc_text text) {
  evc_reading reading = {.report = NULL};
  evc_arena_init(&reading.arena, &editor->allocator, NULL, 0);
  if (!fill(&reading, type, text, &editor->options)) {
    forget(&reading);
    return EVC_OUT_OF_MEMORY;
  }
  forget(&editor->reading);
  evc_formatted_free(editor->formatted);
  editor->formatted = NULL;
  evc_reading *kept = &editor->reading;
  *kept = reading;
  kept->tree.arena = &kept->arena;
  kept->checked.tree = &kept->tree;
  kept->shape.tree = &kept->tree;
  editor->type = type;
  editor->has_text = true;
  return EVC_OK;
}

evc_status evc_editor_set_text(evc_editor *editor, const char *text, size_t length) {
  return read_text(editor, editor->type, (evc_text){text, evc_length_of(text, length)});
}

evc_status evc_editor_set_type(evc_editor *editor, const evc_event_type *type) {
  if (editor->has_text) return read_text(editor, type, editor->reading.text);
  editor->type = type;
  return EVC_OK;
}

evc_text evc_editor_text(const evc_editor *editor) { return editor->reading.text; }

const evc_event_type *evc_editor_type(const evc_editor *editor) { return editor->type; }

const evc_report *evc_editor_report(const evc_editor *editor) { return editor->reading.report; }

const evc_token *evc_editor_tokens(const evc_editor *editor, size_t *count) {
  *count = editor->reading.token_count;
  return *count ? editor->reading.tokens : NULL;
}

evc_status evc_editor_format(evc_editor *editor, const evc_format_options *options,
                             const evc_formatted **formatted) {
  static const evc_format_options standard = {0};
  evc_format_options own = options ? *options : standard;
  evc_report *report;
  own.limits = editor->options.limits;
  own.allocator = &editor->allocator;
  evc_formatted_free(editor->formatted);
  evc_text text = editor->reading.text;
  *formatted = editor->formatted = evc_format(text.data, text.length, &own, &report);
  bool out_of_memory = report == evc_report_out_of_memory();
  evc_report_free(report);
  if (*formatted) return EVC_OK;
  return out_of_memory ? EVC_OUT_OF_MEMORY : EVC_INVALID;
}

evc_arena *evc_editor_begin(evc_editor *editor, evc_query query) {
  evc_arena *arena = &editor->queries[query];
  evc_arena_reset(arena);
  arena->failed = false;
  return arena;
}

evc_status evc_editor_end(const evc_arena *arena, evc_status status) {
  return arena->failed ? EVC_OUT_OF_MEMORY : status;
}

uint32_t evc_editor_token_at(const evc_shape *shape, size_t offset) {
  uint32_t low = 0, high = shape->count; /* the first token that ends behind the offset */
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (shape->tokens[middle].end > offset)
      high = middle;
    else
      low = middle + 1;
  }
  if (low < shape->count && shape->tokens[low].start <= offset) return low;
  return low > 0 && shape->tokens[low - 1].end == offset ? low - 1 : EVC_NO_PLACE;
}
