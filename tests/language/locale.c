/* Linked into the runner: it then works in a locale whose decimal point is a comma, with the C
** library's messages as they are everywhere. Without such a locale on the machine the test is skipped
** (exit status 77). */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void use_comma(void) {
  bool set = setlocale(LC_ALL, "de_DE.UTF-8") && setlocale(LC_MESSAGES, "C");
  if (set && *localeconv()->decimal_point == ',') return;
  fputs("there is no locale de_DE.UTF-8\n", stderr);
  exit(77);
}
