/* The stream of bytes from the client, cut into messages: a header block with Content-Length, an empty
** line, and so many bytes. */
#include "input.h"

#include <string.h>

#include "../base/memory.h"

/* Chosen: the memory that is kept for the next message. */
enum { KEPT = 1024 * 1024 };

static bool append(evc_server *server, const char *bytes, size_t length) {
  server_input *in = &server->input;
  size_t needed = evc_size_add(in->length, length);
  if (!in->data || needed > in->capacity) {
    size_t capacity = evc_size_add(needed, needed);
    char *grown = evc_reallocate(&server->allocator, in->data, in->capacity, capacity);
    if (!grown) return false;
    in->data = grown;
    in->capacity = capacity;
  }
  memcpy(in->data + in->length, bytes, length);
  in->length = needed;
  return true;
}

void server_input_free(evc_server *server) {
  evc_release(&server->allocator, server->input.data, server->input.capacity);
  server->input.data = NULL;
  server->input.capacity = 0;
}

/* Of one broken stretch of the stream one complaint is enough. */
static void complain(evc_server *server, const char *what) {
  if (!server->input.complained) server_log(server, what);
  server->input.complained = true;
}

static bool is_named(evc_text line, const char *name, evc_text *value) {
  size_t length = strlen(name);
  if (line.length < length || !evc_text_is_ignoring_case((evc_text){line.data, length}, name))
    return false;
  const char *at = line.data + length, *end = line.data + line.length;
  while (at < end && (*at == ' ' || *at == '\t')) at++;
  while (end > at && (end[-1] == ' ' || end[-1] == '\t')) end--;
  *value = (evc_text){at, (size_t)(end - at)};
  return true;
}

/* A number of bytes; SIZE_MAX when it is too large to be one, false when it is no number. */
static bool read_size(evc_text digits, size_t *size) {
  *size = 0;
  for (size_t i = 0; i < digits.length; i++) {
    char c = digits.data[i];
    if (c < '0' || c > '9') return false;
    size_t digit = (size_t)(c - '0');
    *size = *size > (SIZE_MAX - digit) / 10 ? SIZE_MAX : *size * 10 + digit;
  }
  return digits.length > 0;
}

static void begin_body(evc_server *server) {
  server_input *in = &server->input;
  if (!in->sized) {
    complain(server, "a message header without Content-Length was passed over");
    return;
  }
  in->sized = false;
  if (in->size == SIZE_MAX) {
    server_log(server, "the client announces a message larger than memory; giving up");
    server->lost = true;
  } else if (in->size > EVC_SERVER_MESSAGE_LIMIT) {
    server_refuse_message(server, RPC_INVALID_REQUEST, "the message is longer than 128 MiB");
    in->pass_over = in->size;
  } else {
    in->in_body = true;
  }
}

static void read_header(evc_server *server, evc_text line) {
  server_input *in = &server->input;
  evc_text value;
  if (line.length == 0) {
    begin_body(server);
  } else if (is_named(line, "Content-Length:", &value)) {
    in->sized = read_size(value, &in->size);
    if (in->sized) in->complained = false;
    else complain(server, "a Content-Length that is no number was passed over");
  } else if (!is_named(line, "Content-Type:", &value)) {
    complain(server, "what is no message header was passed over; a message is \"Content-Length: "
                     "N\", an empty line, and N bytes of JSON");
  }
}

/* Take the line that is complete. */
static void take_header_byte(evc_server *server, char c) {
  server_input *in = &server->input;
  if (c != '\n') {
    if (in->line_length < sizeof in->line) in->line[in->line_length++] = c;
    return;
  }
  size_t length = in->line_length;
  if (length > 0 && in->line[length - 1] == '\r') length--;
  in->line_length = 0;
  read_header(server, (evc_text){in->line, length});
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

void evc_server_feed(evc_server *server, const char *bytes, size_t length) {
  server_input *in = &server->input;
  while (length > 0 && !server->lost) {
    size_t count = 1;
    if (in->pass_over > 0) {
      count = least(length, in->pass_over);
      in->pass_over -= count;
    } else if (in->in_body) {
      count = least(length, in->size - in->length);
      if (!append(server, bytes, count)) {
        server_refuse_message(server, RPC_INTERNAL_ERROR, "there is no memory for the message");
        in->pass_over = in->size - in->length;
        in->in_body = false;
        in->length = 0;
        continue;
      }
    } else {
      take_header_byte(server, *bytes);
    }
    bytes += count;
    length -= count;
    if (in->in_body && in->length == in->size) {
      in->in_body = false;
      server_take_message(server, in->data, in->length);
      in->length = 0;
      if (in->capacity > KEPT) server_input_free(server);
    }
  }
}

