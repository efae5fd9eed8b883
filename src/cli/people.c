/* people.c: mizo people: who stands behind a pseudonym, and forgetting it. */
#include <string.h>

#include "cli/cli.h"
#include "mizo/messages/people.h"
#include "town/people/people.h"
#include "town/town.h"

typedef struct words {
    const char *region, *id, *file, *reason;
    mizo_day after;
    cli_who who;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--id", OPTION_TEXT, "ID", "the party's id, or point:ID", "取引先の ID、または point:地点の ID", true, offsetof(words, id), 0, 0 },
    { "--reason", OPTION_TEXT, "WHY", "why; it is kept with your name", "理由（名前とともに残ります）", true, offsetof(words, reason), 0, 0 },
    { "--file", OPTION_TEXT, "FILE", "add: JSON with name, address, consumer_code, contact, bank", "add: name・address・consumer_code・contact・bank を書いた JSON", false, offsetof(words, file), 0, 0 },
    { "--after", OPTION_DATE, "D", "erase: not before this day", "erase: この日より前には消さない", false, offsetof(words, after), 0, 0 },
    CLI_WHO_ROWS(words, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct deed {
    const words *o;
    people_act act;
    town *town;
    bool ja;
    int offset;
    buf *out;
} deed;

static void put_fields(const deed *x, const person *p)
{
    const char *const name[] = { "name", "address", "consumer_code", "contact", "bank" };
    const char *const text[] = { p->name, p->address, p->consumer_code, p->contact, p->bank };
    json j;
    json_init(&j, x->out);
    if (x->o->json) {
        json_object(&j, NULL);
        json_text(&j, "id", x->o->id);
    }
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        if (x->o->json)
            json_text(&j, name[i], text[i]);
        else
            buf_printf(x->out, "%s: %s\n", name[i], text[i]);
    }
    if (x->o->json) {
        json_end(&j);
        buf_char(x->out, '\n');
    }
}

static void put_done(const deed *x, const char *word, const char *en, const char *ja)
{
    json j;
    if (!x->o->json) {
        buf_printf(x->out, "%s: %s\n", x->o->id, x->ja ? ja : en);
        return;
    }
    json_init(&j, x->out);
    json_object(&j, NULL);
    json_text(&j, "id", x->o->id);
    json_text(&j, "done", word);
    json_end(&j);
    buf_char(x->out, '\n');
}

static mizo_err add(deed *x)
{
    person p;
    buf b;
    const char *file = x->o->file ? x->o->file : "";
    env *e = x->act.env;
    buf_init(&b, 1 << 16);
    mizo_err err = e->ops->read_file(e, file, &b);
    if (err)
        MIZO_DIAG(x->act.diags, PEOPLE_FILE, MIZO_NOWHERE, file, mizo_err_text(err));
    if (!err)
        err = people_parse(b.p ? b.p : "", b.n, file, &p, x->act.diags);
    else
        err = MIZO_EINPUT;
    if (!err)
        err = people_put(&x->act, x->o->id, &p);
    buf_fini(&b);
    if (!err)
        put_done(x, "add", "kept, sealed", "封をして登録しました");
    return err;
}

static mizo_err show(deed *x)
{
    person p;
    mizo_err err = people_get(&x->act, x->o->id, &p);
    if (!err)
        put_fields(x, &p);
    return err;
}

static mizo_err erase(deed *x)
{
    mizo_day today = town_today(x->town);
    bool later = x->o->after != MIZO_DAY_NONE && x->o->after > today;
    mizo_err err = people_erase_party(&x->act, x->town, x->o->id, x->o->after, today);
    if (!err && later)
        put_done(x, "later", "noted; erase again on that day",
                 "記録しました。その日にもう一度 erase してください");
    else if (!err)
        put_done(x, "erase", "erased; the pseudonym stays in the books",
                 "消去しました。帳簿には仮名だけが残ります");
    return err;
}

static const struct verb {
    const char *name;
    mizo_err (*run)(deed *x);
    town_act act;
} verbs[] = {
    {"add",     add,   ACT_RECORD},
    { "show",   show,  ACT_RECORD},
    { "export", show,  ACT_RECORD},
    { "erase",  erase, ACT_ERASE }
};

static const struct verb *verb_of(const char *name)
{
    for (size_t i = 0; name && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static int run(cli *c)
{
    words o = { .after = MIZO_DAY_NONE };
    const char *rest[1] = { NULL };
    size_t n = 0;
    town t;
    actor who;
    int status = cli_parse(c, &cli_people, &o, rest, &n, 1);
    if (status != CLI_DONE)
        return status;
    const struct verb *v = verb_of(n ? rest[0] : NULL);
    if (!v) {
        MIZO_DIAG(c->diags, PEOPLE_VERB, MIZO_NOWHERE, n ? rest[0] : "");
        return CLI_INPUT;
    }
    if ((status = cli_actor(c, &o.who, o.region, v->act, &who)) != CLI_DONE)
        return status;
    o.json = o.json || strcmp(v->name, "export") == 0;
    mizo_err err = town_open_as(c->env, o.region, STORE_WRITE, who.name, c->diags, &t);
    if (err)
        return cli_status(err);
    buf out;
    buf_init(&out, 0);
    deed x = {
        .o = &o,
        .act = {c->env, t.store, who.name, o.reason, c->diags, town_now(&t)},
        .town = &t,
        .ja = cli_japanese(c),
        .offset = t.region->offset,
        .out = &out
    };
    err = v->run(&x);
    status = err ? cli_status(err) : cli_put(c, &out);
    buf_fini(&out);
    town_close(&t);
    return status;
}

const cli_verb cli_people = {
    "people",
    "add|show|export|erase --region DIR --id ID",
    "names behind pseudonyms: sealed, every look on record, erasable",
    "仮名の背後の個人情報: 封印、閲覧の記録、消去",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
