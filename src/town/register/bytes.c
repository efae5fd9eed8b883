/* bytes.c: the bytes of the register's files, packed, each under its hash. */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "mizo/messages/files.h"
#include "town/register/inner.h"

enum { PACK_LEVEL = 6 };

const char *register_base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static mizo_err kept_path(const town *t, const char *sum, buf *out)
{
    buf_printf(out, "%s/files", t->dir);
    if (sum)
        buf_printf(out, "/%s.zst", sum);
    return out->err;
}

static mizo_err write_packed(town *t, const char *path, const void *p, size_t n)
{
    size_t cap = ZSTD_compressBound(n);
    void *packed = malloc(cap ? cap : 1);
    if (!packed)
        return MIZO_ENOMEM;
    size_t k = ZSTD_compress(packed, cap, n ? p : "", n, PACK_LEVEL);
    mizo_err e = ZSTD_isError(k) ? MIZO_ENOMEM : t->env->ops->write_file(t->env, path, packed, k);
    free(packed);
    return e;
}

/* Under their hash: what is there already need not be written again. */
mizo_err register_keep(town *t, const register_file *f, const char *sum)
{
    buf dir, path;
    int64_t mtime, size = 0;
    buf_init(&dir, 8192);
    buf_init(&path, 8192);
    mizo_err e = kept_path(t, NULL, &dir);
    if (!e)
        e = kept_path(t, sum, &path);
    if (!e && (t->env->ops->file_stamp(t->env, path.p, &mtime, &size) || size == 0)) {
        e = t->env->ops->make_dir(t->env, dir.p);
        if (!e)
            e = write_packed(t, path.p, f->bytes, f->n);
    }
    if (e)
        MIZO_DIAG(t->diags, REGISTER_NOT_KEPT, MIZO_NOWHERE, register_base_name(f->name),
                  dir.p ? dir.p : "files", mizo_err_text(e));
    buf_fini(&path);
    buf_fini(&dir);
    return e;
}

/* The unpacked bytes; MIZO_ESTORE: not a packed file of that length. */
static mizo_err unpack(const buf *packed, int64_t n, buf *out)
{
    if (ZSTD_getFrameContentSize(packed->p ? packed->p : "", packed->n) != (unsigned long long)n)
        return MIZO_ESTORE;
    char *p = malloc(n ? (size_t)n : 1);
    if (!p)
        return MIZO_ENOMEM;
    size_t k = ZSTD_decompress(p, (size_t)n, packed->p, packed->n);
    mizo_err e = ZSTD_isError(k) || k != (size_t)n ? MIZO_ESTORE : MIZO_OK;
    if (!e) {
        buf_add(out, p, k);
        e = out->err;
    }
    free(p);
    return e;
}

static mizo_err read_kept(town *t, const register_line *line, const char *path, buf *out)
{
    buf packed;
    size_t before = out->n;
    buf_init(&packed, REGISTER_MOST + (1 << 20));
    mizo_err e = t->env->ops->read_file(t->env, path, &packed);
    if (!e)
        e = unpack(&packed, line->n, out);
    buf_fini(&packed);
    char sum[HASH_TEXT];
    if (!e) {
        hash_text(hash_bytes(out->n > before ? out->p + before : "", out->n - before), sum);
        e = strcmp(sum, line->kept) ? MIZO_ESTORE : MIZO_OK;
    }
    return e;
}

mizo_err register_bytes(town *t, const register_line *line, buf *out)
{
    buf path;
    if (!*line->kept) {
        MIZO_DIAG(t->diags, REGISTER_HASH_ALONE, MIZO_NOWHERE, line->id, line->name);
        return MIZO_EINPUT;
    }
    buf_init(&path, 8192);
    mizo_err e = kept_path(t, line->kept, &path);
    if (!e)
        e = read_kept(t, line, path.p, out);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(t->diags, REGISTER_GONE, MIZO_NOWHERE, line->id, line->name, path.p);
    else if (e && e != MIZO_ENOMEM)
        MIZO_DIAG(t->diags, REGISTER_DAMAGED, MIZO_NOWHERE, line->id, line->name, path.p ? path.p : "files");
    buf_fini(&path);
    return e == MIZO_EIO || e == MIZO_EFULL ? MIZO_ESTORE : e;
}
