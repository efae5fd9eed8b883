/* Any bytes as a request: lines of a path and its words. What is taken is plain UTF-8 within its bounds; the
 * routes that need no town answer; a search never reads outside. */
#include <stdlib.h>
#include <string.h>

#include "server/find.h"
#include "server/query.h"
#include "server/server.h"

static void demand(bool ok)
{
    if (!ok)
        abort();
}

static void look(const query *q)
{
    demand(q->n <= QUERY_PARAMS);
    for (int i = 0; i < q->n; i++) {
        demand(q->p[i].name[0] != 0);
        demand(text_plain(q->p[i].name, strlen(q->p[i].name)));
        demand(text_plain(q->p[i].value, strlen(q->p[i].value)));
        demand(query_get(q, q->p[i].name) == q->p[i].value);
        int64_t v = 5;
        mizo_err e = query_int(q, q->p[i].name, 1, 200, &v);
        demand(e ? v == 5 : v >= 1 && v <= 200);
        mizo_day day = 0;
        if (query_day(q, q->p[i].name, &day) == MIZO_OK) {
            char text[MIZO_DATE_TEXT];
            mizo_day_text(day, text);
            demand(strlen(text) >= 10);
        }
        find_words words;
        find_cut(q->p[i].value, &words);
        demand(words.n >= 0 && words.n <= FIND_WORDS);
        for (int k = 0; k < words.n; k++)
            demand(words.word[k][0] != 0 && strlen(words.word[k]) < FIND_WORD);
    }
}

static void path(const char *s)
{
    api_ids ids = { 0 };
    if (path_match("/api/v1/sites/{id}/day", s, &ids))
        demand(strlen(s) == strlen("/api/v1/sites//day") + strlen(ids.id) &&
               mizo_id_valid(ids.id, strlen(ids.id)));
    if (path_match("/api/v1/records/{kind}/{id}", s, &ids))
        demand(mizo_id_valid(ids.id, strlen(ids.id)) && mizo_id_valid(ids.kind, strlen(ids.kind)));
    char address[80];
    int port = -1;
    if (server_listen_parse(s, address, sizeof address, &port) == MIZO_OK)
        demand(port >= 0 && port <= 65535 && strlen(address) < sizeof address);
    const char *const hosts[] = { "mizo.example" };
    if (server_host_ok(s, "10.0.0.7", hosts, 1))
        demand(strpbrk(s, " ,/\t") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    query q = { 0 };
    const char *p = (const char *)data, *end = p + size;
    for (int i = 0; p && p < end; i++) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((line ? line : end) - p);
        if (i == 0) {
            char *s = strndup(p, n);
            demand(s != NULL);
            path(s);
            free(s);
        } else {
            query was = q;
            if (query_add(&q, p, n))
                demand(memcmp(&was, &q, sizeof q) == 0);
        }
        p = line ? line + 1 : NULL;
    }
    look(&q);
    return 0;
}
