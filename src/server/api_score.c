/* api_score.c: how good the forecasts of the last two weeks were, as the town judged them last. */
#include "server/api.h"

enum { SITES = 50 };

void api_score(const api_call *c, http_response *out)
{
    json j;
    if (!c->score) {
        api_problem(c->request, out, 503, MIZO_MSG_SERVER_NOT_JUDGED, NULL, NULL);
        out->retry_after = 10;
        return;
    }
    api_begin(out, &j);
    score_json(&j, c->score, SITES);
    json_end(&j);
}
