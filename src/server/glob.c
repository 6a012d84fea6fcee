/* Matching walks over the sets of places that the glob can be at after each character of the path, so
** its time is the product of their lengths, whatever stars stand in the glob. A place is a byte of
** the glob; braces only say from where to where one may jump. */
#include "glob.h"

#include <string.h>

#include "../base/utf8.h"

/* Chosen: longer than any path pattern. */
enum { LONGEST = 512 };

typedef struct place_set {
  unsigned char has[LONGEST + 1];
} place_set;

/* The ] that closes the [ at `at`; 0 when none does. The first character may be a ]. */
static size_t class_end(evc_text glob, size_t at) {
  size_t i = at + 1;
  if (i < glob.length && (glob.data[i] == '!' || glob.data[i] == '^')) i++;
  for (size_t first = i; i < glob.length; i++)
    if (glob.data[i] == ']' && i > first) return i;
  return 0;
}

const char *server_glob_fault(evc_text glob) {
  size_t depth = 0;
  if (glob.length == 0) return "it is empty";
  if (glob.length > LONGEST) return "it is longer than 512 bytes";
  for (size_t i = 0; i < glob.length; i++) {
    char c = glob.data[i];
    if (c == '[') {
      i = class_end(glob, i);
      if (i == 0) return "a [ is not closed";
    } else if (c == '{') {
      depth++;
    } else if (c == '}') {
      if (depth == 0) return "a } is not opened";
      depth--;
    }
  }
  return depth > 0 ? "a { is not closed" : NULL;
}

/* Behind the } that closes the group that `at` is in. */
static size_t group_end(evc_text glob, size_t at) {
  for (size_t depth = 1; at < glob.length; at++) {
    char c = glob.data[at];
    if (c == '[') at = class_end(glob, at);
    else if (c == '{') depth++;
    else if (c == '}' && --depth == 0) return at + 1;
  }
  return at;
}

static bool is_double_star(evc_text glob, size_t at) {
  return at + 1 < glob.length && glob.data[at] == '*' && glob.data[at + 1] == '*';
}

/* Is the place inside of a group, so that a comma there ends an alternative? */
static bool in_group(evc_text glob, size_t at) {
  size_t depth = 0;
  for (size_t i = 0; i < at; i++) {
    if (glob.data[i] == '[') i = class_end(glob, i);
    else if (glob.data[i] == '{') depth++;
    else if (glob.data[i] == '}') depth--;
  }
  return depth > 0;
}

/* Add the places where the alternatives of the group that opens at `at` begin. */
static void enter_group(evc_text glob, place_set *set, size_t at) {
  size_t depth = 0, end = group_end(glob, at + 1);
  set->has[at + 1] = 1;
  for (size_t i = at + 1; i < end; i++) {
    char c = glob.data[i];
    if (c == '[') i = class_end(glob, i);
    else if (c == '{') depth++;
    else if (c == '}') depth--;
    else if (c == ',' && depth == 0) set->has[i + 1] = 1;
  }
}

/* Add all that can be reached without a character of the path. Jumps go forward only, so one pass is
** enough. */
static void reach(evc_text glob, place_set *set, bool part_starts) {
  for (size_t at = 0; at < glob.length; at++) {
    if (!set->has[at]) continue;
    char c = glob.data[at];
    if (c == '{') {
      enter_group(glob, set, at);
    } else if (c == ',' && in_group(glob, at)) {
      set->has[group_end(glob, at)] = 1;
    } else if (is_double_star(glob, at)) {
      set->has[at + 2] = 1;
      if (part_starts && at + 2 < glob.length && glob.data[at + 2] == '/') set->has[at + 3] = 1;
    } else if (c == '*' || c == '}') {
      set->has[at + 1] = 1;
    }
  }
}

/* Is the character one of the class that [ at `at` opens? */
static bool class_has(evc_text glob, size_t at, uint32_t c) {
  const char *p = glob.data + at + 1, *end = glob.data + class_end(glob, at);
  bool negated = *p == '!' || *p == '^', found = false;
  if (negated) p++;
  while (p < end) {
    uint32_t low = evc_utf8_next(&p, end), high = low;
    if (end - p >= 2 && *p == '-') {
      p++;
      high = evc_utf8_next(&p, end);
    }
    if (low <= c && c <= high) found = true;
  }
  return found != negated;
}

/* The places after one character of the path. */
static void step(evc_text glob, const place_set *set, place_set *next, evc_text character,
                 uint32_t c) {
  bool slash = c == '/';
  memset(next, 0, sizeof *next);
  for (size_t at = 0; at < glob.length; at++) {
    if (!set->has[at]) continue;
    char g = glob.data[at];
    if (is_double_star(glob, at)) {
      next->has[at] = 1;
    } else if (g == '*') {
      if (!slash) next->has[at] = 1;
    } else if (g == '?') {
      if (!slash) next->has[at + 1] = 1;
    } else if (g == '[') {
      if (!slash && class_has(glob, at, c)) next->has[class_end(glob, at) + 1] = 1;
    } else if (g == '{' || g == '}' || (g == ',' && in_group(glob, at))) {
      continue; /* passed already */
    } else if (glob.length - at >= character.length &&
               memcmp(glob.data + at, character.data, character.length) == 0) {
      next->has[at + character.length] = 1;
    }
  }
  reach(glob, next, slash);
}

bool server_glob_matches(evc_text glob, evc_text path) {
  place_set sets[2];
  const char *at = path.data, *end = at + path.length;
  unsigned current = 0;
  memset(&sets[0], 0, sizeof sets[0]);
  sets[0].has[0] = 1;
  reach(glob, &sets[0], true);
  while (at < end) {
    const char *start = at;
    uint32_t c = evc_utf8_next(&at, end);
    step(glob, &sets[current], &sets[1 - current], (evc_text){start, (size_t)(at - start)}, c);
    current = 1 - current;
  }
  return sets[current].has[glob.length] != 0;
}
