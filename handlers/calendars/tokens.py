"""What the address of a feed is made of: a part that finds it, and a secret of 256 bits of which only a digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_FINDS, _SECRET = 9, 32
"""Bytes."""
_FORM = re.compile(r"(?P<finds>[A-Za-z0-9_-]{12})(?P<secret>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Token:
    """`finds` may be known to whoever reads the database; `secret` to nobody but its owner."""

    finds: str
    secret: str

    @property
    def digest(self) -> str:
        """What is kept of the secret. It is as long as the digest, so nothing need slow down who tries."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def __str__(self) -> str:
        return self.finds + self.secret

    def __repr__(self) -> str:
        return "Token(…)"


def new() -> Token:
    """One that nobody had before."""
    return Token(secrets.token_urlsafe(_FINDS), secrets.token_urlsafe(_SECRET))


def read(text: str) -> Token | None:
    """The token in an address, None where it cannot be one."""
    found = _FORM.fullmatch(text)
    return None if found is None else Token(found["finds"], found["secret"])


def fits(token: Token, digest: str | None) -> bool:
    """Whether the secret is the one of which this is kept (None: there is none); it takes as long either way."""
    same = hmac.compare_digest(token.digest, digest or "0" * 64)
    return same and digest is not None
