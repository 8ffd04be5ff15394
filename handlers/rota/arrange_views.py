"""The dialogs in which coordinators plan: the rotas there are, one of them, who is in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.text import escape
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section
from handlers.rota.mine_views import GAPS

NEW, EDIT, PEOPLE, FILL, END = "rota_new", "rota_edit", "rota_people", "rota_fill", "rota_end"
MEMBER, LEAVE = "rota_member", "rota_leave"
FORM, ADD, CHANGE = "rota_form", "rota_add_people", "rota_change_member"
NAME, SCOPE, HANDOFF, WEEKDAY, SEATS, DEPUTY, GROUP = (
    "rota_name",
    "rota_scope",
    "rota_handoff",
    "rota_weekday",
    "rota_seats",
    "rota_deputy",
    "rota_group",
)
WHO, JOINS, LEAVES = "rota_who", "rota_joins", "rota_leaves"
TITLE = "当番を組む"
HANDOFFS = {"weekly": "毎週交代", "daily": "毎日交代", "hours": "対応日どおり(対応日の方みんな)"}
WEEKDAYS = "月火水木金"
MOST_NAME, MOST_SEATS, MOST_SHOWN = 40, 9, 40


@dataclass(frozen=True, slots=True)
class Row:
    """A rota in the list: what it is called and for, how it passes on, how many are in it, until when it is planned (""),
    and what keeps its user group from being in step."""

    id: int
    name: str
    about: str
    people: int
    until: str
    by_hours: bool
    refused: str = ""


def overview(rows: Sequence[Row], said: str = "") -> Block:
    """The rotas there are."""
    blocks: Blocks = [section(said)] if said else []
    if not rows:
        blocks.append(section("当番の組はまだありません。「新しい当番」から作ってください。"))
    for row in rows[:20]:
        until = f"|{row.until}まで決まっています" if row.until else ""
        text = f"*{escape(row.name)}*|{row.about}|メンバー {row.people}人{until}"
        if row.refused:
            text += f"\n⚠️ {row.refused}"
        buttons = [button("直す", EDIT, str(row.id)), button("メンバー", PEOPLE, str(row.id))]
        if not row.by_hours:
            buttons.append(button("予定を組む", FILL, str(row.id), primary=True))
        blocks += [section(text), actions(*buttons)]
    ways = [button("新しい当番", NEW, "-"), button("当番の空きを見る", GAPS, "-")]
    return modal(TITLE, [*blocks, actions(*ways)])


@dataclass(frozen=True, slots=True)
class Draft:
    """A rota as it stands in its dialog."""

    name: str = ""
    scope: str = "general:"
    handoff: str = "weekly"
    weekday: int = 0
    seats: int = 1
    deputy: bool = False
    group: str = ""


def form(
    draft: Draft,
    about: str,
    scopes: Mapping[str, Sequence[tuple[str, str]]],
    *,
    hours: bool,
    ends: bool,
) -> Block:
    """The dialog of a rota; `scopes` are what it can be for, in groups (value, words); `hours`: it may go by hours."""
    known = {value: option(words, value) for each in scopes.values() for value, words in each}
    groups = [
        {"label": plain(label), "options": [known[value] for value, _ in each]}
        for label, each in scopes.items()
    ]
    scope: Block = {"type": "static_select", "option_groups": groups}
    if draft.scope in known:
        scope["initial_option"] = known[draft.scope]
    kinds = {key: option(words, key) for key, words in HANDOFFS.items() if hours or key != "hours"}
    radio: Block = {"type": "radio_buttons", "options": list(kinds.values())}
    if draft.handoff in kinds:
        radio["initial_option"] = kinds[draft.handoff]
    days = [option(f"{name}曜日", str(number)) for number, name in enumerate(WEEKDAYS)]
    chosen = days[min(draft.weekday, len(days) - 1)]
    seats: Block = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
    seats |= {"max_value": str(MOST_SEATS), "initial_value": str(draft.seats)}
    box = option("控えを1人置く", "yes")
    boxes: Block = {"type": "checkboxes", "options": [box]} | (
        {"initial_options": [box]} if draft.deputy else {}
    )
    blocks = [
        forms.field(NAME, "名前", _line(draft.name, MOST_NAME), optional=False),
        forms.field(SCOPE, "どの相談の当番ですか", scope, optional=False),
        forms.field(HANDOFF, "交代のしかた", radio, optional=False),
        forms.field(WEEKDAY, "交代する曜日(毎週交代のとき)", _select(days, chosen)),
        forms.field(SEATS, "同時に当番をする人数", seats, optional=False),
        forms.field(DEPUTY, "控え(当番の方がお休みのときの代わり)", boxes),
        forms.field(
            GROUP,
            "当番の方を入れておくユーザーグループの ID",
            _line(draft.group, 20),
            hint="S で始まる ID です。Slack の有料プランで使えます。なくてもかまいません。",
        ),
    ]
    if ends:
        blocks.append(_ending(about))
    title = "当番を直す" if ends else "新しい当番"
    return modal(title, blocks, callback_id=FORM, submit=plain("保存する"), private_metadata=about)


def _line(text: str, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    return {**element, "initial_value": text[:most]} if text else element


def _select(options: Sequence[Block], chosen: Block) -> Block:
    return {"type": "static_select", "options": list(options), "initial_option": chosen}


def _ending(about: str) -> Block:
    sure = {
        "title": plain("終わりにしますか"),
        "text": plain("いまの当番は終わり、これからの予定はなくなります。これまでの記録は残ります。"),
        "confirm": plain("終わりにする"),
        "deny": plain("やめる"),
    }
    return actions({**button("この当番を終わりにする", END, about), "style": "danger", "confirm": sure})


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody in a rota: since when and until when, in words ("" without end)."""

    id: int
    name: str
    span: str


def people(
    name: str, about: str, inside: Sequence[Somebody], others: Sequence[tuple[str, str]], said: str = ""
) -> Block:
    """Who is in a rota, and whom one can put there."""
    blocks: Blocks = [section(said)] if said else []
    blocks.append(section(f"*{escape(name)}*"))
    if not inside:
        blocks.append(section("まだだれもいません。"))
    for each in inside[:MOST_SHOWN]:
        text = f"{escape(each.name)}{'|' + each.span if each.span else ''}"
        blocks.append({**section(text), "accessory": button("期間・外す", MEMBER, f"{about}:{each.id}")})
    if not others:
        return modal("当番のメンバー", blocks)
    menu: Block = {
        "type": "multi_static_select",
        "options": [option(words, user) for user, words in others[:100]],
    }
    blocks += [
        section("*■ メンバーを加える*"),
        forms.field(WHO, "アドバイザー", menu, optional=False),
        *_dates(None, None),
    ]
    return modal("当番のメンバー", blocks, callback_id=ADD, submit=plain("加える"), private_metadata=about)


def _dates(joins: str | None, leaves: str | None) -> Blocks:
    def day(on: str | None) -> Block:
        return {"type": "datepicker"} | ({"initial_date": on} if on else {})

    return [
        forms.field(JOINS, "いつから", day(joins), hint="選ばないと、すぐに加わります。"),
        forms.field(LEAVES, "いつまで(その日まで)", day(leaves), hint="選ばないと、ずっとです。"),
    ]


def member(name: str, about: str, joins: str | None, leaves: str | None) -> Block:
    """Since when and until when somebody is in a rota."""
    sure = {
        "title": plain("外しますか"),
        "text": plain(
            "これからの当番は空きになります。年度の途中で抜けるときは「いつまで」を選んでください。"
        ),
        "confirm": plain("外す"),
        "deny": plain("やめる"),
    }
    out = {**button("この当番から外す", LEAVE, about), "style": "danger", "confirm": sure}
    blocks = [section(f"*{escape(name)}*"), *_dates(joins, leaves), actions(out)]
    return modal(
        "メンバーの期間", blocks, callback_id=CHANGE, submit=plain("保存する"), private_metadata=about
    )
