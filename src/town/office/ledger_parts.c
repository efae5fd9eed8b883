/* ledger_parts.c: see ledger_parts.h. */
#include "town/office/ledger_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

const char *const ledger_cut_words[LEDGER_CUTS] = { "group", "bureau", "kind", "ward", "supplier", "menu" };
const char *const ledger_part_words[LEDGER_PART_KINDS] = { "key", "rest", "roof", "no-contract", "reports" };

mizo_err ledger_cut_of(const char *word, ledger_cut *out)
{
    for (int i = 0; i < LEDGER_CUTS; i++)
        if (strcmp(word, ledger_cut_words[i]) == 0) {
            *out = (ledger_cut)i;
            return MIZO_OK;
        }
    return MIZO_ENOENT;
}

/* The part of a key; made where it is new. NULL: out of memory. */
static ledger_part *part_of(ledger_parts *p, ledger_part_kind of, const char *key)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->part[i].of == of && strcmp(p->part[i].key, key) == 0)
            return &p->part[i];
    if (array_grow(&p->part, &p->cap, p->n + 1, sizeof *p->part))
        return NULL;
    p->part[p->n] = (ledger_part){ .of = of, .key = key, .name_ja = key, .name_en = key };
    return &p->part[p->n++];
}

const char *ledger_part_word(const ledger_part *x)
{
    return x->of != LEDGER_OF_KEY ? ledger_part_words[x->of] : *x->key ? x->key : "none";
}

const ledger_part *ledger_part_named(const ledger_parts *p, const char *word)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(ledger_part_word(&p->part[i]), word) == 0)
            return &p->part[i];
    return NULL;
}

/* ---- of whom ---- */

static bool is_open(const ledger_parts *p, const ledger_part *x)
{
    return p->ask.open && strcmp(ledger_part_word(x), p->ask.open) == 0;
}

static bool is_ours(const ledger_parts *p, const mizo_region *r, mizo_ref facility)
{
    return !p->ask.bureau || (facility >= 0 && strcmp(r->facility[facility].bureau, p->ask.bureau) == 0);
}

/* NULL: out of memory. */
static ledger_member *add_member(ledger_parts *p, mizo_ref facility, mizo_ref point)
{
    if (array_grow(&p->member, &p->member_cap, p->nmember + 1, sizeof *p->member))
        return NULL;
    p->member[p->nmember] = (ledger_member){ .facility = facility, .point = point };
    return &p->member[p->nmember++];
}

/* ---- by what facilities are ---- */

static const char *key_of(const mizo_facility *f, ledger_cut cut)
{
    switch (cut) {
    case LEDGER_BY_GROUP:
        return f->group == MIZO_GROUP_PUBLIC ? "public" : "private";
    case LEDGER_BY_BUREAU:
        return f->bureau;
    case LEDGER_BY_KIND:
        return f->kind;
    default:
        return f->ward;
    }
}

static mizo_wh counted(const ledger_month *m)
{
    return m->pieces ? m->metered_wh : m->reported_wh == YEARLY_MISSING ? 0 : m->reported_wh;
}

static mizo_err add_row(ledger_parts *p, const ledger_row *row)
{
    ledger_member *m = add_member(p, row->facility, -1);
    if (!m)
        return MIZO_ENOMEM;
    m->demand_wh = row->demand_wh;
    m->supply_wh = row->supply_wh;
    for (int k = 0; k < YEARLY_MONTHS; k++)
        m->by_evidence[row->month[k].evidence] += counted(&row->month[k]);
    return MIZO_OK;
}

static mizo_err by_facility(const mizo_region *r, const owner_ledger *l, ledger_parts *p)
{
    for (size_t i = 0; i < l->nrow; i++) {
        const ledger_row *row = &l->row[i];
        ledger_part *x = part_of(p, LEDGER_OF_KEY, key_of(&r->facility[row->facility], p->ask.cut));
        if (!x)
            return MIZO_ENOMEM;
        if (p->ask.cut == LEDGER_BY_GROUP) {
            bool public = r->facility[row->facility].group == MIZO_GROUP_PUBLIC;
            x->name_ja = public ? "公共施設群" : "民間施設群";
            x->name_en = public ? "public facilities" : "private facilities";
        }
        x->members++;
        x->late += ledger_late(row);
        x->demand_wh += row->demand_wh;
        x->supply_wh += row->supply_wh;
        for (int m = 0; m < YEARLY_MONTHS; m++)
            x->by_evidence[row->month[m].evidence] += counted(&row->month[m]);
        if (is_open(p, x) && is_ours(p, r, row->facility))
            MIZO_TRY(add_row(p, row));
    }
    if (!l->rest_wh && !l->rest_green_wh)
        return MIZO_OK;
    ledger_part *rest = part_of(p, LEDGER_OF_REST, "");
    if (!rest)
        return MIZO_ENOMEM;
    rest->demand_wh = l->rest_wh;
    rest->supply_wh = l->rest_green_wh;
    return MIZO_OK;
}

/* ---- by whose contract it is ---- */

typedef struct walking {
    const mizo_region *region;
    ledger_parts *p;
    uint8_t *seen;   /* [part][npoint]: the part has counted the point */
    size_t *place;   /* [npoint] of the open part's member, from 1; NULL: none is open */
    mizo_ref *whose; /* [npoint] a facility that uses the point; -1: none */
} walking;

static ledger_part *contract_part(const walking *w, const achievement_piece *x)
{
    mizo_ref menu = x->menu;
    if (x->from == FROM_ROOF)
        return part_of(w->p, LEDGER_OF_ROOF, "");
    if (menu < 0)
        return part_of(w->p, LEDGER_OF_NO_CONTRACT, "");
    const mizo_menu *m = &w->region->menu[menu];
    const mizo_supplier *s = m->supplier < 0 ? NULL : &w->region->supplier[m->supplier];
    bool by_menu = w->p->ask.cut == LEDGER_BY_MENU || !s;
    ledger_part *out = part_of(w->p, LEDGER_OF_KEY, by_menu ? m->id : s->id);
    if (out) {
        out->name_ja = by_menu ? m->name_ja : s->name_ja;
        out->name_en = by_menu ? m->name_en : s->name_en;
    }
    return out;
}

static mizo_err on_open(walking *w, const achievement_piece *x)
{
    size_t *at = &w->place[x->point];
    if (!is_ours(w->p, w->region, w->whose[x->point]))
        return MIZO_OK;
    if (!*at && !add_member(w->p, w->whose[x->point], x->point))
        return MIZO_ENOMEM;
    *at = *at ? *at : w->p->nmember;
    ledger_member *m = &w->p->member[*at - 1];
    m->demand_wh += x->wh;
    m->supply_wh += x->green;
    m->by_evidence[ledger_evidence_of(x)] += x->wh;
    return MIZO_OK;
}

static mizo_err on_piece(void *arg, const achievement_piece *x)
{
    walking *w = arg;
    ledger_part *part = contract_part(w, x);
    if (!part)
        return MIZO_ENOMEM;
    uint8_t *seen = &w->seen[(size_t)(part - w->p->part) * w->region->npoint + (size_t)x->point];
    part->members += !*seen;
    *seen = 1;
    part->demand_wh += x->wh;
    part->supply_wh += x->green;
    part->by_evidence[ledger_evidence_of(x)] += x->wh;
    return w->place && is_open(w->p, part) ? on_open(w, x) : MIZO_OK;
}

/* What counts of a facility by its owner's report alone. */
static ledger_member by_report(const ledger_row *row)
{
    ledger_member m = { .facility = row->facility, .point = -1, .supply_wh = row->supply_wh };
    for (int k = 0; k < YEARLY_MONTHS; k++) {
        m.demand_wh += row->month[k].evidence == LEDGER_REPORT ? row->month[k].reported_wh : 0;
        m.supply_wh -= row->month[k].green_wh;
    }
    m.by_evidence[LEDGER_REPORT] = m.demand_wh;
    return m;
}

static mizo_err add_reports(const mizo_region *r, const owner_ledger *l, ledger_parts *p)
{
    ledger_part sum = { .of = LEDGER_OF_REPORTS };
    for (size_t i = 0; i < l->nrow; i++) {
        ledger_member m = by_report(&l->row[i]);
        sum.demand_wh += m.demand_wh;
        sum.supply_wh += m.supply_wh;
        sum.members += m.demand_wh > 0;
        if (m.demand_wh == 0 || !is_open(p, &sum) || !is_ours(p, r, m.facility))
            continue;
        ledger_member *into = add_member(p, m.facility, -1);
        if (!into)
            return MIZO_ENOMEM;
        *into = m;
    }
    if (!sum.demand_wh)
        return MIZO_OK;
    ledger_part *x = part_of(p, LEDGER_OF_REPORTS, "");
    if (!x)
        return MIZO_ENOMEM;
    x->members = sum.members;
    x->demand_wh = x->by_evidence[LEDGER_REPORT] = sum.demand_wh;
    x->supply_wh = sum.supply_wh;
    return MIZO_OK;
}

/* Who uses each point: the facility with the greatest share of it. */
static mizo_err find_users(walking *w)
{
    const mizo_region *r = w->region;
    int32_t *share = calloc(r->npoint + 1, sizeof *share);
    w->place = calloc(r->npoint + 1, sizeof *w->place);
    w->whose = malloc((r->npoint + 1) * sizeof *w->whose);
    if (!share || !w->place || !w->whose) {
        free(share);
        return MIZO_ENOMEM;
    }
    memset(w->whose, -1, (r->npoint + 1) * sizeof *w->whose);
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->share_ppm <= share[u->point])
            continue;
        share[u->point] = u->share_ppm;
        w->whose[u->point] = u->facility;
    }
    free(share);
    return MIZO_OK;
}

static mizo_err by_contract(const mizo_region *r, const achievement_pieces *pieces, const owner_ledger *l,
                            ledger_parts *p)
{
    size_t most = r->nmenu + r->nsupplier + LEDGER_PART_KINDS; /* parts */
    walking w = { .region = r, .p = p, .seen = calloc(most, r->npoint + 1) };
    mizo_err e = w.seen ? MIZO_OK : MIZO_ENOMEM;
    if (!e && p->ask.open)
        e = find_users(&w);
    e = e ? e : achievement_pieces_each(pieces, on_piece, &w);
    e = e ? e : add_reports(r, l, p);
    free(w.whose);
    free(w.place);
    free(w.seen);
    return e;
}

/* ---- making ---- */

static int greatest_first(const void *a, const void *b)
{
    const ledger_part *x = a, *y = b;
    return (y->demand_wh > x->demand_wh) - (y->demand_wh < x->demand_wh);
}

static int member_order(const void *a, const void *b)
{
    const ledger_member *x = a, *y = b;
    return (y->demand_wh > x->demand_wh) - (y->demand_wh < x->demand_wh);
}

mizo_err ledger_parts_make(store *s, const mizo_region *r, int fy, mizo_ms as_of, mizo_day today,
                           const ledger_cut_ask *ask, ledger_parts *out)
{
    owner_ledger l;
    achievement_pieces pieces;
    *out = (ledger_parts){ .ask = *ask, .fy = fy };
    mizo_err e = achievement_pieces_read(s, r, fy, as_of, NULL, &pieces);
    if (e && e != MIZO_ERANGE)
        return e;
    e = owner_ledger_of(s, r, &pieces, fy, as_of, today, &l);
    if (!e) {
        e = ledger_parts_of(r, &pieces, &l, ask, out);
        owner_ledger_free(&l);
    }
    achievement_pieces_free(&pieces);
    return e;
}

mizo_err ledger_parts_of(const mizo_region *r, const achievement_pieces *pieces, const owner_ledger *l,
                         const ledger_cut_ask *ask, ledger_parts *out)
{
    *out = (ledger_parts){ .ask = *ask, .fy = l->fy, .demand_wh = l->demand_wh, .supply_wh = l->supply_wh };
    mizo_err e = ask->cut >= LEDGER_BY_SUPPLIER ? by_contract(r, pieces, l, out) : by_facility(r, l, out);
    if (e) {
        ledger_parts_free(out);
        return e;
    }
    if (out->n)
        qsort(out->part, out->n, sizeof *out->part, greatest_first);
    if (out->nmember)
        qsort(out->member, out->nmember, sizeof *out->member, member_order);
    return MIZO_OK;
}

void ledger_parts_free(ledger_parts *p)
{
    free(p->part);
    free(p->member);
    p->part = NULL;
    p->member = NULL;
    p->n = p->cap = p->nmember = p->member_cap = 0;
}

/* ---- showing ---- */

static void evidence_json(const mizo_wh by[LEDGER_EVIDENCES], json *j)
{
    json_object(j, "by_evidence");
    for (int e = 0; e < LEDGER_MISSING; e++)
        json_int(j, ledger_words[e], by[e]);
    json_end(j);
}

static void member_json(const mizo_region *r, const ledger_member *m, json *j)
{
    const mizo_facility *f = m->facility < 0 ? NULL : &r->facility[m->facility];
    json_object(j, NULL);
    json_text(j, "facility", f ? f->id : NULL);
    json_text(j, "point", m->point < 0 ? NULL : r->point[m->point].id);
    json_text(j, "name_ja", f ? f->name_ja : NULL);
    json_text(j, "name_en", f ? *f->name_en ? f->name_en : f->name_ja : NULL);
    json_int(j, "demand_wh", m->demand_wh);
    json_int(j, "supply_wh", m->supply_wh);
    evidence_json(m->by_evidence, j);
    json_end(j);
}

void ledger_parts_json(const mizo_region *r, const ledger_parts *p, json *j)
{
    json_text(j, "by", ledger_cut_words[p->ask.cut]);
    json_int(j, "demand_wh", p->demand_wh);
    json_int(j, "supply_wh", p->supply_wh);
    json_array(j, "rows");
    for (size_t i = 0; i < p->n; i++) {
        const ledger_part *x = &p->part[i];
        json_object(j, NULL);
        json_text(j, "of", ledger_part_words[x->of]);
        json_text(j, "part", ledger_part_word(x));
        json_text(j, "key", x->key);
        json_text(j, "name_ja", x->name_ja);
        json_text(j, "name_en", *x->name_en ? x->name_en : x->name_ja);
        json_int(j, p->ask.cut >= LEDGER_BY_SUPPLIER ? "points" : "facilities", x->members);
        json_int(j, "late", x->late);
        json_int(j, "demand_wh", x->demand_wh);
        json_int(j, "supply_wh", x->supply_wh);
        evidence_json(x->by_evidence, j);
        json_end(j);
    }
    json_end(j);
    if (!p->ask.open)
        return;
    json_text(j, "part", p->ask.open);
    json_array(j, "members");
    for (size_t i = 0; i < p->nmember; i++)
        member_json(r, &p->member[i], j);
    json_end(j);
}

static const char *part_name(const ledger_part *x, bool ja)
{
    static const char *const words_ja[LEDGER_PART_KINDS] = { "", "施設のない地点", "屋根の下の自家消費",
                                                             "契約のない地点", "計器のない月の報告" };
    static const char *const words_en[LEDGER_PART_KINDS] = { "", "points without a facility",
                                                             "used under own roofs",
                                                             "points without a contract",
                                                             "reports of months without a meter" };
    if (x->of != LEDGER_OF_KEY)
        return ja ? words_ja[x->of] : words_en[x->of];
    if (!*x->key)
        return ja ? "(記載なし)" : "(not said)";
    return ja || !*x->name_en ? x->name_ja : x->name_en;
}

static void part_head(report *d, const char *caption, ledger_cut cut, bool ja)
{
    static const char *const titles_ja[LEDGER_CUTS] = { "施設群", "所管局",     "種別",
                                                        "区",     "小売事業者", "メニュー" };
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? titles_ja[cut] : ledger_cut_words[cut] },
        { .title = cut >= LEDGER_BY_SUPPLIER ? (ja ? "地点" : "points") : ja ? "施設" : "facilities", .align = REPORT_RIGHT },
        { .title = ja ? "需要" : "demand", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "うち再エネ" : "renewable", .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        { .title = ja ? "再エネ率" : "share", .unit = "%", .align = REPORT_RIGHT },
    };
    /* clang-format on */
    report_columns(d, caption, c, sizeof c / sizeof *c);
}

/* Demand, renewable and the share of it. */
static void sums_cells(report *d, mizo_wh demand, mizo_wh supply)
{
    int64_t thousandths;
    report_cell_scaled(d, demand, 3, 0);
    report_cell_scaled(d, supply, 3, 0);
    if (demand > 0 && !mizo_mul_div(supply, 1000, demand, MIZO_ROUND_HALF_UP, &thousandths))
        report_cell_number(d, thousandths, 1);
    else
        report_cell_gap(d);
}

void ledger_parts_body(const ledger_parts *p, const char *caption, bool ja, report *d)
{
    part_head(d, caption, p->ask.cut, ja);
    for (size_t i = 0; i < p->n; i++) {
        const ledger_part *x = &p->part[i];
        report_cell_text(d, part_name(x, ja));
        report_cell_number(d, x->members, 0);
        sums_cells(d, x->demand_wh, x->supply_wh);
    }
    report_sum(d, ja ? "計" : "sum");
}

/* Whom the open part is made of. */
static void members_body(const mizo_region *r, const ledger_parts *p, bool ja, report *d)
{
    const ledger_part *x = ledger_part_named(p, p->ask.open);
    const report_column c[] = {
        {.title = ja ? "施設" : "facility"},
        {                                              .title = ja ? "地点" : "point"      },
        { .title = ja ? "需要" : "demand",                  .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        {                                  .title = ja ? "うち再エネ" : "renewable",   .unit = "kWh", .align = REPORT_RIGHT, .sum = true },
        {                                                                    .title = ja ? "再エネ率" : "share", .unit = "%", .align = REPORT_RIGHT },
    };
    report_columns(d, part_name(x, ja), c, sizeof c / sizeof *c);
    for (size_t i = 0; i < p->nmember; i++) {
        const ledger_member *m = &p->member[i];
        const mizo_facility *f = m->facility < 0 ? NULL : &r->facility[m->facility];
        report_cell_text(d, !f ? "" : ja || !*f->name_en ? f->name_ja : f->name_en);
        report_cell_text(d, m->point < 0 ? "" : r->point[m->point].id);
        sums_cells(d, m->demand_wh, m->supply_wh);
    }
    report_sum(d, ja ? "計" : "sum");
}

mizo_err ledger_parts_doc(const mizo_region *r, const ledger_parts *p, mizo_day today, const char *lang,
                          report **out)
{
    bool ja = strcmp(lang, "ja") == 0;
    char title[120];
    (void)snprintf(title, sizeof title, ja ? "%d年度 達成状況の内訳" : "FY%d, the ledger in parts", p->fy);
    report *d =
        report_new(&(report_head){ .title = title, .author = r->name_ja, .lang = lang, .day = today });
    if (!d)
        return MIZO_ENOMEM;
    ledger_parts_body(p, NULL, ja, d);
    if (p->ask.open && ledger_part_named(p, p->ask.open))
        members_body(r, p, ja, d);
    mizo_err e = report_done(d);
    if (e)
        report_free(d);
    else
        *out = d;
    return e;
}
