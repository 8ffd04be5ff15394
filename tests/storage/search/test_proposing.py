"""What is looked up instead of being read, so that a million entries are no slower than they must be, changes nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from bot.domain.finding import Document, Hit
from storage.search import Analyser, proposing
from storage.search.generation import Generation, create
from tests.storage.search.feeding import entry

NAMES = "図書館 公園 保育所 水道 下水道 住民票 印鑑 税金 年金 健診 予防接種 粗大ごみ 犬 猫 空き家 街灯 道路 橋 河川 バス"
DOINGS = "手続き 届出 申請 料金 窓口 予約 相談 登録 変更 廃止 助成 証明 検査 工事 掃除 引っ越し 修理 苦情 募集 休日"
COUNT = 2000


@pytest.fixture(scope="module")
def made() -> Sequence[Document]:
    """Entries of words of which the first are common and the last are rare."""
    said, names, doings = random.Random(3), NAMES.split(), DOINGS.split()

    def some(words: Sequence[str]) -> str:
        return words[int(len(words) * said.random() ** 2)]

    def text(pairs: int) -> str:
        return "、".join(f"{some(names)}の{some(doings)}" for _ in range(pairs))

    return [
        entry(n, text(1), text(6), field_id=said.choice(("net", "tax")), change=n)
        for n in range(1, COUNT + 1)
    ]


@pytest.fixture(scope="module")
def generation(made: Sequence[Document], tmp_path_factory: pytest.TempPathFactory) -> Generation:
    return filled(tmp_path_factory.mktemp("index"), made)


def filled(path: Path, documents: Iterable[Document]) -> Generation:
    create(path)
    generation = Generation(path, Analyser())
    assert generation.take_in(list(documents))
    return generation


def find(generation: Generation, text: str, field_id: str | None = None, most: int = 20) -> list[Hit]:
    return generation.find(text, field_id=field_id, kind=None, most=most)


QUERIES = [
    f"{name}の{doing}の{other}"
    for name in NAMES.split()
    for doing, other in zip(DOINGS.split()[::3], NAMES.split()[::-3], strict=True)
]
ALL = 10**9


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set how much is read, and from how many entries on characters are read with words."""

    def set_both(read: int, many: int = ALL) -> None:
        monkeypatch.setattr(proposing, "READ", read)
        monkeypatch.setattr(proposing, "MANY", many)

    return set_both


@pytest.mark.parametrize("field_id", [None, "tax"])
@pytest.mark.parametrize("many", [0, ALL])
@pytest.mark.parametrize(("most_read", "alike"), [(ALL, 20), (3000, 10), (1000, 5)])
def test_what_is_looked_up_counts_as_if_it_were_read(
    generation: Generation,
    read: Callable[..., None],
    most_read: int,
    alike: int,
    many: int,
    field_id: str | None,
) -> None:
    read(ALL)
    whole = {text: find(generation, text, field_id) for text in QUERIES}
    read(most_read, many)
    same = 0
    for text, hits in whole.items():
        scores = {hit.id: hit.score for hit in hits}
        found = find(generation, text, field_id)
        assert found[0].id == hits[0].id
        assert {hit.id: hit.score for hit in found if hit.id in scores} == pytest.approx(
            {hit.id: scores[hit.id] for hit in found if hit.id in scores}, rel=1e-4
        )
        same += [hit.id for hit in found[:alike]] == [hit.id for hit in hits[:alike]]
    assert same >= 0.95 * len(QUERIES)


def test_less_is_read_than_there_is(generation: Generation, read: Callable[..., None]) -> None:
    read(1)
    cut = [find(generation, text) for text in QUERIES]
    read(ALL)
    assert cut != [find(generation, text) for text in QUERIES]


@pytest.mark.parametrize("many", [0, ALL])
def test_where_the_rare_word_finds_too_few_the_common_one_finds_the_others(
    tmp_path: Path, read: Callable[..., None], many: int
) -> None:
    others = [entry(n, f"図書館の利用 {n}", change=n) for n in range(1, 200)]
    generation = filled(tmp_path, [*others, entry(200, "風疹の検査", change=200)])
    read(1, many)
    hits = find(generation, "風疹 図書館", most=60)
    assert (hits[0].id, len(hits)) == (200, 60)
    assert not any(hit.weak for hit in hits)


@pytest.mark.parametrize("many", [0, ALL])
def test_who_shares_characters_only_takes_no_place_of_who_shares_a_word(
    tmp_path: Path, read: Callable[..., None], many: int
) -> None:
    alike = [entry(n, "ンアイウエオカキクケコン", change=n) for n in range(1, 151)]
    kin = [entry(n, "図書館の本を返す箱", "駅前と市役所の裏", change=n) for n in range(151, 351)]
    others = [entry(n, "犬の登録", change=n) for n in range(351, 1000)]
    generation = filled(tmp_path, [*alike, *kin, *others])
    read(ALL, many)
    typed = "アイウエオカキクケコの図書館"
    hits = find(generation, typed, most=210)
    assert {hit.id for hit in hits if not hit.weak} == set(range(151, 351))
    assert {hit.id for hit in hits if hit.weak} < set(range(1, 151))
    assert not any(hit.weak for hit in find(generation, typed, most=60))


def test_of_many_entries_weak_ones_share_the_rarest_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    common = [entry(n, "ンチツテトン", change=n) for n in range(3, 30)]
    rare = [entry(1, "ンアイウエン", change=1), entry(2, "ンイウエオン", change=2)]
    generation = filled(tmp_path, [*rare, *common])
    typed = "アイウエチツテト"
    assert {hit.id for hit in find(generation, typed, most=50) if hit.weak} == set(range(1, 30))
    monkeypatch.setattr(proposing, "WEAK", 1)
    assert {hit.id for hit in find(generation, typed, most=50) if hit.weak} == {1}
    monkeypatch.setattr(proposing, "WEAK", 5)
    assert {hit.id for hit in find(generation, typed, most=50) if hit.weak} == {1, 2}
