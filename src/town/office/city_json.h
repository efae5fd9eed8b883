/* city_json.h: what the writers of the city's figures as JSON share. Known to src/town/office/city_json*.c alone. */
#ifndef TOWN_OFFICE_CITY_JSON_H
#define TOWN_OFFICE_CITY_JSON_H

#include "town/office/city.h"

typedef struct city_writer {
    const city_desk *desk;
    const city_books *b;
    const mizo_region *r;
    int fy;
    json *j;
} city_writer;

/* Places of rows in the order of their lines in the file, which is the city's own. */
typedef struct city_placed {
    int32_t line;
    size_t at;
} city_placed;
#define CITY_IN_ORDER(rows, n) city_in_order((n) ? &(rows)->line : NULL, (n), sizeof *(rows))
city_placed *city_in_order(const int32_t *line, size_t n, size_t row); /* to be freed; NULL: out of memory */

void city_put_indicator(city_writer *w, const mizo_indicator *i);
void city_put_value(city_writer *w, const city_value *v);
void city_put_goal(city_writer *w, const char *key, const mizo_goal *g);
void city_put_needed(city_writer *w, const mizo_goal *g, const city_value *v);
/* Who wrote the record that a row comes from: by, at, version; nothing of a file's row. */
void city_put_author(city_writer *w, const void *row);

mizo_err city_put_plan(city_writer *w);       /* city_json_plan.c: rows */
mizo_err city_put_evaluation(city_writer *w); /* the same */
void city_put_scales(city_writer *w);         /* "scales": the words of scales.csv, with the rule of each */
mizo_err city_put_indicators(city_writer *w); /* city_json_years.c: rows */

#endif
