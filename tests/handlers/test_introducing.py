"""Where people belong: asked once, guessed from colleagues, told to their questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import Malformed
from bot.feature import Outgoing
from handlers.members import actions, introducing, presses, views
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions import FEATURE
from handlers.questions.intake.capture import capture
from handlers.questions.intake.registering import register
from storage import members, questions, timelines, workspace
from tests.handlers.prefecture import BODY, FILE, HERE, KEN, MORI, NAGI, OTHER_BODY, Prefecture

pytestmark = pytest.mark.screens

NEW, OLD = "U0NEW", "U0OLD"
DOMAIN = "town.sapporo.example.jp"
BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def user(user_id: str, mail: str | None = None, **more: Any) -> dict[str, Any]:
    profile = {"real_name": f"{user_id} 氏"} | ({"email": mail} if mail else {})
    return {"id": user_id, "team_id": "T0ASAGI", "name": user_id.lower(), "profile": profile, **more}


def settle(ken: Prefecture, user_id: str, code: str | None, mail: str, **more: Any) -> None:
    ken.write(actions.save_users, [user(user_id, mail, **more)])
    ken.write(introducing.introduce, user_id, code, "総務課")


def asks(ken: Prefecture, author: str, text: str = BROKEN) -> questions.Question:
    ken.now += timedelta(minutes=3)  # or it would be part of what they asked before
    asked = ken.message(author, text)
    ken.write(capture, asked)
    found = ken.read(questions.in_thread, HERE, asked.ts)
    assert found is not None
    return found


def letter(ken: Prefecture, user_id: str) -> str:
    """The words and buttons of the introduction as it would be sent now."""
    outgoing = Outgoing("u", introducing.INTRODUCTION, 0, {"user": user_id}, first=True)
    found = ken.read(introducing.letter, outgoing)
    if found is None:
        return ""
    assert found.blocks is not None
    labels = [each["text"]["text"] for each in found.blocks[-1]["elements"]]
    return found.text + "".join(f"[{label}]" for label in labels)


def test_who_is_unknown_is_asked_once_ever(ken: Prefecture) -> None:
    asks(ken, NEW)
    asks(ken, NEW, "プリンターの印刷がずれます。どうすればいいですか")
    ken.write(introducing.ask_body, NEW)
    assert ken.rings(NEW) == [f"direct:{introducing.INTRODUCTION}:{NEW}"]
    assert letter(ken, NEW).endswith("[選ぶ][あとで]")
    ken.write(introducing.put_off, NEW)
    ken.write(introducing.ask_body, NEW)
    assert len(ken.rings(NEW)) == 1


def test_whose_body_is_known_is_not_asked_nor_who_answers_nor_a_visitor(ken: Prefecture) -> None:
    asks(ken, NAGI)
    ken.write(actions.save_users, [user("U0VISITOR", team_id="T0NEIGHBOR")])
    for each in (NAGI, KEN, MORI, "U0VISITOR", "U0NOBODY"):
        ken.write(introducing.ask_body, each)
        assert not [key for key in ken.rings(each) if introducing.INTRODUCTION in key]


def test_whose_words_another_registered_is_not_asked(ken: Prefecture) -> None:
    said = ken.message(NEW, "ありがとうございました")
    ken.write(capture, said)
    ken.write(register, HERE, said.ts, KEN)
    assert ken.read(questions.in_thread, HERE, said.ts) is not None
    assert ken.rings(NEW) == []


def test_the_guess_is_what_colleagues_have_shown(ken: Prefecture) -> None:
    ken.write(actions.save_users, [user(NEW, f"new@{DOMAIN}")])
    ken.write(introducing.ask_body, NEW)
    settle(ken, "U1", BODY, f"one@{DOMAIN}")
    assert letter(ken, NEW).endswith("[選ぶ][あとで]"), "one colleague is no guess"
    settle(ken, "U2", BODY, f"two@{DOMAIN.upper()}")
    assert letter(ken, NEW).endswith("ご所属は「札幌市」でよいですか?[はい][ちがう・選ぶ][あとで]")
    settle(ken, "U3", None, f"three@{DOMAIN}")
    assert letter(ken, NEW).endswith("[選ぶ][あとで]"), "somebody of another body has the same domain"
    ken.write(actions.save_users, [user("U3", f"three@{DOMAIN}", deleted=True)])
    assert "札幌市" in letter(ken, NEW), "who has left says nothing"
    settle(ken, "U4", OTHER_BODY, f"four@{DOMAIN}")
    assert "札幌市" not in letter(ken, NEW)


def test_of_an_address_only_the_domain_is_kept_and_none_of_everybodys(ken: Prefecture) -> None:
    for mail, domain in (("one@gmail.com", None), (f"secret@{DOMAIN}", DOMAIN), (None, DOMAIN)):
        ken.write(actions.save_users, [user(NEW, mail)])
        found = ken.read(members.member, NEW)
        assert found is not None
        assert found.mail_domain == domain
    ken.write(actions.save_users, [user("U0VISITOR", f"x@{DOMAIN}", team_id="T0NEIGHBOR")])
    visitor = ken.read(members.member, "U0VISITOR")
    assert visitor is not None
    assert visitor.mail_domain is None


def test_the_answer_is_kept_and_open_questions_get_it(ken: Prefecture) -> None:
    open_one, closed = asks(ken, NEW), asks(ken, NEW, "プリンターの印刷がずれます。どうすればいいですか")
    ken.write(lambda tx: questions.touch(tx, closed.id, state="closed", close_reason="resolved"))
    assert "ご所属は確認中" in _card(ken, open_one.id)
    ken.write(introducing.introduce, NEW, BODY, "総務課")
    ken.run_due()
    found = ken.read(members.member, NEW)
    assert found is not None
    assert (found.municipality, found.section, found.confirmed_at) == ("札幌市", "総務課", ken.now)
    assert "札幌市 総務課" in _card(ken, open_one.id)
    assert ken.read(questions.need, closed.id).municipality_code is None
    assert letter(ken, NEW) == "", "what is known is not asked"
    assert asks(ken, NEW, "Web会議が途切れます。どうすればいいですか").municipality_code == BODY
    verbs = [event.verb for event in ken.read(timelines.timeline, open_one.id)]
    assert verbs.count("set_body") == 1


def _card(ken: Prefecture, question_id: int) -> str:
    outgoing = Outgoing("u", "question.card", question_id, {}, first=False)
    found = ken.read(FEATURE.renderers["question.card"], outgoing)
    assert found is not None
    return str(found.blocks)


def test_what_the_prefecture_registers_reaches_open_questions_too(ken: Prefecture) -> None:
    question = asks(ken, NEW)
    ken.write(load, parse({"members": [{"id": NEW, "name": "新 人", "municipality": OTHER_BODY}]}))
    ken.run_due()
    assert "函館市" in _card(ken, question.id)
    assert letter(ken, NEW) == ""


def test_a_body_without_a_code_is_kept_in_words(ken: Prefecture) -> None:
    question = asks(ken, NEW)
    ken.write(introducing.introduce, NEW, None, "青嶺広域連合 総務課")
    ken.run_due()
    assert "青嶺広域連合 総務課" in _card(ken, question.id)
    assert letter(ken, NEW) == ""
    ken.write(introducing.ask_body, "U0OTHER")
    ken.run_due()
    assert [e.verb for e in ken.read(timelines.timeline, question.id)].count("set_body") == 1


def test_who_turns_out_to_be_barred_by_the_body_passes_it_on(ken: Prefecture) -> None:
    barred = FILE["talents"][0] | {"conflicts": [f"body:{BODY}"]}
    ken.write(load, parse({"talents": [barred]}))
    question = asks(ken, NEW)
    assert question.responsible == MORI
    ken.write(introducing.introduce, NEW, BODY, None)
    ken.run_due()
    assert ken.read(questions.need, question.id).responsible not in {None, MORI}


def test_a_body_that_is_none_is_refused_and_nothing_kept(ken: Prefecture) -> None:
    asks(ken, NEW)
    for code in ("999999", "'; DROP TABLE member", ""):
        with pytest.raises(Malformed):
            ken.write(presses._take_guess, NEW, code)
    found = ken.read(members.member, NEW)
    assert found is not None
    assert (found.municipality_code, found.confirmed_at) == (None, None)


def test_the_own_prefecture_is_what_was_set_else_that_of_most(ken: Prefecture) -> None:
    assert ken.read(members.own_prefecture) == "北海道"
    found = ken.read(presses.found_bodies, "")
    assert len(found) == 100
    assert {body.prefecture for body in found} == {"北海道"}
    ken.write(lambda tx: workspace.set_workspace(tx, prefecture="福島県"))
    assert ken.read(members.own_prefecture) == "福島県"
    assert [body.prefecture for body in ken.read(presses.found_bodies, "だて")][:1] == ["福島県"]


def entered(**values: str) -> dict[str, Any]:
    """The dialog's payload."""
    blocks = {"body": views.BODY, "other": views.OTHER, "section": views.SECTION}
    state = {
        blocks[name]: {
            blocks[name]: {"selected_option": {"value": text}} if name == "body" else {"value": text}
        }
        for name, text in values.items()
    }
    return {"state": {"values": state}}


@pytest.mark.parametrize(
    ("values", "block"),
    [
        ({}, views.BODY),
        ({"section": "総務課"}, views.BODY),
        ({"body": "999999"}, views.BODY),
        ({"body": BODY, "other": "青嶺広域連合"}, views.OTHER),
        ({"other": "   "}, views.BODY),
    ],
)
def test_what_is_missing_in_the_dialog_is_said_where_it_is_missing(
    ken: Prefecture, values: dict[str, str], block: str
) -> None:
    assert list(ken.write(presses._keep, NEW, entered(**values)).problems) == [block]
    assert ken.read(members.member, NEW) is None


def test_what_is_typed_is_one_line_of_a_fair_length(ken: Prefecture) -> None:
    ken.write(presses._keep, NEW, entered(other="青嶺\n広域\x00連合", section="あ" * 500))
    found = ken.read(members.member, NEW)
    assert found is not None
    assert found.section is not None
    assert found.section.startswith("青嶺 広域連合 あああ")
    assert len(found.section) <= 2 * views.LONGEST + 1
