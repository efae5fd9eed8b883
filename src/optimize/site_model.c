/* site_model.c: the matrix that the solver sees of a site. kW, kWh, yen. Its numbers are site_fill.c's.
 *
 * The slots stand in a ring of places with one place more than slots: the place before the first slot
 * holds the stored energy as it is now, with everything in it fixed. When the horizon rolls on by a
 * slot, the place of the slot that has passed becomes that one, and the old one becomes the last slot:
 * every other column keeps its place, so the old basis is nearly the new one.
 * What only some sites have (stores that are drawn from, sold capacity, runs ...) has columns and rows only where
 * a site has it: the shape says what, and a case of another shape makes another matrix. */
#include <stdlib.h>
#include <string.h>

#include "optimize/site.h"

void site_model_free(site_model *m)
{
    free(m->start);
    free(m->row);
    free(m->block);
    memset(m, 0, sizeof *m);
}

static void shape_of(const site_case *c, site_shape *s)
{
    memset(s, 0, sizeof *s);
    s->step = c->step;
    s->nb = c->nb;
    s->nrun = c->nrun;
    s->pieces = SITE_WISHES_PLAIN;
    s->steps = c->peak_step > 0;
    for (int b = 0; b < c->nb; b++) {
        const mizo_plan_battery *p = &c->p->battery[b];
        s->charge_ppm[b] = p->charge_ppm;
        s->discharge_ppm[b] = p->discharge_ppm;
        s->loss_ppm_h[b] = p->loss_ppm_h;
        s->own_pv[b] = p->own_pv_only;
        s->site_only[b] = p->site_only;
        s->draws = s->draws || p->use_w;
        if (p->leave_wh > 0 || p->reserved_wh)
            s->pieces = SITE_WISHES;
    }
    for (int k = 0; k < c->nrun; k++)
        s->run_slots[k] = c->p->run[k].slots;
}

static bool same_run_slots(const site_shape *a, const site_shape *b)
{
    return memcmp(a->run_slots, b->run_slots, sizeof a->run_slots) == 0;
}

static bool same_batteries(const site_shape *a, const site_shape *b)
{
    return memcmp(a->own_pv, b->own_pv, sizeof a->own_pv) == 0 &&
           memcmp(a->site_only, b->site_only, sizeof a->site_only) == 0 &&
           memcmp(a->charge_ppm, b->charge_ppm, sizeof a->charge_ppm) == 0 &&
           memcmp(a->discharge_ppm, b->discharge_ppm, sizeof a->discharge_ppm) == 0 &&
           memcmp(a->loss_ppm_h, b->loss_ppm_h, sizeof a->loss_ppm_h) == 0;
}

bool site_model_fits(const site_model *m, const site_case *c)
{
    site_shape s;
    if (!m->block || m->ring < c->n + 1 || m->nv < c->nv)
        return false;
    shape_of(c, &s);
    const site_shape *h = &m->shape;
    return s.step == h->step && s.nb == h->nb && s.nrun == h->nrun && s.pieces == h->pieces &&
           s.draws == h->draws && s.steps == h->steps && same_batteries(&s, h) && same_run_slots(&s, h);
}

/* Puts the next column; columns come in order. Without arrays it only counts. */
typedef struct column_writer {
    site_model *m;
    int col, nz;
} column_writer;

static void put(column_writer *w, int row, double a)
{
    if (w->m->block) {
        w->m->row[w->nz] = row;
        w->m->a[w->nz] = a;
    }
    w->nz++;
}

static void end_column(column_writer *w)
{
    w->col++;
    if (w->m->block)
        w->m->start[w->col] = w->nz;
}

static void put_simple(column_writer *w, int row, double a)
{
    put(w, row, a);
    end_column(w);
}

static int place_row(const site_model *m, int place, int k)
{
    return place % m->ring * m->place_rows + k;
}

/* Stored energy appears in the battery's own row and, less what standing loses, in the next place's. */
static void put_stored(column_writer *w, int place, int b)
{
    site_model *m = w->m;
    double lost = (double)m->shape.loss_ppm_h[b] * m->shape.step / 60 / MIZO_PPM;
    double keep = lost < 1 ? 1 - lost : 0;
    for (int k = 0; k <= m->shape.pieces; k++) {
        double sign = k == 0 ? 1 : -1;
        put(w, place_row(m, place, ROW_BATTERY + b), sign);
        put(w, place_row(m, place + 1, ROW_BATTERY + b), -sign * keep);
        end_column(w);
    }
}

static void put_battery(column_writer *w, int place, int b)
{
    site_model *m = w->m;
    double h = m->shape.step / 60.0;
    int balance = place_row(m, place, ROW_BALANCE), own = place_row(m, place, ROW_BATTERY + b);
    put(w, balance, -1);
    put(w, own, -h * m->shape.charge_ppm[b] / MIZO_PPM);
    if (m->shape.own_pv[b])
        put(w, place_row(m, place, m->row_pv), 1);
    end_column(w);
    put(w, balance, 1);
    put(w, own, h * MIZO_PPM / m->shape.discharge_ppm[b]);
    if (m->shape.site_only[b])
        put(w, place_row(m, place, m->row_only), 1);
    end_column(w);
    put_stored(w, place, b);
    if (m->shape.draws)
        put_simple(w, own, -h);
}

/* import, export, PV, unserved */
static void put_grid(column_writer *w, int place)
{
    site_model *m = w->m;
    int balance = place_row(m, place, ROW_BALANCE);
    put(w, balance, 1);
    put_simple(w, place_row(m, place, ROW_PEAK), 1);
    put_simple(w, balance, -1);
    put(w, balance, 1);
    if (m->row_pv >= 0)
        put(w, place_row(m, place, m->row_pv), -1);
    end_column(w);
    put_simple(w, balance, 1);
}

/* What the site takes of the grid, and of what serves it only. */
static void put_taken(column_writer *w, int place)
{
    site_model *m = w->m;
    put(w, place_row(m, place, ROW_BALANCE), -1);
    if (m->row_only >= 0)
        put(w, place_row(m, place, m->row_only), -1);
}

static void put_start(column_writer *w, int place, int k)
{
    site_model *m = w->m;
    for (int i = 0; i < m->shape.run_slots[k] && i < m->ring; i++)
        put_taken(w, place + i);
    put_simple(w, site_row_run(m, k), 1);
}

static void put_place(column_writer *w, int place)
{
    site_model *m = w->m;
    put_grid(w, place);
    for (int b = 0; b < m->nb; b++)
        put_battery(w, place, b);
    for (int v = 0; v < m->nv; v++) {
        put_taken(w, place);
        put_simple(w, site_row_vehicle(m, v), m->shape.step / 60.0);
    }
    for (int k = 0; k < m->shape.nrun; k++)
        put_start(w, place, k);
}

static int put_all(site_model *m)
{
    column_writer w = { m, 0, 0 };
    for (int place = 0; place < m->ring; place++)
        put_place(&w, place);
    for (int k = 0; k <= m->shape.steps; k++) {
        for (int place = 0; place < m->ring; place++)
            put(&w, place_row(m, place, ROW_PEAK), -1);
        end_column(&w);
    }
    for (int v = 0; v < m->nv; v++)
        put_simple(&w, site_row_vehicle(m, v), 1);
    for (int k = 0; k < m->shape.nrun; k++)
        put_simple(&w, site_row_run(m, k), 1);
    return w.nz;
}

static mizo_err allocate(site_model *m)
{
    size_t cols = (size_t)m->cols, rows = (size_t)m->rows, nz = (size_t)m->nonzeros;
    m->start = calloc(cols + 1, sizeof *m->start);
    m->row = malloc(nz * sizeof *m->row);
    m->block = malloc((nz + 3 * cols + 2 * rows) * sizeof *m->block);
    if (!m->start || !m->row || !m->block) {
        site_model_free(m);
        return MIZO_ENOMEM;
    }
    m->a = m->block;
    m->lo = m->a + nz;
    m->up = m->lo + cols;
    m->cost = m->up + cols;
    m->rlo = m->cost + cols;
    m->rup = m->rlo + rows;
    return MIZO_OK;
}

static void count_rows(site_model *m)
{
    bool own = false, only = false;
    for (int b = 0; b < m->nb; b++) {
        own = own || m->shape.own_pv[b];
        only = only || m->shape.site_only[b];
    }
    m->place_rows = ROW_BATTERY + m->nb;
    m->row_pv = own ? m->place_rows++ : -1;
    m->row_only = only ? m->place_rows++ : -1;
    m->rows = m->ring * m->place_rows + m->nv + m->shape.nrun;
}

mizo_err site_model_make(site_model *m, const site_case *c)
{
    int ring = c->n + 1 > m->ring ? c->n + 1 : m->ring;
    int nv = c->nv > m->nv ? c->nv : m->nv;
    site_model_free(m);
    shape_of(c, &m->shape);
    m->ring = ring < 3 ? 3 : ring; /* the next place is never the same or the one before */
    m->nb = c->nb;
    m->nv = nv;
    m->bat_cols = BAT_PIECE + m->shape.pieces + m->shape.draws;
    m->place_cols = COL_BATTERY + m->nb * m->bat_cols + m->nv + m->shape.nrun;
    m->cols = m->ring * m->place_cols + 1 + m->shape.steps + m->nv + m->shape.nrun;
    count_rows(m);
    m->nonzeros = put_all(m);
    MIZO_TRY(allocate(m));
    put_all(m);
    return MIZO_OK;
}
