"""With an embedder, through the wire: what it finds, what leaves the house while people ask and search, and its bad days."""

from __future__ import annotations

import pytest
import structlog

from bot.embedding import guarded
from tests.bot.embedding.stub import Stub
from tests.scenarios.conftest import Town, hear_at_once
from tests.scenarios.story import settled, until
from tests.scenarios.test_faq import ready
from tests.scenarios.test_private import asks, desk_channel
from tests.scenarios.test_search import content, publish

pytestmark = pytest.mark.screens

KEY = "sk-very-secret"
OTHERS = ("議会の端末", "庁舎の電話", "給与の計算", "文書の保存", "窓口の番号札", "研修の申込", "会議室の鍵")


async def test_an_embedder_finds_what_is_meant_and_hears_no_question(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(guarded, "PATIENCE", 5.0)  # a busy machine
    await hear_at_once(town)
    await desk_channel(town)
    with structlog.testing.capture_logs() as logs:
        async with Stub().serving() as stub:
            async with town.bot(embed_url=stub.url, embed_model="small", embed_key=KEY) as banso:
                await ready(banso)
                made = [
                    content(town, each, "県の担当へ聞いてください。") for each in ("公用車の予約", *OTHERS)
                ]
                await publish(town, banso, *made)

                async def embedded() -> bool:
                    hits = await banso.services.search.find("出張の足", sent="出張の足")
                    return any(not hit.weak for hit in hits)

                await until(embedded)
                await asks(town, banso, town.asker, "職員の処分の相談です。出張の足の件です")
                await town.asker.says("廃棄物の収集の委託で困っています。どうすればいいですか", town.channel)
                await town.channel.shows("受け付けました")
                await settled(town, banso)
                await town.asker.runs("/faq", "浜野さんの出張の足は", channel=town.channel)
                shown = await town.asker.sees("公用車の予約", town.channel)
                assert "近いかもしれない" in shown.words
                assert any("出張の足は" in each for each in stub.seen)
                for private in ("処分", "委託", "浜野"):
                    assert not any(private in each for each in stub.seen), private
                stub.status = 503
                await town.asker.runs("/faq", "公用車を予約したい", channel=town.channel)
                shown = await town.asker.sees("に近い回答 1件", town.channel)
                assert "公用車の予約" in shown.words
        hosts = [each["host"] for each in logs if "are embedded" in each["event"] and "host" in each]
        assert hosts == ["127.0.0.1"], "a start says where texts go"
        assert stub.keys == {f"Bearer {KEY}"}
    assert KEY not in str(logs)
    assert "出張の足" not in str(logs)
