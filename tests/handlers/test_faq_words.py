"""Whose words an entry has: nobody publishes others alone, nobody's typing is lost, and what somebody took back is gone."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.faq import Content, State, Verb, words_key
from bot.domain.question import Verb as Deed
from bot.errors import NotPossibleNow, NotYours
from handlers.faq import actions, dialogs, entering, form, notices, use
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, undo
from storage import duties, faq, faq_use, held, overview, talents
from storage.database import Transaction
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
from tests.handlers.test_faq_entered import entered

pytestmark = pytest.mark.screens

BETTER = replace(CONTENT, answer="電源を10秒押してください。")


def edits(ken: Prefecture, entry: Entry, content: Content, user: str = MORI) -> Entry:
    seen = now(ken, entry).revision
    return ken.write(actions.edit, entry.id, content, user, seen=seen, source=source())


def decides(ken: Prefecture, entry: Entry, content: Content, *, publish: bool, note: str = "") -> Entry:
    seen = now(ken, entry).revision
    how: dict[str, Any] = {"publish": publish, "note": note or None, "seen": seen, "source": source()}
    return ken.write(actions.decide, entry.id, content, KEN, **how)


# --- other words for what is published --------------------------------------------------------------------------------


def test_other_words_of_its_owner_wait_while_the_present_ones_are_found(ken: Prefecture) -> None:
    entry = published(ken)
    after = edits(ken, entry, BETTER)
    assert (after.state, after.content, after.changed_at) == ("published", CONTENT, entry.changed_at)
    assert "10秒" not in str(ken.read(dialogs.entry, entry.id, NAGI))
    assert "公開中のFAQを直した文面" in str(rendered(ken, letters(ken, KEN)[-1]))
    assert [each.id for each in ken.read(lambda tx: faq.in_state(tx, State.REVIEW))] == [entry.id]
    assert ken.read(lambda tx: overview.entries_in(tx, State.REVIEW)) == 1
    edits(ken, entry, replace(BETTER, tags=("電源",)))
    assert len(letters(ken, KEN, notices.TO_REVIEW)) == 2, (
        "the first review, and one for all that is proposed"
    )
    assert "10秒" in str(ken.read(dialogs.edit, entry.id, MORI)), "they go on where they stopped"
    view = str(ken.read(dialogs.edit, entry.id, KEN))
    assert "FAQの確認" in view
    assert "➖ 電源を長押ししてください。" in view
    assert "➕ 検索のことば:電源" in view
    live = decides(ken, entry, replace(BETTER, tags=("電源", "画面")), publish=True)
    assert (live.content.tags, live.proposed) == (("電源", "画面"), None)
    assert "10秒" in str(ken.read(dialogs.entry, entry.id, NAGI))
    assert ken.read(lambda tx: faq.in_state(tx, State.REVIEW)) == []
    assert told(ken, KEN) == []


def test_what_is_given_back_stays_written_and_can_be_given_in_again(ken: Prefecture) -> None:
    entry = published(ken)
    edits(ken, entry, BETTER)
    back = decides(ken, entry, BETTER, publish=False, note="出典をお願いします")
    assert (back.state, back.content, back.proposed) == ("published", CONTENT, None)
    assert notices.RETURNED in told(ken, MORI)
    (letter,) = letters(ken, MORI, notices.RETURNED)
    assert "出典をお願いします" in str(rendered(ken, letter))
    assert "10秒" in str(ken.read(dialogs.edit, entry.id, MORI))
    again = edits(ken, entry, BETTER)  # the same words once more
    assert again.proposed == again.revision
    assert notices.RETURNED not in told(ken, MORI)
    as_it_was = edits(ken, entry, CONTENT)  # and then not after all
    assert (as_it_was.proposed, as_it_was.content) == (None, CONTENT)
    assert told(ken, KEN) == []


def test_what_nobody_reads_is_changed_at_once_and_an_editor_publishes_by_themselves(ken: Prefecture) -> None:
    entry = published(ken)
    later = replace(CONTENT, review_on=date(2028, 1, 4))
    assert edits(ken, entry, later).content == later
    assert edits(ken, entry, BETTER, KEN).content == BETTER
    assert told(ken, KEN) == []


def test_while_other_words_wait_the_present_ones_are_not_confirmed(ken: Prefecture) -> None:
    entry = published(ken)
    edits(ken, entry, BETTER)
    with pytest.raises(NotPossibleNow, match="確認を待っています"):
        ken.write(actions.confirm, entry.id, MORI, source=source())
    with pytest.raises(NotYours):
        ken.write(
            actions.decide,
            entry.id,
            BETTER,
            MORI,
            publish=True,
            note=None,
            seen=now(ken, entry).revision,
            source=source(),
        )
    ken.write(actions.put_away, entry.id, MORI, source=source())
    assert now(ken, entry).proposed is None
    assert told(ken, KEN) == []


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


# --- two at once ------------------------------------------------------------------------------------------------------


def values(view: dict[str, Any]) -> dict[str, Any]:
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value") for block in inputs}


def test_who_comes_second_keeps_what_they_typed_and_reads_what_the_other_wrote(ken: Prefecture) -> None:
    entry = edits(ken, published(ken), replace(CONTENT, tags=("画面",)), KEN)
    about = f"{entry.id}:{entry.revision}"
    edits(ken, entry, replace(entry.content, answer="その間の答え", tags=("画面", "電源")), KEN)
    typed = {form.ANSWER: {"value": "私の長い答え"}, form.TAGS: {"value": "画面"}}
    same = {form.QUESTION: {"value": CONTENT.question}, form.SOURCES: {}}
    view, press = entered(about, {**same, **typed}, form.EDIT), source()
    for _ in range(2):
        shown, problems = ken.write(entering.submitted, KEN, view, source=press)
        assert problems == {}
        assert shown is not None
        assert "県さんが先に直しました" in str(shown)
        assert "➕ その間の答え" in str(shown)
        assert values(shown)[form.ANSWER] == "私の長い答え"
        assert values(shown)[form.TAGS] == "画面、電源", "what they left alone is as it is now"
    assert now(ken, entry).content.answer == "その間の答え"
    assert shown is not None
    again = {**view, "private_metadata": shown["private_metadata"]}
    done, _ = ken.write(entering.submitted, KEN, again, source=source())
    assert "公開しました" in str(done)
    assert now(ken, entry).content.answer == "私の長い答え"


def test_the_same_press_again_says_again_that_it_is_done(ken: Prefecture) -> None:
    entry = published(ken)
    view, press = entered(f"{entry.id}:{entry.revision}", None, form.EDIT), source()
    for _ in range(2):
        shown, _ = ken.write(entering.submitted, KEN, view, source=press)
        assert "公開しました" in str(shown)
    assert now(ken, entry).revision == entry.revision + 1


def test_a_reviewer_who_comes_second_keeps_their_decision(ken: Prefecture) -> None:
    entry = keep(ken, answered(ken))
    about, back = f"{entry.id}:{entry.revision}", {form.DECISION: {"selected_option": {"value": "return"}}}
    edits(ken, entry, BETTER)
    view = entered(about, {**back, form.NOTE: {"value": "出典を"}}, form.REVIEW)
    shown, _ = ken.write(entering.submitted, KEN, view, source=source())
    assert "FAQの確認" in str(shown)
    assert "'initial_value': '出典を'" in str(shown)
    assert shown is not None
    (decision,) = [block for block in shown["blocks"] if block.get("block_id") == form.DECISION]
    assert decision["element"]["initial_option"]["value"] == form.SEND_BACK


def test_what_stands_in_the_way_is_said_in_the_dialog_which_stays(ken: Prefecture) -> None:
    entry = published(ken)
    view = entered(f"{entry.id}:{entry.revision}", None, form.EDIT)
    ken.write(actions.put_away, entry.id, KEN, source=source())
    press = source()
    for _ in range(2):
        shown, problems = ken.write(entering.submitted, MORI, view, source=press)
        assert shown is None
        assert "書いた内容は、この画面に残っています" in problems[form.ANSWER]
    question_id = answered(ken)
    keep(ken, question_id)
    late = entered(f"question:{question_id}")
    shown, problems = ken.write(entering.submitted, MORI, late, source=source())
    assert shown is None
    assert "もうFAQに残されて" in problems[form.ANSWER]


# --- what fits --------------------------------------------------------------------------------------------------------


def test_all_ten_tags_come_back_from_the_dialog(ken: Prefecture) -> None:
    tags = tuple(f"{n}{'あ' * 199}" for n in range(10))
    entry = published(ken, replace(CONTENT, tags=tags))
    shown = values(ken.read(dialogs.edit, entry.id, KEN))
    assert shown[form.TAGS] == "、".join(tags)
    typed = {form.TAGS: {"value": shown[form.TAGS]}}
    view = entered(f"{entry.id}:{entry.revision}", typed, form.EDIT)
    assert ken.write(entering.submitted, KEN, view, source=source())[1] == {}
    assert now(ken, entry).content.tags == tags


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (form.QUESTION, "&" * 900),
        (form.ANSWER, "<" * 2000),
        (form.ANSWER, "あ\n" * 1500 + "&" * 1000),
        (form.SOURCES, "\n".join(f"{n}{'&' * 100}" for n in range(10))),
        (form.COST, "&" * 200),
    ],
)
def test_what_cannot_be_shown_whole_is_not_taken(ken: Prefecture, block: str, text: str) -> None:
    more = {each: {"value": "&" * 200} for each in (form.EFFORT, form.CONTACT)} if block == form.COST else {}
    view = entered("new", {**more, block: {"value": text}})
    shown, problems = ken.write(entering.submitted, MORI, view, source=source())
    assert shown is None
    assert list(problems) == [block]


def test_the_longest_that_is_taken_is_shown_whole(ken: Prefecture) -> None:
    longest = {
        form.QUESTION: {"value": "問" * 1000},
        form.ANSWER: {"value": "答" * 2999 + "末"},
        form.TAGS: {"value": "、".join(f"{n}{'あ' * 199}" for n in range(10))},
    }
    question_id = private(ken)
    assert (
        ken.write(entering.submitted, MORI, entered(f"question:{question_id}", longest), source=source())[1]
        == {}
    )
    (letter,) = letters(ken, NAGI, notices.CONSENT)
    message = rendered(ken, letter)
    assert message is not None
    assert "末" in str(message.blocks)
    assert "続き" not in str(message.blocks)


# --- a body that is named ---------------------------------------------------------------------------------------------

CASE = {form.KIND: {"selected_option": {"value": "case"}}}
SAPPORO = {form.BODY: {"selected_option": {"value": "011002"}}}
HAKODATE = {form.BODY: {"selected_option": {"value": "012025"}}}
TICK = {form.AGREED: {"selected_options": [{"value": "yes"}]}}


def case(ken: Prefecture) -> Entry:
    view = entered("new", {**CASE, **SAPPORO, **TICK})
    assert ken.write(entering.submitted, MORI, view, source=source())[1] == {}
    (entry,) = ken.read(lambda tx: faq.in_state(tx, State.REVIEW))
    return publish(ken, entry)


def test_who_asked_a_body_and_when_is_kept_with_this_very_body(ken: Prefecture) -> None:
    entry = case(ken)
    assert (entry.content.agreed_by, entry.content.agreed_on) == (MORI, date(2026, 11, 24))
    view = ken.read(dialogs.edit, entry.id, KEN)
    assert "札幌市には、MORIさんが2026年11月24日に確かめました" in str(view)
    ticks = [block for block in view["blocks"] if block.get("block_id") == form.AGREED]
    assert "initial_options" not in ticks[0]["element"]
    about = f"{entry.id}:{entry.revision}"
    other = entered(about, {**CASE, **HAKODATE}, form.EDIT)
    assert form.AGREED in ken.write(entering.submitted, KEN, other, source=source())[1]
    same = entered(about, {**CASE, **SAPPORO, form.COST: {"value": "0円"}}, form.EDIT)
    assert ken.write(entering.submitted, KEN, same, source=source())[1] == {}
    assert now(ken, entry).content.agreed_by == MORI, "they asked, whoever writes now"
    other = entered(f"{entry.id}:{entry.revision + 1}", {**CASE, **HAKODATE, **TICK}, form.EDIT)
    assert ken.write(entering.submitted, KEN, other, source=source())[1] == {}
    assert (now(ken, entry).content.agreed_by, now(ken, entry).content.municipality_code) == (KEN, "012025")
    past = str(ken.read(dialogs.history, entry.id, KEN))
    assert "➖ 団体:札幌市" in past
    assert "➕ 団体に確かめた方:県さん" in past


# --- names people know ------------------------------------------------------------------------------------------------


def test_the_history_says_what_people_know_things_by(ken: Prefecture) -> None:
    entry = published(ken)
    changed = replace(
        CONTENT,
        kind="case",
        field_id="net",
        owner=TOKANO,
        municipality_code="011002",
        agreed_by=KEN,
        agreed_on=date(2026, 11, 24),
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
    decides(ken, other, CONTENT, publish=False, note="出典を")
    assert "内容の担当に戻しました" in str(ken.read(dialogs.history, other.id, KEN))


# --- when people are rung ---------------------------------------------------------------------------------------------


def test_nobody_is_rung_for_an_entry_before_the_office_opens(ken: Prefecture) -> None:
    question_id = answered(ken)
    ken.now += timedelta(hours=10)  # past eight in the evening
    entry = keep(ken, question_id)
    ken.now += timedelta(hours=12, minutes=10)
    assert ken.read(held.due, KEN) == []
    ken.now += timedelta(hours=1)
    assert [each.renderer for each in ken.read(held.due, KEN)] == [notices.TO_REVIEW]
    assert told(ken, KEN) == [notices.TO_REVIEW]
    assert len(letters(ken, KEN)) == 1
    assert entry.state == "review"


def works(tx: Transaction, user: str, hours: str) -> None:
    known = talents.talent(tx, user)
    assert known is not None
    talents.save_talent(tx, **{**asdict(known), "working_hours": hours})
    duties.remove_hours(tx, tx.now, tx.now + timedelta(days=60), users=[user])


def test_who_works_at_other_hours_than_the_office_is_thanked_and_asked_then(ken: Prefecture) -> None:
    """The bot was away meanwhile, or their hours lie outside the office's: nothing is put off for ever."""
    ken.write(works, MORI, "火 18:00-20:00")
    ken.write(works, TOKANO, "水 9:00-12:00")
    late = replace(CONTENT, review_on=date(2026, 11, 30))
    for owner in (MORI, TOKANO):
        entry = published(ken, replace(late, owner=owner))
        ken.write(faq_use.helps, entry.id, NAGI, source=f"search:{owner}")
        ken.write(use.plan_thanks, owner)
    ken.now += timedelta(days=6)  # Monday, the 30th: nobody works
    run_due(ken)
    assert [told(ken, user).count(notices.THANKS) for user in (MORI, TOKANO)] == [0, 1], "his hour has passed"
    assert [told(ken, user).count(notices.REVIEW) for user in (MORI, TOKANO)] == [0, 0]
    ken.now += timedelta(days=1, hours=9)  # Tuesday evening
    run_due(ken)
    assert [told(ken, user).count(notices.THANKS) for user in (MORI, TOKANO)] == [1, 1]
    assert [told(ken, user).count(notices.REVIEW) for user in (MORI, TOKANO)] == [1, 0]
    ken.now += timedelta(days=1, hours=20)  # Thursday afternoon
    run_due(ken)
    assert told(ken, TOKANO).count(notices.REVIEW) == 1


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
