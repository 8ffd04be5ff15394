"""Who has a private question and no thread to read it in sees its files below their letter. On either engine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.asking import Audience, Details, Way
from bot.domain.question import Verb
from bot.feature import Outgoing
from handlers.questions.base.incoming import Incoming
from handlers.questions.base.sides import CARD, DESK_CARD, LETTER_FILE, RELAY_FILE
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.lifecycle.asking import ask
from handlers.questions.lifecycle.conversation import letter_file
from storage.tables import outbox
from tests.handlers.desk import DESK, MINE, SECRET, posted, read, stands, with_desk
from tests.handlers.prefecture import ARIMA, HERE, KEN, MORI, NAGI, TOKANO, Prefecture

PICTURE, PAPER = {"id": "F1", "name": "gamen.png"}, {"id": "F2", "name": "tejun.pdf"}


def asks(ken: Prefecture) -> int:
    """A private question from a dialog, with a picture."""
    details = Details(way=Way.FORM, audience=Audience.PRIVATE)
    source = f"view:V{ken.now}"
    found = ken.write(ask, NAGI, SECRET, details, source=source, channel=HERE, files=[PICTURE])
    question = read(ken, found)
    stands(ken, question, CARD, MINE, NAGI)
    if question.desk_channel is not None:
        stands(ken, question, DESK_CARD, DESK, None)
    return found


def below(ken: Prefecture, user: str, renderer: str = LETTER_FILE) -> list[tuple[str, str | None]]:
    """The files that would be shared for somebody: where, and which as things are."""
    o = outbox.c
    query = select(o.uid, o.renderer, o.record_id, o["values"], o.channel).where(
        o.workspace == ken.workspace, o.renderer == renderer
    )
    rows = ken.read(lambda tx: list(tx.connection.execute(query.order_by(o.id))))
    mine = [row for row in rows if row[3].get("user") == user]
    return [(row[4], ken.read(letter_file, Outgoing(*row[:4], True)).file) for row in mine]


def says(ken: Prefecture, author: str, channel: str, thread: str | None, *files: dict[str, str]) -> Incoming:
    ken.now += timedelta(minutes=3)
    word = ken.message(author, "この画面です。どうですか", channel=channel, thread=thread)
    word = Incoming(**{**{n: getattr(word, n) for n in word.__slots__}, "files": files})
    ken.write(capture.capture, word)
    return word


def test_without_a_desk_a_file_of_the_dialog_reaches_who_answers(ken: Prefecture) -> None:
    found = asks(ken)
    user = str(read(ken, found).responsible)
    assert below(ken, user) == []
    channel, _ = posted(ken, user, "question.asked")
    assert below(ken, user) == [(channel, "F1")]
    says(ken, NAGI, MINE, read(ken, found).thread_ts, PAPER)
    posted(ken, user, "question.asker_wrote")
    assert below(ken, user) == [(channel, "F1"), (channel, "F2")], "each once"


@pytest.mark.parametrize("desk", [True, False])
def test_who_gets_it_later_has_all_files_and_only_while_it_is_theirs(ken: Prefecture, desk: bool) -> None:
    if desk:
        with_desk(ken)
    found = asks(ken)
    word = says(ken, NAGI, MINE, read(ken, found).thread_ts, PAPER)
    ken.write(act, found, Verb.HAND_OVER, KEN, source="view:1", person=ARIMA)
    posted(ken, ARIMA, "question.handed_over")
    assert [file for _, file in below(ken, ARIMA)] == ["F1", "F2"]
    ken.write(capture.deleted, word.channel, word.ts, None)
    assert [file for _, file in below(ken, ARIMA)] == ["F1", None]
    ken.write(act, found, Verb.STEP_ASIDE, ARIMA, source="view:2")
    assert [file for _, file in below(ken, ARIMA)] == [None, None]


def test_a_deleted_word_takes_the_file_below_the_letter_with_it(ken: Prefecture) -> None:
    found = asks(ken)
    user = str(read(ken, found).responsible)
    word = says(ken, NAGI, MINE, read(ken, found).thread_ts, PAPER)
    posted(ken, user, "question.asked")
    o = outbox.c
    wanted = select(o.wanted).where(o.workspace == ken.workspace, o.key.like(f"file:{LETTER_FILE}:%F2%"))
    before = ken.read(lambda tx: tx.connection.execute(wanted).scalar_one())
    ken.write(capture.deleted, word.channel, word.ts, None)
    assert ken.read(lambda tx: tx.connection.execute(wanted).scalar_one()) == before + 1


def test_who_reads_the_thread_gets_no_second_copy(ken: Prefecture) -> None:
    with_desk(ken, [KEN, MORI, TOKANO])
    found = asks(ken)
    assert read(ken, found).responsible == MORI
    ken.write(act, found, Verb.HAND_OVER, KEN, source="view:1", person=TOKANO)
    posted(ken, TOKANO, "question.handed_over")
    assert below(ken, TOKANO) == []
    o = outbox.c
    at_desk = select(o.channel).where(o.workspace == ken.workspace, o.renderer == RELAY_FILE)
    assert ken.read(lambda tx: list(tx.connection.execute(at_desk).scalars())) == [DESK]
