/* Formatting, from the public call to the one block that the outcome is. */
#include "evcalc/format.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/utf8.h"
#include "../check/check.h"
#include "layout.h"

/* Enough for a calculation of some 40 parts without an allocation but that of the outcome. */
enum { SCRATCH = 8192, LARGEST_INDENT = 16 };

struct evc_formatted {
  evc_allocator allocator;
  size_t size;
  evc_text text;
  const evc_edit *edits;
  size_t edit_count;
};

/* Of two parentheses that hold the same, one is enough. */
static void drop_doubled(evc_tree *tree) {
  for (size_t i = 0; i < tree->count; i++) {
    evc_node *node = &tree->nodes[i];
    if (node->kind != EVC_NODE_GROUP) continue;
    const evc_node *inside = &tree->nodes[node->as.child.left];
    if (inside->kind == EVC_NODE_GROUP) node->as.child.left = inside->as.child.left;
  }
}

/* No token holds a line break, so that the first one is the end of a line. */
static const char *line_end_of(evc_text text, evc_line_end wanted) {
  if (wanted == EVC_LINE_END_LF) return "\n";
  if (wanted == EVC_LINE_END_CRLF) return "\r\n";
  const char *lf = memchr(text.data, '\n', text.length);
  return lf && lf > text.data && lf[-1] == '\r' ? "\r\n" : "\n";
}

/* The tree in lines of so many columns. */
static evc_text lay_out(const evc_tree *tree, evc_text text, const evc_format_options *options,
                        size_t columns, size_t most) {
  uint32_t indent = options->indent ? options->indent : EVC_DEFAULT_INDENT;
  evc_layout_options layout = {.columns = columns,
                               .indent = indent < LARGEST_INDENT ? indent : LARGEST_INDENT,
                               .line_end = line_end_of(text, options->line_end),
                               .most = most};
  evc_builder out;
  evc_build_init(&out, tree->arena);
  evc_build(&out, text.data, evc_utf8_bom(text));
  evc_layout(&out, tree, &layout);
  if (options->final_line_end) evc_build_string(&out, layout.line_end);
  return evc_build_end(&out);
}

/* data == NULL when out of memory. */
static evc_text formatted_text(const evc_tree *tree, evc_text text,
                               const evc_format_options *options) {
  size_t most = tree->limits.text;
  size_t columns = options->columns ? options->columns : EVC_DEFAULT_COLUMNS;
  if (columns == EVC_ONE_LINE) columns = SIZE_MAX;
  evc_text out = lay_out(tree, text, options, columns, most);
  if (out.data && out.length > most && columns != SIZE_MAX)
    out = lay_out(tree, text, options, SIZE_MAX, most);
  return out.data && out.length > most ? text : out;
}

/* ---- Edits ---------------------------------------------------------------------------------- */

typedef struct edit_list {
  evc_arena *arena;
  evc_edit *items;
  size_t count, capacity;
} edit_list;

/* `before` of the text from `start` on becomes `after`: as short an edit as does it, if any. False
** when out of memory. */
static bool add_edit(edit_list *edits, size_t start, evc_text before, evc_text after) {
  while (before.length && after.length && *before.data == *after.data) {
    before = (evc_text){before.data + 1, before.length - 1};
    after = (evc_text){after.data + 1, after.length - 1};
    start++;
  }
  while (before.length && after.length &&
         before.data[before.length - 1] == after.data[after.length - 1]) {
    before.length--;
    after.length--;
  }
  if (before.length == 0 && after.length == 0) return true;
  void *items = edits->items;
  if (!evc_arena_grow(edits->arena, &items, &edits->capacity, edits->count + 1,
                      sizeof *edits->items))
    return false;
  edits->items = items;
  edits->items[edits->count++] = (evc_edit){start, start + before.length, after};
  return true;
}

/* Behind the blanks from `at` on. */
static size_t behind_blanks(evc_text text, size_t at) {
  while (at < text.length && evc_is_blank(text.data[at])) at++;
  return at;
}

/* Behind the string that starts at `at`. */
static size_t behind_string(evc_text text, size_t at) {
  for (at++; text.data[at] != '"'; at++) at += text.data[at] == '\\';
  return at + 1;
}

/* The two texts are the same tokens, but for parentheses that were dropped, and these are found by
** going through both: where they differ is such a parenthesis. False when out of memory. */
static bool find_edits(edit_list *edits, evc_text before, evc_text after) {
  size_t i = 0, k = 0;
  for (;;) {
    size_t start = i, from = k;
    k = behind_blanks(after, k);
    for (i = behind_blanks(before, i); i < before.length; i = behind_blanks(before, i + 1))
      if (k < after.length && before.data[i] == after.data[k]) break;
    if (!add_edit(edits, start, (evc_text){before.data + start, i - start},
                  (evc_text){after.data + from, k - from}))
      return false;
    if (i >= before.length) return true;
    if (before.data[i] == '"') {
      size_t length = behind_string(before, i) - i;
      i += length;
      k += length;
      continue;
    }
    while (i < before.length && k < after.length && before.data[i] == after.data[k] &&
           before.data[i] != '"' && !evc_is_blank(before.data[i])) {
      i++;
      k++;
    }
  }
}

/* ---- The outcome ---------------------------------------------------------------------------- */

/* The texts of edits are slices of the text. NULL when out of memory. */
static evc_formatted *assemble(const evc_allocator *allocator, evc_text text,
                               const edit_list *edits) {
  size_t edit_size = edits->count * sizeof(evc_edit), head = sizeof(evc_formatted);
  size_t size = head + edit_size + text.length + 1;
  char *block = evc_allocate(allocator, size);
  if (!block) return NULL;
  evc_formatted *formatted = (evc_formatted *)(void *)block;
  evc_edit *list = (evc_edit *)(void *)(block + head);
  char *data = block + head + edit_size;
  memcpy(data, text.data, text.length);
  data[text.length] = '\0';
  for (size_t i = 0; i < edits->count; i++) {
    list[i] = edits->items[i];
    list[i].text.data = data + (list[i].text.data - text.data);
  }
  *formatted = (evc_formatted){.allocator = *allocator,
                               .size = size,
                               .text = {data, text.length},
                               .edits = list,
                               .edit_count = edits->count};
  return formatted;
}

/* NULL when out of memory. */
static evc_formatted *format(evc_tree *tree, evc_text text, const evc_format_options *options) {
  edit_list edits = {.arena = tree->arena};
  drop_doubled(tree);
  evc_text out = formatted_text(tree, text, options);
  if (!out.data || !find_edits(&edits, text, out)) return NULL;
  return assemble(&tree->arena->allocator, out, &edits);
}

static evc_formatted *read_and_format(evc_arena *arena, evc_text text,
                                      const evc_format_options *options, evc_report **report) {
  evc_options reading = {.limits = options->limits, .allocator = options->allocator};
  evc_tree tree;
  if (!evc_check_parse(&tree, arena, text, &reading, NULL, report)) return NULL;
  *report = evc_check_syntax(&tree, &reading);
  if (*report) return NULL;
  evc_formatted *formatted = format(&tree, text, options);
  if (!formatted) *report = evc_report_out_of_memory();
  return formatted;
}

evc_formatted *evc_format(const char *text, size_t length, const evc_format_options *options,
                          evc_report **report) {
  static const evc_format_options standard;
  _Alignas(16) char scratch[SCRATCH];
  evc_arena arena;
  evc_report *found;
  if (!options) options = &standard;
  evc_arena_init(&arena, options->allocator, scratch, sizeof scratch);
  evc_formatted *formatted =
      read_and_format(&arena, (evc_text){text, evc_length_of(text, length)}, options, &found);
  evc_arena_free(&arena);
  if (report) *report = found;
  else evc_report_free(found);
  return formatted;
}

evc_text evc_formatted_text(const evc_formatted *formatted) { return formatted->text; }

size_t evc_formatted_edit_count(const evc_formatted *formatted) { return formatted->edit_count; }

evc_edit evc_formatted_edit(const evc_formatted *formatted, size_t index) {
  static const evc_edit none = {0, 0, {NULL, 0}};
  return index < formatted->edit_count ? formatted->edits[index] : none;
}

void evc_formatted_free(evc_formatted *formatted) {
  if (!formatted) return;
  evc_allocator allocator = formatted->allocator;
  evc_release(&allocator, formatted, formatted->size);
}
