/* user.c: mizo user: the users of a region. Whoever may write its files may do this; the name in the batch is "cli:" and the
 * operating system's user. */
#include "town/people/user.h"

#include <inttypes.h>
#include <string.h>

#include "base/env_stream.h"
#include "cli/cli.h"
#include "mizo/messages/account.h"
#include "mizo/messages/base.h"
#include "town/people/audit.h"
#include "town/people/exchange.h"
#include "town/town.h"

typedef struct words {
    const char *region, *roles, *bureau, *label, *revoke, *link, *password_file;
    int64_t days, limit;
    bool json, verify;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "the region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--roles", OPTION_TEXT, "ROLES", "add, role, token --new: reader, operator, approver, auditor, editor, with commas between", "add・role・token --new: reader・operator・approver・auditor・editor（コンマ区切り）", false, offsetof(words, roles), 0, 0 },
    { "--bureau", OPTION_TEXT, "NAME", "add, role: reads and enters figures of this bureau's facilities alone (\"-\": of all)", "add・role: この局の施設だけを読み、入力する（- は全部）", false, offsetof(words, bureau), 0, 0 },
    { "--new", OPTION_TEXT, "LABEL", "token: make one for a program, with a word that says which", "token: プログラム用に一つ作る。用途を一言で", false, offsetof(words, label), 0, 0 },
    { "--days", OPTION_INT, "N", "token --new: how long it is good (90)", "token --new: 有効な日数（90）", false, offsetof(words, days), 1, 400 },
    { "--revoke", OPTION_TEXT, "ID", "token: end the one whose id begins so", "token: この文字で始まる ID のものを無効にする", false, offsetof(words, revoke), 0, 0 },
    { "--link", OPTION_TEXT, "LINK", "password: the one-time link (what stands after /#/link/)", "password: 一度だけ使えるリンク（/#/link/ の後の文字）", false, offsetof(words, link), 0, 0 },
    { "--password-file", OPTION_TEXT, "FILE", "password: a file with the new one (or MIZO_PASSWORD_FILE); else asked for", "password: 新しいパスワードを書いたファイル（または MIZO_PASSWORD_FILE）。なければ端末で尋ねる", false, offsetof(words, password_file), 0, 0 },
    { "--limit", OPTION_INT, "N", "audit: how many, the newest first (50)", "audit: 新しい順に何件出すか（50）", false, offsetof(words, limit), 1, 1000000 },
    { "--verify", OPTION_FLAG, NULL, "audit: read the whole chain; exit 1 where it does not fit", "audit: 連鎖を全部確かめる。合わなければ終了コード 1", false, offsetof(words, verify), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSON で出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct job {
    cli *c;
    words w;
    const char *id; /* the user named, or NULL */
    town t;
    user_act u;
    char who[ACTOR_ROOM];
    buf out;
    json j;
    char link[TICKET_ROOM];
    char fresh[PASSWORD_HASH]; /* password: of the new one */
    char whose[MIZO_ID_MAX];
    owners_change *owners; /* exchange: region files that were changed with the batch */
    int status;
} job;

static bool ja(const job *k)
{
    return cli_japanese(k->c);
}

/* ---- lists ---- */

static mizo_err put_user(void *arg, const account *a)
{
    job *k = arg;
    char roles[80], kept[PASSWORD_HASH];
    role_text(a->roles, roles, sizeof roles);
    mizo_err e = account_hash(k->t.store, a->id, kept);
    password_wipe(kept, sizeof kept);
    if (e && e != MIZO_ENOENT)
        return e;
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "id", a->id);
        json_text(&k->j, "roles", roles);
        json_text(&k->j, "bureau", *a->bureau ? a->bureau : NULL);
        json_bool(&k->j, "on", a->on);
        json_bool(&k->j, "password", e == MIZO_OK);
        json_end(&k->j);
        return k->out.err;
    }
    const char *state = !a->on ? (ja(k) ? "停止中" : "off")
                        : e    ? (ja(k) ? "パスワード未設定" : "no password yet")
                               : "";
    cli_cell(&k->out, a->id, -24);
    cli_cell(&k->out, roles, -32);
    buf_printf(&k->out, "%s%s%s\n", a->bureau, *a->bureau && *state ? "  " : "", state);
    return k->out.err;
}

static mizo_err list(job *k)
{
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_array(&k->j, "users");
    }
    mizo_err e = account_each(k->t.store, put_user, k);
    if (k->w.json) {
        json_end(&k->j);
        json_end(&k->j);
    } else if (!e && !k->out.n) {
        buf_str(&k->out, ja(k) ? "利用者はまだいません\n" : "there are no users yet\n");
    }
    return e;
}

static mizo_err put_token(void *arg, const ticket *t)
{
    job *k = arg;
    char roles[80], ends[MIZO_INSTANT_TEXT];
    role_text(t->roles, roles, sizeof roles);
    mizo_ms_text(t->ends, k->t.region->offset, ends);
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "id", t->id);
        json_text(&k->j, "label", t->label);
        json_text(&k->j, "roles", roles);
        json_time(&k->j, "ends", t->ends, k->t.region->offset);
        json_end(&k->j);
    } else {
        buf_printf(&k->out, "%.12s  ", t->id);
        cli_cell(&k->out, t->label, -24);
        cli_cell(&k->out, roles, -32);
        buf_printf(&k->out, "%s %s\n", ja(k) ? "期限" : "until", ends);
    }
    return k->out.err;
}

static mizo_err tokens(job *k)
{
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_array(&k->j, "tokens");
    }
    mizo_err e = ticket_each(k->t.store, TICKET_TOKEN, k->id, put_token, k);
    if (k->w.json) {
        json_end(&k->j);
        json_end(&k->j);
    } else if (!e && !k->out.n) {
        buf_str(&k->out, ja(k) ? "トークンはありません\n" : "no tokens\n");
    }
    return e;
}

/* ---- the audit trail ---- */

static mizo_err put_audit(void *arg, const audit_seen *a)
{
    job *k = arg;
    char at[MIZO_INSTANT_TEXT];
    mizo_ms_text(a->at, k->t.region->offset, at);
    if (k->w.json)
        json_raw(&k->j, NULL, a->json);
    else
        buf_printf(&k->out, "%lld  %s  %s  %s  %s %s  %s%s%s\n", (long long)a->seq, at,
                   *a->row.who ? a->row.who : "-", a->row.from, a->row.act, a->row.object,
                   audit_result_text(a->row.result), *a->row.why ? ": " : "", a->row.why);
    return k->out.err ? k->out.err : --k->w.limit > 0 ? MIZO_OK : MIZO_ECANCELED;
}

static mizo_err audit_check(job *k)
{
    int64_t n, bad;
    char text[24];
    MIZO_TRY(audit_verify(k->t.store, &n, &bad));
    snprintf(text, sizeof text, "%" PRId64, bad);
    if (bad)
        MIZO_DIAG(k->c->diags, AUDIT_BAD, MIZO_NOWHERE, text);
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_bool(&k->j, "ok", !bad);
        json_int(&k->j, "records", n);
        json_int(&k->j, "first_bad", bad);
        json_end(&k->j);
    } else {
        buf_printf(&k->out, ja(k) ? "監査記録 %lld 件%s\n" : "%lld audit records%s\n", (long long)n,
                   bad     ? ""
                   : ja(k) ? "、連鎖は正しい"
                           : ", the chain holds");
    }
    k->status = bad ? CLI_NO : CLI_DONE;
    return MIZO_OK;
}

static mizo_err audit(job *k)
{
    if (k->w.verify)
        return audit_check(k);
    k->w.limit = k->w.limit ? k->w.limit : 50;
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_array(&k->j, "records");
    }
    mizo_err e = audit_each(k->t.store, 0, put_audit, k);
    if (k->w.json) {
        json_end(&k->j);
        json_end(&k->j);
    }
    return e;
}

/* ---- acts ---- */

static mizo_err roles_of(job *k, unsigned *roles)
{
    return role_parse(k->w.roles ? k->w.roles : "", roles, k->c->diags);
}

/* "-" takes a bureau off again. */
static const char *bureau_of(const job *k, const char *otherwise)
{
    return !k->w.bureau ? otherwise : strcmp(k->w.bureau, "-") == 0 ? "" : k->w.bureau;
}

static mizo_err add(job *k)
{
    unsigned roles;
    MIZO_TRY(roles_of(k, &roles));
    return user_add(&k->u, k->id, roles, bureau_of(k, ""), k->link);
}

static mizo_err role(job *k)
{
    unsigned roles;
    MIZO_TRY(roles_of(k, &roles));
    return user_roles(&k->u, k->id, roles, bureau_of(k, NULL));
}

static mizo_err disable(job *k)
{
    return user_switch(&k->u, k->id, false);
}

static mizo_err enable(job *k)
{
    return user_switch(&k->u, k->id, true);
}

static mizo_err reset(job *k)
{
    return user_reset(&k->u, k->id, k->link);
}

static mizo_err token(job *k)
{
    unsigned roles = 0;
    if (k->w.revoke)
        return user_revoke(&k->u, k->id, k->w.revoke);
    if (k->w.roles)
        MIZO_TRY(roles_of(k, &roles));
    return user_token(&k->u, k->id, roles, k->w.label, k->w.days ? (int)k->w.days : 90, k->link);
}

/* ---- many at once ---- */

static mizo_err put_handed(void *arg, const char *id, const char *link)
{
    job *k = arg;
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "user", id);
        json_text(&k->j, "link", link);
        json_end(&k->j);
    } else {
        cli_cell(&k->out, id, -24);
        buf_printf(&k->out, " /#/link/%s\n", link);
    }
    return k->out.err;
}

static mizo_err exchange(job *k)
{
    buf text;
    exchange_count n;
    buf_init(&text, 1 << 20);
    mizo_err e = k->c->env->ops->read_file(k->c->env, k->id, &text);
    if (e)
        MIZO_DIAG(k->c->diags, FILE_ABSENT, MIZO_NOWHERE, k->id);
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_array(&k->j, "links");
    }
    if (!e)
        e = exchange_users(&k->u, k->id, text.p ? text.p : "", text.n, put_handed, k, &n);
    if (!e && n.nmove)
        e = owners_hand_over(k->c->env, k->w.region, n.move, (size_t)n.nmove, k->c->diags, &k->owners);
    buf_fini(&text);
    if (e)
        return e;
    if (k->w.json) {
        json_end(&k->j);
        json_int(&k->j, "rows", n.rows);
        json_int(&k->j, "added", n.added);
        json_int(&k->j, "off", n.off);
        json_array(&k->j, "owners");
        for (int i = 0; i < n.nmove; i++) {
            json_object(&k->j, NULL);
            json_text(&k->j, "from", n.move[i].from);
            json_text(&k->j, "to", n.move[i].to);
            json_int(&k->j, "cells", n.move[i].cells);
            json_end(&k->j);
        }
        json_end(&k->j);
        json_end(&k->j);
    } else {
        buf_printf(&k->out,
                   ja(k) ? "%d 行: 追加 %d、役割 %d、停止 %d、再開 %d、再発行 %d\n"
                         : "%d rows: %d added, %d roles, %d off, %d on, %d reset\n",
                   n.rows, n.added, n.roles, n.off, n.on, n.reset);
        for (int i = 0; i < n.nmove; i++)
            buf_printf(&k->out,
                       ja(k) ? "%s → %s: 所管 %d か所\n" : "%s -> %s: owns %d cells of the region's files\n",
                       n.move[i].from, n.move[i].to, n.move[i].cells);
    }
    return MIZO_OK;
}

/* Before the batch: asking and hashing take their time. */
static mizo_err make_fresh(job *k)
{
    char typed[PASSWORD_ROOM];
    if (!k->w.link) {
        MIZO_DIAG(k->c->diags, USER_LINK_WANTED, MIZO_NOWHERE, NULL);
        return MIZO_EINPUT;
    }
    MIZO_TRY(cli_new_password(k->c, k->w.password_file, typed));
    mizo_err e = password_fit(typed, k->id ? k->id : "", k->c->diags);
    if (!e)
        e = password_hash(typed, k->fresh);
    password_wipe(typed, sizeof typed);
    return e;
}

/* The link says whose it is; the first one of a region makes the user that is named. */
static mizo_err password(job *k)
{
    bool any;
    MIZO_TRY(account_any(k->t.store, &any));
    mizo_err e = any || !k->id ? user_by_link(&k->u, k->w.link, k->fresh, k->whose)
                               : user_first(&k->u, k->w.link, k->id, k->fresh);
    if (!e && any)
        k->id = k->whose;
    return e;
}

static void put_link(job *k, bool is_token)
{
    if (k->w.json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "user", k->id);
        json_text(&k->j, is_token ? "token" : "link", *k->link ? k->link : NULL);
        json_end(&k->j);
    } else if (is_token) {
        buf_printf(&k->out, ja(k) ? "トークン（一度だけ表示します）: %s\n" : "token, shown this once: %s\n",
                   k->link);
    } else if (*k->link) {
        buf_printf(
            &k->out,
            ja(k) ? "%s さんに渡すリンク（15 分間、一度だけ）: 町のページのアドレス + /#/link/%s\n"
                  : "a link for %s, good once, for 15 minutes: the address of the town's page + /#/link/%s\n",
            k->id, k->link);
    } else {
        buf_printf(&k->out, ja(k) ? "%s: 変更しました\n" : "%s: done\n", k->id);
    }
}

static mizo_err in_batch(job *k, const char *source, mizo_err (*act)(job *k))
{
    const store_ops *ops = k->t.store->ops;
    store_batch b = { .known = k->u.now, .actor = k->who, .source = source, .note = "" };
    MIZO_TRY(ops->batch_begin(k->t.store, &b));
    mizo_err e = act(k);
    if (!e)
        return ops->batch_commit(k->t.store);
    ops->batch_rollback(k->t.store);
    return e;
}

/* ---- the verb ---- */

typedef struct part {
    const char *name;
    bool named; /* needs a user's name */
    store_mode mode;
    mizo_err (*run)(job *k);
} part;

static const part parts[] = {
    {"list",      false, STORE_READ,   list    },
    { "add",      true,  STORE_CREATE, add     },
    { "role",     true,  STORE_WRITE,  role    },
    { "disable",  true,  STORE_WRITE,  disable },
    { "enable",   true,  STORE_WRITE,  enable  },
    { "reset",    true,  STORE_WRITE,  reset   },
    { "password", false, STORE_WRITE,  password},
    { "token",    true,  STORE_WRITE,  token   },
    { "exchange", true,  STORE_CREATE, exchange},
    { "audit",    false, STORE_READ,   audit   },
};

static const part *find_part(const char *name)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(parts[i].name, name) == 0)
            return &parts[i];
    return NULL;
}

static mizo_err with_store(job *k, const part *p)
{
    char source[40], login[40];
    snprintf(source, sizeof source, "mizo user %s", p->name);
    env_login_name(login, sizeof login);
    snprintf(k->who, sizeof k->who, "cli:%s", login);
    k->u = (user_act){ .env = k->c->env,
                       .store = k->t.store,
                       .who = k->who,
                       .from = "cli",
                       .now = k->c->env->ops->wall_ms(k->c->env),
                       .diags = k->c->diags,
                       .region = k->t.region };
    if (p->mode == STORE_READ)
        return p->run(k);
    mizo_err e = p->run == password ? make_fresh(k) : MIZO_OK;
    if (!e)
        e = in_batch(k, source, p->run);
    if (e && k->owners) /* the files go with the batch */
        (void)owners_take_back(k->owners);
    owners_free(k->owners);
    k->owners = NULL;
    if (!e && p->run != exchange)
        put_link(k, p->run == token && !k->w.revoke);
    return e;
}

static int work(job *k, const part *p)
{
    static const part listing = { "token", true, STORE_READ, tokens };
    if (p->run == token && !k->w.label && !k->w.revoke)
        p = &listing;
    mizo_err e = town_open(k->c->env, k->w.region, p->mode, k->c->diags, &k->t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(k->c->diags);
    buf_init(&k->out, 64 << 20);
    json_init(&k->j, &k->out);
    e = with_store(k, p);
    if (e && !mizo_diags_count(k->c->diags, MIZO_ERROR))
        store_explain(k->c->diags, k->w.region, e);
    if (!e && k->w.json)
        buf_char(&k->out, '\n');
    int status = e ? cli_status(e) : cli_put(k->c, &k->out);
    password_wipe(k->link, sizeof k->link);
    password_wipe(k->fresh, sizeof k->fresh);
    buf_fini(&k->out);
    town_close(&k->t);
    return status ? status : k->status;
}

static int run(cli *c)
{
    job k = { .c = c };
    const char *rest[2];
    size_t n = 0;
    int status = cli_parse(c, &cli_user, &k.w, rest, &n, 2);
    if (status != CLI_DONE)
        return status;
    const part *p = n ? find_part(rest[0]) : NULL;
    if (!p || (p->named && n < 2)) {
        if (p)
            MIZO_DIAG(c->diags, USER_WHICH, MIZO_NOWHERE, p->name);
        else
            MIZO_DIAG(c->diags, USER_VERB, MIZO_NOWHERE, n ? rest[0] : "");
        return CLI_INPUT;
    }
    k.id = n > 1 ? rest[1] : NULL;
    return work(&k, p);
}

const cli_verb cli_user = {
    "user",
    "list|add|role|disable|enable|reset|password|token|exchange FILE|audit [NAME] --region DIR",
    "who may do what: users, roles, tokens, and what was done",
    "利用者・役割・トークンと、その操作の記録",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
