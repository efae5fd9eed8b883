/* asset.h: the pages as they are built into the binary (web/build.mjs writes the table). */
#ifndef SERVER_ASSET_H
#define SERVER_ASSET_H

#include <stddef.h>

typedef struct asset {
    const char *path;        /* "/app-1a2b3c.js" */
    const char *type;        /* "text/javascript; charset=utf-8" */
    const char *etag;        /* of the bytes, with its quotes */
    int forever;             /* the name changes with the bytes: may be kept for a year */
    const unsigned char *gz; /* gzipped */
    size_t ngz, nplain;
} asset;

extern const asset web_assets[];
extern const size_t web_nassets;

#endif
