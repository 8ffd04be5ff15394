"""Blocks, elements and views that Slack accepts, for tests to bend until it would not."""

from typing import Any, NamedTuple

Json = dict[str, Any]


class Case(NamedTuple):
    """A sentence, what is sent, a part of the problem expected (None: accepted) and who says so."""

    says: str
    sent: Any
    problem: str | None
    source: str


def plain(text: str = "文", **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str = "文", **more: Any) -> Json:
    return {"type": "mrkdwn", "text": text, **more}


def section(text: Json | None = None, **more: Any) -> Json:
    return {"type": "section", "text": text or mrkdwn(), **more}


def button(text: str = "対応します", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def option(value: str = "a", text: str = "はい", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def static_select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain("はい"), "deny": plain("いいえ"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def asks(element: Json | None = None, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element or {"type": "plain_text_input"}, **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "地図", **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def video(**more: Any) -> Json:
    return {
        "type": "video",
        "title": plain(),
        "alt_text": "映像",
        "thumbnail_url": "https://example.com/a.png",
        "video_url": "https://example.com/a",
        **more,
    }


def table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "table", "rows": list(rows) or [[cell()]], **more}


def cell(text: str = "3") -> Json:
    return {"type": "raw_text", "text": text}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("相談"), "blocks": list(blocks) or [section()], **more}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks) or [section()], **more}


def judge(case: Case, problems: list[str]) -> None:
    """Hold what a check said against what the case expects."""
    if case.problem is None:
        assert problems == [], case.source
    else:
        assert any(case.problem in each for each in problems), (problems, case.source)


def form(title: str = "相談する", **more: Any) -> Json:
    """A modal with a text to fill in, an urgency and a button."""
    urgency = static_select(action_id="urgency", options=[option("now", "今日中"), option("week", "今週中")])
    return modal(
        asks({"type": "plain_text_input", "action_id": "text"}, block_id="body")
        | {"label": plain("相談の内容")},
        asks(urgency, block_id="when", optional=True) | {"label": plain("必要な日")},
        actions(button("例を見る", action_id="examples")),
        submit=plain("送る"),
        callback_id="ask",
        **more,
    ) | {"title": plain(title)}
