/* match_flow.h: how much went from which source to which kind of use: who fed whom, added up over half-hours.
 * docs/mechanisms/matching.md, Flows
 *
 * In each slot of a pool the rule of who fed whom (mizo_match_pairs) is applied to its plants one by one, then its roofs
 * as one, and to its consumers by the kind of facility that uses most of their point. So what leaves each source and
 * what reaches each kind is exact to the Wh; only how a slot's Wh pair up inside it is by the rule. */
#ifndef TOWN_MATCH_FLOW_H
#define TOWN_MATCH_FLOW_H

#include "base/json.h"
#include "town/proof/match_day.h"

/* Sources behind the plants, in this order. */
enum { MATCH_FLOW_ROOFS, MATCH_FLOW_OWN, MATCH_FLOW_BATTERY, MATCH_FLOW_MORE };

typedef struct match_flow {
    const mizo_region *region;
    const char *
        *kind;    /* [nkind] of facilities; the last: of points that none uses (""), then batteries (NULL) */
    mizo_ref *of; /* [npoint] kind of each point */
    size_t nkind, nsource;
    mizo_wh *wh;   /* [nsource][nkind] renewable with its value */
    mizo_wh *load; /* [nkind] used; of batteries 0 */
    mizo_matcher *matcher;
    int64_t *work;
} match_flow;

/* day: whose uses say what each point is for. MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err match_flow_new(const mizo_region *r, mizo_day day, match_flow *out);
void match_flow_free(match_flow *f);
/* Adds the slots [from, to) of a day. */
MIZO_MUST_USE mizo_err match_flow_add(match_flow *f, const match_today *d, int from, int to);
/* What reached a kind, without batteries: matched in its slot. */
mizo_wh match_flow_matched(const match_flow *f, size_t kind);
/* "flow": sources, kinds with load and matched, links above 0. */
void match_flow_json(const match_flow *f, json *j);

#endif
