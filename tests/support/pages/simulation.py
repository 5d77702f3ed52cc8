"""What tests of simulation share."""

from retention.policies.policy_text import policy_text
from tests.retention.examples import policy, rule

SHORT = policy_text(policy(rule("default", after="P1D")))
