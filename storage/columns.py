"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Dialect, Integer, Text, false
from sqlalchemy.types import JSON, TypeDecorator

from bot.domain import my_number


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite forgets the zone, so it is put back; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite gets plain UTC."""
        if value is None:
            return None
        if value.tzinfo is not UTC:
            if value.tzinfo is None:
                raise ValueError("a naive datetime cannot be stored")
            value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text that people type. It never holds a My Number, whoever forgot to look for one before."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Mask what is written."""
        return None if value is None else my_number.mask(value)[0]


class Json(TypeDecorator[Any]):
    """Plain JSON, without a My Number in any of its texts."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Mask what is written."""
        return my_number.masked(value)


BigId = BigInteger().with_variant(Integer(), "sqlite")


def identity() -> Column[int]:
    """An ever-increasing primary key. It names a row; it is no order of commits on PostgreSQL."""
    return Column("id", BigId, primary_key=True, autoincrement=True)


def workspace() -> Column[str]:
    """Every row carries its workspace (Slack team id), so that one database can serve many prefectures."""
    return Column("workspace", Text, nullable=False)


def text(name: str, *, default: str | None = None) -> Column[str]:
    """A required text that no person types."""
    return Column(name, Text, nullable=False, server_default=default)


def maybe(name: str) -> Column[str | None]:
    """An optional text that no person types."""
    return Column(name, Text)


def words(name: str, *, default: str | None = None, required: bool = True) -> Column[Any]:
    """A text that people type."""
    return Column(name, Words, nullable=not required, server_default=default)


def time(name: str, *, required: bool = False) -> Column[Any]:
    """A moment, aware UTC."""
    return Column(name, UtcTime, nullable=not required)


def number(name: str, default: int | None = None) -> Column[int]:
    """A required whole number."""
    return Column(name, BigInteger, nullable=False, server_default=None if default is None else str(default))


def count(name: str) -> Column[int | None]:
    """An optional whole number."""
    return Column(name, BigInteger)


def day(name: str) -> Column[Any]:
    """An optional date, as the calendar on the wall says it."""
    return Column(name, Date)


def data(name: str, *, default: str | None = None) -> Column[Any]:
    """Plain JSON: lists, maps, texts, numbers. The default is JSON too."""
    return Column(name, Json, nullable=False, server_default=default)


def maybe_data(name: str) -> Column[Any]:
    """Plain JSON that may not be there."""
    return Column(name, Json(none_as_null=True))


def maybe_flag(name: str) -> Column[bool | None]:
    """A yes or no that may not be known."""
    return Column(name, Boolean)


def flag(name: str) -> Column[bool]:
    """A required yes or no, no by default."""
    return Column(name, Boolean, nullable=False, server_default=false())
