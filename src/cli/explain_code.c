/* `evcalc explain`: the page of a diagnostic code, or the list of all codes. */
#include <string.h>

#include "../base/distance.h"
#include "../json/write.h"
#include "../report/pages.h"
#include "cli.h"
#include "output.h"

enum { CLOSEST_CODES = 3 };

static evc_text text_of(const char *string) {
  return (evc_text){string, string ? strlen(string) : 0};
}

static void build_padded(evc_builder *out, const char *text, size_t width) {
  evc_build_string(out, text);
  evc_build_repeat(out, ' ', width - strlen(text));
}

/* All codes with severity and title, in columns. */
static void build_list(evc_builder *out) {
  size_t names = 0, severities = 0;
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++) {
    size_t name = strlen(evc_code_name((evc_code)i));
    size_t severity = strlen(evc_page_severity_name((evc_code)i));
    names = name > names ? name : names;
    severities = severity > severities ? severity : severities;
  }
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++) {
    build_padded(out, evc_code_name((evc_code)i), names + 2);
    build_padded(out, evc_page_severity_name((evc_code)i), severities + 2);
    evc_build_string(out, evc_code_title((evc_code)i));
    evc_build_char(out, '\n');
  }
}

static void build_member(evc_builder *out, const char *name, const char *value) {
  evc_json_build_key(out, false, name);
  evc_json_build_string(out, text_of(value));
}

/* A paragraph without the line breaks it has for a terminal. */
static void build_paragraph(evc_builder *out, const char *name, const char *paragraph) {
  evc_builder line;
  evc_build_init(&line, out->arena);
  for (const char *at = paragraph; *at; at++) evc_build_char(&line, *at == '\n' ? ' ' : *at);
  evc_text joined = evc_build_end(&line);
  out->failed |= !joined.data;
  evc_json_build_key(out, false, name);
  evc_json_build_string(out, joined);
}

static void build_json(evc_builder *out, evc_code code) {
  const evc_page *page = &evc_pages[code];
  evc_build_char(out, '{');
  evc_json_build_key(out, true, "code");
  evc_json_build_string(out, text_of(evc_code_name(code)));
  build_member(out, "severity", evc_page_severity_name(code));
  build_member(out, "title", evc_code_title(code));
  build_paragraph(out, "what", page->what);
  build_member(out, "level", evc_page_level_name(page->level));
  build_paragraph(out, "why", page->why);
  build_member(out, "about", evc_page_about_name(page->about));
  build_member(out, "type", page->type);
  build_member(out, "event", page->event);
  build_member(out, "calculation", page->calculation);
  build_member(out, "limits", page->limits);
  build_member(out, "wrong", page->wrong);
  build_member(out, "also", page->also);
  build_member(out, "rightFields", page->right_fields);
  build_member(out, "right", page->right);
  evc_build_string(out, "}\n");
}

static void build_all_json(evc_builder *out) {
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++) build_json(out, (evc_code)i);
}

/* Part of a name is a way of asking too. */
static void offer_containing(evc_nearest *nearest, const char *part) {
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END && *part; i++) {
    const char *name = evc_code_name((evc_code)i);
    if (nearest->count < CLOSEST_CODES && strstr(name, part))
      nearest->names[nearest->count++] = text_of(name);
  }
}

/* The code of that name; EVC_CODE_NONE, said on standard error with the closest ones, when there is
** none. */
static evc_code find_code(cli_context *cli, const char *name) {
  evc_code code = evc_code_find(name, EVC_NUL_TERMINATED);
  if (code != EVC_CODE_NONE) return code;
  static const char *const wordings[1 + CLOSEST_CODES] = {
      "unknown code '{0}'; `evcalc explain` lists the codes",
      "unknown code '{0}'; did you mean {1}?",
      "unknown code '{0}'; did you mean {1} or {2}?",
      "unknown code '{0}'; did you mean {1}, {2} or {3}?",
  };
  evc_nearest nearest;
  evc_nearest_init(&nearest, text_of(name), CLOSEST_CODES);
  for (int i = EVC_CODE_NONE + 1; i < EVC_CODE_END; i++)
    evc_nearest_offer(&nearest, text_of(evc_code_name((evc_code)i)));
  if (!nearest.count) offer_containing(&nearest, name);
  evc_text args[1 + CLOSEST_CODES] = {text_of(name)};
  memcpy(args + 1, nearest.names, nearest.count * sizeof *args);
  cli_error(cli, wordings[nearest.count], args);
  return EVC_CODE_NONE;
}

/* Build what the operands ask for. */
static bool build_answer(cli_context *cli, evc_builder *out) {
  const cli_list *operands = &cli->options.operands;
  bool json = cli->options.format == CLI_JSON;
  if (operands->count > 1) {
    cli_error(cli, "explain takes one CODE, and '{0}' is a second", CLI_ARGS(operands->items[1]));
    return false;
  }
  if (operands->count == 0) {
    if (json) build_all_json(out);
    else build_list(out);
    return true;
  }
  evc_code code = find_code(cli, operands->items[0]);
  if (code == EVC_CODE_NONE) return false;
  if (json) build_json(out, code);
  else evc_page_build_text(out, code);
  return true;
}

cli_status cli_explain_code(cli_context *cli) {
  evc_builder out;
  evc_build_init(&out, &cli->arena);
  return build_answer(cli, &out) && cli_write_built(cli, &out) ? CLI_OK : CLI_WRONG;
}
