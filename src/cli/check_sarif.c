/* `evcalc check --format sarif`: one SARIF 2.1.0 document for the whole run.
**
** Results are written as they come; the rules that they refer to, and how the run ended, stand
** behind them, so that memory does not grow with the results. Columns are code points, and a lone
** CR ends a line too, as the document declares. The expression and standard input are no files; as
** most readers want a URI, they go by the names "expression", with its text among the artifacts,
** and "stdin". */
#include <string.h>

#include "../report/pages.h"
#include "check.h"

void check_sarif_begin(evc_builder *out) {
  evc_build_string(
      out,
      "{\"$schema\": "
      "\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
      "sarif-schema-2.1.0.json\",\n"
      "\"version\": \"2.1.0\", \"runs\": [{\"columnKind\": \"unicodeCodePoints\", "
      "\"newlineSequences\": [\"\\r\\n\", \"\\n\", \"\\r\"],\n\"results\": [");
}

static void build_text_object(evc_builder *out, const char *name, evc_text text) {
  evc_json_build_key(out, false, name);
  evc_build_char(out, '{');
  evc_json_build_text_member(out, true, "text", text);
  evc_build_char(out, '}');
}

/* A path as a URI reference: all but letters, digits, - . _ ~ and / in percent signs. */
static void build_uri(evc_builder *out, const char *path) {
  static const char hex[] = "0123456789ABCDEF", plain[] = "-._~/";
  if (path[0] == '/') evc_build_string(out, "file://");
  while (path[0] == '.' && path[1] == '/') path += 2;
  for (; *path; path++) {
    char c = *path;
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || strchr(plain, c)) {
      evc_build_char(out, c);
    } else {
      evc_build_char(out, '%');
      evc_build_char(out, hex[(unsigned char)c >> 4]);
      evc_build_char(out, hex[(unsigned char)c & 15]);
    }
  }
}

static void build_artifact(evc_builder *out, const cli_source *source) {
  evc_build_string(out, "\"artifactLocation\": {\"uri\": \"");
  if (!source->path) evc_build_string(out, "expression");
  else if (strcmp(source->path, "-") == 0) evc_build_string(out, "stdin");
  else build_uri(out, source->path);
  evc_build_string(out, "\"}");
}

static void build_region(evc_builder *out, bool first, const char *name,
                         const cli_region *region) {
  evc_json_build_key(out, first, name);
  evc_build_char(out, '{');
  evc_json_build_unsigned_member(out, true, "startLine", region->start.line);
  evc_json_build_unsigned_member(out, false, "startColumn", region->start.column);
  evc_json_build_unsigned_member(out, false, "endLine", region->end.line);
  evc_json_build_unsigned_member(out, false, "endColumn", region->end.column);
  evc_build_char(out, '}');
}

static void build_physical(evc_builder *out, const cli_source *source, const cli_region *region) {
  evc_build_string(out, "\"physicalLocation\": {");
  build_artifact(out, source);
  if (region) build_region(out, false, "region", region);
  evc_build_char(out, '}');
}

static void build_labels(evc_builder *out, const cli_calculation *calculation,
                         const evc_diagnostic *d) {
  evc_build_string(out, ", \"relatedLocations\": [");
  for (size_t i = 0; i < d->label_count; i++) {
    const evc_label *label = &d->labels[i];
    cli_region region = cli_region_in_text(calculation, label->start, label->end);
    evc_build_string(out, i > 0 ? ", {" : "{");
    evc_json_build_unsigned_member(out, true, "id", i + 1);
    evc_build_string(out, ", ");
    build_physical(out, calculation->source, &region);
    build_text_object(out, "message", label->text);
    evc_build_char(out, '}');
  }
  evc_build_char(out, ']');
}

/* What is inserted stands in a JSON string when the calculation does. */
static evc_text as_in_file(evc_builder *out, const cli_calculation *calculation, evc_text text) {
  if (!calculation->in_notification) return text;
  evc_builder escaped;
  evc_build_init(&escaped, out->arena);
  evc_json_build_inside(&escaped, text);
  evc_text inside = evc_build_end(&escaped);
  if (!inside.data) out->failed = true;
  return inside;
}

static void build_fix(evc_builder *out, const cli_calculation *calculation, const evc_fix *fix) {
  evc_build_string(out, "{\"description\": {");
  evc_json_build_text_member(out, true, "text", fix->title);
  evc_build_string(out, "}, \"artifactChanges\": [{");
  build_artifact(out, calculation->source);
  evc_build_string(out, ", \"replacements\": [");
  for (size_t i = 0; i < fix->edit_count; i++) {
    const evc_edit *edit = &fix->edits[i];
    cli_region region = cli_region_in_text(calculation, edit->start, edit->end);
    evc_build_string(out, i > 0 ? ", {" : "{");
    build_region(out, true, "deletedRegion", &region);
    build_text_object(out, "insertedContent", as_in_file(out, calculation, edit->text));
    evc_build_char(out, '}');
  }
  evc_build_string(out, "]}], \"properties\": {");
  evc_json_build_boolean_member(out, true, "safe", fix->safe);
  evc_build_string(out, "}}");
}

static void build_fixes(evc_builder *out, const cli_calculation *calculation,
                        const evc_diagnostic *d) {
  evc_build_string(out, ", \"fixes\": [");
  for (size_t i = 0; i < d->fix_count; i++) {
    if (i > 0) evc_build_string(out, ", ");
    build_fix(out, calculation, &d->fixes[i]);
  }
  evc_build_char(out, ']');
}

static void build_location(evc_builder *out, const cli_calculation *calculation,
                           const check_finding *finding) {
  evc_build_string(out, ", \"locations\": [{");
  build_physical(out, calculation->source, finding->placed ? &finding->region : NULL);
  if (calculation->notification.name.length) {
    evc_build_string(out, ", \"logicalLocations\": [{");
    evc_json_build_text_member(out, true, "name", calculation->notification.name);
    evc_build_string(out, "}]");
  }
  evc_build_string(out, "}]");
}

static size_t rule_of(sarif_rules *rules, evc_code code) {
  if (rules->numbers[code] == 0) {
    rules->codes[rules->count++] = code;
    rules->numbers[code] = rules->count;
  }
  return rules->numbers[code] - 1;
}

static evc_text message_of(evc_builder *out, const evc_diagnostic *d) {
  evc_builder message;
  evc_build_init(&message, out->arena);
  evc_build_text(&message, d->message);
  if (d->help.length) evc_build_string(&message, "; ");
  evc_build_text(&message, d->help);
  evc_text text = evc_build_end(&message);
  if (!text.data) out->failed = true;
  return text;
}

void check_sarif_calculation(evc_builder *out, sarif_rules *rules,
                             const cli_calculation *calculation, const check_verdict *verdict) {
  check_finding finding = {.report = 0};
  while (check_next_finding(calculation, verdict, &finding)) {
    const evc_diagnostic *d = finding.diagnostic;
    evc_build_string(out, rules->results++ > 0 ? ",\n{" : "\n{");
    evc_json_build_text_member(out, true, "ruleId", (evc_text){d->name, strlen(d->name)});
    evc_json_build_unsigned_member(out, false, "ruleIndex", rule_of(rules, d->code));
    evc_build_string(out, d->severity == EVC_ERROR ? ", \"level\": \"error\""
                                                   : ", \"level\": \"warning\"");
    build_text_object(out, "message", message_of(out, d));
    build_location(out, calculation, &finding);
    if (finding.in_text && d->label_count) build_labels(out, calculation, d);
    /* what Terraform printed is not what is to be edited */
    if (finding.in_text && d->fix_count && !calculation->notification.terraform)
      build_fixes(out, calculation, d);
    evc_build_char(out, '}');
  }
}

/* "UnknownField" for "unknown-field". */
static void build_rule_name(evc_builder *out, const char *code) {
  evc_build_string(out, ", \"name\": \"");
  for (bool first = true; *code; code++) {
    bool raised = first && *code >= 'a' && *code <= 'z';
    first = *code == '-';
    if (!first) evc_build_char(out, raised ? (char)(*code - 'a' + 'A') : *code);
  }
  evc_build_char(out, '"');
}

static void build_rule(evc_builder *out, evc_code code) {
  const char *name = evc_code_name(code), *title = evc_code_title(code);
  const char *what = evc_pages[code].what;
  evc_build_char(out, '{');
  evc_json_build_text_member(out, true, "id", (evc_text){name, strlen(name)});
  build_rule_name(out, name);
  build_text_object(out, "shortDescription", (evc_text){title, strlen(title)});
  evc_builder page;
  evc_build_init(&page, out->arena);
  evc_page_build_markdown(&page, code);
  evc_text markdown = evc_build_end(&page);
  if (!markdown.data) out->failed = true;
  evc_build_string(out, ", \"help\": {");
  evc_json_build_text_member(out, true, "text", (evc_text){what, strlen(what)});
  evc_json_build_text_member(out, false, "markdown", markdown);
  evc_build_string(out, evc_code_severity(code) == EVC_ERROR
                            ? "}, \"defaultConfiguration\": {\"level\": \"error\"}}"
                            : "}, \"defaultConfiguration\": {\"level\": \"warning\"}}");
}

static void build_driver(evc_builder *out, const sarif_rules *rules) {
  evc_text version = {evc_version(), strlen(evc_version())};
  evc_build_string(out, "\"tool\": {\"driver\": {\"name\": \"evcalc\"");
  evc_json_build_text_member(out, false, "version", version);
  evc_json_build_text_member(out, false, "semanticVersion", version);
  evc_build_string(out, ", \"rules\": [");
  for (size_t i = 0; i < rules->count; i++) {
    evc_build_string(out, i > 0 ? ",\n" : "\n");
    build_rule(out, rules->codes[i]);
  }
  evc_build_string(out, "]}}");
}

void check_sarif_end(evc_builder *out, const sarif_rules *rules, const cli_options *options,
                     cli_status status) {
  evc_build_string(out, "],\n");
  build_driver(out, rules);
  if (options->expression) {
    evc_text text = {options->expression, strlen(options->expression)};
    evc_build_string(out, ",\n\"artifacts\": [{\"location\": {\"uri\": \"expression\"}");
    build_text_object(out, "contents", text);
    evc_build_string(out, "}]");
  }
  evc_build_string(out, ",\n\"invocations\": [{");
  evc_json_build_boolean_member(out, true, "executionSuccessful", status != CLI_WRONG);
  evc_json_build_unsigned_member(out, false, "exitCode", (uint64_t)status);
  evc_build_string(out, "}]}]}\n");
}
