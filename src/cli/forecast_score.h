/* forecast_score.h: mizo forecast --score: how good the forecasts of a span were. */
#ifndef CLI_FORECAST_SCORE_H
#define CLI_FORECAST_SCORE_H

#include "cli/cli.h"

typedef struct forecast_score {
    const char *region, *site; /* site NULL: the whole town */
    mizo_day from, to;         /* [from, to) */
    int days;                  /* ahead */
    bool json;
} forecast_score;

int cli_forecast_score(cli *c, const forecast_score *o);

#endif
