/* version.h */
#ifndef KEDGE_VERSION_H
#define KEDGE_VERSION_H

#include "kedge/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "0.1.0". Static. */
KEDGE_API const char *kedge_version(void);

#ifdef __cplusplus
}
#endif
#endif
