"""What is set aside is certain; all else is a question. Tables in the tone of real town halls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.judging import Reason, VerdictKind, is_only_thanks, judge

QUESTIONS = """
すみません、プリンタが動かなくなりました
お世話になっております。霧ヶ里村の佐藤です。標準化の件で教えてください
教えてください
教えていただけると助かります
ご教示いただけますと幸いです。
わかる方いらっしゃいましたらお願いいたします
α'って結局何が変わるんですか
電子申請の様式、ほかの町のを見たいです
ありがとうございます。もう一つ教えてください
ありがとうございました!ところで、費用はいくらくらいでしたか
ありがとうございます、ただ印刷ができません
ありがとうございましたが、まだつながりません
了解です。では予算はどう組めばいいでしょう
承知しました。念のため様式をいただけますか
お疲れ様です。Web会議の音が出ません
おはようございます。今朝からメールが届きません。
先日はありがとうございました。また別の相談なのですが
先日の手順でやってみましたが、解決しませんでした
解決しましたが、今度は印刷が遅いです
プリンタが止まりましたありがとうございます
共有フォルダが消えました
住民課の端末です
ログインできない
エラーが出る
困ってます
たすけて
たすけてください😭
助けて!
至急お願いします
お願いします
よろしければ教えてほしいです🙇
どなたか…
あの、すみません
すみません
ちょっといいですか
相談です
質問です。
質問してもいいですか
お聞きしたいことがあります
電話がほしいです
うちも知りたいです
うちも同じです
同じことで困っています
マイナカードの更新が集中して窓口がパンクしてます
議員タブレット 公費? 私物?
RPAって儲かるん
ﾌﾟﾘﾝﾀが動きません
WiーFiがつながらn
パスワード忘れた。。。
パソコンがかたまつた
標準化　間に合わない
保守契約が3月で切れます
見積が去年の倍です
<@UBOT> 生成AIのルールのひな形ありますか
<@UBOT> 当番は誰?
<https://example.jp/youkou.pdf|要綱案> これで足りますか
<https://example.jp/news>
?
❓
:sos:
🆘
:助けて:
テスト
1234
ありがとうございます?
了解です?
森脇さん
笹舟町の田中です
霧ヶ里村の佐藤です。お世話になっております。プリンタの件です
4月に異動してきました
こんにちは、すみません
アプリができました
プリンタ、昨日は動きました
来週の訪問をオンラインに替えてもらえますか
船が欠航で来週の訪問支援が難しそうです
皆さんどうやって解決しました
他の町はいつ解決しました
教えてくださいありがとうございます
様式を送ってください、ありがとうございます
参考になる資料があると助かります
だれか助かる方法
感謝状の様式
お礼状の出し方
「ありがとうございました」の自動返信を止めたい
おめでとうメールの配信停止
お世話になっております。回線が落ちました!!!
すみません今日中です
確認お願いします
こちらで合ってますか😅
はい/いいえの選択肢が保存されない
届きました通知が出ない
RFIの締切を過ぎてしまいました(泣)
(泣)助けてください
急ぎです
""".strip().splitlines()

ASIDE = {
    Reason.THANKS: """
ありがとうございます
ありがとうございました!
先日はありがとうございました。教えてもらった手順で解決しました!
ご回答ありがとうございます🙏
早速のご回答ありがとうございました。大変助かりました。
森脇さん、ありがとうございます!
ありがとうございます森脇さん
ありがとうございます!やってみます
なるほど!ありがとうございます。試してみます
有難うございました
有り難う御座います。
ありがとうござます
ありがとうございまsた
アリガトウゴザイマス
ｱﾘｶﾞﾄｳｺﾞｻﾞｲﾏｼﾀ
ありがと〜〜
ありがとー!!
ありがとうございました😊😊
ありがとうございました(^^)
ありがとうございますm(_ _)m
ＴＨＡＮＫＳ！
Thank you!
あざす!
感謝です
感謝いたします。
お忙しい中ご対応いただきありがとうございました
お忙しいところ、詳しく教えていただきありがとうございました。
わかりやすい説明をありがとうございます
丁寧に教えてくださりありがとうございました
質問にお答えいただきありがとうございました
印刷できない件、解決しました。ありがとうございました
印刷できない件は解決しました
無事に解決しました
自己解決しました!すみません
お騒がせしました、解決です
再起動したら直りました!ありがとうございました
おかげさまで無事動きました。ありがとうございます
使えるようになりました!ありがとうございます!
うまくいきました。ありがとうございます
問題なく印刷できました。ありがとうございました
大変参考になりました
とても勉強になりました!
助かりました
本当に助かりました…
お世話になりました。
先日は大変お世話になりました。
お世話になっております。先日はありがとうございました。
<@UBOT> ありがとう!
<@U123> さっそくありがとうございます。確認します。
:pray: ありがとうございます :pray:
:ありがとう:
ありがとうございます。今後ともよろしくお願いいたします。
霧ヶ里村の佐藤です。先日はありがとうございました。
資料の送付、ありがとうございました
どうも!
""".strip().splitlines(),
    Reason.GREETING: """
お世話になっております。
いつもお世話になっております。
お世話になっております。霧ヶ里村の佐藤です。
おはようございます
おはようございます☀
こんにちは!
こんにちわ
こんばんは
お疲れ様です。
お疲れさまでした!
おつかれさまです〜
はじめまして。笹舟町総務課の田中と申します。よろしくお願いいたします。
はじめまして!4月から情報担当になりました。よろしくお願いします。
よろしくお願いします
よろしくお願いいたします。
宜しくお願い致します
今年度もよろしくお願いします!
引き続きよろしくお願いいたします🙇‍♂️
本年もどうぞよろしくお願いいたします
明けましておめでとうございます。本年もよろしくお願いします。
よいお年をお迎えください
お先に失礼します
皆様、お疲れ様です
暑い日が続きますね
""".strip().splitlines(),
    Reason.REACTION: """
了解です
了解しました!
りょうかいです
承知しました。
承知いたしました
かしこまりました
わかりました
分かりました!
なるほど
なるほどです!
はい
OKです
ＯＫ！
オッケーです👌
助かります
助かります!
とても助かります🙏
いいですね!
さすがです
確認します
確認してみます
試してみます!
やってみます💪
後ほど確認いたします
拝見しました
届きました
笑
そうなんですね
どういたしまして
とんでもないです
お疲れ様です。承知しました。
:ok: 了解です
:了解:
+1
うまくいきました!
楽しみにしています
""".strip().splitlines(),
    Reason.EMOJI_ONLY: [
        "👍",
        "🙏🙏",
        ":pray:",
        ":+1::skin-tone-2:",
        "😊 :tada:",
        "(^^)",
        "👨‍👩‍👧",
        "❤️",
        ":100:",
        "☀",
    ],
    Reason.EMPTY: ["", "   ", "<@UBOT>", "<@UBOT> 。。。", "…", "　", "<!here>"],
}
ASIDE_CASES = [(text, reason) for reason, texts in ASIDE.items() for text in texts]


def test_the_tables_hold_at_least_sixty_examples_of_each_side() -> None:
    assert len(set(QUESTIONS)) >= 60
    assert len({text for text, _ in ASIDE_CASES}) >= 60


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_a_clerk_asks_is_a_question(text: str) -> None:
    assert judge(text, has_files=False).kind is VerdictKind.QUESTION
    assert not is_only_thanks(text)


@pytest.mark.parametrize(("text", "reason"), ASIDE_CASES)
def test_a_courtesy_is_set_aside_with_its_reason(text: str, reason: Reason) -> None:
    verdict = judge(text, has_files=False)
    assert (verdict.kind, verdict.reason) == (VerdictKind.SET_ASIDE, reason)
    assert is_only_thanks(text) is (reason is Reason.THANKS)


@pytest.mark.parametrize(
    "text", ["", "<@UBOT>", "😢", ":pray:", "お世話になっております。", "よろしくお願いします", "。"]
)
def test_a_picture_with_no_more_than_a_greeting_is_a_question_that_needs_asking_back(text: str) -> None:
    verdict = judge(text, has_files=True)
    assert (verdict.kind, verdict.reason) == (VerdictKind.QUESTION, Reason.PICTURE_ONLY)


def test_a_picture_with_thanks_or_a_reaction_is_set_aside() -> None:
    assert judge("解決しました!ありがとうございました", has_files=True).reason is Reason.THANKS
    assert judge("承知しました", has_files=True).reason is Reason.REACTION


def test_a_picture_with_a_question_is_an_ordinary_question() -> None:
    verdict = judge("この画面から進めません", has_files=True)
    assert verdict.is_question
    assert verdict.reason is None


THANKS_TEXTS = ASIDE[Reason.THANKS]
CONTENT = [
    text for text in QUESTIONS if len(text) > 12 and not text.startswith(("笹舟町", "4月に", "こんにちは"))
]


@given(st.sampled_from(CONTENT), st.sampled_from(THANKS_TEXTS), st.sampled_from(["。", "\n", "!", " 。"]))
def test_thanks_before_or_after_a_question_never_hides_it(question: str, thanks: str, pause: str) -> None:
    assert judge(thanks + pause + question, has_files=False).is_question
    assert judge(question + pause + thanks, has_files=False).is_question


@given(st.sampled_from(ASIDE_CASES), st.sampled_from([" ", "\n", "😊", ":pray:", "♪"]))
def test_emoji_and_space_at_the_end_change_nothing(case: tuple[str, Reason], tail: str) -> None:
    text, reason = case
    if reason not in (Reason.EMPTY, Reason.EMOJI_ONLY):
        assert judge(text + tail, has_files=False).reason is reason


@given(st.text(), st.booleans())
def test_any_text_gets_a_verdict_and_whatever_is_set_aside_has_a_reason(text: str, has_files: bool) -> None:
    verdict = judge(text, has_files=has_files)
    assert verdict.is_question or verdict.reason is not None


@given(st.text(alphabet="会計住民税端末回線が動遅見積様式", min_size=1))
def test_words_of_the_work_are_never_set_aside(text: str) -> None:
    assert judge(text, has_files=False).is_question


def test_a_very_long_letter_is_read_by_a_person() -> None:
    assert judge("ありがとうございました。" * 60, has_files=False).is_question


@pytest.mark.parametrize("tail", ["、", "が", "けど", "のに", "ますか", "か"])
def test_a_sentence_that_goes_on_after_thanks_is_a_question(tail: str) -> None:
    goes_on = f"ありがとうございました{tail}直りません"
    assert judge(goes_on, has_files=False).is_question
