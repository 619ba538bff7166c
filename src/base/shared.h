/* shared.h - libraries that are looked for when they are needed, not linked: kedge starts and works without them. */
#ifndef BASE_SHARED_H
#define BASE_SHARED_H

#include <stddef.h>

#include "kedge/status.h"

/* A function of a shared library, and where in a table its pointer goes. */
typedef struct kedge_symbol {
    const char *name;
    size_t offset; /* of a function pointer, bytes from the table's start */
} kedge_symbol;

enum { KEDGE_SHARED_MAX = 8 };

/* Loads the libraries, given by the names that the dynamic linker knows ("libavcodec.so.59": with the number of the
 * headers that one was compiled with), in their order, at most KEDGE_SHARED_MAX. Each symbol is looked for in them
 * in turn. The libraries stay loaded until the process ends, so that the pointers are good for as long; loading them
 * again costs microseconds. 'what' says in messages what needs them ("video"). 'table' is written only on success.
 * Any thread. KEDGE_EUNSUPPORTED: a library or a symbol is not there; the message names it and, for a library,
 * Debian's package. */
kedge_status kedge_shared_load(const char *const *libraries, int n_libraries, const kedge_symbol *symbols,
                               int n_symbols, void *table, const char *what);

#endif
