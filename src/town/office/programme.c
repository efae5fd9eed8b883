/* programme.c: see programme.h. */
#include "town/office/programme.h"

#include <stdlib.h>
#include <string.h>

#include "town/office/office.h"

const char *const programme_words[PROGRAMME_MEASURES] = { "solar", "renewable", "led" };

typedef struct making {
    town *t;
    programme *p;
    const actor *who;
} making;

static mizo_day last_day(int fy)
{
    return mizo_fy_first(fy + 1) - 1;
}

static bool holds(mizo_day from, mizo_day to, mizo_day day)
{
    return from <= day && day < to;
}

/* ---- what stands at a site on a day ---- */

static int64_t panels_on(const mizo_region *r, mizo_ref facility, mizo_day day)
{
    int64_t sum = 0;
    size_t first, n = mizo_region_uses_of(r, facility, &first);
    for (size_t i = first; i < first + n; i++)
        for (size_t k = 0; k < r->npv && holds(r->use[i].from, r->use[i].to, day); k++)
            if (r->pv[k].point == r->use[i].point && holds(r->pv[k].from, r->pv[k].to, day))
                sum += (int64_t)r->pv[k].dc_w * r->use[i].share_ppm / MIZO_PPM;
    return sum;
}

/* All its points are under menus of 100 %. */
static bool renewable_on(const mizo_region *r, mizo_ref facility, mizo_day day)
{
    size_t first, n = mizo_region_uses_of(r, facility, &first), points = 0;
    for (size_t i = first; i < first + n; i++) {
        if (!holds(r->use[i].from, r->use[i].to, day))
            continue;
        mizo_ref menu = mizo_region_menu_on(r, r->use[i].point, day);
        if (menu < 0 || r->menu[menu].renewable_ppm < MIZO_PPM)
            return false;
        points++;
    }
    return points > 0;
}

/* ---- LED: savings on record ---- */

static bool says_led(const char *s)
{
    for (; *s; s++)
        if ((s[0] | 32) == 'l' && (s[1] | 32) == 'e' && (s[2] | 32) == 'd')
            return true;
    return false;
}

static programme_site *site_of(programme *p, mizo_ref facility)
{
    for (size_t i = 0; i < p->nsite; i++)
        if (p->site[i].facility == facility)
            return &p->site[i];
    return NULL;
}

static mizo_err on_saving(void *arg, const note *n)
{
    making *x = arg;
    programme *p = x->p;
    const char *first = note_get(n, "first_fy"), *last = note_get(n, "last_fy");
    int from, to;
    programme_site *s = site_of(p, mizo_region_facility(p->region, note_get(n, "facility")));
    if (!s || !says_led(note_get(n, "measure")) || mizo_fy_parse(first, strlen(first), &from) ||
        mizo_fy_parse(last, strlen(last), &to))
        return MIZO_OK;
    if (!s->since[PROGRAMME_LED] || from < s->since[PROGRAMME_LED])
        s->since[PROGRAMME_LED] = from;
    if (p->fy >= from && p->fy <= to)
        s->led_wh += note_number(n, "before_kwh", 3, MIZO_ROUND_HALF_UP) -
                     note_number(n, "after_kwh", 3, MIZO_ROUND_HALF_UP);
    return MIZO_OK;
}

/* ---- sites and years ---- */

static void read_aims(making *x)
{
    programme *p = x->p;
    const mizo_param *fy = mizo_param_on(p->region, "programme-aim-fy", "", p->day);
    p->aim_fy = fy ? (int)(fy->value_e6 / 1000000) : 0;
    for (int m = 0; m < PROGRAMME_MEASURES; m++) {
        const mizo_param *aim = mizo_param_on(p->region, "programme-aim", programme_words[m], p->day);
        p->aim_ppm[m] = aim ? aim->value_e6 : -1;
    }
}

static mizo_err find_sites(making *x)
{
    programme *p = x->p;
    p->site = calloc(p->region->nfacility + 1, sizeof *p->site);
    if (!p->site)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < p->region->nfacility; i++) {
        const mizo_facility *f = &p->region->facility[i];
        if (f->group != MIZO_GROUP_PUBLIC || !holds(f->from, f->to, p->day) ||
            (x->who && !actor_reaches(x->who, p->region, (mizo_ref)i)))
            continue;
        p->unjudged += f->pv_installable < 0;
        p->site[p->nsite++] = (programme_site){ .facility = (mizo_ref)i };
    }
    return MIZO_OK;
}

static bool stands(const programme *p, const programme_site *s, programme_measure m, int fy, mizo_day day)
{
    if (m == PROGRAMME_LED)
        return s->since[m] && s->since[m] <= fy;
    return m == PROGRAMME_SOLAR ? panels_on(p->region, s->facility, day) > 0
                                : renewable_on(p->region, s->facility, day);
}

static void add_site(const programme *p, const programme_site *s, mizo_day day, programme_year *y)
{
    const mizo_facility *f = &p->region->facility[s->facility];
    int64_t dc = panels_on(p->region, s->facility, day);
    y->sites++;
    y->installable += f->pv_installable > 0 || dc > 0; /* panels that stand could be put */
    y->dc_w += dc;
    y->done[PROGRAMME_SOLAR] += dc > 0;
    y->done[PROGRAMME_RENEWABLE] += renewable_on(p->region, s->facility, day);
    y->done[PROGRAMME_LED] += stands(p, s, PROGRAMME_LED, y->fy, day);
}

static programme_year year_on(const programme *p, int fy, mizo_day day)
{
    programme_year y = { .fy = fy };
    for (size_t i = 0; i < p->nsite; i++)
        add_site(p, &p->site[i], day, &y);
    return y;
}

static void make_years(programme *p)
{
    int last = p->aim_fy > p->fy ? p->aim_fy : p->fy;
    int first = last - p->fy >= PROGRAMME_YEARS ? last - PROGRAMME_YEARS + 1 : p->fy - 2;
    for (size_t i = 0; i < p->nsite; i++) {
        programme_site *s = &p->site[i];
        s->dc_w = panels_on(p->region, s->facility, p->day);
        for (int fy = last; fy >= first; fy--)
            for (int m = 0; m < PROGRAMME_LED; m++)
                if (stands(p, s, (programme_measure)m, fy, last_day(fy)))
                    s->since[m] = fy;
    }
    for (int fy = first; fy <= last && p->nyear < PROGRAMME_YEARS; fy++)
        p->year[p->nyear++] = year_on(p, fy, last_day(fy));
    p->now = year_on(p, p->fy, p->day);
    for (size_t i = 0; i < p->nsite; i++)
        p->now.led_wh += p->site[i].led_wh;
}

/* ---- when the grid is gone ---- */

/* Mean power of the months that count. */
static int64_t mean_w(const owner_ledger *l, const ledger_row *row)
{
    int64_t hours = 0, w = 0;
    for (int m = 0; m < YEARLY_MONTHS; m++) {
        mizo_day a = mizo_date_day((mizo_date){ m < 9 ? l->fy : l->fy + 1, (m + 3) % 12 + 1, 1 });
        mizo_day b = m == 11 ? mizo_fy_first(l->fy + 1)
                             : mizo_date_day((mizo_date){ m < 8 ? l->fy : l->fy + 1, (m + 4) % 12 + 1, 1 });
        if (row->month[m].evidence != LEDGER_MISSING && row->month[m].evidence != LEDGER_NOT_DUE)
            hours += (b - a) * 24;
    }
    return hours && !mizo_mul_div(row->demand_wh, 1, hours, MIZO_ROUND_HALF_UP, &w) ? w : 0;
}

/* Wh that a store gives at its point out of a share of what it holds. */
static mizo_wh gives(const mizo_battery *b, int32_t from_ppm, int32_t to_ppm)
{
    mizo_wh in = 0, out = 0;
    if (to_ppm <= from_ppm || mizo_mul_div(b->energy_wh, to_ppm - from_ppm, MIZO_PPM, MIZO_ROUND_DOWN, &in) ||
        mizo_mul_div(in, b->discharge_ppm, MIZO_PPM, MIZO_ROUND_DOWN, &out))
        return 0;
    return out;
}

static void add_stores(const programme *p, mizo_ref facility, programme_backup *out)
{
    const mizo_region *r = p->region;
    size_t first, n = mizo_region_uses_of(r, facility, &first);
    for (size_t i = first; i < first + n; i++)
        for (size_t k = 0; k < r->nbattery && holds(r->use[i].from, r->use[i].to, p->day); k++) {
            const mizo_battery *b = &r->battery[k];
            int64_t share = r->use[i].share_ppm;
            if (b->point != r->use[i].point || !holds(b->from, b->to, p->day) || b->kind == MIZO_STORE_HEATER)
                continue;
            out->kept_wh += gives(b, b->soc_min_ppm, b->reserve_ppm) * share / MIZO_PPM;
            out->full_wh += gives(b, b->soc_min_ppm, b->soc_max_ppm) * share / MIZO_PPM;
            out->give_w += b->discharge_w * share / MIZO_PPM;
        }
}

static int64_t minutes(mizo_wh wh, const programme_backup *b)
{
    if (b->load_w <= 0)
        return -1;
    return b->give_w < b->load_w ? 0 : wh * 60 / b->load_w;
}

static void carry(const programme *p, const ledger_row *row, const owner_ledger *l, programme_backup *b)
{
    const char *kind = p->region->facility[b->facility].kind;
    const mizo_param *load = mizo_param_on(p->region, "programme-load", kind, p->day);
    load = load ? load : mizo_param_on(p->region, "programme-load", "", p->day);
    b->load_w = row ? mean_w(l, row) * (load ? load->value_e6 : MIZO_PPM) / MIZO_PPM : 0;
    b->kept_min = minutes(b->kept_wh, b);
    b->full_min = minutes(b->full_wh, b);
}

static mizo_err make_backups(making *x, mizo_ms as_of, mizo_day today)
{
    programme *p = x->p;
    owner_ledger l;
    MIZO_TRY(owner_ledger_make(x->t->store, p->region, p->fy, as_of, today, &l));
    p->backup = calloc(l.nrow + 1, sizeof *p->backup);
    for (size_t i = 0; i < l.nrow && p->backup; i++) {
        programme_backup b = { .facility = l.row[i].facility };
        if (x->who && !actor_reaches(x->who, p->region, b.facility))
            continue;
        add_stores(p, b.facility, &b);
        if (!b.full_wh)
            continue;
        carry(p, &l.row[i], &l, &b);
        p->backup[p->nbackup++] = b;
    }
    owner_ledger_free(&l);
    return p->backup ? MIZO_OK : MIZO_ENOMEM;
}

/* ---- the act ---- */

static mizo_err make(making *x, mizo_ms as_of, mizo_day today)
{
    read_aims(x);
    MIZO_TRY(find_sites(x));
    MIZO_TRY(note_scan(x->t, office_kind("saving"), on_saving, x));
    make_years(x->p);
    return make_backups(x, as_of, today);
}

mizo_err programme_make(town *t, int fy, mizo_ms as_of, mizo_day today, const actor *who, programme *out)
{
    *out = (programme){ .region = t->region, .fy = fy, .day = today < last_day(fy) ? today : last_day(fy) };
    making x = { t, out, who };
    mizo_err e = make(&x, as_of, today);
    if (e)
        programme_free(out);
    return e;
}

void programme_free(programme *p)
{
    free(p->site);
    free(p->backup);
    p->site = NULL;
    p->backup = NULL;
    p->nsite = p->nbackup = 0;
}

int64_t programme_wanted(const programme *p, const programme_year *y, programme_measure m)
{
    int64_t n = 0;
    if (p->aim_ppm[m] < 0 || mizo_mul_div(m == PROGRAMME_SOLAR ? y->installable : y->sites, p->aim_ppm[m],
                                          MIZO_PPM, MIZO_ROUND_UP, &n))
        return -1;
    return n;
}
