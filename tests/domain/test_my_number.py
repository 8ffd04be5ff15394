"""マイナンバー in what people typed: found whatever stands between the digits; what is something else stays."""

from __future__ import annotations

import ipaddress
import random
import string
import time
import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.my_number import MASK, find, is_corporate_number, is_my_number, mask, mask_across

SAMPLE = "123456789018"
"""The public example with a right check digit."""

FORMS = {
    "plain": SAMPLE,
    "spaces": "1234 5678 9018",
    "wide spaces": "1234　5678　9018",
    "many spaces": "1234      5678      9018",
    "hyphens": "1234-5678-9018",
    "spaced hyphens": "1234 - 5678 - 9018",
    "en dashes": "1234–5678—9018",
    "minus": "1234−5678−9018",
    "long vowels": "1234ー5678ｰ9018",
    "wide": "１２３４５６７８９０１８",
    "wide with wide hyphens": "１２３４－５６７８－９０１８",
    "circled": "①②③④⑤⑥⑦⑧⑨⓪①⑧",
    "arabic": "".join(chr(0x660 + int(c)) for c in SAMPLE),
    "middle dots": "1234・5678·9018",
    "dots": "123.456.789.018",
    "wide dots": "1234．5678。9018",
    "commas": "123,456,789,018",
    "wide commas": "1234、5678，9018",
    "one by one": "1 2 3 4 5 6 7 8 9 0 1 8",
    "line breaks": "1234\n5678\r\n9018",
    "a list": "・1234\n・5678\n・9018",
    "a quotation": "&gt; 1234\n&gt; 5678\n&gt; 9018",
    "zero width": "12\u200b34\u2060567\ufeff8\u00ad9018",
    "direction marks": "\u202a1234\u202c5678\u200e9018",
    "slashes": "1234/5678/9018",
    "brackets": "(1234)(5678)(9018)",
    "colons": "12:34:56:78:90:18",
    "underlines": "1234_5678_9018",
    "bold": "*1234*5678*9018*",
    "bold parts": "*1234* _5678_ ~9018~",
    "code": "`1234`-`5678`-`9018`",
    "a block of code": "```1234 5678 9018```",
    "the voice's の": "1234の5678の9018",
    "a telephone link": "<tel:123456789018|123456789018>",
    "a telephone link with hyphens": "<tel:123456789018|1234-5678-9018>",
    "a part in a telephone link": "1234-<tel:56789018|5678-9018>",
    "a first part in a link": "<tel:12345678|1234-5678> 9018",
    "in an address": "<https://example.com/?q=123456789018|見る>",
    "in a bare address": "<https://example.com/123456789018>",
    "in a label": "<https://example.com|1234-5678-9018>",
    "a link in the middle": "1234<https://example.com|5678>9018",
    "in a mail link": "<mailto:123456789018@example.com|メール>",
    "ampersands": "1234&amp;5678&amp;9018",
    "emoji": "1234:heavy_minus_sign:5678:minus:9018",
    "plain emoji": "1234➖5678➖9018",
    "keycaps": "".join(f"{c}\ufe0f\u20e3" for c in SAMPLE),
    "as if markup": "<1234|5678-9018>",
    "a name before": "マイナンバー:123456789018です",
    "letters before": "ID123456789018",
    "another number before": "No.12 123456789018",
    "a number before": "2026 1234 5678 9018",
    "a number behind": "1234 5678 9018 12",
    "a date before": "2026-11-24 123456789018",
    "a file": "通知カード_1234_5678_9018.pdf",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("around", ["{}", "住民の番号は{}です。", "{}\nよろしくお願いします"])
def test_it_is_found_however_it_is_written(text: str, around: str) -> None:
    masked, count = mask(around.format(text))
    assert count >= 1
    assert MASK in masked
    assert "9018" not in _digits(masked)
    assert mask(masked) == (masked, 0)


OTHERS = {
    "wrong check digit": "123456789019",
    "corporate": "2000012020001",
    "corporate with hyphens": "2-0000-1202-0001",
    "corporate with hyphens, whose rest is right": "1-1234-5678-9018",
    "an invoice's": "T1123456789018",
    "an invoice's with spaces": "T1 1234 5678 9018",
    "within a longer one": "1234567890180",
    "within a much longer one": "55123456789018000",
    "eleven digits": "12345678901",
    "letters between": "1234abcd5678efgh9018",
    "words between": "1234円と5678円と9018円",
    "a person's id": "<@U123456789018>",
    "a channel": "<#C123456789018|相談>",
    "a time stamp": "1234567890.180000",
    "a channel and a stamp": "C0ABCDEF12:1234567890.180000",
    "amounts": "令和8年度予算 12,345,678円",
    "codes": "団体コード 432024 / 文書番号 情第123号",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_something_else_stays(text: str) -> None:
    assert mask(text) == (text, 0)


def test_a_number_in_a_link_leaves_the_link_whole() -> None:
    assert mask(FORMS["in an address"])[0] == f"<https://example.com/?q={MASK}|見る>"
    assert mask("電話 1234-<tel:56789018|5678-9018>へ")[0] == f"電話 {MASK}へ"


def test_two_numbers_are_two() -> None:
    assert mask("123456789018 と 1234-5678-9018") == (f"{MASK} と {MASK}", 2)


def test_a_number_sent_line_by_line_goes_from_every_line() -> None:
    assert mask_across(["番号は1234", "5678", "9018です"]) == [f"番号は{MASK}", MASK, f"{MASK}です"]
    assert mask_across(["番号は", "1234", "円です"]) == ["番号は", "1234", "円です"]


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        (SAMPLE, True),
        ("123456789019", False),
        ("000000000000", True),
        ("1234", False),
        ("2000012020001", False),
    ],
)
def test_the_check_digit_of_a_person(digits: str, right: bool) -> None:
    assert is_my_number(digits) is right


@pytest.mark.parametrize(
    ("digits", "right"), [("2000012020001", True), ("3000012020001", False), ("000012020001", False)]
)
def test_the_check_digit_of_a_body(digits: str, right: bool) -> None:
    assert is_corporate_number(digits) is right


def test_a_flood_of_digits_comes_to_an_end() -> None:
    started = time.process_time()
    for flood in ("1 ", "0-", "1:", "<tel:1|2>", ":a1", "1234 5678 9018 ", "20.", "+81 "):
        mask(flood * (40_000 // len(flood)))
    assert time.process_time() - started < 10


# --- properties -----------------------------------------------------------------------------------------------------


def _digits(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdecimal())


def _right(first: str) -> str:
    return next(first + d for d in string.digits if is_my_number(first + d))


numbers = st.text(string.digits, min_size=11, max_size=11).map(_right)
separators = st.text(
    st.one_of(
        st.sampled_from(
            " 　\t\n-‐‑‒–—―−－ーｰ・･·.．。,，、/:;|_*`~'\"()「」[]\u200b\u200c\u200d\u2060\ufeff\u00ad"
        ),
        st.characters(categories=["P", "S", "Z", "Cf"], exclude_characters="<>&@#!+:"),
    ),
    max_size=4,
)
widths = st.sampled_from([0, 0xFEE0, 0x630])  # half, full, Arabic
words = st.sampled_from(["", "番号は", "です。", "個人番号:", "\n", "(本人)", "ID "])


def _written(number: str, cuts: Iterable[int], gap: str, width: int) -> str:
    ends = sorted({0, 12, *cuts})
    groups = [number[a:b] for a, b in pairwise(ends)]
    return gap.join("".join(chr(ord(c) + width) for c in group) for group in groups)


def _network_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@given(numbers, st.sets(st.integers(1, 11)), separators, widths, words, words)
def test_any_number_cut_anywhere_is_found(
    number: str, cuts: set[int], gap: str, width: int, before: str, after: str
) -> None:
    written = _written(number, cuts, gap, width)
    assume(not _network_address(written))
    masked, count = mask(before + written + after)
    assert count == 1
    assert _digits(masked) == ""


@given(numbers, separators, separators, widths)
def test_groups_of_four_are_found_between_different_signs(
    number: str, one: str, two: str, width: int
) -> None:
    a, b, c = (_written(number[at : at + 4], (), "", width) for at in (0, 4, 8))
    assert _digits(mask(f"{a}{one}{b}{two}{c}")[0]) == ""


@given(numbers, st.text(string.digits, min_size=1), st.booleans())
def test_nothing_is_found_in_a_longer_number(number: str, more: str, before: bool) -> None:
    assert find(more + number if before else number + more) == []


@given(st.text() | st.text(st.sampled_from("0123456789 -.:/<>|tel@#&;のー\u200b\n(")))
def test_masking_again_changes_nothing_and_never_breaks(text: str) -> None:
    masked, count = mask(text)
    assert mask(masked) == (masked, 0)
    assert (count == 0) == (masked == text)


@given(st.lists(st.text(st.sampled_from("0123456789- 番")), max_size=5))
def test_masking_across_messages_leaves_nothing_in_any_order_of_lines(texts: list[str]) -> None:
    masked = mask_across(texts)
    assert len(masked) == len(texts)
    assert find("\n".join(masked)) == []


def _moments(chance: random.Random) -> str:
    year, month, day = chance.randint(1950, 2060), chance.randint(1, 12), chance.randint(1, 28)
    hour, minute, second = chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59)
    return chance.choice(
        [
            f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}",
            f"{year}/{month}/{day} {hour:02}:{minute:02}",
            f"{year}.{month:02}.{day:02} {hour:02}:{minute:02}〜{(hour + 1) % 24:02}:{minute:02}",
            f"{month}/{day} {hour}:{minute:02}-{hour}:{minute:02}",
            f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.123456+00:00",
            f"{year}{month:02}{day:02}_{hour:02}{minute:02}",
            f"{year}年{month}月{day}日 {hour}時{minute}分",
        ]
    )


def _telephones(chance: random.Random) -> str:
    mobile = f"0{chance.choice('789')}0-{chance.randint(0, 9999):04}-{chance.randint(0, 9999):04}"
    town = f"0{chance.randint(100, 999)}-{chance.randint(10, 99)}-{chance.randint(0, 9999):04}"
    return chance.choice([mobile, town, f"{town}\n{mobile}", f"+81 {mobile[1:]}", mobile.replace("-", "", 2)])


def _addresses(chance: random.Random) -> str:
    return " ".join(".".join(str(chance.randint(0, 255)) for _ in range(4)) for _ in range(2))


def _slack(chance: random.Random) -> str:
    stamp = f"{chance.randint(10**9, 2 * 10**9)}.{chance.randint(0, 999999):06}"
    channel = "C" + "".join(chance.choices(string.ascii_uppercase + string.digits, k=10))
    return chance.choice(
        [stamp, f"{channel}:{stamp}", f"https://x.slack.com/archives/{channel}/p{stamp[:10]}{stamp[11:]}"]
    )


def _bodies(chance: random.Random) -> str:
    rest = f"{chance.randint(0, 10**12 - 1):012}"
    whole = next(d + rest for d in "123456789" if is_corporate_number(d + rest))
    split = "-".join((whole[0], whole[1:5], whole[5:9], whole[9:]))
    return chance.choice([whole, f"T{whole}", split, f"T{split}"])


@pytest.mark.parametrize("kind", [_moments, _telephones, _addresses, _slack, _bodies])
def test_what_has_a_shape_of_its_own_is_never_taken_for_one(kind: Callable[[random.Random], str]) -> None:
    chance = random.Random(20261124)
    taken = [text for text in (kind(chance) for _ in range(3000)) if find(text)]
    assert taken == []


def test_of_other_twelve_digits_one_in_eleven_is_taken() -> None:
    """The documented price: orders, meters, accounts. More than that would be a mistake of ours."""
    chance = random.Random(20261124)
    texts = [f"注文番号 {chance.randint(0, 10**12 - 1):012}" for _ in range(11_000)]
    assert 900 < sum(bool(find(text)) for text in texts) < 1_250
