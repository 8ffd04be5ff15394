"""Block Kit's composition objects: texts, options, confirmations, filters, image sources.

Sources are the pages of docs.slack.dev/reference/block-kit/composition-objects, named at each check. These objects,
texts excepted, have no property `type`; Slack refuses one that has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sandbox.blocks_schema import (
    Check,
    array,
    boolean,
    exactly_one,
    mapping,
    one_of,
    problem,
    string,
    typed,
    url,
)


def plain_text(maximum: int) -> Check:
    """Accept a `plain_text` object of 1 to `maximum` characters (page text-object)."""
    return typed({"plain_text": mapping({"text": string(maximum)}, {"emoji": boolean})})


def any_text(maximum: int) -> Check:
    """Accept a `plain_text` or `mrkdwn` object of 1 to `maximum` characters (page text-object)."""
    return typed(
        {
            "plain_text": mapping({"text": string(maximum)}, {"emoji": boolean}),
            "mrkdwn": mapping({"text": string(maximum)}, {"verbatim": boolean}),
        }
    )


def _option(text: Check, *, links: bool = False) -> Check:
    """Page option-object: text and description 75, value 150, url 3,000 and in overflow menus only."""
    extra = {"url": url()} if links else {}
    return mapping({"text": text, "value": string(150)}, {"description": text, **extra})


PLAIN_OPTION = _option(plain_text(75))
"""An option of a select menu."""
RICH_OPTION = _option(any_text(75))
"""An option of radio buttons or checkboxes, the only ones that may use mrkdwn."""
LINK_OPTION = _option(plain_text(75), links=True)
"""An option of an overflow menu."""

OPTION_GROUP = mapping({"label": plain_text(75), "options": array(PLAIN_OPTION, 100)})
"""Page option-group-object: label 75, 1 to 100 options."""

OFFERED = mapping(
    {},
    {"options": array(PLAIN_OPTION, 100, least=0), "option_groups": array(OPTION_GROUP, 100, least=0)},
    [exactly_one("options", "option_groups")],
)
"""What an app answers to typing in an external select (page select-menu-element, "External data source"): at most 100
options, or as many groups of them."""

CONFIRM = mapping(
    {"title": plain_text(100), "text": plain_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)
"""Page confirmation-dialog-object: title 100, text 300, both buttons 30."""

DISPATCH_ACTION_CONFIG = mapping(
    {}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
"""Page dispatch-action-configuration-object."""


def _not_empty(value: Mapping[str, object], pointer: str) -> Iterator[str]:
    if not value:
        yield problem("must provide at least one of the filter's fields", pointer)


CONVERSATION_FILTER = mapping(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    [_not_empty],
)
"""Page conversation-filter-object: `include` may not be empty, and one field at least is given."""


SLACK_FILE = mapping({}, {"id": string(), "url": url()}, [exactly_one("id", "url")])
"""Page slack-file-object: the address or the id of an image, not both."""

IMAGE_SOURCES: Mapping[str, Check] = {"image_url": url(), "slack_file": SLACK_FILE}
"""The two ways to name an image (pages image-block and image-element: address 3,000, one of the two)."""
