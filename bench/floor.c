/* The floor of SIPREC ingest: a bare timer sweep with recvmmsg over many UDP sockets, nothing else.
 *
 * Binds `count` sockets on 127.0.0.1 from port `first` in steps of `step`, reads each of them once per sweep period in
 * batches that are spread evenly over the period, throws away what it reads, and prints one JSON object: packets
 * and CPU of the measured time. With --stamps it asks for what a recorder needs of each packet as well: the kernel's
 * arrival time, the count of drops and the sender's address. Knows nothing of RTP.
 *
 *   gcc -O2 -Wall -o floor bench/floor.c
 *   ./floor --first 10000 --count 2000 --step 2 --period-ms 640 --batch 64 --warm-s 2 --seconds 10 --rcvbuf 212992 --stamps
 */
#define _GNU_SOURCE
#include <errno.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif
#define MEMINFO_FIELDS 9
#define MEMINFO_DROPS 8
/* More than a socket gets in the longest period (0.8 s at 50/s); a fuller queue is read in a second call. */
#define MESSAGES 64
/* As large as a datagram on an Ethernet path can be. */
#define SLOT_BYTES 2048
#define CONTROL_BYTES 64

struct plan {
    long first, count, step, period_ms, batch, warm_s, seconds, rcvbuf, stamps;
};

struct totals {
    unsigned long packets, bytes, calls;
    double cpu_user_s, cpu_system_s, at_s;
};

static char payload[MESSAGES][SLOT_BYTES];
static char control[MESSAGES][CONTROL_BYTES];
static struct sockaddr_in names[MESSAGES];
static struct iovec vectors[MESSAGES];
static struct mmsghdr messages[MESSAGES];

static void give_up(const char *what)
{
    perror(what);
    exit(1);
}

static double seconds_of(struct timeval at)
{
    return at.tv_sec + at.tv_usec / 1e6;
}

static double monotonic_s(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static void sleep_until(double at_s)
{
    struct timespec at = {.tv_sec = (time_t)at_s, .tv_nsec = (long)((at_s - (time_t)at_s) * 1e9)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        ;
}

static struct plan read_plan(int argc, char **argv)
{
    struct plan plan = {10000, 2000, 2, 640, 64, 2, 10, 212992, 0};
    struct { const char *name; long *value; } options[] = {
        {"--first", &plan.first}, {"--count", &plan.count}, {"--step", &plan.step},
        {"--period-ms", &plan.period_ms}, {"--batch", &plan.batch}, {"--warm-s", &plan.warm_s},
        {"--seconds", &plan.seconds}, {"--rcvbuf", &plan.rcvbuf}};
    for (int i = 1; i < argc; i++) {
        int known = !strcmp(argv[i], "--stamps");
        plan.stamps |= known;
        for (size_t o = 0; o < sizeof options / sizeof *options && i + 1 < argc && !known; o++)
            if (!strcmp(argv[i], options[o].name)) {
                *options[o].value = atol(argv[++i]);
                known = 1;
            }
        if (!known) {
            fprintf(stderr, "unknown option %s\n", argv[i]);
            exit(2);
        }
    }
    return plan;
}

static int open_socket(const struct plan *plan, long number)
{
    int on = 1, size = (int)plan->rcvbuf, descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_port = htons((unsigned short)(plan->first + number * plan->step)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (descriptor < 0 || setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size))
        give_up("socket");
    if (plan->stamps && (setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) ||
                         setsockopt(descriptor, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on)))
        give_up("timestamps");
    if (bind(descriptor, (struct sockaddr *)&here, sizeof here))
        give_up("bind");
    return descriptor;
}

static void prepare(const struct plan *plan)
{
    for (int i = 0; i < MESSAGES; i++) {
        vectors[i] = (struct iovec){payload[i], SLOT_BYTES};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        if (plan->stamps) {
            messages[i].msg_hdr.msg_name = &names[i];
            messages[i].msg_hdr.msg_control = control[i];
        }
    }
}

static void empty_socket(const struct plan *plan, int descriptor, struct totals *totals)
{
    int got;
    do {
        if (plan->stamps) /* the kernel overwrites both lengths */
            for (int i = 0; i < MESSAGES; i++) {
                messages[i].msg_hdr.msg_namelen = sizeof names[i];
                messages[i].msg_hdr.msg_controllen = CONTROL_BYTES;
            }
        got = recvmmsg(descriptor, messages, MESSAGES, MSG_DONTWAIT, NULL);
        totals->calls++;
        for (int i = 0; i < got; i++)
            totals->bytes += messages[i].msg_len;
        if (got > 0)
            totals->packets += (unsigned long)got;
    } while (got == MESSAGES);
}

static unsigned long drops_of(const int *sockets, long count)
{
    unsigned long drops = 0;
    for (long i = 0; i < count; i++) {
        unsigned int fields[MEMINFO_FIELDS] = {0};
        socklen_t size = sizeof fields;
        if (getsockopt(sockets[i], SOL_SOCKET, SO_MEMINFO, fields, &size) == 0)
            drops += fields[MEMINFO_DROPS];
    }
    return drops;
}

static struct totals reading(struct totals totals)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    totals.cpu_user_s = seconds_of(used.ru_utime);
    totals.cpu_system_s = seconds_of(used.ru_stime);
    totals.at_s = monotonic_s();
    return totals;
}

/* Sweep until `until_s`; batch b of a sweep is due b / batches of a period after the sweep's begin. */
static double sweep(const struct plan *plan, const int *sockets, double from_s, double until_s, struct totals *totals)
{
    long batches = (plan->count + plan->batch - 1) / plan->batch;
    double pause_s = plan->period_ms / 1e3 / batches;
    long turn = 0;
    for (double due_s = from_s; due_s < until_s; due_s = from_s + ++turn * pause_s) {
        sleep_until(due_s);
        long begin = turn % batches * plan->batch;
        long end = begin + plan->batch < plan->count ? begin + plan->batch : plan->count;
        for (long i = begin; i < end; i++)
            empty_socket(plan, sockets[i], totals);
    }
    return from_s + turn * pause_s;
}

int main(int argc, char **argv)
{
    struct plan plan = read_plan(argc, argv);
    struct totals totals = {0};
    int *sockets = calloc((size_t)plan.count, sizeof *sockets);
    if (!sockets || plan.count < 1 || plan.batch < 1)
        give_up("plan");
    for (long i = 0; i < plan.count; i++)
        sockets[i] = open_socket(&plan, i);
    prepare(&plan);
    printf("ready\n");
    fflush(stdout);
    double from_s = monotonic_s();
    from_s = sweep(&plan, sockets, from_s, from_s + plan.warm_s, &totals);
    struct totals before = reading(totals);
    sweep(&plan, sockets, from_s, from_s + plan.seconds, &totals);
    struct totals after = reading(totals);
    unsigned long packets = after.packets - before.packets;
    double user_s = after.cpu_user_s - before.cpu_user_s, system_s = after.cpu_system_s - before.cpu_system_s;
    printf("{\"packets\": %lu, \"seconds\": %.3f, \"cpu_user_s\": %.4f, \"cpu_system_s\": %.4f, \"calls\": %lu, "
           "\"us_per_packet\": %.4f, \"drops\": %lu}\n",
           packets, after.at_s - before.at_s, user_s, system_s, after.calls - before.calls,
           packets ? 1e6 * (user_s + system_s) / packets : 0.0, drops_of(sockets, plan.count));
    return 0;
}
