"""A phone of PJSIP 2.15 (pjsua2, GPL): a program that places the call of a self-test.

Runs in the library's own Python. Everything happens in one thread: the library's callbacks come
out of its turn.
"""

import itertools
from pathlib import Path
from typing import Any

import pjsua2 as pj
from orders import obey, settings, tell

_TURN_MS = 10


class Call(pj.Call):
    """One call; its number is ours, for the library uses its own again."""

    _numbers = itertools.count(1)

    def __init__(self, phone: "Phone", account: pj.Account, call_id: int = pj.PJSUA_INVALID_ID):
        super().__init__(account, call_id)
        self.number = next(self._numbers)
        self.phone, self.account = phone, account
        self.heard = Path(phone.folder) / f"heard-{self.number}.wav"
        self.player: Any = None
        self.recorder: Any = None
        phone.calls[self.number] = self

    def onCallState(self, _prm: Any) -> None:  # noqa: N802  # the library's name
        info = self.getInfo()
        tell("state", call=self.number, state=info.stateText.lower(), code=info.lastStatusCode,
             reason=info.lastReason, call_id=info.callIdString, remote=info.remoteUri)  # fmt: skip
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.phone.over(self)

    def onCallMediaState(self, _prm: Any) -> None:  # noqa: N802
        info = self.getInfo()  # Kept: what it holds goes with it.
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                try:
                    self.take(media)
                except Exception as failed:  # noqa: BLE001  # the library would swallow it
                    tell("failed", call=self.number, why=str(failed))

    def take(self, media: Any) -> None:
        """Say and hear as soon as there is sound."""
        flowing = media.status in {pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD}
        if flowing and media.audioConfSlot != pj.PJSUA_INVALID_ID:
            self._connect(self.getAudioMedia(media.index))

    def _connect(self, audio: pj.AudioMedia) -> None:
        """What the phone says goes into the call, what it hears into a file of the call."""
        if self.player is None and self.phone.says:
            self.play(self.phone.says)
        if self.recorder is None:
            self.recorder = pj.AudioMediaRecorder()
            self.recorder.createRecorder(str(self.heard))
        if self.player is not None:
            self.player.startTransmit(audio)
        audio.startTransmit(self.recorder)

    def play(self, file: str) -> None:
        self.player = pj.AudioMediaPlayer()
        self.player.createPlayer(file)


def _is_whole(wav: Path) -> bool:
    """Whether the library, which closes files in a thread of its own, has written the lengths."""
    if not wav.exists():
        return True
    with wav.open("rb") as file:
        return int.from_bytes(file.read(8)[4:], "little") == wav.stat().st_size - 8


class Phone:
    """The orders."""

    def __init__(self, asked: dict[str, Any]):
        self.folder, self.says = asked["folder"], asked["says"]
        self.calls: dict[int, Call] = {}
        self._over: list[Call] = []
        self.endpoint = _endpoint(self.folder)
        self.endpoint.transportCreate(*self.transport(asked))
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        _codecs(self.endpoint, asked["codecs"])
        self.account = self.new_account()
        self.account.create(self.account_settings(asked))

    def new_account(self) -> pj.Account:
        return pj.Account()

    def new_call(self) -> Call:
        return Call(self, self.account)

    def transport(self, asked: dict[str, Any]) -> tuple[int, pj.TransportConfig]:
        config = pj.TransportConfig()
        config.port, config.boundAddress = asked["port"], asked["host"]
        return pj.PJSIP_TRANSPORT_UDP, config

    def account_settings(self, asked: dict[str, Any]) -> pj.AccountConfig:
        config = pj.AccountConfig()
        config.idUri = asked["uri"]
        config.natConfig.contactRewriteUse = 0
        # Else it names whatever loopback address leads to a peer over TCP.
        config.sipConfig.contactForced = asked["contact"]
        config.callConfig.prackUse = pj.PJSUA_100REL_OPTIONAL
        config.callConfig.timerMinSESec = 90
        config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_DISABLED
        config.mediaConfig.srtpSecureSignaling = 0
        # An INVITE more after the answer, only to name one codec, is nothing that was asked for.
        config.mediaConfig.lockCodecEnabled = False
        config.mediaConfig.transportConfig.boundAddress = asked["host"]
        config.mediaConfig.transportConfig.port = asked["media"][0]
        config.mediaConfig.transportConfig.portRange = asked["media"][1] - asked["media"][0]
        return config

    def turn(self) -> None:
        self.endpoint.libHandleEvents(_TURN_MS)
        # Not in the callback: the library still uses the call when it returns.
        for call in self._over:
            call.player = call.recorder = None
            self.calls.pop(call.number, None)
        for call in [call for call in self._over if _is_whole(call.heard)]:
            self._over.remove(call)
            tell("over", call=call.number)

    def over(self, call: Call) -> None:
        self._over.append(call)

    def do_call(self, uri: str) -> int:
        call = self.new_call()
        call.makeCall(uri, pj.CallOpParam(True))  # noqa: FBT003  # the library takes nothing else
        return call.number

    def do_hang_up(self, call: int) -> None:
        self.calls[call].hangup(pj.CallOpParam())


def _endpoint(folder: str) -> pj.Endpoint:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.userAgent = "pjsua2"
    config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
    config.medConfig.noVad = True
    config.medConfig.ecTailLen = 0
    config.logConfig.consoleLevel = 0
    config.logConfig.level = 5
    config.logConfig.filename = f"{folder}/pjsua2.log"
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    endpoint.libInit(config)
    return endpoint


def _codecs(endpoint: pj.Endpoint, wanted: list[str]) -> None:
    """Those alone, in this order."""
    for codec in endpoint.codecEnum2():
        names = [name for name in wanted if codec.codecId.upper().startswith(f"{name.upper()}/")]
        priority = 255 - wanted.index(names[0]) if names else 0
        endpoint.codecSetPriority(codec.codecId, priority)


def main(kind: type[Phone] = Phone) -> None:
    phone = kind(settings())
    obey(phone, phone.turn)
    # It hangs up and unregisters, and does not wait a second for what is said to that.
    phone.endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)


if __name__ == "__main__":
    main()
