/* client.h - a client that is as good or bad as a test wants it to be. */
#ifndef TESTS_SERVE_CLIENT_H
#define TESTS_SERVE_CLIENT_H

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "unit.h"

/* A connection to the port of 127.0.0.1; -1 if there is none. */
static inline int client_connect(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* A server that hangs up in the middle is no failure of the client. */
static inline void client_send(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = send(fd, at, length, MSG_NOSIGNAL);
        if (n <= 0) return;
        at += n;
        length -= (size_t)n;
    }
}

/* Reads until 'room' - 1 bytes are there, the other end closes, or 'ms' have gone by without a byte. Ends them with a
 * 0; returns their number. */
static inline size_t client_read(int fd, char *bytes, size_t room, int ms)
{
    size_t used = 0;
    struct pollfd one = {.fd = fd, .events = POLLIN};
    while (used + 1 < room && poll(&one, 1, ms) == 1) {
        ssize_t n = recv(fd, bytes + used, room - 1 - used, 0);
        if (n <= 0) break;
        used += (size_t)n;
    }
    bytes[used] = '\0';
    return used;
}

/* One request and its whole answer: its status, 0 if there was none within 'ms'. */
static inline int client_ask(int port, const void *request, size_t length, char *answer, size_t room, int ms)
{
    int fd = client_connect(port), status = 0;
    if (fd < 0) return 0;
    client_send(fd, request, length);
    client_read(fd, answer, room, ms);
    close(fd);
    if (strncmp(answer, "HTTP/1.1 ", 9) == 0) status = (int)strtol(answer + 9, NULL, 10);
    return status;
}

/* "METHOD target" with a good Host and further header lines. */
static inline int client_request(int port, const char *line, const char *more, const char *body, char *answer,
                                 size_t room)
{
    char request[8192];
    int n = snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n%s", line, port, more, body);
    assert_true(n > 0 && (size_t)n < sizeof request);
    return client_ask(port, request, (size_t)n, answer, room, 5000);
}

/* A WebSocket's handshake, sent; its answer is not read. */
static inline int client_listen(int port, const char *path)
{
    char request[512];
    int fd = client_connect(port);
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                     path, port);
    if (fd >= 0) client_send(fd, request, (size_t)n);
    return fd;
}

/* Descriptors that this process has open. */
static inline int client_count_descriptors(void)
{
    int n = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (!folder) return -1;
    while (readdir(folder)) n++;
    closedir(folder);
    return n;
}

/* As many descriptors as may be had, up to 'n'. */
static inline int client_raise_limit(int n)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < (rlim_t)n) limit.rlim_cur = limit.rlim_max < (rlim_t)n ? limit.rlim_max : (rlim_t)n;
    setrlimit(RLIMIT_NOFILE, &limit);
    return (int)limit.rlim_cur;
}

#endif
