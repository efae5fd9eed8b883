/* duty.c: see duty.h. */
#include "town/duty/duty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mizo/messages/duty.h"
#include "town/register/register.h"

const note_kind note_duty_done = {
    "duty-done",
    {{ "duty", NOTE_WORD, true },
      { "from", NOTE_DAY, true },
      { "to", NOTE_DAY, true }, /* the first day after the period */
      { "on", NOTE_DAY, true },
      { "file", NOTE_WORD, false },
      { "remark", NOTE_LINE, false }},
};
const note_kind note_task = {
    "task",
    {{ "process", NOTE_WORD, true },
      { "contract", NOTE_WORD, true },
      { "asked", NOTE_DAY, true },
      { "until", NOTE_DAY, true },
      { "rule", NOTE_LINE, true }, /* the row that sets it, with its source */
      { "done", NOTE_DAY, false },
      { "remark", NOTE_LINE, false }},
};
const note_kind note_notice = {
    "notice",
    {{ "contract", NOTE_WORD, true },
      { "ends", NOTE_DAY, true },
      { "sent", NOTE_DAY, true },
      { "latest", NOTE_DAY, true }, /* on which it could be sent for that end */
      { "how", NOTE_LINE, true },
      { "proof", NOTE_LINE, false }},
};
const note_kind note_enquiry = {
    "enquiry",
    {{ "kind", NOTE_WORD, true },
      { "contract", NOTE_WORD, false },
      { "asked", NOTE_DAY, true },
      { "question", NOTE_LINE, true },
      { "answered", NOTE_DAY, false },
      { "answer", NOTE_LINE, false }},
};

const char *const duty_state_words[] = { "done", "late", "soon", "ahead", NULL };

/* ---- the calendar ---- */

static void done_id(const mizo_duty *d, mizo_day from, char out[MIZO_ID_MAX])
{
    mizo_date t = mizo_day_date(from);
    char tail[16];
    int n = snprintf(tail, sizeof tail, "-%04d%02d", t.year % 10000, t.month);
    (void)snprintf(out, MIZO_ID_MAX, "%.*s%s", MIZO_ID_MAX - 1 - n, d->id, tail);
}

static duty_state state_of(const duty_item *i, mizo_day today)
{
    if (i->done != MIZO_DAY_NONE)
        return DUTY_DONE;
    if (today > i->due)
        return DUTY_LATE;
    return i->due - today <= i->row->warn_days ? DUTY_SOON : DUTY_AHEAD;
}

static mizo_err look_done(town *t, duty_item *i)
{
    char id[MIZO_ID_MAX];
    note *n = malloc(sizeof *n);
    if (!n)
        return MIZO_ENOMEM;
    done_id(i->row, i->from, id);
    mizo_err e = note_find(t, &note_duty_done, id, n);
    i->done = MIZO_DAY_NONE;
    if (!e) {
        i->done = note_day(n, "on");
        (void)snprintf(i->file, sizeof i->file, "%s", note_get(n, "file"));
        (void)snprintf(i->actor, sizeof i->actor, "%s", n->actor);
    }
    free(n);
    return e == MIZO_ENOENT ? MIZO_OK : e;
}

typedef struct item_list {
    duty_item *p;
    size_t n, cap;
} item_list;

static mizo_err push(item_list *l, const duty_item *i)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 32;
        duty_item *p = realloc(l->p, cap * sizeof *p);
        if (!p)
            return MIZO_ENOMEM;
        l->p = p;
        l->cap = cap;
    }
    l->p[l->n++] = *i;
    return MIZO_OK;
}

/* A due date lies at most two years after its period's end and a year before it: those periods are asked. */
static mizo_err periods_of(town *t, const mizo_duty *d, mizo_day from, mizo_day until, mizo_day today,
                           item_list *l)
{
    enum { BACK = 25 * 31 + 366, AHEAD = 14 * 31 };
    mizo_day first, end;
    mizo_duty_period(d->every, from - BACK, &first, &end);
    while (first <= until + AHEAD) {
        duty_item i = { .row = d, .from = first, .to = end, .due = mizo_duty_due(d, end) };
        if (mizo_duty_holds(d, end) && i.due >= from && i.due <= until) {
            MIZO_TRY(look_done(t, &i));
            i.days_left = i.due - today;
            i.state = state_of(&i, today);
            MIZO_TRY(push(l, &i));
        }
        mizo_duty_period(d->every, end, &first, &end);
    }
    return MIZO_OK;
}

static int by_due(const void *pa, const void *pb)
{
    const duty_item *a = pa, *b = pb;
    if (a->due != b->due)
        return a->due < b->due ? -1 : 1;
    int c = strcmp(a->row->id, b->row->id);
    return c ? c : a->from < b->from ? -1 : a->from > b->from;
}

mizo_err duty_each(town *t, mizo_day from, mizo_day until, mizo_day today,
                   mizo_err (*fn)(void *arg, const duty_item *i), void *arg)
{
    item_list l = { NULL, 0, 0 };
    mizo_err e = MIZO_OK;
    for (size_t k = 0; k < t->region->nduty && !e; k++)
        e = periods_of(t, &t->region->duty[k], from, until, today, &l);
    if (l.n)
        qsort(l.p, l.n, sizeof *l.p, by_due);
    for (size_t k = 0; k < l.n && !e; k++)
        e = fn(arg, &l.p[k]);
    free(l.p);
    return e;
}

void duty_item_json(const duty_item *i, json *j)
{
    json_object(j, NULL);
    json_text(j, "duty", i->row->id);
    json_text(j, "name_ja", i->row->name_ja);
    json_text(j, "name_en", i->row->name_en);
    json_text(j, "who", i->row->who);
    json_text(j, "to_ja", i->row->to_ja);
    json_text(j, "to_en", *i->row->to_en ? i->row->to_en : i->row->to_ja);
    json_day(j, "from", i->from);
    json_day(j, "to", i->to);
    json_day(j, "due", i->due);
    json_int(j, "days_left", i->days_left);
    json_text(j, "state", duty_state_words[i->state]);
    if (i->done == MIZO_DAY_NONE)
        json_null(j, "done");
    else
        json_day(j, "done", i->done);
    json_text(j, "file", *i->file ? i->file : NULL);
    json_text(j, "done_by", *i->actor ? i->actor : NULL);
    json_text(j, "sheet", *i->row->sheet ? i->row->sheet : NULL);
    json_text(j, "source", i->row->source);
    json_text(j, "mark", mizo_mark_text(i->row->mark));
    json_end(j);
}

/* ---- done ---- */

static mizo_err say_unknown(town *t, const char *id)
{
    char all[400] = "";
    size_t n = 0;
    for (size_t k = 0; k < t->region->nduty && n + MIZO_ID_MAX + 4 < sizeof all; k++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", n ? ", " : "", t->region->duty[k].id);
    MIZO_DIAG(t->diags, DUTY_UNKNOWN, MIZO_NOWHERE, id, n ? all : "-");
    return MIZO_EINPUT;
}

mizo_err duty_done(town *t, const char *duty, mizo_day in, mizo_day on, const char *file, const char *remark,
                   const char *actor, duty_item *out)
{
    mizo_ref k = mizo_region_duty(t->region, duty);
    char id[MIZO_ID_MAX], until[MIZO_DATE_TEXT];
    register_line line;
    if (k < 0)
        return say_unknown(t, duty);
    memset(out, 0, sizeof *out);
    out->row = &t->region->duty[k];
    mizo_duty_period(out->row->every, in, &out->from, &out->to);
    if (!mizo_duty_holds(out->row, out->to)) {
        mizo_day_text(out->to - 1, until);
        MIZO_DIAG(t->diags, DUTY_NOT_THEN, MIZO_NOWHERE, duty, until);
        return MIZO_EINPUT;
    }
    if (file)
        MIZO_TRY(register_get(t, file, &line));
    note *n = malloc(sizeof *n);
    if (!n)
        return MIZO_ENOMEM;
    done_id(out->row, out->from, id);
    note_begin(n, &note_duty_done, id);
    note_set(n, "duty", duty);
    note_set_day(n, "from", out->from);
    note_set_day(n, "to", out->to);
    note_set_day(n, "on", on);
    note_set(n, "file", file);
    note_set(n, "remark", remark);
    mizo_err e = note_put(t, n, actor);
    free(n);
    out->due = mizo_duty_due(out->row, out->to);
    out->done = on;
    out->days_left = out->due - on;
    out->state = DUTY_DONE;
    (void)snprintf(out->file, sizeof out->file, "%s", file ? file : "");
    (void)snprintf(out->actor, sizeof out->actor, "%s", actor);
    return e;
}

/* ---- acts with a standard time ---- */

mizo_err duty_contract(town *t, const char *id, const mizo_contract **out)
{
    mizo_ref c = mizo_region_contract(t->region, id);
    if (c < 0) {
        MIZO_DIAG(t->diags, DUTY_CONTRACT, MIZO_NOWHERE, id);
        return MIZO_EINPUT;
    }
    *out = &t->region->contract[c];
    return MIZO_OK;
}

/* Each kind of processes.csv once, with commas between. */
static void process_kinds(const mizo_region *r, buf *out)
{
    for (size_t i = 0; i < r->nprocess; i++)
        if (i == 0 || strcmp(r->process[i].kind, r->process[i - 1].kind))
            buf_printf(out, "%s%s", out->n ? ", " : "", r->process[i].kind);
    if (!out->n)
        buf_char(out, '-');
}

static mizo_err process_for(town *t, const char *kind, const mizo_contract *c, mizo_day asked,
                            const mizo_process **out)
{
    const mizo_point *p = &t->region->point[c->point];
    char kw[24], day[MIZO_DATE_TEXT];
    int32_t w = c->agreed_w ? c->agreed_w : p->contract_w;
    *out = mizo_process_of(t->region, kind, mizo_voltage_word(p->voltage), w, asked);
    if (*out)
        return MIZO_OK;
    (void)snprintf(kw, sizeof kw, "%d", w / 1000);
    mizo_day_text(asked, day);
    buf kinds;
    buf_init(&kinds, 1024);
    process_kinds(t->region, &kinds);
    MIZO_DIAG(t->diags, DUTY_PROCESS, MIZO_NOWHERE, kind, mizo_voltage_word(p->voltage), kw, day,
              kinds.err ? "-" : kinds.p);
    buf_fini(&kinds);
    return MIZO_EINPUT;
}

static void rule_text(const mizo_process *p, char out[NOTE_TEXT])
{
    (void)snprintf(out, NOTE_TEXT, "processes.csv:%d %d+%d %s [%s]", p->line, p->business_days, p->days,
                   p->source, mizo_mark_text(p->mark));
}

mizo_err duty_task_new(town *t, const char *process, const char *contract, mizo_day asked, const char *remark,
                       const char *actor, note *out)
{
    const mizo_contract *c;
    const mizo_process *p;
    char id[MIZO_ID_MAX], rule[NOTE_TEXT];
    MIZO_TRY(duty_contract(t, contract, &c));
    MIZO_TRY(process_for(t, process, c, asked, &p));
    MIZO_TRY(note_next_id(t, &note_task, "task", id));
    note_begin(out, &note_task, id);
    note_set(out, "process", process);
    note_set(out, "contract", contract);
    note_set_day(out, "asked", asked);
    note_set_day(out, "until", mizo_process_day(p, asked));
    rule_text(p, rule);
    note_set(out, "rule", rule);
    note_set(out, "remark", remark);
    MIZO_TRY(note_put(t, out, actor));
    return note_find(t, &note_task, id, out);
}

/* A note that is open: found, and its field `done` blank. */
static mizo_err open_note(town *t, const note_kind *kind, const char *id, const char *done, note *out)
{
    mizo_err e = note_find(t, kind, id, out);
    if (e == MIZO_ENOENT) {
        MIZO_DIAG(t->diags, DUTY_NOTE_NONE, MIZO_NOWHERE, kind->name, id);
        return MIZO_EINPUT;
    }
    MIZO_TRY(e);
    if (*note_get(out, done)) {
        MIZO_DIAG(t->diags, DUTY_DONE_ALREADY, MIZO_NOWHERE, kind->name, id, note_get(out, done));
        return MIZO_ECONFLICT;
    }
    return MIZO_OK;
}

static mizo_err not_before(town *t, mizo_day on, mizo_day first)
{
    char a[MIZO_DATE_TEXT], b[MIZO_DATE_TEXT];
    if (on >= first)
        return MIZO_OK;
    mizo_day_text(on, a);
    mizo_day_text(first, b);
    MIZO_DIAG(t->diags, DUTY_BEFORE, MIZO_NOWHERE, a, b);
    return MIZO_EINPUT;
}

mizo_err duty_task_done(town *t, const char *id, mizo_day on, const char *actor, note *out)
{
    MIZO_TRY(open_note(t, &note_task, id, "done", out));
    MIZO_TRY(not_before(t, on, note_day(out, "asked")));
    note_set_day(out, "done", on);
    MIZO_TRY(note_put(t, out, actor));
    return note_find(t, &note_task, id, out);
}

/* The earliest end that a notice of `sent` allows: the first day whose latest day of notice is not before it. */
static mizo_day earliest_end(const mizo_process *p, mizo_day sent)
{
    mizo_day ends = sent;
    while (mizo_process_day(p, ends) < sent)
        ends++;
    return ends;
}

static mizo_err say_late(town *t, const mizo_process *p, mizo_day ends, mizo_day sent, mizo_day latest)
{
    char a[MIZO_DATE_TEXT], b[MIZO_DATE_TEXT], c[MIZO_DATE_TEXT], d[MIZO_DATE_TEXT];
    mizo_day_text(sent, a);
    mizo_day_text(earliest_end(p, sent), b);
    mizo_day_text(ends, c);
    mizo_day_text(latest, d);
    MIZO_DIAG(t->diags, DUTY_NOTICE_LATE, MIZO_NOWHERE, a, b, c, d);
    return MIZO_EINPUT;
}

mizo_err duty_notice(town *t, const char *contract, mizo_day ends, mizo_day sent, const char *how,
                     const char *proof, const char *actor, note *out)
{
    const mizo_contract *c;
    const mizo_process *p;
    char id[MIZO_ID_MAX];
    MIZO_TRY(duty_contract(t, contract, &c));
    MIZO_TRY(process_for(t, "cancel-notice", c, sent, &p));
    mizo_day latest = mizo_process_day(p, ends);
    if (sent > latest)
        return say_late(t, p, ends, sent, latest);
    MIZO_TRY(note_next_id(t, &note_notice, "notice", id));
    note_begin(out, &note_notice, id);
    note_set(out, "contract", contract);
    note_set_day(out, "ends", ends);
    note_set_day(out, "sent", sent);
    note_set_day(out, "latest", latest);
    note_set(out, "how", how);
    note_set(out, "proof", proof);
    MIZO_TRY(note_put(t, out, actor));
    return note_find(t, &note_notice, id, out);
}

/* ---- enquiries ---- */

mizo_err duty_enquiry_new(town *t, const char *contract, const char *kind, mizo_day asked,
                          const char *question, const char *actor, note *out)
{
    const mizo_contract *c;
    char id[MIZO_ID_MAX];
    if (contract)
        MIZO_TRY(duty_contract(t, contract, &c));
    MIZO_TRY(note_next_id(t, &note_enquiry, "enquiry", id));
    note_begin(out, &note_enquiry, id);
    note_set(out, "kind", kind);
    note_set(out, "contract", contract);
    note_set_day(out, "asked", asked);
    note_set(out, "question", question);
    MIZO_TRY(note_put(t, out, actor));
    return note_find(t, &note_enquiry, id, out);
}

mizo_err duty_enquiry_answer(town *t, const char *id, mizo_day on, const char *answer, const char *actor,
                             note *out)
{
    MIZO_TRY(open_note(t, &note_enquiry, id, "answered", out));
    MIZO_TRY(not_before(t, on, note_day(out, "asked")));
    note_set_day(out, "answered", on);
    note_set(out, "answer", answer && *answer ? answer : "\n"); /* an answer without words is none */
    MIZO_TRY(note_put(t, out, actor));
    return note_find(t, &note_enquiry, id, out);
}
