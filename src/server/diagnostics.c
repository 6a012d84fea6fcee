/* What is wrong, as the client shows it. */
#include "session.h"

/* Chosen: more than anybody reads, and than editors show of a file. */
enum { MOST_FINDINGS = 1000 };

enum { LSP_ERROR = 1, LSP_WARNING = 2, LSP_INFORMATION = 3, LSP_UNNECESSARY = 1 };

/* ---- Finding -------------------------------------------------------------------------------- */

/* Where a diagnostic is in the document. */
static evc_json_span place_of(server_finder *finder, const server_part *part, size_t report,
                              const evc_diagnostic *d) {
  if (report != PART_TEXT) return part->about[report];
  if (!d->has_span) return part->inside;
  size_t start = server_map_written(&finder->map, d->start);
  return (evc_json_span){start, server_map_written(&finder->map, d->end)};
}

bool server_find_next(server_finder *finder, server_finding *finding) {
  const server_reading *reading = &finder->document->reading;
  while (finder->part < reading->count) {
    const server_part *part = &reading->parts[finder->part];
    if (finder->report == 0 && finder->index == 0)
      finder->map = server_map_of(finder->document, part);
    const evc_diagnostic *d = evc_report_at(part->reports[finder->report], finder->index);
    if (d) {
      *finding = (server_finding){finder->part, finder->report, finder->index++, d,
                                  place_of(finder, part, finder->report, d)};
      return true;
    }
    finder->index = 0;
    if (++finder->report < PART_REPORTS) continue;
    finder->report = 0;
    finder->part++;
  }
  return false;
}

/* ---- Writing -------------------------------------------------------------------------------- */

/* What is wrong, and what would be right. */
static void build_message(evc_builder *out, const evc_diagnostic *d) {
  evc_arena arena;
  evc_builder text;
  char buffer[512];
  evc_arena_init(&arena, &out->arena->allocator, buffer, sizeof buffer);
  evc_build_init(&text, &arena);
  evc_build_text(&text, d->message);
  if (d->help.data) {
    evc_build_string(&text, "; ");
    evc_build_text(&text, d->help);
  }
  server_text_member(out, "message", evc_build_end(&text));
  out->failed = out->failed || text.failed;
  evc_arena_free(&arena);
}

/* What could as well not be there is shown faded. */
static bool is_unnecessary(evc_code code) {
  return code == EVC_CODE_CALCULATION_UNUSED || code == EVC_CODE_REPEATED_CANDIDATE ||
         code == EVC_CODE_REPEATED_OPERAND;
}

static void build_labels(evc_builder *out, server_document *document, const server_part *part,
                         const evc_diagnostic *d) {
  server_map map = server_map_of(document, part);
  server_key(out, "relatedInformation");
  server_open(out, '[');
  for (size_t i = 0; i < d->label_count; i++) {
    server_open(out, '{');
    server_key(out, "location");
    server_open(out, '{');
    server_text_member(out, "uri", (evc_text){document->uri, document->uri_length});
    server_key(out, "range");
    server_build_part_range(out, document, &map, d->labels[i].start, d->labels[i].end);
    server_close(out, '}');
    server_text_member(out, "message", d->labels[i].text);
    server_close(out, '}');
  }
  server_close(out, ']');
}

static void build_diagnostic(evc_builder *out, server_document *document, evc_json_span at,
                             const evc_diagnostic *d) {
  server_open(out, '{');
  server_key(out, "range");
  server_build_range(out, document, at.start, at.end);
  server_unsigned_member(out, "severity", d->severity == EVC_ERROR ? LSP_ERROR : LSP_WARNING);
  server_string_member(out, "code", d->name);
  server_string_member(out, "source", "evcalc");
  build_message(out, d);
}

void server_build_finding(evc_server *server, evc_builder *out, server_document *document,
                          const server_finding *finding) {
  const server_part *part = &document->reading.parts[finding->part];
  const evc_diagnostic *d = finding->diagnostic;
  build_diagnostic(out, document, finding->at, d);
  if (server->client.related_information && d->label_count > 0 && finding->report == PART_TEXT)
    build_labels(out, document, part, d);
  if (server->client.unnecessary_tag && is_unnecessary(d->code)) {
    server_key(out, "tags");
    server_open(out, '[');
    server_unsigned(out, LSP_UNNECESSARY);
    server_close(out, ']');
  }
  server_key(out, "data");
  server_open(out, '[');
  server_unsigned(out, finding->part);
  server_unsigned(out, finding->report);
  server_unsigned(out, finding->index);
  server_close(out, ']');
  server_close(out, '}');
}

/* That there are more, at the first of them. */
static void build_more(evc_builder *out, server_document *document, evc_json_span at,
                       size_t count) {
  evc_arena arena;
  evc_builder text;
  char buffer[512];
  evc_arena_init(&arena, &out->arena->allocator, buffer, sizeof buffer);
  evc_build_init(&text, &arena);
  evc_build_unsigned(&text, count);
  evc_build_string(&text, " more from here on; `evcalc check` tells them all");
  server_open(out, '{');
  server_key(out, "range");
  server_build_range(out, document, at.start, at.end);
  server_unsigned_member(out, "severity", LSP_INFORMATION);
  server_string_member(out, "source", "evcalc");
  server_text_member(out, "message", evc_build_end(&text));
  server_close(out, '}');
  out->failed = out->failed || text.failed;
  evc_arena_free(&arena);
}

/* Those of the text as a whole. */
static void build_broken(evc_builder *out, server_document *document) {
  const evc_report *report = document->reading.broken;
  for (size_t i = 0; i < evc_report_count(report); i++) {
    const evc_diagnostic *d = evc_report_at(report, i);
    build_diagnostic(out, document, (evc_json_span){d->start, d->end}, d);
    server_close(out, '}');
  }
}

void server_build_diagnostics(evc_server *server, evc_builder *out, server_document *document) {
  server_finder finder = {.document = document};
  server_finding finding;
  evc_json_span rest = {0, 0};
  size_t count = 0;
  server_open(out, '{');
  server_text_member(out, "uri", (evc_text){document->uri, document->uri_length});
  if (document->has_version) {
    server_key(out, "version");
    server_value_build(out, &(server_value){.kind = EVC_KIND_NUMBER, .number = document->version});
  }
  server_key(out, "diagnostics");
  server_open(out, '[');
  build_broken(out, document);
  for (; server_find_next(&finder, &finding); count++) {
    if (count < MOST_FINDINGS) server_build_finding(server, out, document, &finding);
    else if (count == MOST_FINDINGS) rest = finding.at;
  }
  if (count > MOST_FINDINGS) build_more(out, document, rest, count - MOST_FINDINGS);
  server_close(out, ']');
  server_close(out, '}');
}
