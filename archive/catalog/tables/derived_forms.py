"""What `recording.derived` says: by which form of the derivation the rows of a recording were made.

Knows nothing of how they are.
"""

from typing import Final

# One more whenever the same events give other rows: older ones are then made anew, step by step.
FORM: Final = 14
# Of the older ones these come first: somebody has just changed what they depend on.
SOONER: Final = -1
# The stored events cannot be read; not tried again before the next start, which may be another
# version's.
ASIDE: Final = -2
