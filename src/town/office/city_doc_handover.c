/* city_doc_handover.c: what the next person at the desk needs: who is late, what is due, what waits for a word, reports in
 * work, who owns what, what was done last year month by month, where files are kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "city/plan.h"
#include "town/duty/duty.h"
#include "town/import/held.h"
#include "town/office/city_doc.h"
#include "town/office/frozen.h"
#include "town/office/owner_ledger.h"
#include "town/people/account.h"
#include "town/register/register.h"

enum { MONTHS = 12, AHEAD = 92, BEHIND = 365, WORD = 64, WHO = 120 };

/* The desk's town, for acts that read and may say something. */
static town reading(const maker *m, mizo_diags *d)
{
    town t = *m->desk->town;
    t.region = m->r;
    t.diags = d;
    return t;
}

/* ---- who is late ---- */

static mizo_err late(maker *m)
{
    owner_ledger l;
    char missing[400];
    MIZO_TRY(owner_ledger_make(m->desk->town->store, m->r, m->ask->fy, STORE_LATEST, m->ask->day, &l));
    report_heading(m->out, 1, city_either(m, "報告の遅れ", "Who is late"));
    report_textf(m->out, m->ja ? "遅れている施設 %d / %zu" : "%d of %zu facilities are late", l.late, l.nrow);
    /* clang-format off */
    if (l.late)
        report_columns(m->out, city_either(m, "報告のない施設", "Facilities without their months"),
                       (const report_column[]){
                           { .title = city_either(m, "所管", "bureau") },
                           { .title = city_either(m, "施設", "facility") },
                           { .title = city_either(m, "ない月", "missing") },
                           { .title = city_either(m, "いつから", "since") },
                       }, 4);
    /* clang-format on */
    for (size_t i = 0; i < l.nrow; i++) {
        const mizo_facility *f = &m->r->facility[l.row[i].facility];
        if (!ledger_late(&l.row[i]))
            continue;
        ledger_missing_text(&l, &l.row[i], missing, sizeof missing);
        report_cell_text(m->out, f->bureau);
        report_cell_text(m->out, city_either(m, f->name_ja, f->name_en));
        report_cell_text(m->out, missing);
        report_cell_day(m->out, l.row[i].since);
    }
    owner_ledger_free(&l);
    return MIZO_OK;
}

/* ---- what is due ---- */

static mizo_err on_duty(void *arg, const duty_item *i)
{
    maker *m = arg;
    static const char *const ja[] = { "済", "遅れ", "もうすぐ", "これから" };
    if (i->state == DUTY_DONE)
        return MIZO_OK;
    report_cell_day(m->out, i->due);
    report_cell_text(m->out, (m->ja ? ja : duty_state_words)[i->state]);
    report_cell_text(m->out, city_either(m, i->row->name_ja, i->row->name_en));
    report_cell_day(m->out, i->from);
    report_cell_day(m->out, i->to - 1);
    return MIZO_OK;
}

static mizo_err due(maker *m, town *t)
{
    report_heading(m->out, 1, city_either(m, "期限", "What is due"));
    /* clang-format off */
    report_columns(m->out, city_either(m, "遅れているものと3か月以内のもの", "Late, and within three months"),
                   (const report_column[]){
                       { .title = city_either(m, "期限", "due") },
                       { .title = city_either(m, "状態", "state") },
                       { .title = city_either(m, "義務", "duty") },
                       { .title = city_either(m, "期間のはじめ", "from") },
                       { .title = city_either(m, "おわり", "to") },
                   }, 5);
    /* clang-format on */
    return duty_each(t, m->ask->day - BEHIND, m->ask->day + AHEAD, m->ask->day, on_duty, m);
}

/* ---- what waits for a word ---- */

typedef struct waiting {
    maker *m;
    int64_t held, asked, tasks, refused;
} waiting;

static mizo_err on_held(void *arg, const held_day *h)
{
    waiting *w = arg;
    w->held += h->state == HELD_WAITING;
    return MIZO_OK;
}

static mizo_err on_enquiry(void *arg, const note *n)
{
    waiting *w = arg;
    w->asked += !*note_get(n, "answered");
    return MIZO_OK;
}

static mizo_err on_task(void *arg, const note *n)
{
    waiting *w = arg;
    w->tasks += !*note_get(n, "done");
    return MIZO_OK;
}

static mizo_err on_refused(void *arg, const register_line *l)
{
    waiting *w = arg;
    mizo_day day = mizo_slot_day(mizo_ms_slot(l->at), w->m->r->offset);
    w->refused += l->refused && day > w->m->ask->day - AHEAD;
    return MIZO_OK;
}

static void count_row(maker *m, const char *ja, const char *en, int64_t n, const char *verb)
{
    report_cell_text(m->out, city_either(m, ja, en));
    report_cell_number(m->out, n, 0);
    report_cell_text(m->out, verb);
}

static mizo_err open_matters(maker *m, town *t)
{
    waiting w = { .m = m };
    MIZO_TRY(held_scan(t, true, on_held, &w));
    MIZO_TRY(note_scan(t, &note_enquiry, on_enquiry, &w));
    MIZO_TRY(note_scan(t, &note_task, on_task, &w));
    MIZO_TRY(register_scan(t, &(register_ask){ .kind = NULL }, on_refused, &w));
    report_heading(m->out, 1, city_either(m, "人の判断を待つもの", "What waits for a word"));
    /* clang-format off */
    report_columns(m->out, city_either(m, "未処理の件数", "Open matters"),
                   (const report_column[]){
                       { .title = city_either(m, "もの", "what") },
                       { .title = city_either(m, "件数", "how many"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "見るところ", "look with") },
                   }, 3);
    /* clang-format on */
    count_row(m, "疑わしく保留した検針値(点・日)", "readings held back (points and days)", w.held,
              "mizo readings held");
    count_row(m, "答えていない問い合わせ", "enquiries without an answer", w.asked, "mizo duty enquiries");
    count_row(m, "終わっていない手続", "tasks that are not done", w.tasks, "mizo duty tasks");
    count_row(m, "この3か月に取り込めなかったファイル", "files refused within three months", w.refused,
              "mizo files");
    return MIZO_OK;
}

/* ---- reports in work ---- */

typedef struct last_one {
    const char *name;
    int fy;
    frozen f;
    bool found;
} last_one;

static mizo_err on_frozen(void *arg, const frozen *f)
{
    last_one *x = arg;
    if (strcmp(f->report, x->name) == 0 && f->fy == x->fy && (!x->found || f->batch > x->f.batch)) {
        x->f = *f;
        x->found = true;
    }
    return MIZO_OK;
}

static mizo_err published_row(maker *m, town *t, const char *name, const char *title)
{
    last_one x = { .name = name, .fy = m->ask->fy };
    MIZO_TRY(frozen_each(t, on_frozen, &x));
    report_cell_text(m->out, title);
    if (!x.found) {
        report_cell_text(m->out, city_either(m, "まだ公表していない", "not published yet"));
        report_cell_blank(m->out);
        report_cell_blank(m->out);
        return MIZO_OK;
    }
    report_cell_text(m->out, x.f.id);
    report_cell_day(m->out, mizo_slot_day(mizo_ms_slot(x.f.at), m->r->offset));
    report_cell_text(m->out, x.f.why);
    return MIZO_OK;
}

static mizo_err undecided(maker *m)
{
    int n = 0;
    for (size_t i = 0; i < m->r->nplan_node; i++) {
        city_proposal p;
        MIZO_TRY(city_propose(m->b, &m->r->plan_node[i], m->ask->fy, &p));
        n += p.status && !city_evaluation(m->r, &m->r->plan_node[i], m->ask->fy);
    }
    report_pairf(m->out, city_either(m, "決定していない評価", "evaluations to be decided"), "%d", n);
    return MIZO_OK;
}

/* Targets of the year without a result, and results that are provisional still. */
static void results_to_come(maker *m)
{
    int missing = 0, provisional = 0;
    for (size_t i = 0; i < m->r->nindicator; i++) {
        city_value v;
        bool known = !city_value_of(m->b, &m->r->indicator[i], m->ask->fy, &v);
        missing += !known && city_goal(m->b, &m->r->indicator[i], m->ask->fy) != NULL;
        provisional += known && v.row && v.row->vintage == MIZO_VINTAGE_PROVISIONAL;
    }
    report_pairf(m->out, city_either(m, "目標があって実績のない指標", "targets without a result"), "%d",
                 missing);
    report_pairf(m->out, city_either(m, "暫定値の指標", "results still provisional"), "%d", provisional);
}

static mizo_err in_work(maker *m, town *t)
{
    report_heading(m->out, 1, city_either(m, "作成中の報告", "Reports in work"));
    MIZO_TRY(undecided(m));
    results_to_come(m);
    /* clang-format off */
    report_columns(m->out, city_either(m, "年度の報告", "Reports of the year"),
                   (const report_column[]){
                       { .title = city_either(m, "報告", "report") },
                       { .title = city_either(m, "最後の公表", "last published") },
                       { .title = city_either(m, "日", "day") },
                       { .title = city_either(m, "何のため", "for what") },
                   }, 4);
    /* clang-format on */
    for (size_t i = 0; city_doc_at(i, m->ask->lang); i++)
        if (strcmp(city_doc_at(i, NULL), "handover"))
            MIZO_TRY(published_row(m, t, city_doc_at(i, NULL), city_doc_at(i, m->ask->lang)));
    return MIZO_OK;
}

/* ---- who owns what ---- */

static mizo_err on_account(void *arg, const account *a)
{
    static const char *const ja[] = { "閲覧", "運用", "承認", "監査",
                                      "入力" }; /* in the order of role_words */
    maker *m = arg;
    char roles[200] = "";
    size_t n = 0;
    if (!m->ja)
        role_text(a->roles, roles, sizeof roles);
    for (size_t i = 0; m->ja && i < sizeof ja / sizeof *ja; i++)
        if (a->roles >> i & 1)
            n += (size_t)snprintf(roles + n, sizeof roles - n, "%s%s", n ? "、" : "", ja[i]);
    report_cell_text(m->out, a->id);
    report_cell_text(m->out, roles);
    report_cell_text(m->out, a->bureau);
    report_cell_text(m->out, a->on ? "" : city_either(m, "停止", "off"));
    return MIZO_OK;
}

typedef struct owner {
    const char *name;
    int facilities, indicators, businesses, registers;
} owner;

static mizo_err owned(owner **list, size_t *n, size_t *cap, const char *name, size_t member)
{
    size_t i = 0;
    if (!*name)
        return MIZO_OK;
    while (i < *n && strcmp((*list)[i].name, name))
        i++;
    MIZO_TRY(array_grow(list, cap, *n + 1, sizeof **list));
    if (i == *n)
        (*list)[(*n)++] = (owner){ .name = name };
    int *count = (int *)(void *)((unsigned char *)&(*list)[i] + member);
    ++*count;
    return MIZO_OK;
}

static mizo_err owners_of(maker *m, owner **list, size_t *n)
{
    size_t cap = 0;
    for (size_t i = 0; i < m->r->nfacility; i++)
        MIZO_TRY(owned(list, n, &cap, m->r->facility[i].bureau, offsetof(owner, facilities)));
    for (size_t i = 0; i < m->r->nindicator; i++)
        MIZO_TRY(owned(list, n, &cap, m->r->indicator[i].owner, offsetof(owner, indicators)));
    for (size_t i = 0; i < m->r->nbusiness; i++)
        MIZO_TRY(owned(list, n, &cap, m->r->business[i].owner, offsetof(owner, businesses)));
    for (size_t i = 0; i < m->r->nreg; i++)
        MIZO_TRY(owned(list, n, &cap, m->r->reg[i].owner, offsetof(owner, registers)));
    return MIZO_OK;
}

static mizo_err users(maker *m, town *t)
{
    bool any;
    MIZO_TRY(account_any(t->store, &any));
    /* clang-format off */
    if (any)
        report_columns(m->out, city_either(m, "利用者", "Users"),
                       (const report_column[]){
                           { .title = city_either(m, "利用者", "user") },
                           { .title = city_either(m, "役割", "roles") },
                           { .title = city_either(m, "所管", "bureau") },
                           { .title = "" },
                       }, 4);
    /* clang-format on */
    return any ? account_each(t->store, on_account, m) : MIZO_OK;
}

static mizo_err who_owns(maker *m, town *t)
{
    owner *list = NULL;
    size_t n = 0;
    mizo_err e = owners_of(m, &list, &n);
    report_heading(m->out, 1, city_either(m, "担当", "Who owns what"));
    /* clang-format off */
    report_columns(m->out, city_either(m, "所管ごと", "By bureau"),
                   (const report_column[]){
                       { .title = city_either(m, "所管", "bureau") },
                       { .title = city_either(m, "施設", "facilities"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "指標", "indicators"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "事業", "businesses"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "名簿", "registers"), .align = REPORT_RIGHT },
                   }, 5);
    for (size_t i = 0; i < n && !e; i++) {
        report_cell_text(m->out, list[i].name);
        report_cell_number(m->out, list[i].facilities, 0);
        report_cell_number(m->out, list[i].indicators, 0);
        report_cell_number(m->out, list[i].businesses, 0);
        report_cell_number(m->out, list[i].registers, 0);
    }
    /* clang-format on */
    free(list);
    return e ? e : users(m, t);
}

/* ---- last year month by month ---- */

typedef struct act_count {
    int month; /* year x 12 + month - 1 */
    char what[WORD], who[WHO];
    int64_t n;
} act_count;

typedef struct acts {
    maker *m;
    act_count *v;
    size_t n, cap;
} acts;

static bool among(const char *list, const char *name)
{
    const char *at = strstr(list, name);
    return at && (at == list || at[-1] == ' ') && (at[strlen(name)] == ',' || at[strlen(name)] == '\0');
}

static void add_who(act_count *a, const char *name)
{
    size_t n = strlen(a->who);
    if (!among(a->who, name) && n + strlen(name) + 3 < sizeof a->who)
        (void)snprintf(a->who + n, sizeof a->who - n, "%s%s", n ? ", " : "", name);
}

/* What people did: the machine's own batches are left out. */
static mizo_err on_batch(void *arg, const store_batch *b)
{
    acts *x = arg;
    mizo_day day = mizo_slot_day(mizo_ms_slot(b->known), x->m->r->offset);
    mizo_date d = mizo_day_date(day);
    char what[WORD];
    size_t i = 0;
    if (day <= x->m->ask->day - BEHIND || day > x->m->ask->day || strncmp(b->actor, "mizo", 4) == 0)
        return MIZO_OK;
    bool file = *b->hash && strcmp(b->source, "region");
    (void)snprintf(what, sizeof what, "%.40s", file ? "import" : b->source);
    int month = d.year * MONTHS + d.month - 1;
    while (i < x->n && (x->v[i].month != month || strcmp(x->v[i].what, what)))
        i++;
    MIZO_TRY(array_grow(&x->v, &x->cap, x->n + 1, sizeof *x->v));
    if (i == x->n) {
        x->v[x->n] = (act_count){ .month = month };
        (void)snprintf(x->v[x->n].what, sizeof x->v[x->n].what, "%s", what);
        x->n++;
    }
    x->v[i].n++;
    add_who(&x->v[i], b->actor);
    return MIZO_OK;
}

static int by_month(const void *pa, const void *pb)
{
    const act_count *a = pa, *b = pb;
    return a->month != b->month ? (a->month > b->month) - (a->month < b->month) : strcmp(a->what, b->what);
}

static mizo_err last_year(maker *m, town *t)
{
    acts x = { .m = m };
    mizo_err e = t->store->ops->batch_scan(t->store, 0, on_batch, &x);
    if (x.n)
        qsort(x.v, x.n, sizeof *x.v, by_month);
    report_heading(m->out, 1, city_either(m, "この1年にしたこと", "What was done within a year"));
    /* clang-format off */
    report_columns(m->out, city_either(m, "月ごと", "Month by month"),
                   (const report_column[]){
                       { .title = city_either(m, "月", "month") },
                       { .title = city_either(m, "したこと", "what") },
                       { .title = city_either(m, "回数", "how often"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "誰が", "who") },
                   }, 4);
    /* clang-format on */
    for (size_t i = 0; i < x.n && !e; i++) {
        report_cell_textf(m->out, "%d-%02d", x.v[i].month / MONTHS, x.v[i].month % MONTHS + 1);
        report_cell_text(m->out, x.v[i].what);
        report_cell_number(m->out, x.v[i].n, 0);
        report_cell_text(m->out, x.v[i].who);
    }
    free(x.v);
    return e;
}

/* ---- where files are kept ---- */

typedef struct file_kind {
    char kind[REGISTER_WORD];
    int64_t n, bytes;
    mizo_ms last;
} file_kind;

typedef struct file_kinds {
    file_kind *v;
    size_t n, cap;
} file_kinds;

static mizo_err on_file(void *arg, const register_line *l)
{
    file_kinds *x = arg;
    size_t i = 0;
    while (i < x->n && strcmp(x->v[i].kind, l->kind))
        i++;
    MIZO_TRY(array_grow(&x->v, &x->cap, x->n + 1, sizeof *x->v));
    if (i == x->n) {
        x->v[x->n] = (file_kind){ .last = 0 };
        (void)snprintf(x->v[x->n].kind, sizeof x->v[x->n].kind, "%s", l->kind);
        x->n++;
    }
    x->v[i].n++;
    x->v[i].bytes += *l->kept ? l->n : 0;
    x->v[i].last = l->at > x->v[i].last ? l->at : x->v[i].last;
    return MIZO_OK;
}

static mizo_err where_files_are(maker *m, town *t)
{
    file_kinds x = { 0 };
    mizo_err e = register_scan(t, &(register_ask){ .kind = NULL }, on_file, &x);
    report_heading(m->out, 1, city_either(m, "置き場所", "Where things are kept"));
    report_pair(
        m->out, "mizo.db",
        city_either(m, "検針、記録、帳簿、公表の記録", "readings, records, books, what was published"));
    report_pair(m->out, "mizo.db.keys",
                city_either(m, "個人の情報の鍵。控えは別の場所に",
                            "keys of people's particulars; its copy goes elsewhere"));
    report_pair(m->out, "files/",
                city_either(m, "受け取った・送った・公表したファイル(mizo files)",
                            "files received, sent and published (mizo files)"));
    report_pair(m->out, "*.yaml, *.csv",
                city_either(m, "町のモデル(mizo check)", "the model of the town (mizo check)"));
    /* clang-format off */
    report_columns(m->out, city_either(m, "登録簿のファイル", "Files of the register"),
                   (const report_column[]){
                       { .title = city_either(m, "種類", "kind") },
                       { .title = city_either(m, "件数", "lines"), .align = REPORT_RIGHT },
                       { .title = city_either(m, "大きさ", "size"), .unit = "kB", .align = REPORT_RIGHT },
                       { .title = city_either(m, "最後", "last") },
                   }, 4);
    /* clang-format on */
    for (size_t i = 0; i < x.n && !e; i++) {
        report_cell_text(m->out, x.v[i].kind);
        report_cell_number(m->out, x.v[i].n, 0);
        report_cell_scaled(m->out, x.v[i].bytes, 3, 0);
        report_cell_day(m->out, mizo_slot_day(mizo_ms_slot(x.v[i].last), m->r->offset));
    }
    free(x.v);
    return e;
}

mizo_err city_doc_handover(maker *m)
{
    static mizo_err (*const parts[])(maker *, town *) = { due,      open_matters, in_work,
                                                          who_owns, last_year,    where_files_are };
    mizo_diags *d = mizo_diags_new(20);
    town t = reading(m, d);
    mizo_err e = !d ? MIZO_ENOMEM : !t.store ? MIZO_EINPUT : late(m);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && !e; i++)
        e = parts[i](m, &t);
    mizo_diags_free(d);
    return e;
}
