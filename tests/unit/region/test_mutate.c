/* Any bytes: a directory either loads into a sound model, or at least one error is said. */
#include "sound.h"
#include "village.h"

/* Like an editor that fails: changes, drops, doubles a piece, or ends early. */
static size_t mutate(char *s, size_t n, size_t cap, uint64_t seed)
{
    static const char pool[] = "0189-.,,\"\n\r: azAZ#&*![]{}x\xff\xe3\x80\x80";
    uint64_t r = mizo_mix64(seed);
    size_t at = n ? (r >> 8) % n : 0, len = 1 + (r >> 40) % 24;
    if (n == 0)
        return 0;
    len = len < n - at ? len : n - at;
    switch (r & 7) {
    case 0:
        return at;
    case 1:
        memmove(s + at, s + at + len, n - at - len);
        return n - len;
    case 2:
        if (n + len > cap)
            return n;
        memmove(s + at + len, s + at, n - at);
        return n + len;
    case 3:
        s[at] = (char)(r >> 48);
        return n;
    default:
        s[at] = pool[(r >> 48) % (sizeof pool - 1)];
        return n;
    }
}

static void check(const village *v, uint64_t seed, int count[2])
{
    mizo_diags *d = mizo_diags_new(0);
    const mizo_region *r = NULL, *again = NULL;
    mizo_err e = mizo_region_build(v->file, v->n, d, &r);
    if (e == MIZO_OK ? !r || !sound_model(r) || mizo_diags_count(d, MIZO_ERROR)
                     : e != MIZO_EINPUT || r || !mizo_diags_count(d, MIZO_ERROR))
        fail_msg("seed %llu: %s", (unsigned long long)seed, mizo_err_text(e));
    char *text = mizo_region_text(v->file, v->n);
    assert_non_null(text);
    mizo_err same = mizo_region_from_text(text, NULL, &again);
    if (!e ||
        !strstr(text, "\xef\xbf\xbd")) /* what was refused for a byte that is no letter is text by now */
        assert_int_equal(same, e);
    if (r)
        assert_string_equal(r->hash, again->hash);
    free(text);
    count[e == MIZO_OK]++;
    mizo_region_unref(again);
    mizo_region_unref(r);
    mizo_diags_free(d);
}

static void any_change(void **state)
{
    (void)state;
    int count[2] = { 0, 0 };
    village good;
    village_load(&good);
    for (uint64_t seed = 0; seed < 4000; seed++) {
        village v = good;
        int f = (int)(mizo_mix64(seed ^ 0x5eed) % FILE_COUNT);
        size_t n = good.file[f].n, cap = n + 64;
        char *copy = malloc(cap + 1);
        memcpy(copy, good.file[f].bytes, n);
        for (uint64_t k = 0; k <= seed % 3; k++)
            n = mutate(copy, n, cap, seed * 16 + k);
        /* exactly n bytes, so that a read past the end is seen */
        char *exact = malloc(n ? n : 1);
        memcpy(exact, copy, n);
        v.file[f].bytes = exact;
        v.file[f].n = n;
        check(&v, seed, count);
        free(exact);
        free(copy);
    }
    village_free(&good);
    print_message("# %d loaded, %d refused\n", count[1], count[0]);
    assert_true(count[0] > 500 && count[1] > 200);
}

/* A large town: 1,050 facilities and points, each with a contract. */
static void a_large_town(void **state)
{
    (void)state;
    village v;
    buf f, p, u, s;
    buf_init(&f, 0);
    buf_init(&p, 0);
    buf_init(&u, 0);
    buf_init(&s, 0);
    village_load(&v);
    buf_str(&f, v.own[FILE_FACILITIES]);
    buf_str(&p, v.own[FILE_POINTS]);
    buf_str(&u, v.own[FILE_USES]);
    buf_str(&s, v.own[FILE_SUPPLY]);
    for (int i = 1050; i > 0; i--) {
        buf_printf(&f, "f-%04d,施設%d,Facility %d,office,,,,,public,,,,,,\n", i, i, i);
        buf_printf(&p, "q-%04d,,high,slot,hv-day,100,,no,,\n", i);
        buf_printf(&u, "f-%04d,,q-%04d,1,,\n", i, i);
        buf_printf(&s, "q-%04d,big-green,,\n", i);
    }
    village_put(&v, FILE_FACILITIES, f.p, f.n);
    village_put(&v, FILE_POINTS, p.p, p.n);
    village_put(&v, FILE_USES, u.p, u.n);
    village_put(&v, FILE_SUPPLY, s.p, s.n);
    int count[2] = { 0, 0 };
    check(&v, 0, count);
    assert_int_equal(count[1], 1);
    buf_fini(&f);
    buf_fini(&p);
    buf_fini(&u);
    buf_fini(&s);
    village_free(&v);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = { cmocka_unit_test(any_change), cmocka_unit_test(a_large_town) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
