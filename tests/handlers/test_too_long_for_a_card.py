"""What was asked and does not fit on the desk's card stands below it, word for word, once each. On either engine."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bot.domain.asking import Audience
from bot.feature import Outgoing
from handlers.questions.base.incoming import Incoming
from handlers.questions.base.sides import DESK_CARD, RELAY
from handlers.questions.intake import capture, direct
from handlers.questions.shown.render import relay
from storage.tables import outbox
from tests.handlers.desk import DESK, MINE, SECRET, read, stands, with_desk
from tests.handlers.prefecture import NAGI, Prefecture


def asked(ken: Prefecture, *texts: str) -> list[Incoming]:
    """A direct message in several parts, for the prefecture alone; the desk's card stands."""
    with_desk(ken)
    parts = [ken.message(NAGI, text, channel=MINE) for text in texts]
    for part in parts:
        ken.write(capture.capture, part)
    ken.write(direct.choose, 1, Audience.PRIVATE, NAGI, source="action:1")
    stands(ken, read(ken, 1), DESK_CARD, DESK, None)
    return parts


def below(ken: Prefecture) -> list[str]:
    """What stands below the card now; each is one message of the bot."""
    o = outbox.c
    query = (
        select(o.uid, o.renderer, o.record_id, o["values"])
        .where(o.workspace == ken.workspace, o.renderer == RELAY, o.channel == DESK)
        .order_by(o.id)
    )
    rows = ken.read(lambda tx: [Outgoing(*row, True) for row in tx.connection.execute(query)])
    shown = [ken.read(relay, row) for row in rows]
    return ["".join(str(each.blocks)) for each in shown if each is not None]


def versions(ken: Prefecture) -> list[int]:
    query = select(outbox.c.wanted).where(outbox.c.workspace == ken.workspace, outbox.c.renderer == RELAY)
    return ken.read(lambda tx: list(tx.connection.execute(query.order_by(outbox.c.id)).scalars()))


def edit(ken: Prefecture, message: Incoming, text: str) -> None:
    at = f"{float(message.ts) + 60 + len(text):.6f}"
    ken.write(capture.edited, replace(message, text=text, edited_ts=at))


def test_an_edit_that_pushes_later_parts_off_the_card_lets_them_stand_below_it(ken: Prefecture) -> None:
    first, *_ = asked(ken, SECRET, "型番はAB-12です", "昨日からです")
    assert below(ken) == []
    edit(ken, first, SECRET + "あ" * 9000)
    words = below(ken)
    assert len(words) == 3
    assert "".join(words).count("あ") >= 9000
    assert sum("AB-12" in each for each in words) == 1
    assert sum("昨日から" in each for each in words) == 1
    before = versions(ken)
    edit(ken, first, SECRET + "い" * 9000)
    assert len(below(ken)) == 3, "once each"
    assert versions(ken)[1:] == before[1:], "what did not change is not edited either"


def test_many_short_lines_need_more_room_than_their_letters(ken: Prefecture) -> None:
    first, *_ = asked(ken, SECRET, "型番はAB-12です")
    edit(ken, first, "あ\n" * 2900)
    assert sum("AB-12" in each for each in below(ken)) == 1


def test_what_is_taken_back_is_taken_back_below_the_card_too(ken: Prefecture) -> None:
    first, second = asked(ken, SECRET + "あ" * 7000, "山田という職員の件です" + "い" * 2000)
    assert sum("山田" in each for each in below(ken)) == 1
    edit(ken, second, "ある職員の件です")
    assert not [each for each in below(ken) if "山田" in each], "though all fits on the card now"
    assert versions(ken)[1] > 1
    edit(ken, first, SECRET)
    ken.write(capture.deleted, second.channel, second.ts, None)
    assert not [each for each in below(ken) if "ある職員" in each]


def test_a_word_longer_than_a_message_crosses_whole_in_several(ken: Prefecture) -> None:
    asked(ken, SECRET)
    question = read(ken, 1)
    lines = [f"{number}行目です" for number in range(1500)]
    ken.later(minutes=3)
    word = ken.message(NAGI, "\n".join(lines), channel=MINE, thread=question.thread_ts)
    ken.write(capture.capture, word)
    shown = below(ken)
    assert len(shown) == 2
    assert not [line for line in lines if not any(line in each for each in shown)]
    assert "続きはスレッドに" not in "".join(shown), "it is all there"
    edit(ken, word, "やはり、よくなりました")
    first, second = below_again(ken)
    assert "よくなりました" in first
    assert "行目" not in first + second
    ken.write(capture.deleted, word.channel, word.ts, None)
    assert "よくなりました" not in "".join(below_again(ken))


def below_again(ken: Prefecture) -> list[str]:
    """The same, once it has been posted."""
    o = outbox.c
    query = select(o.uid, o.renderer, o.record_id, o["values"]).where(
        o.workspace == ken.workspace, o.renderer == RELAY, o.channel == DESK
    )
    rows = ken.read(lambda tx: [Outgoing(*row, False) for row in tx.connection.execute(query.order_by(o.id))])
    found = [ken.read(relay, row) for row in rows]
    return ["".join(str(each.blocks)) for each in found if each is not None]
