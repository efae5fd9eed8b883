/* register.c: every file that is imported has a line in the register, and one that is refused has one too. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "town/import/run.h"

/* ---- the days that a file speaks of ---- */

static void widen(import_result *r, mizo_day first, mizo_day last)
{
    if (r->from == r->to) {
        r->from = first;
        r->to = last + 1;
    }
    r->from = first < r->from ? first : r->from;
    r->to = last >= r->to ? last + 1 : r->to;
}

static mizo_day day_of(const import_run *im, mizo_ms at)
{
    return mizo_slot_day(mizo_ms_slot(at), im->t->region->offset);
}

void import_find_period(import_run *im)
{
    import_result *r = im->r;
    int offset = im->t->region->offset;
    for (size_t i = 0; i < im->nseries; i++)
        if (im->series[i].values)
            widen(r, mizo_slot_day(im->series[i].first, offset), mizo_slot_day(im->series[i].last, offset));
    for (size_t i = 0; i < im->nperiod; i++)
        widen(r, im->period[i].p.from, im->period[i].p.to - 1);
    for (size_t i = 0; i < im->nsession; i++)
        widen(r, day_of(im, im->session[i].s.arrive), day_of(im, im->session[i].s.depart - 1));
    for (size_t i = 0; i < im->nforecast; i++)
        widen(r, im->forecast[i].day, im->forecast[i].day);
}

/* ---- lines ---- */

/* Who sends files of a kind; what is not here comes from our own meters and people. */
static const char *with_of(const char *kind)
{
    static const struct {
        const char *begin, *with;
    } sides[] = {
        {"operator",   "operator"},
        { "area",      "operator"},
        { "imbalance", "operator"},
        { "jepx",      "jepx"    },
        { "weather",   "weather" },
        { "jma",       "weather" },
        { "open",      "weather" },
    };
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        if (strncmp(kind, sides[i].begin, strlen(sides[i].begin)) == 0)
            return sides[i].with;
    return "own";
}

static const char *name_of(const import_options *o)
{
    const char *slash = strrchr(o->path, '/'), *name = slash ? slash + 1 : o->path;
    size_t n = strlen(name);
    bool plain = n > 0 && n < REGISTER_NAME && utf8_valid(name, n);
    for (size_t i = 0; i < n && plain; i++)
        plain = (unsigned char)name[i] >= ' ' && name[i] != 0x7f;
    return strcmp(o->path, "-") == 0 ? "stdin" : plain ? name : "unnamed";
}

/* The file as a whole, its bytes not kept. A period that is not known is the day on which it came. */
static register_file whole_file(const town *t, const import_options *o, const import_result *r, mizo_ms at)
{
    mizo_day day = mizo_slot_day(mizo_ms_slot(at), t->region->offset);
    const char *kind = *r->kind ? r->kind : "unknown", *with = with_of(kind);
    return (register_file){ .kind = kind,
                            .with = with,
                            .of =
                                strcmp(with, "own") == 0 ? name_of(o) : NULL, /* one's own tables: by name */
                            .name = name_of(o),
                            .from = r->from < r->to ? r->from : day,
                            .to = r->from < r->to ? r->to : day + 1,
                            .actor = o->actor ? o->actor : "operator",
                            .at = at,
                            .hash = r->hash };
}

static mizo_err put_file(import_run *im, const register_file *f)
{
    register_line line;
    MIZO_TRY(register_put(im->t, f, &line));
    im->kept |= !line.again;
    im->r->files++;
    return MIZO_OK;
}

mizo_err import_put_files(import_run *im)
{
    for (size_t i = 0; i < im->nfile; i++) {
        const import_file_kept *k = &im->file[i];
        register_file f = { .kind = k->kind,
                            .name = k->name,
                            .with = k->with,
                            .of = k->of,
                            .from = k->from,
                            .to = k->to,
                            .actor = im->o->actor ? im->o->actor : "operator",
                            .at = im->batch.known,
                            .bytes = k->bytes,
                            .n = k->n,
                            .hash = k->hash };
        MIZO_TRY(put_file(im, &f));
    }
    import_find_period(im);
    if (im->nfile || im->o->bytes || !*im->r->hash) /* bytes at hand are no file: mizo fetched them itself */
        return MIZO_OK;
    register_file f = whole_file(im->t, im->o, im->r, im->batch.known);
    return put_file(im, &f);
}

mizo_err import_refused(town *t, const import_options *o, const import_result *r, register_line *line)
{
    register_file f = whole_file(t, o, r, t->env->ops->wall_ms(t->env));
    memset(line, 0, sizeof *line);
    return *r->hash ? register_refuse(t, &f, r->diags, r->bad ? r->bad : 1, line) : MIZO_OK;
}
