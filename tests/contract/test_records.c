/* test_records.c: The contract of models, records and secrets. */
#include "contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mizo_err collect_model(void *arg, const char *hash, const char *text, int64_t batch)
{
    tally *t = arg;
    snprintf(t->text, sizeof t->text, "%s=%s", hash, text);
    t->last = batch;
    return MIZO_OK;
}

static void models(void **state)
{
    fixture *f = *state;
    tally t = { 0 };
    bool changed;
    assert_int_equal(f->ops->model_get(f->s, NULL, collect_model, &t), MIZO_ENOENT);
    begin(f->s, 1);
    OK(f->ops->model_put(f->s, "h1", "one", &changed));
    assert_true(changed);
    OK(f->ops->model_put(f->s, "h1", "one", &changed));
    assert_false(changed);
    OK(f->ops->model_put(f->s, "h2", "two", &changed));
    commit(f->s);
    OK(f->ops->model_get(f->s, NULL, collect_model, &t));
    assert_string_equal(t.text, "h2=two");
    OK(f->ops->model_get(f->s, "h1", collect_model, &t));
    assert_string_equal(t.text, "h1=one");
    assert_int_equal(f->ops->model_get(f->s, "h3", collect_model, &t), MIZO_ENOENT);
    int64_t b = begin(f->s, 2); /* a model that comes back is the latest again */
    OK(f->ops->model_put(f->s, "h1", "one", &changed));
    assert_true(changed);
    commit(f->s);
    OK(f->ops->model_get(f->s, NULL, collect_model, &t));
    assert_string_equal(t.text, "h1=one");
    assert_int_equal(t.last, b);
}

static mizo_err collect_record(void *arg, const store_record *r)
{
    tally *t = arg;
    size_t at = strlen(t->text);
    snprintf(t->text + at, sizeof t->text - at, "%s/%s.%lld=%s ", r->kind, r->id, (long long)r->version,
             r->json);
    return MIZO_OK;
}

static void records(void **state)
{
    fixture *f = *state;
    bool changed;
    tally t = { 0 };
    begin(f->s, 1);
    OK(f->ops->record_put(f->s, "note", "b", "{}", &changed));
    OK(f->ops->record_put(f->s, "note", "a", "1", &changed));
    OK(f->ops->record_put(f->s, "note", "a", "2", &changed));
    assert_true(changed);
    OK(f->ops->record_put(f->s, "note", "a", "2", &changed));
    assert_false(changed);
    OK(f->ops->record_put(f->s, "notes", "a", "other", &changed));
    commit(f->s);
    OK(f->ops->record_scan(f->s, "note", NULL, collect_record, &t));
    assert_string_equal(t.text, "note/a.2=2 note/b.1={} ");
    t = (tally){ 0 };
    OK(f->ops->record_scan(f->s, "note", "a", collect_record, &t));
    assert_string_equal(t.text, "note/a.2=2 ");
    t = (tally){ 0 };
    OK(f->ops->record_versions(f->s, "note", "a", collect_record, &t));
    assert_string_equal(t.text, "note/a.1=1 note/a.2=2 ");
    t = (tally){ 0 };
    OK(f->ops->record_scan(f->s, "none", NULL, collect_record, &t));
    assert_string_equal(t.text, "");
}

static mizo_err two_are_enough(void *arg, const store_record *r)
{
    tally *t = arg;
    (void)collect_record(arg, r);
    return t->text[0] && strchr(strchr(t->text, ' ') + 1, ' ') ? MIZO_ECANCELED : MIZO_OK;
}

static void records_from_the_last(void **state)
{
    fixture *f = *state;
    tally t = { 0 };
    begin(f->s, 1);
    OK(f->ops->record_put(f->s, "audit", "001", "a", NULL));
    OK(f->ops->record_put(f->s, "audit", "002", "b", NULL));
    OK(f->ops->record_put(f->s, "audit", "002", "c", NULL));
    OK(f->ops->record_put(f->s, "audit", "010", "d", NULL));
    OK(f->ops->record_put(f->s, "audits", "011", "other", NULL));
    commit(f->s);
    OK(f->ops->record_newest(f->s, "audit", NULL, collect_record, &t));
    assert_string_equal(t.text, "audit/010.1=d audit/002.2=c audit/001.1=a ");
    t = (tally){ 0 };
    OK(f->ops->record_newest(f->s, "audit", "010", collect_record, &t));
    assert_string_equal(t.text, "audit/002.2=c audit/001.1=a ");
    t = (tally){ 0 };
    assert_int_equal(f->ops->record_newest(f->s, "audit", NULL, two_are_enough, &t), MIZO_ECANCELED);
    assert_string_equal(t.text, "audit/010.1=d audit/002.2=c ");
    t = (tally){ 0 };
    OK(f->ops->record_newest(f->s, "audit", "001", collect_record, &t));
    assert_string_equal(t.text, "");
}

static void secrets(void **state)
{
    fixture *f = *state;
    bool changed;
    tally t = { 0 };
    assert_int_equal(f->ops->secret_put(f->s, "password", "a", "1", NULL), MIZO_ESTORE); /* no batch */
    begin(f->s, 1);
    OK(f->ops->secret_put(f->s, "password", "b", "1", &changed));
    assert_true(changed);
    OK(f->ops->secret_put(f->s, "password", "a", "canary-of-old", &changed));
    OK(f->ops->secret_put(f->s, "passwords", "a", "other", &changed));
    commit(f->s);
    begin(f->s, 2);
    OK(f->ops->secret_put(f->s, "password", "a", "2", &changed));
    assert_true(changed);
    OK(f->ops->secret_put(f->s, "password", "a", "2", &changed));
    assert_false(changed);
    OK(f->ops->secret_put(f->s, "password", "b", NULL, &changed));
    assert_true(changed);
    OK(f->ops->secret_put(f->s, "password", "none", NULL, &changed));
    assert_false(changed);
    commit(f->s);
    OK(f->ops->secret_scan(f->s, "password", NULL, collect_record, &t));
    assert_string_equal(t.text, "password/a.1=2 ");
    t = (tally){ 0 };
    OK(f->ops->secret_scan(f->s, "password", "b", collect_record, &t));
    assert_string_equal(t.text, "");
    begin(f->s, 3);
    OK(f->ops->secret_put(f->s, "password", "a", NULL, NULL));
    f->ops->batch_rollback(f->s);
    OK(f->ops->secret_scan(f->s, "password", "a", collect_record, &t));
    assert_string_equal(t.text, "password/a.1=2 ");
}

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(models),
        CASE(records),
        CASE(records_from_the_last),
        CASE(secrets),
    };
    return RUN(cases);
}
