"""How large a SIP message, a call's state and a wait may become.

Knows no message; one past any of these is the peer's fault and has its own answer.
"""

from typing import Final

# A UDP datagram cannot be larger; on a stream more than this is an attack or a mistake.
MAX_HEADER_BYTES: Final = 64 << 10
# The longest real message seen (34 Vias, RFC 4475 §3.1.1.7) has 45 lines.
MAX_HEADER_LINES: Final = 256
# Identity headers and Record-Route of long chains stay below 4 KiB.
MAX_LINE_BYTES: Final = 8 << 10
# A digest has a dozen; a line of nothing but `;a` would cost fifty times its size in memory.
MAX_PARAMS: Final = 256
# SDP and metadata of a large conference fit many times over.
MAX_BODY_BYTES: Final = 1 << 20
# On a stream a larger one is passed over unread, for other calls go by the same connection; whoever
# announces more than this is not waited for.
MAX_PASSED_BYTES: Final = 16 << 20
# CSeq is a 32-bit number (RFC 3261 §8.1.1.5); so are seconds (§20.19).
MAX_UINT32: Final = (1 << 32) - 1
# A 32-bit number with room for leading zeros, so that no peer makes us convert a long number.
MAX_DIGITS: Final = 20
# Hops (RFC 3261 §20.22).
MAX_FORWARDS: Final = 255
MAX_PORT: Final = 65_535
# A call has a handful of transactions within the 32 s that each lives; more is a flood.
MAX_TRANSACTIONS_A_CALL: Final = 64
# A hunt group rings a dozen phones; each fork of an INVITE of ours costs a dialog.
MAX_FORKS: Final = 16
# Beside them, for what ends a call.
LAST_TRANSACTIONS: Final = 8

# A body is too large (RFC 3261 §21.4.11), or what stands before it (§21.5.7).
BODY_TOO_LARGE: Final = 413
MESSAGE_TOO_LARGE: Final = 513
