"""What is found, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.finding import Hit, fields_near
from bot.domain.vocabulary import Vocabulary
from bot.errors import SearchUnavailable
from storage.search import Search
from storage.search.analysis import Analyser
from tests.storage.search.conftest import Filled
from tests.storage.search.feeding import Feed, entry

WASTE = entry(1, "ゴミの分別はどこで調べられますか", "燃えるごみは火曜日に集めます。", field_id="front")
CARD = entry(
    2, "マイナンバーカードの更新の手続き", "有効期限の3か月前から窓口でできます。", field_id="online"
)
NETWORK = entry(
    3,
    "LGWAN接続系から Wi-Fi を使うには",
    "無線アクセスポイントの認証が必要です。",
    field_id="net",
    kind="case",
)
PREVENTION = entry(4, "防災行政無線の更新費用", "起債の対象になることがあります。", field_id="net")
TOWN = (WASTE, CARD, NETWORK, PREVENTION)


def ids(hits: list[Hit], *, weak: bool = False) -> list[int]:
    return [hit.id for hit in hits if hit.weak is weak]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ごみの分別", 1),
        ("ゴミ", 1),
        ("ｺﾞﾐ", 1),
        ("すみません、ごみを出す日が分からないのですが教えていただけますか", 1),
        ("マイナンバーカードを更新したい", 2),
        ("窓口", 2),
        ("ｗｉ－ｆｉ", 3),
        ("WiFi", 3),
        ("lgwan", 3),
        ("無線の認証", 3),
        ("防災", 4),
        ("起債", 4),
    ],
)
async def test_an_entry_is_found_however_it_is_typed(filled: Filled, typed: str, first: int) -> None:
    search = await filled(*TOWN)
    hits = await search.find(typed)
    assert hits[0].id == first
    assert [hit.id for hit in hits] == list(dict.fromkeys(hit.id for hit in hits))


async def test_hits_by_characters_alone_are_weak_and_come_last(filled: Filled) -> None:
    search = await filled(
        entry(1, "街路灯の球が切れている"), entry(2, "道路の照明が消えている"), entry(3, "犬の登録")
    )
    search.vocabulary = Vocabulary()
    assert [(hit.id, hit.weak) for hit in await search.find("街灯が消えた")] == [(2, False), (1, True)]


async def test_what_people_call_the_same_is_found_as_soon_as_somebody_says_so(filled: Filled) -> None:
    search = await filled(entry(1, "街路灯の球"), entry(2, "あさぎ証の申請"), entry(3, "国民健康保険の脱退"))
    assert ids(await search.find("国保をやめたい")) == [3]
    assert ids(await search.find("ふしぎ札")) == []
    search.vocabulary = Vocabulary((("ふしぎ札", "あさぎ証"),))
    assert ids(await search.find("ふしぎ札")) == [2]
    assert ids(await search.find("国保をやめたい")) == []
    search.vocabulary = Vocabulary(silent=("申請",))
    assert ids(await search.find("街路灯の申請")) == [1]


async def test_words_that_change_while_they_are_made_ready_hold_with_the_next_search(tmp_path: Path) -> None:
    first, second = Vocabulary((("ふしぎ札", "あさぎ証"),)), Vocabulary((("ふしぎ札", "ほかの証"),))

    class Overtaken(Analyser):
        """Somebody changes the vocabulary while the one before is being analysed."""

        def words(self, text: str) -> list[str]:
            if text == "あさぎ証":
                search.vocabulary = second
            return super().words(text)

    feed = Feed(entry(1, "あさぎ証の申請"), entry(2, "ほかの証の申請"))
    async with Search(tmp_path / "index", feed, first, Overtaken()) as search:
        await search.catch_up()
        await search.find("ふしぎ札")
        assert (await search.find("ふしぎ札"))[0].id == 2


async def test_what_somebody_meant_who_typed_a_word_that_finds_nothing(filled: Filled) -> None:
    search = await filled(*TOWN)
    meant = await search.meant("マイナンバカードの更新")
    assert meant is not None
    assert meant.meant == "マイナンバーカード"
    assert (await search.find("マイナンバカードの更新".replace(meant.typed, meant.meant)))[0].id == 2
    assert await search.meant("マイナンバーカードの更新") is None
    assert await search.meant("") is None


async def test_once_the_names_are_known_what_was_mistyped_is_found_but_is_not_strong(filled: Filled) -> None:
    search = await filled(*TOWN)
    assert ids(await search.find("こうしん")) == []
    await search.meant("こうしん")
    assert {hit.id: hit.strong for hit in await search.find("こうしん")} == {2: False, 4: False}
    assert ids(await search.find("ぼうさい")) == [4]
    assert ids(await search.find("起債のこうしん"))[0] == 4


async def test_the_fields_of_what_nearly_asks_the_same(filled: Filled) -> None:
    search = await filled(*TOWN)
    assert fields_near(await search.find("防災行政無線の更新費用")) == [("net", 1.0)]
    assert fields_near(await search.find("起債")) == []
    assert {hit.field_id for hit in await search.find("更新")} == {"online", "net"}


async def test_of_many_entries_what_means_the_same_comes_nearer(filled: Filled) -> None:
    """Two words that stand beside the same others mean the same, though no entry holds both."""
    dogs = [entry(n, f"犬の登録 {n}", "狂犬病 注射 鑑札 首輪") for n in range(1, 150)]
    others = [entry(n, f"水道の検針 {n}", "料金 蛇口 漏水 口座") for n in range(150, 299)]
    search = await filled(*dogs, *others, entry(299, "鑑札の届け", "番号"), entry(300, "漏水の届け", "番号"))
    assert await search.learn()
    assert not await search.learn()  # nothing has changed since
    after = ids(await search.find("注射の届け", most=300))
    assert after.index(299) < after.index(300)


def damage(directory: Path) -> None:
    [model] = directory.glob("*/*.meaning")
    model.write_bytes(b"PK\x03\x04 no model")


async def test_a_model_that_cannot_be_read_is_learned_again(filled: Filled, tmp_path: Path) -> None:
    search = await filled(*(entry(n, f"図書館の利用 {n}", "本を借りる") for n in range(1, 320)))
    assert await search.learn()
    damage(tmp_path)
    assert await search.catch_up()
    assert (await search.find("図書館"))[0].id == 1
    assert await search.learn()


async def test_what_shares_a_word_of_many_is_found_and_not_strong(filled: Filled) -> None:
    search = await filled(
        entry(1, "もらったCSVを開くと文字が化けます", "資料の文字コードを選びます。"),
        entry(2, "担当が替わりました。引き継ぎの資料は何を確認しますか", "契約書と課題管理表です。"),
        *(entry(n, "図書館の利用") for n in range(3, 20)),
    )
    typed = "4月に異動してきました。標準化の資料がどこにあるか分かりません"
    assert {hit.id: hit.strong for hit in await search.find(typed) if not hit.weak} == {1: False, 2: False}
    found = {hit.id: hit.strong for hit in await search.find("引き継ぎの資料を確認したい")}
    assert found == {1: False, 2: True}
    assert not any(hit.strong for hit in await search.find("チャッ"))


async def test_the_only_entry_can_be_strong_and_need_not_be(filled: Filled) -> None:
    search = await filled(entry(1, "画面が真っ暗なときはどうしますか", "電源を長押ししてください。"))
    assert [hit.strong for hit in await search.find("パソコンの画面が真っ暗です。どうすればいいですか")] == [
        True
    ]
    assert [hit.strong for hit in await search.find("Web会議の画面の共有の権限の設定が分かりません")] == [
        False
    ]


async def test_one_kanji_in_common_is_no_kinship(filled: Filled) -> None:
    search = await filled(entry(1, "住民票の写し"), entry(2, "民生委員の会議"))
    assert await search.find("農民") == []
    assert {hit.id for hit in await search.find("民")} == {1, 2}


async def test_what_is_known_by_its_characters_only_is_found_weakly(filled: Filled) -> None:
    search = await filled(entry(1, "庁内チャットツールの選び方"), entry(2, "犬の登録"))
    assert ids(await search.find("チャッ"), weak=True) == [1]


@pytest.mark.parametrize("typed", ["方法を教えてください", "どうすればいいですか", "これについて知りたい"])
async def test_words_of_asking_find_nothing(filled: Filled, typed: str) -> None:
    search = await filled(*TOWN, entry(9, "方法を教えてください", "どうすればいいかを知りたい"))
    assert ids(await search.find(typed)) == []


async def test_filters_leave_only_what_is_of_the_field_and_kind(filled: Filled) -> None:
    search = await filled(*TOWN)
    assert set(ids(await search.find("更新"))) == {2, 4}
    assert ids(await search.find("更新", field_id="net")) == [4]
    assert ids(await search.find("無線", kind="case")) == [3]
    assert ids(await search.find("無線", field_id="net", kind="faq")) == [4]
    assert await search.find("無線", field_id="no such") == []
    assert await search.find("無線", kind="no such") == []


async def test_a_filter_does_not_change_the_scores(filled: Filled) -> None:
    search = await filled(*TOWN)
    assert await search.find("無線", kind="case") == [hit for hit in await search.find("無線") if hit.id == 3]


async def test_no_more_come_than_were_asked_for(filled: Filled) -> None:
    search = await filled(*(entry(n, f"図書館の利用 {n}") for n in range(1, 80)))
    assert len(await search.find("図書館")) == 50
    assert len(await search.find("図書館", most=70)) == 70
    assert len(await search.find("図書館", most=1)) == 1
    assert await search.find("図書館", most=0) == []


async def test_the_same_words_come_in_the_same_order_each_time(filled: Filled) -> None:
    search = await filled(*(entry(n, "図書館の利用") for n in range(1, 8)))
    assert ids(await search.find("図書館")) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " \n\u3000",
        "。、!?",
        "😀👍🏽",
        "\x00",
        "\ud800",
        "a" * 5000,
        "ー" * 5000,
        "㍿" * 5000,
        'AND OR NOT ( " : ^ * ~ \\ words:x',
        "<!channel> &amp;",
        "ga\u0302\u0302\u0302\u0302rbage",
    ],
)
async def test_anything_may_be_typed(filled: Filled, typed: str) -> None:
    search = await filled(*TOWN)
    assert {hit.id for hit in await search.find(typed)} <= {1, 2, 3, 4}
    assert ids(await search.find(f"{typed[:100]} 起債"))[:1] == [4]


async def test_a_long_text_is_searched_by_its_rarest_words(filled: Filled) -> None:
    kanji = ["".join(map(chr, range(first, first + 20))) for first in range(0x4E00, 0x5000, 20)]
    others = [entry(10 + n, text) for n, text in enumerate([*kanji, *kanji])]
    search = await filled(*TOWN, *others)
    assert ids(await search.find("".join(kanji) + "起債のことです。", field_id="net")) == [4]


@pytest.mark.parametrize(
    "text", ["", "。", "\ud800 ごみ", "あ" * 60_000, "a " * 30_000, "\n".join(["行"] * 9000)]
)
async def test_any_entry_can_be_taken_in(filled: Filled, text: str) -> None:
    search = await filled(entry(1, text, text, text), entry(2, "起債"))
    assert ids(await search.find("起債")) == [2]


async def test_tags_find_an_entry_by_words_it_does_not_have(filled: Filled) -> None:
    search = await filled(*TOWN, entry(5, "印鑑登録の手続き", "窓口で。", tags=("ハンコ", "実印")))
    assert ids(await search.find("はんこ")) == [5]
    assert [hit.id for hit in await search.find("実印") if hit.strong] == []


async def test_phrasings_find_an_entry_by_words_it_does_not_have(filled: Filled) -> None:
    search = await filled(*TOWN, entry(5, "印鑑登録の手続き", "窓口で。", "ハンコを届けたい"))
    assert (await search.find("はんこ"))[0].id == 5


async def test_the_same_phrasing_by_many_people_counts_three_times(filled: Filled) -> None:
    others = [entry(n, f"その他の話 {n}") for n in range(9, 20)]
    scores = []
    for people in (2, 3, 15):
        search = await filled(entry(1, "印鑑の登録", "", *["ハンコ"] * people), *others)
        scores.append((await search.find("ハンコ"))[0].score)
    assert scores[0] < scores[1]
    assert scores[1] == scores[2]


async def test_when_the_index_can_be_neither_read_nor_made_people_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    async with Search(tmp_path / "file" / "index", Feed()) as search:
        with pytest.raises(SearchUnavailable) as told:
            await search.find("ごみ")
    assert "失われていません" in told.value.sentence
