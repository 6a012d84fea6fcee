/* Where the bytes of the client become messages, and messages wait. */
#ifndef EVC_SERVER_INPUT_H
#define EVC_SERVER_INPUT_H

#include "session.h"

void server_input_free(evc_server *server);

/* server.c: take a whole message; answer one that cannot be taken. */
void server_take_message(evc_server *server, char *json, size_t length);
void server_refuse_message(evc_server *server, int error, const char *why);

#endif
