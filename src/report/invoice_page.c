/* invoice_page.c: see invoice_page.h. */
#include "report/invoice_page.h"

#include <stdio.h>
#include <string.h>

#include "mizo/region.h"

typedef struct page {
    report *r;
    const invoice *v;
    const invoice_page *p;
    bool ja;
    int sign; /* a credit note shows what comes back, above zero */
} page;

static const char *word(const page *x, const char *ja, const char *en)
{
    return x->ja ? ja : en;
}

/* "1,234" or "1,234.50": whole yen without decimals. */
static void yen_text(mizo_uyen v, char out[MIZO_NUM_TEXT])
{
    int digits = v % 1000000 == 0 ? 0 : 2;
    report_cell c = { .from = 6, .digits = (uint8_t)digits, .value = v };
    report_number_text(&c, false, out);
}

/* A party's name in the language of the page. */
static const char *name_of(const page *x, const char *id, const char *ja)
{
    mizo_ref p = x->ja ? -1 : mizo_region_party(x->p->region, id);
    return p >= 0 && *ja && *x->p->region->party[p].name_en ? x->p->region->party[p].name_en : ja;
}

static int digits_of(mizo_uyen v)
{
    return v % 1000000 == 0 ? 0 : v % 10000 == 0 ? 2 : 6;
}

static void day_text(const page *x, mizo_day d, char out[48])
{
    mizo_date t = mizo_day_date(d);
    static const char *const months[] = { "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December" };
    if (d == MIZO_DAY_NONE)
        (void)snprintf(out, 48, "%s", word(x, "(未発行)", "(not issued)"));
    else if (x->ja)
        (void)snprintf(out, 48, "%d年%d月%d日", t.year, t.month, t.day);
    else
        (void)snprintf(out, 48, "%d %s %d", t.day, months[t.month - 1], t.year);
}

static const char *title_of(const page *x)
{
    bool purchase = x->v->nitem && *x->v->item[0].kind;
    if (x->v->kind == INVOICE_RETURN)
        return purchase ? word(x, "仕入明細書(返還)", "Purchase statement (returned)")
                        : word(x, *x->v->issuer_number ? "適格返還請求書" : "返還請求書", "Credit note");
    if (purchase)
        return word(x, "仕入明細書", "Purchase statement");
    return *x->v->returns ? word(x, "追加請求書", "Additional invoice") : word(x, "請 求 書", "Invoice");
}

static bool is_purchase(const page *x)
{
    return x->v->nitem && *x->v->item[0].kind;
}

/* ---- the head of the letter ---- */

static void party_text(const page *x, buf *out)
{
    const invoice *v = x->v;
    const char *person = x->p->person;
    bool named = *v->party_name || person;
    if (person && *x->p->address)
        buf_printf(out, "%s\n", x->p->address);
    if (person)
        buf_printf(out, x->ja ? "%s 様" : "%s", person);
    else if (named)
        buf_printf(out, x->ja ? "%s 御中" : "%s", name_of(x, v->party, v->party_name));
    else
        buf_printf(out, x->ja ? "お客さま番号 %s 様" : "Customer %s", v->party);
    if (named)
        buf_printf(out, word(x, "\nお客さま番号 %s", "\nCustomer number %s"), v->party);
    if (is_purchase(x))
        buf_printf(out, "\n%s %s", word(x, "登録番号", "Registration number"),
                   *v->party_number ? v->party_number
                                    : word(x, "なし(登録事業者ではありません)", "none (not registered)"));
}

static void issuer_text(const page *x, buf *out)
{
    const invoice *v = x->v;
    const mizo_issuer *i = x->p->issuer;
    buf_str(out, name_of(x, v->issuer, v->issuer_name));
    if (*v->issuer_number)
        buf_printf(out, "\n%s %s", word(x, "登録番号", "Registration number"), v->issuer_number);
    if (i && *word(x, i->address_ja, i->address_en))
        buf_printf(out, "\n%s", word(x, i->address_ja, i->address_en));
    if (i && *i->contact)
        buf_printf(out, "\n%s", i->contact);
}

static void head(page *x)
{
    buf left, right;
    char total[MIZO_NUM_TEXT], figure[MIZO_NUM_TEXT + 16];
    buf_init(&left, 65536);
    buf_init(&right, 65536);
    party_text(x, &left);
    issuer_text(x, &right);
    report_sides(x->r, left.p, right.p);
    yen_text(x->sign * x->v->total, total);
    (void)snprintf(figure, sizeof figure, x->ja ? "%s 円" : "JPY %s", total);
    report_figure(x->r,
                  x->v->kind == INVOICE_RETURN ? word(x, "返還金額(税込)", "Returned (tax included)")
                  : is_purchase(x) ? word(x, "お支払金額(税込)", "To be paid to you (tax included)")
                                   : word(x, "ご請求金額(税込)", "Amount due (tax included)"),
                  figure);
    buf_fini(&left);
    buf_fini(&right);
}

static void period(page *x)
{
    mizo_day from = MIZO_DAY_NONE, to = 0;
    char a[48], b[48];
    for (size_t i = 0; i < x->v->nitem; i++) {
        from = x->v->item[i].from < from ? x->v->item[i].from : from;
        to = x->v->item[i].to > to ? x->v->item[i].to : to;
    }
    day_text(x, from, a);
    day_text(x, to - 1, b);
    report_pairf(x->r, word(x, "対象期間", "Period"), x->ja ? "%s から %s" : "%s to %s", a, b);
}

static void facts(page *x)
{
    const invoice *v = x->v;
    char day[48];
    report_pair(x->r, word(x, "番号", "Number"), v->id);
    day_text(x, v->issued, day);
    report_pair(x->r, is_purchase(x) ? word(x, "作成日", "Date") : word(x, "発行日", "Date of issue"), day);
    day_text(x, v->due, day);
    if (v->kind != INVOICE_RETURN)
        report_pair(x->r, is_purchase(x) ? word(x, "お支払予定日", "Paid on") : word(x, "お支払期限", "Due"),
                    day);
    if (*v->returns)
        report_pair(x->r, word(x, "もとの請求書", "Refers to"), v->returns);
    if (*v->why)
        report_pair(x->r, word(x, "理由", "Reason"), v->why);
    period(x);
    report_pair(x->r, word(x, "内容", "Content"),
                x->p->content    ? x->p->content
                : is_purchase(x) ? word(x, "電気の購入", "Electricity bought")
                                 : word(x, "電気料金", "Supply of electricity"));
}

/* ---- sums by rate ---- */

static void rate_name(const page *x, const invoice_rate *r, char out[64])
{
    char share[MIZO_NUM_TEXT];
    int digits = r->rate_e6 % 10000 == 0 ? 0 : r->rate_e6 % 1000 == 0 ? 1 : 4;
    report_cell c = { .from = 4, .digits = (uint8_t)digits, .value = r->rate_e6 };
    report_number_text(&c, false, share);
    if (*r->tax)
        (void)snprintf(out, 64, x->ja ? "%s%% 対象" : "at %s%%", share);
    else
        (void)snprintf(out, 64, "%s", word(x, "不課税", "not taxed"));
}

static void put_yen(page *x, mizo_uyen v)
{
    report_cell_scaled(x->r, x->sign * v, 6, digits_of(v));
}

static void rates(page *x)
{
    /* clang-format off */
    const report_column columns[] = {
        { .title = word(x, "税率", "Rate") },
        { .title = word(x, "税抜金額", "Without tax"), .unit = word(x, "円", "JPY"), .align = REPORT_RIGHT, .sum = true },
        { .title = word(x, "消費税額", "Tax"), .unit = word(x, "円", "JPY"), .align = REPORT_RIGHT, .sum = true },
        { .title = word(x, "税込金額", "With tax"), .unit = word(x, "円", "JPY"), .align = REPORT_RIGHT, .sum = true },
    };
    /* clang-format on */
    report_columns(x->r, word(x, "税率ごとの合計", "Totals by rate of tax"), columns, 4);
    for (int i = 0; i < x->v->nrate; i++) {
        const invoice_rate *r = &x->v->rate[i];
        char name[64];
        rate_name(x, r, name);
        report_cell_text(x->r, name);
        put_yen(x, r->net);
        put_yen(x, r->tax_amount);
        put_yen(x, r->gross);
    }
    report_sum(x->r, word(x, "合計", "Total"));
    report_note(x->r, word(x, "消費税額は、この書面ごと・税率ごとに一度だけ端数を処理しています。",
                           "The tax is rounded once for this document and rate."));
}

static void credit_note(page *x)
{
    char share[MIZO_NUM_TEXT];
    report_cell c = { .from = 4, .digits = 0, .value = x->v->share_e6 };
    if (!is_purchase(x) || *x->v->party_number)
        return;
    report_number_text(&c, false, share);
    report_notef(x->r,
                 word(x,
                      "売り手は適格請求書発行事業者ではないため、仕入税額控除の割合は %s%% です(経過措置)。",
                      "The seller is not registered: %s%% of the tax may be credited (transitional rule)."),
                 share);
}

/* ---- lines ---- */

static mizo_uyen item_sum(const invoice_item *v)
{
    mizo_uyen sum = 0;
    for (int k = 0; k < v->npart; k++)
        sum += v->part[k].amount;
    return sum;
}

/* How the lines are shown: what is the same in all of them is not repeated. */
typedef struct look {
    bool purchase, periods; /* periods: they differ */
    int wh_digits, digits, price_digits;
} look;

static look look_of(const page *x)
{
    look l = { .purchase = is_purchase(x), .price_digits = 2 };
    for (size_t i = 0; i < x->v->nitem; i++) {
        const invoice_item *v = &x->v->item[i];
        int digits = digits_of(item_sum(v));
        l.periods |= v->from != x->v->item[0].from || v->to != x->v->item[0].to;
        l.wh_digits = v->wh % 1000 ? 1 : l.wh_digits;
        l.digits = digits > l.digits ? digits : l.digits;
        if (v->price_e6 != MIZO_NO_PRICE && v->price_e6 % 10000)
            l.price_digits = 4;
    }
    return l;
}

static void item_row(page *x, const invoice_item *v, const look *l)
{
    char a[MIZO_DATE_TEXT], b[MIZO_DATE_TEXT];
    mizo_day_text(v->from, a);
    mizo_day_text(v->to - 1, b);
    report_cell_text(x->r, *v->name ? v->name : v->point);
    report_cell_text(x->r, v->point);
    if (l->periods)
        report_cell_textf(x->r, "%s – %s", a, b + 5);
    report_cell_scaled(x->r, x->sign * v->wh, 3, l->wh_digits);
    if (l->purchase && v->price_e6 == MIZO_NO_PRICE)
        report_cell_text(x->r, word(x, "時刻別", "by slot"));
    else if (l->purchase)
        report_cell_scaled(x->r, v->price_e6, 6, l->price_digits);
    report_cell_scaled(x->r, x->sign * item_sum(v), 6, l->digits);
}

static void lines(page *x)
{
    look l = look_of(x);
    bool added = x->v->nrate && x->v->rate[0].added;
    const char *yen = word(x, "円", "JPY");
    report_column c[6];
    int n = 0;
    c[n++] = (report_column){ .title = x->p->item ? x->p->item : word(x, "施設", "Facility") };
    c[n++] = (report_column){ .title = x->p->place ? x->p->place : word(x, "地点", "Point") };
    if (l.periods)
        c[n++] = (report_column){ .title = word(x, "期間", "Period") };
    c[n++] = (report_column){
        .title = word(x, "電力量", "Energy"), .unit = "kWh", .align = REPORT_RIGHT, .sum = !x->p->item
    };
    if (l.purchase)
        c[n++] = (report_column){ .title = word(x, "単価", "Price"),
                                  .unit = word(x, "円/kWh", "JPY/kWh"),
                                  .align = REPORT_RIGHT };
    c[n] = (report_column){ .unit = yen, .align = REPORT_RIGHT, .sum = true };
    c[n++].title =
        added ? word(x, "金額(税抜)", "Amount (without tax)") : word(x, "金額(税込)", "Amount (with tax)");
    report_heading(x->r, 1, word(x, "内訳", "Lines"));
    report_columns(x->r, NULL, c, n);
    for (size_t i = 0; i < x->v->nitem; i++)
        item_row(x, &x->v->item[i], &l);
    report_sum(x->r, word(x, "合計", "Total"));
}

/* ---- how to pay ---- */

static void pay(page *x)
{
    const mizo_bank *b = x->p->bank;
    const mizo_issuer *i = x->p->issuer;
    static const char *const kinds[][2] = {
        {"普通",  "ordinary"},
        { "当座", "current" },
        { "貯蓄", "savings" }
    };
    if (is_purchase(x) || x->v->kind == INVOICE_RETURN)
        return;
    if (i && *word(x, i->note_ja, i->note_en))
        report_text(x->r, word(x, i->note_ja, i->note_en));
    if (b)
        report_pairf(x->r, word(x, "お振込先", "Pay to"), "%s (%s) %s (%s) %s %s  %s", b->bank_kana, b->bank,
                     b->branch_kana, b->branch, kinds[b->deposit][!x->ja], b->number, b->holder_kana);
}

static void answer_note(page *x)
{
    if (is_purchase(x) && x->v->kind != INVOICE_RETURN)
        report_note(
            x->r,
            word(
                x,
                "この書面を仕入明細書として確認をお願いします。送付後一定期間内に誤りのある旨のご連絡がないときは、記載内容のとおり確認があったものとします。",
                "Please check this statement. If we hear of no mistake within the agreed time, it counts as confirmed."));
}

report *invoice_page_make(const invoice *v, const invoice_page *p)
{
    page x = { .v = v,
               .p = p,
               .ja = !p->lang || strcmp(p->lang, "en") != 0,
               .sign = v->kind == INVOICE_RETURN ? -1 : 1 };
    char sub[80], header[128];
    mizo_date m = mizo_day_date(v->month);
    (void)snprintf(sub, sizeof sub, x.ja ? "%d年%d月分" : "%04d-%02d", m.year, m.month);
    (void)snprintf(header, sizeof header, "%s", v->id);
    report_head h = { .title = title_of(&x),
                      .subtitle = sub,
                      .author = v->issuer_name,
                      .header = header,
                      .footer = v->issuer_name,
                      .stamp = p->stamp && *p->stamp ? p->stamp : NULL,
                      .lang = x.ja ? "ja" : "en",
                      .day = v->issued == MIZO_DAY_NONE ? p->day : v->issued };
    x.r = report_new(&h);
    if (!x.r)
        return NULL;
    head(&x);
    facts(&x);
    pay(&x);
    rates(&x);
    credit_note(&x);
    lines(&x);
    answer_note(&x);
    return x.r;
}
