"""What tests of simulations share."""

from tests.support.web.retention import LAW_OF_NUMBERS

SHORT = LAW_OF_NUMBERS.replace("P1Y", "P1D")
