"""The first answer to a direct message. Pure: values in, Block Kit out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.asking import Audience
from bot.domain.text import escape
from bot.feature import Blocks, Message
from handlers.common.blocks import actions, button, section, small
from handlers.members.views import OPEN

AUDIENCES = {
    Audience.OPEN: "question_audience_open",
    Audience.BODY: "question_audience_body",
    Audience.PRIVATE: "question_audience_private",
}
"""The button with which an asker says before whom they ask."""


PLACE_YES, PLACE_LATER = "question_place_yes", "question_place_later"
WHERE, SECTION = "所属を選ぶ", "課を書く"
"""Labels of the button that opens the dialog of where one belongs."""


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """Where somebody belongs is asked: a guess by code and name, if there is one; `kept`: it was right, and only their
    section is missing."""

    code: str | None = None
    name: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class ContactValues:
    """What somebody reads who wrote to the bot alone: their number, until when they may choose, and whether there is a
    place where everybody reads; where they belong, as far as that is asked;
    whom to call first when something has leaked, if the prefecture has said; `asks_what`: there is a picture and no word
    about it; `opens`: nobody is there before then ("" somebody is)."""

    id: int
    number: int
    until: str
    places: bool
    place: PlaceAsked | None = None
    phone: str | None = None
    asks_what: bool = False
    opens: str = ""


_LABELS = {
    Audience.OPEN: "県内のみんなに",
    Audience.BODY: "団体名だけ出して",
    Audience.PRIVATE: "県と担当だけに",
}
_WHAT = "*何についてですか?* 写真だけ届いています。ここに、ひとことお書きください。"
_CARE = (
    "・住民の氏名・番号、予定価格は書かず、画面の写真からも消してください\n"
    "・匿名でも、県の管理者と開示請求の手続では分かることがあります\n"
    "・感染や漏えいのおそれは、先に{call}"
)


def out_of_hours(opens: str) -> str:
    """What an asker reads at once who asks while nobody is there."""
    return f"開庁時間の外に受け付けました。{opens} から確認します"


def contact(values: ContactValues) -> Message:
    """The first answer to a direct message: it is kept, nobody sees it, and before whom shall it be asked?"""
    kept = f"ご相談ありがとうございます。内容は保存しました(No.{values.number})。"
    asked = "まだ、ほかの人には見えていません。だれに聞きますか?"
    offered = [each for each in _LABELS if values.places or each is Audience.PRIVATE]
    row = [button(_LABELS[each], AUDIENCES[each], str(values.id)) for each in offered]
    call = f"電話:{escape(values.phone)}" if values.phone else "県へ電話してください"
    until = f"({values.until} までに選ばれないときは「県と担当だけに」で進めます)"
    return Message(
        text=f"{kept}{asked}",
        blocks=[
            section(f"{kept}\n{asked}"),
            *([section(_WHAT)] if values.asks_what else []),
            actions(*row),
            small(until),
            *([small(out_of_hours(values.opens))] if values.opens else []),
            *(_place(values.id, values.place) if values.place else []),
            small(_CARE.format(call=call)),
        ],
    )


def _place(question_id: int, asked: PlaceAsked) -> Blocks:
    if asked.kept:
        words = f"ご所属を「{escape(asked.name)}」で登録しました。課の名前もあると、回答する方に伝わりやすくなります。"
        return [section(words), actions(button(SECTION, OPEN, "-"))]
    later = button("あとで", PLACE_LATER, str(question_id))
    if asked.code is None:
        ask = "回答する方に伝わるよう、ご所属を教えてください。"
        return [section(ask), actions(button("選ぶ", OPEN, "-"), later)]
    yes = button("はい", PLACE_YES, f"{question_id}:{asked.code}")
    ask = f"ご所属は「{escape(asked.name)}」でよいですか?"
    return [section(ask), actions(yes, button("ちがう・選ぶ", OPEN, "-"), later)]
