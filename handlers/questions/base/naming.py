"""How the people, the body and the place of a question are called before somebody."""

from __future__ import annotations

from bot.domain.asking import Audience
from handlers.members.visitors import is_visitor
from handlers.questions.base.routing import DESK
from handlers.questions.base.sides import helpers_channel, helpers_thread
from storage import channels, members, talents
from storage.database import Transaction
from storage.questions import Question, is_stamp
from storage.workspace import Workspace

ANONYMOUS = "匿名さん"


def body_of(tx: Transaction, question: Question) -> str:
    """The asker's municipality and section, as far as we know them and they may be shown."""
    section = None if question.audience == Audience.BODY else question.section
    known = " ".join(part for part in (question.municipality, section) if part)
    return known or ("ほかの組織の方" if is_visitor(tx, question.asker, "") else "ご所属は確認中")


def family_name(tx: Transaction, user_id: str) -> str:
    """How a person is addressed: the family name alone; somebody we do not know yet is 「担当者」."""
    return _family_name(tx, user_id) or "担当者"


def asker_for(tx: Transaction, question: Question, user: str) -> str:
    """How the asker is called before somebody: who asked with the name of their body alone is known to the desk only."""
    member = members.member(tx, user)
    desk = member is not None and member.permission in DESK
    return ANONYMOUS if question.audience == Audience.BODY and not desk else called(tx, question.asker)


def called(tx: Transaction, user_id: str) -> str:
    """The same with 「さん」; somebody we do not know yet is 「方」."""
    name = _family_name(tx, user_id)
    return f"{name}さん" if name else "方"


def _family_name(tx: Transaction, user_id: str) -> str:
    talent = talents.talent(tx, user_id)
    name = talent.name if talent else members.name_of(tx, user_id)
    return name.split()[0] if name.strip() and name != user_id else ""


def link_for(tx: Transaction, space: Workspace, question: Question, user_id: str) -> str | None:
    """Where somebody reads on: the asker what they asked, others the thread of those who answer. None: not posted yet, not
    theirs to see, or nowhere any more. An archived channel can still be read, one that was deleted cannot."""
    mine = user_id == question.asker
    known = channels.channel(tx, question.channel if mine else helpers_channel(question) or "")
    if known is not None and known.archived and not known.bot_is_member:
        return None
    if mine:
        return _own_link(space, question)
    shut_out = question.audience == Audience.PRIVATE and not channels.is_in_channel(
        tx, question.desk_channel or "", user_id
    )
    return None if shut_out else helpers_link(space, question)


def helpers_link(space: Workspace, question: Question) -> str | None:
    """The address of the thread of those who answer."""
    if question.desk_channel is None and question.audience == Audience.OPEN:
        return _own_link(space, question)
    channel, ts = helpers_channel(question), helpers_thread(question)
    return address(space.url, channel, ts) if channel is not None and ts is not None else None


def _own_link(space: Workspace, question: Question) -> str | None:
    """The address of what was asked; in a thread that others began, of its place there."""
    if question.rooted:
        posted = is_stamp(question.thread_ts)
        return address(space.url, question.channel, question.thread_ts) if posted else None
    inside = question.thread_ts if question.thread_ts != question.ts else None
    return address(space.url, question.channel, question.ts, inside)


def address(url: str, channel: str, ts: str, thread_ts: str | None = None) -> str:
    """The address of a message in the workspace at a URL, inside a thread or not."""
    base = url.rstrip("/") or "https://slack.com"
    link = f"{base}/archives/{channel}/p{ts.replace('.', '')}"
    return link if thread_ts is None else f"{link}?thread_ts={thread_ts}&cid={channel}"
