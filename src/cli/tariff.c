/* tariff.c: mizo tariff explain: a bill line by line, with the row, source and rounding of each figure. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "town/bills/billing.h"

typedef struct tariff_options {
    const char *region, *month, *contract;
    mizo_day as_of;
    bool json;
} tariff_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(tariff_options, region), 0, 0 },
    { "--contract", OPTION_TEXT, "C", "contract (contracts.csv)", "契約 (contracts.csv)", true, offsetof(tariff_options, contract), 0, 0 },
    { "--month", OPTION_TEXT, "M", "month of the bill: 2021-07", "請求の月: 2021-07", true, offsetof(tariff_options, month), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "readings as they were known at the end of that day", "その日の終わりに知られていた検針値で", false, offsetof(tariff_options, as_of), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON: the canonical form of the bill", "JSONで出す(請求の正準形)", false, offsetof(tariff_options, json), 0, 0 },
};
/* clang-format on */

typedef struct explainer {
    bool ja, json;
    const mizo_region *r;
    buf *out;
} explainer;

/* ---- words ---- */

static const char *kind_name(mizo_charge_kind k, bool ja)
{
    static const char *const jp[MIZO_CHARGE_COUNT] = {
        [MIZO_CHARGE_BASE] = "基本料金",          [MIZO_CHARGE_EXCESS] = "契約超過金",
        [MIZO_CHARGE_ENERGY] = "電力量料金",      [MIZO_CHARGE_STEP] = "電力量料金(段階)",
        [MIZO_CHARGE_MINIMUM] = "最低料金まで",   [MIZO_CHARGE_FUEL] = "燃料費調整",
        [MIZO_CHARGE_LEVY] = "再エネ賦課金",      [MIZO_CHARGE_MARKET] = "市場連動料金",
        [MIZO_CHARGE_WHEELING_BASE] = "託送基本", [MIZO_CHARGE_WHEELING] = "託送従量",
        [MIZO_CHARGE_DISCOUNT] = "割引",          [MIZO_CHARGE_FIXED] = "定額",
        [MIZO_CHARGE_UNUSED] = "不使用月の減額",
    };
    return ja ? jp[k] : mizo_charge_word(k);
}

static const char *line_name(const mizo_bill_line *l, bool ja)
{
    const char *name = ja ? l->name_ja : l->name_en;
    return *name ? name : kind_name(l->kind, ja);
}

static void micro(int64_t v, char out[MIZO_NUM_TEXT]) /* no more decimals than needed, two at least for yen */
{
    int digits = 6;
    while (digits > 2 && v % 10 == 0) {
        v /= 10;
        digits--;
    }
    mizo_decimal_text(v, digits, out);
}

static void kilo(int64_t v, char out[MIZO_NUM_TEXT])
{
    int digits = 3;
    while (digits > 0 && v % 10 == 0) {
        v /= 10;
        digits--;
    }
    mizo_decimal_text(v, digits, out);
}

/* "312.5 kW x 1890.00 x (185 - 98) / 100 x 14 / 31 days" */
static void put_how(const explainer *x, const mizo_bill_line *l)
{
    char quantity[MIZO_NUM_TEXT], price[MIZO_NUM_TEXT], pf[MIZO_NUM_TEXT];
    const char *unit = mizo_charge_unit(l->kind);
    bool energy = !strcmp(unit, "yen/kWh"), power = !strcmp(unit, "yen/kW");
    kilo(l->billed, quantity);
    if (energy || power)
        buf_printf(x->out, "%s %s", quantity, energy ? "kWh" : "kW");
    if (energy && l->price_e6 == MIZO_NO_PRICE) {
        buf_str(x->out, x->ja ? " × コマごとの単価" : " x the price of each half-hour");
    } else if (l->price_e6 != MIZO_NO_PRICE) {
        micro(l->price_e6, price);
        buf_printf(x->out, "%s%s", energy || power ? (x->ja ? " × " : " x ") : "", price);
    }
    if (l->power_factor_e6 != MIZO_NO_PRICE) {
        micro(l->power_factor_e6, pf);
        buf_printf(x->out, x->ja ? " × (185 − %s) / 100" : " x (185 - %s) / 100", pf);
    }
    if (power && l->days != l->of_days)
        buf_printf(x->out, x->ja ? " × %d / %d 日" : " x %d / %d days", l->days, l->of_days);
    if (l->quantity != l->billed) {
        kilo(l->quantity, quantity);
        buf_printf(x->out, x->ja ? " (丸める前 %s)" : " (read: %s)", quantity);
    }
}

static void put_param(const explainer *x, const mizo_param *p)
{
    char value[MIZO_NUM_TEXT];
    micro(p->value_e6, value);
    buf_printf(x->out, "    params.csv:%d %s%s%s = %s %s%s%s%s%s\n", p->line, p->name, *p->key ? "/" : "",
               p->key, value, p->unit, *p->source ? ", " : "", p->source, *mizo_mark_text(p->mark) ? " " : "",
               p->mark ? mizo_mark_text(p->mark) : "");
}

static void put_line(const explainer *x, const mizo_bill_line *l)
{
    char amount[MIZO_NUM_TEXT], left[MIZO_NUM_TEXT];
    micro(l->amount, amount);
    cli_cell(x->out, line_name(l, x->ja), -24);
    cli_cell(x->out, amount, 18);
    buf_str(x->out, "  ");
    put_how(x, l);
    buf_str(x->out, "\n    ");
    buf_printf(x->out, "%s:%d", l->source.file, l->source.line);
    buf_printf(x->out, "%s%s", *l->source.text ? ", " : "", l->source.text);
    if (l->source.mark)
        buf_printf(x->out, " [%s]", mizo_mark_text(l->source.mark));
    if (l->left) {
        mizo_decimal_text(l->left, 6, left);
        buf_printf(x->out, x->ja ? "; 丸めの残り %s" : "; left by rounding %s", left);
    }
    if (l->tax_added)
        buf_str(x->out, x->ja ? "; 税抜き" : "; without tax");
    buf_char(x->out, '\n');
    for (int i = 0; i < l->source.nparam; i++)
        put_param(x, l->source.param[i]);
    if (l->average_e6 != MIZO_NO_PRICE) {
        micro(l->average_e6, amount);
        buf_printf(x->out, x->ja ? "    平均燃料価格 %s\n" : "    average price of fuel %s\n", amount);
    }
}

static void put_rounded(const explainer *x, const char *name, mizo_uyen amount, mizo_uyen left,
                        const char *step)
{
    char text[MIZO_NUM_TEXT], rest[MIZO_NUM_TEXT];
    micro(amount, text);
    mizo_decimal_text(left, 6, rest);
    cli_cell(x->out, name, -24);
    cli_cell(x->out, text, 18);
    buf_printf(x->out, x->ja ? "  丸め(%s)の残り %s\n" : "  left by %s: %s\n", step, rest);
}

static const char *group_name(mizo_bill_group g, bool ja)
{
    static const char *const jp[] = { "基本 小計", "電力量 小計", "燃調 小計",
                                      "託送 小計", "その他 小計", "賦課金" };
    static const char *const en[] = { "= demand", "= energy", "= fuel", "= wheeling", "= other", "= levy" };
    return ja ? jp[g] : en[g];
}

static void put_tax(const explainer *x, const mizo_bill_tax *t)
{
    char rate[MIZO_NUM_TEXT], added[MIZO_NUM_TEXT], name[128];
    micro(t->rate_e6 * 100, rate);
    if (t->added) {
        micro(t->added, added);
        cli_cell(x->out, x->ja ? "加える税" : "tax added", -24);
        cli_cell(x->out, added, 18);
        buf_char(x->out, '\n');
    }
    snprintf(name, sizeof name, x->ja ? "合計 %s%%対象" : "total at %s %%", rate);
    put_rounded(x, *t->name ? name : x->ja ? "合計 不課税" : "total, not taxed", t->total, t->left, "total");
    if (*t->name)
        put_rounded(x, x->ja ? "うち消費税" : "tax in it", t->tax, t->tax_left, "tax");
    if (t->param)
        put_param(x, t->param);
}

static void put_head(const explainer *x, const mizo_bill *b)
{
    char known[80] = "", from[MIZO_DATE_TEXT], last[MIZO_DATE_TEXT], kwh[MIZO_NUM_TEXT],
         kw[MIZO_NUM_TEXT] = "-", max[MIZO_NUM_TEXT] = "-";
    mizo_day_text(b->from, from);
    mizo_day_text(b->to - 1, last);
    mizo_decimal_text(b->wh, 3, kwh);
    if (b->demand_w != MIZO_MISSING)
        mizo_decimal_text(b->demand_w, 3, kw);
    if (b->max_w != MIZO_MISSING)
        mizo_decimal_text(b->max_w, 3, max);
    if (x->r->contract[b->contract].agreed_w > 0)
        (void)snprintf(known, sizeof known, "%s", x->ja ? "(協議)" : " (agreed)");
    else if (b->demand_w != MIZO_MISSING)
        (void)snprintf(known, sizeof known,
                       x->ja ? "(前11か月のうち%dか月が既知)" : " (%d of the 11 months before known)",
                       b->months_known);
    buf_printf(
        x->out,
        x->ja
            ? "契約 %s  料金表 %s  %s から %s まで %d/%d 日\n使用 %s kWh、最大 %s kW、契約電力 %s kW%s、端数処理 %s\n"
            : "contract %s, tariff %s, %s to %s, %d of %d days\nused %s kWh, highest %s kW, charged for %s kW%s, roundings %s\n",
        x->r->contract[b->contract].id, x->r->tariff[b->tariff].id, from, last, b->days, b->of_days, kwh, max,
        kw, known, b->chain);
    if (b->estimated)
        buf_printf(x->out,
                   x->ja ? "%d コマは同時刻平均で推定\n" : "%d half-hours estimated by same-time-mean\n",
                   b->estimated);
}

static mizo_err each(void *arg, const mizo_bill *b, const char *text)
{
    const explainer *x = arg;
    if (x->json) {
        buf_printf(x->out, "%s\n", text);
        return x->out->err;
    }
    put_head(x, b);
    for (int i = 0; i < b->nline; i++)
        put_line(x, &b->line[i]);
    for (int i = 0; i < b->nsum; i++)
        put_rounded(x, group_name(b->sum[i].group, x->ja), b->sum[i].amount, b->sum[i].left,
                    b->sum[i].group == MIZO_BILL_LEVY ? "levy" : "subtotal");
    for (int i = 0; i < b->ntax; i++)
        put_tax(x, &b->tax[i]);
    char exact[MIZO_NUM_TEXT], left[MIZO_NUM_TEXT], total[MIZO_NUM_TEXT];
    mizo_decimal_text(b->exact, 6, exact);
    mizo_decimal_text(b->left, 6, left);
    mizo_decimal_text(b->total, 6, total);
    buf_printf(x->out,
               x->ja ? "正確な合計 %s = 請求 %s + 丸めの残り %s\n"
                     : "exact %s = billed %s + left by roundings %s\n",
               exact, total, left);
    return x->out->err;
}

static int explain(cli *c, const tariff_options *o, mizo_day month)
{
    town t;
    mizo_err err = town_open(c->env, o->region, STORE_READ, c->diags, &t);
    if (err)
        return cli_status(err);
    buf out;
    billing_sum sum;
    buf_init(&out, 0);
    explainer x = { cli_japanese(c), o->json, t.region, &out };
    err = billing_make(&t, month, cli_as_of(o->as_of, t.region->offset), o->contract, each, &x, &sum);
    int status = err ? cli_status(err) : cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return status;
}

static int run(cli *c)
{
    tariff_options o = { .as_of = MIZO_DAY_NONE };
    const char *what = "";
    size_t n = 0;
    mizo_day month;
    int status = cli_parse(c, &cli_tariff, &o, &what, &n, 1);
    if (status == CLI_DONE && strcmp(what, "explain")) {
        fprintf(
            stderr,
            cli_japanese(c)
                ? "mizo tariff: 「%s」がわかりません。例: mizo tariff explain --region DIR --contract C --month 2021-07\n"
                : "mizo tariff: what is \"%s\"? Try: mizo tariff explain --region DIR --contract C --month 2021-07\n",
            what);
        return CLI_INPUT;
    }
    if (status == CLI_DONE)
        status = cli_month(c, &cli_tariff, o.month, &month);
    return status == CLI_DONE ? explain(c, &o, month) : status;
}

const cli_verb cli_tariff = {
    "tariff",
    "explain --region DIR --contract C --month M",
    "show a bill line by line: quantity, price, row, source, rounding",
    "請求を一行ずつ説明する(数量、単価、行、出典、丸め)",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
