/* server_policy.c - which scripts of a page may run. */
#include "serve/server_policy.h"

#include <string.h>

#include "base/error.h"
#include "base/sha256.h"
#include "format/base64.h"

static const char begin[] = "<script", end[] = "</script>", data[] = "application/json";

static void add_digest(kedge_text *policy, const char *script, size_t length)
{
    kedge_sha256 sha;
    unsigned char digest[KEDGE_SHA256_SIZE];
    kedge_sha256_init(&sha);
    kedge_sha256_add(&sha, script, length);
    kedge_sha256_finish(&sha, digest);
    kedge_text_add(policy, policy->length > 0 ? " 'sha256-" : "'sha256-");
    kedge_base64_add(policy, digest, sizeof digest);
    kedge_text_add(policy, "'");
}

kedge_status kedge_server_policy(const char *html, size_t length, kedge_text *policy)
{
    const char *last = html + length, *tag = html;
    size_t before = policy->length;
    while ((tag = memmem(tag, (size_t)(last - tag), begin, sizeof begin - 1))) {
        const char *script = memchr(tag, '>', (size_t)(last - tag));
        const char *stop = script ? memmem(script, (size_t)(last - script), end, sizeof end - 1) : NULL;
        if (!stop) return kedge_fail(KEDGE_EFORMAT, "a script of the page does not end; must have '%s'", end);
        script++;
        if (!memmem(tag, (size_t)(script - tag), data, sizeof data - 1))
            add_digest(policy, script, (size_t)(stop - script));
        tag = stop;
    }
    if (policy->length == before) kedge_text_add(policy, "'none'");
    return kedge_text_status(policy, "a policy");
}
