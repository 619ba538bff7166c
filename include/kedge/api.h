/* api.h - what the shared library exports. */
#ifndef KEDGE_API_H
#define KEDGE_API_H

#if defined(KEDGE_BUILDING)
#define KEDGE_API __attribute__((visibility("default")))
#else
#define KEDGE_API
#endif

#if defined(__GNUC__)
#define KEDGE_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define KEDGE_PRINTF(text, first)
#endif

#endif
