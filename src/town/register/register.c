/* register.c: see register.h. */
#include "town/register/register.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mizo/messages/files.h"
#include "town/register/inner.h"

enum { VERSIONS = 999, RECORD_MOST = 8192 };
static const char record_kind[] = "file";

/* ---- what may be put in ---- */

static bool good_line(const char *s, size_t most)
{
    size_t n = s ? strlen(s) : 0;
    if (n == 0 || n > most || !utf8_valid(s, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
            return false;
    return true;
}

static bool bad_word(const town *t, const char *word, const char *what)
{
    if (word && mizo_id_valid(word, strlen(word)))
        return false;
    MIZO_DIAG(t->diags, REGISTER_BAD_WORD, MIZO_NOWHERE, word ? word : "", what);
    return true;
}

static mizo_err check(const town *t, const register_file *f)
{
    char most[24];
    const char *name = register_base_name(f->name);
    bool bad = bad_word(t, f->kind, "kind");
    bad |= bad_word(t, f->with, "other side");
    if (!good_line(name, REGISTER_NAME - 1)) {
        snprintf(most, sizeof most, "%d", REGISTER_NAME - 1);
        MIZO_DIAG(t->diags, REGISTER_BAD_NAME, MIZO_NOWHERE,
                  name && utf8_valid(name, strlen(name)) ? name : "?", most);
        bad = true;
    }
    if (!good_line(f->actor, REGISTER_ACTOR - 1) ||
        (f->note && *f->note && !good_line(f->note, REGISTER_ANSWER - 1))) {
        snprintf(most, sizeof most, "%d", f->note && *f->note ? REGISTER_ANSWER - 1 : REGISTER_ACTOR - 1);
        MIZO_DIAG(t->diags, REGISTER_BAD_TEXT, MIZO_NOWHERE, most);
        bad = true;
    }
    if (f->to <= f->from) {
        MIZO_DIAG(t->diags, REGISTER_BAD_PERIOD, MIZO_NOWHERE, name ? name : "?");
        bad = true;
    }
    if (f->n > REGISTER_MOST) {
        snprintf(most, sizeof most, "%zu", REGISTER_MOST >> 20);
        MIZO_DIAG(t->diags, REGISTER_TOO_BIG, MIZO_NOWHERE, name ? name : "?", most);
        bad = true;
    }
    return bad ? MIZO_EINPUT : MIZO_OK;
}

/* ---- finding lines ---- */

typedef struct taken {
    register_line *line;
    bool found;
} taken;

static mizo_err take(void *arg, const store_record *r)
{
    taken *x = arg;
    x->found = true;
    return register_line_read(r, x->line);
}

/* MIZO_ENOENT: none of that id. */
static mizo_err find(town *t, const char *id, register_line *out)
{
    taken x = { .line = out };
    mizo_err e = t->store->ops->record_scan(t->store, record_kind, id, take, &x);
    if (e == MIZO_ESTORE && x.found)
        MIZO_DIAG(t->diags, REGISTER_UNREADABLE, MIZO_NOWHERE, id);
    return e ? e : x.found ? MIZO_OK : MIZO_ENOENT;
}

/* The id of a version: the first day, which lines count together, the version. */
static void id_of(const register_file *f, int version, char out[REGISTER_ID])
{
    char set[4 * REGISTER_WORD + REGISTER_NAME], sum[HASH_TEXT], day[MIZO_DATE_TEXT];
    snprintf(set, sizeof set, "%s %s %s %d %d%s%s",
             f->sent      ? "sent"
             : f->refused ? "refused"
                          : "received",
             f->kind, f->with, f->from, f->to, f->of ? " " : "", f->of ? f->of : "");
    hash_text(hash_bytes(set, strlen(set)), sum);
    mizo_day_text(f->from, day);
    snprintf(out, REGISTER_ID, "%.4s%.2s%.2s-%.12s-%03d", day, day + 5, day + 8, sum, version);
}

/* The next version's number, or the line that has these bytes already. */
static mizo_err next_version(town *t, const register_file *f, const char *sum, int *version,
                             register_line *out)
{
    char id[REGISTER_ID];
    for (*version = 1; *version <= VERSIONS; ++*version) {
        id_of(f, *version, id);
        mizo_err e = find(t, id, out);
        if (e == MIZO_ENOENT)
            return MIZO_OK;
        MIZO_TRY(e);
        out->again = strcmp(out->hash, sum) == 0;
        if (out->again)
            return MIZO_OK;
    }
    return MIZO_EFULL;
}

/* ---- putting ---- */

static mizo_err put_record(town *t, const register_line *l)
{
    buf b;
    bool changed;
    buf_init(&b, RECORD_MOST);
    mizo_err e = register_line_put(l, t->region->offset, &b);
    if (!e)
        e = t->store->ops->record_put(t->store, record_kind, l->id, b.p, &changed);
    buf_fini(&b);
    return e;
}

static void fill(const town *t, const register_file *f, int version, const char *sum, const char *kept,
                 register_line *l)
{
    *l = (register_line){ .sent = f->sent,
                          .refused = f->refused,
                          .from = f->from,
                          .to = f->to,
                          .version = version,
                          .newest = true,
                          .n = (int64_t)f->n,
                          .at = f->at ? f->at : town_now(t) };
    id_of(f, version, l->id);
    register_text(l->kind, f->kind, sizeof l->kind);
    register_text(l->with, f->with, sizeof l->with);
    register_text(l->name, register_base_name(f->name), sizeof l->name);
    register_text(l->actor, f->actor, sizeof l->actor);
    register_text(l->note, f->note ? f->note : "", sizeof l->note);
    register_text(l->hash, sum, sizeof l->hash);
    register_text(l->kept, kept, sizeof l->kept);
}

mizo_err register_put(town *t, const register_file *f, register_line *out)
{
    char kept[HASH_TEXT] = "";
    int version;
    bool bytes = f->bytes || !f->hash;
    memset(out, 0, sizeof *out);
    MIZO_TRY(check(t, f));
    if (bytes)
        hash_text(hash_bytes(f->n ? f->bytes : "", f->n), kept);
    const char *sum = f->hash ? f->hash : kept;
    MIZO_TRY(next_version(t, f, sum, &version, out));
    if (out->again)
        return MIZO_OK;
    if (bytes)
        MIZO_TRY(register_keep(t, f, kept));
    fill(t, f, version, sum, kept, out);
    return put_record(t, out);
}

/* ---- batches of its own ---- */

static mizo_err begin(town *t, const char *actor, mizo_ms at, const char *what, const char *sum)
{
    store_batch b = { .known = at ? at : town_now(t), .actor = actor, .source = what, .note = "" };
    if (sum)
        memcpy(b.hash, sum, HASH_TEXT);
    return t->store->ops->batch_begin(t->store, &b);
}

static mizo_err finish(town *t, mizo_err e, bool keep)
{
    if (!e && keep)
        return t->store->ops->batch_commit(t->store);
    t->store->ops->batch_rollback(t->store);
    return e;
}

mizo_err register_put_now(town *t, const register_file *f, register_line *out)
{
    MIZO_TRY(check(t, f));
    MIZO_TRY(begin(t, f->actor, f->at, register_base_name(f->name), f->hash));
    mizo_err e = register_put(t, f, out);
    return finish(t, e, !out->again);
}

mizo_err register_refuse(town *t, const register_file *f, size_t said, int64_t faults, register_line *out)
{
    char why[REGISTER_ANSWER], sum[HASH_TEXT];
    register_file mine = *f;
    const mizo_diag *first = NULL;
    int64_t errors = 0;
    for (size_t i = said; i < mizo_diags_kept(t->diags); i++) {
        const mizo_diag *d = mizo_diags_at(t->diags, i);
        bool error = mizo_msg_severity(d->id) == MIZO_ERROR;
        errors += error;
        first = error && !first ? d : first;
    }
    snprintf(why, sizeof why, "%lld: %s, line %d", (long long)(faults ? faults : errors),
             first ? mizo_msg_name(first->id) : "?", first ? first->at.line : 0);
    if (!mine.hash)
        hash_text(hash_bytes(f->n ? f->bytes : "", f->n), sum);
    mine.hash = mine.hash ? mine.hash : sum;
    mine.at = mine.at ? mine.at : town_now(t);
    if (mine.from >= mine.to) {
        mine.from = mizo_slot_day(mizo_ms_slot(mine.at), t->region->offset);
        mine.to = mine.from + 1;
    }
    mine.refused = true;
    mine.note = why;
    mine.bytes = NULL;
    mine.n = 0;
    return register_put_now(t, &mine, out);
}

mizo_err register_answer_put(town *t, const char *id, const char *text, const char *actor, register_line *out)
{
    char most[16];
    if (!good_line(text, REGISTER_ANSWER - 1) || !good_line(actor, REGISTER_ACTOR - 1)) {
        snprintf(most, sizeof most, "%d", REGISTER_ANSWER - 1);
        MIZO_DIAG(t->diags, REGISTER_BAD_TEXT, MIZO_NOWHERE, most);
        return MIZO_EINPUT;
    }
    MIZO_TRY(begin(t, actor, 0, "files answer", NULL));
    mizo_err e = register_get(t, id, out);
    if (!e) {
        register_text(out->answer.text, text, sizeof out->answer.text);
        register_text(out->answer.actor, actor, sizeof out->answer.actor);
        out->answer.at = town_now(t);
        out->nanswer++;
        e = put_record(t, out);
    }
    return finish(t, e, true);
}

mizo_err register_get(town *t, const char *id, register_line *out)
{
    char next[REGISTER_ID];
    mizo_err e = find(t, id, out);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(t->diags, REGISTER_UNKNOWN, MIZO_NOWHERE, id);
    MIZO_TRY(e);
    register_file set = { .kind = out->kind,
                          .with = out->with,
                          .sent = out->sent,
                          .refused = out->refused,
                          .from = out->from,
                          .to = out->to };
    register_line later;
    id_of(&set, out->version + 1, next);
    e = find(t, next, &later);
    out->newest = e == MIZO_ENOENT;
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

/* ---- all of them ---- */

/* Lines come by id: versions of one period stand together, so that the next one says whether this is the newest. */
typedef struct walk {
    town *t;
    const register_ask *ask;
    mizo_err (*fn)(void *, const register_line *);
    void *arg;
    register_line held;
    bool holding;
} walk;

static bool asked(const register_ask *a, const register_line *l)
{
    return !((a->kind && strcmp(a->kind, l->kind)) || (a->with && strcmp(a->with, l->with)) ||
             (a->of_day && (a->day < l->from || a->day >= l->to)) || (a->newest && !l->newest));
}

static mizo_err give(walk *w)
{
    return w->holding && asked(w->ask, &w->held) ? w->fn(w->arg, &w->held) : MIZO_OK;
}

static mizo_err on_record(void *arg, const store_record *r)
{
    walk *w = arg;
    register_line l;
    if (register_line_read(r, &l)) {
        MIZO_DIAG(w->t->diags, REGISTER_UNREADABLE, MIZO_NOWHERE, r->id);
        return MIZO_ESTORE;
    }
    size_t set = strlen(l.id) > 4 ? strlen(l.id) - 4 : 0;
    w->held.newest = !w->holding || strncmp(l.id, w->held.id, set + 1) != 0;
    MIZO_TRY(give(w));
    w->held = l;
    w->holding = true;
    return MIZO_OK;
}

mizo_err register_scan(town *t, const register_ask *ask, mizo_err (*fn)(void *, const register_line *),
                       void *arg)
{
    walk w = { .t = t, .ask = ask, .fn = fn, .arg = arg };
    mizo_err e = t->store->ops->record_scan(t->store, record_kind, NULL, on_record, &w);
    if (e && e != MIZO_ENOENT)
        return e;
    w.held.newest = true;
    return give(&w);
}

typedef struct looking {
    town *t;
    int64_t lines, bad;
} looking;

static mizo_err look(void *arg, const register_line *l)
{
    looking *x = arg;
    buf out;
    if (!*l->kept) {
        x->lines++;
        return MIZO_OK;
    }
    buf_init(&out, REGISTER_MOST + 1);
    mizo_err e = register_bytes(x->t, l, &out);
    buf_fini(&out);
    x->lines++;
    x->bad += e == MIZO_ENOENT || e == MIZO_ESTORE;
    return e == MIZO_ENOMEM ? e : MIZO_OK;
}

mizo_err register_verify(town *t, int64_t *lines, int64_t *bad)
{
    looking x = { .t = t };
    register_ask any = { 0 };
    mizo_err e = register_scan(t, &any, look, &x);
    *lines = x.lines;
    *bad = x.bad;
    return e;
}
