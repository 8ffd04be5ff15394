"""A published entry: read, put right, compared, put away, looked at again, listed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.faq import State
from bot.errors import NotYours
from handlers.common.doors import Visitor
from handlers.faq import actions, dialogs, importing, notices, views
from handlers.faq.planning import New
from handlers.home import entries
from storage import faq, members
from tests.handlers.faq import (
    CONTENT,
    answered,
    keep,
    letters,
    now,
    private,
    publish,
    published,
    rendered,
    run_due,
    source,
    told,
)
from tests.handlers.prefecture import ARIMA, KEN, MORI, NAGI, TOKANO, Prefecture


def test_what_is_not_published_is_read_by_those_who_care_for_it(ken: Prefecture) -> None:
    entry = keep(ken, answered(ken))
    for user in (MORI, KEN):
        assert "履歴" in str(ken.read(dialogs.entry, entry.id, user))
    for user in (NAGI, ARIMA):
        with pytest.raises(NotYours):
            ken.read(dialogs.entry, entry.id, user)
    publish(ken, entry)
    assert "履歴" not in str(ken.read(dialogs.entry, entry.id, NAGI))
    assert "助言です" in str(ken.read(dialogs.entry, entry.id, NAGI))
    for dialog in (dialogs.history, dialogs.phrasings, dialogs.edit):
        with pytest.raises(NotYours):
            ken.read(dialog, entry.id, ARIMA)


def test_the_history_says_who_changed_which_line(ken: Prefecture) -> None:
    entry = published(ken)
    other = replace(CONTENT, answer="電源を長押ししてください。\nだめなら電話を。", tags=("電源",))
    ken.write(actions.edit, entry.id, other, KEN, seen=entry.revision, source=source())
    view = str(ken.read(dialogs.history, entry.id, KEN))
    assert "➕ だめなら電話を。" in view
    assert "➕ 検索のことば:電源" in view
    assert "➖" not in view
    assert "県さんが直しました" in view


def test_put_away_and_taken_out_again(ken: Prefecture) -> None:
    entry = published(ken)
    with pytest.raises(NotYours):
        ken.write(actions.put_away, entry.id, ARIMA, source=source())
    ken.write(actions.put_away, entry.id, MORI, source=source())
    assert ken.read(faq.these, [entry.id]) == []
    with pytest.raises(NotYours):
        ken.write(actions.put_away, entry.id, MORI, source=source(), back=True)
    back = ken.write(actions.put_away, entry.id, KEN, source=source(), back=True)
    assert back.state == "draft"
    again = ken.write(actions.edit, entry.id, back.content, MORI, seen=back.revision, source=source())
    assert again.state == "review"


def test_the_owner_is_asked_on_the_review_date_and_the_coordinators_a_fortnight_later(
    ken: Prefecture,
) -> None:
    entry = published(ken)
    ken.now += timedelta(days=364)
    run_due(ken)
    assert notices.REVIEW not in told(ken, MORI)
    ken.now += timedelta(days=1)
    run_due(ken)
    run_due(ken)
    assert told(ken, MORI).count(notices.REVIEW) == 1
    assert notices.REVIEW not in told(ken, KEN)
    ken.now += timedelta(days=14)
    run_due(ken)
    assert told(ken, KEN) == [notices.REVIEW]
    ken.write(actions.confirm, entry.id, MORI, source=source())
    assert now(ken, entry).content.review_on == (ken.now + timedelta(days=365)).date()
    ken.now += timedelta(days=100)
    run_due(ken)
    assert [len(letters(ken, user, notices.REVIEW)) for user in (MORI, KEN)] == [1, 1]
    ken.now += timedelta(days=265)
    run_due(ken)
    assert len(letters(ken, MORI, notices.REVIEW)) == 2


def test_however_many_are_due_a_person_has_one_message_a_day(ken: Prefecture) -> None:
    mine = [replace(CONTENT, question=f"質問その{n}") for n in range(12)]
    ken.write(importing.add, [New(n, each, State.PUBLISHED, ()) for n, each in enumerate(mine)])
    tomorrow = replace(CONTENT, question="あすのもの", review_on=date(2027, 11, 25))
    ken.write(importing.add, [New(99, tomorrow, State.PUBLISHED, ())])
    ken.now += timedelta(days=365)
    run_due(ken)
    (letter,) = letters(ken, MORI, notices.REVIEW)
    message = rendered(ken, letter)
    assert message is not None
    assert "12件あります" in message.text
    assert "ほかに2件" in str(message.blocks)
    assert "あすのもの" not in str(message.blocks)
    assert "見直しの時期のFAQ 12件" in str(ken.read(entries.dialog, Visitor(MORI, "")))
    first, *_ = ken.read(lambda tx: notices.to_look_at(tx, date(2027, 11, 24), MORI))
    assert "いまも正しい" in str(ken.read(dialogs.entry, first.id, MORI))
    assert "いまも正しい" not in str(ken.read(dialogs.entry, first.id, NAGI))
    ken.write(actions.confirm, first.id, MORI, source=source())
    assert "いまも正しい" not in str(ken.read(dialogs.entry, first.id, MORI))
    assert "11件あります" in str(rendered(ken, letter))
    ken.now += timedelta(days=1)
    run_due(ken)
    assert len(letters(ken, MORI, notices.REVIEW)) == 2
    assert letters(ken, KEN, notices.REVIEW) == []
    ken.now += timedelta(days=13)
    run_due(ken)
    (letter,) = letters(ken, KEN, notices.REVIEW)
    assert "11件あります" in str(rendered(ken, letter))


def test_who_reviews_and_owns_has_one_letter_about_both(ken: Prefecture) -> None:
    """Their own entry is due on the day on which another's is a fortnight overdue."""
    published(ken, replace(CONTENT, question="ほかの方のもの", review_on=date(2026, 12, 1)))
    published(ken, replace(CONTENT, question="ご自分のもの", owner=KEN, review_on=date(2026, 12, 15)))
    ken.now = datetime(2026, 12, 15, 1, 0, tzinfo=UTC)
    for _ in range(2):
        run_due(ken)
        ken.now += timedelta(hours=1)
    (letter,) = letters(ken, KEN, notices.REVIEW)
    message = rendered(ken, letter)
    assert message is not None
    assert "2件あります" in message.text
    assert "ほかの方のもの" in str(message.blocks)
    assert "ご自分のもの" in str(message.blocks)
    assert "見直しをお願いするFAQ 2件" in str(ken.read(entries.dialog, Visitor(KEN, "")))


def test_confirmed_in_time_or_put_away_nobody_is_asked(ken: Prefecture) -> None:
    first, second = published(ken), published(ken)
    ken.now += timedelta(days=200)
    ken.write(actions.confirm, first.id, MORI, source=source())
    ken.write(actions.put_away, second.id, MORI, source=source())
    ken.now += timedelta(days=200)
    run_due(ken)
    assert letters(ken, MORI, notices.REVIEW) == []


def test_without_an_owner_the_coordinators_are_asked_at_once(ken: Prefecture) -> None:
    published(ken)
    row = {"user_id": MORI, "name": "森", "deactivated": True}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["deactivated"]))
    ken.now += timedelta(days=365)
    run_due(ken)
    assert told(ken, KEN) == [notices.REVIEW]
    assert letters(ken, MORI, notices.REVIEW) == []


def test_lists_for_who_writes_and_for_who_reviews(ken: Prefecture) -> None:
    keep(ken, answered(ken), replace(CONTENT, question="森の質問"))
    keep(ken, private(ken), replace(CONTENT, question="同意待ち"))
    published(ken, replace(CONTENT, question="公開中のもの"))
    mine = str(ken.read(entries.dialog, Visitor(MORI, "")))
    assert "森の質問" in mine
    assert "同意待ち" in mine
    assert "公開中のもの" not in mine
    assert views.REVIEW not in _opens(mine), "they read it, who reviews decides"
    assert "いま、お待ちの" in str(ken.read(entries.dialog, Visitor(TOKANO, "")))
    all_ = str(ken.read(entries.dialog, Visitor(KEN, "")))
    assert "確認待ちのFAQ 1件" in all_
    assert "FAQの下書き(全員) 1件" in all_
    assert views.REVIEW in _opens(all_)


def _opens(view: str) -> list[str]:
    return re.findall(r"'action_id': '(\w+)'", view)
