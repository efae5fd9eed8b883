/* static.c: see static.h. */
#include "server/static.h"

#include <string.h>
#include <zlib.h>

static const char *const forever = "public, max-age=31536000, immutable";
static const char *const ask_again = "no-cache";

/* True if one of the tags of an If-None-Match header is etag, or it is a star. */
static bool has_tag(const char *header, const char *etag)
{
    return strcmp(header, "*") == 0 || strstr(header, etag) != NULL;
}

static bool unpack(const asset *a, buf *out)
{
    z_stream z = { 0 };
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    unsigned char piece[8192];
    z.next_in = (unsigned char *)(uintptr_t)a->gz;
    z.avail_in = (unsigned)a->ngz;
    int status = Z_OK;
    while (status == Z_OK) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        status = inflate(&z, Z_NO_FLUSH);
        if (status == Z_OK || status == Z_STREAM_END)
            buf_add(out, piece, sizeof piece - z.avail_out);
    }
    inflateEnd(&z);
    return status == Z_STREAM_END && !out->err;
}

bool static_asset(const asset *a, size_t n, const http_request *r, http_response *out)
{
    const char *path = strcmp(r->path, "/") == 0 ? "/index.html" : r->path;
    while (n && strcmp(a->path, path)) {
        a++;
        n--;
    }
    if (!n)
        return false;
    out->status = 200;
    out->type = a->type;
    out->etag = a->etag;
    out->cache = a->forever ? forever : ask_again;
    if (has_tag(r->if_none_match, a->etag)) {
        out->status = 304;
    } else if (r->gzip) {
        out->gzip = true;
        out->fixed = a->gz;
        out->nfixed = a->ngz;
    } else if (!unpack(a, &out->body)) {
        out->body.err = MIZO_ENOMEM;
    }
    return true;
}

/* ---- from a directory ---- */

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        {".html",         "text/html; charset=utf-8"      },
        { ".js",          "text/javascript; charset=utf-8"},
        { ".css",         "text/css; charset=utf-8"       },
        { ".json",        "application/json"              },
        { ".svg",         "image/svg+xml"                 },
        { ".webmanifest", "application/manifest+json"     },
    };
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t k = strlen(types[i].end);
        if (n > k && strcmp(path + n - k, types[i].end) == 0)
            return types[i].type;
    }
    return NULL;
}

/* Plain names only: letters, digits, dot, dash, underscore; none begins with a dot. */
static bool plain_path(const char *path)
{
    for (const char *p = path; *p; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (!letter && !strchr("/.-_", *p))
            return false;
        if (*p == '/' && (p[1] == '.' || p[1] == '/'))
            return false;
    }
    return *path == '/';
}

bool static_file(env *e, const char *dir, const http_request *r, http_response *out)
{
    const char *path = strcmp(r->path, "/") == 0 ? "/index.html" : r->path;
    const char *type = type_of(path);
    if (!type || !plain_path(path))
        return false;
    buf name;
    buf_init(&name, 4096);
    buf_printf(&name, "%s%s", dir, path);
    mizo_err err = name.err ? name.err : e->ops->read_file(e, name.p, &out->body);
    buf_fini(&name);
    if (err == MIZO_ENOENT)
        return false;
    out->status = 200;
    out->type = type;
    out->cache = ask_again;
    if (err)
        out->body.err = err;
    return true;
}
