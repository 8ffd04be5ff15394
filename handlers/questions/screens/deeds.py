"""What can be done to a question, and what was done, in words. Pure."""

from __future__ import annotations

from bot.domain.question import Verb

LABELS = {
    Verb.ANSWER: "回答した",
    Verb.ASK_BACK: "相談者に確認している(返事を待つ)",
    Verb.HAND_OVER: "担当を替える",
    Verb.STEP_ASIDE: "利害関係があるので外れる",
    Verb.PUT_OFF: "あとで返事する(日を決める)",
    Verb.SET_NEEDED: "必要な日を入れる・変える",
    Verb.BY_PHONE: "電話で回答した",
    Verb.SET_FIELD: "分野を直す",
    Verb.RESOLVE: "解決した",
    Verb.REOPEN: "もう一度聞く",
    Verb.WITHDRAW: "相談を取り下げる",
    Verb.DUPLICATE: "ほかの相談と同じ内容なので、まとめて閉じる",
    Verb.NOT_A_QUESTION: "相談ではない",
}
DONE = {
    "receive": "受け付けました",
    "choose": "だれに聞くかを決めました",
    "narrow": "「県と担当だけに」変えました",
    "call": "電話での返事を希望しました",
    "assign": "担当を決めました",
    "claim": "対応を始めました",
    "hand_over": "担当を替えました",
    "step_aside": "担当から外れました",
    "ask_back": "相談者に確認しました",
    "answer": "回答しました",
    "assume_answered": "回答ありとしました(1開庁日たったため)",
    "resolve": "解決しました",
    "found": "FAQで解決しました",
    "reopen": "再開しました",
    "withdraw": "取り下げました",
    "by_phone": "電話で回答しました",
    "duplicate": "まとめて閉じました",
    "not_a_question": "相談ではないとしました",
    "no_reply": "ひとまず終了しました",
    "set_field": "分野を直しました",
    "set_body": "ご所属が登録されました",
    "escalate": "次の担当に回しました",
    "remind": "返信をお願いしました",
    "repair": "担当と予定を確かめ直しました",
    "put_off": "あとで返事することにしました",
    "resume": "返事をする日になりました",
    "set_needed": "必要な日を変えました",
    "deadline": "必要な日が近いことをお知らせしました",
    "nudge": "相談者に様子をうかがいました",
    "talent_wrote": "スレッドに書きました",
    "asker_wrote": "スレッドに書きました",
    "undo": "元に戻しました",
}
PASSED_ON, UNTOLD = frozenset({"step_aside", "escalate"}), frozenset({"remind"})
"""Of these, who does not answer hears only that somebody else has it, or nothing: a conflict of interest, or a word that
did not come, is nobody's to read of a person."""

NOT_YOURS = {
    Verb.CLAIM: "対応するのはアドバイザーと県の担当です。相談は届いています。",
    Verb.ANSWER: "「回答した」は、いまの担当の方が押します。スレッドへの書き込みは、どなたでもできます。",
    Verb.RESOLVE: "「解決した」は、相談者さんと担当の方が押します。記録は変わっていません。",
    Verb.FOUND: "「これで解決」は、相談者さんと担当の方が押します。記録は変わっていません。",
    Verb.REOPEN: "続きを聞けるのは、相談者さんと担当の方です。"
    "ご自分の相談は、チャンネルに新しくお書きください。",
    Verb.WITHDRAW: "取り下げられるのは、相談者さんと県の担当です。記録は変わっていません。",
}
"""What somebody reads who may not do a verb: who does it, and that nothing is lost."""
BARRED = "利害関係の登録があるため、この相談はほかの方が対応します。記録は変わっていません。"
