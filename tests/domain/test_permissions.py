"""Who may do what, cell by cell."""

from __future__ import annotations

import pytest

from bot.domain.permissions import ALLOWED, Deed, Role, allowed, role_of

COLUMNS = ["asker", "talent", "coordinator", "staff", "admin", "guest", "visitor", "unknown", "deactivated"]
TABLE = """
help           x  x  x  x  x  x  .  x  .
ask            x  x  x  x  x  x  .  x  .
press          x  x  x  x  x  x  x  x  .
weigh          .  .  x  .  x  .  .  .  .
introduce      x  x  x  x  x  x  .  x  .
see_rota       x  x  x  x  x  .  .  x  .
swap_duty      .  x  x  .  x  .  .  .  .
arrange_duty   .  .  x  .  x  .  .  .  .
see_study      x  x  x  x  x  .  .  x  .
search         x  x  x  x  x  .  .  x  .
vouch          .  x  x  x  x  .  .  .  .
write_faq      .  x  x  x  x  .  .  .  .
edit_faq       .  .  x  .  x  .  .  .  .
arrange_study  .  x  x  .  x  .  .  .  .
report         .  .  x  .  x  .  .  .  .
set_up         .  .  x  .  x  .  .  .  .
manage_people  .  .  x  .  x  .  .  .  .
manage_admins  .  .  .  .  x  .  .  .  .
oversee        .  .  x  x  x  .  .  .  .
operate        .  .  .  .  x  .  .  .  .
"""
CELLS = [
    (Deed(line.split()[0]), Role(column), cell == "x")
    for line in TABLE.strip().splitlines()
    for column, cell in zip(COLUMNS, line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("deed", "role", "expected"), CELLS)
def test_a_cell(deed: Deed, role: Role, expected: bool) -> None:
    assert allowed(deed, role) is expected


def test_every_cell_is_written_here() -> None:
    assert {(deed, role) for deed, role, _ in CELLS} == {(deed, role) for deed in Deed for role in Role}
    assert set(ALLOWED) == set(Deed)


@pytest.mark.parametrize(
    ("permission", "deactivated", "elsewhere", "role"),
    [
        ("asker", False, False, Role.ASKER),
        ("admin", False, False, Role.ADMIN),
        ("guest", False, False, Role.GUEST),
        ("visitor", False, False, Role.EXTERNAL),
        (None, False, False, Role.UNKNOWN),
        (None, False, True, Role.EXTERNAL),
        ("asker", False, True, Role.EXTERNAL),
        ("guest", False, True, Role.EXTERNAL),
        ("talent", False, True, Role.TALENT),  # registered by the prefecture: their firm's own workspace
        ("coordinator", False, True, Role.COORDINATOR),
        ("admin", True, False, Role.DEACTIVATED),
        ("visitor", True, True, Role.DEACTIVATED),
    ],
)
def test_what_somebody_is(permission: str | None, deactivated: bool, elsewhere: bool, role: Role) -> None:
    assert role_of(permission, deactivated=deactivated, elsewhere=elsewhere) is role
