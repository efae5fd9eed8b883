/* reload.c: file stamps, two quiet looks, the next model. */
#include "town/live/reload.h"

#include <stdlib.h>
#include <string.h>

#include "region/load.h"
#include "region/schema.h"

typedef struct stamp {
    int64_t mtime_ns, size; /* -1: no such file */
} stamp;

typedef struct stamps {
    stamp file[FILE_COUNT];
} stamps;

struct reload {
    env *e;
    char *dir;
    char hash[65];
    stamps seen, taken; /* at the last look; when the files were read last */
    bool failing;       /* they could not be read, which has been said; each look tries again */
};

static void look(const reload *r, stamps *out)
{
    for (int f = 0; f < FILE_COUNT; f++) {
        buf path;
        buf_init(&path, 1 << 14);
        buf_printf(&path, "%s/%s", r->dir, region_files[f].name);
        stamp *s = &out->file[f];
        if (path.err || r->e->ops->file_stamp(r->e, path.p, &s->mtime_ns, &s->size))
            *s = (stamp){ -1, -1 };
        buf_fini(&path);
    }
}

static bool same(const stamps *a, const stamps *b)
{
    for (int f = 0; f < FILE_COUNT; f++)
        if (a->file[f].mtime_ns != b->file[f].mtime_ns || a->file[f].size != b->file[f].size)
            return false;
    return true;
}

mizo_err reload_new(env *e, const char *dir, const mizo_region *now, reload **out)
{
    *out = NULL;
    reload *r = calloc(1, sizeof *r);
    char *copy = strdup(dir);
    if (!r || !copy) {
        free(r);
        free(copy);
        return MIZO_ENOMEM;
    }
    r->e = e;
    r->dir = copy;
    memcpy(r->hash, now->hash, sizeof r->hash);
    /* What was edited since the model was loaded is not known: nothing counts as taken, so that
     * the first quiet look reads the files once, and finds the same hash in the usual case. */
    for (int f = 0; f < FILE_COUNT; f++)
        r->taken.file[f] = (stamp){ -2, -2 };
    look(r, &r->seen);
    *out = r;
    return MIZO_OK;
}

void reload_free(reload *r)
{
    if (!r)
        return;
    free(r->dir);
    free(r);
}

/* Copies what one list says into another. */
static void tell(mizo_diags *to, const mizo_diags *from)
{
    for (size_t i = 0; i < mizo_diags_kept(from); i++) {
        const mizo_diag *m = mizo_diags_at(from, i);
        const char *p[MIZO_DIAG_PARAMS] = { NULL };
        for (int k = 0; k < m->nparam; k++)
            p[k] = m->param[k];
        mizo_diag_add(to, m->id, m->at, p[0], p[1], p[2], p[3], p[4], p[5], (const char *)NULL);
    }
}

/* The files have been quiet: reads them. MIZO_ENOENT: they moved meanwhile. */
static mizo_err take(reload *r, mizo_diags *said, const mizo_region **next, char **text)
{
    stamps after;
    mizo_err e = region_load(r->e, r->dir, said, next, text);
    look(r, &after);
    if (!same(&after, &r->seen)) {
        mizo_region_unref(*next);
        free(*text);
        *next = NULL;
        *text = NULL;
        r->seen = after;
        return MIZO_ENOENT;
    }
    return e == MIZO_ENOENT ? MIZO_EIO : e; /* the directory itself has gone */
}

/* The model that the files make, unless it is the one that runs. */
static void keep_if_new(reload *r, const mizo_region **next, char **text)
{
    if (strcmp(r->hash, (*next)->hash)) {
        memcpy(r->hash, (*next)->hash, sizeof r->hash);
        return;
    }
    mizo_region_unref(*next);
    free(*text);
    *next = NULL;
    *text = NULL;
}

mizo_err reload_beat(reload *r, mizo_diags *d, const mizo_region **next, char **text)
{
    stamps now;
    *next = NULL;
    if (text)
        *text = NULL;
    look(r, &now);
    bool quiet = same(&now, &r->seen);
    r->seen = now;
    if (!quiet || same(&now, &r->taken))
        return MIZO_ENOENT;
    char *canonical = NULL;
    mizo_diags *said = mizo_diags_new(0);
    if (!said)
        return MIZO_ENOMEM;
    mizo_err e = take(r, said, next, &canonical);
    bool read = e == MIZO_OK || e == MIZO_EINPUT, again = r->failing && !read;
    if (read)
        r->taken = now;
    if (e == MIZO_OK)
        keep_if_new(r, next, &canonical);
    if (e != MIZO_ENOENT && !again)
        tell(d, said);
    if (e != MIZO_ENOENT)
        r->failing = !read;
    mizo_diags_free(said);
    if (text)
        *text = canonical;
    else
        free(canonical);
    return again ? MIZO_ENOENT : e;
}
