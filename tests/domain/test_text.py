"""Slack's form in, plain text out; and nothing a person typed may ring anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import clean, escape, excerpt


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<@UBOT> 教えてください", "教えてください"),
        ("教えて <@UBOT|banso> ください", "教えて ください"),
        ("<@U2>さんに聞きました", "@森脇さんに聞きました"),
        ("<@U9>さんに聞きました", "@メンバーさんに聞きました"),
        ("<@U9|sato>さん", "@satoさん"),
        ("<#C1|soudan> を見て", "#soudan を見て"),
        ("<!here> <!channel>", "@here @channel"),
        ("<!subteam^S1|@toban> と <!subteam^S1>", "@toban と @グループ"),
        ("<!date^1764547200^{date}|12/1> まで", "12/1 まで"),
        ("<https://example.jp/a?b=1&amp;c=2>", "https://example.jp/a?b=1&c=2"),
        ("<https://example.jp/a|要綱案>", "要綱案 (https://example.jp/a)"),
        ("<http://example.jp|example.jp>", "http://example.jp"),
        ("<mailto:joho@town.example.lg.jp|joho@town.example.lg.jp>", "joho@town.example.lg.jp"),
        ("&lt;@UBOT&gt; と書いた", "<@UBOT> と書いた"),
        ("A &amp;amp; B", "A &amp; B"),
        ("一行目\r\n\n\n\n二行目  \n", "一行目\n\n二行目"),
        ("見え\u200bない\ufeff\u202e字", "見えない字"),
        ("か\u3099き", "がき"),
        ("ありがとう:pray:", "ありがとう:pray:"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_a_slack_message_becomes_what_the_person_meant(raw: str, shown: str) -> None:
    assert clean(raw, "UBOT", {"U2": "森脇"}) == shown


def test_without_a_bot_id_every_mention_is_kept() -> None:
    assert clean("<@UBOT> です") == "@メンバー です"


@given(st.text())
def test_escaped_text_holds_no_slack_entity_and_comes_back_unchanged(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


def test_a_typed_channel_mention_survives_the_round_trip_without_ringing() -> None:
    assert escape(clean("&lt;!channel&gt; 全員へ")) == "&lt;!channel&gt; 全員へ"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("短い", 10, "短い"),
        ("ちょうど五字", 6, "ちょうど五字"),
        ("保守契約が3月末で切れます", 8, "保守契約が3月…"),
        ("一行目\n二行目", 20, "一行目 二行目"),
        ("はい、わかりました", 4, "はい…"),
        ("👨\u200d👩\u200d👧の家族", 5, "…"),
        ("👨\u200d👩\u200d👧の家族", 6, "👨\u200d👩\u200d👧…"),
        ("👍🏽👍🏽👍🏽", 4, "👍🏽…"),
        ("🇯🇵🇯🇵の旗です", 4, "🇯🇵…"),
        ("ﾌﾟﾘﾝﾀです", 4, "ﾌﾟﾘ…"),
        ("ｶﾞｷﾞｸﾞ", 4, "ｶﾞ…"),
        ("ありがとう:pray:ございます", 9, "ありがとう…"),
        ("辻\U000e0100さんの件です", 2, "…"),
    ],
)
def test_an_excerpt_is_one_line_and_cuts_no_character(text: str, limit: int, short: str) -> None:
    assert excerpt(text, limit) == short


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_an_excerpt_never_exceeds_its_limit(text: str, limit: int) -> None:
    short = excerpt(text, limit)
    assert len(short) <= limit
    assert "\n" not in short


@given(st.text(alphabet="あ👍🏽ﾞ\u3099🇯🇵\u200d👩", max_size=30), st.integers(min_value=1, max_value=20))
def test_an_excerpt_is_a_beginning_of_the_text(text: str, limit: int) -> None:
    short = excerpt(text, limit)
    line = " ".join(text.split())
    assert short == line or line.startswith(short.removesuffix("…"))


def test_an_excerpt_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        excerpt("あ", 0)
