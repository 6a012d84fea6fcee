/* Reading files and standard input whole. */
#ifndef EVC_CLI_FILES_H
#define EVC_CLI_FILES_H

#include "cli.h"

typedef struct cli_file {
  const char *name; /* as it is shown: "<stdin>" for "-" */
  char *data;       /* followed by a NUL */
  size_t length;
} cli_file;

/* Open for reading; "-" is standard input. -1, said on standard error, when it cannot be. */
int cli_open(cli_context *cli, const char *path);
void cli_close(int descriptor);

/* Bytes read into `data`, 0 at the end, -1 on an error (errno). Not disturbed by signals. */
long cli_read(int descriptor, char *data, size_t size);

/* Says on standard error that a file could not be read, and why. */
void cli_cannot_read(cli_context *cli, const char *path, int error);

/* Read a file whole, "-" standard input. 0, or an errno with nothing kept. */
int cli_file_load(const char *path, cli_file *file);

/* The same. False, said on standard error, when it cannot be. */
bool cli_file_read(cli_context *cli, const char *path, cli_file *file);
void cli_file_free(cli_file *file);

/* Give a file new content: written to a new file beside it, which then takes its name, so that
** there is always a whole file. Permissions stay, and a symbolic link stays one. False, said on
** standard error, when that cannot be; the file is then as it was. */
bool cli_file_replace(cli_context *cli, const char *path, const char *data, size_t length);

#endif
