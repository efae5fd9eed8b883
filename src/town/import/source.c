/* source.c: plain, gzip and zstd behind one read. */
#include "town/import/source.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/env_stream.h"
#include "mizo/messages/import.h"

enum { SOURCE_PIECE = 256 << 10, GZIP_WINDOW = 15 + 16 };

typedef enum packing { PLAIN, GZIP, ZSTD } packing;

struct source {
    env_stream *in;
    const char *mem; /* instead of a stream */
    size_t mem_n, mem_at;
    packing kind;
    int64_t size, eaten, given;
    hash_run hash;
    mizo_msg fault;
    bool ended;       /* the file has no more bytes */
    bool inside;      /* a packed frame is begun and not ended */
    unsigned char *p; /* packed bytes [at, n) */
    size_t at, n;
    z_stream z;
    bool has_z;
    ZSTD_DStream *zstd;
};

static mizo_err fail(source *s, mizo_msg id)
{
    s->fault = id;
    return MIZO_EINPUT;
}

static mizo_err pull(source *s, void *p, size_t n, size_t *got)
{
    if (!s->mem)
        return env_stream_read(s->in, p, n, got);
    *got = s->mem_n - s->mem_at < n ? s->mem_n - s->mem_at : n;
    memcpy(p, s->mem + s->mem_at, *got);
    s->mem_at += *got;
    return MIZO_OK;
}

/* Makes sure that there are bytes at hand, unless the file has ended. */
static mizo_err refill(source *s)
{
    if (s->at < s->n || s->ended)
        return MIZO_OK;
    s->at = s->n = 0;
    MIZO_TRY(pull(s, s->p, SOURCE_PIECE, &s->n));
    s->ended = s->n == 0;
    s->eaten += (int64_t)s->n;
    hash_more(&s->hash, s->p, s->n);
    return MIZO_OK;
}

static mizo_err begin(source *s)
{
    static const unsigned char gz[] = { 0x1f, 0x8b }, zs[] = { 0x28, 0xb5, 0x2f, 0xfd };
    hash_begin(&s->hash);
    s->at = s->n = 0;
    s->eaten = s->given = 0;
    s->ended = s->inside = false;
    s->kind = PLAIN;
    /* A pipe may give the first bytes one by one. */
    while (s->n < sizeof zs) {
        size_t got;
        MIZO_TRY(pull(s, s->p + s->n, SOURCE_PIECE - s->n, &got));
        if (got == 0)
            break;
        s->n += got;
    }
    s->ended = s->n == 0;
    s->eaten = (int64_t)s->n;
    hash_more(&s->hash, s->p, s->n);
    if (s->n >= sizeof gz && memcmp(s->p, gz, sizeof gz) == 0)
        s->kind = GZIP;
    else if (s->n >= sizeof zs && memcmp(s->p, zs, sizeof zs) == 0)
        s->kind = ZSTD;
    if (s->kind == GZIP && !s->has_z) {
        if (inflateInit2(&s->z, GZIP_WINDOW) != Z_OK)
            return MIZO_ENOMEM;
        s->has_z = true;
    } else if (s->kind == GZIP) {
        inflateReset(&s->z);
    }
    if (s->kind == ZSTD && !s->zstd && !(s->zstd = ZSTD_createDStream()))
        return MIZO_ENOMEM;
    if (s->zstd)
        ZSTD_DCtx_reset(s->zstd, ZSTD_reset_session_only);
    return MIZO_OK;
}

mizo_err source_open(const char *path, source **out)
{
    *out = NULL;
    source *s = calloc(1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    s->p = malloc(SOURCE_PIECE);
    mizo_err e = s->p ? env_stream_open(path, &s->in, &s->size) : MIZO_ENOMEM;
    if (!e)
        e = begin(s);
    if (e) {
        source_close(s);
        return e;
    }
    *out = s;
    return MIZO_OK;
}

mizo_err source_open_bytes(const void *p, size_t n, source **out)
{
    *out = NULL;
    source *s = calloc(1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    *s = (source){ .p = malloc(SOURCE_PIECE), .mem = n ? p : "", .mem_n = n, .size = (int64_t)n };
    mizo_err e = s->p ? begin(s) : MIZO_ENOMEM;
    if (e) {
        source_close(s);
        return e;
    }
    *out = s;
    return MIZO_OK;
}

void source_close(source *s)
{
    if (!s)
        return;
    if (s->has_z)
        inflateEnd(&s->z);
    ZSTD_freeDStream(s->zstd);
    if (s->in)
        env_stream_close(s->in);
    free(s->p);
    free(s);
}

mizo_err source_rewind(source *s)
{
    s->mem_at = 0;
    if (!s->mem)
        MIZO_TRY(env_stream_rewind(s->in));
    return begin(s);
}

/* Zero bytes after the last gzip member are padding; anything else is damage. */
static bool only_padding(const source *s)
{
    for (size_t i = s->at; i < s->n; i++)
        if (s->p[i])
            return false;
    return true;
}

static mizo_err next_member(source *s)
{
    if (s->p[s->at] == 0x1f) {
        inflateReset(&s->z);
        s->inside = true;
        return MIZO_OK;
    }
    if (!only_padding(s))
        return fail(s, MIZO_MSG_IMPORT_DAMAGED);
    s->at = s->n;
    return MIZO_OK;
}

static mizo_err read_gzip(source *s, char *p, size_t n, size_t *got)
{
    bool first = s->given == 0 && s->eaten == (int64_t)s->n && s->at == 0;
    while (*got == 0) {
        MIZO_TRY(refill(s));
        if (s->at == s->n) /* the end */
            return s->inside ? fail(s, MIZO_MSG_IMPORT_TRUNCATED) : MIZO_OK;
        if (!s->inside && !first) {
            MIZO_TRY(next_member(s));
            continue;
        }
        first = false;
        s->inside = true;
        s->z.next_in = s->p + s->at;
        s->z.avail_in = (uInt)(s->n - s->at);
        s->z.next_out = (Bytef *)p;
        s->z.avail_out = (uInt)n;
        int e = inflate(&s->z, Z_NO_FLUSH);
        s->at = s->n - s->z.avail_in;
        *got = n - s->z.avail_out;
        if (e == Z_MEM_ERROR)
            return MIZO_ENOMEM;
        if (e == Z_STREAM_END)
            s->inside = false;
        else if (e != Z_OK && e != Z_BUF_ERROR)
            return fail(s, MIZO_MSG_IMPORT_DAMAGED);
    }
    return MIZO_OK;
}

static mizo_err read_zstd(source *s, char *p, size_t n, size_t *got)
{
    while (*got == 0) {
        MIZO_TRY(refill(s));
        if (s->at == s->n && !s->inside)
            return MIZO_OK;
        ZSTD_inBuffer in = { s->p, s->n, s->at };
        ZSTD_outBuffer to = { p, n, 0 };
        size_t e = ZSTD_decompressStream(s->zstd, &to, &in);
        if (ZSTD_isError(e))
            return fail(s, MIZO_MSG_IMPORT_DAMAGED);
        bool moved = in.pos > s->at || to.pos > 0;
        s->at = in.pos;
        s->inside = e != 0;
        *got = to.pos;
        if (!moved && s->ended)
            return fail(s, MIZO_MSG_IMPORT_TRUNCATED);
    }
    return MIZO_OK;
}

static mizo_err read_plain(source *s, char *p, size_t n, size_t *got)
{
    MIZO_TRY(refill(s));
    *got = s->n - s->at < n ? s->n - s->at : n;
    memcpy(p, s->p + s->at, *got);
    s->at += *got;
    return MIZO_OK;
}

mizo_err source_read(source *s, char *p, size_t n, size_t *got)
{
    *got = 0;
    if (n > SOURCE_MOST / 64)
        n = SOURCE_MOST / 64;
    switch (s->kind) {
    case PLAIN:
        MIZO_TRY(read_plain(s, p, n, got));
        break;
    case GZIP:
        MIZO_TRY(read_gzip(s, p, n, got));
        break;
    case ZSTD:
        MIZO_TRY(read_zstd(s, p, n, got));
        break;
    }
    s->given += (int64_t)*got;
    bool swollen = s->kind != PLAIN && s->given > SOURCE_FREE && s->given / SOURCE_RATIO > s->eaten;
    return swollen || s->given > SOURCE_MOST ? fail(s, MIZO_MSG_IMPORT_BOMB) : MIZO_OK;
}

mizo_msg source_fault(const source *s)
{
    return s->fault;
}

int64_t source_size(const source *s)
{
    return s->size;
}

int64_t source_eaten(const source *s)
{
    return s->eaten;
}

mizo_err source_drain(source *s)
{
    while (!s->ended && s->eaten < SOURCE_MOST) {
        s->at = s->n;
        MIZO_TRY(refill(s));
    }
    return s->ended ? MIZO_OK : MIZO_EFULL;
}

void source_hash(source *s, char out[HASH_TEXT])
{
    hash_text(hash_end(&s->hash), out);
}
