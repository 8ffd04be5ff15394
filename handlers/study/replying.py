"""Somebody says whether they come; the session as a file for their calendar."""

from __future__ import annotations

from functools import partial

from bot import ics
from bot.domain.calendars import Calendar
from bot.domain.series import Session
from bot.errors import Malformed, NotPossibleNow
from bot.feature import DeadLetter, Made, Message, Outgoing
from handlers.common.blocks import Block
from handlers.common.doors import Visitor
from handlers.common.telling import tell
from handlers.study import card
from handlers.study.announcing import ensure, is_reminded, show
from handlers.study.coming import session_on
from handlers.study.events import as_event
from handlers.study.looking import listed
from handlers.study.meeting import as_session, theirs_to_know, values_of
from storage import letters, meetings, members, outbox, replies, workspace
from storage.database import Transaction
from storage.meetings import Meeting
from storage.outbox import Kind
from storage.replies import YES
from storage.study import Series

FILE, FILE_LOST = "study.ics", "study.file_lost"
CANCELLED = (
    "この回は中止になりました。お返事は変わっていません。`/banso 勉強会` で、次の回を確かめてください。"
)
OVER = "この回はもう終わりました。お返事は変わっていません。"


def answer(tx: Transaction, value: str, visitor: Visitor) -> Message:
    """Keep whether somebody comes, and let the card count it; the first time they do, they get the file.

    Raises:
        Malformed, NoSuchMeeting, NotPossibleNow: nothing was changed.
    """
    number, _, said = value.partition(":")
    if said not in card.ANSWERS or not (number.isascii() and number.isdecimal() and len(number) <= 18):
        raise Malformed()
    meeting = _open(tx, int(number), visitor)
    file = _keep(tx, meeting, visitor.user, said)
    after = replies.of(tx, meeting.id, visitor.user)
    return card.answered(values_of(tx, meeting), said, file=file, soon=after is not None and after.soon)


def attends(tx: Transaction, found: Series, session: Session, user: str) -> None:
    """Who agreed to present in a session comes to it, announced or not: what who comes is told, they are told."""
    _keep(tx, ensure(tx, found, session), user, YES)


def _keep(tx: Transaction, meeting: Meeting, user: str, said: str) -> bool:
    """Keep what somebody says, if it is not what they said before; whether a file is on its way to them."""
    before, member = replies.of(tx, meeting.id, user), members.member(tx, user)
    if before is not None and before.answer == said:
        return False
    soon = replies.wants_soon(tx, user)
    body = member.municipality_code if member is not None else None
    replies.answer(tx, meeting, user, said, body=body, reminded=is_reminded(tx, meeting))
    replies.note(tx, meeting.id, user, soon=soon)
    show(tx, meeting, crowd=True)
    return said == YES and _send_file(tx, meeting, user, f"{meeting.id}:{user}")


def answer_in_list(tx: Transaction, value: str, visitor: Visitor) -> Block:
    """The same in the list of sessions, which is shown anew and says what came of it: Slack gives no address to answer a
    press in a dialog at.

    Raises:
        Malformed: nothing was changed.
    """
    try:
        said = answer(tx, value, visitor).text
    except (NotPossibleNow, meetings.NoSuchMeeting) as error:  # `answer` looks before it writes anything
        said = error.sentence
    return listed(tx, visitor, said)


def wants_soon(tx: Transaction, meeting_id: int, visitor: Visitor) -> str:
    """Let somebody who comes be told ten minutes before as well.

    Raises:
        NoSuchMeeting, NotPossibleNow: nothing was changed.
    """
    meeting = _open(tx, meeting_id, visitor)
    reply = replies.of(tx, meeting.id, visitor.user)
    if reply is None or reply.answer != YES:
        raise NotPossibleNow("10分前のお知らせは、「出席」の方に届きます。先に「出席」を押してください。")
    if members.member(tx, visitor.user) is None:
        members.save_stranger(tx, visitor.user)
    replies.set_soon(tx, visitor.user, True)
    return (
        "始まる10分前に、直接メッセージでお知らせします。次の回からも同じです。"
        "やめるときは、ホームの「お知らせの設定」から変えられます。"
    )


def _open(tx: Transaction, meeting_id: int, visitor: Visitor) -> Meeting:
    meeting, _ = theirs_to_know(tx, meeting_id, visitor)
    if meeting.cancelled:
        raise NotPossibleNow(CANCELLED)
    if meeting.ends <= tx.now:
        raise NotPossibleNow(OVER)
    return meeting


# --- the file -------------------------------------------------------------------------------------------------------


def ask_for_file(tx: Transaction, meeting_id: int, visitor: Visitor, source: str) -> str:
    """Somebody wants the file as it is now, also of what is cancelled: their calendar takes it out again.

    Raises:
        NoSuchMeeting: nothing was done.
    """
    meeting, _ = theirs_to_know(tx, meeting_id, visitor)
    _send_file(tx, meeting, visitor.user, f"{meeting.id}:{visitor.user}:{source}")
    return "予定のファイルを、直接メッセージで送ります。開くと、前のものと入れ替わります。"


def _send_file(tx: Transaction, meeting: Meeting, user: str, key: str) -> bool:
    """Send the file once for this key; whether it is sent now."""
    known = f"{Kind.FILE}:{FILE}:{key}"
    if letters.was_wanted(tx, known):
        return False
    outbox.send(tx, Kind.FILE, f"{FILE}:{key}", FILE, meeting.id, user_id=user, values={"user": user})
    return True


def file(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The session as its series has it when the file is sent; nothing for who may not know of it any more."""
    try:
        meeting, found = theirs_to_know(tx, outgoing.record_id, Visitor(str(outgoing.values["user"]), ""))
    except meetings.NoSuchMeeting:
        return None
    session = session_on(tx, found, meeting.on) or as_session(meeting)
    event = as_event(tx, found, session, own_link=meeting.link)
    space = workspace.workspace(tx)
    content = Calendar(f"勉強会({space.name or 'Banso'})", space.zone, (event,))
    values = values_of(tx, meeting)
    said = (
        "中止になりました。開くと、カレンダーからも消えます。"
        if session.cancelled
        else "開くと、カレンダーに入ります。"
    )
    text = f"{values.name} {values.when} の予定です。{said}"
    return Message(text, made=Made(f"勉強会_{meeting.on:%Y%m%d}.ics", partial(ics.write, content)))


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """Slack takes no file: whoever waits for one hears of it."""
    if letter.renderer == FILE and letter.user_id is not None:
        values = {"letter": letter.uid}
        tell(tx, letter.user_id, FILE_LOST, letter.record_id, key=letter.uid, values=values)


def file_lost(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """That a file could not be shared; nothing when it was meanwhile."""
    if not letters.is_dead(tx, str(outgoing.values["letter"])):
        return None
    text = "勉強会の予定のファイルを届けられませんでした。お返事は受け付けてあります。運用の担当が直したら届きます。"
    return Message(text)
