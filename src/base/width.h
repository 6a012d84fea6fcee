/* How many columns text takes on a terminal, whatever the locale. */
#ifndef EVC_BASE_WIDTH_H
#define EVC_BASE_WIDTH_H

#include "evcalc/base.h"

/* 0 for a combining or format character, 2 for a wide one (CJK, most emoji), else 1. What must be
** escaped to be shown (evc_utf8_unsafe) has no width of its own and is not asked for. */
unsigned evc_utf8_width(uint32_t code_point);

/* The columns of a text without unsafe characters. */
size_t evc_text_width(evc_text text);

#endif
