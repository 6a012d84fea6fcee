/* The resources in what `terraform show -json` prints of a plan or a state.
**
** A plan has them in planned_values.root_module, a state in values.root_module: each module has
** "resources", and in "child_modules" modules of its own.
*/
#ifndef EVC_JSON_TERRAFORM_H
#define EVC_JSON_TERRAFORM_H

#include "document.h"

struct evc_terraform_level;

/* A walk through all resources. */
typedef struct evc_terraform {
  evc_allocator allocator;
  evc_document *document;
  struct evc_terraform_level *levels; /* the innermost last */
  size_t count, capacity;
} evc_terraform;

/* Nothing to walk yet; nothing allocated. */
void evc_terraform_init(evc_terraform *terraform, evc_document *document,
                        const evc_allocator *allocator);
void evc_terraform_free(evc_terraform *terraform);

/* Go to the root module of the open document. EVC_OK, also when it has none; EVC_INVALID,
** EVC_OUT_OF_MEMORY. */
evc_status evc_terraform_enter(evc_terraform *terraform, bool plan);

/* The next resource, to be walked, and the offset of its {. EVC_OK, EVC_END, EVC_INVALID,
** EVC_OUT_OF_MEMORY. */
evc_status evc_terraform_next(evc_terraform *terraform, evc_json_walk *resource, size_t *start);

#endif
