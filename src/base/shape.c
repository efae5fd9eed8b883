/* shape.c: see shape.h. */
#include "base/shape.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/json_read.h"
#include "base/text.h"
#include "mizo/messages/account.h"
#include "mizo/series.h"

typedef struct shaping {
    const shape_field *rows;
    size_t nrows;
    const char *place;
    mizo_diags *d;
    json_reader r;
    json_token t;
    bool bad;
    bool seen[SHAPE_FIELDS];
} shaping;

#define SAY(s, id, ...)                                                                                      \
    ((s)->bad = true, mizo_diag_add((s)->d, MIZO_MSG_##id, MIZO_AT((s)->place, (s)->t.line, (s)->t.column),  \
                                    __VA_ARGS__, (const char *)NULL))

static void *field_at(const shape_field *f, void *into)
{
    return (char *)into + f->offset;
}

/* ---- texts for messages ---- */

static void list_words(const char *const *words, char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (; *words && n < cap; words++)
        n += (size_t)snprintf(out + n, cap - n, "%s%s", n ? ", " : "", *words);
}

static void list_fields(const shaping *s, char *out, size_t cap)
{
    const char *names[SHAPE_FIELDS + 1] = { NULL };
    for (size_t i = 0; i < s->nrows; i++)
        names[i] = s->rows[i].name;
    list_words(names, out, cap);
}

static const char *wanted_text(shape_kind k)
{
    static const char *const text[] = { "a text",           "a text",        "a text",
                                        "a whole number",   "true or false", "a day as a text",
                                        "an array of words" };
    return text[k];
}

static void say_kind(shaping *s, const shape_field *f)
{
    SAY(s, SHAPE_KIND, f->name, wanted_text(f->kind), json_kind_text(s->t.kind));
}

static void say_length(shaping *s, const shape_field *f, int64_t letters)
{
    char least[24], most[24], has[24];
    snprintf(least, sizeof least, "%" PRId64, f->least);
    snprintf(most, sizeof most, "%" PRId64, f->most);
    snprintf(has, sizeof has, "%" PRId64, letters);
    SAY(s, SHAPE_LENGTH, f->name, least, most, has);
}

/* ---- one value each ---- */

static int64_t count_letters(const char *text)
{
    int64_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static bool has_control(const char *text, bool lines)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && !(lines && *text == '\n')) || *text == 0x7f)
            return true;
    return false;
}

static int find_word(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static void say_word(shaping *s, const shape_field *f)
{
    char all[400];
    list_words(f->words, all, sizeof all);
    SAY(s, SHAPE_WORD, f->name, s->t.text, all);
}

static void take_text(shaping *s, const shape_field *f, char *out)
{
    size_t n = strlen(s->t.text);
    int64_t letters = count_letters(s->t.text);
    if (f->words && find_word(f->words, s->t.text) < 0)
        say_word(s, f);
    else if (!f->words && (letters < f->least || letters > f->most))
        say_length(s, f, letters);
    else if (s->t.cut || n >= f->cap || has_control(s->t.text, f->kind == SHAPE_LINES))
        SAY(s, SHAPE_LETTERS, f->name);
    else
        memcpy(out, s->t.text, n + 1);
}

static void take_id(shaping *s, const shape_field *f, char *out)
{
    size_t n = strlen(s->t.text);
    if (s->t.cut || n >= f->cap || !mizo_id_valid(s->t.text, n))
        SAY(s, SHAPE_ID, f->name, s->t.text);
    else
        memcpy(out, s->t.text, n + 1);
}

static void take_int(shaping *s, const shape_field *f, int64_t *out)
{
    char least[24], most[24];
    int64_t v = 0;
    bool whole = mizo_decimal_parse(s->t.text, strlen(s->t.text), 0, &v) == MIZO_OK;
    if (whole && v >= f->least && v <= f->most) {
        *out = v;
        return;
    }
    snprintf(least, sizeof least, "%" PRId64, f->least);
    snprintf(most, sizeof most, "%" PRId64, f->most);
    SAY(s, SHAPE_RANGE, f->name, least, most, s->t.text);
}

static void take_day(shaping *s, const shape_field *f, mizo_day *out)
{
    mizo_date date;
    if (s->t.cut || mizo_date_parse(s->t.text, strlen(s->t.text), &date) || !mizo_date_valid(date))
        SAY(s, SHAPE_DAY, f->name, s->t.text);
    else
        *out = mizo_date_day(date);
}

/* What stands within an array is read to its end, right or wrong. */
static mizo_err take_words(shaping *s, const shape_field *f, unsigned *out)
{
    int64_t n = 0;
    for (;;) {
        MIZO_TRY(json_next(&s->r, &s->t));
        if (s->t.kind == JSON_CLOSE)
            break;
        int i = s->t.kind == JSON_STRING ? find_word(f->words, s->t.text) : -1;
        if (s->t.kind != JSON_STRING) {
            say_kind(s, f);
            MIZO_TRY(json_skip(&s->r, &s->t));
        } else if (i < 0) {
            say_word(s, f);
        } else {
            *out |= 1u << i;
        }
        n++;
    }
    char least[24];
    snprintf(least, sizeof least, "%" PRId64, f->least);
    if (n < f->least)
        SAY(s, SHAPE_FEW, f->name, least);
    return MIZO_OK;
}

static json_kind kind_of(shape_kind k)
{
    return k == SHAPE_INT ? JSON_NUMBER : k == SHAPE_WORDS ? JSON_ARRAY : JSON_STRING;
}

static mizo_err take_value(shaping *s, const shape_field *f, void *into)
{
    void *at = field_at(f, into);
    bool truth = s->t.kind == JSON_TRUE || s->t.kind == JSON_FALSE;
    if (f->kind == SHAPE_BOOL && truth) {
        *(bool *)at = s->t.kind == JSON_TRUE;
        return MIZO_OK;
    }
    if (f->kind == SHAPE_BOOL || s->t.kind != kind_of(f->kind)) {
        say_kind(s, f);
        return json_skip(&s->r, &s->t);
    }
    switch (f->kind) {
    case SHAPE_WORDS:
        return take_words(s, f, at);
    case SHAPE_INT:
        take_int(s, f, at);
        break;
    case SHAPE_DAY:
        take_day(s, f, at);
        break;
    case SHAPE_ID:
        take_id(s, f, at);
        break;
    default:
        take_text(s, f, at);
    }
    return MIZO_OK;
}

/* ---- the object ---- */

static void set_nothing(const shape_field *f, void *into)
{
    static const size_t size[] = {
        [SHAPE_INT] = sizeof(int64_t), [SHAPE_BOOL] = sizeof(bool), [SHAPE_WORDS] = sizeof(unsigned)
    };
    void *at = field_at(f, into);
    if (f->kind == SHAPE_DAY)
        *(mizo_day *)at = MIZO_DAY_NONE;
    else if (f->kind == SHAPE_TEXT || f->kind == SHAPE_LINES || f->kind == SHAPE_ID)
        memset(at, 0, f->cap);
    else
        memset(at, 0, size[f->kind]);
}

static mizo_err take_member(shaping *s, void *into)
{
    size_t i = 0;
    while (i < s->nrows && strcmp(s->rows[i].name, s->t.key))
        i++;
    if (i == s->nrows) {
        char all[600];
        list_fields(s, all, sizeof all);
        SAY(s, SHAPE_UNKNOWN, s->t.key, all);
        return json_skip(&s->r, &s->t);
    }
    if (s->seen[i]) {
        SAY(s, SHAPE_TWICE, s->t.key);
        return json_skip(&s->r, &s->t);
    }
    s->seen[i] = true;
    return take_value(s, &s->rows[i], into);
}

static mizo_err read_members(shaping *s, void *into)
{
    MIZO_TRY(json_next(&s->r, &s->t));
    if (s->t.kind != JSON_OBJECT) {
        SAY(s, SHAPE_OBJECT, json_kind_text(s->t.kind));
        return MIZO_OK;
    }
    for (;;) {
        MIZO_TRY(json_next(&s->r, &s->t));
        if (s->t.kind == JSON_CLOSE)
            break;
        MIZO_TRY(take_member(s, into));
    }
    for (size_t i = 0; i < s->nrows; i++)
        if (s->rows[i].needed && !s->seen[i])
            SAY(s, SHAPE_MISSING, s->rows[i].name);
    return json_next(&s->r, &s->t); /* the end, or what should not follow it */
}

mizo_err shape_read(const shape_field *rows, size_t nrows, const char *text, size_t n, const char *place,
                    void *into, mizo_diags *d)
{
    shaping s = { .rows = rows, .nrows = nrows, .place = place, .d = d };
    for (size_t i = 0; i < nrows; i++)
        set_nothing(&rows[i], into);
    json_read_init(&s.r, text, n);
    if (read_members(&s, into))
        SAY(&s, SHAPE_JSON, s.r.what);
    bool bad = s.bad;
    sodium_memzero(&s, sizeof s);
    return bad ? MIZO_EINPUT : MIZO_OK;
}

/* ---- writing ---- */

static void write_words(const shape_field *f, unsigned set, json *j)
{
    json_array(j, f->name);
    for (int i = 0; f->words[i]; i++)
        if (set & 1u << i)
            json_text(j, NULL, f->words[i]);
    json_end(j);
}

void shape_write(const shape_field *rows, size_t nrows, const void *from, json *j)
{
    for (size_t i = 0; i < nrows; i++) {
        const shape_field *f = &rows[i];
        const void *at = (const char *)from + f->offset;
        if (f->kind == SHAPE_INT) {
            json_int(j, f->name, *(const int64_t *)at);
        } else if (f->kind == SHAPE_BOOL) {
            json_bool(j, f->name, *(const bool *)at);
        } else if (f->kind == SHAPE_WORDS) {
            write_words(f, *(const unsigned *)at, j);
        } else if (f->kind == SHAPE_DAY) {
            if (*(const mizo_day *)at != MIZO_DAY_NONE)
                json_day(j, f->name, *(const mizo_day *)at);
        } else if (f->needed || *(const char *)at) {
            json_text(j, f->name, at);
        }
    }
}
