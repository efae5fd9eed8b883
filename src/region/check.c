/* check.c: what must hold within a row, and between rows. */
#include <stdlib.h>
#include <string.h>

#include "region/build.h"

/* ---- one row by itself ---- */

static int32_t number_at(const void *row, const field_row *f)
{
    int32_t v;
    memcpy(&v, (const unsigned char *)row + f->offset, sizeof v);
    return v;
}

static void check_dates(region_builder *b, region_table *t, size_t i)
{
    size_t n;
    const field_row *f = region_fields_of(t->file, &n);
    for (size_t k = 0; k + 1 < n; k++) {
        if (f[k].kind != FIELD_FROM || f[k + 1].kind != FIELD_TO)
            continue;
        int32_t from = number_at(region_row(t, i), &f[k]), to = number_at(region_row(t, i), &f[k + 1]);
        row_meta *m = &t->meta[i];
        if (from >= to)
            FAULT(b, DATES, t->file, m->line, m->column[k], &m->bad, region_date(b, from),
                  region_date(b, to));
    }
}

static void check_point(region_builder *b, region_table *t, size_t i)
{
    const mizo_point *p = region_row(t, i);
    if (p->standing_w > p->contract_w)
        SAY(b, STANDING, t->file, t->meta[i].line, region_column(t, i, "standing_kw"),
            region_number(b, p->standing_w, 3), region_number(b, p->contract_w, 3));
    if (p->keep_import_w > 0 && p->export_allowed)
        SAY(b, KEEP_EXPORT, t->file, t->meta[i].line, region_column(t, i, "keep_import_kw"), p->id);
    if (!t->meta[i].ref[0])
        SAY(b, POINT_TARIFF, t->file, t->meta[i].line, region_column(t, i, "tariff"), p->id);
}

static void check_times(region_builder *b, region_table *t, size_t i, int from, int to)
{
    if (from < to)
        return;
    SAY(b, TIMES, t->file, t->meta[i].line, region_column(t, i, "time_from"), NULL);
    t->meta[i].bad = true;
}

static void check_battery(region_builder *b, region_table *t, size_t i)
{
    mizo_battery *p = region_row(t, i);
    row_meta *m = &t->meta[i];
    if (p->reserve_ppm < 0)
        p->reserve_ppm = p->soc_min_ppm;
    bool gives = p->kind != MIZO_STORE_BATTERY || p->discharge_w > 0; /* a heater need not give back */
    const char *without = p->charge_w <= 0 ? "charge_kw" : !gives ? "discharge_kw" : NULL;
    if (without) {
        int column = region_column(t, i, without);
        SAY(b, BATTERY_LIMIT, t->file, m->line, column ? column : 1, without);
        m->bad = true;
    }
    if (p->soc_min_ppm <= p->reserve_ppm && p->reserve_ppm < p->soc_max_ppm)
        return;
    SAY(b, BATTERY_WINDOW, t->file, m->line, region_column(t, i, "soc_min"),
        region_number(b, p->soc_min_ppm, 6), region_number(b, p->reserve_ppm, 6),
        region_number(b, p->soc_max_ppm, 6));
    m->bad = true;
}

static void check_charger(region_builder *b, region_table *t, size_t i)
{
    const mizo_charger *p = region_row(t, i);
    if (p->min_w <= p->max_w)
        return;
    SAY(b, CHARGER_MIN, t->file, t->meta[i].line, region_column(t, i, "min_kw"),
        region_number(b, p->min_w, 3), region_number(b, p->max_w, 3));
    t->meta[i].bad = true;
}

/* A run fits into its hours; a draw has a store of its own point. */
static void check_load(region_builder *b, region_table *t, size_t i)
{
    const mizo_load *p = region_row(t, i);
    row_meta *m = &t->meta[i];
    const region_table *stores = &b->t[FILE_BATTERIES];
    bool run = p->kind == MIZO_LOAD_RUN, right = p->slot_from < p->slot_to;
    if (run)
        right =
            right && p->power_w > 0 && p->minutes > 0 && (p->minutes + 29) / 30 <= p->slot_to - p->slot_from;
    else
        right =
            right && p->energy_wh > 0 && p->battery >= 0 && (size_t)p->battery < stores->norder &&
            ((const mizo_battery *)region_row(stores, (size_t)stores->order[p->battery]))->point == p->point;
    if (right || m->bad)
        return;
    if (run)
        SAY(b, LOAD_RUN, t->file, m->line, region_column(t, i, "kind"), p->id);
    else
        SAY(b, LOAD_DRAW, t->file, m->line, region_column(t, i, "kind"), p->id);
    m->bad = true;
}

void region_check_row(region_builder *b, region_table *t, size_t i)
{
    check_dates(b, t, i);
    switch (t->file) {
    case FILE_POINTS:
        check_point(b, t, i);
        break;
    case FILE_TARIFFS:
        ((mizo_tariff *)region_row(t, i))->line = t->meta[i].line;
        break;
    case FILE_RATES:
        ((mizo_rate *)region_row(t, i))->line = t->meta[i].line;
        check_times(b, t, i, ((mizo_rate *)region_row(t, i))->slot_from,
                    ((mizo_rate *)region_row(t, i))->slot_to);
        break;
    case FILE_OBLIGATIONS:
        check_times(b, t, i, ((mizo_obligation *)region_row(t, i))->slot_from,
                    ((mizo_obligation *)region_row(t, i))->slot_to);
        break;
    case FILE_BATTERIES:
        check_battery(b, t, i);
        break;
    case FILE_CHARGERS:
        check_charger(b, t, i);
        break;
    case FILE_LOADS:
        check_load(b, t, i);
        break;
    default:
        region_check_trade_row(b, t, i);
        break;
    }
}

/* ---- contracts ---- */

static const row_meta *ordered_meta(const region_table *t, size_t k)
{
    return &t->meta[t->order[k]];
}

static const char *point_id(const region_builder *b, mizo_ref point)
{
    return ((const mizo_point *)region_ordered(&b->t[FILE_POINTS], (size_t)point))->id;
}

static void check_supply(region_builder *b)
{
    const region_table *t = &b->t[FILE_SUPPLY];
    size_t longest = 0; /* of this point so far, the contract that ends last */
    for (size_t k = 1; k < t->norder; k++) {
        const mizo_supply *s = region_ordered(t, k), *before = region_ordered(t, longest);
        if (s->point == before->point && s->from < before->to)
            SAY(b, SUPPLY_OVERLAP, FILE_SUPPLY, ordered_meta(t, k)->line,
                region_column(t, (size_t)t->order[k], "from"), point_id(b, s->point),
                region_date(b, s->from == REGION_SINCE_EVER ? before->to - 1 : s->from),
                region_number(b, ordered_meta(t, longest)->line, 0));
        if (s->point != before->point || s->to > before->to)
            longest = k;
    }
}

/* ---- shares ---- */

/* A day on which the sum of a point's shares changes. */
typedef struct share_step {
    mizo_ref point;
    mizo_day day;
    int32_t change, row;
} share_step;

static int by_point_day(const void *pa, const void *pb)
{
    const share_step *a = pa, *b = pb;
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static share_step *share_steps(region_builder *b, size_t *n)
{
    const region_table *t = &b->t[FILE_USES];
    share_step *step = region_work(b, (2 * t->norder + 1) * sizeof *step);
    *n = 0;
    for (size_t k = 0; step && k < t->norder; k++) {
        const mizo_use *u = region_ordered(t, k);
        step[(*n)++] = (share_step){ u->point, u->from, u->share_ppm, t->order[k] };
        step[(*n)++] = (share_step){ u->point, u->to, -u->share_ppm, t->order[k] };
    }
    if (step)
        qsort(step, *n, sizeof *step, by_point_day);
    return step;
}

/* Says a wrong sum once a point and direction: the first day tells enough. */
static void say_share(region_builder *b, bool over, int32_t row, const char *point, int64_t sum, mizo_day day)
{
    const region_table *t = &b->t[FILE_USES];
    int column = region_column(t, (size_t)row, "share");
    const char *total = region_number(b, sum, 6),
               *on = day == REGION_SINCE_EVER ? "1900-01-01" : region_date(b, day);
    column = column ? column : region_column(t, (size_t)row, "point");
    if (over)
        SAY(b, SHARE_OVER, FILE_USES, t->meta[row].line, column, point, total, on);
    else
        SAY(b, SHARE_UNDER, FILE_USES, t->meta[row].line, column, point, total, on);
}

/* The steps of one point. whole: every use of it could be read. */
static void check_shares_of(region_builder *b, const share_step *s, size_t n, bool whole)
{
    const mizo_point *p = region_ordered(&b->t[FILE_POINTS], (size_t)s->point);
    bool over = false, under = !whole;
    int64_t sum = 0, slack = (int64_t)n / 2; /* a third is 0.333333: each share may be off by one millionth */
    if (!under && s[0].day > p->from) {
        say_share(b, false, s[0].row, p->id, 0, p->from);
        under = true;
    }
    for (size_t i = 0; i < n;) {
        mizo_day day = s[i].day, until = MIZO_DAY_NONE;
        int32_t row = s[i].row;
        for (; i < n && s[i].day == day; i++) {
            sum += s[i].change;
            row = s[i].change > 0 ? s[i].row : row;
        }
        until = i < n ? s[i].day : MIZO_DAY_NONE;
        if (until <= p->from || day >= p->to || day == MIZO_DAY_NONE)
            continue;
        mizo_day on = day > p->from ? day : p->from;
        if (!over && sum > MIZO_PPM + slack)
            say_share(b, over = true, row, p->id, sum, on);
        if (!under && sum < MIZO_PPM - slack)
            say_share(b, !(under = true), row, p->id, sum, on);
    }
}

static void check_unused(region_builder *b, const bool *used)
{
    const region_table *t = &b->t[FILE_POINTS];
    for (size_t k = 0; k < t->norder; k++)
        if (!used[k] &&
            ((const mizo_point *)region_ordered(&b->t[FILE_POINTS], k))->reading != MIZO_BY_VIRTUAL)
            SAY(b, POINT_UNUSED, FILE_POINTS, ordered_meta(t, k)->line,
                region_column(t, (size_t)t->order[k], "id"), point_id(b, (mizo_ref)k));
}

/* True if every row of the file could be read, so that what is not there is missing. */
static bool whole(const region_table *t)
{
    return t->present && !t->torn && t->norder == t->n;
}

static void check_shares(region_builder *b)
{
    size_t n;
    share_step *step = share_steps(b, &n);
    bool *used = region_work(b, b->t[FILE_POINTS].norder * sizeof *used);
    bool all = whole(&b->t[FILE_USES]);
    if (!step || !used)
        return;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && step[end].point == step[i].point;)
            end++;
        used[step[i].point] = true;
        check_shares_of(b, step + i, end - i, all);
    }
    if (all)
        check_unused(b, used);
}

/* ---- tariffs ---- */

static const char *clock_text(region_builder *b, int slot)
{
    buf text;
    buf_init(&text, 64);
    buf_printf(&text, "%d:%02d", slot / 2, slot % 2 * 30);
    const char *s = text.p ? region_quote(b, text.p, text.n) : "";
    buf_fini(&text);
    return s;
}

static void say_gap(region_builder *b, size_t tariff, int gap)
{
    static const char *const day[] = { "weekday", "saturday", "holiday", "quiet" };
    const region_table *t = &b->t[FILE_TARIFFS];
    const mizo_tariff *p = region_ordered(t, tariff);
    SAY(b, RATE_GAP, FILE_TARIFFS, ordered_meta(t, tariff)->line,
        region_column(t, (size_t)t->order[tariff], "id"), p->id,
        region_number(b, gap / (4 * MIZO_DAY_SLOTS) + 1, 0), day[gap / MIZO_DAY_SLOTS % 4],
        clock_text(b, gap % MIZO_DAY_SLOTS));
}

static void check_tariff(region_builder *b, size_t tariff, size_t first, size_t n)
{
    const region_table *t = &b->t[FILE_RATES];
    mizo_rate *rate = region_work(b, n * sizeof *rate);
    bool *used = region_work(b, n * sizeof *used);
    int32_t price[REGION_PRICES];
    int gap;
    if (!rate || !used)
        return;
    for (size_t i = 0; i < n; i++)
        rate[i] = *(const mizo_rate *)region_ordered(t, first + i);
    if (!region_prices(rate, n, price, used, &gap) && (whole(t) || !t->present))
        say_gap(b, tariff, gap);
    for (size_t i = 0; i < n; i++)
        if (!used[i])
            SAY(b, RATE_NEVER, FILE_RATES, ordered_meta(t, first + i)->line, 1, NULL);
}

static void check_tariffs(region_builder *b)
{
    const region_table *t = &b->t[FILE_RATES];
    size_t first = 0;
    for (size_t k = 0; k < b->t[FILE_TARIFFS].norder && !b->err; k++) {
        size_t end = first;
        while (end < t->norder && ((const mizo_rate *)region_ordered(t, end))->tariff == (mizo_ref)k)
            end++;
        check_tariff(b, k, first, end - first);
        first = end;
    }
}

/* ---- lamps ---- */

enum { LAMP_POINT_MOST_KW = 1000000 }; /* of all lamps of a point; far from where sums overflow */

static void check_lamp(region_builder *b, size_t k, int64_t *mw)
{
    const region_table *t = &b->t[FILE_LAMPS];
    const region_lamp *lamp = region_ordered(t, k);
    const row_meta *m = ordered_meta(t, k);
    const mizo_point *p = region_ordered(&b->t[FILE_POINTS], (size_t)lamp->point);
    int64_t before = *mw, most = (int64_t)LAMP_POINT_MOST_KW * 1000000;
    *mw += (int64_t)lamp->mw * lamp->count;
    if (before <= most && *mw > most)
        SAY(b, RANGE, FILE_LAMPS, m->line, region_column(t, (size_t)t->order[k], "count"), "watts x count",
            region_number(b, *mw, 3), "0..1000000000");
    if (p->reading != MIZO_BY_LAMP)
        SAY(b, LAMP_POINT, FILE_LAMPS, m->line, region_column(t, (size_t)t->order[k], "point"), p->id);
}

static void check_lamps(region_builder *b)
{
    const region_table *t = &b->t[FILE_LAMPS], *points = &b->t[FILE_POINTS];
    int64_t *mw = region_work(b, points->norder * sizeof *mw);
    if (!mw)
        return;
    for (size_t k = 0; k < t->norder; k++)
        check_lamp(b, k, &mw[((const region_lamp *)region_ordered(t, k))->point]);
    if (t->present && !whole(t))
        return;
    for (size_t k = 0; k < points->norder; k++)
        if (!mw[k] && ((const mizo_point *)region_ordered(points, k))->reading == MIZO_BY_LAMP)
            SAY(b, LAMP_NONE, FILE_POINTS, ordered_meta(points, k)->line,
                region_column(points, (size_t)points->order[k], "reading"), point_id(b, (mizo_ref)k));
}

/* ---- figures that may stand only once ---- */

static void check_reported(region_builder *b)
{
    const region_table *t = &b->t[FILE_REPORTED], *facilities = &b->t[FILE_FACILITIES];
    for (size_t k = 1; k < t->norder; k++) {
        const mizo_reported *p = region_ordered(t, k), *before = region_ordered(t, k - 1);
        if (p->fy == before->fy && p->facility == before->facility)
            SAY(b, FIGURE_TWICE, FILE_REPORTED, ordered_meta(t, k)->line,
                region_column(t, (size_t)t->order[k], "facility"),
                ((const mizo_facility *)region_ordered(facilities, (size_t)p->facility))->id,
                region_number(b, p->fy, 0), region_number(b, ordered_meta(t, k - 1)->line, 0));
    }
}

/* ---- plants, terms ---- */

static const char *plant_id(const region_builder *b, mizo_ref plant)
{
    return ((const mizo_plant *)region_ordered(&b->t[FILE_PLANTS], (size_t)plant))->id;
}

static void check_furnaces(region_builder *b)
{
    const region_table *t = &b->t[FILE_FURNACES];
    for (size_t k = 1; k < t->norder; k++) {
        const mizo_furnace *f = region_ordered(t, k);
        for (size_t i = k; i-- > 0;) {
            const mizo_furnace *before = region_ordered(t, i);
            if (before->plant != f->plant)
                break;
            if (strcmp(before->id, f->id) == 0 && before->from < f->to && f->from < before->to)
                SAY(b, FURNACE_TWICE, FILE_FURNACES, ordered_meta(t, k)->line,
                    region_column(t, (size_t)t->order[k], "furnace"), plant_id(b, f->plant), f->id,
                    region_number(b, ordered_meta(t, i)->line, 0));
        }
    }
}

static bool has_furnace(const region_builder *b, const mizo_burn_plan *p)
{
    const region_table *t = &b->t[FILE_FURNACES];
    bool found = !p->furnace[0];
    for (size_t k = 0; k < t->norder && !found; k++) {
        const mizo_furnace *f = region_ordered(t, k);
        found = f->plant == p->plant && strcmp(f->id, p->furnace) == 0;
    }
    return found;
}

static void check_burns(region_builder *b)
{
    const region_table *t = &b->t[FILE_BURNS];
    if (b->t[FILE_FURNACES].present && !whole(&b->t[FILE_FURNACES]))
        return;
    for (size_t k = 0; k < t->norder; k++) {
        const mizo_burn_plan *p = region_ordered(t, k);
        if (!has_furnace(b, p))
            SAY(b, FURNACE_NONE, FILE_BURNS, ordered_meta(t, k)->line,
                region_column(t, (size_t)t->order[k], "furnace"), plant_id(b, p->plant), p->furnace);
    }
}

static void check_terms(region_builder *b)
{
    const region_table *t = &b->t[FILE_TERMS], *facilities = &b->t[FILE_FACILITIES];
    for (size_t k = 0; k < t->norder && whole(facilities); k++) {
        const mizo_term *term = region_ordered(t, k);
        bool found = false;
        for (size_t i = 0; i < facilities->norder && !found; i++)
            found = strcmp(((const mizo_facility *)region_ordered(facilities, i))->kind, term->kind) == 0;
        if (!found)
            SAY(b, TERM_KIND, FILE_TERMS, ordered_meta(t, k)->line,
                region_column(t, (size_t)t->order[k], "kind"), term->kind);
    }
}

void region_check_all(region_builder *b)
{
    check_furnaces(b);
    check_burns(b);
    check_terms(b);
    region_check_nodes(b);
    region_check_meters(b);
    region_check_balancing(b);
    region_check_pools(b);
    check_supply(b);
    check_shares(b);
    check_tariffs(b);
    check_lamps(b);
    region_check_city(b);
    check_reported(b);
    region_check_trade(b);
    region_check_payment(b);
}
