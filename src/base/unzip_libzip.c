/* unzip_libzip.c: zip_reader over libzip: a part of the module mizo-files. */
#include "base/unzip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/text.h"

enum { PIECE = 64 << 10 };
#define UNPACKED_MOST ((int64_t)1 << 30)

typedef struct run {
    zip_t *zip;
    const zip_sink *sink;
    zip_fault *fault;
    int members;
    int64_t left; /* bytes that may still be unpacked */
} run;

static mizo_err bad(run *r, const char *member, const char *why)
{
    size_t n = member ? strnlen(member, sizeof r->fault->member - 1) : 0;
    bool shown = member && utf8_valid(member, n);
    snprintf(r->fault->member, sizeof r->fault->member, "%.*s", (int)(shown ? n : 0), shown ? member : "");
    for (char *s = r->fault->member; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            *s = '?';
    snprintf(r->fault->why, sizeof r->fault->why, "%s", why);
    return MIZO_EINPUT;
}

/* Names come as libzip guesses them (UTF-8 flag, or code page 437); the bytes as they are when they are UTF-8 or CP932. */
static mizo_err name_of(run *r, zip_uint64_t i, buf *out)
{
    const char *raw = zip_get_name(r->zip, i, ZIP_FL_ENC_RAW);
    size_t at;
    if (!raw)
        return bad(r, NULL, "a member without a name");
    buf_clear(out);
    if (utf8_valid(raw, strlen(raw)))
        buf_str(out, raw);
    else if (cp932_to_utf8(raw, strlen(raw), out, &at))
        return out->err ? out->err : bad(r, NULL, "a member whose name is neither UTF-8 nor CP932");
    return out->err;
}

static bool directory(const char *name)
{
    size_t n = strlen(name);
    return n && name[n - 1] == '/';
}

static mizo_err check_member(run *r, zip_uint64_t i, const char *name)
{
    zip_stat_t st;
    if (zip_stat_index(r->zip, i, 0, &st))
        return bad(r, name, "its entry cannot be read");
    if (!zip_name_safe(name))
        return bad(r, name, "a name that is no plain path below a directory");
    if (st.valid & ZIP_STAT_ENCRYPTION_METHOD && st.encryption_method != ZIP_EM_NONE)
        return bad(r, name, "it is encrypted; take the password off");
    if (st.valid & ZIP_STAT_COMP_METHOD && st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE)
        return bad(r, name, "packed in a way that mizo does not read (store and deflate)");
    return MIZO_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static mizo_err check_twice(run *r, char **names, zip_uint64_t n)
{
    qsort(names, n, sizeof *names, by_text);
    for (zip_uint64_t i = 1; i < n; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return bad(r, names[i], "it is in the archive twice");
    return MIZO_OK;
}

/* Every name is looked at before the first byte is unpacked. */
static mizo_err check_all(run *r, zip_uint64_t n)
{
    char **names = calloc(n ? n : 1, sizeof *names);
    mizo_err e = names ? MIZO_OK : MIZO_ENOMEM;
    buf name;
    buf_init(&name, 1 << 16);
    for (zip_uint64_t i = 0; i < n && !e; i++) {
        e = name_of(r, i, &name);
        if (!e)
            e = check_member(r, i, name.n ? name.p : "");
        if (!e && !(names[i] = strdup(name.p)))
            e = MIZO_ENOMEM;
    }
    if (!e)
        e = check_twice(r, names, n);
    for (zip_uint64_t i = 0; names && i < n; i++)
        free(names[i]);
    free(names);
    buf_fini(&name);
    return e;
}

static mizo_err unpack(run *r, zip_file_t *f, const char *name, int64_t packed, buf *out)
{
    char *piece = malloc(PIECE);
    mizo_err e = piece ? MIZO_OK : MIZO_ENOMEM;
    while (!e) {
        zip_int64_t got = zip_fread(f, piece, PIECE);
        if (got < 0)
            e = bad(r, name, "it is damaged (its checksum or its packing)");
        if (got <= 0)
            break;
        r->left -= got;
        buf_add(out, piece, (size_t)got);
        int64_t n = (int64_t)out->n;
        if (r->left < 0)
            e = bad(r, name, "the archive unpacks to more than it may");
        else if (n > ZIP_RATIO_FREE && n / ZIP_RATIO > packed)
            e = bad(r, name, "it unpacks to more than 500 times its size");
        else
            e = out->err;
    }
    free(piece);
    return e;
}

static mizo_err take(run *r, zip_uint64_t i, const char *name)
{
    zip_stat_t st;
    buf out;
    if (zip_stat_index(r->zip, i, 0, &st))
        return bad(r, name, "its entry cannot be read");
    zip_file_t *f = zip_fopen_index(r->zip, i, 0);
    if (!f)
        return bad(r, name, "it cannot be opened");
    buf_init(&out, (size_t)UNPACKED_MOST + PIECE);
    mizo_err e = unpack(r, f, name, st.valid & ZIP_STAT_COMP_SIZE ? (int64_t)st.comp_size : 0, &out);
    if (!e)
        e = r->sink->take(r->sink->arg, name, out.n ? out.p : "", out.n);
    buf_fini(&out);
    zip_fclose(f);
    return e;
}

static mizo_err read_members(run *r)
{
    zip_int64_t n = zip_get_num_entries(r->zip, 0);
    if (n < 0 || n > r->members)
        return bad(r, NULL, "more members than an archive may have");
    MIZO_TRY(check_all(r, (zip_uint64_t)n));
    buf name;
    buf_init(&name, 1 << 16);
    mizo_err e = MIZO_OK;
    for (zip_uint64_t i = 0; i < (zip_uint64_t)n && !e; i++) {
        e = name_of(r, i, &name);
        if (!e && !directory(name.p) && (!r->sink->want || r->sink->want(r->sink->arg, name.p)))
            e = take(r, i, name.p);
    }
    buf_fini(&name);
    return e;
}

static mizo_err read(const void *bytes, size_t n, const zip_limits *limits, const zip_sink *sink,
                     zip_fault *fault)
{
    zip_error_t why;
    run r = { .sink = sink,
              .fault = fault,
              .members = limits && limits->members ? limits->members : ZIP_MEMBERS,
              .left = limits && limits->unpacked ? limits->unpacked : UNPACKED_MOST };
    memset(fault, 0, sizeof *fault);
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &why);
    if (!source)
        return MIZO_ENOMEM;
    r.zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    mizo_err e;
    if (r.zip) {
        e = read_members(&r);
        zip_discard(r.zip);
    } else {
        e = zip_error_code_zip(&why) == ZIP_ER_MEMORY ? MIZO_ENOMEM
                                                      : bad(&r, NULL, "the archive is damaged or cut");
        zip_source_free(source);
    }
    zip_error_fini(&why);
    return e;
}

extern MIZO_API const zip_reader mizo_module_zip;
const zip_reader mizo_module_zip = { .name = "libzip", .read = read };
