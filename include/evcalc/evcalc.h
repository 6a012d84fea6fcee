/* evcalc: check and evaluate m3ter Notification calculations. Includes every public header.
**
** In short: an Event type (schema.h) says which fields there are; a calculation (calculation.h) is
** compiled against it, with a report (report.h) of everything wrong; it is evaluated (evaluate.h) on
** an event (event.h), on many at once that are held as columns (columns.h), or on the program's own
** records (record.h). format.h lays a calculation out; while it is being written, an editor (editor.h)
** says what can stand where. generate.h makes random calculations and events, and attack.h events
** against one calculation. json.h and endpoint.h, in the library evcalc-json, read and answer JSON.
*/
#ifndef EVCALC_EVCALC_H
#define EVCALC_EVCALC_H

#include "evcalc/base.h"
#include "evcalc/report.h"
#include "evcalc/schema.h"
#include "evcalc/calculation.h"
#include "evcalc/format.h"
#include "evcalc/event.h"
#include "evcalc/evaluate.h"
#include "evcalc/columns.h"
#include "evcalc/record.h"
#include "evcalc/editor.h"
#include "evcalc/generate.h"
#include "evcalc/attack.h"
#include "evcalc/json.h"
#include "evcalc/endpoint.h"

#endif
