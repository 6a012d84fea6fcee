/* Sets of code points, as ranges in order. A table is of one plane, so that sixteen bits hold a
** bound. */
#ifndef EVC_BASE_RANGES_H
#define EVC_BASE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct evc_range {
  uint16_t first, last;
} evc_range;

/* Is the code point, in whatever plane, in one of the ranges? */
static inline bool evc_in_ranges(const evc_range *ranges, size_t count, uint32_t code_point) {
  size_t low = 0, high = count;
  uint32_t c = code_point & 0xFFFF;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (c > ranges[middle].last) low = middle + 1;
    else high = middle;
  }
  return low < count && c >= ranges[low].first;
}

/* The same of a table whose length is known. */
#define EVC_IN_TABLE(table, c) evc_in_ranges(table, sizeof(table) / sizeof *(table), c)

#endif
