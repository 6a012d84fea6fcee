/* `evcalc evaluate`: requests in, answers out, as the endpoint gives them. */
#include <string.h>

#include "cli.h"
#include "files.h"
#include "lines.h"
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

static bool is_blank(evc_text line) {
  for (size_t i = 0; i < line.length; i++)
    if (!strchr(" \t\r", line.data[i]) || !line.data[i]) return false;
  return true;
}

/* Answers wait in the output's buffer only while there is more to read. */
static void flush_answers(void *context) { cli_flush(context); }

/* How a stream of requests went. */
typedef struct request_stream {
  cli_status status;
  size_t refused, first_refused; /* requests answered with a message; the line of the first */
} request_stream;

static void answer_line(cli_context *cli, evc_endpoint *endpoint, const cli_lines *lines,
                        cli_line_status line_status, evc_text line, request_stream *stream) {
  static const char too_long[] = "{\"message\": \"the line is longer than 16 MiB\"}\n";
  cli_status status = CLI_WRONG;
  if (line_status == CLI_LINE_TOO_LONG) {
    cli_write(cli, too_long, sizeof too_long - 1);
  } else {
    evc_answer answer = evc_endpoint_evaluate(endpoint, line.data, line.length);
    status = print_answer(cli, &answer);
  }
  if (status == CLI_WRONG && stream->refused++ == 0) stream->first_refused = lines->number;
  stream->status = cli_worse(stream->status, status);
}

static void say_refused(cli_context *cli, const request_stream *stream, const char *path) {
  if (!stream->refused) return;
  evc_arena arena;
  evc_arena_init(&arena, NULL, NULL, 0);
  evc_builder out;
  evc_build_init(&out, &arena);
  evc_build_string(&out, "evcalc: ");
  evc_build_quoted(&out, (evc_text){path, strlen(path)}, strlen(path));
  evc_build_string(&out, ": ");
  evc_build_unsigned(&out, stream->refused);
  evc_build_string(&out, stream->refused == 1 ? " request was" : " requests were");
  evc_build_string(&out, " refused, the first on line ");
  evc_build_unsigned(&out, stream->first_refused);
  evc_build_char(&out, '\n');
  cli_write_error(cli, &out);
  evc_arena_free(&arena);
}

static cli_status evaluate_lines(cli_context *cli, evc_endpoint *endpoint, const char *path) {
  int descriptor = cli_open(cli, path);
  if (descriptor < 0) return CLI_WRONG;
  cli_lines lines = {.descriptor = descriptor, .pause = flush_answers, .context = cli};
  request_stream stream = {CLI_OK, 0, 0};
  evc_text line;
  cli_line_status line_status = CLI_LINE;
  while (!cli->write_error) {
    line_status = cli_lines_next(&lines, &line);
    if (line_status == CLI_LINES_END || line_status == CLI_LINES_FAILED) break;
    if (line_status == CLI_LINE && is_blank(line)) continue;
    answer_line(cli, endpoint, &lines, line_status, line, &stream);
  }
  if (line_status == CLI_LINES_FAILED) {
    cli_cannot_read(cli, path, lines.error);
    stream.status = CLI_WRONG;
  }
  say_refused(cli, &stream, strcmp(path, "-") == 0 ? "<stdin>" : path);
  cli_lines_free(&lines);
  cli_close(descriptor);
  return stream.status;
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
    status = cli->options.ndjson ? evaluate_lines(cli, endpoint, path)
                                 : evaluate_one(cli, endpoint, path);
  evc_endpoint_free(endpoint);
  evc_schema_free(schema);
  return status;
}
