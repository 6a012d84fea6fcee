/* Changing calculations where they stand in a file. In a Notification their characters may be
** escaped: edits are mapped through the escapes, what is inserted is escaped, and all else stays. */
#ifndef EVC_CLI_EDITS_H
#define EVC_CLI_EDITS_H

#include "../base/text.h"
#include "cli.h"
#include "source.h"

/* One calculation: as it stands in the file, and what that means. */
typedef struct cli_text {
  evc_text written, text;
  bool json;
} cli_text;

cli_text cli_text_of(const cli_calculation *calculation);

/* Append the text as it is written, with the edits of what it means. */
void cli_build_edited(evc_builder *out, const cli_text *text, const evc_edit *edits, size_t count);

/* What takes the place of [start, end) in the file. */
typedef struct cli_splice {
  size_t start, end;
  evc_text text;
} cli_splice;

/* Ascending. Start from {.arena = …}. */
typedef struct cli_splices {
  evc_arena *arena;
  cli_splice *items;
  size_t count, capacity;
} cli_splices;

/* Add a calculation's new text, as it is to be written; it is copied. False when out of memory. */
bool cli_splices_add(cli_splices *splices, const cli_calculation *calculation, evc_text written);

/* The file with the new texts in it, from malloc and followed by a NUL; NULL when out of memory. */
char *cli_splices_apply(const cli_splices *splices, const cli_file *file, size_t *length);

/* True when the source is a file, which can be written. */
bool cli_source_is_file(const cli_source *source);

/* Print what makes `after` of the source. False, said on standard error, when out of memory. */
bool cli_print_difference(const cli_source *source, evc_text after);

#endif
