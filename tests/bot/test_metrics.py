"""The figures Prometheus reads."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics


def sample(metrics: Metrics, name: str) -> float | None:
    return metrics.registry.get_sample_value(name)


def test_two_apps_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.captured.inc()
    assert sample(one, "banso_questions_captured_total") == 1
    assert sample(other, "banso_questions_captured_total") == 0


def test_every_name_begins_with_banso_and_has_a_sentence() -> None:
    families = list(Metrics().registry.collect())
    assert len(families) == 16
    assert all(family.name.startswith("banso_") and family.documentation for family in families)


def test_what_is_rendered_is_what_prometheus_parses() -> None:
    metrics = Metrics()
    metrics.open_questions.set(6)
    metrics.event_seconds.observe(0.004)
    parsed = {f.name: f for f in text_string_to_metric_families(metrics.render().decode())}
    assert parsed["banso_open_questions"].samples[0].value == 6
    counts = {s.labels["le"]: s.value for s in parsed["banso_event_seconds"].samples if "le" in s.labels}
    assert (counts["0.0025"], counts["0.005"]) == (0, 1)


def test_names_are_those_a_dashboard_would_ask_for() -> None:
    assert {"banso_posts_total", "banso_outbox_waiting", "banso_delivery_seconds"} <= Metrics().names()
