"""What people and apps write is shown as text, whatever it looks like."""

from __future__ import annotations

import json

import aiohttp
import pytest
from playwright.async_api import expect

from sandbox import Sandbox
from sandbox.client import Workspace
from tests.browser.windows import Windows

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKUP = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
NASTY = [
    MARKUP,
    '"><svg/onload=window.hacked=1>',
    "javascript:window.hacked=1",
    "&lt;b&gt;太字&lt;/b&gt; &amp;amp;",
    "`<b>` ```<script>window.hacked=1</script>```",
    "${window.hacked=1} {{constructor.constructor('window.hacked=1')()}}",
]
LINKS = [
    "<javascript:window.hacked=1|押して>",
    "<data:text/html,<script>window.hacked=1</script>|押して>",
    "<JaVaScRiPt:window.hacked=1|押して>",
    "<!date^1^{date}^javascript:window.hacked=1|押して>",
]


async def test_markup_is_text_wherever_it_stands(sandbox: Sandbox, ws: Workspace, windows: Windows) -> None:
    desk = await ws.channel("相談", topic=MARKUP)
    nagi = await ws.person(MARKUP, channels=[desk], title=MARKUP)
    said = [await nagi.says(text, desk) for text in NASTY]
    await nagi.says(
        "ファイル", desk, files=[{"name": "<img src=x onerror=window.hacked=1>.html", "content": MARKUP}]
    )
    section = {"type": "mrkdwn", "text": " ".join([MARKUP, *LINKS])}
    rich = [
        {"type": "link", "url": "javascript:window.hacked=1", "text": "押して"},
        {"type": "text", "text": MARKUP},
    ]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": MARKUP}},
        {"type": "section", "text": section, "fields": [section]},
        {"type": "context", "elements": [section]},
        {"type": "markdown", "text": f"# {MARKUP}\n[押して](javascript:window.hacked=1)\n- {MARKUP}"},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": rich}]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": MARKUP[:75]}, "action_id": "a"},
            ],
        },
    ]
    await _post(sandbox, channel=desk.id, text=MARKUP, blocks=json.dumps(blocks))
    window = await windows.open(sandbox, nagi, desk)
    for message, text in zip(said, NASTY, strict=True):
        shown = window.page.locator(f'article[data-ts="{message.ts}"] .content')
        await expect(shown).to_contain_text(text.split("`")[0][:20])
    last = window.page.locator("article.message").last
    await expect(last.locator(".block-header")).to_have_text(MARKUP)
    await expect(last.locator("a")).to_have_count(0)
    await expect(window.page.locator(".author").first).to_have_text(MARKUP)
    await expect(
        window.page.locator("message-list img, message-list script, message-list svg:not(.icon)")
    ).to_have_count(0)
    await window.message("ファイル").focus()
    await window.message("ファイル").get_by_role("button", name="その他の操作").focus()
    await window.page.keyboard.press("Enter")
    await window.page.get_by_role("menuitem", name="編集する").click()
    await expect(window.page.get_by_label("メッセージを編集")).to_have_value("ファイル")
    assert await window.page.evaluate("window.hacked") is None


async def test_mrkdwn_looks_as_meant(sandbox: Sandbox, ws: Workspace, windows: Windows) -> None:
    desk = await ws.channel("相談")
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    text = (
        f"*太字* _斜体_ ~消し~ `コード` a*b*c <https://example.jp/a?b=1&amp;c=2|例> <@{kazuha.id}> <#{desk.id}> "
        ":+1: :unknown_one: 1 &lt; 2 (https://example.jp/x?d=4&amp;e=_5_&gt;).\n&gt; 引用\n&gt; 続き\n```\n* そのまま *\n```"
    )
    await _post(sandbox, channel=desk.id, text=text)
    window = await windows.open(sandbox, kazuha, desk)
    shown = window.page.locator("article.message").last.locator(".content")
    for tag, words in (
        ("strong", "太字"),
        ("em", "斜体"),
        ("s", "消し"),
        ("blockquote", "引用続き"),
        ("pre", "* そのまま *"),
    ):
        await expect(shown.locator(tag)).to_have_text(words)
    await expect(shown.locator("code").first).to_have_text("コード")
    await expect(shown).to_contain_text("a*b*c")
    await expect(shown).to_contain_text("1 < 2")
    await expect(shown).to_contain_text(":unknown_one:")
    await expect(shown.locator(".emoji")).to_have_text("👍")
    await expect(shown.get_by_role("link", name="例")).to_have_attribute(
        "href", "https://example.jp/a?b=1&c=2"
    )
    bare = shown.get_by_role(
        "link", name="https://example.jp/x?d=4&e=_5"
    )  # an end of a sentence is no part of it
    await expect(bare).to_have_attribute("href", "https://example.jp/x?d=4&e=_5")
    await expect(shown.locator(".mention.mine")).to_have_text("@森脇 一葉")
    await expect(shown.get_by_role("link", name="#相談")).to_be_visible()
    await window.composer.fill("@浜野 凪 さん、@森脇")
    await window.says("@浜野 凪 さん、どうですか #相談")
    await expect(window.page.locator("article.message").last.locator(".mention")).to_have_text(
        ["@浜野 凪", "#相談"]
    )
    await nagi.is_rung()


async def _post(sandbox: Sandbox, **body: str) -> None:
    """The app says something."""
    async with aiohttp.ClientSession() as session:
        async with session.post(
            f"{sandbox.api_url}chat.postMessage", data={**body, "token": sandbox.bot_token}
        ) as answer:
            found = await answer.json()
            assert found["ok"], found
