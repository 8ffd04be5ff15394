"""What Prometheus reads at /metrics. A registry of its own for each `Metrics`: several apps may live in one process."""

from __future__ import annotations

from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 3)
"""Buckets in seconds: 0.2 is our longest write transaction, 3 is Slack's patience for an acknowledgement."""

SLOW: Final = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
"""Buckets in seconds: 1 is a message's turn in a channel, 1800 is a long outage."""


class Metrics:
    """The figures of one running app; each is named and explained in docs/operations.md (a test holds the two together).

    Attributes say what they count; all are safe to use from any thread.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

        self.captured = self._counter("questions_captured", "Questions recorded, practice left out")
        self.set_aside = self._counter("set_aside", "Messages judged not to be a question and kept")
        self.posts = self._counter("posts", "Messages posted to Slack")
        self.updates = self._counter("updates", "Messages edited in place")
        self.unsure = self._counter("unsure_outcomes", "Calls to Slack whose outcome was unknown at first")
        self.dead_letters = self._counter("dead_letters", "Messages that can never be delivered")
        self.rate_limited = self._counter("rate_limited", "Answers 429 from Slack")
        self.failed_events = self._counter("failed_events", "Events whose listener failed; kept for a replay")

        self.open_questions = self._gauge("open_questions", "Questions not yet answered or closed")
        self.words_waiting = self._gauge("words_waiting", "Messages kept and not yet taken in")
        self.outbox_waiting = self._gauge("outbox_waiting", "Messages waiting to be delivered")
        self.outbox_oldest_seconds = self._gauge(
            "outbox_oldest_seconds", "Age of the oldest message that is due"
        )
        self.sockets = self._gauge("sockets_connected", "Socket Mode connections that are up")

        self.event_seconds = self._histogram("event_seconds", "From arrival to acknowledgement", QUICK)
        self.delivery_seconds = self._histogram("delivery_seconds", "From commit to Slack's answer", SLOW)
        self.transaction_seconds = self._histogram(
            "transaction_seconds", "A write transaction, commit included", QUICK
        )

    def render(self) -> bytes:
        """The text Prometheus reads, in the format `content_type` names."""
        return generate_latest(self.registry)

    @property
    def content_type(self) -> str:
        """The Content-Type of `render()`."""
        return CONTENT_TYPE_LATEST

    def names(self) -> set[str]:
        """The names Prometheus knows, `banso_` included; a counter's ends in `_total`."""
        return {
            f"{family.name}_total" if family.type == "counter" else family.name
            for family in self.registry.collect()
        }

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(f"banso_{name}", text, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"banso_{name}", text, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"banso_{name}", text, registry=self.registry, buckets=buckets)
