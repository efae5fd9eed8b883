/* import.c: one file, one transaction: read, check, write, or leave all as it was. */
#include "town/import/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid/operator.h"
#include "mizo/messages/import.h"
#include "mizo/metering.h"
#include "town/import/operator.h"

#define AFTER_NOW_MS ((mizo_ms)MIZO_SLOT_MS) /* clocks differ a little */

enum {
    TEXTS_MOST = 512 << 20,
    TOLD_SERIES = 20, /* of gaps and of doubts: the rest is in the sums */
    STUCK_SLOTS = 48  /* a day of one value */
};

/* ---- the transaction ---- */

static mizo_err open_batch(import_run *im)
{
    if (im->batch_open)
        return MIZO_OK;
    const char *slash = strrchr(im->o->path, '/');
    im->batch = (store_batch){ .known = im->o->known ? im->o->known : im->now,
                               .actor = im->o->actor ? im->o->actor : "operator",
                               .source = slash ? slash + 1 : im->o->path,
                               .note = "" };
    if (strcmp(im->o->path, "-") == 0)
        im->batch.source = "stdin";
    memcpy(im->batch.hash, im->r->hash, sizeof im->batch.hash);
    MIZO_TRY(im->t->store->ops->batch_begin(im->t->store, &im->batch));
    im->batch_open = true;
    return MIZO_OK;
}

/* New series get their numbers in the store, in the order in which the file named them. */
static mizo_err number_series(import_run *im)
{
    MIZO_TRY(array_grow(&im->store_id, &im->store_id_cap, im->nseries + 1, sizeof *im->store_id));
    for (; im->numbered < im->nseries; im->numbered++)
        MIZO_TRY(im->t->store->ops->series_id(im->t->store, &im->series[im->numbered].key, true,
                                              &im->store_id[im->numbered]));
    stage_map(im->stage, im->store_id, im->nseries);
    return MIZO_OK;
}

static void on_late_clash(void *arg, int32_t series, mizo_slot slot)
{
    import_run *im = arg;
    if (import_clashed(im, series, slot, 0, 0))
        im->r->bad++;
}

mizo_err import_spill(import_run *im)
{
    MIZO_TRY(open_batch(im));
    MIZO_TRY(number_series(im));
    return stage_flush(im->stage, im->t->store, on_late_clash, im, &im->count);
}

static mizo_err write_all(import_run *im)
{
    MIZO_TRY(import_spill(im));
    MIZO_TRY(steps_flush(im->steps, im->t->store, im->store_id, &im->count));
    MIZO_TRY(import_put_periods(im));
    MIZO_TRY(import_put_kept(im));
    MIZO_TRY(import_put_forecasts(im));
    im->r->added += im->count.added;
    im->r->changed += im->count.changed;
    im->r->same += im->count.same;
    return MIZO_OK;
}

static void roll_back(import_run *im)
{
    if (im->batch_open)
        im->t->store->ops->batch_rollback(im->t->store);
    im->batch_open = false;
}

/* A second run changes nothing: then there is nothing to remember either. */
static mizo_err commit(import_run *im)
{
    if (im->r->added + im->r->changed == 0 && !im->kept) {
        if (!im->o->joined)
            roll_back(im);
        im->batch_open = false;
        return MIZO_OK;
    }
    char note[256]; /* the hash too: a batch that was opened for a spill did not have it yet */
    snprintf(note, sizeof note,
             "{\"kind\":\"%s\",\"added\":%lld,\"changed\":%lld,\"bad\":%lld,\"blake2b\":\"%s\"}", im->r->kind,
             (long long)im->r->added, (long long)im->r->changed, (long long)im->r->bad, im->r->hash);
    MIZO_TRY(im->t->store->ops->batch_note(im->t->store, note));
    if (env_interrupted())
        return MIZO_ECANCELED;
    mizo_err e = im->t->store->ops->batch_commit(im->t->store);
    im->batch_open = false;
    im->r->batch = e ? 0 : im->batch.id;
    return e;
}

/* ---- clashes within the file ---- */

/* Reads again for the earlier lines of the clashes, and reports them as bad rows. */
static void tell_clashes(import_run *im)
{
    if (im->nclash == 0)
        return;
    im->looking = true;
    if (source_rewind(im->src) == MIZO_OK && import_read(im)) {
        /* A file that cannot be read again: then the earlier line is not named. */
    }
    im->looking = false;
    for (size_t i = 0; i < im->nclash; i++) {
        const import_clash *c = &im->clash[i];
        const char *owner = im->series[c->series].key.owner;
        int line = c->line ? c->line : c->second_line;
        char first[16];
        snprintf(first, sizeof first, "%d", c->first_line);
        csv_field at = { "", 0, c->column };
        table_fault f;
        if (c->first_line && c->first_line != line)
            table_bad(&f, MIZO_MSG_IMPORT_DUPLICATE, &at, first, owner, NULL);
        else
            table_bad(&f, MIZO_MSG_IMPORT_DUPLICATE_EARLIER, &at, owner, NULL, NULL);
        import_bad(im, line, NULL, &f);
    }
    im->nclash = 0;
}

/* ---- the summary ---- */

typedef struct gap_walk {
    mizo_gap_run run;
    mizo_day next; /* the day that is expected */
    int32_t v[MIZO_DAY_SLOTS];
} gap_walk;

static mizo_err feed_day(void *arg, const store_day *d)
{
    gap_walk *g = arg;
    mizo_block b = { .n = MIZO_DAY_SLOTS, .v = g->v, .q = NULL };
    if (mizo_block_unpack(d->packed, d->len, &b))
        return MIZO_ESTORE;
    for (; g->next < d->day; g->next++)
        mizo_gap_feed(&g->run, NULL, MIZO_DAY_SLOTS);
    mizo_gap_feed(&g->run, g->v, MIZO_DAY_SLOTS);
    g->next = d->day + 1;
    return MIZO_OK;
}

/* The operator's daily file has whole days: a half-hour that it lacks at their ends is a gap too. */
static bool whole_days(const import_run *im)
{
    return strcmp(im->r->kind, operator_kind_words[OPERATOR_DAILY]) == 0;
}

static bool has_all(const import_run *im, const import_series *x)
{
    int offset = im->t->region->offset;
    bool daily = whole_days(im);
    mizo_slot first = daily ? mizo_day_slot(mizo_slot_day(x->first, offset), offset) : x->first,
              last = daily ? mizo_day_slot(mizo_slot_day(x->last, offset) + 1, offset) - 1 : x->last;
    return last - first + 1 == x->values;
}

/* Only series whose count of values says that something is missing are looked at again. */
static void tell_gaps(import_run *im)
{
    store *s = im->t->store;
    int offset = im->t->region->offset, told = 0;
    for (size_t i = 0; i < im->nseries; i++) {
        const import_series *x = &im->series[i];
        if (x->key.step_min != 30 || !x->values || has_all(im, x))
            continue;
        gap_walk g = { .run.known = whole_days(im), .next = mizo_slot_day(x->first, offset) };
        mizo_slot begin = mizo_day_slot(g.next, offset);
        if (s->ops->days_of(s, im->store_id[i], g.next, mizo_slot_day(x->last, offset) + 1, STORE_LATEST,
                            feed_day, &g))
            continue;
        if (whole_days(im)) /* what is beyond both ends counts as known */
            mizo_gap_feed(&g.run, &(int32_t){ 0 }, 1);
        if (g.run.runs == 0)
            continue;
        im->r->gaps += g.run.runs;
        im->r->gap_slots += g.run.slots;
        if (g.run.longest > im->r->gap_longest)
            im->r->gap_longest = g.run.longest;
        if (++told > TOLD_SERIES)
            continue;
        char gaps[24], slots[24], longest[24], at[MIZO_INSTANT_TEXT];
        snprintf(gaps, sizeof gaps, "%lld", (long long)g.run.runs);
        snprintf(slots, sizeof slots, "%lld", (long long)g.run.slots);
        snprintf(longest, sizeof longest, "%lld", (long long)g.run.longest);
        mizo_ms_text(mizo_slot_ms(begin + g.run.longest_at), offset, at);
        MIZO_DIAG(im->t->diags, IMPORT_GAPS, MIZO_AT(im->shown, 0, 0), x->key.owner, gaps, slots, longest,
                  at);
    }
}

/* The same non-zero energy for a day or more: true of few things, and of every meter that is stuck. */
static void tell_doubts(import_run *im)
{
    int told = 0;
    for (size_t i = 0; i < im->nseries; i++) {
        const import_series *x = &im->series[i];
        bool energy = x->key.quantity == MIZO_Q_IMPORT || x->key.quantity == MIZO_Q_EXPORT;
        if (x->key.step_min != 30 || !energy || x->stuck < STUCK_SLOTS)
            continue;
        im->r->stuck++;
        if (++told > TOLD_SERIES)
            continue;
        char slots[24], at[MIZO_INSTANT_TEXT];
        snprintf(slots, sizeof slots, "%d", x->stuck);
        mizo_ms_text(mizo_slot_ms(x->stuck_to - x->stuck + 1), im->t->region->offset, at);
        MIZO_DIAG(im->t->diags, IMPORT_DOUBTFUL, MIZO_AT(im->shown, 0, 0), x->key.owner, slots, at);
    }
}

static void find_span(import_run *im)
{
    for (size_t i = 0; i < im->nseries; i++) {
        const import_series *x = &im->series[i];
        if (!x->values)
            continue;
        mizo_ms first = mizo_slot_ms(x->first), last = mizo_slot_ms(x->last);
        if (!im->r->first || first < im->r->first)
            im->r->first = first;
        if (!im->r->last || last > im->r->last)
            im->r->last = last;
    }
    im->r->series = (int64_t)im->nseries;
}

/* ---- what went wrong ---- */

static void tell(import_run *im, mizo_err e)
{
    mizo_diags *d = im->t->diags;
    mizo_place here = MIZO_AT(im->shown, 0, 0);
    char text[32], ratio[16];
    switch (e) {
    case MIZO_EINPUT:
        if (im->src && source_fault(im->src)) {
            snprintf(ratio, sizeof ratio, "%d", SOURCE_RATIO);
            mizo_diag_add(d, source_fault(im->src), here, ratio, (const char *)NULL);
        }
        if (im->r->bad) {
            snprintf(text, sizeof text, "%lld", (long long)im->r->bad);
            MIZO_DIAG(d, IMPORT_KEPT_NOTHING, here, text);
        }
        break;
    case MIZO_ENOENT:
        MIZO_DIAG(d, FILE_ABSENT, here, im->shown);
        break;
    case MIZO_EIO:
        MIZO_DIAG(d, FILE_DENIED, here, im->shown);
        break;
    case MIZO_EFULL:
        MIZO_DIAG(d, DISK_FULL, here, NULL);
        break;
    case MIZO_ECANCELED:
        MIZO_DIAG(d, CANCELED, here, NULL);
        break;
    case MIZO_EBUSY:
        MIZO_DIAG(d, IMPORT_BUSY, here, NULL);
        break;
    case MIZO_ENOMEM:
        MIZO_DIAG(d, OUT_OF_MEMORY, here, NULL);
        break;
    default:
        if (e != MIZO_EUNSUPPORTED ||
            !mizo_diags_count(d, MIZO_ERROR)) /* a module that is not here was named */
            MIZO_DIAG(d, IMPORT_STORE_FAILED, here, mizo_err_text(e));
        break;
    }
}

static void tell_skipped(import_run *im)
{
    if (!im->r->bad)
        return;
    char n[24];
    snprintf(n, sizeof n, "%lld", (long long)im->r->bad);
    MIZO_DIAG(im->t->diags, IMPORT_SKIPPED, MIZO_AT(im->shown, 0, 0), n, im->r->bad_file);
}

/* ---- the act ---- */

static mizo_err begin(import_run *im)
{
    env *e = im->t->env;
    im->now = e->ops->wall_ms(e);
    im->latest = im->now + AFTER_NOW_MS;
    im->began = e->ops->mono_ns(e);
    im->shown = strcmp(im->o->path, "-") == 0 ? "stdin" : im->o->path;
    im->texts = arena_new(TEXTS_MOST);
    im->state = calloc(1, sizeof *im->state);
    im->stage = stage_new(im->o->stage_limit, im->t->region->offset);
    im->steps = steps_new();
    if (!im->texts || !im->state || !im->stage || !im->steps)
        return MIZO_ENOMEM;
    MIZO_TRY(import_owners_load(im));
    return im->o->bytes ? source_open_bytes(im->o->bytes, im->o->nbytes, &im->src)
                        : source_open(im->o->path, &im->src);
}

static mizo_err run(import_run *im)
{
    MIZO_TRY(begin(im));
    MIZO_TRY(import_read(im));
    source_hash(im->src, im->r->hash);
    memcpy(im->batch.hash, im->r->hash, sizeof im->batch.hash);
    if (im->nperiod) /* what is known must not change between the question and the answer */
        MIZO_TRY(open_batch(im));
    MIZO_TRY(import_check_periods(im));
    if (im->batch_open) /* clashes with what was spilled show at the last spill */
        MIZO_TRY(import_spill(im));
    tell_clashes(im);
    import_check_forecasts(im);
    if (im->r->bad && !im->o->skip_bad)
        return MIZO_EINPUT;
    MIZO_TRY(import_bad_write(im));
    MIZO_TRY(import_people_keys(im));
    MIZO_TRY(write_all(im));
    MIZO_TRY(commit(im));
    find_span(im);
    MIZO_TRY(import_put_issues(im));
    if (im->r->batch) {
        tell_gaps(im);
        tell_doubts(im);
    }
    return MIZO_OK;
}

static void end(import_run *im)
{
    source_close(im->src);
    stage_free(im->stage);
    steps_free(im->steps);
    arena_free(im->texts);
    buf_fini(&im->bad);
    free(im->state);
    free(im->owner);
    free(im->name);
    free(im->name_table);
    free(im->series);
    free(im->series_table);
    free(im->store_id);
    free(im->period);
    free(im->session);
    free(im->forecast);
    free(im->issued_series);
    free(im->clash);
    free(im->code);
    import_operator_table_drop(im);
    import_people_free(im);
    import_keep_free(im);
}

/* What is known of a file that stays out. */
static void refuse(import_run *im)
{
    if (!*im->r->hash && im->src && source_drain(im->src) == MIZO_OK)
        source_hash(im->src, im->r->hash);
    import_find_period(im);
}

mizo_err import_file(town *t, const import_options *o, import_result *r)
{
    memset(r, 0, sizeof *r);
    import_run im = { .t = t, .o = o, .r = r };
    r->diags = mizo_diags_kept(t->diags);
    mizo_err e = run(&im);
    if (e) {
        roll_back(&im);
        r->added = r->changed = r->same = 0;
        if (e == MIZO_EINPUT)
            refuse(&im);
        tell(&im, e);
    } else {
        tell_skipped(&im);
    }
    r->ns = t->env->ops->mono_ns(t->env) - im.began;
    end(&im);
    return e;
}
