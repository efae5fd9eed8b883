/* module.c: finds and opens our shared objects. A handle is never closed: its tables are used until the
 * end, and the loader hands the same ones out again. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "mizo/messages/files.h"
#include "mizo/messages/plan.h"
#include "mizo/messages/report.h"
#include "mizo/messages/weather.h"
#include "town/module.h"

/* Beside the program; where an installation has it; in a build folder with the program in src/cli. */
static const char *const places[] = { "modules", "../lib/mizo/modules", "../../modules" };

static mizo_err program_dir(buf *out)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n <= 0 || (size_t)n >= sizeof path)
        return MIZO_ENOENT;
    while (n > 0 && path[n - 1] != '/')
        n--;
    buf_add(out, path, (size_t)n);
    return out->err;
}

static void *open_in(const char *dir, const char *sub, const char *name)
{
    buf path;
    buf_init(&path, 8192);
    buf_printf(&path, "%s%s/%s.so", dir, sub, name);
    void *handle = path.err ? NULL : dlopen(path.p, RTLD_NOW | RTLD_LOCAL);
    buf_fini(&path);
    return handle;
}

static void *open_module(const char *name)
{
    const char *named = getenv("MIZO_MODULES");
    if (named && *named)
        return open_in(named, "", name);
    buf dir;
    buf_init(&dir, 8192);
    void *handle = NULL;
    if (!program_dir(&dir))
        for (size_t i = 0; i < sizeof places / sizeof *places && !handle; i++)
            handle = open_in(dir.p, places[i], name);
    buf_fini(&dir);
    return handle;
}

static mizo_err find_lp(const char *table, mizo_diags *d, const mizo_lp_solver **out)
{
    *out = NULL;
    void *handle = open_module("mizo-clp");
    if (handle)
        *out = dlsym(handle, table);
    if (*out)
        return MIZO_OK;
    const char *why = dlerror();
    MIZO_DIAG(d, PLAN_NO_SOLVER, MIZO_NOWHERE, why ? why : "mizo-clp.so");
    return MIZO_EUNSUPPORTED;
}

mizo_err module_lp(mizo_diags *d, const mizo_lp_solver **out)
{
    return find_lp("mizo_module_lp", d, out);
}

mizo_err module_lp_barrier(mizo_diags *d, const mizo_lp_solver **out)
{
    return find_lp("mizo_module_lp_barrier", d, out);
}

mizo_err module_http(mizo_diags *d, const fetch_client **out)
{
    *out = NULL;
    void *handle = open_module("mizo-http");
    if (handle)
        *out = dlsym(handle, "mizo_module_http");
    if (*out)
        return MIZO_OK;
    const char *why = dlerror();
    MIZO_DIAG(d, WEATHER_NO_HTTP, MIZO_NOWHERE, why ? why : "mizo-http.so");
    return MIZO_EUNSUPPORTED;
}

mizo_err module_report(const char *what, mizo_diags *d, const report_maker **out)
{
    bool pdf = strcmp(what, "pdf") == 0;
    *out = NULL;
    void *handle = open_module(pdf ? "mizo-pdf" : "mizo-xlsx");
    if (handle)
        *out = dlsym(handle, pdf ? "mizo_module_pdf" : "mizo_module_xlsx");
    if (*out)
        return MIZO_OK;
    const char *why = dlerror();
    MIZO_DIAG(d, REPORT_NO_MODULE, MIZO_NOWHERE, what, why ? why : what);
    return MIZO_EUNSUPPORTED;
}

mizo_err module_files(mizo_diags *d, const xml_reader **xml, const zip_reader **zip)
{
    void *handle = open_module("mizo-files");
    *xml = handle ? dlsym(handle, "mizo_module_xml") : NULL;
    *zip = handle ? dlsym(handle, "mizo_module_zip") : NULL;
    if (*xml && *zip)
        return MIZO_OK;
    const char *why = dlerror();
    MIZO_DIAG(d, FILES_NO_MODULE, MIZO_NOWHERE, why ? why : "mizo-files.so");
    return MIZO_EUNSUPPORTED;
}
