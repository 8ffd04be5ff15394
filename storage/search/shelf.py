"""Where the index lies: a directory that can be thrown away at any time, for it is made of what the database says.

    DIRECTORY/0c5e…/            a database and workspace
        1.20261015-1/           a generation: what the index is made with, and the how manyth it is
        1.20261015-1.complete   everything that there was is in it
        1.20261015-1.meaning    what its words mean (`meaning`), once there are enough of them

A new generation is filled beside the one that is asked, which goes when the new one is complete. All of it is safe when
processes do it at once, or are killed at it: a generation appears whole and empty, under its name, by renaming; whoever
finds one goes on with it; and tantivy's own lock lets one write.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import structlog

from bot.domain.finding import Hit
from bot.domain.slips import Names, Slip, did_you_mean
from bot.domain.vocabulary import Thesaurus, Vocabulary
from storage.engines import parse_url
from storage.search import meaning
from storage.search.analysis import Analyser, recipe
from storage.search.generation import Generation, create
from storage.search.meaning import Meaning
from storage.search.nearness import Nearness, Vector

log = structlog.get_logger("search")

INDEXES: Final = ("", ".past")
"""What follows a workspace's name where its indexes lie: that of entries, and that of questions."""

_COMPLETE: Final = ".complete"
_MEANING: Final = ".meaning"
_ENOUGH: Final = 0.1
"""What must have changed, of all entries, before meanings or names are learned again."""
_OTHERS_KEPT_SECONDS: Final = 24 * 3600
"""What another version of the program made is kept while that version may still run beside us."""


def place(database_url: str, workspace: str, directory: Path | None = None) -> Path:
    """Where the index of a database and workspace lies: in `directory`, else beside the SQLite file, else in `var`."""
    url = parse_url(database_url)
    embedded = url.get_backend_name() == "sqlite" and bool(url.database)
    path = Path(str(url.database)).absolute()
    whose = str(path) if embedded else f"{url.host or url.query.get('host')}:{url.port}/{url.database}"
    parent = directory or (path.with_name(f"{path.name}.search") if embedded else Path("var/search"))
    return parent / hashlib.sha256(f"{whose}\n{workspace}".encode()).hexdigest()[:16]


class Shelf:
    """The generations of one index; everything here blocks, and may be called from any thread.

    Errors of the disk (OSError) and of tantivy (ValueError) come through.
    """

    def __init__(self, directory: Path, analyser: Analyser | None = None) -> None:
        self._directory = directory
        self._analyser = analyser or Analyser()
        self._recipe = recipe()
        self._lock = threading.Lock()
        self._asked: Generation | None = None
        self._vocabulary = Vocabulary()
        self._thesaurus: tuple[Vocabulary, Thesaurus] | None = None
        self.nearness = Nearness()
        self._meaning: tuple[tuple[int, int], Meaning | None] = ((0, 0), None)
        self._names: tuple[tuple[int, int], Names] | None = None

    def look(self) -> Generation:
        """See what others did, and return the newest generation, which is the one to be filled: made when there is none, and
        anew when it cannot be read."""
        with self._lock:
            newest = self._newest()
            complete = next(filter(self._is_complete, self._numbers()), None)
            self._asked = newest
            if complete is not None and complete != number_of(newest):
                with suppress(ValueError):  # then what there is of the newest must do
                    self._asked = self._open(complete)
            self._read_meaning(number_of(self._asked))
            return newest

    def _newest(self) -> Generation:
        for number in self._numbers()[:1]:
            try:
                return self._open(number)
            except ValueError as error:
                log.error("the search index cannot be read and is made anew", why=str(error))
                return self._begin(number + 1)
        return self._begin(1)

    def _numbers(self) -> list[int]:
        """The generations of our recipe, the newest first."""
        found = (path.name.rpartition("-") for path in self._directory.glob("*-*") if path.is_dir())
        return sorted(
            (int(n) for made, _, n in found if made == self._recipe and n.isdecimal()), reverse=True
        )

    def _path(self, number: int, end: str = "") -> Path:
        return self._directory / f"{self._recipe}-{number}{end}"

    def _is_complete(self, number: int) -> bool:
        return self._path(number, _COMPLETE).exists()

    def _open(self, number: int) -> Generation:
        mine = self._asked
        if mine is not None and number_of(mine) == number:
            mine.refresh()
            return mine
        return Generation(self._path(number), self._analyser)

    def _begin(self, number: int) -> Generation:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's own words
        made = Path(mkdtemp(prefix="new.", dir=self._directory))
        create(made)
        with suppress(OSError):  # somebody else was first
            made.rename(self._path(number))
        shutil.rmtree(made, ignore_errors=True)
        return self._open(number)

    def renew(self, instead_of: Generation) -> None:
        """Begin the next generation, unless somebody did."""
        with self._lock:
            if self._numbers()[:1] == [number_of(instead_of)]:
                self._begin(number_of(instead_of) + 1)

    def complete(self, generation: Generation) -> None:
        """Everything is in: from now on this generation is asked, and those before it go."""
        number = number_of(generation)
        if self._is_complete(number):
            return
        self._path(number, _COMPLETE).touch()
        for path in self._superseded(number):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        self.look()

    def _superseded(self, number: int) -> Iterator[Path]:
        kept = {
            self._path(n, end) for n in self._numbers() if n >= number for end in ("", _COMPLETE, _MEANING)
        }
        for path in set(self._directory.iterdir()) - kept:
            if path.name.startswith(f"{self._recipe}-") or _is_left(path):
                yield path

    @property
    def ready(self) -> bool:
        """Whether what is found is all there is to be found."""
        return self._asked is not None and self._is_complete(number_of(self._asked))

    def find(
        self,
        text: str,
        *,
        field_id: str | None,
        kind: str | None,
        most: int,
        vector: Vector | None = None,
    ) -> list[Hit]:
        """What the newest complete generation finds, as it was when we last looked; while there is none, the one that is
        filled. `vector`: what an embedder made of the text."""
        asked = self._there()
        return asked.find(
            text,
            field_id=field_id,
            kind=kind,
            most=most,
            thesaurus=self._spoken(),
            meaning=self._meaning[1],
            besides=self._guessed(text),
            embedded=self.nearness.of(vector) if vector is not None else None,
        )

    def _guessed(self, text: str) -> list[str]:
        """The words of a text with what was probably meant by one that finds nothing; none if that cannot be said."""
        slip = self.meant(text)
        mended = slip.mended(text) if slip is not None else None
        return self._analyser.words(mended) if mended is not None else []

    def _there(self) -> Generation:
        asked = self._asked
        return asked if asked is not None else self.look()

    # --- what words mean --------------------------------------------------------------------------------------

    @property
    def vocabulary(self) -> Vocabulary:
        """What people call the same; may be set at any time, and counts from the next search on."""
        return self._vocabulary

    @vocabulary.setter
    def vocabulary(self, vocabulary: Vocabulary) -> None:
        if vocabulary != self._vocabulary:
            self._vocabulary = vocabulary

    def _spoken(self) -> Thesaurus:
        vocabulary, found = self._vocabulary, self._thesaurus
        if found is None or found[0] is not vocabulary:  # it may change while this is made of what was
            found = self._thesaurus = (vocabulary, Thesaurus(vocabulary, self._analyser.words))
        return found[1]

    def _read_meaning(self, number: int) -> None:
        """Take in what was learned, by whomever, since we last looked."""
        try:
            written = self._path(number, _MEANING).stat().st_mtime_ns
        except OSError:
            self._meaning = ((number, 0), None)
            return
        if self._meaning[0] != (number, written):
            self._meaning = ((number, written), meaning.load(self._path(number, _MEANING)))

    def learn(self) -> bool:
        """Learn what words mean, if enough has changed and nobody else does just now; says whether it was learned."""
        asked = self._there()
        if len(asked) < meaning.LEAST or not self.ready or not self._is_due(asked):
            return False
        with _alone(asked.path) as alone:
            if not alone:
                return False
            entries = (entry for entry, _ in asked.everything(meaning.MOST))
            found = meaning.learn(entries, asked.applied, len(asked))
            if found is not None:
                found.save(self._path(number_of(asked), _MEANING))
                self._read_meaning(number_of(asked))
            return found is not None

    def _is_due(self, asked: Generation) -> bool:
        known = self._meaning[1]
        if known is None or known.applied > asked.applied:
            return True
        return asked.applied - known.applied > _ENOUGH * max(known.entries, len(asked))

    def meant(self, text: str) -> Slip | None:
        """What somebody meant by a word that finds nothing; nothing before the names were gathered."""
        if self._names is None:
            return None
        tokens = list(self._analyser.tokens(text))
        return did_you_mean(tokens, self._there().is_known, self._names[1])

    @property
    def named(self) -> bool:
        """Whether the names were gathered."""
        return self._names is not None

    def gather(self) -> None:
        """Gather what the entries name, if enough has changed: a millisecond an entry, so no search waits for it."""
        asked, known = self._there(), self._names
        state = (number_of(asked), asked.applied)
        if known is None or known[0][0] != state[0] or self._is_old(known[0][1], asked):
            questions = (shown for _, shown in asked.everything(meaning.MOST))
            self._names = (state, Names(questions))

    def _is_old(self, applied: int, asked: Generation) -> bool:
        return asked.applied - applied > _ENOUGH * len(asked) or asked.applied < applied


@contextmanager
def _alone(directory: Path) -> Iterator[bool]:
    """Whether no other process is in here; a process that is killed leaves."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(opened)


def number_of(generation: Generation) -> int:
    """The how manyth it is."""
    return int(generation.path.name.rpartition("-")[2])


def _is_left(path: Path) -> bool:
    with suppress(OSError):
        newest = max(each.stat().st_mtime for each in (path, *path.glob("meta.json")))
        return newest < time.time() - _OTHERS_KEPT_SECONDS
    return False
