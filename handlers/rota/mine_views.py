"""The dialog 「お休み・交代」. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import escape
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.rota.swap_views import CANCEL
from handlers.rota.views import said

FORM, WHOSE, WITHDRAW, ASK = "rota_absence", "rota_whose", "rota_withdraw", "rota_ask"
ASK_LATER = "rota_ask_later"
"""The menu of the turns that have no row of their own."""
GAPS = "rota_gaps"
UNTIL_NOTICE = "rota_until_notice"
FIRST, LAST, FROM, TO, SAID = "rota_first", "rota_last", "rota_from", "rota_to", "rota_said"
TITLE = "お休み・交代"
MOST_PEOPLE, LONGEST, NEAR = 100, 200, 4


@dataclass(frozen=True, slots=True)
class Own:
    """A turn of duty in words, and `why` it is theirs; `swap`: the request for it that `waits` for an answer."""

    id: int
    turn: str
    begun: bool = False
    swap: int | None = None
    waits: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """An absence in words; `goes_on`: it has begun, and ends when somebody says so."""

    id: int
    span: str
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Mine:
    """Somebody's turns of duty, and absences that are not over, in words; `own` before themselves. `today` as 2026-11-24."""

    user_id: str
    name: str
    own: bool
    turns: Sequence[Own]
    away: Sequence[Away]
    today: str


def dialog(found: Mine | None, people: Sequence[tuple[str, str]]) -> Block:
    """The dialog; `people` (id, name) are whom a coordinator can choose. None: nobody is chosen yet."""
    blocks: Blocks = _whose(found, people)
    if found is None:
        if not people:
            blocks.append(section("この画面は、登録されたアドバイザーの方のためのものです。"))
        return modal(TITLE, blocks)
    blocks += [*_turns(found), *_away(found), *_form(found)]
    return modal(
        TITLE, blocks, callback_id=FORM, submit=plain("お休みを登録"), private_metadata=found.user_id
    )


def _whose(found: Mine | None, people: Sequence[tuple[str, str]]) -> Blocks:
    if not people:
        return []
    options = [option(name, user) for user, name in people[:MOST_PEOPLE]]
    menu: Block = {
        "type": "static_select",
        "action_id": WHOSE,
        "options": options,
        "placeholder": plain("選ぶ"),
    }
    chosen = [each for each in options if found is not None and each["value"] == found.user_id]
    return [
        {
            **section("*どなたの予定ですか*"),
            "accessory": menu | ({"initial_option": chosen[0]} if chosen else {}),
        }
    ]


def _turns(found: Mine) -> Blocks:
    name = "これからの当番" if found.own else f"{found.name}のこれからの当番"
    if not found.turns:
        return [section(f"*■ {name}*\n決まっている当番はありません。")]
    near = [each for n, each in enumerate(found.turns) if n < NEAR or each.swap is not None]
    later = [each for each in found.turns if each not in near]
    rows = [_turn(each, own=found.own) for each in near]
    return [section(f"*■ {name}*"), *rows, *([_later(later, own=found.own)] if later else [])]


def _later(turns: Sequence[Own], *, own: bool) -> Block:
    menu: Block = {
        "type": "static_select",
        "action_id": ASK_LATER,
        "options": [option(each.turn, str(each.id)) for each in turns],
        "placeholder": plain("交代を頼む日を選ぶ" if own else "替える日を選ぶ"),
    }
    return {**section(f"そのあと {len(turns)}回"), "accessory": menu}


def _turn(each: Own, *, own: bool) -> Block:
    text = "\n".join([escape(each.turn), *([each.why] if each.why else [])])
    if each.swap is not None:
        press = button("取り下げる", CANCEL, str(each.swap))
        return {**section(f"{text}\n{each.waits}"), "accessory": press}
    if own and each.begun:
        return section(f"{text}\nもう始まっています。替わるときは、県の担当へご連絡ください。")
    press = button("交代を頼む" if own else "替える", ASK, str(each.id))
    return {**section(text), "accessory": press}


def _away(found: Mine) -> Blocks:
    if not found.away:
        return []
    sure = {
        "title": plain("お休みを取り消しますか"),
        "text": plain("その日は、いつもどおり相談が届きます。"),
        "confirm": plain("取り消す"),
        "deny": plain("やめる"),
    }
    back = {
        "title": plain("お休みを終えますか"),
        "text": plain("今から、いつもどおり相談が届きます。"),
        "confirm": plain("終える"),
        "deny": plain("やめる"),
    }
    rows = [
        {
            **section(escape(each.span)),
            "accessory": {
                **button("お休みを終える" if each.goes_on else "取り消す", WITHDRAW, str(each.id)),
                "confirm": back if each.goes_on else sure,
            },
        }
        for each in found.away
    ]
    return [section("*■ 登録ずみのお休み*"), *rows]


def _form(found: Mine) -> Blocks:
    day: Block = {"type": "datepicker"}
    clock: Block = {"type": "timepicker"}
    boxes: Block = {"type": "checkboxes", "options": [option("終わりの日は決まっていない", "yes")]}
    words: Block = {"type": "plain_text_input", "max_length": LONGEST}
    return [
        section("*■ お休みを登録*"),
        forms.field(FIRST, "最初の日", day | {"initial_date": found.today}, optional=False),
        forms.field(LAST, "最後の日", day, hint="一日だけなら、選ばなくてかまいません。"),
        forms.field(
            UNTIL_NOTICE, "長いお休み", boxes, hint="戻られたら、この画面で「お休みを終える」を押します。"
        ),
        forms.field(FROM, "何時から(一日の途中から休むとき)", clock),
        forms.field(TO, "何時まで(一日の途中まで休むとき)", clock),
        forms.field(SAID, "ひとこと", words, hint="県の担当だけが読みます。書かなくてもかまいません。"),
    ]


def kept(
    name: str,
    span: str,
    turns: Sequence[str],
    *,
    desk: bool,
    until_notice: bool = False,
    longer: str = "",
) -> Block:
    """After an absence was entered: `turns` are the turns of duty that fall into it; `longer`: it outlasts the rota."""
    lines = [f"{name}のお休みを登録しました。*{span}*", "この間、新しい相談は届きません。"]
    if turns:
        lines.append("*当番に当たっています:* " + "、".join(turns[:5]) + (" ほか" if len(turns) > 5 else ""))
        lines.append(
            "「案を見る」から、代わりの方を決めてください。"
            if desk
            else "代わりの方は、県の担当が決めてお知らせします。"
        )
    if longer:
        lines.append(longer)
    lines.append("対応を始めている相談は、そのまま担当です。替わるときは「担当を替える」を使ってください。")
    more = [actions(button("案を見る", GAPS, "-"))] if turns and desk else []
    end = "戻られたら、「お休み・交代」の「お休みを終える」を押してください。" if until_notice else ""
    again = end or "取り消すときは、もう一度「お休み・交代」を開いてください。"
    return said("\n".join(lines), *more, small(again))
