/* The inner loop of a relay: plain packets of latched sources, from socket to ring to socket.
 *
 * Does what `Passing.hear` does (capture/media/relay_passing.py) for what it knows exactly, and hands
 * everything else back unchanged. Knows no call; but for keys all of its state lies in the structures
 * of capture/native/layout.py. docs/adr/0035 says why.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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
    SSRC = 8,
    VERSION_BITS = 0xC0,
    VERSION = 0x80,
    MARKER = 0x80,
    LOOK = 0xFF,
    /* One packet in eight is enough for an estimate of jitter. */
    JITTER_EVERY = 7,
    MS_A_SECOND = 1000,
    /* RFC 3550 §5.1, §5.3.1: contributors or an extension behind the fixed header. */
    MORE_HEADER = 0x1F,
    CONTRIBUTORS = 0x0F,
    EXTENSION = 0x10,
    /* RFC 3711 §4.1.1, §4.2.1; RFC 7714 §8.1; RFC 3711 §9.5.1 for the identifier. */
    KEY_BYTES = 32,
    LONG_KEY_BYTES = 32,
    AUTH_KEY_BYTES = 20,
    SALT_BYTES = 14,
    MKI_BYTES = 128,
    GCM_TAG_BYTES = 16,
    NONCE_BYTES = 12,
    BLOCK_BYTES = 16,
    /* FIPS 180-4, FIPS 198-1; OpenSSL's `SHA_CTX` has 96 bytes. */
    DIGEST_BYTES = 20,
    HASH_BLOCK_BYTES = 64,
    HASH_WORDS = 16,
    INNER_PAD = 0x36,
    OUTER_PAD = 0x5C,
    /* `EVP_CTRL_AEAD_GET_TAG` and `_SET_TAG` of openssl/evp.h. */
    GET_TAG = 0x10,
    SET_TAG = 0x11,
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

/* Whose packet comes next, of which index, and under which key (its number; 0: none). */
struct turn {
    int64_t ssrc, highest, key;
};

struct material {
    uint32_t is_gcm, is_clear, seals, key_bytes, tag_bytes, mki_bytes;
    uint8_t encryption[KEY_BYTES], authentication[AUTH_KEY_BYTES], salt[SALT_BYTES], mki[MKI_BYTES];
};

struct key {
    void *cipher;
    struct material said;
    uint64_t inner[HASH_WORDS], outer[HASH_WORDS]; /* the hash with the padded key in it */
};

struct leg {
    uint32_t is_carried, lands, is_wide, owner;
    int32_t descriptor;
    uint32_t hearer, opens, seals;
    struct key *opener, *sealer;
    int64_t opener_key;
    struct turn turn;
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
    uint8_t bytes[SMALL_BYTES + MKI_BYTES + GCM_TAG_BYTES];
};

_Static_assert(sizeof(struct mmsghdr) == 64, "the ring has headers of 64 bytes");
_Static_assert(sizeof(struct voice) == 136, "as in layout.py");
_Static_assert(sizeof(struct arrivals) == 24, "as in layout.py");
_Static_assert(sizeof(struct turn) == 24, "as in layout.py");
_Static_assert(sizeof(struct material) == 220, "as in layout.py");
_Static_assert(sizeof(struct leg) == 424, "as in layout.py");
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
    SIZE(turn), FIELD(turn, ssrc), FIELD(turn, highest), FIELD(turn, key),
    SIZE(material), FIELD(material, is_gcm), FIELD(material, is_clear), FIELD(material, seals),
    FIELD(material, key_bytes), FIELD(material, tag_bytes), FIELD(material, mki_bytes),
    FIELD(material, encryption), FIELD(material, authentication), FIELD(material, salt),
    FIELD(material, mki),
    SIZE(leg), FIELD(leg, is_carried), FIELD(leg, lands), FIELD(leg, is_wide), FIELD(leg, owner),
    FIELD(leg, descriptor), FIELD(leg, hearer), FIELD(leg, opens), FIELD(leg, seals),
    FIELD(leg, opener), FIELD(leg, sealer), FIELD(leg, opener_key), FIELD(leg, turn),
    FIELD(leg, latched), FIELD(leg, arrivals),
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

/* What is taken of libcrypto.so.3, which is on the machine or is not. */
static struct {
    void *(*new_cipher)(void);
    void (*free_cipher)(void *);
    const void *(*ctr_128)(void), *(*ctr_256)(void), *(*gcm_128)(void), *(*gcm_256)(void);
    int (*init)(void *, const void *, void *, const uint8_t *, const uint8_t *, int);
    int (*update)(void *, uint8_t *, int *, const uint8_t *, int);
    int (*finish)(void *, uint8_t *, int *);
    int (*control)(void *, int, int, void *);
    int (*hash_init)(void *);
    int (*hash_update)(void *, const void *, size_t);
    int (*hash_final)(uint8_t *, void *);
} crypto;

/* Find libcrypto; whether SRTP can be done here. */
EXPORTED bool rokuon_crypto(void)
{
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return false;
    const struct {
        void *place;
        const char *name;
    } wanted[] = {
        {&crypto.new_cipher, "EVP_CIPHER_CTX_new"}, {&crypto.free_cipher, "EVP_CIPHER_CTX_free"},
        {&crypto.ctr_128, "EVP_aes_128_ctr"}, {&crypto.ctr_256, "EVP_aes_256_ctr"},
        {&crypto.gcm_128, "EVP_aes_128_gcm"}, {&crypto.gcm_256, "EVP_aes_256_gcm"},
        {&crypto.init, "EVP_CipherInit_ex"}, {&crypto.update, "EVP_CipherUpdate"},
        {&crypto.finish, "EVP_CipherFinal_ex"}, {&crypto.control, "EVP_CIPHER_CTX_ctrl"},
        {&crypto.hash_init, "SHA1_Init"}, {&crypto.hash_update, "SHA1_Update"},
        {&crypto.hash_final, "SHA1_Final"},
    };
    for (size_t at = 0; at < sizeof wanted / sizeof wanted[0]; at++) {
        void *found = dlsym(library, wanted[at].name);
        if (found == NULL)
            return false;
        memcpy(wanted[at].place, &found, sizeof found);
    }
    return true;
}

/* The hash after the key XOR a pad (RFC 2104 §2). */
static void take_pad(uint64_t *hash, const uint8_t *key, uint8_t pad)
{
    uint8_t block[HASH_BLOCK_BYTES];
    memset(block, pad, sizeof block);
    for (int at = 0; at < AUTH_KEY_BYTES; at++)
        block[at] ^= key[at];
    crypto.hash_init(hash);
    crypto.hash_update(hash, block, sizeof block);
    explicit_bzero(block, sizeof block);
}

EXPORTED void rokuon_forget_key(struct key *key)
{
    if (key == NULL)
        return;
    if (key->cipher != NULL)
        crypto.free_cipher(key->cipher);
    explicit_bzero(key, sizeof *key);
    free(key);
}

/* A key to open or to seal with; NULL where it cannot be made. Whoever asked forgets it. */
EXPORTED struct key *rokuon_key(const struct material *said)
{
    bool is_long = said->key_bytes == LONG_KEY_BYTES;
    bool fits = said->key_bytes <= KEY_BYTES && said->tag_bytes <= GCM_TAG_BYTES
        && said->mki_bytes <= MKI_BYTES;
    struct key *key = fits ? calloc(1, sizeof *key) : NULL;
    if (key == NULL)
        return NULL;
    key->said = *said;
    const void *mode = said->is_gcm ? (is_long ? crypto.gcm_256() : crypto.gcm_128())
                                    : (is_long ? crypto.ctr_256() : crypto.ctr_128());
    key->cipher = crypto.new_cipher();
    /* Counter mode is the same either way. */
    if (key->cipher == NULL
        || crypto.init(key->cipher, mode, NULL, said->encryption, NULL, (int)said->seals) != 1) {
        rokuon_forget_key(key);
        return NULL;
    }
    take_pad(key->inner, said->authentication, INNER_PAD);
    take_pad(key->outer, said->authentication, OUTER_PAD);
    return key;
}

/* Where the payload begins, at the end at the latest (`header_bytes` of archive/srtp). */
static uint32_t header_bytes(const uint8_t *bytes, uint32_t length)
{
    uint32_t end = FIXED_HEADER + 4 * (uint32_t)(bytes[0] & CONTRIBUTORS);
    if (bytes[0] & EXTENSION && length >= end + 4)
        end += 4 + 4 * (uint32_t)big16(bytes + end + 2);
    return end < length ? end : length;
}

/* A salt XOR what names a packet: the SSRC from `at` on, behind it 48 bits of the index. */
static void mix(uint8_t *nonce, uint32_t at, const uint8_t *ssrc, int64_t index)
{
    for (uint32_t byte = 0; byte < 4; byte++)
        nonce[at + byte] ^= ssrc[byte];
    for (uint32_t byte = 0; byte < 6; byte++)
        nonce[at + 4 + byte] ^= (uint8_t)(index >> (40 - 8 * byte));
}

/* Put the content under the key stream, or take it out (RFC 3711 §4.1.1). */
static bool count(struct key *key, uint8_t *bytes, uint32_t length, int64_t index)
{
    uint8_t block[BLOCK_BYTES] = {0};
    uint32_t start = header_bytes(bytes, length);
    int done = 0;
    if (key->said.is_clear || start == length)
        return true;
    memcpy(block, key->said.salt, SALT_BYTES);
    mix(block, 4, bytes + SSRC, index);
    return crypto.init(key->cipher, NULL, NULL, NULL, block, -1) == 1
        && crypto.update(key->cipher, bytes + start, &done, bytes + start, (int)(length - start)) == 1;
}

/* RFC 3711 §4.2: of the content and the rollover counter. */
static void tag_of(const struct key *key, const uint8_t *bytes, uint32_t length, int64_t index,
                   uint8_t *digest)
{
    uint64_t hash[HASH_WORDS];
    uint8_t rollovers[4];
    put32(rollovers, (uint32_t)(index >> 16));
    memcpy(hash, key->inner, sizeof hash);
    crypto.hash_update(hash, bytes, length);
    crypto.hash_update(hash, rollovers, sizeof rollovers);
    crypto.hash_final(digest, hash);
    memcpy(hash, key->outer, sizeof hash);
    crypto.hash_update(hash, digest, DIGEST_BYTES);
    crypto.hash_final(digest, hash);
}

/* In a time that says nothing of where they differ. */
static bool is_same(const uint8_t *one, const uint8_t *other, uint32_t length)
{
    uint8_t differing = 0;
    for (uint32_t at = 0; at < length; at++)
        differing |= one[at] ^ other[at];
    return differing == 0;
}

/* RFC 7714 §8: the header is associated data; `start` to `stop` is the content. */
static bool galois(struct key *key, uint8_t *bytes, uint32_t start, uint32_t stop, int64_t index)
{
    uint8_t nonce[NONCE_BYTES];
    int done = 0;
    memcpy(nonce, key->said.salt, NONCE_BYTES);
    mix(nonce, 2, bytes + SSRC, index);
    if (crypto.init(key->cipher, NULL, NULL, NULL, nonce, -1) != 1
        || crypto.update(key->cipher, NULL, &done, bytes, (int)start) != 1)
        return false;
    if (!key->said.seals && crypto.control(key->cipher, SET_TAG, GCM_TAG_BYTES, bytes + stop) != 1)
        return false;
    if (stop > start
        && crypto.update(key->cipher, bytes + start, &done, bytes + start, (int)(stop - start)) != 1)
        return false;
    if (crypto.finish(key->cipher, bytes + stop, &done) != 1)
        return false;
    return !key->said.seals || crypto.control(key->cipher, GET_TAG, GCM_TAG_BYTES, bytes + stop) == 1;
}

/* RTP of SRTP; false where the key does not prove it at this index: the bytes are of no use then. */
static bool open_packet(struct key *key, struct packet *packet, int64_t index)
{
    const struct material *said = &key->said;
    uint32_t trailer = said->mki_bytes + said->tag_bytes;
    if (packet->length < FIXED_HEADER + trailer)
        return false;
    uint32_t stop = packet->length - trailer, start = header_bytes(packet->bytes, packet->length);
    const uint8_t *mki = packet->bytes + stop + (said->is_gcm ? GCM_TAG_BYTES : 0);
    uint8_t digest[DIGEST_BYTES];
    if (memcmp(mki, said->mki, said->mki_bytes) != 0)
        return false;
    packet->length = stop;
    if (said->is_gcm)
        return start <= stop && galois(key, packet->bytes, start, stop, index);
    tag_of(key, packet->bytes, stop, index, digest);
    return is_same(digest, mki + said->mki_bytes, said->tag_bytes)
        && count(key, packet->bytes, stop, index);
}

/* SRTP of RTP: there is room for the tag and the identifier. */
static bool seal_packet(struct key *key, struct packet *packet, int64_t index)
{
    const struct material *said = &key->said;
    uint32_t stop = packet->length, start = header_bytes(packet->bytes, stop);
    uint8_t *tag = packet->bytes + stop + (said->is_gcm ? 0 : said->mki_bytes);
    uint8_t *mki = packet->bytes + stop + (said->is_gcm ? GCM_TAG_BYTES : 0);
    uint8_t digest[DIGEST_BYTES];
    packet->length += said->mki_bytes + said->tag_bytes;
    if (said->is_gcm) {
        if (!galois(key, packet->bytes, start, stop, index))
            return false;
    } else {
        if (!count(key, packet->bytes, stop, index))
            return false;
        tag_of(key, packet->bytes, stop, index, digest);
        memcpy(tag, digest, said->tag_bytes);
    }
    memcpy(mki, said->mki, said->mki_bytes);
    return true;
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

/* Of SRTP: whether it is the next one of the source whose key and index are known. */
static bool is_in_turn(const struct leg *leg, const struct packet *packet)
{
    if (!leg->opens)
        return true;
    int64_t following = (leg->turn.highest + 1) & (SEQUENCES - 1);
    return big32(packet->bytes + SSRC) == leg->turn.ssrc && big16(packet->bytes + 2) == following;
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
        || big32(packet.bytes + SSRC) != voice->source || !is_in_turn(leg, &packet))
        return false;
    int64_t sequence = (big16(packet.bytes + 2) + voice->sequence_shift) & (SEQUENCES - 1);
    int64_t stamp = (big32(packet.bytes + 4) + voice->stamp_shift) & UINT32_MAX;
    int64_t former = voice->next_index, ahead = (sequence - former) & (SEQUENCES - 1);
    int64_t index = former + (ahead < HALF ? ahead : ahead - SEQUENCES);
    if (to->seals && ahead != 0) /* left out, late or repeated: Python knows which may be used */
        return false;
    if (leg->opens && !open_packet(leg->opener, &packet, leg->turn.highest + 1))
        return false;
    packet.bytes[1] = kind | (packet.bytes[1] & MARKER);
    put16(packet.bytes + 2, (uint16_t)sequence);
    put32(packet.bytes + 4, (uint32_t)stamp);
    put32(packet.bytes + SSRC, (uint32_t)voice->ssrc);
    uint32_t octets = packet.length;
    if (to->seals && !seal_packet(to->sealer, &packet, index - voice->floor))
        return false;
    if (ahead < HALF) /* used up before it has left, whoever is killed (RFC 3711 §9.1) */
        __atomic_store_n(&loop->next_index[leg->hearer], (uint64_t)(index + 1), __ATOMIC_RELEASE);
    ssize_t sent = sendto(to->descriptor, packet.bytes, packet.length, MSG_DONTWAIT,
                          (const struct sockaddr *)to->target, to->target_bytes);
    if (sent < 0 && errno == EAGAIN) /* nothing has left: Python waits for room, with this number */
        return false;
    voice->failed += sent < 0; /* as a network loses one; the next may be lucky */
    leg->arrivals.heard_s = loop->now_s;
    if (ahead < HALF) {
        voice->next_index = index + 1;
        voice->stamp = stamp;
        voice->at_s = loop->now_s;
    }
    voice->packets++;
    voice->octets += octets;
    leg->turn.highest += leg->opens;
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
    if (!leg->is_carried || leg->descriptor != descriptor || leg->hearer >= loop->leg_count)
        return NULL;
    if (leg->opens && (leg->opener == NULL || leg->turn.key != leg->opener_key))
        return NULL;
    const struct leg *to = &loop->legs[leg->hearer];
    return to->target_bytes <= TARGET_BYTES && (!to->seals || to->sealer != NULL) ? leg : NULL;
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
