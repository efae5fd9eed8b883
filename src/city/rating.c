/* rating.c: see rating.h. */
#include "city/rating.h"

#include <string.h>

const mizo_evaluation *city_evaluation(const mizo_region *r, const mizo_plan_node *node, int fy)
{
    for (size_t i = 0; i < r->nevaluation; i++)
        if (&r->plan_node[r->evaluation[i].node] == node && r->evaluation[i].fy == fy)
            return &r->evaluation[i];
    return NULL;
}

/* ---- the scales ---- */

const mizo_rating *city_rating(const mizo_region *r, mizo_scale scale, const char *word)
{
    for (size_t i = 0; i < r->nrating; i++)
        if (r->rating[i].scale == scale && mizo_rating_is(&r->rating[i], word))
            return &r->rating[i];
    return NULL;
}

const char *city_rating_print(const mizo_rating *x, const char *lang)
{
    return *x->print_ja && strcmp(lang, "ja") == 0 ? x->print_ja : x->word;
}

const char *city_rating_name(const mizo_rating *x, const char *lang)
{
    return *x->name_en && strcmp(lang, "ja") ? x->name_en : x->name_ja;
}

void city_ratings_text(const mizo_region *r, mizo_scale scale, const char *lang, buf *out)
{
    bool any = false;
    for (size_t i = 0; i < r->nrating; i++)
        if (r->rating[i].scale == scale) {
            buf_printf(out, "%s%s", any ? ", " : "", city_rating_print(&r->rating[i], lang));
            any = true;
        }
}

static void percent(int32_t ppm, buf *out)
{
    buf_printf(out, ppm % 10000 ? "%d.%d" : "%d", ppm / 10000, ppm % 10000 / 1000);
}

void city_rating_rule(const mizo_rating *x, const char *lang, buf *out)
{
    static const char *const did[][2] = {
        [MIZO_OTHERS_BETTER] = {"each of the others is better than its first result",
                                "未達のものも最初の実績より良い"         },
        [MIZO_OTHERS_FORWARD] = { "each of the others moved towards its target",
                                "未達のものも前年度から目標に近づいた"},
    };
    const bool ja = strcmp(lang, "ja") == 0;
    const char *join = "", *next = ja ? "。" : ", ";
    if (x->reached_ppm == MIZO_PPM) {
        buf_str(out, ja ? "すべての成果指標が目標を達成" : "each outcome indicator reached its target");
        join = next;
    } else if (x->reached_ppm > 0) {
        buf_str(out, ja ? "成果指標の" : "at least ");
        percent(x->reached_ppm, out);
        buf_str(out, ja ? "％以上が目標を達成" : " % of the outcome indicators reached their targets");
        join = next;
    }
    if (x->others != MIZO_OTHERS_ANY) {
        buf_printf(out, "%s%s", join, did[x->others][ja]);
        join = next;
    }
    if (x->gone_ppm >= 0) {
        buf_printf(out, "%s%s", join,
                   ja ? "未達のものも最初の実績から目標までの" : "each of the others has gone at least ");
        percent(x->gone_ppm, out);
        buf_str(out, ja ? "％以上を進んだ" : " % of its way from the first result to the target");
    }
}

/* ---- the rule ---- */

mizo_err city_first_result(const city_books *b, const mizo_indicator *i, int fy, city_value *out)
{
    for (int y = fy - 50; y < fy; y++)
        if (!city_value_of(b, i, y, out))
            return MIZO_OK;
    return MIZO_ENOENT;
}

/* A node's outcome indicators together; what was done: by each of those that are short of their targets. */
typedef struct judged {
    int reached, targets;
    mizo_others others;
    exact gone; /* the least share of the way; whole: all have arrived */
} judged;

/* 1: towards the target, 0: stands still, -1: away. */
static mizo_err moved(exact from, exact to, const mizo_goal *g, int *out)
{
    MIZO_TRY(exact_cmp(to, from, out));
    if (g->rule == MIZO_GOAL_AT_MOST)
        *out = -*out;
    return MIZO_OK;
}

/* (now - first) / (target - first); nothing where that is no way at all. */
static mizo_err share_gone(exact first, exact now, exact target, exact *out)
{
    exact way, done;
    MIZO_TRY(exact_sub(target, first, &way));
    MIZO_TRY(exact_sub(now, first, &done));
    *out = exact_whole(0);
    return exact_sign(way) ? exact_div(done, way, out) : MIZO_OK;
}

static mizo_err short_of_target(const city_books *b, const mizo_indicator *i, int fy, const mizo_goal *g,
                                exact now, judged *all)
{
    city_value before, first;
    exact gone = exact_whole(0), target;
    mizo_others did = MIZO_OTHERS_FORWARD;
    int step, less;
    if (!city_value_of(b, i, fy - 1, &before)) {
        MIZO_TRY(moved(city_holds(&before)->v.mid, now, g, &step));
        did = step > 0 ? did : MIZO_OTHERS_BETTER;
    }
    if (!city_first_result(b, i, fy, &first)) {
        MIZO_TRY(moved(city_holds(&first)->v.mid, now, g, &step));
        did = step > 0 ? did : MIZO_OTHERS_ANY;
        MIZO_TRY(city_goal_value(g, &target));
        MIZO_TRY(share_gone(city_holds(&first)->v.mid, now, target, &gone));
    }
    MIZO_TRY(exact_cmp(gone, all->gone, &less));
    all->gone = less < 0 ? gone : all->gone;
    all->others = did < all->others ? did : all->others;
    return MIZO_OK;
}

static mizo_err judge(const city_books *b, const mizo_indicator *i, int fy, judged *all)
{
    city_value now;
    bool reached;
    const mizo_goal *g = city_goal(b, i, fy);
    if (!g || city_value_of(b, i, fy, &now))
        return MIZO_OK;
    MIZO_TRY(city_goal_reached(g, city_holds(&now)->v.mid, &reached));
    all->targets++;
    all->reached += reached;
    return reached ? MIZO_OK : short_of_target(b, i, fy, g, city_holds(&now)->v.mid, all);
}

static mizo_err holds(const mizo_rating *x, const judged *all, bool *out)
{
    exact least;
    int d;
    *out = x->scale == MIZO_SCALE_STATUS && all->others >= x->others &&
           (int64_t)all->reached * MIZO_PPM >= (int64_t)x->reached_ppm * all->targets;
    if (!*out || x->gone_ppm < 0)
        return MIZO_OK;
    MIZO_TRY(exact_of(x->gone_ppm, MIZO_PPM, &least));
    MIZO_TRY(exact_cmp(all->gone, least, &d));
    *out = d >= 0;
    return MIZO_OK;
}

/* A scale that never asks anything proposes nothing. */
static bool ruled(const mizo_region *r)
{
    for (size_t i = 0; i < r->nrating; i++)
        if (r->rating[i].reached_ppm >= 0 || r->rating[i].gone_ppm >= 0 ||
            r->rating[i].others != MIZO_OTHERS_ANY)
            return true;
    return false;
}

mizo_err city_propose(const city_books *b, const mizo_plan_node *node, int fy, city_proposal *out)
{
    const mizo_region *r = b->region;
    judged all = { .others = MIZO_OTHERS_FORWARD, .gone = exact_whole(1) };
    *out = (city_proposal){ 0 };
    for (size_t i = 0; i < r->njudged; i++)
        if (r->judged[i].outcome && &r->plan_node[r->judged[i].node] == node)
            MIZO_TRY(judge(b, &r->indicator[r->judged[i].indicator], fy, &all));
    out->reached = all.reached;
    out->targets = all.targets;
    for (size_t i = 0; all.targets && ruled(r) && i < r->nrating && !out->status; i++) {
        bool yes;
        MIZO_TRY(holds(&r->rating[i], &all, &yes));
        out->status = yes ? &r->rating[i] : NULL;
    }
    return MIZO_OK;
}
