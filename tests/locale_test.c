/* Is the comma locale in force, as the test preset `locale` wants it for all tests? Skipped (exit
** status 77) where nobody asked for it. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  const char *preloaded = getenv("LD_PRELOAD");
  if (!preloaded || !strstr(preloaded, "comma_locale")) return 77;
  const char *point = localeconv()->decimal_point;
  if (strcmp(point, ",") == 0) return 0;
  fprintf(stderr, "the decimal point is '%s'\n", point);
  return 1;
}
