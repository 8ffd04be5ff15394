"""「公開範囲を狭める」: what the bot posted for everybody goes on before the prefecture alone. On either engine."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.asking import Audience
from bot.domain.question import Verb
from bot.errors import NotPossibleNow, NotYours
from bot.feature import FirstPost, Outgoing
from handlers.questions.base.sides import CARD, DESK_CARD
from handlers.questions.intake import capture
from handlers.questions.intake.capture import Became
from handlers.questions.lifecycle.actions import act, undo
from handlers.questions.lifecycle.asking import on_posted
from handlers.questions.lifecycle.narrowing import MOVED, MOVED_FILE, MOVED_ON, MOVED_WORD, RENDERERS, narrow
from handlers.questions.surface import more
from storage.database import Transaction
from storage.questions import Question
from storage.tables import outbox
from tests.handlers.desk import DESK, MINE, SECRET, asks, letters, read, shown, stands, with_desk
from tests.handlers.prefecture import ARIMA, HERE, KEN, MORI, NAGI, Prefecture

LATER, ANSWER = "昨年の9月のことです。急ぎます", "まず規則の写しを確かめます"


def talked(ken: Prefecture, audience: str, *desk: str) -> Question:
    """Asked by dialog before everybody; a word of the asker's and one of the adviser's in the public thread."""
    with_desk(ken, desk or (KEN, MORI))
    found = read(ken, asks(ken, audience=Audience(audience), field_id="device"))
    assert found.responsible == MORI
    two_sided = audience == "body"
    public = found.desk_ts if two_sided else found.thread_ts
    _posted(ken, HERE, public)
    ken.later(minutes=5)
    place, thread = (MINE, found.thread_ts) if two_sided else (HERE, public)
    ken.write(capture.capture, ken.message(NAGI, LATER, channel=place, thread=thread))
    ken.write(capture.capture, ken.message(MORI, ANSWER, thread=public))
    _posted(ken, HERE, None)
    return read(ken, found.id)


def _posted(ken: Prefecture, channel: str, card: str | None) -> None:
    """Everything that is wanted in a channel stands there; the card at its own stamp."""
    o = outbox.c
    mine = (o.workspace == ken.workspace, o.channel == channel, o.posted_ts.is_(None))
    rows = ken.read(lambda tx: list(tx.connection.execute(select(o.id, o.thread_ts).where(*mine))))
    for row in rows:
        stamp = card if row.thread_ts is None and card else ken.message(NAGI, "").ts
        values = {"posted_channel": channel, "posted_ts": stamp, "sent": o.wanted}
        ken.write(_stands, row.id, values)


def _stands(tx: Transaction, row: int, values: dict[str, Any]) -> None:
    tx.connection.execute(outbox.update().where(outbox.c.id == row).values(**values))


def left(ken: Prefecture) -> list[tuple[str, str]]:
    """What stands in the public channel now, by renderer and words."""
    o = outbox.c
    query = select(o.uid, o.renderer, o.record_id, o["values"]).where(
        o.workspace == ken.workspace, o.channel == HERE, o.wanted > o.sent, o.kind != "ephemeral"
    )
    rows = ken.read(lambda tx: [Outgoing(*row, False) for row in tx.connection.execute(query.order_by(o.id))])
    found = [(row.renderer, ken.read(RENDERERS[row.renderer], row)) for row in rows]
    return [(name, "" if message is None else message.text) for name, message in found]


@pytest.mark.parametrize("audience", ["body", "open"])
def test_all_words_so_far_go_to_the_desk_and_out_of_the_channel(ken: Prefecture, audience: str) -> None:
    before = talked(ken, audience)
    ken.write(narrow, before.id, NAGI, source="view:1")
    after = read(ken, before.id)
    assert (after.audience, after.desk_channel, after.responsible) == ("private", DESK, MORI)
    assert (after.state, after.number) == ("claimed", before.number)
    stands(ken, after, DESK_CARD, DESK, None)
    if audience == "open":
        stands(ken, after, CARD, MINE, NAGI)
    after = read(ken, before.id)
    at_desk, mine = "".join(shown(ken, DESK)), "".join([*shown(ken, MINE), *shown(ken, "")])
    for words in (SECRET, LATER, ANSWER):
        assert words in at_desk
    assert SECRET in mine
    assert ANSWER in mine
    assert after.channel == MINE
    remains = left(ken)
    assert {name for name, _ in remains} == {MOVED, MOVED_WORD} if audience == "body" else {MOVED}
    for words in (SECRET, LATER, ANSWER, "浜野"):
        assert words not in str(remains)
    assert letters(ken, MORI) == [], "the new card mentions them"


def test_who_does_not_sit_at_the_desk_reads_all_of_it_by_letter(ken: Prefecture) -> None:
    before = talked(ken, "body", KEN)
    ken.write(narrow, before.id, NAGI, source="view:1")
    (letter,) = letters(ken, MORI)
    for words in ("「県と担当だけに」変わりました", SECRET, LATER, ANSWER):
        assert words in letter


def test_a_card_on_its_way_does_not_come_back(ken: Prefecture) -> None:
    with_desk(ken)
    found = read(ken, asks(ken, audience=Audience.BODY, field_id="device"))
    ken.write(narrow, found.id, NAGI, source="view:1")
    stamp = ken.message(NAGI, "").ts
    ken.write(on_posted, FirstPost(DESK_CARD, found.id, None, HERE, stamp))
    assert read(ken, found.id).desk_ts is None
    stands(ken, read(ken, found.id), DESK_CARD, DESK, None)
    assert read(ken, found.id).desk_ts is not None


def test_who_writes_there_all_the_same_hears_that_it_reaches_nobody(ken: Prefecture) -> None:
    before = talked(ken, "body")
    ken.write(narrow, before.id, NAGI, source="view:1")
    word = ken.message(ARIMA, "うちもそうでした。どうなりましたか", thread=before.desk_ts)
    word = type(word)(**{**{name: getattr(word, name) for name in word.__slots__}, "below_bot": True})
    assert ken.write(capture.capture, word) is Became.KEPT
    o = outbox.c
    query = select(o.user_id).where(o.workspace == ken.workspace, o.renderer == MOVED_ON)
    assert ken.read(lambda tx: list(tx.connection.execute(query).scalars())) == [ARIMA]
    stands(ken, read(ken, before.id), DESK_CARD, DESK, None)
    assert "うちも" not in "".join([*shown(ken, DESK), *shown(ken, MINE)])


def test_only_the_asker_and_it_cannot_be_taken_back(ken: Prefecture) -> None:
    before = talked(ken, "body")
    for other in (MORI, KEN):
        with pytest.raises(NotYours):
            ken.write(narrow, before.id, other, source=f"view:{other}")
    ken.write(narrow, before.id, NAGI, source="view:1")
    after = read(ken, before.id)
    ken.write(narrow, before.id, NAGI, source="view:2")
    assert read(ken, before.id) == after
    for user in (NAGI, MORI):
        with pytest.raises(NotPossibleNow):
            ken.write(undo, before.id, user, source=f"action:{user}")


def test_what_stands_in_the_asker_s_own_message_cannot_be_narrowed(ken: Prefecture) -> None:
    ken.write(capture.capture, ken.message(NAGI, "パソコンの画面が真っ暗です。どうすればいいですか"))
    view = str(ken.read(more.open_for, 1, NAGI))
    assert "「県と担当だけに」には変えられません" in view
    assert "消す" in view, "what they can do"
    with pytest.raises(NotPossibleNow):
        ken.write(narrow, 1, NAGI, source="view:1")
    assert read(ken, 1).audience == Audience.OPEN


def test_it_is_offered_to_the_asker_alone_while_it_lives(ken: Prefecture) -> None:
    before = talked(ken, "body")
    offer = "「県と担当だけに」変える"
    assert offer in str(ken.read(more.open_for, before.id, NAGI))
    assert offer not in str(ken.read(more.open_for, before.id, MORI))
    ken.write(act, before.id, Verb.RESOLVE, NAGI, source="action:1")
    assert offer not in str(ken.read(more.open_for, before.id, NAGI))


def test_files_are_taken_out_as_well(ken: Prefecture) -> None:
    message = ken.read(RENDERERS[MOVED_FILE], Outgoing("x", MOVED_FILE, 1, {"file": "F1"}, False))
    assert message is not None
    assert message.file is None, "delivery deletes its copy"
