/* query.c: see query.h. */
#include "server/query.h"

#include <string.h>

#include "base/text.h"
#include "mizo/series.h"

bool text_plain(const char *s, size_t n)
{
    if (!utf8_valid(s, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
            return false;
    return true;
}

mizo_err query_add(query *q, const char *s, size_t n)
{
    if (!text_plain(s, n))
        return MIZO_EINPUT;
    const char *eq = memchr(s, '=', n);
    size_t nname = eq ? (size_t)(eq - s) : n;
    size_t nvalue = eq ? n - nname - 1 : 0;
    if (nname == 0)
        return MIZO_EINPUT;
    if (nname >= QUERY_NAME || nvalue >= QUERY_VALUE || q->n == QUERY_PARAMS)
        return MIZO_EFULL;
    char name[QUERY_NAME];
    memcpy(name, s, nname);
    name[nname] = 0;
    if (query_get(q, name))
        return MIZO_EINPUT;
    memcpy(q->p[q->n].name, name, nname + 1);
    if (nvalue)
        memcpy(q->p[q->n].value, eq + 1, nvalue);
    q->p[q->n].value[nvalue] = 0;
    q->n++;
    return MIZO_OK;
}

const char *query_get(const query *q, const char *name)
{
    for (int i = 0; i < q->n; i++)
        if (strcmp(q->p[i].name, name) == 0)
            return q->p[i].value;
    return NULL;
}

const char *query_stranger(const query *q, const char *const *names, size_t n)
{
    for (int i = 0; i < q->n; i++) {
        size_t k = 0;
        while (k < n && strcmp(q->p[i].name, names[k]))
            k++;
        if (k == n)
            return q->p[i].name;
    }
    return NULL;
}

mizo_err query_int(const query *q, const char *name, int64_t least, int64_t most, int64_t *out)
{
    const char *s = query_get(q, name);
    if (!s)
        return MIZO_OK;
    size_t n = strlen(s);
    if (n == 0 || n > 18)
        return MIZO_EINPUT;
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return MIZO_EINPUT;
        v = v * 10 + (s[i] - '0');
    }
    if (v < least || v > most)
        return MIZO_ERANGE;
    *out = v;
    return MIZO_OK;
}

mizo_err query_day(const query *q, const char *name, mizo_day *out)
{
    const char *s = query_get(q, name);
    mizo_date d;
    if (!s || mizo_date_parse(s, strlen(s), &d) || !mizo_date_valid(d))
        return MIZO_EINPUT;
    *out = mizo_date_day(d);
    return MIZO_OK;
}

bool path_match(const char *pattern, const char *path, api_ids *ids)
{
    while (*pattern) {
        bool id = strncmp(pattern, "{id}", 4) == 0, kind = strncmp(pattern, "{kind}", 6) == 0;
        if (id || kind) {
            size_t n = strcspn(path, "/");
            char *out = id ? ids->id : ids->kind;
            if (n > 40 || !mizo_id_valid(path, n))
                return false;
            memcpy(out, path, n);
            out[n] = 0;
            pattern += id ? 4 : 6;
            path += n;
            continue;
        }
        if (*pattern != *path)
            return false;
        pattern++;
        path++;
    }
    return *path == 0;
}
