/* What the parts of `evcalc check` share: what was found of a calculation, and how it is rendered.
** */
#ifndef EVC_CLI_CHECK_H
#define EVC_CLI_CHECK_H

#include "cli.h"
#include "source.h"

/* What there is to say of one calculation: about its eventName, about its Notification otherwise,
** and about its text. */
enum { ABOUT_TYPE, ABOUT_NOTIFICATION, ABOUT_TEXT, REPORT_COUNT };

typedef struct check_verdict {
  evc_text event_name;          /* absent when there is none */
  evc_calculation *calculation; /* NULL: invalid, or there is none */
  evc_report *reports[REPORT_COUNT];
  evc_json_span about[REPORT_COUNT]; /* of those on the Notification: the place in the file */
  size_t errors, warnings;
} check_verdict;

/* One diagnostic of a verdict. Start from {0}. */
typedef struct check_finding {
  const evc_diagnostic *diagnostic;
  bool in_text;      /* its span, labels and fixes are in the calculation's text */
  bool placed;       /* `region` says where it is in the file */
  cli_region region;
  size_t report, index; /* of the next one */
} check_finding;

/* Go to the next diagnostic; false when there is none. */
bool check_next_finding(const cli_calculation *calculation, const check_verdict *verdict,
                        check_finding *finding);

/* True when memory ran out while the report was made. */
bool check_lacks_memory(const evc_report *report);

/* The rules of a SARIF document in the order in which they came up. */
typedef struct sarif_rules {
  size_t numbers[EVC_CODE_END]; /* from 1; 0: it has not come up */
  evc_code codes[EVC_CODE_END];
  size_t count;
  size_t results;
} sarif_rules;

/* A rendering: what stands before all, for one calculation, and behind all. */
void check_json_calculation(evc_builder *out, const cli_calculation *calculation,
                            const check_verdict *verdict);
void check_github_calculation(evc_builder *out, const cli_calculation *calculation,
                              const check_verdict *verdict);
void check_sarif_begin(evc_builder *out);
void check_sarif_calculation(evc_builder *out, sarif_rules *rules,
                             const cli_calculation *calculation, const check_verdict *verdict);
void check_sarif_end(evc_builder *out, const sarif_rules *rules, const cli_options *options,
                     cli_status status);

#endif
