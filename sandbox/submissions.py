"""A person fills in a modal and sends or closes it, and what the app's answer does to the stack.

Source: docs.slack.dev/surfaces/modals and reference/interaction-payloads/view-interactions-payload.
"""

from __future__ import annotations

import time
from typing import Any

from sandbox import forms, modals
from sandbox.errors import Refused, SlackError
from sandbox.forms import state_values
from sandbox.interactions import able, act, base, filled, send
from sandbox.modals import checked, view_json
from sandbox.state import Json, Person, View, World
from sandbox.surfaces import Found, Surface


async def submit(world: World, person: Person, values: Json) -> Json:
    """Fill in the modal on top and send it; return the outcome, with `errors` by block_id if it stays open."""
    able(world, person)
    if not person.stack:
        raise Refused("no_view", f"{person.real_name} has no modal open")
    view = person.stack[-1]
    if "submit" not in view.body:
        raise Refused("no_submit", "the modal has no submit button")
    await enter(world, person, view, values, tells=True)
    errors = _objections(view)
    if errors:
        return {"acked": True, "sent": False, "errors": errors, "reason": None}
    payload = base(world, person, "view_submission") | {"team": _sent_from(world, person)}
    payload |= {
        "trigger_id": world.triggers.issue(person.id, view.id),
        "view": view_json(world, view),
        "response_urls": [],
    }
    done = await send(world, person, "interactive", "view_submission", payload)
    if not done["acked"]:
        return done | {"sent": True, "errors": None}
    called = str(view.body.get("callback_id") or "")  # another one, when the answer changes the modal
    done = done | {"sent": True} | await _after(world, person, view, done["answer"])
    if done["acked"] and not done["errors"]:
        world.tally.submitted[called] += 1
    return done


async def enter(world: World, person: Person, view: View, values: Json, *, tells: bool = False) -> None:
    """Fill in fields of a view. What is typed into external selects is sent; with `tells` also what is new in an input that
    tells the app at once."""
    kind = "home" if view is person.home else "view"
    for name, value in values.items():
        block, element = _field(view, name)
        found = Found(Surface(kind, view.body["blocks"], view=view), block, element)
        state = await filled(world, person, found, value)
        entered = view.entered.setdefault(block["block_id"], {})
        if tells and _tells(block, element) and entered.get(element["action_id"]) != state:
            await act(world, person, found, value)
        else:
            entered[element["action_id"]] = state


def _tells(block: Json, element: Json) -> bool:
    """Whether filling in an input tells the app at once: what is typed only if every character does, else Enter would be
    needed (page input-block, `dispatch_action`; page dispatch-action-configuration-object)."""
    config = element.get("dispatch_action_config") or {}
    typed = "on_character_entered" in config.get("trigger_actions_on", [])
    return bool(block.get("dispatch_action")) and (typed or not element["type"].endswith("_input"))


def _sent_from(world: World, person: Person) -> Json:
    """Return the person's own team: only `view.app_installed_team_id` tells where the app is (bolt-js issue 1614)."""
    domain = "elsewhere" if person.external else world.team_domain
    return {"id": person.team_id, "domain": domain}


def _field(view: View, name: str) -> tuple[Json, Json]:
    fields = list(forms.stateful(view.body["blocks"]))
    for block, element in fields:
        if name in (block["block_id"], element["action_id"], forms.label(block)):
            return block, element
    for block, element in fields:
        if name in forms.label(block) or name in forms.label(element):
            return block, element
    raise Refused(
        "no_such_field", name, visible=[forms.label(block) or block["block_id"] for block, _ in fields]
    )


def _objections(view: View) -> dict[str, str]:
    """Return what Slack's client itself objects to, by block_id."""
    errors = {}
    values = state_values(view.body["blocks"], view.entered)
    for block, element in forms.stateful(view.body["blocks"]):
        state = values[block["block_id"]][element["action_id"]]
        if block["type"] != "input":
            continue
        if forms.is_empty(state):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif sentence := forms.objection(element, state):
            errors[block["block_id"]] = sentence
    return errors


async def _after(world: World, person: Person, view: View, answer: Any) -> Json:
    """Do what the answer to a submission asks for."""
    action = answer.get("response_action") if isinstance(answer, dict) else None
    try:
        if action is None:
            if answer:
                raise SlackError("invalid_response")
            if view in person.stack:
                person.stack.remove(view)
                world.views.pop(view.id, None)
        elif action == "errors":
            return {"errors": _field_errors(view, answer.get("errors"))}
        elif action == "clear":
            modals.close_all(world, person)
        elif action == "update":
            modals.replace(world, view, checked(answer.get("view"), "modal"))
        elif action == "push":
            modals.push_view(world, person, checked(answer.get("view"), "modal"))
        else:
            raise SlackError("invalid_response_action")
    except SlackError as error:
        person.seen_errors.append(
            {"name": "view_submission", "reason": error.code, "at": time.time(), **error.fields}
        )
        return {"acked": False, "reason": error.code, "errors": None, **error.fields}
    finally:
        world.touch("view", person.id)
    return {"errors": None}


def _field_errors(view: View, errors: Any) -> Json:
    """Return the app's field errors. Slack's client shows only those that name an input block."""
    known = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise SlackError("invalid_response_errors", errors_given=errors)
    return errors


async def close(world: World, person: Person, *, everything: bool = False) -> list[Json]:
    """Close the modal on top, or all of them; return the outcomes of the notices the app asked for."""
    if not person.stack:
        raise Refused("no_view", f"{person.real_name} has no modal open")
    if everything or person.stack[-1].body.get("clear_on_close"):
        closed, cleared = modals.close_all(world, person), True
    else:
        closed, cleared = [person.stack[-1]], False
        modals.pop(world, person)
    done = []
    for view in closed:
        if view.body.get("notify_on_close"):
            payload = base(world, person, "view_closed") | {
                "team": _sent_from(world, person),
                "view": view_json(world, view),
                "is_cleared": cleared,
            }
            done.append(await send(world, person, "interactive", "view_closed", payload))
    return done
