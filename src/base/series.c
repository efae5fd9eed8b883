/* series.c: the names of quantities, roles and qualities. The packed form is in block.c. */
#include "mizo/series.h"

#include <string.h>

/* Texts by number: numbers are small, and a table may have holes. */
#define X(name, number, text) [number] = text,
static const char *const quantities[] = { MIZO_QUANTITIES(X) };
static const char *const roles[] = { MIZO_ROLES(X) };
static const char *const qualities[] = { MIZO_QUALITIES(X) };
#undef X

enum {
    NQUANTITY = sizeof quantities / sizeof *quantities,
    NROLE = sizeof roles / sizeof *roles,
    NQUALITY = sizeof qualities / sizeof *qualities
};

const char *mizo_quantity_text(mizo_quantity q)
{
    return (size_t)q < NQUANTITY ? quantities[q] : NULL;
}

const char *mizo_role_text(mizo_role r)
{
    return (size_t)r < NROLE ? roles[r] : NULL;
}

const char *mizo_quality_text(mizo_quality q)
{
    return (size_t)q < NQUALITY ? qualities[q] : NULL;
}

mizo_err mizo_quantity_parse(const char *s, mizo_quantity *q)
{
    for (size_t i = 0; i < NQUANTITY; i++)
        if (quantities[i] && strcmp(s, quantities[i]) == 0) {
            *q = (mizo_quantity)i;
            return MIZO_OK;
        }
    return MIZO_ENOENT;
}

bool mizo_id_valid(const char *s, size_t n)
{
    if (n == 0 || n >= MIZO_ID_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}
