/*
 * greet.h - who is greeted in TLS, and when.
 *
 * A greeting costs as much as a request or two and is for somebody who is not known yet, so it
 * comes after what is known: one step of one greeting between two looks at the sockets, in turns
 * between the addresses that clients come from and, of one address, between the tenants whose names
 * they ask for.
 *
 *   HELLO    until the client has said what it wants, which costs nothing but a descriptor
 *   QUEUED   until it has its turn; then libmicrohttpd gets the socket, and GnuTLS a step's time
 *   ANSWER   until the client's answer to that is there; then QUEUED again
 *   (freed)  GnuTLS is done: libmicrohttpd goes on [finish], or the connection is closed
 *
 * Until the end the connection is suspended in libmicrohttpd, which does not sleep while a greeting
 * waits for its client (0.9.75: what it takes for readable it tries again at once).
 *
 * Owns:    the sockets of clients that have not said anything yet.
 * Threads: the front's loop.
 * Frees:   greet_stop(), then greet_close().
 * Fails:   never; what goes wrong with a connection closes it.
 * Tests:   tests/unit/hostplane/test_server.c
 */
#ifndef HOSTPLANE_GREET_H
#define HOSTPLANE_GREET_H

#include "base/list.h"
#include "base/map.h"
#include "base/turns.h"

#include <sys/socket.h>
#include <uv.h>

typedef struct Front Front;
typedef struct Conn Conn;
typedef struct Err Err;

typedef struct Greeter {
    /* read-only */
    uint32_t n_waiting; /* sockets that are not connections yet */
    /* private */
    Front *front;
    List all; /* Greeting.link */
    Turns turns;
    Map callers; /* by address, those in `turns` */
    int epoll;
    uv_poll_t poll;
    struct Greeting *joining; /* what libmicrohttpd is being given */
} Greeter;

int greet_start(Greeter *g, Front *f, Err *err) MUST_CHECK;
/* A new connection, which is the greeter's from now on. */
void greet_accepted(Greeter *g, int fd, const struct sockaddr *from, socklen_t len);
bool greet_is_idle(Greeter *g);
/* One step of the one whose turn it is. */
void greet_turn(Greeter *g);
/* libmicrohttpd has made a connection of what it was given, or closes it. */
void greet_joined(Greeter *g, Conn *c);
void greet_left(Conn *c);
/* Once a second; `is_over`: nobody is greeted any more. */
void greet_check(Greeter *g, int64_t now_us, bool is_over);
/* Gives libmicrohttpd back what it is to close. The loop does not run any more. */
void greet_stop(Greeter *g);
/* After the loop is closed. */
void greet_close(Greeter *g);

#endif
