"""api.test, auth.test, apps.connections.open, team.info, bots.info."""

from __future__ import annotations

from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.state import Json
from sandbox.wire import bot_profile


@method("api.test")
def api_test(call: Call) -> Json:
    """Answer with the arguments, or with the error they ask for."""
    if error := call.text("error"):
        raise SlackError(error, args=call.args)
    return {"args": {name: value for name, value in call.args.items() if name != "token"}}


@method("auth.test")
def auth_test(call: Call) -> Json:
    """Say whose token it is."""
    world = call.world
    return {
        "url": f"https://{world.team_domain}.slack.com/",
        "team": world.team_name,
        "user": world.people[world.bot_user_id].name,
        "team_id": world.team_id,
        "user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", app_level=True)
def connections_open(call: Call) -> Json:
    """Give the address of one Socket Mode connection."""
    return {"url": call.world.new_link()}


@method("team.info", "team:read")
def team_info(call: Call) -> Json:
    """Describe the workspace."""
    world = call.world
    team = {
        "id": world.team_id,
        "name": world.team_name,
        "url": f"https://{world.team_domain}.slack.com/",
        "domain": world.team_domain,
        "email_domain": "",
        "icon": {"image_default": True},
    }
    return {"team": team}


@method("bots.info", "users:read")
def bots_info(call: Call) -> Json:
    """Describe the app's bot."""
    if call.need("bot") != call.world.bot_id:
        raise SlackError("bot_not_found")
    profile = bot_profile(call.world)
    return {"bot": {**profile, "user_id": call.world.bot_user_id}}
