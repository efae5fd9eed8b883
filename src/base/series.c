/* series.c: the names of quantities, roles and qualities. The packed form is in block.c. */
#include "mizo/series.h"

#include <string.h>

const char *mizo_quantity_text(mizo_quantity q)
{
    switch (q) {
#define X(name, number, text)                                                                                \
    case MIZO_Q_##name:                                                                                      \
        return text;
        MIZO_QUANTITIES(X)
#undef X
    }
    return NULL;
}

mizo_err mizo_quantity_parse(const char *s, mizo_quantity *q)
{
#define X(name, number, text)                                                                                \
    if (strcmp(s, text) == 0) {                                                                              \
        *q = MIZO_Q_##name;                                                                                  \
        return MIZO_OK;                                                                                      \
    }
    MIZO_QUANTITIES(X)
#undef X
    return MIZO_ENOENT;
}

const char *mizo_quality_text(mizo_quality q)
{
    switch (q) {
#define X(name, number, text)                                                                                \
    case MIZO_QUALITY_##name:                                                                                \
        return text;
        MIZO_QUALITIES(X)
#undef X
    }
    return NULL;
}

const char *mizo_role_text(mizo_role r)
{
    switch (r) {
#define X(name, number, text)                                                                                \
    case MIZO_ROLE_##name:                                                                                   \
        return text;
        MIZO_ROLES(X)
#undef X
    }
    return NULL;
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
