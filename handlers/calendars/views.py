"""What people see of calendars. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import escape
from bot.feature import Blocks, Made, Message
from handlers.common.blocks import Block, actions, button, modal, plain, section, small

OPEN, ASK, MAKE, REVOKE = "calendars_open", "calendars_file", "calendars_make", "calendars_revoke"
TITLE = "カレンダーに入れる"
OPENS = button(TITLE, OPEN, "-")
"""The button of Home."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One calendar that somebody may have. `since`: it has an address since then, in words; `coming` things are in it."""

    kind: str
    name: str
    since: str | None
    coming: int


@dataclass(frozen=True, slots=True)
class Offered:
    """All of them. `subscribes`: there can be addresses; `duty`: whoever looks has turns of duty."""

    offers: Sequence[Offer]
    subscribes: bool
    duty: bool


def dialog(found: Offered) -> Block:
    """The dialog, made for who opens it."""
    what = "ご自分の当番と勉強会" if found.duty else "勉強会の予定"
    blocks: Blocks = [section(f"{what}を、Outlook や Google カレンダーで見られます。")]
    for offer in found.offers:
        blocks += _offer(offer, subscribes=found.subscribes)
    if found.subscribes:
        blocks.append(
            small(
                "「購読用のアドレス」は、予定が変わると自動で変わります。「ファイル」は、いまの予定だけです。"
            )
        )
    else:
        blocks.append(small("ファイルは、いまの予定です。変わったときは、もう一度もらってください。"))
    return modal(TITLE, blocks)


def _offer(offer: Offer, *, subscribes: bool) -> Blocks:
    coming = f"これから {offer.coming}件" if offer.coming else "これからの予定は、まだありません"
    lines = [f"*■ {offer.name}*|{coming}"]
    if subscribes:
        lines.append(
            f"購読用のアドレス:{offer.since} に作りました" if offer.since else "購読用のアドレス:ありません"
        )
    row = [button("ファイルでもらう", ASK, offer.kind)]
    if subscribes and offer.since is None:
        row.append(button("購読用のアドレスを作る", MAKE, offer.kind))
    elif subscribes:
        again = _sure("アドレスを作り直しますか", "いまのアドレスは、すぐに使えなくなります。", "作り直す")
        stop = _sure("購読をやめますか", "いまのアドレスは、すぐに使えなくなります。", "購読をやめる")
        row.append({**button("作り直す", MAKE, offer.kind), "confirm": again})
        row.append({**button("購読をやめる", REVOKE, offer.kind), "confirm": stop})
    return [section("\n".join(lines)), actions(*row)]


def _sure(title: str, text: str, yes: str) -> Block:
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain("戻る")}


def made(name: str, address: str) -> Block:
    """An address, this once."""
    return modal(
        "購読用のアドレス",
        [
            section(f"*「{escape(name)}」の購読用のアドレスです。*\n```{address}```"),
            section(
                "・*Outlook*:予定表の「予定表の追加」→「Web から購読」に貼ります。\n"
                "・*Google*:パソコンで「他のカレンダー」の「+」→「URL で追加」に貼ります。"
            ),
            section(
                "*いま、この画面でだけ見られます。* 閉じたあとで要るときは、作り直してください。\n"
                "アドレスを知っている人は、だれでもこの予定を見られます。ほかの人には教えないでください。"
            ),
        ],
    )


def on_its_way(name: str) -> Block:
    """What the dialog shows when the file is asked for."""
    return modal(
        TITLE,
        [
            section(f"*「{escape(name)}」のファイルを送ります。*\nBanso からの直接メッセージで届きます。"),
            small("この画面は閉じてかまいません。"),
        ],
    )


def delivered(found: Made) -> Message:
    """The file, and what is said with it."""
    text = (
        "予定のファイルです。開くと、Outlook などのカレンダーに入れられます。"
        "いまの予定ですので、変わったときは、もう一度もらってください。"
    )
    return Message(text=text, made=found)


def not_delivered() -> Message:
    """To whom asked for a file that could not be shared."""
    words = "予定のファイルを届けられませんでした。予定は失われていません。運用の担当が直したら届きます。"
    return Message(text=words, blocks=[section(words)])
