/* invoice_json.c: an invoice as canonical JSON, and back. */
#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "mizo/messages/invoice.h"
#include "retail/invoice.h"

enum { NAME_MOST = 240 }; /* bytes of a name as it is kept: a token of json_read.h holds it whole */

static void put_name(json *j, const char *key, const char *s)
{
    char cut[NAME_MOST + 1];
    size_t n = strlen(s);
    if (n > NAME_MOST)
        for (n = NAME_MOST; n && ((unsigned char)s[n] & 0xc0) == 0x80;)
            n--;
    memcpy(cut, s, n);
    cut[n] = 0;
    json_text(j, key, cut);
}

/* The scalars of each object, in the order in which they are written. */
typedef enum field_kind {
    TEXT,
    NAME, /* a text that is cut at NAME_MOST */
    DAY,  /* MIZO_DAY_NONE: null */
    WHOLE,
    YEN,
    PRICE, /* MIZO_NO_PRICE: null */
    FLAG
} field_kind;

typedef struct field {
    const char *key;
    field_kind kind;
    size_t at;
} field;

#define N(table) (sizeof(table) / sizeof *(table))

static const field PART[] = {
    {"tax",         TEXT,  offsetof(invoice_part, tax)    },
    { "rate_ppm",   WHOLE, offsetof(invoice_part, rate_e6)},
    { "added",      FLAG,  offsetof(invoice_part, added)  },
    { "amount_yen", YEN,   offsetof(invoice_part, amount) }
};
static const field ITEM[] = {
    {"contract",   TEXT,  offsetof(invoice_item, contract)},
    { "point",     TEXT,  offsetof(invoice_item, point)   },
    { "name",      NAME,  offsetof(invoice_item, name)    },
    { "kind",      TEXT,  offsetof(invoice_item, kind)    },
    { "value",     FLAG,  offsetof(invoice_item, value)   },
    { "from",      DAY,   offsetof(invoice_item, from)    },
    { "to",        DAY,   offsetof(invoice_item, to)      },
    { "wh",        WHOLE, offsetof(invoice_item, wh)      },
    { "price_yen", PRICE, offsetof(invoice_item, price_e6)},
    { "left_yen",  YEN,   offsetof(invoice_item, left_e6) },
    { "readings",  TEXT,  offsetof(invoice_item, digest)  },
    { "known_ms",  WHOLE, offsetof(invoice_item, known)   }
};
static const field RATE[] = {
    {"tax",        TEXT,  offsetof(invoice_rate, tax)       },
    { "rate_ppm",  WHOLE, offsetof(invoice_rate, rate_e6)   },
    { "added",     FLAG,  offsetof(invoice_rate, added)     },
    { "items_yen", YEN,   offsetof(invoice_rate, items)     },
    { "gross_yen", YEN,   offsetof(invoice_rate, gross)     },
    { "tax_yen",   YEN,   offsetof(invoice_rate, tax_amount)},
    { "net_yen",   YEN,   offsetof(invoice_rate, net)       },
    { "left_yen",  YEN,   offsetof(invoice_rate, left)      }
};
/* Of the invoice, before its lists and after them. */
static const field TOP[] = {
    {"id",             TEXT,  offsetof(invoice, id)           },
    { "month",         DAY,   offsetof(invoice, month)        },
    { "issuer",        TEXT,  offsetof(invoice, issuer)       },
    { "issuer_name",   NAME,  offsetof(invoice, issuer_name)  },
    { "issuer_number", TEXT,  offsetof(invoice, issuer_number)},
    { "party",         TEXT,  offsetof(invoice, party)        },
    { "party_name",    NAME,  offsetof(invoice, party_name)   },
    { "party_number",  TEXT,  offsetof(invoice, party_number) },
    { "issued",        DAY,   offsetof(invoice, issued)       },
    { "due",           DAY,   offsetof(invoice, due)          },
    { "returns",       TEXT,  offsetof(invoice, returns)      },
    { "why",           NAME,  offsetof(invoice, why)          },
    { "credit_ppm",    WHOLE, offsetof(invoice, share_e6)     }
};
static const field SUMS[] = {
    {"total_yen", YEN, offsetof(invoice, total)},
    { "tax_yen",  YEN, offsetof(invoice, tax)  }
};

static void put(json *j, const field *f, size_t n, const void *of)
{
    for (; n; n--, f++) {
        const void *p = (const char *)of + f->at;
        bool null = (f->kind == DAY && *(const mizo_day *)p == MIZO_DAY_NONE) ||
                    (f->kind == PRICE && *(const int64_t *)p == MIZO_NO_PRICE);
        if (null)
            json_null(j, f->key);
        else if (f->kind == TEXT)
            json_text(j, f->key, *(const char *const *)p);
        else if (f->kind == NAME)
            put_name(j, f->key, *(const char *const *)p);
        else if (f->kind == DAY)
            json_day(j, f->key, *(const mizo_day *)p);
        else if (f->kind == WHOLE)
            json_int(j, f->key, *(const int64_t *)p);
        else if (f->kind == FLAG)
            json_bool(j, f->key, *(const bool *)p);
        else
            json_yen(j, f->key, *(const int64_t *)p);
    }
}

static void put_item(json *j, const invoice_item *v)
{
    json_object(j, NULL);
    put(j, ITEM, N(ITEM), v);
    json_array(j, "amounts");
    for (int k = 0; k < v->npart; k++) {
        json_object(j, NULL);
        put(j, PART, N(PART), &v->part[k]);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

void invoice_json(const invoice *v, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_int(&j, "format", 1);
    json_text(&j, "kind", invoice_kind_word(v->kind));
    put(&j, TOP, N(TOP), v);
    json_array(&j, "items");
    for (size_t i = 0; i < v->nitem; i++)
        put_item(&j, &v->item[i]);
    json_end(&j);
    json_array(&j, "rates");
    for (int i = 0; i < v->nrate; i++) {
        json_object(&j, NULL);
        put(&j, RATE, N(RATE), &v->rate[i]);
        json_end(&j);
    }
    json_end(&j);
    put(&j, SUMS, N(SUMS), v);
    json_end(&j);
}

/* ---- back ---- */
typedef struct reader {
    json_reader r;
    arena *a;
    const char *what;
    mizo_err err;
} reader;

static mizo_err wrong(reader *x, const char *what)
{
    if (!x->err) {
        x->err = MIZO_EINPUT;
        x->what = what;
    }
    return x->err;
}

static const char *text_of(reader *x, const json_token *t)
{
    if (t->kind != JSON_STRING || t->cut) {
        (void)wrong(x, "a text was expected");
        return "";
    }
    char *s = arena_copy(x->a, t->text, strlen(t->text));
    if (!s && !x->err)
        x->err = MIZO_ENOMEM;
    return s ? s : "";
}

static int64_t number_of(reader *x, const json_token *t, int digits)
{
    int64_t v = 0;
    bool right = digits ? t->kind == JSON_STRING : t->kind == JSON_NUMBER;
    if (!right || t->cut || mizo_decimal_parse(t->text, strlen(t->text), digits, &v))
        (void)wrong(x, "a number was expected");
    return v;
}

static mizo_day day_of(reader *x, const json_token *t)
{
    mizo_date d;
    if (t->kind == JSON_NULL)
        return MIZO_DAY_NONE;
    if (t->kind != JSON_STRING || mizo_date_parse(t->text, strlen(t->text), &d)) {
        (void)wrong(x, "a day was expected");
        return 0;
    }
    return mizo_date_day(d);
}

/* Texts that no member names are "", not NULL. */
static void blank(const field *f, size_t n, void *of)
{
    for (; n; n--, f++)
        if (f->kind == TEXT || f->kind == NAME)
            *(const char **)((char *)of + f->at) = "";
}

/* Whether the table knows the member t. */
static bool take(reader *x, const json_token *t, const field *f, size_t n, void *into)
{
    for (; n && strcmp(t->key, f->key); n--)
        f++;
    if (!n)
        return false;
    void *p = (char *)into + f->at;
    if (f->kind == TEXT || f->kind == NAME)
        *(const char **)p = text_of(x, t);
    else if (f->kind == DAY)
        *(mizo_day *)p = day_of(x, t);
    else if (f->kind == FLAG)
        *(bool *)p = t->kind == JSON_TRUE;
    else if (f->kind == PRICE && t->kind == JSON_NULL)
        *(int64_t *)p = MIZO_NO_PRICE;
    else
        *(int64_t *)p = number_of(x, t, f->kind == WHOLE ? 0 : 6);
    return true;
}

/* The members of the object that t began, one call of fn each. */
static mizo_err members(reader *x, const json_token *t, void (*fn)(reader *, const json_token *, void *),
                        void *into)
{
    json_token m;
    if (t->kind != JSON_OBJECT)
        return wrong(x, "an object was expected");
    while (!x->err && !json_next(&x->r, &m) && m.kind != JSON_CLOSE)
        fn(x, &m, into);
    return x->err ? x->err : m.kind == JSON_CLOSE ? MIZO_OK : wrong(x, "it ends too early");
}

static void part_member(reader *x, const json_token *t, void *into)
{
    if (!take(x, t, PART, N(PART), into))
        (void)wrong(x, "a key of an amount is not known");
}

static void rate_member(reader *x, const json_token *t, void *into)
{
    if (!take(x, t, RATE, N(RATE), into))
        (void)wrong(x, "a key of a rate is not known");
}

/* The next object of a list of at most INVOICE_RATES; false: the list ends, or x->err. */
static bool next_of(reader *x, const json_token *list, int n, json_token *m)
{
    if (list->kind != JSON_ARRAY)
        (void)wrong(x, "a list was expected");
    if (x->err || json_next(&x->r, m) || m->kind == JSON_CLOSE)
        return false;
    return n < INVOICE_RATES || (wrong(x, "too many in a list"), false);
}

static void parts(reader *x, const json_token *t, invoice_item *v)
{
    json_token m;
    while (next_of(x, t, v->npart, &m)) {
        blank(PART, N(PART), &v->part[v->npart]);
        (void)members(x, &m, part_member, &v->part[v->npart++]);
    }
}

static void rates(reader *x, const json_token *t, invoice *v)
{
    json_token m;
    while (next_of(x, t, v->nrate, &m)) {
        blank(RATE, N(RATE), &v->rate[v->nrate]);
        (void)members(x, &m, rate_member, &v->rate[v->nrate++]);
    }
}

static void item_member(reader *x, const json_token *t, void *into)
{
    if (strcmp(t->key, "amounts") == 0)
        parts(x, t, into);
    else if (!take(x, t, ITEM, N(ITEM), into))
        (void)wrong(x, "a key of an item is not known");
}

/* Items in a list that doubles within the arena. */
static void items(reader *x, const json_token *t, invoice *v)
{
    size_t cap = 0;
    json_token m;
    if (t->kind != JSON_ARRAY) {
        (void)wrong(x, "a list of items was expected");
        return;
    }
    while (!x->err && !json_next(&x->r, &m) && m.kind != JSON_CLOSE) {
        if (v->nitem == cap) {
            cap = cap ? cap * 2 : 16;
            invoice_item *more = cap <= 2 * INVOICE_ITEMS ? arena_take(x->a, cap * sizeof *more) : NULL;
            if (!more) {
                x->err = MIZO_ENOMEM;
                return;
            }
            if (v->nitem)
                memcpy(more, v->item, v->nitem * sizeof *more);
            v->item = more;
        }
        v->item[v->nitem] = (invoice_item){ 0 };
        blank(ITEM, N(ITEM), &v->item[v->nitem]);
        (void)members(x, &m, item_member, &v->item[v->nitem++]);
    }
}

static void kind_member(reader *x, const json_token *t, invoice *v)
{
    int k = 0;
    while (k < INVOICE_KINDS && strcmp(t->text, invoice_kind_word((invoice_kind)k)))
        k++;
    if (t->kind != JSON_STRING || k == INVOICE_KINDS)
        (void)wrong(x, "the kind is not known");
    else
        v->kind = (invoice_kind)k;
}

static void top_member(reader *x, const json_token *t, void *into)
{
    invoice *v = into;
    if (strcmp(t->key, "format") == 0 && strcmp(t->text, "1") == 0)
        return;
    if (strcmp(t->key, "kind") == 0)
        kind_member(x, t, v);
    else if (strcmp(t->key, "items") == 0)
        items(x, t, v);
    else if (strcmp(t->key, "rates") == 0)
        rates(x, t, v);
    else if (!take(x, t, TOP, N(TOP), v) && !take(x, t, SUMS, N(SUMS), v))
        (void)wrong(x, "a key is not known");
}

mizo_err invoice_read(const char *text, size_t n, arena *a, invoice *out, const char **what)
{
    reader x = { .a = a, .what = "it is not JSON" };
    json_token t;
    *out = (invoice){ .issued = MIZO_DAY_NONE, .due = MIZO_DAY_NONE };
    blank(TOP, N(TOP), out);
    json_read_init(&x.r, text, n);
    mizo_err err = json_next(&x.r, &t);
    err = err ? err : members(&x, &t, top_member, out);
    if (!err && (json_next(&x.r, &t) || t.kind != JSON_END))
        err = MIZO_EINPUT;
    *what = x.what;
    return err;
}
