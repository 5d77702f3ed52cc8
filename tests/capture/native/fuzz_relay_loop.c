/* Whatever may come from a network, before the relay's inner loop; what it does is what it may do.
 *
 * An entry for libFuzzer (clang), and where there is none a main() that makes the inputs itself:
 *   fuzz_relay_loop SECONDS SEED [INPUT]
 * Every array that the loop is given lies by itself, so that a byte before or behind any of them is
 * seen. Of SRTP both parties seal and open by the loop's own functions; that these are right show
 * the tests that compare both loops. Knows the rules of docs/adr/0035 (hand-back), not how the loop follows them.
 */
#include "../../../capture/native/relay_loop.c"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sanitizer/common_interface_defs.h>

enum {
    SLOTS = 16,
    ALL = SLOTS + MAX_RUN,
    LARGE_BYTES = 1792,
    ENDS = 2,
    EAR_END = 0,
    HEARER_END = 1,
    MAX_DATAGRAMS = 12,
    MAX_DATAGRAM = SMALL_BYTES + 64,
    MAX_SEALED = MAX_DATAGRAM + MKI_BYTES + GCM_TAG_BYTES,
    MAX_INPUT = 1024,
    SOURCE = 0x11223344,
    OWN_SSRC = 0x55667788,
};

/* `clear` is what was sealed, of RTP the same. What `is_ours` nobody has changed under way. */
struct datagram {
    uint32_t length, clear_length;
    bool is_latched, is_ours;
    int64_t index;
    uint8_t bytes[MAX_SEALED], clear[MAX_DATAGRAM];
};

struct input {
    const uint8_t *at, *end;
};

struct scene {
    struct loop *loop;
    struct iovec *vectors;
    uint8_t *large;
    struct datagram datagrams[MAX_DATAGRAMS];
    uint32_t count, heard;
    bool is_whole, reaches;
    struct key *party, *hearer; /* what its party seals and the hearer opens with */
    int64_t opened, sealed;     /* the index that is next of each */
};

static int ear, sender, stranger, sink, waiting;
static struct sockaddr_in ear_name, sender_name, sink_name;
static bool has_crypto;
static unsigned long inputs, carried, ciphered, handed_back;

static void die(void)
{
    fprintf(stderr, "at input %lu\n", inputs);
}

#define CHECK(true_word)                                                                           \
    do {                                                                                           \
        if (!(true_word)) {                                                                        \
            fprintf(stderr, "line %d: not %s\n", __LINE__, #true_word);                            \
            die();                                                                                 \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static uint32_t take(struct input *input, uint32_t bytes)
{
    uint32_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | (input->at < input->end ? *input->at++ : 0);
    return value;
}

static int bound(struct sockaddr_in *name)
{
    socklen_t length = sizeof *name;
    int made = socket(AF_INET, SOCK_DGRAM, 0);
    *name = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(made >= 0 && bind(made, (struct sockaddr *)name, length) == 0);
    CHECK(getsockname(made, (struct sockaddr *)name, &length) == 0);
    return made;
}

static void open_sockets(void)
{
    struct sockaddr_in nobody;
    struct epoll_event event = {.events = EPOLLIN};
    ear = bound(&ear_name);
    sender = bound(&sender_name);
    stranger = bound(&nobody);
    sink = bound(&sink_name);
    waiting = epoll_create1(0);
    event.data.fd = ear;
    CHECK(epoll_ctl(waiting, EPOLL_CTL_ADD, ear, &event) == 0);
    __sanitizer_set_death_callback(die);
    has_crypto = rokuon_crypto();
}

/* As `RelayRing.point` makes a slot ready for the kernel. */
static void ready_slot(struct scene *scene, uint32_t slot)
{
    struct loop *loop = scene->loop;
    struct iovec *both = &scene->vectors[2 * (size_t)slot];
    both[0] = (struct iovec){loop->small + (size_t)slot * SMALL_BYTES, SMALL_BYTES};
    both[1] = (struct iovec){scene->large + (size_t)slot * LARGE_BYTES, LARGE_BYTES};
    loop->headers[slot] = (struct mmsghdr){.msg_hdr = {
        .msg_name = loop->names + (size_t)slot * NAME_ROOM, .msg_namelen = NAME_BYTES,
        .msg_iov = both, .msg_iovlen = 2,
        .msg_control = loop->controls + (size_t)slot * CONTROL_BYTES,
        .msg_controllen = CONTROL_BYTES,
    }};
}

static void *zeroed(size_t count, size_t size)
{
    void *made = calloc(count, size);
    CHECK(made != NULL);
    return made;
}

static uint32_t odd_number(struct input *input, uint32_t usual, uint32_t limit)
{
    const uint32_t odd[] = {limit, UINT32_MAX, limit + 1};
    uint32_t chosen = take(input, 1);
    return chosen < 3 ? odd[chosen] : usual;
}

/* A key and the other end of it, of whatever suite; both NULL: RTP. */
static void make_keys(struct input *input, struct key **seals, struct key **opens)
{
    struct material said = {.is_gcm = take(input, 1) & 1, .is_clear = take(input, 1) < 32};
    bool is_wished = take(input, 1) & 1;
    said.is_clear &= !said.is_gcm;
    said.key_bytes = take(input, 1) & 1 ? LONG_KEY_BYTES : 16;
    said.tag_bytes = said.is_gcm ? GCM_TAG_BYTES : take(input, 1) & 1 ? 10 : 4;
    said.mki_bytes = take(input, 1) & 1 ? take(input, 1) % (MKI_BYTES + 1) : 0;
    memset(said.encryption, (int)take(input, 1), sizeof said.encryption);
    memset(said.mki, (int)take(input, 1), sizeof said.mki);
    *seals = *opens = NULL;
    if (!has_crypto || !is_wished)
        return;
    *opens = rokuon_key(&said);
    said.seals = 1;
    *seals = rokuon_key(&said);
    CHECK(*opens != NULL && *seals != NULL);
}

/* Keys of either side, of both or of none; a key is missing or of another time now and then. */
static void make_secrets(struct scene *scene, struct input *input)
{
    struct loop_end *end = &scene->loop->ends[EAR_END], *to = &scene->loop->ends[HEARER_END];
    make_keys(input, &scene->party, &end->opener);
    make_keys(input, &to->sealer, &scene->hearer);
    end->opens = end->opener != NULL;
    to->seals = to->sealer != NULL;
    end->turn = (struct turn){.ssrc = to->voice.source, .highest = take(input, 3), .key = 1};
    end->opener_key = take(input, 1) < 8 ? 2 : 1;
    scene->opened = end->turn.highest + 1;
    scene->sealed = to->voice.next_index;
    if (to->seals && take(input, 1) > 16) /* what comes next goes next */
        to->voice.sequence_shift = (scene->sealed - scene->opened) & (SEQUENCES - 1);
    if (end->opens && end->opener_key != end->turn.key)
        scene->is_whole = false;
}

static void make_legs(struct scene *scene, struct input *input)
{
    struct loop *loop = scene->loop;
    struct loop_end *end = &loop->ends[EAR_END], *to = &loop->ends[HEARER_END];
    *end = (struct loop_end){.is_carried = take(input, 1) > 2, .lands = take(input, 1) & 1, .owner = 1,
                        .hearer = odd_number(input, HEARER_END, ENDS), .descriptor = ear};
    memcpy(end->latched, &sender_name, sizeof end->latched[0]);
    end->voice.clock_hz = 8000;
    for (uint32_t kind = 0; kind < KINDS; kind++)
        end->kinds[kind] = kind >= 64 && kind < 96 ? LOOK : (uint8_t)kind;
    for (uint32_t more = take(input, 1) & 7; more > 0; more--)
        end->kinds[take(input, 1) & (KINDS - 1)] = take(input, 1) & 1 ? LOOK : 111;
    *to = (struct loop_end){.descriptor = sink, .target_bytes = odd_number(input, sizeof sink_name, TARGET_BYTES)};
    memcpy(to->target, &sink_name, sizeof sink_name);
    to->voice.ssrc = OWN_SSRC;
    to->voice.source = take(input, 1) > 16 ? SOURCE : 0; /* 0: what is left out of a short packet */
    to->voice.sequence_shift = take(input, 2);
    to->voice.stamp_shift = take(input, 4);
    to->voice.next_index = take(input, 3) + SEQUENCES;
    to->voice.clock_hz = 8000;
    scene->is_whole = end->is_carried && end->hearer == HEARER_END && to->target_bytes <= TARGET_BYTES;
    scene->reaches = to->target_bytes >= sizeof sink_name;
    make_secrets(scene, input);
}

static void make_scene(struct scene *scene, struct input *input)
{
    struct loop *loop = scene->loop = zeroed(1, sizeof *loop);
    scene->vectors = zeroed(2 * ALL, sizeof *scene->vectors);
    scene->large = zeroed(ALL, LARGE_BYTES);
    loop->words = zeroed(2, sizeof *loop->words);
    loop->owners = zeroed(ALL, sizeof *loop->owners);
    loop->headers = zeroed(ALL, sizeof *loop->headers);
    loop->names = zeroed(ALL, NAME_ROOM);
    loop->controls = zeroed(ALL, CONTROL_BYTES);
    loop->small = zeroed(ALL, SMALL_BYTES);
    loop->next_index = zeroed(ENDS, sizeof *loop->next_index);
    loop->ends = zeroed(ENDS, sizeof *loop->ends);
    loop->descriptors = (uint32_t)ear + 1;
    loop->end_of = zeroed(loop->descriptors, sizeof *loop->end_of);
    loop->end_of[ear] = EAR_END + 1;
    loop->slots = SLOTS;
    loop->end_count = ENDS;
    loop->epoll = waiting;
    loop->words[HEAD] = SLOTS + take(input, 1);
    uint32_t fill = take(input, 1); /* mostly there is room for a run */
    loop->words[TAIL] = loop->words[HEAD] - fill % (fill < 32 ? SLOTS + 1 : SLOTS - MAX_RUN + 1);
    for (uint32_t slot = 0; slot < ALL; slot++)
        ready_slot(scene, slot);
    make_legs(scene, input);
    loop->end_of[ear] = odd_number(input, loop->end_of[ear], ENDS + 1);
    scene->is_whole = scene->is_whole && loop->end_of[ear] == EAR_END + 1;
    if (take(input, 1) < 3) {
        loop->ends[EAR_END].descriptor = sink;
        scene->is_whole = false;
    }
}

static void forget_scene(struct scene *scene)
{
    struct loop *loop = scene->loop;
    rokuon_forget_key(loop->ends[EAR_END].opener);
    rokuon_forget_key(loop->ends[HEARER_END].sealer);
    rokuon_forget_key(scene->party);
    rokuon_forget_key(scene->hearer);
    void *all[] = {scene->vectors, scene->large, loop->words, loop->owners, loop->headers,
                   loop->names, loop->controls, loop->small, loop->next_index, loop->ends,
                   loop->end_of, loop};
    for (size_t at = 0; at < sizeof all / sizeof all[0]; at++)
        free(all[at]);
}

/* Of calls that are over: a block of zeros under keys of zeros (FIPS 197), and under no call's. */
static void see_keys_are_gone(void)
{
    static const uint8_t expected[2][BLOCK_BYTES] = {
        {0x66, 0xe9, 0x4b, 0xd4, 0xef, 0x8a, 0x2c, 0x3b, 0x88, 0x4c, 0xfa, 0x59, 0xca, 0x34, 0x2b, 0x2e},
        {0xdc, 0x95, 0xc0, 0x78, 0xa2, 0x40, 0x89, 0x89, 0xad, 0x48, 0xa2, 0x14, 0x92, 0x84, 0x20, 0x87},
    };
    for (int at = 0; has_crypto && at < 2; at++) {
        uint8_t block[BLOCK_BYTES] = {0};
        int done = 0;
        CHECK(crypto.init(crypto.counters[at], NULL, NULL, NULL, block, -1) == 1);
        CHECK(crypto.update(crypto.counters[at], block, &done, block, BLOCK_BYTES) == 1);
        CHECK(memcmp(block, expected[at], BLOCK_BYTES) == 0);
    }
}

/* As its party does it; and a bit of it is changed under way, or its end is lost. */
static void seal_datagram(struct key *party, struct datagram *made, struct input *input)
{
    struct packet packet = {.length = made->length};
    uint32_t how = take(input, 1), where = take(input, 2);
    if (made->length >= FIXED_HEADER && made->length <= SMALL_BYTES) {
        memcpy(packet.bytes, made->bytes, made->length);
        CHECK(seal_packet(party, &packet, made->index));
        memcpy(made->bytes, packet.bytes, packet.length);
        made->length = packet.length;
    }
    if (how < 16 && made->length > 0) {
        made->bytes[where % made->length] ^= 1 << where % 8;
        made->is_ours = false;
    } else if (how < 32) {
        made->is_ours = where % (made->length + 1) == made->length;
        made->length = where % (made->length + 1);
    }
}

/* Mostly a packet as it should be; its bytes are the input's where it should not. */
static void make_datagram(struct scene *scene, struct datagram *made, struct input *input,
                          int64_t index)
{
    uint32_t how = take(input, 1), lengths = take(input, 2), source;
    source = (uint32_t)scene->loop->ends[HEARER_END].voice.source;
    made->is_latched = how % 8 != 0;
    made->is_ours = true;
    made->length = how % 4 == 1 ? lengths % (MAX_DATAGRAM + 1) : 172;
    memset(made->bytes, (int)how, sizeof made->bytes);
    const uint8_t head[FIXED_HEADER] = {0x80, how & 0x80, 0};
    memcpy(made->bytes, head, sizeof head);
    put32(made->bytes + 8, source);
    put16(made->bytes + 2, how % 16 == 4 ? (uint16_t)take(input, 2) : (uint16_t)index);
    put32(made->bytes + 4, take(input, 4));
    for (uint32_t more = how % 16 == 2 ? 1 + take(input, 1) % 6 : 0; more > 0; more--)
        made->bytes[take(input, 1) % 16] = (uint8_t)take(input, 1);
    made->index = (index & ~(SEQUENCES - 1)) | big16(made->bytes + 2);
    memcpy(made->clear, made->bytes, sizeof made->clear);
    made->clear_length = made->length;
    if (scene->party != NULL)
        seal_datagram(scene->party, made, input);
}

static void send_datagrams(struct scene *scene, struct input *input)
{
    int64_t index = scene->opened;
    scene->count = take(input, 1) % (MAX_DATAGRAMS + 1);
    for (uint32_t at = 0; at < scene->count; at++) {
        struct datagram *made = &scene->datagrams[at];
        make_datagram(scene, made, input, index);
        index += made->is_latched && made->is_ours;
        ssize_t sent = sendto(made->is_latched ? sender : stranger, made->bytes, made->length, 0,
                              (struct sockaddr *)&ear_name, sizeof ear_name);
        CHECK(sent == (ssize_t)made->length);
    }
}

/* What may be carried: all of these words are of docs/adr/0035, Decision 1. */
static bool is_plain(const struct scene *scene, const struct datagram *one)
{
    const struct loop_end *end = &scene->loop->ends[EAR_END], *to = &scene->loop->ends[HEARER_END];
    bool is_in_order = !to->seals
        || (uint16_t)(one->index + to->voice.sequence_shift) == (uint16_t)scene->sealed;
    if (end->opens && (!one->is_ours || one->index != scene->opened))
        return false;
    return is_in_order && one->is_latched && one->length >= FIXED_HEADER && one->length <= SMALL_BYTES
        && one->bytes[0] >> 6 == 2 && big32(one->bytes + 8) == to->voice.source
        && end->kinds[one->bytes[1] & 0x7F] != LOOK;
}

static void see_it_lies_there(const struct scene *scene, const struct datagram *one, uint32_t slot)
{
    uint32_t head = one->length < SMALL_BYTES ? one->length : SMALL_BYTES;
    CHECK(scene->loop->headers[slot].msg_len == one->length);
    CHECK(memcmp(scene->loop->small + (size_t)slot * SMALL_BYTES, one->bytes, head) == 0);
    CHECK(memcmp(scene->large + (size_t)slot * LARGE_BYTES, one->bytes + head, one->length - head) == 0);
    CHECK(scene->loop->owners[slot] == 1);
}

/* As its hearer has it, who opens it where it is sealed; false where the header is odd. */
static bool hear_it(struct scene *scene, struct packet *packet)
{
    ssize_t length = recv(sink, packet->bytes, sizeof packet->bytes, MSG_DONTWAIT);
    CHECK(length >= 0);
    packet->length = (uint32_t)length;
    bool is_open = scene->hearer == NULL || open_packet(scene->hearer, packet, scene->sealed);
    CHECK(is_open || packet->bytes[0] != 0x80);
    return is_open;
}

static void see_it_was_sent(struct scene *scene, const struct datagram *one)
{
    const struct loop_end *end = &scene->loop->ends[EAR_END], *to = &scene->loop->ends[HEARER_END];
    struct packet packet = {.length = 0};
    const uint8_t *heard = packet.bytes;
    CHECK(is_plain(scene, one));
    carried++;
    ciphered += end->opens || to->seals;
    bool is_heard = scene->reaches && hear_it(scene, &packet);
    scene->opened += end->opens;
    scene->sealed += to->seals;
    if (!is_heard)
        return;
    CHECK(packet.length == one->clear_length);
    CHECK(heard[0] == one->bytes[0] && (heard[1] & 0x80) == (one->bytes[1] & 0x80));
    CHECK((heard[1] & 0x7F) == end->kinds[one->bytes[1] & 0x7F]);
    CHECK(big16(heard + 2) == (uint16_t)(big16(one->bytes + 2) + to->voice.sequence_shift));
    CHECK(big32(heard + 4) == (uint32_t)(big32(one->bytes + 4) + to->voice.stamp_shift));
    CHECK(big32(heard + 8) == OWN_SSRC);
    CHECK(memcmp(heard + 12, one->clear + 12, one->clear_length - 12) == 0);
}

/* Python heard it: what comes next is known. */
static void go_on_behind(struct scene *scene, const struct datagram *one)
{
    struct loop_end *end = &scene->loop->ends[EAR_END], *to = &scene->loop->ends[HEARER_END];
    if (!one->is_latched || !one->is_ours)
        return;
    scene->opened = one->index + 1;
    end->turn.highest = one->index;
    if (to->seals) {
        int64_t following = scene->opened + to->voice.sequence_shift;
        to->voice.next_index += (following - to->voice.next_index) & (SEQUENCES - 1);
        scene->sealed = to->voice.next_index;
    }
}

/* What Python does with what is handed back, as far as the loop sees it. */
static void take_back(struct scene *scene)
{
    struct loop *loop = scene->loop;
    const struct datagram *next = &scene->datagrams[scene->heard];
    uint8_t heard[MAX_SEALED];
    handed_back++;
    if (!loop->is_read) {
        if (loop->descriptor != ear)
            return;
        for (ssize_t length; (length = recv(ear, heard, sizeof heard, MSG_DONTWAIT)) >= 0; next++) {
            CHECK(scene->heard++ < scene->count && length == (ssize_t)next->length);
            CHECK(memcmp(heard, next->bytes, next->length) == 0);
            go_on_behind(scene, next);
        }
        return;
    }
    CHECK(scene->is_whole && scene->heard < scene->count && loop->slot < ALL);
    CHECK((loop->slot < SLOTS) == (loop->ends[EAR_END].lands == 1));
    see_it_lies_there(scene, next, loop->slot);
    /* With an odd header it may be Python's all the same: GCM wants all of it before the content. */
    CHECK(!is_plain(scene, next) || next->bytes[0] != 0x80);
    go_on_behind(scene, next);
    scene->heard++;
    loop->words[HEAD] += loop->slot < SLOTS;
    ready_slot(scene, loop->slot);
}

/* One wake-up: what of the socket was carried without a word, and what was not. */
static void wake(struct scene *scene)
{
    struct loop *loop = scene->loop;
    struct voice *voice = &loop->ends[HEARER_END].voice;
    uint64_t head = loop->words[HEAD], used = head - loop->words[TAIL];
    int64_t before = voice->packets;
    bool is_back = rokuon_carry(loop, 1.0);
    uint32_t done = (uint32_t)(voice->packets - before);
    CHECK(done <= !is_back);
    if (is_back) {
        take_back(scene);
        return;
    }
    CHECK(scene->heard + done <= scene->count);
    bool lands = loop->ends[EAR_END].lands == 1;
    CHECK(loop->words[HEAD] == head + (lands ? done : 0));
    CHECK(!lands || used + done <= SLOTS);
    if (done == 0)
        return;
    uint32_t slot = lands ? (uint32_t)(head % SLOTS) : SLOTS;
    const struct datagram *one = &scene->datagrams[scene->heard++];
    const struct mmsghdr *header = &loop->headers[slot];
    if (lands)
        see_it_lies_there(scene, one, slot);
    see_it_was_sent(scene, one);
    if (lands)
        ready_slot(scene, slot);
    CHECK(header->msg_len == 0 && header->msg_hdr.msg_namelen == NAME_BYTES);
    CHECK(header->msg_hdr.msg_controllen == CONTROL_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, data + size};
    static struct scene scene;
    uint8_t nothing[1];
    if (waiting == 0)
        open_sockets();
    scene = (struct scene){.count = 0};
    make_scene(&scene, &input);
    send_datagrams(&scene, &input);
    const int32_t odd[] = {-1, INT32_MAX, ear + 1, sink};
    for (int turn = 0; turn < 2 * MAX_DATAGRAMS && scene.heard < scene.count; turn++) {
        scene.loop->ready[0] = odd[take(&input, 1) % 4];
        scene.loop->ready[1] = ear;
        scene.loop->next = take(&input, 1) & 1;
        scene.loop->ready_count = 2;
        wake(&scene);
        while (scene.loop->next < scene.loop->ready_count)
            wake(&scene);
    }
    CHECK(scene.heard == scene.count);
    CHECK(!scene.loop->ends[EAR_END].opens || scene.loop->ends[EAR_END].turn.highest + 1 == scene.opened);
    CHECK(!rokuon_run(scene.loop, 0.0));
    CHECK(recv(sink, nothing, sizeof nothing, MSG_DONTWAIT) < 0);
    const struct voice *voice = &scene.loop->ends[HEARER_END].voice;
    CHECK(scene.reaches ? voice->failed == 0 : voice->failed == voice->packets);
    forget_scene(&scene);
    see_keys_are_gone();
    return 0;
}

#ifndef LIBFUZZER
/* xorshift64*: the inputs of a seed are always the same. */
static uint8_t random_byte(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint8_t)(*state * 0x2545F4914F6CDD1DULL >> 56);
}

static void one_input(uint64_t seed)
{
    static uint8_t data[MAX_INPUT];
    uint64_t state = (seed + inputs) * 0x9E3779B97F4A7C15ULL | 1;
    for (size_t at = 0; at < sizeof data; at++)
        data[at] = random_byte(&state);
    LLVMFuzzerTestOneInput(data, sizeof data);
    inputs++;
}

int main(int count, char **words)
{
    CHECK(count == 3 || count == 4);
    uint64_t seed = strtoull(words[2], NULL, 10);
    double until_s = monotonic_s() + strtod(words[1], NULL);
    if (count == 4) {
        inputs = strtoul(words[3], NULL, 10);
        one_input(seed);
    } else {
        do {
            one_input(seed);
        } while (inputs % 64 != 0 || monotonic_s() < until_s);
    }
    printf("inputs %lu, packets carried %lu, of SRTP %lu, handed back %lu\n",
           inputs, carried, ciphered, handed_back);
    return 0;
}
#endif
