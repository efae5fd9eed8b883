/* The desk's tables and records: first letter says which. A parent's figures come out in order and once each; a table's
 * cells are within their ranges or said; a record that is not what this program writes is refused, never believed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/desk/decide.h"
#include "town/desk/in.h"
#include "town/desk/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void parents_figures(const desk_act *a, const char *p, size_t n)
{
    desk_parent out;
    mizo_err e = desk_in_parent(a, "parent.csv", p, n, &out);
    if (e)
        return;
    for (size_t i = 0; i < out.n; i++) {
        const desk_parent_row *r = &out.row[i];
        if (r->slot < 0 || r->slot >= DESK_SLOTS)
            abort();
        if (i && (r->day < r[-1].day || (r->day == r[-1].day && r->slot <= r[-1].slot)))
            abort();
    }
    desk_parent_fini(&out);
}

static void take_row(void *arg, desk_table *t)
{
    bool *said = arg;
    mizo_day day;
    int slot;
    int64_t v;
    if (desk_cell_day(t, 0, &day) && desk_cell_of_day(t, day, 0, said) && desk_cell_slot(t, 1, &slot) &&
        (slot < 0 || slot >= DESK_SLOTS))
        abort();
    if (desk_cell_number(t, 2, 3, &v, "kWh") &&
        (v > INT64_C(1000000000000000) || v < -INT64_C(1000000000000000)))
        abort();
}

static void any_table(mizo_diags *d, const char *p, size_t n)
{
    static const char *const names[] = { "day", "slot", "kwh", NULL };
    desk_table t = { .file = "table.csv", .columns = "day, slot, kwh", .name = names, .needed = 3, .d = d };
    bool said = false;
    mizo_err e = desk_table_read(&t, p, n, take_row, &said);
    if ((e == MIZO_EINPUT) != (mizo_diags_count(d, MIZO_ERROR) > 0))
        abort(); /* a mistake is said, and nothing is said without one */
}

static void a_record(store *s, const char *text)
{
    static const char *const kinds[] = { "desk-decision", "desk-plan", "desk-forecast" };
    static const mizo_region nowhere = { .offset = MIZO_JAPAN_OFFSET };
    char id[DESK_ID];
    store_batch b = { .known = 1, .actor = "fuzz", .source = "fuzz", .note = "" };
    desk_id("group", 19000, id);
    if (s->ops->batch_begin(s, &b))
        abort();
    for (int i = 0; i < 3; i++)
        if (s->ops->record_put(s, kinds[i], id, text, NULL))
            abort();
    if (s->ops->batch_commit(s))
        abort();
    desk_decision *d = malloc(sizeof *d);
    desk_plan *plan = malloc(sizeof *plan);
    desk_forecast *f = malloc(sizeof *f);
    if (!d || !plan || !f)
        abort();
    if (!desk_decision_read(s, "group", 19000, d) &&
        (d->ncall > MIZO_DESK_CALLS || d->move >= MIZO_DESK_MOVE_COUNT))
        abort();
    if (!desk_plan_read(s, &nowhere, "desk-plan", "group", 19000, plan) && plan->book.nline > MIZO_DESK_LINES)
        abort();
    if (!desk_forecast_read(s, "group", 19000, f) &&
        (f->npath > DESK_PATHS || f->nmember > MIZO_DESK_MEMBERS))
        abort();
    free(d);
    free(plan);
    free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static int count;
    mizo_diags *d = mizo_diags_new(100);
    desk_act a = { .diags = d };
    char name[32];
    store *s;
    if (!n || !d) {
        mizo_diags_free(d);
        return 0;
    }
    char *text = malloc(n);
    if (!text)
        abort();
    memcpy(text, p + 1, n - 1);
    text[n - 1] = '\0';
    snprintf(name, sizeof name, "fuzz-desk-%d", ++count);
    if (p[0] == 'p') {
        parents_figures(&a, text, n - 1);
    } else if (p[0] == 't') {
        any_table(d, text, n - 1);
    } else if (!store_memory.open(name, STORE_CREATE, d, &s)) {
        a_record(s, text);
        s->ops->close(s);
    }
    free(text);
    mizo_diags_free(d);
    return 0;
}
