/* city_json_years.c: every indicator with the years that it has, and every year of one, as JSON. */
#include <stdlib.h>

#include "city/inventory.h"
#include "town/office/city_json.h"
#include "town/office/public.h"

/* In the order of the file: what it is, and the last year that has a figure. */
mizo_err city_put_indicators(city_writer *w)
{
    city_placed *order = CITY_IN_ORDER(w->r->indicator, w->r->nindicator);
    const mizo_indicator *headline = public_headline(w->b);
    for (size_t k = 0; order && k < w->r->nindicator; k++) {
        const mizo_indicator *i = &w->r->indicator[order[k].at];
        city_value v;
        int fy = CITY_YEARS_TO;
        while (fy >= CITY_YEARS_FROM && city_value_of(w->b, i, fy, &v))
            fy--;
        json_object(w->j, NULL);
        city_put_indicator(w, i);
        json_bool(w->j, "headline", i == headline);
        json_text(w->j, "owner", i->owner);
        json_text(w->j, "formula", *i->formula ? i->formula : NULL);
        if (i->inventory >= 0) {
            json_text(w->j, "inventory", w->r->inventory[i->inventory].id);
            json_text(w->j, "part", city_part_word(i->part));
        }
        if (fy >= CITY_YEARS_FROM) {
            json_object(w->j, "result");
            city_put_value(w, &v);
            json_end(w->j);
        }
        json_end(w->j);
    }
    free(order);
    return order ? MIZO_OK : MIZO_ENOMEM;
}

void city_years_json(const city_desk *d, const mizo_indicator *i, json *j)
{
    const city_books *b = &d->books;
    city_writer w = { d, b, b->region, 0, j };
    json_text(j, "unit", i->unit);
    json_text(j, "better",
              i->better == MIZO_BETTER_UP     ? "up"
              : i->better == MIZO_BETTER_DOWN ? "down"
                                              : NULL);
    json_array(j, "years");
    for (int fy = CITY_YEARS_FROM; fy <= CITY_YEARS_TO; fy++) {
        const mizo_goal *g = city_goal(b, i, fy);
        city_value v;
        bool known = !city_value_of(b, i, fy, &v);
        if (!g && !known)
            continue;
        json_object(j, NULL);
        if (known)
            city_put_value(&w, &v);
        else
            json_int(j, "fy", fy);
        if (g)
            city_put_goal(&w, "target", g);
        json_end(j);
    }
    json_end(j);
}
