"""Settings from environment variables or `.env`; nothing is read at import time.

Every name is documented in README.md (a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.mistakes import mistakes

REAL_SLACK = "https://slack.com/api/"
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """What an operator can set. Secrets never show in a repr or a log."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    slack_bot_token: SecretStr = Field(default=SecretStr(""), description="ボットのトークン(xoxb-…)")
    slack_app_token: SecretStr | None = Field(
        default=None, description="アプリのトークン(xapp-…)。あれば Socket Mode"
    )
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), description="HTTP モードの署名の鍵")
    slack_api_url: str = Field(default=REAL_SLACK, description="別の Slack(練習用の場所など)の Web API")
    slack_ca_file: Path | None = Field(default=None, description="庁内プロキシの認証局の証明書(PEM)")
    slack_proxy: str | None = Field(default=None, description="庁内プロキシの URL。なければ HTTPS_PROXY")
    database_url: str = Field(
        default="sqlite:///var/banso.sqlite3", description="sqlite:///… または postgresql://…"
    )
    search_dir: Path | None = Field(
        default=None,
        description="検索の索引を置く場所。なければ SQLite のファイルの隣(PostgreSQL では var/search)",
    )
    banso_admin: str | None = Field(
        default=None,
        pattern="^[UW][A-Z0-9]+$",
        description="はじめの管理者の Slack のメンバー ID(U…)。管理者がいないときだけ使う",
    )
    host: str = Field(default="127.0.0.1", description="待ち受けるアドレス(/healthz, /metrics, HTTP モード)")
    port: int = Field(default=3000, ge=0, le=65535, description="待ち受けるポート。0 は空いているもの")
    public_url: str | None = Field(
        default=None,
        description="外から届く URL(https://…)。カレンダーの購読と、HTTP モードの設定に使う",
    )
    log_level: str = Field(
        default="INFO",
        pattern="(?i)^(debug|info|warning|error)$",
        description="ログの細かさ(DEBUG, INFO, WARNING, ERROR)",
    )
    log_format: str = Field(default="json", pattern="^(json|text)$", description="ログの形(json か text)")
    socket_connections: int = Field(default=2, ge=1, le=10, description="Socket Mode の接続の数")
    catch_up_minutes: float = Field(default=10, gt=0, description="届かなかった書き込みを探しに行く間隔(分)")
    unsure_wait_seconds: float = Field(
        default=5, gt=0, description="送れたか分からないとき、履歴を見るまで待つ秒数(2 回見る)"
    )
    lease_seconds: float = Field(
        default=30, gt=0, description="送信の途中で止まったとき、別の処理が引き継ぐまでの秒数"
    )
    embed_url: str | None = Field(
        default=None,
        description="ことばの意味で探すためのモデルの宛先(https://…/v1)。入れると、FAQ の文と探したことばをそこへ送る",
    )
    embed_model: str | None = Field(default=None, description="EMBED_URL のモデルの名前")
    embed_key: SecretStr | None = Field(default=None, description="EMBED_URL の鍵。要らなければ空")
    embed_model_dir: Path | None = Field(
        default=None,
        description="この機械に置いたモデル(sentence-transformers の形)のフォルダー。外へは送らない",
    )
    embed_query_prefix: str = Field(
        default="", description="モデルが求めるとき、探したことばの前に付けるもの(「query: 」など)"
    )
    embed_entry_prefix: str = Field(
        default="", description="モデルが求めるとき、FAQ の文の前に付けるもの(「passage: 」など)"
    )
    clock_offset_seconds: float = Field(
        default=0, description="練習用に業務の時計をずらす秒数。本物の Slack では使えない"
    )

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, text: str | None) -> str | None:
        """Addresses that people keep are made of it. Without https only on this machine, to try things out."""
        if text is None or not text.strip():
            return None
        parts = _parts(text.strip())
        if parts is None or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("https:// で始まる URL だけを、? や # を付けずに書いてください")
        if parts.scheme != "https" and parts.hostname not in _HERE:
            raise ValueError("https:// で始まる URL にしてください")
        return text.strip().rstrip("/")

    @field_validator("embed_url", "embed_model", "embed_model_dir", mode="before")
    @classmethod
    def _may_be_left_empty(cls, given: object) -> object:
        return (given.strip() or None) if isinstance(given, str) else given

    @field_validator("embed_url")
    @classmethod
    def _goes_where_nobody_listens(cls, text: str | None) -> str | None:
        """What is sent there can be read on the way unless it is encrypted: without that, only within the house."""
        if text is None:
            return None
        parts = _parts(text)
        if parts is None or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("https:// で始まる URL だけを、? や # を付けずに書いてください")
        if parts.scheme != "https" and not _is_near(parts.hostname or ""):
            raise ValueError("https:// で始まる URL にしてください(http:// は庁内の IP アドレスだけです)")
        return text.rstrip("/")

    @model_validator(mode="after")
    def _one_embedder(self) -> Self:
        if self.embed_url is not None and self.embed_model_dir is not None:
            raise ValueError("EMBED_URL と EMBED_MODEL_DIR は、どちらか一つにしてください")
        if self.embed_url is not None and not self.embed_model:
            raise ValueError("EMBED_URL には、EMBED_MODEL(モデルの名前)も要ります")
        return self

    @model_validator(mode="after")
    def _only_the_sandbox_moves_time(self) -> Self:
        if self.clock_offset_seconds and not self.may_move_time:
            raise ValueError(
                "CLOCK_OFFSET_SECONDS は練習用の Slack(SLACK_API_URL が自分の機械)でだけ使えます"
            )
        return self

    def address(self, port: int) -> str | None:
        """Where we can be reached from outside. `http://127.0.0.1:0` is this machine at the port that was opened."""
        url = self.public_url
        return f"{url[:-1]}{port}" if url is not None and url.endswith(":0") else url

    @property
    def may_move_time(self) -> bool:
        """True when SLACK_API_URL is on this machine: a movable clock refuses to start elsewhere."""
        return urlsplit(self.slack_api_url).hostname in _HERE

    @property
    def embed_host(self) -> str | None:
        """Where texts are sent to be embedded; None when nothing leaves the house for that."""
        return urlsplit(self.embed_url).hostname if self.embed_url is not None else None

    @property
    def clock_offset(self) -> timedelta:
        """How far the business clock is moved."""
        return timedelta(seconds=self.clock_offset_seconds)

    @property
    def socket_mode(self) -> bool:
        """True when an app token is set."""
        return self.slack_app_token is not None and bool(self.slack_app_token.get_secret_value())


def _parts(url: str) -> SplitResult | None:
    """The parts of an address of the web; None where it is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and not set(url) & set(' <>"`\\')
    return parts if plain and parts.scheme in {"http", "https"} and parts.hostname else None


def _is_near(host: str) -> bool:
    """Whether a host is this machine, or an address of a private network."""
    try:
        return host in _HERE or ip_address(host).is_private
    except ValueError:
        return False


def load_settings(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: with one Japanese line for each bad value, never the value itself.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("設定が正しくありません。\n" + "\n".join(_lines(error))) from None
    except UnicodeDecodeError:
        raise SettingsError(".env を読めません。文字コード UTF-8 で保存し直してください。") from None
    except OSError as error:
        raise SettingsError(f".env を読めません({type(error).__name__})。") from None


def _lines(error: ValidationError) -> Iterator[str]:
    for place, words in mistakes(error):
        name = str(place[0]) if place else ""
        field = Settings.model_fields.get(name)
        about = f"。{field.description}" if field is not None else ""
        yield f"{name.upper() or '設定'}: {words}{about}"
