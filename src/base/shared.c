/* shared.c - libraries that are looked for when they are needed. */
#include "base/shared.h"

#include <assert.h>
#include <ctype.h>
#include <dlfcn.h>
#include <string.h>

#include "base/error.h"

/* Debian calls the package of libNAME.so.N libNAMEN, and libNAME-N where the name ends in a digit. */
static kedge_status fail_missing(const char *library, const char *what)
{
    const char *dot = strstr(library, ".so."), *why = dlerror();
    if (!why) why = "no reason given";
    if (!dot || dot == library)
        return kedge_fail(KEDGE_EUNSUPPORTED, "%s needs '%s', which cannot be loaded: %s", what, library, why);
    return kedge_fail(KEDGE_EUNSUPPORTED, "%s needs '%s' (Debian: %.*s%s%s), which cannot be loaded: %s", what, library,
                      (int)(dot - library), library, isdigit((unsigned char)dot[-1]) ? "-" : "", dot + 4, why);
}

static void *find(void *const *handles, int n, const char *name)
{
    void *found = NULL;
    for (int i = 0; i < n && !found; i++) found = dlsym(handles[i], name);
    return found;
}

kedge_status kedge_shared_load(const char *const *libraries, int n_libraries, const kedge_symbol *symbols,
                               int n_symbols, void *table, const char *what)
{
    void *handles[KEDGE_SHARED_MAX];
    assert(n_libraries > 0 && n_libraries <= KEDGE_SHARED_MAX);
    for (int i = 0; i < n_libraries; i++) {
        /* Local: no name of theirs stands in for one of the program's. Not closed: threads of theirs may outlive us. */
        handles[i] = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        if (!handles[i]) return fail_missing(libraries[i], what);
    }
    for (int i = 0; i < n_symbols; i++)
        if (!find(handles, n_libraries, symbols[i].name))
            return kedge_fail(KEDGE_EUNSUPPORTED, "%s needs the function '%s', which '%s'%s not have", what,
                              symbols[i].name, libraries[0], n_libraries > 1 ? " and the others do" : " does");
    for (int i = 0; i < n_symbols; i++) {
        void *found = find(handles, n_libraries, symbols[i].name);
        memcpy((char *)table + symbols[i].offset, &found, sizeof found);
    }
    return KEDGE_OK;
}
