"""Payloads for every registered listener, with keys missing, of wrong types, huge, or odd."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from hypothesis import find
from hypothesis import strategies as st

from tests.listeners import Heard

Json = Any

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            " ",
            "0",
            "-1",
            "9" * 30,
            "1" * 4000,
            "あ" * 40_000,
            "\x00",
            "1795482000.000100",
            "<!channel>",
            "<@U0>",
            "'; DROP TABLE question; --",
            "{}",
            "🙏" * 50,
            "ﾊﾝｶｸ",
        ]
    ),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def encoded(body: Json) -> tuple[bytes, str]:
    """A payload as Slack posts it, and its content type."""
    if isinstance(body, dict) and body.get("type") == "event_callback":
        return json.dumps(body).encode(), "application/json"
    command = isinstance(body, dict) and "command" in body
    fields = _flat(body) if command else {"payload": json.dumps(body)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _flat(body: dict[str, Any]) -> dict[str, str]:
    return {key: str(value).encode("utf-8", "replace").decode() for key, value in body.items()}


@st.composite
def payloads(draw: st.DrawFn, templates: Sequence[Json]) -> Json:
    """One of the templates with one to four places changed or left out."""
    body = copy.deepcopy(draw(st.sampled_from(templates)))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(body))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = draw(ODD)
    return body


def _places(value: Json) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a payload; what says where it must go stays as it is."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        if key not in {"type", "command", "callback_id", "action_id"}:
            yield value, key
        yield from _places(inner)


def _heard_by(name: str) -> str:
    """An action id that a listener hears: its own, or the least that its pattern takes."""
    return find(st.from_regex(name), lambda _: True) if name.startswith("\\A") else name


def templates(
    listeners: Sequence[Heard], *, user: str, channel: str, team: str, question: int, respond: str
) -> list[Json]:
    """A right payload for each listener, as Slack sends it (docs.slack.dev, "Interaction payloads", "Slash commands",
    "Events API")."""
    who = {"id": user, "username": "nagi", "team_id": team}
    common = {
        "user": who,
        "team": {"id": team, "domain": "asagi"},
        "api_app_id": "A0BANSO",
        "token": "legacy",
        "trigger_id": "1.2.3",
    }
    place = {"id": channel, "name": "相談"}
    found: list[Json] = []
    for each in listeners:
        value = f"{channel}:1795482000.000100" if each.name == "question_register" else str(question)
        if each.kind == "action":
            action = {
                "action_id": _heard_by(each.name),
                "block_id": "b",
                "type": "button",
                "value": value,
                "action_ts": "1.2",
            }
            found.append(
                {
                    **common,
                    "type": "block_actions",
                    "channel": place,
                    "actions": [action],
                    "response_url": respond,
                    "container": {
                        "type": "message",
                        "channel_id": channel,
                        "message_ts": "1795482000.000100",
                    },
                }
            )
        elif each.kind == "view_submission":
            found.append({**common, "type": "view_submission", "view": _view(each.name, str(question))})
        elif each.kind == "global_shortcut":
            found.append({**common, "type": "shortcut", "callback_id": each.name, "action_ts": "1.2"})
        elif each.kind == "message_shortcut":
            message = {
                "type": "message",
                "user": user,
                "ts": "1795482000.000100",
                "text": "端末が動きません",
            }
            found.append(
                {
                    **common,
                    "type": "message_action",
                    "callback_id": each.name,
                    "channel": place,
                    "message": message,
                    "response_url": respond,
                }
            )
        elif each.kind == "command":
            found.append(
                {
                    "command": each.name,
                    "text": "相談 端末が動きません",
                    "user_id": user,
                    "team_id": team,
                    "channel_id": channel,
                    "trigger_id": "1.2.3",
                    "response_url": respond,
                    "api_app_id": "A0BANSO",
                }
            )
        elif each.kind == "options":
            found.append(
                {**common, "type": "block_suggestion", "action_id": each.name, "block_id": "b", "value": "波"}
            )
        elif each.kind == "event":
            found.append(_event(each.name, user, channel, team))
    return found


def _view(callback: str, metadata: str) -> Json:
    values = {
        "text": {"text": {"type": "plain_text_input", "value": "端末が動きません"}},
        "what": {"what": {"type": "radio_buttons", "selected_option": {"value": "resolve"}}},
        "audience": {"audience": {"type": "radio_buttons", "selected_option": {"value": "open"}}},
        "urgency": {"urgency": {"type": "radio_buttons", "selected_option": {"value": "week"}}},
        "day": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}},
        "field": {"field": {"type": "static_select", "selected_option": {"value": "device"}}},
        "who": {"who": {"type": "static_select", "selected_option": {"value": "U0NOBODY"}}},
        "phone": {"phone": {"type": "plain_text_input", "value": "0000-00-0000"}},
    }
    return {
        "id": "V0FORGED",
        "hash": "1.a",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "state": {"values": values},
    }


def _event(name: str, user: str, channel: str, team: str) -> Json:
    place: Json = {"id": channel, "name": "相談"} if name.endswith("rename") else channel
    event = {
        "type": name,
        "user": {"id": user, "name": "nagi"} if name in {"team_join", "user_change"} else user,
        "channel": place,
        "ts": "1795482001.000100",
        "event_ts": "1795482001.000100",
        "text": "端末が動きません",
        "tokens": {"bot": []},
    }
    return {
        "type": "event_callback",
        "team_id": team,
        "api_app_id": "A0BANSO",
        "event_id": "Ev0FORGED",
        "event_time": 1795482001,
        "event": event,
    }
