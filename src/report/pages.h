/* The pages on the codes of diagnostics: what a code means, why, and an example. The build makes
** the table from pages.txt, which explains what is on a page. It is a library of its own,
** evcalc_pages, so that only who shows pages carries their text.
*/
#ifndef EVC_REPORT_PAGES_H
#define EVC_REPORT_PAGES_H

#include "../base/text.h"
#include "evcalc/report.h"

/* Who says so: m3ter, m3ter's examples, evcalc. */
typedef enum evc_page_level {
  EVC_PAGE_DOCUMENTED,
  EVC_PAGE_INFERRED,
  EVC_PAGE_CHOSEN
} evc_page_level;

/* What the examples are. */
typedef enum evc_page_about {
  EVC_PAGE_CALCULATION,
  EVC_PAGE_NOTIFICATION,
  EVC_PAGE_REQUEST,
  EVC_PAGE_EVENT,
  EVC_PAGE_FIELDS
} evc_page_about;

/* A page. Texts hold line breaks, and `\xNN` where an example has a raw byte. */
typedef struct evc_page {
  const char *what, *why;
  evc_page_level level;
  evc_page_about about;
  const char *wrong, *right;
  /* What the examples need; NULL where they need no such thing. Calculations and events have a
  ** type. */
  const char *type, *event, *calculation, *right_fields, *limits;
  const char *also; /* a code that the wrong example gives too, or NULL */
} evc_page;

/* The page of each code; that of EVC_CODE_NONE is empty. */
extern const evc_page evc_pages[EVC_CODE_END];

/* "documented", "inferred", "chosen"; "calculation", "notification", …: as pages.txt has them. */
const char *evc_page_level_name(evc_page_level level);
const char *evc_page_about_name(evc_page_about about);

/* "error" or "warning". */
const char *evc_page_severity_name(evc_code code);

/* The page as text for a terminal, or as a section of a Markdown file. */
void evc_page_build_text(evc_builder *out, evc_code code);
void evc_page_build_markdown(evc_builder *out, evc_code code);

#endif
