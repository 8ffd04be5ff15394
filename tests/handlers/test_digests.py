"""The digests of a week without Slack: when each is made, what it tells and what it must not. On either engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from bot.domain.asking import Audience, Details, Urgency
from bot.domain.digests import USUAL, Digest, Plan, Plans
from bot.errors import Malformed
from bot.feature import DueWork, FirstPost, Message, Outgoing
from handlers.digests import FEATURE, chart, choosing, gathering, looking, rendering, views
from handlers.digests.looking import CHART, RENDERERS
from handlers.questions.lifecycle.asking import ask
from storage import channels, digests, due, faq_gaps, faq_searches, faq_use, members, questions, workspace
from storage.database import Transaction
from storage.tables import due_work, held_letters, outbox
from tests.handlers.desk import SECRET, asks
from tests.handlers.faq import answered, published, resolve
from tests.handlers.prefecture import HERE, ITSUKI, KEN, MORI, NAGI, Prefecture
from tests.handlers.study import WEEKLY, registered
from tests.handlers.test_rota import DESK, give, made, tokyo

WEEK, PUBLIC, OFFICE = (RENDERERS[each] for each in Digest)


@pytest.fixture
def here(ken: Prefecture) -> Prefecture:
    """It is open since this moment, and looks by itself."""
    ken.write(lambda tx: workspace.set_workspace(tx, opened_at=tx.now))
    ken.write(looking.begin)
    return ken


def goes_on(ken: Prefecture, until: datetime) -> None:
    """Time goes on to a moment, and what is due by then is done at its moment."""
    while True:
        at = ken.read(_next)
        if at > until:
            break
        ken.now = max(ken.now, at)
        ken.write(due.run_next, FEATURE.due_work)
    ken.now = until


def sleeps(ken: Prefecture, until: datetime) -> None:
    """Nobody is there until a moment; then what is due is done."""
    ken.now = until
    while ken.write(due.run_next, FEATURE.due_work) is not None:
        pass


def _next(tx: Transaction) -> datetime:
    query = select(due_work.c.due_at).where(due_work.c.workspace == tx.workspace)
    found: datetime = tx.connection.execute(query.where(due_work.c.kind == looking.LOOK)).scalar_one()
    return found


def sent(ken: Prefecture, renderer: str) -> list[tuple[str, Message | None]]:
    """Where and to whom messages of a kind go, now or when they may be rung, and what they would say now."""
    found: list[tuple[str, Message | None]] = []
    for table in (outbox, held_letters):
        c = table.c
        columns = (c.record_id, c["values"], c.user_id, *([c.channel] if table is outbox else []))
        query = select(*columns).where(c.workspace == ken.workspace, c.renderer == renderer).order_by(c.id)
        for number, values, user, *channel in ken.read(_rows, query):
            row = Outgoing("", renderer, number, values, True)
            found.append((user or channel[0], ken.read(FEATURE.renderers[renderer], row)))
    return found


def _rows(tx: Transaction, query: Select[Any]) -> list[Any]:
    return list(tx.connection.execute(query))


def words(message: Message | None) -> str:
    assert message is not None
    return f"{message.text}\n{message.blocks}"


def with_desk(ken: Prefecture) -> None:
    ken.write(lambda tx: channels.save_channel(tx, DESK, name="県の対応", purpose="desk", bot_is_member=True))


def chosen(ken: Prefecture, **plans: Plan) -> None:
    found = Plans({**USUAL, **{Digest(name): plan for name, plan in plans.items()}})
    ken.write(digests.keep, found)
    ken.write(looking.plan_next)


def test_a_week_is_told_once_at_its_moments_however_often_somebody_looks(here: Prefecture) -> None:
    with_desk(here)
    rota_id = made(here)
    give(here, rota_id, MORI, 11, 30)
    needed = Details(urgency=Urgency.WEEK, needed_on=date(2026, 12, 3))
    question_id = here.write(ask, NAGI, "庁内LANの資料がほしいです", needed, source="view:V9", channel=HERE)
    registered(here, replace(WEEKLY, on="2026-12-03"))
    goes_on(here, tokyo(11, 30, 8, 59))
    assert sent(here, WEEK) == []
    assert [place for place, _ in sent(here, PUBLIC)] == [HERE]
    assert [user for user, _ in sent(here, OFFICE)] == [KEN]
    goes_on(here, tokyo(11, 30, 9))
    for _ in range(3):
        here.write(looking.look, DueWork(looking.LOOK, 0, here.now))
    ((place, message),) = sent(here, WEEK)
    assert place == DESK
    said = words(message)
    assert "今週の予定(11/30〜12/4)" in said
    assert "11月30日(月) MORIさん\\n・12月1日(火)〜12月4日(金) (空き)" in said
    assert "12/3(木)15:00 第1回 アドバイザー勉強会" in said
    assert f"No.{here.read(questions.need, question_id).number} 12月3日(木)まで|担当" in said
    assert "庁内LAN" not in said, "a number leads on; what was asked may be taken back"
    goes_on(here, tokyo(12, 7, 8))
    assert [len(sent(here, each)) for each in (WEEK, PUBLIC, OFFICE)] == [1, 2, 2]
    assert sent(here, WEEK)[0][1] is None, "the week is over before it could be posted"


def test_without_a_desk_this_week_goes_to_coordinators_if_there_is_something_to_say(here: Prefecture) -> None:
    goes_on(here, tokyo(11, 30, 12))
    assert [(user, message) for user, message in sent(here, WEEK)] == [(KEN, None)]
    made(here)
    assert "(空き)" in words(sent(here, WEEK)[0][1])


@pytest.mark.parametrize(("hour", "made_at"), [(11, 11), (3, 8.5)])
def test_a_week_asleep_is_told_late_once_and_says_so(here: Prefecture, hour: int, made_at: float) -> None:
    """Two summaries were missed: the last of them tells of all. At night it waits for the offices."""
    asks(here, NAGI, audience=Audience.OPEN)
    made(here)
    sleeps(here, tokyo(12, 9, hour))
    goes_on(here, tokyo(12, 9, 12))
    for renderer in (WEEK, PUBLIC, OFFICE):
        ((_, message),) = sent(here, renderer)
        assert "Banso が止まっていたため" in words(message)
    assert "相談まとめ(11/24〜12/4):受付1" in words(sent(here, PUBLIC)[0][1])
    kept = here.read(digests.latest, Digest.PUBLIC)
    assert kept is not None
    assert (kept.week, kept.until, kept.late) == (date(2026, 11, 30), tokyo(12, 4, 16), True)
    at = here.read(
        lambda tx: tx.connection.execute(select(outbox.c.created_at).order_by(outbox.c.id)).scalars().all()
    )[-1]
    assert at == tokyo(12, 9, int(made_at), int(made_at % 1 * 60))
    goes_on(here, tokyo(12, 11, 17))
    assert "今週の相談まとめ(12/7〜11):" in words(sent(here, PUBLIC)[1][1])
    assert [len(sent(here, each)) for each in (WEEK, PUBLIC, OFFICE)] == [1, 2, 2]


def test_a_plan_for_a_week_that_is_over_is_not_told(here: Prefecture) -> None:
    sleeps(here, tokyo(12, 5, 10))
    assert sent(here, WEEK) == []
    goes_on(here, tokyo(12, 7, 10))
    assert len(sent(here, WEEK)) == 1


def test_nothing_before_it_is_open_and_nothing_of_before(ken: Prefecture) -> None:
    ken.write(lambda tx: workspace.set_workspace(tx, opened_at=None))
    ken.write(looking.begin)
    goes_on(ken, tokyo(12, 7, 12))
    ken.write(lambda tx: workspace.set_workspace(tx, opened_at=tx.now))
    goes_on(ken, tokyo(12, 11, 15))
    assert [sent(ken, each) for each in (WEEK, PUBLIC, OFFICE)] == [[], [], []]
    goes_on(ken, tokyo(12, 11, 16))
    assert len(sent(ken, PUBLIC)) == 1


def test_switched_off_and_on_again_and_moved(here: Prefecture) -> None:
    chosen(here, public=Plan(on=False), office=Plan(day=2, clock=None))
    goes_on(here, tokyo(11, 27, 17))
    assert sent(here, PUBLIC) == []
    assert [user for user, _ in sent(here, OFFICE)] == [KEN]
    made_ = here.read(digests.latest, Digest.OFFICE)
    assert made_ is not None
    assert made_.until == tokyo(11, 25, 9)
    on = Plans(changed={Digest.PUBLIC: here.now, Digest.OFFICE: here.now})
    here.write(digests.keep, on)
    here.write(looking.plan_next)
    goes_on(here, tokyo(12, 4, 15))
    assert (len(sent(here, PUBLIC)), len(sent(here, OFFICE))) == (0, 1), "what is past is not made up for"
    goes_on(here, tokyo(12, 4, 16))
    assert (len(sent(here, PUBLIC)), len(sent(here, OFFICE))) == (1, 2)


def test_a_day_that_is_closed_meanwhile_moves_it(here: Prefecture) -> None:
    goes_on(here, tokyo(11, 26, 10))
    here.write(lambda tx: workspace.set_workspace(tx, closures=["2026-11-27 臨時"]))
    here.write(looking.plan_next)
    goes_on(here, tokyo(11, 26, 15, 59))
    assert sent(here, PUBLIC) == []
    goes_on(here, tokyo(11, 26, 16))
    assert "今週の相談まとめ(11/24〜26)" in words(sent(here, PUBLIC)[0][1])


def test_everybody_reads_of_open_questions_alone_and_coordinators_of_all(here: Prefecture) -> None:
    """No body, no name, no word of a question; nor a number from which a private one could be told."""
    with_desk(here)
    open_one = answered(here)
    resolve(here, open_one)
    entry = published(here)  # another that was asked and answered
    asks(here, NAGI, SECRET)
    asks(here, ITSUKI, "無線LANの届かない所があります。どうすればいいですか", audience=Audience.BODY)
    waits = asks(here, ITSUKI, "共有フォルダーが開けません。なぜですか", audience=Audience.OPEN)
    here.write(faq_searches.searched, "電子契約 導入", 0)
    here.write(faq_use.helps, entry.id, ITSUKI, source="form:1")
    first = select(func.min(outbox.c.id)).scalar_subquery()
    kill = outbox.update().where(outbox.c.id == first)
    here.write(lambda tx: tx.connection.execute(kill.values(dead_at=tx.now)))
    goes_on(here, tokyo(11, 27, 16))
    ((_, message),) = sent(here, PUBLIC)
    said = words(message)
    assert "受付3=未回答2+回答あり0+終了1" in said
    assert f"No.{here.read(questions.need, waits).number} " in said
    assert "うちの例を書く" in said
    assert "■ 役に立った回答*\\n・画面が真っ暗なとき" in said
    assert "新しいFAQ 1件" in said
    for never in ("<@", "<!", "札幌", "懲戒", "共有フォルダー", "無線LAN", "電子契約", "浜野", "市)"):
        assert never not in said
    own = words(sent(here, OFFICE)[0][1])
    assert "受付5=" in own
    assert "■ 目安超過 3件*" in own
    assert "■ 届けられないお知らせ 1件*" in own
    assert "・電子契約 導入" in own
    assert "札幌市 3件" in own
    assert "声をかけたい団体(まだ利用なし)" in own
    here.now += timedelta(days=61)
    asks(here, NAGI, SECRET)
    silent = str(here.read(rendering.preview, Digest.OFFICE, KEN)).partition("(60日利用なし)")[2]
    assert "函館市" in silent.partition("■")[0]
    assert "札幌市" not in silent.partition("■")[0]


def test_coordinators_read_what_to_write_next_most_often_first(here: Prefecture) -> None:
    for text in ("公用車の予約", "戸籍の附票", "公用車 予約システム", "済んだこと"):
        here.write(faq_searches.searched, text, 0)
    (last, *_) = here.read(faq_searches.found_nothing, here.now - timedelta(minutes=1))
    here.write(lambda tx: faq_gaps.done(tx, [last.id], KEN))
    found = here.read(
        lambda tx: gathering.office(
            tx, here.now - timedelta(days=7), here.now + timedelta(minutes=1), KEN, late=False
        )
    )
    assert found.to_write == [("公用車 予約システム", 2), ("戸籍の附票", 1)], (
        "nobody writes what is dealt with"
    )
    told = words(views.office(found))
    assert "・公用車 予約システム(2回)\\n・戸籍の附票(1回)" in told
    assert "済んだこと" not in told


def test_a_week_without_questions_has_kind_words_and_no_chart(here: Prefecture) -> None:
    asks(here, NAGI, audience=Audience.OPEN)
    for friday in (tokyo(11, 27, 16), tokyo(12, 4, 16)):
        goes_on(here, friday)
        week = here.read(digests.latest, Digest.PUBLIC)
        assert week is not None
        post = FirstPost(PUBLIC, week.week.toordinal(), None, HERE, "1795482000.000100")
        for _ in range(2):
            here.write(looking.on_posted, post)
    here.write(looking.on_posted, replace(post, user_id=NAGI, channel="D0NAGI"))
    (_, first), (_, second) = sent(here, PUBLIC)
    assert "受付1" in words(first)
    assert "グラフは、このメッセージのスレッドにあります" in words(first)
    assert "新しい相談がありませんでした" in words(second)
    assert "グラフ" not in words(second)
    (_, drawn), (_, empty) = sent(here, CHART)
    assert empty is None
    assert drawn is not None
    assert drawn.made is not None
    assert drawn.made.alt == "1週間ごとの受付(「県内みんな」への相談)の棒グラフです。〜11/27 1件。"
    here.write(digests.keep, Plans(chart=False))
    assert [message for _, message in sent(here, CHART)] == [None, None]
    assert "グラフ" not in words(sent(here, PUBLIC)[0][1])


def test_a_chart_has_a_bar_a_week_and_is_drawn_with_japanese_letters(here: Prefecture) -> None:
    for n in range(3):
        goes_on(here, tokyo(11, 24, 10) + timedelta(days=7 * n))
        for _ in range(n + 1):
            asks(here, NAGI, audience=Audience.OPEN)
    goes_on(here, tokyo(12, 11, 16))
    week = here.read(digests.latest, Digest.PUBLIC)
    assert week is not None
    bars = here.read(chart.bars, week.since, week.until)
    assert (list(bars.labels), list(bars.counts)) == (["〜11/27", "〜12/4", "〜12/11"], [1, 2, 3])
    png = chart.draw(bars)
    assert png.startswith(b"\x89PNG")
    assert 5_000 < len(png) < 200_000


def test_what_cannot_be_drawn_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(chart.NotDrawn, match="Error"):
        chart.draw(chart.Chart([], []))
    monkeypatch.setattr(chart, "SECONDS", 0.001)
    with pytest.raises(chart.NotDrawn, match="not drawn within"):
        chart.draw(chart.Chart(["〜11/27"], [1]))


def entered(*ticked: str) -> Mapping[str, Any]:
    options = [{"value": each} for each in ticked]
    return {"state": {"values": {choosing.WANTED: {choosing.WANTED: {"selected_options": options}}}}}


def test_somebody_chooses_what_reaches_them_among_what_is_theirs(here: Prefecture) -> None:
    with_desk(here)
    made(here)
    here.write(choosing.choose, NAGI, entered("public", "office", "week"))
    assert here.read(digests.wish_of, NAGI) == frozenset({Digest.PUBLIC})
    here.write(choosing.choose, MORI, entered("week"))
    here.write(choosing.choose, KEN, entered())
    assert here.read(digests.wish_of, KEN) == frozenset()
    goes_on(here, tokyo(11, 30, 10))
    assert [who for who, _ in sent(here, PUBLIC)] == [HERE, NAGI]
    assert [who for who, _ in sent(here, WEEK)] == [DESK, MORI]
    assert sent(here, OFFICE) == []
    here.write(choosing.choose, KEN, entered("office"))
    assert here.read(digests.wish_of, KEN) is None, "as usual"
    here.write(choosing.choose, MORI, {"state": {"values": {}}})
    assert here.read(digests.wish_of, MORI) == frozenset({Digest.WEEK}), (
        "a dialog from before there were boxes"
    )
    with pytest.raises(Malformed):
        here.write(choosing.choose, MORI, entered("everything"))
    goes_on(here, tokyo(12, 4, 16))
    assert [who for who, _ in sent(here, OFFICE)] == [KEN]
    here.write(lambda tx: members.save_members(tx, [_as_asker(KEN)], overwrite=["permission"]))
    assert [message for _, message in sent(here, OFFICE)] == [None], "who is no coordinator any more"


def _as_asker(user: str) -> dict[str, Any]:
    return {"user_id": user, "name": "県 太郎", "permission": "asker"}


def test_a_look_beforehand_is_of_this_moment_and_changes_nothing(here: Prefecture) -> None:
    made(here)
    asks(here, NAGI, audience=Audience.OPEN)
    here.now += timedelta(hours=1)
    for digest, said in (
        (Digest.WEEK, "今週の予定(11/24〜27)"),
        (Digest.PUBLIC, "今週の相談まとめ(11/24)"),
        (Digest.OFFICE, "今週のまとめ|県の担当へ"),
    ):
        view = here.read(rendering.preview, digest, KEN)
        assert said in str(view)
        assert len(view["blocks"]) <= 100
    assert "の棒グラフです。〜11/24 1件。" in str(here.read(rendering.preview, Digest.PUBLIC, KEN))
    here.write(digests.keep, Plans(chart=False))
    assert "棒グラフ" not in str(here.read(rendering.preview, Digest.PUBLIC, KEN))
    assert [sent(here, each) for each in (WEEK, PUBLIC, OFFICE)] == [[], [], []]
    assert here.read(digests.latest, Digest.PUBLIC) is None


def test_long_lists_stay_below_what_a_message_holds(here: Prefecture) -> None:
    many = [(f"とても長い名前の団体その{n}", n + 1) for n in range(300)]
    found = here.read(lambda tx: gathering.office(tx, tx.now - timedelta(days=7), tx.now, KEN, late=False))
    message = views.office(
        replace(
            found,
            late_by_body=many,
            by_body=many,
            quiet=[name for name, _ in many],
            to_write=[("<!channel> " + "あ" * 500, 9)] * 100,
            dead=3,
        )
    )
    assert "ほか290団体" in words(message)
    assert "<!channel>" not in words(message)
    assert sum(len(str(each)) for each in message.blocks or []) < 13_000
