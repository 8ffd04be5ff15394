"""When somebody moves the demo's clock, the bot has lived through the time: nothing had stopped, so nothing says so."""

from __future__ import annotations

from datetime import timedelta

from bot.demo import live
from bot.demo.cast import asagi, at_hour
from bot.demo.stage import Stage


async def said(stage: Stage) -> str:
    """All that the bot has written to anybody."""
    found = []
    for place in (await stage.control.call("channels"))["channels"]:
        messages = (await stage.control.call("see/channel", channel=place["id"]))["messages"]
        found += [str(each["words"]) for each in messages]
    return "\n".join(found)


async def test_a_week_of_the_clock_is_a_week_for_the_bot() -> None:
    cast = asagi()
    async with live.ready(cast, at_hour(cast.day, 10)) as stage:
        room = stage.channels["相談-業務改革"]
        for who, text in (("UHAMANO", "申請書の転記を減らすには?"), ("USASAOKA", "印刷の枚数を減らすには?")):
            asked = await stage.people[who].says(text, room)
            await room.shows("受け付けました", thread=asked)
        assert await stage.settled()
        later = stage.clock.business_now() + timedelta(days=7)
        await stage.ws.set_clock(later.timestamp())
        await stage.follow(later)
        assert await stage.settled()
        assert abs(stage.clock.business_now() - later) < timedelta(minutes=5)
        shown = await said(stage)
        clerk = stage.people["UHAMANO"]
        await clerk.opens_home()
        await clerk.home("次の勉強会* 12/4(金)13:30 第1回 DX勉強会")
        card = await stage.channels["お知らせ"].shows("勉強会のお知らせです。第1回 DX勉強会")
        await clerk.clicks("出席", on=card)
        await stage.channels["お知らせ"].changed(card, "出席 *1人*")
        await clerk.runs("/banso", "勉強会", channel=room)
        assert "話題" in (await clerk.view(title="勉強会")).buttons
    assert "今週の相談まとめ(11/25〜27)" in shown
    assert "今週の予定(11/30〜12/4)" in shown
    assert "まだ返信がありません" in shown, "time has passed"
    assert "遅れました" not in shown
    assert "お待たせしています" not in shown
