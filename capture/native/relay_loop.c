/* The inner loop of a relay: plain packets of latched sources, from socket to ring to socket.
 *
 * Does what `Passing.hear` does (capture/media/relay_passing.py) for what it knows exactly, and hands
 * everything else back unchanged. Knows no call, keeps nothing of its own, allocates nothing here;
 * all of its state lies in the structures of capture/native/layout.py. docs/adr/0035 says why.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#define EXPORTED __attribute__((visibility("default")))

enum {
    ABI = 2, /* raised with every change of what is shared; library.py has the same number */
    KINDS = 128,
    TARGET_BYTES = 28,
    MAX_READY = 256,
    /* The ring's (capture/media/relay_ring.py). */
    SMALL_BYTES = 256,
    NAME_ROOM = 32,
    NAME_BYTES = 28,
    CONTROL_BYTES = 64,
    MAX_RUN = 8,
    HEAD = 0,
    TAIL = 1,
    /* RFC 3550 §5.1. */
    FIXED_HEADER = 12,
    VERSION_BITS = 0xC0,
    VERSION = 0x80,
    MARKER = 0x80,
    LOOK = 0xFF,
    /* One packet in eight is enough for an estimate of jitter. */
    JITTER_EVERY = 7,
    MS_A_SECOND = 1000,
};

static const int64_t SEQUENCES = 1 << 16, HALF = 1 << 15;
static const double STAMPS = 4294967296.0;

struct voice {
    int64_t ssrc, source, sequence_shift, stamp_shift, next_index, stamp;
    double at_s;
    int64_t packets, octets, failed, floor, clock_hz, packet_ms, secret, source_index, source_packets;
    bool begun;
};

struct arrivals {
    double heard_s, jitter, transit;
};

struct leg {
    uint32_t is_carried, lands, is_wide, owner;
    int32_t descriptor;
    uint32_t hearer;
    uint64_t latched[3];
    struct arrivals arrivals;
    struct voice voice;
    uint32_t target_bytes;
    uint8_t target[TARGET_BYTES];
    uint8_t kinds[KINDS];
};

struct loop {
    uint64_t *words;
    uint32_t *owners;
    struct mmsghdr *headers;
    uint8_t *names, *controls, *small;
    uint64_t *next_index;
    struct leg *legs;
    uint32_t *leg_of;
    uint32_t slots, leg_count, descriptors;
    int32_t epoll;
    uint32_t ready_count, next;
    int32_t descriptor;
    uint32_t slot, count, done;
    double now_s, waited_s;
    int32_t ready[MAX_READY];
};

struct packet {
    uint32_t length;
    uint8_t bytes[SMALL_BYTES];
};

_Static_assert(sizeof(struct mmsghdr) == 64, "the ring has headers of 64 bytes");
_Static_assert(sizeof(struct voice) == 136, "as in layout.py");
_Static_assert(sizeof(struct arrivals) == 24, "as in layout.py");
_Static_assert(sizeof(struct leg) == 368, "as in layout.py");
_Static_assert(sizeof(struct loop) == 1152, "as in layout.py");

#define SIZE(type) sizeof(struct type)
#define FIELD(type, name) offsetof(struct type, name), sizeof(((struct type *)0)->name)

static const uint32_t LAYOUT[] = {
    KINDS, TARGET_BYTES, MAX_READY, SMALL_BYTES, NAME_ROOM, NAME_BYTES, CONTROL_BYTES, MAX_RUN,
    SIZE(voice), FIELD(voice, ssrc), FIELD(voice, source), FIELD(voice, sequence_shift),
    FIELD(voice, stamp_shift), FIELD(voice, next_index), FIELD(voice, stamp), FIELD(voice, at_s),
    FIELD(voice, packets), FIELD(voice, octets), FIELD(voice, failed), FIELD(voice, floor),
    FIELD(voice, clock_hz), FIELD(voice, packet_ms), FIELD(voice, secret),
    FIELD(voice, source_index), FIELD(voice, source_packets), FIELD(voice, begun),
    SIZE(arrivals), FIELD(arrivals, heard_s), FIELD(arrivals, jitter), FIELD(arrivals, transit),
    SIZE(leg), FIELD(leg, is_carried), FIELD(leg, lands), FIELD(leg, is_wide), FIELD(leg, owner),
    FIELD(leg, descriptor), FIELD(leg, hearer), FIELD(leg, latched), FIELD(leg, arrivals),
    FIELD(leg, voice), FIELD(leg, target_bytes), FIELD(leg, target), FIELD(leg, kinds),
    SIZE(loop), FIELD(loop, words), FIELD(loop, owners), FIELD(loop, headers), FIELD(loop, names),
    FIELD(loop, controls), FIELD(loop, small), FIELD(loop, next_index), FIELD(loop, legs),
    FIELD(loop, leg_of), FIELD(loop, slots), FIELD(loop, leg_count), FIELD(loop, descriptors),
    FIELD(loop, epoll), FIELD(loop, ready_count), FIELD(loop, next), FIELD(loop, descriptor),
    FIELD(loop, slot), FIELD(loop, count), FIELD(loop, done), FIELD(loop, now_s),
    FIELD(loop, waited_s), FIELD(loop, ready),
};

EXPORTED uint32_t rokuon_abi(void)
{
    return ABI;
}

/* Numbers to compare with `described()` of layout.py; returns how many there are. */
EXPORTED uint32_t rokuon_layout(const uint32_t **numbers)
{
    *numbers = LAYOUT;
    return sizeof LAYOUT / sizeof LAYOUT[0];
}

static double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint16_t big16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t big32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, (uint16_t)(value >> 16));
    put16(at + 2, (uint16_t)value);
}

/* Whether what lies in a slot is of the latched source (`Places.key_of`). */
static bool is_latched(const struct loop *loop, const struct leg *leg, uint32_t slot)
{
    uint64_t words[NAME_ROOM / 8];
    memcpy(words, loop->names + (size_t)slot * NAME_ROOM, sizeof words);
    if (!leg->is_wide)
        return words[0] == leg->latched[0];
    /* Family and port; the flow label behind them is nobody's name. */
    return (uint32_t)words[0] == leg->latched[0] && words[1] == leg->latched[1]
        && words[2] == leg->latched[2];
}

/* RFC 3550 §6.4.1, as `RelayEnd.sample` does it: the remainder is exact, 2^32 being a power of 2. */
static void sample(const struct loop *loop, struct leg *leg, int64_t clock_hz, int64_t stamp,
                   uint32_t slot)
{
    int64_t times[CONTROL_BYTES / 8];
    memcpy(times, loop->controls + (size_t)slot * CONTROL_BYTES, sizeof times);
    double arrived_s = (double)times[2] + (double)times[3] / 1e9;
    double transit = arrived_s * (double)clock_hz - (double)stamp;
    double turns = transit / STAMPS, whole = (double)(int64_t)turns;
    transit -= (whole > turns ? whole - 1 : whole) * STAMPS;
    double moved = transit - leg->arrivals.transit;
    moved = moved < 0 ? -moved : moved;
    leg->arrivals.transit = transit;
    if (moved < (double)leg->voice.clock_hz)
        leg->arrivals.jitter += (moved - leg->arrivals.jitter) / 16;
}

/* Send on one packet; false, and nothing is changed, for one that Python has to take. */
static bool carry(struct loop *loop, struct leg *leg, uint32_t slot)
{
    struct leg *to = &loop->legs[leg->hearer];
    struct voice *voice = &to->voice;
    struct packet packet = {.length = loop->headers[slot].msg_len};
    if (packet.length < FIXED_HEADER || packet.length > SMALL_BYTES || !is_latched(loop, leg, slot))
        return false;
    memcpy(packet.bytes, loop->small + (size_t)slot * SMALL_BYTES, packet.length);
    uint8_t kind = leg->kinds[packet.bytes[1] & ~MARKER];
    if (kind == LOOK || (packet.bytes[0] & VERSION_BITS) != VERSION
        || big32(packet.bytes + 8) != voice->source)
        return false;
    int64_t sequence = (big16(packet.bytes + 2) + voice->sequence_shift) & (SEQUENCES - 1);
    int64_t stamp = (big32(packet.bytes + 4) + voice->stamp_shift) & UINT32_MAX;
    int64_t former = voice->next_index, ahead = (sequence - former) & (SEQUENCES - 1);
    int64_t index = former + (ahead < HALF ? ahead : ahead - SEQUENCES);
    packet.bytes[1] = kind | (packet.bytes[1] & MARKER);
    put16(packet.bytes + 2, (uint16_t)sequence);
    put32(packet.bytes + 4, (uint32_t)stamp);
    put32(packet.bytes + 8, (uint32_t)voice->ssrc);
    uint64_t *following = &loop->next_index[leg->hearer];
    if (ahead < HALF) /* used up before it has left, whoever is killed (RFC 3711 §9.1) */
        __atomic_store_n(following, (uint64_t)(index + 1), __ATOMIC_RELEASE);
    ssize_t sent = sendto(to->descriptor, packet.bytes, packet.length, MSG_DONTWAIT,
                          (const struct sockaddr *)to->target, to->target_bytes);
    if (sent < 0 && errno == EAGAIN) { /* Python waits for room; nothing has left */
        __atomic_store_n(following, (uint64_t)former, __ATOMIC_RELEASE);
        return false;
    }
    voice->failed += sent < 0; /* as a network loses one; the next may be lucky */
    leg->arrivals.heard_s = loop->now_s;
    if (ahead < HALF) {
        voice->next_index = index + 1;
        voice->stamp = stamp;
        voice->at_s = loop->now_s;
    }
    voice->packets++;
    voice->octets += packet.length;
    if (!(voice->packets & JITTER_EVERY))
        sample(loop, leg, voice->clock_hz, stamp, slot);
    return true;
}

/* Make the first slots behind the ring, of what is not kept, ready for the kernel. */
static void renew(struct loop *loop, uint32_t count)
{
    for (uint32_t slot = loop->slots; slot < loop->slots + count; slot++) {
        loop->headers[slot].msg_hdr.msg_namelen = NAME_BYTES;
        loop->headers[slot].msg_hdr.msg_controllen = CONTROL_BYTES;
        loop->headers[slot].msg_len = 0;
    }
}

/* Read a socket and send on what has come; false where Python has to go on. */
static bool hear(struct loop *loop, struct leg *leg)
{
    uint64_t head = loop->words[HEAD];
    uint64_t used = head - __atomic_load_n(&loop->words[TAIL], __ATOMIC_ACQUIRE);
    uint32_t slot = (uint32_t)(head & (loop->slots - 1)), run = MAX_RUN;
    if (!leg->lands)
        slot = loop->slots;
    else if (used > loop->slots - MAX_RUN)
        return false; /* full: what finds no room is counted with the time */
    else if (run > loop->slots - slot)
        run = loop->slots - slot;
    loop->owners[slot] = leg->owner; /* before anything lies there: a successor asks whose it is */
    int count = recvmmsg(leg->descriptor, &loop->headers[slot], run, MSG_DONTWAIT, NULL);
    if (count <= 0)
        return true;
    for (uint32_t at = 1; at < (uint32_t)count; at++)
        loop->owners[slot + at] = leg->owner;
    for (uint32_t at = 0; at < (uint32_t)count; at++) {
        if (!carry(loop, leg, slot + at)) {
            loop->slot = slot;
            loop->count = (uint32_t)count;
            loop->done = at;
            return false;
        }
    }
    if (leg->lands)
        __atomic_store_n(&loop->words[HEAD], head + (uint32_t)count, __ATOMIC_RELEASE);
    else
        renew(loop, (uint32_t)count);
    return true;
}

/* The leg whose socket this is, where we may read it. */
static struct leg *leg_of(struct loop *loop, int32_t descriptor)
{
    if (descriptor < 0 || (uint32_t)descriptor >= loop->descriptors)
        return NULL;
    uint32_t named = loop->leg_of[descriptor]; /* the pair + 1 */
    if (named == 0 || named > loop->leg_count)
        return NULL;
    struct leg *leg = &loop->legs[named - 1];
    bool is_whole = leg->hearer < loop->leg_count
        && loop->legs[leg->hearer].target_bytes <= TARGET_BYTES;
    return leg->is_carried && is_whole && leg->descriptor == descriptor ? leg : NULL;
}

/* Go on with what is ready; false when all is done, true where `descriptor` is handed back. */
EXPORTED bool rokuon_carry(struct loop *loop, double now_s)
{
    loop->now_s = now_s;
    while (loop->next < loop->ready_count && loop->next < MAX_READY) {
        loop->count = 0;
        loop->descriptor = loop->ready[loop->next++];
        struct leg *leg = leg_of(loop, loop->descriptor);
        if (leg == NULL || !hear(loop, leg))
            return true;
    }
    return false;
}

static bool wait_for_packets(struct loop *loop, double until_s)
{
    struct epoll_event events[MAX_READY];
    double now_s = monotonic_s(), patience_s = until_s - now_s;
    int patience_ms = patience_s <= 0 ? 0 : (int)(patience_s * MS_A_SECOND) + 1;
    int count = epoll_wait(loop->epoll, events, MAX_READY, patience_ms);
    loop->now_s = monotonic_s();
    loop->waited_s += loop->now_s - now_s;
    loop->next = 0;
    loop->ready_count = count > 0 ? (uint32_t)count : 0;
    for (int at = 0; at < count; at++)
        loop->ready[at] = events[at].data.fd;
    return count >= 0;
}

/* Carry until something is Python's, which is true, or until `until_s` or a signal. */
EXPORTED bool rokuon_run(struct loop *loop, double until_s)
{
    if (rokuon_carry(loop, monotonic_s()))
        return true;
    do {
        if (!wait_for_packets(loop, until_s))
            return false;
        if (rokuon_carry(loop, loop->now_s))
            return true;
    } while (loop->now_s < until_s);
    return false;
}
