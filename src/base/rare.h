/* What compiling a calculation without mistakes seldom calls: what tells of them, what reads other
** spellings, what gets memory when there is none left, what keeps tokens for an editor.
**
** Kept out of line and away from what runs each time, which then saves fewer registers: 2 % of the
** instructions that compiling takes. Compilers that know no such mark do without.
*/
#ifndef EVC_BASE_RARE_H
#define EVC_BASE_RARE_H

#if defined(__GNUC__)
#define EVC_RARE __attribute__((noinline, cold))
#else
#define EVC_RARE
#endif

#endif
