/* invoice_act.c: acts on a run: what was looked at is put inside a batch, one's own or another's. */
#include <stdio.h>
#include <stdlib.h>

#include "town/bills/invoice_inner.h"

mizo_err invoice_act_new(town *t, const char *source, const char *who, invoice_act **out)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return MIZO_ENOMEM;
    (*out)->t = t;
    (*out)->source = source;
    (void)snprintf((*out)->who, sizeof(*out)->who, "%s", who);
    (*out)->arena = (*out)->set.arena = arena_new(0);
    return (*out)->arena ? MIZO_OK : invoice_act_end(out, MIZO_ENOMEM);
}

mizo_err invoice_act_end(invoice_act **a, mizo_err e)
{
    if (e) {
        invoice_act_free(*a);
        *a = NULL;
    }
    return e;
}

void invoice_act_free(invoice_act *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->npaper; i++)
        buf_fini(&a->paper[i].bytes);
    arena_free(a->arena);
    free(a);
}

const invoice_run *invoice_act_before(const invoice_act *a)
{
    return &a->before;
}

const invoice_run *invoice_act_after(const invoice_act *a)
{
    return &a->run;
}

mizo_err invoice_put(town *t, invoice_act *a)
{
    posting *p;
    a->t = t;
    a->run = a->before;
    MIZO_TRY(posting_join(t->store, t->diags, &p));
    mizo_err e = a->put(a, p);
    if (!e)
        return posting_commit(p);
    posting_cancel(p);
    return e;
}

/* ---- in a batch of its own ---- */

static mizo_err put_now(town *t, invoice_act *a, invoice_run *out)
{
    store *s = t->store;
    store_batch b = { .known = town_now(t), .actor = a->who, .source = a->source, .note = "" };
    mizo_err e = s->ops->batch_begin(s, &b);
    if (!e) {
        e = invoice_put(t, a);
        if (!e)
            e = s->ops->batch_commit(s);
        else
            s->ops->batch_rollback(s);
    }
    *out = e ? a->before : a->run;
    invoice_act_free(a);
    return e;
}

mizo_err invoice_run_draft(town *t, mizo_day month, invoice_kind kind, bool leave, const char *who,
                           invoice_run *out)
{
    invoice_act *a;
    MIZO_TRY(invoice_look_draft(t, month, kind, leave, who, &a));
    return put_now(t, a, out);
}

mizo_err invoice_run_approve(town *t, const char *id, const actor *who, invoice_run *out)
{
    invoice_act *a;
    MIZO_TRY(invoice_look_approve(t, id, who, &a));
    return put_now(t, a, out);
}

mizo_err invoice_run_issue(town *t, const char *id, mizo_day day, report_format format, const char *who,
                           invoice_run *out)
{
    invoice_act *a;
    MIZO_TRY(invoice_look_issue(t, id, day, format, who, &a));
    return put_now(t, a, out);
}

mizo_err invoice_run_cancel(town *t, const char *id, mizo_day day, const char *why, report_format format,
                            const actor *who, invoice_run *out)
{
    invoice_act *a;
    MIZO_TRY(invoice_look_cancel(t, id, day, why, format, who->name, &a));
    return put_now(t, a, out);
}
