/* edition.c: the editions of an inventory's year, in the order in which they came out; see inventory.h. */
#include <string.h>

#include "city/books.h"
#include "city/inventory.h"

city_edition city_edition_of(const mizo_activity *a)
{
    return (city_edition){ a->vintage, a->on };
}

int city_edition_order(city_edition a, city_edition b)
{
    static const int rank[MIZO_VINTAGES] = {
        [MIZO_VINTAGE_PROVISIONAL] = 1, [MIZO_VINTAGE_REVISED] = 2, [MIZO_VINTAGE_FINAL] = 3
    };
    return a.on != b.on ? (a.on < b.on ? -1 : 1) : rank[a.vintage] - rank[b.vintage];
}

bool city_edition_next(const mizo_region *r, const char *inventory, int fy, const city_edition *after,
                       mizo_day as_of, city_edition *out)
{
    const mizo_activity *best = NULL;
    for (size_t i = 0; i < r->nactivity; i++) {
        const mizo_activity *a = &r->activity[i];
        const city_edition x = city_edition_of(a);
        if (a->fy == fy && a->on <= as_of && strcmp(a->inventory, inventory) == 0 &&
            (!after || city_edition_order(x, *after) > 0) &&
            (!best || city_edition_order(x, city_edition_of(best)) < 0))
            best = a;
    }
    if (best)
        *out = city_edition_of(best); /* which may be *after */
    return best != NULL;
}

static const char *vintage_word(mizo_vintage v)
{
    const char *word = city_vintage_text(v, "en");
    return *word ? word : "final";
}

bool city_edition_named(const mizo_region *r, const char *inventory, int fy, const char *word, mizo_day as_of,
                        city_edition *out)
{
    const char *at = strchr(word, '@'), *date = at ? at + 1 : word;
    size_t n = at ? (size_t)(at - word) : strlen(word);
    mizo_date day;
    bool dated = mizo_date_parse(date, strlen(date), &day) == MIZO_OK, any = false;
    city_edition x;
    if (at && !dated)
        return false;
    for (const city_edition *after = NULL; city_edition_next(r, inventory, fy, after, as_of, &x);
         after = &x) {
        const char *vintage = vintage_word(x.vintage);
        if ((dated && x.on != mizo_date_day(day)) ||
            ((at || !dated) && (strlen(vintage) != n || memcmp(vintage, word, n))))
            continue;
        *out = x;
        any = true;
    }
    return any;
}

void city_edition_text(city_edition x, const char *lang, buf *out)
{
    char day[MIZO_DATE_TEXT];
    const char *word = city_vintage_text(x.vintage, lang);
    buf_str(out, *word ? word : strcmp(lang, "ja") == 0 ? "確定値" : "final");
    if (x.on == INT32_MIN)
        return;
    mizo_day_text(x.on, day);
    buf_printf(out, " (%s)", day);
}

void city_editions_text(const mizo_region *r, const char *inventory, int fy, mizo_day as_of, buf *out)
{
    city_edition x;
    for (const city_edition *after = NULL; city_edition_next(r, inventory, fy, after, as_of, &x);
         after = &x) {
        char day[MIZO_DATE_TEXT] = "";
        if (x.on != INT32_MIN)
            mizo_day_text(x.on, day);
        buf_printf(out, "%s%s%s%s", after ? ", " : "", vintage_word(x.vintage), *day ? "@" : "", day);
    }
}
