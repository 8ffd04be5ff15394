"""What is written with a format arrives as Slack's own editor sends it; all of it with the keyboard."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from playwright.async_api import Keyboard, Locator, expect

from sandbox import Sandbox
from sandbox.blocks import check_blocks
from sandbox.client import Workspace
from sandbox.forms import state_values
from tests.browser.kit import field, opens
from tests.browser.test_axe import objections
from tests.browser.windows import Window, Windows

pytestmark = pytest.mark.asyncio(loop_scope="session")
Json = dict[str, Any]
MENTION: Json = {"type": "user", "user_id": "U0SOMEBODY"}
START: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "前から"}, MENTION, {"type": "text", "text": "あり"}],
        }
    ],
}


def text(words: str, **style: bool) -> Json:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def item(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def items(style: str, *elements: Json, indent: int = 0) -> Json:
    listed = [item(each) for each in elements]
    return {"type": "rich_text_list", "style": style, "indent": indent, "border": 0, "elements": listed}


async def test_all_formats_with_the_keyboard_alone(sandbox: Sandbox, ws: Workspace, windows: Windows) -> None:
    desk = await ws.channel("相談")
    nagi = await ws.person("浜野 凪", channels=[desk])
    window = await windows.open(sandbox, nagi, desk, bare=True)
    element = {"type": "rich_text_input"}
    opens(sandbox, nagi, "書く", [field("書式つき", element, optional=False)])
    box, keys = window.dialog.get_by_role("textbox", name="書式つき"), window.page.keyboard
    await expect(box).to_be_focused()
    await window.presses("送る", window.dialog)
    await expect(window.dialog.locator(".wrong")).to_have_text("入力してください。")
    await expect(box).to_be_focused()
    await expect(box).to_have_attribute("aria-invalid", "true")

    await _lines(keys)
    await _lists(keys, box)
    await _around(window, keys)
    value = await _sent(sandbox, window, nagi.id)
    assert check_blocks([{**value, "block_id": "b"}], surface="message") == []
    assert value["elements"] == [
        item(
            *(
                text("ふつうに"),
                text("太く", bold=True),
                text("斜めに", italic=True),
                text("消して", strike=True),
            ),
            *(text("x = 1", code=True), text("と、")),
            {"type": "link", "url": "https://example.jp/a"},
            text(" と "),
            {"type": "emoji", "name": "eyes", "unicode": "1f440"},
            text("\n二行目 <b>&amp;"),
        ),
        items("bullet", text("一つ"), text("二つ")),
        items("ordered", text("先に")),
        {"type": "rich_text_quote", "border": 0, "elements": [text("言われたこと\n続き")]},
        item({"type": "link", "url": "https://example.jp/b", "text": "手引き"}),
        {"type": "rich_text_preformatted", "border": 0, "elements": [text("ls :eyes:")]},
    ]
    assert await objections(window) == []
    await window.page.reload()  # it stands there as it was, and is sent as it was
    await expect(box.locator("li")).to_have_text(["一つ", "二つ", "先に"])
    await box.press("Control+End")
    await keys.type("!")
    again = await _sent(sandbox, window, nagi.id)
    assert again["elements"][:5] == value["elements"][:5]
    assert again["elements"][5]["elements"] == [text("ls :eyes:!")]


async def _lines(keys: Keyboard) -> None:
    await keys.type("ふつうに")
    for shortcut, words in (("b", "太く"), ("i", "斜めに"), ("Shift+X", "消して"), ("Shift+C", "x = 1")):
        await keys.press(f"Control+{shortcut}")
        await keys.type(words)
        await keys.press(f"Control+{shortcut}")
    await keys.type("と、https://example.jp/a と :eyes:")
    await keys.press("Enter")
    await keys.type("二行目 <b>&amp;")
    await keys.press("Enter")


async def _lists(keys: Keyboard, box: Locator) -> None:
    await keys.press("Control+Shift+Digit8")
    await keys.type("一つ")
    await keys.press("Enter")
    await keys.type("二つ")
    await keys.press("Enter")
    await keys.press("Enter")  # out of the list
    await keys.press("Control+Shift+Digit7")
    await keys.type("先に")
    await expect(box.locator("ol li")).to_have_text("先に")
    await keys.press("Enter")
    await keys.press("Enter")


async def _around(window: Window, keys: Keyboard) -> None:
    await keys.press("Control+Shift+Digit9")
    await keys.type("言われたこと")
    await keys.press("Enter")
    await keys.type("続き")
    await keys.press("Enter")
    await keys.press("Enter")  # out of the quote
    await keys.press("Control+Shift+U")
    asked = window.page.get_by_role("dialog", name="リンク")
    await asked.get_by_label("表示する文字").fill("手引き")
    await asked.get_by_label("リンク先").fill("javascript:alert(1)")
    await keys.press("Enter")
    await expect(asked.locator(".wrong")).to_contain_text("https://")
    await asked.get_by_label("リンク先").fill("https://example.jp/b")
    await keys.press("Enter")
    await expect(asked).to_have_count(0)
    await keys.press("Enter")
    await keys.press("Tab")  # by the buttons it goes as well
    bold = window.dialog.get_by_role("button", name="太字")
    await expect(bold).to_be_focused()
    await keys.press("End")
    await expect(window.dialog.get_by_role("button", name="コードブロック")).to_be_focused()
    await keys.press("Enter")
    await keys.type("ls :eyes:")
    await expect(window.dialog.get_by_role("button", name="コードブロック")).to_have_attribute(
        "aria-pressed", "true"
    )


async def _sent(sandbox: Sandbox, window: Window, person: str) -> Json:
    await window.presses("送る", window.dialog)
    await expect(window.page.locator(".toast.bad").last).to_contain_text("入力した内容は残っています")
    view = sandbox.world.people[person].stack[-1]
    state = state_values(view.body["blocks"], view.entered)["rich_text_input"]["rich_text_input_action"]
    assert state["type"] == "rich_text_input"
    value: Json = state["rich_text_value"]
    assert value["type"] == "rich_text"
    return value


async def test_what_one_cannot_write_stays_and_pasted_markup_is_words(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談")
    nagi = await ws.person("浜野 凪", channels=[desk])
    window = await windows.open(sandbox, nagi, desk)
    element = {"type": "rich_text_input", "initial_value": deepcopy(START)}
    opens(sandbox, nagi, "書く", [field("書式つき", element)])
    box = window.dialog.get_by_role("textbox", name="書式つき")
    await expect(box).to_contain_text("前から@U0SOMEBODYあり")
    await box.press("Control+End")
    await box.evaluate(
        """node => {
          const data = new DataTransfer();
          data.setData("text/html", "<img src=x onerror=window.hacked=1><b>太い</b>");
          data.setData("text/plain", "貼った文");
          node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    await expect(box).to_contain_text("あり貼った文")
    assert not await window.page.evaluate("window.hacked")
    value = await _sent(sandbox, window, nagi.id)
    assert value["elements"] == [item(text("前から"), MENTION, text("あり貼った文"))]
    await box.fill("")
    await window.presses("送る", window.dialog)
    await expect(window.page.locator(".toast.bad")).to_have_count(2)
    view = sandbox.world.people[nagi.id].stack[-1]
    state = state_values(view.body["blocks"], view.entered)["rich_text_input"]["rich_text_input_action"]
    assert state["rich_text_value"] is None
