/* How a text is fixed: check it, take the fixes in the order of the text, leave those that touch one
** taken before, apply them, and check again, until nothing is left that can be fixed. */
#include "edits.h"

#include "../report/draft.h"
#include "grammar.h"
#include "write.h"

/* Chosen: more than any text needs in which fixes uncover others. */
enum { MOST_ROUNDS = 64 };

/* ---- Applying ------------------------------------------------------------------------------- */

/* A place in both forms of a text. */
typedef struct both_offsets {
  size_t text, written;
} both_offsets;

static both_offsets move_on(evc_text written, bool escaped, both_offsets from, size_t offset) {
  size_t step = offset - from.text;
  evc_text rest = {written.data + from.written, written.length - from.written};
  return (both_offsets){offset, from.written + (escaped ? evc_json_undecode(rest, step) : step)};
}

void evc_build_edited(evc_builder *out, evc_text written, bool escaped, const evc_edit *edits,
                      size_t count) {
  both_offsets at = {0, 0};
  for (size_t i = 0; i < count; i++) {
    both_offsets start = move_on(written, escaped, at, edits[i].start);
    evc_build(out, written.data + at.written, start.written - at.written);
    if (escaped) evc_json_build_inside(out, edits[i].text);
    else evc_build_text(out, edits[i].text);
    at = move_on(written, escaped, start, edits[i].end);
  }
  evc_build(out, written.data + at.written, written.length - at.written);
}

/* ---- Choosing ------------------------------------------------------------------------------- */

/* The edits taken in one round, ascending. */
typedef struct edit_list {
  evc_edit *items;
  size_t count, capacity;
} edit_list;

static const evc_fix *choose(const evc_fixing *fixing, const evc_diagnostic *d) {
  if (d->severity != EVC_ERROR) return NULL;
  for (size_t i = 0; i < d->fix_count; i++)
    if (d->fixes[i].safe) return &d->fixes[i];
  return fixing->guesses && d->fix_count ? &d->fixes[0] : NULL;
}

/* Edits that merely touch may mean something else together. */
static bool touches(const edit_list *taken, const evc_fix *fix) {
  size_t i = 0;
  for (size_t k = 0; k < fix->edit_count; k++) {
    while (i < taken->count && taken->items[i].end < fix->edits[k].start) i++;
    if (i < taken->count && taken->items[i].start <= fix->edits[k].end) return true;
  }
  return false;
}

/* Put a fix's edits among those taken. False when out of memory. */
static bool take(evc_arena *arena, edit_list *taken, const evc_fix *fix) {
  void *items = taken->items;
  size_t count = taken->count + fix->edit_count;
  if (!evc_arena_grow(arena, &items, &taken->capacity, count, sizeof *taken->items)) return false;
  taken->items = items;
  size_t old = taken->count, added = fix->edit_count;
  for (size_t at = count; at-- > 0 && added > 0;) {
    bool later = old == 0 || taken->items[old - 1].start < fix->edits[added - 1].start;
    taken->items[at] = later ? fix->edits[--added] : taken->items[--old];
  }
  taken->count = count;
  return true;
}

/* ---- Fixing --------------------------------------------------------------------------------- */

/* What is written means this. EVC_END where it is no JSON, as it may be in an editor. */
static evc_status read(evc_arena *arena, evc_text written, bool escaped, evc_text *text) {
  *text = written;
  if (!escaped) return EVC_OK;
  char *decoded = evc_arena_alloc(arena, written.length + 1);
  if (!decoded) return EVC_OUT_OF_MEMORY;
  if (!evc_json_decode(written, decoded, &text->length)) return EVC_END;
  decoded[text->length] = '\0';
  text->data = decoded;
  return EVC_OK;
}

/* Check once and apply what can be. EVC_OK: something was; EVC_END: there is nothing. */
static evc_status fix_round(evc_fixing *fixing, evc_text *written, bool escaped) {
  evc_report *report;
  evc_text text;
  evc_status status = read(fixing->arena, *written, escaped, &text);
  if (status != EVC_OK) return status;
  evc_validate(fixing->type, text.data, text.length, fixing->options, &report);
  edit_list taken = {NULL, 0, 0};
  size_t fixes = 0;
  bool enough = report != evc_report_out_of_memory();
  for (size_t i = 0; enough && i < evc_report_count(report); i++) {
    const evc_fix *fix = choose(fixing, evc_report_at(report, i));
    if (!fix || touches(&taken, fix)) continue;
    enough = take(fixing->arena, &taken, fix);
    fixes++;
  }
  if (enough && fixes) {
    evc_builder out;
    evc_build_init(&out, fixing->arena);
    evc_build_edited(&out, *written, escaped, taken.items, taken.count);
    *written = evc_build_end(&out);
    enough = written->data != NULL;
  }
  evc_report_free(report);
  if (!enough) return EVC_OUT_OF_MEMORY;
  fixing->fixes += fixes;
  return fixes ? EVC_OK : EVC_END;
}

evc_status evc_fix_written(evc_fixing *fixing, evc_text *written, bool escaped) {
  size_t before = fixing->fixes;
  evc_status status = EVC_OK;
  for (int round = 0; round < MOST_ROUNDS && status == EVC_OK; round++)
    status = fix_round(fixing, written, escaped);
  if (status == EVC_OUT_OF_MEMORY) return status;
  return fixing->fixes > before ? EVC_OK : EVC_END;
}
