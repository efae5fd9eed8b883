/* flat.c: see flat.h. */
#include "town/flat.h"

#include <stdio.h>
#include <string.h>

#include "base/json_read.h"
#include "mizo/number.h"

static mizo_err find(const char *json, const char *key, json_token *t)
{
    json_reader r;
    json_read_init(&r, json, strlen(json));
    while (json_next(&r, t) == MIZO_OK && t->kind != JSON_END)
        if (t->depth == 1 && t->has_key && strcmp(t->key, key) == 0)
            return MIZO_OK;
    return MIZO_ENOENT;
}

mizo_err flat_text(const char *json, const char *key, char *out, size_t cap)
{
    json_token t;
    MIZO_TRY(find(json, key, &t));
    if (t.kind != JSON_STRING || strlen(t.text) >= cap)
        return MIZO_ENOENT;
    snprintf(out, cap, "%s", t.text);
    return MIZO_OK;
}

mizo_err flat_int(const char *json, const char *key, int64_t *out)
{
    json_token t;
    MIZO_TRY(find(json, key, &t));
    return t.kind == JSON_NUMBER && mizo_decimal_parse(t.text, strlen(t.text), 0, out) == MIZO_OK
               ? MIZO_OK
               : MIZO_ENOENT;
}

mizo_err flat_day(const char *json, const char *key, mizo_day *out)
{
    char text[MIZO_DATE_TEXT];
    mizo_date d;
    MIZO_TRY(flat_text(json, key, text, sizeof text));
    MIZO_TRY(mizo_date_parse(text, strlen(text), &d));
    *out = mizo_date_day(d);
    return MIZO_OK;
}
