"""The one tree of errors: what the user can mend, what the operator must mend, what is our bug.

An error's docstring is its message: `UserError` docstrings are the Japanese sentence a person reads.
"""

from __future__ import annotations


class BansoError(Exception):
    """予期しないことが起きました。"""

    @property
    def sentence(self) -> str:
        """What a person reads: the text given when it was raised, else the class's docstring."""
        return str(self.args[0]) if self.args else (self.__doc__ or "").strip()


class UserError(BansoError):
    """この操作はできませんでした。"""


class NotYours(UserError):
    """この操作ができるのは、いまの担当の方と県の担当です。記録は変わっていません。"""


class Malformed(UserError):
    """この操作を読み取れませんでした。何も変わっていません。画面を開き直して、もう一度お試しください。"""


class DialogTooLate(UserError):
    """時間がかかり、画面を開けませんでした。何も変わっていません。もう一度押してください。"""


class NotAllowed(UserError):
    """この操作は、いまの権限ではできません。何も変わっていません。必要なときは県の担当へお知らせください。"""


class NotForVisitors(UserError):
    """ありがとうございます。このボタンは、県の担当・アドバイザーと、相談者さんが使うものです。記録は変わっていません。お気づきのことは、スレッドにお書きください。"""


class PersonalNumber(UserError):
    """マイナンバー(個人番号)と思われる番号があります。まだ何も保存していません。番号を消して、もう一度お送りください。ちがう番号のときは、一部を＊に替えてください。"""


class NotPossibleNow(UserError):
    """この相談は、ほかの操作で状態が変わりました。画面の新しい表示を確かめてください。"""


class NotOpenYet(UserError):
    """Banso はいま準備中です。県の担当が公開すると使えます。チャンネルに書かれたことは保存してあり、公開のあと届きます。"""


class NotFound(UserError):
    """この相談の記録が見つかりませんでした。県の担当へ知らせてください。"""


class SearchUnavailable(UserError):
    """いま探すことができません。記録は失われていません。お急ぎのときは「相談する」からお送りください。"""


class OperatorError(BansoError):
    """運用者の対応が要ります。"""


class SettingsError(OperatorError):
    """設定が足りないか、正しくありません。"""


class DatabaseUnavailable(OperatorError):
    """いま記録できませんでした。少し待って、もう一度お試しください。"""


class DatabaseBehind(OperatorError):
    """データベースの版が古いままです。`banso migrate` を実行してください。"""


class DatabaseAhead(OperatorError):
    """データベースのほうがプログラムより新しい版です。プログラムを新しくしてください。"""


class SlackRefuses(OperatorError):
    """いま、Slack が Banso からの返事を受け付けていません。記録は失われていません。県の担当へ知らせてください。"""


class SlackBusy(OperatorError):
    """いま Slack が混み合っていて、画面を出せませんでした。記録は失われていません。1分ほど待って、お試しください。"""


class SlackUnusable(OperatorError):
    """Slack に接続できません。`banso check` で確かめてください。"""
