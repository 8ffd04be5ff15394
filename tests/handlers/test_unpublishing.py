"""Taking a publication back: who, how long, and what stands in the way. On either engine."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.domain.question import UNDO_WITHIN
from bot.errors import NotPossibleNow, NotYours
from handlers.faq import actions, dialogs, notices
from handlers.faq.unpublishing import unpublish
from tests.handlers.faq import answered, keep, now, publish, published, source, told
from tests.handlers.prefecture import KEN, MORI, Prefecture


def shown(ken: Prefecture, entry_id: int, user: str) -> str:
    return json.dumps(ken.read(dialogs.entry, entry_id, user), ensure_ascii=False)


def test_who_published_takes_it_back_within_ten_minutes(ken: Prefecture) -> None:
    entry = published(ken)
    assert "公開を取り消す" in shown(ken, entry.id, KEN)
    assert "公開を取り消す" not in shown(ken, entry.id, MORI)
    with pytest.raises(NotYours):
        ken.write(unpublish, entry.id, MORI, source=source())
    ken.now += UNDO_WITHIN
    press = source()
    for _ in range(2):  # the same press again changes nothing
        ken.write(unpublish, entry.id, KEN, source=press)
    assert now(ken, entry).state == "review"
    assert told(ken, MORI, notices.PUBLISHED) == [], "its owner need not hear of it"
    assert "公開を取り消しました" in json.dumps(ken.read(dialogs.history, entry.id, KEN), ensure_ascii=False)
    publish(ken, now(ken, entry))
    assert now(ken, entry).state == "published"


def test_after_ten_minutes_or_another_deed_it_stays(ken: Prefecture) -> None:
    entry = published(ken)
    ken.now += UNDO_WITHIN + timedelta(seconds=1)
    with pytest.raises(NotPossibleNow) as refused:
        ken.write(unpublish, entry.id, KEN, source=source())
    assert "何も変わっていません" in refused.value.sentence
    other = publish(ken, keep(ken, answered(ken)))
    ken.write(actions.confirm, other.id, KEN, source=source())
    with pytest.raises(NotPossibleNow):
        ken.write(unpublish, other.id, KEN, source=source())
    assert {now(ken, each).state for each in (entry, other)} == {"published"}
