/* What every other public header stands on: version, visibility, text, status and allocator.
**
** Conventions that hold everywhere
**   - Text is a pointer and a length in bytes, UTF-8. Where a length is taken, EVC_NUL_TERMINATED
**     means "up to the NUL". Text handed out need not be followed by a NUL unless its comment says so.
**   - A function that takes a `const evc_allocator *` uses malloc, realloc and free when it is NULL.
**     The allocator is copied; what its `context` points to must outlive every object made with it.
**   - evc_thing_free(NULL) does nothing.
**   - No function has global or locale-dependent state. Different objects may be used by different
**     threads at the same time; which objects may be *shared* is said at each type.
*/
#ifndef EVCALC_BASE_H
#define EVCALC_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVC_VERSION_MAJOR 0
#define EVC_VERSION_MINOR 1
#define EVC_VERSION_PATCH 0
#define EVC_VERSION       "0.1.0"

#if defined(_WIN32) || !defined(__GNUC__)
#define EVC_API
#else
#define EVC_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A length argument that says: the text ends at its NUL. */
#define EVC_NUL_TERMINATED ((size_t)-1)

/* A piece of text: `length` bytes of UTF-8 from `data`. An absent text has data == NULL. */
typedef struct evc_text {
  const char *data;
  size_t length;
} evc_text;

/* How a call ended. Calls that can say more fill an evc_report (report.h). */
typedef enum evc_status {
  EVC_OK = 0,            /* done */
  EVC_INVALID = 1,       /* the input is wrong; the report says where and how */
  EVC_NOT_FOUND = 2,     /* no such Event type, field, event, column or trace */
  EVC_WRONG_KIND = 3,    /* of another kind than asked for: a value, a column, an event's type */
  EVC_EVALUATION = 4,    /* evaluation met an error: see evc_outcome */
  EVC_END = 5,           /* a reader has no more */
  EVC_OUT_OF_MEMORY = 6, /* an allocation failed; nothing leaked, every object stays usable */
  EVC_LIMIT = 7          /* a documented limit was passed */
} evc_status;

/* Where memory comes from. `reallocate` is given the old size. All three must be set; memory must be
** aligned as malloc's is. They are called from the thread that calls evcalc with an object made with
** them, so for objects that threads share they must be safe to call from several. */
typedef struct evc_allocator {
  void *(*allocate)(void *context, size_t size);
  void *(*reallocate)(void *context, void *memory, size_t old_size, size_t size);
  void (*release)(void *context, void *memory, size_t size);
  void *context;
} evc_allocator;

/* The version of the library that is linked, e.g. "0.1.0"; compare with EVC_VERSION. Static. */
EVC_API const char *evc_version(void);

#ifdef __cplusplus
}
#endif
#endif
