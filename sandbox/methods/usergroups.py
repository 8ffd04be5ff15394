"""usergroups.list, create, enable, disable and usergroups.users.list and update.

Sources: the page of each, and slack.com/help "Create a user group": a paid plan (plan_upgrade_required), and a workspace
that lets everyone manage groups, else a bot's token is refused (permission_denied); see `Workspace.user_groups`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.state import Group, Json, World

SPECIAL_HANDLES = frozenset({"channel", "everyone", "here"})


def _json(world: World, group: Group, *, users: bool = False) -> Json:
    body: Json = {
        "id": group.id,
        "team_id": world.team_id,
        "is_usergroup": True,
        "name": group.name or group.handle,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": int(world.clock.now()) if group.disabled else 0,
        "user_count": len(group.members),
    }
    return body | ({"users": list(group.members)} if users else {})


def _allowed(call: Call, *, write: bool) -> None:
    if call.world.user_groups == "no plan":
        raise SlackError("plan_upgrade_required")
    if write and call.world.user_groups == "admins":
        raise SlackError("permission_denied")


def _group(call: Call) -> Group:
    found = call.world.groups.get(call.need("usergroup"))
    if found is None:
        raise SlackError("no_such_subteam")
    return found


def _users(call: Call) -> Iterable[str]:
    value = call.args.get("users")
    return [
        each.strip() for each in (value if isinstance(value, list) else str(value or "").split(",")) if each
    ]


@method("usergroups.list", "usergroups:read")
def listed(call: Call) -> Json:
    """List the user groups, those switched off only when asked for."""
    _allowed(call, write=False)
    found = [
        each for each in call.world.groups.values() if call.flag("include_disabled") or not each.disabled
    ]
    return {"usergroups": [_json(call.world, each, users=call.flag("include_users")) for each in found]}


@method("usergroups.create", "usergroups:write")
def create(call: Call) -> Json:
    """Make a user group; its handle is nobody else's."""
    _allowed(call, write=True)
    world, name = call.world, call.need("name")
    handle = (call.text("handle") or name).strip().lower().replace(" ", "-")
    if any(each.name == name for each in world.groups.values()):
        raise SlackError("name_already_exists")
    if handle in SPECIAL_HANDLES or any(each.handle == handle for each in world.groups.values()):
        raise SlackError("handle_already_exists")
    made = Group(world.new_id("S"), handle, [], name)
    world.groups[made.id] = made
    world.touch()
    return {"usergroup": _json(world, made)}


@method("usergroups.disable", "usergroups:write")
def disable(call: Call) -> Json:
    """Switch a group off."""
    return _switch(call, disabled=True)


@method("usergroups.enable", "usergroups:write")
def enable(call: Call) -> Json:
    """Switch a group on again."""
    return _switch(call, disabled=False)


def _switch(call: Call, *, disabled: bool) -> Json:
    _allowed(call, write=True)
    group = _group(call)
    group.disabled = disabled
    call.world.touch()
    return {"usergroup": _json(call.world, group)}


@method("usergroups.users.list", "usergroups:read")
def members(call: Call) -> Json:
    """List who is in a group."""
    _allowed(call, write=False)
    return {"users": list(_group(call).members)}


@method("usergroups.users.update", "usergroups:write")
def update_members(call: Call) -> Json:
    """Replace who is in a group: never by nobody, by guests, bots or people of another organisation."""
    _allowed(call, write=True)
    world, group, users = call.world, _group(call), list(dict.fromkeys(_users(call)))
    if not users:
        raise SlackError("no_users_provided")
    for each in users:
        person = world.people.get(each)
        if person is None or person.deleted or person.bot or person.guest or person.external:
            raise SlackError("invalid_users")
    group.members = users
    world.touch()
    return {"usergroup": _json(world, group, users=True)}
