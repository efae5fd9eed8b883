/* plant.c: what a waste-to-energy plant sends out: few furnaces, each at its load, out for repair, or not burning.
 *
 * A furnace that burns trips as a Poisson process and is repaired in a time of exponential length: a unit of two
 * states (Billinton and Allan, Reliability Evaluation of Engineering Systems, 2nd ed. 1992, section 9.2). What is
 * known of it at the issue fades into what holds of it after long. The plant is the sum: its distribution is that of all combinations of furnaces, with two humps or
 * more, never a bell around a mean that no furnace ever gives. */
#include "forecast/plant.h"

#include <math.h>
#include <string.h>

enum { PARTS = 1 << PLANT_FURNACES, LEVELS = 7 };

/* Of a furnace that burns: its load is off by so many spreads, with equal weights (midpoints of seven equal parts
 * of a normal). */
static const double off[LEVELS] = { -1.4652, -0.7916, -0.3661, 0, 0.3661, 0.7916, 1.4652 };

/* A unit of two states with rates l (trip) and m (repair): P(up at t) = m / (l + m) + (P(up now) - m / (l + m)) exp(-(l + m)
 * t). */
double plant_up(const plant_furnace *f, double hours)
{
    double l = f->trips_per_hour, m = f->repair_hours > 0 ? 1 / f->repair_hours : INFINITY;
    if (!(l > 0))
        return isinf(m) ? 1 : 1 - (1 - f->up_now) * exp(-m * hours);
    double after = isinf(m) ? 1 : m / (l + m);
    return isinf(m) ? 1 : after + (f->up_now - after) * exp(-(l + m) * hours);
}

/* ---- the plant ---- */

typedef struct piece {
    double v, w;
} piece;

static void sort_pieces(piece *x, int n)
{
    for (int i = 1; i < n; i++) {
        piece a = x[i];
        int k = i;
        for (; k > 0 && x[k - 1].v > a.v; k--)
            x[k] = x[k - 1];
        x[k] = a;
    }
}

/* The least value that the plant does not exceed with chance u. */
static double at_level(const piece *x, int n, double u)
{
    double below = 0;
    for (int i = 0; i < n; i++) {
        below += x[i].w;
        if (below >= u - 1e-12)
            return x[i].v;
    }
    return x[n - 1].v;
}

/* All combinations of burning and not, each with its load a little off; loads of one plant are off together. */
static int pieces_of(const plant_furnace *f, int n, double hours, double spread, piece *x)
{
    int count = 0;
    for (int part = 0; part < 1 << n; part++) {
        double w = 1, out = 0;
        for (int k = 0; k < n; k++) {
            bool up = part >> k & 1;
            double chance = f[k].output_w > 0 ? plant_up(&f[k], hours) : 1;
            w *= up ? chance : 1 - chance;
            out += up ? f[k].output_w : 0;
        }
        for (int l = 0; l < LEVELS && w > 0; l++)
            x[count++] = (piece){ fmax(0, out * (1 + spread * off[l])), w / LEVELS };
    }
    return count;
}

void plant_say(const plant_furnace *f, int n, double hours, double spread, double *mean,
               double q[MIZO_QUANTILES])
{
    piece x[PARTS * LEVELS];
    double sum = 0;
    n = n < PLANT_FURNACES ? n : PLANT_FURNACES;
    int count = pieces_of(f, n, hours, spread, x);
    sort_pieces(x, count);
    for (int i = 0; i < count; i++)
        sum += x[i].v * x[i].w;
    for (int k = 0; k < MIZO_QUANTILES; k++)
        q[k] = at_level(x, count, mizo_quantile[k]);
    *mean = sum;
}

/* ---- what readings say ---- */

#define KEEP    0.85 /* a day, of the ratio and the spread */
#define SHAPED  0.93 /* a day, of the shape */
#define HALVED  60.0 /* hours in which half of what the last hours were off is gone */
#define TIGHT   0.01 /* least spread of a load */
#define STOPPED 0.15 /* of what was planned: less is a stop, not a load */
enum { LAST = 8, LEAST = PLANT_SLOTS / 4 };

void plant_start(plant_past *p)
{
    *p = (plant_past){ .ratio = 1, .spread = 0.05 };
    for (int s = 0; s < PLANT_SLOTS; s++)
        p->shape[s] = 1;
}

double plant_expect(const plant_past *p, int slot, double hours)
{
    return p->ratio * p->shape[slot % PLANT_SLOTS] * (1 + p->near * exp2(-hours / HALVED));
}

static double keep_of(const plant_past *p, double usual)
{
    double young = p->days / (p->days + 1.0);
    return young < usual ? young : usual;
}

/* The ratio of each slot in which it burnt, NAN elsewhere; how many there are. */
static int ratios(const double *planned, const double *happened, double *r)
{
    int n = 0;
    for (int s = 0; s < PLANT_SLOTS; s++) {
        bool burnt = planned[s] > 0 && !isnan(happened[s]) && happened[s] > STOPPED * planned[s];
        r[s] = burnt ? happened[s] / planned[s] : NAN;
        n += burnt;
    }
    return n;
}

/* How far the last slots lay from what the ratio and the shape say. */
static double near_of(const plant_past *p, const double *r)
{
    double sum = 0;
    int n = 0;
    for (int s = PLANT_SLOTS - 1; s >= 0 && n < LAST; s--)
        if (!isnan(r[s])) {
            sum += r[s] / (p->ratio * p->shape[s]) - 1;
            n++;
        }
    return n ? sum / n : 0;
}

void plant_learn(plant_past *p, const double *planned, const double *happened)
{
    double r[PLANT_SLOTS], sum = 0, square = 0;
    int n = ratios(planned, happened, r);
    if (n < LEAST) {
        p->near = 0;
        return;
    }
    for (int s = 0; s < PLANT_SLOTS; s++)
        if (!isnan(r[s])) {
            double miss = r[s] / plant_expect(p, s, s / 2.0) - 1;
            sum += r[s] / p->shape[s];
            square += fmin(miss * miss, 0.09); /* a furnace that stops for an hour is no spread of the load */
        }
    double keep = keep_of(p, KEEP), shaped = keep_of(p, SHAPED);
    p->spread = fmax(TIGHT, sqrt(keep * p->spread * p->spread + (1 - keep) * square / n));
    p->ratio = keep * p->ratio + (1 - keep) * sum / n;
    for (int s = 0; s < PLANT_SLOTS;
         s++) /* of the day's own level, so that the shape is nothing but a shape */
        if (!isnan(r[s]))
            p->shape[s] = shaped * p->shape[s] + (1 - shaped) * r[s] * n / sum;
    p->near = near_of(p, r);
    p->days++;
}
