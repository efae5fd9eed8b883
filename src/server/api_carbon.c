/* api_carbon.c: the CO2 of a fiscal year's electricity, and of a day by the half-hour. In a job. */
#include <string.h>

#include "mizo/messages/server.h"
#include "server/api.h"
#include "town/proof/carbon_slots.h"
#include "town/proof/carbon_year.h"

void api_carbon(const api_call *c, http_response *out)
{
    int fy;
    mizo_day as_of;
    store *s;
    carbon_year year;
    json j;
    if (!api_year(c, out, &fy, &as_of) || !api_open_store(c, out, &s))
        return;
    mizo_err e = carbon_of_year(s, c->view->region, fy, as_of, &year);
    s->ops->close(s);
    if (e) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        return;
    }
    api_begin(out, &j);
    carbon_year_json(c->view->region, &year, &j);
    json_end(&j);
    carbon_year_free(&year);
}

void api_carbon_day(const api_call *c, http_response *out)
{
    const char *given = query_get(&c->request->q, "date");
    mizo_day day = c->view->day - 1;
    store *s;
    carbon_reader *k;
    carbon_day d;
    json j;
    if (given && query_day(&c->request->q, "date", &day)) {
        api_problem(c->request, out, 400, MIZO_MSG_SERVER_BAD_DATE, given, NULL);
        return;
    }
    if (!api_open_store(c, out, &s))
        return;
    mizo_err e = carbon_reader_new(s, c->view->region, STORE_LATEST, &k);
    if (!e)
        e = carbon_read(k, day, &d);
    carbon_reader_free(k);
    s->ops->close(s);
    if (e) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NO_STORE, NULL, NULL);
        return;
    }
    api_begin(out, &j);
    carbon_day_json(&d, &j);
    json_end(&j);
}
