/* share_paper.c: a member's share of a group's month as a paper: its invoice, or, where it gets money, the statement of what
 * it is paid. Figures, rounding and tax are those that the month close posts. See members.h. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/desk.h"
#include "mizo/messages/invoice.h"
#include "report/invoice_page.h"
#include "town/bills/invoice.h"
#include "town/desk/imbalance.h"
#include "town/desk/inner.h"
#include "town/desk/members.h"

typedef struct share_paper {
    const desk_act *a;
    const char *lang;
    bool ja;
    arena *arena;
    const mizo_issuer *issuer;
    invoice v;
    invoice_item item[2];
} share_paper;

/* A member is a supplier, a plant or a point; it may be a party of our books too, then with its name and number. */
static void name_member(const mizo_region *r, const char *member, mizo_day day, bool ja, invoice *v)
{
    mizo_ref p = mizo_region_party(r, member);
    v->party = member;
    v->party_name = v->party_number = "";
    for (size_t i = 0; i < r->nsupplier; i++)
        if (strcmp(r->supplier[i].id, member) == 0)
            v->party_name = ja ? r->supplier[i].name_ja : r->supplier[i].name_en;
    if (p >= 0 && *r->party[p].name_ja)
        v->party_name = r->party[p].name_ja;
    if (p >= 0 && mizo_party_registered(&r->party[p], day))
        v->party_number = r->party[p].invoice_number;
}

static mizo_err name_us(share_paper *x, mizo_day day)
{
    town *t = x->a->town;
    const mizo_region *r = t->region;
    char text[MIZO_DATE_TEXT];
    x->issuer = mizo_issuer_on(r, day);
    if (!x->issuer) {
        mizo_day_text(day, text);
        MIZO_DIAG(t->diags, INVOICE_NO_ISSUER, MIZO_AT("issuers.csv", 0, 0), text);
        return MIZO_EINPUT;
    }
    const mizo_party *us = &r->party[x->issuer->party];
    x->v.issuer = us->id;
    x->v.issuer_name = us->name_ja;
    x->v.issuer_number = mizo_party_registered(us, day) ? us->invoice_number : "";
    return MIZO_OK;
}

/* What a group's imbalance is to a member: given too little, too much. */
static const char *const share_names[][2] = {
    {"不足インバランスの配分",  "Share of the imbalance: short"},
    { "余剰インバランスの配分", "Share of the imbalance: long" }
};

static mizo_err add_item(share_paper *x, const desk_allotted *s, int64_t rate_e6, const char *name,
                         mizo_wh wh, mizo_uyen amount)
{
    invoice *v = &x->v;
    mizo_day end = mizo_month_first(s->month, 1);
    const mizo_bg *g = x->a->group;
    int sign = v->kind == INVOICE_PURCHASE ? -1 : 1;
    int64_t left;
    invoice_item *i = &v->item[v->nitem++];
    *i = (invoice_item){ .contract = g->id,
                         .point = x->ja ? g->name_ja : g->name_en,
                         .name = name,
                         .from = s->month,
                         .to = end,
                         .wh = wh,
                         .price_e6 = MIZO_NO_PRICE,
                         .kind = sign < 0 ? "imbalance" : "",
                         .digest = "",
                         .npart = 1 };
    i->part[0] = (invoice_part){
        .tax = s->tax_name, .rate_e6 = rate_e6, .added = *s->tax_name, .amount = sign * amount
    };
    return mizo_round_by(mizo_rounding_of(x->a->town->region, "imbalance", MIZO_STEP_TOTAL),
                         i->part[0].amount, &i->part[0].amount, &left);
}

static mizo_err fill(share_paper *x, const char *member, const desk_allotted *s)
{
    town *t = x->a->town;
    invoice *v = &x->v;
    mizo_day last = mizo_month_first(s->month, 1) - 1;
    int64_t rate_e6 = 0;
    char word[2 * MIZO_ID_MAX];
    *v = (invoice){ .kind = s->fee < s->received ? INVOICE_PURCHASE : INVOICE_BILL,
                    .month = s->month,
                    .issued = mizo_slot_day(mizo_ms_slot(x->a->now), t->region->offset),
                    .due = last + x->a->group->share_days,
                    .returns = "",
                    .why = "",
                    .share_e6 = MIZO_PPM,
                    .item = x->item };
    (void)snprintf(word, sizeof word, "%s-%s", x->a->group->id, member);
    MIZO_TRY(invoice_name(x->arena, s->month, 's', word, &v->id));
    MIZO_TRY(name_us(x, last));
    name_member(t->region, member, last, x->ja, v);
    if (*s->tax_name)
        MIZO_TRY(mizo_param_get(t->region, s->tax_name, "", last, t->diags, &rate_e6, NULL));
    MIZO_TRY(
        add_item(x, s, rate_e6, share_names[s->wh > 0][!x->ja], s->wh > 0 ? s->wh : -s->wh, -s->received));
    if (s->fee)
        MIZO_TRY(add_item(x, s, rate_e6, x->ja ? "需給管理の手数料" : "Fee for balancing", s->used, s->fee));
    return invoice_sum(t->region, "imbalance", v, t->diags);
}

static mizo_err make(const share_paper *x, const desk_allotted *s, report_format f, buf *out)
{
    const mizo_region *r = x->a->town->region;
    invoice_page p = { .region = r,
                       .issuer = x->issuer,
                       .bank = mizo_bank_on(r, x->issuer->party, x->v.issued),
                       .lang = x->lang,
                       .content = x->ja ? "バランシンググループのインバランス料金の配分と手数料"
                                        : "Share of the balancing group's imbalance, and its fee",
                       .item = x->ja ? "項目" : "Item",
                       .place = x->ja ? "グループ" : "Group",
                       .stamp = s->final ? NULL
                                : x->ja  ? "概算"
                                         : "PROVISIONAL",
                       .day = x->v.issued };
    report *doc = invoice_page_make(&x->v, &p);
    mizo_err e = doc ? report_done(doc) : MIZO_ENOMEM;
    if (!e)
        e = report_make(doc, f, x->a->town->diags, out);
    report_free(doc);
    return e;
}

static mizo_err keep(const share_paper *x, report_format f, const buf *out)
{
    store *s = x->a->town->store;
    store_batch b = { .known = x->a->now, .actor = x->a->actor, .source = "day allot", .note = "" };
    char name[INVOICE_ID + 8];
    desk_act month = *x->a;
    month.day = x->v.month;
    (void)snprintf(name, sizeof name, "%s.%s", x->v.id, report_format_ending(f));
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = desk_put_file(&month, "member-share", x->v.party, name, out->p, out->n, true);
    if (!e)
        return s->ops->batch_commit(s);
    s->ops->batch_rollback(s);
    return e;
}

mizo_err desk_members_paper(const desk_act *a, const char *member, const desk_allotted *s, const char *lang,
                            report_format f, buf *out)
{
    share_paper x = { .a = a, .lang = lang, .ja = strcmp(lang, "en") != 0, .arena = arena_new(0) };
    if (mizo_id_listed(a->group->own, member)) {
        MIZO_DIAG(a->diags, DESK_SHARE_OWN, MIZO_NOWHERE, member);
        arena_free(x.arena);
        return MIZO_EINPUT;
    }
    mizo_err e = x.arena ? fill(&x, member, s) : MIZO_ENOMEM;
    if (!e)
        e = make(&x, s, f, out);
    if (!e && s->final)
        e = keep(&x, f, out);
    arena_free(x.arena);
    return e;
}
