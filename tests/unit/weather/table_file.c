/* table_file.c: reads the reference files whole. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "mizo/slot.h"
#include "table_file.h"

static char *whole(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    size_t room = 1 << 22;
    char *bytes = malloc(room + 1);
    *n = bytes ? fread(bytes, 1, room, f) : 0;
    fclose(f);
    return bytes;
}

/* Frames written by a stream do not tell their length: a bound that every file here stays below. */
static char *unpacked(const char *packed, size_t n, size_t *m)
{
    size_t room = 1 << 24;
    char *bytes = malloc(room + 1);
    *m = bytes ? ZSTD_decompress(bytes, room, packed, n) : 0;
    if (ZSTD_isError(*m)) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static double number(const char *s, size_t n)
{
    mizo_ms t;
    char text[64];
    if (!n || n >= sizeof text)
        return NAN;
    memcpy(text, s, n);
    text[n] = 0;
    if (n > 10 && memchr(s, 'T', n))
        return mizo_ms_parse(s, n, 0, &t) ? NAN : (double)t / 1000;
    return strtod(text, NULL);
}

static bool parse(table_file *t, char *s)
{
    size_t lines = 0, columns = 1;
    for (char *p = s; *p; p++)
        lines += *p == '\n';
    for (char *p = s; *p && *p != '\n'; p++)
        columns += *p == ',';
    *t = (table_file){ .columns = columns, .value = calloc(lines * columns + 1, sizeof(double)) };
    char *line = strchr(s, '\n');
    if (!t->value || !line)
        return false;
    for (line++; *line && t->rows < lines; t->rows++)
        for (size_t c = 0; c < columns; c++) {
            size_t n = strcspn(line, ",\r\n");
            t->value[t->rows * columns + c] = number(line, n);
            line += n + (line[n] == '\r');
            line += *line != 0;
        }
    return true;
}

bool table_read(table_file *t, const char *dir, const char *name)
{
    char path[1024];
    size_t n = 0;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    *t = (table_file){ 0 };
    char *bytes = whole(path, &n);
    if (bytes && strstr(name, ".zst")) {
        char *packed = bytes;
        bytes = unpacked(packed, n, &n);
        free(packed);
    }
    if (!bytes)
        return false;
    bytes[n] = 0;
    bool good = parse(t, bytes);
    free(bytes);
    return good;
}

void table_free(table_file *t)
{
    free(t->value);
    *t = (table_file){ 0 };
}

double table_at(const table_file *t, size_t row, size_t column)
{
    return t->value[row * t->columns + column];
}
