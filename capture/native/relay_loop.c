/* The inner loop of a relay: plain packets of latched sources, from socket to ring to socket.
 *
 * Does what `PacketForwarder.hear` does (capture/media/relay/packet_forwarder.py) for what it knows exactly, and hands
 * everything else back unchanged. Knows no call; but for keys all of its state lies in the structures
 * of relay_layout.h. docs/adr/0035 says why.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <sys/epoll.h>
#include <time.h>

#include "relay_layout.h"
#include "relay_srtp.h"

static double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Whether what lies in a slot is of the latched source (`KernelAddresses.key_of`). */
static bool is_latched(const struct loop *loop, const struct loop_end *end, uint32_t slot)
{
    uint64_t words[NAME_ROOM / 8];
    memcpy(words, loop->names + (size_t)slot * NAME_ROOM, sizeof words);
    if (!end->is_wide)
        return words[0] == end->latched[0];
    /* Family and port; the flow label behind them is nobody's name. */
    return (uint32_t)words[0] == end->latched[0] && words[1] == end->latched[1]
        && words[2] == end->latched[2];
}

/* RFC 3550 §6.4.1, as `RelayEnd.sample` does it: the remainder is exact, 2^32 being a power of 2. */
static void sample(const struct loop *loop, struct loop_end *end, int64_t clock_hz, int64_t stamp,
                   uint32_t slot)
{
    int64_t times[CONTROL_BYTES / 8];
    memcpy(times, loop->controls + (size_t)slot * CONTROL_BYTES, sizeof times);
    double arrived_s = (double)times[2] + (double)times[3] / 1e9;
    double transit = arrived_s * (double)clock_hz - (double)stamp;
    double turns = transit / STAMPS, whole = (double)(int64_t)turns;
    transit -= (whole > turns ? whole - 1 : whole) * STAMPS;
    double moved = transit - end->arrivals.transit;
    moved = moved < 0 ? -moved : moved;
    end->arrivals.transit = transit;
    if (moved < (double)end->voice.clock_hz)
        end->arrivals.jitter += (moved - end->arrivals.jitter) / 16;
}

/* Of SRTP: whether it is the next one of the source whose key and index are known. */
static bool is_in_turn(const struct loop_end *end, const struct packet *packet)
{
    if (!end->opens)
        return true;
    int64_t following = (end->turn.highest + 1) & (SEQUENCES - 1);
    return big32(packet->bytes + SSRC) == end->turn.ssrc && big16(packet->bytes + 2) == following;
}

/* Send on one packet; false, and nothing is changed, for one that Python has to take. */
static bool carry(struct loop *loop, struct loop_end *end, uint32_t slot)
{
    struct loop_end *to = &loop->ends[end->hearer];
    struct voice *voice = &to->voice;
    struct packet packet = {.length = loop->headers[slot].msg_len};
    if (packet.length < FIXED_HEADER || packet.length > SMALL_BYTES || !is_latched(loop, end, slot))
        return false;
    memcpy(packet.bytes, loop->small + (size_t)slot * SMALL_BYTES, packet.length);
    uint8_t kind = end->kinds[packet.bytes[1] & ~MARKER];
    if (kind == LOOK || (packet.bytes[0] & VERSION_BITS) != VERSION
        || big32(packet.bytes + SSRC) != voice->source || !is_in_turn(end, &packet))
        return false;
    int64_t sequence = (big16(packet.bytes + 2) + voice->sequence_shift) & (SEQUENCES - 1);
    int64_t stamp = (big32(packet.bytes + 4) + voice->stamp_shift) & UINT32_MAX;
    int64_t former = voice->next_index, ahead = (sequence - former) & (SEQUENCES - 1);
    int64_t index = former + (ahead < HALF ? ahead : ahead - SEQUENCES);
    if (to->seals && ahead != 0) /* left out, late or repeated: Python knows which may be used */
        return false;
    if (end->opens && !open_packet(end->opener, &packet, end->turn.highest + 1))
        return false;
    packet.bytes[1] = kind | (packet.bytes[1] & MARKER);
    put16(packet.bytes + 2, (uint16_t)sequence);
    put32(packet.bytes + 4, (uint32_t)stamp);
    put32(packet.bytes + SSRC, (uint32_t)voice->ssrc);
    uint32_t octets = packet.length;
    if (to->seals && !seal_packet(to->sealer, &packet, index - voice->floor))
        return false;
    if (ahead < HALF) /* used up before it has left, whoever is killed (RFC 3711 §9.1) */
        __atomic_store_n(&loop->next_index[end->hearer], (uint64_t)(index + 1), __ATOMIC_RELEASE);
    ssize_t sent = sendto(to->descriptor, packet.bytes, packet.length, MSG_DONTWAIT,
                          (const struct sockaddr *)to->target, to->target_bytes);
    if (sent < 0 && errno == EAGAIN) /* nothing has left: Python waits for room, with this number */
        return false;
    voice->failed += sent < 0; /* as a network loses one; the next may be lucky */
    end->arrivals.heard_s = loop->now_s;
    if (ahead < HALF) {
        voice->next_index = index + 1;
        voice->stamp = stamp;
        voice->at_s = loop->now_s;
    }
    voice->packets++;
    voice->octets += octets;
    end->turn.highest += end->opens;
    if (!(voice->packets & JITTER_EVERY))
        sample(loop, end, voice->clock_hz, stamp, slot);
    return true;
}

/* Make a slot of what is not kept ready for the kernel. */
static void renew(struct mmsghdr *header)
{
    header->msg_hdr.msg_namelen = NAME_BYTES;
    header->msg_hdr.msg_controllen = CONTROL_BYTES;
    header->msg_len = 0;
}

/* Read a packet of a socket and send it on; false where Python has to go on. The next wait tells of
 * another one there: to look for it, and mostly in vain, costs more. */
static bool hear(struct loop *loop, struct loop_end *end)
{
    uint64_t head = loop->words[HEAD];
    uint64_t used = head - __atomic_load_n(&loop->words[TAIL], __ATOMIC_ACQUIRE);
    uint32_t slot = end->lands ? (uint32_t)(head & (loop->slots - 1)) : loop->slots;
    if (end->lands && used > loop->slots - MAX_RUN)
        return false; /* full: what finds no room is counted with the time */
    loop->owners[slot] = end->owner; /* before anything lies there: a successor asks whose it is */
    if (recvmmsg(end->descriptor, &loop->headers[slot], 1, MSG_DONTWAIT, NULL) != 1)
        return true;
    if (!carry(loop, end, slot)) {
        loop->slot = slot;
        loop->is_read = true;
        return false;
    }
    if (end->lands)
        __atomic_store_n(&loop->words[HEAD], head + 1, __ATOMIC_RELEASE);
    else
        renew(&loop->headers[slot]);
    return true;
}

/* The end whose socket this is, where we may read it. */
static struct loop_end *end_of(struct loop *loop, int32_t descriptor)
{
    if (descriptor < 0 || (uint32_t)descriptor >= loop->descriptors)
        return NULL;
    uint32_t named = loop->end_of[descriptor]; /* the pair + 1 */
    if (named == 0 || named > loop->end_count)
        return NULL;
    struct loop_end *end = &loop->ends[named - 1];
    if (!end->is_carried || end->descriptor != descriptor || end->hearer >= loop->end_count)
        return NULL;
    if (end->opens && (end->opener == NULL || end->turn.key != end->opener_key))
        return NULL;
    const struct loop_end *to = &loop->ends[end->hearer];
    return to->target_bytes <= TARGET_BYTES && (!to->seals || to->sealer != NULL) ? end : NULL;
}

/* Go on with what is ready; false when all is done, true where `descriptor` is handed back. */
EXPORTED bool rokuon_carry(struct loop *loop, double now_s)
{
    loop->now_s = now_s;
    while (loop->next < loop->ready_count && loop->next < MAX_READY) {
        loop->is_read = false;
        loop->descriptor = loop->ready[loop->next++];
        struct loop_end *end = end_of(loop, loop->descriptor);
        if (end == NULL || !hear(loop, end))
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
