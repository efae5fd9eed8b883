/* invoice_doc.c: the document of an invoice, with what the region says of its issuer, and the paper as it was kept. */
#include <string.h>

#include "mizo/messages/invoice.h"
#include "report/invoice_page.h"
#include "town/bills/invoice_inner.h"
#include "town/people/people.h"

static mizo_err document(town *t, const invoice *v, const char *lang, const char *stamp, const person *who,
                         report **out)
{
    const mizo_region *r = t->region;
    mizo_day day = v->issued == MIZO_DAY_NONE ? v->month : v->issued;
    mizo_ref issuer = mizo_region_party(r, v->issuer);
    const mizo_issuer *i = mizo_issuer_on(r, day);
    invoice_page p = { .region = r,
                       .issuer = i && i->party == issuer ? i : NULL,
                       .bank = issuer >= 0 ? mizo_bank_on(r, issuer, day) : NULL,
                       .lang = lang,
                       .person = who ? who->name : NULL,
                       .address = who ? who->address : NULL,
                       .stamp = stamp,
                       .day = day };
    *out = invoice_page_make(v, &p);
    if (!*out)
        return MIZO_ENOMEM;
    mizo_err err = report_done(*out);
    if (err) {
        report_free(*out);
        *out = NULL;
    }
    return err;
}

mizo_err invoice_document(town *t, const invoice *v, const char *lang, const char *stamp, report **out)
{
    return document(t, v, lang, stamp, NULL, out);
}

typedef struct drafted {
    town *t;
    const char *id, *lang;
    run_state state;
    report_format format;
    buf *out;
    bool found;
} drafted;

static mizo_err make(town *t, const invoice *v, run_state state, const char *lang, report_format f,
                     const person *who, buf *out)
{
    report *doc;
    bool ja = strcmp(lang, "en") != 0;
    const char *stamp = state == RUN_ISSUED      ? NULL
                        : state == RUN_CANCELLED ? (ja ? "取消" : "CANCELLED")
                                                 : (ja ? "下書き" : "DRAFT");
    MIZO_TRY(document(t, v, lang, stamp, who, &doc));
    mizo_err err = report_make(doc, f, t->diags, out);
    report_free(doc);
    return err;
}

static mizo_err on_draft(void *arg, const invoice *v)
{
    drafted *d = arg;
    if (d->found || strcmp(v->id, d->id))
        return MIZO_OK;
    d->found = true;
    return make(d->t, v, d->state, d->lang, d->format, NULL, d->out);
}

static mizo_err of_draft(town *t, const char *id, const char *run, const char *lang, report_format f,
                         buf *out)
{
    invoice_run r;
    drafted d = { .t = t, .id = id, .lang = lang, .format = f, .out = out };
    MIZO_TRY(invoice_run_get(t, run, &r));
    d.state = r.state;
    MIZO_TRY(invoice_run_each(t, &r, on_draft, &d));
    if (d.found)
        return MIZO_OK;
    MIZO_DIAG(t->diags, INVOICE_NONE, MIZO_NOWHERE, id);
    return MIZO_ENOENT;
}

/* The bytes that went out, if they are of this format. */
static mizo_err as_kept(town *t, const kept_invoice *k, report_format f, buf *out, bool *done)
{
    register_line line;
    report_format kept;
    *done = false;
    if (!*k->document || k->state != RUN_ISSUED)
        return MIZO_OK;
    MIZO_TRY(register_get(t, k->document, &line));
    if (report_format_of(line.name, &kept) || kept != f)
        return MIZO_OK;
    *done = true;
    return register_bytes(t, &line, out);
}

mizo_err invoice_paper(town *t, const char *id, const char *run, const char *lang, report_format f, buf *out)
{
    kept_invoice k;
    bool done = false;
    if (run)
        return of_draft(t, id, run, lang, f, out);
    arena *a = arena_new(0);
    mizo_err err = a ? invoice_find(t, id, a, &k) : MIZO_ENOMEM;
    err = err ? err : as_kept(t, &k, f, out, &done);
    if (!err && !done)
        err = make(t, &k.v, k.state, lang, f, NULL, out);
    arena_free(a);
    return err;
}

mizo_err invoice_named_paper(town *t, const char *id, const char *lang, report_format f, const actor *who,
                             const char *why, buf *out)
{
    kept_invoice k;
    person p;
    people_act act = { .env = t->env,
                       .store = t->store,
                       .actor = who->name,
                       .reason = why,
                       .diags = t->diags,
                       .now = town_now(t) };
    arena *a = arena_new(0);
    mizo_err err = a ? invoice_find(t, id, a, &k) : MIZO_ENOMEM;
    err = err ? err : people_get(&act, k.v.party, &p);
    err = err ? err : make(t, &k.v, k.state, lang, f, &p, out);
    explicit_bzero(&p, sizeof p);
    arena_free(a);
    return err;
}
