"""「電話・訪問で受けた相談を登録」: the dialog of those who answer, and what was entered in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.asking import Way
from bot.domain.judging import Reason, judge
from handlers.common import forms
from handlers.common.blocks import Block, modal, plain, section, small
from handlers.members import views as member_views
from handlers.questions.screens.asking_form import AUDIENCES, LONGEST, radio

CALLBACK = "question_phone"
WHO, HOW, WHEN, TEXT, ANSWER, MINUTES, AUDIENCE = (
    "who",
    "how",
    "when",
    "text",
    "answer",
    "minutes",
    "audience",
)
HOWS = {Way.PHONE.value: "電話", Way.VISIT.value: "訪問・来庁"}
MOST_MINUTES = 600


@dataclass(frozen=True, slots=True)
class Entered:
    """A filled-in form; `asker` is the Slack user who asked, None for somebody who is not there; `problems` are sentences
    by block. `received_at` is aware UTC."""

    asker: str | None
    code: str | None
    section: str | None
    way: Way
    received_at: datetime | None
    text: str
    answer: str
    minutes: int | None
    audience: str
    problems: Mapping[str, str]


def form(now: datetime) -> Block:
    """The dialog; it was received now, unless somebody says otherwise."""
    body, part = member_views.place_inputs(None, None)
    area: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST}
    blocks = [
        forms.field(HOW, "受け方", radio(HOWS, Way.PHONE.value), optional=False),
        forms.field(
            WHEN,
            "受けた日時",
            {"type": "datetimepicker", "initial_date_time": int(now.timestamp()) // 60 * 60},
            optional=False,
        ),
        body,
        part,
        forms.field(
            WHO,
            "相談者さん(Slack にいるとき)",
            {"type": "users_select"},
            hint="選ぶと、その方にも受付と回答が届きます。",
        ),
        forms.field(TEXT, "相談の内容", area, optional=False),
        forms.field(ANSWER, "回答(その場で答えたとき)", area, hint="書くと、終わった相談として数えます。"),
        forms.field(
            MINUTES,
            "かかった時間(分)",
            {
                "type": "number_input",
                "is_decimal_allowed": False,
                "min_value": "1",
                "max_value": str(MOST_MINUTES),
            },
        ),
        forms.field(AUDIENCE, "だれに見えますか", radio(AUDIENCES, "private"), optional=False),
        small("住民の氏名や番号は書かないでください。"),
    ]
    return modal("電話・訪問の相談", blocks, callback_id=CALLBACK, submit=plain("登録する"))


def read(view: Mapping[str, Any], *, now: datetime, bodies: Mapping[str, Any]) -> Entered:
    """What was entered; `bodies` are those there are, by code."""
    code, asker = forms.choice(view, member_views.BODY), forms.person(view, WHO)
    received_at, text = forms.moment(view, WHEN), forms.text(view, TEXT)
    problems = {}
    if code is None and asker is None:
        problems[member_views.BODY] = "どちらの団体からの相談か、選んでください。"
    if code is not None and code not in bodies:
        problems[member_views.BODY] = "一覧から選び直してください。"
    if judge(text, has_files=False).reason in {Reason.EMPTY, Reason.EMOJI_ONLY}:
        problems[TEXT] = "相談の内容を、ひとことでもお書きください。"
    if received_at is None or received_at > now:
        problems[WHEN] = "受けた日時は、いまより前にしてください。"
    minutes = forms.number(view, MINUTES)
    if forms.text(view, MINUTES) and (minutes is None or not 1 <= minutes <= MOST_MINUTES):
        problems[MINUTES] = f"1〜{MOST_MINUTES} の数字で書いてください。"
    how, audience = forms.choice(view, HOW), forms.choice(view, AUDIENCE)
    return Entered(
        asker=asker,
        code=code,
        section=forms.text(view, member_views.SECTION) or None,
        way=Way(how) if how in HOWS else Way.PHONE,
        received_at=received_at,
        text=text,
        answer=forms.text(view, ANSWER),
        minutes=minutes,
        audience=audience if audience in AUDIENCES else "private",
        problems=problems,
    )


def receipt(number: str, *, answered: bool) -> Block:
    """What the dialog shows when it is kept."""
    words = "回答ずみの相談として数えました。" if answered else "担当に届けました。"
    return modal("登録しました", [section(f"*{number} として登録しました。*\n{words}")])
