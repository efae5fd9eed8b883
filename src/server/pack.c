/* pack.c: see pack.h. */
#include "server/pack.h"

#include <stdlib.h>
#include <zlib.h>

/* Level 1: a third of a millisecond for the town, and four fifths of the bytes are gone already. */
static bool gzip(const buf *in, buf *out)
{
    z_stream z = { 0 };
    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    unsigned char piece[8192];
    z.next_in = (unsigned char *)(uintptr_t)in->p;
    z.avail_in = (unsigned)in->n;
    int status = Z_OK;
    while (status == Z_OK) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        status = deflate(&z, Z_FINISH);
        buf_add(out, piece, sizeof piece - z.avail_out);
    }
    deflateEnd(&z);
    return status == Z_STREAM_END && !out->err;
}

void pack_body(const http_request *r, http_response *out)
{
    if (!r->gzip || out->status != 200 || out->gzip || out->fixed || out->body.err ||
        out->body.n < PACK_LEAST)
        return;
    buf packed;
    buf_init(&packed, 16u << 20);
    if (!gzip(&out->body, &packed)) {
        buf_fini(&packed);
        return;
    }
    buf_fini(&out->body);
    out->body = packed;
    out->gzip = true;
}
