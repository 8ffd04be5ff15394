"""Small checks from which the Block Kit rules are put together.

A check takes a value out of decoded JSON and the JSON pointer where it stands, and yields one sentence for every
fault, worded as Slack words it ("must be less than 3001 characters [json-pointer:/blocks/0/text/text]").
No check raises, whatever it is given. Only general shapes belong here; what a block or an element is belongs
to the modules `blocks_*` that use it.

Lengths are counted in Unicode code points, which Slack does not specify.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias, cast

Check: TypeAlias = Callable[[object, str], Iterator[str]]
Rule: TypeAlias = Callable[[Mapping[str, object], str], Iterator[str]]
"""A rule over a whole object; it runs only when every property of that object has passed its own check."""


def problem(sentence: str, pointer: str) -> str:
    """Return one fault as Slack words it: the sentence, then where."""
    return f"{sentence} [json-pointer:{pointer}]"


def child(pointer: str, key: object) -> str:
    """Return the pointer of a member (RFC 6901: `~` and `/` in names are escaped)."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def string(maximum: int | None = None, minimum: int = 1) -> Check:
    """Accept a string of `minimum` to `maximum` characters."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif len(value) < minimum:
            yield problem(f"must be more than {minimum - 1} characters", pointer)
        elif maximum is not None and len(value) > maximum:
            yield problem(f"must be less than {maximum + 1} characters", pointer)

    return check


def readable(reads: Callable[[str], bool], wanted: str, maximum: int | None = None) -> Check:
    """Accept a string for which `reads` holds; `wanted` says in words what it should have been."""
    length = string(maximum)

    def check(value: object, pointer: str) -> Iterator[str]:
        faults = list(length(value, pointer))
        yield from faults
        if not faults and not reads(cast(str, value)):
            yield problem(f"must be {wanted}", pointer)

    return check


def url(maximum: int = 3000, schemes: tuple[str, ...] = ("http://", "https://")) -> Check:
    """Accept an address of one of the schemes."""
    return readable(lambda text: text.startswith(schemes), "a valid URL", maximum)


def one_of(*choices: str) -> Check:
    """Accept one of these strings."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if value not in choices:
            yield problem(f"must be one of: {', '.join(choices)}", pointer)

    return check


def boolean(value: object, pointer: str) -> Iterator[str]:
    """Accept true or false."""
    if not isinstance(value, bool):
        yield problem("must provide a boolean", pointer)


def integer(least: int, most: int | None = None) -> Check:
    """Accept a whole number from `least` to `most`, both included."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must provide an integer", pointer)
        elif value < least:
            yield problem(f"must be at least {least}", pointer)
        elif most is not None and value > most:
            yield problem(f"must be at most {most}", pointer)

    return check


def array(item: Check, most: int | None = None, least: int = 1) -> Check:
    """Accept a list of `least` to `most` items that all pass `item`."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", pointer)
            return
        if len(value) < least:
            yield problem(f"must provide at least {least} items", pointer)
        if most is not None and len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        for index, each in enumerate(value):
            yield from item(each, child(pointer, index))

    return check


def mapping(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    rules: Iterable[Rule] = (),
) -> Check:
    """Accept an object with all required properties and no unknown ones."""
    known = {**required, **(optional or {})}
    rules = tuple(rules)

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        faults = [
            *(problem(f"missing required field: {name}", pointer) for name in required if name not in value),
            *(
                problem(f"invalid additional property: {name}", pointer)
                for name in value
                if name not in known
            ),
        ]
        for name, member in value.items():
            if name in known:
                faults += known[name](member, child(pointer, name))
        yield from faults
        if not faults:
            for rule in rules:
                yield from rule(value, pointer)

    return check


def typed(variants: Mapping[str, Check]) -> Check:
    """Accept an object whose `type` is one of `variants` and whose other properties pass that variant's check."""

    def check(value: object, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
        elif "type" not in value:
            yield problem("missing required field: type", pointer)
        elif not isinstance(value["type"], str):
            yield problem("must provide a string", child(pointer, "type"))
        elif value["type"] not in variants:
            yield problem(f"unsupported type: {value['type']}", child(pointer, "type"))
        else:
            rest = {name: member for name, member in value.items() if name != "type"}
            yield from variants[value["type"]](rest, pointer)

    return check


def at_least_one(*names: str) -> Rule:
    """Demand one of these properties or more."""

    def rule(value: Mapping[str, object], pointer: str) -> Iterator[str]:
        if not any(name in value for name in names):
            yield problem(f"must define either {' or '.join(f'`{name}`' for name in names)}", pointer)

    return rule


def exactly_one(first: str, second: str) -> Rule:
    """Demand one of two properties and forbid both together."""
    some = at_least_one(first, second)

    def rule(value: Mapping[str, object], pointer: str) -> Iterator[str]:
        yield from some(value, pointer)
        if first in value and second in value:
            yield problem(f"must not define both `{first}` and `{second}`", pointer)

    return rule
