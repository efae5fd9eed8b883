/* json_read.c: see json_read.h. Grammar: RFC 8259. */
#include "base/json_read.h"

#include <string.h>

#include "base/text.h"
#include "mizo/number.h"

void json_read_init(json_reader *r, const char *bytes, size_t n)
{
    *r = (json_reader){ .p = bytes, .end = bytes + n, .line = 1, .column = 1 };
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        r->p += 3;
}

static mizo_err bad(json_reader *r, json_token *t, const char *what)
{
    if (!r->what)
        r->what = what;
    t->line = r->line;
    t->column = r->column;
    return MIZO_EINPUT;
}

/* One letter on. A second byte of a letter is no letter. */
static void step(json_reader *r)
{
    if (*r->p == '\n') {
        r->line++;
        r->column = 1;
    } else if (((unsigned char)*r->p & 0xc0) != 0x80) {
        r->column++;
    }
    r->p++;
}

static void skip_space(json_reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t'))
        step(r);
}

static bool at(const json_reader *r, char c)
{
    return r->p < r->end && *r->p == c;
}

/* ---- strings ---- */

typedef struct sink {
    char *p;
    size_t n, cap;
    bool cut;
} sink;

static void put(sink *s, const char *p, size_t n)
{
    if (s->cut || s->n + n >= s->cap) {
        s->cut = true;
        return;
    }
    memcpy(s->p + s->n, p, n);
    s->n += n;
    s->p[s->n] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hexadecimal digits; -1: they are none. */
static int32_t hex4(json_reader *r)
{
    int32_t v = 0;
    for (int i = 0; i < 4; i++) {
        int d = r->p < r->end ? hex_digit(*r->p) : -1;
        if (d < 0)
            return -1;
        v = v * 16 + d;
        step(r);
    }
    return v;
}

/* After \u. Two surrogates are one letter (section 7); one alone is none. */
static mizo_err read_unicode(json_reader *r, json_token *t, sink *s)
{
    int32_t cp = hex4(r);
    if (cp >= 0xd800 && cp < 0xdc00 && r->end - r->p >= 2 && r->p[0] == '\\' && r->p[1] == 'u') {
        step(r);
        step(r);
        int32_t low = hex4(r);
        cp = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00) : -1;
    }
    if (cp < 0 || (cp >= 0xd800 && cp < 0xe000))
        return bad(r, t, "\\u needs four hexadecimal digits of a letter");
    char text[4];
    put(s, text, utf8_put((uint32_t)cp, text));
    return MIZO_OK;
}

static mizo_err read_escape(json_reader *r, json_token *t, sink *s)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    step(r);
    const char *k = r->p < r->end && *r->p ? strchr(from, *r->p) : NULL;
    if (k) {
        put(s, &to[k - from], 1);
        step(r);
        return MIZO_OK;
    }
    if (!at(r, 'u'))
        return bad(r, t, "a letter after \\ that JSON does not know");
    step(r);
    return read_unicode(r, t, s);
}

static mizo_err read_string(json_reader *r, json_token *t, char *out, size_t cap)
{
    sink s = { out, 0, cap, false };
    out[0] = '\0';
    step(r);
    while (!at(r, '"')) {
        if (r->p == r->end)
            return bad(r, t, "the text ends within a string");
        if ((unsigned char)*r->p < 0x20)
            return bad(r, t, "a control letter within a string");
        if (*r->p == '\\') {
            MIZO_TRY(read_escape(r, t, &s));
            continue;
        }
        uint32_t cp;
        size_t n = utf8_get(r->p, (size_t)(r->end - r->p), &cp);
        if (n == 0)
            return bad(r, t, "bytes that are not UTF-8");
        put(&s, r->p, n);
        for (size_t i = 0; i < n; i++)
            step(r);
    }
    step(r);
    t->cut |= s.cut;
    return MIZO_OK;
}

/* ---- numbers and words ---- */

static size_t digits(const char *p, const char *end)
{
    size_t n = 0;
    while (p + n < end && p[n] >= '0' && p[n] <= '9')
        n++;
    return n;
}

/* Bytes of the number at p, 0: it is none (section 6). */
static size_t number_length(const char *p, const char *end)
{
    const char *from = p;
    p += p < end && *p == '-';
    size_t n = digits(p, end);
    if (n == 0 || (n > 1 && *p == '0'))
        return 0;
    p += n;
    if (p < end && *p == '.') {
        n = digits(p + 1, end);
        if (n == 0)
            return 0;
        p += 1 + n;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        n = digits(p, end);
        if (n == 0)
            return 0;
        p += n;
    }
    return (size_t)(p - from);
}

static mizo_err read_number(json_reader *r, json_token *t)
{
    size_t n = number_length(r->p, r->end);
    if (n == 0)
        return bad(r, t, "a value was expected");
    sink s = { t->text, 0, JSON_NUMBER_MOST, false };
    put(&s, r->p, n);
    if (s.cut)
        return bad(r, t, "a number of more than 255 letters");
    t->kind = JSON_NUMBER;
    r->p += n;
    r->column += (int)n;
    return MIZO_OK;
}

static mizo_err read_word(json_reader *r, json_token *t)
{
    static const struct word {
        const char *text;
        json_kind kind;
    } words[] = {
        {"true",   JSON_TRUE },
        { "false", JSON_FALSE},
        { "null",  JSON_NULL }
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i].text);
        if ((size_t)(r->end - r->p) < n || memcmp(r->p, words[i].text, n))
            continue;
        t->kind = words[i].kind;
        r->p += n;
        r->column += (int)n;
        return MIZO_OK;
    }
    return read_number(r, t);
}

/* ---- values ---- */

static mizo_err open_container(json_reader *r, json_token *t)
{
    if (r->depth == JSON_DEPTH)
        return bad(r, t, "more than 32 containers within one another");
    t->kind = *r->p == '{' ? JSON_OBJECT : JSON_ARRAY;
    r->open[r->depth++] = (unsigned char)*r->p;
    r->need_comma = false;
    step(r);
    return MIZO_OK;
}

static mizo_err read_value(json_reader *r, json_token *t)
{
    t->line = r->line;
    t->column = r->column;
    if (r->p == r->end)
        return bad(r, t, "the text ends where a value was expected");
    if (*r->p == '{' || *r->p == '[')
        return open_container(r, t);
    r->need_comma = true;
    if (*r->p != '"')
        return read_word(r, t);
    t->kind = JSON_STRING;
    return read_string(r, t, t->text, sizeof t->text);
}

static mizo_err read_key(json_reader *r, json_token *t)
{
    if (!at(r, '"'))
        return bad(r, t, "a name in quotes was expected");
    MIZO_TRY(read_string(r, t, t->key, sizeof t->key));
    t->has_key = true;
    skip_space(r);
    if (!at(r, ':'))
        return bad(r, t, "a colon was expected");
    step(r);
    skip_space(r);
    return MIZO_OK;
}

static mizo_err close_container(json_reader *r, json_token *t)
{
    t->kind = JSON_CLOSE;
    t->line = r->line;
    t->column = r->column;
    r->depth--;
    t->depth = r->depth;
    r->need_comma = true;
    step(r);
    return MIZO_OK;
}

static mizo_err read_member(json_reader *r, json_token *t)
{
    bool object = r->open[r->depth - 1] == '{';
    if (at(r, object ? '}' : ']'))
        return close_container(r, t);
    if (r->need_comma) {
        if (!at(r, ','))
            return bad(r, t, r->p == r->end ? "the text ends too early" : "a comma was expected");
        step(r);
        skip_space(r);
    }
    if (object)
        MIZO_TRY(read_key(r, t));
    return read_value(r, t);
}

mizo_err json_next(json_reader *r, json_token *t)
{
    t->kind = JSON_END;
    t->depth = r->depth;
    t->has_key = t->cut = false;
    t->key[0] = t->text[0] = '\0';
    if (r->what)
        return bad(r, t, r->what);
    skip_space(r);
    t->line = r->line;
    t->column = r->column;
    if (r->depth)
        return read_member(r, t);
    if (!r->done) {
        r->done = true;
        return read_value(r, t);
    }
    return r->p == r->end ? MIZO_OK : bad(r, t, "something follows the end");
}

mizo_err json_skip(json_reader *r, const json_token *t)
{
    if (t->kind != JSON_OBJECT && t->kind != JSON_ARRAY)
        return MIZO_OK;
    json_token in;
    do
        MIZO_TRY(json_next(r, &in));
    while (in.kind != JSON_CLOSE || in.depth > t->depth);
    return MIZO_OK;
}

bool json_take_text(const json_token *t, char *out, size_t cap)
{
    size_t n = strlen(t->text);
    if (t->kind != JSON_STRING || t->cut || n >= cap)
        return false;
    memcpy(out, t->text, n + 1);
    return true;
}

bool json_take_int(const json_token *t, int64_t *out)
{
    return t->kind == JSON_NUMBER && !mizo_decimal_parse(t->text, strlen(t->text), 0, out);
}

bool json_take_yen(const json_token *t, int64_t *uyen)
{
    return t->kind == JSON_STRING && !mizo_decimal_parse(t->text, strlen(t->text), 6, uyen);
}

bool json_take_day(const json_token *t, mizo_day *out)
{
    mizo_date d;
    if (t->kind != JSON_STRING || mizo_date_parse(t->text, strlen(t->text), &d))
        return false;
    *out = mizo_date_day(d);
    return true;
}

const char *json_kind_text(json_kind k)
{
    static const char *const text[] = { "the end", "an object", "an array", "the end of a container",
                                        "a text",  "a number",  "true",     "false",
                                        "null" };
    return text[k];
}
