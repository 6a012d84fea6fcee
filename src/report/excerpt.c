/* From marks to lines to cells to columns. The work is linear in the lines shown, and what a line
** takes is bounded however long it is. */
#include "excerpt.h"

#include <string.h>

#include "../base/text.h"
#include "../base/utf8.h"
#include "../base/width.h"

/* Chosen: a line of more columns than this is cut; around the end of a mark stay SHORTEST_REACH to
** LONGEST_REACH characters; a gap that would save next to nothing is not cut. */
enum {
  SHORTEST_REACH = 10,
  LONGEST_REACH = 40,
  REACH_STEP = 5,
  SMALLEST_GAP = 4
};

/* A mark over more lines than this shows its first two and its last. */
enum { WHOLE_LINES = 5 };

enum { TAB_STOP = 4, LONGEST_ESCAPE = sizeof "\\u0000" - 1 };

/* True when a line ends right before `offset`: LF, CR or CRLF. */
static bool starts_line(evc_text source, size_t offset) {
  if (offset == 0) return true;
  char before = source.data[offset - 1];
  if (before == '\n') return true;
  return before == '\r' && !(offset < source.length && source.data[offset] == '\n');
}

static size_t line_start(evc_text source, size_t offset) {
  while (!starts_line(source, offset)) offset--;
  return offset;
}

static size_t line_end(evc_text source, size_t offset) {
  while (offset < source.length && source.data[offset] != '\n' && source.data[offset] != '\r')
    offset++;
  return offset;
}

static size_t line_starts_between(evc_text source, size_t from, size_t to) {
  size_t count = 0;
  for (size_t offset = from + 1; offset <= to; offset++) count += starts_line(source, offset);
  return count;
}

/* The line of an offset, numbered from that of a line that is known. */
static evc_line line_at(evc_text source, size_t offset, evc_line known) {
  size_t start = line_start(source, offset);
  size_t number = start >= known.start
                      ? known.number + line_starts_between(source, known.start, start)
                      : known.number - line_starts_between(source, start, known.start);
  return (evc_line){number, start, line_end(source, start)};
}

static evc_line next_line(evc_text source, evc_line line) {
  size_t start = line.end;
  do start++;
  while (!starts_line(source, start));
  return (evc_line){line.number + 1, start, line_end(source, start)};
}

/* Insert in order, once. The array has room. */
static void add_line(evc_line_list *list, evc_line line) {
  size_t at = list->count;
  while (at > 0 && list->lines[at - 1].number >= line.number) at--;
  if (at < list->count && list->lines[at].number == line.number) return;
  memmove(list->lines + at + 1, list->lines + at, (list->count - at) * sizeof *list->lines);
  list->lines[at] = line;
  list->count++;
}

static void add_mark_lines(evc_text source, const evc_mark *mark, evc_line known,
                           evc_line_list *list) {
  evc_line line = line_at(source, mark->start, known);
  size_t last_byte = mark->end > mark->start ? mark->end - 1 : mark->start;
  evc_line last = line_at(source, last_byte, line);
  size_t head = last.number - line.number < WHOLE_LINES ? WHOLE_LINES : 2;
  for (size_t i = 0; i < head && line.number < last.number; i++) {
    add_line(list, line);
    line = next_line(source, line);
  }
  add_line(list, last);
}

/* A gap of one line is not worth a gap. */
static void close_gaps(evc_text source, evc_line_list *list) {
  for (size_t i = 0; i + 1 < list->count; i++)
    if (list->lines[i + 1].number - list->lines[i].number == 2)
      add_line(list, next_line(source, list->lines[i]));
}

bool evc_excerpt_lines(evc_arena *arena, evc_text source, const evc_mark *marks, size_t mark_count,
                       size_t anchor, size_t anchor_number, evc_line_list *list) {
  /* each mark adds at most WHOLE_LINES lines, and gaps are fewer than lines */
  list->lines = evc_arena_alloc(arena, mark_count * WHOLE_LINES * 2 * sizeof *list->lines);
  list->count = 0;
  if (!list->lines) return false;
  evc_line known = {anchor_number, line_start(source, anchor), 0};
  for (size_t i = 0; i < mark_count; i++) add_mark_lines(source, &marks[i], known, list);
  close_gaps(source, list);
  return true;
}

bool evc_excerpt_ends_here(evc_text source, evc_line line, const evc_mark *mark) {
  size_t last_byte = mark->end > mark->start ? mark->end - 1 : mark->start;
  return last_byte >= line.start && line_start(source, last_byte) == line.start;
}

/* Bytes of a mark on a line; false when it does not touch it. A mark that starts behind the last
** character is at the line's end. */
static bool clip(evc_text source, evc_line line, const evc_mark *mark, size_t *start,
                 size_t *end) {
  bool starts_before = mark->start < line.start;
  bool touches = starts_before ? mark->end > line.start
                               : mark->start <= line.end ||
                                     line_start(source, mark->start) == line.start;
  if (!touches) return false;
  *start = starts_before ? line.start : mark->start < line.end ? mark->start : line.end;
  *end = mark->end < line.end ? mark->end : line.end;
  if (starts_before)
    while (*start < *end && evc_is_blank(source.data[*start])) ++*start;
  if (mark->end > line.end)
    while (*end > *start && evc_is_blank(source.data[*end - 1])) --*end;
  return *end > *start || !starts_before;
}

/* `count` characters back from an offset, not before the line. */
static size_t step_back(evc_text source, evc_line line, size_t offset, size_t count) {
  while (count-- > 0 && offset > line.start) {
    size_t size = offset - line.start < 4 ? offset - line.start : 4;
    for (; size > 1; size--) {
      const char *at = source.data + offset - size;
      if (evc_utf8_next(&at, source.data + offset) != EVC_UTF8_INVALID &&
          at == source.data + offset)
        break;
    }
    offset -= size;
  }
  return offset;
}

static size_t step_forward(evc_text source, evc_line line, size_t offset, size_t count) {
  const char *at = source.data + offset, *end = source.data + line.end;
  while (count-- > 0 && at < end) evc_utf8_next(&at, end);
  return (size_t)(at - source.data);
}

/* A stretch of a long line that stays. */
typedef struct stretch {
  size_t start, end;
} stretch;

/* Put a stretch among the others, which are in order, and join what touches. */
static size_t add_stretch(stretch *stretches, size_t count, stretch added) {
  size_t at = 0;
  while (at < count && stretches[at].end + SMALLEST_GAP < added.start) at++;
  size_t behind = at;
  for (; behind < count && stretches[behind].start <= added.end + SMALLEST_GAP; behind++) {
    if (stretches[behind].start < added.start) added.start = stretches[behind].start;
    if (stretches[behind].end > added.end) added.end = stretches[behind].end;
  }
  memmove(stretches + at + 1, stretches + behind, (count - behind) * sizeof *stretches);
  stretches[at] = added;
  return count - (behind - at) + 1;
}

/* Columns of a stretch, counted up to a little past `most`; an escape counts as the longest one. */
static size_t width_of(evc_text source, stretch part, size_t most) {
  size_t width = 0;
  const char *at = source.data + part.start, *end = source.data + part.end;
  while (at < end && width <= most) {
    uint32_t c = evc_utf8_next(&at, end);
    width += c == '\t' ? TAB_STOP : evc_utf8_unsafe(c) ? LONGEST_ESCAPE : evc_utf8_width(c);
  }
  return width;
}

/* The stretches around the ends of the marks that touch a line: at most two a mark. */
static size_t stretches_around(evc_text source, evc_line line, const evc_mark *marks,
                               size_t mark_count, size_t reach, stretch *stretches) {
  size_t count = 0;
  for (size_t i = 0; i < mark_count; i++) {
    size_t at[2];
    if (!clip(source, line, &marks[i], &at[0], &at[1])) continue;
    for (size_t k = 0; k < 2; k++)
      count = add_stretch(stretches, count,
                          (stretch){step_back(source, line, at[k], reach),
                                    step_forward(source, line, at[k], reach)});
  }
  return count;
}

/* What stays of a long line: as much around the ends of its marks as fits, or where no mark touches
** it, its beginning. */
static size_t choose_stretches(evc_text source, evc_line line, const evc_mark *marks,
                               size_t mark_count, size_t most, stretch *stretches) {
  for (size_t reach = LONGEST_REACH;; reach -= REACH_STEP) {
    size_t count = stretches_around(source, line, marks, mark_count, reach, stretches);
    size_t width = 0;
    for (size_t i = 0; i < count; i++) width += width_of(source, stretches[i], most);
    if (count > 0 && width > most && reach > SHORTEST_REACH) continue;
    if (count > 0) return count;
    stretches[0] = (stretch){line.start, step_forward(source, line, line.start, most - 1)};
    return 1;
  }
}

static bool add_cell(evc_arena *arena, evc_layout *layout, evc_cell cell) {
  void *array = layout->cells;
  if (!evc_arena_grow(arena, &array, &layout->capacity, layout->count + 1, sizeof cell))
    return false;
  layout->cells = array;
  cell.column = layout->width;
  layout->width += cell.width;
  layout->cells[layout->count++] = cell;
  return true;
}

static bool add_ellipsis(evc_arena *arena, evc_layout *layout, size_t start, size_t end) {
  if (start == end) return true;
  return add_cell(arena, layout, (evc_cell){start, end, {EVC_LITERAL("…")}, 0, 1});
}

/* The cell of one character. */
static bool show_character(evc_arena *arena, evc_text source, size_t start, size_t end, uint32_t c,
                           size_t column, evc_cell *cell) {
  *cell = (evc_cell){start, end, {source.data + start, end - start}, 0, 0};
  if (c == '\t') {
    cell->width = TAB_STOP - column % TAB_STOP;
    cell->shown = (evc_text){"    ", cell->width};
  } else if (c == 0xFEFF && start == 0) {
    cell->shown = (evc_text){"", 0}; /* the byte order mark is no part of the text */
  } else if (evc_utf8_unsafe(c)) {
    evc_builder builder;
    evc_build_init(&builder, arena);
    evc_build_quoted(&builder, cell->shown, cell->shown.length);
    cell->shown = evc_build_end(&builder);
    cell->width = cell->shown.length; /* escapes are ASCII */
  } else {
    cell->width = evc_utf8_width(c);
  }
  return cell->shown.data != NULL;
}

static bool add_stretch_cells(evc_arena *arena, evc_text source, stretch part,
                              evc_layout *layout) {
  const char *at = source.data + part.start, *end = source.data + part.end;
  while (at < end) {
    size_t start = (size_t)(at - source.data);
    uint32_t c = evc_utf8_next(&at, end);
    size_t behind = (size_t)(at - source.data);
    evc_cell cell;
    if (!show_character(arena, source, start, behind, c, layout->width, &cell) ||
        !add_cell(arena, layout, cell))
      return false;
  }
  return true;
}

/* True when the whole line may be shown. Characters without width count too, by their bytes. */
static bool fits(evc_text source, evc_line line, size_t most) {
  return line.end - line.start <= LONGEST_ESCAPE * most &&
         width_of(source, (stretch){line.start, line.end}, most) <= most;
}

bool evc_excerpt_layout(evc_arena *arena, evc_text source, evc_line line, const evc_mark *marks,
                        size_t mark_count, size_t most, evc_layout *layout) {
  *layout = (evc_layout){.line = line};
  stretch *stretches = evc_arena_alloc(arena, (2 * mark_count + 1) * sizeof *stretches);
  if (!stretches) return false;
  size_t count = 1;
  if (fits(source, line, most)) stretches[0] = (stretch){line.start, line.end};
  else count = choose_stretches(source, line, marks, mark_count, most, stretches);
  size_t shown = line.start;
  for (size_t i = 0; i < count; i++) {
    if (!add_ellipsis(arena, layout, shown, stretches[i].start) ||
        !add_stretch_cells(arena, source, stretches[i], layout))
      return false;
    shown = stretches[i].end;
  }
  return add_ellipsis(arena, layout, shown, line.end) &&
         add_cell(arena, layout, (evc_cell){line.end, line.end, {"", 0}, 0, 0});
}

evc_columns evc_excerpt_columns(evc_text source, const evc_layout *layout, const evc_mark *mark) {
  size_t start, end;
  if (!clip(source, layout->line, mark, &start, &end)) return (evc_columns){0, 0};
  const evc_cell *cell = layout->cells, *last = cell + layout->count - 1;
  while (cell < last && cell->end <= start) cell++;
  evc_columns columns = {cell->column, cell->column + cell->width};
  for (; cell < last && cell->start < end; cell++) columns.end = cell->column + cell->width;
  if (columns.end > columns.first) return columns;
  /* a combining character is part of the column before it */
  bool combining = end > start && columns.first > 0;
  size_t first = columns.first - combining;
  return (evc_columns){first, first + 1};
}
