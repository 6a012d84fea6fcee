/* A compiled calculation: the checked tree as a compact program, in one block of memory. */
#ifndef EVC_PROGRAM_PROGRAM_H
#define EVC_PROGRAM_PROGRAM_H

#include "../base/text.h"
#include "../check/check.h"
#include "evcalc/evaluate.h"
#include "evcalc/record.h"

typedef enum evc_opcode {
#define OPCODE(id, doc) EVC_DO_##id,
#include "opcodes.def"
#undef OPCODE
} evc_opcode;

#define EVC_NO_REGISTER UINT16_MAX

typedef struct evc_instruction {
  uint8_t op; /* an evc_opcode */
  uint8_t b;  /* an evc_kind, evc_operator or evc_function */
  uint16_t a; /* a register, or EVC_NO_REGISTER for a test that nobody reads */
  uint32_t slot;
  uint32_t on_true, on_false; /* instructions to go on at */
  union {
    double number;
    bool boolean;
    uint32_t text; /* where a constant String starts in the calculation's texts */
  } constant;
  uint32_t length; /* of a constant String */
  uint32_t node : 28; /* whose value this works out: for places and names */
  uint32_t kind : 3;  /* of the constant */
  uint32_t jumps : 1; /* a test that jumps itself: on the way on, nobody reads r */
} evc_instruction;

/* Evaluating by a truth table (table.c): a chain of terms, each of which works out its bit, puts it
** behind the bits of those before it and calls the next one, which compilers make a jump. The last one
** looks the answer up. A program that has no table is a chain of one term, which runs it. `event` is
** an array of values, or the caller's record: each has steps of its own. */
typedef struct evc_term evc_term;
typedef evc_outcome evc_step(const evc_calculation *calculation, const void *event,
                             const evc_term *term, size_t bits);
struct evc_term {
  evc_step *step;
  uint32_t offset; /* of what is read, in bytes: 0.25 ns less than a value's slot for five terms */
  uint32_t length_offset; /* of a String's length in a record */
  bool null;              /* the bit where the field is null */
  uint8_t length;         /* of `ends` */
  union {
    double number;
    struct {
      uint32_t at, length; /* in the calculation's texts */
    } text;
    struct {
      uint32_t first, last; /* bytes of a short String, which overlap */
    } ends;
    uint64_t answers; /* bit i: where the bits of all terms, the first term's highest, are i */
    struct {
      uint8_t bits, present; /* as evc_record_is_null wants them */
    } flags;
    const evc_record_field *fields; /* those that are read, where the program is run on a record */
  } constant;
};

/* A record's fields may each have a term before theirs, which sees whether they are null. */
enum { EVC_TABLE_TERMS = 6, EVC_RECORD_TERMS = 2 * EVC_TABLE_TERMS + 1 };

/* At 200 levels a program holds at most six values a level: one each for ==, <, + and *, two for
** IN. */
enum { EVC_REGISTER_LIMIT = 200 * 6 + 64 };

struct evc_calculation {
  evc_allocator allocator;
  size_t size; /* of this block */
  const evc_event_type *type;
  const evc_instruction *code;
  const evc_node *nodes;
  const char *texts; /* the source with its NUL, then decoded strings */
  const evc_read *reads;
  const evc_part *parts; /* NULL unless compiled for tracing */
  uint32_t code_count, source_length, node_count, read_count, part_count;
  uint16_t register_count;
  const evc_term *terms;
};

/* Run the program itself, on values; or on a record, if `fields` are those that are read, in the order
** of the references. */
evc_outcome evc_run(const evc_calculation *calculation, const void *event,
                    const evc_record_field *fields);

/* Emits the program of a checked tree without errors. */
typedef struct evc_emitter {
  const evc_checked *checked;
  evc_arena *arena;
  evc_instruction *code;
  size_t count, capacity;
  uint32_t *jumps; /* whose target is not known yet, innermost last: instruction * 2 + on_true */
  size_t jump_count, jump_capacity;
  uint32_t barrier; /* a jump leads here: what is before it and after it cannot be fused */
  uint32_t top, most; /* registers in use now and at most */
  const uint32_t *part_of; /* node → part; NULL unless tracing */
  evc_builder texts;  /* of variables: behind the tree's decoded text */
  evc_instruction nowhere; /* what is written to once memory ran out */
  bool has_jumps;     /* some of which tests may no longer lead to in the end */
  bool out_of_memory;
} evc_emitter;

/* `part_of` is NULL unless the program is to be traced. On failure out_of_memory is set. */
void evc_emit(evc_emitter *emitter, const evc_checked *checked, evc_arena *arena,
              const uint32_t *part_of);

/* table.c: write the terms of an emitted program; returns how many. */
size_t evc_table_of(const evc_emitter *emitter, evc_term terms[static EVC_TABLE_TERMS + 1]);

/* The same of a compiled program for records; `fields` must live as long as the terms. */
void evc_record_table_of(const evc_calculation *calculation, const evc_record_field *fields,
                           evc_term terms[static EVC_RECORD_TERMS]);

#endif
