"""What is asked in a private channel is for who is in it, for the desk and for who answers it. On either engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.faq import Consent
from bot.domain.question import Verb
from bot.errors import NotYours
from handlers.faq import actions as faq_actions
from handlers.faq.drafting import needs_consent
from handlers.faq.similar import asked
from handlers.home.lists import LISTS
from handlers.members import actions
from handlers.questions.intake import capture
from handlers.questions.lifecycle.actions import act
from handlers.questions.surface.more import open_for
from storage import channels, members, questions
from storage.questions import Question
from tests.handlers.faq import CONTENT, newest, resolve
from tests.handlers.prefecture import BODY, HERE, KEN, MORI, NAGI, Prefecture
from tests.handlers.test_reports import tables

INSIDE, COLLEAGUE, STAFF = "U0NAKA", "U0KOHAI", "U0SHOKU"
ROOM = "G0JINJI"
SAID = "同僚の懲戒のログ調査はどうしますか"


def asked_in(ken: Prefecture, channel: str = ROOM, *, is_private: bool | None) -> Question:
    """A question by mention in a channel that is nobody's 相談チャンネル; two colleagues, one of them outside."""
    place = {"id": channel, "name": "人事の内輪"} | ({} if is_private is None else {"is_private": is_private})
    ken.write(actions.save_place, place, [NAGI, INSIDE], ken.read(actions.known, channel))
    people = [
        {"user_id": user, "name": user, "permission": permission, "municipality_code": BODY}
        for user, permission in ((INSIDE, "asker"), (COLLEAGUE, "asker"), (STAFF, "staff"))
    ]
    ken.write(members.save_members, people, overwrite=("permission", "municipality_code"))
    ken.write(capture.capture, ken.message(NAGI, SAID, channel=channel, mention=True))
    ken.now += timedelta(minutes=5)
    return ken.read(questions.need, newest(ken))


def listed(ken: Prefecture, user: str) -> int:
    """How many there are on somebody's Home, which are as many as they can open."""
    rows = ken.read(LISTS["of_body"].rows, user, 20, 0)
    assert len(rows) == ken.read(LISTS["of_body"].count, user)
    return len(rows)


@pytest.mark.parametrize("is_private", [True, None])
def test_what_is_asked_in_a_private_channel_is_not_everybodys(
    ken: Prefecture, is_private: bool | None
) -> None:
    question = asked_in(ken, is_private=is_private)
    assert question.responsible is not None
    assert listed(ken, COLLEAGUE) == 0
    assert SAID not in str(tables(ken)["一覧"])
    for stranger in (COLLEAGUE, STAFF):
        with pytest.raises(NotYours):
            ken.read(asked, question.id, stranger)
        with pytest.raises(NotYours):
            ken.read(open_for, question.id, stranger, "")
    for theirs in (NAGI, INSIDE, KEN, question.responsible):
        assert ken.read(asked, question.id, theirs) == SAID
        assert ken.read(open_for, question.id, theirs, "")
    ken.write(act, question.id, Verb.CLAIM, KEN, source="view:c")
    resolve(ken, question.id)
    entry = ken.write(faq_actions.keep, question.id, CONTENT, KEN, source="view:k")
    assert entry.consent == Consent.ASKED


def test_what_is_asked_in_a_public_channel_is_everybodys(ken: Prefecture) -> None:
    question = asked_in(ken, "C0ZATSU", is_private=False)
    assert listed(ken, COLLEAGUE) == 1
    assert SAID in str(tables(ken)["一覧"])
    assert ken.read(asked, question.id, COLLEAGUE) == SAID
    assert not ken.read(needs_consent, question)


def test_a_channel_that_becomes_private_takes_what_was_asked_there_with_it(ken: Prefecture) -> None:
    question = asked_in(ken, "C0ZATSU", is_private=False)
    ken.write(actions.privacy, "C0ZATSU", is_private=True)
    assert listed(ken, COLLEAGUE) == 0
    assert ken.read(needs_consent, question)


def test_a_consultation_channel_is_everybodys_whatever_it_is(ken: Prefecture) -> None:
    ken.write(actions.privacy, HERE, is_private=True)
    ken.write(capture.capture, ken.message(NAGI, SAID))
    assert listed(ken, NAGI) == 1
    assert ken.read(asked, newest(ken), MORI) == SAID
    assert ken.read(channels.is_everybodys, HERE)
