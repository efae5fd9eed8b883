/* register.c: see register.h. */
#include "city/register.h"

#include <string.h>

const mizo_register *city_register(const mizo_region *r, const char *id, size_t n)
{
    for (size_t i = 0; i < r->nreg; i++)
        if (strlen(r->reg[i].id) == n && memcmp(r->reg[i].id, id, n) == 0)
            return &r->reg[i];
    return NULL;
}

bool city_row_holds(const mizo_register_row *row, mizo_day on)
{
    return row->from <= on && on < row->to;
}

static bool in(const mizo_region *r, const mizo_register_row *row, const mizo_register *reg, mizo_day on)
{
    return &r->reg[row->reg] == reg && city_row_holds(row, on);
}

int32_t city_listed(const mizo_region *r, const mizo_register *reg, const char *part, mizo_day on)
{
    int32_t n = 0;
    for (size_t i = 0; i < r->nregister_row; i++)
        n += in(r, &r->register_row[i], reg, on) && (!part || strcmp(r->register_row[i].part, part) == 0);
    return n;
}

const mizo_register_count *city_declared(const mizo_region *r, const mizo_register *reg, const char *part,
                                         mizo_day on)
{
    const mizo_register_count *best = NULL;
    for (size_t i = 0; i < r->nregister_count; i++) {
        const mizo_register_count *c = &r->register_count[i];
        if (&r->reg[c->reg] == reg && c->on <= on && strcmp(c->part, part) == 0 &&
            (!best || c->on >= best->on))
            best = c;
    }
    return best;
}

int64_t city_share_ppm(const mizo_region *r, const mizo_register *reg, mizo_day on)
{
    int64_t sum = 0;
    for (size_t i = 0; i < r->nregister_row; i++)
        if (in(r, &r->register_row[i], reg, on))
            sum += r->register_row[i].share_ppm;
    return sum;
}

int32_t city_number_wrong(const mizo_region *r, const mizo_register *reg, mizo_day on)
{
    int32_t n = city_listed(r, reg, NULL, on);
    for (int32_t number = 1; number <= n; number++) {
        int32_t times = 0;
        for (size_t i = 0; i < r->nregister_row; i++)
            times += in(r, &r->register_row[i], reg, on) && r->register_row[i].number == number;
        if (times != 1)
            return number;
    }
    return 0;
}
