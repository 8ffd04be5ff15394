"""A guided tour that the owner of the workspace hands over: steps, each for one person. The page plays it.

A tour is {title, about, steps}. A step has `id`, `as` (who does it, a person's id), `do` (what to do) and `why`, both
sentences for people, and

- at: where it is done: "#channel", "home", "messages" or "mark:<name>" (a thread that an earlier step noted)
- point: what is pressed, one of {button: label}, {choice: label}, {composer: "channel" or "thread"}, {replies: true},
  {bell: true}
- type: a text to write there; advance: seconds by which the clock may be moved on
- done: how one knows, one of {said: true} (the person wrote), {shows: text} (in a message of the app), {thread: true} (a
  thread of the tour is open), {view: title} (a dialog is open), {closed: true} (none is), {read: true} (the person says so)
- mark: a name for the thread that is open when it is done
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

_POINTS = {"button": str, "choice": str, "composer": str, "replies": bool, "bell": bool}
_SIGNS = {"said": bool, "shows": str, "thread": bool, "view": str, "closed": bool, "read": bool}
_TEXTS = ("id", "as", "do", "why")
_MAY = {"at": str, "type": str, "mark": str, "advance": int, "point": dict, "done": dict}


def objection(tour: Any, people: Collection[str], channels: Collection[str]) -> str | None:
    """Return what is wrong with a tour, or None; `people` are ids, `channels` names."""
    if not isinstance(tour, Mapping) or not all(isinstance(tour.get(key), str) for key in ("title", "about")):
        return "a tour has a title, about and steps"
    steps = tour.get("steps")
    if not isinstance(steps, list) or not steps or not all(isinstance(each, dict) for each in steps):
        return "steps is a list of objects"
    known: set[str] = set()
    marks: set[str] = set()
    for step in steps:
        wrong = _wrong_with(step) or _unknown(step, people, channels, marks)
        if wrong is None and step["id"] in known:
            wrong = "there are two of this id"
        if wrong is not None:
            return f"step {step.get('id')}: {wrong}"
        known.add(step["id"])
        if "mark" in step:
            marks.add(step["mark"])
    return None


def _wrong_with(step: Mapping[str, Any]) -> str | None:
    """The form of a step by itself."""
    for key in _TEXTS:
        if not isinstance(step.get(key), str) or not step[key].strip():
            return f"{key} is a text"
    for key, value in step.items():
        if key not in _TEXTS and (key not in _MAY or not isinstance(value, _MAY[key])):
            return f"{key} is not understood"
    if not _is_one_of(step.get("done"), _SIGNS):
        return f"done is one of {', '.join(_SIGNS)}"
    if "point" in step and not _is_one_of(step["point"], _POINTS):
        return f"point is one of {', '.join(_POINTS)}"
    if "advance" in step and not 0 < step["advance"] <= 31 * 86400:
        return "advance is at most a month, in seconds"
    return None


def _is_one_of(given: Any, known: Mapping[str, type]) -> bool:
    if not isinstance(given, dict) or len(given) != 1:
        return False
    ((key, value),) = given.items()
    return key in known and isinstance(value, known[key]) and bool(value)


def _unknown(
    step: Mapping[str, Any], people: Collection[str], channels: Collection[str], marks: Collection[str]
) -> str | None:
    """What a step names and is not there."""
    at = step.get("at", "home")
    if step["as"] not in people:
        return f"there is no {step['as']}"
    if at.startswith("mark:"):
        return None if at.removeprefix("mark:") in marks else f"nothing is marked {at.removeprefix('mark:')}"
    if at in ("home", "messages") or (at.startswith("#") and at.removeprefix("#") in channels):
        return None
    return f"there is no {at}"
