"""A person presses, chooses, types a command, uses a shortcut: the payloads that go out and what comes of them.

Source: docs.slack.dev/reference/interaction-payloads and interactivity/implementing-slash-commands.
"""

from __future__ import annotations

import re
import time
from typing import Any

from sandbox import forms
from sandbox.blocks_objects import OFFERED
from sandbox.courier import Delivery
from sandbox.errors import Refused
from sandbox.files import attach
from sandbox.forms import fill, state_values
from sandbox.modals import view_json
from sandbox.responses import respond
from sandbox.state import Channel, Json, Message, Person, World
from sandbox.surfaces import Found, Surface, may_see
from sandbox.wire import message_json

_EXTERNAL = frozenset({"external_select", "multi_external_select"})
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def base(world: World, person: Person, kind: str) -> Json:
    """Return what every interactive payload carries."""
    return {
        "type": kind,
        "token": world.verification_token,
        "api_app_id": world.app_id,
        "team": {"id": world.team_id, "domain": world.team_domain},
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


async def send(world: World, person: Person, kind: str, name: str, payload: Json) -> Json:
    """Send a command or interaction and return its outcome; a failure is what the person would be shown."""
    parcel = await world.courier.once(kind, name, payload)
    if parcel.outcome != "delivered":
        person.seen_errors.append({"name": name, "reason": parcel.failures[-1], "at": time.time()})
        world.touch("error", person.id)
    return outcome(parcel)


def outcome(parcel: Delivery) -> Json:
    """Return what a test may know of a delivery that happened once."""
    return {
        "acked": parcel.outcome == "delivered",
        "reason": parcel.failures[-1] if parcel.failures else None,
        "ms": round((parcel.acked - parcel.sent) * 1000, 3) if parcel.acked else None,
        "answer": parcel.answer,
    }


def able(world: World, person: Person, *, shortcut: bool = False) -> None:
    """Raise Refused if a person cannot do anything with the app here, or no shortcuts and commands."""
    if world.revoked == "account_inactive":
        raise Refused("app_uninstalled")
    if person.deleted:
        raise Refused("account_inactive", person.real_name)
    if shortcut and person.external:
        raise Refused("external_user", "people of other organisations have no commands and no shortcuts")


async def act(world: World, person: Person, found: Found, chosen: Any = None) -> Json:
    """Press a button, or choose `chosen` in an element that sends what was chosen."""
    able(world, person)
    if not world.app.interactivity:
        raise Refused("interactivity_off", "settings.interactivity.is_enabled is not set")
    surface, element, block = found.surface, found.element, found.block
    entered = _entered(world, person, surface)
    action: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
    if element["type"] == "button":
        action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    elif found.option is not None:
        action["selected_option"] = found.option
    else:
        state = await filled(world, person, found, chosen)
        entered.setdefault(block["block_id"], {})[element["action_id"]] = state
        action |= state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return {"acked": True, "reason": None, "ms": None, "answer": None}
    action["action_ts"] = f"{time.time():.6f}"
    payload = base(world, person, "block_actions") | _place(world, person, surface, entered)
    payload["trigger_id"] = world.triggers.issue(person.id, _modal(surface))
    payload["actions"] = [action]
    return await send(world, person, "interactive", "block_actions", payload)


def _modal(surface: Surface) -> str | None:
    return surface.view.id if surface.kind == "view" and surface.view is not None else None


def _entered(world: World, person: Person, surface: Surface) -> forms.Entered:
    if surface.view is not None:
        return surface.view.entered
    assert surface.message is not None
    return world.entered.setdefault((surface.message.channel, surface.message.ts, person.id), {})


def _place(world: World, person: Person, surface: Surface, entered: forms.Entered) -> Json:
    if surface.view is not None:
        return {
            "container": {"type": "view", "view_id": surface.view.id},
            "view": view_json(world, surface.view),
        }
    message, channel = surface.message, surface.channel
    assert message is not None
    name = _visible_name(channel)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    place: Json = {
        "container": container,
        "channel": {"id": message.channel, "name": name},
        "state": {"values": state_values(surface.blocks, entered)},
        "response_url": world.new_response_url(person.id, message.channel, message),
    }
    if not message.ephemeral:
        place["message"] = message_json(world, message) | {"blocks": surface.blocks}
    return place


def _visible_name(channel: Channel | None) -> str:
    if channel is None:
        return ""
    if channel.im:
        return "directmessage"
    return "privategroup" if channel.private else channel.name


async def command(world: World, person: Person, channel: Channel, name: str, text: str) -> Json:
    """Type a slash command in a channel."""
    able(world, person, shortcut=True)
    if not may_see(channel, person):
        raise Refused("channel_not_found", channel.name)
    known = world.app.commands
    if "commands" not in world.app.scopes or (known is not None and name not in known):
        raise Refused("unknown_command", f"{name} is not a valid command")
    if name in world.commands_of_others:
        # Page implementing-slash-commands: commands have no namespace; the app that was installed last has it.
        raise Refused("another_apps_command", f"{name} went to another app")
    if known is not None and not known[name].get("should_escape"):
        text = _MENTION.sub(lambda m: f"@{world.people[m[1]].name}" if m[1] in world.people else m[0], text)
    payload = {
        "token": world.verification_token,
        "team_id": world.team_id,
        "team_domain": world.team_domain,
        "channel_id": channel.id,
        "channel_name": _visible_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": world.new_response_url(person.id, channel.id, None),
        "trigger_id": world.triggers.issue(person.id),
    }
    done = await send(world, person, "slash_commands", name, payload)
    answer = done["answer"]
    if isinstance(answer, dict) and (answer.get("text") or answer.get("blocks")):
        error = respond(world, person, channel, answer, None)
        if error:
            person.seen_errors.append({"name": name, "reason": error, "at": time.time()})
    return done


async def shortcut(
    world: World, person: Person, callback_id: str, channel: Channel | None, message: Message | None
) -> Json:
    """Use a global shortcut, or one on a message."""
    able(world, person, shortcut=True)
    kind = "message" if message is not None else "global"
    known = world.app.shortcuts
    if known is not None and known.get(callback_id) != kind:
        raise Refused("unknown_shortcut", f"no {kind} shortcut {callback_id}")
    if message is None and person.guest:
        raise Refused("guest", "guests see no global shortcuts")
    payload = base(world, person, "shortcut" if message is None else "message_action")
    payload |= {
        "callback_id": callback_id,
        "trigger_id": world.triggers.issue(person.id),
        "action_ts": f"{time.time():.6f}",
    }
    if message is not None and channel is not None:
        if message.ephemeral or message.ts not in channel.messages:
            raise Refused("message_not_found", "message shortcuts work on messages that stay")
        if not may_see(channel, person):
            raise Refused("channel_not_found", channel.name)
        payload |= {
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": _visible_name(channel)},
            "message": message_json(world, message),
            "response_url": world.new_response_url(person.id, channel.id, message),
        }
    return await send(world, person, "interactive", payload["type"], payload)


async def filled(world: World, person: Person, found: Found, value: Any) -> Json:
    """Return the state of an element in which a person entered `value`; words for an external select are typed into it."""
    if found.element["type"] == "file_input":
        given = value if isinstance(value, list | tuple) else [value] if value else []
        value = [each if "id" in each else attach(world, person.id, each) for each in given]
    if found.element["type"] not in _EXTERNAL or value in (None, "", []):
        return fill(world, found.element, value)
    many = found.element["type"].startswith("multi_")
    chosen = []
    for each in value if many and isinstance(value, list) else [value]:
        offered = [each] if isinstance(each, dict) else await suggest(world, person, found, str(each))
        chosen.append(forms.choice(offered, each))
    return fill(world, found.element, chosen if many else chosen[0])


async def suggest(world: World, person: Person, found: Found, typed: str) -> list[Json]:
    """Type into an external select; return the options the app offers.

    What comes after three seconds, or more than 100 options, is "no result" to the person, without a word to the app
    (java-slack-sdk issue 1204, bolt-js issue 1630).
    """
    element = found.element
    if element["type"] not in _EXTERNAL:
        raise Refused("not_external", element["type"])
    if len(typed) < element.get("min_query_length", 3):
        raise Refused("too_short", f"at least {element.get('min_query_length', 3)} characters")
    payload = base(world, person, "block_suggestion")
    payload |= _place(world, person, found.surface, _entered(world, person, found.surface))
    payload.pop("response_url", None)
    payload |= {"action_id": element["action_id"], "block_id": found.block["block_id"], "value": typed}
    done = await send(world, person, "interactive", "block_suggestion", payload)
    answer = done["answer"] if done["acked"] else {}
    faults = list(OFFERED(answer, "")) if done["acked"] else []
    if faults:
        person.seen_errors.append({"name": "block_suggestion", "reason": faults[0], "at": time.time()})
        world.touch("error", person.id)
    return [] if faults else forms.options(answer)
