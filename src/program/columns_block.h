/* One block of rows through a program. */
#ifndef EVC_PROGRAM_COLUMNS_BLOCK_H
#define EVC_PROGRAM_COLUMNS_BLOCK_H

#include "columns_kernels.h"
#include "evcalc/columns.h"
#include "program.h"

/* A register of all rows. Each row holds a value of its own kind: its bit is set in one of
** `kinds`. */
typedef struct evc_vector {
  evc_bits kinds[EVC_KIND_BOOLEAN + 1]; /* from EVC_KIND_NULL on */
  evc_bits truth;                       /* of the rows that hold a Boolean */
} evc_vector;

/* The Numbers of a register, and its Strings, which are not copied: it holds where they are. */
typedef double evc_vector_numbers[EVC_BLOCK];
typedef const evc_text *evc_vector_texts[EVC_BLOCK];

/* What is worked out of an instruction before the first block. */
typedef struct evc_prepared {
  evc_text text; /* the constant String */
  uint32_t code; /* and what it is in the column's dictionary */
  bool shares;   /* rows that do not come here still need what they have in its register */
} evc_prepared;

/* All of it lies in the caller's workspace. */
typedef struct evc_block {
  const evc_calculation *calculation;
  const evc_column *columns;
  const evc_prepared *prepared; /* of each instruction */
  evc_bits *waiting;            /* of each instruction: the rows that go on there */
  evc_vector *registers;
  evc_vector_numbers *numbers; /* of each register, if the program has Numbers in any */
  evc_vector_texts *texts;     /* and if it has Strings in any */
  size_t first, count;         /* the rows: first is a multiple of EVC_BLOCK */
  evc_bits answers, errors;
} evc_block;

/* The column that an instruction reads. */
static inline const evc_column *evc_block_column(const evc_block *block, const evc_instruction *i) {
  return &block->columns[block->calculation->nodes[i->node].as.text.reference];
}

/* Evaluate the rows from `first` on. `waiting` is and becomes all zero. */
void evc_block_run(evc_block *block);

#endif
