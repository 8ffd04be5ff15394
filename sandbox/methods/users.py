"""users.list, info, lookupByEmail, getPresence and users.profile.get."""

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


@method("users.profile.get", "users.profile:read")
def profile(call: Call) -> Json:
    """Return a person's profile, or the bot's own."""
    person = call.person() if call.text("user") else call.world.people[call.world.bot_user_id]
    return {"profile": person_json(call.world, person, email=_email(call))["profile"]}


@method("users.getPresence", "users:read")
def presence(call: Call) -> Json:
    """Say whether somebody is there: here all are who have an account; of oneself one hears more."""
    world = call.world
    if call.text("user") not in (None, "", world.bot_user_id):
        return {"presence": "away" if call.person().deleted else "active"}
    own = {"online": True, "auto_away": False, "manual_away": False, "connection_count": 1}
    return {"presence": "active", **own, "last_activity": int(world.clock.now())}
