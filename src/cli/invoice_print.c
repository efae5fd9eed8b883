/* invoice_print.c: see invoice_print.h. */
#include "cli/invoice_print.h"

#include <string.h>

static const char *state_ja(run_state s)
{
    static const char *const words[] = { "下書き", "承認済み", "発行済み", "取消済み" };
    return words[s];
}

const char *invoice_stamp(run_state s, const char *lang)
{
    bool ja = strcmp(lang, "en") != 0;
    if (s == RUN_ISSUED)
        return NULL;
    return s == RUN_CANCELLED ? (ja ? "取消" : "CANCELLED") : ja ? "下書き" : "DRAFT";
}

/* ---- runs ---- */

static void yen(mizo_uyen v, char out[MIZO_NUM_TEXT])
{
    report_cell c = { .from = 6, .digits = (uint8_t)(v % 1000000 ? 6 : 0), .value = v };
    report_number_text(&c, false, out);
}

static void run_text(const invoice_run *r, bool ja, buf *out)
{
    char total[MIZO_NUM_TEXT], tax[MIZO_NUM_TEXT], n[MIZO_NUM_TEXT], items[MIZO_NUM_TEXT];
    yen(r->total, total);
    yen(r->tax, tax);
    mizo_grouped_text(r->invoices, n);
    mizo_grouped_text(r->items, items);
    cli_cell(out, r->id, -14);
    cli_cell(out, ja ? state_ja(r->state) : run_state_word(r->state), -10);
    buf_printf(out,
               ja ? " %s 件 (%s 行)  %s 円 (うち消費税 %s 円)  %.12s"
                  : " %s invoices (%s lines)  JPY %s (tax %s)  %.12s",
               n, items, total, tax, r->hash);
    const struct {
        const char *ja, *en, *who;
    } hands[] = {
        {"作成",  "made",      r->made.who     },
        { "承認", "approved",  r->approved.who },
        { "発行", "issued",    r->issued.who   },
        { "取消", "cancelled", r->cancelled.who}
    };
    for (size_t i = 0; i < sizeof hands / sizeof *hands; i++)
        if (*hands[i].who)
            buf_printf(out, "  %s: %s", ja ? hands[i].ja : hands[i].en, hands[i].who);
    if (r->left_out)
        buf_printf(out, ja ? "  除外 %lld 契約" : "  left out: %lld contracts", (long long)r->left_out);
    if (r->unstated)
        buf_printf(out, ja ? "  記載なし %lld 件 (0 kWh・0 円)" : "  nothing to state: %lld (0 kWh, 0 yen)",
                   (long long)r->unstated);
    if (*r->why)
        buf_printf(out, "  (%s)", r->why);
    buf_char(out, '\n');
}

void invoice_print_run(const invoice_run *r, bool as_json, bool ja, int offset, buf *out)
{
    json j;
    json_init(&j, out);
    if (!as_json) {
        run_text(r, ja, out);
        return;
    }
    json_object(&j, NULL);
    invoice_run_json(r, offset, &j);
    json_end(&j);
    buf_char(out, '\n');
}

/* ---- lists ---- */

void invoice_print_begin(invoice_printer *p, town *t, bool as_json, bool ja, const char *list)
{
    *p = (invoice_printer){ .t = t, .as_json = as_json, .ja = ja };
    buf_init(&p->out, 0);
    json_init(&p->j, &p->out);
    if (!as_json)
        return;
    json_object(&p->j, NULL);
    p->open = 1;
    if (list) {
        json_array(&p->j, list);
        p->open = 2;
    }
}

void invoice_print_end(invoice_printer *p)
{
    while (p->open-- > 0)
        json_end(&p->j);
    if (p->as_json)
        buf_char(&p->out, '\n');
}

void invoice_print_one_run(const invoice_run *r, invoice_printer *p)
{
    p->count++;
    if (!p->as_json) {
        run_text(r, p->ja, &p->out);
        return;
    }
    json_object(&p->j, NULL);
    invoice_run_json(r, p->t->region->offset, &p->j);
    json_end(&p->j);
}

void invoice_print_run_head(const invoice_run *r, invoice_printer *p)
{
    if (!p->as_json) {
        run_text(r, p->ja, &p->out);
        return;
    }
    invoice_run_json(r, p->t->region->offset, &p->j);
    json_array(&p->j, *r->corrects ? "changes" : "list");
    p->open++;
}

static void head_text(const invoice *v, bool ja, buf *out)
{
    char total[MIZO_NUM_TEXT], tax[MIZO_NUM_TEXT], kwh[MIZO_NUM_TEXT];
    report_cell c = { .from = 3, .digits = 1, .value = invoice_energy(v) };
    report_number_text(&c, false, kwh);
    yen(v->total, total);
    yen(v->tax, tax);
    cli_cell(out, v->id, -36);
    cli_cell(out, *v->party_name ? v->party_name : v->party, -30);
    buf_printf(out, ja ? " %4zu 行 %14s kWh %14s 円 (税 %s)\n" : " %4zu lines %14s kWh  JPY %14s (tax %s)\n",
               v->nitem, kwh, total, tax);
}

void invoice_print_line(const invoice *v, invoice_printer *p)
{
    p->count++;
    if (!p->as_json) {
        head_text(v, p->ja, &p->out);
        return;
    }
    json_object(&p->j, NULL);
    invoice_head_json(v, &p->j);
    json_end(&p->j);
}

/* ---- changes: which contract, by how much, and what brought the readings ---- */

static void item_text(const invoice_item *v, const invoice_cause *why, invoice_printer *p)
{
    char sum[MIZO_NUM_TEXT], kwh[MIZO_NUM_TEXT], at[MIZO_INSTANT_TEXT];
    report_cell c = { .from = 3, .digits = 3, .value = v->wh };
    report_number_text(&c, false, kwh);
    yen(invoice_item_sum(v), sum);
    buf_printf(&p->out, "    ");
    cli_cell(&p->out, v->contract, -30);
    buf_printf(&p->out, p->ja ? " %14s kWh %14s 円" : " %14s kWh  JPY %14s", kwh, sum);
    if (why->id) {
        mizo_ms_text(why->known - why->known % 1000, p->t->region->offset, at);
        buf_printf(&p->out,
                   p->ja ? "  発行後の検針値: バッチ %lld (%s、%s、%s)"
                         : "  readings after the run: batch %lld (%s, %s, %s)",
                   (long long)why->id, at, why->who, why->source);
    }
    if (why->files)
        buf_str(&p->out, p->ja ? "  地域のファイル(契約・料金など)の変更"
                               : "  the region's files have changed since the run");
    if (!why->readings && !why->files)
        buf_str(&p->out, p->ja ? "  記録(力率など)またはプログラムの変更"
                               : "  a record (a power factor ..) or the program has changed");
    buf_char(&p->out, '\n');
}

mizo_err invoice_print_change(const invoice *v, invoice_printer *p)
{
    invoice_cause why;
    p->count++;
    if (p->as_json)
        return invoice_change_json(p->t, v, &p->j);
    head_text(v, p->ja, &p->out);
    for (size_t i = 0; i < v->nitem; i++) {
        MIZO_TRY(invoice_cause_of(p->t, v, &v->item[i], &why));
        item_text(&v->item[i], &why, p);
    }
    return MIZO_OK;
}
