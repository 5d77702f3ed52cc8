"""What an expression of Prometheus asks for: a small walker over the language of its queries.

Knows as much of it as alerts and dashboards use, and refuses the rest by name. What it takes for
right is right as far as names and labels go; `promtool` says the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:[^"\\]|\\.)*")
    |(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.]))
    |(?P<duration>(?:\d+[smhdwy])+(?!\w)|\$__\w+)
    |(?P<word>[a-zA-Z_:][\w:]*)
    |(?P<sign>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){}\[\],])
    )""",
    re.VERBOSE,
)
AGGREGATIONS = {"sum", "min", "max", "avg", "count", "topk", "bottomk"}
FUNCTIONS = {
    "abs", "clamp_min", "clamp_max", "delta", "deriv", "histogram_quantile", "increase", "rate",
    "time", "vector", "label_replace", "absent",
}  # fmt: skip
BINARY = {"+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless"}
MATCHERS = {"=", "!=", "=~", "!~"}


class NotUnderstood(Exception):
    """Something that the walker does not know, or that is no expression."""


@dataclass
class Asked:
    """Metrics with the labels that are asked of each."""

    labels: dict[str, set[str]] = field(default_factory=dict)

    def metric(self, name: str) -> set[str]:
        return self.labels.setdefault(name, set())


@dataclass
class Walker:
    """Reads one expression from left to right."""

    tokens: list[tuple[str, str]]
    asked: Asked = field(default_factory=Asked)
    at: int = 0

    def see(self, *texts: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][1] in texts

    def take(self, *texts: str) -> str:
        if self.at >= len(self.tokens) or (texts and not self.see(*texts)):
            found = self.tokens[self.at][1] if self.at < len(self.tokens) else "its end"
            raise NotUnderstood(f"{' or '.join(texts)} is wanted, there is {found}")
        self.at += 1
        return self.tokens[self.at - 1][1]

    def expression(self) -> set[str]:
        """The metrics below it."""
        below = self.operand()
        while self.see(*BINARY):
            self.take()
            if self.see("bool"):
                self.take()
            names = set(self.names()) if self._is_matching() else set()
            right = self.operand()
            below |= right
            self._ask(below, names)
        return below

    def _is_matching(self) -> bool:
        if self.see("on", "ignoring"):
            self.take()
            return True
        return False

    def operand(self) -> set[str]:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "its end")
        self.at += 1
        if text == "-":
            return self.operand()
        if text == "(":
            below = self.expression()
            self.take(")")
            return below
        if kind in {"number", "string"}:
            return set()
        if kind != "word":
            raise NotUnderstood(f"{text} is no operand")
        if text in AGGREGATIONS:
            return self.aggregation()
        if self.see("("):
            return self.call(text)
        return self.selector(text)

    def aggregation(self) -> set[str]:
        names = self.grouping()
        below = self.arguments()
        self._ask(below, {*names, *self.grouping()})
        return below

    def grouping(self) -> list[str]:
        if not self.see("by", "without"):
            return []
        self.take()
        return list(self.names())

    def names(self) -> Iterator[str]:
        self.take("(")
        while not self.see(")"):
            yield self.take()
            if self.see(","):
                self.take()
        self.take(")")

    def call(self, name: str) -> set[str]:
        if name not in FUNCTIONS:
            raise NotUnderstood(f"the function {name}")
        return self.arguments()

    def arguments(self) -> set[str]:
        below: set[str] = set()
        self.take("(")
        while not self.see(")"):
            below |= self.expression()
            if self.see(","):
                self.take()
        self.take(")")
        return below

    def selector(self, name: str) -> set[str]:
        labels = self.asked.metric(name)
        if self.see("{"):
            self.take()
            while not self.see("}"):
                labels.add(self.take())
                self.take(*MATCHERS)
                self.take()
                if self.see(","):
                    self.take()
            self.take("}")
        if self.see("["):
            self.take()
            self.take()
            self.take("]")
        return {name}

    def _ask(self, metrics: set[str], names: set[str]) -> None:
        for metric in metrics:
            self.asked.metric(metric).update(names)


def asked_by(expression: str) -> dict[str, set[str]]:
    """Each metric of an expression, with the labels by which it is chosen, grouped or joined.

    Raises `NotUnderstood`.
    """
    tokens, at = [], 0
    while at < len(expression.rstrip()):
        found = TOKEN.match(expression, at)
        if found is None:
            raise NotUnderstood(expression[at:])
        assert found.lastgroup is not None
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    walker = Walker(tokens)
    walker.expression()
    if walker.at < len(tokens):
        raise NotUnderstood(f"what begins with {tokens[walker.at][1]}")
    return walker.asked.labels
