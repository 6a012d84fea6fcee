/* The constants that calculations and events have in common, so that one meets the other: few
** values that are usual, and those at which something changes. */
#ifndef EVC_GENERATE_POOL_H
#define EVC_GENERATE_POOL_H

#include "../base/text.h"
#include "random.h"

/* A finite number that is not negative, as calculations have it: seldom one at a limit, which has
** many digits. */
double evc_pool_magnitude(evc_random *random);

/* A finite number, as events have it. */
double evc_pool_number(evc_random *random);

/* A String. Static, or from the arena; data == NULL when that is out of memory. */
evc_text evc_pool_string(evc_random *random, evc_arena *arena);

/* The names that members of map fields have; static. */
enum { EVC_POOL_MEMBERS = 6 };
extern const evc_text evc_pool_members[EVC_POOL_MEMBERS];

/* Every number, and every String, of the tables: for whoever wants to try all of them. */
size_t evc_pool_number_count(void);
double evc_pool_number_at(size_t index);
size_t evc_pool_string_count(void);
evc_text evc_pool_string_at(size_t index);

#endif
