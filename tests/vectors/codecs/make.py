"""Encodes the committed speech with codecs that are not ours, and decodes it with their own.

Run by hand (README.md beside it); the tests read what it leaves and need none of this. Knows the
C libraries' interfaces. Knows nothing of our decoders.
"""

import ctypes
import json
import struct
import sys
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
Packets = list[tuple[int, bytes]]

HERE = Path(__file__).parent
SPEECH = HERE.parents[2] / "rokuon/selftest/speech/ja-customer.ulaw"
FIRST_S, SECONDS = 10.4, 6.0
ROOM = 1 << 18
OPUS_SPEECH, OPUS_QUICK = 2048, 2051
AMR_BITS = (95, 103, 118, 134, 148, 159, 204, 244, 39)
AMR_WB_BITS = (132, 177, 253, 285, 317, 365, 397, 461, 477, 40)


@dataclass(frozen=True)
class Made:
    """One vector: what the offer says, the packets (ticks, payload), its own decoder's samples."""

    offer: dict[str, object]
    encoder: str
    rate: int
    packets: Packets
    decoded: Pcm


def speech(rate: int) -> Pcm:
    """The committed speech; above its own band a quiet sweep, so that wideband has work to do."""
    codes = np.frombuffer(SPEECH.read_bytes(), np.uint8)[int(FIRST_S * 8000) :]
    codes = ~codes[: int(SECONDS * 8000)] & 0xFF
    size = ((((codes & 15).astype(np.int32) << 3) + 0x84) << ((codes >> 4) & 7)) - 0x84
    narrow = np.where(codes & 0x80, -size, size) * -1.0
    if rate == 8000:
        return narrow.astype(np.int16)
    spectrum = np.fft.rfft(narrow)
    wide = np.fft.irfft(spectrum, len(narrow) * rate // 8000) * (rate / 8000)
    at = np.arange(len(wide)) / rate
    sweep = 600 * np.sin(2 * np.pi * (4200 * at + 200 * at**2))
    return (wide + sweep).clip(-32768, 32767).astype(np.int16)


def blocks(pcm: Pcm, size: int) -> Iterator[Pcm]:
    """Whole frames of a signal."""
    for first in range(0, len(pcm) - size + 1, size):
        yield np.ascontiguousarray(pcm[first : first + size])


def pjsua() -> ctypes.CDLL:
    """The C code inside the wheel of pjsua2."""
    spec = find_spec("pjsua2")
    assert spec is not None
    assert spec.origin is not None
    (library,) = Path(spec.origin).parent.glob("_pjsua2*.so")
    return ctypes.CDLL(str(library))


def library(name: str) -> ctypes.CDLL:
    """A library of Debian's."""
    found = find_library(name)
    assert found, name
    return ctypes.CDLL(found)


def made_pointer(function: Callable[..., int], *arguments: object) -> ctypes.c_void_p:
    """What a C function that makes an encoder or a decoder gives."""
    function.restype = ctypes.c_void_p  # type: ignore[attr-defined]  # of ctypes
    return ctypes.c_void_p(function(*arguments))


def in_memory(pcm: Pcm) -> ctypes.c_void_p:
    """Where samples lie."""
    return ctypes.c_void_p(pcm.ctypes.data)


def g722() -> Made:
    """ITU-T G.722 at 64 kbit/s by pjmedia, whose functions take 15 bits of a sample."""
    pj, encoder, decoder = (
        pjsua(),
        ctypes.create_string_buffer(ROOM),
        ctypes.create_string_buffer(ROOM),
    )
    pj.g722_enc_init(encoder)
    pj.g722_dec_init(decoder)
    packets: Packets = []
    heard = []
    for number, block in enumerate(blocks(speech(16000) // 2, 320)):
        coded, size = ctypes.create_string_buffer(400), ctypes.c_size_t(400)
        pj.g722_enc_encode(
            encoder, in_memory(block), ctypes.c_size_t(320), coded, ctypes.byref(size)
        )
        payload = coded.raw[: size.value]
        packets.append((number * 160, payload))
        out, count = np.zeros(320, np.int16), ctypes.c_size_t(320)
        pj.g722_dec_decode(
            decoder, payload, ctypes.c_size_t(len(payload)), in_memory(out), ctypes.byref(count)
        )
        heard.append((out.astype(np.int32) * 2).clip(-32768, 32767).astype(np.int16))
    offer = {"payload_type": 9, "encoding": "G722", "clock_rate_hz": 8000}
    return Made(offer, "pjmedia 2.15.1", 16000, packets, np.concatenate(heard))


def g729(*, pauses: bool) -> Made:
    """ITU-T G.729A by bcg729; with Annex B the pauses are two bytes now and then."""
    lib = library("bcg729")
    encoder = made_pointer(lib.initBcg729EncoderChannel, ctypes.c_uint8(pauses))
    decoder = made_pointer(lib.initBcg729DecoderChannel)
    packets: Packets = []
    heard = []
    pair: list[bytes] = []
    pcm = speech(8000).copy()
    if pauses:
        pcm[16_000:32_000] //= 400
    for number, block in enumerate(blocks(pcm, 80)):
        coded, size = ctypes.create_string_buffer(16), ctypes.c_uint8()
        lib.bcg729Encoder(encoder, in_memory(block), coded, ctypes.byref(size))
        payload, out = coded.raw[: size.value], np.zeros(80, np.int16)
        lib.bcg729Decoder(
            decoder,
            payload,
            ctypes.c_uint8(len(payload)),
            ctypes.c_uint8(not payload),
            ctypes.c_uint8(len(payload) == 2),
            ctypes.c_uint8(0),
            in_memory(out),
        )
        heard.append(out)
        pair.append(payload)
        if len(pair) == 2:
            packets += _pair(pair, (number - 1) * 80)
            pair = []
    offer = {"payload_type": 18, "encoding": "G729", "clock_rate_hz": 8000}
    return Made(offer, "bcg729 1.1.1", 8000, packets, np.concatenate(heard))


def _pair(pair: list[bytes], ticks: int) -> Packets:
    """Two frames as packets: a short one only ends a packet (RFC 3551 §4.5.6)."""
    if len(pair[0]) == 10:
        return [(ticks, pair[0] + pair[1])]
    return [(ticks + 80 * n, frame) for n, frame in enumerate(pair) if frame]


def gsm() -> Made:
    """GSM 06.10 as pjproject has it."""
    pj = pjsua()
    encoder, decoder = made_pointer(pj.gsm_create), made_pointer(pj.gsm_create)
    packets: Packets = []
    heard = []
    for number, block in enumerate(blocks(speech(8000), 160)):
        coded, out = ctypes.create_string_buffer(33), np.zeros(160, np.int16)
        pj.gsm_encode(encoder, in_memory(block), coded)
        assert pj.gsm_decode(decoder, coded, in_memory(out)) == 0
        packets.append((number * 160, coded.raw))
        heard.append(out)
    offer = {"payload_type": 3, "encoding": "GSM", "clock_rate_hz": 8000}
    return Made(offer, "libgsm in pjproject 2.15.1", 8000, packets, np.concatenate(heard))


def ilbc(mode: int) -> Made:
    """iLBC, the code of RFC 3951 in pjproject; frames of `mode` ms."""
    pj, size, octets = pjsua(), 8 * mode, {20: 38, 30: 50}[mode]
    encoder, decoder = ctypes.create_string_buffer(ROOM), ctypes.create_string_buffer(ROOM)
    pj.initEncode(encoder, ctypes.c_int(mode))
    pj.initDecode(decoder, ctypes.c_int(mode), ctypes.c_int(0))
    packets: Packets = []
    heard = []
    for number, block in enumerate(blocks(speech(8000), size)):
        coded, out = ctypes.create_string_buffer(octets), np.zeros(size, np.float32)
        level = np.ascontiguousarray(block.astype(np.float32))
        pj.iLBC_encode(coded, ctypes.c_void_p(level.ctypes.data), encoder)
        pj.iLBC_decode(ctypes.c_void_p(out.ctypes.data), coded, decoder, ctypes.c_int(1))
        packets.append((number * size, coded.raw))
        heard.append(out.clip(-32768, 32767).astype(np.int16))
    fmtp = f"mode={mode}"
    offer = {"payload_type": 98, "encoding": "iLBC", "clock_rate_hz": 8000, "fmtp": fmtp}
    return Made(offer, "RFC 3951 in pjproject 2.15.1", 8000, packets, np.concatenate(heard))


class _Bits(ctypes.Structure):
    _fields_ = [
        ("chars", ctypes.c_void_p),
        ("count", ctypes.c_int),
        ("char_at", ctypes.c_int),
        ("bit_at", ctypes.c_int),
        ("owner", ctypes.c_int),
        ("overflow", ctypes.c_int),
        ("size", ctypes.c_int),
        ("reserved1", ctypes.c_int),
        ("reserved2", ctypes.c_void_p),
    ]


def speex(rate: int, frames: int) -> Made:
    """Speex as pjproject has it, several frames a packet (RFC 5574)."""
    pj, band = pjsua(), {8000: 0, 16000: 1, 32000: 2}[rate]
    mode = made_pointer(pj.speex_lib_get_mode, ctypes.c_int(band))
    encoder, decoder = (
        made_pointer(pj.speex_encoder_init, mode),
        made_pointer(pj.speex_decoder_init, mode),
    )
    quality = ctypes.c_int(8)
    pj.speex_encoder_ctl(encoder, 4, ctypes.byref(quality))
    written, read = _Bits(), _Bits()
    pj.speex_bits_init(ctypes.byref(written))
    pj.speex_bits_init(ctypes.byref(read))
    size = rate // 50
    packets: Packets = []
    heard = []
    for number, block in enumerate(blocks(speech(rate), size * frames)):
        pj.speex_bits_reset(ctypes.byref(written))
        for one in blocks(block, size):
            pj.speex_encode_int(encoder, in_memory(one), ctypes.byref(written))
        pj.speex_bits_insert_terminator(ctypes.byref(written))
        coded = ctypes.create_string_buffer(1000)
        count = pj.speex_bits_write(ctypes.byref(written), coded, 1000)
        pj.speex_bits_read_from(ctypes.byref(read), coded, count)
        for _ in range(frames):
            out = np.zeros(size, np.int16)
            assert pj.speex_decode_int(decoder, ctypes.byref(read), in_memory(out)) == 0
            heard.append(out)
        packets.append((number * size * frames, coded.raw[:count]))
    offer = {"payload_type": 99, "encoding": "speex", "clock_rate_hz": rate}
    return Made(offer, "libspeex in pjproject 2.15.1", rate, packets, np.concatenate(heard))


def opus(application: int, bit_rate: int) -> Made:
    """Opus by libopus, which chooses its mode by what it is for; clock and decoder at 48 kHz."""
    lib, error = library("opus"), ctypes.c_int()
    encoder = made_pointer(lib.opus_encoder_create, 48000, 1, application, ctypes.byref(error))
    decoder = made_pointer(lib.opus_decoder_create, 48000, 1, ctypes.byref(error))
    lib.opus_encoder_ctl(encoder, 4002, ctypes.c_int(bit_rate))
    packets: Packets = []
    heard = []
    for number, block in enumerate(blocks(speech(48000), 960)):
        coded, out = ctypes.create_string_buffer(1500), np.zeros(960, np.int16)
        count = lib.opus_encode(encoder, in_memory(block), 960, coded, 1500)
        assert lib.opus_decode(decoder, coded.raw[:count], count, in_memory(out), 960, 0) == 960
        packets.append((number * 960, coded.raw[:count]))
        heard.append(out)
    offer = {"payload_type": 111, "encoding": "opus", "clock_rate_hz": 48000, "channels": 2}
    return Made(offer, "libopus 1.5.2", 48000, packets, np.concatenate(heard))


def _pack(frames: list[bytes], bits: tuple[int, ...], *, aligned: bool) -> bytes:
    """Frames as in a file (a head byte, then the bits) as one payload (RFC 4867 §4.3, §4.4)."""
    kinds = [(frame[0] >> 3) & 15 for frame in frames]
    more = [n < len(frames) - 1 for n in range(len(frames))]
    if aligned:
        toc = bytes(m << 7 | k << 3 | 4 for m, k in zip(more, kinds, strict=True))
        return bytes([0xF0]) + toc + b"".join(frame[1:] for frame in frames)
    text = "1111" + "".join(f"{m:01b}{k:04b}1" for m, k in zip(more, kinds, strict=True))
    for kind, frame in zip(kinds, frames, strict=True):
        text += "".join(f"{byte:08b}" for byte in frame[1:])[: bits[kind]]
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


def amr(*, aligned: bool, frames: int) -> Made:
    """AMR 12.2 by opencore-amr."""
    lib = library("opencore-amrnb")
    encoder = made_pointer(lib.Encoder_Interface_init, 0)
    decoder = made_pointer(lib.Decoder_Interface_init)

    def one(block: Pcm, out: Pcm) -> bytes:
        coded = ctypes.create_string_buffer(64)
        count = lib.Encoder_Interface_Encode(encoder, 7, in_memory(block), coded, 0)
        lib.Decoder_Interface_Decode(decoder, coded, in_memory(out), 0)
        return coded.raw[:count]

    packets, heard = _amr(one, 8000, (AMR_BITS, aligned, frames))
    offer = {"payload_type": 96, "encoding": "AMR", "clock_rate_hz": 8000}
    offer |= {"fmtp": "octet-align=1"} if aligned else {}
    return Made(offer, "opencore-amrnb 0.1.6", 8000, packets, heard)


def amr_wb(*, aligned: bool, frames: int) -> Made:
    """AMR-WB 23.85 by vo-amrwbenc, decoded by opencore-amr."""
    lib, other = library("vo-amrwbenc"), library("opencore-amrwb")
    encoder, decoder = made_pointer(lib.E_IF_init), made_pointer(other.D_IF_init)

    def one(block: Pcm, out: Pcm) -> bytes:
        coded = ctypes.create_string_buffer(80)
        count = lib.E_IF_encode(encoder, 8, in_memory(block), coded, 0)
        other.D_IF_decode(decoder, coded, in_memory(out), 0)
        return coded.raw[:count]

    packets, heard = _amr(one, 16000, (AMR_WB_BITS, aligned, frames))
    offer = {"payload_type": 97, "encoding": "AMR-WB", "clock_rate_hz": 16000}
    offer |= {"fmtp": "octet-align=1"} if aligned else {}
    return Made(offer, "vo-amrwbenc 0.1.3, opencore-amrwb 0.1.6", 16000, packets, heard)


def _amr(
    one: Callable[[Pcm, Pcm], bytes], rate: int, shape: tuple[tuple[int, ...], bool, int]
) -> tuple[Packets, Pcm]:
    bits, aligned, frames = shape
    size = rate // 50
    packets: Packets = []
    heard = []
    for number, block in enumerate(blocks(speech(rate), size * frames)):
        coded = []
        for part in blocks(block, size):
            out = np.zeros(size, np.int16)
            coded.append(one(part, out))
            heard.append(out)
        packets.append((number * size * frames, _pack(coded, bits, aligned=aligned)))
    return packets, np.concatenate(heard)


VECTORS: dict[str, Callable[[], Made]] = {
    "g722": g722,
    "g729": lambda: g729(pauses=False),
    "g729b": lambda: g729(pauses=True),
    "gsm": gsm,
    "ilbc20": lambda: ilbc(20),
    "ilbc30": lambda: ilbc(30),
    "speex8": lambda: speex(8000, 1),
    "speex16": lambda: speex(16000, 3),
    "speex32": lambda: speex(32000, 1),
    "opus-silk": lambda: opus(OPUS_SPEECH, 16_000),
    "opus-hybrid": lambda: opus(OPUS_SPEECH, 32_000),
    "opus-celt": lambda: opus(OPUS_QUICK, 48_000),
    "amr": lambda: amr(aligned=False, frames=1),
    "amr-aligned": lambda: amr(aligned=True, frames=2),
    "amr-wb": lambda: amr_wb(aligned=False, frames=2),
    "amr-wb-aligned": lambda: amr_wb(aligned=True, frames=1),
}


def main() -> None:
    """Write `<name>.rtp` (ticks u32, length u16, payload), `<name>.flac` and `index.json`."""
    index = {}
    for name, make in VECTORS.items():
        made = make()
        rows = (
            struct.pack(">IH", ticks, len(payload)) + payload for ticks, payload in made.packets
        )
        (HERE / f"{name}.rtp").write_bytes(b"".join(rows))
        soundfile.write(HERE / f"{name}.flac", made.decoded, made.rate, subtype="PCM_16")
        index[name] = {"offer": made.offer, "encoder": made.encoder, "rate": made.rate}
    (HERE / "index.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
