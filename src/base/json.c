/* json.c: writes JSON in order. */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/series.h"

void json_init(json *j, buf *out)
{
    *j = (json){ .out = out };
}

static void put_string(buf *b, const char *s)
{
    buf_char(b, '"');
    const char *from = s;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        buf_add(b, from, (size_t)(s - from));
        from = s + 1;
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_str(b, "\\n");
        else
            buf_printf(b, "\\u%04x", c);
    }
    buf_add(b, from, (size_t)(s - from));
    buf_char(b, '"');
}

/* The comma before a value, where one is due, and its key. */
static void begin(json *j, const char *key)
{
    if (j->need_comma)
        buf_char(j->out, ',');
    j->need_comma = 1;
    if (key) {
        put_string(j->out, key);
        buf_char(j->out, ':');
    }
}

static void open_one(json *j, const char *key, char mark, char end)
{
    begin(j, key);
    if (j->depth == (int)sizeof j->stack) {
        if (!j->out->err)
            j->out->err = MIZO_EFULL;
        return;
    }
    j->stack[j->depth++] = (unsigned char)end;
    j->need_comma = 0;
    buf_char(j->out, mark);
}

void json_object(json *j, const char *key)
{
    open_one(j, key, '{', '}');
}

void json_array(json *j, const char *key)
{
    open_one(j, key, '[', ']');
}

void json_end(json *j)
{
    if (j->depth == 0)
        return;
    buf_char(j->out, (char)j->stack[--j->depth]);
    j->need_comma = 1;
}

/* Decimal digits of v, ended by `end`; returns the first. Faster than printf. */
static char *digits(char *end, int64_t v)
{
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        *--end = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (v < 0)
        *--end = '-';
    return end;
}

static void put_int(buf *b, int64_t v)
{
    char text[24];
    char *p = digits(text + sizeof text, v);
    buf_add(b, p, (size_t)(text + sizeof text - p));
}

void json_int(json *j, const char *key, int64_t v)
{
    begin(j, key);
    put_int(j->out, v);
}

void json_raw(json *j, const char *key, const char *json_text)
{
    begin(j, key);
    buf_str(j->out, json_text);
}

void json_bool(json *j, const char *key, bool v)
{
    json_raw(j, key, v ? "true" : "false");
}

void json_null(json *j, const char *key)
{
    json_raw(j, key, "null");
}

void json_text(json *j, const char *key, const char *s)
{
    if (!s) {
        json_null(j, key);
        return;
    }
    begin(j, key);
    put_string(j->out, s);
}

void json_double(json *j, const char *key, double v)
{
    if (!isfinite(v)) {
        json_null(j, key);
        return;
    }
    char text[40];
    for (int digits_wanted = 1; digits_wanted <= 17; digits_wanted++) {
        snprintf(text, sizeof text, "%.*g", digits_wanted, v);
        if (strtod(text, NULL) == v)
            break;
    }
    /* Whole numbers that a double holds exactly are written without an exponent. */
    if (strchr(text, 'e') && fabs(v) < 1e15 && v == floor(v))
        snprintf(text, sizeof text, "%.0f", v);
    json_raw(j, key, text);
}

static void put_decimal(json *j, const char *key, int64_t v)
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(v, 6, text);
    json_text(j, key, text);
}

void json_yen(json *j, const char *key, mizo_uyen v)
{
    put_decimal(j, key, v);
}

void json_kg(json *j, const char *key, mizo_mg v)
{
    put_decimal(j, key, v);
}

void json_time(json *j, const char *key, mizo_ms t, int offset)
{
    char text[MIZO_INSTANT_TEXT];
    mizo_ms_text(t, offset, text);
    json_text(j, key, text);
}

void json_day(json *j, const char *key, mizo_day d)
{
    char text[MIZO_DATE_TEXT];
    mizo_day_text(d, text);
    json_text(j, key, text);
}

void json_ints(json *j, const char *key, const int32_t *v, int n)
{
    json_array(j, key);
    for (int i = 0; i < n; i++) {
        if (v[i] == MIZO_MISSING)
            json_null(j, NULL);
        else
            json_int(j, NULL, v[i]);
    }
    json_end(j);
}
