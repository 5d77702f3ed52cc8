"""What a client tells of a call beside its participants: every role, in elements and in headers."""

from typing import Final

from archive.call.mentions import ToldAs

# As what, a number; then as what, a name.
NUMBERS: Final[tuple[tuple[ToldAs, str], ...]] = (
    ("caller", "0311110001"),
    ("called", "0311110002"),
    ("dialled", "0120110003"),
    ("redirected_by", "0311110004"),
    ("connected", "0311110005"),
    ("agent", "71006"),
    ("queue", "81007"),
    ("caller", "0311110008"),
    ("redirected_by", "0311110009"),
    ("dialled", "0311110010"),
    ("redirected_by", "0311110011"),
    ("dialled", "0311110012"),
    ("other", "0311110013"),
)
NAMES: Final[tuple[tuple[ToldAs, str], ...]] = (
    ("caller", "Aoi Nakano"),
    ("called", "井上 陽菜"),
    ("agent", "Haruto Fujii"),
    ("queue", "苦情受付"),
    ("queue", "Sales North"),
    ("connected", "Riku Maeda"),
    ("redirected_by", "Yui Ono"),
    ("dialled", "Hotline Tokyo"),
    ("agent", "Sota Endo"),
    ("caller", "Mei Arai"),
    ("other", "Ren Kudo"),
)
EXTENSION: Final = """\
<data xmlns="urn:example:calls">
 <callingPartyNumber>0311110001</callingPartyNumber><calledPartyNumber>0311110002</calledPartyNumber>
 <dialedDigits>0120110003</dialedDigits><redirectingNumber>0311110004</redirectingNumber>
 <connectedNumber>0311110005</connectedNumber><user id="71006">
  <name>Haruto Fujii</name></user>
 <acd><number>81007</number><name>苦情受付</name></acd><huntGroup>Sales North</huntGroup>
 <callerName>Aoi Nakano</callerName><calledPartyName>井上 陽菜</calledPartyName>
 <connectedName>Riku Maeda</connectedName><userName>Sota Endo</userName>
</data>"""
HEADERS: Final[tuple[tuple[str, str], ...]] = (
    ("Diversion", '"Yui Ono" <sip:0311110009@pbx.example>, <sip:0311110010@pbx.example>'),
    ("History-Info", '"Hotline Tokyo" <sip:0311110012@pbx.example>;index=1, '
                     "<sip:0311110011@pbx.example>;index=1.1, <sip:7@pbx.example>;index=1.1.1"),
    ("X-Calling-Number", '"Mei Arai" <sip:0311110008@pbx.example>'),
    ("P-Asserted-Identity", '"Ren Kudo" <tel:0311110013>'),
)  # fmt: skip
