/* Rendering a report into memory: what evc_report_print writes, with more to choose. */
#ifndef EVC_REPORT_RENDER_H
#define EVC_REPORT_RENDER_H

#include "../base/text.h"
#include "evcalc/report.h"

/* Start from {0}. */
typedef struct evc_render_options {
  evc_style style;
  size_t width;        /* columns that an excerpt may take; 0: 120 */
  evc_text text;       /* what the report is about */
  const char *name;    /* where the text comes from; NULL: not said */
  evc_code_set hidden; /* codes that are not rendered */
  evc_code_set raised; /* warnings that are rendered as errors */

  /* Where the diagnostic is in the file `name`, when the text is only a part of it; false when that
  ** is not known. NULL: the text is the whole file. */
  bool (*locate)(void *context, const evc_diagnostic *diagnostic, size_t *line, size_t *column);
  void *context;
  evc_text part; /* what that part is called; or absent */
} evc_render_options;

/* Append the rendered report (may be NULL: nothing) to `out`. */
void evc_report_render(evc_builder *out, const evc_report *report,
                       const evc_render_options *options);

#endif
