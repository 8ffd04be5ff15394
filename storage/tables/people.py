"""Who and where: workspaces, municipalities, members, talents, channels."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text

from storage.columns import (
    count,
    data,
    day,
    flag,
    maybe,
    maybe_flag,
    number,
    text,
    time,
    words,
)
from storage.tables.metadata import metadata

workspaces = Table(
    "workspace",
    metadata,
    Column("workspace", Text, primary_key=True),
    words("name"),
    text("url", default=""),
    text("zone", default="Asia/Tokyo"),
    text("intake", default="desk"),
    number("last_number", 0),
    number("last_practice_number", 0),
    number("last_entry", 0),
    number("last_change", 0),
    number("last_past", 0),
    number("config_version", 0),
    data("closures"),
    words("prefecture", default=""),
    words("emergency_phone", required=False),
    number("setup_step", 0),
    time("opened_at"),
    text("hours", default=""),
    data("openings", default="[]"),
    text("years", default="both"),
    text("targets", default=""),
    data("digests", default="{}"),
)

offices = Table(
    "office",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("municipality_code", Text, ForeignKey("municipality.code"), primary_key=True),
    text("hours", default=""),
    data("closures"),
    data("openings"),
    words("phone", default=""),
    words("night", default=""),
)

municipalities = Table(
    "municipality",
    metadata,
    Column("code", Text, primary_key=True),
    text("prefecture"),
    text("name"),
    text("kana"),
    text("kind"),
)

members = Table(
    "member",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    words("name"),
    text("permission", default="asker"),
    Column("municipality_code", Text, ForeignKey("municipality.code")),
    words("section", required=False),
    flag("deactivated"),
    time("seen_at", required=True),
    maybe("mail_domain"),
    time("confirmed_at"),
    text("letters", default=""),
    text("digests", default=""),
    flag("study_soon"),
)

fields = Table(
    "field",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    words("label"),
    words("short"),
    data("roles"),
    data("keywords"),
    number("position"),
)

talents = Table(
    "talent",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    words("name"),
    text("role"),
    words("title", default=""),
    data("fields"),
    data("conflicts"),
    words("working_hours", default=""),
    words("bio", default=""),
    day("contract_from"),
    day("contract_until"),
    count("contract_hours"),
)

channels = Table(
    "channel",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    words("name"),
    text("purpose", default="other"),
    flag("bot_is_member"),
    flag("archived"),
    time("caught_up_at"),
    time("members_read_at"),
    maybe_flag("is_private"),
)

channel_members = Table(
    "channel_member",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
)
