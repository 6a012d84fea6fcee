/* `evcalc check --format github`: the workflow commands that make GitHub annotate lines of files.
**
**   ::error file=a.json,line=3,endLine=3,col=5,endColumn=9,title=unknown-field::message
**
** Lines and columns are those of the file. Columns go only with a span on one line, as GitHub has
** it; an end column is the one behind the span. What is not in a file has no place in an annotation
** and says it in its message.
*/
#include <string.h>

#include "check.h"

/* A value: % and line ends are escaped, in a property : and , too. What is not safe to show is
** escaped in the project's own way first. */
static void build_value(evc_builder *out, evc_text value, bool property) {
  evc_builder shown;
  evc_build_init(&shown, out->arena);
  evc_build_quoted(&shown, value, value.length);
  evc_text safe = evc_build_end(&shown);
  if (!safe.data) {
    out->failed = true;
    return;
  }
  for (size_t i = 0; i < safe.length; i++) {
    switch (safe.data[i]) {
    case '%': evc_build_string(out, "%25"); break;
    case ':': evc_build_string(out, property ? "%3A" : ":"); break;
    case ',': evc_build_string(out, property ? "%2C" : ","); break;
    default: evc_build_char(out, safe.data[i]);
    }
  }
}

static void build_number(evc_builder *out, const char *name, size_t number) {
  evc_build_char(out, ',');
  evc_build_string(out, name);
  evc_build_char(out, '=');
  evc_build_unsigned(out, number);
}

static bool is_file(const cli_source *source) {
  return source->path && strcmp(source->path, "-") != 0;
}

static void build_place(evc_builder *out, const cli_source *source,
                        const check_finding *finding) {
  const cli_region *region = &finding->region;
  evc_build_string(out, "file=");
  build_value(out, (evc_text){source->path, strlen(source->path)}, true);
  if (finding->placed) {
    build_number(out, "line", region->start.line);
    build_number(out, "endLine", region->end.line);
    if (region->start.line == region->end.line) {
      build_number(out, "col", region->start.column);
      build_number(out, "endColumn", region->end.column);
    }
  }
  evc_build_char(out, ',');
}

static void build_message(evc_builder *out, const cli_calculation *calculation,
                          const check_finding *finding) {
  const evc_diagnostic *d = finding->diagnostic;
  evc_text name = calculation->notification.name;
  if (name.length) {
    build_value(out, name, false);
    evc_build_string(out, ": ");
  }
  if (finding->placed && !is_file(calculation->source)) {
    evc_build_string(out, "line ");
    evc_build_unsigned(out, finding->region.start.line);
    evc_build_string(out, ", column ");
    evc_build_unsigned(out, finding->region.start.column);
    evc_build_string(out, ": ");
  }
  build_value(out, d->message, false);
  if (d->help.length) {
    evc_build_string(out, "%0A");
    build_value(out, d->help, false);
  }
}

void check_github_calculation(evc_builder *out, const cli_calculation *calculation,
                              const check_verdict *verdict) {
  check_finding finding = {.report = 0};
  while (check_next_finding(calculation, verdict, &finding)) {
    const evc_diagnostic *d = finding.diagnostic;
    evc_build_string(out, d->severity == EVC_ERROR ? "::error " : "::warning ");
    if (is_file(calculation->source)) build_place(out, calculation->source, &finding);
    evc_build_string(out, "title=");
    build_value(out, (evc_text){d->name, strlen(d->name)}, true);
    evc_build_string(out, "::");
    build_message(out, calculation, &finding);
    evc_build_char(out, '\n');
  }
}
