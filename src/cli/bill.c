/* bill.c: mizo bill: the bills of a month, computed and shown; nothing is issued, nothing is written. */
#include <string.h>

#include "cli/cli.h"
#include "town/bills/billing_slots.h"

typedef struct bill_options {
    const char *region, *month, *contract;
    mizo_day as_of;
    bool json, slots;
} bill_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(bill_options, region), 0, 0 },
    { "--month", OPTION_TEXT, "M", "month of the bills: 2021-07", "請求の月: 2021-07", true, offsetof(bill_options, month), 0, 0 },
    { "--contract", OPTION_TEXT, "C", "only this one (contracts.csv)", "この契約だけ (contracts.csv)", false, offsetof(bill_options, contract), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "readings as they were known at the end of that day", "その日の終わりに知られていた検針値で", false, offsetof(bill_options, as_of), 0, 0 },
    { "--slots", OPTION_FLAG, NULL, "of --contract: its half-hours, with the line of each, as JSON", "--contract の請求を30分ごとに、どの明細に入ったかをJSONで出す", false, offsetof(bill_options, slots), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON: the canonical form of each bill, one a line, in bills[]", "JSONで出す。bills[]に各請求の正準形を一行ずつ", false, offsetof(bill_options, json), 0, 0 },
};
/* clang-format on */

typedef struct printer {
    cli *c;
    const mizo_region *r;
    bool json;
    buf out;
    int n;
    int status;
} printer;

enum { PIECE = 1 << 16 };

static void yen_text(mizo_uyen v, char out[MIZO_NUM_TEXT])
{
    mizo_grouped_text(mizo_div_round(v, 1000000, MIZO_ROUND_HALF_UP), out);
}

static mizo_err flush(printer *p, size_t least)
{
    if (p->out.n < least)
        return p->out.err;
    p->status = cli_put(p->c, &p->out);
    buf_clear(&p->out);
    return p->status == CLI_DONE ? MIZO_OK : MIZO_EIO;
}

static mizo_err each(void *arg, const mizo_bill *b, const char *text)
{
    printer *p = arg;
    char kwh[MIZO_NUM_TEXT], yen[MIZO_NUM_TEXT], left[MIZO_NUM_TEXT];
    if (p->json) {
        buf_printf(&p->out, "%s%s", p->n++ ? ",\n" : "\n", text);
        return flush(p, PIECE);
    }
    mizo_grouped_text(b->wh / 1000, kwh);
    yen_text(b->total, yen);
    mizo_decimal_text(b->left, 6, left);
    cli_cell(&p->out, p->r->contract[b->contract].id, -40);
    buf_char(&p->out, ' ');
    cli_cell(&p->out, p->r->tariff[b->tariff].id, -14);
    cli_cell(&p->out, kwh, 12);
    buf_str(&p->out, " kWh");
    cli_cell(&p->out, yen, 14);
    buf_str(&p->out, cli_japanese(p->c) ? " 円" : " yen");
    buf_printf(&p->out, cli_japanese(p->c) ? "  端数 %s\n" : "  rounded off %s\n", left);
    return flush(p, PIECE);
}

static mizo_err put_sum(printer *p, const town *t, const billing_sum *s)
{
    char kwh[MIZO_NUM_TEXT], yen[MIZO_NUM_TEXT], left[MIZO_NUM_TEXT];
    if (p->json) {
        json j;
        buf_str(&p->out, "\n],\"sum\":");
        json_init(&j, &p->out);
        json_object(&j, NULL);
        json_int(&j, "contracts", s->contracts);
        json_int(&j, "bills", s->bills);
        json_int(&j, "failed", s->failed);
        json_int(&j, "wh", s->wh);
        json_yen(&j, "exact_yen", s->exact);
        json_yen(&j, "total_yen", s->total);
        json_yen(&j, "left_yen", s->left);
        json_end(&j);
        buf_str(&p->out, ",\"book\":");
        json_init(&j, &p->out);
        MIZO_TRY(cli_book(p->c, t, &j, &p->out));
        buf_str(&p->out, "}\n");
        return MIZO_OK;
    }
    mizo_grouped_text(s->wh / 1000, kwh);
    yen_text(s->total, yen);
    mizo_decimal_text(s->left, 6, left);
    buf_printf(&p->out,
               cli_japanese(p->c)
                   ? "契約 %d 件、請求 %d 件、できない %d 件: %s kWh、%s 円、端数の合計 %s 円\n"
                   : "%d contracts, %d bills, %d could not be made: %s kWh, %s yen, %s yen "
                     "rounded off\n",
               s->contracts, s->bills, s->failed, kwh, yen, left);
    return cli_book(p->c, t, NULL, &p->out);
}

static mizo_err bills(printer *p, town *t, const bill_options *o, mizo_day month)
{
    billing_sum sum;
    if (p->json)
        buf_str(&p->out, "{\"bills\":[");
    mizo_err e = billing_make(t, month, cli_as_of(o->as_of, t->region->offset), o->contract, each, p, &sum);
    if (p->status != CLI_DONE || e == MIZO_ENOMEM)
        return e;
    mizo_err put = put_sum(p, t, &sum);
    if (!put)
        put = flush(p, 0);
    return e ? e : put;
}

/* One bill opened to its half-hours. */
static mizo_err slots(printer *p, town *t, const bill_options *o, mizo_day month)
{
    json j;
    json_init(&j, &p->out);
    json_object(&j, NULL);
    json_text(&j, "contract", o->contract);
    MIZO_TRY(billing_slots_json(t, month, cli_as_of(o->as_of, t->region->offset), o->contract, &j));
    json_end(&j);
    buf_char(&p->out, '\n');
    return flush(p, 0);
}

static int run(cli *c)
{
    bill_options o = { .as_of = MIZO_DAY_NONE };
    size_t n = 0;
    mizo_day month;
    town t;
    int status = cli_parse(c, &cli_bill, &o, NULL, &n, 0);
    if (status == CLI_DONE)
        status = cli_month(c, &cli_bill, o.month, &month);
    if (status != CLI_DONE)
        return status;
    env_interruptible();
    mizo_err err = town_open(c->env, o.region, STORE_READ, c->diags, &t);
    if (err)
        return cli_status(err);
    printer p = { .c = c, .r = t.region, .json = o.json };
    buf_init(&p.out, 0);
    err = o.slots && o.contract ? slots(&p, &t, &o, month) : bills(&p, &t, &o, month);
    buf_fini(&p.out);
    town_close(&t);
    return err ? cli_status(err) : p.status;
}

const cli_verb cli_bill = {
    "bill",
    "--region DIR --month M",
    "compute the bills of a month, without issuing them",
    "月の請求を計算する(発行はしない)",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
