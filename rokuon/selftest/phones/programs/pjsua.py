"""A phone of PJSIP 2.15 (pjsua2, GPL): a program that the self-test and the scenarios drive.

Never imported. Everything happens in one thread: the library's callbacks come out of its turn.
"""

import itertools
from pathlib import Path
from typing import Any

import pjsua2 as pj
from orders import obey, settings, tell

_TURN_MS = 10
_TRANSPORTS = {
    "udp": pj.PJSIP_TRANSPORT_UDP,
    "tcp": pj.PJSIP_TRANSPORT_TCP,
    "tls": pj.PJSIP_TRANSPORT_TLS,
}
_SRTP = {
    "no": pj.PJMEDIA_SRTP_DISABLED,
    "optional": pj.PJMEDIA_SRTP_OPTIONAL,
    "mandatory": pj.PJMEDIA_SRTP_MANDATORY,
}
_PRACK = {
    "no": pj.PJSUA_100REL_NOT_USED,
    "optional": pj.PJSUA_100REL_OPTIONAL,
    "mandatory": pj.PJSUA_100REL_MANDATORY,
}
_MEDIA = {
    pj.PJSUA_CALL_MEDIA_NONE: "none",
    pj.PJSUA_CALL_MEDIA_ACTIVE: "active",
    pj.PJSUA_CALL_MEDIA_LOCAL_HOLD: "held by us",
    pj.PJSUA_CALL_MEDIA_REMOTE_HOLD: "held by them",
    pj.PJSUA_CALL_MEDIA_ERROR: "error",
}


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
                    self._media(media)
                except Exception as failed:  # noqa: BLE001  # the library would swallow it
                    tell("failed", call=self.number, why=str(failed))

    def _media(self, media: Any) -> None:
        flowing = media.status in {pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD}
        stream: dict[str, Any] = {}
        if media.status != pj.PJSUA_CALL_MEDIA_NONE:
            info, transport = self.getStreamInfo(media.index), self.getMedTransportInfo(media.index)
            stream = {"codec": info.codecName, "to": info.remoteRtpAddress,
                      "secure": "SAVP" in _profile(info.proto), "event_type": info.audTxEventPt,
                      "from": transport.localRtpName}  # fmt: skip
        if flowing and media.audioConfSlot != pj.PJSUA_INVALID_ID:
            self._connect(self.getAudioMedia(media.index))
        tell("media", call=self.number, status=_MEDIA[media.status], **stream)

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

    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802
        tell("dtmf", call=self.number, digit=prm.digit, duration_ms=prm.duration)

    def onCallTransferRequest(self, prm: Any) -> None:  # noqa: N802
        child = Call(self.phone, self.account)
        prm.newCall = child
        tell("transfer asked", call=self.number, to=prm.dstUri, new=child.number)

    def onCallReplaceRequest(self, prm: Any) -> None:  # noqa: N802
        child = Call(self.phone, self.account)
        prm.newCall = child
        tell("replaced", call=self.number, new=child.number)

    def onCallTransferStatus(self, prm: Any) -> None:  # noqa: N802
        tell("transfer", call=self.number, code=prm.statusCode, final=prm.finalNotify)


def _is_whole(wav: Path) -> bool:
    """Whether the library, which closes files in a thread of its own, has written the lengths."""
    if not wav.exists():
        return True
    with wav.open("rb") as file:
        return int.from_bytes(file.read(8)[4:], "little") == wav.stat().st_size - 8


def _profile(proto: int) -> str:
    secure = {pj.PJMEDIA_TP_PROTO_RTP_SAVP, pj.PJMEDIA_TP_PROTO_RTP_SAVPF}
    return "SAVP" if proto in secure else "AVP"


class Account(pj.Account):
    """Who the phone is."""

    def __init__(self, phone: "Phone"):
        super().__init__()
        self.phone = phone

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        call = Call(self.phone, self, prm.callId)
        info = call.getInfo()
        tell("incoming", call=call.number, caller=info.remoteUri, called=info.localUri,
             call_id=info.callIdString, message=prm.rdata.wholeMsg)  # fmt: skip
        if self.phone.answers:
            self.phone.do_answer(call.number)

    def onRegState(self, prm: Any) -> None:  # noqa: N802
        tell("registration", code=prm.code, reason=prm.reason, expires=prm.expiration)


class Phone:
    """The orders."""

    def __init__(self, asked: dict[str, Any]):
        self.folder, self.says, self.answers = asked["folder"], asked["says"], asked["answers"]
        self.calls: dict[int, Call] = {}
        self._over: list[Call] = []
        self.endpoint = _endpoint(self.folder)
        _transport(self.endpoint, asked)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        _codecs(self.endpoint, asked["codecs"])
        self.account = Account(self)
        self.account.create(_account(asked))

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

    def do_call(self, uri: str, headers: dict[str, str]) -> int:
        call = Call(self, self.account)
        prm = pj.CallOpParam(True)  # noqa: FBT003  # the library takes nothing else
        for name, value in headers.items():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            prm.txOption.headers.append(header)
        call.makeCall(uri, prm)
        return call.number

    def do_answer(self, call: int, code: int = 200) -> None:
        prm = pj.CallOpParam(True)  # noqa: FBT003
        prm.statusCode = code
        self.calls[call].answer(prm)

    def do_hang_up(self, call: int, code: int = 0) -> None:
        prm = pj.CallOpParam()
        prm.statusCode = code
        self.calls[call].hangup(prm)

    def do_hold(self, call: int) -> None:
        self.calls[call].setHold(pj.CallOpParam(True))  # noqa: FBT003

    def do_unhold(self, call: int) -> None:
        prm = pj.CallOpParam(True)  # noqa: FBT003
        prm.opt.flag = pj.PJSUA_CALL_UNHOLD
        self.calls[call].reinvite(prm)

    def do_transfer(self, call: int, to: str) -> None:
        self.calls[call].xfer(to, pj.CallOpParam(True))  # noqa: FBT003

    def do_join(self, call: int, other: int) -> None:
        self.calls[call].xferReplaces(self.calls[other], pj.CallOpParam(True))  # noqa: FBT003

    def do_dial(self, call: int, digits: str) -> None:
        self.calls[call].dialDtmf(digits)

    def do_inform(self, call: int, digits: str) -> None:
        for digit in digits:
            prm = pj.CallSendDtmfParam()
            prm.method, prm.digits, prm.duration = pj.PJSUA_DTMF_METHOD_SIP_INFO, digit, 160
            self.calls[call].sendDtmf(prm)

    def do_update(self, call: int) -> None:
        self.calls[call].update(pj.CallOpParam(True))  # noqa: FBT003

    def do_packets(self, call: int) -> dict[str, int]:
        stat = self.calls[call].getStreamStat(0).rtcp
        return {"sent": stat.txStat.pkt, "received": stat.rxStat.pkt, "lost": stat.rxStat.loss}


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


def _transport(endpoint: pj.Endpoint, asked: dict[str, Any]) -> None:
    config = pj.TransportConfig()
    config.port, config.boundAddress = asked["port"], asked["host"]
    if asked["transport"] == "tls":
        config.tlsConfig.certFile = asked["certificate"]
        config.tlsConfig.privKeyFile = asked["key"]
        config.tlsConfig.CaListFile = asked["trusts"]
        config.tlsConfig.verifyServer = bool(asked["trusts"])
    endpoint.transportCreate(_TRANSPORTS[asked["transport"]], config)


def _codecs(endpoint: pj.Endpoint, wanted: list[str]) -> None:
    """Those alone, in this order."""
    for codec in endpoint.codecEnum2():
        names = [name for name in wanted if codec.codecId.upper().startswith(f"{name.upper()}/")]
        priority = 255 - wanted.index(names[0]) if names else 0
        endpoint.codecSetPriority(codec.codecId, priority)


def _account(asked: dict[str, Any]) -> pj.AccountConfig:
    config = pj.AccountConfig()
    config.idUri = asked["uri"]
    config.regConfig.registerOnAdd = bool(asked["registrar"])
    config.regConfig.registrarUri = asked["registrar"]
    config.regConfig.timeoutSec = 60
    if asked["proxy"]:
        config.sipConfig.proxies.append(asked["proxy"])
    if asked["password"]:
        credentials = pj.AuthCredInfo("digest", "*", asked["user"], 0, asked["password"])
        config.sipConfig.authCreds.append(credentials)
    config.natConfig.contactRewriteUse = 0
    # Else it names whatever loopback address leads to a peer over TCP.
    config.sipConfig.contactForced = asked["contact"]
    config.callConfig.prackUse = _PRACK[asked["prack"]]
    config.callConfig.timerMinSESec = 90
    config.mediaConfig.srtpUse = _SRTP[asked["srtp"]]
    config.mediaConfig.srtpSecureSignaling = 0
    # An INVITE more after the answer, only to name one codec, is nothing that a test asked for.
    config.mediaConfig.lockCodecEnabled = asked.get("locks", False)
    config.mediaConfig.transportConfig.boundAddress = asked["host"]
    config.mediaConfig.transportConfig.publicAddress = asked.get("media_at", "")
    config.mediaConfig.transportConfig.port = asked["media"][0]
    config.mediaConfig.transportConfig.portRange = asked["media"][1] - asked["media"][0]
    return config


def main() -> None:
    phone = Phone(settings())
    obey(phone, phone.turn)
    # It hangs up and unregisters, and does not wait a second for what is said to that.
    phone.endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)


main()
