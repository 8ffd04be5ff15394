"""What a mail address tells of where somebody works: the part after the @, which is all that is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping

ENOUGH = 2
"""So many colleagues whose body is known make a guess."""

_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
FREE = frozenset(
    {
        *("gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me"),
        *("yahoo.co.jp", "yahoo.ne.jp", "ymail.ne.jp", "yahoo.com", "ybb.ne.jp", "excite.co.jp"),
        *("outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "live.jp", "live.com", "msn.com"),
        *("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp"),
        *(
            "rakuten.jp",
            "rakumail.jp",
            "uqmobile.jp",
            "nifty.com",
            "biglobe.ne.jp",
            "ocn.ne.jp",
            "plala.or.jp",
        ),
        *("so-net.ne.jp", "dion.ne.jp", "auone-net.jp", "asahi-net.or.jp", "mineo.jp"),
    }
)
"""Domains of everybody: they say nothing of a body, and are not kept."""


def domain_of(address: object) -> str | None:
    """The domain of a mail address; None if it has none, or one that says nothing."""
    domain = str(address).rpartition("@")[2].strip().lower() if isinstance(address, str) else ""
    free = domain in FREE or domain.endswith(tuple(f".{each}" for each in FREE))
    return domain if _DOMAIN.fullmatch(domain) and len(domain) <= 253 and not free else None


def guessed(known: Mapping[str | None, int]) -> str | None:
    """The code of the body whose domain it is: borne by colleagues enough of one body, and by nobody of another. `known`
    counts people by their body's code; None stands for those of some body without a code."""
    codes = list(known)
    return codes[0] if len(codes) == 1 and known[codes[0]] >= ENOUGH else None
