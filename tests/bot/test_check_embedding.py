"""`banso check` says where texts go, and how the model there answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import check_embedding
from bot.check import exit_code
from bot.errors import SettingsError
from bot.settings import load_settings
from tests.bot.checking import Facts, checked, lines
from tests.bot.embedding.small import make
from tests.bot.embedding.stub import Stub
from tests.bot.network import FakeSlack

pytestmark = pytest.mark.usefixtures("no_proxy_from_outside")

SENT = "✅ 公開した FAQ の文と、名前を除いた探したことばを、127.0.0.1 へ送ります(EMBED_URL)"


async def said(**values: Any) -> list[str]:
    """The lines about embedding; none of them keeps the bot from working."""
    async with FakeSlack().serving() as slack:
        findings = await checked(slack, Facts(), **values)
    assert exit_code(findings) == 0
    found = lines(findings)
    return [line for line in found.splitlines() if "EMBED" in line or "意味" in line]


async def test_without_an_embedder_nothing_is_said() -> None:
    assert await said() == []


async def test_what_is_sent_where_comes_first_and_then_how_it_answers() -> None:
    async with Stub().serving() as stub:
        where = {"embed_url": stub.url, "embed_model": "small", "embed_key": SecretStr("sk-secret")}
        sent, well = await said(**where)
        assert sent == SENT
        assert well.startswith("✅ ことばの意味で探すモデルが答えました(12 次元、")
        assert set(stub.seen) == {"窓口の受付時間"}
        assert stub.keys == {"Bearer sk-secret"}
        for status, words in ((401, "EMBED_KEY を確かめて"), (404, "EMBED_URL と EMBED_MODEL")):
            stub.status = status
            sent, bad = await said(**where)
            assert sent == SENT
            assert bad.startswith("⚠ ")
            assert words in bad
            assert "ことばだけで探します" in bad


async def test_a_slow_one_is_said_to_be_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_embedding, "PATIENCE", 0.0)
    async with Stub().serving() as stub:
        _, slow = await said(embed_url=stub.url, embed_model="small")
    assert slow.startswith("⚠ ことばの意味で探すモデルの返事に ")


async def test_a_model_in_the_house_sends_nothing(tmp_path: Path) -> None:
    here, well = await said(embed_model_dir=make(tmp_path / "small"))
    assert here == "✅ ことばの意味で探すモデルは、この機械の中で動きます(外へは送りません)"
    assert "3 次元" in well
    _, bad = await said(embed_model_dir=tmp_path / "nowhere")
    assert bad.startswith(
        "⚠ EMBED_MODEL_DIR のモデルを使えません(no directory of a sentence-transformers model)"
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"embed_url": "http://embed.example.com/v1", "embed_model": "m"}, "https:// で始まる"),
        ({"embed_url": "http://8.8.8.8/v1", "embed_model": "m"}, "https:// で始まる"),
        ({"embed_url": "https://me:secret@example.com/v1", "embed_model": "m"}, "https:// で始まる"),
        ({"embed_url": "https://example.com/v1?key=secret", "embed_model": "m"}, "https:// で始まる"),
        ({"embed_url": "ftp://10.0.0.1", "embed_model": "m"}, "https:// で始まる"),
        ({"embed_url": "https://example.com/v1"}, "EMBED_MODEL"),
        (
            {"embed_url": "https://example.com/v1", "embed_model": "m", "embed_model_dir": "var/m"},
            "どちらか一つ",
        ),
    ],
)
def test_settings_that_would_send_it_in_the_open_or_to_two_are_refused(
    values: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(_env_file=None, **values)
    assert words in refused.value.sentence
    assert "secret" not in refused.value.sentence


def test_what_is_left_empty_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EMBED_URL", "EMBED_MODEL", "EMBED_KEY", "EMBED_MODEL_DIR"):
        monkeypatch.setenv(name, " ")
    settings = load_settings(_env_file=None)
    assert (settings.embed_url, settings.embed_model, settings.embed_model_dir) == (None, None, None)
    near = load_settings(_env_file=None, embed_url="http://10.1.2.3:8080/v1/", embed_model="m")
    assert near.embed_url == "http://10.1.2.3:8080/v1"
