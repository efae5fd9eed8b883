/* CSV as people send it. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"

/* Reads all records: fields joined by |, records ended by ;, faults as !line:column text; */
static void read_all(const char *bytes, size_t n, char *out, size_t cap)
{
    csv_record *rec = malloc(sizeof *rec);
    char *exact = malloc(n ? n : 1);
    assert_true(rec && exact);
    memcpy(exact, bytes, n);
    csv_reader *r = csv_open(exact, n);
    assert_non_null(r);
    size_t k = 0;
    out[0] = 0;
    for (;;) {
        const char *what = "";
        mizo_err err = csv_next(r, rec, &what);
        if (err == MIZO_ENOENT)
            break;
        if (err) {
            assert_int_equal(err, MIZO_EINPUT);
            k += (size_t)snprintf(out + k, cap - k, "!%d:%d %s;", rec->line, rec->field[0].column, what);
            continue;
        }
        k += (size_t)snprintf(out + k, cap - k, "%d:", rec->line);
        for (int i = 0; i < rec->nfield; i++)
            k += (size_t)snprintf(out + k, cap - k, "%s%.*s@%d", i ? "|" : "",
                                  (int)(rec->field[i].n < 40 ? rec->field[i].n : 40), rec->field[i].s,
                                  rec->field[i].column);
        k += (size_t)snprintf(out + k, cap - k, ";");
        assert_true(k < cap);
    }
    assert_int_equal(csv_offset(r), n);
    csv_close(r);
    free(exact);
    free(rec);
}

static void shapes(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } row[] = {
        {"",                         ""                                                },
        { "\n\r\n  \n",              ""                                                },
        { "a,b\nc",                  "1:a@1|b@3;2:c@1;"                                },
        { "a,b\r\nc,\r\n",           "1:a@1|b@3;2:c@1|@3;"                             },
        { "a\rb\rc",                 "1:a@1;2:b@1;3:c@1;"                              },
        { ",\n",                     "1:@1|@2;"                                        },
        { "\n\na",                   "3:a@1;"                                          },
        { "\"a\"\"b\",\"\",c\n",     "1:a\"b@1|@8|c@11;"                               },
        { "\"x,y\nz\",w\nq\n",       "1:x,y\nz@1|w@4;3:q@1;"                           },
        { "\"x\r\ny\",w\r\nq",       "1:x\r\ny@1|w@4;3:q@1;"                           },
        { "年月日,b\n川崎,1\n", "1:年月日@1|b@5;2:川崎@1|1@4;"               },
        { "\"川\"\"崎\",x\n",      "1:川\"崎@1|x@8;"                               },
        { "\xef\xbb\xbf"
          "a,b",            "1:a@1|b@3;"                                      },
        { "\"a\"b,c\nd,e\n",         "!1:4 a letter follows a closing quote;2:d@1|e@3;"},
        { "a,\"bc\nd,e\n",           "!1:3 a quote is not closed;2:d@1|e@3;"           },
        { "a,b\"c\n",                "1:a@1|b\"c@3;"                                   },
        { "a, \"b\"\n",              "1:a@1| \"b\"@3;"                                 },
        { "\"\"",                    "1:@1;"                                           },
        { "\"\"\"\"",                "1:\"@1;"                                         },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        char got[1024];
        read_all(row[i].in, strlen(row[i].in), got, sizeof got);
        if (strcmp(got, row[i].out))
            fail_msg("'%s' gave '%s', not '%s'", row[i].in, got, row[i].out);
    }
}

static void zero_byte(void **state)
{
    (void)state;
    char got[1024];
    read_all("a,b\0c\nd\n", 8, got, sizeof got);
    assert_string_equal(got, "!1:4 a zero byte: this is not UTF-8 or CP932 text;2:d@1;");
    read_all("a,\"b\0c\"\nd\n", 10, got, sizeof got);
    assert_string_equal(got, "!1:3 a zero byte: this is not UTF-8 or CP932 text;2:d@1;");
}

static void encodings(void **state)
{
    (void)state;
    char got[1024];
    /* 髙,①,～ in CP932, then a row with a lone lead byte, then a good one */
    static const char cp932[] = "\xfb\xfc,\x87\x40,\x81\x60\r\n\x93\xfa,\x82\r\nz,\xb1\r\n";
    read_all(cp932, sizeof cp932 - 1, got, sizeof got);
    assert_string_equal(got, "1:髙@1|①@3|～@5;!2:3 a byte that is no letter of this encoding;3:z@1|ｱ@3;");
    csv_reader *r = csv_open(cp932, sizeof cp932 - 1);
    assert_int_equal(csv_encoding(r), TEXT_CP932);
    csv_close(r);
    /* a BOM promises UTF-8: a broken row is named, the others are read */
    static const char bom[] = "\xef\xbb\xbf"
                              "a\n\xe5\xb7\n\xe5\xb7\x9d\n";
    read_all(bom, sizeof bom - 1, got, sizeof got);
    assert_string_equal(got, "1:a@1;!2:1 a byte that is no letter of this encoding;3:川@1;");
    r = csv_open(bom, sizeof bom - 1);
    assert_int_equal(csv_encoding(r), TEXT_UTF8_BOM);
    csv_close(r);
    r = csv_open("a", 1);
    assert_int_equal(csv_encoding(r), TEXT_UTF8);
    csv_close(r);
}

static void limits(void **state)
{
    (void)state;
    char many[2 * CSV_FIELDS + 8], got[8192];
    for (int i = 0; i < CSV_FIELDS; i++) {
        many[2 * i] = 'x';
        many[2 * i + 1] = ',';
    }
    many[2 * CSV_FIELDS - 1] = '\n';
    read_all(many, 2 * CSV_FIELDS, got, sizeof got);
    assert_non_null(strstr(got, "x@511;"));
    memcpy(many + 2 * CSV_FIELDS - 1, ",y\nz", 4);
    read_all(many, 2 * CSV_FIELDS + 3, got, sizeof got);
    assert_string_equal(got, "!1:513 too many fields;2:z@1;");
    size_t n = CSV_FIELD_BYTES + 2;
    char *big = malloc(n + 2);
    assert_non_null(big);
    memset(big, 'a', n);
    memcpy(big + n, "\nb", 2);
    read_all(big, n + 2, got, sizeof got);
    assert_string_equal(got, "!1:1 a field is too long;2:b@1;");
    big[0] = big[n - 1] = '"';
    big[1] = 'a';
    big[n] = '\n';
    read_all(big, n + 2, got, sizeof got); /* exactly the bound inside the quotes */
    assert_true(got[0] == '1');
    free(big);
}

static void written(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } row[] = {
        {"",          ""                 },
        { "a",        "a"                },
        { "a,b",      "\"a,b\""          },
        { "a\"b",     "\"a\"\"b\""       },
        { "a\nb",     "\"a\nb\""         },
        { "=1+1",     "'=1+1"            },
        { "-5",       "-5"               },
        { "+1,234",   "\"+1,234\""       },
        { "-x",       "'-x"              },
        { "@sum",     "'@sum"            },
        { "=a,\"b\"", "\"'=a,\"\"b\"\"\""},
        { "\tx",      "'\tx"             },
        { "川崎",   "川崎"           },
        { "-1.5E+3",  "-1.5E+3"          },
    };
    for (size_t i = 0; i < ROWS(row); i++) {
        buf b;
        buf_init(&b, 0);
        csv_put(&b, row[i].in);
        assert_string_equal(b.p ? b.p : "", row[i].out);
        buf_fini(&b);
    }
}

/* What csv_put writes, csv_next reads. */
static void there_and_back(void **state)
{
    (void)state;
    static const char *const text[] = { "a\"\"b", "x,\r\ny", "川,崎", "\"", "plain", "" };
    buf b;
    buf_init(&b, 0);
    for (size_t i = 0; i < ROWS(text); i++) {
        buf_str(&b, i ? "," : "");
        csv_put(&b, text[i]);
    }
    csv_reader *r = csv_open(b.p, b.n);
    csv_record *rec = malloc(sizeof *rec);
    assert_true(r && rec);
    const char *what;
    assert_int_equal(csv_next(r, rec, &what), MIZO_OK);
    assert_int_equal(rec->nfield, ROWS(text));
    for (size_t i = 0; i < ROWS(text); i++) {
        assert_int_equal(rec->field[i].n, strlen(text[i]));
        assert_memory_equal(rec->field[i].s, text[i], rec->field[i].n);
    }
    csv_close(r);
    free(rec);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes), cmocka_unit_test(zero_byte), cmocka_unit_test(encodings),
        cmocka_unit_test(limits), cmocka_unit_test(written),   cmocka_unit_test(there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
