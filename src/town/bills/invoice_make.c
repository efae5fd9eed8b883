/* invoice_make.c: the bills of a month put together as invoices. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/invoice.h"
#include "town/bills/billing.h"
#include "town/bills/invoice.h"

/* ---- names ---- */

mizo_err invoice_name(arena *a, mizo_day month, char letter, const char *word, const char **out)
{
    char id[INVOICE_ID + 64], sum[HASH_TEXT];
    mizo_date m = mizo_day_date(month);
    int n = snprintf(id, sizeof id, "%c%04d%02d-%s", letter, m.year, m.month, word);
    if (n >= INVOICE_ID) { /* as long as an id may be: its beginning and the hash of all of it */
        hash_text(hash_bytes(id, strlen(id)), sum);
        (void)snprintf(id + 27, sizeof id - 27, "-%.12s", sum);
    }
    char *own = arena_copy(a, id, strlen(id));
    *out = own ? own : "";
    return own ? MIZO_OK : MIZO_ENOMEM;
}

static const char *number_on(const mizo_party *p, mizo_day d)
{
    return mizo_party_registered(p, d) ? p->invoice_number : "";
}

mizo_err invoice_parties(town *t, const char *party, mizo_day day, invoice *v, const mizo_issuer **issuer)
{
    const mizo_region *r = t->region;
    const mizo_party *p = &r->party[mizo_region_party(r, party)];
    const mizo_issuer *i = mizo_issuer_on(r, day);
    if (!i) {
        char text[MIZO_DATE_TEXT];
        mizo_day_text(day, text);
        MIZO_DIAG(t->diags, INVOICE_NO_ISSUER, MIZO_AT("issuers.csv", 0, 0), text);
        return MIZO_EINPUT;
    }
    v->issuer = r->party[i->party].id;
    v->issuer_name = r->party[i->party].name_ja;
    v->issuer_number = number_on(&r->party[i->party], day);
    v->party = p->id;
    v->party_name = p->name_ja;
    v->party_number = number_on(p, day);
    *issuer = i;
    return MIZO_OK;
}

const char *invoice_place(const mizo_region *r, mizo_ref point, mizo_day day)
{
    int32_t most = 0;
    const char *name = "";
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (u->point == point && day >= u->from && day < u->to && u->share_ppm > most) {
            most = u->share_ppm;
            name = r->facility[u->facility].name_ja;
        }
    }
    return name;
}

/* ---- bills into items ---- */

typedef struct row {
    mizo_ref contract, party;
    const char *word; /* of its invoice */
    bool own;         /* the word is the contract's id */
    invoice_item item;
} row;

typedef struct gather {
    town *t;
    arena *a;
    row *row;
    size_t n, cap;
    const char **place; /* facility of each point; "" */
} gather;

/* The facility that uses most of each point in the month. */
static mizo_err name_points(gather *g, mizo_day month)
{
    const mizo_region *r = g->t->region;
    int32_t *share = arena_take(g->a, (r->npoint + 1) * sizeof *share);
    g->place = arena_take(g->a, (r->npoint + 1) * sizeof *g->place);
    if (!share || !g->place)
        return MIZO_ENOMEM;
    for (size_t i = 0; i < r->npoint; i++)
        g->place[i] = "";
    for (size_t i = 0; i < r->nuse; i++) {
        const mizo_use *u = &r->use[i];
        if (month < u->from || month >= u->to || u->share_ppm <= share[u->point])
            continue;
        share[u->point] = u->share_ppm;
        g->place[u->point] = r->facility[u->facility].name_ja;
    }
    return MIZO_OK;
}

static mizo_err take_bill(void *arg, const mizo_bill *b, const char *text)
{
    gather *g = arg;
    const mizo_region *r = g->t->region;
    const mizo_contract *c = &r->contract[b->contract];
    const mizo_party *p = &r->party[b->party];
    (void)text;
    if (b->ntax > INVOICE_RATES)
        return MIZO_ERANGE;
    MIZO_TRY(array_grow(&g->row, &g->cap, g->n + 1, sizeof *g->row));
    row *x = &g->row[g->n++];
    *x = (row){ .contract = b->contract,
                .party = b->party,
                .word = *c->invoice ? c->invoice : c->id,
                .own = !*c->invoice };
    x->item = (invoice_item){ .contract = c->id,
                              .point = r->point[b->point].id,
                              .name = p->kind == MIZO_PARTY_HOUSEHOLD ? "" : g->place[b->point],
                              .from = b->from,
                              .to = b->to,
                              .wh = b->wh,
                              .price_e6 = MIZO_NO_PRICE,
                              .left_e6 = b->left,
                              .kind = "",
                              .digest = arena_copy(g->a, b->digest, strlen(b->digest)),
                              .known = b->known,
                              .npart = b->ntax };
    for (int k = 0; k < b->ntax; k++)
        x->item.part[k] = (invoice_part){ .tax = b->tax[k].name,
                                          .rate_e6 = b->tax[k].param ? b->tax[k].rate_e6 : 0,
                                          .amount = b->tax[k].total };
    return x->item.digest ? MIZO_OK : MIZO_ENOMEM;
}

static int by_word(const void *pa, const void *pb)
{
    const row *a = pa, *b = pb;
    int c = strcmp(a->word, b->word);
    if (!c && a->own != b->own)
        c = a->own ? -1 : 1;
    return c ? c : strcmp(a->item.contract, b->item.contract);
}

/* Rows [first, end) as one invoice. */
static mizo_err put_together(gather *g, mizo_day month, size_t first, size_t end, invoice *v)
{
    const mizo_issuer *issuer;
    const row *x = &g->row[first];
    *v = (invoice){ .kind = INVOICE_BILL,
                    .month = month,
                    .issued = MIZO_DAY_NONE,
                    .due = MIZO_DAY_NONE,
                    .returns = "",
                    .why = "" };
    v->item = arena_take(g->a, (end - first) * sizeof *v->item);
    if (!v->item)
        return MIZO_ENOMEM;
    v->nitem = end - first;
    for (size_t i = first; i < end; i++)
        v->item[i - first] = g->row[i].item;
    MIZO_TRY(invoice_name(g->a, month, x->own ? 'c' : 'b', x->word, &v->id));
    MIZO_TRY(invoice_parties(g->t, g->t->region->party[x->party].id, month, v, &issuer));
    return invoice_sum(g->t->region, issuer->rounding, v, g->t->diags);
}

static int by_id(const void *pa, const void *pb)
{
    return strcmp(((const invoice *)pa)->id, ((const invoice *)pb)->id);
}

static mizo_err make_invoices(gather *g, mizo_day month, invoice_list *out)
{
    qsort(g->row, g->n, sizeof *g->row, by_word);
    out->v = arena_take(g->a, (g->n + 1) * sizeof *out->v);
    if (!out->v)
        return MIZO_ENOMEM;
    for (size_t first = 0, end; first < g->n; first = end) {
        for (end = first + 1; end < g->n; end++)
            if (strcmp(g->row[end].word, g->row[first].word) || g->row[end].own != g->row[first].own)
                break;
        MIZO_TRY(put_together(g, month, first, end, &out->v[out->n]));
        out->n++;
    }
    qsort(out->v, out->n, sizeof *out->v, by_id);
    return MIZO_OK;
}

mizo_err invoice_make(town *t, mizo_day month, invoice_kind kind, mizo_ms as_of, invoice_list *out)
{
    billing_sum sum = { 0 };
    gather g = { .t = t, .a = out->arena };
    out->n = 0;
    out->left_out = 0;
    if (kind == INVOICE_PURCHASE) {
        MIZO_TRY(invoice_make_purchases(t, month, as_of, out));
        qsort(out->v, out->n, sizeof *out->v, by_id);
        return MIZO_OK;
    }
    mizo_err err = name_points(&g, month);
    err = err ? err : billing_make(t, month, as_of, NULL, take_bill, &g, &sum);
    if (err == MIZO_EINPUT && out->leave && sum.failed) {
        out->left_out = sum.failed;
        err = MIZO_OK;
    }
    err = err ? err : make_invoices(&g, month, out);
    free(g.row);
    return err;
}
