/* `evcalc lsp`: the language server on standard input and output. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../server/server.h"
#include "files.h"
#include "options.h"
#include "output.h"
#include "setup.h"

enum { READ_SIZE = 64 * 1024 };

static void send_bytes(void *context, evc_text bytes) { cli_write(context, bytes.data, bytes.length); }

static void tell(void *context, evc_text line) {
  const evc_text args[] = {line};
  cli_error(context, "{0}", args);
}

static bool append_file(void *context, const char *path, evc_builder *out, const char **reason) {
  cli_file file;
  (void)context;
  if (strcmp(path, "-") == 0) {
    *reason = "standard input is what the client says";
    return false;
  }
  int error = cli_file_load(path, &file);
  if (error == ENOMEM) out->failed = true;
  if (error) {
    *reason = strerror(error);
    return false;
  }
  evc_build(out, file.data, file.length);
  cli_file_free(&file);
  return true;
}

/* True when there is something to read, or the end of it. */
static bool can_read(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, 0) > 0;
}

/* Read what is there, or wait for more when there is nothing else to do. False at the end. */
static bool read_some(cli_context *cli, evc_server *server, char *buffer) {
  bool idle = !evc_server_waiting(server);
  if (idle) cli_flush(cli);
  else if (evc_server_full(server) || !can_read()) return true;
  long count = cli_read(STDIN_FILENO, buffer, READ_SIZE);
  if (count < 0) cli_cannot_read(cli, "-", errno);
  if (count <= 0) return false;
  evc_server_feed(server, buffer, (size_t)count);
  return true;
}

/* Serve until the client says exit or goes away. */
static cli_status serve(cli_context *cli, evc_server *server) {
  char *buffer = evc_arena_alloc(&cli->arena, READ_SIZE);
  if (!buffer) {
    cli_out_of_memory(cli);
    return CLI_WRONG;
  }
  bool more = true;
  while (!evc_server_ended(server) && !cli->write_error) {
    if (more) more = read_some(cli, server, buffer);
    if (!more && !evc_server_waiting(server)) break;
    evc_server_step(server);
  }
  return evc_server_ended_well(server) ? CLI_OK : CLI_INVALID;
}

/* The field lists and the Event type are looked at before there is a client: what is wrong with them
** is a mistake of usage. */
static bool check_usage(cli_context *cli) {
  if (cli->options.operands.count > 0) {
    cli_error(cli, "lsp takes no '{0}': what is to be checked comes from the editor",
              CLI_ARGS(cli->options.operands.items[0]));
    return false;
  }
  for (size_t i = 0; i < cli->options.fields.count; i++) {
    if (strcmp(cli->options.fields.items[i], "-") != 0) continue;
    cli_error(cli, "lsp reads what the client says on standard input: --fields takes a file", NULL);
    return false;
  }
  evc_schema *schema = cli_schema(cli);
  bool right = schema && (!cli->options.type || cli_event_type(cli, schema, cli->options.type));
  evc_schema_free(schema);
  return right;
}

cli_status cli_lsp(cli_context *cli) {
  const cli_options *options = &cli->options;
  if (!check_usage(cli)) return CLI_WRONG;
  const evc_server_host host = {cli, send_bytes, tell, append_file};
  const evc_server_options own = {.fields = options->fields.items,
                                  .field_count = options->fields.count,
                                  .no_builtin = options->no_builtin,
                                  .event_type = options->type,
                                  .allow = options->allow,
                                  .deny = options->deny,
                                  .deny_warnings = options->deny_warnings};
  evc_server *server = evc_server_new(&own, &host);
  if (!server) {
    cli_out_of_memory(cli);
    return CLI_WRONG;
  }
  cli_status status = serve(cli, server);
  evc_server_free(server);
  return status;
}
