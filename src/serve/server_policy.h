/* server_policy.h - which scripts of a page may run. */
#ifndef SERVE_SERVER_POLICY_H
#define SERVE_SERVER_POLICY_H

#include "base/text.h"

/* Appends the script-src of a Content-Security-Policy that allows the scripts that stand in this page and no others:
 * the digests of all but those of type application/json, which are data; "'none'" where there are none. Scripts that a
 * page loads from elsewhere are not allowed. KEDGE_EFORMAT: a script that does not end; KEDGE_ENOMEM. */
kedge_status kedge_server_policy(const char *html, size_t length, kedge_text *policy);

#endif
