"""The phone of PJSIP with all that scenarios order: answers, holds, transfers, keys, TLS, SRTP.

Runs in the phones' own virtual environment beside the self-test's programs, which it adds to.
"""

from typing import Any

import pjsua
import pjsua2 as pj
from orders import tell

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


class Call(pjsua.Call):
    """One that tells of its media, of keys and of who takes its place."""

    def take(self, media: Any) -> None:
        stream: dict[str, Any] = {}
        if media.status != pj.PJSUA_CALL_MEDIA_NONE:
            info, transport = self.getStreamInfo(media.index), self.getMedTransportInfo(media.index)
            stream = {"codec": info.codecName, "to": info.remoteRtpAddress,
                      "secure": "SAVP" in _profile(info.proto), "event_type": info.audTxEventPt,
                      "from": transport.localRtpName}  # fmt: skip
        super().take(media)
        tell("media", call=self.number, status=_MEDIA[media.status], **stream)

    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802  # the library's name
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


def _profile(proto: int) -> str:
    secure = {pj.PJMEDIA_TP_PROTO_RTP_SAVP, pj.PJMEDIA_TP_PROTO_RTP_SAVPF}
    return "SAVP" if proto in secure else "AVP"


def _with(headers: dict[str, str]) -> pj.CallOpParam:
    prm = pj.CallOpParam(True)  # noqa: FBT003  # the library takes nothing else
    for name, value in headers.items():
        header = pj.SipHeader()
        header.hName, header.hValue = name, value
        prm.txOption.headers.append(header)
    return prm


class Account(pj.Account):
    """One that is called, and registers."""

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


class Phone(pjsua.Phone):
    """All orders."""

    def __init__(self, asked: dict[str, Any]):
        self.answers = asked["answers"]
        super().__init__(asked)

    def new_account(self) -> Account:
        return Account(self)

    def new_call(self) -> Call:
        return Call(self, self.account)

    def transport(self, asked: dict[str, Any]) -> tuple[int, pj.TransportConfig]:
        _, config = super().transport(asked)
        if asked["transport"] == "tls":
            config.tlsConfig.certFile = asked["certificate"]
            config.tlsConfig.privKeyFile = asked["key"]
            config.tlsConfig.CaListFile = asked["trusts"]
            config.tlsConfig.verifyServer = bool(asked["trusts"])
        return _TRANSPORTS[asked["transport"]], config

    def account_settings(self, asked: dict[str, Any]) -> pj.AccountConfig:
        config = super().account_settings(asked)
        config.regConfig.registerOnAdd = bool(asked["registrar"])
        config.regConfig.registrarUri = asked["registrar"]
        config.regConfig.timeoutSec = 60
        if asked["proxy"]:
            config.sipConfig.proxies.append(asked["proxy"])
        if asked["password"]:
            credentials = pj.AuthCredInfo("digest", "*", asked["user"], 0, asked["password"])
            config.sipConfig.authCreds.append(credentials)
        if asked["session_s"]:
            config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
            config.callConfig.timerSessExpiresSec = asked["session_s"]
        config.callConfig.prackUse = _PRACK[asked["prack"]]
        config.mediaConfig.srtpUse = _SRTP[asked["srtp"]]
        config.mediaConfig.lockCodecEnabled = asked["locks"]
        config.mediaConfig.transportConfig.publicAddress = asked["media_at"]
        return config

    def do_call(self, uri: str, headers: dict[str, str]) -> int:
        call = self.new_call()
        call.makeCall(uri, _with(headers))
        return call.number

    def do_answer(self, call: int, code: int = 200, headers: dict[str, str] | None = None) -> None:
        prm = _with(headers or {})
        prm.statusCode = code
        self.calls[call].answer(prm)

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


pjsua.main(Phone)
