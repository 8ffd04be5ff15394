"""`banso backup` and `banso restore`: what the operator types, and the sentence that answers."""

from __future__ import annotations

from pathlib import Path

from bot.clock import Clock
from bot.settings import Settings
from storage.copies import back_up, restore


def keep_copy(settings: Settings, file: Path) -> str:
    """Write a backup; the sentence for the operator.

    Raises:
        OperatorError: nothing was written, and the sentence says why.
    """
    version = back_up(settings.database_url, file)
    size = file.stat().st_size / 2**20
    return f"✅ {file} にバックアップを取り、読めることを確かめました(版 {version}、{size:.1f} MB)"


def put_copy_back(settings: Settings, file: Path, *, force: bool) -> str:
    """Restore a backup; the sentence for the operator.

    Raises:
        OperatorError: nothing was changed, and the sentence says why.
    """
    done = restore(
        settings.database_url, file, Clock().real_now(), force=force, search_dir=settings.search_dir
    )
    aside = f"\nいままでの記録は {done.aside} に残してあります。" if done.aside else ""
    return (
        f"✅ {file} を戻しました(版 {done.version})。{aside}\n"
        "ボットを動かすと、バックアップのあとに Slack へ書かれたことを読み直します。\n"
        "画面や電話で登録された相談と、ボタンの操作は戻りません(docs/operations.md の「Backup and restore」)。"
    )
