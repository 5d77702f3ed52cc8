"""What tests of people share."""

import re

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def shown_code(text: str) -> str:
    """What stands in the place of a secret."""
    found = re.search(r'<code class="secret">([^<]+)</code>', text)
    assert found is not None
    return found[1]
