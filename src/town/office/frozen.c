/* frozen.c: see frozen.h: freezing a report, and giving it out again. */
#include "town/office/frozen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/city.h"
#include "town/register/register.h"
#include "town/report_file.h"

static const note_kind kind = {
    "frozen",
    {{ "report", NOTE_WORD, true },
      { "fy", NOTE_YEAR, true },
      { "lang", NOTE_WORD, true },
      { "day", NOTE_DAY, true },
      { "as_of", NOTE_DAY, false },
      { "why", NOTE_LINE, true },
      { "model", NOTE_LINE, true },
      { "entries", NOTE_NUMBER, true },
      { "head", NOTE_LINE, true },
      { "page", NOTE_WORD, true },
      { "book", NOTE_WORD, false },
      { "facts", NOTE_WORD, true },
      { "hash", NOTE_LINE, true }}
};

/* ---- reading ---- */

static void take(char *out, size_t cap, const note *n, const char *field)
{
    (void)snprintf(out, cap, "%s", note_get(n, field));
}

static void from_note(const note *n, frozen *f)
{
    const char *fy = note_get(n, "fy"), *entries = note_get(n, "entries");
    *f = (frozen){ .day = note_day(n, "day"), .as_of = note_day(n, "as_of"), .at = n->at, .batch = n->batch };
    (void)snprintf(f->id, sizeof f->id, "%s", n->id);
    (void)snprintf(f->actor, sizeof f->actor, "%s", n->actor);
    take(f->report, sizeof f->report, n, "report");
    take(f->lang, sizeof f->lang, n, "lang");
    take(f->why, sizeof f->why, n, "why");
    take(f->model, sizeof f->model, n, "model");
    take(f->head, sizeof f->head, n, "head");
    take(f->page, sizeof f->page, n, "page");
    take(f->book, sizeof f->book, n, "book");
    take(f->facts, sizeof f->facts, n, "facts");
    take(f->hash, sizeof f->hash, n, "hash");
    if (mizo_fy_parse(fy, strlen(fy), &f->fy))
        f->fy = 0;
    if (mizo_decimal_parse(entries, strlen(entries), 0, &f->entries))
        f->entries = 0;
}

typedef struct each {
    mizo_err (*fn)(void *arg, const frozen *f);
    void *arg;
} each;

static mizo_err on_note(void *arg, const note *n)
{
    each *x = arg;
    frozen f;
    from_note(n, &f);
    return x->fn(x->arg, &f);
}

mizo_err frozen_each(town *t, mizo_err (*fn)(void *arg, const frozen *f), void *arg)
{
    each x = { fn, arg };
    return note_scan(t, &kind, on_note, &x);
}

mizo_err frozen_find(town *t, const char *id, frozen *out)
{
    note *n = malloc(sizeof *n);
    mizo_err e = n ? note_find(t, &kind, id, n) : MIZO_ENOMEM;
    if (!e)
        from_note(n, out);
    else if (e == MIZO_ENOENT)
        MIZO_DIAG(t->diags, FROZEN_NONE, MIZO_NOWHERE, id);
    free(n);
    return e;
}

typedef struct wanted {
    const char *report, *hash;
    int fy;
    frozen *out;
    bool found;
} wanted;

static mizo_err on_wanted(void *arg, const frozen *f)
{
    wanted *w = arg;
    if (strcmp(f->report, w->report) || f->fy != w->fy || (w->hash && strcmp(f->hash, w->hash)) ||
        (w->found && f->batch < w->out->batch))
        return MIZO_OK;
    *w->out = *f;
    w->found = true;
    return MIZO_OK;
}

mizo_err frozen_last(town *t, const char *name, int fy, frozen *out)
{
    wanted w = { name, NULL, fy, out, false };
    MIZO_TRY(frozen_each(t, on_wanted, &w));
    return w.found ? MIZO_OK : MIZO_ENOENT;
}

mizo_err frozen_bytes(town *t, const frozen *f, frozen_part part, buf *out)
{
    const char *id = part == FROZEN_PAGE ? f->page : part == FROZEN_BOOK ? f->book : f->facts;
    register_line line;
    if (!*id) {
        MIZO_DIAG(t->diags, FROZEN_NO_BOOK, MIZO_NOWHERE, f->id);
        return MIZO_EINPUT;
    }
    MIZO_TRY(register_get(t, id, &line));
    return register_bytes(t, &line, out);
}

/* ---- freezing ---- */

/* The three files of one document. */
typedef struct files {
    buf page, book, facts;
} files;

static void files_fini(files *f)
{
    buf_fini(&f->page);
    buf_fini(&f->book);
    buf_fini(&f->facts);
}

/* Without the module of workbooks the page alone is kept, and that was said. */
static mizo_err make_files(town *t, const report *r, files *f)
{
    MIZO_TRY(report_make(r, REPORT_FORMAT_HTML, t->diags, &f->page));
    MIZO_TRY(report_facts(r, &f->facts));
    mizo_err e = report_make(r, REPORT_FORMAT_XLSX, t->diags, &f->book);
    if (e == MIZO_EUNSUPPORTED)
        buf_clear(&f->book);
    return e == MIZO_EUNSUPPORTED ? MIZO_OK : e;
}

static mizo_err keep_file(town *t, const note *n, const char *ending, const buf *bytes, const char *actor,
                          char *id, size_t cap)
{
    char word[REGISTER_WORD], name[REGISTER_NAME];
    const char *with = note_get(n, "report"), *fy = note_get(n, "fy");
    int year = 0;
    register_line line;
    MIZO_TRY(mizo_fy_parse(fy, strlen(fy), &year));
    (void)snprintf(word, sizeof word, "published-%s", ending);
    (void)snprintf(name, sizeof name, "%s.%s", n->id, ending);
    MIZO_TRY(register_put(t,
                          &(register_file){ .kind = word,
                                            .name = name,
                                            .sent = true,
                                            .with = with,
                                            .from = mizo_fy_first(year),
                                            .to = mizo_fy_first(year + 1),
                                            .actor = actor,
                                            .note = n->id,
                                            .bytes = bytes->p ? bytes->p : "",
                                            .n = bytes->n },
                          &line));
    (void)snprintf(id, cap, "%s", line.id);
    return MIZO_OK;
}

/* In the open batch: the files, then the record that names them. */
static mizo_err keep(town *t, note *n, const files *f, const char *actor)
{
    char id[REGISTER_ID];
    MIZO_TRY(keep_file(t, n, "html", &f->page, actor, id, sizeof id));
    note_set(n, "page", id);
    MIZO_TRY(keep_file(t, n, "tsv", &f->facts, actor, id, sizeof id));
    note_set(n, "facts", id);
    if (f->book.n) {
        MIZO_TRY(keep_file(t, n, "xlsx", &f->book, actor, id, sizeof id));
        note_set(n, "book", id);
    }
    return note_put_open(t, n);
}

static mizo_err keep_now(town *t, note *n, const files *f, const char *actor)
{
    store_batch b = { .known = town_now(t), .actor = actor, .source = kind.name, .note = n->id };
    MIZO_TRY(t->store->ops->batch_begin(t->store, &b));
    mizo_err e = keep(t, n, f, actor);
    if (!e)
        return t->store->ops->batch_commit(t->store);
    t->store->ops->batch_rollback(t->store);
    return e;
}

static mizo_err describe(town *t, const city_doc_ask *ask, mizo_day as_of, const char *why, note *n)
{
    char id[MIZO_ID_MAX], text[MIZO_NUM_TEXT];
    hash head;
    int64_t entries;
    (void)snprintf(text, sizeof text, "%s-%d", ask->name, ask->fy);
    MIZO_TRY(note_next_id(t, &kind, text, id));
    note_begin(n, &kind, id);
    note_set(n, "report", ask->name);
    note_set(n, "lang", ask->lang);
    note_set_day(n, "day", ask->day);
    note_set_day(n, "as_of", as_of);
    note_set(n, "why", why);
    note_set(n, "model", t->region->hash);
    (void)snprintf(text, sizeof text, "%d", ask->fy);
    note_set(n, "fy", text);
    MIZO_TRY(t->store->ops->entry_head(t->store, &entries, head.b));
    (void)snprintf(text, sizeof text, "%lld", (long long)entries);
    note_set(n, "entries", text);
    char shown[HASH_TEXT];
    hash_text(head, shown);
    note_set(n, "head", shown);
    return MIZO_OK;
}

static mizo_err make_report(town *t, const city_doc_ask *ask, mizo_day as_of, report **out)
{
    city_desk d;
    MIZO_TRY(city_desk_open(t, as_of, &d));
    mizo_err e = city_doc(&d, ask, t->diags, out);
    city_desk_close(&d);
    return e;
}

static mizo_err freeze(town *t, const city_doc_ask *ask, mizo_day as_of, const char *why, const char *actor,
                       const files *f, note *n, frozen *out)
{
    char page[HASH_TEXT];
    hash_text(hash_bytes(f->page.p, f->page.n), page);
    wanted w = { ask->name, page, ask->fy, out, false };
    MIZO_TRY(frozen_each(t, on_wanted, &w));
    out->again = w.found;
    if (w.found)
        return MIZO_OK;
    MIZO_TRY(describe(t, ask, as_of, why, n));
    note_set(n, "hash", page);
    MIZO_TRY(keep_now(t, n, f, actor));
    return frozen_find(t, n->id, out);
}

mizo_err frozen_put(town *t, const city_doc_ask *ask, mizo_day as_of, const char *why, const char *actor,
                    frozen *out)
{
    report *r = NULL;
    files f;
    bool inside = strcmp(ask->name, "handover") == 0; /* of the desk's people: nothing to publish */
    if (!why || !*why || !city_doc_named(ask->name) || inside) {
        MIZO_DIAG(t->diags, FROZEN_WHY, MIZO_NOWHERE, ask->name);
        return MIZO_EINPUT;
    }
    note *n = malloc(sizeof *n);
    buf_init(&f.page, REPORT_BYTES);
    buf_init(&f.book, REPORT_BYTES);
    buf_init(&f.facts, REPORT_BYTES);
    mizo_err e = n ? make_report(t, ask, as_of, &r) : MIZO_ENOMEM;
    e = e ? e : make_files(t, r, &f);
    e = e ? e : freeze(t, ask, as_of, why, actor, &f, n, out);
    report_free(r);
    files_fini(&f);
    free(n);
    return e;
}

void frozen_json(const town *t, const frozen *f, json *j)
{
    json_text(j, "id", f->id);
    json_text(j, "report", f->report);
    json_int(j, "fy", f->fy);
    json_text(j, "lang", f->lang);
    json_day(j, "day", f->day);
    if (f->as_of != MIZO_DAY_NONE)
        json_day(j, "as_of", f->as_of);
    json_text(j, "why", f->why);
    json_text(j, "hash", f->hash);
    json_text(j, "model", f->model);
    json_int(j, "entries", f->entries);
    json_text(j, "head", f->head);
    json_bool(j, "book", *f->book != '\0');
    json_text(j, "who", f->actor);
    json_time(j, "at", f->at, t->region->offset);
}
