"""What never reaches a log: tokens, secrets, personal numbers, however deep they sit."""

from __future__ import annotations

import json
import string
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.my_number import is_my_number
from bot.masking import mask, mask_secrets

SECRETS = {
    "a bot token": "xoxb-0000000000-1111111111111-AbCdEfGhIjKlMnOpQrStUvWx",
    "a user token": "xoxp-0000000000-1111111111-2222222222-abcdef",
    "an app token": "xapp-1-A0000000000-1111111111111-" + "0a" * 32,
    "a rotating token": "xoxe.xoxb-1-Mi0xLTAwMDAwMDAwMDAtMTExMTExMTEx",
    "a refresh token": "xoxe-1-My0xLTAwMDAwMDAwMDAtMTExMTExMTEx",
    "a workflow token": "xwfp-0000000000-abcdef",
    "a signing secret": "8f742231b10e8888abcd99yyyzzz85a5".replace("y", "e").replace("z", "c"),
    "a request signature": "v0=" + "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    "a trigger id": "13345224609.738474920.8088930838d88f008e0c0a1b2c3d4e5f",
    "a response url": "https://hooks.slack.com/actions/T0000/1111/abcdefgh",
    "a calendar's address": "/calendar/" + "Ab_-" * 13 + "xyz",
    "a workflow url": "https://hooks.slack.com/workflows/T0000/A1/2/abc",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize(
    "around", ["{}", "before {} after", "({})", '"{}"', "前{}後", "x={}&y=1", "<{}|link>"]
)
def test_a_secret_is_taken_out_of_any_text(secret: str, around: str) -> None:
    assert secret not in mask(around.format(secret))
    assert secret not in mask_secrets(around.format(secret))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "postgresql+psycopg://banso:p@ss:w/rd@db.example:5432/banso",
            "postgresql+psycopg://banso:[secret]@db.example:5432/banso",
        ),
        ("http://user:pw@proxy.example:8080 refused", "http://user:[secret]@proxy.example:8080 refused"),
        ("wss://wss.slack.com/link/?ticket=12-34&app_id=5", "wss://wss.slack.com/link/?[secret]"),
        ("Authorization: Bearer abc.def", "Authorization: [secret]"),
        ("Proxy-Authorization: Basic dTpw", "Proxy-Authorization: [secret]"),
        ("{'Authorization': 'Bearer abc'}", "{'Authorization': '[secret]'}"),
        ('{"password": "a\\"b", "n": 1}', '{"password": "[secret]"b", "n": 1}'),
        ("POST /x?token=abc&n=1", "POST /x?token=[secret]&n=1"),
        ("host=db password=hunter2 user=banso", "host=db password=[secret] user=banso"),
        (
            "[SQL: INSERT]\n[parameters: ('住民の名前',)]\n(Background",
            "[SQL: INSERT]\n[parameters left out]\n(Background",
        ),
    ],
)
def test_only_the_secret_part_goes_and_the_rest_stays_readable(text: str, kept: str) -> None:
    assert mask(text) == kept


@pytest.mark.parametrize(
    "key",
    ["token", "bot_token", "SLACK_SIGNING_SECRET", "Authorization", "X-Slack-Signature", "password", "api-key", "apiKey",
     "response_url", "trigger_id", "Cookie", "response_urls"],
)  # fmt: skip
def test_whatever_sits_under_a_secrets_name_goes(key: str) -> None:
    assert mask({"payload": [{key: "harmless looking"}]}) == {"payload": [{key: "[secret]"}]}


@pytest.mark.parametrize(
    "text",
    [
        "123456789018", "1234 5678 9018", "1234-5678-9018", "１２３４５６７８９０１８", "1234ー5678ー9018",
        "個人番号は123456789018です", "No.12 123456789018",
    ],
)  # fmt: skip
def test_a_my_number_goes_however_it_is_written(text: str) -> None:
    assert "[my number]" in mask(text)
    assert not any(is_my_number(run) for run in ("".join(c for c in mask(text) if c.isdecimal()),))


@pytest.mark.parametrize(
    "text",
    ["090-0000-0000", "(0000)00-0000", "0000-00-0000", "03(0000)0000", "09000000000", "0000000000", "090 0000 0000",
     "０９０－００００－００００", "+81-90-0000-0000", "+819000000000", "(03)0000-0000"],
)  # fmt: skip
def test_a_telephone_number_goes_however_it_is_written(text: str) -> None:
    assert mask(f"電話は{text}です") == "電話は[phone]です"


@pytest.mark.parametrize(
    "text",
    [
        "taro.yamada@example.com",
        "joho@town.example.lg.jp",
        "a+b@x.example",
        "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    ],
)
def test_an_address_goes_official_ones_too(text: str) -> None:
    assert mask(f"宛先は{text}まで") == "宛先は[e-mail]まで"


@pytest.mark.parametrize("text", ["普通 1234567 ヤマダ タロウ", "記号 12345 番号 12345671", "当座:1234567"])
def test_a_bank_account_goes(text: str) -> None:
    assert "[account]" in mask(text)
    assert "123456" not in mask(text)


@pytest.mark.parametrize(
    "text",
    ["123456789019", "2000012020001", "内線 1234", "令和8年度予算 12,345,678円", "団体コード 432024 / 文書番号 情第123号",
     "1700000000.123456", "C0000000000", "2026-11-24T10:00:00Z", "2026-01-02 03:04:05", "B7K2-M4", "the token: invalid_auth",
     "sqlite:///var/banso.sqlite3", "https://slack.com/api/chat.postMessage", "0.123456789012",
     "8b9cad0e-1f20-2212-b15f-1a0d9e8c7b6a", "<@U0000000001> さん"],
)  # fmt: skip
def test_what_operators_need_stays(text: str) -> None:
    assert mask(text) == text


def test_our_own_ids_stay_although_they_look_like_signing_secrets() -> None:
    assert mask({"uid": "ab" * 16}) == {"uid": "ab" * 16}
    assert mask({"uid": "no id: " + "ab" * 16}) != {"uid": "no id: " + "ab" * 16}


def test_a_my_number_goes_even_as_a_number() -> None:
    assert mask({"n": [123456789018, 128, 1.5, True, None]}) == {"n": ["[my number]", 128, 1.5, True, None]}


def test_objects_bytes_and_dates_come_out_as_text() -> None:
    @dataclass
    class Row:
        token: str

    class Silent:
        def __repr__(self) -> str:
            raise RuntimeError("xoxb-1-2")

    masked = mask(
        [Row("xoxb-1-2-3"), b"xapp-1-2", datetime(2026, 11, 24, tzinfo=UTC), Silent(), {1: {"xoxb-1-2"}}]
    )
    assert "xox" not in json.dumps(masked)
    assert masked[2] == "2026-11-24T00:00:00+00:00"
    assert masked[3] == "[Silent without a repr: RuntimeError]"


def test_a_structure_that_contains_itself_comes_to_an_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "too deep" in json.dumps(mask(endless))


def test_a_very_long_text_is_cut_after_it_was_masked() -> None:
    masked = mask("あ" * 7_995 + "xoxb-1111111111-2222" + "い" * 100)
    assert "xox" not in masked
    assert masked.endswith("more characters]")


def test_what_people_wrote_stays_where_only_secrets_must_go() -> None:
    assert mask_secrets({"text": "090-0000-0000へ", "token": "t"}) == {
        "text": "090-0000-0000へ",
        "token": "[secret]",
    }


@pytest.mark.parametrize(
    ("digits", "valid"), [("123456789018", True), ("123456789019", False), ("1234", False)]
)
def test_the_check_digit_decides_what_is_a_my_number(digits: str, valid: bool) -> None:
    assert is_my_number(digits) is valid


BODIES = st.text(string.ascii_letters + string.digits + "-", min_size=8, max_size=40).filter(
    lambda b: b.strip("-")
)
TOKENS = st.builds(
    lambda prefix, body: f"{prefix}-{body}",
    st.sampled_from(["xoxb", "xoxp", "xoxa", "xoxr", "xoxs", "xoxe", "xoxe.xoxp", "xoxe.xoxb", "xapp"]),
    BODIES,
)
NESTS = st.recursive(
    st.just("token"),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.text(), inner, min_size=1, max_size=2)
    ),
    max_leaves=5,
)


@given(token=TOKENS, before=st.text(), after=st.text(), nest=NESTS)
def test_no_token_shape_survives_anywhere(token: str, before: str, after: str, nest: Any) -> None:
    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {key + token: fill(inner) for key, inner in value.items()}
        return [fill(v) for v in value] if isinstance(value, list) else before + token + after

    written = json.dumps(mask(fill(nest)), ensure_ascii=False)
    assert token not in written
    body = token.split("-", 1)[1]
    assert body not in written or body in before + after + json.dumps(nest)


@given(st.text(string.digits, min_size=11, max_size=11), st.sampled_from(["", " ", "-", "－", "　"]))
def test_every_valid_my_number_goes(first: str, gap: str) -> None:
    number = next(first + d for d in string.digits if is_my_number(first + d))
    written = gap.join([number[:4], number[4:8], number[8:]])
    assert written not in mask(f"番号{written}。")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.binary() | st.integers(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_anything_can_be_masked_and_written_as_json(value: Any) -> None:
    json.dumps(mask(value))
