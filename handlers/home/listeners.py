"""Home is opened, and what is pressed on it. Listeners translate, read or write once, and show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.permissions import Deed
from handlers.common.doors import Body, Door, Visitor, who
from handlers.common.payloads import need
from handlers.common.pressing import in_dialog, show
from handlers.common.services import Services
from handlers.faq.searching import open_search
from handlers.home import calendars, choosing, entries, list_views, lists, setup, views
from handlers.home.office_views import INSPECT, inspected
from handlers.home.page import how_it_fares, page_for
from handlers.members.person import open_person
from handlers.questions.surface import forms, phone


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    app.event("app_home_opened")(_opened(services))
    app.action(views.ASK, middleware=[Door(services, Deed.ASK)])(_ask(services))
    app.action(views.PHONE, middleware=[Door(services, Deed.VOUCH)])(_phone(services))
    app.action(views.SEARCH, middleware=[Door(services, Deed.SEARCH)])(_search(services))
    app.action(views.PERSON, middleware=[Door(services, Deed.MANAGE_PEOPLE)])(_person(services))
    app.action(list_views.MEMBER, middleware=[Door(services, Deed.MANAGE_PEOPLE)])(_member(services))
    # One listener for all lists: Bolt tries each before what comes later. The list itself says who may see it.
    app.action(INSPECT, middleware=[Door(services, Deed.OPERATE)])(_inspect(services))
    app.action(list_views.OPENS, middleware=[Door(services, Deed.ASK)])(_list(services))
    entries.register(app, services)
    setup.register(app, services)
    calendars.register(app, services)
    choosing.register(app, services)


def _opened(services: Services) -> Callable[..., Awaitable[None]]:
    async def opened(event: Body, body: Body, client: AsyncWebClient) -> None:
        if event.get("tab") == "home":
            visitor = Visitor(need(event, "user"), str(body.get("team_id") or ""))
            page = await services.database.read(page_for, visitor, services.watch.last)
            await client.views_publish(user_id=visitor.user, view=views.home(page))

    return opened


def _ask(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await forms.open_form(services, client, need(body, "trigger_id"))
        await ack()

    return press


def _phone(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await phone.open_form(services, client, need(body, "trigger_id"))
        await ack()

    return press


def _person(services: Services) -> Callable[..., Awaitable[None]]:
    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        chosen = need(body, "actions", 0, "selected_user")
        view = await services.database.read(open_person, who(body).user, chosen)
        await client.views_open(trigger_id=need(body, "trigger_id"), view=view)
        await ack()

    return choose


def _search(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await open_search(services, client, need(body, "trigger_id"))
        await ack()

    return press


def _member(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        chosen = need(body, "actions", 0, "value")
        await show(client, body, await services.database.read(open_person, who(body).user, chosen))
        await ack()

    return press


def _inspect(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        look = await services.watch.look()
        found = await services.database.read(how_it_fares, who(body).user, look)
        await show(client, body, inspected(found))
        await ack()

    return press


def _list(services: Services) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        name, start = lists.wanted(need(body, "actions", 0, "action_id"))
        view = await services.database.read(lists.dialog, name, who(body), start)
        inside = in_dialog(body)
        if inside is None:
            await client.views_open(trigger_id=need(body, "trigger_id"), view=view)
        else:
            await client.views_update(view_id=inside, view=view)
        await ack()

    return press
