/* table_file.h: a CSV of the shared data, zstd or plain, as rows of doubles; an instant becomes seconds of UTC. */
#ifndef WEATHER_TABLE_FILE_H
#define WEATHER_TABLE_FILE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct table_file {
    size_t rows, columns;
    double *value; /* rows x columns; NAN where the field is empty */
} table_file;

/* Reads dir/name. False: no such file, or damaged. Free with table_free. */
bool table_read(table_file *t, const char *dir, const char *name);
void table_free(table_file *t);
double table_at(const table_file *t, size_t row, size_t column);

#endif
