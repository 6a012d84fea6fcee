/* What the library uses of the C library's stdlib, stdio and string, made for a WebAssembly module of
** which every byte is downloaded: wasi-libc's own takes 48 KB and imports files.
**
** Numbers become text and text numbers in JavaScript, which does both exactly. The imports are two
** functions of the module "evcalc":
**   digits(number, precision, out)  what number.toExponential(precision - 1) gives, or toFixed(0)
**                                   for a precision of 0, written to `out`; returns the length
**   read(text, length)              Number(text)
*/
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMPORT(name) __attribute__((import_module("evcalc"), import_name(#name)))

IMPORT(digits) size_t web_digits(double number, int precision, char *out);
IMPORT(read) double web_read(const char *text, size_t length);

/* --- Memory: blocks of powers of two, each with its class before it --- */

enum {
  PAGE = 65536,
  HEADER = 16,        /* keeps what follows aligned for any type */
  SMALLEST_CLASS = 5, /* 32 bytes, header included */
  CLASSES = 32
};

typedef struct block {
  size_t class;
  struct block *next; /* of the free ones of this class; in use, the caller's bytes begin later */
} block;

/* The one state there is; a module has one thread. */
static block *free_blocks[CLASSES];
static char *heap, *heap_end;

/* Fresh memory from the end. What is left of a page that is not next to the new one is given up. */
static void *extend(size_t size) {
  if ((size_t)(heap_end - heap) < size) {
    size_t pages = (size + PAGE - 1) / PAGE;
    size_t before = __builtin_wasm_memory_grow(0, pages);
    if (before == SIZE_MAX) return NULL;
    char *start = (char *)(before * PAGE); /* NOLINT(performance-no-int-to-ptr) */
    if (start != heap_end) heap = start;
    heap_end = start + pages * PAGE;
  }
  void *memory = heap;
  heap += size;
  return memory;
}

void *malloc(size_t size) {
  size_t class = SMALLEST_CLASS;
  if (size > (SIZE_MAX >> 1) - HEADER) return NULL;
  while (((size_t)1 << class) < size + HEADER) class++;
  block *found = free_blocks[class];
  if (found) free_blocks[class] = found->next;
  else found = extend((size_t)1 << class);
  if (!found) return NULL;
  found->class = class;
  return (char *)found + HEADER;
}

void free(void *memory) {
  if (!memory) return;
  block *freed = (block *)(void *)((char *)memory - HEADER);
  freed->next = free_blocks[freed->class];
  free_blocks[freed->class] = freed;
}

void *realloc(void *memory, size_t size) {
  if (!memory) return malloc(size);
  size_t room = ((size_t)1 << ((block *)(void *)((char *)memory - HEADER))->class) - HEADER;
  if (size <= room) return memory;
  void *larger = malloc(size);
  if (!larger) return NULL;
  __builtin_memcpy(larger, memory, room);
  free(memory);
  return larger;
}

/* --- Text: wasi-libc's own are made for long texts, and take eight times as many bytes --- */

size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

int strncmp(const char *a, const char *b, size_t most) {
  size_t at = 0;
  if (most == 0) return 0;
  while (--most && a[at] && a[at] == b[at]) at++;
  return (unsigned char)a[at] - (unsigned char)b[at];
}

void *memchr(const void *memory, int byte, size_t length) {
  const char *at = memory;
  for (; length; at++, length--)
    if (*at == (char)byte) return (void *)(uintptr_t)at;
  return NULL;
}

/* Also the NUL at the end can be asked for. */
char *strchr(const char *text, int byte) { return memchr(text, byte, strlen(text) + 1); }

static size_t span(const char *text, const char *set, bool in_it) {
  size_t length = 0;
  while (text[length] && (strchr(set, text[length]) != NULL) == in_it) length++;
  return length;
}

size_t strspn(const char *text, const char *set) { return span(text, set, true); }
size_t strcspn(const char *text, const char *set) { return span(text, set, false); }

char *strstr(const char *text, const char *wanted) {
  size_t length = strlen(wanted);
  while (*text && strncmp(text, wanted, length) != 0) text++;
  return *text || length == 0 ? (char *)(uintptr_t)text : NULL;
}

/* --- Numbers --- */

static size_t integer_length(const char *text) {
  size_t length = *text == '-' || *text == '+';
  while (text[length] >= '0' && text[length] <= '9') length++;
  return length;
}

long strtol(const char *text, char **rest, int base) {
  size_t length = integer_length(text);
  long value = 0;
  if (base != 10 || rest) __builtin_trap();
  for (size_t i = 0; i < length; i++)
    if (text[i] >= '0') value = value * 10 + (text[i] - '0');
  return *text == '-' ? -value : value;
}

double strtod(const char *text, char **rest) {
  if (rest) __builtin_trap();
  return web_read(text, strlen(text));
}

static size_t put_integer(char *out, long value, int sign) {
  char digits[24];
  size_t count = 0, length = 0;
  unsigned long left = value < 0 ? 0 - (unsigned long)value : (unsigned long)value;
  do digits[count++] = (char)('0' + left % 10);
  while (left /= 10);
  if (value < 0) out[length++] = '-';
  else if (sign) out[length++] = '+';
  while (count) out[length++] = digits[--count];
  return length;
}

/* The conversions that the library uses, and no others: "%.*e", "%.0f", "%d", "%+d", "%ld". What is
** not known here, or does not fit into the caller's room, is a trap. */
int snprintf(char *restrict out, size_t size, const char *restrict format, ...) {
  enum { LONGEST = 400 };
  char text[LONGEST];
  size_t length = 0;
  va_list arguments;
  va_start(arguments, format);
  for (const char *at = format; *at;) {
    if (length + 32 > sizeof text) __builtin_trap();
    if (*at != '%') {
      text[length++] = *at++;
    } else if (strncmp(at, "%.*e", 4) == 0) {
      int precision = va_arg(arguments, int) + 1;
      length += web_digits(va_arg(arguments, double), precision, text + length);
      at += 4;
    } else if (strncmp(at, "%.0f", 4) == 0 && length == 0) {
      length += web_digits(va_arg(arguments, double), 0, text);
      at += 4;
    } else if (strncmp(at, "%ld", 3) == 0) {
      length += put_integer(text + length, va_arg(arguments, long), 0);
      at += 3;
    } else if (strncmp(at, "%d", 2) == 0 || strncmp(at, "%+d", 3) == 0) {
      length += put_integer(text + length, va_arg(arguments, int), at[1] == '+');
      at += at[1] == '+' ? 3 : 2;
    } else {
      __builtin_trap();
    }
  }
  va_end(arguments);
  if (length >= size) __builtin_trap();
  __builtin_memcpy(out, text, length);
  out[length] = '\0';
  return (int)length;
}
