/* The lines of a text that a diagnostic shows, and how each is laid out in columns.
**
** Marks (spans of the text) say which lines are wanted; a line becomes cells, each with the bytes
** it stands for and the columns it takes; where marks and cells meet, columns are underlined.
** Nothing here prints: render.c does.
*/
#ifndef EVC_REPORT_EXCERPT_H
#define EVC_REPORT_EXCERPT_H

#include "../base/arena.h"

/* A span to underline with `sign`. */
typedef struct evc_mark {
  size_t start, end;
  char sign;
  evc_text label; /* said beside or below it; absent for the primary span */
} evc_mark;

/* A line of the text: its bytes without the line end, its number from 1. */
typedef struct evc_line {
  size_t number;
  size_t start, end;
} evc_line;

/* The lines to show, ascending. */
typedef struct evc_line_list {
  evc_line *lines;
  size_t count;
} evc_line_list;

/* What stands in a column or several: a character, a blank (tab), an escape, an ellipsis for what
** was cut, or the end of the line (the last cell, without text). */
typedef struct evc_cell {
  size_t start, end; /* its bytes */
  evc_text shown;
  size_t column, width;
} evc_cell;

/* A line laid out. */
typedef struct evc_layout {
  evc_line line;
  evc_cell *cells;
  size_t count, capacity;
  size_t width; /* columns of all cells but the end's */
} evc_layout;

/* Columns from `first` to before `end`; empty where a mark does not touch a line. */
typedef struct evc_columns {
  size_t first, end;
} evc_columns;

/* The lines that the marks touch; of a mark over many lines the first two and the last. A single
** line between two of them is shown too. `anchor` is an offset whose line has the number
** `anchor_number`. False when out of memory. */
bool evc_excerpt_lines(evc_arena *arena, evc_text source, const evc_mark *marks, size_t mark_count,
                       size_t anchor, size_t anchor_number, evc_line_list *list);

/* Lay out a line. One of more than `most` columns is cut to what stands around the ends of its
** marks; where those are many it can stay a little longer. */
bool evc_excerpt_layout(evc_arena *arena, evc_text source, evc_line line, const evc_mark *marks,
                        size_t mark_count, size_t most, evc_layout *layout);

/* Where a mark stands on a line, without the blanks around it where it comes from the line before
** or goes on to the next; at least one column wide where it touches the line at all. */
evc_columns evc_excerpt_columns(evc_text source, const evc_layout *layout, const evc_mark *mark);

/* True when the mark's last byte is on this line. */
bool evc_excerpt_ends_here(evc_text source, evc_line line, const evc_mark *mark);

#endif
