"""Whatever people write a My Number into, it is nowhere afterwards, and those who must know are told once."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.my_number import MASK
from bot.feature import Outgoing
from handlers.common.errors import fit_to_keep
from handlers.questions.base import exposed
from handlers.questions.base.incoming import Incoming, read_message
from handlers.questions.intake import capture
from handlers.questions.intake.capture import Became
from storage import failures, messages
from storage.database import Transaction
from storage.tables import outbox
from tests.digits import NUMBER, OTHER, THIRD, columns, where
from tests.domain.test_my_number import FORMS
from tests.handlers.prefecture import BOT, HERE, ITSUKI, KEN, NAGI, Prefecture

pytestmark = pytest.mark.screens

ASKING = "住民の番号{}の手続きを教えてください"
_stamps = itertools.count(1)


def payload(text: str, author: str = NAGI, **more: Any) -> dict[str, Any]:
    ts = f"1795482{next(_stamps):03}.000100"
    return {"type": "message", "channel": HERE, "user": author, "text": text, "ts": ts, **more}


def read(message: dict[str, Any], channel: str = HERE) -> Incoming:
    found = read_message(message, channel, BOT)
    assert found is not None
    return found


def write(ken: Prefecture, message: dict[str, Any], channel: str = HERE) -> Became:
    return ken.write(capture.capture, read(message, channel))


def told(ken: Prefecture) -> list[tuple[str, str]]:
    """Who is told what about numbers, in order."""

    def rows(tx: Transaction) -> list[tuple[str, str]]:
        o = outbox.c
        query = select(o.renderer, o.user_id).where(o.workspace == tx.workspace, o.renderer.like("number.%"))
        return [(str(renderer), str(user)) for renderer, user in tx.connection.execute(query.order_by(o.id))]

    return ken.read(rows)


def assert_clean(ken: Prefecture) -> None:
    found = ken.read(lambda tx: list(columns(tx.connection)))
    assert len(found) > 100
    assert where(found, NUMBER, OTHER, THIRD) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_in_whatever_form_it_is_stored_nowhere_and_told_to_the_author_and_the_desk(
    ken: Prefecture, form: str
) -> None:
    message = payload(ASKING.format(form))
    assert write(ken, message) is Became.QUESTION
    assert_clean(ken)
    assert told(ken) == [(exposed.AUTHOR, NAGI), (exposed.DESK, KEN)]
    row = ken.read(messages.find, HERE, message["ts"])
    assert row is not None
    assert MASK in row.body
    assert row.body.endswith("の手続きを教えてください")


@pytest.mark.parametrize(
    "more",
    [
        {"attachments": [{"is_share": True, "text": f"転送です {NUMBER}"}]},
        {
            "attachments": [
                {"is_share": True, "text": "転送です", "files": [{"id": "F1", "name": f"{NUMBER}.pdf"}]}
            ]
        },
        {"files": [{"id": "F1", "name": "通知カード_1234_5678_9018.pdf", "title": NUMBER}]},
        {"attachments": [{"is_share": True, "text": "5678 9018"}], "text": "番号は1234"},
        {"text": f"1234 <@{BOT}> 5678 9018 はどうすればいいですか"},
        {"thread_ts": "1795481000.000100", "text": f"{NUMBER} です"},
    ],
    ids=["forwarded", "a forwarded file", "a file", "half forwarded", "around a mention", "in a thread"],
)
def test_wherever_in_a_message_it_stands(ken: Prefecture, more: dict[str, Any]) -> None:
    write(ken, {**payload("教えてください"), **more})
    assert_clean(ken)
    assert told(ken) == [(exposed.AUTHOR, NAGI), (exposed.DESK, KEN)]


def test_once_for_a_message_however_often_it_comes(ken: Prefecture) -> None:
    message = payload(ASKING.format(NUMBER))
    write(ken, message)
    assert write(ken, message) is Became.SEEN_BEFORE
    edited = read({**message, "edited": {"ts": "1795483000.000000"}})
    ken.write(capture.edited, edited)  # the catch-up sees it with another word put right
    assert ken.write(capture.edited, edited) is Became.SEEN_BEFORE
    assert len(told(ken)) == 2


def test_an_edit_that_adds_one_tells_again_and_one_that_adds_none_does_not(ken: Prefecture) -> None:
    message = payload(ASKING.format("A"))
    write(ken, message)
    assert told(ken) == []
    for at, text, rings in (
        (1, NUMBER, 2),
        (2, f"{NUMBER}です", 2),
        (3, f"{NUMBER}と{OTHER}", 4),
        (4, "", 4),
        (5, NUMBER, 6),
    ):
        edit = {**message, "text": ASKING.format(text), "edited": {"ts": f"179548300{at}.000000"}}
        ken.write(capture.edited, read(edit))
        assert len(told(ken)) == rings, text
        assert_clean(ken)


def test_where_nobody_asks_the_bot_the_author_is_told_all_the_same_and_nothing_is_kept(
    ken: Prefecture,
) -> None:
    message = payload(f"番号は{NUMBER}です", channel="C0ZATSUDAN")
    assert write(ken, message, "C0ZATSUDAN") is Became.IGNORED
    assert write(ken, message, "C0ZATSUDAN") is Became.IGNORED
    assert told(ken) == [(exposed.AUTHOR, NAGI), (exposed.DESK, KEN)]
    assert ken.read(messages.find, "C0ZATSUDAN", message["ts"]) is None
    assert_clean(ken)


def test_sent_line_by_line_it_goes_from_every_line(ken: Prefecture) -> None:
    lines = [payload(text) for text in ("番号を教えてくださいと言われました。1234", "5678", "9018")]
    for line in lines:
        write(ken, line)
    bodies = [ken.read(messages.find, HERE, line["ts"]) for line in lines]
    assert [row.body[-10:] for row in bodies if row] == [MASK, MASK, MASK]
    assert told(ken) == [(exposed.AUTHOR, NAGI), (exposed.DESK, KEN)]
    for line in lines:
        assert write(ken, line) is Became.SEEN_BEFORE
    assert_clean(ken)


def test_a_line_that_was_edited_before_it_was_masked_with_others_is_no_news_for_ever(ken: Prefecture) -> None:
    first, second = (
        payload("番号はどう書きますか。12345678"),
        payload("9018", edited={"ts": "1795483000.000000"}),
    )
    write(ken, first)
    ken.write(capture.edited, read(second))
    assert_clean(ken)
    assert ken.write(capture.edited, read(second)) is Became.SEEN_BEFORE
    assert_clean(ken)


def test_what_two_people_write_is_not_put_together(ken: Prefecture) -> None:
    write(ken, payload("内線は1234です。どうすればいいですか"))
    write(ken, payload("5678 9018 の件を教えてください", ITSUKI))
    assert told(ken) == []


def test_a_direct_message_stops_with_an_explanation(ken: Prefecture) -> None:
    message = payload(ASKING.format(NUMBER), channel="D0NAGI")
    assert write(ken, message, "D0NAGI") is Became.IGNORED
    assert write(ken, message, "D0NAGI") is Became.IGNORED
    assert told(ken) == [(exposed.STOPPED, NAGI)]
    assert ken.read(messages.find, "D0NAGI", message["ts"]) is None
    said = words(ken, exposed.STOPPED)
    assert "保存していません" in said
    assert "もう一度お送りください" in said


def test_a_deleted_message_that_we_never_saw_leaves_nothing_either(ken: Prefecture) -> None:
    message = payload(ASKING.format(NUMBER))
    ken.write(capture.deleted, HERE, message["ts"], read(message))
    assert_clean(ken)
    assert words(ken, exposed.AUTHOR) == "", "there is nothing left to delete"
    assert "もう削除されています" in words(ken, exposed.DESK)


def test_a_coordinator_who_writes_one_is_told_as_its_author(ken: Prefecture) -> None:
    write(ken, payload(f"例:{NUMBER}", KEN))
    assert told(ken) == [(exposed.AUTHOR, KEN)]


def words(ken: Prefecture, renderer: str) -> str:
    """All that a notice says."""

    def render(tx: Transaction) -> str:
        o = outbox.c
        query = select(o.uid, o.renderer, o.record_id, o["values"]).where(
            o.workspace == tx.workspace, o.renderer == renderer
        )
        row = tx.connection.execute(query.limit(1)).one()
        message = exposed.RENDERERS[renderer](tx, Outgoing(*row, first=True))
        return (
            ""
            if message is None
            else "\n".join([message.text, *(b["text"]["text"] for b in message.blocks or ())])
        )

    return ken.read(render)


def test_the_author_reads_how_to_delete_and_the_desk_where_it_is(ken: Prefecture) -> None:
    message = payload(ASKING.format(NUMBER))
    write(ken, message)
    said, desk = words(ken, exposed.AUTHOR), words(ken, exposed.DESK)
    assert "編集ではなく、削除" in said
    assert "メッセージを削除" in said
    assert "いったん取り下げ" in said, "a deletion withdraws"
    assert "浜野 凪さんの書き込み" in desk
    assert f"https://asagi.slack.com/archives/{HERE}/p{message['ts'].replace('.', '')}" in desk


def test_a_failed_event_keeps_no_digit_and_tells_when_it_is_replayed(ken: Prefecture) -> None:
    elements = [
        {"type": "text", "text": "1234", "style": {"bold": True}},
        {"type": "text", "text": "-5678-9018"},
    ]
    message = payload(
        f"番号は{NUMBER}",
        blocks=[{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}],
        files=[{"id": "F1", "name": f"{OTHER}.pdf", "url_private": f"https://files.slack.com/{OTHER}.pdf"}],
    )
    edit = {
        "type": "message",
        "subtype": "message_changed",
        "channel": HERE,
        "message": message,
        "previous_message": message,
    }
    for event in (message, edit):
        body = fit_to_keep(fit_to_keep({"type": "event_callback", "token": "x", "event": event}))
        ken.write(failures.keep_failed, reference="AAAA-AA", kind="message", body=body, error="ValueError")
    assert_clean(ken)
    plain, changed = ken.read(failures.to_replay)
    again = read(dict(plain.body["event"]))
    assert again == read(dict(changed.body["event"]["message"]))
    assert again.masked > 0
    ken.write(capture.capture, again)
    assert_clean(ken)
    assert told(ken) == [(exposed.AUTHOR, NAGI), (exposed.DESK, KEN)]


def test_a_failed_event_that_is_no_json_is_kept(ken: Prefecture) -> None:
    """`{"ts": Infinity}`: Python reads it, PostgreSQL stores no such JSON."""
    body = fit_to_keep(
        {"type": "event_callback", "event": {"type": "message", "ts": [float("inf"), float("nan"), 1.5]}}
    )
    ken.write(failures.keep_failed, reference="AAAA-AA", kind="message", body=body, error="Malformed")
    (kept,) = ken.read(failures.to_replay)
    assert kept.body["event"]["ts"] == ["inf", "nan", 1.5]
