/* public.c: see public.h: what is gathered, as JSON and as text. The page: public_page.c. */
#include "town/office/public.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mizo/messages/city.h"
#include "town/office/map.h"
#include "town/office/owner_ledger.h"

/* ---- figures ---- */

/* The next word of a list with blanks or commas between; false: none is left. */
static bool next_word(const char **at, const char **word, size_t *n)
{
    *at += strspn(*at, " ,");
    *word = *at;
    *n = strcspn(*at, " ,");
    *at += *n;
    return *n > 0;
}

const mizo_indicator *public_headline(const city_books *b)
{
    const char *at = b->region->public_figures, *word;
    size_t n;
    while (next_word(&at, &word, &n)) {
        const mizo_indicator *i = city_indicator(b, word, n);
        if (i)
            return i;
    }
    return NULL;
}

void public_check(const mizo_region *r, mizo_diags *d)
{
    const city_books b = { .region = r, .as_of = MIZO_DAY_NONE };
    const char *at = r->public_figures, *word;
    size_t n;
    while (next_word(&at, &word, &n)) {
        char id[64];
        (void)snprintf(id, sizeof id, "%.*s", (int)(n < 60 ? n : 60), word);
        if (!city_indicator(&b, word, n))
            MIZO_DIAG(d, CITY_PUBLIC_FIGURE, MIZO_AT("region.yaml", 0, 0), id);
    }
}

static void words_of(const city_value *v, public_words *out)
{
    static const char *const langs[] = { "ja", "en" };
    char *to[] = { out->ja, out->en };
    for (int i = 0; i < 2; i++) {
        buf b;
        buf_init(&b, PUBLIC_TEXT);
        if (city_value_text(v, langs[i], &b) || b.err)
            buf_clear(&b);
        (void)snprintf(to[i], PUBLIC_TEXT, "%s", b.n ? b.p : "–");
        buf_fini(&b);
    }
}

static void goal_words(const mizo_indicator *i, exact x, public_words *out)
{
    static const char *const langs[] = { "ja", "en" };
    char *to[] = { out->ja, out->en };
    figure_style style = city_style(i);
    style.about = false;
    for (int k = 0; k < 2; k++) {
        buf b;
        buf_init(&b, PUBLIC_TEXT);
        if (figure_text(x, &style, langs[k], &b) || b.err)
            buf_clear(&b);
        (void)snprintf(to[k], PUBLIC_TEXT, "%s", b.n ? b.p : "–");
        buf_fini(&b);
    }
}

static mizo_err on_operand(void *arg, const city_step *x)
{
    public_figure *f = arg;
    if (x->depth != 1 || x->goal || !x->value || f->noperand == PUBLIC_OPERANDS)
        return MIZO_OK;
    public_operand *o = &f->operand[f->noperand++];
    *o = (public_operand){ .indicator = x->indicator, .fy = x->fy };
    words_of(x->value, &o->text);
    return MIZO_OK;
}

/* The years that are known, back from `last`. */
static void add_years(const city_books *b, public_figure *f, int last)
{
    figure_style style = city_style(f->indicator);
    int n = 0;
    for (int fy = last; fy > last - 40 && n < PUBLIC_YEARS; fy--) {
        city_value v;
        int64_t shown;
        if (city_value_of(b, f->indicator, fy, &v) || figure_shown(city_holds(&v)->v.mid, &style, &shown))
            continue;
        f->year[n] = fy;
        f->shown[n++] = shown;
    }
    f->nyear = n;
    for (int i = 0; i < n / 2; i++) {
        int fy = f->year[i];
        int64_t v = f->shown[i];
        f->year[i] = f->year[n - 1 - i];
        f->shown[i] = f->shown[n - 1 - i];
        f->year[n - 1 - i] = fy;
        f->shown[n - 1 - i] = v;
    }
}

static bool latest(const city_books *b, const mizo_indicator *i, int fy, city_value *v)
{
    for (int y = fy; y > fy - 40; y--)
        if (!city_value_of(b, i, y, v))
            return true;
    return false;
}

static mizo_err add_figure(public_sheet *s, const mizo_indicator *i)
{
    const city_books *b = &s->desk.books;
    public_figure *f = &s->figure[s->nfigure];
    exact x;
    *f = (public_figure){ .indicator = i };
    if (!latest(b, i, s->fy + 12,
                &f->value)) /* published figures may be of a year that the town's clock has yet to reach */
        return MIZO_OK;
    s->nfigure++;
    words_of(&f->value, &f->text);
    add_years(b, f, f->value.fy);
    f->goal = city_goal_ahead(b, i, f->value.fy);
    if (f->goal && !city_goal_value(f->goal, &x)) {
        goal_words(i, x, &f->goal_text);
        f->goal_known = !city_goal_reached(f->goal, city_holds(&f->value)->v.mid, &f->reached);
    }
    mizo_err e = city_trace(b, i, f->value.fy, on_operand, f);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

static mizo_err add_figures(public_sheet *s)
{
    const char *at = s->r->public_figures, *word;
    size_t n;
    s->figure = calloc(PUBLIC_FIGURES, sizeof *s->figure);
    if (!s->figure)
        return MIZO_ENOMEM;
    while (s->nfigure < PUBLIC_FIGURES && next_word(&at, &word, &n)) {
        const mizo_indicator *i = city_indicator(&s->desk.books, word, n);
        if (i)
            MIZO_TRY(add_figure(s, i));
    }
    return MIZO_OK;
}

/* ---- sums ---- */

static mizo_err sum_at(public_sheet *s, const char *name, public_sum **out)
{
    for (size_t i = 0; i < s->nsum; i++)
        if (strcmp(s->sum[i].name, name) == 0) {
            *out = &s->sum[i];
            return MIZO_OK;
        }
    MIZO_TRY(array_grow(&s->sum, &s->cap, s->nsum + 1, sizeof *s->sum));
    *out = &s->sum[s->nsum++];
    **out = (public_sum){ .name = name };
    return MIZO_OK;
}

/* Wards have their English names in the outlines of the map. Without them the name as it is stands alone. */
static mizo_err name_sums(town *t, public_sheet *s)
{
    wards w;
    mizo_err e = t->dir ? map_outlines(t, &w) : MIZO_EINPUT;
    if (e)
        return e == MIZO_ENOMEM ? e : MIZO_OK;
    for (size_t i = 0; i < s->nsum; i++)
        for (size_t k = 0; k < w.n; k++)
            if (strcmp(w.ward[k].name, s->sum[i].name) == 0)
                (void)snprintf(s->sum[i].name_en, sizeof s->sum[i].name_en, "%s", w.ward[k].name_en);
    wards_free(&w);
    return MIZO_OK;
}

static int by_name(const void *a, const void *b)
{
    const public_sum *x = a, *y = b;
    if (!*x->name != !*y->name)
        return *x->name ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Too few facilities, or none of their energy known: hidden; and never one alone, for the whole would give it away. */
static void hide(public_sheet *s)
{
    public_sum *least = NULL;
    int hidden = 0;
    for (size_t i = 0; i < s->nsum; i++) {
        public_sum *x = &s->sum[i];
        x->hidden = x->facilities < s->r->public_floor;
        hidden += x->hidden;
        if (!x->hidden && (!least || x->facilities < least->facilities))
            least = x;
    }
    if (hidden == 1 && least)
        least->hidden = true;
}

static mizo_err add_sums(town *t, mizo_ms as_of, public_sheet *s)
{
    owner_ledger l;
    MIZO_TRY(owner_ledger_make(t->store, t->region, s->fy, as_of, s->today, &l));
    mizo_err e = MIZO_OK;
    for (size_t i = 0; i < l.nrow && !e; i++) {
        const mizo_facility *f = &t->region->facility[l.row[i].facility];
        bool ours = f->group == MIZO_GROUP_PUBLIC;
        public_sum *x = NULL;
        e = sum_at(s, !ours ? "" : *f->ward ? f->ward : "-", &x);
        if (e)
            break;
        x->facilities++;
        x->demand_wh += l.row[i].demand_wh;
        x->supply_wh += l.row[i].supply_wh;
    }
    s->facilities = (int64_t)l.nrow;
    s->late = l.late;
    owner_ledger_free(&l);
    if (s->nsum)
        qsort(s->sum, s->nsum, sizeof *s->sum, by_name);
    hide(s);
    return e;
}

mizo_err public_gather(town *t, int fy, mizo_day as_of, mizo_day today, public_sheet *s)
{
    mizo_ms at =
        as_of == MIZO_DAY_NONE ? STORE_LATEST : mizo_slot_ms(mizo_day_slot(as_of + 1, t->region->offset)) - 1;
    *s = (public_sheet){ .r = t->region, .today = today, .fy = fy };
    MIZO_TRY(city_desk_open(t, as_of, &s->desk));
    mizo_err e = add_figures(s);
    if (!e)
        e = add_sums(t, at, s);
    e = e ? e : name_sums(t, s);
    if (e)
        public_drop(s);
    return e;
}

void public_drop(public_sheet *s)
{
    city_desk_close(&s->desk);
    free(s->figure);
    free(s->sum);
    s->figure = NULL;
    s->sum = NULL;
}

/* ---- as JSON ---- */

static void put_words(json *j, const char *ja, const char *en, const public_words *w)
{
    json_text(j, ja, w->ja);
    json_text(j, en, w->en);
}

static void put_names(json *j, const mizo_indicator *i)
{
    json_text(j, "indicator", i->id);
    json_text(j, "name_ja", i->name_ja);
    json_text(j, "name_en", *i->name_en ? i->name_en : i->name_ja);
}

static void put_goal(json *j, const public_figure *f)
{
    if (!f->goal) {
        json_null(j, "target");
        return;
    }
    json_object(j, "target");
    json_int(j, "fy", f->goal->fy);
    put_words(j, "text_ja", "text_en", &f->goal_text);
    if (f->goal_known)
        json_bool(j, "reached", f->reached);
    else
        json_null(j, "reached");
    json_text(j, "source", f->goal->source);
    json_end(j);
}

static void put_figure(json *j, const public_figure *f)
{
    const mizo_published *row = f->value.row;
    const char *vintage = row ? city_vintage_text(row->vintage, "en") : "computed";
    json_object(j, NULL);
    put_names(j, f->indicator);
    json_int(j, "fy", f->value.fy);
    put_words(j, "text_ja", "text_en", &f->text);
    json_text(j, "vintage", *vintage ? vintage : "final");
    json_text(j, "source", row ? row->source : f->indicator->source);
    json_text(j, "formula", row || !*f->indicator->formula ? NULL : f->indicator->formula);
    if (row && row->on != INT32_MIN)
        json_day(j, "published", row->on);
    else
        json_null(j, "published");
    put_goal(j, f);
    json_array(j, "operands");
    for (int i = 0; i < f->noperand; i++) {
        json_object(j, NULL);
        put_names(j, f->operand[i].indicator);
        json_int(j, "fy", f->operand[i].fy);
        put_words(j, "text_ja", "text_en", &f->operand[i].text);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void put_sum(json *j, const public_sum *x)
{
    json_object(j, NULL);
    json_text(j, "ward", *x->name ? x->name : NULL);
    json_text(j, "ward_en", *x->name_en ? x->name_en : *x->name ? x->name : NULL);
    json_text(j, "group", *x->name ? "public" : "private");
    if (x->hidden) {
        json_null(j, "facilities");
        json_null(j, "demand_wh");
        json_null(j, "supply_wh");
    } else {
        json_int(j, "facilities", x->facilities);
        json_int(j, "demand_wh", x->demand_wh);
        json_int(j, "supply_wh", x->supply_wh);
    }
    json_end(j);
}

void public_json(const public_sheet *s, json *j)
{
    json_text(j, "name_ja", s->r->name_ja);
    json_text(j, "name_en", *s->r->name_en ? s->r->name_en : s->r->name_ja);
    json_day(j, "as_of", s->today);
    json_int(j, "fy", s->fy);
    json_int(j, "facilities", s->facilities);
    json_int(j, "floor", s->r->public_floor);
    json_array(j, "figures");
    for (size_t i = 0; i < s->nfigure; i++)
        put_figure(j, &s->figure[i]);
    json_end(j);
    json_array(j, "sums");
    for (size_t i = 0; i < s->nsum; i++)
        put_sum(j, &s->sum[i]);
    json_end(j);
    json_text(j, "model", s->r->hash);
}

void public_text(const public_sheet *s, const char *lang, buf *out)
{
    bool ja = strcmp(lang, "ja") == 0;
    for (size_t i = 0; i < s->nfigure; i++) {
        const public_figure *f = &s->figure[i];
        const mizo_published *row = f->value.row;
        buf_printf(out, "%s  FY%d  %s  [%s]\n",
                   ja || !*f->indicator->name_en ? f->indicator->name_ja : f->indicator->name_en, f->value.fy,
                   ja ? f->text.ja : f->text.en, row ? row->source : f->indicator->formula);
    }
    for (size_t i = 0; i < s->nsum; i++) {
        const public_sum *x = &s->sum[i];
        char kwh[MIZO_NUM_TEXT] = "*", many[MIZO_NUM_TEXT] = "*";
        if (!x->hidden) {
            mizo_grouped_text(mizo_div_round(x->demand_wh, 1000, MIZO_ROUND_HALF_UP), kwh);
            mizo_grouped_text(x->facilities, many);
        }
        buf_printf(out, "%s  %s  %s kWh\n", *x->name ? x->name : ja ? "民間" : "private", many, kwh);
    }
}
