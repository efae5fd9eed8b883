/* bems.c: see bems.h. */
#include "town/office/bems.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "town/office/owner_ledger.h"
#include "town/office/saving.h"

const char *const bems_step_words[BEMS_STEPS] = { "seen", "analysed", "acted", "checked" };
const char *const bems_proof_words[BEMS_PROOFS] = { "unknown", "proven", "partly", "not-proven" };
static const char *const steps_ja[BEMS_STEPS] = { "見える化", "分析", "実行", "検証" };
static const char *const proofs_ja[BEMS_PROOFS] = { "検針値なし", "検証済み", "一部", "確認できず" };

enum { LEDGERS = 12 };

typedef struct making {
    town *t;
    bems_list *b;
    owner_ledger ledger[LEDGERS]; /* of fiscal years, as they were asked for */
    int nledger;
} making;

/* ---- rows ---- */

static mizo_wh wh_of(const note *n, const char *field)
{
    return note_number(n, field, 3, MIZO_ROUND_HALF_UP);
}

static bems_step step_of(const bems_finding *f)
{
    if (f->checked != MIZO_DAY_NONE)
        return BEMS_CHECKED;
    if (f->acted != MIZO_DAY_NONE)
        return BEMS_ACTED;
    return *f->analysed ? BEMS_ANALYSED : BEMS_SEEN;
}

static mizo_err on_note(void *arg, const note *n)
{
    bems_list *b = arg;
    MIZO_TRY(array_grow(&b->row, &b->cap, b->nrow + 1, sizeof *b->row));
    bems_finding *f = &b->row[b->nrow++];
    *f = (bems_finding){ .seen_on = note_day(n, "seen_on"),
                         .acted = note_day(n, "acted"),
                         .checked = note_day(n, "checked"),
                         .expected_wh = wh_of(n, "expected_kwh") };
    snprintf(f->id, sizeof f->id, "%s", n->id);
    snprintf(f->facility, sizeof f->facility, "%s", note_get(n, "facility"));
    snprintf(f->saving, sizeof f->saving, "%s", note_get(n, "saving"));
    snprintf(f->seen, sizeof f->seen, "%s", note_get(n, "seen"));
    snprintf(f->analysed, sizeof f->analysed, "%s", note_get(n, "analysed"));
    snprintf(f->act, sizeof f->act, "%s", note_get(n, "act"));
    snprintf(f->result, sizeof f->result, "%s", note_get(n, "result"));
    snprintf(f->by, sizeof f->by, "%s", note_get(n, "by"));
    f->step = step_of(f);
    return MIZO_OK;
}

/* What the record expects, where the finding itself does not say. */
static mizo_err expect_from_saving(making *x, bems_finding *f, note *n)
{
    if (!*f->saving)
        return MIZO_OK;
    mizo_err e = note_find(x->t, office_kind("saving"), f->saving, n);
    if (e)
        return e == MIZO_ENOENT ? MIZO_OK : e;
    if (!f->expected_wh)
        f->expected_wh = wh_of(n, "before_kwh") - wh_of(n, "after_kwh");
    f->credit = true;
    return MIZO_OK;
}

/* ---- before and after ---- */

static mizo_err ledger_of(making *x, int fy, const owner_ledger **out)
{
    for (int i = 0; i < x->nledger; i++)
        if (x->ledger[i].fy == fy) {
            *out = &x->ledger[i];
            return MIZO_OK;
        }
    if (x->nledger == LEDGERS)
        return MIZO_ERANGE;
    owner_ledger *l = &x->ledger[x->nledger];
    MIZO_TRY(owner_ledger_make(x->t->store, x->t->region, fy, STORE_LATEST, x->b->today, l));
    x->nledger++;
    *out = l;
    return MIZO_OK;
}

/* Wh of a facility in the month that begins on the day; *known: by meters or whole bills. */
static mizo_err month_wh(making *x, mizo_ref facility, mizo_day first, bool *known, mizo_wh *wh)
{
    const owner_ledger *l = NULL;
    mizo_date d = mizo_day_date(first);
    *known = false;
    MIZO_TRY(ledger_of(x, mizo_day_fy(first), &l));
    for (size_t i = 0; i < l->nrow; i++) {
        const ledger_month *m = &l->row[i].month[(d.month + 8) % 12];
        if (l->row[i].facility != facility)
            continue;
        *known = m->pieces > 0 && (m->evidence == LEDGER_METER || m->evidence == LEDGER_BILL);
        *wh = m->metered_wh;
    }
    return MIZO_OK;
}

static mizo_day month_after(mizo_day day, int months)
{
    mizo_date d = mizo_day_date(day);
    int m = d.year * 12 + d.month - 1 + months;
    return mizo_date_day((mizo_date){ m / 12, m % 12 + 1, 1 });
}

static mizo_err compare(making *x, bems_finding *f)
{
    mizo_ref facility = mizo_region_facility(x->t->region, f->facility);
    for (int k = 1; k <= BEMS_MONTHS && facility >= 0; k++) {
        mizo_day after = month_after(f->acted, k), before = month_after(f->acted, k - 12);
        bool a, b;
        mizo_wh now = 0, was = 0;
        if (month_after(after, 1) > x->b->today)
            break;
        MIZO_TRY(month_wh(x, facility, after, &a, &now));
        MIZO_TRY(month_wh(x, facility, before, &b, &was));
        if (!a || !b)
            continue;
        f->months++;
        f->before_wh += was;
        f->after_wh += now;
    }
    return MIZO_OK;
}

static bems_proof proof_of(const bems_finding *f)
{
    mizo_wh fell = f->before_wh - f->after_wh, wanted = 0;
    if (f->months < BEMS_MONTHS_LEAST)
        return BEMS_UNKNOWN;
    if (fell <= 0)
        return BEMS_NOT;
    if (mizo_mul_div(f->expected_wh, f->months, 12, MIZO_ROUND_DOWN, &wanted))
        return BEMS_UNKNOWN;
    return fell >= wanted ? BEMS_PROVEN : BEMS_PARTLY;
}

static mizo_err judge(making *x, bems_finding *f, note *n)
{
    bems_list *b = x->b;
    MIZO_TRY(expect_from_saving(x, f, n));
    if (f->acted != MIZO_DAY_NONE)
        MIZO_TRY(compare(x, f));
    f->proof = proof_of(f);
    f->due = f->step == BEMS_ACTED && month_after(f->acted, 13) <= b->today;
    f->credit = f->credit && (f->proof == BEMS_NOT || f->proof == BEMS_PARTLY);
    b->at[f->step]++;
    b->proof[f->proof] += f->step >= BEMS_ACTED;
    b->due += f->due;
    b->credit += f->credit;
    return MIZO_OK;
}

mizo_err bems_make(town *t, mizo_day today, bems_list *out)
{
    making *x = calloc(1, sizeof *x);
    note *n = calloc(1, sizeof *n);
    *out = (bems_list){ .today = today };
    mizo_err e = x && n ? note_scan(t, office_kind("finding"), on_note, out) : MIZO_ENOMEM;
    if (x) {
        x->t = t;
        x->b = out;
    }
    for (size_t i = 0; i < out->nrow && !e; i++)
        e = judge(x, &out->row[i], n);
    for (int i = 0; x && i < x->nledger; i++)
        owner_ledger_free(&x->ledger[i]);
    free(x);
    free(n);
    if (e)
        bems_free(out);
    return e;
}

void bems_free(bems_list *b)
{
    free(b->row);
    b->row = NULL;
    b->nrow = 0;
}

/* ---- JSON ---- */

static void day_json(json *j, const char *key, mizo_day d)
{
    if (d == MIZO_DAY_NONE)
        json_null(j, key);
    else
        json_day(j, key, d);
}

static void finding_json(const bems_finding *f, json *j)
{
    json_object(j, NULL);
    json_text(j, "id", f->id);
    json_text(j, "facility", f->facility);
    json_text(j, "step", bems_step_words[f->step]);
    json_text(j, "seen", f->seen);
    day_json(j, "seen_on", f->seen_on);
    json_text(j, "analysed", *f->analysed ? f->analysed : NULL);
    json_text(j, "act", *f->act ? f->act : NULL);
    day_json(j, "acted", f->acted);
    day_json(j, "checked", f->checked);
    json_text(j, "result", *f->result ? f->result : NULL);
    json_text(j, "by", f->by);
    json_text(j, "saving", *f->saving ? f->saving : NULL);
    json_int(j, "expected_wh", f->expected_wh);
    json_int(j, "months", f->months);
    json_int(j, "before_wh", f->before_wh);
    json_int(j, "after_wh", f->after_wh);
    json_text(j, "proof", bems_proof_words[f->proof]);
    json_bool(j, "check_due", f->due);
    json_bool(j, "credited_unproven", f->credit);
    json_end(j);
}

void bems_json(const bems_list *b, json *j)
{
    json_object(j, "steps");
    for (int i = 0; i < BEMS_STEPS; i++)
        json_int(j, bems_step_words[i], b->at[i]);
    json_end(j);
    json_object(j, "proof");
    for (int i = 0; i < BEMS_PROOFS; i++)
        json_int(j, bems_proof_words[i], b->proof[i]);
    json_end(j);
    json_int(j, "check_due", b->due);
    json_int(j, "credited_unproven", b->credit);
    json_array(j, "rows");
    for (size_t i = 0; i < b->nrow; i++)
        finding_json(&b->row[i], j);
    json_end(j);
}

/* ---- a document ---- */

static void finding_row(const bems_finding *f, const mizo_region *r, bool ja, report *p)
{
    report_cell_text(p, office_facility_name(r, f->facility, ja));
    report_cell_text(p, f->seen);
    report_cell_text(p, f->analysed);
    report_cell_text(p, f->act);
    if (f->acted == MIZO_DAY_NONE)
        report_cell_blank(p);
    else
        report_cell_day(p, f->acted);
    report_cell_textf(p, "%s%s", ja ? steps_ja[f->step] : bems_step_words[f->step],
                      f->due ? (ja ? " (検証待ち)" : " (check due)") : "");
    if (f->months) {
        report_cell_scaled(p, f->before_wh, 3, 0);
        report_cell_scaled(p, f->after_wh, 3, 0);
        report_cell_number(p, f->months, 0);
    } else {
        report_cell_gap(p);
        report_cell_gap(p);
        report_cell_gap(p);
    }
    report_cell_text(p, f->step < BEMS_ACTED ? "" : ja ? proofs_ja[f->proof] : bems_proof_words[f->proof]);
    report_cell_text(p, f->result);
}

void bems_doc(const bems_list *b, const mizo_region *r, bool ja, report *p)
{
    /* clang-format off */
    const report_column c[] = {
        { .title = ja ? "施設" : "facility" },
        { .title = ja ? "見えたこと" : "seen" },
        { .title = ja ? "分析" : "analysed" },
        { .title = ja ? "対策" : "act" },
        { .title = ja ? "実行日" : "acted" },
        { .title = ja ? "段階" : "step" },
        { .title = ja ? "前年同月" : "year before", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "実行後" : "after", .unit = "kWh", .align = REPORT_RIGHT },
        { .title = ja ? "月数" : "months", .align = REPORT_RIGHT },
        { .title = ja ? "検針値から" : "by readings" },
        { .title = ja ? "担当の結論" : "the desk's word" },
    };
    /* clang-format on */
    report_columns(p, NULL, c, sizeof c / sizeof *c);
    for (size_t i = 0; i < b->nrow; i++)
        finding_row(&b->row[i], r, ja, p);
    report_note(
        p,
        ja ? "検針値から: 実行後の月(最大11か月)を前年の同じ月と比べ、期待した量だけ下がったかを見る。天候や使い方の違いは除いていない。"
           : "By readings: the months after the act (at most eleven) against the same months of the year before. "
             "Weather and use are not taken out.");
}
