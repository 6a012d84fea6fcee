#include "seed.h"

#include <time.h>

#include "../generate/random.h"
#include "output.h"

/* Short enough to be typed again. */
enum { LARGEST_SEED = 1000000 };

uint64_t cli_seed(cli_context *cli) {
  if (cli->options.seed.given) return cli->options.seed.value;
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_REALTIME, &now);
  evc_random random;
  evc_random_seed(&random, (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
  uint64_t seed = evc_random_below(&random, LARGEST_SEED);
  char digits[24];
  size_t at = sizeof digits - 1;
  digits[at] = '\0';
  uint64_t left = seed;
  do digits[--at] = (char)('0' + left % 10);
  while (left /= 10);
  cli_error(cli, "seed {0}", CLI_ARGS(digits + at));
  return seed;
}
