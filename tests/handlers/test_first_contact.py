"""Where somebody belongs is asked within the first answer to their direct message: once, and by no second message. On
either engine."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.asking import Audience, Details, Way
from bot.errors import Malformed, NotYours
from bot.feature import Outgoing
from handlers.members import views
from handlers.members.introducing import introduce
from handlers.questions.intake import capture, direct
from handlers.questions.lifecycle.asking import ask
from handlers.questions.screens import contact
from handlers.questions.shown.render import card
from handlers.questions.surface import place
from storage import members, offices, questions, workspace
from storage.database import Transaction
from storage.offices import Office
from tests.handlers.desk import SECRET, letters, read, with_desk
from tests.handlers.prefecture import BODY, KEN, NAGI, Prefecture

NEW, MINE = "U0NEW", "D0NEW"
DOMAIN = "city.sapporo.example.jp"


def write(ken: Prefecture, text: str = SECRET) -> int:
    ken.write(capture.capture, ken.message(NEW, text, channel=MINE))
    found = ken.read(questions.newest_of, NEW)
    assert found is not None
    return found.id


def shown(ken: Prefecture, question_id: int) -> tuple[str, list[str]]:
    """The card in the direct message: its words, its buttons."""
    message = ken.read(card, Outgoing("x", "question.card", question_id, {}, True))
    assert message is not None
    blocks: list[dict[str, Any]] = message.blocks or []
    buttons = [
        each["text"]["text"] for block in blocks if block["type"] == "actions" for each in block["elements"]
    ]
    return json.dumps(blocks, ensure_ascii=False), buttons


def with_colleagues(ken: Prefecture) -> None:
    def add(tx: Transaction) -> None:
        rows = [
            {"user_id": user, "name": user, "municipality_code": code, "mail_domain": DOMAIN}
            for user, code in (("U0A", BODY), ("U0B", BODY), (NEW, None))
        ]
        members.save_members(tx, rows, overwrite=("mail_domain",))

    ken.write(add)


CHOICES = ["県内のみんなに", "団体名だけ出して", "県と担当だけに"]


def test_who_writes_at_night_reads_when_somebody_is_there(ken: Prefecture) -> None:
    """And no longer once they are."""
    ken.now += timedelta(hours=9)
    found = write(ken)
    assert "開庁時間の外に受け付けました。11/25(水)8:30 から確認します" in shown(ken, found)[0]
    ken.now += timedelta(hours=14)
    assert "開庁時間の外" not in shown(ken, found)[0]


def test_whom_to_call_is_said_with_ones_own_body_first(ken: Prefecture) -> None:
    ken.write(capture.capture, ken.message(NAGI, SECRET, channel="D0NAGI"))
    found = ken.read(questions.newest_of, NAGI)
    assert found is not None
    assert "先に県へ電話してください" in shown(ken, found.id)[0]
    ken.write(lambda tx: workspace.set_workspace(tx, emergency_phone="000-111-2222"))
    assert "先に電話:000-111-2222" in shown(ken, found.id)[0]
    ken.write(offices.save_office, BODY, Office(phone="総務課 000-555-6666"))
    assert "先に電話:自団体 総務課 000-555-6666、県 000-111-2222" in shown(ken, found.id)[0]


def test_without_a_guess_one_chooses_or_puts_it_off(ken: Prefecture) -> None:
    found = write(ken)
    words, buttons = shown(ken, found)
    assert "ご所属を教えてください" in words
    assert buttons == [*CHOICES, "選ぶ", "あとで"]
    assert letters(ken, NEW) == [], "no second message"
    ken.write(place.put_off, found, NEW)
    assert shown(ken, found)[1] == CHOICES


def test_a_right_guess_takes_one_press(ken: Prefecture) -> None:
    with_colleagues(ken)
    found = write(ken)
    words, buttons = shown(ken, found)
    assert "ご所属は「札幌市」でよいですか" in words
    assert buttons == [*CHOICES, "はい", "ちがう・選ぶ", "あとで"]
    ken.write(place.confirm, found, BODY, NEW)
    ken.run_due()
    assert "ご所属は「札幌市」でよいですか" not in shown(ken, found)[0]
    assert read(ken, found).municipality_code == BODY


def test_after_a_right_guess_the_section_can_be_said_in_the_same_place(ken: Prefecture) -> None:
    with_colleagues(ken)
    with_desk(ken)
    found = write(ken)
    ken.write(place.confirm, found, BODY, NEW)
    words, buttons = shown(ken, found)
    assert "ご所属を「札幌市」で登録しました" in words
    assert buttons == [*CHOICES, "課を書く"]
    ken.write(direct.choose, found, Audience.PRIVATE, NEW, source="action:1")
    assert shown(ken, found)[1] == ["課を書く", "その他"]
    ken.write(introduce, NEW, BODY, "総務課")
    ken.run_due()
    assert read(ken, found).section == "総務課", "who answers reads it"
    assert shown(ken, found)[1] == ["その他"]
    assert letters(ken, NEW) == []


def test_what_was_said_of_a_question_stays(ken: Prefecture) -> None:
    with_desk(ken)
    by_phone = ken.write(_entered_for, BODY, "税務課")
    other = ken.write(_entered_for, "012025", None)
    ken.write(introduce, NEW, BODY, "総務課")
    ken.run_due()
    assert (read(ken, by_phone).municipality_code, read(ken, by_phone).section) == (BODY, "税務課")
    assert (read(ken, other).municipality_code, read(ken, other).section) == ("012025", None)


def _entered_for(tx: Transaction, code: str, section: str | None) -> int:
    details = Details(
        way=Way.PHONE,
        municipality_code=code,
        section=section,
        entered_by=KEN,
        audience=Audience.PRIVATE,
    )
    return ask(tx, NEW, SECRET, details, source=f"view:{code}", channel=None)


def test_it_is_asked_once_whatever_they_do(ken: Prefecture) -> None:
    with_desk(ken)
    first = write(ken)
    ken.write(direct.choose, first, Audience.PRIVATE, NEW, source="action:1")
    assert shown(ken, first)[1] == ["所属を選ぶ", "その他"], "it can still be said"
    ken.later(minutes=5)
    second = write(ken, "議員のタブレットも買い替えたいです。どう進めますか")
    assert shown(ken, second)[1] == CHOICES
    assert not [each for each in letters(ken, NEW) if "ご所属" in each]
    ken.later(minutes=5)
    ken.write(capture.capture, ken.message(NEW, "プリンターの印刷がずれます。なぜですか"))
    assert not [each for each in letters(ken, NEW) if "ご所属" in each]
    ken.write(introduce, NEW, BODY, "総務課")
    ken.run_due()
    assert shown(ken, first)[1] == ["その他"]


def test_who_was_asked_by_letter_is_not_asked_here(ken: Prefecture) -> None:
    ken.write(capture.capture, ken.message(NEW, "プリンターの印刷がずれます。なぜですか"))
    assert len([each for each in letters(ken, NEW) if "ご所属" in each]) == 1
    assert shown(ken, write(ken))[1] == CHOICES


def test_nobody_answers_for_another(ken: Prefecture) -> None:
    found = write(ken)
    for action in (
        lambda tx: place.put_off(tx, found, "U0A"),
        lambda tx: place.confirm(tx, found, BODY, "U0A"),
    ):
        with pytest.raises(NotYours):
            ken.write(action)
    with pytest.raises(Malformed):
        ken.write(place.confirm, found, "999999", NEW)
    assert contact.PLACE_YES != views.YES, "that one puts another message in the place of the card"
