/* buf.c: a growable buffer. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST = 256 };
static const size_t buf_most = (size_t)1 << 30;

void buf_init(buf *b, size_t most)
{
    *b = (buf){ .most = most ? most : buf_most };
}

void buf_fini(buf *b)
{
    free(b->p);
    *b = (buf){ .most = b->most };
}

void buf_clear(buf *b)
{
    b->n = 0;
    b->err = MIZO_OK;
    if (b->p)
        b->p[0] = 0;
}

/* Room for n more bytes and the NUL; remembers the first failure. */
static bool room(buf *b, size_t n)
{
    if (b->err)
        return false;
    if (n < b->cap - b->n) /* cap 0: n 0, so 0 < 0 is false */
        return true;
    if (n > b->most - b->n) {
        b->err = MIZO_EFULL;
        return false;
    }
    size_t want = b->n + n + 1;
    size_t cap = b->cap ? b->cap : BUF_FIRST;
    while (cap < want)
        cap *= 2;
    if (cap - 1 > b->most) /* never beyond the bound, so that the test above holds it too */
        cap = b->most + 1;
    char *p = realloc(b->p, cap);
    if (!p) {
        b->err = MIZO_ENOMEM;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

void buf_add(buf *b, const void *p, size_t n)
{
    if (!room(b, n))
        return;
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = 0;
}

void buf_str(buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_char(buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    char small[256];
    int n = vsnprintf(small, sizeof small, fmt, ap);
    if (n < 0) {
        if (!b->err)
            b->err = MIZO_ENOMEM;
    } else if ((size_t)n < sizeof small) {
        buf_add(b, small, (size_t)n);
    } else if (room(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
    va_end(ap);
}

char *buf_steal(buf *b)
{
    if (!room(b, 0))
        return NULL;
    char *p = b->p;
    p[b->n] = 0;
    *b = (buf){ .most = b->most };
    return p;
}
