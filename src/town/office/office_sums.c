/* office_sums.c: sums over what the office keeps: the funnel of talks, savings of a year. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/office/office.h"

const char *const office_stages[OFFICE_STAGES + 1] = { "invited", "visited",  "interested", "agreed",
                                                       "joined",  "declined", NULL };
enum { JOINED = 4, DECLINED = 5 };

/* ---- talks ---- */

typedef struct funnel {
    office_funnel *out;
    mizo_day today;
} funnel;

static int stage_of(const note *n)
{
    for (int i = 0; i < OFFICE_STAGES; i++)
        if (strcmp(note_get(n, "stage"), office_stages[i]) == 0)
            return i;
    return 0;
}

static int64_t milli_of(const note *n, const char *field)
{
    int64_t v = 0;
    const char *s = note_get(n, field);
    return *s && mizo_decimal_parse(s, strlen(s), 3, &v) == MIZO_OK ? v : 0;
}

/* Who declined had come as far as the visit, if there was one. */
static mizo_err add_talk(void *arg, const note *n)
{
    funnel *x = arg;
    int stage = stage_of(n), far = stage;
    if (stage == DECLINED)
        far = note_day(n, "visited") != MIZO_DAY_NONE ? 1 : 0;
    x->out->rows++;
    x->out->at[stage]++;
    x->out->potential_wh[stage] += milli_of(n, "potential_kwh");
    for (int i = 0; i <= far; i++)
        x->out->reached[i]++;
    x->out->reached[DECLINED] += stage == DECLINED;
    mizo_day next = note_day(n, "next_day");
    x->out->overdue += next != MIZO_DAY_NONE && next < x->today && stage < JOINED;
    return MIZO_OK;
}

mizo_err office_funnel_make(town *t, mizo_day today, office_funnel *out)
{
    *out = (office_funnel){ 0 };
    funnel x = { out, today };
    return note_scan(t, office_kind("recruit"), add_talk, &x);
}

/* ---- savings ---- */

typedef struct credit {
    char id[MIZO_ID_MAX], measure[NOTE_TEXT], facility[MIZO_ID_MAX];
    int first, last;
} credit;

typedef struct saving {
    office_savings *out;
    credit *seen;
    size_t nseen, cap;
} saving;

static int year_of(const note *n, const char *field)
{
    int fy = 0;
    const char *s = note_get(n, field);
    return mizo_fy_parse(s, strlen(s), &fy) ? 0 : fy;
}

/* The row that takes the same measure at the same facility in a common year already. */
static const credit *taken(const saving *x, const credit *c)
{
    for (size_t i = 0; i < x->nseen; i++)
        if (strcmp(x->seen[i].facility, c->facility) == 0 && strcmp(x->seen[i].measure, c->measure) == 0 &&
            x->seen[i].first <= c->last && c->first <= x->seen[i].last)
            return &x->seen[i];
    return NULL;
}

static mizo_err add_saving(void *arg, const note *n)
{
    saving *x = arg;
    office_savings *o = x->out;
    credit c = { .first = year_of(n, "first_fy"), .last = year_of(n, "last_fy") };
    memcpy(c.id, n->id, sizeof c.id);
    memcpy(c.measure, note_get(n, "measure"), strlen(note_get(n, "measure")) + 1);
    memcpy(c.facility, note_get(n, "facility"), strlen(note_get(n, "facility")) + 1);
    if (o->fy < c.first || o->fy > c.last)
        return MIZO_OK;
    const credit *other = taken(x, &c);
    MIZO_TRY(array_grow(&o->row, &o->cap, o->nrow + 1, sizeof *o->row));
    office_saving *s = &o->row[o->nrow++];
    *s = (office_saving){ .before_wh = milli_of(n, "before_kwh"),
                          .after_wh = milli_of(n, "after_kwh"),
                          .first_fy = c.first,
                          .last_fy = c.last,
                          .twice = other != NULL };
    memcpy(s->id, n->id, sizeof s->id);
    o->twice += other != NULL;
    o->counted += !other;
    if (other)
        return MIZO_OK;
    o->saved_wh += s->before_wh - s->after_wh;
    MIZO_TRY(array_grow(&x->seen, &x->cap, x->nseen + 1, sizeof c));
    x->seen[x->nseen++] = c;
    return MIZO_OK;
}

mizo_err office_savings_make(town *t, int fy, office_savings *out)
{
    *out = (office_savings){ .fy = fy };
    saving x = { .out = out };
    mizo_err e = note_scan(t, office_kind("saving"), add_saving, &x);
    free(x.seen);
    if (e)
        office_savings_free(out);
    return e;
}

void office_savings_free(office_savings *o)
{
    free(o->row);
    o->row = NULL;
    o->nrow = 0;
}
