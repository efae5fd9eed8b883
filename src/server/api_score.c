/* api_score.c: how good the forecasts of the last two weeks were, as the town judged them last. */
#include "server/api.h"

enum { SITES = 50 };

void api_score(const api_call *c, http_response *out)
{
    json j;
    api_begin(out, &j);
    json_bool(&j, "judged", c->score != NULL);
    if (c->score)
        score_json(&j, c->score, SITES);
    json_end(&j);
}
