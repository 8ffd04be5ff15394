"""views.open, push, update and publish."""

from __future__ import annotations

from sandbox import modals
from sandbox.calls import Call, invalid, method
from sandbox.errors import SlackError
from sandbox.modals import checked, view_json
from sandbox.state import Json, Person
from sandbox.triggers import Trigger


def _body(call: Call, kind: str) -> Json:
    try:
        view = call.decoded("view")
    except ValueError:
        view = None
    if view is None:
        raise invalid("missing required field: view", "/view")
    return checked(view, kind)


def _trigger(call: Call) -> tuple[Trigger, Person]:
    trigger = call.world.triggers.take(call.need("trigger_id"))
    return trigger, call.world.people[trigger.user]


@method("views.open")
def views_open(call: Call) -> Json:
    """Open a modal for the person who caused the trigger."""
    body = _body(call, "modal")
    _, person = _trigger(call)
    return {"view": view_json(call.world, modals.open_view(call.world, person, body))}


@method("views.push")
def push(call: Call) -> Json:
    """Put a modal on top of the one the trigger came from."""
    body = _body(call, "modal")
    trigger, person = _trigger(call)
    if trigger.inside is None:
        raise SlackError("not_found")
    return {"view": view_json(call.world, modals.push_view(call.world, person, body))}


@method("views.update")
def update(call: Call) -> Json:
    """Give an open modal new content."""
    body = _body(call, "modal")
    view = modals.find(call.world, call.text("view_id"), call.text("external_id"))
    known = call.text("hash")
    if known and known != view.hash:
        raise SlackError("hash_conflict")
    return {"view": view_json(call.world, modals.replace(call.world, view, body))}


@method("views.publish")
def publish(call: Call) -> Json:
    """Set a person's home tab."""
    person = call.world.people.get(call.need("user_id"))
    body = _body(call, "home")
    if not call.world.app.home_tab:
        raise SlackError("not_enabled")
    if person is None or person.bot:
        raise invalid("must be the id of a user", "/user_id")
    view = modals.publish_home(call.world, person, body, call.text("hash"))
    return {"view": view_json(call.world, view)}
