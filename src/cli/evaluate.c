/* `evcalc evaluate`: requests in, answers out, as the endpoint gives them. */
#include <string.h>

#include "cli.h"
#include "evaluate_stream.h"
#include "files.h"
#include "options.h"
#include "output.h"
#include "setup.h"

static bool add_events(cli_context *cli, evc_endpoint *endpoint, const char *path) {
  cli_file file;
  if (!cli_file_read(cli, path, &file)) return false;
  evc_report *report = NULL;
  evc_status status = evc_endpoint_add_events(endpoint, file.data, file.length, &report);
  if (report) cli_show_report(cli, report, (evc_text){file.data, file.length}, file.name);
  else if (status != EVC_OK) cli_out_of_memory(cli);
  evc_report_free(report);
  cli_file_free(&file);
  return status == EVC_OK;
}

static evc_endpoint *make_endpoint(cli_context *cli, const evc_schema *schema) {
  evc_options options = cli_compile_options(cli, schema);
  evc_endpoint *endpoint =
      evc_endpoint_new(schema, &options, (evc_success)cli->options.success_means);
  if (!endpoint) {
    cli_out_of_memory(cli);
    return NULL;
  }
  const cli_list *files = &cli->options.events;
  bool added = true;
  for (size_t i = 0; i < files->count; i++)
    if (!add_events(cli, endpoint, files->items[i])) added = false;
  if (added) return endpoint;
  evc_endpoint_free(endpoint);
  return NULL;
}

/* Print an answer; the status that it alone would give. */
static cli_status print_answer(cli_context *cli, const evc_answer *answer) {
  cli_write(cli, answer->body.data, answer->body.length);
  cli_write(cli, "\n", 1);
  if (answer->http_status != 200) return CLI_WRONG;
  return answer->success ? CLI_OK : CLI_INVALID;
}

static cli_status evaluate_one(cli_context *cli, evc_endpoint *endpoint, const char *path) {
  cli_file file;
  if (!cli_file_read(cli, path, &file)) return CLI_WRONG;
  evc_answer answer = evc_endpoint_evaluate(endpoint, file.data, file.length);
  cli_status status = print_answer(cli, &answer);
  if (status == CLI_WRONG)
    cli_error(cli, "{0}: the request was refused, see the answer", CLI_ARGS(file.name));
  cli_file_free(&file);
  return status;
}

cli_status cli_evaluate(cli_context *cli) {
  const cli_list *operands = &cli->options.operands;
  if (operands->count > 1) {
    cli_error(cli, "evaluate takes one FILE, and '{0}' is a second; --ndjson reads many requests",
              CLI_ARGS(operands->items[1]));
    return CLI_WRONG;
  }
  if (!cli_default_operand(cli)) return CLI_WRONG;
  const char *path = operands->items[0];
  evc_schema *schema = cli_schema(cli);
  evc_endpoint *endpoint = schema ? make_endpoint(cli, schema) : NULL;
  cli_status status = CLI_WRONG;
  if (endpoint)
    status = cli->options.ndjson ? cli_evaluate_lines(cli, endpoint, path)
                                 : evaluate_one(cli, endpoint, path);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
  return status;
}
