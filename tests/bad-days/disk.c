/* disk.c: a simulated disk under SQLite. */
#include "disk.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/number.h"

enum { SECTOR = 512, FILES = 12, NAME = 256, SHM_LOCKS = 8, SHM_REGIONS = 16 };

typedef struct image {
    uint8_t *p;
    size_t n, cap;
} image;

typedef struct file {
    char name[NAME];
    bool here, kept_here; /* in the directory now; after a cut */
    image now, kept;
    uint8_t *dirty; /* a byte a sector: differs from what is kept */
    size_t ndirty;
    int open;
    int shared, reserved, exclusive; /* locks on the file: how many, 0 or 1, 0 or 1 */
    uint8_t *shm[SHM_REGIONS];
    int shm_users, shm_shared[SHM_LOCKS], shm_exclusive[SHM_LOCKS];
} file;

typedef struct handle {
    sqlite3_file base;
    file *f;
    int level;
    bool delete_on_close, mapped;
    bool
        names_log; /* made by this handle, a log or journal: its first sync syncs the directory, as in SQLite's own */
    uint16_t shm_shared, shm_exclusive;
} handle;

void *(*disk_realloc)(void *, size_t) = realloc;
void (*disk_free)(void *) = free;

static file files[FILES];
static long until_cut = -1, until_bad_sync = -1, operations;
static size_t limit;
static bool off;
static sqlite3_vfs disk_vfs;

/* ---- images ---- */

static void image_size(image *m, size_t n)
{
    if (n > m->cap) {
        size_t cap = m->cap ? m->cap : 65536;
        while (cap < n)
            cap *= 2;
        m->p = disk_realloc(m->p, cap);
        assert(m->p);
        m->cap = cap;
    }
    if (n > m->n)
        memset(m->p + m->n, 0, n - m->n);
    m->n = n;
}

static void mark(file *f, size_t from, size_t to)
{
    size_t last = (to + SECTOR - 1) / SECTOR;
    if (last > f->ndirty) {
        size_t n = last * 2 + 128;
        f->dirty = disk_realloc(f->dirty, n);
        assert(f->dirty);
        memset(f->dirty + f->ndirty, 0, n - f->ndirty);
        f->ndirty = n;
    }
    for (size_t i = from / SECTOR; i < last; i++)
        f->dirty[i] = 1;
}

/* Makes what is kept of one sector what it is now. */
static void keep_sector(file *f, size_t i)
{
    size_t from = i * SECTOR, to = from + SECTOR;
    if (from >= f->now.n)
        return;
    if (to > f->now.n)
        to = f->now.n;
    if (to > f->kept.n)
        image_size(&f->kept, to);
    memcpy(f->kept.p + from, f->now.p + from, to - from);
}

static void keep_all(file *f)
{
    for (size_t i = 0; i < f->ndirty; i++)
        if (f->dirty[i]) {
            keep_sector(f, i);
            f->dirty[i] = 0;
        }
    image_size(&f->kept, f->now.n);
    f->kept_here = f->here;
}

/* Everything that was created or deleted stays so. */
static void keep_directory(void)
{
    for (int i = 0; i < FILES; i++) {
        file *f = &files[i];
        f->kept_here = f->here;
        if (!f->here)
            image_size(&f->kept, 0);
    }
}

static void copy_image(image *to, const image *from)
{
    to->n = 0;
    image_size(to, from->n);
    if (from->n)
        memcpy(to->p, from->p, from->n);
}

/* ---- the power ---- */

/* Counts an operation that a cut can fall on. */
static bool powered(void)
{
    if (off)
        return false;
    operations++;
    if (until_cut >= 0 && until_cut-- == 0)
        off = true;
    return !off;
}

static uint64_t die(uint64_t *seed)
{
    return mizo_mix64((*seed)++);
}

static void cut_file(file *f, uint64_t *seed)
{
    uint64_t way = die(seed) % 4; /* nothing, everything, or some */
    for (size_t i = 0; i < f->ndirty; i++)
        if (f->dirty[i]) {
            if (way == 1 || (way > 1 && die(seed) & 1))
                keep_sector(f, i);
            f->dirty[i] = 0;
        }
    if (f->kept.n != f->now.n && die(seed) & 1)
        image_size(&f->kept, f->now.n < f->kept.n ? f->now.n : f->kept.n);
    if (f->here != f->kept_here && die(seed) & 1)
        f->kept_here = f->here;
    f->here = f->kept_here;
    if (!f->here)
        f->kept.n = 0;
    copy_image(&f->now, &f->kept);
}

void disk_cut(uint64_t seed)
{
    for (int i = 0; i < FILES; i++) {
        assert(!files[i].open && !files[i].shm_users);
        cut_file(&files[i], &seed);
    }
    off = false;
    until_cut = -1;
}

void disk_erase(void)
{
    for (int i = 0; i < FILES; i++) {
        file *f = &files[i];
        disk_free(f->now.p);
        disk_free(f->kept.p);
        disk_free(f->dirty);
        memset(f, 0, sizeof *f);
    }
    off = false;
    until_cut = until_bad_sync = -1;
    operations = 0;
    limit = 0;
}

void disk_cut_after(long n)
{
    until_cut = n;
}

bool disk_is_off(void)
{
    return off;
}

void disk_fail_sync(long n)
{
    until_bad_sync = n;
}

void disk_limit(size_t bytes)
{
    limit = bytes;
}

long disk_operations(void)
{
    return operations;
}

static file *find(const char *name)
{
    for (int i = 0; i < FILES; i++)
        if (files[i].name[0] && strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}

size_t disk_size(const char *name)
{
    file *f = find(name);
    return f && f->here ? f->now.n : 0;
}

void disk_spoil(const char *name, size_t at, size_t n)
{
    file *f = find(name);
    assert(f && at + n <= f->now.n);
    for (size_t i = at; i < at + n; i++)
        f->now.p[i] ^= 0xff;
    mark(f, at, at + n);
    keep_all(f);
}

/* ---- a file's methods ---- */

static int f_read(sqlite3_file *base, void *p, int n, sqlite3_int64 at)
{
    const file *f = ((handle *)base)->f;
    if (off)
        return SQLITE_IOERR_READ;
    size_t have = (size_t)at < f->now.n ? f->now.n - (size_t)at : 0;
    if (have > (size_t)n)
        have = (size_t)n;
    if (have)
        memcpy(p, f->now.p + at, have);
    memset((char *)p + have, 0, (size_t)n - have);
    return have == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static size_t all_bytes(void)
{
    size_t n = 0;
    for (int i = 0; i < FILES; i++)
        n += files[i].here ? files[i].now.n : 0;
    return n;
}

static int f_write(sqlite3_file *base, const void *p, int n, sqlite3_int64 at)
{
    file *f = ((handle *)base)->f;
    if (!powered())
        return SQLITE_IOERR_WRITE;
    size_t end = (size_t)at + (size_t)n;
    if (end > f->now.n) {
        if (limit && all_bytes() + end - f->now.n > limit)
            return SQLITE_FULL;
        image_size(&f->now, end);
    }
    memcpy(f->now.p + at, p, (size_t)n);
    mark(f, (size_t)at, end);
    return SQLITE_OK;
}

static int f_truncate(sqlite3_file *base, sqlite3_int64 n)
{
    file *f = ((handle *)base)->f;
    if (!powered())
        return SQLITE_IOERR_TRUNCATE;
    image_size(&f->now, (size_t)n);
    return SQLITE_OK;
}

static int f_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    if (!powered())
        return SQLITE_IOERR_FSYNC;
    if (until_bad_sync >= 0 && until_bad_sync-- == 0)
        return SQLITE_IOERR_FSYNC;
    handle *h = (handle *)base;
    keep_all(h->f);
    if (h->names_log)
        keep_directory();
    h->names_log = false;
    return SQLITE_OK;
}

static int f_size(sqlite3_file *base, sqlite3_int64 *n)
{
    *n = (sqlite3_int64)((handle *)base)->f->now.n;
    return off ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int f_lock(sqlite3_file *base, int level)
{
    handle *h = (handle *)base;
    file *f = h->f;
    if (h->level >= level)
        return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (f->exclusive)
            return SQLITE_BUSY;
        f->shared++;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (f->reserved)
            return SQLITE_BUSY;
        f->reserved = 1;
    } else {
        if (f->shared > 1 || (f->reserved && h->level < SQLITE_LOCK_RESERVED))
            return SQLITE_BUSY;
        f->reserved = f->exclusive = 1;
    }
    h->level = level;
    return SQLITE_OK;
}

static int f_unlock(sqlite3_file *base, int level)
{
    handle *h = (handle *)base;
    if (h->level <= level)
        return SQLITE_OK;
    if (h->level >= SQLITE_LOCK_RESERVED)
        h->f->reserved = h->f->exclusive = 0;
    if (level == SQLITE_LOCK_NONE)
        h->f->shared--;
    h->level = level;
    return SQLITE_OK;
}

static int f_reserved(sqlite3_file *base, int *out)
{
    *out = ((handle *)base)->f->reserved;
    return SQLITE_OK;
}

static int f_control(sqlite3_file *base, int op, void *arg)
{
    (void)base;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int f_sector(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

static int f_traits(sqlite3_file *base)
{
    (void)base;
    return 0; /* nothing is atomic, nothing is in order, power cuts spare no neighbour */
}

/* ---- the index of the log, in memory that connections share ---- */

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
    handle *h = (handle *)base;
    assert(region < SHM_REGIONS);
    if (!h->mapped) {
        h->mapped = true;
        h->f->shm_users++;
    }
    if (!h->f->shm[region] && extend) {
        h->f->shm[region] = disk_realloc(NULL, (size_t)size);
        assert(h->f->shm[region]);
        memset(h->f->shm[region], 0, (size_t)size);
    }
    *out = h->f->shm[region];
    return SQLITE_OK;
}

static void shm_drop(handle *h, int i)
{
    uint16_t bit = (uint16_t)(1u << i);
    if (h->shm_shared & bit)
        h->f->shm_shared[i]--;
    if (h->shm_exclusive & bit)
        h->f->shm_exclusive[i] = 0;
    h->shm_shared &= (uint16_t)~bit;
    h->shm_exclusive &= (uint16_t)~bit;
}

static bool shm_free_for(const handle *h, int i, bool exclusive)
{
    bool own_shared = h->shm_shared >> i & 1, own = h->shm_exclusive >> i & 1;
    if (h->f->shm_exclusive[i] && !own)
        return false;
    return !exclusive || h->f->shm_shared[i] - own_shared == 0;
}

static int shm_lock(sqlite3_file *base, int from, int n, int flags)
{
    handle *h = (handle *)base;
    bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;
    for (int i = from; !(flags & SQLITE_SHM_UNLOCK) && i < from + n; i++)
        if (!shm_free_for(h, i, exclusive))
            return SQLITE_BUSY;
    for (int i = from; i < from + n; i++) {
        uint16_t bit = (uint16_t)(1u << i);
        if (flags & SQLITE_SHM_UNLOCK) {
            shm_drop(h, i);
        } else if (exclusive) {
            h->f->shm_exclusive[i] = 1;
            h->shm_exclusive |= bit;
        } else if (!(h->shm_shared & bit)) {
            h->f->shm_shared[i]++;
            h->shm_shared |= bit;
        }
    }
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
    (void)base;
}

static int shm_unmap(sqlite3_file *base, int erase)
{
    handle *h = (handle *)base;
    (void)erase;
    if (!h->mapped)
        return SQLITE_OK;
    for (int i = 0; i < SHM_LOCKS; i++)
        shm_drop(h, i);
    h->mapped = false;
    if (--h->f->shm_users == 0)
        for (int i = 0; i < SHM_REGIONS; i++) {
            disk_free(h->f->shm[i]);
            h->f->shm[i] = NULL;
        }
    return SQLITE_OK;
}

static int f_close(sqlite3_file *base)
{
    handle *h = (handle *)base;
    shm_unmap(base, 0);
    f_unlock(base, SQLITE_LOCK_NONE);
    h->f->open--;
    if (h->delete_on_close && !off)
        h->f->here = h->f->kept_here = false;
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the directory ---- */

static file *make(const char *name)
{
    for (int i = 0; i < FILES; i++)
        if (!files[i].name[0]) {
            assert(strlen(name) < NAME);
            memcpy(files[i].name, name, strlen(name) + 1);
            return &files[i];
        }
    assert(!"no room for another file");
    return NULL;
}

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out)
{
    (void)vfs;
    static int serial;
    char temporary[32];
    handle *h = (handle *)base;
    memset(h, 0, sizeof *h);
    if (!name) {
        sqlite3_snprintf(sizeof temporary, temporary, "temporary-%d", serial++ % 4);
        name = temporary;
    }
    file *f = find(name);
    if ((off || !f || !f->here) && (off || !(flags & SQLITE_OPEN_CREATE)))
        return SQLITE_CANTOPEN;
    if (!f)
        f = make(name);
    bool made = !f->here;
    if (made) {
        f->here = true;
        image_size(&f->now, 0);
    }
    f->open++;
    *h = (handle){ .base.pMethods = &methods,
                   .f = f,
                   .names_log = made && flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL),
                   .delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE };
    if (out)
        *out = flags;
    return SQLITE_OK;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    (void)vfs;
    file *f = find(name);
    if (!powered())
        return SQLITE_IOERR_DELETE;
    if (!f || !f->here)
        return SQLITE_IOERR_DELETE_NOENT;
    f->here = false;
    image_size(&f->now, 0);
    if (sync_dir) {
        f->kept_here = false;
        image_size(&f->kept, 0);
        if (f->ndirty)
            memset(f->dirty, 0, f->ndirty);
    }
    return SQLITE_OK;
}

static int v_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    file *f = find(name);
    *out = f && f->here && (flags != SQLITE_ACCESS_EXISTS || f->now.n > 0);
    return off ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int v_full(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
    (void)vfs;
    sqlite3_snprintf(n, out, "%s", name);
    return SQLITE_OK;
}

static int v_random(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    static uint64_t seed = 1;
    for (int i = 0; i < n; i++)
        out[i] = (char)mizo_mix64(seed++);
    return n;
}

static int v_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us; /* nobody waits for anybody on one thread */
}

static int v_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = INT64_C(212000000000000);
    return SQLITE_OK;
}

static int v_error(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    (void)n;
    (void)out;
    return 2; /* what is not there is not there */
}

static sqlite3_vfs disk_vfs = { .iVersion = 2,
                                .szOsFile = sizeof(handle),
                                .mxPathname = NAME - 16,
                                .zName = "disk",
                                .xOpen = v_open,
                                .xDelete = v_delete,
                                .xAccess = v_access,
                                .xFullPathname = v_full,
                                .xRandomness = v_random,
                                .xSleep = v_sleep,
                                .xGetLastError = v_error,
                                .xCurrentTimeInt64 = v_time };

void disk_install(void)
{
    sqlite3_vfs_register(&disk_vfs, 1);
}

void disk_uninstall(void)
{
    disk_erase();
    sqlite3_vfs_unregister(&disk_vfs);
}
