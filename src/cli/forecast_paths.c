/* forecast_paths.c: mizo forecast --paths: joint paths of every point, Wh of each half-hour, as CSV (a line a path
 * and point) or JSON. A line of one path of all points together is what may happen on one day. */
#include "cli/forecast_paths.h"

#include <math.h>
#include <stdlib.h>

enum { ROOM = 256 << 20 };

static int wh(float v)
{
    return isnan(v) ? 0 : (int)fmin(2e9, floor((double)v + 0.5));
}

static void csv_head(const forecast_paths *p, buf *out)
{
    char day[MIZO_DATE_TEXT];
    buf_str(out, "path,point");
    for (int i = 0; i < p->n; i++) {
        mizo_day_text(p->day + i / MIZO_DAY_SLOTS, day);
        buf_printf(out, ",%sT%02d:%02d", day, i % MIZO_DAY_SLOTS / 2, i % 2 * 30);
    }
    buf_char(out, '\n');
}

static void csv_point(const forecast_paths *p, const char *id, const float *path, buf *out)
{
    for (int k = 0; k < p->npath; k++) {
        buf_printf(out, "%d,%s", k + 1, id);
        for (int i = 0; i < p->n; i++)
            buf_printf(out, ",%d", wh(path[k * p->n + i]));
        buf_char(out, '\n');
    }
}

/* What is expected of a point; of all points together it is the town's, to the Wh. */
static void json_mean(const forecast_paths *p, size_t k, json *j)
{
    json_array(j, "mean_wh");
    for (int i = 0; i < p->n; i++)
        json_int(j, NULL, foresee_town_mean(p->town, k, i));
    json_end(j);
}

static void json_town(const forecast_paths *p, json *j)
{
    json_array(j, "demand_wh");
    for (int i = 0; i < p->n; i++) {
        int64_t mean, q[MIZO_QUANTILES];
        foresee_town_sum(p->town, i, &mean, q);
        json_int(j, NULL, mean);
    }
    json_end(j);
}

static void json_point(const forecast_paths *p, size_t k, const float *path, json *j)
{
    json_object(j, NULL);
    json_text(j, "point", p->region->point[foresee_town_point(p->town, k)].id);
    json_mean(p, k, j);
    json_array(j, "paths_wh");
    for (int r = 0; r < p->npath; r++) {
        json_array(j, NULL);
        for (int i = 0; i < p->n; i++)
            json_int(j, NULL, wh(path[r * p->n + i]));
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static mizo_err put(const forecast_paths *p, float *path, buf *out)
{
    json j;
    json_init(&j, out);
    if (p->json) {
        json_object(&j, NULL);
        json_day(&j, "day", p->day);
        json_int(&j, "days", p->n / MIZO_DAY_SLOTS);
        json_int(&j, "paths", p->npath);
        json_town(p, &j);
        json_array(&j, "points");
    } else {
        csv_head(p, out);
    }
    for (size_t k = 0; k < foresee_town_points(p->town); k++) {
        const char *id = p->region->point[foresee_town_point(p->town, k)].id;
        MIZO_TRY(foresee_town_paths(p->town, k, path));
        if (p->json)
            json_point(p, k, path, &j);
        else
            csv_point(p, id, path, out);
    }
    if (p->json) {
        json_end(&j);
        json_end(&j);
        buf_char(out, '\n');
    }
    return MIZO_OK;
}

int cli_forecast_paths(cli *c, const forecast_paths *p)
{
    buf out;
    float *path = malloc((size_t)p->npath * (size_t)p->n * sizeof *path);
    buf_init(&out, ROOM);
    mizo_err e = path ? put(p, path, &out) : MIZO_ENOMEM;
    int status = e ? cli_status(e) : cli_put(c, &out);
    buf_fini(&out);
    free(path);
    return status;
}
