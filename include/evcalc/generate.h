/* Random calculations and random events, for testing whatever handles them: evcalc itself, a
** program that embeds it, another implementation of the language.
**
** A generator belongs to one thread at a time and must be freed before its Event type's schema. What
** it makes depends on the Event type, the options, the seed and the calls so far, and on nothing
** else: the same on every machine.
**
**   evc_generator *generator = evc_generator_new(type, 1, NULL, NULL);
**   evc_event *event = evc_event_new(type, NULL);
**   for (int i = 0; i < 1000; i++) {
**     evc_text text = evc_generate_calculation(generator);
**     evc_calculation *calculation = evc_compile(type, text.data, text.length, NULL, NULL);
**     evc_generate_event(generator, event);
**     compare(evc_evaluate(calculation, event), yours(text, event));
**     evc_calculation_free(calculation);
**   }
*/
#ifndef EVCALC_GENERATE_H
#define EVCALC_GENERATE_H

#include "evcalc/base.h"
#include "evcalc/event.h"
#include "evcalc/report.h"
#include "evcalc/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sizes of calculations (chosen). */
#define EVC_GENERATE_DEFAULT_NODES 40
#define EVC_GENERATE_DEFAULT_DEPTH 12
#define EVC_GENERATE_LARGEST_NODES 2000
#define EVC_GENERATE_LARGEST_DEPTH 90

/* What to make. Start from {0}. */
typedef struct evc_generate_options {
  uint32_t nodes;   /* most literals, paths, calls and operators of a calculation; 0: the default */
  uint32_t depth;   /* most of them inside one another; 0: the default */
  bool line_breaks; /* blanks in a calculation may also be line breaks and tabs */
  bool hostile;     /* an event may also hold what its fields' types do not allow */
} evc_generate_options;

typedef struct evc_generator evc_generator;

/* A generator for an Event type. `options` may be NULL. Larger values than the largest are taken as
** those. NULL when out of memory. */
EVC_API evc_generator *evc_generator_new(const evc_event_type *type, uint64_t seed,
                                         const evc_generate_options *options,
                                         const evc_allocator *allocator);
EVC_API void evc_generator_free(evc_generator *generator);

/* Start over with another seed, as if the generator were new. */
EVC_API void evc_generator_seed(evc_generator *generator, uint64_t seed);

/* Take the next choices from these bytes, until they are used up; then from the seed again. Every
** sequence of bytes will do, and a small change of it is a small change of what is made: that is how
** a coverage-guided fuzzer steers the generator. The bytes must live until they are used up, another
** are fed, or a seed is set. */
EVC_API void evc_generator_feed(evc_generator *generator, const void *bytes, size_t length);

/* A calculation that is valid for the Event type: it compiles without an error, perhaps with
** warnings. It uses every operator, function and variable of the language, the type's Number, String
** and Boolean fields, and members of its maps; of a type without known fields it is made of constants
** alone. Followed by a NUL; lives until the generator makes another. Absent when out of memory. */
EVC_API evc_text evc_generate_calculation(evc_generator *generator);

/* A calculation that is nearly valid: one with one mistake of the kind that people make. `code`
** receives the code that compiling reports for it, and it is the only error that is reported. The
** codes of limits and of bytes that are not UTF-8 are not among them. Lives as the above. */
EVC_API evc_text evc_generate_mistake(evc_generator *generator, evc_code *code);

/* Fill an event of the generator's type: each field null, or a value of its type, many at a limit:
** 0, -0, 2^53 + 2, the largest and the smallest number, a decimal that binary64 does not hold, an
** empty text, text of any Unicode. Maps get members, Strings and Numbers, of the names that
** generated calculations read. The event could be one that was read from JSON: no value stands below
** a field that is no map. Values are copied into the event.
** Returns EVC_OK, EVC_WRONG_KIND for an event of another type, or EVC_OUT_OF_MEMORY (the event is
** then cleared). */
EVC_API evc_status evc_generate_event(evc_generator *generator, evc_event *event);

#ifdef __cplusplus
}
#endif
#endif
