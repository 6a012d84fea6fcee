/* Choices that look random and are the same on every machine.
**
** The numbers are those of xoshiro256**, whose state is filled by splitmix64; both written from
** their published descriptions (Blackman and Vigna; Steele, Lea and Flood). Before them come the
** bytes that a caller feeds, so that a fuzzer can steer every choice.
*/
#ifndef EVC_GENERATE_RANDOM_H
#define EVC_GENERATE_RANDOM_H

#include "evcalc/base.h"

typedef struct evc_random {
  uint64_t state[4];
  const unsigned char *fed; /* not used up yet */
  size_t fed_count;
} evc_random;

/* Start over with that seed; nothing is fed. */
void evc_random_seed(evc_random *random, uint64_t seed);

/* 64 random bits. */
uint64_t evc_random_next(evc_random *random);

/* A number below `limit`, which is not 0. */
uint32_t evc_random_below(evc_random *random, uint32_t limit);

/* From `first` to `last`, both included. */
int32_t evc_random_between(evc_random *random, int32_t first, int32_t last);

/* True `part` times in `whole`. */
bool evc_random_chance(evc_random *random, uint32_t part, uint32_t whole);

/* Any finite binary64. */
double evc_random_double(evc_random *random);

#endif
