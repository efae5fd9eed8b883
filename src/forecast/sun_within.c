/* sun_within.c: the rest of a day, from what the panel has given since sunrise.
 *
 * What happened is read as its place within what was issued for its half-hour, in standard deviations (the normal
 * score). The scores of one day hang together: on 9 measured plants 0.89 from one half-hour to the next, 0.74 over
 * two hours, 0.61 over four, 0.42 over eight. Given the scores so far, the score of a later half-hour is normal
 * with a mean and a spread that follow from that (a Gaussian copula along the day), and is read back through what
 * was issued: the night stays dark, nothing crosses, and what is near is known better than what is far. */
#include <math.h>

#include "forecast/issued.h"
#include "forecast/sun_inner.h"

enum { LOOK = 10 }; /* half-hours that are looked back at */

/* The half-hours of [0, now) that the sky did not decide; the panel of `about` tells. */
static void find_held(const mizo_forecast_about *about, mizo_day day, const int32_t *happened, int now,
                      bool held[MIZO_DAY_SLOTS])
{
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        held[s] = false;
    if (!about || !(about->panel.dc_w > 0))
        return;
    mizo_panel panel = sun_panel_of(about);
    sun_curve curve;
    float clear[MIZO_DAY_SLOTS];
    mizo_pv_state state[MIZO_DAY_SLOTS];
    sun_curves(&panel, about, day, 1, &curve);
    for (int s = 0; s < MIZO_DAY_SLOTS; s++)
        clear[s] = curve.ghi[s] > 50 ? curve.clear[s] : 0;
    mizo_pv_states_under(happened, clear, (size_t)now, &panel, state);
    for (int s = 0; s < now; s++)
        held[s] = state[s] == MIZO_PV_CAPPED || state[s] == MIZO_PV_OFF;
}

/* The day's score so far, the latest half-hour three quarters of it; and how much of a full look there was: the
 * first light of a morning says little. */
static double score_so_far(const mizo_forecast *io, const int32_t *happened, int now,
                           const bool held[MIZO_DAY_SLOTS], double *known)
{
    double peak = 0, sum = 0, weight = 0, full = 0;
    for (int i = 0; i < MIZO_DAY_SLOTS && i < io->n; i++)
        peak = fmax(peak, io->mean[i]);
    for (int back = 0; back < LOOK; back++) {
        int i = now - 1 - back;
        double w = back == 0 ? 0.75 : 0.06 * pow(0.8, back - 1);
        full += w;
        if (i < 0 || i >= io->n || happened[i] == MIZO_MISSING || io->mean[i] == MIZO_MISSING || held[i])
            continue;
        issued o = issued_of(io, i, 0);
        if (!(o.v[o.n - 1] > o.v[0]))
            continue;
        w *= fmin(1, io->mean[i] / (0.3 * peak));
        sum += w * issued_place(&o, happened[i]);
        weight += w;
    }
    *known = sqrt(weight / full);
    return weight > 0 ? sum / weight : 0;
}

/* Slot i again, its score now normal with that mean and spread. */
static void rewrite(mizo_forecast *io, int i, double mean, double spread, double limit)
{
    issued o = issued_of(io, i, 0);
    double was = 0, is = 0, v[MIZO_QUANTILES];
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        double z = fmax(-ISSUED_FAR, fmin(ISSUED_FAR, mean + spread * issued_score[k]));
        v[k] = fmin(fmax(limit, issued_value(&o, issued_score[k])), issued_value(&o, z));
        was += issued_share[k] * issued_value(&o, issued_score[k]);
        is += issued_share[k] * v[k];
    }
    double m = fmin(v[MIZO_QUANTILES - 1], fmax(v[0], io->mean[i] + is - was));
    for (int k = 0; io->q && k < MIZO_QUANTILES; k++)
        io->q[i * MIZO_QUANTILES + k] = (int32_t)floor(v[k] + 0.5);
    io->mean[i] = (int32_t)floor(m + 0.5);
    io->p10[i] = (int32_t)floor(fmin(m, v[MIZO_Q10]) + 0.5);
    io->p90[i] = (int32_t)floor(fmax(m, v[MIZO_Q90]) + 0.5);
}

void mizo_sun_within(const mizo_forecast_about *about, mizo_day day, const int32_t *happened, int now,
                     mizo_forecast *io)
{
    bool held[MIZO_DAY_SLOTS];
    if (now <= 0 || now > MIZO_DAY_SLOTS)
        return;
    find_held(about, day, happened, now, held);
    double known, so_far = score_so_far(io, happened, now, held, &known);
    double limit = about && about->panel.ac_w > 0 ? about->panel.ac_w / 2 : 2e9;
    if (!(known > 0))
        return;
    for (int i = now; i < io->n; i++) {
        if (io->mean[i] == MIZO_MISSING || io->p90[i] <= 0)
            continue;
        int ahead = i - now + 1;
        double follow = known * 0.95 * exp(-ahead / 28.0), left = 1 - 0.58 * exp(-ahead / 7.5);
        double spread = sqrt(1 - known * known * (1 - left * left));
        rewrite(io, i, follow * so_far, spread, limit);
    }
}
