/* Letters that are not ASCII. */
#ifndef EVC_BASE_LETTERS_H
#define EVC_BASE_LETTERS_H

#include <stddef.h>

/* The bytes of the letter at `at`, 0 where there is none or an ASCII one. Nothing is read behind a byte
** that cannot be followed by another, as the NUL at the end of a text. */
size_t evc_letter_length(const char *at);

#endif
