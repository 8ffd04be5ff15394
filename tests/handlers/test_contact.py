"""What somebody reads who wrote to the bot alone."""

from __future__ import annotations

from handlers.questions.screens.contact import ContactValues, contact


def shown(*, phone: str | None = None) -> str:
    values = ContactValues(id=1, number=7, until="11/24(火)10:30", places=True, phone=phone)
    return str(contact(values).blocks)


def test_the_prefecture_s_number_is_the_one_to_call_first() -> None:
    assert "漏えいのおそれは、先に電話:000-000-0000" in shown(phone="000-000-0000")
    assert "先に県へ電話してください" in shown()


def test_what_was_entered_as_a_number_rings_nobody() -> None:
    assert "<!channel>" not in shown(phone="<!channel>")
