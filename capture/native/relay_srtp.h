/* SRTP of the loop: keys, opening and sealing, with what libcrypto.so.3 has where it is there.
 *
 * Included once, by relay_loop.c, behind relay_layout.h. Indices, replay and the choice of keys are
 * nothing it knows of (docs/adr/0017).
 */

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* `EVP_CTRL_AEAD_GET_TAG` and `_SET_TAG` of openssl/evp.h. */
    GET_TAG = 0x10,
    SET_TAG = 0x11,
};

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
    /* In counter mode, of short and long keys: an end's key is put in for each packet. */
    void *counters[2];
} crypto;

/* The hash of a block that `state` is the outcome of, to go on with. */
static void go_on(struct hash *hash, const uint32_t *state)
{
    memcpy(hash->state, state, sizeof hash->state);
    hash->bits[0] = 8 * HASH_BLOCK_BYTES;
    hash->bits[1] = hash->used = 0;
}

/* The hash of a block; false where libcrypto's is not laid out as we know it. */
static bool hash_block(const uint8_t *block, uint32_t *state)
{
    struct hash hash, expected;
    memset(&hash, 0, sizeof hash);
    crypto.hash_init(&hash);
    crypto.hash_update(&hash, block, HASH_BLOCK_BYTES);
    memcpy(state, hash.state, sizeof hash.state);
    memcpy(&expected, &hash, sizeof hash);
    go_on(&expected, state);
    bool is_ours = memcmp(&hash, &expected, sizeof hash) == 0;
    explicit_bzero(&hash, sizeof hash);
    explicit_bzero(&expected, sizeof expected);
    return is_ours;
}

/* The counters under no end's key: what they were given last is nowhere then. */
static bool clear_counters(void)
{
    const uint8_t none[KEY_BYTES] = {0};
    return crypto.init(crypto.counters[0], crypto.ctr_128(), NULL, none, NULL, 1) == 1
        && crypto.init(crypto.counters[1], crypto.ctr_256(), NULL, none, NULL, 1) == 1;
}

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
    for (int at = 0; at < 2; at++)
        if (crypto.counters[at] == NULL && (crypto.counters[at] = crypto.new_cipher()) == NULL)
            return false;
    const uint8_t block[HASH_BLOCK_BYTES] = {0};
    uint32_t state[STATE_WORDS];
    return clear_counters() && hash_block(block, state);
}

/* The hash after the key XOR a pad (RFC 2104 §2). */
static void take_pad(uint32_t *state, const uint8_t *key, uint8_t pad)
{
    uint8_t block[HASH_BLOCK_BYTES];
    memset(block, pad, sizeof block);
    for (int at = 0; at < AUTH_KEY_BYTES; at++)
        block[at] ^= key[at];
    hash_block(block, state);
    explicit_bzero(block, sizeof block);
}

EXPORTED void rokuon_forget_key(struct key *key)
{
    if (key == NULL)
        return;
    if (key->said.is_gcm)
        crypto.free_cipher(key->cipher);
    else
        clear_counters();
    explicit_bzero(key, sizeof *key);
    free(key);
}

/* A key to open or to seal with; NULL where it cannot be made. Whoever asked forgets it. */
EXPORTED struct key *rokuon_key(const struct material *said)
{
    bool is_long = said->key_bytes == LONG_KEY_BYTES;
    bool fits = said->key_bytes <= KEY_BYTES && said->tag_bytes <= GCM_TAG_BYTES
        && said->mki_bytes <= MKI_BYTES;
    struct key *key = fits ? aligned_alloc(_Alignof(struct key), sizeof *key) : NULL;
    if (key == NULL)
        return NULL;
    memset(key, 0, sizeof *key);
    key->said = *said;
    key->cipher = said->is_gcm ? crypto.new_cipher() : crypto.counters[is_long];
    const void *mode = is_long ? crypto.gcm_256() : crypto.gcm_128();
    if (said->is_gcm
        && (key->cipher == NULL
            || crypto.init(key->cipher, mode, NULL, said->encryption, NULL, (int)said->seals) != 1)) {
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
    return crypto.init(key->cipher, NULL, NULL, key->said.encryption, block, -1) == 1
        && crypto.update(key->cipher, bytes + start, &done, bytes + start, (int)(length - start)) == 1;
}

/* RFC 3711 §4.2: of the content and the rollover counter. */
static void tag_of(const struct key *key, const uint8_t *bytes, uint32_t length, int64_t index,
                   uint8_t *digest)
{
    struct hash hash;
    uint8_t rollovers[4];
    put32(rollovers, (uint32_t)(index >> 16));
    go_on(&hash, key->inner);
    crypto.hash_update(&hash, bytes, length);
    crypto.hash_update(&hash, rollovers, sizeof rollovers);
    crypto.hash_final(digest, &hash);
    go_on(&hash, key->outer);
    crypto.hash_update(&hash, digest, DIGEST_BYTES);
    crypto.hash_final(digest, &hash);
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
