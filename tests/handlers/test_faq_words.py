"""Whose words an entry has: nobody publishes others alone, nobody's typing is lost, and what somebody took back is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.faq import Content, Verb, words_key
from bot.domain.question import Verb as Deed
from handlers.faq import actions, dialogs, notices
from handlers.questions import capture
from handlers.questions.actions import act, undo
from storage import faq, faq_use
from storage.faq import Entry
from tests.handlers.faq import (
    CONTENT,
    answered,
    keep,
    letters,
    newest,
    now,
    private,
    publish,
    published,
    rendered,
    resolve,
    run_due,
    source,
    told,
)
from tests.handlers.prefecture import ARIMA, KEN, MORI, NAGI, TOKANO, Prefecture

BETTER = replace(CONTENT, answer="電源を10秒押してください。")


def edits(ken: Prefecture, entry: Entry, content: Content, user: str = MORI) -> Entry:
    seen = now(ken, entry).revision
    return ken.write(actions.edit, entry.id, content, user, seen=seen, source=source())


# --- the asker's yes and no -------------------------------------------------------------------------------------------


def agreed(ken: Prefecture, entry: Entry) -> Entry:
    seen = words_key(now(ken, entry).content)
    return ken.write(actions.answer_yes, entry.id, NAGI, yes=True, seen=seen, source=source())


def test_the_same_words_after_others_are_asked_for_anew(ken: Prefecture) -> None:
    entry = agreed(ken, keep(ken, private(ken)))
    edits(ken, entry, BETTER)
    edits(ken, entry, CONTENT)
    assert told(ken, NAGI) == [notices.CONSENT], "the last letter alone asks"
    assert [rendered(ken, each) is not None for each in letters(ken, NAGI)] == [False, False, True]
    assert agreed(ken, entry).state == "review"


def test_the_asker_takes_their_yes_back_where_they_read_it(ken: Prefecture) -> None:
    entry = publish(ken, agreed(ken, keep(ken, private(ken))))
    assert "載せるのをやめる" in str(ken.read(dialogs.entry, entry.id, NAGI))
    for user in (MORI, KEN, ARIMA):
        assert "載せるのをやめる" not in str(ken.read(dialogs.entry, entry.id, user))
    other = published(ken)
    assert "載せるのをやめる" not in str(ken.read(dialogs.entry, other.id, NAGI)), "asked before everybody"


# --- what its asker takes back ----------------------------------------------------------------------------------------


def asked_by(ken: Prefecture, entry: Entry) -> list[str]:
    found = ken.read(faq_use.phrasings_of, entry.id)
    return [each.words for each in found if each.undone_at is None]


def test_words_that_are_deleted_find_nothing_any_more(ken: Prefecture) -> None:
    said = ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか")
    entry = _published_from(ken, said)
    assert asked_by(ken, entry) == ["パソコンの画面が真っ暗です。どうすればいいですか"]
    before = now(ken, entry).change
    ken.write(capture.deleted, said.channel, said.ts, None)
    assert asked_by(ken, entry) == []
    assert now(ken, entry).change > before, "the search hears of it"
    view = str(ken.read(dialogs.phrasings, entry.id, KEN))
    assert "真っ暗です。どう" not in view
    assert "外しました" in view


def test_words_that_are_put_right_are_not_found_as_they_were(ken: Prefecture) -> None:
    said = ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか")
    entry = _published_from(ken, said)
    edited = replace(
        said, text="画面のことで教えてください。どうすればいいですか", edited_ts=f"{said.ts[:-1]}9"
    )
    ken.write(capture.edited, edited)
    assert asked_by(ken, entry) == []


def _published_from(ken: Prefecture, said: Any) -> Entry:
    ken.write(capture.capture, said)
    question_id = newest(ken)
    ken.write(act, question_id, Deed.CLAIM, MORI, source=source())
    ken.write(capture.capture, ken.message(MORI, "電源を押してください", thread=said.ts))
    resolve(ken, question_id)
    return publish(ken, keep(ken, question_id))


def test_what_is_withdrawn_teaches_nothing(ken: Prefecture) -> None:
    question_id = answered(ken)
    entry = publish(ken, keep(ken, question_id))
    assert len(asked_by(ken, entry)) == 1
    ken.write(act, question_id, Deed.WITHDRAW, NAGI, source=source())
    assert asked_by(ken, entry) == []
    later = publish(ken, keep(ken, second := answered(ken)))
    assert asked_by(ken, later)
    ken.write(act, second, Deed.WITHDRAW, NAGI, source=source())
    ken.write(undo, second, NAGI, source=source())
    assert asked_by(ken, later) == []


# --- names people know ------------------------------------------------------------------------------------------------


def test_the_history_says_what_people_know_things_by(ken: Prefecture) -> None:
    entry = published(ken)
    changed = replace(
        CONTENT,
        kind="case",
        field_id="net",
        owner=TOKANO,
        municipality_code="011002",
        size_band="m",
        review_on=date(2028, 1, 4),
    )
    edits(ken, entry, changed, KEN)
    past = str(ken.read(dialogs.history, entry.id, KEN))
    for line in (
        "種類:好事例",
        "団体:札幌市",
        "人口の規模:1万〜5万人",
        "内容の担当:TOKANOさん",
        "見直す日:2028年1月4日",
    ):
        assert f"➕ {line}" in past, line
    for code in ("device", "U0MORI", "U0TOKANO", "011002", "2028-01-04", ":m"):
        assert code not in past, code
    other = keep(ken, answered(ken))
    how: dict[str, Any] = {"publish": False, "note": "出典を", "seen": other.revision, "source": source()}
    ken.write(actions.decide, other.id, CONTENT, KEN, **how)
    assert "内容の担当に戻しました" in str(ken.read(dialogs.history, other.id, KEN))


# --- when people are rung ---------------------------------------------------------------------------------------------


def test_nobody_is_rung_for_an_entry_before_the_office_opens(ken: Prefecture) -> None:
    question_id = answered(ken)
    ken.now += timedelta(hours=10)  # past eight in the evening
    entry = keep(ken, question_id)
    assert letters(ken, KEN) == []
    ken.now += timedelta(hours=12, minutes=10)
    run_due(ken)
    ken.now += timedelta(hours=1)
    run_due(ken)
    assert told(ken, KEN) == [notices.TO_REVIEW]
    assert len(letters(ken, KEN)) == 1
    assert entry.state == "review"


def test_the_owner_is_asked_when_they_work(ken: Prefecture) -> None:
    entry = published(ken, replace(CONTENT, review_on=date(2026, 11, 28)))  # a Saturday
    ken.now += timedelta(days=4, hours=3)
    run_due(ken)
    assert letters(ken, MORI, notices.REVIEW) == []
    ken.now += timedelta(days=2)
    run_due(ken)
    assert told(ken, MORI).count(notices.REVIEW) == 1
    assert now(ken, entry).content.review_on == date(2026, 11, 28)
    assert Verb.CONFIRM.value not in [each.verb for each in ken.read(faq.history, entry.id)]
