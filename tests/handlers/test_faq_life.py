"""An entry from the offer to the archive: who may do what, who is told, what the asker of a private question agrees to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.faq import words_key
from bot.domain.question import Verb
from bot.errors import NotPossibleNow, NotYours
from handlers.faq import actions, dialogs, notices
from handlers.faq.parts import parts
from handlers.questions import capture
from handlers.questions.actions import act, undo
from storage import faq, faq_use, members
from tests.handlers.faq import (
    ASKED,
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
from tests.handlers.prefecture import ARIMA, ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture


def shown(ken: Prefecture, user: str, renderer: str) -> str:
    (letter,) = letters(ken, user, renderer)
    message = rendered(ken, letter)
    assert message is not None
    return str(message.blocks) + message.text


# --- the offer ------------------------------------------------------------------------------------------------------


def test_who_answered_is_offered_to_keep_it_once_when_it_cannot_be_taken_back_any_more(
    ken: Prefecture,
) -> None:
    question_id = answered(ken)
    resolve(ken, question_id)
    run_due(ken)
    assert told(ken, MORI) == []
    ken.now += timedelta(minutes=10)
    run_due(ken)
    assert told(ken, MORI) == [notices.OFFER]
    assert told(ken, KEN) == told(ken, NAGI) == []
    ken.write(act, question_id, Verb.REOPEN, NAGI, source=source())
    resolve(ken, question_id)
    ken.now += timedelta(minutes=10)
    run_due(ken)
    assert len(letters(ken, MORI)) == 1


def test_what_was_taken_back_is_offered_to_nobody(ken: Prefecture) -> None:
    question_id = answered(ken)
    resolve(ken, question_id)
    ken.write(undo, question_id, NAGI, source=source())
    ken.now += timedelta(hours=1)
    run_due(ken)
    assert letters(ken, MORI) == []


def test_without_a_written_answer_there_is_nothing_to_keep(ken: Prefecture) -> None:
    said = ken.message(NAGI, ASKED)
    ken.write(capture.capture, said)
    question_id = newest(ken)
    ken.write(act, question_id, Verb.CLAIM, MORI, source=source())
    resolve(ken, question_id)
    ken.now += timedelta(hours=1)
    run_due(ken)
    assert letters(ken, MORI) == []


def test_once_it_is_kept_the_offer_says_nothing_any_more(ken: Prefecture) -> None:
    question_id = answered(ken)
    resolve(ken, question_id)
    ken.now += timedelta(minutes=10)
    run_due(ken)
    keep(ken, question_id)
    assert told(ken, MORI) == []


# --- keeping --------------------------------------------------------------------------------------------------------


def test_the_dialog_begins_with_the_thread_without_names(ken: Prefecture) -> None:
    view = ken.read(dialogs.keep, answered(ken), MORI)
    values = {
        block["block_id"]: block["element"].get("initial_value")
        for block in view["blocks"]
        if block["type"] == "input"
    }
    assert values["faq_question"] == "パソコンの画面が真っ暗です。ある市の担当の方です。どうすればいいですか"
    assert values["faq_answer"] == "担当の方、電源を長押ししてください"
    assert "札幌市、浜野" in str(view)
    assert "同意" not in str(view)


@pytest.mark.parametrize("user", [NAGI, ITSUKI, "U0FREMD"])
def test_who_did_not_answer_cannot_keep_it(ken: Prefecture, user: str) -> None:
    question_id = answered(ken)
    with pytest.raises(NotYours, match="答えた方"):
        ken.read(dialogs.keep, question_id, user)
    with pytest.raises(NotYours):
        keep(ken, question_id, user=user)
    assert ken.read(faq.from_question, question_id) is None


def test_it_is_kept_once(ken: Prefecture) -> None:
    question_id, press = answered(ken), source()
    first = ken.write(actions.keep, question_id, CONTENT, MORI, source=press)
    assert ken.write(actions.keep, question_id, CONTENT, MORI, source=press) == first
    with pytest.raises(NotPossibleNow, match="もうFAQに残されて"):
        keep(ken, question_id, user=KEN)


def test_a_kept_answer_waits_for_review_and_the_coordinators_hear_of_it(ken: Prefecture) -> None:
    entry = keep(ken, answered(ken))
    assert (entry.state, entry.consent) == ("review", "not_needed")
    assert told(ken, KEN) == [notices.TO_REVIEW]
    assert "画面が真っ暗なとき" in shown(ken, KEN, notices.TO_REVIEW)
    assert told(ken, MORI) == []


# --- review ---------------------------------------------------------------------------------------------------------


def test_a_coordinator_publishes_it_and_its_author_hears_of_it(ken: Prefecture) -> None:
    question_id = answered(ken)
    entry = publish(ken, keep(ken, question_id), replace(CONTENT, answer="長押しです。"))
    assert (entry.state, entry.content.answer) == ("published", "長押しです。")
    assert told(ken, MORI) == [notices.PUBLISHED]
    assert told(ken, KEN) == []  # nothing waits any more
    (phrasing,) = ken.read(faq_use.phrasings_of, entry.id)
    assert phrasing.words == "パソコンの画面が真っ暗です。ある市の担当の方です。どうすればいいですか"
    assert (phrasing.author, phrasing.question_id) == (NAGI, question_id)
    assert [each.verb for each in ken.read(faq.history, entry.id)] == ["keep", "submit", "edit", "publish"]


@pytest.mark.parametrize("user", [MORI, ARIMA, NAGI])
def test_nobody_else_publishes(ken: Prefecture, user: str) -> None:
    entry = keep(ken, answered(ken))
    with pytest.raises(NotYours):
        publish(ken, entry, user=user)
    assert now(ken, entry) == entry


def test_a_coordinator_gives_it_back_with_a_word_and_it_comes_again(ken: Prefecture) -> None:
    entry = keep(ken, answered(ken))
    back = ken.write(
        actions.decide,
        entry.id,
        CONTENT,
        KEN,
        publish=False,
        note="出典をお願いします",
        seen=entry.revision,
        source=source(),
    )
    assert back.state == "draft"
    assert told(ken, MORI) == [notices.RETURNED]
    assert "出典をお願いします" in shown(ken, MORI, notices.RETURNED)
    better = replace(CONTENT, sources=("手引き",))
    again = ken.write(actions.edit, entry.id, better, MORI, seen=back.revision, source=source())
    assert (again.state, again.content) == ("review", better)
    assert told(ken, KEN) == [notices.TO_REVIEW, notices.TO_REVIEW]  # both lead to the same dialog
    assert len(letters(ken, KEN)) == 2


def test_two_at_once_the_second_reads_first_what_the_other_wrote(ken: Prefecture) -> None:
    entry = published(ken)
    ken.write(
        actions.edit, entry.id, replace(CONTENT, answer="一"), MORI, seen=entry.revision, source=source()
    )
    with pytest.raises(NotPossibleNow, match="先に"):
        ken.write(
            actions.edit, entry.id, replace(CONTENT, answer="二"), KEN, seen=entry.revision, source=source()
        )
    assert now(ken, entry).content.answer == "一"


def test_the_same_press_again_changes_nothing(ken: Prefecture) -> None:
    entry, press = published(ken), source()
    for _ in range(2):
        ken.write(
            actions.edit, entry.id, replace(CONTENT, answer="一"), MORI, seen=entry.revision, source=press
        )
    assert now(ken, entry).revision == entry.revision + 1


def test_whose_permission_is_gone_cares_for_it_no_more(ken: Prefecture) -> None:
    entry = published(ken)
    assert ken.read(parts, entry, MORI)
    row = {"user_id": MORI, "name": "森", "permission": "asker"}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["permission"]))
    assert ken.read(parts, entry, MORI) == frozenset()


# --- consent --------------------------------------------------------------------------------------------------------


def test_a_private_question_is_first_shown_to_its_asker_in_these_words(ken: Prefecture) -> None:
    question_id = private(ken)
    assert "同意があるまで" in str(ken.read(dialogs.keep, question_id, MORI))
    entry = keep(ken, question_id)
    assert (entry.state, entry.consent) == ("draft", "asked")
    assert told(ken, NAGI) == [notices.CONSENT]
    words = shown(ken, NAGI, notices.CONSENT)
    assert CONTENT.question in words
    assert CONTENT.answer in words
    assert letters(ken, KEN) == []
    for way in (publish, lambda *a: ken.read(lambda tx: dialogs.edit(tx, entry.id, KEN, review=True))):
        with pytest.raises(NotPossibleNow):
            way(ken, entry)
    agreed = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(entry.content), source=source()
    )
    assert (agreed.state, agreed.consent) == ("review", "given")
    assert told(ken, KEN) == [notices.TO_REVIEW]
    assert publish(ken, agreed).state == "published"
    assert ken.read(faq_use.phrasings_of, entry.id) == []  # their own words stay private


def test_other_words_need_a_new_yes_and_are_not_found_until_then(ken: Prefecture) -> None:
    entry = keep(ken, private(ken))
    entry = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(entry.content), source=source()
    )
    changed = publish(ken, entry, replace(CONTENT, answer="ほかのことば"))
    assert (changed.state, changed.consent) == ("draft", "asked")
    assert told(ken, NAGI) == [notices.CONSENT]
    assert "ほかのことば" in str(rendered(ken, letters(ken, NAGI)[-1]))
    with pytest.raises(NotPossibleNow, match="新しいお知らせ"):  # they pressed below the old words
        ken.write(actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(CONTENT), source=source())
    again = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(changed.content), source=source()
    )
    live = publish(ken, again)
    assert live.state == "published"
    ken.write(
        actions.edit,
        live.id,
        replace(live.content, review_on=date(2028, 1, 4)),
        MORI,
        seen=live.revision,
        source=source(),
    )
    assert now(ken, live).state == "published"  # nobody reads anything else
    after = ken.write(
        actions.edit,
        live.id,
        replace(live.content, answer="三"),
        MORI,
        seen=live.revision + 1,
        source=source(),
    )
    assert (after.state, after.consent) == ("draft", "asked")
    assert ken.read(faq.these, [live.id]) == []


def test_the_asker_says_no_now_or_later(ken: Prefecture) -> None:
    entry = keep(ken, private(ken))
    entry = ken.write(
        actions.answer_yes, entry.id, NAGI, yes=True, seen=words_key(entry.content), source=source()
    )
    live = publish(ken, entry)
    gone = ken.write(actions.answer_yes, live.id, NAGI, yes=False, seen="", source=source())
    assert (gone.state, gone.consent) == ("archived", "refused")
    assert notices.REFUSED in told(ken, MORI)
    with pytest.raises(NotPossibleNow):
        ken.write(actions.put_away, live.id, KEN, source=source(), back=True)
    assert live.question_id is not None
    with pytest.raises(NotPossibleNow, match="望まれなかった"):
        keep(ken, live.question_id)
    words = words_key(live.content)
    back = ken.write(actions.answer_yes, live.id, NAGI, yes=True, seen=words, source=source())
    assert (back.state, back.consent) == ("review", "given")


def test_who_was_asked_is_not_asked_again_for_the_same_words(ken: Prefecture) -> None:
    entry = keep(ken, private(ken))
    for day in (4, 5):
        later = replace(entry.content, review_on=date(2027, 1, day))
        entry = ken.write(actions.edit, entry.id, later, MORI, seen=entry.revision, source=source())
    assert (entry.state, entry.consent) == ("draft", "asked")
    assert len(letters(ken, NAGI)) == 1
    words = words_key(entry.content)
    agreed = ken.write(actions.answer_yes, entry.id, NAGI, yes=True, seen=words, source=source())
    assert agreed.consent == "given"
    ken.write(actions.put_away, entry.id, MORI, source=source())
    back = ken.write(actions.put_away, entry.id, KEN, source=source(), back=True)
    again = ken.write(actions.edit, entry.id, back.content, MORI, seen=back.revision, source=source())
    assert (again.state, again.consent) == ("review", "given")  # they said yes to these words


@pytest.mark.parametrize("user", [MORI, KEN, ITSUKI])
@pytest.mark.parametrize("yes", [True, False])
def test_nobody_else_answers_for_the_asker(ken: Prefecture, user: str, yes: bool) -> None:
    entry = keep(ken, private(ken))
    with pytest.raises(NotYours, match="相談した方だけ"):
        ken.write(actions.answer_yes, entry.id, user, yes=yes, seen=words_key(entry.content), source=source())


# --- later ----------------------------------------------------------------------------------------------------------


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
    ken.write(actions.edit, entry.id, other, MORI, seen=entry.revision, source=source())
    view = str(ken.read(dialogs.history, entry.id, KEN))
    assert "➕ だめなら電話を。" in view
    assert "➕ 検索のことば:電源" in view
    assert "➖" not in view
    assert "MORIさんが直しました" in view


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
    mine = str(ken.read(lambda tx: dialogs.listed(tx, MORI, edits=False)))
    assert "森の質問" in mine
    assert "同意待ち" in mine
    assert "公開中のもの" not in mine
    assert "いま、お待ちの" in str(ken.read(lambda tx: dialogs.listed(tx, TOKANO, edits=False)))
    all_ = str(ken.read(lambda tx: dialogs.listed(tx, KEN, edits=True)))
    assert "確認待ち 1件" in all_
    assert "下書き 1件" in all_
