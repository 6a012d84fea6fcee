/* A main for a target without a fuzzer: runs it on the files named, and on those in the folders
** named. Folders that are not there are passed over; but there must be something to run. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static void run_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(2);
  }
  size_t size = (size_t)ftell(file);
  rewind(file);
  uint8_t *data = fuzz_memory(size);
  if (fread(data, 1, size, file) != size) {
    perror(path);
    exit(2);
  }
  fclose(file);
  LLVMFuzzerTestOneInput(data, size);
  free(data);
}

/* AddressSanitizer's, where that is linked: the file that it stopped at is named. */
#if defined(__GNUC__)
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void say_where(void) {
  if (fuzz_running) fprintf(stderr, "while running %s\n", fuzz_running);
}
#endif

static size_t run(const char *path) {
  struct stat status;
  if (stat(path, &status) != 0) return 0;
  if (!S_ISDIR(status.st_mode)) {
    fuzz_running = path;
    run_file(path);
    fuzz_running = NULL;
    return 1;
  }
  size_t count = 0;
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    if (entry->d_name[0] == '.') continue;
    size_t length = strlen(path) + strlen(entry->d_name) + 2;
    char *inside = fuzz_memory(length);
    snprintf(inside, length, "%s/%s", path, entry->d_name);
    count += run(inside);
    free(inside);
  }
  if (folder) closedir(folder);
  return count;
}

int main(int argc, char **argv) {
  size_t count = 0;
#if defined(__GNUC__)
  if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(say_where);
#endif
  for (int i = 1; i < argc; i++) count += run(argv[i]);
  printf("%zu inputs\n", count);
  return count > 0 ? 0 : 2;
}
