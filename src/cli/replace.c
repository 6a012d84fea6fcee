/* Giving a file new content without ever leaving half of it behind. */
#define _XOPEN_SOURCE 700 /* NOLINT(bugprone-reserved-identifier,cert-dcl*): for realpath */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "output.h"

/* 0, or an errno. */
static int write_all(int descriptor, const char *data, size_t length) {
  while (length > 0) {
    ssize_t count = write(descriptor, data, length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    data += count;
    length -= (size_t)count;
  }
  return 0;
}

/* The new file belongs to whom the old one does, as far as this process may say so, and has its
** permissions. */
static int dress(int descriptor, const struct stat *old) {
  if (fchown(descriptor, old->st_uid, old->st_gid) != 0 && errno != EPERM) return errno;
  return fchmod(descriptor, old->st_mode & 07777) == 0 ? 0 : errno;
}

/* Write a new file, the name of which mkstemp makes of `name`, and let it take the place of `real`.
** */
static int write_beside(char *name, const char *real, const struct stat *old, const char *data,
                        size_t length) {
  int descriptor = mkstemp(name);
  if (descriptor < 0) return errno;
  int error = write_all(descriptor, data, length);
  if (!error) error = dress(descriptor, old);
  if (!error && fsync(descriptor) != 0) error = errno;
  if (close(descriptor) != 0 && !error) error = errno;
  if (!error && rename(name, real) != 0) error = errno;
  if (error) unlink(name);
  return error;
}

/* "DIRECTORY/.evcalc-XXXXXX" for "DIRECTORY/NAME", from malloc. */
static char *name_beside(const char *real) {
  static const char name[] = ".evcalc-XXXXXX";
  const char *slash = strrchr(real, '/');
  size_t directory = slash ? (size_t)(slash - real) + 1 : 0;
  char *beside = malloc(directory + sizeof name);
  if (!beside) return NULL;
  memcpy(beside, real, directory);
  memcpy(beside + directory, name, sizeof name);
  return beside;
}

/* A file that nobody may write to is not written to, even by who could. */
static int check_target(const char *real, struct stat *old) {
  if (stat(real, old) != 0) return errno;
  if (!S_ISREG(old->st_mode)) return EINVAL;
  if ((old->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) return EACCES;
  return access(real, W_OK) == 0 ? 0 : errno;
}

/* Signals that end the process wait until the new file has its place or is gone. */
static int replace(const char *real, const char *data, size_t length) {
  struct stat old;
  int error = check_target(real, &old);
  if (error) return error;
  char *name = name_beside(real);
  if (!name) return ENOMEM;
  sigset_t ending, before;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGHUP);
  sigprocmask(SIG_BLOCK, &ending, &before);
  error = write_beside(name, real, &old, data, length);
  sigprocmask(SIG_SETMASK, &before, NULL);
  free(name);
  return error;
}

bool cli_file_replace(cli_context *cli, const char *path, const char *data, size_t length) {
  char *real = realpath(path, NULL);
  int error = real ? replace(real, data, length) : errno;
  free(real);
  if (error == EINVAL) cli_error(cli, "cannot write '{0}': it is no regular file", CLI_ARGS(path));
  else if (error) cli_error(cli, "cannot write '{0}': {1}", CLI_ARGS(path, strerror(error)));
  return error == 0;
}
