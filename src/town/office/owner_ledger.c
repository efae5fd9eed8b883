/* owner_ledger.c: see owner_ledger.h. */
#include "town/office/owner_ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/office/uses.h"

const char *const ledger_words[LEDGER_EVIDENCES] = { "meter",    "bill",    "report",
                                                     "estimate", "missing", "not-due" };
const char *const ledger_words_ja[LEDGER_EVIDENCES] = { "計器", "請求", "報告", "推計", "未報告", "対象外" };

typedef struct making {
    const mizo_region *region;
    mizo_ref one; /* the facility that is asked for; -1: all */
    owner_ledger *l;
    int32_t *row_of; /* [nfacility] its row, -1 none */
    point_uses uses;
    const achievement_piece *piece; /* that is being laid out */
    mizo_day begin[YEARLY_MONTHS + 1];
} making;

static mizo_day month_first(int fy, int m)
{
    return mizo_date_day((mizo_date){ m < 9 ? fy : fy + 1, (m + 3) % 12 + 1, 1 });
}

/* ---- pieces of readings ---- */

ledger_evidence ledger_evidence_of(const achievement_piece *p)
{
    bool sound = p->quality == MIZO_QUALITY_MEASURED || p->quality == MIZO_QUALITY_PROVISIONAL ||
                 p->quality == MIZO_QUALITY_SIMULATED;
    if (p->from == FROM_LAMP || !sound)
        return LEDGER_ESTIMATE;
    return p->from == FROM_BILL ? LEDGER_BILL : LEDGER_METER;
}

static void add_month(ledger_month *m, const achievement_piece *p, mizo_wh wh, mizo_wh green)
{
    ledger_evidence e = ledger_evidence_of(p);
    m->evidence = m->pieces == 0 || e > m->evidence ? e : m->evidence;
    m->pieces++;
    m->metered_wh += wh;
    m->green_wh += green;
    m->roof_wh += p->from == FROM_ROOF ? wh : 0;
}

/* What a facility has of a piece, by months. from, to: the parts per million before and with its share. */
static void add_row(const making *x, ledger_row *row, const achievement_piece *p, int64_t from, int64_t to)
{
    mizo_day end = p->day + p->days;
    for (int m = 0; m < YEARLY_MONTHS && x->begin[m] < end; m++) {
        mizo_day a = p->day > x->begin[m] ? p->day : x->begin[m];
        mizo_day b = end < x->begin[m + 1] ? end : x->begin[m + 1];
        if (a >= b)
            continue;
        mizo_wh wh = part_of(p->wh, b - p->day, p->days) - part_of(p->wh, a - p->day, p->days);
        mizo_wh green = part_of(p->green, b - p->day, p->days) - part_of(p->green, a - p->day, p->days);
        add_month(&row->month[m], p, part_of(wh, to, MIZO_PPM) - part_of(wh, from, MIZO_PPM),
                  part_of(green, to, MIZO_PPM) - part_of(green, from, MIZO_PPM));
    }
}

static void on_use(void *arg, mizo_ref facility, int64_t from, int64_t to)
{
    making *x = arg;
    if (x->row_of[facility] >= 0)
        add_row(x, &x->l->row[x->row_of[facility]], x->piece, from, to);
}

static mizo_err on_piece(void *arg, const achievement_piece *p)
{
    making *x = arg;
    x->piece = p;
    point_uses_each(&x->uses, p->point, p->day, on_use, x);
    return MIZO_OK;
}

/* ---- owners' reports ---- */

/* Renewable share of the menus of a facility's points on a day, by contract power. */
static int32_t green_ppm(const mizo_region *r, mizo_ref facility, mizo_day day)
{
    int64_t all = 0, green = 0;
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->facility != facility || day < u->from || day >= u->to)
            continue;
        int64_t w = part_of(r->point[u->point].contract_w, u->share_ppm, MIZO_PPM);
        mizo_ref menu = mizo_region_menu_on(r, u->point, day);
        all += w;
        green += menu < 0 ? 0 : part_of(w, r->menu[menu].renewable_ppm, MIZO_PPM);
    }
    return all > 0 ? (int32_t)part_of(MIZO_PPM, green, all) : 0;
}

static mizo_err add_reports(making *x, store *s, mizo_ms as_of)
{
    owner_reports all;
    const yearly_energy *electricity = yearly_energy_of("electricity");
    MIZO_TRY(owner_reports_load(s, x->region, x->l->fy, as_of, &all));
    for (size_t i = 0; i < x->l->nrow; i++) {
        ledger_row *row = &x->l->row[i];
        const owner_report *o = owner_reports_find(&all, row->facility, electricity, x->l->fy);
        for (int m = 0; m < YEARLY_MONTHS; m++)
            row->month[m].reported_wh = o ? o->milli[m] : YEARLY_MISSING;
    }
    owner_reports_free(&all);
    return MIZO_OK;
}

/* ---- what counts ---- */

static bool due(const making *x, const mizo_facility *f, int m)
{
    return f->from < x->begin[m + 1] && f->to > x->begin[m] && x->begin[m + 1] <= x->l->today;
}

static void settle_month(const making *x, ledger_row *row, int m)
{
    ledger_month *k = &row->month[m];
    bool reported = k->reported_wh != YEARLY_MISSING;
    if (k->pieces) {
        row->demand_wh += k->metered_wh;
        row->supply_wh += k->green_wh;
        if (reported) {
            row->reported_wh += k->reported_wh;
            row->both_wh += k->metered_wh;
        }
    } else if (reported) {
        k->evidence = LEDGER_REPORT;
        row->demand_wh += k->reported_wh;
        row->supply_wh += part_of(k->reported_wh, green_ppm(x->region, row->facility, x->begin[m]), MIZO_PPM);
    } else if (due(x, &x->region->facility[row->facility], m)) {
        k->evidence = LEDGER_MISSING;
        row->since = row->missing++ ? row->since : x->begin[m + 1];
    } else {
        k->evidence = LEDGER_NOT_DUE;
    }
    x->l->by_evidence[k->evidence] += k->pieces ? k->metered_wh : reported ? k->reported_wh : 0;
}

static void settle_rows(making *x, const achievement_own *own)
{
    owner_ledger *l = x->l;
    mizo_wh metered = 0, green = 0;
    for (size_t i = 0; i < l->nrow; i++) {
        ledger_row *row = &l->row[i];
        for (int m = 0; m < YEARLY_MONTHS; m++) {
            settle_month(x, row, m);
            metered += row->month[m].metered_wh;
            green += row->month[m].green_wh;
        }
        row->excused = achievement_reported(x->region, row->facility, l->fy, l->today);
        l->demand_wh += row->demand_wh;
        l->supply_wh += row->supply_wh;
        l->late += ledger_late(row);
    }
    l->rest_wh = own->a.demand_wh - metered;
    l->rest_green_wh = own->a.supply_wh - green;
    l->demand_wh += l->rest_wh;
    l->supply_wh += l->rest_green_wh;
}

bool ledger_late(const ledger_row *x)
{
    return x->missing > 0 && !x->excused;
}

ledger_evidence ledger_row_evidence(const ledger_row *x)
{
    ledger_evidence worst = LEDGER_NOT_DUE;
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        ledger_evidence e = x->month[m].evidence;
        if (e != LEDGER_NOT_DUE && (worst == LEDGER_NOT_DUE || e > worst))
            worst = e;
    }
    return worst;
}

/* ---- making ---- */

static mizo_err make_room(making *x)
{
    const mizo_region *r = x->region;
    x->row_of = malloc((r->nfacility + 1) * sizeof *x->row_of);
    x->l->row = calloc(r->nfacility + 1, sizeof *x->l->row);
    return x->row_of && x->l->row ? point_uses_init(r, &x->uses) : MIZO_ENOMEM;
}

static void find_rows(making *x)
{
    const mizo_region *r = x->region;
    for (size_t i = 0; i < r->nfacility; i++) {
        const mizo_facility *f = &r->facility[i];
        bool in =
            f->from < x->begin[YEARLY_MONTHS] && f->to > x->begin[0] && (x->one < 0 || x->one == (mizo_ref)i);
        x->row_of[i] = in ? (int32_t)x->l->nrow : -1;
        if (in)
            x->l->row[x->l->nrow++] = (ledger_row){ .facility = (mizo_ref)i, .since = MIZO_DAY_NONE };
    }
}

/* The points that the one facility uses; NULL: all are wanted. */
static mizo_err points_of(const making *x, bool **only)
{
    size_t first, n;
    *only = NULL;
    if (x->one < 0)
        return MIZO_OK;
    *only = calloc(x->region->npoint + 1, sizeof **only);
    if (!*only)
        return MIZO_ENOMEM;
    n = mizo_region_uses_of(x->region, x->one, &first);
    for (size_t i = first; i < first + n; i++)
        (*only)[x->region->use[i].point] = true;
    return MIZO_OK;
}

/* pieces: of the year, where they are read already. */
static mizo_err lay_out(making *x, store *s, mizo_ms as_of, const achievement_pieces *pieces)
{
    bool *only = NULL;
    achievement_own own = { 0 };
    MIZO_TRY(make_room(x));
    find_rows(x);
    mizo_err e = pieces ? achievement_pieces_each(pieces, on_piece, x) : points_of(x, &only);
    if (!e && !pieces)
        e = achievement_walk_points(s, x->region, x->l->fy, as_of, only, on_piece, x, &own);
    e = e == MIZO_ERANGE ? MIZO_OK : e; /* no reading at all: reports alone may say something */
    e = e ? e : add_reports(x, s, as_of);
    if (!e)
        settle_rows(x, pieces ? &pieces->own : &own);
    achievement_free(&own);
    free(only);
    return e;
}

static mizo_err make(store *s, const mizo_region *r, const achievement_pieces *pieces, int fy, mizo_ms as_of,
                     mizo_day today, mizo_ref one, owner_ledger *out)
{
    making x = { .region = r, .one = one, .l = out };
    *out = (owner_ledger){ .fy = fy, .today = today };
    for (int m = 0; m <= YEARLY_MONTHS; m++)
        x.begin[m] = m < YEARLY_MONTHS ? month_first(fy, m) : mizo_fy_first(fy + 1);
    mizo_err e = lay_out(&x, s, as_of, pieces);
    free(x.row_of);
    point_uses_fini(&x.uses);
    if (e)
        owner_ledger_free(out);
    return e;
}

mizo_err owner_ledger_make(store *s, const mizo_region *r, int fy, mizo_ms as_of, mizo_day today,
                           owner_ledger *out)
{
    return make(s, r, NULL, fy, as_of, today, -1, out);
}

mizo_err owner_ledger_of(store *s, const mizo_region *r, const achievement_pieces *pieces, int fy,
                         mizo_ms as_of, mizo_day today, owner_ledger *out)
{
    return make(s, r, pieces, fy, as_of, today, -1, out);
}

mizo_err owner_ledger_one(store *s, const mizo_region *r, int fy, mizo_ms as_of, mizo_day today,
                          mizo_ref facility, owner_ledger *out)
{
    mizo_err e = make(s, r, NULL, fy, as_of, today, facility, out);
    if (e || out->nrow == 0)
        return e;
    out->demand_wh = out->row[0].demand_wh;
    out->supply_wh = out->row[0].supply_wh;
    out->rest_wh = out->rest_green_wh = 0;
    return MIZO_OK;
}

void owner_ledger_free(owner_ledger *l)
{
    free(l->row);
    l->row = NULL;
    l->nrow = 0;
}

void ledger_missing_text(const owner_ledger *l, const ledger_row *x, char *out, size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (int m = 0; m < YEARLY_MONTHS && n < cap; m++) {
        int to = m;
        if (x->month[m].evidence != LEDGER_MISSING)
            continue;
        while (to + 1 < YEARLY_MONTHS && x->month[to + 1].evidence == LEDGER_MISSING)
            to++;
        n += (size_t)snprintf(out + n, cap - n, "%s%d-%02d", n ? ", " : "", m < 9 ? l->fy : l->fy + 1,
                              (m + 3) % 12 + 1);
        if (to > m && n < cap)
            n += (size_t)snprintf(out + n, cap - n, "..%d-%02d", to < 9 ? l->fy : l->fy + 1,
                                  (to + 3) % 12 + 1);
        m = to;
    }
}
