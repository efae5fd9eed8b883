/* buf.h: a growable buffer that is born knowing its largest size.
 * The first failure sticks: append on, and ask once at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "mizo/error.h"

typedef struct buf {
    char *p;  /* NUL-ended after every append; NULL while empty */
    size_t n; /* bytes in use, without the NUL */
    size_t cap, most;
    mizo_err err; /* MIZO_OK, MIZO_ENOMEM or MIZO_EFULL */
} buf;

void buf_init(buf *b, size_t most); /* allocates nothing; most 0: 1 GiB */
void buf_fini(buf *b);
void buf_clear(buf *b);
void buf_add(buf *b, const void *p, size_t n);
void buf_str(buf *b, const char *s);
void buf_char(buf *b, char c);
void buf_printf(buf *b, const char *fmt, ...) MIZO_PRINTF(2, 3);
char *buf_steal(buf *b); /* the text, to be freed; NULL on error */

#endif
