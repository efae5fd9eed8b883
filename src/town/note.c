/* note.c: see note.h. */
#include "town/note.h"

#include <stdio.h>
#include <string.h>

#include "base/figure.h"
#include "base/json_read.h"
#include "base/text.h"
#include "mizo/messages/city.h"
#include "mizo/messages/duty.h"

enum { RECORD_MOST = NOTE_FIELDS * (NOTE_TEXT * 2 + 64), PLACES = 6 };

/* ---- fields ---- */

static int field_of(const note_kind *k, const char *name)
{
    for (int i = 0; i < NOTE_FIELDS && k->field[i].name; i++)
        if (strcmp(k->field[i].name, name) == 0)
            return i;
    return -1;
}

void note_begin(note *n, const note_kind *kind, const char *id)
{
    memset(n, 0, sizeof *n);
    n->kind = kind;
    (void)snprintf(n->id, sizeof n->id, "%s", id ? id : "");
}

/* A text that is too long is kept as one that no check lets pass: cut, it would say something else. */
void note_set(note *n, const char *field, const char *value)
{
    int i = field_of(n->kind, field);
    if (i < 0 || !value)
        return;
    size_t len = strlen(value);
    if (len >= NOTE_TEXT) {
        value = "\n";
        len = 1;
    }
    memcpy(n->value[i], value, len + 1);
}

void note_set_day(note *n, const char *field, mizo_day day)
{
    char text[MIZO_DATE_TEXT] = "";
    if (day != MIZO_DAY_NONE)
        mizo_day_text(day, text);
    note_set(n, field, text);
}

const char *note_get(const note *n, const char *field)
{
    int i = field_of(n->kind, field);
    return i < 0 ? "" : n->value[i];
}

mizo_day note_day(const note *n, const char *field)
{
    const char *s = note_get(n, field);
    mizo_date d;
    return *s && !mizo_date_parse(s, strlen(s), &d) ? mizo_date_day(d) : MIZO_DAY_NONE;
}

int64_t note_number(const note *n, const char *field, int digits, mizo_round how)
{
    int64_t v = 0, ten = 1;
    const char *s = note_get(n, field);
    if (!*s || mizo_decimal_parse(s, strlen(s), PLACES, &v))
        return 0;
    for (int i = digits; i < PLACES; i++)
        ten *= 10;
    return mizo_div_round(v, ten, how);
}

/* ---- checking ---- */

static bool one_line(const char *s)
{
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return false;
    return utf8_valid(s, strlen(s));
}

static bool good(const note_field *f, const char *s)
{
    mizo_date d;
    int64_t v;
    int fy;
    switch (f->type) {
    case NOTE_WORD:
        return mizo_id_valid(s, strlen(s));
    case NOTE_DAY:
        return mizo_date_parse(s, strlen(s), &d) == MIZO_OK;
    case NOTE_YES:
        return strcmp(s, "yes") == 0;
    case NOTE_NUMBER:
        return mizo_decimal_parse(s, strlen(s), PLACES, &v) == MIZO_OK;
    case NOTE_YEAR:
        return mizo_fy_parse(s, strlen(s), &fy) == MIZO_OK;
    default:
        return one_line(s);
    }
}

int note_era_overrun(const char *s)
{
    char year[64];
    size_t at = 0;
    figure f;
    (void)snprintf(year, sizeof year, "%.40s%s", s, strstr(s, "年度") ? "" : "年度");
    return !figure_next(year, strlen(year), &at, &f) && f.kind == FIGURE_YEAR ? f.year : 0;
}

void note_say_era(const town *t, const char *said, int fy, mizo_place at)
{
    char ja[FIGURE_FY_TEXT], en[FIGURE_FY_TEXT];
    figure_fy_text(fy, "ja", ja);
    figure_fy_text(fy, "en", en);
    MIZO_DIAG(t->diags, CITY_ERA, at, said, en, ja);
}

static const struct {
    const char *en, *ja;
} expected[] = {
    [NOTE_LINE] = {"one line of at most 1199 bytes",                      "1行の文(1199バイトまで)"                              },
    [NOTE_WORD] = { "an id: a-z, 0-9 and -, at most 40",                  "識別子(英小文字・数字・ハイフン、40字まで)"},
    [NOTE_DAY] = { "a day: 2023-04-01, R5.4.1",                          "日付(2023-04-01、R5.4.1など)"                            },
    [NOTE_YES] = { "yes",                                                "yes"                                                          },
    [NOTE_NUMBER] = { "a number with at most 6 decimals, without its unit", "数値(小数は6桁まで、単位なし)"                   },
    [NOTE_YEAR] = { "a fiscal year: 2023, R5",                            "年度(2023、R5など)"                                      }
};

static void say_field(const town *t, const note *n, const char *name, note_type type, const char *value,
                      mizo_place at)
{
    const char *of = *n->id && mizo_id_valid(n->id, strlen(n->id)) ? n->id : n->kind->name;
    int would_be = type == NOTE_YEAR ? note_era_overrun(value) : 0;
    if (would_be)
        note_say_era(t, value, would_be, at);
    else if (*value)
        MIZO_DIAG(t->diags, NOTE_FIELD, at, of, name, one_line(value) ? value : "…", expected[type].en,
                  expected[type].ja);
    else
        MIZO_DIAG(t->diags, NOTE_BLANK, at, of, name, expected[type].en, expected[type].ja);
}

mizo_err note_check(const town *t, const note *n, mizo_place at, const int *column, const char *but)
{
    bool bad = !mizo_id_valid(n->id, strlen(n->id));
    if (bad)
        say_field(t, n, "id", NOTE_WORD, n->id, at);
    for (int i = 0; i < NOTE_FIELDS && n->kind->field[i].name; i++) {
        const note_field *f = &n->kind->field[i];
        bool blank = !n->value[i][0];
        if ((blank ? !f->needed : good(f, n->value[i])) || (but && strcmp(but, f->name) == 0))
            continue;
        bad = true;
        at.column = column ? column[i] : 0;
        say_field(t, n, f->name, f->type, n->value[i], at);
    }
    return bad ? MIZO_EINPUT : MIZO_OK;
}

/* ---- writing ---- */

mizo_err note_put_open(town *t, const note *n)
{
    MIZO_TRY(note_check(t, n, MIZO_NOWHERE, NULL, NULL));
    buf b;
    json j;
    bool changed;
    buf_init(&b, RECORD_MOST);
    json_init(&j, &b);
    json_object(&j, NULL);
    for (int i = 0; i < NOTE_FIELDS && n->kind->field[i].name; i++)
        if (n->value[i][0])
            json_text(&j, n->kind->field[i].name, n->value[i]);
    json_end(&j);
    buf_char(&b, '\0');
    mizo_err e = b.err;
    if (!e)
        e = t->store->ops->record_put(t->store, n->kind->name, n->id, b.p, &changed);
    buf_fini(&b);
    return e;
}

mizo_err note_put(town *t, const note *n, const char *actor)
{
    MIZO_TRY(note_check(t, n, MIZO_NOWHERE, NULL, NULL));
    store_batch b = { .known = town_now(t), .actor = actor, .source = n->kind->name, .note = "" };
    MIZO_TRY(t->store->ops->batch_begin(t->store, &b));
    mizo_err e = note_put_open(t, n);
    if (!e)
        return t->store->ops->batch_commit(t->store);
    t->store->ops->batch_rollback(t->store);
    return e;
}

/* ---- reading ---- */

/* Members that the kind does not know (of a later program) are passed by. */
static mizo_err parse(const char *text, note *n)
{
    json_reader r;
    json_token k;
    json_read_init(&r, text, strlen(text));
    while (!json_next(&r, &k) && k.kind != JSON_END) {
        if (k.depth == 0 && k.kind == JSON_OBJECT)
            continue;
        if (k.kind == JSON_STRING && k.depth == 1 && !k.cut)
            note_set(n, k.key, k.text);
        else if (json_skip(&r, &k))
            return MIZO_ESTORE;
    }
    return r.what ? MIZO_ESTORE : MIZO_OK;
}

typedef struct scan {
    const note_kind *kind;
    mizo_err (*fn)(void *arg, const note *n);
    void *arg;
    store *s;
    note n;
    int64_t found;
} scan;

static mizo_err on_batch(void *arg, const store_batch *b)
{
    note *n = arg;
    if (b->id == n->batch) {
        (void)snprintf(n->actor, sizeof n->actor, "%s", b->actor);
        n->at = b->known;
    }
    return MIZO_ECANCELED; /* the one is enough */
}

static mizo_err on_record(void *arg, const store_record *r)
{
    scan *x = arg;
    note_begin(&x->n, x->kind, r->id);
    x->n.version = r->version;
    x->n.batch = r->batch;
    MIZO_TRY(parse(r->json, &x->n));
    mizo_err e = x->s->ops->batch_scan(x->s, r->batch - 1, on_batch, &x->n);
    if (e && e != MIZO_ECANCELED)
        return e;
    x->found++;
    return x->fn ? x->fn(x->arg, &x->n) : MIZO_OK;
}

mizo_err note_find(town *t, const note_kind *kind, const char *id, note *out)
{
    scan x = { .kind = kind, .s = t->store };
    mizo_err e = t->store->ops->record_scan(t->store, kind->name, id, on_record, &x);
    if (e)
        return e;
    *out = x.n;
    return x.found ? MIZO_OK : MIZO_ENOENT;
}

mizo_err note_scan(town *t, const note_kind *kind, mizo_err (*fn)(void *arg, const note *n), void *arg)
{
    scan x = { .kind = kind, .fn = fn, .arg = arg, .s = t->store };
    mizo_err e = t->store->ops->record_scan(t->store, kind->name, NULL, on_record, &x);
    return e == MIZO_ENOENT && !x.found ? MIZO_OK : e;
}

typedef struct last_id {
    const char *prefix;
    long most;
} last_id;

static mizo_err look_id(void *arg, const note *n)
{
    last_id *x = arg;
    size_t len = strlen(x->prefix);
    long v = 0;
    if (strncmp(n->id, x->prefix, len) == 0 && n->id[len] == '-')
        for (const char *p = n->id + len + 1; *p >= '0' && *p <= '9' && v < 1000000000; p++)
            v = v * 10 + *p - '0';
    x->most = v > x->most ? v : x->most;
    return MIZO_OK;
}

mizo_err note_next_id(town *t, const note_kind *kind, const char *prefix, char out[MIZO_ID_MAX])
{
    last_id x = { .prefix = prefix };
    MIZO_TRY(note_scan(t, kind, look_id, &x));
    (void)snprintf(out, MIZO_ID_MAX, "%s-%04ld", prefix, x.most + 1);
    return MIZO_OK;
}

void note_json(const note *n, int offset, json *j)
{
    json_text(j, "id", n->id);
    for (int i = 0; i < NOTE_FIELDS && n->kind->field[i].name; i++)
        json_text(j, n->kind->field[i].name, n->value[i][0] ? n->value[i] : NULL);
    json_int(j, "version", n->version);
    json_text(j, "who", n->actor);
    json_time(j, "at", n->at, offset);
}
