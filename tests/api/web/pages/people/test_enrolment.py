"""What somebody sets that proves him: the picture for the app."""

from api.sign_in.enrolment import AppOffer
from api.web.pages.people.enrolment import picture_of

OFFER = AppOffer(
    secret="JBSWY3DPEHPK3PXP",  # noqa: S106  # of the examples of the standard
    address="otpauth://totp/Rokuon:sato?secret=JBSWY3DPEHPK3PXP&issuer=Rokuon",
)


def test_the_picture_is_in_the_page_itself() -> None:
    """No other address is asked for it: it holds the secret."""
    picture = picture_of(OFFER)

    assert picture.startswith("data:image/svg+xml")
    assert "http:" not in picture.replace("http://www.w3.org/2000/svg", "")
