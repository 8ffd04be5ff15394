"""A mail address tells of a body by its domain alone, and only when colleagues have shown whose it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.mail import domain_of, guessed


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("nagi@town.namimachi.example.jp", "town.namimachi.example.jp"),
        ("Nagi@TOWN.Example.LG.JP ", "town.example.lg.jp"),
        ("nagi@gmail.com", None),
        ("nagi@Yahoo.co.jp", None),
        ("nagi@mail.docomo.ne.jp", None),
        ("nagi@localhost", None),
        ("nagi", None),
        ("", None),
        (None, None),
        (3, None),
        ("nagi@exa mple.jp", None),
        ("a@b@town.example.jp", "town.example.jp"),
        ("nagi@日本.jp", None),
    ],
)
def test_only_what_follows_the_at_is_looked_at(address: object, domain: str | None) -> None:
    assert domain_of(address) == domain


@given(st.one_of(st.text(), st.binary(), st.none(), st.dictionaries(st.text(), st.text())))
def test_whatever_slack_sends_is_a_domain_or_nothing(address: object) -> None:
    found = domain_of(address)
    assert found is None or ("@" not in found and "." in found)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({}, None),
        ({"993433": 1}, None),
        ({"993433": 2}, "993433"),
        ({"993433": 20, "993425": 1}, None),  # a prefecture's common domain
        ({"993433": 20, None: 1}, None),
        ({None: 5}, None),
    ],
)
def test_a_guess_needs_two_of_one_body_and_nobody_of_another(
    known: dict[str | None, int], code: str | None
) -> None:
    assert guessed(known) == code
