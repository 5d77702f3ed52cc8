"""What a browser keeps of how its person reads."""

from starlette.requests import HTTPConnection

from api.web.http.own_zone import zone_of
from api.web.pages.preferences import reader_of
from api.words.texts import in_english


class _App:
    class state:  # noqa: N801  # as Starlette calls it
        class application:  # noqa: N801
            words = staticmethod(in_english)


def asked(cookie: str, accept: str = "en") -> HTTPConnection:
    """A connection with that cookie."""
    headers = [(b"cookie", cookie.encode()), (b"accept-language", accept.encode())]
    return HTTPConnection({"type": "http", "headers": headers, "app": _App()})


def test_a_language_that_was_chosen_comes_before_what_the_browser_wants() -> None:
    """It was chosen."""
    assert reader_of(asked("rokuon-language=ja")).language == "ja"
    assert reader_of(asked("rokuon-language=xx", accept="ja")).language == "ja"


def test_a_zone_that_is_none_is_the_usual_one() -> None:
    """A cookie may hold anything."""
    assert zone_of(asked("rokuon-zone=Europe/Berlin"), "Asia/Tokyo").key == "Europe/Berlin"
    assert zone_of(asked("rokuon-zone=../../etc"), "Asia/Tokyo").key == "Asia/Tokyo"
    assert zone_of(asked(""), "Asia/Tokyo").key == "Asia/Tokyo"
