/* capacity_doc.c: renewable capacity by register as tables and as JSON; see doc.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/inventory.h"
#include "town/inventory/doc.h"

static const char *name_of(const capacity_row *x)
{
    return *x->row->name_ja ? x->row->name_ja : x->row->name_en;
}

static void kw(maker *m, int64_t w)
{
    report_cell_scaled(m->out, w, 3, w % 1000 ? 1 : 0);
}

/* ---- sums ---- */

typedef struct sums {
    const char *word;
    int64_t w, listed_w;
    size_t plants, listed;
} sums;

/* By register or by part, in the order in which they come. */
static size_t add_up(const capacity *c, bool by_part, sums *s)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const capacity_row *x = &c->row[i];
        const char *word = by_part ? x->row->part : x->reg->id;
        size_t k = 0;
        while (k < n && strcmp(s[k].word, word))
            k++;
        if (k == n)
            s[n++] = (sums){ .word = word };
        s[k].listed++;
        s[k].listed_w += x->w;
        s[k].plants += x->of == i;
        s[k].w += x->of == i ? x->w : 0;
    }
    return n;
}

static const mizo_register *register_named(const mizo_region *r, const char *id)
{
    for (size_t i = 0; i < r->nreg; i++)
        if (strcmp(r->reg[i].id, id) == 0)
            return &r->reg[i];
    return NULL;
}

static void sum_table(maker *m, const capacity *c, bool by_part, sums *s)
{
    size_t n = add_up(c, by_part, s);
    /* clang-format off */
    report_columns(m->out, by_part ? city_either(m, "再エネ設備容量 (種類別)", "Renewable capacity by kind")
                                   : city_either(m, "再エネ設備容量 (台帳別)", "Renewable capacity by register"),
                   (const report_column[]){
                       { .title = by_part ? city_either(m, "種類", "kind") : city_either(m, "台帳", "register") },
                       { .title = city_either(m, "掲載", "listed"), .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "掲載容量", "as listed"), .unit = "kW", .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "数える設備", "counted"), .align = REPORT_RIGHT, .sum = true },
                       { .title = city_either(m, "数える容量", "counted capacity"), .unit = "kW", .align = REPORT_RIGHT, .sum = true },
                   }, 5);
    /* clang-format on */
    for (size_t i = 0; i < n; i++) {
        const mizo_register *reg = by_part ? NULL : register_named(m->r, s[i].word);
        report_cell_text(m->out, reg ? city_either(m, reg->name_ja, reg->name_en) : s[i].word);
        report_cell_number(m->out, (int64_t)s[i].listed, 0);
        kw(m, s[i].listed_w);
        report_cell_number(m->out, (int64_t)s[i].plants, 0);
        kw(m, s[i].w);
    }
    report_sum(m->out, city_either(m, "計", "all"));
}

/* ---- doubles and questions ---- */

static void why_cell(maker *m, const capacity_row *x)
{
    if (*x->row->evidence)
        report_cell_text(m->out, x->row->evidence);
    else if (x->by_rule)
        report_cell_text(m->out, city_either(m, "規則: 名称または場所、容量、開始日が近い",
                                             "rule: name or place, capacity and first day are alike"));
    else
        report_cell_textf(m->out, city_either(m, "同じ識別子 %s", "the same thing, %s"), x->row->thing);
}

static void pair_row(maker *m, const capacity_row *x, const capacity_row *of)
{
    report_cell_text(m->out, name_of(of));
    report_cell_text(m->out, of->reg->id);
    kw(m, of->w);
    report_cell_text(m->out, name_of(x));
    report_cell_text(m->out, x->reg->id);
    kw(m, x->w);
}

static void pair_table(maker *m, const capacity *c, bool maybe)
{
    /* clang-format off */
    report_columns(m->out, maybe ? city_either(m, "同じ設備かもしれないもの (別々に数えている)", "Perhaps one plant (both are counted)")
                                 : city_either(m, "二つの台帳にある設備 (一度だけ数える)", "In two registers (counted once)"),
                   (const report_column[]){
                       { .title = city_either(m, "数える設備", "counted") },
                       { .title = city_either(m, "台帳", "register") },
                       { .title = "kW", .align = REPORT_RIGHT },
                       { .title = maybe ? city_either(m, "もう一つ", "the other") : city_either(m, "数えない掲載", "not counted again") },
                       { .title = city_either(m, "台帳", "register") },
                       { .title = "kW", .align = REPORT_RIGHT },
                       { .title = city_either(m, "根拠", "why") },
                   }, 7);
    /* clang-format on */
    for (size_t i = 0; i < c->n; i++) {
        const capacity_row *x = &c->row[i];
        size_t other = maybe ? x->maybe : x->of;
        if (other == i)
            continue;
        pair_row(m, x, &c->row[other]);
        if (maybe)
            report_cell_text(m->out, city_either(m, "名称または場所は同じ、容量か開始日が違う",
                                                 "the same name or place, another capacity or first day"));
        else
            why_cell(m, x);
    }
}

mizo_err capacity_tables(maker *m, const capacity *c)
{
    sums *s = calloc(c->n + 1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    sum_table(m, c, false, s);
    memset(s, 0, (c->n + 1) * sizeof *s);
    sum_table(m, c, true, s);
    free(s);
    if (c->doubles)
        pair_table(m, c, false);
    if (c->questions)
        pair_table(m, c, true);
    return MIZO_OK;
}

/* ---- what is said ---- */

static void kw_text(int64_t w, char out[MIZO_NUM_TEXT + 4])
{
    char text[MIZO_NUM_TEXT];
    mizo_decimal_text(w, 3, text);
    snprintf(out, MIZO_NUM_TEXT + 4, "%s kW", text);
}

void capacity_say(const capacity *c, mizo_diags *d)
{
    for (size_t i = 0; i < c->n; i++) {
        const capacity_row *x = &c->row[i], *of = &c->row[x->of], *maybe = &c->row[x->maybe];
        char is[MIZO_NUM_TEXT + 4], other[MIZO_NUM_TEXT + 4];
        kw_text(x->w, is);
        if (x->differs) {
            kw_text(of->w, other);
            MIZO_DIAG(d, INVENTORY_DIFFERS, MIZO_AT("register-rows.csv", x->row->line, 0), name_of(of),
                      of->reg->id, other, x->reg->id, is);
        }
        if (maybe != x) {
            kw_text(maybe->w, other);
            MIZO_DIAG(d, INVENTORY_MAYBE, MIZO_AT("register-rows.csv", x->row->line, 0), name_of(maybe),
                      maybe->reg->id, other, name_of(x), x->reg->id, is);
        }
    }
}

/* ---- JSON ---- */

/* A register by its id, and as people call it. */
static void reg_json(json *j, const char *key, const mizo_register *g)
{
    char name[40];
    json_text(j, key, g->id);
    (void)snprintf(name, sizeof name, "%s_ja", key);
    json_text(j, name, g->name_ja);
    (void)snprintf(name, sizeof name, "%s_en", key);
    json_text(j, name, *g->name_en ? g->name_en : g->name_ja);
}

static void row_json(const capacity *c, size_t i, json *j)
{
    const capacity_row *x = &c->row[i];
    json_object(j, NULL);
    reg_json(j, "register", x->reg);
    json_text(j, "name_ja", x->row->name_ja);
    json_text(j, "name_en", x->row->name_en);
    json_text(j, "part", x->row->part);
    json_text(j, "place", x->row->place);
    json_text(j, "thing", *x->row->thing ? x->row->thing : NULL);
    json_int(j, "w", x->w);
    json_bool(j, "counted", x->of == i);
    if (x->of != i) {
        reg_json(j, "counted_in", c->row[x->of].reg);
        json_int(j, "counted_w", c->row[x->of].w);
        json_text(j, "by", x->by_rule ? "rule" : "thing");
        json_text(j, "evidence", *x->row->evidence ? x->row->evidence : NULL);
    }
    if (x->maybe != i) {
        json_text(j, "maybe_in", c->row[x->maybe].reg->id);
        json_int(j, "maybe_w", c->row[x->maybe].w);
    }
    json_text(j, "source", x->row->source);
    json_end(j);
}

void capacity_json(const capacity *c, json *j)
{
    json_day(j, "on", c->on);
    json_int(j, "w", c->w);
    json_int(j, "listed_w", c->listed_w);
    json_int(j, "plants", (int64_t)c->plants);
    json_int(j, "listed_again", (int64_t)c->doubles);
    json_int(j, "by_rule", (int64_t)c->by_rule);
    json_int(j, "differ", (int64_t)c->differ);
    json_int(j, "questions", (int64_t)c->questions);
    json_array(j, "rows");
    for (size_t i = 0; i < c->n; i++)
        row_json(c, i, j);
    json_end(j);
}
