#include "import_town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "region/load.h"

void import_town_open(import_town *it)
{
    memset(it, 0, sizeof *it);
    strcpy(it->dir, "/tmp/mizo-import-XXXXXX");
    assert_non_null(mkdtemp(it->dir));
    it->t.env = env_uv_new(ENV_ERROR);
    it->t.diags = mizo_diags_new(0);
    it->t.dir = it->dir;
    assert_true(it->t.env && it->t.diags);
    assert_int_equal(region_load(it->t.env, VILLAGE, it->t.diags, &it->t.region, NULL), MIZO_OK);
    char path[128];
    snprintf(path, sizeof path, "%s/mizo.db", it->dir);
    assert_int_equal(store_sqlite.open(path, STORE_CREATE, it->t.diags, &it->t.store), MIZO_OK);
    mizo_diags_clear(it->t.diags);
}

static mizo_err drop(void *arg, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", (const char *)arg, name);
    unlink(path);
    return MIZO_OK;
}

void import_town_close(import_town *it)
{
    it->t.store->ops->close(it->t.store);
    mizo_region_unref(it->t.region);
    mizo_diags_free(it->t.diags);
    (void)it->t.env->ops->list_dir(it->t.env, it->dir, drop, it->dir);
    rmdir(it->dir);
    env_uv_free(it->t.env);
}

void import_town_put(import_town *it, const char *name, const char *bytes, size_t n)
{
    snprintf(it->file, sizeof it->file, "%s/%s", it->dir, name);
    assert_int_equal(it->t.env->ops->write_file(it->t.env, it->file, bytes, n), MIZO_OK);
}

mizo_err import_bytes(import_town *it, const char *name, const char *bytes, size_t n, const import_options *o,
                      import_result *r)
{
    import_options mine = o ? *o : (import_options){ 0 };
    import_town_put(it, name, bytes, n);
    mizo_diags_clear(it->t.diags);
    mine.path = it->file;
    return import_file(&it->t, &mine, r);
}

mizo_err import_text(import_town *it, const char *text, import_result *r)
{
    return import_bytes(it, "a.csv", text, strlen(text), NULL, r);
}

int32_t import_value(import_town *it, const char *owner, mizo_quantity q, const char *date, int slot,
                     mizo_ms as_of, int *quality)
{
    mizo_series_key key = store_key(owner, q, MIZO_ROLE_READING);
    int32_t id, v[48];
    uint8_t qs[48];
    mizo_date d;
    assert_int_equal(mizo_date_parse(date, strlen(date), &d), MIZO_OK);
    if (it->t.store->ops->series_id(it->t.store, &key, false, &id))
        return MIZO_MISSING;
    assert_int_equal(store_read_day(it->t.store, id, mizo_date_day(d), as_of, v, qs), MIZO_OK);
    if (quality)
        *quality = qs[slot];
    return v[slot];
}

static mizo_err count(void *arg, const store_batch *b)
{
    (void)b;
    ++*(int64_t *)arg;
    return MIZO_OK;
}

int64_t import_batches(import_town *it)
{
    int64_t n = 0;
    mizo_err e = it->t.store->ops->batch_scan(it->t.store, 0, count, &n);
    assert_true(e == MIZO_OK || e == MIZO_ENOENT);
    return n;
}

bool import_said(import_town *it, mizo_msg id, int line, int column)
{
    for (size_t i = 0; i < mizo_diags_kept(it->t.diags); i++) {
        const mizo_diag *d = mizo_diags_at(it->t.diags, i);
        if (d->id == id && (!line || d->at.line == line) && (!column || d->at.column == column))
            return true;
    }
    return false;
}
