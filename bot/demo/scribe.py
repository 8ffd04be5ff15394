"""Writes down what people see in the workspace: each new message, each card as it changes.

It looks at the workspace itself, not at what anybody meant to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile

from rich.cells import cell_len
from rich.markup import escape

from bot.demo.cast import ZONE, Asker, Cast
from bot.demo.lines import WIDTH, block_lines, buttons, mentioned, spoken, wrapped
from sandbox.client import Person, Shown, ShownView
from sandbox.client.link import Link

Say = Callable[[str], None]
"""Takes one line in rich's markup."""

Thread = tuple[str, str]
"""The channel's id and the stamp of the thread's first message."""

_NUMBER = re.compile(r"No\.(\d+)")
_PEOPLE_WRITE = frozenset({None, "file_share", "thread_broadcast"})
_BODY = " " * 8
_CARD = _BODY + "[blue]┃[/] "
_SCREEN = _BODY + "[cyan]┆[/] "
_INSIDE = WIDTH - 10


def family(name: str) -> str:
    """The family name."""
    return name.split()[0] if name.strip() else "担当者"


class Scribe:
    """Tells `say` what is new since the last look."""

    def __init__(self, say: Say, control: Link, cast: Cast, askers: Sequence[Asker] = ()) -> None:
        askers = askers or cast.askers
        self._say = say
        self._link = control
        self._names = {each.id: each.name for each in (*cast.helpers, *askers)}
        self._towns = {each.id: f"{cast.body(each.municipality)} {each.section} " for each in askers}
        self._rooms: dict[str, str] = {}
        self._seen: dict[Thread, str] = {}
        self._numbers: dict[Thread, str] = {}
        self._last: tuple[Thread | None, str] = (None, "")

    def tells(self, text: str = "") -> None:
        """A line of the narrator's own, in markup."""
        self._last = (None, "")
        self._say(text)

    def heading(self, text: str) -> None:
        """A line across the page."""
        self.tells()
        self.tells(f"[bold]── {text} " + "─" * (WIDTH - 6 - cell_len(text)) + "[/]")
        self.tells()

    def notes(self, sign: str, text: str, style: str) -> None:
        """Something beside the story."""
        for number, line in enumerate(wrapped(text, WIDTH - len(_BODY) - 3)):
            self.tells(f"{_BODY}[{style}]{'   ' if number else sign + ' '}{escape(line)}[/]")

    async def look(self, *people: Person) -> None:
        """Write down what is new; for `people` also what only they see."""
        bot = (await self._link.call("info"))["bot_user_id"]
        fresh, changed = [], []
        for place in (await self._link.call("channels"))["channels"]:
            name = f"#{place['name']}"
            self._rooms[place["id"]] = str(place["name"])
            if place.get("is_im"):
                owner = next((each for each in place["members"] if each != bot), "")
                name = f"✉ {self._called(owner)}への直接メッセージ"
            for message in (await self._link.call("see/channel", channel=place["id"]))["messages"]:
                before = self._seen.get((message["channel"], message["ts"]))
                if before is None:
                    fresh.append((Shown(message), name))
                elif before != message["words"]:
                    changed.append((Shown(message), name))
        for person in people:
            for message in (await self._link.call("see/person", person=person.id))["ephemerals"]:
                before = self._seen.get((message["channel"], message["ts"]))
                if before != message["words"]:
                    fresh.append((Shown(message), f"({self._called(person.id)}にだけ見えます)"))
        for new, name in sorted(fresh, key=lambda each: each[0].ts):
            self._new(new, name)
        for old, name in changed:
            self._changed(old, name)

    def pressed(self, who: str, what: str, thread: Thread, at: datetime) -> None:
        """Somebody pressed a button."""
        self._heading(thread, who, at, f" [dim]▸ {escape(what)}[/]")
        self._last = (thread, "")

    def screen(self, view: ShownView) -> None:
        """What somebody reads in a dialog; of a form, what stands above its first line."""
        self._say(f"{_SCREEN}[bold]〔{escape(view.title)}〕[/]")
        blocks = takewhile(lambda block: block["type"] != "input", view["blocks"])
        for line in block_lines(list(blocks), self.family_of, _INSIDE, rows=True):
            self._say(_SCREEN + line)

    def entered(self, filled: Mapping[str, str], label: str = "") -> None:
        """What stands in a dialog, and the button somebody sends it with."""
        for name, text in filled.items():
            for number, line in enumerate(wrapped(text, _INSIDE - cell_len(name) - 1)):
                before = f"[dim]{escape(name)}:[/]" if not number else " " * (cell_len(name) + 1)
                self._say(_SCREEN + before + escape(line))
        if label:
            self._say(f"{_SCREEN}[dim]▸ 「{escape(label)}」[/]")

    def _new(self, message: Shown, place: str) -> None:
        self._seen[message.channel, message.ts] = message.words
        root = str(message.get("thread_ts") or message.ts)
        thread, at = (message.channel, root), datetime.fromtimestamp(float(message.ts), UTC)
        if message.by_bot or message.ephemeral:
            self._card(message, thread, place)
        elif message.get("subtype") in _PEOPLE_WRITE:
            if root == message.ts and self._last[0] != thread:
                self.tells()
            self._heading(
                thread, str(message["user"]), at, "" if root != message.ts else f"  [cyan]{place}[/]"
            )
            for line in wrapped(spoken(message.text, self.family_of), WIDTH - len(_BODY)):
                self._say(_BODY + escape(line))

    def _card(self, message: Shown, thread: Thread, place: str) -> None:
        number = _NUMBER.search(message.words)
        if number and place.startswith("#") and thread[1] != message.ts:
            self._numbers.setdefault(thread, number[0])
        self._place(message, thread, place)
        blocks = list(message.get("blocks") or ())
        rows = sum(each["type"] == "actions" for each in blocks) > 1
        rung = [f"{self.family_of(user)}さん" for user in mentioned(blocks, message.text)]
        bell = f"[magenta]🔔 {escape('・'.join(rung))}[/]" if rung else ""
        tail = "  ".join(part for part in ("" if rows else buttons(message.buttons), bell) if part)
        said = blocks or [{"type": "section", "text": {"text": message.text}}]
        files = [f"📎 {escape(str(each['name']))}" for each in message.get("files") or ()]
        tails = [*files, *([tail] if tail else [])]
        for line in [*block_lines(said, self.family_of, _INSIDE, rows=rows), *tails]:
            self._say(_CARD + line)

    def _changed(self, message: Shown, place: str) -> None:
        self._seen[message.channel, message.ts] = message.words
        if message.by_bot:
            thread = (message.channel, str(message.get("thread_ts") or message.ts))
            self._place(message, thread, place)
            small = place.startswith("#") and thread not in self._numbers
            for line in block_lines(list(message.get("blocks") or ()), self.family_of, _INSIDE, small=small):
                self._say(_CARD + line)

    def _place(self, message: Shown, thread: Thread, place: str) -> None:
        """Where the bot writes: the question whose thread it is, else the place."""
        if place.startswith("#") and thread in self._numbers:
            self._heading(thread)
            return
        below = " のスレッド" if place.startswith("#") and message.ts != thread[1] else ""
        self._say(f"{_CARD}[{'cyan' if place.startswith('#') else 'magenta'}]{place}{below}[/]")
        self._last = (None, "")

    def _heading(self, thread: Thread, who: str = "", at: datetime | None = None, more: str = "") -> None:
        """Who is heard where and when, unless they were heard there just before."""
        if not more and self._last[0] == thread and who in {"", self._last[1]}:
            return
        self._last = (thread, who or self._last[1])
        clock = at.astimezone(ZONE).strftime("%H:%M") if at else " " * 5
        number = f" [cyan]↳ {self._numbers[thread]}[/]" if thread in self._numbers else ""
        name = f" {self._called(who)}" if who else ""
        self._say(f" {clock.lstrip('0').rjust(5)} {number}{name}{more}")

    def _called(self, user: str) -> str:
        return f"{self._towns.get(user, '')}[bold]{escape(self.family_of(user))}さん[/]"

    def family_of(self, user: str) -> str:
        """The family name of a user id, the name of a channel's; the bot's own name for everybody else."""
        if user in self._rooms:
            return self._rooms[user]
        return family(self._names[user]) if user in self._names else "Banso"
