"""What goes out is looked through once more: texts that hold no number each may make one together."""

from __future__ import annotations

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Delivery
from bot.domain.my_number import MASK
from bot.feature import Feature, Message, Outgoing
from bot.metrics import Metrics
from bot.setbacks import Patience
from bot.slack import Token
from handlers.common.blocks import actions, button, section
from storage import outbox, sending
from storage.database import Database, Transaction
from storage.outbox import Kind
from storage.workspace import save_workspace


def put_together(tx: Transaction, outgoing: Outgoing) -> Message:
    words = "\n".join(("1234", "5678", "9018"))
    press = actions(button("登録", "x", "C0ABCDEF12:1795482000.123456"))
    return Message(text=f"続き:{words}", blocks=[section(f"> {words}"), press])


async def test_no_number_goes_out(database: Database) -> None:
    feature: Feature[Transaction] = Feature("x", lambda app, services: None, renderers={"x": put_together})
    delivery = Delivery(database, AsyncWebClient(), [feature], Metrics(), Patience(), Token())
    await database.write(lambda tx: save_workspace(tx, name="あさぎ県", url=""))
    await database.write(lambda tx: outbox.send(tx, Kind.DIRECT, "k", "x", 0, user_id="U1"))
    ids = [row.id for row in await database.read(lambda tx: sending.ready(tx, limit=5))]
    (row,) = await database.write(sending.lease, ids, timedelta(seconds=30))
    message = await database.read(delivery._render, row)
    assert message is not None
    assert message.text == f"続き:{MASK}"
    assert message.blocks is not None
    assert message.blocks[0]["text"]["text"] == f"> {MASK}"
    assert message.blocks[1]["elements"][0]["value"] == "C0ABCDEF12:1795482000.123456"
