/* Reports as text for people. The caret style follows rustc:
**
**   error[unknown-field]: unknown field 'new.curency' on configuration.commitment.created
**    --> request.txt:1:24
**     |
**   1 | new.amount >= 5000 AND new.curency == "USD"
**     |                        ^^^^^^^^^^^
**     |
**     = help: did you mean new.currency?
**
** excerpt.c says which lines are shown and where columns are; here they are written.
*/
#include "render.h"

#include <string.h>

#include "../base/memory.h"
#include "../base/width.h"
#include "draft.h"
#include "excerpt.h"

/* Labels past this many are only counted (chosen): forty open parentheses explain nothing more. */
enum { MOST_LABELS = 8 };

/* A part's name is cut behind so many bytes (chosen). */
enum { LONGEST_PART = 120 };

typedef enum paint_kind {
  PAINT_NONE,
  PAINT_TITLE,
  PAINT_ERROR,
  PAINT_WARNING,
  PAINT_GUTTER,
  PAINT_LABEL,
  PAINT_COUNT
} paint_kind;

static const char *const paint_codes[PAINT_COUNT] = {
    [PAINT_TITLE] = "\x1B[1m",      [PAINT_ERROR] = "\x1B[1;31m", [PAINT_WARNING] = "\x1B[1;33m",
    [PAINT_GUTTER] = "\x1B[1;34m", [PAINT_LABEL] = "\x1B[1;36m",
};

/* What the functions below share: where to, and how. */
typedef struct printer {
  evc_builder *out;
  const evc_render_options *options;
  bool color;
  int gutter;         /* digits of the largest line number shown */
  paint_kind primary;      /* the paint of the severity */
  evc_mark *marks;    /* the primary span first, then labels */
  size_t mark_count;
  size_t left_labels; /* labels that are not among the marks */
} printer;

static void begin(const printer *p, paint_kind paint) {
  if (p->color && paint != PAINT_NONE) evc_build_string(p->out, paint_codes[paint]);
}

static void end(const printer *p, paint_kind paint) {
  if (p->color && paint != PAINT_NONE) evc_build_string(p->out, "\x1B[0m");
}

static void put(const printer *p, paint_kind paint, const char *text, size_t length) {
  begin(p, paint);
  evc_build(p->out, text, length);
  end(p, paint);
}

static void new_line(const printer *p) { evc_build_char(p->out, '\n'); }

static int digits_of(size_t number) {
  int digits = 1;
  while (number /= 10) digits++;
  return digits;
}

/* The number and the bar at the left of an excerpt; number 0 leaves the number out. */
static void put_gutter(const printer *p, size_t number) {
  begin(p, PAINT_GUTTER);
  int digits = number ? digits_of(number) : 0;
  if (number) evc_build_unsigned(p->out, number);
  evc_build_repeat(p->out, ' ', (size_t)p->gutter + 1 - (size_t)digits);
  evc_build_char(p->out, '|');
  end(p, PAINT_GUTTER);
}

static paint_kind paint_of(const printer *p, const evc_mark *mark) {
  return mark == p->marks ? p->primary : PAINT_LABEL;
}

/* A row of signs: one a column, and whose they are. */
typedef struct sign_row {
  const evc_mark **owners; /* NULL: a blank */
  size_t width;
} sign_row;

/* A mark where it stands on a line. */
typedef struct placed_mark {
  const evc_mark *mark;
  evc_columns columns;
} placed_mark;

/* True when `a` is to be drawn before `b`: the wider first, so that the narrower stays visible, and
** of equal ones the primary, which is the first of all, last. */
static bool drawn_before(const placed_mark *a, const placed_mark *b) {
  size_t a_width = a->columns.end - a->columns.first, b_width = b->columns.end - b->columns.first;
  return a_width != b_width ? a_width > b_width : a->mark > b->mark;
}

/* The marks of a line in the order of drawing; NULL when out of memory. */
static placed_mark *place_marks(const printer *p, const evc_layout *layout) {
  placed_mark *placed = evc_arena_alloc(p->out->arena, p->mark_count * sizeof *placed);
  if (!placed) return NULL;
  for (size_t i = 0; i < p->mark_count; i++) {
    const evc_mark *mark = &p->marks[i];
    placed_mark added = {mark, evc_excerpt_columns(p->options->text, layout, mark)};
    size_t at = i;
    for (; at > 0 && drawn_before(&added, &placed[at - 1]); at--) placed[at] = placed[at - 1];
    placed[at] = added;
  }
  return placed;
}

/* However labels lie, the first column of the primary is its own. */
static void show_primary(const printer *p, const placed_mark *placed, sign_row *row) {
  for (size_t i = 0; i < p->mark_count; i++) {
    if (placed[i].mark != p->marks) continue;
    evc_columns columns = placed[i].columns;
    for (size_t c = columns.first; c < columns.end; c++)
      if (row->owners[c] == p->marks) return;
    if (columns.end > columns.first) row->owners[columns.first] = p->marks;
  }
}

static bool draw_signs(const printer *p, const evc_layout *layout, sign_row *row) {
  placed_mark *placed = place_marks(p, layout);
  row->owners = evc_arena_alloc(p->out->arena, (layout->width + 1) * sizeof *row->owners);
  row->width = 0;
  if (!placed || !row->owners) return false;
  for (size_t i = 0; i <= layout->width; i++) row->owners[i] = NULL;
  for (size_t i = 0; i < p->mark_count; i++) {
    evc_columns columns = placed[i].columns;
    for (size_t c = columns.first; c < columns.end; c++) row->owners[c] = placed[i].mark;
    if (columns.end > row->width) row->width = columns.end;
  }
  show_primary(p, placed, row);
  return true;
}

static void put_signs(const printer *p, const sign_row *row) {
  for (size_t i = 0; i < row->width;) {
    const evc_mark *owner = row->owners[i];
    size_t run = i;
    while (run < row->width && row->owners[run] == owner) run++;
    paint_kind paint = owner ? paint_of(p, owner) : PAINT_NONE;
    begin(p, paint);
    evc_build_repeat(p->out, owner ? owner->sign : ' ', run - i);
    end(p, paint);
    i = run;
  }
}

/* A label below a line, waiting for its row. */
typedef struct hanging {
  const evc_mark *mark;
  size_t column;
} hanging;

/* The labels of a line, from right to left. */
typedef struct hanging_list {
  hanging *items;
  size_t count;
} hanging_list;

static bool collect_labels(const printer *p, const evc_layout *layout, hanging_list *list) {
  list->items = evc_arena_alloc(p->out->arena, p->mark_count * sizeof *list->items);
  list->count = 0;
  if (!list->items) return false;
  for (size_t i = 0; i < p->mark_count; i++) {
    const evc_mark *mark = &p->marks[i];
    evc_columns columns = evc_excerpt_columns(p->options->text, layout, mark);
    if (!mark->label.length || columns.first == columns.end ||
        !evc_excerpt_ends_here(p->options->text, layout->line, mark))
      continue;
    size_t at = list->count++;
    for (; at > 0 && list->items[at - 1].column < columns.first; at--)
      list->items[at] = list->items[at - 1];
    list->items[at] = (hanging){mark, columns.first};
  }
  return true;
}

/* The rightmost label stands behind the signs when its own are the last of them. */
static void put_label_beside(const printer *p, const sign_row *row, hanging_list *list) {
  if (!list->count || row->owners[row->width - 1] != list->items[0].mark) return;
  evc_build_char(p->out, ' ');
  put(p, PAINT_LABEL, list->items[0].mark->label.data, list->items[0].mark->label.length);
  list->items++;
  list->count--;
}

/* A row of bars that lead from the signs down to the labels. */
static void put_bars(const printer *p, const hanging_list *list) {
  put_gutter(p, 0);
  evc_build_char(p->out, ' ');
  size_t column = 0;
  for (size_t i = list->count; i-- > 0;) {
    if (i + 1 < list->count && list->items[i].column == list->items[i + 1].column) continue;
    evc_build_repeat(p->out, ' ', list->items[i].column - column);
    put(p, PAINT_LABEL, "|", 1);
    column = list->items[i].column + 1;
  }
  new_line(p);
}

/* One row of labels: from the right, each whose text ends before the next thing begins; the others
** go on as bars. `said` marks the items that are done. */
static void choose_row(const hanging_list *list, bool *said, bool *bar) {
  size_t next = SIZE_MAX;
  for (size_t i = 0; i < list->count; i++) {
    size_t column = list->items[i].column;
    size_t width = evc_text_width(list->items[i].mark->label);
    said[i] = next == SIZE_MAX || column + width + 1 < next;
    bar[i] = !said[i] && column != next;
    next = column;
  }
}

static void put_row(const printer *p, const hanging_list *list, const bool *said,
                    const bool *bar) {
  put_gutter(p, 0);
  evc_build_char(p->out, ' ');
  size_t column = 0;
  for (size_t i = list->count; i-- > 0;) {
    if (!said[i] && !bar[i]) continue;
    evc_text text = said[i] ? list->items[i].mark->label : (evc_text){"|", 1};
    evc_build_repeat(p->out, ' ', list->items[i].column - column);
    put(p, PAINT_LABEL, text.data, text.length);
    column = list->items[i].column + evc_text_width(text);
  }
  new_line(p);
}

static void put_labels_below(const printer *p, hanging_list *list) {
  bool said[MOST_LABELS + 1], bar[MOST_LABELS + 1];
  if (list->count) put_bars(p, list);
  while (list->count) {
    choose_row(list, said, bar);
    put_row(p, list, said, bar);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
      if (!said[i]) list->items[kept++] = list->items[i];
    list->count = kept;
  }
}

static void put_source(const printer *p, const evc_layout *layout) {
  put_gutter(p, layout->line.number);
  if (layout->line.end > layout->line.start) evc_build_char(p->out, ' ');
  for (size_t i = 0; i < layout->count; i++) evc_build_text(p->out, layout->cells[i].shown);
  new_line(p);
}

enum { STANDARD_WIDTH = 120, LEAST_WIDTH = 40, GUTTER = 8 };

static size_t excerpt_width(const printer *p) {
  size_t width = p->options->width ? p->options->width : STANDARD_WIDTH + GUTTER;
  return (width > LEAST_WIDTH ? width : LEAST_WIDTH) - GUTTER;
}

/* A line of the text with what is said of it. False when out of memory. */
static bool put_line(const printer *p, evc_line line) {
  evc_layout layout;
  sign_row row;
  hanging_list labels;
  if (!evc_excerpt_layout(p->out->arena, p->options->text, line, p->marks, p->mark_count,
                          excerpt_width(p), &layout) ||
      !draw_signs(p, &layout, &row) || !collect_labels(p, &layout, &labels))
    return false;
  put_source(p, &layout);
  if (row.width == 0) return true;
  put_gutter(p, 0);
  evc_build_char(p->out, ' ');
  put_signs(p, &row);
  put_label_beside(p, &row, &labels);
  new_line(p);
  put_labels_below(p, &labels);
  return true;
}

static void put_gap(const printer *p) {
  put(p, PAINT_GUTTER, "...", 3);
  new_line(p);
}

static bool put_excerpt(const printer *p, const evc_line_list *list) {
  put_gutter(p, 0);
  new_line(p);
  for (size_t i = 0; i < list->count; i++) {
    if (i > 0 && list->lines[i].number > list->lines[i - 1].number + 1) put_gap(p);
    if (!put_line(p, list->lines[i])) return false;
  }
  return true;
}

static void put_name(const printer *p) {
  evc_text name = {p->options->name, strlen(p->options->name)};
  evc_build_quoted(p->out, name, name.length);
}

static void put_place(const printer *p, size_t line, size_t column) {
  evc_build_char(p->out, ':');
  evc_build_unsigned(p->out, line);
  evc_build_char(p->out, ':');
  evc_build_unsigned(p->out, column);
}

static void put_words(const printer *p, size_t line, size_t column) {
  evc_build_string(p->out, "line ");
  evc_build_unsigned(p->out, line);
  evc_build_string(p->out, ", column ");
  evc_build_unsigned(p->out, column);
}

/* Where it is in the part of the file that the text is. */
static void put_part(const printer *p, const evc_diagnostic *d) {
  evc_text part = p->options->part;
  if (!d->has_span && !part.length) return;
  evc_build_string(p->out, " (");
  evc_build_quoted(p->out, part, LONGEST_PART);
  if (d->has_span) {
    evc_build_string(p->out, part.length ? ", the calculation's " : "the calculation's ");
    put_words(p, d->line, d->column);
  }
  evc_build_char(p->out, ')');
}

static void put_location(const printer *p, const evc_diagnostic *d) {
  if (!d->has_span && !p->options->name) return;
  evc_build_repeat(p->out, ' ', (size_t)p->gutter);
  put(p, PAINT_GUTTER, "-->", 3);
  evc_build_char(p->out, ' ');
  size_t line = d->line, column = d->column;
  if (!p->options->name) {
    put_words(p, line, column);
  } else if (!p->options->locate) {
    put_name(p);
    if (d->has_span) put_place(p, line, column);
  } else {
    put_name(p);
    if (p->options->locate(p->options->context, d, &line, &column)) put_place(p, line, column);
    put_part(p, d);
  }
  new_line(p);
}

static void put_note(const printer *p, const char *kind, evc_text text) {
  evc_build_repeat(p->out, ' ', (size_t)p->gutter + 1);
  put(p, PAINT_GUTTER, "= ", 2);
  put(p, PAINT_TITLE, kind, strlen(kind));
  evc_build_string(p->out, ": ");
  evc_build_text(p->out, text);
  new_line(p);
}

/* What would be right: the help, or where there is none the title of the first fix, which is most
** often the same in fewer words. */
static evc_text advice_of(const evc_diagnostic *d) {
  if (d->help.length || !d->fix_count) return d->help;
  return d->fixes[0].title;
}

static void put_notes(const printer *p, const evc_diagnostic *d, bool excerpt) {
  evc_text advice = advice_of(d);
  if (!advice.length && !p->left_labels) return;
  if (excerpt) {
    put_gutter(p, 0);
    new_line(p);
  }
  if (p->left_labels) {
    evc_builder more;
    evc_build_init(&more, p->out->arena);
    evc_build_string(&more, "and ");
    evc_build_unsigned(&more, p->left_labels);
    evc_build_string(&more, p->left_labels == 1 ? " more place" : " more places");
    put_note(p, "note", evc_build_end(&more));
  }
  if (advice.length) put_note(p, "help", advice);
}

static size_t at_most(size_t value, size_t most) { return value < most ? value : most; }

static evc_mark mark_of(evc_text source, size_t start, size_t stop, char sign, evc_text label) {
  evc_mark mark = {at_most(start, source.length), at_most(stop, source.length), sign, label};
  if (mark.end < mark.start) mark.end = mark.start;
  return mark;
}

static bool collect_marks(printer *p, const evc_diagnostic *d) {
  size_t labels = at_most(d->label_count, MOST_LABELS);
  evc_text source = p->options->text, none = {NULL, 0};
  p->left_labels = d->label_count - labels;
  p->marks = evc_arena_alloc(p->out->arena, (labels + 1) * sizeof *p->marks);
  if (!p->marks) return false;
  p->mark_count = 0;
  p->marks[p->mark_count++] = mark_of(source, d->start, d->end, '^', none);
  for (size_t i = 0; i < labels; i++) {
    const evc_label *label = &d->labels[i];
    p->marks[p->mark_count++] = mark_of(source, label->start, label->end, '-', label->text);
  }
  return true;
}

static bool is_raised(const printer *p, const evc_diagnostic *d) {
  return d->severity == EVC_ERROR || evc_code_set_has(&p->options->raised, d->code);
}

static void put_title(const printer *p, const evc_diagnostic *d) {
  begin(p, p->primary);
  evc_build_string(p->out, is_raised(p, d) ? "error[" : "warning[");
  evc_build_string(p->out, d->name);
  evc_build_char(p->out, ']');
  end(p, p->primary);
  begin(p, PAINT_TITLE);
  evc_build_string(p->out, ": ");
  evc_build_text(p->out, d->message);
  end(p, PAINT_TITLE);
  new_line(p);
}

/* A diagnostic with its excerpt. False when out of memory. */
static bool put_diagnostic(printer *p, const evc_diagnostic *d) {
  evc_line_list list = {NULL, 0};
  bool excerpt = d->has_span && d->line > 0 && d->start <= p->options->text.length;
  p->gutter = 1;
  p->left_labels = 0;
  p->primary = is_raised(p, d) ? PAINT_ERROR : PAINT_WARNING;
  if (excerpt) {
    if (!collect_marks(p, d) ||
        !evc_excerpt_lines(p->out->arena, p->options->text, p->marks, p->mark_count, d->start,
                           d->line, &list))
      return false;
    p->gutter = digits_of(list.lines[list.count - 1].number);
  }
  put_title(p, d);
  put_location(p, d);
  if (excerpt && !put_excerpt(p, &list)) return false;
  put_notes(p, d, excerpt);
  new_line(p);
  return true;
}

static void put_one_line(const printer *p, const evc_diagnostic *d) {
  if (p->options->name) {
    put_name(p);
    evc_build_string(p->out, ": ");
  }
  if (!is_raised(p, d)) evc_build_string(p->out, "warning: ");
  evc_report_build_line(p->out, d);
  new_line(p);
}

/* How many more there are than were described. */
static void put_rest(const printer *p, const evc_report *report) {
  size_t errors = evc_report_errors(report), warnings = evc_report_warnings(report);
  for (size_t i = 0; i < evc_report_count(report); i++) {
    if (evc_report_at(report, i)->severity == EVC_ERROR) errors--;
    else warnings--;
  }
  const size_t counts[] = {errors, warnings};
  static const char *const words[] = {" more error", " more warning"};
  for (size_t i = 0; i < 2; i++) {
    if (counts[i] == 0) continue;
    evc_build_string(p->out, "and ");
    evc_build_unsigned(p->out, counts[i]);
    evc_build_string(p->out, words[i]);
    evc_build_string(p->out, counts[i] == 1 ? "\n" : "s\n");
  }
}

void evc_report_render(evc_builder *out, const evc_report *report,
                       const evc_render_options *options) {
  printer p = {.out = out, .options = options, .color = options->style == EVC_STYLE_CARET_COLOR};
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    if (evc_code_set_has(&options->hidden, d->code)) continue;
    if (options->style == EVC_STYLE_LINE) put_one_line(&p, d);
    else if (!put_diagnostic(&p, d)) out->failed = true;
  }
  put_rest(&p, report);
}

evc_status evc_report_print(const evc_report *report, const char *text, size_t length,
                            const char *name, evc_style style, FILE *file) {
  if (!report) return EVC_OK;
  evc_render_options options = {.style = style, .name = name};
  options.text = text ? (evc_text){text, evc_length_of(text, length)} : (evc_text){"", 0};
  /* enough for the report that memory ran out, which has no allocator of its own */
  _Alignas(max_align_t) char first[2048];
  evc_arena arena;
  evc_arena_init(&arena, report->fixed ? NULL : &report->arena.allocator, first, sizeof first);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_report_render(&out, report, &options);
  evc_text rendered = evc_build_end(&out);
  if (rendered.length) (void)fwrite(rendered.data, 1, rendered.length, file);
  evc_arena_free(&arena);
  return rendered.data ? EVC_OK : EVC_OUT_OF_MEMORY;
}
