/* test_accounts.c: users, roles, links, sessions, tokens and the audit trail, by a clock that is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/env_sim.h"
#include "mizo/messages/account.h"
#include "town/people/actor.h"
#include "town/people/audit.h"
#include "town/people/user.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

typedef struct fixture {
    env *env;
    store *s;
    user_act u;
} fixture;

static const mizo_ms start = 1700000000000;

static void setup(fixture *f, const char *name)
{
    env_sim_options o = { .seed = 7, .start = start };
    f->env = env_sim_new(&o);
    assert_non_null(f->env);
    assert_int_equal(store_memory.open(name, STORE_CREATE, NULL, &f->s), MIZO_OK);
    f->u = (user_act){ .env = f->env, .store = f->s, .who = "cli:test", .from = "cli", .now = start };
    f->u.diags = mizo_diags_new(0);
}

static void teardown(fixture *f)
{
    mizo_diags_free(f->u.diags);
    f->s->ops->close(f->s);
    env_sim_free(f->env);
}

static void begin(fixture *f)
{
    store_batch b = { .known = f->u.now, .actor = f->u.who, .source = "test", .note = "" };
    assert_int_equal(f->s->ops->batch_begin(f->s, &b), MIZO_OK);
    mizo_diags_clear(f->u.diags);
}

static void commit(fixture *f)
{
    assert_int_equal(f->s->ops->batch_commit(f->s), MIZO_OK);
}

static mizo_msg said(const fixture *f)
{
    return mizo_diags_kept(f->u.diags) ? mizo_diags_at(f->u.diags, 0)->id : 0;
}

static void roles(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(0);
    unsigned set;
    char text[80];
    assert_int_equal(role_parse("operator, approver", &set, d), MIZO_OK);
    assert_int_equal(set, ROLE_OPERATOR | ROLE_APPROVER);
    role_text(set, text, sizeof text);
    assert_string_equal(text, "operator,approver");
    assert_int_equal(role_parse("reader,auditor", &set, d), MIZO_OK);
    assert_int_equal(role_parse("auditor,approver", &set, d), MIZO_EINPUT);
    assert_int_equal(role_parse("king", &set, d), MIZO_EINPUT);
    assert_int_equal(role_parse("", &set, d), MIZO_EINPUT);
    assert_int_equal(role_parse("reader,editor", &set, d), MIZO_OK);
    assert_int_equal(set, ROLE_READER | ROLE_EDITOR);
    assert_int_equal(role_parse("auditor,editor", &set, d), MIZO_EINPUT);
    assert_int_equal(role_check_bureau(ROLE_READER | ROLE_EDITOR, "education", d), MIZO_OK);
    assert_int_equal(role_check_bureau(ROLE_EDITOR | ROLE_OPERATOR, "education", d), MIZO_EINPUT);
    assert_int_equal(role_check_bureau(ROLE_AUDITOR, "education", d), MIZO_EINPUT);
    assert_int_equal(role_check_bureau(ROLE_OPERATOR, "", d), MIZO_OK);
    mizo_diags_free(d);
    /* Who audits writes nothing; who reads writes nothing; nobody's act is nobody's. */
    for (int act = 0; act < ACT_COUNT; act++) {
        bool writes = act != ACT_READ && act != ACT_AUDIT && act != ACT_SELF;
        assert_int_equal(role_may(ROLE_READER, (town_act)act), !writes && act != ACT_AUDIT);
        assert_int_equal(role_may(ROLE_AUDITOR, (town_act)act), !writes);
        assert_false(role_may(0, (town_act)act));
        if (writes)
            assert_true(role_may(ROLE_OPERATOR | ROLE_APPROVER, (town_act)act));
    }
    for (int act = 0; act < ACT_COUNT; act++)
        assert_int_equal(role_may(ROLE_EDITOR, (town_act)act),
                         act == ACT_ENTER || act == ACT_READ || act == ACT_SELF);
    assert_false(role_may(ROLE_ALL, ACT_COUNT));
    assert_false(role_may(ROLE_OPERATOR, ACT_APPROVE));
    assert_false(role_may(ROLE_APPROVER, ACT_IMPORT));
}

static void second_person(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(0);
    actor haru = { .name = "haru", .roles = ROLE_APPROVER, .user = true }, shell = { .name = "cli:haru" };
    assert_int_equal(actor_second("aki", &haru, d), MIZO_OK);
    assert_int_equal(actor_second("haru", &haru, d), MIZO_ECONFLICT);
    assert_int_equal(actor_second("haru", &shell, d), MIZO_ECONFLICT);
    assert_int_equal(actor_second("cli:haru", &haru, d), MIZO_ECONFLICT);
    assert_int_equal(actor_may(&haru, ACT_APPROVE, d), MIZO_OK);
    assert_int_equal(actor_may(&haru, ACT_IMPORT, d), MIZO_EINPUT);
    mizo_diags_free(d);
}

/* A user of one bureau reaches its facilities, and nothing that belongs to none. */
static void reach(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(0);
    static const mizo_facility f[] = {
        {.id = "depot",   .bureau = "transport"},
        { .id = "school", .bureau = "education"}
    };
    const mizo_region r = { .facility = f, .nfacility = 2 };
    actor edo = { .name = "edo", .roles = ROLE_EDITOR, .bureau = "education", .user = true };
    actor haru = { .name = "haru", .roles = ROLE_OPERATOR, .user = true };
    assert_true(actor_reaches(&edo, &r, 1));
    assert_false(actor_reaches(&edo, &r, 0));
    assert_false(actor_reaches(&edo, &r, -1));
    assert_true(actor_reaches(&haru, &r, 0) && actor_reaches(&haru, &r, -1));
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 0);
    assert_int_equal(actor_may_enter(&edo, &r, "school", MIZO_NOWHERE, d), MIZO_OK);
    assert_int_equal(actor_may_enter(&edo, &r, "depot", MIZO_NOWHERE, d), MIZO_EINPUT);
    assert_int_equal(actor_may_enter(&edo, &r, "", MIZO_NOWHERE, d), MIZO_EINPUT);
    assert_int_equal(actor_may_enter(&edo, &r, "nowhere", MIZO_NOWHERE, d), MIZO_EINPUT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 3);
    mizo_diags_free(d);
}

static void passwords(void **state)
{
    (void)state;
    mizo_diags *d = mizo_diags_new(0);
    static const char *const bad[] = { "short",           "elevenchars",  "aaaaaaaaaaaa", "abababababab",
                                       "123456789012",    "abcdefghijkl", "210987654321", "Password1234",
                                       "qwertyuiop12!!!", "haruharu-1234" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (password_fit(bad[i], "haruharu", d) != MIZO_EINPUT)
            fail_msg("\"%s\" was taken", bad[i]);
    assert_int_equal(password_fit("four odd words here", "haru", d), MIZO_OK);
    assert_int_equal(password_fit("とても長い合言葉をひとつ", "haru", d), MIZO_OK);
    mizo_diags_free(d);
    char kept[PASSWORD_HASH], other[PASSWORD_HASH];
    assert_int_equal(password_hash("four odd words here", kept), MIZO_OK);
    assert_int_equal(password_hash("four odd words here", other), MIZO_OK);
    assert_int_equal(strncmp(kept, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0);
    assert_string_not_equal(kept, other);
    assert_true(password_matches("four odd words here", kept));
    assert_false(password_matches("four odd words herf", kept));
    assert_false(password_matches("four odd words here", NULL));
}

/* The first link: once, in time, only while there is nobody. */
static void first_user(void **state)
{
    (void)state;
    fixture f;
    char link[TICKET_ROOM], old[TICKET_ROOM], text[TICKET_ROOM];
    ticket t;
    setup(&f, "first");
    begin(&f);
    assert_int_equal(user_first_link(&f.u, old), MIZO_OK);
    assert_int_equal(user_first_link(&f.u, link), MIZO_OK);
    assert_string_not_equal(old, link);
    commit(&f);
    begin(&f);
    assert_int_equal(user_first(&f.u, old, "haru", "$hash"), MIZO_ENOENT); /* a new start ended it */
    assert_int_equal(said(&f), MIZO_MSG_USER_LINK);
    f.s->ops->batch_rollback(f.s);
    begin(&f);
    f.u.now = start + TICKET_LINK_MS;
    assert_int_equal(user_first(&f.u, link, "haru", "$hash"), MIZO_ENOENT); /* too late */
    f.u.now = start + TICKET_LINK_MS - 1;
    assert_int_equal(user_first(&f.u, link, "Haru", "$hash"), MIZO_EINPUT);
    assert_int_equal(user_first(&f.u, link, "haru", "$hash"), MIZO_OK);
    assert_int_equal(user_login(&f.u, "haru", "$hash", &t, text), MIZO_OK);
    commit(&f);
    begin(&f);
    assert_int_equal(user_first(&f.u, link, "aki", "$hash"), MIZO_ECONFLICT);
    assert_int_equal(user_first_link(&f.u, link), MIZO_ECONFLICT);
    f.s->ops->batch_rollback(f.s);
    account a;
    assert_int_equal(account_get(f.s, "haru", &a), MIZO_OK);
    assert_int_equal(a.roles, ROLE_OPERATOR | ROLE_APPROVER);
    teardown(&f);
}

static void add(fixture *f, const char *id, unsigned set)
{
    char link[TICKET_ROOM], who[MIZO_ID_MAX];
    begin(f);
    assert_int_equal(user_add(&f->u, id, set, "", link), MIZO_OK);
    assert_int_equal(user_by_link(&f->u, link, "$hash", who), MIZO_OK);
    assert_string_equal(who, id);
    commit(f);
}

static void log_in(fixture *f, const char *id, char text[TICKET_ROOM])
{
    ticket t;
    begin(f);
    assert_int_equal(user_login(&f->u, id, "$hash", &t, text), MIZO_OK);
    commit(f);
}

static bool good(const fixture *f, ticket_kind kind, const char *text, mizo_ms now)
{
    ticket t;
    return ticket_find(f->s, kind, text, now, &t) == MIZO_OK;
}

static void ends_of_sessions(void **state)
{
    (void)state;
    fixture f;
    ticket t;
    char text[TICKET_ROOM];
    setup(&f, "sessions");
    add(&f, "haru", ROLE_OPERATOR);
    log_in(&f, "haru", text);
    assert_true(good(&f, TICKET_SESSION, text, start));
    assert_false(good(&f, TICKET_LINK, text, start));
    assert_false(good(&f, TICKET_TOKEN, text, start));
    assert_true(good(&f, TICKET_SESSION, text, start + 30 * MINUTE - 1));
    assert_false(good(&f, TICKET_SESSION, text, start + 30 * MINUTE)); /* idle */
    /* Used every 20 minutes it lives, but no longer than 12 hours. */
    for (mizo_ms now = start; now < start + 12 * HOUR; now += 20 * MINUTE) {
        assert_int_equal(ticket_find(f.s, TICKET_SESSION, text, now, &t), MIZO_OK);
        begin(&f);
        assert_int_equal(ticket_touch(f.s, TICKET_SESSION, &t, now), MIZO_OK);
        commit(&f);
    }
    assert_true(good(&f, TICKET_SESSION, text, start + 12 * HOUR - 1));
    assert_false(good(&f, TICKET_SESSION, text, start + 12 * HOUR));
    assert_false(good(&f, TICKET_SESSION, text, start - 5 * MINUTE - 1)); /* the clock was put back */
    /* A wrong letter is another session. */
    text[5] = text[5] == 'a' ? 'b' : 'a';
    assert_false(good(&f, TICKET_SESSION, text, start));
    teardown(&f);
}

static void what_ends_sessions(void **state)
{
    (void)state;
    fixture f;
    char a[TICKET_ROOM], b[TICKET_ROOM], token[TICKET_ROOM], link[TICKET_ROOM];
    setup(&f, "ends");
    add(&f, "haru", ROLE_OPERATOR);
    add(&f, "aki", ROLE_APPROVER);
    log_in(&f, "haru", a);
    log_in(&f, "aki", b);
    begin(&f);
    assert_int_equal(user_token(&f.u, "haru", 0, "meters", 90, token), MIZO_OK);
    assert_int_equal(user_roles(&f.u, "haru", ROLE_OPERATOR | ROLE_READER, NULL), MIZO_OK);
    commit(&f);
    assert_false(good(&f, TICKET_SESSION, a, start));
    assert_true(good(&f, TICKET_SESSION, b, start)); /* another's */
    assert_true(good(&f, TICKET_TOKEN, token, start));
    log_in(&f, "haru", a);
    begin(&f);
    assert_int_equal(user_password(&f.u, "haru", "$other", "$new"), MIZO_ECONFLICT);
    assert_int_equal(user_password(&f.u, "haru", "$hash", "$hash2"), MIZO_OK);
    commit(&f);
    assert_false(good(&f, TICKET_SESSION, a, start));
    begin(&f);
    ticket t;
    assert_int_equal(user_login(&f.u, "haru", "$hash", &t, a),
                     MIZO_ECONFLICT); /* the password was changed meanwhile */
    assert_int_equal(user_login(&f.u, "haru", "$hash2", &t, a), MIZO_OK);
    assert_int_equal(user_switch(&f.u, "haru", false), MIZO_OK);
    assert_int_equal(user_login(&f.u, "haru", "$hash2", &t, a), MIZO_ECONFLICT);
    commit(&f);
    assert_false(good(&f, TICKET_SESSION, a, start));
    assert_false(good(&f, TICKET_TOKEN, token, start));
    begin(&f);
    assert_int_equal(user_reset(&f.u, "aki", link), MIZO_OK);
    commit(&f);
    char kept[PASSWORD_HASH];
    assert_false(good(&f, TICKET_SESSION, b, start));
    assert_int_equal(account_hash(f.s, "aki", kept), MIZO_ENOENT);
    assert_true(good(&f, TICKET_LINK, link, start));
    begin(&f);
    assert_int_equal(user_reset(&f.u, "nobody", link), MIZO_ENOENT);
    assert_int_equal(user_add(&f.u, "aki", ROLE_READER, "", link), MIZO_ECONFLICT);
    f.s->ops->batch_rollback(f.s);
    teardown(&f);
}

static mizo_err take_id(void *arg, const ticket *t)
{
    memcpy(arg, t->id, HASH_TEXT);
    return MIZO_OK;
}

static void tokens(void **state)
{
    (void)state;
    fixture f;
    char token[TICKET_ROOM], id[HASH_TEXT];
    setup(&f, "tokens");
    add(&f, "haru", ROLE_OPERATOR | ROLE_READER);
    begin(&f);
    assert_int_equal(user_token(&f.u, "haru", ROLE_APPROVER, "x", 1, token),
                     MIZO_EINPUT); /* more than the user */
    assert_int_equal(user_token(&f.u, "haru", ROLE_READER, "x", 1, token), MIZO_OK);
    commit(&f);
    assert_int_equal(strncmp(token, "mizo_", 5), 0);
    assert_true(good(&f, TICKET_TOKEN, token, start + 23 * HOUR));
    assert_false(good(&f, TICKET_TOKEN, token, start + 24 * HOUR));
    assert_int_equal(ticket_each(f.s, TICKET_TOKEN, "haru", take_id, id), MIZO_OK);
    begin(&f);
    assert_int_equal(user_revoke(&f.u, "haru", "0123"), MIZO_ENOENT);
    id[12] = '\0';
    assert_int_equal(user_revoke(&f.u, "haru", id), MIZO_OK);
    commit(&f);
    assert_false(good(&f, TICKET_TOKEN, token, start));
    teardown(&f);
}

static void csrf(void **state)
{
    (void)state;
    char a[HASH_TEXT], b[HASH_TEXT];
    ticket_csrf("session-one", a);
    ticket_csrf("session-two", b);
    assert_string_not_equal(a, b);
    assert_true(ticket_csrf_is("session-one", a));
    assert_false(ticket_csrf_is("session-one", b));
    assert_false(ticket_csrf_is("session-one", ""));
    a[63] = '\0';
    assert_false(ticket_csrf_is("session-one", a));
}

static mizo_err count(void *arg, const audit_seen *a)
{
    (void)a;
    return ++*(int *)arg == 2 ? MIZO_ECANCELED : MIZO_OK;
}

static void trail(void **state)
{
    (void)state;
    fixture f;
    int64_t n, bad;
    int seen = 0;
    setup(&f, "trail");
    begin(&f);
    for (int i = 0; i < 5; i++) {
        audit_row row = { .who = i % 2 ? "" : "haru",
                          .from = "1.2.3.4",
                          .act = "login",
                          .object = "a\nb",
                          .result = AUDIT_DENIED,
                          .why = "password",
                          .skipped = i };
        assert_int_equal(audit_add(f.s, &row, start + i), MIZO_OK);
    }
    commit(&f);
    assert_int_equal(audit_verify(f.s, &n, &bad), MIZO_OK);
    assert_int_equal(n, 5);
    assert_int_equal(bad, 0);
    assert_int_equal(audit_each(f.s, 0, count, &seen), MIZO_OK);
    assert_int_equal(seen, 2);
    /* Somebody writes over the third: it has two versions now, and the fourth names another hash. */
    begin(&f);
    assert_int_equal(f.s->ops->record_put(f.s, "audit", "000000000003", "{}", NULL), MIZO_OK);
    commit(&f);
    assert_int_equal(audit_verify(f.s, &n, &bad), MIZO_OK);
    assert_int_equal(bad, 3);
    teardown(&f);
}

static double cpu_of(fixture *f, const char *id)
{
    account a;
    char compared[PASSWORD_HASH];
    clock_t from = clock();
    for (int i = 0; i < 3; i++)
        assert_int_equal(account_check(f->s, id, "four odd words herf", &a, compared), MIZO_ECONFLICT);
    return (double)(clock() - from) / CLOCKS_PER_SEC;
}

/* Who asks cannot tell from the time whether there is such a user: an unknown one, one without a password yet and a wrong
 * password cost the same Argon2 work. */
static void nobody_costs_as_much(void **state)
{
    (void)state;
    fixture f;
    char kept[PASSWORD_HASH], link[TICKET_ROOM];
    setup(&f, "work");
    add(&f, "haru", ROLE_OPERATOR);
    assert_int_equal(password_hash("four odd words here", kept), MIZO_OK);
    begin(&f);
    assert_int_equal(account_set_hash(f.s, "haru", kept, start), MIZO_OK);
    assert_int_equal(user_add(&f.u, "aki", ROLE_READER, "", link), MIZO_OK);
    commit(&f);
    double wrong = cpu_of(&f, "haru"), nobody = cpu_of(&f, "nobody"), fresh = cpu_of(&f, "aki");
    if (!(nobody > wrong / 2 && wrong > nobody / 2 && fresh > wrong / 2 && wrong > fresh / 2))
        fail_msg("wrong password %.3f s, unknown user %.3f s, no password yet %.3f s", wrong, nobody, fresh);
    teardown(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles),
        cmocka_unit_test(second_person),
        cmocka_unit_test(reach),
        cmocka_unit_test(passwords),
        cmocka_unit_test(nobody_costs_as_much),
        cmocka_unit_test(first_user),
        cmocka_unit_test(ends_of_sessions),
        cmocka_unit_test(what_ends_sessions),
        cmocka_unit_test(tokens),
        cmocka_unit_test(csrf),
        cmocka_unit_test(trail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
