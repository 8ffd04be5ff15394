"""A series gets another channel, or is for fewer people, after its next session was announced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.feature import Message, Outgoing
from handlers.common.doors import Visitor
from handlers.study import FEATURE, agendas, replying, views
from handlers.study.meeting import CARD, LEFT
from storage import agendas as stored_agendas
from storage import channels, meetings
from storage.database import Transaction
from storage.meetings import Meeting, NoSuchMeeting
from storage.study import Series
from storage.tables import outbox
from tests.handlers.meetings import goes_on, living, records, says, sent, tokyo
from tests.handlers.prefecture import HERE, KEN, MORI, NAGI, Prefecture
from tests.handlers.study import WEEKLY, about, change, keep, registered

SHUT = "C0SHUT"
OPEN = replace(WEEKLY, channel=HERE)


@pytest.fixture
def found(ken: Prefecture) -> Series:
    """A series for everybody, announced a week before."""

    def room(tx: Transaction) -> None:
        channels.save_channel(tx, SHUT, name="内", bot_is_member=True, is_private=True)

    ken.write(room)
    ken.write(channels.set_channel_members, SHUT, [KEN, MORI])
    made = registered(ken, OPEN)
    goes_on(ken, tokyo(11, 26, 9))
    return made


def revised(ken: Prefecture, found: Series, **other: str) -> None:
    """Somebody changes the series, and what follows at once is done."""
    keep(ken, replace(OPEN, channel=other["channel"], audience=other["audience"]), about=about(ken, found))
    goes_on(ken, ken.now + timedelta(minutes=1))


def standing(ken: Prefecture, meeting: Meeting) -> dict[str, Message | None]:
    """What the cards of a session say, by their channels."""
    o = outbox.c
    mine = select(o.channel, o.renderer, o.record_id, o["values"]).where(
        o.workspace == ken.workspace, o.renderer.in_([CARD, LEFT]), o.record_id == meeting.id
    )
    rows = ken.read(lambda tx: tx.connection.execute(mine).all())
    return {
        channel: ken.read(FEATURE.renderers[renderer], Outgoing("", renderer, record, values, False))
        for channel, renderer, record, values in rows
    }


def test_the_card_goes_with_its_series_and_says_no_more_where_it_stood(
    ken: Prefecture, found: Series
) -> None:
    meeting = living(ken, found)
    assert set(standing(ken, meeting)) == {HERE}
    revised(ken, found, channel=SHUT, audience="talents")
    cards = standing(ken, meeting)
    assert set(cards) == {HERE, SHUT}
    assert "ほかの場所に移りました" in str(cards[HERE])
    assert "アドバイザー勉強会" in str(cards[SHUT])
    goes_on(ken, tokyo(12, 4, 12))
    assert not records(ken, meeting, "まとめです")
    cards = standing(ken, meeting)
    assert ["まとめです" in str(cards[each]) for each in (HERE, SHUT)] == [False, True]


def test_what_was_never_posted_says_nothing_where_it_would_have_stood(ken: Prefecture, found: Series) -> None:
    revised(ken, found, channel=SHUT, audience="talents")
    meeting = living(ken, found)
    assert ken.read(FEATURE.renderers[LEFT], Outgoing("", LEFT, meeting.id, {}, True)) is None


def test_who_may_know_of_it_no_more_is_not_reminded_of_it(ken: Prefecture, found: Series) -> None:
    meeting = living(ken, found)
    for user in (NAGI, MORI):
        says(ken, meeting, user, "yes")
    revised(ken, found, channel=SHUT, audience="talents")
    goes_on(ken, tokyo(12, 2, 12))
    assert ["出席の予定です" in str(sent(ken, user)) for user in (NAGI, MORI)] == [False, True]
    assert not change(ken, found, "2026-12-03", views.CANCEL)
    goes_on(ken, tokyo(12, 2, 13))
    assert ["中止になりました" in str(sent(ken, user)) for user in (NAGI, MORI)] == [True, True]
    with pytest.raises(NoSuchMeeting):
        ken.write(replying.answer, f"{meeting.id}:no", Visitor(NAGI, ""))


def test_what_came_of_it_reaches_those_alone_who_may_know(ken: Prefecture, found: Series) -> None:
    meeting = living(ken, found)
    for user in (NAGI, MORI):
        says(ken, meeting, user, "video")
    revised(ken, found, channel=SHUT, audience="talents")
    goes_on(ken, tokyo(12, 4, 12))
    assert not records(ken, meeting, "まとめです")
    goes_on(ken, tokyo(12, 7, 12))
    assert ["まとめをお届け" in str(sent(ken, user)) for user in (NAGI, MORI)] == [False, True]


def test_the_agenda_is_shown_to_nobody_for_whom_it_is_not(ken: Prefecture, found: Series) -> None:
    meeting = living(ken, found)
    ken.write(agendas.show, found, meeting.on, HERE, KEN)
    agenda = ken.read(stored_agendas.of, found.id, meeting.on)
    assert agenda is not None

    def said() -> str:
        return str(ken.read(agendas.card, Outgoing("", agendas.CARD, agenda.id, {}, False)))

    assert "アドバイザー勉強会の次第" in said()
    revised(ken, found, channel=SHUT, audience="talents")
    assert [each.id for each in ken.read(agendas.stale)] == [agenda.id]  # so it is written anew
    assert "アドバイザー勉強会" not in said()


def test_what_has_begun_stays_where_people_came_from(ken: Prefecture, found: Series) -> None:
    meeting = living(ken, found)
    goes_on(ken, tokyo(12, 3, 15, 30))
    keep(ken, replace(OPEN, on="2026-12-10", channel=SHUT, audience="channel"), about=about(ken, found))
    goes_on(ken, tokyo(12, 3, 15, 40))
    assert ken.read(meetings.need, meeting.id).channel == HERE
