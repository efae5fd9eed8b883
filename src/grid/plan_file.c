/* plan_file.c: the one exporter of plan files. What an element is called comes from the table of codes. */
#include "grid/plan_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "grid/plan_codes.h"
#include "mizo/messages/files.h"

typedef struct writer {
    const plan_codes *codes;
    buf *out;
    int depth;
    int digits; /* of the time code */
} writer;

/* ---- tags ---- */

static void indent(writer *w)
{
    for (int i = 0; i < w->depth; i++)
        buf_char(w->out, ' ');
}

static void put_text(buf *out, const char *s)
{
    for (; *s; s++) {
        const char *as = *s == '&'   ? "&amp;"
                         : *s == '<' ? "&lt;"
                         : *s == '>' ? "&gt;"
                         : *s == '"' ? "&quot;"
                                     : NULL;
        if (as)
            buf_str(out, as);
        else
            buf_char(out, *s);
    }
}

static void open_tag(writer *w, const char *prefix, const char *code)
{
    indent(w);
    buf_printf(w->out, "<%s%s>\n", prefix, code);
    w->depth++;
}

static void close_tag(writer *w, const char *prefix, const char *code)
{
    w->depth--;
    indent(w);
    buf_printf(w->out, "</%s%s>\n", prefix, code);
}

static void leaf(writer *w, const char *name, const char *value)
{
    const char *code = plan_code_of(w->codes, name);
    indent(w);
    buf_printf(w->out, "<%s>", code);
    put_text(w->out, value);
    buf_printf(w->out, "</%s>\n", code);
}

static const char *prefix_of(const writer *w, bool record)
{
    return plan_code_of(w->codes, record ? "record-prefix" : "group-prefix");
}

static void open_group(writer *w, const char *name)
{
    open_tag(w, prefix_of(w, false), plan_code_of(w->codes, name));
}

static void close_group(writer *w, const char *name)
{
    close_tag(w, prefix_of(w, false), plan_code_of(w->codes, name));
}

static void open_record(writer *w, const char *name)
{
    open_tag(w, prefix_of(w, true), plan_code_of(w->codes, name));
}

static void close_record(writer *w, const char *name)
{
    close_tag(w, prefix_of(w, true), plan_code_of(w->codes, name));
}

/* ---- series ---- */

/* 48 records of a time code and a whole number of kWh. */
static void put_slots(writer *w, const char *group, const char *value, const int64_t *kwh)
{
    char text[24];
    open_group(w, group);
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        open_record(w, group);
        snprintf(text, sizeof text, "%0*d", w->digits, t + 1);
        leaf(w, "time-code", text);
        snprintf(text, sizeof text, "%" PRId64, kwh[t]);
        leaf(w, value, text);
        close_record(w, group);
    }
    close_group(w, group);
}

static void widen(const int32_t *from, int64_t to[MIZO_DAY_SLOTS])
{
    for (int t = 0; t < MIZO_DAY_SLOTS; t++)
        to[t] = from[t];
}

static void sum_series(const plan_series *s, size_t n, int64_t to[MIZO_DAY_SLOTS])
{
    memset(to, 0, MIZO_DAY_SLOTS * sizeof *to);
    for (size_t i = 0; i < n; i++)
        for (int t = 0; t < MIZO_DAY_SLOTS; t++)
            to[t] += s[i].kwh[t];
}

/* A series of the plan as a whole: one record that holds the slots. */
static void put_total(writer *w, const char *group, const char *slots, const char *value, const int64_t *kwh)
{
    open_group(w, group);
    open_record(w, group);
    put_slots(w, slots, value, kwh);
    close_record(w, group);
    close_group(w, group);
}

/* A record for each code, with its slots. */
static void put_each(writer *w, const char *group, const char *slots, const char *key, const char *value,
                     const plan_series *s, size_t n)
{
    int64_t kwh[MIZO_DAY_SLOTS];
    if (!n)
        return;
    open_group(w, group);
    for (size_t i = 0; i < n; i++) {
        open_record(w, group);
        leaf(w, key, s[i].code);
        widen(s[i].kwh, kwh);
        put_slots(w, slots, value, kwh);
        close_record(w, group);
    }
    close_group(w, group);
}

/* ---- the three plans ---- */

static void put_member_side(writer *w, const char *group, const char *total, const char *each,
                            const char *slots, const char *value, const plan_series *s, size_t n)
{
    int64_t kwh[MIZO_DAY_SLOTS];
    open_group(w, group);
    open_record(w, group);
    sum_series(s, n, kwh);
    put_slots(w, total, value, kwh);
    put_each(w, each, slots, "counterparty", value, s, n);
    close_record(w, group);
    close_group(w, group);
}

static void put_members(writer *w, const plan_file *p)
{
    int64_t kwh[MIZO_DAY_SLOTS];
    if (!p->nmember)
        return;
    open_group(w, "members");
    for (size_t i = 0; i < p->nmember; i++) {
        const plan_member *m = &p->member[i];
        open_record(w, "members");
        leaf(w, "member", m->code);
        widen(m->demand_kwh, kwh);
        put_total(w, "member-demand", "member-demand-slots", "demand-kwh", kwh);
        put_member_side(w, "member-buying", "member-buy-total-slots", "member-buy", "member-buy-slots",
                        "procurement-kwh", m->buy, m->nbuy);
        put_member_side(w, "member-selling", "member-sell-total-slots", "member-sell", "member-sell-slots",
                        "sales-kwh", m->sell, m->nsell);
        close_record(w, "members");
    }
    close_group(w, "members");
}

static void put_demand(writer *w, const plan_file *p)
{
    int64_t kwh[MIZO_DAY_SLOTS];
    widen(p->demand_kwh, kwh);
    put_total(w, "demand", "demand-slots", "demand-kwh", kwh);
    sum_series(p->buy, p->nbuy, kwh);
    put_total(w, "buy-total", "buy-total-slots", "procurement-kwh", kwh);
    put_each(w, "buy", "buy-slots", "counterparty", "procurement-kwh", p->buy, p->nbuy);
    sum_series(p->sell, p->nsell, kwh);
    put_total(w, "sell-total", "sell-total-slots", "sales-kwh", kwh);
    put_each(w, "sell", "sell-slots", "counterparty", "sales-kwh", p->sell, p->nsell);
    put_members(w, p);
}

static void put_plants(writer *w, const plan_file *p)
{
    int64_t kwh[MIZO_DAY_SLOTS];
    if (!p->nplants)
        return;
    open_group(w, "plants");
    for (size_t i = 0; i < p->nplants; i++) {
        const plan_plants *g = &p->plants[i];
        open_record(w, "plants");
        leaf(w, "generation-group", g->code);
        sum_series(g->unit, g->nunit, kwh);
        put_slots(w, "plants-total-slots", "generation-group-kwh", kwh);
        put_each(w, "unit-of-plants", "unit-slots", "unit", "unit-kwh", g->unit, g->nunit);
        close_record(w, "plants");
    }
    close_group(w, "plants");
}

static void put_generation(writer *w, const plan_file *p)
{
    int64_t kwh[MIZO_DAY_SLOTS] = { 0 }, more[MIZO_DAY_SLOTS];
    for (size_t i = 0; i < p->nplants; i++) {
        sum_series(p->plants[i].unit, p->plants[i].nunit, more);
        for (int t = 0; t < MIZO_DAY_SLOTS; t++)
            kwh[t] += more[t];
    }
    put_total(w, "generation", "generation-slots", "generation-kwh", kwh);
    put_plants(w, p);
    sum_series(p->sell, p->nsell, kwh);
    put_total(w, "generation-sell-total", "generation-sell-total-slots", "sales-kwh", kwh);
    put_each(w, "generation-sell", "generation-sell-slots", "counterparty", "sales-kwh", p->sell, p->nsell);
    sum_series(p->buy, p->nbuy, kwh);
    put_total(w, "generation-buy-total", "generation-buy-total-slots", "procurement-kwh", kwh);
    put_each(w, "generation-buy", "generation-buy-slots", "counterparty", "procurement-kwh", p->buy, p->nbuy);
}

static void put_link(writer *w, const plan_file *p)
{
    put_each(w, "links", "link-slots", "link", "link-kwh", p->link, p->nlink);
}

static const struct {
    const char *word, *type;
    void (*put)(writer *w, const plan_file *p);
} kinds[] = {
    [PLAN_FILE_DEMAND] = {"demand",      "message-type-demand",     put_demand    },
    [PLAN_FILE_GENERATION] = { "generation", "message-type-generation", put_generation},
    [PLAN_FILE_LINK] = { "link",       "message-type-link",       put_link      },
};

/* ---- the file ---- */

static void put_head(writer *w, const plan_file *p)
{
    char day[MIZO_DATE_TEXT], target[16];
    const char *type = plan_code_of(w->codes, kinds[p->kind].type);
    mizo_day_text(p->day, day);
    snprintf(target, sizeof target, "%.4s%.2s%.2s", day, day + 5, day + 8);
    if (*type)
        leaf(w, "message-type", type);
    leaf(w, "sender-code", p->sender_code);
    leaf(w, "sender-name", p->sender_name);
    leaf(w, "receiver-code", p->receiver_code);
    leaf(w, "plan-name", p->plan_name);
    leaf(w, "target-date", target);
    leaf(w, "company-code", p->company_code);
    leaf(w, "group-code", p->group_code);
}

/* A word that may stand in a tag. */
static bool tag_word(const char *s)
{
    for (const char *c = s; *c; c++)
        if (!((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || *c == '-'))
            return false;
    return strlen(s) <= 20;
}

static mizo_err check_codes(const plan_codes *codes, mizo_diags *d)
{
    mizo_err e = MIZO_OK;
    for (size_t i = 0; codes && i < codes->n; i++) {
        const plan_code *c = &codes->row[i];
        if (plan_code_known(c->name) && tag_word(c->code))
            continue;
        MIZO_DIAG(d, PLAN_FILE_BAD_CODE, MIZO_NOWHERE, c->name, c->code);
        e = MIZO_EINPUT;
    }
    return e;
}

mizo_err plan_file_xml(const plan_file *p, const plan_codes *codes, mizo_diags *d, buf *out)
{
    mizo_err e = check_codes(codes, d), sums = plan_file_check(p, d);
    if (e || sums)
        return e ? e : sums;
    const char *digits = plan_code_of(codes, "time-code-digits");
    writer w = { .codes = codes, .out = out, .digits = strcmp(digits, "2") == 0 ? 2 : 1 };
    const char *const around[] = { "root", "message", "body" };
    buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    for (int i = 0; i < 3; i++)
        open_tag(&w, "", plan_code_of(codes, around[i]));
    put_head(&w, p);
    kinds[p->kind].put(&w, p);
    for (int i = 2; i >= 0; i--)
        close_tag(&w, "", plan_code_of(codes, around[i]));
    return out->err;
}

void plan_file_name(const plan_file *p, const plan_codes *codes, char out[PLAN_FILE_NAME])
{
    char day[MIZO_DATE_TEXT];
    mizo_day_text(p->day, day);
    snprintf(out, PLAN_FILE_NAME, "%s-%.4s%.2s%.2s-%.5s-v%d%s.xml", kinds[p->kind].word, day, day + 5,
             day + 8, p->group_code, p->version > 0 ? p->version : 1,
             codes && codes->validated ? "" : "-not-validated");
}
