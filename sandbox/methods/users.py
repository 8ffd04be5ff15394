"""users.list, users.info, users.lookupByEmail."""

from __future__ import annotations

from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.state import Json
from sandbox.wire import person_json


def _email(call: Call) -> bool:
    return "users:read.email" in call.world.app.scopes


@method("users.list", "users:read")
def users_list(call: Call) -> Json:
    """List everybody, deactivated people and bots too, but nobody of another organisation (page slack-connect, "Web API":
    users.info describes those not found in users.list)."""
    people = [each for each in call.world.people.values() if not each.external]
    page, following = call.page(people, call.limit(len(people), 1000), "user")
    shown = [person_json(call.world, each, email=_email(call)) for each in page]
    cache = int(call.world.clock.now())
    return {"members": shown, "cache_ts": cache, "response_metadata": {"next_cursor": following}}


@method("users.info", "users:read")
def users_info(call: Call) -> Json:
    """Describe one person."""
    return {"user": person_json(call.world, call.person(), email=_email(call))}


@method("users.lookupByEmail", "users:read.email")
def lookup(call: Call) -> Json:
    """Find a person by their address."""
    email = call.need("email").lower()
    for person in call.world.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": person_json(call.world, person, email=True)}
    raise SlackError("users_not_found")
