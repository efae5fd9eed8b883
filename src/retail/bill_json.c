/* bill_json.c: a bill as JSON, every key in its place. docs/formats/bill.md */
#include "retail/bill_json.h"

#include <stdio.h>

#include "base/json.h"

static void put_e6(json *j, const char *key, int64_t v)
{
    char text[MIZO_NUM_TEXT];
    if (v == MIZO_NO_PRICE) {
        json_null(j, key);
        return;
    }
    mizo_decimal_text(v, 6, text);
    json_text(j, key, text);
}

static void put_known(json *j, const char *key, int64_t v)
{
    if (v == MIZO_MISSING)
        json_null(j, key);
    else
        json_int(j, key, v);
}

static void put_instant(json *j, const char *key, mizo_ms t, int offset)
{
    if (t == INT64_MAX || t == INT64_MIN)
        json_null(j, key);
    else
        json_time(j, key, t, offset);
}

static void put_head(json *j, const mizo_region *r, const mizo_bill *b)
{
    char month[MIZO_DATE_TEXT];
    mizo_day_text(b->month, month);
    month[7] = 0;
    json_int(j, "format", 1);
    json_text(j, "contract", r->contract[b->contract].id);
    json_text(j, "party", r->party[b->party].id);
    json_text(j, "point", r->point[b->point].id);
    json_text(j, "tariff", r->tariff[b->tariff].id);
    json_text(j, "month", month);
    json_day(j, "from", b->from);
    json_day(j, "to", b->to);
    json_int(j, "days", b->days);
    json_int(j, "of_days", b->of_days);
    json_text(j, "model", r->hash);
    put_instant(j, "as_of", b->as_of, r->offset);
    put_instant(j, "known", b->known, r->offset);
    json_text(j, "rounding", b->chain);
}

static void put_readings(json *j, const mizo_bill *b)
{
    int64_t slots = 0;
    for (int i = 0; i < 8; i++)
        slots += b->slots[i];
    json_object(j, "readings");
    json_text(j, "digest", b->digest);
    json_text(j, "by", slots ? "slot" : "period");
    json_int(j, "wh", b->wh);
    put_known(j, "max_w", b->max_w);
    for (int i = 0; slots && i < 8; i++)
        if (b->slots[i])
            json_int(j, mizo_quality_text((mizo_quality)i), b->slots[i]);
    if (!slots)
        json_text(j, "quality", mizo_quality_text((mizo_quality)b->period_quality));
    json_int(j, "same_time_mean", b->estimated);
    json_end(j);
}

static void put_demand(json *j, const mizo_bill *b)
{
    json_object(j, "demand");
    put_known(j, "w", b->demand_w);
    json_int(j, "months_known", b->months_known);
    put_e6(j, "power_factor", b->power_factor_e6);
    json_bool(j, "power_factor_read", b->power_factor_read);
    json_end(j);
}

static void put_param(json *j, const char *key, const mizo_param *p)
{
    json_object(j, key);
    json_text(j, "name", p->name);
    json_text(j, "key", p->key);
    json_int(j, "line", p->line);
    put_e6(j, "value", p->value_e6);
    json_text(j, "unit", p->unit);
    json_text(j, "source", p->source);
    json_text(j, "mark", mizo_mark_text(p->mark));
    json_end(j);
}

/* What a line counts in. */
static const char *unit_of(mizo_charge_kind k)
{
    const char *unit = mizo_charge_unit(k);
    return unit[0] == 'y' && unit[3] == '/' ? (unit[6] == 'h' ? "Wh" : "W") : "";
}

static void put_line(json *j, const mizo_bill_line *l)
{
    json_object(j, NULL);
    json_text(j, "kind", mizo_charge_word(l->kind));
    json_text(j, "group", mizo_bill_group_word(mizo_bill_group_of(l->kind)));
    json_text(j, "name_ja", l->name_ja);
    json_text(j, "name_en", l->name_en);
    json_text(j, "file", l->source.file);
    json_int(j, "line", l->source.line);
    json_text(j, "source", l->source.text);
    json_text(j, "mark", mizo_mark_text(l->source.mark));
    json_array(j, "params");
    for (int i = 0; i < l->source.nparam; i++)
        put_param(j, NULL, l->source.param[i]);
    json_end(j);
    json_text(j, "tax", l->tax);
    json_bool(j, "tax_added", l->tax_added);
    json_int(j, "days", l->days);
    json_int(j, "of_days", l->of_days);
    json_text(j, "unit", unit_of(l->kind));
    json_int(j, "quantity", l->quantity);
    json_int(j, "billed", l->billed);
    put_e6(j, "price", l->price_e6);
    put_e6(j, "power_factor", l->power_factor_e6);
    put_e6(j, "average", l->average_e6);
    json_yen(j, "raw_yen", l->raw);
    json_yen(j, "amount_yen", l->amount);
    json_yen(j, "left_yen", l->left);
    json_end(j);
}

static void put_sum(json *j, const mizo_bill_sum *s)
{
    json_object(j, NULL);
    json_text(j, "group", mizo_bill_group_word(s->group));
    json_text(j, "tax", s->tax);
    json_bool(j, "tax_added", s->tax_added);
    json_yen(j, "raw_yen", s->raw);
    json_yen(j, "amount_yen", s->amount);
    json_yen(j, "left_yen", s->left);
    json_end(j);
}

static void put_tax(json *j, const mizo_bill_tax *x)
{
    json_object(j, NULL);
    json_text(j, "tax", x->name);
    put_e6(j, "rate", x->rate_e6);
    if (x->param)
        put_param(j, "param", x->param);
    else
        json_null(j, "param");
    json_yen(j, "included_yen", x->included);
    json_yen(j, "net_yen", x->net);
    json_yen(j, "added_yen", x->added);
    json_yen(j, "total_yen", x->total);
    json_yen(j, "left_yen", x->left);
    json_yen(j, "tax_yen", x->tax);
    json_yen(j, "tax_left_yen", x->tax_left);
    json_end(j);
}

void bill_json(const mizo_region *r, const mizo_bill *b, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    put_head(&j, r, b);
    put_readings(&j, b);
    put_demand(&j, b);
    json_array(&j, "lines");
    for (int i = 0; i < b->nline; i++)
        put_line(&j, &b->line[i]);
    json_end(&j);
    json_array(&j, "sums");
    for (int i = 0; i < b->nsum; i++)
        put_sum(&j, &b->sum[i]);
    json_end(&j);
    json_array(&j, "taxes");
    for (int i = 0; i < b->ntax; i++)
        put_tax(&j, &b->tax[i]);
    json_end(&j);
    json_yen(&j, "exact_yen", b->exact);
    json_yen(&j, "total_yen", b->total);
    json_yen(&j, "left_yen", b->left);
    json_end(&j);
}
