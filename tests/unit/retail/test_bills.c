/* Worked bills of tests/data/bills: 66 reckoned by fractions in rule.py, line by line, and 17 by hand in hand.csv. */
#include "retail/bill_json.h"
#include "worked.h"

typedef struct world {
    const mizo_region *r;
    worked_file *bills, *lines, *totals;
} world;

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(worked_region(NULL, NULL, NULL, d, &w->r), MIZO_OK);
    assert_int_equal(mizo_diags_count(d, MIZO_INFO), 0);
    mizo_diags_free(d);
    w->bills = worked_read("bills.csv");
    w->lines = worked_read("lines.csv");
    w->totals = worked_read("totals.csv");
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    mizo_region_unref(w->r);
    worked_free(w->bills);
    worked_free(w->lines);
    worked_free(w->totals);
    free(w);
    return 0;
}

static void show(const mizo_diags *d)
{
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        char text[1024];
        mizo_diag_text(mizo_diags_at(d, i), "en", text, sizeof text);
        print_message("#   %s\n", text);
    }
}

/* The cells of a line as lines.csv has them. */
static void line_cells(const mizo_bill_line *l, char (*cell)[WORKED_TEXT])
{
    snprintf(cell[1], WORKED_TEXT, "%s", mizo_charge_word(l->kind));
    snprintf(cell[2], WORKED_TEXT, "%s", l->name_ja);
    snprintf(cell[3], WORKED_TEXT, "%d", l->days);
    snprintf(cell[4], WORKED_TEXT, "%lld", (long long)l->quantity);
    snprintf(cell[5], WORKED_TEXT, "%lld", (long long)l->billed);
    cell[6][0] = 0;
    if (l->price_e6 != MIZO_NO_PRICE)
        mizo_decimal_text(l->price_e6, 6, cell[6]);
    mizo_decimal_text(l->raw, 6, cell[7]);
    mizo_decimal_text(l->amount, 6, cell[8]);
}

static void total_cells(const mizo_bill *b, char (*cell)[WORKED_TEXT])
{
    mizo_day_text(b->from, cell[1]);
    mizo_day_text(b->to, cell[2]);
    snprintf(cell[3], WORKED_TEXT, "%lld", (long long)b->wh);
    cell[4][0] = 0;
    if (b->demand_w != MIZO_MISSING)
        snprintf(cell[4], WORKED_TEXT, "%lld", (long long)b->demand_w);
    mizo_decimal_text(b->exact, 6, cell[5]);
    mizo_decimal_text(b->total, 6, cell[6]);
    mizo_decimal_text(b->left, 6, cell[7]);
    cell[8][0] = 0;
    for (int i = 0, n = 0; i < b->ntax; i++) {
        char total[MIZO_NUM_TEXT], tax[MIZO_NUM_TEXT];
        mizo_decimal_text(b->tax[i].total, 6, total);
        mizo_decimal_text(b->tax[i].tax, 6, tax);
        n += snprintf(cell[8] + n, WORKED_TEXT - (size_t)n, "%s%s:%s:%s", i ? " " : "",
                      *b->tax[i].name ? b->tax[i].name : "-", total, tax);
    }
}

static int differ(const char *id, char (*want)[WORKED_TEXT], char (*got)[WORKED_TEXT], int n)
{
    int bad = 0;
    for (int i = 1; i < n; i++)
        if (strcmp(want[i], got[i])) {
            print_message("# %s %s cell %d: expected \"%s\", got \"%s\"\n", id, want[1], i, want[i], got[i]);
            bad++;
        }
    return bad;
}

static int check_lines(const world *w, const char *id, const mizo_bill *b)
{
    int bad = 0, n = 0;
    for (int i = 0; i < w->lines->n; i++) {
        char got[WORKED_CELLS][WORKED_TEXT] = { "" };
        if (strcmp(w->lines->cell[i][0], id))
            continue;
        if (n < b->nline)
            line_cells(&b->line[n], got);
        bad += differ(id, w->lines->cell[i], got, 9);
        n++;
    }
    if (n != b->nline)
        print_message("# %s: %d lines expected, got %d\n", id, n, b->nline);
    return bad + (n != b->nline);
}

static int check_bill(const world *w, int row)
{
    char(*cell)[WORKED_TEXT] = w->bills->cell[row], got[WORKED_CELLS][WORKED_TEXT];
    worked *k = calloc(1, sizeof *k);
    mizo_bill *b = calloc(1, sizeof *b);
    mizo_diags *d = mizo_diags_new(0);
    worked_input(k, w->r, cell);
    mizo_err e = mizo_bill_make(k->table, &k->in, b, d);
    int bad = e != MIZO_OK;
    if (bad) {
        print_message("# %s: %s\n", cell[B_ID], mizo_err_text(e));
        show(d);
    } else {
        bad = check_lines(w, cell[B_ID], b);
        total_cells(b, got);
        bad += differ(cell[B_ID], w->totals->cell[row], got, 9);
        bad += b->exact != b->total + b->left;
    }
    mizo_bill_table_free(k->table);
    mizo_diags_free(d);
    free(k);
    free(b);
    return bad;
}

static void every_bill_is_as_reckoned(void **state)
{
    const world *w = *state;
    int bad = 0;
    assert_true(w->bills->n >= 60);
    assert_int_equal(w->bills->n, w->totals->n);
    for (int i = 0; i < w->bills->n; i++)
        bad += check_bill(w, i);
    assert_int_equal(bad, 0);
}

enum { H_TOTAL = 10, H_TAX };

static int64_t yen(const char *text)
{
    int64_t v = -1;
    assert_int_equal(mizo_decimal_parse(text, strlen(text), 6, &v), MIZO_OK);
    return v;
}

static void every_bill_is_as_worked_by_hand(void **state)
{
    const world *w = *state;
    worked_file *hand = worked_read("hand.csv");
    int bad = 0;
    assert_true(hand->n >= 12);
    for (int i = 0; i < hand->n; i++) {
        char(*cell)[WORKED_TEXT] = hand->cell[i];
        worked *k = calloc(1, sizeof *k);
        mizo_bill *b = calloc(1, sizeof *b);
        mizo_diags *d = mizo_diags_new(0);
        int64_t tax = 0;
        worked_input(k, w->r, cell);
        assert_int_equal(mizo_bill_make(k->table, &k->in, b, d), MIZO_OK);
        for (int t = 0; t < b->ntax; t++)
            tax += b->tax[t].tax;
        if (b->total != yen(cell[H_TOTAL]) || tax != yen(cell[H_TAX])) {
            print_message("# %s: expected %s and %s, got %lld and %lld\n", cell[B_ID], cell[H_TOTAL],
                          cell[H_TAX], (long long)b->total, (long long)tax);
            bad++;
        }
        mizo_bill_table_free(k->table);
        mizo_diags_free(d);
        free(k);
        free(b);
    }
    worked_free(hand);
    assert_int_equal(bad, 0);
}

/* ---- what a bill brings into the books ---- */

typedef struct balance {
    char account[MIZO_ACCOUNT_MAX];
    int64_t v;
} balance;

static void add(balance *b, int *n, const char *account, int64_t v)
{
    int i = 0;
    while (i < *n && strcmp(b[i].account, account))
        i++;
    if (i == *n)
        snprintf(b[(*n)++].account, MIZO_ACCOUNT_MAX, "%s", account);
    b[i].v += v;
}

static int64_t of(const balance *b, int n, const char *account)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(b[i].account, account))
            return b[i].v;
    return 0;
}

static void one_closes(const mizo_region *r, const mizo_bill *b)
{
    mizo_transfer t[MIZO_BILL_TRANSFERS];
    balance acc[16] = {
        {"", 0}
    };
    char customer[100], sales[100], rounding[100];
    mizo_day day = b->to;
    int n = mizo_bill_transfers(r, b, t), k = 0;
    int64_t tax = 0, sum = 0;
    assert_true(n <= MIZO_BILL_TRANSFERS);
    n += mizo_bill_tax_transfers(r, b, t + n);
    for (int i = 0; i < n; i++) {
        mizo_entry e = { .seq = 1,
                         .day = day,
                         .from = t[i].from,
                         .to = t[i].to,
                         .unit = "uyen",
                         .kind = t[i].kind,
                         .ref = "bill:b-1",
                         .amount = t[i].amount };
        assert_int_equal(mizo_entry_check(&e, NULL), MIZO_OK); /* the books take it */
        add(acc, &k, t[i].from, -t[i].amount);
        add(acc, &k, t[i].to, t[i].amount);
    }
    for (int i = 0; i < b->ntax; i++)
        tax += *b->tax[i].name ? b->tax[i].tax : 0;
    for (int i = 0; i < k; i++)
        sum += acc[i].v;
    snprintf(customer, sizeof customer, "customer:%s", r->party[b->party].id);
    snprintf(sales, sizeof sales, "sales:%s", r->contract[b->contract].id);
    snprintf(rounding, sizeof rounding, "rounding:%s", r->contract[b->contract].id);
    assert_int_equal(of(acc, k, customer), b->total);
    assert_int_equal(of(acc, k, rounding), b->left);
    assert_int_equal(of(acc, k, sales), -b->exact + tax);
    assert_int_equal(sum, 0);
}

static void the_books_close_to_the_micro_yen(void **state)
{
    const world *w = *state;
    for (int i = 0; i < w->bills->n; i++) {
        worked *k = calloc(1, sizeof *k);
        mizo_bill *b = calloc(1, sizeof *b);
        worked_input(k, w->r, w->bills->cell[i]);
        assert_int_equal(mizo_bill_make(k->table, &k->in, b, NULL), MIZO_OK);
        one_closes(w->r, b);
        mizo_bill_table_free(k->table);
        free(k);
        free(b);
    }
}

/* ---- the canonical form ---- */

static void the_same_bill_has_the_same_bytes(void **state)
{
    const world *w = *state;
    buf a, again;
    buf_init(&a, 0);
    buf_init(&again, 0);
    for (int turn = 0; turn < 2; turn++) {
        worked *k = calloc(1, sizeof *k);
        mizo_bill *b = malloc(sizeof *b);
        memset(b, turn ? 0xff : 0x55, sizeof *b); /* nothing of what was there before shows */
        worked_input(k, w->r, w->bills->cell[7]);
        assert_int_equal(mizo_bill_make(k->table, &k->in, b, NULL), MIZO_OK);
        bill_json(w->r, b, turn ? &again : &a);
        mizo_bill_table_free(k->table);
        free(k);
        free(b);
    }
    assert_string_equal(a.p, again.p);
    assert_non_null(strstr(a.p, "{\"format\":1,\"contract\":\"tou\",\"party\":\"city\",\"point\":\"p-tou\","
                                "\"tariff\":\"tou\",\"month\":\"2021-07\",\"from\":\"2021-07-01\""));
    assert_non_null(strstr(a.p, w->r->hash));
    assert_non_null(strstr(a.p, "\"total_yen\":\"558401.000000\""));
    buf_fini(&a);
    buf_fini(&again);
}

/* ---- the power factor of a month ---- */

static void power_factor(void **state)
{
    (void)state;
    static const struct {
        int64_t wh, varh, e6;
    } rows[] = {
        {3,              4,             60000000 },
        { 4,             3,             80000000 },
        { 12,            5,             92307692 }, /* 12 / 13 */
        { 1,             1,             70710678 }, /* 1 / sqrt 2 */
        { 1000000,       0,             100000000},
        { 0,             0,             100000000},
        { 0,             5,             0        },
        { 3000000000000, 4000000000000, 60000000 },
        { INT64_MAX,     0,             100000000},
        { 980000,        199000,        98000000 }, /* 97.99998 ... */
    };
    for (size_t i = 0; i + 1 < ROWS(rows); i++)
        assert_int_equal(mizo_power_factor_e6(rows[i].wh, rows[i].varh), rows[i].e6);
    int64_t near = mizo_power_factor_e6(980000, 199000);
    assert_true(near > 97990000 && near < 98010000);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bill_is_as_reckoned),
        cmocka_unit_test(every_bill_is_as_worked_by_hand),
        cmocka_unit_test(the_books_close_to_the_micro_yen),
        cmocka_unit_test(the_same_bill_has_the_same_bytes),
        cmocka_unit_test(power_factor),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
