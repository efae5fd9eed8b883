/* invoice_json.c: an invoice as canonical JSON, and back. */
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

static void put_parts(json *j, const invoice_item *v)
{
    json_array(j, "amounts");
    for (int k = 0; k < v->npart; k++) {
        json_object(j, NULL);
        json_text(j, "tax", v->part[k].tax);
        json_int(j, "rate_ppm", v->part[k].rate_e6);
        json_bool(j, "added", v->part[k].added);
        json_yen(j, "amount_yen", v->part[k].amount);
        json_end(j);
    }
    json_end(j);
}

static void put_item(json *j, const invoice_item *v)
{
    json_object(j, NULL);
    json_text(j, "contract", v->contract);
    json_text(j, "point", v->point);
    put_name(j, "name", v->name);
    json_text(j, "kind", v->kind);
    json_bool(j, "value", v->value);
    json_day(j, "from", v->from);
    json_day(j, "to", v->to);
    json_int(j, "wh", v->wh);
    if (v->price_e6 == MIZO_NO_PRICE)
        json_null(j, "price_yen");
    else
        json_yen(j, "price_yen", v->price_e6);
    json_yen(j, "left_yen", v->left_e6);
    json_text(j, "readings", v->digest);
    json_int(j, "known_ms", v->known);
    put_parts(j, v);
    json_end(j);
}

static void put_rate(json *j, const invoice_rate *v)
{
    json_object(j, NULL);
    json_text(j, "tax", v->tax);
    json_int(j, "rate_ppm", v->rate_e6);
    json_bool(j, "added", v->added);
    json_yen(j, "items_yen", v->items);
    json_yen(j, "gross_yen", v->gross);
    json_yen(j, "tax_yen", v->tax_amount);
    json_yen(j, "net_yen", v->net);
    json_yen(j, "left_yen", v->left);
    json_end(j);
}

static void put_day(json *j, const char *key, mizo_day d)
{
    if (d == MIZO_DAY_NONE)
        json_null(j, key);
    else
        json_day(j, key, d);
}

void invoice_json(const invoice *v, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_int(&j, "format", 1);
    json_text(&j, "kind", invoice_kind_word(v->kind));
    json_text(&j, "id", v->id);
    json_day(&j, "month", v->month);
    json_text(&j, "issuer", v->issuer);
    put_name(&j, "issuer_name", v->issuer_name);
    json_text(&j, "issuer_number", v->issuer_number);
    json_text(&j, "party", v->party);
    put_name(&j, "party_name", v->party_name);
    json_text(&j, "party_number", v->party_number);
    put_day(&j, "issued", v->issued);
    put_day(&j, "due", v->due);
    json_text(&j, "returns", v->returns);
    put_name(&j, "why", v->why);
    json_int(&j, "credit_ppm", v->share_e6);
    json_array(&j, "items");
    for (size_t i = 0; i < v->nitem; i++)
        put_item(&j, &v->item[i]);
    json_end(&j);
    json_array(&j, "rates");
    for (int i = 0; i < v->nrate; i++)
        put_rate(&j, &v->rate[i]);
    json_end(&j);
    json_yen(&j, "total_yen", v->total);
    json_yen(&j, "tax_yen", v->tax);
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
    invoice_part *v = into;
    if (strcmp(t->key, "tax") == 0)
        v->tax = text_of(x, t);
    else if (strcmp(t->key, "rate_ppm") == 0)
        v->rate_e6 = number_of(x, t, 0);
    else if (strcmp(t->key, "added") == 0)
        v->added = t->kind == JSON_TRUE;
    else if (strcmp(t->key, "amount_yen") == 0)
        v->amount = number_of(x, t, 6);
    else
        (void)wrong(x, "a key of an amount is not known");
}

static void parts(reader *x, const json_token *t, invoice_item *v)
{
    json_token m;
    if (t->kind != JSON_ARRAY) {
        (void)wrong(x, "a list of amounts was expected");
        return;
    }
    while (!x->err && !json_next(&x->r, &m) && m.kind != JSON_CLOSE) {
        if (v->npart == INVOICE_RATES) {
            (void)wrong(x, "too many amounts");
            return;
        }
        v->part[v->npart] = (invoice_part){ .tax = "" };
        (void)members(x, &m, part_member, &v->part[v->npart++]);
    }
}

static void item_member(reader *x, const json_token *t, void *into)
{
    invoice_item *v = into;
    const struct {
        const char *key;
        const char **text;
    } texts[] = {
        {"contract",  &v->contract},
        { "point",    &v->point   },
        { "name",     &v->name    },
        { "kind",     &v->kind    },
        { "readings", &v->digest  }
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(t->key, texts[i].key) == 0) {
            *texts[i].text = text_of(x, t);
            return;
        }
    if (strcmp(t->key, "value") == 0)
        v->value = t->kind == JSON_TRUE;
    else if (strcmp(t->key, "from") == 0)
        v->from = day_of(x, t);
    else if (strcmp(t->key, "to") == 0)
        v->to = day_of(x, t);
    else if (strcmp(t->key, "wh") == 0)
        v->wh = number_of(x, t, 0);
    else if (strcmp(t->key, "known_ms") == 0)
        v->known = number_of(x, t, 0);
    else if (strcmp(t->key, "price_yen") == 0)
        v->price_e6 = t->kind == JSON_NULL ? MIZO_NO_PRICE : number_of(x, t, 6);
    else if (strcmp(t->key, "left_yen") == 0)
        v->left_e6 = number_of(x, t, 6);
    else if (strcmp(t->key, "amounts") == 0)
        parts(x, t, v);
    else
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
        v->item[v->nitem] =
            (invoice_item){ .contract = "", .point = "", .name = "", .kind = "", .digest = "" };
        (void)members(x, &m, item_member, &v->item[v->nitem++]);
    }
}

static void rate_member(reader *x, const json_token *t, void *into)
{
    invoice_rate *v = into;
    const struct {
        const char *key;
        mizo_uyen *yen;
    } yens[] = {
        {"items_yen",  &v->items     },
        { "gross_yen", &v->gross     },
        { "tax_yen",   &v->tax_amount},
        { "net_yen",   &v->net       },
        { "left_yen",  &v->left      }
    };
    for (size_t i = 0; i < sizeof yens / sizeof *yens; i++)
        if (strcmp(t->key, yens[i].key) == 0) {
            *yens[i].yen = number_of(x, t, 6);
            return;
        }
    if (strcmp(t->key, "tax") == 0)
        v->tax = text_of(x, t);
    else if (strcmp(t->key, "rate_ppm") == 0)
        v->rate_e6 = number_of(x, t, 0);
    else if (strcmp(t->key, "added") == 0)
        v->added = t->kind == JSON_TRUE;
    else
        (void)wrong(x, "a key of a rate is not known");
}

static void rates(reader *x, const json_token *t, invoice *v)
{
    json_token m;
    if (t->kind != JSON_ARRAY) {
        (void)wrong(x, "a list of rates was expected");
        return;
    }
    while (!x->err && !json_next(&x->r, &m) && m.kind != JSON_CLOSE) {
        if (v->nrate == INVOICE_RATES) {
            (void)wrong(x, "too many rates");
            return;
        }
        v->rate[v->nrate] = (invoice_rate){ .tax = "" };
        (void)members(x, &m, rate_member, &v->rate[v->nrate++]);
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
    const struct {
        const char *key;
        const char **text;
    } texts[] = {
        {"id",             &v->id           },
        { "issuer",        &v->issuer       },
        { "issuer_name",   &v->issuer_name  },
        { "issuer_number", &v->issuer_number},
        { "party",         &v->party        },
        { "party_name",    &v->party_name   },
        { "party_number",  &v->party_number },
        { "returns",       &v->returns      },
        { "why",           &v->why          }
    };
    const struct {
        const char *key;
        mizo_day *day;
    } days[] = {
        {"month",   &v->month },
        { "issued", &v->issued},
        { "due",    &v->due   }
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(t->key, texts[i].key) == 0) {
            *texts[i].text = text_of(x, t);
            return;
        }
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (strcmp(t->key, days[i].key) == 0) {
            *days[i].day = day_of(x, t);
            return;
        }
    if (strcmp(t->key, "format") == 0 && strcmp(t->text, "1") == 0)
        return;
    if (strcmp(t->key, "kind") == 0)
        kind_member(x, t, v);
    else if (strcmp(t->key, "credit_ppm") == 0)
        v->share_e6 = number_of(x, t, 0);
    else if (strcmp(t->key, "items") == 0)
        items(x, t, v);
    else if (strcmp(t->key, "rates") == 0)
        rates(x, t, v);
    else if (strcmp(t->key, "total_yen") == 0)
        v->total = number_of(x, t, 6);
    else if (strcmp(t->key, "tax_yen") == 0)
        v->tax = number_of(x, t, 6);
    else
        (void)wrong(x, "a key is not known");
}

mizo_err invoice_read(const char *text, size_t n, arena *a, invoice *out, const char **what)
{
    reader x = { .a = a, .what = "it is not JSON" };
    json_token t;
    *out = (invoice){ .id = "",
                      .issuer = "",
                      .issuer_name = "",
                      .issuer_number = "",
                      .party = "",
                      .party_name = "",
                      .party_number = "",
                      .returns = "",
                      .why = "",
                      .issued = MIZO_DAY_NONE,
                      .due = MIZO_DAY_NONE };
    json_read_init(&x.r, text, n);
    mizo_err err = json_next(&x.r, &t);
    err = err ? err : members(&x, &t, top_member, out);
    if (!err && (json_next(&x.r, &t) || t.kind != JSON_END))
        err = MIZO_EINPUT;
    *what = x.what;
    return err;
}
