/* Invoices: vectors of the rule book, and more that can be checked with a pencil. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mizo/region.h"
#include "retail/invoice.h"
#include "retail/zengin.h"

#define ROWS(a) (sizeof(a) / sizeof((a)[0]))
#define YEN(v)  ((int64_t)(v)*1000000)

/* A model that has nothing but roundings: by chain, then step. */
static const mizo_rounding roundings[] = {
    {.chain = "cut",      .step = MIZO_STEP_TOTAL, .unit_e6 = 1000000, .how = MIZO_HOW_CUT    },
    { .chain = "cut",     .step = MIZO_STEP_TAX,   .unit_e6 = 1000000, .how = MIZO_HOW_CUT    },
    { .chain = "half-up", .step = MIZO_STEP_TAX,   .unit_e6 = 1000000, .how = MIZO_HOW_HALF_UP},
    { .chain = "up",      .step = MIZO_STEP_TAX,   .unit_e6 = 1000000, .how = MIZO_HOW_UP     },
};
static const mizo_region region = { .rounding = roundings, .nrounding = ROWS(roundings) };

static invoice_item item(const char *contract, int64_t rate_e6, bool added, mizo_uyen amount)
{
    return (invoice_item){ .contract = contract,
                           .point = "p",
                           .name = "",
                           .kind = "",
                           .digest = "",
                           .from = 19000,
                           .to = 19030,
                           .price_e6 = MIZO_NO_PRICE,
                           .npart = 1,
                           .part = { { rate_e6 ? "consumption-tax" : "", rate_e6, added, amount } } };
}

static invoice with(invoice_item *items, size_t n)
{
    return (invoice){ .id = "i-1",
                      .issuer = "us",
                      .issuer_name = "us",
                      .issuer_number = "T1234567890123",
                      .party = "p",
                      .party_name = "",
                      .party_number = "",
                      .returns = "",
                      .why = "",
                      .month = 19000,
                      .issued = MIZO_DAY_NONE,
                      .due = MIZO_DAY_NONE,
                      .item = items,
                      .nitem = n };
}

/* Amounts of three contracts; what the invoice says. */
static void the_tax_is_rounded_once(void **state)
{
    (void)state;
    static const struct {
        const char *chain;
        int64_t rate;
        bool added;
        int64_t yen[3], gross, tax;
    } rows[] = {
        {"cut",      100000, false, { 10005, 10005, 10005 }, 30015, 2728}, /* the rule book's */
        { "cut",     100000, false, { 10005, 0, 0 },         10005, 909 },
        { "half-up", 100000, false, { 10005, 10005, 10005 }, 30015, 2729},
        { "up",      100000, false, { 10005, 10005, 10005 }, 30015, 2729},
        { "cut",     80000,  false, { 108, 216, 0 },         324,   24  },
        { "cut",     100000, true,  { 10005, 10005, 10005 }, 33016, 3001},
        { "half-up", 100000, true,  { 10005, 10005, 10005 }, 33017, 3002},
        { "cut",     100000, true,  { 1, 1, 1 },             3,     0   },
        { "cut",     100000, false, { -110, 0, 0 },          -110,  -10 },
        { "cut",     100000, false, { 11, -22, 0 },          -11,   -1  },
        { "cut",     0,      false, { 100, 200, 300 },       600,   0   },
        { "cut",     100000, false, { 0, 0, 0 },             0,     0   },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        invoice_item items[3];
        for (int k = 0; k < 3; k++)
            items[k] = item("c", rows[i].rate, rows[i].added, YEN(rows[i].yen[k]));
        invoice v = with(items, 3);
        assert_int_equal(invoice_sum(&region, rows[i].chain, &v, NULL), MIZO_OK);
        assert_int_equal(v.nrate, 1);
        assert_int_equal(v.total, YEN(rows[i].gross));
        assert_int_equal(v.tax, YEN(rows[i].tax));
        assert_int_equal(v.rate[0].net + v.rate[0].tax_amount, v.rate[0].gross);
    }
}

static void two_rates_stand_apart(void **state)
{
    (void)state;
    invoice_item items[] = { item("a", 100000, false, YEN(1100)), item("b", 80000, false, YEN(1080)),
                             item("c", 0, false, YEN(50)) };
    invoice v = with(items, 3);
    assert_int_equal(invoice_sum(&region, "cut", &v, NULL), MIZO_OK);
    assert_int_equal(v.nrate, 3);
    assert_int_equal(v.rate[0].tax_amount, YEN(100));
    assert_int_equal(v.rate[1].tax_amount, YEN(80));
    assert_int_equal(v.rate[2].tax_amount, 0);
    assert_int_equal(v.total, YEN(2230));
}

static void what_cannot_be_is_said(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(0);
    invoice_item mixed[] = { item("a", 100000, false, YEN(1)), item("b", 100000, true, YEN(1)) };
    invoice v = with(mixed, 2);
    assert_int_equal(invoice_sum(&region, "cut", &v, d), MIZO_EINPUT);
    invoice_item many[5];
    for (int i = 0; i < 5; i++)
        many[i] = item("a", 10000 * (i + 1), false, YEN(1));
    v = with(many, 5);
    assert_int_equal(invoice_sum(&region, "cut", &v, d), MIZO_EINPUT);
    invoice_item large[] = { item("a", 100000, false, INT64_MAX), item("b", 100000, false, INT64_MAX) };
    v = with(large, 2);
    assert_int_equal(invoice_sum(&region, "cut", &v, d), MIZO_ERANGE);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 3);
    mizo_diags_free(d);
}

/* ---- the books ---- */

typedef struct book {
    struct {
        char account[MIZO_ACCOUNT_MAX];
        int64_t sum;
    } row[16];
    int n;
} book;

static int64_t *balance(book *b, const char *account)
{
    for (int i = 0; i < b->n; i++)
        if (strcmp(b->row[i].account, account) == 0)
            return &b->row[i].sum;
    assert_true(b->n < 16);
    strncpy(b->row[b->n].account, account, MIZO_ACCOUNT_MAX - 1);
    return &b->row[b->n++].sum;
}

static mizo_err note(void *arg, const invoice_move *m)
{
    *balance(arg, m->from) -= m->amount;
    *balance(arg, m->to) += m->amount;
    return MIZO_OK;
}

static void the_books_close(void **state)
{
    (void)state;
    for (int added = 0; added < 2; added++) {
        invoice_item items[] = { item("a", 100000, added, YEN(10005)),
                                 item("b", 100000, added, YEN(10005) + 250000),
                                 item("c", 100000, added, YEN(10005)) };
        items[1].left_e6 = 123456;
        invoice v = with(items, 3);
        book b = { 0 };
        assert_int_equal(invoice_sum(&region, "cut", &v, NULL), MIZO_OK);
        assert_int_equal(invoice_moves(&v, note, &b), MIZO_OK);
        assert_int_equal(*balance(&b, "customer:p"), v.total);
        assert_int_equal(-*balance(&b, "tax:consumption-tax"), v.tax);
        int64_t all = 0;
        for (int i = 0; i < b.n; i++)
            all += b.row[i].sum;
        assert_int_equal(all, 0);
    }
}

/* 80 % of the tax of an unregistered seller may be credited, cut to the yen; the rest is cost. */
static void a_purchase_closes(void **state)
{
    (void)state;
    invoice_item items[] = { item("buy", 100000, false, YEN(3060)) };
    items[0].kind = "surplus";
    invoice v = with(items, 1);
    v.kind = INVOICE_PURCHASE;
    v.share_e6 = 800000;
    book b = { 0 };
    assert_int_equal(invoice_sum(&region, "cut", &v, NULL), MIZO_OK);
    assert_int_equal(v.tax, YEN(278));
    assert_int_equal(invoice_moves(&v, note, &b), MIZO_OK);
    assert_int_equal(*balance(&b, "supplier:p"), -YEN(3060));
    assert_int_equal(*balance(&b, "tax-paid:consumption-tax"), YEN(222));
    assert_int_equal(*balance(&b, "cost:surplus"), YEN(3060 - 222));
}

/* ---- differences, JSON ---- */

static void differences(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    invoice_item old_items[] = { item("a", 100000, false, YEN(10005)), item("b", 100000, false, YEN(10005)) };
    invoice_item now_items[] = { item("a", 100000, false, YEN(10005)), item("b", 100000, false, YEN(9000)),
                                 item("c", 100000, false, YEN(100)) };
    now_items[1].wh = -5;
    invoice old = with(old_items, 2), now = with(now_items, 3), diff;
    assert_int_equal(invoice_sum(&region, "cut", &old, NULL), MIZO_OK);
    assert_int_equal(invoice_sum(&region, "cut", &now, NULL), MIZO_OK);
    assert_int_equal(invoice_difference(&old, &now, a, &diff), MIZO_OK);
    assert_int_equal(diff.kind, INVOICE_RETURN);
    assert_string_equal(diff.returns, "i-1");
    assert_int_equal(diff.nitem, 2);
    assert_string_equal(diff.item[0].contract, "b");
    assert_int_equal(diff.item[0].part[0].amount, YEN(-1005));
    assert_int_equal(diff.item[1].part[0].amount, YEN(100));
    assert_int_equal(diff.total, now.total - old.total);
    assert_int_equal(diff.tax, now.tax - old.tax);
    assert_int_equal(diff.rate[0].tax_amount, diff.tax);
    assert_int_equal(invoice_difference(&old, &old, a, &diff), MIZO_OK);
    assert_int_equal(diff.nitem, 0);
    assert_int_equal(invoice_difference(&old, NULL, a, &diff), MIZO_OK);
    assert_int_equal(diff.total, -old.total);
    assert_int_equal(diff.nitem, 2);
    arena_free(a);
}

static void json_there_and_back(void **state)
{
    (void)state;
    arena *a = arena_new(0);
    buf first, second;
    const char *what;
    invoice_item items[] = { item("a", 100000, true, YEN(-7) + 1), item("b", 0, false, YEN(5)) };
    items[0].name = "学校 \"A\"";
    items[0].value = true;
    items[1].price_e6 = 14500000;
    invoice v = with(items, 2), back;
    v.issued = 19040;
    v.why = "訂正";
    assert_int_equal(invoice_sum(&region, "cut", &v, NULL), MIZO_OK);
    buf_init(&first, 0);
    buf_init(&second, 0);
    invoice_json(&v, &first);
    assert_int_equal(invoice_read(first.p, first.n, a, &back, &what), MIZO_OK);
    invoice_json(&back, &second);
    assert_string_equal(first.p, second.p);
    char longer[1000]; /* a name of a region may be longer than what is kept of it */
    memset(longer, 0xe3, sizeof longer);
    for (size_t i = 0; i + 3 <= sizeof longer - 1; i += 3)
        memcpy(longer + i, "\xe5\xb7\x9d", 4);
    v.party_name = longer;
    buf_clear(&second);
    invoice_json(&v, &second);
    assert_int_equal(invoice_read(second.p, second.n, a, &back, &what), MIZO_OK);
    assert_int_equal(strlen(back.party_name), 240);
    for (size_t n = 0; n < first.n; n++) /* cut anywhere it is no invoice */
        assert_int_not_equal(invoice_read(first.p, n, a, &back, &what), MIZO_OK);
    buf_fini(&first);
    buf_fini(&second);
    arena_free(a);
}

static void due_days(void **state)
{
    (void)state;
    static const struct {
        mizo_date from;
        int days;
        mizo_date due;
    } rows[] = {
        {{ 2023, 5, 8 },   30, { 2023, 6, 7 } },
        { { 2023, 4, 3 },  30, { 2023, 5, 8 } }, /* 3 to 5 May are holidays, then a weekend */
        { { 2023, 12, 1 }, 30, { 2024, 1, 4 } }, /* 31 December is a Sunday, then the banks' new year */
        { { 2024, 2, 28 }, 1,  { 2024, 2, 29 }},
        { { 2024, 9, 20 }, 1,  { 2024, 9, 24 }}, /* weekend and a substitute */
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        assert_int_equal(invoice_due(mizo_date_day(rows[i].from), rows[i].days), mizo_date_day(rows[i].due));
}

/* ---- the banks' files ---- */

static void letters_of_the_banks(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out; /* NULL: refused */
    } rows[] = {
        {"カ）タカツデンリョク", "\xb6)\xc0\xb6\xc2\xc3\xde\xdd\xd8\xd6\xb8"},
        { "ﾀｶﾂ ｼﾞｭﾝｺ",     "\xc0\xb6\xc2 \xbc\xde\xd5\xdd\xba"        },
        { "パワー",                     "\xca\xdf\xdc-"                            },
        { "ＡＢＣ１２３",            "ABC123"                                   },
        { "みぞのくち",               "\xd0\xbf\xde\xc9\xb8\xc1"                 },
        { "abc",                           "ABC"                                      },
        { "高津",                        NULL                                       },
        { "A&B",                           NULL                                       },
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        buf b;
        uint32_t bad = 0;
        buf_init(&b, 0);
        mizo_err err = zengin_fold(rows[i].in, &b, &bad);
        assert_int_equal(err, rows[i].out ? MIZO_OK : MIZO_EINPUT);
        if (rows[i].out)
            assert_string_equal(b.p, rows[i].out);
        else
            assert_true(bad == 0x9ad8 || bad == '&');
        buf_fini(&b);
    }
}

static const mizo_bank own = { .bank = "0001",
                               .bank_kana = "ミズホ",
                               .branch = "002",
                               .branch_kana = "ホンテン",
                               .number = "1234567",
                               .holder_kana = "カ）マチノデンリキ",
                               .client = "0000012345",
                               .reference = "" };
static const mizo_bank theirs = { .bank = "0009",
                                  .bank_kana = "タメシ",
                                  .branch = "012",
                                  .branch_kana = "エキマエ",
                                  .deposit = MIZO_DEPOSIT_CURRENT,
                                  .number = "7",
                                  .holder_kana = "ヤネノハツデン",
                                  .client = "",
                                  .reference = "42" };

static void a_file_of_the_banks(void **state)
{
    (void)state;
    zengin_row rows[] = {
        {&theirs, 123456, "",  "a"},
        { &own,   1,      "7", "b"}
    };
    for (int k = 0; k < 2; k++) {
        zengin_kind kind = k ? ZENGIN_COLLECT : ZENGIN_TRANSFER;
        buf b;
        buf_init(&b, 0);
        assert_int_equal(
            zengin_write(kind, &own, mizo_date_day((mizo_date){ 2026, 4, 30 }), rows, 2, NULL, &b), MIZO_OK);
        assert_int_equal(b.n, 5 * (ZENGIN_RECORD + 2));
        const char *head = b.p, *data = head + 122, *end = head + 3 * 122;
        assert_memory_equal(head, k ? "1910" : "1210", 4);
        assert_memory_equal(head + 4, "0000012345\xb6)\xcf\xc1\xc9\xc3\xde\xdd\xd8\xb7 ", 21);
        assert_memory_equal(head + 54, "04300001", 8);
        assert_memory_equal(data, "20009\xc0\xd2\xbc            012", 23);
        assert_memory_equal(data + 42, "20000007\xd4\xc8\xc9\xca\xc2\xc3\xde\xdd", 16);
        assert_memory_equal(data + 80, "0000123456000000000000000000042", 31);
        assert_memory_equal(end, "8000002000000123457", 19);
        assert_memory_equal(end + 122, "9 ", 2);
        assert_memory_equal(end + 120, "\r\n", 2);
        buf_fini(&b);
    }
}

static void a_file_that_cannot_be(void **state)
{
    (void)state;
    mizo_bank kanji = theirs;
    kanji.holder_kana = "屋根の発電";
    zengin_row rows[] = {
        {&kanji,   5,           "", "roofs"},
        { &theirs, 0,           "", "none" },
        { &theirs, 99999999999, "", "rich" }
    };
    mizo_diags *d = mizo_diags_new(0);
    char text[512];
    buf b;
    buf_init(&b, 0);
    assert_int_equal(zengin_write(ZENGIN_TRANSFER, &own, 20000, rows, 3, d, &b), MIZO_EINPUT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 3);
    mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    assert_non_null(strstr(text, "roofs"));
    assert_non_null(strstr(text, "U+5C4B"));
    buf_fini(&b);
    mizo_diags_free(d);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tax_is_rounded_once), cmocka_unit_test(two_rates_stand_apart),
        cmocka_unit_test(what_cannot_be_is_said),  cmocka_unit_test(the_books_close),
        cmocka_unit_test(a_purchase_closes),       cmocka_unit_test(differences),
        cmocka_unit_test(json_there_and_back),     cmocka_unit_test(due_days),
        cmocka_unit_test(letters_of_the_banks),    cmocka_unit_test(a_file_of_the_banks),
        cmocka_unit_test(a_file_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
