/* A conversation with the server, as FORMAT.md says: what its parts share. */
#ifndef EVC_TESTS_CONVERSATION_H
#define EVC_TESTS_CONVERSATION_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "server/value.h"

enum { MOST_DOCUMENTS = 8, LONGEST = 1 << 16 };


typedef struct bytes {
  char *data;
  size_t length, capacity;
} bytes;

/* A document as the client knows it. */
typedef struct copy {
  char name[128];
  bytes text;
  int version;
} copy;

typedef struct conversation {
  const char *binary, *file;
  char workspace[64];
  size_t line, failed_line, cases, failures;
  char title[256], options[512], settings[LONGEST], client[LONGEST];
  bool started, ended, utf8, failed;
  pid_t child;
  int to, from, error;
  FILE *errors;
  bytes out, in; /* to be written; come in and not looked at */
  bytes message; /* that came in last */
  copy documents[MOST_DOCUMENTS];
  size_t document_count, asked; /* the document asked about last */
  uint64_t requests, answered;
  double server_request;
  evc_arena arena;
  evc_document *reader;
  const server_value *result; /* of the last answer */
} conversation;

/* ---- talk.c: bytes, JSON, and the server as a process --------------------------------------- */

void *must(void *memory);
void append(bytes *b, const char *data, size_t length);
void append_string(bytes *b, const char *s);
void append_json_string(bytes *b, const char *data, size_t length);

/* The case has failed. The table is wrong. */
void fail(conversation *c, const char *what, const char *more);
_Noreturn void die(const conversation *c, const char *why);

/* Read a value of any kind; NULL when the text is no JSON. */
const server_value *read_json(conversation *c, const char *text, size_t length);
const char *show_json(conversation *c, const server_value *value);

/* Start the server, where it is not, and say what a client says first. */
void begin(conversation *c);

/* Have a message written with the next that is waited for. */
void say(conversation *c, const char *body, size_t length);
void say_message(conversation *c, const char *method, const char *params, bool request);

/* The message that has come in whole, which is also c->message; NULL when none has. Wait for one; NULL
** when none comes. */
const server_value *take_message(conversation *c);
const server_value *next_message(conversation *c);

/* End all input; the exit status. */
int finish(conversation *c);

/* ---- client.c: documents, and what the client says of them ---------------------------------- */

/* Cut the next word off; NULL when there is none. */
char *word_of(char **rest);

/* A TEXT: a JSON string, of which *rest is then what follows, or all that is left. */
evc_text text_of(conversation *c, char **rest);

copy *document_of(conversation *c, const char *name);
size_t offset_at(const conversation *c, const copy *d, const server_value *position);
void replace(bytes *text, size_t start, size_t end, evc_text by);
void append_uri(const conversation *c, bytes *b, const char *name);

/* The lines of FORMAT.md. */
void say_open(conversation *c, const char *language, const char *name, evc_text text);
void say_change(conversation *c, char *rest);
void say_ask(conversation *c, char *rest);
void say_close(conversation *c, char *name);
void say_answer(conversation *c, const char *json);
void say_large(conversation *c, char *rest);
void say_repeated(conversation *c, char *rest);
void write_file(conversation *c, char *rest);

#endif
