/* paper.c: see paper.h. */
#include "town/duty/paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "mizo/messages/duty.h"
#include "town/register/register.h"
#include "town/report_file.h"

enum { TEMPLATE_MOST = 256 * 1024, LINE_MOST = 8192, VALUE = 512 };

const note_kind note_paper = {
    "paper",
    {{ "contract", NOTE_WORD, true },
      { "paper", NOTE_WORD, true }, /* before, after */
      { "template", NOTE_LINE, true },
      { "model", NOTE_LINE, true },
      { "given", NOTE_DAY, true },
      { "how", NOTE_LINE, true },
      { "explained", NOTE_LINE, false },
      { "file", NOTE_WORD, true },
      { "hash", NOTE_LINE, true },
      { "consented", NOTE_DAY, false },
      { "consent", NOTE_LINE, false }},
};

/* ---- what can be filled in ---- */

typedef struct facts {
    town *t;
    const paper_ask *a;
    const mizo_contract *c;
    const mizo_point *p;
    const mizo_issuer *issuer;
} facts;

static const char *named(const char *ja, const char *en, const char *id)
{
    return *ja ? ja : *en ? en : id;
}

static void put(char out[VALUE], const char *s)
{
    (void)snprintf(out, VALUE, "%s", s);
}

static void put_day(char out[VALUE], mizo_day day)
{
    char text[MIZO_DATE_TEXT];
    mizo_day_text(day, text);
    put(out, text);
}

static void paper_title(const facts *f, char out[VALUE])
{
    put(out, f->a->after ? "電気需給契約 締結後の書面" : "電気需給契約 締結前の説明書");
}

static void paper_day(const facts *f, char out[VALUE])
{
    put_day(out, f->a->day);
}

static void paper_explained(const facts *f, char out[VALUE])
{
    put(out, f->a->explained ? f->a->explained : "");
}

/* A household stands in the files by its id alone: its name is sealed. */
static void party_name(const facts *f, char out[VALUE])
{
    const mizo_party *p = &f->t->region->party[f->c->party];
    put(out, named(p->name_ja, p->name_en, p->id));
}

static const mizo_party *issuing(const facts *f)
{
    return &f->t->region->party[f->issuer->party];
}

static void issuer_name(const facts *f, char out[VALUE])
{
    put(out, named(issuing(f)->name_ja, issuing(f)->name_en, issuing(f)->id));
}

static void issuer_address(const facts *f, char out[VALUE])
{
    put(out, named(f->issuer->address_ja, f->issuer->address_en, ""));
}

static void issuer_contact(const facts *f, char out[VALUE])
{
    put(out, f->issuer->contact);
}

static void issuer_number(const facts *f, char out[VALUE])
{
    put(out, mizo_party_registered(issuing(f), f->a->day) ? issuing(f)->invoice_number : "登録なし");
}

static void issuer_pay(const facts *f, char out[VALUE])
{
    put(out, named(f->issuer->note_ja, f->issuer->note_en, ""));
}

static void contract_id(const facts *f, char out[VALUE])
{
    put(out, f->c->id);
}

static void contract_from(const facts *f, char out[VALUE])
{
    put_day(out, f->c->from);
}

static void contract_term(const facts *f, char out[VALUE])
{
    char from[MIZO_DATE_TEXT], to[MIZO_DATE_TEXT];
    mizo_day_text(f->c->from, from);
    if (f->c->to == MIZO_DAY_NONE) {
        (void)snprintf(out, VALUE, "%s から、解約まで", from);
        return;
    }
    mizo_day_text(f->c->to - 1, to);
    (void)snprintf(out, VALUE, "%s から %s まで", from, to);
}

static void contract_power(const facts *f, char out[VALUE])
{
    bool measured = f->p->tariff >= 0 && f->t->region->tariff[f->c->tariff].measured_demand;
    if (f->c->agreed_w)
        (void)snprintf(out, VALUE, "%d kW (協議)", f->c->agreed_w / 1000);
    else if (measured)
        put(out, "実量制(当月と過去11か月の最大需要電力)");
    else
        (void)snprintf(out, VALUE, "%d kW", f->p->contract_w / 1000);
}

static void contract_reading(const facts *f, char out[VALUE])
{
    (void)snprintf(out, VALUE, "毎月 %d 日", f->c->reading_day);
}

static void contract_pay(const facts *f, char out[VALUE])
{
    (void)snprintf(out, VALUE, "請求書の発行から %d 日", f->c->pay_days);
}

static void point_number(const facts *f, char out[VALUE])
{
    put(out, *f->p->number ? f->p->number : "未定");
}

static void point_voltage(const facts *f, char out[VALUE])
{
    static const char *const words[] = { "低圧", "高圧", "特別高圧" };
    put(out, words[f->p->voltage]);
}

static void tariff_name(const facts *f, char out[VALUE])
{
    const mizo_tariff *r = &f->t->region->tariff[f->c->tariff];
    put(out, named(r->name_ja, r->name_en, r->id));
}

static void menu_claim(const facts *f, char out[VALUE])
{
    mizo_ref m = mizo_region_menu_on(f->t->region, f->c->point, f->a->day);
    const mizo_menu *menu = m < 0 ? NULL : &f->t->region->menu[m];
    if (!menu)
        put(out, "表示なし");
    else
        (void)snprintf(out, VALUE, "%s: 環境価値つき再エネ %d.%d％、排出係数 %d g-CO2/kWh%s",
                       named(menu->name_ja, menu->name_en, menu->id), menu->renewable_ppm / 10000,
                       menu->renewable_ppm / 1000 % 10, menu->g_per_kwh,
                       menu->unverified ? "(係数は未確認)" : "");
}

static void process_days(const facts *f, const char *kind, char out[VALUE])
{
    const mizo_process *p = mizo_process_of(f->t->region, kind, mizo_voltage_word(f->p->voltage),
                                            f->c->agreed_w ? f->c->agreed_w : f->p->contract_w, f->a->day);
    if (!p)
        put(out, "定めなし");
    else if (p->before)
        (void)snprintf(out, VALUE, "解約日の %d 日前", p->days + p->business_days);
    else
        (void)snprintf(out, VALUE, "%d 営業日%s%.0d%s", p->business_days, p->days ? "と " : "", p->days,
                       p->days ? " 日" : "");
}

static void switch_days(const facts *f, char out[VALUE])
{
    process_days(f, "switch", out);
}

static void cancel_days(const facts *f, char out[VALUE])
{
    process_days(f, "cancel-notice", out);
}

static const struct {
    const char *name;
    void (*fill)(const facts *f, char out[VALUE]);
} fields[] = {
    {"paper.title",       paper_title     },
    { "paper.day",        paper_day       },
    { "paper.explained",  paper_explained },
    { "party.name",       party_name      },
    { "issuer.name",      issuer_name     },
    { "issuer.address",   issuer_address  },
    { "issuer.contact",   issuer_contact  },
    { "issuer.number",    issuer_number   },
    { "issuer.pay",       issuer_pay      },
    { "contract.id",      contract_id     },
    { "contract.from",    contract_from   },
    { "contract.term",    contract_term   },
    { "contract.power",   contract_power  },
    { "contract.reading", contract_reading},
    { "contract.pay",     contract_pay    },
    { "point.number",     point_number    },
    { "point.voltage",    point_voltage   },
    { "tariff.name",      tariff_name     },
    { "menu.claim",       menu_claim      },
    { "switch.days",      switch_days     },
    { "cancel.days",      cancel_days     },
};

void paper_fields(buf *out)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        buf_printf(out, "%s, ", fields[i].name);
    buf_printf(out, "charges");
}

/* ---- filling in ---- */

typedef struct maker {
    facts f;
    report *r;
    int line;
    bool bad;
} maker;

static void say_unknown(maker *m, const char *name, size_t n, int column)
{
    char word[80];
    buf all;
    (void)snprintf(word, sizeof word, "%.*s", (int)(n < 60 ? n : 60), name);
    buf_init(&all, 0);
    paper_fields(&all);
    buf_char(&all, '\0');
    MIZO_DIAG(m->f.t->diags, PAPER_PLACEHOLDER,
              ((mizo_place){ m->f.a->name ? m->f.a->name : "template", m->line, column }), word,
              all.err ? "" : all.p);
    buf_fini(&all);
    m->bad = true;
}

static void fill_one(maker *m, const char *name, size_t n, int column, buf *out)
{
    char value[VALUE];
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strlen(fields[i].name) == n && memcmp(fields[i].name, name, n) == 0) {
            fields[i].fill(&m->f, value);
            buf_printf(out, "%s", value);
            return;
        }
    say_unknown(m, name, n, column);
}

/* One line with its placeholders filled in. */
static void fill_line(maker *m, const char *s, size_t n, buf *out)
{
    size_t i = 0;
    while (i < n) {
        if (n - i < 2 || s[i] != '{' || s[i + 1] != '{') {
            buf_char(out, s[i++]);
            continue;
        }
        size_t end = i + 2;
        while (end + 1 < n && !(s[end] == '}' && s[end + 1] == '}'))
            end++;
        if (end + 1 >= n) {
            MIZO_DIAG(m->f.t->diags, PAPER_OPEN,
                      ((mizo_place){ m->f.a->name ? m->f.a->name : "template", m->line, (int)i + 1 }), NULL);
            m->bad = true;
            return;
        }
        fill_one(m, s + i + 2, end - i - 2, (int)i + 1, out);
        i = end + 2;
    }
}

/* ---- the table of charges ---- */

static bool holds(const mizo_charge *h, const mizo_contract *c, mizo_day day)
{
    mizo_day from = day > c->from ? day : c->from; /* a contract of later begins with the prices of then */
    return h->from <= from && from < h->to;
}

static void charge_row(maker *m, const mizo_charge *h)
{
    report_cell_text(m->r, named(h->name_ja, h->name_en, mizo_charge_word(h->kind)));
    if (h->price_e6 == MIZO_NO_PRICE)
        report_cell_textf(m->r, "%s による", h->param);
    else
        report_cell_scaled(m->r, h->price_e6, 6, 2);
    report_cell_text(m->r, mizo_charge_unit(h->kind));
    report_cell_text(m->r, h->tax_added ? "税抜" : "税込");
    report_cell_textf(m->r, "%s%s%s%s", report_said(m->r, h->source), h->mark ? " [" : "",
                      mizo_mark_text(h->mark), h->mark ? "]" : "");
}

static void charges(maker *m)
{
    static const report_column columns[] = {
        {"料金の種類", NULL, REPORT_LEFT,  30, false, false},
        { "単価",         NULL, REPORT_RIGHT, 16, false, false},
        { "単位",         NULL, REPORT_LEFT,  12, false, false},
        { "税",            NULL, REPORT_LEFT,  8,  false, false},
        { "出典",         NULL, REPORT_LEFT,  34, false, false},
    };
    const mizo_region *r = m->f.t->region;
    size_t first, n = mizo_charges_of(r, m->f.c->tariff, &first);
    report_columns(m->r, NULL, columns, 5);
    for (size_t i = first; i < first + n; i++)
        if (holds(&r->charge[i], m->f.c, m->f.a->day))
            charge_row(m, &r->charge[i]);
    const mizo_tariff *t = &r->tariff[m->f.c->tariff];
    for (mizo_ref i = 0; !n && i < t->rate_count; i++) {
        report_cell_text(m->r, "電力量料金");
        report_cell_number(m->r, r->rate[t->rate_first + i].myen_per_kwh, 3);
        report_cell_text(m->r, "yen/kWh");
        report_cell_text(m->r, "税込");
        report_cell_text(m->r, t->unverified ? "未確認" : "");
    }
}

/* ---- lines to blocks ---- */

static void block(maker *m, char *s)
{
    char *pair = strstr(s, " :: ");
    if (strncmp(s, "## ", 3) == 0) {
        report_heading(m->r, 1, s + 3);
    } else if (strncmp(s, "> ", 2) == 0) {
        report_note(m->r, s + 2);
    } else if (pair) {
        *pair = '\0';
        report_pair(m->r, s, pair + 4);
    } else if (*s) {
        report_text(m->r, s);
    }
}

static mizo_err take_line(maker *m, const char *s, size_t n)
{
    buf b;
    if (n == 11 && memcmp(s, "{{charges}}", 11) == 0) {
        charges(m);
        return MIZO_OK;
    }
    buf_init(&b, LINE_MOST);
    fill_line(m, s, n, &b);
    buf_char(&b, '\0');
    mizo_err e = b.err;
    if (!e)
        block(m, b.p);
    buf_fini(&b);
    return e;
}

/* The title is the first line's, where that begins with "# ". */
static mizo_err title_of(maker *m, const char *s, size_t n, buf *title)
{
    m->line = 1;
    if (n > 2 && memcmp(s, "# ", 2) == 0)
        fill_line(m, s + 2, n - 2, title);
    buf_char(title, '\0');
    return title->err;
}

static size_t line_of(const char *s, size_t n)
{
    const char *end = memchr(s, '\n', n);
    return end ? (size_t)(end - s) : n;
}

static size_t trimmed(const char *s, size_t n)
{
    return n && s[n - 1] == '\r' ? n - 1 : n;
}

static mizo_err facts_of(town *t, const paper_ask *a, facts *f)
{
    char day[MIZO_DATE_TEXT], most[16];
    *f = (facts){ .t = t, .a = a };
    MIZO_TRY(duty_contract(t, a->contract, &f->c));
    f->p = &t->region->point[f->c->point];
    f->issuer = mizo_issuer_on(t->region, a->day);
    if (a->template && a->n > TEMPLATE_MOST) {
        (void)snprintf(most, sizeof most, "%d", TEMPLATE_MOST);
        MIZO_DIAG(t->diags, PAPER_LONG, ((mizo_place){ a->name, 0, 0 }), most);
        return MIZO_EINPUT;
    }
    if (f->issuer)
        return MIZO_OK;
    mizo_day_text(a->day, day);
    MIZO_DIAG(t->diags, PAPER_NO_ISSUER, MIZO_NOWHERE, day);
    return MIZO_EINPUT;
}

static mizo_err lines(maker *m, const char *s, size_t n)
{
    buf title;
    char issuer[VALUE];
    buf_init(&title, LINE_MOST);
    mizo_err e = title_of(m, s, trimmed(s, line_of(s, n)), &title);
    issuer_name(&m->f, issuer);
    if (!e)
        m->r = report_new(&(report_head){
            .title = title.p, .author = issuer, .footer = m->f.c->id, .lang = "ja", .day = m->f.a->day });
    if (!e && !m->r)
        e = MIZO_ENOMEM;
    bool titled = n > 2 && memcmp(s, "# ", 2) == 0;
    for (size_t i = 0, k; !e && i < n; i += k + 1, m->line++) {
        k = line_of(s + i, n - i);
        if (i > 0 || !titled)
            e = take_line(m, s + i, trimmed(s + i, k));
    }
    buf_fini(&title);
    return e;
}

mizo_err paper_build(town *t, const paper_ask *a, report **out)
{
    maker m = { .line = 1 };
    *out = NULL;
    MIZO_TRY(facts_of(t, a, &m.f));
    const char *text = a->template ? a->template : paper_template;
    mizo_err e = lines(&m, text, a->template ? a->n : strlen(paper_template));
    if (!e && m.bad)
        e = MIZO_EINPUT;
    if (!e)
        e = report_done(m.r);
    if (e) {
        report_free(m.r);
        return e;
    }
    *out = m.r;
    return MIZO_OK;
}

/* ---- given ---- */

static void fill_note(const paper_ask *a, const town *t, const char *id, const register_line *l, note *n)
{
    const char *text = a->template ? a->template : paper_template;
    char sum[HASH_TEXT];
    hash_text(hash_bytes(text, a->template ? a->n : strlen(paper_template)), sum);
    note_begin(n, &note_paper, id);
    note_set(n, "contract", a->contract);
    note_set(n, "paper", a->after ? "after" : "before");
    note_set(n, "template", sum);
    note_set(n, "model", t->region->hash);
    note_set_day(n, "given", a->day);
    note_set(n, "how", a->how);
    note_set(n, "explained", a->explained);
    note_set(n, "file", l->id);
    note_set(n, "hash", l->hash);
}

static mizo_err keep(town *t, const paper_ask *a, const buf *pdf, const char *actor, note *out)
{
    char id[MIZO_ID_MAX], name[128];
    register_line line;
    MIZO_TRY(note_next_id(t, &note_paper, "paper", id));
    (void)snprintf(name, sizeof name, "%s-%s.pdf", a->contract, a->after ? "after" : "before");
    register_file f = {
        .kind = "contract-paper",
        .name = name,
        .sent = true,
        .with = t->region->party[t->region->contract[mizo_region_contract(t->region, a->contract)].party].id,
        .from = a->day,
        .to = a->day + 1,
        .actor = actor,
        .bytes = pdf->p,
        .n = pdf->n
    };
    store_batch b = { .known = town_now(t), .actor = actor, .source = "contract-paper", .note = "" };
    MIZO_TRY(t->store->ops->batch_begin(t->store, &b));
    mizo_err e = register_put(t, &f, &line);
    if (!e) {
        fill_note(a, t, id, &line, out);
        e = note_put_open(t, out);
    }
    if (!e)
        return t->store->ops->batch_commit(t->store);
    t->store->ops->batch_rollback(t->store);
    return e;
}

mizo_err paper_give(town *t, const paper_ask *a, const char *actor, note *out)
{
    report *r;
    buf pdf;
    MIZO_TRY(paper_build(t, a, &r));
    buf_init(&pdf, REPORT_BYTES);
    mizo_err e = report_make(r, REPORT_FORMAT_PDF, t->diags, &pdf);
    if (!e)
        e = keep(t, a, &pdf, actor, out);
    if (!e)
        e = note_find(t, &note_paper, out->id, out);
    buf_fini(&pdf);
    report_free(r);
    return e;
}

mizo_err paper_consent(town *t, const char *id, mizo_day on, const char *how, const char *actor, note *out)
{
    char day[MIZO_DATE_TEXT];
    mizo_err e = note_find(t, &note_paper, id, out);
    if (e == MIZO_ENOENT) {
        MIZO_DIAG(t->diags, DUTY_NOTE_NONE, MIZO_NOWHERE, "paper", id);
        return MIZO_EINPUT;
    }
    MIZO_TRY(e);
    if (*note_get(out, "consented")) {
        MIZO_DIAG(t->diags, DUTY_DONE_ALREADY, MIZO_NOWHERE, "paper", id, note_get(out, "consented"));
        return MIZO_ECONFLICT;
    }
    if (on < note_day(out, "given")) {
        mizo_day_text(on, day);
        MIZO_DIAG(t->diags, PAPER_CONSENT_BEFORE, MIZO_NOWHERE, note_get(out, "given"), day);
        return MIZO_EINPUT;
    }
    note_set_day(out, "consented", on);
    note_set(out, "consent", how);
    MIZO_TRY(note_put(t, out, actor));
    return note_find(t, &note_paper, id, out);
}
