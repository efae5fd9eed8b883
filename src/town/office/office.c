/* office.c: the kinds, their lists, what must hold of a row, and a row by a line of words. */
#include "town/office/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/inventory.h"
#include "mizo/messages/yearly.h"
#include "town/office/entries.h"
#include "town/office/lists.h"
#include "town/office/office_inner.h"
#include "town/office/talk.h"

/* clang-format off */
const note_kind office_kinds[] = {
    { "recruit",
      { { "name", NOTE_LINE, true }, { "stage", NOTE_WORD, true }, { "invited", NOTE_DAY, false },
        { "visited", NOTE_DAY, false }, { "potential_kwh", NOTE_NUMBER, false }, { "potential_kw", NOTE_NUMBER, false },
        { "by", NOTE_LINE, false }, { "next", NOTE_LINE, false }, { "next_day", NOTE_DAY, false },
        { "proposal", NOTE_LINE, false }, { "objection", NOTE_LINE, false }, { "source", NOTE_LINE, false } } },
    { "saving",
      { { "measure", NOTE_LINE, true }, { "facility", NOTE_WORD, true }, { "before_kwh", NOTE_NUMBER, true },
        { "after_kwh", NOTE_NUMBER, true }, { "method", NOTE_LINE, true }, { "first_fy", NOTE_YEAR, true },
        { "last_fy", NOTE_YEAR, true }, { "evidence", NOTE_LINE, true }, { "note", NOTE_LINE, false } } },
    { "finding",
      { { "facility", NOTE_WORD, true }, { "seen", NOTE_LINE, true }, { "seen_on", NOTE_DAY, true },
        { "analysed", NOTE_LINE, false }, { "act", NOTE_LINE, false }, { "acted", NOTE_DAY, false },
        { "checked", NOTE_DAY, false }, { "result", NOTE_LINE, false }, { "expected_kwh", NOTE_NUMBER, false },
        { "saving", NOTE_WORD, false }, { "by", NOTE_LINE, false }, { "note", NOTE_LINE, false } } },
    { "grant",
      { { "title", NOTE_LINE, true }, { "what", NOTE_WORD, true }, { "facility", NOTE_WORD, false },
        { "by", NOTE_LINE, false }, { "fy", NOTE_YEAR, true }, { "cost_yen", NOTE_NUMBER, true },
        { "asked_yen", NOTE_NUMBER, false }, { "award_yen", NOTE_NUMBER, false }, { "spent_yen", NOTE_NUMBER, false },
        { "awarded", NOTE_DAY, false }, { "start", NOTE_DAY, false }, { "finish", NOTE_DAY, false },
        { "saved_kg", NOTE_NUMBER, false } } },
    { "grant-asset",
      { { "grant", NOTE_WORD, true }, { "asset", NOTE_WORD, true }, { "facility", NOTE_WORD, false },
        { "acquired", NOTE_DAY, true }, { "cost_yen", NOTE_NUMBER, true }, { "grant_yen", NOTE_NUMBER, true },
        { "keep_years", NOTE_NUMBER, false }, { "disposed", NOTE_DAY, false }, { "returned_yen", NOTE_NUMBER, false },
        { "tax_credit_yen", NOTE_NUMBER, false }, { "tax_returned_yen", NOTE_NUMBER, false },
        { "ppa_before", NOTE_NUMBER, false }, { "ppa_price", NOTE_NUMBER, false }, { "ppa_kwh", NOTE_NUMBER, false },
        { "other_subsidy", NOTE_LINE, false }, { "note", NOTE_LINE, false } } },
    { "measure",
      { { "title", NOTE_LINE, true }, { "what", NOTE_WORD, true }, { "facility", NOTE_WORD, false },
        { "by", NOTE_LINE, false }, { "from", NOTE_DAY, false }, { "to", NOTE_DAY, false },
        { "count", NOTE_NUMBER, false }, { "unit", NOTE_LINE, false }, { "saved_kg", NOTE_NUMBER, false },
        { "factor", NOTE_LINE, false }, { "source", NOTE_LINE, false } } },
    { "evaluation",
      { { "node", NOTE_WORD, true }, { "fy", NOTE_YEAR, true }, { "status", NOTE_LINE, true },
        { "direction", NOTE_LINE, true }, { "reason", NOTE_LINE, true }, { "way", NOTE_LINE, true },
        { "by", NOTE_LINE, false }, { "source", NOTE_LINE, false } } },
    { "progress",
      { { "of", NOTE_WORD, true }, { "fy", NOTE_YEAR, true }, { "aim", NOTE_LINE, false }, { "done", NOTE_LINE, false },
        { "gained", NOTE_LINE, false }, { "issue", NOTE_LINE, false }, { "next", NOTE_LINE, false },
        { "status", NOTE_WORD, false }, { "source", NOTE_LINE, true } } },
    { "target",
      { { "indicator", NOTE_WORD, true }, { "fy", NOTE_YEAR, true }, { "value", NOTE_LINE, true },
        { "rule", NOTE_WORD, true }, { "decided", NOTE_DAY, true }, { "reason", NOTE_LINE, true },
        { "source", NOTE_LINE, true } } },
    { "member",
      { { "register", NOTE_WORD, true }, { "number", NOTE_NUMBER, false }, { "name", NOTE_LINE, true },
        { "name_en", NOTE_LINE, false }, { "part", NOTE_LINE, false }, { "share", NOTE_NUMBER, false },
        { "amount", NOTE_NUMBER, false }, { "unit", NOTE_LINE, false }, { "place", NOTE_LINE, false },
        { "owner", NOTE_LINE, false }, { "status", NOTE_LINE, false }, { "from", NOTE_DAY, true },
        { "to", NOTE_DAY, false }, { "source", NOTE_LINE, true } } },
    { "home-pv",
      { { "fy", NOTE_YEAR, true }, { "received", NOTE_DAY, false }, { "state", NOTE_WORD, true },
        { "kw", NOTE_NUMBER, true }, { "battery_kwh", NOTE_NUMBER, false }, { "yen", NOTE_NUMBER, false },
        { "ward", NOTE_LINE, false }, { "count", NOTE_NUMBER, false }, { "source", NOTE_LINE, false },
        { "note", NOTE_LINE, false } } },
    { "ordinance-report",
      { { "firm", NOTE_WORD, true }, { "inventory", NOTE_WORD, true }, { "line", NOTE_WORD, true },
        { "fy", NOTE_YEAR, true }, { "amount", NOTE_NUMBER, true }, { "unit", NOTE_LINE, true },
        { "received", NOTE_DAY, false }, { "source", NOTE_LINE, true }, { "note", NOTE_LINE, false } } },
    { .name = NULL },
};
/* clang-format on */

const note_kind *office_kind(const char *name)
{
    for (const note_kind *k = office_kinds; k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

town_act office_act(const note_kind *k)
{
    for (int i = 0; i < NOTE_FIELDS && k->field[i].name; i++)
        if (strcmp(k->field[i].name, "facility") == 0)
            return ACT_ENTER;
    return ACT_RECORD;
}

void office_kind_words(buf *out)
{
    for (const note_kind *k = office_kinds; k->name; k++)
        buf_printf(out, "%s%s", k == office_kinds ? "" : ", ", k->name);
}

const char *office_facility_name(const mizo_region *r, const char *id, bool ja)
{
    mizo_ref f = mizo_region_facility(r, id);
    if (f < 0)
        return id;
    return ja || !*r->facility[f].name_en ? r->facility[f].name_ja : r->facility[f].name_en;
}

/* ---- lists ---- */

typedef struct listing {
    const town *t;
    const note_kind *k;
    const actor *who;
    report *r;
} listing;

bool office_reaches(const town *t, const actor *who, const note *n)
{
    const char *f = note_get(n, "facility");
    return !who || actor_reaches(who, t->region, *f ? mizo_region_facility(t->region, f) : -1);
}

static mizo_err list_row(void *arg, const note *n)
{
    listing *x = arg;
    if (!office_reaches(x->t, x->who, n))
        return MIZO_OK;
    report_cell_text(x->r, n->id);
    for (int i = 0; i < NOTE_FIELDS && x->k->field[i].name; i++) {
        int64_t v;
        bool number = x->k->field[i].type == NOTE_NUMBER;
        if (number && mizo_decimal_parse(n->value[i], strlen(n->value[i]), 6, &v) == MIZO_OK)
            report_cell_scaled(x->r, v, 6, v % 1000000 ? 3 : 0);
        else
            report_cell_text(x->r, n->value[i]);
    }
    return MIZO_OK;
}

mizo_err office_list(town *t, const note_kind *k, const actor *who, const char *lang, report **out)
{
    report_column c[NOTE_FIELDS + 1] = { { .title = list_word("id", lang) } };
    int n = 1;
    for (int i = 0; i < NOTE_FIELDS && k->field[i].name; i++)
        c[n++] = (report_column){ .title = list_word(k->field[i].name, lang),
                                  .align = k->field[i].type == NOTE_NUMBER ? REPORT_RIGHT : REPORT_LEFT };
    listing x = { t, k, who,
                  report_new(&(report_head){
                      .title = list_title(k->name, lang), .lang = lang, .landscape = true }) };
    if (!x.r)
        return MIZO_ENOMEM;
    report_columns(x.r, NULL, c, n);
    mizo_err e = note_scan(t, k, list_row, &x);
    e = e ? e : report_done(x.r);
    if (e) {
        report_free(x.r);
        return e;
    }
    *out = x.r;
    return MIZO_OK;
}

/* ---- what must hold beyond a field by itself ---- */

static bool facility_known(const town *t, const note *n)
{
    const char *f = note_get(n, "facility");
    return !*f || mizo_region_facility(t->region, f) >= 0;
}

static bool stage_known(const note *n)
{
    if (strcmp(n->kind->name, "recruit") != 0)
        return true;
    for (int i = 0; i < TALK_STAGES; i++)
        if (strcmp(note_get(n, "stage"), talk_stages[i]) == 0)
            return true;
    return false;
}

/* An application for the home-PV subsidy. */
static bool state_known(const note *n)
{
    static const char *const states[] = { "applied", "awarded", "paid", "withdrawn" };
    if (strcmp(n->kind->name, "home-pv") != 0)
        return true;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(note_get(n, "state"), states[i]) == 0)
            return true;
    return false;
}

/* A finding moves on: it is seen, acted upon, checked. */
static bool steps_in_order(const note *n)
{
    static const char *const step[] = { "seen_on", "acted", "checked" };
    mizo_day before = MIZO_DAY_NONE;
    for (int i = 0; i < 3 && strcmp(n->kind->name, "finding") == 0; i++) {
        mizo_day d = note_day(n, step[i]);
        if (d != MIZO_DAY_NONE && before != MIZO_DAY_NONE && d < before)
            return false;
        if (i == 2 && d != MIZO_DAY_NONE && note_day(n, "acted") == MIZO_DAY_NONE)
            return false;
        before = d == MIZO_DAY_NONE ? before : d;
    }
    return true;
}

static bool years_in_order(const note *n)
{
    const char *a = note_get(n, "first_fy"), *b = note_get(n, "last_fy");
    int from, to;
    return !*a || mizo_fy_parse(a, strlen(a), &from) || mizo_fy_parse(b, strlen(b), &to) || from <= to;
}

mizo_err office_row_check(town *t, const note *n, mizo_place at)
{
    mizo_err e = MIZO_OK;
    if (!facility_known(t, n)) {
        MIZO_DIAG(t->diags, OFFICE_FACILITY, at, n->id, note_get(n, "facility"));
        e = MIZO_EINPUT;
    }
    if (!stage_known(n)) {
        MIZO_DIAG(t->diags, OFFICE_STAGE, at, n->id, note_get(n, "stage"));
        e = MIZO_EINPUT;
    }
    if (!state_known(n)) {
        MIZO_DIAG(t->diags, HOME_PV_STATE, at, n->id, note_get(n, "state"));
        e = MIZO_EINPUT;
    }
    if (!steps_in_order(n)) {
        MIZO_DIAG(t->diags, OFFICE_STEPS, at, n->id, note_get(n, "seen_on"), note_get(n, "acted"),
                  note_get(n, "checked"));
        e = MIZO_EINPUT;
    }
    if (!years_in_order(n)) {
        MIZO_DIAG(t->diags, OFFICE_YEARS, at, n->id, note_get(n, "first_fy"), note_get(n, "last_fy"));
        e = MIZO_EINPUT;
    }
    return e ? e : city_entry_check(t, n, at);
}

/* ---- one row by words ---- */

/* A user of one bureau may neither take a row from another nor give it away. */
mizo_err office_row_reach(const town *t, const actor *who, const note *was, const note *now, mizo_place at)
{
    mizo_err a = was ? actor_may_enter(who, t->region, note_get(was, "facility"), at, t->diags) : MIZO_OK;
    return a ? a : actor_may_enter(who, t->region, note_get(now, "facility"), at, t->diags);
}

static mizo_err set_words(town *t, note *n, const char *const *words, size_t nwords)
{
    mizo_err e = MIZO_OK;
    for (size_t i = 0; i < nwords; i++) {
        char field[64];
        const char *eq = strchr(words[i], '=');
        bool known = false;
        snprintf(field, sizeof field, "%.*s", eq ? (int)(eq - words[i]) : 60, words[i]);
        for (int k = 0; k < NOTE_FIELDS && n->kind->field[k].name; k++)
            known |= strcmp(field, n->kind->field[k].name) == 0;
        if (eq && known) {
            note_set(n, field, eq + 1);
            continue;
        }
        MIZO_DIAG(t->diags, OFFICE_COLUMN, MIZO_NOWHERE, field, n->kind->name);
        e = MIZO_EINPUT;
    }
    return e;
}

/* The fields that words would write, as they stand now: what the first of two people wrote. */
static void other_words(const note *n, const char *const *words, size_t nwords, buf *out)
{
    for (size_t i = 0; i < nwords; i++) {
        char field[64];
        const char *eq = strchr(words[i], '=');
        (void)snprintf(field, sizeof field, "%.*s", eq ? (int)(eq - words[i]) : 0, words[i]);
        if (eq && strcmp(note_get(n, field), eq + 1))
            buf_printf(out, "%s%s=%s", out->n ? ", " : "", field, note_get(n, field));
    }
}

static mizo_err overtaken(town *t, const note *n, const char *const *words, size_t nwords)
{
    char is[24];
    buf now;
    buf_init(&now, 1 << 16);
    other_words(n, words, nwords, &now);
    (void)snprintf(is, sizeof is, "%lld", (long long)n->version);
    MIZO_DIAG(t->diags, OFFICE_OVERTAKEN, MIZO_NOWHERE, n->id, is, *n->actor ? n->actor : "-",
              now.p ? now.p : "");
    buf_fini(&now);
    return MIZO_ECONFLICT;
}

mizo_err office_reach(town *t, const note_kind *k, const char *id, const char *const *words, size_t n,
                      const actor *who)
{
    note *now = calloc(2, sizeof *now);
    if (!now)
        return MIZO_ENOMEM;
    mizo_err e = note_find(t, k, id, &now[0]);
    bool there = e == MIZO_OK;
    if (!there)
        note_begin(&now[0], k, id);
    now[1] = now[0];
    for (size_t i = 0; i < n; i++)
        if (strncmp(words[i], "facility=", 9) == 0)
            note_set(&now[1], "facility", words[i] + 9);
    if (!e || e == MIZO_ENOENT)
        e = office_row_reach(t, who, there ? &now[0] : NULL, &now[1], MIZO_NOWHERE);
    free(now);
    return e;
}

mizo_err office_put(town *t, const note_kind *k, const char *id, const char *const *words, size_t n,
                    int64_t after, const actor *who, note *out)
{
    MIZO_TRY(office_reach(t, k, id, words, n, who));
    mizo_err e = note_find(t, k, id, out);
    if (e == MIZO_ENOENT)
        note_begin(out, k, id);
    else if (e)
        return e;
    if (after >= 0 && out->version != after)
        return overtaken(t, out, words, n);
    mizo_err wrong = set_words(t, out, words, n);
    city_entry_fill(out);
    mizo_err fits = office_row_check(t, out, MIZO_NOWHERE);
    if (wrong || fits)
        return MIZO_EINPUT;
    MIZO_TRY(note_put(t, out, who->name));
    return note_find(t, k, id, out);
}
