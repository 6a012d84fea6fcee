/* Optimal string alignment distance over three rows. */
#include "distance.h"

#include <string.h>

#include "text.h"

static unsigned char lower(char c) {
  return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static unsigned replacement(char a, char b) {
  return a == b ? 0 : lower(a) == lower(b) ? 1 : 2;
}

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

unsigned evc_distance(evc_text a, evc_text b, unsigned most) {
  size_t gap = a.length > b.length ? a.length - b.length : b.length - a.length;
  if (gap * 2 > most || a.length > EVC_DISTANCE_LONGEST || b.length > EVC_DISTANCE_LONGEST)
    return most + 1;
  unsigned rows[3][EVC_DISTANCE_LONGEST + 1];
  unsigned *before = rows[0], *previous = rows[1], *current = rows[2];
  for (size_t j = 0; j <= b.length; j++) previous[j] = (unsigned)j * 2;
  for (size_t i = 1; i <= a.length; i++) {
    current[0] = (unsigned)i * 2;
    unsigned row_least = current[0];
    for (size_t j = 1; j <= b.length; j++) {
      unsigned d = least(previous[j], current[j - 1]) + 2;
      d = least(d, previous[j - 1] + replacement(a.data[i - 1], b.data[j - 1]));
      if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1])
        d = least(d, before[j - 2] + 2);
      current[j] = d;
      row_least = least(row_least, d);
    }
    if (row_least > most) return most + 1;
    unsigned *oldest = before;
    before = previous;
    previous = current;
    current = oldest;
  }
  return previous[b.length] > most ? most + 1 : previous[b.length];
}

unsigned evc_distance_likely(size_t length) {
  return length < 3 ? 2 : length < 6 ? 3 : length < 9 ? 4 : 6;
}

/* However many letters that takes, it is one slip. */
static bool equal_ignoring_case(evc_text a, evc_text b) {
  if (a.length != b.length) return false;
  for (size_t i = 0; i < a.length; i++)
    if (lower(a.data[i]) != lower(b.data[i])) return false;
  return true;
}

void evc_nearest_init(evc_nearest *nearest, evc_text wanted, size_t capacity) {
  *nearest = (evc_nearest){.wanted = wanted, .capacity = capacity};
}

void evc_nearest_offer(evc_nearest *nearest, evc_text candidate) {
  size_t last = nearest->capacity - 1;
  bool full = nearest->count == nearest->capacity;
  unsigned most = full ? nearest->distances[last] : evc_distance_likely(nearest->wanted.length);
  unsigned distance = equal_ignoring_case(nearest->wanted, candidate)
                          ? 1
                          : evc_distance(nearest->wanted, candidate, most);
  if (distance > most) return;
  size_t at = full ? last : nearest->count++;
  if (full && distance == nearest->distances[last] &&
      evc_text_compare(candidate, nearest->names[last]) >= 0)
    return;
  while (at > 0 && (distance < nearest->distances[at - 1] ||
                    (distance == nearest->distances[at - 1] &&
                     evc_text_compare(candidate, nearest->names[at - 1]) < 0))) {
    nearest->names[at] = nearest->names[at - 1];
    nearest->distances[at] = nearest->distances[at - 1];
    at--;
  }
  nearest->names[at] = candidate;
  nearest->distances[at] = distance;
}
