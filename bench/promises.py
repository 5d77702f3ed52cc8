"""The figures that Rokuon promises, and the exit code of a bench that found one missed.

Knows nothing of how anything is measured.
"""

from typing import Final

# CPU of all our processes per RTP packet in steady state, and as a multiple of a bare C loop with
# recvmmsg at the same sweep period. The loop with time stamps is shown beside it, not instead.
MAX_US_PER_PACKET: Final = 2.0
MAX_RATIO: Final = 1.8
# Calls of two G.711 streams on 2 cores, load generator included, without a lost packet.
CALLS_HELD: Final = 4_000
CALLS_AIM: Final = 5_000
SETUPS_PER_S: Final = 150.0
SETUP_P99_MS: Final = 20.0
SEARCHABLE_WITHIN_S: Final = 5.0
# So many calls of four minutes each end in every second.
ENDS_PER_S: Final = 17.0
# 8n bytes of the worst input take at most so many times as long as n.
GROWTH: Final = 8
MAX_GROWTH_RATIO: Final = 10.0

# Of inline calls: CPU per packet beside rtpengine with pcap in the same run, SRTP beside its SRTP;
# what relaying adds to a packet's way, as the 99th percentile, with up to so many calls up.
RELAY_MAX_RATIO: Final = 0.8
SRTP_RELAY_MAX_RATIO: Final = 0.9
RELAY_P99_MS: Final = {500: 2.0, 1_000: 10.0}
# A soak: from this minute on, memory of a process grows by less than this share.
SOAK_SETTLED_MIN: Final = 5
SOAK_MAX_GROWTH: Final = 0.02

# Of a catalog of so many calls: one thing by its id, and the command, as the median of what people
# wait; the page that is not full beside the same search where it is.
CATALOG_CALLS: Final = 1_000_000
ANSWER_BY_ID_MS: Final = 10.0
SCARCE_PAGE_MAX_RATIO: Final = 1.0
COMMAND_MS: Final = 1_000.0
# All calls of a year, for who reaches a part of them, as the median.
REACH_PAGE_MS: Final = 100.0
# The page on which people search, beside the same search over HTTP, as 99th percentiles.
RESULT_PAGE_MORE_MS: Final = 50.0

# Of a catalog of ten million calls: the first page of calls that are ranked by what somebody
# remembers, as 99th percentiles, where its windows hold 200,000 rows and over all; the first answer
# after a start.
RANKED_WINDOW_MS: Final = 50.0
RANKED_ALL_MS: Final = 300.0
RANKED_FIRST_S: Final = 2.0

# The page of a three-hour call, as medians of what a browser sees and hears.
DRAWN_MS: Final = 500.0
SEEK_MS: Final = 100.0

# So many people who listen and so many searches a second, beside so many calls being recorded: no
# packet lost, nobody's player runs dry, and a search takes, as the 99th percentile, at most so many
# times as long as with nothing beside it.
LISTENERS: Final = 50
SEARCHES_PER_S: Final = 20.0
BESIDE_CALLS: Final = 500
SEARCH_P99_MAX_RATIO: Final = 2.0

# Of a journal of so many entries: who heard a call, and what an account reached in a month, as the
# median; a committed entry with the indexes that this needs beside one without.
JOURNAL_ROWS: Final = 10_000_000
AUDIT_MS: Final = 100.0
JOURNAL_INDEX_MAX_RATIO: Final = 1.10

# Of a catalog of so many recordings: a policy simulated over all of them, and a plan of what is
# due, each at the most; and what the process that asks has of memory.
ARCHIVE_RECORDINGS: Final = 10_000_000
ARCHIVE_ANSWER_S: Final = 10.0
ARCHIVE_PEAK_MIB: Final = 1_024.0

# Of a keystore: recordings destroyed under the guard and keys held, with every commit on disk, and
# how long one request of either may hold up all others.
DESTROYED_PER_S: Final = 1_000.0
HELD_KEYS_PER_S: Final = 1_000_000 / 30
HELD_UP_MS: Final = 100.0

# A legal hold over what a search finds in a million recordings, until it is active.
HOLD_S: Final = 30.0

# The exit code where a promise is missed.
FINDINGS: Final = 3
