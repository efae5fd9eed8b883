/* load.c: the files of a directory, through the seam, to the model. */
#include "region/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mizo/messages/region.h"
#include "region/build.h"

typedef struct loader {
    env *e;
    const char *dir;
    mizo_diags *d;
    buf content[FILE_COUNT];
    mizo_file file[FILE_COUNT];
    size_t n;
} loader;

/* A CSV whose name is nearly one of ours is probably meant to be it. */
static mizo_err look_at_name(void *arg, const char *name)
{
    loader *l = arg;
    const char *names[FILE_COUNT];
    size_t n = strlen(name);
    bool table = n > 4 && (strcmp(name + n - 4, ".csv") == 0 || strcmp(name + n - 4, ".yml") == 0);
    bool yaml = n > 5 && strcmp(name + n - 5, ".yaml") == 0;
    if (strncmp(name, "x-", 2) == 0 || region_file_named(name) != FILE_COUNT || !(table || yaml))
        return MIZO_OK;
    for (int f = 0; f < FILE_COUNT; f++)
        names[f] = region_files[f].name;
    const char *near = text_nearest(name, names, FILE_COUNT);
    if (near && (text_distance(name, near) <= 2 || strncmp(name, near, 4) == 0))
        MIZO_DIAG(l->d, REGION_FILE_UNKNOWN, MIZO_AT(name, 0, 0), near);
    return MIZO_OK;
}

static mizo_err read_one(loader *l, region_file f)
{
    buf path;
    buf *content = &l->content[f];
    buf_init(&path, 1 << 14);
    buf_printf(&path, "%s/%s", l->dir, region_files[f].name);
    mizo_err e = path.err ? path.err : l->e->ops->read_file(l->e, path.p, content);
    buf_fini(&path);
    if (e == MIZO_OK) {
        l->file[l->n++] = (mizo_file){ region_files[f].name, content->p ? content->p : "", content->n };
        return MIZO_OK;
    }
    if (e == MIZO_ENOENT)
        return MIZO_OK; /* build says it where it is needed */
    if (e == MIZO_EFULL && content->err == MIZO_EFULL) {
        MIZO_DIAG(l->d, REGION_FILE_BIG, MIZO_AT(region_files[f].name, 0, 0), "64");
        return MIZO_EINPUT;
    }
    MIZO_DIAG(l->d, FILE_UNREADABLE, MIZO_AT(region_files[f].name, 0, 0), mizo_err_text(e));
    return e;
}

static mizo_err read_all(loader *l)
{
    mizo_err worst = MIZO_OK;
    for (int f = 0; f < FILE_COUNT; f++) {
        mizo_err e = read_one(l, (region_file)f);
        if (worst == MIZO_OK || worst == MIZO_EINPUT)
            worst = e ? e : worst;
    }
    return worst;
}

mizo_err region_load(env *e, const char *dir, mizo_diags *d, const mizo_region **out, char **text)
{
    loader l = { .e = e, .dir = dir, .d = d };
    *out = NULL;
    if (text)
        *text = NULL;
    mizo_err err = e->ops->list_dir(e, dir, look_at_name, &l);
    if (err) {
        if (err == MIZO_ENOENT)
            MIZO_DIAG(d, REGION_DIR_ABSENT, MIZO_AT(dir, 0, 0), dir);
        else
            MIZO_DIAG(d, FILE_DENIED, MIZO_AT(dir, 0, 0), dir);
        return err;
    }
    for (int f = 0; f < FILE_COUNT; f++)
        buf_init(&l.content[f], (size_t)REGION_FILE_MB << 20);
    mizo_err read = read_all(&l);
    err = read == MIZO_OK || read == MIZO_EINPUT ? mizo_region_build(l.file, l.n, d, out) : read;
    if (err == MIZO_OK && read) {
        mizo_region_unref(*out);
        *out = NULL;
        err = read;
    }
    if (err == MIZO_OK && text && !(*text = mizo_region_text(l.file, l.n))) {
        mizo_region_unref(*out);
        *out = NULL;
        err = MIZO_ENOMEM;
    }
    for (int f = 0; f < FILE_COUNT; f++)
        buf_fini(&l.content[f]);
    return err;
}
