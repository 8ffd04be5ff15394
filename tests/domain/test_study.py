"""Who may know of a series, and what is a link."""

from __future__ import annotations

import pytest

from bot.domain.permissions import Role
from bot.domain.study import About, Audience, is_link, may_know

OURS = {Role.ASKER, Role.TALENT, Role.COORDINATOR, Role.STAFF, Role.ADMIN, Role.UNKNOWN}
DESK = {Role.COORDINATOR, Role.ADMIN}


@pytest.mark.parametrize(
    ("audience", "inside", "those"),
    [
        (Audience.EVERYBODY, False, OURS),
        (Audience.CHANNEL, True, OURS),
        (Audience.CHANNEL, False, DESK),
        (Audience.TALENTS, False, DESK | {Role.TALENT}),
        (Audience.TALENTS, True, DESK | {Role.TALENT}),
    ],
)
def test_who_may_know(audience: Audience, inside: bool, those: set[Role]) -> None:
    about = About("勉強会", audience)
    assert {each for each in Role if may_know(about, each, inside=inside)} == those


@pytest.mark.parametrize(
    "text",
    [
        "https://meet.example.jp/abc-defg",
        "http://10.0.0.1:8080/room?id=1&pwd=a%20b",
        "https://zoom.example.com/j/98765432109?pwd=abc.1#success",
        "HTTPS://会議.example.jp/部屋",
    ],
)
def test_a_link(text: str) -> None:
    assert is_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet.example.jp/abc",
        "県庁3階",
        "ftp://example.jp/a",
        "javascript:alert(1)",
        "https://",
        "https:///room",
        "https://a b.jp/",
        "https://a.jp/\u3000続き",
        "https://a.jp/\n次",
        "https://a.jp/\u202eb",
        "https://a.jp/|別の文字",
        "https://a.jp/><!channel>",
        "https://a.jp:port/",
        "https://[::1/",
        "https://bank.example.jp@evil.example/",
        "https://a.jp/" + "あ" * 500,
    ],
)
def test_no_link(text: str) -> None:
    assert not is_link(text)
