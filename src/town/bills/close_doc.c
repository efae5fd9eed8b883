/* close_doc.c: a month's close as a document. */
#include <stdio.h>
#include <string.h>

#include "town/bills/close.h"
#include "town/report_file.h"

static bool japanese(const char *lang)
{
    return lang[0] == 'j';
}

/* clang-format off */
static const struct {
    const char *id, *ja, *en;
} names[] = {
    {"month-over",          "月が終わっていない(残り日数)", "the month is not over (days left)"    },
    { "readings-missing",   "検針値が欠けている契約",       "contracts with missing readings"      },
    { "readings-estimated", "推定・補完のある契約",         "contracts with estimates"             },
    { "readings-held",      "保留中の検針値",               "readings that wait for a word"        },
    { "bills",              "計算できない請求",             "bills that cannot be made"            },
    { "runs",               "請求の発行",                   "billing run issued"                   },
    { "bills-changed",      "発行後に変わった請求",         "invoices that would differ now"       },
    { "purchases",          "計算できない仕入明細書",       "purchase statements that cannot be made"},
    { "purchase-gaps",      "検針値が欠けている購入",       "purchases with missing readings"      },
    { "purchase-runs",      "仕入明細書の発行",             "purchase statements issued"           },
    { "purchases-changed",  "発行後に変わった仕入明細書",   "purchase statements that would differ now"},
    { "costs",              "請求と自社計算が違う費用",     "costs charged otherwise than reckoned"},
    { "desk",               "需給の机で未精算の30分コマ(日なし / コマ)", "half-hours that the desk has not settled (days unfiled / half-hours)" },
    { "shares",             "BG会員の負担額の割当(当社の会員名、各会員へ渡した内訳)", "shares of the group's members (which are ourselves; the file that each was given)" },
    { "costs-accrued",      "未着の費用(未払計上)",         "costs not charged yet (accrued)"      },
    { "accounts-zero",      "ゼロでない通過勘定",           "accounts that must be zero"           },
    { "books",              "帳簿の検証",                   "books verified"                       },
};
/* clang-format on */

static const char *name_of(const char *id, bool ja)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].id, id) == 0)
            return ja ? names[i].ja : names[i].en;
    return id;
}

static void checks(const close_month *m, bool ja, report *r)
{
    /* clang-format off */
    const report_column c[] = { { .title = ja ? "確認" : "check" },
                                { .title = ja ? "結果" : "result" },
                                { .title = ja ? "件数" : "count", .align = REPORT_RIGHT },
                                { .title = ja ? "内容" : "detail" } };
    /* clang-format on */
    report_columns(r, ja ? "確認表" : "Checklist", c, 4);
    for (int i = 0; i < m->ncheck; i++) {
        const close_check *k = &m->check[i];
        report_cell_text(r, name_of(k->id, ja));
        report_cell_text(r, k->ok ? "OK" : k->blocks ? (ja ? "未了" : "blocks") : (ja ? "注意" : "note"));
        report_cell_number(r, k->count, 0);
        report_cell_text(r, report_said(r, k->detail));
    }
}

static void money(report *r, mizo_uyen v, bool known)
{
    if (known)
        report_cell_scaled(r, v, 6, 0);
    else
        report_cell_gap(r);
}

static void costs(const close_month *m, bool ja, report *r)
{
    static const char *const words[] = { "託送",     "インバランス", "市場",       "相対・ベースロード",
                                         "証書",     "再エネ賦課金", "発電側課金", "容量拠出金",
                                         "BG参加料", "BG会員の負担", "その他" };
    /* clang-format off */
    const report_column c[] = { { .title = ja ? "費目" : "cost" },
                                { .title = ja ? "自社計算" : "reckoned", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
                                { .title = ja ? "請求額" : "charged", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
                                { .title = ja ? "差" : "difference", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
                                { .title = ja ? "違う行" : "lines off", .align = REPORT_RIGHT },
                                { .title = ja ? "未払計上" : "accrued", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
                                { .title = ja ? "費用" : "cost", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true } };
    /* clang-format on */
    report_columns(r, ja ? "費用(税抜)" : "Costs (without tax)", c, 7);
    for (int k = 0; k < COST_KIND_COUNT; k++) {
        const cost_sum *s = &m->cost.sum[k];
        if (!s->lines)
            continue;
        report_cell_text(r, ja ? words[k] : cost_kind_word((cost_kind)k));
        money(r, s->own, s->own_lines);
        money(r, s->billed, s->billed_lines);
        money(r, s->off_sum, s->own_lines && s->billed_lines);
        report_cell_number(r, s->off, 0);
        money(r, s->accrued, true);
        money(r, s->cost, true);
    }
    report_sum(r, ja ? "計" : "sum");
}

/* Lines that were charged otherwise than we reckon, by name. */
static void differences(const close_month *m, bool ja, report *r)
{
    /* clang-format off */
    const report_column c[] = { { .title = ja ? "費目" : "cost" },
                                { .title = "id" },
                                { .title = ja ? "自社計算" : "reckoned", .unit = "kWh", .align = REPORT_RIGHT },
                                { .title = ja ? "請求" : "charged", .unit = "kWh", .align = REPORT_RIGHT },
                                { .title = ja ? "自社計算" : "reckoned", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
                                { .title = ja ? "請求" : "charged", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT },
                                { .title = ja ? "差" : "difference", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true } };
    /* clang-format on */
    bool any = false;
    for (size_t i = 0; i < m->cost.n; i++) {
        const cost_line *l = &m->cost.v[i];
        if (!l->has_own || !l->has_billed || l->own == l->billed)
            continue;
        if (!any)
            report_columns(r, ja ? "請求と自社計算の差" : "Charged otherwise than reckoned", c, 7);
        any = true;
        report_cell_text(r, cost_kind_word(l->kind));
        report_cell_text(r, l->id);
        report_cell_scaled(r, l->own_wh, 3, 1);
        report_cell_scaled(r, l->billed_wh, 3, 1);
        report_cell_scaled(r, l->own, 6, 2);
        report_cell_scaled(r, l->billed, 6, 2);
        report_cell_scaled(r, l->billed - l->own, 6, 2);
    }
    if (any)
        report_sum(r, ja ? "計" : "sum");
}

static void changes(const close_month *m, bool ja, report *r)
{
    /* clang-format off */
    const report_column c[] = { { .title = ja ? "対象" : "of" },
                                { .title = ja ? "前" : "was", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
                                { .title = ja ? "今" : "is", .unit = ja ? "円" : "yen", .align = REPORT_RIGHT, .sum = true },
                                { .title = ja ? "元になった書込み" : "batch" } };
    /* clang-format on */
    if (!m->nchange)
        return;
    report_columns(r, ja ? "前回の締めから変わったもの" : "Changed since the last close", c, 4);
    for (size_t i = 0; i < m->nchange; i++) {
        const close_change *x = &m->change[i];
        report_cell_text(r, x->id);
        report_cell_scaled(r, x->was, 6, 0);
        report_cell_scaled(r, x->is, 6, 0);
        if (x->batch)
            report_cell_textf(r, "%lld %s %s", (long long)x->batch, x->actor, x->source);
        else
            report_cell_blank(r);
    }
    report_sum(r, ja ? "計" : "sum");
}

static void yen_pair(report *r, const char *key, mizo_uyen v, bool ja)
{
    char text[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(v, 1000000, MIZO_ROUND_HALF_UP), text);
    report_pairf(r, key, ja ? "%s 円" : "%s yen", text);
}

static void head(const close_month *m, bool ja, report *r)
{
    static const char *const words_ja[] = { "未締め", "仮締め", "確定" };
    char kwh[MIZO_NUM_TEXT];
    const close_record *c = &m->record;
    report_pairf(r, ja ? "状態" : "state", c->edition ? (ja ? "%s 第%d版" : "%s, edition %d") : "%s",
                 ja ? words_ja[c->state] : close_state_word(c->state), c->edition);
    if (*c->maker)
        report_pair(r, ja ? "締めた人" : "closed by", c->maker);
    if (*c->approver)
        report_pair(r, ja ? "確定した人" : "approved by", c->approver);
    if (*c->why)
        report_pair(r, ja ? "理由" : "why", c->why);
    report_pairf(r, ja ? "検針" : "readings",
                 ja ? "確定 %d・推定 %d・欠測 %d 契約" : "%d confirmed, %d estimated, %d missing (contracts)",
                 m->confirmed, m->estimated, m->missing);
    mizo_grouped_text(m->wh / 1000, kwh);
    report_pairf(r, ja ? "電力量" : "energy", "%s kWh", kwh);
    yen_pair(r, ja ? "請求(税込)" : "bills with tax", m->billed, ja);
    yen_pair(r, ja ? "前月との差" : "against the month before", m->billed - m->before, ja);
    yen_pair(r, ja ? "収入(税抜)" : "income without tax", m->net, ja);
    yen_pair(r, ja ? "仕入(税抜)" : "purchases without tax", m->purchases, ja);
    yen_pair(r, ja ? "費用(税抜)" : "costs without tax", m->cost.cost, ja);
    yen_pair(r, ja ? "差引" : "margin", m->margin, ja);
}

mizo_err close_document(const town *t, const close_month *m, const char *lang, report **out)
{
    bool ja = japanese(lang);
    char title[80];
    (void)snprintf(title, sizeof title, ja ? "月次締め %s" : "Close of %s", m->id);
    report *r =
        report_new(&(report_head){ .title = title, .lang = lang, .day = m->end - 1, .landscape = true });
    *out = r;
    if (!r)
        return MIZO_ENOMEM;
    head(m, ja, r);
    checks(m, ja, r);
    costs(m, ja, r);
    differences(m, ja, r);
    changes(m, ja, r);
    mizo_err e = report_from_books(r, t->store);
    if (!e)
        e = report_done(r);
    if (e) {
        report_free(r);
        *out = NULL;
    }
    return e;
}
