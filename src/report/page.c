/* Showing the pages of pages.txt, as text and as Markdown. */
#include "pages.h"

#include <string.h>

/* What differs between the two forms. */
typedef struct page_form {
  const char *block_start, *line_start, *block_end; /* around an example */
  const char *why_start, *why_end;                  /* around the level */
} page_form;

static const page_form text_form = {"", "  ", "", "Why (", "):\n"};
static const page_form markdown_form = {"```\n", "", "```\n", "**Why** (", "):\n"};

const char *evc_page_level_name(evc_page_level level) {
  static const char *const names[] = {"documented", "inferred", "chosen"};
  return names[level];
}

const char *evc_page_about_name(evc_page_about about) {
  static const char *const names[] = {"calculation", "notification", "request", "event", "fields"};
  return names[about];
}

const char *evc_page_severity_name(evc_code code) {
  return evc_code_severity(code) == EVC_ERROR ? "error" : "warning";
}

static const char *source_of(evc_page_level level) {
  static const char *const sources[] = {"documented by m3ter", "inferred from m3ter's examples",
                                        "chosen by evcalc"};
  return sources[level];
}

/* One example under its caption. */
static void build_block(evc_builder *out, const page_form *form, const char *caption,
                        const char *text) {
  evc_build_string(out, caption);
  evc_build_string(out, form == &markdown_form ? ":\n\n" : ":\n");
  evc_build_string(out, form->block_start);
  evc_build_string(out, form->line_start);
  evc_build_string(out, text);
  evc_build_char(out, '\n');
  evc_build_string(out, form->block_end);
  evc_build_char(out, '\n');
}

/* What the examples are checked against, where the reader has to know. */
static void build_setting(evc_builder *out, const page_form *form, const evc_page *page) {
  if (page->type) {
    evc_build_string(out, "The examples are for the Event type `");
    evc_build_string(out, page->type);
    evc_build_string(out, page->limits ? "`,\nwith the limit lowered to " : "`");
    if (page->limits) evc_build_string(out, page->limits);
    evc_build_string(out, ".\n\n");
  }
  bool requested = page->about == EVC_PAGE_REQUEST;
  if (page->event)
    build_block(out, form, requested ? "With the known event" : "On the event", page->event);
  if (page->calculation) build_block(out, form, "With the calculation", page->calculation);
}

static void build_examples(evc_builder *out, const page_form *form, const evc_page *page) {
  static const char *const captions[][2] = {
      [EVC_PAGE_CALCULATION] = {"Wrong", "Right"},
      [EVC_PAGE_NOTIFICATION] = {"Wrong Notification", "Right Notification"},
      [EVC_PAGE_REQUEST] = {"Wrong request", "Right request"},
      [EVC_PAGE_EVENT] = {"Wrong event", "Right event"},
      [EVC_PAGE_FIELDS] = {"Wrong field list", "Right field list"},
  };
  build_setting(out, form, page);
  build_block(out, form, captions[page->about][0], page->wrong);
  if (strstr(page->wrong, "\\x"))
    evc_build_string(out, "Here `\\x` and two digits stand for one byte that cannot be shown.\n\n");
  if (page->right_fields)
    build_block(out, form, "Once this field list is loaded (`--fields`)", page->right_fields);
  build_block(out, form, captions[page->about][1], page->right);
}

/* What can be done about a warning. */
static void build_option(evc_builder *out, evc_code code) {
  evc_severity severity = evc_code_severity(code);
  if (severity == EVC_ERROR) return;
  evc_build_string(out, severity == EVC_WARNING
                            ? "This is a warning: the calculation is valid all the same.\n"
                            : "This is a warning: the field list is loaded all the same.\n");
  evc_build_string(out, "`--allow ");
  evc_build_string(out, evc_code_name(code));
  evc_build_string(out, "` hides it, `--deny ");
  evc_build_string(out, evc_code_name(code));
  evc_build_string(out, "` makes it an error.\n\n");
}

static void build_body(evc_builder *out, const page_form *form, evc_code code) {
  const evc_page *page = &evc_pages[code];
  evc_build_string(out, page->what);
  evc_build_string(out, "\n\n");
  evc_build_string(out, form->why_start);
  evc_build_string(out, source_of(page->level));
  evc_build_string(out, form->why_end);
  evc_build_string(out, page->why);
  evc_build_string(out, "\n\n");
  build_examples(out, form, page);
  build_option(out, code);
  out->length -= out->length > 0; /* one line end is enough at the end of a page */
}

void evc_page_build_text(evc_builder *out, evc_code code) {
  evc_build_string(out, evc_page_severity_name(code));
  evc_build_char(out, '[');
  evc_build_string(out, evc_code_name(code));
  evc_build_string(out, "]: ");
  evc_build_string(out, evc_code_title(code));
  evc_build_string(out, "\n\n");
  build_body(out, &text_form, code);
}

void evc_page_build_markdown(evc_builder *out, evc_code code) {
  evc_build_string(out, "## ");
  evc_build_string(out, evc_code_name(code));
  evc_build_string(out, "\n\n*");
  evc_build_string(out, evc_page_severity_name(code));
  evc_build_string(out, ":* ");
  evc_build_string(out, evc_code_title(code));
  evc_build_string(out, "\n\n");
  build_body(out, &markdown_form, code);
}
