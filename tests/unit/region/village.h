/* village.h: the files of tests/data/village in memory, to be changed by a test. */
#ifndef TESTS_UNIT_REGION_VILLAGE_H
#define TESTS_UNIT_REGION_VILLAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/region.h"
#include "region/schema.h"

#define ROWS(a) (sizeof(a) / sizeof((a)[0]))

typedef struct village {
    mizo_file file[FILE_COUNT];
    char *own[FILE_COUNT];
    size_t n;
} village;

/* All of a file, NUL-ended. TEST_ROOT is the top of the source tree. */
static inline char *whole_file(const char *path, size_t *n)
{
    char full[1024];
    snprintf(full, sizeof full, "%s/%s", TEST_ROOT, path);
    FILE *f = fopen(full, "rb");
    assert_non_null(f);
    char *text = malloc(1 << 20);
    assert_non_null(text);
    *n = fread(text, 1, (1 << 20) - 1, f);
    text[*n] = 0;
    fclose(f);
    return text;
}

static inline void village_load(village *v)
{
    v->n = FILE_COUNT;
    for (int f = 0; f < FILE_COUNT; f++) {
        char path[256];
        snprintf(path, sizeof path, "tests/data/village/%s", region_files[f].name);
        v->own[f] = whole_file(path, &v->file[f].n);
        v->file[f].name = region_files[f].name;
        v->file[f].bytes = v->own[f];
    }
}

static inline void village_free(village *v)
{
    for (int f = 0; f < FILE_COUNT; f++)
        free(v->own[f]);
}

/* Puts other bytes in place of a file. */
static inline void village_put(village *v, region_file f, const char *bytes, size_t n)
{
    char *copy = malloc(n + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    copy[n] = 0;
    free(v->own[f]);
    v->own[f] = copy;
    v->file[f].bytes = copy;
    v->file[f].n = n;
}

/* The first `from` becomes `to`; from NULL: all of it. The place must be there. */
static inline void village_edit(village *v, region_file f, const char *from, const char *to)
{
    if (!from) {
        village_put(v, f, to, strlen(to));
        return;
    }
    const char *at = strstr(v->own[f], from);
    if (!at)
        fail_msg("%s has no \"%s\"", region_files[f].name, from);
    size_t before = (size_t)(at - v->own[f]), rest = strlen(at + strlen(from));
    size_t n = before + strlen(to) + rest;
    char *text = malloc(n + 1);
    assert_non_null(text);
    memcpy(text, v->own[f], before);
    memcpy(text + before, to, strlen(to));
    memcpy(text + before + strlen(to), at + strlen(from), rest + 1);
    village_put(v, f, text, n);
    free(text);
}

/* Takes one file out of the list that is given to build. */
static inline void village_drop(village *v, region_file f)
{
    size_t to = 0;
    for (size_t i = 0; i < v->n; i++)
        if (strcmp(v->file[i].name, region_files[f].name))
            v->file[to++] = v->file[i];
    v->n = to;
}

#endif
