"""After a play: did anything private come out, did a My Number stay anywhere in the workspace that the bot wrote?"""

from __future__ import annotations

from bot.demo.cast import Asked, Cast
from bot.demo.stage import Stage
from bot.domain.my_number import mask

PIECE = 12
"""Characters of a question's beginning by which it is looked for: enough to know it by, few enough to find a cut copy."""


async def seen_elsewhere(stage: Stage, cast: Cast) -> list[str]:
    """Sentences about private words that stand where they must not, in all channels of the workspace; none = all is well."""
    bot = (await stage.control.call("info"))["bot_user_id"]
    desks = {room.name for room in cast.side_rooms if room.purpose == "desk"}
    private = private_words(cast)
    wrong = []
    for place in (await stage.control.call("channels"))["channels"]:
        hidden = place.get("is_im") or place["name"] in desks
        for message in (await stage.control.call("see/channel", channel=place["id"]))["messages"]:
            if message.get("user") == bot and mask(message["words"])[1]:
                wrong.append(f"番号が #{place['name']} に書かれています。")
            wrong += [
                f"{number} の内容が #{place['name']} に見えています。"
                for number, words in private.items()
                if not hidden and words in message["words"]
            ]
    return wrong


def private_words(cast: Cast) -> dict[str, str]:
    """How each private question begins, by its id in the cast.

    Private is what was asked of the bot alone or entered for the prefecture and its advisers; unless it was shown to all
    afterwards by the asker's own choice.
    """
    return {asked.id: asked.texts[0][:PIECE] for asked in cast.questions if _is_private(asked)}


def _is_private(asked: Asked) -> bool:
    shown = {"県内のみんなに", "団体名だけ出して"} & {str(move.press) for move in asked.moves}
    if asked.way == "direct":
        return not shown
    return asked.way == "phone" or asked.form.get("audience") == "県と担当だけに"
