/* What the loop shares with Python, as capture/native/layout.py describes it, and its bounds.
 *
 * Included once, by relay_loop.c. Knows nothing of what is done with it; has the words of a packet.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define EXPORTED __attribute__((visibility("default")))

enum {
    ABI = 3, /* raised with every change of what is shared; library.py has the same number */
    KINDS = 128,
    TARGET_BYTES = 28,
    MAX_READY = 256,
    /* The ring's (capture/holder/relay_buffer.py). */
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
    /* FIPS 180-4, FIPS 198-1. */
    DIGEST_BYTES = 20,
    STATE_WORDS = 5,
    HASH_BLOCK_BYTES = 64,
    INNER_PAD = 0x36,
    OUTER_PAD = 0x5C,
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
    uint8_t encryption[KEY_BYTES], salt[SALT_BYTES], authentication[AUTH_KEY_BYTES], mki[MKI_BYTES];
};

/* OpenSSL's `SHA_CTX` (openssl/sha.h), one of which lies on the stack while a tag is made. */
struct hash {
    uint32_t state[STATE_WORDS], bits[2], block[HASH_BLOCK_BYTES / 4], used;
};

/* What a packet needs of it lies in its first two cache lines: with thousands of ends each packet
 * finds its key outside of the cache. Counter mode has no cipher of its own, for that is larger. */
struct key {
    _Alignas(64) void *cipher;
    uint32_t inner[STATE_WORDS], outer[STATE_WORDS]; /* the hash of the padded key */
    struct material said;
};

struct loop_end {
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
    struct loop_end *ends;
    uint32_t *end_of;
    uint32_t slots, end_count, descriptors;
    int32_t epoll;
    uint32_t ready_count, next;
    int32_t descriptor;
    uint32_t slot, is_read;
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
_Static_assert(sizeof(struct hash) == 96, "as in openssl/sha.h");
_Static_assert(offsetof(struct key, said.authentication) <= 128, "of two cache lines");
_Static_assert(sizeof(struct loop_end) == 424, "as in layout.py");
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
    FIELD(material, encryption), FIELD(material, salt), FIELD(material, authentication),
    FIELD(material, mki),
    SIZE(loop_end), FIELD(loop_end, is_carried), FIELD(loop_end, lands), FIELD(loop_end, is_wide), FIELD(loop_end, owner),
    FIELD(loop_end, descriptor), FIELD(loop_end, hearer), FIELD(loop_end, opens), FIELD(loop_end, seals),
    FIELD(loop_end, opener), FIELD(loop_end, sealer), FIELD(loop_end, opener_key), FIELD(loop_end, turn),
    FIELD(loop_end, latched), FIELD(loop_end, arrivals),
    FIELD(loop_end, voice), FIELD(loop_end, target_bytes), FIELD(loop_end, target), FIELD(loop_end, kinds),
    SIZE(loop), FIELD(loop, words), FIELD(loop, owners), FIELD(loop, headers), FIELD(loop, names),
    FIELD(loop, controls), FIELD(loop, small), FIELD(loop, next_index), FIELD(loop, ends),
    FIELD(loop, end_of), FIELD(loop, slots), FIELD(loop, end_count), FIELD(loop, descriptors),
    FIELD(loop, epoll), FIELD(loop, ready_count), FIELD(loop, next), FIELD(loop, descriptor),
    FIELD(loop, slot), FIELD(loop, is_read), FIELD(loop, now_s),
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
