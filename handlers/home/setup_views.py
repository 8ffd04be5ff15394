"""「はじめの設定」: its dialogs. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.targets import Chosen
from bot.domain.text import escape
from bot.domain.words import Years
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.home import target_views
from handlers.home.calendar_views import inputs, named, way_to_others, years_input

STEP = "setup_step"
"""The dialog of a step."""
GO_TO, TO_OPENING, CONTINUE = "setup_go_to", "setup_to_opening", "setup_continue"
"""The menu of steps; the button of the last one; the button on Home."""
PREFECTURE, COORDINATORS, TELEPHONE, PLACES, DESK, INTAKE, PRACTICE = (
    "prefecture",
    "coordinators",
    "telephone",
    "places",
    "desk",
    "intake",
    "practice",
)
LONGEST_PHONE, MANY = 80, 20
TITLES = (
    "県・開庁時間・閉庁日",
    "県の担当と緊急電話",
    "相談チャンネルと対応場所",
    "受付のしかたと返信の目安",
    "名簿",
    "アドバイザー",
    "練習と公開",
)
TO_READ = frozenset({5, 6})
"""Steps in which nothing is entered: lists come by file."""
INTAKES = {"desk": "県が先に受ける(おすすめ)", "direct": "当番のアドバイザーに直接届ける"}
NOT_HERE_YET = (
    "Banso がまだいません。そのチャンネルで /invite @Banso と送ってから、もう一度このボタンを押してください。"
)
_STALE = "⚠️ ほかの方が先に変えました。いまの内容を確かめて、保存し直してください。"
_SAVED = "✅ 保存しました。"


@dataclass(frozen=True, slots=True)
class Known:
    """What the set-up shows: `done` is the last step that was done, `people` counts the known, those with a body, and those
    who said it themselves; channels and people are Slack ids; `early` messages wait for the opening."""

    done: int
    is_open: bool
    prefecture: str
    prefectures: Sequence[str]
    closures: tuple[str, ...]
    openings: tuple[str, ...]
    hours: str
    years: Years
    coordinators: Sequence[str]
    phone: str
    places: Sequence[str]
    desk: str | None
    practice: str | None
    intake: str
    targets: Chosen
    people: tuple[int, int, int]
    talents: int
    without_hours: Sequence[str]
    without_contract: Sequence[str]
    practised: int
    early: int

    @property
    def missing(self) -> list[str]:
        """What is needed before it can open, in sentences."""
        wanted = {
            "1. 県": bool(self.prefecture),
            "2. 県の担当": bool(self.coordinators),
            "2. 緊急電話": bool(self.phone),
            "3. 相談チャンネル(Banso がいること)": bool(self.places),
            "3. 非公開の対応場所(Banso がいること)": self.desk is not None,
        }
        return [words for words, there in wanted.items() if not there]


def step_view(known: Known, step: int, mark: str, *, stale: bool = False, saved: bool = False) -> Block:
    """The dialog of a step."""
    title = "設定" if known.is_open else f"はじめの設定 {step}/{len(TITLES)}"
    last = step == len(TITLES)
    submit = "保存する" if known.is_open or last else "次へ" if step in TO_READ else "保存して次へ"
    news = _STALE if stale else _SAVED if saved else ""
    blocks: Blocks = [
        *([section(news)] if news else []),
        section(f"*{step}. {TITLES[step - 1]}*"),
        *_STEPS[step](known, mark),
        actions(_menu(known, step)),
    ]
    about = {"step": step, "seen": mark, "open": known.is_open}
    send = {} if known.is_open and step in TO_READ else {"submit": plain(submit)}
    return modal(title, blocks, callback_id=STEP, private_metadata=json.dumps(about, sort_keys=True), **send)


def _menu(known: Known, step: int) -> Block:
    """The steps one may go to, with what is done ticked."""
    reached = len(TITLES) if known.is_open else min(known.done + 1, len(TITLES))
    options = [
        option(f"{'✅' if number <= known.done else '▫️'} {number}. {title}", str(number))
        for number, title in enumerate(TITLES[:reached], 1)
    ]
    return {
        "type": "static_select",
        "action_id": GO_TO,
        "placeholder": plain("ほかの項目へ"),
        "options": options,
        "initial_option": options[step - 1],
    }


def _calendar(known: Known, mark: str) -> Blocks:
    choices = [option(each, each) for each in known.prefectures[:100]]
    menu: Block = {"type": "static_select", "placeholder": plain("県を選ぶ"), "options": choices}
    if known.prefecture in known.prefectures[:100]:
        menu["initial_option"] = option(known.prefecture, known.prefecture)
    return [
        forms.field(named(PREFECTURE, mark), "県", menu, optional=False),
        *inputs(known.hours, known.closures, known.openings, mark, own=False),
        years_input(known.years, mark),
        way_to_others(),
    ]


def _people(known: Known, mark: str) -> Blocks:
    menu: Block = {
        "type": "multi_users_select",
        "placeholder": plain("名前を入れて探す"),
        "max_selected_items": MANY,
    }
    if known.coordinators:
        menu["initial_users"] = list(known.coordinators[:MANY])
    phone: Block = {
        "type": "plain_text_input",
        "max_length": LONGEST_PHONE,
        "placeholder": plain("000-000-0000(夜間 000-000-0001)"),
    }
    if known.phone:
        phone["initial_value"] = known.phone
    hint = "2人以上にしてください。外すときは、ホームの「メンバー」から権限を変えます。"
    few = "⚠️ 県の担当が1人です。休みの日に相談が止まらないよう、2人以上をおすすめします。"
    alone = known.done >= 2 and len(known.coordinators) < 2
    return [
        *([section(few)] if alone else []),
        forms.field(named(COORDINATORS, mark), "県の担当", menu, optional=False, hint=hint),
        forms.field(
            named(TELEPHONE, mark), "緊急のときの電話", phone, optional=False, hint="相談する方に見えます。"
        ),
        small(
            "夜間の電話と手順は、ホームの「緊急(ウイルス・情報漏えい)」→「番号・手順を直す」で直せます。"
            "「印刷用」を出して、県と市町村の電話のそばに貼ってください(Slack が使えないときのため)。"
        ),
    ]


def _channels(known: Known, mark: str) -> Blocks:
    places = _conversations(("public", "private"), known.places, many=True)
    desk = _conversations(("private",), [known.desk] if known.desk else [])
    how = (
        "1. Slack でチャンネルを作る(対応場所は *非公開* で)\n2. そのチャンネルで `/invite @Banso` と送る\n"
        "3. 下で選んで保存する。公開するまで、相談チャンネルには何も書きません"
    )
    return [
        section(how),
        forms.field(
            named(PLACES, mark), "相談チャンネル", places, optional=False, hint="市町村の方が相談を書くところ"
        ),
        forms.field(
            named(DESK, mark),
            "非公開の対応場所",
            desk,
            optional=False,
            hint="「県と担当だけに」の相談に答えるところ",
        ),
    ]


def _conversations(kinds: Sequence[str], chosen: Sequence[str], *, many: bool = False) -> Block:
    filters = {"include": list(kinds), "exclude_bot_users": True}
    menu: Block = {"placeholder": plain("チャンネルを選ぶ"), "filter": filters}
    if many:
        menu |= {"type": "multi_conversations_select", "max_selected_items": MANY}
        return menu | ({"initial_conversations": list(chosen[:MANY])} if chosen else {})
    return {**menu, "type": "conversations_select", **({"initial_conversation": chosen[0]} if chosen else {})}


def _intake(known: Known, mark: str) -> Blocks:
    choices = {key: option(words, key) for key, words in INTAKES.items()}
    radio: Block = {"type": "radio_buttons", "options": list(choices.values())}
    radio["initial_option"] = choices.get(known.intake, choices["desk"])
    return [
        forms.field(named(INTAKE, mark), "相談を、はじめにだれが受けますか", radio, optional=False),
        *target_views.inputs(known.targets, lambda block: named(block, mark)),
    ]


def _roster(known: Known, _: str) -> Blocks:
    people, placed, confirmed = known.people
    return [
        section(f"Slack にいる方 {people} 人|所属が分かる方 {placed} 人|ご本人が確かめた方 {confirmed} 人"),
        section(
            "Excel や CSV の名簿があれば、運用の担当に `banso import members 名簿.xlsx` で取り込んでもらえます"
            "(書き方は README にあります)。名簿がなくても始められます。所属は、はじめての相談のあとにご本人へ尋ねます。"
        ),
        *_may_wait(known),
    ]


def _talents(known: Known, _: str) -> Blocks:
    lines = [f"アドバイザー {known.talents} 人"]
    lines += [f"⚠️ 対応日時がまだの方:{_names(known.without_hours)}"] if known.without_hours else []
    lines += [f"契約期間がまだの方:{_names(known.without_contract)}"] if known.without_contract else []
    return [
        section("\n".join(lines)),
        section(
            "対応日時・契約期間・利害関係は `banso import talents 一覧.xlsx` で取り込みます。"
            "対応日時の時間が、この先60日の当番になります。アドバイザーがいなくても、県の担当が相談を受けられます。"
        ),
        *_may_wait(known),
    ]


def _may_wait(known: Known) -> Blocks:
    return [] if known.is_open else [small("あとでもできます。「次へ」で進んでください。")]


def _names(names: Sequence[str]) -> str:
    shown = "、".join(escape(name) for name in names[:MANY])
    return shown + (f" ほか{len(names) - MANY}人" if len(names) > MANY else "")


def _practice(known: Known, mark: str) -> Blocks:
    practice = _conversations(("public", "private"), [known.practice] if known.practice else [])
    hint = "Banso を招待したチャンネル。いつまでも使えます。"
    blocks: Blocks = [forms.field(named(PRACTICE, mark), "練習チャンネル", practice, hint=hint)]
    if known.practice:
        tried = f"練習の相談:{known.practised} 件" if known.practised else "練習の相談は、まだありません"
        blocks.append(
            section(
                f"<#{known.practice}> に相談を1件書き、「対応します」「回答した」「解決した」まで試してください。"
                f"件数には入りません。\n{tried}"
            )
        )
    return blocks if known.is_open else [*blocks, *_ready(known)]


def _ready(known: Known) -> Blocks:
    if known.missing:
        return [section("*公開の前に*\n" + "\n".join(f"・{words}" for words in known.missing))]
    waiting = (
        f"\n公開を待っている書き込みが {known.early} 件あります。公開すると届きます。" if known.early else ""
    )
    words = f"準備ができました。公開するまで、市町村の方には何も届きません。{waiting}"
    return [section(words), actions(button("県内に公開する", TO_OPENING, "-", primary=True))]


_STEPS: Mapping[int, Callable[[Known, str], Blocks]] = {
    1: _calendar,
    2: _people,
    3: _channels,
    4: _intake,
    5: _roster,
    6: _talents,
    7: _practice,
}
