"""What a legal hold came too late for, in lines for people.

Knows nothing of how that was found.
"""

from rokuon.cli.terminal.output import Row, moment
from rokuon.messages.i18n import tr


def late_line(late: Row) -> str:
    """What one run had destroyed before a hold was placed."""
    first, last = moment(str(late["first_at"])), moment(str(late["last_at"]))
    when = first if first == last else tr("{first} to {last}").format(first=first, last=last)
    if late["certificate"] is None:
        said = tr("destroyed before: {recordings}, {when}; no certificate attests it")
    else:
        said = tr("destroyed before: {recordings}, {when}; certificate {certificate}")
    return said.format(**late, when=when)
