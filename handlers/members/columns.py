"""The three lists an office keeps: their columns, and the words in them for what the workspace file says.

A list says the same as the workspace file (`form`), a row an entry. An empty cell leaves as it is what we know; 「なし」
empties it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from handlers.common.lists import Column


class Kind(StrEnum):
    """Which list."""

    MEMBERS = "members"
    TALENTS = "talents"
    BODIES = "bodies"


NAMES = {Kind.MEMBERS: "メンバー", Kind.TALENTS: "アドバイザー", Kind.BODIES: "団体"}
PARTS = {Kind.MEMBERS: "members", Kind.TALENTS: "talents", Kind.BODIES: "municipalities"}
"""The list's name in the workspace file."""

PERMISSIONS = {
    "asker": "相談者",
    "talent": "アドバイザー",
    "staff": "県の職員",
    "coordinator": "県の担当",
    "admin": "管理者",
}
"""What a permission is called on the screen and in lists."""
ROLES = {
    "producer": "プロデューサー",
    "pm": "プロジェクトマネージャー",
    "engineer": "エンジニア",
    "service_designer": "サービスデザイナー",
}
"""The professions of the national skill standard (総務省「自治体DX推進のための外部人材スキル標準」)."""
OTHER_WORDS = {
    "コーディネーター": "coordinator",
    "県担当": "coordinator",
    "回答する県職員": "staff",
    "県職員": "staff",
    "ゲスト": "asker",
    "デジタル人材": "talent",
    "プロジェクトマネジャー": "pm",
    "プロジェクトマネージャ": "pm",
}
DUTY = {"true": "する", "false": "しない"}


_WHO = (
    Column("id", "Slack ID", ("SlackのID", "メンバーID", "ユーザーID", "ID")),
    Column("mail", "メール", ("メールアドレス", "Eメール", "E-mail", "mail")),
    Column("name", "氏名", ("名前", "お名前")),
)
_NOTE = Column("note", "備考", ("メモ", "ふりがな", "フリガナ"))
"""For the office's own use: read over."""
COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.MEMBERS: (
        *_WHO,
        Column("code", "団体コード", ("市町村コード", "自治体コード", "コード")),
        Column("prefecture", "都道府県", ("都道府県名", "県名")),
        Column("body", "団体名", ("団体", "市町村", "市町村名", "自治体名")),
        Column("section", "課", ("所属課", "課名", "部署", "所属")),
        Column("permission", "権限"),
        _NOTE,
    ),
    Kind.TALENTS: (
        *_WHO,
        Column("role", "専門", ("役割",)),
        Column("title", "肩書", ("肩書き", "役職")),
        Column("fields", "分野", ("対応分野", "得意分野")),
        Column("hours", "対応日時", ("対応日", "勤務日時")),
        Column("duty", "当番"),
        Column("contract_from", "契約開始", ("契約開始日",)),
        Column("contract_until", "契約終了", ("契約終了日",)),
        Column("contract_hours", "契約時間", ("契約時間(月)", "月の契約時間")),
        Column("conflicts", "利害関係"),
        Column("bio", "自己紹介"),
        _NOTE,
    ),
    Kind.BODIES: (
        Column("code", "団体コード", ("コード",)),
        Column("prefecture", "都道府県", ("都道府県名", "県名")),
        Column("name", "団体名", ("団体", "名称")),
        Column("kana", "かな", ("団体名かな", "よみ", "読み")),
        Column("kind", "種別", ("団体種別", "種類")),
        _NOTE,
    ),
}
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.MEMBERS: ("name",),
    Kind.TALENTS: ("name", "role", "fields", "hours"),
    Kind.BODIES: ("code", "prefecture", "name", "kind"),
}
"""Columns without which a list says nothing; of people also the Slack ID or the mail address."""


def titles(kind: Kind) -> dict[str, str]:
    """The header of each part of an entry; `municipality` is said by the body's columns together."""
    found = {column.key: column.title for column in COLUMNS[kind]}
    return found | {"municipality": found["code"]} if "code" in found else found
