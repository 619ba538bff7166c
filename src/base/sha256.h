/* sha256.h - SHA-256 (FIPS 180-4): what bytes are known by. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { KEDGE_SHA256_SIZE = 32 };

typedef struct kedge_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
} kedge_sha256;

void kedge_sha256_init(kedge_sha256 *sha);
void kedge_sha256_add(kedge_sha256 *sha, const void *bytes, size_t n);
/* The digest of all that was added; add no more. */
void kedge_sha256_finish(kedge_sha256 *sha, unsigned char digest[KEDGE_SHA256_SIZE]);

#endif
