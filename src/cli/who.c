/* who.c: who acts on the command line: --as, and a password from the terminal or a file, never from argv. */
#include <stdlib.h>
#include <string.h>

#include "base/env_stream.h"
#include "cli/cli.h"
#include "mizo/messages/account.h"
#include "town/desk/desk.h"

typedef struct asking {
    const char *file;
    bool ja;
} asking;

static mizo_err say_file(mizo_diags *d, const char *file, const char *why)
{
    MIZO_DIAG(d, PASSWORD_FILE, MIZO_NOWHERE, file, why);
    return MIZO_EINPUT;
}

/* Its first line. */
static mizo_err read_password(const char *file, char out[PASSWORD_ROOM], mizo_diags *d)
{
    mizo_err e = env_file_private(file);
    if (e == MIZO_ECONFLICT)
        return say_file(d, file, "may be read by others: chmod 600");
    env_stream *s = NULL;
    int64_t size;
    size_t n = 0, got = 1;
    char text[PASSWORD_ROOM + 1];
    if (!e)
        e = env_stream_open(file, &s, &size);
    while (!e && got && n < sizeof text) {
        e = env_stream_read(s, text + n, sizeof text - n, &got);
        n += e ? 0 : got;
    }
    env_stream_close(s);
    if (e)
        return say_file(d, file, mizo_err_text(e));
    size_t line = 0;
    while (line < n && text[line] != '\n' && text[line] != '\r' && text[line])
        line++;
    if (line && line < PASSWORD_ROOM) {
        memcpy(out, text, line);
        out[line] = '\0';
    }
    password_wipe(text, sizeof text);
    return line && line < PASSWORD_ROOM ? MIZO_OK : say_file(d, file, "holds no password in its first line");
}

static mizo_err ask(void *arg, const char *user, char out[PASSWORD_ROOM], mizo_diags *d)
{
    const asking *a = arg;
    char prompt[128];
    if (a->file)
        return read_password(a->file, out, d);
    snprintf(prompt, sizeof prompt, a->ja ? "%s のパスワード: " : "password of %s: ", user);
    mizo_err e = env_ask_secret(prompt, out, PASSWORD_ROOM);
    if (!e)
        return MIZO_OK;
    MIZO_DIAG(d, PASSWORD_ASK, MIZO_NOWHERE, NULL);
    return MIZO_EINPUT;
}

static const char *file_of(const char *named)
{
    const char *file = named ? named : getenv("MIZO_PASSWORD_FILE");
    return file && *file ? file : NULL;
}

mizo_err cli_new_password(cli *c, const char *named, char out[PASSWORD_ROOM])
{
    char again[PASSWORD_ROOM];
    const char *file = file_of(named);
    if (file)
        return read_password(file, out, c->diags);
    mizo_err e =
        env_ask_secret(cli_japanese(c) ? "新しいパスワード: " : "new password: ", out, PASSWORD_ROOM);
    if (!e)
        e = env_ask_secret(cli_japanese(c) ? "もう一度: " : "once more: ", again, sizeof again);
    if (e) {
        MIZO_DIAG(c->diags, PASSWORD_ASK, MIZO_NOWHERE, NULL);
        return MIZO_EINPUT;
    }
    bool same = strcmp(out, again) == 0;
    password_wipe(again, sizeof again);
    if (same)
        return MIZO_OK;
    MIZO_DIAG(c->diags, PASSWORD_TWICE, MIZO_NOWHERE, NULL);
    return MIZO_EINPUT;
}

int cli_actor(cli *c, const cli_who *who, const char *dir, town_act act, actor *out)
{
    char login[64];
    env_login_name(login, sizeof login);
    asking a = { file_of(who->password_file), cli_japanese(c) };
    return cli_status(actor_find(c->env, dir, who->as, login, act, ask, &a, c->diags, out));
}

mizo_day cli_day_of(const cli *c, const town *t, mizo_day given)
{
    mizo_slot now = mizo_ms_slot(c->env->ops->wall_ms(c->env));
    return given != MIZO_DAY_NONE ? given : mizo_slot_day(now, t->region->offset);
}

mizo_day cli_trading_day(const cli *c, const town *t, mizo_day given)
{
    town own = *t;
    mizo_ms now;
    if (given != MIZO_DAY_NONE || desk_now(&own, &now))
        return cli_day_of(c, t, given);
    return mizo_slot_day(mizo_ms_slot(now), t->region->offset);
}

int cli_town(cli *c, const cli_who *who, const char *dir, int act, actor *out, town *t)
{
    *out = (actor){ 0 };
    int status = act == CLI_READS ? CLI_DONE : cli_actor(c, who, dir, (town_act)act, out);
    if (status)
        return status;
    mizo_err e = act == CLI_READS ? town_open(c->env, dir, STORE_READ, c->diags, t)
                                  : town_open_as(c->env, dir, STORE_WRITE, out->name, c->diags, t);
    if (!e)
        mizo_diags_clear(c->diags);
    return cli_status(e);
}
