"""Block Kit: one of everything is shown, filled in, and arrives as Slack would send it."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from copy import deepcopy
from functools import partial
from typing import Any

import aiohttp
import pytest
from playwright.async_api import FilePayload, Locator, Route, expect

from sandbox import Sandbox
from sandbox.client import Channel, Workspace
from sandbox.forms import state_values
from sandbox.modals import checked, push_view
from tests.browser.kit import FIELDS, IN_MESSAGES, SHOWN, fit, opens, plain
from tests.browser.test_talking import DOT
from tests.browser.windows import DESK, PHONE, Window, Windows
from tests.scenarios.story import until

pytestmark = pytest.mark.asyncio(loop_scope="session")
FILE: FilePayload = {"name": "記録.txt", "mimeType": "text/plain", "buffer": b"abc"}


async def test_every_field_of_a_dialog_arrives_as_it_was_entered(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk, side = await ws.channel("相談"), await ws.channel("雑談")
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    window = await windows.open(sandbox, nagi, desk)
    opens(sandbox, nagi, "ひとそろい", deepcopy(FIELDS))
    dialog, keys = window.dialog, window.page.keyboard
    await expect(dialog.get_by_label("一行")).to_be_focused()
    await keys.type("これは十文字より長い文です")
    await expect(dialog.get_by_label("一行")).to_have_value("これは十文字より長い")
    await expect(dialog.locator(".counter")).to_have_text("10 / 10")
    await _corrects(window)
    await dialog.get_by_role("textbox", name="書式つき").fill("一行目\n二行目")
    await dialog.locator("[data-field=static_select] select").select_option("青")
    choices = {
        "multi_static_select": ("赤", "緑"),
        "multi_users_select": ("浜野", "森脇"),
        "users_select": ("森脇",),
        "conversations_select": ("相談",),
        "channels_select": ("相",),
        "multi_conversations_select": ("雑", "相"),
        "multi_channels_select": ("相",),
    }
    for block, typed in choices.items():
        box = dialog.locator(f"[data-field={block}] input")
        for each in typed:
            await box.fill(each)
            await expect(box).to_have_attribute("aria-activedescendant", re.compile("-0$"))
            await box.press("Enter")
    await dialog.locator("[data-field=multi_channels_select] input").fill("雑")
    await expect(dialog.locator("[data-field=multi_channels_select] .option")).to_have_text(
        "1 件まで選べます"
    )
    await dialog.locator("[data-field=radio_buttons]").get_by_label("緑").check()
    await expect(dialog.locator("[data-field=multi_channels_select] .options")).to_be_hidden()
    await dialog.locator("[data-field=checkboxes]").get_by_label("赤").check()
    await dialog.locator("[data-field=checkboxes]").get_by_label("青").check()
    await dialog.get_by_label("時刻").fill("09:30")
    await dialog.get_by_label("日時").fill("2026-11-24T10:00")
    await dialog.locator("input[type=file]").set_input_files(
        {"name": "記録.txt", "mimeType": "text/plain", "buffer": b"abc"}
    )
    await expect(dialog.locator(".file-list")).to_contain_text("記録.txt")
    await _says_that_it_sends(window)
    await expect(window.page.locator(".toast.bad")).to_contain_text("入力した内容は残っています")

    view = sandbox.world.people[nagi.id].stack[-1]
    entered = {
        block: _plainly(values) for block, values in state_values(view.body["blocks"], view.entered).items()
    }
    assert entered.pop("file_input")[0]["name"] == "記録.txt"
    rich = entered.pop("rich_text_input")
    assert rich["elements"][0]["elements"][0]["text"] == "一行目\n二行目"
    assert entered == {
        "plain_text_input": "これは十文字より長い",
        "email_text_input": "nagi@example.jp",
        "url_text_input": "https://example.jp/",
        "number_input": "3",
        "static_select": "青",
        "multi_static_select": ["赤", "緑"],
        "users_select": kazuha.id,
        "multi_users_select": [nagi.id, kazuha.id],
        "conversations_select": desk.id,
        "channels_select": desk.id,
        "multi_conversations_select": [side.id, desk.id],
        "multi_channels_select": [desk.id],
        "radio_buttons": "緑",
        "checkboxes": ["赤", "青"],
        "datepicker": "2026-11-24",
        "timepicker": "09:30",
        "datetimepicker": 1795482000,
    }


async def _says_that_it_sends(window: Window) -> None:
    """Send, and see that it is under way; what is sent cannot be changed meanwhile."""
    arrives = asyncio.Event()

    async def held(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    await window.page.route("**/control/act/submit", held)
    await window.presses("送る", window.dialog)
    sending = window.dialog.get_by_role("button", name="送信しています…")
    await expect(sending).to_have_attribute("aria-busy", "true")
    await expect(window.dialog.locator(".modal-body")).to_have_attribute("inert", "")
    arrives.set()
    await expect(sending).to_have_count(0)


async def _corrects(window: Window) -> None:
    """Send mistakes, read what is wrong with them, and enter something better."""
    dialog = window.dialog
    number = dialog.locator("[data-field=number_input] input")
    await dialog.get_by_label("メール").fill("だめ")
    await dialog.get_by_label("アドレス").fill("だめ")
    await number.fill("9")
    await window.presses("送る", dialog)
    said = (
        "メールアドレスの形で入力してください。",
        "https:// から始まるアドレスを入力してください。",
        "5 以下にしてください。",
    )
    await expect(dialog.locator(".wrong:visible")).to_have_text(said)
    await expect(dialog.get_by_label("メール")).to_be_focused()
    await dialog.get_by_label("メール").fill("nagi@example.jp")
    await dialog.get_by_label("アドレス").fill("https://example.jp/")
    await number.fill("3")


def _plainly(values: dict[str, dict[str, Any]]) -> Any:
    """What a field holds; of options their values."""
    (state,) = values.values()
    (value,) = (each for name, each in state.items() if name != "type")
    if isinstance(value, list):
        return [each.get("value", each) if isinstance(each, dict) else each for each in value]
    return value.get("value", value) if isinstance(value, dict) else value


async def test_what_a_message_offers_is_pressed_chosen_and_asked_about(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談")
    nagi = await ws.person("浜野 凪", channels=[desk])
    await nagi.says("図です", desk, files=[{"name": "図.png", "base64": base64.b64encode(DOT).decode()}])
    (number,) = sandbox.world.files
    picture = {"type": "image", "slack_file": {"id": number}, "alt_text": "流れ図"}
    blocks = fit(deepcopy([*SHOWN, *IN_MESSAGES, picture]))
    said = await _call(sandbox, "chat.postMessage", channel=desk.id, text="一式", blocks=json.dumps(blocks))
    window = await windows.open(sandbox, nagi, desk, size=PHONE)
    shown = window.page.locator("article.message").last
    await expect(shown.get_by_role("heading", name="見出し")).to_be_visible()
    await expect(shown.locator("table td")).to_have_text(["い", "3"])
    await expect(shown.get_by_role("img", name="流れ図")).to_have_js_property("naturalWidth", 1)
    await expect(shown.get_by_role("link", name="例")).to_have_attribute("href", "https://example.jp/")
    width = await window.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0], "a phone would have to scroll sideways"

    await _presses_and_chooses(window, shown, ws)
    await until(partial(_pressed_as_often, ws, 6))
    actions = [each["payload"]["actions"][0] for each in await ws.deliveries("block_actions", payloads=True)]
    chosen = [
        (each.get("selected_option") or {}).get("value") or each.get("selected_date") for each in actions
    ]
    assert [(each["action_id"], value) for each, value in zip(actions, chosen, strict=True)] == [
        ("go", None),
        ("drop", None),
        ("pick", "緑"),
        ("day", "2026-12-01"),
        ("more", "二つ目"),
        ("go", None),
    ]
    await _is_found_once_it_is_pinned(sandbox, window, desk, said["ts"])


async def _call(sandbox: Sandbox, method: str, **body: str) -> dict[str, Any]:
    """The app does something."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.api_url}{method}", data={**body, "token": sandbox.bot_token}) as answer,
    ):
        found: dict[str, Any] = await answer.json()
        assert found["ok"], found
        return found


async def _presses_and_chooses(window: Window, shown: Locator, ws: Workspace) -> None:
    """Six times; what is asked about is once not confirmed."""
    await shown.get_by_role("button", name="進む").click()
    await expect(window.page.locator(".toast.bad")).to_contain_text("アプリが動いていません")
    await shown.get_by_role("button", name="消す").click()
    asked = window.page.get_by_role("dialog", name="本当に?")
    await window.page.keyboard.press("Escape")
    await expect(asked).to_have_count(0)
    await expect(shown.get_by_role("button", name="消す")).to_be_focused()
    await shown.get_by_role("button", name="消す").click()
    await asked.get_by_role("button", name="はい").click()
    colour = shown.get_by_label("色を選ぶ")
    await colour.focus()
    await colour.select_option("緑")
    await asked.get_by_role("button", name="いいえ").click()
    await expect(colour).to_have_value("")  # what was not confirmed is not chosen
    await expect(colour).to_be_focused()
    await colour.select_option("緑")
    await asked.get_by_role("button", name="はい").click()
    await shown.get_by_label("日を選ぶ").focus()
    await window.page.keyboard.type("12012026")  # each digit of the year makes another day
    await until(partial(_pressed_as_often, ws, 4))
    await shown.get_by_role("button", name="メニュー").click()
    await window.page.keyboard.press("ArrowDown")
    await window.page.keyboard.press("Enter")
    await shown.get_by_role("button", name="進む").click()


async def _pressed_as_often(ws: Workspace, times: int) -> bool:
    return len(await ws.deliveries("block_actions")) >= times


async def _is_found_once_it_is_pinned(sandbox: Sandbox, window: Window, desk: Channel, ts: str) -> None:
    await window.page.set_viewport_size(
        {"width": DESK[0], "height": DESK[1]}
    )  # on a phone notes stand above it
    pins = window.page.get_by_role("button", name="ピン留め 1 件")
    await expect(pins).to_have_count(0)
    await _call(sandbox, "pins.add", channel=desk.id, timestamp=ts)
    await expect(window.message("見出し")).to_contain_text("ピン留め")
    await pins.click()
    await window.page.get_by_role("menuitem", name="一式").click()
    await expect(window.thread).to_contain_text("見出し")
    await _call(sandbox, "pins.remove", channel=desk.id, timestamp=ts)
    await expect(pins).to_have_count(0)
    await expect(window.message("見出し")).not_to_contain_text("ピン留め")


async def test_dialogs_upon_dialogs(sandbox: Sandbox, ws: Workspace, windows: Windows) -> None:
    desk = await ws.channel("相談")
    nagi = await ws.person("浜野 凪", channels=[desk])
    window = await windows.open(sandbox, nagi, desk)
    await window.composer.focus()
    opens(sandbox, nagi, "下の画面", deepcopy(FIELDS[:2]))
    await window.dialog.get_by_label("一行").fill("残ります")
    view = {"type": "modal", "title": plain("上の画面"), "blocks": deepcopy(SHOWN)}
    push_view(sandbox.world, sandbox.world.people[nagi.id], checked(view, "modal"))
    await expect(window.dialog.get_by_role("heading", name="上の画面")).to_be_visible()
    await window.page.get_by_role("button", name="前の画面に戻る").click()
    await expect(window.dialog.get_by_label("一行")).to_have_value("残ります")
    await window.page.keyboard.press("Escape")
    await expect(window.dialog).to_have_count(0)
    await expect(window.composer).to_be_focused()
