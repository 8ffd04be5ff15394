"""What is on the shelf when the demo begins: `shelf.json`, a few entries, taken in as `banso import faq` would."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files

from bot.demo.stage import Stage
from handlers.faq.importing import import_faq

_COLUMNS = {
    "question": "質問",
    "answer": "回答",
    "field": "分野",
    "tags": "検索のことば",
    "owner": "内容の担当",
}


def sheet() -> str:
    """The shelf as the list that an office would keep."""
    entries = json.loads(files("bot.demo").joinpath("shelf.json").read_text(encoding="utf-8"))["entries"]
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([*_COLUMNS.values(), "状態"])
    rows.writerows([*(entry[key] for key in _COLUMNS), "公開"] for entry in entries)
    return out.getvalue()


async def fill(stage: Stage) -> int:
    """Put the entries on the shelf; returns how many.

    Raises:
        UnreadableFile: something is wrong with `shelf.json`.
    """
    done = await import_faq(stage.banso.services, "shelf.csv", sheet().encode())
    return done.new
