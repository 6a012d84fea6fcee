/* What re2c takes for a letter: base_test.c holds the table of src/base/letters.c against it. */
#include <stddef.h>

/* The bytes of the letter at the cursor, 0 where there is none. */
size_t letter_by_re2c(const unsigned char *at);

size_t letter_by_re2c(const unsigned char *at) {
  const unsigned char *const start = at, *marker = at;
  /*!include:re2c "unicode_categories.re" */
  /*!re2c
    re2c:api:style = free-form;
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = "at";
    re2c:define:YYMARKER = "marker";
    re2c:yyfill:enable = 0;

    L { return (size_t)(at - start); }
    * { return 0; }
  */
}
