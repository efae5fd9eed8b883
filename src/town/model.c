/* model.c: a region directory, opened: its model, and its store with that model in it. */
#include <stdlib.h>
#include <string.h>

#include "region/load.h"
#include "town/town.h"

void town_store_path(const char *dir, buf *out)
{
    buf_printf(out, "%s/mizo.db", dir);
}

static mizo_err found(void *arg, const char *hash, const char *text, int64_t batch)
{
    (void)text;
    (void)batch;
    memcpy(arg, hash, strlen(hash) < 65 ? strlen(hash) + 1 : 0);
    return MIZO_OK;
}

static mizo_err put_model(store *s, const char *hash, const char *text, mizo_ms known, const char *actor)
{
    store_batch b = { .known = known, .actor = actor, .source = "region", .note = "" };
    bool changed;
    memcpy(b.hash, hash, sizeof b.hash);
    MIZO_TRY(s->ops->batch_begin(s, &b));
    mizo_err e = s->ops->model_put(s, hash, text, &changed);
    if (e) {
        s->ops->batch_rollback(s);
        return e;
    }
    return s->ops->batch_commit(s);
}

/* Stores a model whole under its hash, as a batch of its own, unless it is the latest one there. */
static mizo_err keep_model(store *s, const mizo_region *r, const char *text, mizo_ms known, const char *actor)
{
    char latest[65] = "";
    mizo_err e = s->ops->model_get(s, NULL, found, latest);
    if (e && e != MIZO_ENOENT)
        return e;
    return strcmp(latest, r->hash) == 0 ? MIZO_OK : put_model(s, r->hash, text, known, actor);
}

static mizo_err open_store(town *t, store_mode mode, const char *actor, const char *text)
{
    buf path;
    buf_init(&path, 1 << 14);
    town_store_path(t->dir, &path);
    mizo_err e = path.err ? path.err : store_sqlite.open(path.p, mode, t->diags, &t->store);
    buf_fini(&path);
    if (e || mode == STORE_READ)
        return e;
    return keep_model(t->store, t->region, text, t->env->ops->wall_ms(t->env), actor);
}

mizo_err town_open_as(env *e, const char *dir, store_mode mode, const char *actor, mizo_diags *diags, town *t)
{
    char *text = NULL;
    *t = (town){ .env = e, .dir = dir, .diags = diags };
    mizo_err err = region_load(e, dir, diags, &t->region, &text);
    if (err == MIZO_OK)
        err = open_store(t, mode, actor, text);
    free(text);
    if (err)
        town_close(t);
    return err;
}

mizo_err town_open(env *e, const char *dir, store_mode mode, mizo_diags *diags, town *t)
{
    return town_open_as(e, dir, mode, "mizo", diags, t);
}

mizo_err town_open_files(env *e, const char *dir, mizo_diags *diags, town *t)
{
    *t = (town){ .env = e, .dir = dir, .diags = diags };
    mizo_err err = region_load(e, dir, diags, &t->region, NULL);
    if (err)
        town_close(t);
    return err;
}

void town_close(town *t)
{
    if (t->store)
        t->store->ops->close(t->store);
    mizo_region_unref(t->region);
    *t = (town){ 0 };
}
