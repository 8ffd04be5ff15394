"""`/banso 当番`: who is on duty now and until when, and who is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import words
from bot.domain.permissions import Deed
from bot.domain.text import escape
from bot.feature import Call, Command
from handlers.common.answering import say
from handlers.common.blocks import section, small
from handlers.common.services import Services
from handlers.members.introducing import ask_body, is_unknown
from storage import talents, workspace
from storage.database import Transaction
from storage.talents import Shift

NEXT_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Duty:
    """The rota as one reads it; `names` by user id, times in `zone`."""

    now: datetime
    zone: str
    present: Sequence[Shift]
    coming: Sequence[Shift]
    names: Mapping[str, str]


def look(tx: Transaction) -> Duty:
    """Who is on duty now, and the next shifts of people who still work with us."""
    active = talents.active(tx)
    known = [shift for shift in talents.shifts(tx) if shift.user_id in active and shift.ends > tx.now]
    present = [shift for shift in known if shift.starts <= tx.now]
    coming = [shift for shift in known if shift.starts > tx.now]
    names = {user: talent.name for user, talent in active.items()}
    return Duty(tx.now, workspace.workspace(tx).zone, present, coming[:NEXT_SHOWN], names)


def show(duty: Duty) -> dict[str, object]:
    """The answer, for the one who asked."""
    lines = [f"*今日の当番*|{words.day_time(duty.now, duty.zone)}"]
    lines += [
        f"・{_name(duty, shift)}さん({words.short(shift.ends, duty.zone)}まで)" for shift in duty.present
    ]
    if not duty.present:
        lines.append("・いまは当番の時間ではありません。相談はいつでも書けます。")
    if duty.coming:
        lines.append("*このあと*")
        lines += [
            f"・{words.short(shift.starts, duty.zone)} {_name(duty, shift)}さん" for shift in duty.coming
        ]
    text = "\n".join(lines)
    note = "相談は、当番でない人の分野でも、合う人へ届きます。"
    return {"text": text, "blocks": [section(text), small(note)]}


def _name(duty: Duty, shift: Shift) -> str:
    name = duty.names[shift.user_id].split()
    return escape(name[0]) if name else "アドバイザー"


async def _run(services: Services, call: Call) -> None:
    await say(call.respond, **show(await services.database.read(look)), response_type="ephemeral")
    if await services.database.read(is_unknown, call.user):
        await services.database.write(ask_body, call.user)


COMMAND = Command(
    ("当番", "とうばん", "toban"), "いまの当番と、次の当番", Deed.SEE_ROTA, _run, alias="/toban"
)
