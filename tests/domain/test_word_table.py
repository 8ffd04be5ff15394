"""Words that mean the same, and words that say nothing."""

from __future__ import annotations

import pytest

from bot.domain.vocabulary import Vocabulary
from bot.domain.word_table import WordTable, read, said
from storage.search import usual

USUAL = Vocabulary((("国保", "国民健康保険"), ("軽自", "軽自動車税")), ("教えて",))
TABLE = WordTable(alike=(("公用車", "共用車"), ("脱ハンコ", "押印廃止")), silent=("お世話になります",))


def test_a_usual_group_can_be_done_without() -> None:
    spoken = WordTable(TABLE.alike, TABLE.silent, frozenset({"国保"})).vocabulary(USUAL)
    assert spoken == Vocabulary((*TABLE.alike, ("軽自", "軽自動車税")), ("教えて", "お世話になります"))


def test_what_was_entered_is_read_as_it_is_said() -> None:
    table, problems = read("公用車=共用車\n\n 脱ハンコ = 押印廃止 ", "お世話になります", ["国保", "x"], USUAL)
    assert problems == {}
    assert table == WordTable(TABLE.alike, TABLE.silent, frozenset({"国保"}))
    assert read(*said(table), ["国保"], USUAL)[0] == table


@pytest.mark.parametrize(
    ("alike", "silent", "where", "why"),
    [
        ("国保", "", "alike", "「=」でつないで"),
        ("=".join(["ab", "cd", "ef", "gh", "ij", "kl", "mn"]), "", "alike", "2つから6つ"),
        ("車=共用車", "", "alike", "2文字から"),
        ("公用車=共用車\n社用車=公用車", "", "alike", "「公用車」が2回"),
        ("ゴミ=ごみ", "", "alike", "2回"),
        ("公用車=" + "あ" * 31, "", "alike", "30文字まで"),
        ("公用車=!!", "", "alike", "2文字から"),
        ("\n".join(f"語{n}番=別{n}番" for n in range(151)), "", "alike", "150組まで"),
        ("公用車=共用車", "公用車", "silent", "どちらか"),
        ("", "の", "silent", "2文字から"),
        ("", "、".join(f"語{n}番" for n in range(101)), "silent", "100語まで"),
    ],
)
def test_what_is_wrong_is_said(alike: str, silent: str, where: str, why: str) -> None:
    _, problems = read(alike, silent, [], USUAL)
    assert why in problems[where]
    assert len(problems) == 1


def test_each_usual_group_is_called_by_a_first_word_of_its_own() -> None:
    """By that word it is done without."""
    groups = usual().groups
    assert len({group[0] for group in groups}) == len(groups)
    assert min(map(len, groups)) > 1
