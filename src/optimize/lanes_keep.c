/* lanes_keep.c: a plain site's point, small enough to be kept until the next solve, and brought back onto a problem that
 * has changed meanwhile: only what the multipliers do not say themselves, as floats. */
#include <math.h>
#include <string.h>

#include "optimize/lanes.h"

/* Of a slot: import with its multiplier, the slack of its peak row, export; the duals of balance and store in two parts;
 * then the devices' boxes: the slack to the nearer bound (negative: to the upper one) and both multipliers. */
enum { KEPT_B, KEPT_ZB, KEPT_R, KEPT_M, KEPT_S, KEPT_ZS, KEPT_Y, KEPT_W = KEPT_Y + 2, KEPT_C = KEPT_W + 2 };
enum { KEPT_BOX = 4, KEPT_BOXES = 5 };
/* Before the slots: which boxes they have (never 0), the peak's box, the dual of the vehicle's energy. */
enum { KEPT_KIND, KEPT_P, KEPT_G = KEPT_P + KEPT_BOX, KEPT_HEAD = KEPT_G + 2 };
enum { KEPT_SLOT = KEPT_C + 3 * KEPT_BOX }; /* and a box for PV, one for a vehicle, where the kind has them */

#define NARROW 1e-6 /* of its width: nothing stands nearer to a bound when it is brought back */
#define LEAST  1e-9
enum { FADE = 8 };

/* The upper half of a float: 8 bits. */
static uint16_t pack(double v)
{
    float f = (float)v;
    uint32_t u;
    memcpy(&u, &f, sizeof u);
    return (uint16_t)((u + 0x7fff) >> 16);
}

static double unpack(uint16_t h)
{
    uint32_t u = (uint32_t)h << 16;
    float f;
    memcpy(&f, &u, sizeof f);
    return f;
}

static void pack_two(uint16_t *to, double v)
{
    to[0] = pack(v);
    to[1] = pack(v - unpack(to[0]));
}

static double unpack_two(const uint16_t *from)
{
    return unpack(from[0]) + unpack(from[1]);
}

static double positive(uint16_t h)
{
    return fmax(unpack(h), LEAST);
}

typedef struct kept_lane {
    lane4 *state;
    const lane_fixed *at;
    int lane, stride, pv, ev, far; /* places in a slot; 0: not there */
} kept_lane;

static kept_lane lane_of(const lanes_block *b, int k)
{
    const lane_group *g = &b->group[k / LANES];
    kept_lane o = { .state = g->state, .at = &g->at, .lane = k % LANES, .stride = lanes_stride(b->kind) };
    int next = AT_END;
    if (b->kind & LANES_PV)
        o.pv = next, next += BOX;
    if (b->kind & LANES_EV)
        o.ev = next, next += BOX;
    if (b->kind & LANES_ANY)
        o.far = next;
    return o;
}

static bool charges(const kept_lane *o, int t)
{
    return o->ev && t >= o->at->from[o->lane] && t < o->at->to[o->lane];
}

static double pv_kw(const lanes_block *b, int k, int t)
{
    const int32_t *pv = b->group[k / LANES].pv_w;
    return pv ? pv[t * LANES + k % LANES] * 0.001 : 0;
}

static double least_of(const kept_lane *o, int t, int n)
{
    return t == n - 1 ? o->at->end[o->lane] : o->at->low[o->lane];
}

static void keep_box(uint16_t *to, const lane4 *x, int lane, bool there)
{
    double low = x[BOX_LOW][lane], up = x[BOX_UP][lane];
    pack_two(to, there ? (low <= up ? low : -up) : 0);
    to[2] = pack(x[BOX_ZLOW][lane]);
    to[3] = pack(x[BOX_ZUP][lane]);
}

static double pv_least(double v)
{
    return v > 0 ? v : 1;
}

static size_t slot_size(int kind)
{
    return KEPT_SLOT + (kind & LANES_PV ? KEPT_BOX : 0) + (kind & LANES_EV ? KEPT_BOX : 0);
}

size_t lanes_kept_size(int n, int kind)
{
    return KEPT_HEAD + (size_t)n * slot_size(kind);
}

/* What was kept of a slot; where its i-th box is: none of what was not there. */
static const uint16_t *kept_slot(const uint16_t *from, int t)
{
    return from + KEPT_HEAD + (size_t)t * slot_size(*from - 1);
}

static int box_at(int kind, int i)
{
    return KEPT_C + (i == 4 && !(kind & LANES_PV) ? 3 : i) * KEPT_BOX;
}

static const uint16_t *kept_box_of(const uint16_t *from, const uint16_t *slot, int i)
{
    static const uint16_t none[KEPT_BOX];
    int kind = *from - 1, wants = i == 3 ? LANES_PV : i == 4 ? LANES_EV : 0;
    return (kind & wants) == wants ? slot + box_at(kind, i) : none;
}

/* One way through a slot's boxes for both directions: width, and whether the variable is there. */
typedef struct kept_box {
    int at;
    bool there;
    double width;
} kept_box;

static void boxes_of(const lanes_block *b, int k, const kept_lane *o, int t, kept_box out[KEPT_BOXES])
{
    const lane_fixed *a = o->at;
    bool battery = a->battery[o->lane] > 0;
    double pv = pv_kw(b, k, t);
    out[0] = (kept_box){ AT_C, battery, a->charge[o->lane] };
    out[1] = (kept_box){ AT_D, battery, a->discharge[o->lane] };
    out[2] = (kept_box){ AT_E, battery, a->high[o->lane] - least_of(o, t, b->n) };
    out[3] = (kept_box){ o->pv, pv > 0, pv_least(pv) };
    out[4] = (kept_box){ o->ev, charges(o, t), a->pev[o->lane] };
}

void lanes_keep(const lanes_block *b, int k, const double *price, uint16_t *to)
{
    kept_lane o = lane_of(b, k);
    to[KEPT_KIND] = (uint16_t)(1 + (b->kind & (LANES_PV | LANES_EV)));
    keep_box(to + KEPT_P, o.state + HEAD_P, o.lane, true);
    pack_two(to + KEPT_G, o.state[HEAD_G][o.lane]);
    uint16_t *x = to + KEPT_HEAD;
    for (int t = 0; t < b->n; t++, x += slot_size(b->kind)) {
        const lane4 *s = o.state + HEAD + t * o.stride;
        const int simple[] = { AT_B, AT_ZB, AT_R, AT_M, AT_S, AT_ZS };
        kept_box box[KEPT_BOXES];
        boxes_of(b, k, &o, t, box);
        for (int i = 0; i < KEPT_Y; i++)
            x[i] = pack(s[simple[i]][o.lane]);
        pack_two(x + KEPT_Y, s[AT_Y][o.lane] - price[t]);
        pack_two(x + KEPT_W, s[AT_W][o.lane]);
        for (int i = 0; i < KEPT_BOXES; i++)
            if (box[i].at)
                keep_box(x + box_at(b->kind, i), s + box[i].at, o.lane, box[i].there);
    }
}

/* What was not there is put in the middle. */
static void put_box(lane4 *s, int lane, bool there, double width, const uint16_t *from, double mu)
{
    double near = unpack_two(from), low = near < 0 ? width + near : near;
    bool had = from[0] != 0;
    low = fmin(fmax(had ? low : 0.5 * width, NARROW * width), (1 - NARROW) * width);
    double up = near < 0 && had ? fmin(fmax(-near, NARROW * width), (1 - NARROW) * width) : width - low;
    s[BOX_LOW][lane] = there ? low : 1;
    s[BOX_UP][lane] = there ? up : 1;
    s[BOX_ZLOW][lane] = !there ? 1 : had ? positive(from[2]) : mu / low;
    s[BOX_ZUP][lane] = !there ? 1 : had ? positive(from[3]) : mu / up;
}

/* Export where it has a limit of its own. */
static void put_out(const kept_lane *o, lane4 *s, double out, double mu)
{
    bool exports = o->at->exports[o->lane] > 0;
    double far = o->at->far[o->lane];
    out = fmin(out, (1 - NARROW) * far);
    s[AT_S][o->lane] = exports ? out : 1;
    s[AT_ZS][o->lane] = exports ? s[AT_ZS][o->lane] : 1;
    s[o->far][o->lane] = exports ? far - out : 1;
    s[o->far + 1][o->lane] = exports ? mu / (far - out) : 1;
}

static void put_grid(const kept_lane *o, lane4 *s, const uint16_t *x, double mu)
{
    const int simple[] = { AT_B, AT_ZB, AT_R, AT_M, AT_S, AT_ZS };
    for (int i = 0; i < KEPT_Y; i++)
        s[simple[i]][o->lane] = positive(x[i]);
    if (o->far)
        put_out(o, s, s[AT_S][o->lane], mu);
}

/* Between its bounds, near mu for a reduced cost of rho. */
static double put_centre(lane4 *s, int lane, double width, double rho, double mu)
{
    double half = mu / fmax(fabs(rho), 1e-12), near = half + 0.5 * width - hypot(half, 0.5 * width);
    near = fmin(fmax(near, NARROW * width), 0.5 * width);
    s[BOX_LOW][lane] = rho > 0 ? near : width - near;
    s[BOX_UP][lane] = rho > 0 ? width - near : near;
    s[BOX_ZLOW][lane] = mu / s[BOX_LOW][lane];
    s[BOX_ZUP][lane] = mu / s[BOX_UP][lane];
    return s[BOX_LOW][lane];
}

/* What is stored where the horizon has ended, and in the slots that it has newly reached: as it was at its end. */
static void put_store(const kept_lane *o, lane4 *s, int t, int n, const uint16_t *last, double mu)
{
    const lane_fixed *a = o->at;
    int l = o->lane;
    const uint16_t *x = last + KEPT_C + 2 * KEPT_BOX;
    double low = least_of(o, t, n), width = a->high[l] - low, near = unpack_two(x);
    if (t == n - 1 || !x[0]) {
        put_box(s + AT_E, l, a->battery[l] > 0, width, x, mu);
        return;
    }
    double at = (near < 0 ? a->high[l] : a->end[l]) + near - low;
    at = fmin(fmax(at, NARROW * width), (1 - NARROW) * width);
    s[AT_E + BOX_LOW][l] = at;
    s[AT_E + BOX_UP][l] = width - at;
    s[AT_E + BOX_ZLOW][l] = mu / at;
    s[AT_E + BOX_ZUP][l] = mu / (width - at);
}

static double value(const lane4 *s, int at, int lane, bool there)
{
    return there ? s[at + BOX_LOW][lane] : 0;
}

/* A slot that the horizon has newly reached: the store stays nearly as it is, the grid takes and gives what is left. */
static void put_idle(const lanes_block *b, int k, const kept_lane *o, int t, lane4 *s, double mu)
{
    const lane_fixed *a = o->at;
    int l = o->lane;
    double y = s[AT_Y][l], w = s[AT_W][l], draws = b->group[k / LANES].load_w[t * LANES + l] * 0.001;
    if (a->battery[l] > 0) {
        draws += put_centre(s + AT_C, l, a->charge[l], fabs(y + a->a[l] * w), mu);
        draws -= put_centre(s + AT_D, l, a->discharge[l], fabs(a->wear[l] - y - a->be[l] * w), mu);
    }
    draws += value(s, o->ev, l, charges(o, t)) - value(s, o->pv, l, pv_kw(b, k, t) > 0);
    double more = draws - s[AT_B][l] + s[AT_S][l];
    if (s[AT_B][l] + more > 0.5 * s[AT_B][l])
        s[AT_B][l] += more;
    else if (o->far)
        put_out(o, s, s[AT_S][l] - more, mu);
    else
        s[AT_S][l] -= more;
}

static double stored(const kept_lane *o, const uint16_t *x, double low)
{
    double near = unpack_two(x + KEPT_C + 2 * KEPT_BOX);
    return near < 0 ? o->at->high[o->lane] + near : low + near;
}

/* What is stored now is not quite what the kept point had: the difference goes off over the next slots. */
static void put_start(const lanes_block *b, const kept_lane *o, const uint16_t *before)
{
    const lane_fixed *a = o->at;
    int l = o->lane, over = b->n < FADE ? b->n : FADE;
    double more = a->e0[l] - stored(o, before, a->low[l]);
    for (int t = 0; t < over; t++) {
        lane4 *x = o->state + HEAD + t * o->stride + AT_E;
        double part = more * (over - t - 1) / over, low = x[BOX_LOW][l], up = x[BOX_UP][l];
        part = fmin(fmax(part, -0.5 * low), 0.5 * up);
        x[BOX_LOW][l] = low + part;
        x[BOX_UP][l] = up - part;
        x[BOX_ZLOW][l] *= low / x[BOX_LOW][l];
        x[BOX_ZUP][l] *= up / x[BOX_UP][l];
    }
}

void lanes_restore(lanes_block *b, int k, const double *price, const uint16_t *from, int by, double mu)
{
    kept_lane o = lane_of(b, k);
    const lane_fixed *a = o.at;
    const uint16_t *last = kept_slot(from, b->n - 1);
    int l = o.lane;
    bool priced = !(b->kind & LANES_ANY) || a->priced[l] > 0;
    put_box(o.state + HEAD_P, l, priced, a->most[l], from + KEPT_P, mu);
    o.state[HEAD_G][l] = unpack_two(from + KEPT_G);
    for (int t = 0; t < b->n; t++) {
        lane4 *s = o.state + HEAD + t * o.stride;
        const uint16_t *x = kept_slot(from, (t + by) % b->n);
        bool new = t >= b->n - by;
        kept_box box[KEPT_BOXES];
        boxes_of(b, k, &o, t, box);
        put_grid(&o, s, x, mu);
        s[AT_Y][l] = price[t] + unpack_two(x + KEPT_Y);
        s[AT_W][l] = unpack_two((new ? last : x) + KEPT_W);
        for (int i = 0; i < KEPT_BOXES; i++)
            if (box[i].at)
                put_box(s + box[i].at, l, box[i].there, box[i].width, kept_box_of(from, x, i), mu);
        if (by > 0 && t >= b->n - 1 - by && a->battery[l] > 0)
            put_store(&o, s, t, b->n, last, mu);
        if (new)
            put_idle(b, k, &o, t, s, mu);
    }
    if (by > 0 && a->battery[l] > 0)
        put_start(b, &o, kept_slot(from, by - 1));
}

void lanes_restored(lanes_block *b)
{
    lane4 *state = b->group[b->groups - 1].state;
    for (int lane = (b->sites - 1) % LANES + 1; lane < LANES; lane++)
        for (int i = 0; i < HEAD + b->n * lanes_stride(b->kind); i++)
            state[i][lane] = state[i][0];
}
