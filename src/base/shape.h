/* shape.h: one flat JSON object read into a C struct by rows of fields, and written back.
 *
 * Every mistake is said at once, each with its line and column: what is missing, unknown, given twice, of
 * the wrong kind, too long, too short, out of range, or none of the words allowed. Bytes from outside.
 *
 *     static const shape_field rows[] = {
 *         { "user", SHAPE_ID, true, 1, 40, NULL, offsetof(login, user), sizeof ((login *)0)->user },
 *     };
 *     mizo_err e = shape_read(rows, 1, body, n, "body", &login, diags);
 */
#ifndef BASE_SHAPE_H
#define BASE_SHAPE_H

#include "base/json.h"
#include "mizo/slot.h"

typedef enum shape_kind {
    SHAPE_TEXT,  /* char[cap]; least, most: letters (code points); control letters are refused */
    SHAPE_LINES, /* as SHAPE_TEXT, and may have more than one line */
    SHAPE_ID,    /* char[cap]: [a-z0-9-]{1,40} */
    SHAPE_INT,   /* int64_t in [least, most] */
    SHAPE_BOOL,  /* bool */
    SHAPE_DAY,   /* mizo_day, written 2024-04-01; MIZO_DAY_NONE where it is not given */
    SHAPE_WORDS  /* unsigned: an array of words, bit i for words[i]; at least `least` of them */
} shape_kind;

enum { SHAPE_FIELDS = 32 };

typedef struct shape_field {
    const char *name;
    shape_kind kind;
    bool needed;
    int64_t least, most;
    const char *const *words; /* ended by NULL; of SHAPE_TEXT: what alone is allowed; else NULL */
    size_t offset, cap;       /* where it goes; cap: bytes of a text's place, its NUL with them */
} shape_field;

/* Reads text[0..n), one object. Sets every field of rows: what was not given is zero, "" or MIZO_DAY_NONE.
 * place: the file name of the diagnoses. MIZO_EINPUT: d says all of it. Nothing of the text stays behind on
 * the stack, for it may be a password. At most SHAPE_FIELDS rows. */
MIZO_MUST_USE mizo_err shape_read(const shape_field *rows, size_t nrows, const char *text, size_t n,
                                  const char *place, void *into, mizo_diags *d);
/* Writes the members in the order of the rows into an object that is open; what is "" or MIZO_DAY_NONE and
 * not needed is left out. */
void shape_write(const shape_field *rows, size_t nrows, const void *from, json *j);

#endif
