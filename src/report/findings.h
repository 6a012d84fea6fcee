/* What the parser and the checker find, as data: a message, a place and a node. Wording, labels, help
** and fixes are worked out later, and only for those that are reported (src/check/describe.c). */
#ifndef EVC_REPORT_FINDINGS_H
#define EVC_REPORT_FINDINGS_H

#include "../base/arena.h"
#include "draft.h"

typedef struct evc_finding {
  evc_message message;
  uint32_t start, end;
  uint32_t node;   /* the tree's node it is about, or another number the message needs */
  uint32_t detail; /* the same */
  const uint32_t *places; /* further offsets, `detail` of them */
  evc_text text;          /* the replacement, a name …: static or in the compilation's memory */
} evc_finding;

typedef struct evc_findings {
  evc_finding *list;
  size_t count, capacity;
} evc_findings;

/* Add one; false when out of memory. */
static inline bool evc_findings_add(evc_findings *findings, evc_arena *arena,
                                    evc_finding finding) {
  void *list = findings->list;
  if (!evc_arena_grow(arena, &list, &findings->capacity, findings->count + 1,
                      sizeof *findings->list))
    return false;
  findings->list = list;
  findings->list[findings->count++] = finding; /* NOLINT(clang-analyzer-core.NullDereference): grown */
  return true;
}

#endif
