/* Records made up for one event: what a program of its own might hold it in.
**
** Each field that a calculation reads becomes a member of a kind chosen at random among those that can
** hold its value, anywhere in the record and aligned or not, with flags or without. What is null holds
** nothing that could be read; texts and the record end where their memory ends.
*/
#ifndef EVC_TESTS_RECORDS_H
#define EVC_TESTS_RECORDS_H

#include "../../src/generate/random.h"
#include "evcalc/event.h"
#include "evcalc/record.h"

typedef struct made_record {
  evc_record_field *fields; /* also some that are not read, or are given again behind */
  size_t count;
  unsigned char *bytes; /* the record */
  size_t size;
  char **texts;
  size_t text_count;
} made_record;

/* What an event has for a field, or a map's member, that a calculation reads. A map that is none gives an
** array, which fits nowhere. */
evc_value value_read(const evc_event *event, evc_reference read);

/* False when no record can hold the event: a value is not of its field's type. Free it in any case. */
bool made_record_of(made_record *record, const evc_calculation *calculation,
                    const evc_event *event, evc_random *random);
void made_record_free(made_record *record);

#endif
