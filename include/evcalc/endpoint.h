/* The Evaluate Calculation endpoint: a request's JSON in, the answer's JSON out. Library: evcalc-json.
**
** Request: {"eventId"?, "eventName"?, "calculation"}. With eventName the calculation is checked
** against that Event type; with eventId it is checked against that event's type and evaluated on the
** event. An endpoint is used by one thread at a time; the schema may be shared.
*/
#ifndef EVCALC_ENDPOINT_H
#define EVCALC_ENDPOINT_H

#include "evcalc/base.h"
#include "evcalc/calculation.h"
#include "evcalc/report.h"
#include "evcalc/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What `success` says of a valid calculation that is false on the event. The published description
** says success means valid, the published response schema that it evaluated to true. */
typedef enum evc_success {
  EVC_SUCCESS_MEANS_VALID = 0, /* {"success": true, "errorMessage": null} */
  EVC_SUCCESS_MEANS_TRUE       /* {"success": false, "errorMessage": null} */
} evc_success;

typedef struct evc_endpoint evc_endpoint;

/* The answer to a request. `body` is one line of JSON without line end, valid until the endpoint's
** next call; `http_status` is 200, 400 or 404, or 500 when out of memory. */
typedef struct evc_answer {
  int http_status;
  bool success;   /* the body's `success`; false unless http_status is 200 */
  bool evaluated; /* the calculation was evaluated on an event, with `value` */
  bool value;
  evc_text body;
} evc_answer;

/* An endpoint over a schema, which must outlive it. `options` (may be NULL) is copied; its allocator
** is used for everything. NULL when out of memory. */
EVC_API evc_endpoint *evc_endpoint_new(const evc_schema *schema, const evc_options *options,
                                       evc_success success);
EVC_API void evc_endpoint_free(evc_endpoint *endpoint);

/* Make the events of a text (one, a list response, NDJSON) known by their id; a later event replaces
** an earlier one of the same id. The text is copied. An event without id is skipped. A report, when
** asked for, tells of the first event that could not be read: EVC_INVALID, and nothing was added. */
EVC_API evc_status evc_endpoint_add_events(evc_endpoint *endpoint, const char *json, size_t length,
                                           evc_report **report);

/* Another endpoint over the same schema and events, for another thread: the events are not
** copied, so `endpoint` must outlive it and get no more of them meanwhile. NULL when out of
** memory. */
EVC_API evc_endpoint *evc_endpoint_share(const evc_endpoint *endpoint);

/* Answer one request. Never fails otherwise than through the answer. */
EVC_API evc_answer evc_endpoint_evaluate(evc_endpoint *endpoint, const char *json, size_t length);

#ifdef __cplusplus
}
#endif
#endif
