/* Where lines are broken: a tree as text of a certain width. */
#ifndef EVC_FORMAT_LAYOUT_H
#define EVC_FORMAT_LAYOUT_H

#include "../base/text.h"
#include "../syntax/tree.h"

typedef struct evc_layout_options {
  size_t columns; /* SIZE_MAX: one line */
  size_t indent;
  const char *line_end;
  size_t most; /* bytes: laying out stops once there are more */
} evc_layout_options;

/* Append the whole tree, which was parsed without findings. When memory runs out, the builder has
** failed. */
void evc_layout(evc_builder *out, const evc_tree *tree, const evc_layout_options *options);

#endif
