/* operate.c: the town from slot to slot. Truth is loaded a day at a time and met a step at a time; sites
 * are independent of each other within a slot and are spread over threads; sums go in their order. */
#include "mizo/messages/town.h"
#include "town/live/operate_in.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 16 };

/* ---- which points ---- */

static bool controlled(const mizo_region *r, mizo_ref point, mizo_day day)
{
    size_t first, n = mizo_region_battery_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (r->battery[i].from <= day && day < r->battery[i].to)
            return true;
    n = mizo_region_load_of(r, point, &first);
    for (size_t i = first; i < first + n; i++)
        if (r->load[i].kind == MIZO_LOAD_RUN && r->load[i].from <= day && day < r->load[i].to)
            return true;
    mizo_ref vehicle[MIZO_COMMAND_VEHICLES];
    return sim_vehicles(r, point, vehicle) > 0;
}

static bool chosen(const operate_options *o, mizo_ref point)
{
    for (size_t i = 0; i < o->npoints; i++)
        if (o->points[i] == point)
            return true;
    return !o->points;
}

static bool followed(const mizo_point *p, mizo_day day)
{
    return p->reading == MIZO_BY_SLOT && day < p->to;
}

/* Lists the points to follow and, among them, those to control. */
static mizo_err choose_points(operate *op, mizo_day day)
{
    const mizo_region *r = op->region;
    op->point = malloc((r->npoint ? r->npoint : 1) * sizeof *op->point);
    op->is_site = calloc(r->npoint ? r->npoint : 1, sizeof *op->is_site);
    if (!op->point || !op->is_site)
        return MIZO_ENOMEM;
    op->npoint = op->nsite = 0;
    for (size_t i = 0; i < r->npoint; i++) {
        mizo_ref p = (mizo_ref)i;
        bool decides =
            controlled(r, p, day) && chosen(&op->o, p) && (!op->o.sites || op->nsite < (size_t)op->o.sites);
        bool matters = op->o.all_points || town_area_wants(op->town.area, p);
        if (!decides && !(matters && followed(&r->point[i], day)))
            continue;
        op->is_site[op->npoint] = decides;
        op->point[op->npoint++] = p;
        op->nsite += decides;
    }
    return MIZO_OK;
}

/* ---- threads ---- */

typedef struct share {
    operate *op;
    void (*run)(operate *op, size_t i, site_work *w);
    size_t first, count;
    int step;
    site_work *work;
} share;

bool operate_stopped(const operate *op)
{
    return op->o.stop && __atomic_load_n(op->o.stop, __ATOMIC_ACQUIRE);
}

static void run_share(void *arg)
{
    share *s = arg;
    for (size_t i = s->first; i < s->count && !operate_stopped(s->op); i += (size_t)s->step)
        s->run(s->op, i, s->work);
}

void operate_spread(operate *op, size_t count, void (*run)(operate *op, size_t i, site_work *w))
{
    int n = op->threads < (int)count ? op->threads : (int)count;
    share part[THREADS_MAX];
    env_thread *thread[THREADS_MAX] = { NULL };
    for (int k = n - 1; k >= 0; k--) {
        part[k] = (share){ op, run, (size_t)k, count, n, &op->work[k] };
        bool started =
            k > 0 && op->o.env->ops->thread(op->o.env, "plan", run_share, &part[k], &thread[k]) == MIZO_OK;
        if (!started)
            run_share(&part[k]);
    }
    for (int k = 1; k < n; k++)
        if (thread[k])
            op->o.env->ops->join(op->o.env, thread[k]);
}

/* ---- midnight ---- */

static mizo_err midnight(operate *op)
{
    MIZO_TRY(operate_weather(op));
    operate_spread(op, op->npoint, operate_issue);
    for (size_t i = 0; i < op->nsite && !operate_stopped(op); i++)
        MIZO_TRY(site_midnight(&op->site[i], &op->clock));
    if (operate_stopped(op))
        return MIZO_ECANCELED;
    MIZO_TRY(operate_area_midnight(op));
    operate_view_day(op);
    return MIZO_OK;
}

/* ---- opening ---- */

/* old: the world before, or NULL. */
static mizo_err open_world(operate *op, const operate *old)
{
    const operate_options *o = &op->o;
    if (!old)
        MIZO_TRY(operate_look(op));
    MIZO_TRY(operate_area_open(op));
    MIZO_TRY(choose_points(op, op->clock.day));
    MIZO_TRY(operate_area_points(op));
    truth_options t = {
        .region = op->region,
        .store = o->truth,
        .point = op->point,
        .n = op->npoint,
        .today = op->clock.day,
        .from = mizo_slot_ms(o->from),
        .to = o->to ? mizo_slot_ms(o->to) : 0,
        .stop = o->stop,
        .sessions_ahead = o->policy == OPERATE_ORACLE ? mizo_slot_ms(op->clock.slot + MIZO_PLAN_MAX) : 0,
    };
    MIZO_TRY(truth_new(&t, &op->truth));
    op->outlook = calloc(op->npoint ? op->npoint : 1, sizeof *op->outlook);
    op->site = calloc(op->nsite ? op->nsite : 1, sizeof *op->site);
    if (!op->outlook || !op->site)
        return MIZO_ENOMEM;
    size_t k = 0;
    for (size_t i = 0; i < op->npoint; i++) {
        if (!op->is_site[i])
            continue;
        if (operate_stopped(op))
            return MIZO_ECANCELED;
        op->opened++;
        MIZO_TRY(site_open(&op->site[k++], o, op->region, op->point[i], i, op->truth, &op->outlook[i]));
    }
    return operate_wake(op, old);
}

static void close_world(operate *op)
{
    for (size_t i = 0; op->site && i < op->opened; i++)
        site_close(&op->site[i]);
    free(op->site);
    operate_area_close(op);
    operate_forget(op);
    truth_free(op->truth);
    free(op->point);
    free(op->is_site);
    op->site = NULL;
    op->outlook = NULL;
    op->truth = NULL;
    op->point = NULL;
    op->is_site = NULL;
    op->opened = op->nsite = op->npoint = 0;
}

static mizo_err check_options(const operate_options *o, mizo_diags *d)
{
    bool edge = mizo_slot_of_day(o->from, o->region->offset) == 0 &&
                (!o->to || (mizo_slot_of_day(o->to, o->region->offset) == 0 && o->to > o->from));
    bool step = o->step_ms >= 1000 && MIZO_SLOT_MS % o->step_ms == 0;
    if (edge && step)
        return MIZO_OK;
    MIZO_DIAG(d, TOWN_RUN_EDGES, MIZO_NOWHERE, o->region->id);
    return MIZO_ERANGE;
}

static void set_clock(operate *op, mizo_slot slot)
{
    op->clock.slot = slot;
    op->clock.day = mizo_slot_day(slot, op->region->offset);
    op->clock.of_day = mizo_slot_of_day(slot, op->region->offset);
    op->clock.mono = op->clock.wall = mizo_slot_ms(slot);
}

mizo_err operate_new(const operate_options *o, mizo_diags *d, operate **out)
{
    *out = NULL;
    MIZO_TRY(check_options(o, d));
    operate *op = calloc(1, sizeof *op);
    if (!op)
        return MIZO_ENOMEM;
    op->o = *o;
    op->region = mizo_region_ref(o->region);
    op->threads = o->env && o->threads > 1 ? (o->threads < THREADS_MAX ? o->threads : THREADS_MAX) : 1;
    op->clock.step_ms = o->step_ms;
    set_clock(op, o->from);
    op->work = calloc((size_t)op->threads, sizeof *op->work);
    op->view = view_new(op->region);
    op->market = market_new();
    mizo_err e = op->work && op->view && op->market ? MIZO_OK : MIZO_ENOMEM;
    if (!e && op->threads > 1 && operate_plans(op) && !o->solver)
        e = crew_new(o->env, op->threads, &op->crew);
    if (!e)
        e = open_world(op, NULL);
    if (!e)
        e = midnight(op);
    if (!e)
        e = operate_buy_start(op);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(d, TOWN_NO_READINGS, MIZO_NOWHERE, o->region->id);
    if (e) {
        operate_free(op);
        return e;
    }
    *out = op;
    return MIZO_OK;
}

void operate_free(operate *op)
{
    if (!op)
        return;
    close_world(op);
    crew_free(op->crew);
    market_free(op->market);
    free(op->work);
    view_unref(op->view);
    desk_steer_free(op->steer);
    mizo_region_unref(op->region);
    mizo_region_unref(op->next);
    free(op);
}

/* ---- another model, from midnight on ---- */

void operate_set_region(operate *op, const mizo_region *r)
{
    mizo_region_unref(op->next);
    op->next = mizo_region_ref(r);
    op->limits_moved = town_area_limits(op->town.area, r) == MIZO_OK || op->limits_moved;
}

static site *site_by_id(operate *op, const char *point)
{
    for (size_t i = 0; i < op->opened; i++)
        if (strcmp(op->region->point[op->site[i].point].id, point) == 0)
            return &op->site[i];
    return NULL;
}

/* Makes the world of the next model beside the old one and moves in when it stands; on failure the old
 * one goes on with its own day. */
static mizo_err change_region(operate *op)
{
    operate fresh = { .o = op->o,
                      .region = op->next,
                      .clock = op->clock,
                      .threads = op->threads,
                      .work = op->work,
                      .crew = op->crew,
                      .seen = op->seen };
    town_view *view = view_new(op->next);
    mizo_err e = view ? open_world(&fresh, op) : MIZO_ENOMEM;
    if (e) {
        close_world(&fresh);
        view_unref(view);
        mizo_region_unref(op->next);
        op->next = NULL;
        view_alarm(op->view, op->clock.slot, MIZO_MSG_TOWN_MODEL_KEPT, mizo_err_text(e), (const char *)NULL);
        return truth_turn(op->truth);
    }
    for (size_t i = 0; i < fresh.nsite; i++) {
        site *old = site_by_id(op, fresh.region->point[fresh.site[i].point].id);
        if (old)
            site_take_over(&fresh.site[i], old);
        fresh.site[i].o = &op->o;
    }
    operate_inherit(&fresh, op);
    close_world(op);
    operate_area_move(op, &fresh);
    mizo_region_unref(op->region);
    view->speed = op->view->speed;
    view_unref(op->view);
    op->view = view;
    op->region = op->o.region = op->next;
    op->next = NULL;
    op->point = fresh.point;
    op->is_site = fresh.is_site;
    op->truth = fresh.truth;
    op->outlook = fresh.outlook;
    op->weather = fresh.weather;
    op->awake = 0;
    op->site = fresh.site;
    op->npoint = fresh.npoint;
    op->nsite = fresh.nsite;
    op->opened = fresh.opened;
    return MIZO_OK;
}

/* ---- the slot ---- */

static void begin_site(operate *op, size_t i, site_work *w)
{
    (void)w;
    site_begin(&op->site[i], &op->clock);
}

static void move_site(operate *op, size_t i, site_work *w)
{
    (void)w;
    site_move(&op->site[i], &op->clock, op->step);
}

static void act_site(operate *op, size_t i, site_work *w)
{
    (void)w;
    site_act(&op->site[i], &op->clock, op->step);
}

static bool ended(operate *op)
{
    if (op->clock.slot < truth_end(op->truth) && (!op->o.to || op->clock.slot < op->o.to))
        return false;
    op->view->running = false;
    return true;
}

static mizo_err site_error(const operate *op)
{
    if (operate_stopped(op)) /* some sites have not run: the slot must not be booked */
        return MIZO_ECANCELED;
    for (size_t i = 0; i < op->nsite; i++)
        if (op->site[i].err)
            return op->site[i].err;
    return MIZO_OK;
}

/* Books the slot that has ended and turns to the next one, at midnight to the next day. */
static mizo_err next_slot(operate *op)
{
    int64_t import = 0;
    for (size_t i = 0; i < op->nsite; i++) {
        site_slot_end(&op->site[i], &op->clock);
        if (op->site[i].slot_known)
            import += op->site[i].slot_sum.import_wh;
    }
    if (2 * import > op->peak_w)
        op->peak_w = 2 * import > INT32_MAX ? INT32_MAX : (int32_t)(2 * import);
    operate_area_book(op);
    operate_view_slot(op);
    mizo_day before = op->clock.day;
    set_clock(op, op->clock.slot + 1);
    op->step = 0;
    operate_view_clock(op);
    if (op->clock.day == before)
        return MIZO_OK;
    op->days++;
    MIZO_TRY(operate_close_day(op));
    if (ended(op))
        return MIZO_OK;
    if (op->next)
        MIZO_TRY(change_region(op));
    else
        MIZO_TRY(truth_turn(op->truth));
    operate_buy_midnight(op);
    MIZO_TRY(operate_revise(op));
    return midnight(op);
}

/* Vehicles come and go, what is new is planned, then every site acts. */
static mizo_err one_step(operate *op)
{
    if (op->step == 0) {
        if (ended(op))
            return MIZO_ENOENT;
        operate_spread(op, op->nsite, begin_site);
    }
    operate_spread(op, op->nsite, move_site);
    MIZO_TRY(operate_plan(op));
    operate_spread(op, op->nsite, act_site);
    op->step++;
    return site_error(op);
}

static bool slot_over(const operate *op)
{
    return op->step == MIZO_SLOT_MS / op->clock.step_ms;
}

mizo_err operate_step(operate *op, bool *slot_done)
{
    *slot_done = false;
    MIZO_TRY(operate_wake_some(op));
    MIZO_TRY(one_step(op));
    operate_view_now(op);
    if (!slot_over(op))
        return MIZO_OK;
    *slot_done = true;
    return next_slot(op);
}

mizo_err operate_slot(operate *op)
{
    do
        MIZO_TRY(one_step(op));
    while (!slot_over(op));
    operate_view_now(op);
    return next_slot(op);
}

static bool of_kind(const site *s, int b, bool stores)
{
    return (s->region->battery[s->battery_first + (size_t)b].kind != MIZO_STORE_BATTERY) == stores;
}

/* Empty, each to its floor; then filled one after the other. */
static void fill_stores(const site *s, bool stores, mizo_wh wh)
{
    for (int b = 0; b < s->nbattery; b++)
        if (of_kind(s, b, stores)) {
            sim_set_soc(s->dev, b, 0);
            wh -= sim_soc(s->dev, b);
        }
    for (int b = 0; b < s->nbattery && wh > 0; b++) {
        mizo_wh before = sim_soc(s->dev, b);
        if (!of_kind(s, b, stores))
            continue;
        sim_set_soc(s->dev, b, before + wh);
        wh -= sim_soc(s->dev, b) - before;
    }
}

void operate_set_stored(operate *op, mizo_ref point, bool stores, mizo_wh wh)
{
    for (size_t i = 0; i < op->nsite; i++)
        if (op->site[i].point == point)
            fill_stores(&op->site[i], stores, wh);
}

/* ---- asking ---- */

mizo_slot operate_now(const operate *op)
{
    return op->clock.slot;
}

mizo_ms operate_instant(const operate *op)
{
    return mizo_slot_ms(op->clock.slot) + (mizo_ms)op->step * op->clock.step_ms;
}

const town_view *operate_view(const operate *op)
{
    return op->view;
}

size_t operate_sites(const operate *op)
{
    return op->nsite;
}

void operate_site(const operate *op, size_t i, operate_site_result *out)
{
    const site *s = &op->site[i];
    *out = (operate_site_result){ .point = s->point,
                                  .contract_w = s->region->point[s->point].contract_w,
                                  .standing_w = s->standing_w };
    site_result(s, &out->sum);
    out->sum.days = op->days;
}

static void add_result(operate_result *sum, const operate_result *r)
{
    sum->sites += r->sites;
    sum->bought_wh += r->bought_wh;
    sum->sold_wh += r->sold_wh;
    sum->demand_wh += r->demand_wh;
    sum->pv_wh += r->pv_wh;
    sum->self_used_wh += r->self_used_wh;
    sum->curtailed_wh += r->curtailed_wh;
    sum->charged_wh += r->charged_wh;
    sum->discharged_wh += r->discharged_wh;
    sum->vehicle_wh += r->vehicle_wh;
    sum->unserved_wh += r->unserved_wh;
    sum->loss_wh += r->loss_wh;
    sum->run_wh += r->run_wh;
    sum->given_wh += r->given_wh;
    sum->store_in_wh += r->store_in_wh;
    sum->store_out_wh += r->store_out_wh;
    sum->drawn_wh += r->drawn_wh;
    sum->thermostat_wh += r->thermostat_wh;
    sum->late_wh += r->late_wh;
    sum->runs += r->runs;
    sum->runs_late += r->runs_late;
    sum->runs_missed += r->runs_missed;
    sum->energy += r->energy;
    sum->sold += r->sold;
    sum->peak += r->peak;
    sum->wear += r->wear;
    sum->stored += r->stored;
    sum->cost += r->cost;
    sum->peaks_over += r->peaks_over;
    sum->co2_mg += r->co2_mg;
    sum->vans_short += r->vans_short;
    sum->vans_impossible += r->vans_impossible;
    sum->sessions += r->sessions;
    sum->missing += r->missing;
    sum->plans += r->plans;
}

mizo_err operate_finish(operate *op, operate_result *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < op->nsite; i++) {
        operate_result r;
        site_result(&op->site[i], &r);
        add_result(out, &r);
    }
    operate_area_result(op, out);
    out->days = op->days;
    out->peak_w = op->peak_w;
    out->matched_wh = op->matched_wh;
    return MIZO_OK;
}
