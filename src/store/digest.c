/* digest.c - what a recipe is known by. */
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "store/store.h"

void kedge_store_digest(const kedge_store_recipe *recipe, char digest[KEDGE_DIGEST_SIZE])
{
    kedge_sha256 sha;
    unsigned char bytes[KEDGE_SHA256_SIZE];
    kedge_sha256_init(&sha);
    kedge_sha256_add(&sha, recipe->text, strlen(recipe->text) + 1);
    if (recipe->schedule) kedge_sha256_add(&sha, recipe->schedule, strlen(recipe->schedule));
    kedge_sha256_finish(&sha, bytes);
    for (int i = 0; i < (KEDGE_DIGEST_SIZE - 1) / 2; i++) snprintf(digest + (ptrdiff_t)2 * i, 3, "%02x", bytes[i]);
}
