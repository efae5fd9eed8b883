/* city_published.c: mizo city published: reports as they were published, given out again, held against today. */
#include <string.h>

#include "cli/city.h"
#include "mizo/messages/files.h"
#include "town/office/frozen.h"
#include "town/report_file.h"

static mizo_err on_row(void *arg, const frozen *f)
{
    city_act *k = arg;
    char day[MIZO_DATE_TEXT];
    if (k->w->json) {
        json_object(&k->j, NULL);
        frozen_json(k->t, f, &k->j);
        json_end(&k->j);
        return k->out.err;
    }
    mizo_day_text(mizo_slot_day(mizo_ms_slot(f->at), k->t->region->offset), day);
    buf_printf(&k->out, "%-28s %s  %-16s %.12s  %s\n", f->id, day, f->actor, f->hash, f->why);
    return k->out.err;
}

static mizo_err list(city_act *k)
{
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_array(&k->j, "rows");
    }
    MIZO_TRY(frozen_each(k->t, on_row, k));
    if (k->w->json) {
        json_end(&k->j);
        json_end(&k->j);
    }
    return k->out.err;
}

static mizo_err give_out(city_act *k, const frozen *f)
{
    report_format format = REPORT_FORMAT_HTML;
    frozen_part part = FROZEN_PAGE;
    buf b;
    if (!report_format_of(k->w->out, &format))
        part = format == REPORT_FORMAT_XLSX  ? FROZEN_BOOK
               : format == REPORT_FORMAT_TSV ? FROZEN_FACTS
                                             : FROZEN_PAGE;
    buf_init(&b, REPORT_BYTES);
    mizo_err e = frozen_bytes(k->t, f, part, &b);
    if (!e && (e = k->c->env->ops->write_file(k->c->env, k->w->out, b.p ? b.p : "", b.n)))
        MIZO_DIAG(k->c->diags, REGISTER_UNWRITABLE, MIZO_NOWHERE, k->w->out, mizo_err_text(e));
    buf_fini(&b);
    return e;
}

static mizo_err hold_against(city_act *k, const frozen *f)
{
    frozen_difference x;
    report *r = NULL;
    MIZO_TRY(frozen_differ(k->t, f, k->today, &x));
    mizo_err e = MIZO_OK;
    k->bad = x.nchange > 0;
    if (k->w->json) {
        json_object(&k->j, NULL);
        frozen_json(k->t, f, &k->j);
        frozen_difference_json(k->t, &x, &k->j);
        json_end(&k->j);
    } else if (!(e = frozen_doc(k->t, f, &x, k->c->lang, &r))) {
        e = report_plain(r, &k->out);
    }
    report_free(r);
    frozen_difference_free(&x);
    return e ? e : k->out.err;
}

mizo_err city_act_published(city_act *k)
{
    frozen f;
    if (!k->t->store)
        return MIZO_EINPUT;
    if (!k->n)
        return list(k);
    MIZO_TRY(frozen_find(k->t, k->word[0], &f));
    return k->w->out ? give_out(k, &f) : hold_against(k, &f);
}
