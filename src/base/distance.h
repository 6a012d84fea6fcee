/* How far apart two names are, for "did you mean". */
#ifndef EVC_BASE_DISTANCE_H
#define EVC_BASE_DISTANCE_H

#include "evcalc/base.h"

/* Names longer than this are never near. */
enum { EVC_DISTANCE_LONGEST = 128 };

/* Twice the number of insertions, deletions, replacements and transpositions of neighbours (by byte)
** that turn one into the other; a replacement that only changes the case of an ASCII letter counts
** 1. More than `most` is returned as most + 1. */
unsigned evc_distance(evc_text a, evc_text b, unsigned most);

/* The largest distance at which a name of that length is still a likely slip: about one edit for
** every three bytes. */
unsigned evc_distance_likely(size_t length);

/* Keeps the best few of many candidates, nearest first, ties by name. */
typedef struct evc_nearest {
  evc_text wanted;
  size_t capacity, count; /* capacity at most 8 */
  evc_text names[8];
  unsigned distances[8];
} evc_nearest;

void evc_nearest_init(evc_nearest *nearest, evc_text wanted, size_t capacity);
void evc_nearest_offer(evc_nearest *nearest, evc_text candidate);

#endif
