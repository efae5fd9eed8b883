/* meters.c: look-ups of meters and virtual points. */
#include <string.h>

#include "mizo/region.h"

mizo_ref mizo_region_virtual(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nvirtual_point; i++)
        if (strcmp(r->virtual_point[i].id, id) == 0)
            return (mizo_ref)i;
    return -1;
}

/* The next word: *from and its length; 0: the end. */
static size_t next_word(const char *s, size_t *from)
{
    while (s[*from] == ' ')
        ++*from;
    return strcspn(s + *from, " ");
}

/* "+ - " before each point; the first may go without. */
static mizo_err read_sign(const char *s, size_t *at, bool first, int8_t *sign)
{
    size_t n = next_word(s, at);
    *sign = 1;
    if (n == 1 && (s[*at] == '+' || s[*at] == '-')) {
        *sign = s[*at] == '-' ? -1 : 1;
        *at += 1;
        return MIZO_OK;
    }
    return first && n ? MIZO_OK : MIZO_EINPUT;
}

mizo_err mizo_virtual_terms(const mizo_region *r, const char *formula,
                            mizo_virtual_term out[MIZO_VIRTUAL_TERMS], int *n, size_t *at)
{
    char id[MIZO_ID_MAX];
    *n = 0;
    *at = 0;
    for (;;) {
        if (*n && next_word(formula, at) == 0)
            return MIZO_OK;
        int8_t sign;
        MIZO_TRY(read_sign(formula, at, *n == 0, &sign));
        size_t k = next_word(formula, at);
        if (k == 0 || k >= sizeof id || *n == MIZO_VIRTUAL_TERMS)
            return MIZO_EINPUT;
        memcpy(id, formula + *at, k);
        id[k] = '\0';
        mizo_ref point = mizo_region_point(r, id);
        if (point < 0)
            return MIZO_EINPUT;
        out[(*n)++] = (mizo_virtual_term){ .point = point, .sign = sign };
        *at += k;
    }
}

size_t mizo_meters_of(const mizo_region *r, mizo_ref point, size_t *first)
{
    size_t i = 0, n = 0;
    while (i < r->nmeter && r->meter[i].point < point)
        i++;
    while (i + n < r->nmeter && r->meter[i + n].point == point)
        n++;
    *first = i;
    return n;
}
