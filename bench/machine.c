/* Asked of the system; what cannot be told is "unknown". */
#define _DEFAULT_SOURCE /* getloadavg */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "config.h"

#if defined(__clang__)
#define COMPILER __VERSION__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

static void find_processor(char *out, size_t capacity) {
  static const char key[] = "model name";
  char line[256];
  FILE *file = fopen("/proc/cpuinfo", "r");
  snprintf(out, capacity, "unknown");
  while (file && fgets(line, sizeof line, file)) {
    const char *value = strstr(line, ": ");
    if (strncmp(line, key, sizeof key - 1) != 0 || !value) continue;
    snprintf(out, capacity, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
    break;
  }
  if (file) fclose(file);
}

bench_machine bench_machine_here(void) {
  bench_machine machine = {.compiler = COMPILER, .flags = BENCH_FLAGS};
  struct utsname name;
  find_processor(machine.processor, sizeof machine.processor);
  machine.processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (getloadavg(&machine.load, 1) != 1) machine.load = 0;
  if (uname(&name) < 0) snprintf(machine.system, sizeof machine.system, "unknown");
  else
    snprintf(machine.system, sizeof machine.system, "%.40s %.30s", name.sysname, name.machine);
  return machine;
}
