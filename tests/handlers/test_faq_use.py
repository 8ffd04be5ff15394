"""Looking for entries: what is found, what solves it, what that teaches and whom it thanks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.asking import Audience, Details, Way
from bot.domain.finding import Hit, key_of
from bot.domain.question import Verb as QuestionVerb
from bot.errors import Malformed, NotAllowed, NotPossibleNow, NotYours
from bot.feature import Message, Outgoing
from handlers.common.doors import Visitor
from handlers.faq import actions, dialogs, finding, gaps, notices, result_views, search_views, similar, use
from handlers.faq import wanted as travels
from handlers.faq.drafting import nameless
from handlers.faq.result_views import PastShown
from handlers.faq.wanted import Wanted
from handlers.home import searches as searches_of
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.lifecycle.asking import ask
from handlers.questions.screens import views
from handlers.questions.shown.cards import card_values
from storage import channels, faq_documents, faq_gaps, faq_searches, faq_similar, faq_use, members, questions
from storage.database import Transaction
from storage.tables import helped, outbox, phrasings, searches
from tests.handlers.faq import (
    ASKED,
    CONTENT,
    answered,
    keep,
    letters,
    newest,
    private,
    publish,
    published,
    rendered,
    resolve,
    run_due,
    source,
    state_of,
    told,
)
from tests.handlers.prefecture import HERE, ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture

pytestmark = pytest.mark.screens

LOOKED_FOR = "画面が黒い"


def strong(entry_id: int) -> Hit:
    return Hit(entry_id, 1.0, strong=True)


def look(ken: Prefecture, *hits: Hit, text: str = LOOKED_FOR) -> Message:
    found = ken.write(finding.results, Wanted(text), ken.read(nameless, text), list(hits))
    return result_views.message(found)


def value(message: Message, label: str) -> str:
    rows = [block["elements"] for block in message.blocks or [] if block["type"] == "actions"]
    return next(str(each["value"]) for row in rows for each in row if each["text"]["text"] == label)


def solve(ken: Prefecture, user: str, entry_id: int) -> bool:
    """Somebody says that an entry is what was looked for last; whether they are told that it learns their words."""
    search_id, words, _ = last_search(ken)
    told = search_views.solved(ken.write(use.solved, search_id, key_of(words), entry_id, user))
    return "探したことばは、次の方が見つけやすいように残します" in str(told.blocks)


def buttons(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks or [] if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row]


def last_search(ken: Prefecture) -> tuple[int, str, int]:
    s = searches.c

    def row(tx: Transaction) -> tuple[int, str, int]:
        found = tx.connection.execute(select(s.id, s.words, s.found).order_by(s.id.desc()).limit(1)).one()
        return int(found[0]), str(found[1]), int(found[2])

    return ken.read(row)


def test_at_most_five_are_shown_each_with_what_one_can_do(ken: Prefecture) -> None:
    entries = [published(ken, replace(CONTENT, question=f"質問{i}")) for i in range(6)]
    message = look(ken, *[strong(entry.id) for entry in reversed(entries)])
    each = ["全文", "これで解決", "チャンネルで共有"]
    assert buttons(message) == [*each * 5, "しぼりこむ・続きを見る(全6件)", "相談する"]
    more = travels.unpacked(value(message, "しぼりこむ・続きを見る(全6件)"))
    hits = [strong(entry.id) for entry in reversed(entries)]
    last = ken.write(finding.results, replace(more, start=5), LOOKED_FOR, hits)
    assert [each.question for each in last.shown] == ["質問0"]
    assert last.wanted.search_id == more.search_id, "turning a page is no other search"
    assert "質問5" in str(message.blocks)
    assert "質問0" not in str(message.blocks)
    assert "助言です" in str(message.blocks)
    assert last_search(ken)[1:] == (LOOKED_FOR, 6)


def test_nothing_found_is_said_and_noted_and_leads_to_asking(ken: Prefecture) -> None:
    message = look(ken)
    assert "まだありません" in message.text
    assert buttons(message) == ["相談する"]
    assert last_search(ken)[1:] == (LOOKED_FOR, 0)
    assert value(message, "相談する") == LOOKED_FOR
    assert NAGI not in str(ken.read(lambda tx: faq_searches.found_nothing(tx, tx.now)))


def test_what_shares_no_word_is_held_back_unless_nothing_does(ken: Prefecture) -> None:
    near, *weak = [published(ken, replace(CONTENT, question=f"質問{i}")) for i in range(4)]
    hits = [Hit(each.id, 0.5, weak=True) for each in weak]
    for fits in (Hit(near.id, 1.0), strong(near.id)):
        assert "質問1" not in str(look(ken, fits, *hits).blocks)
    message = look(ken, *hits)
    assert "ぴったり" in message.text
    assert "文字だけが似ている" in message.text
    assert buttons(message).count("全文") == 2
    assert last_search(ken)[2] == 0
    solved = past_ones(fits=True)
    found = ken.write(finding.results, Wanted(LOOKED_FOR), LOOKED_FOR, hits, past=solved)
    assert (found.shown, found.past) == ([], solved), "a solved question that fits is more than characters"


def past_ones(*, fits: bool) -> list[PastShown]:
    return [PastShown(n, f"相談{n}", "直りました", "端末", None, fits) for n in (1, 2)]


def test_what_is_only_near_says_so_on_the_second_page_too(ken: Prefecture) -> None:
    entries = [published(ken, replace(CONTENT, question=f"質問{i}")) for i in range(7)]
    hits = [*[strong(each.id) for each in entries[:5]], *[Hit(each.id, 0.9) for each in entries[5:]]]
    for start, heard in ((0, False), (5, True)):
        found = ken.write(finding.results, Wanted(LOOKED_FOR, start=start), LOOKED_FOR, hits)
        assert ("近いかもしれない" in str(result_views.dialog(found))) == heard


def test_below_what_fits_stand_only_solved_questions_that_fit_as_well(ken: Prefecture) -> None:
    fits, near = [strong(published(ken).id)], [Hit(published(ken).id, 1.0)]
    for hits, there in ((fits, False), (near, True), ([], True)):
        found = ken.write(finding.results, Wanted(LOOKED_FOR), LOOKED_FOR, hits, past=past_ones(fits=False))
        said = str(result_views.message(found))
        assert ("近いかもしれない過去の相談" in said) == there
        assert ("相談1" in said) == there
        assert "解決した過去の相談があります" not in said, "that would promise too much"
        found = ken.write(finding.results, Wanted(LOOKED_FOR), LOOKED_FOR, hits, past=past_ones(fits=True))
        assert "*過去の相談*" in str(result_views.message(found))
    chosen = Wanted(LOOKED_FOR, kind="past")
    found = ken.write(finding.results, chosen, LOOKED_FOR, [], past=past_ones(fits=False))
    assert "ぴったりの過去の相談はありませんでした" in str(result_views.dialog(found))


def test_what_is_only_near_comes_after_what_fits_and_is_no_answer(ken: Prefecture) -> None:
    near, fits, more, far = [published(ken, replace(CONTENT, question=f"質問{i}")) for i in range(4)]
    hits = [Hit(near.id, 3.0), Hit(fits.id, 2.9, strong=True), Hit(more.id, 1.5), Hit(far.id, 1.4)]
    message = look(ken, *hits)
    said = [
        block["text"]["text"].split("\n")[0] for block in message.blocks or [] if block["type"] == "section"
    ]
    asked = ["*質問1*", "*ほかに、近いかもしれない回答*", "*質問0*", "*質問2*"]
    assert said == [f"*「{LOOKED_FOR}」に近い回答 1件*", *asked]
    assert last_search(ken)[2] == 1
    message = look(ken, Hit(near.id, 3.0))
    assert "ぴったりの回答はありませんでした" in message.text
    assert last_search(ken)[2] == 0
    solve(ken, ITSUKI, near.id)
    assert last_search(ken)[2] == 1, "it was not in vain after all"


def test_what_is_found_elsewhere_than_was_chosen_says_so(ken: Prefecture) -> None:
    entry = published(ken)
    wanted = Wanted(LOOKED_FOR, kind="case")
    found = ken.write(finding.results, wanted, LOOKED_FOR, [strong(entry.id)], wider=True)
    message = result_views.message(found)
    assert "選んだ条件には、近い回答がありませんでした" in str(message.blocks)
    assert last_search(ken)[2] == 1, "a filter that was too narrow is no gap of the FAQ"


@pytest.mark.parametrize("text", ["札幌市の浜野さんの画面", "あ" * 2000, "😀" * 2000])
def test_asking_after_a_search_begins_with_what_was_typed(ken: Prefecture, text: str) -> None:
    message = look(ken, text=text)
    assert value(message, "相談する") == text
    assert "はじめの" not in str(message.blocks)


def test_what_travels_in_a_button_is_read_back_and_nothing_else_is(ken: Prefecture) -> None:
    full = Wanted("a:b\n" * 600, "device", "case", "m", 2026, 5, 7, key_of("b"))
    assert travels.unpacked(travels.packed(full)) == replace(full, text=full.text[: travels.LONGEST])
    assert len(travels.packed(replace(full, search_id=10**18 - 1))) <= 2000
    for odd in ("", "x", "1:k:::::0: ", "x:k:::::0:text", "1:k:::::-1:text", "1:k:::::٣:text", ":" * 9):
        with pytest.raises(Malformed):
            travels.unpacked(odd)
    assert not travels.unpacked("0::\ud800:x:xxl:99999:0:text").narrowed
    view = {"private_metadata": travels.packed(full)}
    states: list[Any] = [
        None,
        [],
        {"values": {travels.ROW: {travels.YEAR: {"selected_option": {"value": 3}}}}},
    ]
    for state in states:
        assert travels.chosen({**view, "state": state}).year == 2026
    every = {name: {"selected_option": {"value": travels.ALL}} for name in travels.FILTERS}
    assert not travels.chosen({**view, "state": {"values": {travels.ROW: every}}}).narrowed


def test_one_size_and_one_year_are_narrowed_to_by_the_record(ken: Prefecture) -> None:
    small, large = (
        published(ken, replace(CONTENT, kind="case", question=f"質問{size}", size_band=size)) for size in "sl"
    )
    hits = [strong(small.id), strong(large.id)]
    year = ken.now.year
    for only, found in (
        ({"size": "s"}, [small.id]),
        ({"year": year}, [small.id, large.id]),
        ({"year": year - 1}, []),
        ({"year": year, "size": "l"}, [large.id]),
    ):
        assert [hit.id for hit in ken.read(finding.fitting, Wanted("質問", **only), hits)] == found
    nothing = ken.write(finding.results, Wanted("質問", year=year - 1), "質問", hits)
    assert "条件を「すべて」に戻す" in str(result_views.dialog(nothing))


def test_why_it_was_found_is_said(ken: Prefecture) -> None:
    entry = published(ken, replace(CONTENT, tags=("液晶",)))
    look(ken, strong(entry.id), text="モニターが映らない")
    solve(ken, ITSUKI, entry.id)
    said = {
        "画面が黒い": "「画面」が出てきます",
        "モニターの故障": "「モニター」と聞いた方がいます",
        "液晶の交換": "検索のことばに「液晶」があります",
        "こわれた": "似たことばが出てきます",
    }
    for text, why in said.items():
        assert why in str(look(ken, strong(entry.id), text=text).blocks)
    assert "文字だけが似ています" in str(look(ken, Hit(entry.id, 1.0, weak=True)).blocks)


def test_what_is_too_long_for_a_button_is_cut_and_that_is_said(ken: Prefecture) -> None:
    message = look(ken, text="あ" * 2001)
    assert value(message, "相談する") == "あ" * 2000
    assert "はじめの2,000文字" in str(message.blocks)


def test_what_is_not_published_any_more_is_not_shown(ken: Prefecture) -> None:
    entry = published(ken)
    draft = keep(ken, answered(ken))
    ken.write(actions.put_away, entry.id, KEN, source=source())
    message = look(ken, strong(entry.id), strong(draft.id), strong(999))
    assert "まだありません" in message.text


def test_names_in_what_was_looked_for_are_not_kept(ken: Prefecture) -> None:
    look(ken, text="札幌市の浜野さんの画面")
    assert last_search(ken)[1] == "ある市の担当の方の画面"


def test_what_people_typed_rings_nobody(ken: Prefecture) -> None:
    entry = published(ken, replace(CONTENT, question="<!channel> を使う", answer="<@U0NAGI>"))
    message = look(ken, strong(entry.id), text="<!here> <@U0NAGI>")
    dialog = ken.read(dialogs.entry, entry.id, NAGI)
    read = [block for block in message.blocks or [] if block["type"] not in {"rich_text", "actions"}]
    assert len(message.blocks or []) - len(read) == 3, (
        "rich text holds no mention but one that is marked as one"
    )
    assert "{'bold': True}" in str([block for block in message.blocks or [] if block not in read])
    shown = f"{read}{message.text}{dialog}"
    assert not any(each in shown for each in ("<!", "<@"))


# --- これで解決 -------------------------------------------------------------------------------------------------------


def test_what_solved_it_learns_the_words_and_an_editor_can_take_that_back(ken: Prefecture) -> None:
    entry = published(ken)
    look(ken, strong(entry.id))
    for _ in range(2):
        solve(ken, ITSUKI, entry.id)
    newest, *_ = ken.read(faq_use.phrasings_of, entry.id)
    assert (newest.words, newest.author) == (LOOKED_FOR, None)
    assert len(ken.read(lambda tx: faq_use.to_thank(tx, MORI))) == 1
    for user in (KEN, MORI):
        assert LOOKED_FOR in str(ken.read(dialogs.phrasings, entry.id, user))
        assert "峰岸" not in str(ken.read(dialogs.phrasings, entry.id, user)), (
            "who looked for it is kept nowhere"
        )
    with pytest.raises(NotYours):
        ken.write(dialogs.unlearn, entry.id, newest.id, NAGI)
    view = ken.write(dialogs.unlearn, entry.id, newest.id, KEN)
    assert "取り消しました" in str(view)
    with pytest.raises(Malformed):
        ken.write(dialogs.unlearn, entry.id, 999, KEN)


def test_a_forged_or_stale_press_solves_nothing(ken: Prefecture) -> None:
    entry = published(ken)
    before = ken.read(faq_use.phrasings_of, entry.id)
    look(ken, strong(entry.id))
    search_id, words, _ = last_search(ken)
    for number, key in ((999, key_of(words)), (search_id, ""), (search_id, key_of("ほかの人のことば"))):
        with pytest.raises(Malformed):
            ken.write(use.solved, number, key, entry.id, ITSUKI)
    ken.write(actions.put_away, entry.id, KEN, source=source())
    with pytest.raises(NotPossibleNow):
        solve(ken, ITSUKI, entry.id)
    assert ken.read(faq_use.phrasings_of, entry.id) == before
    assert ken.read(lambda tx: faq_use.to_thank(tx, MORI)) == []


def test_a_question_that_an_entry_answers_is_closed_for_that_reason(ken: Prefecture) -> None:
    entry, question_id = published(ken), answered(ken)
    ken.write(use.solved_question, question_id, entry.id, NAGI, source=source())
    assert state_of(ken, question_id) == ("closed", "faq")
    (helped,) = ken.read(lambda tx: faq_use.to_thank(tx, MORI))
    assert helped.question_id == question_id
    before = len(ken.read(faq_use.phrasings_of, entry.id))
    ken.now += timedelta(minutes=10)
    run_due(ken)
    last, *rest = ken.read(faq_use.phrasings_of, entry.id)
    assert len(rest) == before
    assert last.question_id == question_id
    assert "ある市の担当の方" in last.words
    assert notices.OFFER not in told(ken, MORI)  # it is in the FAQ already


def test_what_is_taken_back_neither_thanks_nor_teaches(ken: Prefecture) -> None:
    entry, question_id = published(ken), answered(ken)
    before = ken.read(faq_use.phrasings_of, entry.id)
    ken.write(use.solved_question, question_id, entry.id, NAGI, source=source())
    ken.write(undo, question_id, NAGI, source=source())
    assert ken.read(lambda tx: faq_use.to_thank(tx, MORI)) == []
    ken.now += timedelta(days=2)
    run_due(ken)
    assert ken.read(faq_use.phrasings_of, entry.id) == before
    assert letters(ken, MORI, notices.THANKS) == []


def test_a_question_is_solved_by_one_entry_and_counts_once_while_it_is(ken: Prefecture) -> None:
    first, second = published(ken), published(ken, replace(CONTENT, question="印刷", owner=TOKANO))
    question_id, both = answered(ken), [first.id, second.id]
    ken.write(use.solved_question, question_id, first.id, NAGI, source=source())
    assert ken.read(faq_use.how_often, both) == {first.id: 1}
    ken.write(undo, question_id, NAGI, source=source())
    assert ken.read(faq_use.how_often, both) == {}
    ken.write(use.solved_question, question_id, second.id, NAGI, source=source())
    assert ken.read(faq_use.how_often, both) == {second.id: 1}
    assert ken.read(faq_use.solved) == 1
    ken.now += timedelta(days=1)
    run_due(ken)
    assert notices.THANKS in told(ken, TOKANO)
    assert notices.THANKS not in told(ken, MORI)


def test_nobody_else_closes_it_and_nothing_is_learned(ken: Prefecture) -> None:
    entry, question_id = published(ken), answered(ken)
    before = ken.read(faq_use.phrasings_of, entry.id)
    with pytest.raises(NotYours):
        ken.write(use.solved_question, question_id, entry.id, ITSUKI, source=source())
    assert ken.read(faq_use.phrasings_of, entry.id) == before


def test_a_private_question_teaches_nothing(ken: Prefecture) -> None:
    entry, question_id = published(ken), private(ken)
    before = ken.read(faq_use.phrasings_of, entry.id)
    assert not ken.write(use.solved_question, question_id, entry.id, NAGI, source=source())
    assert state_of(ken, question_id) == ("closed", "faq")
    ken.now += timedelta(days=1)
    run_due(ken)
    assert ken.read(faq_use.phrasings_of, entry.id) == before


# --- thanks ---------------------------------------------------------------------------------------------------------


def solves(ken: Prefecture, entry_id: int, user: str) -> None:
    look(ken, strong(entry_id))
    solve(ken, user, entry_id)


def test_an_author_is_thanked_at_most_weekly_for_all_their_entries(ken: Prefecture) -> None:
    first, second = published(ken), published(ken, replace(CONTENT, question="印刷"))
    solves(ken, first.id, NAGI)
    ken.now += timedelta(hours=20)
    solves(ken, second.id, ITSUKI)
    solves(ken, second.id, NAGI)
    run_due(ken)
    assert notices.THANKS not in told(ken, MORI)
    ken.now += timedelta(hours=4)
    run_due(ken)
    (letter,) = letters(ken, MORI, notices.THANKS)
    message = rendered(ken, letter)
    assert message is not None
    assert "3件の困りごと" in message.text
    assert "印刷(2件)" in str(message.blocks)
    assert "浜野" not in str(message)
    for _ in range(6):
        solves(ken, first.id, ITSUKI)
        ken.now += timedelta(days=1)
        run_due(ken)
    assert len(letters(ken, MORI, notices.THANKS)) == 1
    ken.now += timedelta(days=1)
    run_due(ken)
    assert len(letters(ken, MORI, notices.THANKS)) == 2


def test_whoever_owns_an_entry_is_thanked_at_most_weekly(ken: Prefecture) -> None:
    entry, other = published(ken), published(ken, replace(CONTENT, question="印刷", owner=TOKANO))
    solves(ken, entry.id, NAGI)
    solves(ken, other.id, NAGI)
    ken.now += timedelta(days=1)
    run_due(ken)
    assert [len(letters(ken, user, notices.THANKS)) for user in (MORI, TOKANO)] == [1, 1]
    solves(ken, entry.id, ITSUKI)
    passed_on = replace(entry.content, owner=TOKANO)
    ken.write(actions.edit, entry.id, passed_on, KEN, seen=entry.revision, source=source())
    for _ in range(6):
        ken.now += timedelta(days=1)
        run_due(ken)
    assert [len(letters(ken, user, notices.THANKS)) for user in (MORI, TOKANO)] == [1, 1]
    ken.now += timedelta(days=1)
    run_due(ken)
    assert [len(letters(ken, user, notices.THANKS)) for user in (MORI, TOKANO)] == [1, 2]
    back = replace(entry.content, owner=MORI)
    ken.write(actions.edit, entry.id, back, KEN, seen=entry.revision + 1, source=source())
    solves(ken, entry.id, NAGI)
    ken.now += timedelta(days=1)
    run_due(ken)
    assert [len(letters(ken, user, notices.THANKS)) for user in (MORI, TOKANO)] == [2, 2], "eight days later"


def test_thanks_come_when_their_receiver_works(ken: Prefecture) -> None:
    entry = published(ken)
    ken.now += timedelta(days=3, hours=10)  # Friday evening
    solves(ken, entry.id, NAGI)
    ken.now += timedelta(days=1, hours=13)  # Sunday morning
    run_due(ken)
    assert letters(ken, MORI, notices.THANKS) == []
    ken.now += timedelta(days=1)
    run_due(ken)
    assert len(letters(ken, MORI, notices.THANKS)) == 1


def test_one_s_own_use_earns_no_thanks(ken: Prefecture) -> None:
    entry = published(ken)
    solves(ken, entry.id, MORI)
    ken.now += timedelta(days=30)
    run_due(ken)
    assert letters(ken, MORI, notices.THANKS) == []


# --- sharing --------------------------------------------------------------------------------------------------------


def notices_in(ken: Prefecture, channel: str) -> list[dict[str, Any]]:
    def rows(tx: Transaction) -> list[dict[str, Any]]:
        o = outbox.c
        query = select(o.kind, o.wanted, o.renderer, o.record_id, o["values"], o.uid).where(
            o.channel == channel, o.renderer == use.SHARED
        )
        return [dict(row) for row in tx.connection.execute(query).mappings()]

    return ken.read(rows)


def test_an_entry_is_shared_once_by_name_where_one_is(ken: Prefecture) -> None:
    entry = published(ken)
    for _ in range(2):
        assert ken.write(use.share, entry.id, HERE, NAGI, source="view:1") is None
    (row,) = notices_in(ken, HERE)
    message = rendered(ken, row)
    assert message is not None
    assert message.text == "浜野さんがFAQを共有しました:画面が真っ暗なとき"
    assert "助言です" in str(message.blocks)
    better = replace(CONTENT, answer="電源を10秒")
    ken.write(actions.edit, entry.id, better, KEN, seen=entry.revision, source=source())
    ken.write(actions.put_away, entry.id, KEN, source=source())
    assert rendered(ken, row) is None, "it was not shown yet"
    (after,) = notices_in(ken, HERE)
    assert (after["kind"], after["wanted"]) == ("card", 3), "other words, and none any more"
    outgoing = Outgoing(row["uid"], use.SHARED, entry.id, row["values"], first=False)
    ended = ken.read(use.shared, outgoing)
    assert ended is not None
    assert ended.text == "このFAQは公開をやめました。(浜野さんが共有)"
    ken.write(actions.put_away, entry.id, KEN, source=source(), back=True)
    looked_at = ken.read(use.shared, outgoing)
    assert looked_at is not None
    assert "文面を確かめています" in looked_at.text


@pytest.mark.parametrize(
    ("channel", "user", "why"),
    [
        (None, NAGI, "Banso がいない"),
        ("C0FREMD", NAGI, "Banso がいない"),
        (HERE, "U0ARIMA", "参加している"),
    ],
)
def test_where_it_cannot_be_shared_a_sentence_says_why(
    ken: Prefecture, channel: str | None, user: str, why: str
) -> None:
    entry = published(ken)
    problem = ken.write(use.share, entry.id, channel, user, source="view:1")
    assert why in str(problem)
    assert notices_in(ken, HERE) == []


# --- what is like a question ----------------------------------------------------------------------------------------


def test_what_is_private_is_compared_for_its_own_people_alone(ken: Prefecture) -> None:
    entry, question_id = published(ken), private(ken)
    for user in (NAGI, MORI, KEN):
        assert ken.read(similar.asked, question_id, user) == ASKED
    for user in (ITSUKI, "U0FREMD"):
        with pytest.raises(NotYours):
            ken.read(similar.asked, question_id, user)
    assert "これで解決" in str(ken.read(similar.dialog, question_id, NAGI, [entry.id]))


def test_who_may_not_end_it_only_reads_and_what_is_ended_is_ended_no_more(ken: Prefecture) -> None:
    entry, question_id = published(ken), answered(ken)
    assert "これで解決" not in str(ken.read(similar.dialog, question_id, ITSUKI, [entry.id]))
    assert "これで解決" in str(ken.read(similar.dialog, question_id, NAGI, [entry.id]))
    resolve(ken, question_id)
    view = str(ken.read(similar.dialog, question_id, NAGI, [entry.id]))
    assert "全文" in view
    assert "これで解決" not in view
    assert "見つかりませんでした" in str(ken.read(similar.dialog, question_id, NAGI, []))


@pytest.mark.parametrize(("asking", "learned"), [(LOOKED_FOR, True), ("", False), ("あ", False)])
def test_what_solves_it_before_it_is_asked_thanks_once_and_learns_what_is_not_private(
    ken: Prefecture, asking: str, learned: bool
) -> None:
    entry = published(ken)
    before = len(ken.read(faq_use.phrasings_of, entry.id))
    for _ in range(2):
        found = ken.write(use.solved_before, entry.id, ITSUKI, asking, source="form:V1")
        assert found is learned
    assert len(ken.read(faq_use.phrasings_of, entry.id)) == before + learned
    assert len(ken.read(lambda tx: faq_use.to_thank(tx, MORI))) == 1
    ken.write(actions.put_away, entry.id, KEN, source=source())
    with pytest.raises(NotPossibleNow):
        ken.write(use.solved_before, entry.id, ITSUKI, asking, source="form:V2")


def test_nobody_can_be_told_by_what_they_looked_for(ken: Prefecture) -> None:
    """Whom an entry helped has neither key nor moment in common with what was looked for, or written in a dialog."""
    entry = published(ken)
    ken.now += timedelta(hours=1)
    for _ in range(2):
        look(ken, strong(entry.id))
        for _ in range(2):
            solve(ken, ITSUKI, entry.id)
        ken.write(use.solved_before, entry.id, ITSUKI, "画面の明るさを変えるには", source="view:V1")

    def rows(tx: Transaction, table: Any) -> list[dict[str, Any]]:
        found = select(table).where(table.c.workspace == ken.workspace).order_by(table.c.id.desc()).limit(3)
        return [dict(row) for row in tx.connection.execute(found).mappings()]

    helps, words, looked = (ken.read(rows, table) for table in (helped, phrasings, searches))
    assert [row["user_id"] for row in helps] == [ITSUKI] * 3  # two searches, one dialog
    near = {str(row[name]) for row in words for name in ("source", "added_at")}
    near |= {f"search:{row['id']}" for row in looked} | {str(row["at"]) for row in looked} | {"V1"}
    near -= {str(row["added_at"]) for row in words if row["added_at"] == helps[0]["at"]}  # the day alone
    for row in helps:
        assert not [each for each in near if each in (*row["source"].split(":"), str(row["at"]))]
        assert not [each for each in near if f"{row['source']}:".startswith(f"{each}:")]
    assert "V1" not in str(words)
    assert ken.now - helps[0]["at"] > timedelta(hours=9)


def test_practice_is_neither_counted_nor_thanked_for(ken: Prefecture) -> None:
    entry = published(ken)
    place = {"name": "練習", "purpose": "practice", "bot_is_member": True}
    ken.write(lambda tx: channels.save_channel(tx, "C0REN", **place))
    ken.now += timedelta(minutes=3)
    ken.write(capture.capture, ken.message(NAGI, "画面が真っ暗です。どうしますか", channel="C0REN"))
    question_id = newest(ken)
    assert ken.read(questions.need, question_id).practice
    ken.write(use.solved_question, question_id, entry.id, NAGI, source=source())
    assert state_of(ken, question_id) == ("closed", "faq")
    assert ken.read(faq_use.solved) == 0
    assert ken.read(lambda tx: faq_use.to_thank(tx, MORI)) == []
    assert (
        ken.read(
            lambda tx: list(tx.connection.execute(select(helped).where(helped.c.workspace == ken.workspace)))
        )
        == []
    )


def live(ken: Prefecture, entry_id: int) -> list[int | None]:
    """The questions whose words lead to an entry; None for other words that do."""
    return [p.question_id for p in ken.read(faq_use.phrasings_of, entry_id) if p.undone_at is None]


def test_whom_somebody_else_says_it_for_gets_the_entry_and_it_counts_as_no_help(ken: Prefecture) -> None:
    entry, question_id = published(ken), answered(ken)
    before = ken.read(faq_use.phrasings_of, entry.id)
    ken.write(use.solved_question, question_id, entry.id, MORI, source=source())
    (letter,) = letters(ken, NAGI, notices.SOLVED)
    said = rendered(ken, letter)
    assert said is not None
    assert entry.content.answer in str(said.blocks)
    assert buttons(said) == ["全文", "まだ聞きたい"]
    card = views.card(ken.read(lambda tx: card_values(tx, questions.need(tx, question_id), first=False)))
    assert buttons(card) == ["全文", "もう一度聞く", "その他"]
    ken.now += timedelta(minutes=11)
    run_due(ken)
    assert ken.read(faq_use.solved) == 0
    assert ken.read(faq_use.how_often, [entry.id]) == {}
    assert ken.read(lambda tx: faq_use.to_thank(tx, MORI)) == []
    assert ken.read(faq_use.phrasings_of, entry.id) == before
    ken.write(act, question_id, QuestionVerb.REOPEN, NAGI, source=source())
    assert rendered(ken, letter) is None
    ken.write(use.solved_question, question_id, entry.id, NAGI, source=source())
    assert ken.read(faq_use.solved) == 1
    assert len(letters(ken, NAGI, notices.SOLVED)) == 1


def test_what_an_editor_leads_to_an_entry_teaches_it_until_its_asker_asks_again(ken: Prefecture) -> None:
    entry, question_id, hidden = published(ken), answered(ken), private(ken)
    for each in (question_id, hidden):
        ken.write(use.solved_question, each, entry.id, KEN, source=source())
    ken.now += timedelta(minutes=11)
    run_due(ken)
    assert question_id in live(ken, entry.id)
    assert hidden not in live(ken, entry.id)
    assert ken.read(faq_use.how_often, [entry.id]) == {}
    ken.write(act, question_id, QuestionVerb.REOPEN, NAGI, source=source())
    assert question_id not in live(ken, entry.id)


def test_what_did_not_answer_it_after_all_is_found_by_their_words_no_more(ken: Prefecture) -> None:
    entry, question_id = published(ken), answered(ken)
    ken.write(use.solved_question, question_id, entry.id, NAGI, source=source())
    ken.now += timedelta(minutes=11)
    run_due(ken)
    assert question_id in live(ken, entry.id)
    ken.write(act, question_id, QuestionVerb.REOPEN, NAGI, source=source())
    assert question_id not in live(ken, entry.id)
    assert len(live(ken, entry.id)) == 1, "the question it was made of still leads to it"


def test_what_helped_before_it_was_asked_all_the_same_did_not(ken: Prefecture) -> None:
    entry = published(ken)
    before = ken.read(faq_use.phrasings_of, entry.id)
    for form, user in (("view:V1", ITSUKI), ("view:V2", TOKANO)):
        ken.write(use.solved_before, entry.id, user, LOOKED_FOR, source=form)
    assert ken.read(faq_use.solved) == 2
    details = Details(way=Way.FORM, audience=Audience.OPEN)
    ken.write(ask, ITSUKI, "画面が真っ暗です。FAQでは直りません", details, source="view:V1", channel=HERE)
    assert ken.read(faq_use.solved) == 1
    assert len(ken.read(faq_use.phrasings_of, entry.id)) == len(before) + 1


def test_what_the_card_counts_is_what_its_dialog_shows_first(ken: Prefecture) -> None:
    first, second = published(ken), published(ken, replace(CONTENT, question="印刷の枠がずれるとき"))
    question_id = answered(ken)
    ken.write(similar._note, question_id, [first.id], [])
    assert ken.read(faq_similar.how_many, question_id) == 1
    for found_now in ([], [second.id], [first.id, second.id]):
        view = str(ken.read(similar.dialog, question_id, NAGI, found_now))
        assert CONTENT.question in view
        if second.id in found_now:
            assert view.index(CONTENT.question) < view.index("印刷の枠")
    ken.write(actions.put_away, first.id, KEN, source=source())
    assert ken.read(faq_similar.how_many, question_id) == 0
    assert CONTENT.question not in str(ken.read(similar.dialog, question_id, NAGI, [second.id]))


def test_a_guest_reads_what_belongs_to_their_own_question_and_nothing_else(ken: Prefecture) -> None:
    first, second = published(ken), published(ken, replace(CONTENT, question="印刷の枠がずれるとき"))
    row = {"user_id": "U0GUEST", "name": "客", "permission": "guest", "municipality_code": None}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["permission"]))
    ken.now += timedelta(minutes=3)
    ken.write(capture.capture, ken.message("U0GUEST", ASKED))
    own, guest = newest(ken), Visitor("U0GUEST", "")
    others = answered(ken)
    ken.read(similar.may_look, own, guest)
    for who in (guest, Visitor("U0FREMD", "T0ELSEWHERE")):
        with pytest.raises(NotAllowed):
            ken.read(similar.may_look, others, who)
        for entry in (first, second):
            with pytest.raises(NotAllowed):
                ken.read(dialogs.may_open, entry.id, who)
    ken.write(similar._note, own, [first.id], [])
    ken.read(dialogs.may_open, first.id, guest)
    ken.write(use.solved_question, own, second.id, KEN, source=source())
    ken.read(dialogs.may_open, second.id, guest)
    ken.read(dialogs.may_open, second.id, Visitor(ITSUKI, ""))


# --- what use teaches, and what it does not -------------------------------------------------------------------------


def test_one_enthusiastic_person_bends_nothing(ken: Prefecture) -> None:
    entry = published(ken)
    before = len(ken.read(faq_use.phrasings_of, entry.id))
    told = []
    for n in range(6):
        look(ken, strong(entry.id), text=f"画面が黒い{n}")
        told.append(solve(ken, ITSUKI, entry.id))
    assert told == [True] * 2 + [False] * 4
    assert len(ken.read(faq_use.phrasings_of, entry.id)) == before + 2
    assert ken.read(faq_use.how_often, [entry.id]) == {entry.id: 1}, "once a person"
    more = [published(ken, replace(CONTENT, question=f"質問{n}")) for n in range(6)]
    learned = {each.id: len(ken.read(faq_use.phrasings_of, each.id)) for each in more}
    for each in more:
        look(ken, strong(each.id), text="どれもこれで解決")
        solve(ken, ITSUKI, each.id)
    after = [len(ken.read(faq_use.phrasings_of, each.id)) - learned[each.id] for each in more]
    assert sum(after) == 4, "ten a day, six of which the first entry heard"


def test_nor_does_one_who_asks_over_and_over(ken: Prefecture) -> None:
    entry = published(ken)
    before = len(live(ken, entry.id))
    asked = [answered(ken) for _ in range(4)]
    told = [ken.write(use.solved_question, each, entry.id, NAGI, source=source()) for each in asked]
    assert told == [True, True, False, False]
    ken.write(act, asked[0], QuestionVerb.REOPEN, NAGI, source=source())
    ken.now += timedelta(minutes=11)
    run_due(ken)
    assert set(asked) & set(live(ken, entry.id)) == {asked[1], asked[2]}, (
        "what did not help counts for nothing"
    )
    look(ken, strong(entry.id))
    solve(ken, NAGI, entry.id)
    assert len(live(ken, entry.id)) == before + 2, "searches and questions are counted together"


def test_what_an_editor_took_back_is_not_learned_again(ken: Prefecture) -> None:
    entry = published(ken)
    look(ken, strong(entry.id))
    solve(ken, ITSUKI, entry.id)
    newest, *_ = ken.read(faq_use.phrasings_of, entry.id)
    ken.write(dialogs.unlearn, entry.id, newest.id, KEN)
    look(ken, strong(entry.id))
    assert not solve(ken, TOKANO, entry.id)
    again, *_ = ken.read(faq_use.phrasings_of, entry.id)
    assert again.undone_by == KEN
    ken.write(dialogs.taught, entry.id, LOOKED_FOR, MORI, source="view:V9:0")
    by_hand, *_ = ken.read(faq_use.phrasings_of, entry.id)
    assert (by_hand.words, by_hand.undone_at) == (LOOKED_FOR, None), "it was taken back by mistake"
    shown = ken.write(dialogs.taught, entry.id, "液晶がつかない", KEN, source="view:V9:1")
    assert "液晶がつかない" in str(shown)
    with pytest.raises(NotYours):
        ken.write(dialogs.taught, entry.id, "わるさ", NAGI, source="view:V9:2")


def test_what_may_name_a_resident_is_learned_only_when_an_editor_reads_it(ken: Prefecture) -> None:
    words, entry = "山田花子さんの画面が黒い", published(ken)
    look(ken, strong(entry.id), text=words)
    assert not solve(ken, ITSUKI, entry.id)
    assert not ken.write(use.solved_before, entry.id, TOKANO, words, source="view:V1")
    ken.now += timedelta(minutes=3)
    ken.write(capture.capture, ken.message(NAGI, words))
    asked = newest(ken)
    ken.write(use.solved_question, asked, entry.id, NAGI, source=source())
    ken.now += timedelta(minutes=11)
    run_due(ken)

    def known() -> bool:
        return any("花子" in each.words for each in ken.read(faq_use.phrasings_of, entry.id))

    assert not known()
    ken.write(capture.capture, ken.message(NAGI, words))
    kept = newest(ken)
    assert kept != asked
    ken.write(act, kept, QuestionVerb.CLAIM, MORI, source=source())
    made = publish(ken, keep(ken, kept))
    assert ken.read(faq_use.phrasings_of, made.id) == []
    ken.write(dialogs.taught, entry.id, words, KEN, source="view:V2:1")
    assert known()


def test_an_entry_is_found_by_no_words_that_its_editors_do_not_read(ken: Prefecture) -> None:
    entry = published(ken)
    for n in range(45):
        ken.write(dialogs.taught, entry.id, f"聞き方{n:02}", KEN, source=f"view:V{n}:1")
    for each in ken.read(faq_use.phrasings_of, entry.id)[:3]:
        ken.write(dialogs.unlearn, entry.id, each.id, KEN)
    (document,) = ken.read(faq_documents.documents)
    shown = str(ken.read(dialogs.phrasings, entry.id, KEN))
    assert len(document.phrasings) == 40
    assert document.phrasings[0] == "聞き方41"
    assert all(each in shown for each in document.phrasings)


def test_what_was_looked_for_in_vain_gets_its_entry_and_leaves_the_lists(ken: Prefecture) -> None:
    entry = published(ken)
    user = KEN
    for text in ("公用車の予約", "公用車 予約システム", "戸籍の附票"):
        look(ken, text=text)
        ken.now += timedelta(days=1)
    look(ken, strong(entry.id))
    first, second = ken.read(searches_of.to_write)
    assert (first.words, first.count, second.words) == ("公用車 予約システム", 2, "戸籍の附票")
    counts = {name: each.count for name, each in searches_of.SEARCHES.items()}
    numbers = {name: ken.read(count, user) for name, count in counts.items()}
    assert numbers == {
        "searches": 4,
        "searches_solved": 0,
        "searches_vain": 3,
        "searches_unread": 1,
        "to_write": 2,
        "never_found": 0,
    }
    for name, each in searches_of.SEARCHES.items():
        assert len(ken.read(each.rows, user, 20, 0)) == numbers[name], name
    assert ken.write(gaps.link, first.ids, None, KEN)[1], "nothing was chosen"
    for odd in ("", "x", "1,", ",".join("1" * 21), "-1"):
        with pytest.raises(Malformed):
            gaps.ids_of(odd)
    with pytest.raises(Malformed):
        ken.write(gaps.link, [999], str(entry.id), KEN)
    ken.write(gaps.link, [first.ids[0], *first.ids], str(entry.id), KEN)
    ken.write(gaps.link, second.ids, "none", KEN)
    assert ken.read(searches_of.to_write) == []
    assert {"公用車の予約", "公用車 予約システム"} <= {
        each.words for each in ken.read(faq_use.phrasings_of, entry.id)
    }


def test_an_entry_that_nobody_ever_found_is_told(ken: Prefecture) -> None:
    entry, other = published(ken), published(ken, replace(CONTENT, question="印刷"))
    look(ken, strong(other.id))
    ken.now += timedelta(days=31)
    assert [each.id for each in ken.read(lambda tx: faq_gaps.never_found(tx, most=9))] == [entry.id]
    look(ken, strong(entry.id))
    assert ken.read(faq_gaps.how_many_never_found) == 0
