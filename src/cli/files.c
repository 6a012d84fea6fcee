#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/text.h"
#include "output.h"

/* What is read at once, and the most of it (chosen): a device may have no end. */
enum { FIRST_SIZE = 64 * 1024, LARGEST_SIZE = 1 << 30 };

static bool is_standard_input(const char *path) { return strcmp(path, "-") == 0; }

void cli_cannot_read(cli_context *cli, const char *path, int error) {
  if (is_standard_input(path))
    cli_error(cli, "cannot read standard input: {0}", CLI_ARGS(strerror(error)));
  else cli_error(cli, "cannot read '{0}': {1}", CLI_ARGS(path, strerror(error)));
}

/* A descriptor, or -1 with the reason in errno. */
static int open_file(const char *path) {
  if (is_standard_input(path)) return STDIN_FILENO;
  int descriptor;
  do descriptor = open(path, O_RDONLY | O_CLOEXEC);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

int cli_open(cli_context *cli, const char *path) {
  int descriptor = open_file(path);
  if (descriptor < 0) cli_cannot_read(cli, path, errno);
  return descriptor;
}

void cli_close(int descriptor) {
  if (descriptor > STDIN_FILENO) close(descriptor);
}

long cli_read(int descriptor, char *data, size_t size) {
  ssize_t count;
  do count = read(descriptor, data, size);
  while (count < 0 && errno == EINTR);
  return count;
}

/* Room for what a regular file holds, one byte more to see its end, and the NUL; 0 when it is too
** large. */
static size_t first_size(int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0)
    return FIRST_SIZE;
  return status.st_size > LARGEST_SIZE ? 0 : (size_t)status.st_size + 2;
}

/* Read all there is. 0, or an errno with nothing kept. */
static int read_all(int descriptor, char **data, size_t *length) {
  size_t capacity = first_size(descriptor), count = 0;
  if (capacity == 0) return EFBIG;
  char *buffer = malloc(capacity);
  if (!buffer) return ENOMEM;
  for (;;) {
    long got = cli_read(descriptor, buffer + count, capacity - count - 1);
    if (got < 0) {
      int error = errno;
      free(buffer);
      return error;
    }
    if (got == 0) break;
    count += (size_t)got;
    if (count + 1 < capacity) continue;
    char *grown = count > LARGEST_SIZE ? NULL : realloc(buffer, capacity * 2);
    if (!grown) {
      free(buffer);
      return count > LARGEST_SIZE ? EFBIG : ENOMEM;
    }
    buffer = grown;
    capacity *= 2;
  }
  buffer[count] = '\0';
  *data = buffer;
  *length = count;
  return 0;
}

int cli_file_load(const char *path, cli_file *file) {
  *file = (cli_file){.name = path};
  int descriptor = open_file(path);
  if (descriptor < 0) return errno;
  int error = read_all(descriptor, &file->data, &file->length);
  cli_close(descriptor);
  return error;
}

bool cli_file_read(cli_context *cli, const char *path, cli_file *file) {
  int error = cli_file_load(path, file);
  if (is_standard_input(path)) file->name = "<stdin>";
  if (error) cli_cannot_read(cli, path, error);
  return error == 0;
}

void cli_file_free(cli_file *file) {
  free(file->data);
  file->data = NULL;
}
