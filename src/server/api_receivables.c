/* api_receivables.c: what parties owe and paid, and a bank statement that is brought in. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/bills/receivable.h"

void api_receivables(const api_call *c, http_response *out)
{
    char dir[API_DIR];
    receivable_list l;
    store *s;
    json j;
    mizo_day as_of = c->view->day;
    const char *given = query_get(&c->request->q, "as_of");
    if (given && query_day(&c->request->q, "as_of", &as_of)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, given, NULL);
        return;
    }
    if (!api_open_store(c, out, &s))
        return;
    mizo_diags *d = mizo_diags_new(20);
    town t = api_town_of(c, s, d, dir);
    if (!d || receivable_read(&t, as_of, &l)) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
    } else {
        api_begin(out, &j);
        receivable_json(&l, as_of, &j);
        json_end(&j);
        arena_free(l.arena);
    }
    mizo_diags_free(d);
    s->ops->close(s);
}

static mizo_err put_line(void *arg, const payment_line *l)
{
    payment_line_json(l, arg);
    return MIZO_OK;
}

/* All of it in the batch: what is open is read there, so that two statements at once pay nothing twice. */
mizo_err api_payments_write(api_write *w)
{
    char dir[API_DIR];
    payment_sum sum;
    json j;
    const http_request *r = w->c->request;
    town t = api_town_of(w->c, w->store, w->diags, dir);
    api_begin(w->out, &j);
    json_array(&j, "lines");
    register_file f = { .kind = "payments",
                        .with = "bank",
                        .name = "payments.csv",
                        .actor = w->who.name,
                        .bytes = r->body,
                        .n = r->nbody };
    MIZO_TRY(api_file_failed(w, &f,
                             payment_read_open(&t, "payments.csv", r->body ? r->body : "", r->nbody,
                                               w->who.name, w->known, put_line, &j, &sum)));
    json_end(&j);
    payment_sum_json(&sum, &j);
    json_end(&j);
    (void)snprintf(w->object, sizeof w->object, "payments/%d", sum.posted);
    return MIZO_OK;
}
