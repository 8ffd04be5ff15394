"""Topics of study sessions: who proposes and wants what, what is taken up, who presents, what the week proposes. On either
engine."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.asking import Audience
from bot.domain.question import Verb
from bot.domain.topics import MOST_ON, MOST_OPEN, Request
from bot.errors import Malformed, NotPossibleNow, NotYours, UserError
from bot.feature import FirstPost, Message, Outgoing
from handlers.common.doors import Visitor
from handlers.faq.views import OPEN as READ
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.lifecycle.narrowing import narrow
from handlers.questions.surface import more
from handlers.study import (
    agendas,
    changing,
    dialogs,
    gathering,
    pinning,
    presenting,
    proposing,
    ready,
    recording,
    suggesting,
    topic_arranging,
    topic_dialogs,
    topic_forms,
    topic_views,
    views,
)
from handlers.study.record_views import QUESTIONS
from handlers.study.topic_views import TopicValues, agenda_lines
from storage import agendas as stored
from storage import channels, faq_searches, members, topics
from storage.study import NoSuchSeries, Series
from storage.topics import TopicGone
from tests.handlers.desk import asks, with_desk
from tests.handlers.faq import CONTENT, answered, keep, private, published, source
from tests.handlers.meetings import goes_on, living, records, tokyo
from tests.handlers.prefecture import ARIMA, HERE, ITSUKI, KEN, MORI, NAGI, TOKANO, Prefecture
from tests.handlers.study import ROOM, WEEKLY, about, change, registered, run_due, words

FIRST, SECOND = "2026-12-03", "2026-12-10"
_views = itertools.count(1)


def me(user: str) -> Visitor:
    return Visitor(user, "")


def place(found: Series, on: str = FIRST) -> str:
    return f"{found.id}:{on}"


def propose(
    ken: Prefecture,
    about: str,
    title: str = "議員タブレット",
    said: str = "",
    user: str = NAGI,
    series: str = "",
) -> dict[str, str]:
    """Send the dialog; returns what is wrong."""
    values: dict[str, Any] = {
        topic_forms.TOPIC: {topic_forms.TOPIC: {"value": title}},
        topic_forms.SAID: {topic_forms.SAID: {"value": said}},
        topic_forms.SERIES: {topic_forms.SERIES: {"selected_option": {"value": series} if series else None}},
    }
    view = {"private_metadata": about, "state": {"values": values}}
    key = f"view:topic{next(_views)}"
    shown, wrong = ken.write(topic_dialogs.proposed, me(user), view, source=key)
    assert (shown is None) is bool(wrong)
    again, _ = ken.write(topic_dialogs.proposed, me(user), view, source=key) if not wrong else (None, {})
    assert wrong or again is not None  # the same dialog twice is once
    return wrong


def topic(ken: Prefecture, found: Series, title: str = "議員タブレット", user: str = NAGI) -> int:
    """A topic that somebody proposed."""
    assert propose(ken, place(found), title, user=user) == {}
    return max(each.id for each in ken.read(topics.waiting, found.id))


def handle(
    ken: Prefecture, found: Series, topic_id: int, what: str, who: str = "", on: str = FIRST, user: str = KEN
) -> dict[str, str]:
    """Send 「あつかう」."""
    values: dict[str, Any] = {
        topic_forms.WHAT: {topic_forms.WHAT: {"selected_option": {"value": what}}},
        topic_forms.WHO: {topic_forms.WHO: {"selected_user": who or None}},
    }
    view = {"private_metadata": f"{place(found, on)}:{topic_id}", "state": {"values": values}}
    return ken.write(topic_arranging.handled, me(user), view)


def taken_up(ken: Prefecture, found: Series, title: str = "議員タブレット", on: str = FIRST) -> int:
    topic_id = topic(ken, found, title)
    assert handle(ken, found, topic_id, topic_forms.TAKE_UP, on=on) == {}
    return topic_id


def asked(ken: Prefecture, topic_id: int) -> topics.Asked:
    return ken.read(topics.presenters, [topic_id])[topic_id]


def look(ken: Prefecture, found: Series, user: str = NAGI, on: str = FIRST) -> str:
    return words(ken.read(topic_dialogs.page, place(found, on), me(user)))


def rendered(ken: Prefecture, render: Any, record_id: int, **values: Any) -> Message | None:
    found: Message | None = ken.read(render, Outgoing("", "", record_id, values, True))
    return found


def told(ken: Prefecture, user: str, what: str) -> list[str]:
    """The keys of somebody's letters of a kind."""
    return [key for key in ken.rings(user) if key.startswith((f"direct:{what}:", f"card:{what}:"))]


# --- proposing and wanting ------------------------------------------------------------------------------------------


def test_a_topic_is_wanted_once_by_each_and_can_be_taken_back(ken: Prefecture) -> None:
    found = registered(ken)
    topic_id = topic(ken, found)
    assert "・*議員タブレット*\n聞きたい 1人" in look(ken, found)
    for _ in range(2):
        ken.write(proposing.want, topic_id, me(MORI), wants=True)
    assert "聞きたい 2人" in look(ken, found)
    ken.write(proposing.want, topic_id, me(MORI), wants=False)
    assert "聞きたい 1人" in look(ken, found)
    with pytest.raises(NotYours, match="何も変わっていません"):
        ken.write(proposing.take_back, topic_id, me(ITSUKI))
    ken.write(proposing.take_back, topic_id, me(NAGI))
    assert "まだありません" in look(ken, found)
    with pytest.raises(TopicGone) as refused:
        ken.write(proposing.want, topic_id, me(MORI), wants=True)
    assert "もう取り下げられました" in refused.value.sentence
    with pytest.raises(TopicGone):
        ken.write(proposing.want, 999, me(MORI), wants=True)
    assert ken.read(topics.votes, [topic_id]) == {topic_id: 1}  # nothing was counted


def test_what_is_too_long_or_nothing_is_said_at_its_place_and_nothing_is_kept(ken: Prefecture) -> None:
    found = registered(ken)
    assert set(propose(ken, place(found), "題", "あ" * 3001)) == {topic_forms.SAID}
    assert set(propose(ken, place(found), " \u3000 ", "")) == {topic_forms.TOPIC}
    assert set(propose(ken, place(found), "題" * 101)) == {topic_forms.TOPIC}
    assert ken.read(topics.waiting, found.id) == []
    assert propose(ken, place(found), "題" * 100, "あ" * 3000) == {}
    for n in range(MOST_OPEN - 1):
        ken.write(proposing.propose, found, f"題{n}", "", NAGI)
    with pytest.raises(NotPossibleNow, match="何も変わっていません"):
        propose(ken, place(found), "もう一つ")
    page = ken.read(topic_dialogs.page, place(found), me(KEN))
    assert len(page["blocks"]) <= 100
    assert "ほか80件" in words(page)


def test_only_those_who_may_know_of_a_series_see_its_topics(ken: Prefecture) -> None:
    ken.write(lambda tx: channels.save_channel(tx, ROOM, name="部屋", bot_is_member=True, is_private=True))
    ken.write(channels.set_channel_members, ROOM, [MORI, KEN])
    found = registered(ken, replace(WEEKLY, audience="channel", channel=ROOM), MORI)
    topic_id = topic(ken, found, user=MORI)
    for act_ in (
        lambda: look(ken, found, NAGI),
        lambda: ken.write(proposing.want, topic_id, me(NAGI), wants=True),
        lambda: propose(ken, place(found), user=NAGI),
        lambda: handle(ken, found, topic_id, topic_forms.TAKE_UP, user=ARIMA),
    ):
        with pytest.raises(NotYours):
            act_()
    assert handle(ken, found, topic_id, topic_forms.TAKE_UP, user=MORI) == {}
    assert "ご案内していない" in handle(ken, found, topic_id, topic_forms.ASK, NAGI)[topic_forms.WHO]


# --- from a question ------------------------------------------------------------------------------------------------


def test_a_question_is_proposed_once_and_takes_its_topic_with_it(ken: Prefecture) -> None:
    found = registered(ken)
    question_id = answered(ken)
    opened = ken.read(topic_dialogs.from_question, str(question_id), me(ITSUKI))
    assert "浜野" not in words(opened)  # nobody is named
    assert propose(ken, f"q:{question_id}", user=ITSUKI) == {
        topic_forms.SERIES: "どの勉強会かを選んでください。"
    }
    for user in (ITSUKI, MORI):
        assert propose(ken, f"q:{question_id}", user=user, series=str(found.id)) == {}
    (one,) = ken.read(topics.waiting, found.id)
    assert ken.read(topics.votes, [one.id]) == {one.id: 2}
    assert "相談 No.1>" in look(ken, found)
    handle(ken, found, one.id, topic_forms.TAKE_UP)
    handle(ken, found, one.id, topic_forms.ASK, MORI)
    ken.write(presenting.answer, asked(ken, one.id).id, MORI, yes=True)
    ken.write(agendas.show, found, date.fromisoformat(FIRST), HERE, KEN)
    agenda = ken.read(stored.of, found.id, date.fromisoformat(FIRST))
    assert agenda is not None
    assert not ken.read(pinning.behind)
    ken.write(act, question_id, Verb.WITHDRAW, NAGI, source=source())
    assert "議員タブレット" not in look(ken, found)
    for act_ in (
        lambda: ken.write(proposing.want, one.id, me(KEN), wants=True),
        lambda: handle(ken, found, one.id, topic_forms.HIGHER),
    ):
        with pytest.raises(TopicGone, match="もとの相談が取り下げられた"):
            act_()
    assert ken.read(pinning.behind)
    ken.write(pinning.catch_up)
    assert not ken.read(pinning.behind)
    shown = rendered(ken, agendas.card, agenda.id)
    assert shown is not None
    assert "議員タブレット" not in f"{shown.text}{shown.blocks}"
    (key,) = told(ken, MORI, presenting.RELEASED)
    request = ken.read(topics.need_request, int(key.split(":")[2]))
    letter = rendered(ken, presenting.told_released, request.id, on=FIRST)
    assert letter is not None
    assert "議員タブレット" not in letter.text  # it is not everybody's to read any more
    with pytest.raises(NotPossibleNow, match="取り下げられた"):
        ken.read(topic_dialogs.from_question, str(question_id), me(ITSUKI))


def test_what_was_on_the_agenda_is_offered_for_the_minutes_though_it_is_solved(ken: Prefecture) -> None:
    """It is chosen already, until somebody has written minutes and chosen otherwise."""
    found, question_id = registered(ken, replace(WEEKLY, channel=HERE)), answered(ken)
    assert propose(ken, f"q:{question_id}", series=str(found.id)) == {}
    handle(ken, found, ken.read(topics.waiting, found.id)[0].id, topic_forms.TAKE_UP)
    ken.write(act, question_id, Verb.RESOLVE, NAGI, source=source())
    goes_on(ken, tokyo(11, 26, 9))
    meeting = living(ken, found)
    goes_on(ken, tokyo(12, 3, 17))

    def chosen() -> list[str]:
        view = ken.read(recording.dialog, str(meeting.id), me(KEN))
        (menu,) = (each["element"] for each in view["blocks"] if each.get("block_id") == QUESTIONS)
        assert str(question_id) in [each["value"] for each in menu["options"]]
        return [each["value"] for each in menu.get("initial_options", ())]

    assert chosen() == [str(question_id)]
    assert not records(ken, meeting, "話は次の回に")
    assert chosen() == []


def test_a_question_that_becomes_private_takes_its_topic_with_it(ken: Prefecture) -> None:
    found = registered(ken)
    with_desk(ken)
    question_id = asks(ken, text="議会の中継が途切れます", audience=Audience.BODY)
    assert propose(ken, f"q:{question_id}", "中継のこと", user=ITSUKI, series=str(found.id)) == {}
    (one,) = ken.read(topics.waiting, found.id)
    assert "中継のこと" in look(ken, found)
    offers = str(ken.read(more.open_for, question_id, ITSUKI))
    assert "勉強会で取り上げる" in offers
    ken.write(narrow, question_id, NAGI, source=source())
    assert "中継のこと" not in look(ken, found, KEN)
    assert "勉強会で取り上げる" not in str(ken.read(more.open_for, question_id, KEN))
    assert ken.read(pinning.behind)
    ken.write(pinning.catch_up)
    with pytest.raises(TopicGone):
        ken.read(topics.need, one.id)


def test_what_is_asked_privately_is_never_a_topic(ken: Prefecture) -> None:
    found = registered(ken)
    with_desk(ken)
    for question_id in (asks(ken), private(ken)):
        with pytest.raises((NotYours, NotPossibleNow)):
            ken.read(topic_dialogs.from_question, str(question_id), me(ITSUKI))
        with pytest.raises(NotPossibleNow):
            propose(ken, f"q:{question_id}", user=KEN, series=str(found.id))
    with pytest.raises(UserError):
        ken.read(topic_dialogs.from_question, "999", me(KEN))
    assert ken.read(topics.waiting, found.id) == []
    assert "懲戒" not in str(ken.read(suggesting.found, found, me(KEN)))


# --- taking up ------------------------------------------------------------------------------------------------------


def test_an_agenda_is_filled_and_put_in_order(ken: Prefecture) -> None:
    found = registered(ken)
    ids = [taken_up(ken, found, title) for title in ("一", "二", "三")]
    handle(ken, found, ids[2], topic_forms.HIGHER)
    handle(ken, found, ids[0], topic_forms.LOWER)
    said = look(ken, found)
    assert said.index("1. *三*") < said.index("2. *一*") < said.index("3. *二*")
    handle(ken, found, ids[1], topic_forms.LEAVE)
    assert "・*二*" in look(ken, found)
    assert "・*二*" in look(ken, found, on=SECOND)
    with pytest.raises(NotPossibleNow, match="外されました"):
        handle(ken, found, ids[1], topic_forms.ASK, MORI)
    for n in range(MOST_ON - 2):
        taken_up(ken, found, f"題{n}")
    with pytest.raises(NotPossibleNow, match="10件まで"):
        handle(ken, found, ids[1], topic_forms.TAKE_UP)
    assert len(ken.read(topic_dialogs.page, place(found), me(KEN))["blocks"]) <= 100
    with pytest.raises(NotPossibleNow):
        handle(ken, found, ids[1], topic_forms.TAKE_UP, on="2026-12-04")


def test_topics_of_a_session_that_is_none_any_more_wait_again(ken: Prefecture) -> None:
    found = registered(ken)
    topic_id = taken_up(ken, found)
    handle(ken, found, topic_id, topic_forms.ASK, MORI)
    ken.write(presenting.answer, asked(ken, topic_id).id, MORI, yes=True)
    change(ken, found, FIRST, views.MOVE, "2026-12-04", "10:00")
    run_due(ken)
    assert told(ken, MORI, presenting.RELEASED) == []  # moved, it is the same session
    card = rendered(ken, presenting.card, asked(ken, topic_id).id)
    assert card is None  # a card that is posted first asks nobody who has answered
    change(ken, found, FIRST, views.CANCEL)
    run_due(ken)
    assert told(ken, MORI, presenting.RELEASED) == []  # what says that it is cancelled says it as well
    assert len(told(ken, MORI, changing.CHANGED)) == 2
    assert "・*議員タブレット*" in look(ken, found, on=SECOND)
    assert handle(ken, found, topic_id, topic_forms.TAKE_UP, on=SECOND) == {}
    ken.now += timedelta(days=17)  # it has begun
    run_due(ken)
    assert "議員タブレット" not in look(ken, found, on="2026-12-17")
    assert "*この回の話題*\n1. *議員タブレット*" in look(ken, found, on=SECOND)
    with pytest.raises(NotPossibleNow, match="もう始まりました"):
        ken.write(proposing.want, topic_id, me(MORI), wants=True)
    ken.write(dialogs.end, about(ken, found), me(KEN))
    with pytest.raises(NoSuchSeries, match="終わり"):
        look(ken, found)


# --- presenting -----------------------------------------------------------------------------------------------------


def test_who_declines_is_told_once_and_another_is_asked(ken: Prefecture) -> None:
    found = registered(ken)
    topic_id = taken_up(ken, found)
    assert "お名前" in handle(ken, found, topic_id, topic_forms.ASK)[topic_forms.WHO]
    assert handle(ken, found, topic_id, topic_forms.ASK, MORI) == {}
    assert "もうお願い" in handle(ken, found, topic_id, topic_forms.ASK, MORI)[topic_forms.WHO]
    first = asked(ken, topic_id)
    assert told(ken, MORI, presenting.CARD) == []  # a card is no letter
    assert "発表:調整中" in look(ken, found, NAGI)
    assert "MORI" not in look(ken, found, NAGI)
    assert "にお願い中" in look(ken, found, KEN)
    with pytest.raises(NotYours):
        ken.write(presenting.answer, first.id, TOKANO, yes=True)
    for _ in range(2):
        ken.write(presenting.answer, first.id, MORI, yes=False)
    assert len(told(ken, KEN, presenting.NO)) == 1
    letter = rendered(ken, presenting.told, first.id, state="declined", user=KEN)
    assert letter is not None
    assert "今回は見送り" in letter.text
    assert "調整中" not in look(ken, found, NAGI)
    assert handle(ken, found, topic_id, topic_forms.ASK, TOKANO) == {}
    assert rendered(ken, presenting.told, first.id, state="declined", user=KEN) is None  # that is settled
    with pytest.raises(NotPossibleNow, match="ほかの方"):
        ken.write(presenting.answer, first.id, MORI, yes=True)
    ken.write(presenting.answer, asked(ken, topic_id).id, TOKANO, yes=True)
    assert "発表:TOKANOさん" in look(ken, found, NAGI)
    assert len(told(ken, KEN, presenting.NO)) == 1
    assert len(told(ken, KEN, presenting.YES)) == 1


def test_a_mind_may_be_changed_and_whoever_asks_themselves_is_not_rung(ken: Prefecture) -> None:
    found = registered(ken)
    topic_id = taken_up(ken, found)
    handle(ken, found, topic_id, topic_forms.ASK, MORI)
    request = asked(ken, topic_id)
    for yes, state in ((False, Request.DECLINED), (True, Request.ACCEPTED), (False, Request.DECLINED)):
        ken.write(presenting.answer, request.id, MORI, yes=yes)
        assert ken.read(topics.need_request, request.id).state is state
    assert (len(told(ken, KEN, presenting.NO)), len(told(ken, KEN, presenting.YES))) == (2, 1)
    assert rendered(ken, presenting.told, request.id, state="accepted", user=KEN) is None
    before = ken.rings(KEN)
    assert handle(ken, found, topic_id, topic_forms.ASK, KEN) == {}
    assert asked(ken, topic_id).state is Request.ACCEPTED
    assert ken.rings(KEN) == before


def test_who_left_or_may_not_presents_nothing(ken: Prefecture) -> None:
    found = registered(ken)
    topic_id = taken_up(ken, found)
    for who in ("U0NOBODY", "W0GONE"):
        assert "使っていない" in handle(ken, found, topic_id, topic_forms.ASK, who)[topic_forms.WHO]
    handle(ken, found, topic_id, topic_forms.ASK, MORI)
    request = asked(ken, topic_id)
    ken.write(presenting.answer, request.id, MORI, yes=True)
    assert "発表:" in look(ken, found)
    row = {"user_id": MORI, "name": "森脇 一葉", "permission": "talent", "deactivated": True}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["deactivated", "permission"]))
    assert "発表:" not in look(ken, found)
    assert "使っていない" in handle(ken, found, topic_id, topic_forms.ASK, MORI)[topic_forms.WHO]
    assert handle(ken, found, topic_id, topic_forms.ASK, TOKANO) == {}
    assert asked(ken, topic_id).user_id == TOKANO


def test_who_has_a_conflict_is_not_asked_and_no_reason_is_given(ken: Prefecture) -> None:
    found = registered(ken)
    question_id = answered(ken)
    assert propose(ken, f"q:{question_id}", series=str(found.id)) == {}
    (one,) = ken.read(topics.waiting, found.id)
    handle(ken, found, one.id, topic_forms.TAKE_UP)
    ken.write(act, question_id, Verb.STEP_ASIDE, MORI, source=source())
    said = handle(ken, found, one.id, topic_forms.ASK, MORI)
    assert said == {topic_forms.WHO: presenting.NOT_THIS_ONE}
    assert "利害" not in str(said)
    assert handle(ken, found, one.id, topic_forms.ASK, TOKANO) == {}


# --- two days before ------------------------------------------------------------------------------------------------


def missing(ken: Prefecture, found: Series, on: str = FIRST) -> str:
    letter = rendered(ken, ready.told, found.id, on=on)
    return letter.text if letter is not None else ""


def test_two_business_days_before_the_chair_hears_once_what_lacks(ken: Prefecture) -> None:
    found = registered(ken, user=MORI)
    run_due(ken)
    ken.now += timedelta(days=6, hours=13)  # 11/30 23:00
    run_due(ken)
    assert told(ken, MORI, ready.NOT_READY) == []
    ken.now += timedelta(hours=2)  # 12/1 1:00
    run_due(ken)
    assert told(ken, MORI, ready.NOT_READY) == [f"direct:{ready.NOT_READY}:{found.id}:{FIRST}:{MORI}"]
    assert told(ken, KEN, ready.NOT_READY) == []
    assert "話題がまだ決まっていません" in missing(ken, found)
    topic_id = taken_up(ken, found)
    assert "「議員タブレット」" in missing(ken, found)
    handle(ken, found, topic_id, topic_forms.ASK, TOKANO)
    assert "「議員タブレット」" in missing(ken, found)
    ken.write(presenting.answer, asked(ken, topic_id).id, TOKANO, yes=True)
    assert missing(ken, found) == ""
    ken.now += timedelta(days=14)  # the next ones had their day as well
    run_due(ken)
    keys = told(ken, MORI, ready.NOT_READY)
    assert len(keys) == len(set(keys)) >= 2


def test_what_was_ready_is_looked_at_until_it_begins(ken: Prefecture) -> None:
    """Whoever presents leaves on the last day but one: the chair hears of it on the next morning, once."""
    found = registered(ken, user=KEN)
    topic_id = taken_up(ken, found)
    handle(ken, found, topic_id, topic_forms.ASK, MORI)
    ken.write(presenting.answer, asked(ken, topic_id).id, MORI, yes=True)
    goes_on(ken, tokyo(12, 2, 12))
    assert told(ken, KEN, ready.NOT_READY) == []
    row = {"user_id": MORI, "name": "森脇 一葉", "permission": "talent", "deactivated": True}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["deactivated", "permission"]))
    goes_on(ken, tokyo(12, 3, 8, 31))
    assert told(ken, KEN, ready.NOT_READY) == [f"direct:{ready.NOT_READY}:{found.id}:{FIRST}:{KEN}"]
    assert "「議員タブレット」" in missing(ken, found)
    goes_on(ken, tokyo(12, 3, 14))
    assert len(told(ken, KEN, ready.NOT_READY)) == 1


def test_where_the_chair_left_the_coordinators_hear_it(ken: Prefecture) -> None:
    found = registered(ken, user=MORI)
    row = {"user_id": MORI, "name": "森脇 一葉", "permission": "talent", "deactivated": True}
    ken.write(lambda tx: members.save_members(tx, [row], overwrite=["deactivated"]))
    ken.now += timedelta(days=7)
    run_due(ken)
    assert len(told(ken, KEN, ready.NOT_READY)) == 1
    assert ken.read(gathering.chairs, found) == [KEN]


# --- what the week proposes -----------------------------------------------------------------------------------------


def test_the_week_proposes_and_rings_nobody(ken: Prefecture) -> None:
    found = registered(ken)
    first, second = answered(ken), answered(ken)
    ken.write(lambda tx: faq_searches.searched(tx, "空き家の台帳", 0))
    ken.write(lambda tx: faq_searches.searched(tx, "空き家の台帳", 0))
    entry = keep(ken, first, replace(CONTENT, review_on=date(2026, 11, 1)))
    before = [ken.rings(user) for user in (KEN, MORI, NAGI)]
    said = {each.key: each.text for each in ken.read(suggesting.found, found, me(KEN))}
    assert any("似た相談が2件" in text and "No.1" in text and "No.2" in text for text in said.values())
    assert any("空き家の台帳" in text and "(2回)" in text for text in said.values())
    assert "浜野" not in str(said)
    assert all(
        not key.startswith("s:") for key in {each.key for each in ken.read(suggesting.found, found, me(MORI))}
    )
    again = next(key for key in said if key.startswith("a:"))
    shown = ken.write(topic_arranging.suggested, f"{place(found)}|{again}", me(KEN))
    assert "似た相談" not in words(shown)
    assert ken.read(topics.waiting, found.id)[0].question_id in {first, second}
    search = next(key for key in said if key.startswith("s:"))
    assert "空き家" not in words(ken.write(topic_arranging.suggested, f"{place(found)}|{search}", me(KEN)))
    with pytest.raises(UserError):
        ken.write(topic_arranging.suggested, f"{place(found)}|{search}", me(MORI))
    for key in ("", "x:1", "a:999", "a:x"):
        with pytest.raises(UserError):
            ken.write(topic_arranging.suggested, f"{place(found)}|{key}", me(KEN))
    for key in ("e:999", f"e:{entry.id}", "s:999"):  # gone meanwhile: said in the dialog
        shown = ken.write(topic_arranging.suggested, f"{place(found)}|{key}", me(KEN))
        assert "ℹ️" in words(shown)
    assert [ken.rings(user) for user in (KEN, MORI, NAGI)] == before


def test_a_question_that_waits_for_long_and_an_entry_grown_stale_are_proposed(ken: Prefecture) -> None:
    found = registered(ken)
    entry = published(ken, replace(CONTENT, review_on=date(2026, 11, 26)))
    ken.write(capture.capture, ken.message(ITSUKI, "議会の中継がつながりません。どうすればいいですか"))
    ken.now += timedelta(days=3)
    said = {each.key: each.text for each in ken.read(suggesting.found, found, me(MORI))}
    assert any("答えを待っている相談" in text and "議会の中継" in text for text in said.values())
    assert "見直しの日を過ぎたFAQ*|11月26日(木)|FAQ No.1(<https://asagi" in said[f"e:{entry.id}"]
    assert "|もとの相談 No.1>)" in said[f"e:{entry.id}"]
    ken.write(topic_arranging.suggested, f"{place(found)}|e:{entry.id}", me(MORI))
    assert f"e:{entry.id}" not in {each.key for each in ken.read(suggesting.found, found, me(MORI))}
    assert "FAQ No.1" in look(ken, found)
    reads = f"'action_id': '{READ}', 'value': '{entry.id}'"
    assert reads in str(ken.read(topic_dialogs.page, place(found), me(NAGI)))
    assert entry.question_id is not None
    ken.write(act, entry.question_id, Verb.WITHDRAW, NAGI, source=source())
    assert "もとの相談" not in look(ken, found)


# --- the agenda in its channel --------------------------------------------------------------------------------------


def room(ken: Prefecture, channel: str, *, private: bool) -> None:
    """A channel in which the coordinator and the bot are."""
    known = {"name": channel, "bot_is_member": True, "is_private": private}
    ken.write(lambda tx: channels.save_channel(tx, channel, **known))
    ken.write(channels.set_channel_members, channel, [KEN])


def test_an_agenda_stands_only_where_it_may(ken: Prefecture) -> None:
    room(ken, "C0OPEN", private=False)
    room(ken, "C0SHUT", private=True)
    every, few = registered(ken), registered(ken, replace(WEEKLY, title="少人数", audience="talents"))
    assert ken.read(agendas.place_for, every, "C0OPEN", KEN) == ("C0OPEN", "")
    assert ken.read(agendas.place_for, few, "C0SHUT", KEN) == ("C0SHUT", "")
    assert ken.read(agendas.place_for, few, "C0OPEN", KEN)[1] == agendas.NOT_CLOSED
    wrong: list[tuple[str | None, str]] = [("C0OPEN", MORI), ("C0NONE", KEN), (None, KEN), ("", KEN)]
    for chosen, user in wrong:
        assert ken.read(agendas.place_for, every, chosen, user)[1] == agendas.NOWHERE


def test_a_missing_right_is_said_once(ken: Prefecture) -> None:
    found, one = registered(ken), None
    for on in (FIRST, SECOND):
        ken.write(agendas.show, found, date.fromisoformat(on), HERE, KEN)
        agenda = ken.read(stored.of, found.id, date.fromisoformat(on))
        assert agenda is not None
        assert ken.read(pinning.to_pin) == []
        ken.write(agendas.posted, FirstPost(agendas.CARD, agenda.id, None, HERE, "1795482000.000001"))
        (one,) = ken.read(pinning.to_pin)
        ken.write(pinning.refused, one, "missing_scope")
        assert ken.read(pinning.to_pin) == []
    assert len(told(ken, KEN, pinning.NOT_PINNED)) == 1
    assert one is not None
    letter = rendered(ken, pinning.told, one.id, code="missing_scope")
    assert letter is not None
    assert "pins:write" in letter.text
    assert len(ken.read(pinning.to_unpin)) == 0
    ken.now += timedelta(days=10)
    run_due(ken)
    (over,) = ken.read(pinning.to_unpin)
    ken.write(pinning.over, over)
    assert ken.read(pinning.to_unpin) == []


def test_the_agenda_in_lines_names_nobody_who_has_not_said_yes() -> None:
    some = [
        TopicValues(
            1, "<一>", presenter="森脇さん", presenting=Request.ACCEPTED, source="<https://x|相談 No.1>"
        ),
        TopicValues(2, "二", presenter="有馬さん", presenting=Request.ASKED),
        TopicValues(3, "三"),
    ]
    assert agenda_lines(some) == [
        "1. *&lt;一&gt;*|<https://x|相談 No.1>|発表:森脇さん",
        "2. *二*|発表:調整中",
        "3. *三*",
    ]
    assert agenda_lines([]) == []
    full = topic_views.agenda(
        topic_views.AgendaValues(
            "第1回", "12月3日", "県庁", "1:2026-12-03", [TopicValues(1, "題" * 100)] * 10
        )
    )
    assert len(full.text) < 3000
    assert all(len(each["text"]["text"]) <= 3000 for each in full.blocks or [] if each["type"] == "section")


@pytest.mark.parametrize("value", ["", "x", "1", "1:x", "1:2026-12-03:", "1:2026-12-03:x", "1:2026-13-01:1"])
def test_a_button_that_somebody_made_up_does_nothing(value: str) -> None:
    with pytest.raises(Malformed):
        topic_dialogs.one_of(value)
