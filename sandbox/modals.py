"""The stack of modals each person has open, and the home tabs.

Source: docs.slack.dev/surfaces/modals (at most 3 views on the stack; hash).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sandbox.calls import invalid, marked
from sandbox.errors import SlackError
from sandbox.forms import state_values
from sandbox.messages import name_parts
from sandbox.state import Json, Person, View, World
from sandbox.views_check import check_view

MOST_VIEWS = 3


def checked(view: object, kind: str) -> Json:
    """Return a view the app sent if Slack would take it. Raises SlackError."""
    problems = check_view(view)
    if isinstance(view, dict) and not problems and view.get("type") != kind:
        problems = [f"the view must be of type {kind} [json-pointer:/view/type]"]
    if problems:
        too_large = any("view_too_large:" in each for each in problems)
        code = "view_too_large" if too_large else "invalid_arguments"
        raise SlackError(code, response_metadata={"messages": marked(problems)})
    assert isinstance(view, dict)
    return view


def open_view(world: World, person: Person, body: Json) -> View:
    """Open a modal; it takes the place of whatever is open."""
    _unique(world, body)
    close_all(world, person)
    view = _new(world, person, body)
    person.stack.append(view)
    world.touch("view", person.id)
    return view


def push_view(world: World, person: Person, body: Json) -> View:
    """Put a modal on top of the open one."""
    if not person.stack:
        raise SlackError("not_found")
    if len(person.stack) >= MOST_VIEWS:
        raise SlackError("push_limit_reached")
    _unique(world, body)
    view = _new(world, person, body)
    view.root, view.previous = person.stack[0].id, person.stack[-1].id
    person.stack.append(view)
    world.touch("view", person.id)
    return view


def replace(world: World, view: View, body: Json) -> View:
    """Give a view new content; what its person has entered stays where the ids are the same."""
    _unique(world, body, but=view.id)
    view.body = _named(world, body)
    view.hash = _hash(world)
    world.touch("view", view.owner)
    return view


def publish_home(world: World, person: Person, body: Json, known_hash: str | None) -> View:
    """Set a person's home tab."""
    if person.home is None:
        person.home = _new(world, person, body)
    else:
        if known_hash and known_hash != person.home.hash:
            raise SlackError("hash_conflict")
        replace(world, person.home, body)
    world.touch("view", person.id)
    return person.home


def pop(world: World, person: Person) -> None:
    """Close the view on top."""
    if person.stack:
        world.views.pop(person.stack.pop().id, None)
        world.touch("view", person.id)


def close_all(world: World, person: Person) -> list[View]:
    """Close every view a person has open; return them, the top first."""
    closed = person.stack[::-1]
    for view in closed:
        world.views.pop(view.id, None)
    person.stack.clear()
    world.touch("view", person.id)
    return closed


def find(world: World, view_id: str | None, external_id: str | None) -> View:
    """Return an open view by either id. Raises not_found."""
    if view_id and view_id in world.views:
        return world.views[view_id]
    if external_id:
        for view in world.views.values():
            if view.body.get("external_id") == external_id:
                return view
    if not view_id and not external_id:
        raise invalid("either view_id or external_id is required", "/view_id")
    raise SlackError("not_found")


def view_json(world: World, view: View) -> Json:
    """Return a view as Slack shows it in answers and payloads."""
    body = view.body
    shown: Json = {
        "id": view.id,
        "team_id": world.team_id,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": state_values(body["blocks"], view.entered)},
        "hash": view.hash,
        "title": body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": world.app_id,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }
    return shown


def _new(world: World, person: Person, body: Json) -> View:
    number = world.new_id("V")
    view = View(number, _named(world, body), _hash(world), person.id, number)
    world.views[number] = view
    return view


def _named(world: World, body: Json) -> Json:
    name_parts(world, body["blocks"])
    return body


def _hash(world: World) -> str:
    return f"{int(world.clock.now())}.{secrets.token_hex(4)}"


def _unique(world: World, body: Mapping[str, object], but: str = "") -> None:
    external = body.get("external_id")
    if external and any(v.body.get("external_id") == external and v.id != but for v in world.views.values()):
        raise SlackError("duplicate_external_id")
