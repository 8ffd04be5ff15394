"""An optional Slack user group (@当番) holds who is on duty. What Slack refuses is said once and not tried again."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.text import escape
from bot.feature import Message, Outgoing
from bot.slack import SCOPE_ERRORS, Outcome, outcome
from handlers.common.blocks import actions, button, section
from handlers.common.services import Services
from handlers.common.telling import tell
from handlers.rota.arranging import REFUSED
from handlers.rota.office import away_now, calendar, coordinators, serves
from handlers.rota.views import ARRANGE
from storage import duties, rotas
from storage.database import Transaction
from storage.rotas import NoSuchRota, Rota

NOT_IN_STEP = "rota.group_refused"
_PASSES = frozenset({Outcome.LIMITED, Outcome.NOT_SENT, Outcome.UNSURE})
log = structlog.get_logger("rota")


def wanted(tx: Transaction) -> Mapping[str, tuple[int, tuple[str, ...]]]:
    """Whom each group should hold that does not: its rota, and the people; out of hours those of the next open minute."""
    found = {}
    for rota in rotas.living(tx):
        people = _on_duty(tx, rota)
        if rota.user_group and rota.refused is None and people and people != rota.holds:
            found[rota.user_group] = (rota.id, people)
    return found


def _on_duty(tx: Transaction, rota: Rota) -> tuple[str, ...]:
    at = calendar(tx).next_open(tx.now)
    away, day = away_now(tx), calendar(tx).day_of(at)
    now = [each for each in duties.shifts(tx) if each.rota_id == rota.id and each.starts <= at < each.ends]
    there = [each for each in now if each.user_id not in away and serves(tx, each.user_id, day)]
    first = sorted({each.user_id for each in there if not each.deputy})
    return tuple(first or sorted({each.user_id for each in there}))


async def sync(services: Services) -> None:
    """Bring the groups into step. Slack takes the whole list, so that doing it twice is doing it once."""
    for group, (rota_id, people) in (await services.database.read(wanted)).items():
        try:
            await services.client.usergroups_users_update(usergroup=group, users=list(people))
        except SlackApiError as error:
            what, code = outcome(error)
            if gives_up(what, code):
                await services.database.write_later(refused, rota_id, code)
        except Exception as error:
            log.warning("cannot reach the user group", error=type(error).__name__)
        else:
            await services.database.write_later(rotas.group_holds, rota_id, people)


def gives_up(what: Outcome, code: str) -> bool:
    """Whether a group is tried no more: not for what passes, nor while Slack does not take our token, which is said
    elsewhere and concerns no group."""
    return what not in _PASSES and (what is not Outcome.REFUSED_US or code in SCOPE_ERRORS)


def refused(tx: Transaction, rota_id: int, code: str) -> None:
    """Slack does not let us; the coordinators are told, once for this reason."""
    rotas.group_refused(tx, rota_id, code)
    for person in coordinators(tx):
        tell(tx, person, NOT_IN_STEP, rota_id, key=f"{rota_id}:{code}:{person}", values={"code": code})


def notice(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To a coordinator: why a group is not kept in step."""
    try:
        rota = rotas.need(tx, outgoing.record_id)
    except NoSuchRota:
        return None
    why = REFUSED.get(str(outgoing.values["code"]), "Slack が受け付けませんでした")
    text = (
        f"「{escape(rota.name)}」のユーザーグループを、当番の方に合わせられませんでした。{why}。"
        "当番と相談はいつもどおり動いています。直したら、「直す」からもう一度保存してください。"
    )
    return Message(text, [section(text), actions(button("当番を組む", ARRANGE, "-"))])
