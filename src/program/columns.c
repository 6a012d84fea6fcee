/* Evaluating on columns: what is asked is checked, the workspace laid out, and the rows are taken
** in blocks (columns_block.c). */
#include "evcalc/columns.h"

#include <string.h>

#include "columns_block.h"

static bool column_fits(const evc_calculation *c, uint32_t index, const evc_column *column) {
  evc_reference read = evc_calculation_reference(c, index);
  if (read.member.data) return column->kind != EVC_COLUMN_BOOLEAN;
  switch (evc_event_type_field(c->type, read.slot)->type) {
  case EVC_TYPE_NUMBER: return column->kind == EVC_COLUMN_NUMBER;
  case EVC_TYPE_BOOLEAN: return column->kind == EVC_COLUMN_BOOLEAN;
  default: return column->kind == EVC_COLUMN_STRING || column->kind == EVC_COLUMN_DICTIONARY;
  }
}

/* Does the program have values of that kind in registers? Fields that are compared with a constant
** where they stand need none. Members of maps, and a null that is known, may be of any kind. */
static bool has_in_registers(const evc_calculation *c, evc_kind kind) {
  for (uint32_t at = 0; at < c->code_count; at++) {
    const evc_instruction *i = &c->code[at];
    if (i->op == EVC_DO_LOAD_MEMBER) return true;
    if (i->op == EVC_DO_LOAD && i->b == kind) return true;
    if (i->op == EVC_DO_CONSTANT && (i->kind == kind || i->kind == EVC_KIND_NULL)) return true;
  }
  return false;
}

/* The workspace */

/* Where each part starts, and the end. */
typedef struct layout {
  size_t waiting, registers, numbers, texts, prepared, until, size;
} layout;

static size_t behind(size_t start, size_t count, size_t size) {
  return (start + count * size + 15) / 16 * 16;
}

static layout layout_of(const evc_calculation *c) {
  size_t numbers = has_in_registers(c, EVC_KIND_NUMBER) ? c->register_count : 0;
  size_t texts = has_in_registers(c, EVC_KIND_STRING) ? c->register_count : 0;
  layout l = {0};
  l.registers = behind(l.waiting, c->code_count, sizeof(evc_bits));
  l.numbers = behind(l.registers, c->register_count, sizeof(evc_vector));
  l.texts = behind(l.numbers, numbers, sizeof(evc_vector_numbers));
  l.prepared = behind(l.texts, texts, sizeof(evc_vector_texts));
  l.until = behind(l.prepared, c->code_count, sizeof(evc_prepared));
  l.size = behind(l.until, c->register_count, sizeof(uint32_t));
  return l;
}

size_t evc_columns_workspace(const evc_calculation *c) { return layout_of(c).size; }

/* Preparing */

static uint32_t code_of(const evc_column *column, evc_text wanted) {
  for (uint32_t code = 0; code < column->dictionary_size; code++)
    if (evc_text_equal(column->dictionary[code], wanted)) return code;
  return UINT32_MAX;
}

/* Where two ways meet again behind ?: and isnull, both leave a value in one register: rows that have
** theirs, and wait there, must keep it while others work theirs out. `until` is where, for each
** register. No other rows that wait have a Number or String to keep in a register that is written. */
static void prepare(const evc_block *b, evc_prepared *prepared, uint32_t *until) {
  const evc_calculation *c = b->calculation;
  memset(until, 0, c->register_count * sizeof *until);
  for (uint32_t at = 0; at < c->code_count; at++) {
    const evc_instruction *i = &c->code[at];
    prepared[at] = (evc_prepared){.text = {c->texts, 0}};
    if (i->kind == EVC_KIND_STRING)
      prepared[at].text = (evc_text){c->texts + i->constant.text, i->length};
    if (i->a != EVC_NO_REGISTER) prepared[at].shares = at < until[i->a];
    if ((i->op == EVC_DO_JUMP || i->op == EVC_DO_JUMP_NOT_NULL) && i->on_true > until[i->a])
      until[i->a] = i->on_true;
    if (i->op != EVC_DO_TEST_EQ_STRING_FC && i->op != EVC_DO_TEST_NE_STRING_FC) continue;
    const evc_column *column = evc_block_column(b, i);
    if (column->kind == EVC_COLUMN_DICTIONARY)
      prepared[at].code = code_of(column, prepared[at].text);
  }
}

evc_status evc_evaluate_columns(const evc_calculation *c, const evc_column *columns,
                                size_t column_count, size_t rows, void *workspace,
                                uint64_t *answers, uint64_t *errors) {
  if (column_count != c->read_count) return EVC_NOT_FOUND;
  for (uint32_t i = 0; i < c->read_count; i++)
    if (!column_fits(c, i, &columns[i])) return EVC_WRONG_KIND;
  layout l = layout_of(c);
  char *memory = workspace;
  evc_prepared *prepared = (void *)(memory + l.prepared);
  evc_block b = {.calculation = c,
                 .columns = columns,
                 .prepared = prepared,
                 .waiting = (void *)(memory + l.waiting),
                 .registers = (void *)(memory + l.registers),
                 .numbers = (void *)(memory + l.numbers),
                 .texts = (void *)(memory + l.texts)};
  /* Nobody waits. And what is in a register before anything is written to it is worked on too, where
  ** no row needs it. */
  memset(memory, 0, l.texts);
  prepare(&b, prepared, (void *)(memory + l.until));
  for (; b.first < rows; b.first += EVC_BLOCK) {
    b.count = rows - b.first < EVC_BLOCK ? rows - b.first : EVC_BLOCK;
    evc_block_run(&b);
    size_t bytes = (b.count + 63) / 64 * sizeof *answers;
    memcpy(answers + b.first / 64, b.answers, bytes);
    memcpy(errors + b.first / 64, b.errors, bytes);
  }
  return EVC_OK;
}
