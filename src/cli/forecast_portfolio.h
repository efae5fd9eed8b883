/* forecast_portfolio.h: mizo forecast --portfolio: the demand of the points that are in supply. */
#ifndef CLI_FORECAST_PORTFOLIO_H
#define CLI_FORECAST_PORTFOLIO_H

#include "cli/cli.h"

typedef struct forecast_portfolio {
    const char *region, *supplier; /* supplier NULL: any */
    mizo_day day;
    int days;
    bool hindcast, json;
} forecast_portfolio;

int cli_forecast_portfolio(cli *c, const forecast_portfolio *o);

#endif
