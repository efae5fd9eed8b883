/* lanes_end.c: what a block of plain sites is worth at the end: a bound from its duals alone, the nearest point that
 * keeps every row to the last digit, and a site's flows. One site at a time: it is done once. */
#include <float.h>
#include <math.h>

#include "optimize/lanes.h"

/* One lane of a group's slot. */
typedef struct lane_one {
    const lanes_block *b;
    const lane_group *g;
    int lane, stride, far, pv, ev;
} lane_one;

static lane_one one(const lanes_block *b, int k)
{
    lane_one o = { .b = b, .g = &b->group[k / LANES], .lane = k % LANES, .stride = lanes_stride(b->kind) };
    o.pv = b->kind & LANES_PV ? AT_END : 0;
    o.ev = b->kind & LANES_EV ? AT_END + (o.pv ? BOX : 0) : 0;
    o.far = AT_END + (o.pv ? BOX : 0) + (o.ev ? BOX : 0);
    return o;
}

static double at(const lane_one *o, int t, int what)
{
    return o->g->state[HEAD + t * o->stride + what][o->lane];
}

#define FIXED(o, what) ((o)->g->at.what[(o)->lane])

static double load_kw(const lane_one *o, int t)
{
    return o->g->load_w[t * LANES + o->lane] * 0.001;
}

static double pv_kw(const lane_one *o, int t)
{
    return o->pv ? o->g->pv_w[t * LANES + o->lane] * 0.001 : 0;
}

static bool charges(const lane_one *o, int t)
{
    return o->ev && t >= FIXED(o, from) && t < FIXED(o, to);
}

/* ---- the bound ----
 * For any y, w, g and m >= 0: sum of dual times right side + for each variable the least of reduced cost times value; also
 * for the variables that lanes do not have, since they hold wishes which the site may give up. So it is true for any
 * duals, whether giving up pays at them or not; where it does, lanes will not meet it. */

typedef struct careful {
    double sum, size;
    double wished; /* of the sum: wishes given up */
} careful;

static void add(careful *s, double v)
{
    s->sum += v;
    s->size += fabs(v) + fabs(s->sum);
}

/* The least of d x on [0, width]; `size`: what d was made of, for its rounding. */
static void add_least(careful *s, double d, double size, double width)
{
    add(s, fmin(d, 0) * width - size * 8 * DBL_EPSILON * width);
}

/* The same for what may be given up. */
static void add_wish(careful *s, double d, double size, double width)
{
    if (d >= size * 8 * DBL_EPSILON || width <= 0)
        return;
    add_least(s, d, size, width);
    s->wished += fmin(d, 0) * width;
}

static double bound_slot(const lane_one *o, careful *s, int t, double price)
{
    bool last = t == o->b->n - 1, battery = FIXED(o, battery) > 0;
    double y = at(o, t, AT_Y), m = fmax(at(o, t, AT_M), 0), pv = pv_kw(o, t);
    double buy = o->g->price[2 * t][o->lane] + price, sell = o->g->price[2 * t + 1][o->lane] + price;
    add(s, y * load_kw(o, t));
    add(s, -m * FIXED(o, standing));
    add_least(s, buy - y + m, fabs(buy) + fabs(y) + m, FIXED(o, limit));
    add_wish(s, FIXED(o, demand) - y, FIXED(o, demand) + fabs(y), load_kw(o, t));
    if (FIXED(o, exports) > 0)
        add_least(s, y - sell, fabs(y) + fabs(sell), FIXED(o, far));
    if (pv > 0)
        add_least(s, -y, fabs(y), pv);
    if (charges(o, t)) {
        double g = o->g->state[HEAD_G][o->lane] * FIXED(o, k);
        add_least(s, y - g, fabs(y) + fabs(g), FIXED(o, pev));
    }
    if (battery) {
        double w = at(o, t, AT_W), next = last ? -FIXED(o, left) : at(o, t + 1, AT_W), a = FIXED(o, a),
               be = FIXED(o, be);
        double low = last ? FIXED(o, end) : FIXED(o, low), d = next - w, size = fabs(next) + fabs(w);
        add_least(s, y + a * w, fabs(y) + fabs(a * w), FIXED(o, charge));
        add_least(s, FIXED(o, wear) - y - be * w, FIXED(o, wear) + fabs(y) + fabs(be * w),
                  FIXED(o, discharge));
        add(s, d * low - size * 8 * DBL_EPSILON * low);
        add_least(s, d, size, FIXED(o, high) - low);
        double wish = last ? FIXED(o, store_end) : FIXED(o, store);
        if (wish > 0)
            add_wish(s, wish - d, wish + size, low);
        if (t == 0)
            add(s, w * FIXED(o, e0));
    }
    return m;
}

static double bound_site(const lanes_block *b, int k, const double *price, double *wished)
{
    lane_one o = one(b, k);
    careful s = { FIXED(&o, idle), fabs(FIXED(&o, idle)), 0 };
    double all = 0;
    for (int t = 0; t < b->n; t++)
        all += bound_slot(&o, &s, t, price[t]);
    if (o.ev && FIXED(&o, need) > 0) {
        double g = o.g->state[HEAD_G][o.lane], wish = FIXED(&o, vehicle);
        add(&s, g * FIXED(&o, need));
        add_wish(&s, wish - g, wish + fabs(g), FIXED(&o, need));
        add_least(&s, g, fabs(g), FIXED(&o, over));
    }
    if (FIXED(&o, priced) > 0)
        add_least(&s, FIXED(&o, peak) - all, FIXED(&o, peak) + b->n * all, FIXED(&o, most));
    *wished += s.wished;
    return s.sum - s.size * 4 * DBL_EPSILON;
}

double lanes_bound_one(const lanes_block *b, int k, const double *price)
{
    double wished = 0;
    return bound_site(b, k, price, &wished);
}

bool lanes_yields(const lanes_block *b, int k, const double *price)
{
    double wished = 0;
    (void)bound_site(b, k, price, &wished);
    return wished < 0;
}

double lanes_bound(const lanes_block *b, const double *price, double *wished)
{
    double sum = 0, size = 0;
    for (int k = 0; k < b->sites; k++) {
        double v = bound_site(b, k, price, wished);
        sum += v;
        size += fabs(v);
    }
    return sum - size * LANES * LANES_GROUPS * DBL_EPSILON;
}

/* ---- a point that keeps every row ---- */

static double within(double v, double lo, double hi)
{
    return fmin(fmax(v, lo), hi);
}

typedef struct lane_exact {
    double c, d, e, v, q, b, s;
    double miss; /* by how much a bound could not be kept: rounding */
} lane_exact;

/* What must be stored after slot t so that charging at full power, as far as the import limit lets it, still ends right:
 * only a point that is far from the end asks for it. */
static double least_stored(const lane_one *o, int t)
{
    double end = FIXED(o, end), low = FIXED(o, low), most = 0;
    int n = o->b->n;
    if (t == n - 1)
        return end;
    for (int u = t + 1; u < n && end - most > low; u++) {
        double q = charges(o, u) ? at(o, u, o->ev + BOX_LOW) : 0;
        most +=
            FIXED(o, a) * fmax(0, fmin(FIXED(o, charge), FIXED(o, limit) - load_kw(o, u) - q + pv_kw(o, u)));
    }
    return fmax(low, end - most);
}

/* Follows the stored energy; charge and discharge are what that takes. */
static void exact_battery(const lane_one *o, int t, double before, lane_exact *x)
{
    double a = FIXED(o, a), be = FIXED(o, be), pc = FIXED(o, charge), pd = FIXED(o, discharge);
    double low = t == o->b->n - 1 ? FIXED(o, end) : FIXED(o, low), high = FIXED(o, high);
    double goal = within(low + at(o, t, AT_E + BOX_LOW), low, high);
    if (at(o, t, AT_E + BOX_UP) < at(o, t, AT_E + BOX_LOW))
        goal = within(high - at(o, t, AT_E + BOX_UP), low, high);
    goal = fmax(goal, fmin(least_stored(o, t), high));
    x->d = within(at(o, t, AT_D + BOX_LOW), 0, pd);
    x->c = (goal - before + be * x->d) / a;
    if (x->c < 0) {
        x->c = 0;
        x->d = within((before - goal) / be, 0, pd);
    } else if (x->c > pc) {
        x->c = pc;
        x->d = within((a * pc - goal + before) / be, 0, pd);
    }
    x->e = before + a * x->c - be * x->d;
    x->miss = fmax(x->miss, fmax(low - x->e, x->e - high));
}

/* How the vehicle's slots are to be changed so that it gets just what it needs: a share of what is left above, or of
 * what it has. */
static double vehicle_change(const lane_one *o)
{
    double have = 0, more = 0, k = FIXED(o, k);
    for (int t = 0; t < o->b->n; t++)
        if (charges(o, t)) {
            double q = within(at(o, t, o->ev + BOX_LOW), 0, FIXED(o, pev));
            have += k * q;
            more += k * (FIXED(o, pev) - q);
        }
    double lack = FIXED(o, need) - have;
    return lack > 0 ? (more > 0 ? fmin(lack / more, 1) : 0) : have > 0 ? lack / have : 0;
}

static lane_exact exact_slot(const lane_one *o, int t, double before, double change)
{
    lane_exact x = { 0 };
    if (FIXED(o, battery) > 0)
        exact_battery(o, t, before, &x);
    double pv = pv_kw(o, t);
    x.v = pv > 0 ? within(at(o, t, o->pv + BOX_LOW), 0, pv) : 0;
    if (charges(o, t)) {
        double q = within(at(o, t, o->ev + BOX_LOW), 0, FIXED(o, pev));
        x.q = change > 0 ? q + change * (FIXED(o, pev) - q) : q + change * q;
    }
    double most = FIXED(o, exports) > 0 ? FIXED(o, far) : 0, net = load_kw(o, t) + x.c + x.q - x.v - x.d;
    if (net < -most) { /* curtailed rather than given beyond the limit */
        double cut = fmin(-most - net, x.v);
        x.v -= cut;
        net += cut;
    }
    x.b = fmax(net, 0);
    x.s = fmax(-net, 0);
    x.miss = fmax(x.miss, fmax(x.b - FIXED(o, limit), x.s - most));
    return x;
}

static double exact_site(const lanes_block *b, int k, double *net, double *miss)
{
    lane_one o = one(b, k);
    double change = o.ev ? vehicle_change(&o) : 0, e = FIXED(&o, e0), cost = FIXED(&o, idle), most = 0;
    for (int t = 0; t < b->n; t++) {
        lane_exact x = exact_slot(&o, t, e, change);
        e = x.e;
        cost += o.g->price[2 * t][o.lane] * x.b - o.g->price[2 * t + 1][o.lane] * x.s + FIXED(&o, wear) * x.d;
        most = fmax(most, x.b);
        net[t] += x.b - x.s;
        *miss = fmax(*miss, x.miss);
    }
    if (FIXED(&o, battery) > 0)
        cost -= FIXED(&o, left) * e;
    if (FIXED(&o, priced) > 0)
        cost += FIXED(&o, peak) * fmax(most - FIXED(&o, standing), 0);
    return cost;
}

double lanes_exact(const lanes_block *b, double *net, double *miss)
{
    double sum = 0;
    for (int k = 0; k < b->sites; k++)
        sum += exact_site(b, k, net, miss);
    return sum;
}

void lanes_read(const lanes_block *b, int k, site_flows *out)
{
    lane_one o = one(b, k);
    double change = o.ev ? vehicle_change(&o) : 0, e = FIXED(&o, e0);
    for (int t = 0; t < b->n; t++) {
        lane_exact x = exact_slot(&o, t, e, change);
        e = x.e;
        out->import[t] = x.b;
        out->export[t] = x.s;
        out->pv[t] = x.v;
        out->unserved[t] = 0;
        out->charge[0][t] = x.c;
        out->discharge[0][t] = x.d;
        out->soc[0][t] = x.e;
        out->drawn_short[0][t] = 0;
        out->vehicle[0][t] = x.q;
        out->price[t] = at(&o, t, AT_Y) / b->hour;
    }
}
