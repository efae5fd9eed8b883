/* json_read.h: reads JSON piece by piece (RFC 8259), bounded, with the line and column of every piece.
 * Pure: bytes in, tokens out, nothing allocated.
 *
 *     json_reader r;
 *     json_read_init(&r, bytes, n);
 *     while (json_next(&r, &t) == MIZO_OK && t.kind != JSON_END) ...
 *
 * A reader is a plain value: a copy of it reads on from the same place. */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "mizo/slot.h"

enum { JSON_DEPTH = 32, JSON_KEY = 64, JSON_TEXT_MOST = 4096, JSON_NUMBER_MOST = 256 };

typedef enum json_kind {
    JSON_END,    /* of the text */
    JSON_OBJECT, /* begins */
    JSON_ARRAY,  /* begins */
    JSON_CLOSE,  /* of the container that began last */
    JSON_STRING,
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
} json_kind;

typedef struct json_token {
    json_kind kind;
    int depth;                 /* containers around it: 0 at the top */
    bool has_key;              /* a member of an object */
    char key[JSON_KEY];        /* cut at its end where it is longer, never within a letter */
    char text[JSON_TEXT_MOST]; /* of a string, cut likewise; of a number, as it stands */
    bool cut;                  /* key or text was longer */
    int line, column;          /* of the value's first letter, from 1, counted in letters */
} json_token;

typedef struct json_reader {
    const char *p, *end;
    int line, column;
    int depth;
    unsigned char open[JSON_DEPTH]; /* '{' or '[' */
    bool need_comma, done;
    const char *what; /* of a fault, in English */
} json_reader;

/* bytes stay the caller's and must outlive the reader. A BOM is passed by. */
void json_read_init(json_reader *r, const char *bytes, size_t n);
/* MIZO_OK; MIZO_EINPUT: not JSON: r->what says why, t->line and t->column where. It stays so. */
MIZO_MUST_USE mizo_err json_next(json_reader *r, json_token *t);
/* Passes by the rest of what t began; nothing where t is no container. */
MIZO_MUST_USE mizo_err json_skip(json_reader *r, const json_token *t);
/* A value as what it should be; false: it is something else, and *out is not to be used. */
bool json_take_text(const json_token *t, char *out, size_t cap); /* false also where it does not fit */
bool json_take_int(const json_token *t, int64_t *out);           /* a number without a point */
bool json_take_yen(const json_token *t, int64_t *uyen);          /* a text: "1234.500000" */
bool json_take_day(const json_token *t, mizo_day *out);          /* a text: "2021-07-15" */

/* "an object", "a text", "null" ... for messages. */
const char *json_kind_text(json_kind k);

#endif
