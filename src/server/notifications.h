/* Finding Notifications in JSON that is being typed, and so is broken. */
#ifndef EVC_SERVER_NOTIFICATIONS_H
#define EVC_SERVER_NOTIFICATIONS_H

#include "../base/arena.h"
#include "../json/notifications.h"

/* Is it one, and not an event or some other object? */
bool server_is_notification(const evc_notification *notification);

/* What is known of an object of broken JSON; places that are not known are empty. A Notification is
** among the members of which "calculation" or "eventName" is one. */
typedef struct server_object {
  evc_json_span at; /* all of it, to where it was closed or the text ended */
  evc_json_span name, code, event_name, calculation; /* strings between their quotes */
  bool has_event_name, has_calculation, has_name;
} server_object;

/* Find the Notifications, in order of their {. False when out of memory. */
bool server_objects_find(evc_arena *arena, evc_text json, server_object **objects, size_t *count);

/* What stands between the quotes of a string that may be broken, decoded as far as it can be into
** `out`, which has room for as many bytes; returns how many there are. */
size_t server_decode(evc_text inside, char *out);

/* The length of what is written at the start of the text for one character, or for one byte that is
** none; *bytes is how many bytes that means, as they stand in `meant`. */
size_t server_decode_one(evc_text inside, char meant[4], size_t *bytes);

#endif
