/* The values of JSON numbers. */
#ifndef EVC_JSON_NUMBER_H
#define EVC_JSON_NUMBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The binary64 nearest to a JSON number without a sign; infinite when it is too large. */
double evc_json_number_value(const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
