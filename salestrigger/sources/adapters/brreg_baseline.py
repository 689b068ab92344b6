"""Who held which role when we last looked, as fingerprints that name nobody: what tells a new holder from an old one.

The register's role feed says that something about an organisation's roles changed, not what; a board's date moves with
every deputy. So the last known holder of each named role is kept, reduced to 16 bits of a hash over organisation, role
and name: one of 65,536 values, each of which some fifty of Norway's full names share for any one organisation. Another
value means another holder; who it was cannot be told from it. Nothing here asks the network.

The rows are a sorted array in a file that the cursor names (kept_file).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from salestrigger.sources.adapters import Session
from salestrigger.sources.adapters.kept_file import keep, kept
from salestrigger.sources.text import clean_text

#: roles that are told, in the order of their number in a key; only ever append
ROLES: Final = ("DAGL", "STYR")
#: the fingerprint of a role that nobody holds
NOBODY: Final = 0

_ROW = np.dtype([("key", "<u4"), ("print", "<u2")])
_NAME: Final = "baseline"

Rows = npt.NDArray[np.void]


def fingerprint(number: str, role: str, holder: str) -> int:
    """16 bits that stand for ``holder`` in this role of this organisation; NOBODY for an empty name."""
    name = clean_text(holder).casefold()
    if not name:
        return NOBODY
    digest = hashlib.blake2b(f"{number}\x00{role}\x00{name}".encode("utf-8", "replace"), digest_size=2).digest()
    return int.from_bytes(digest) or 1


def rows_of(prints: Mapping[tuple[str, str], int]) -> Rows:
    """Fingerprints by (organisation number, role) as sorted rows."""
    rows = np.array([(_key(number, role), value) for (number, role), value in prints.items()], dtype=_ROW)
    return np.sort(rows, order="key")


def rows_from(content: bytes) -> Rows:
    """Rows from their bytes.

    Raises:
        ValueError: they are none of ours.
    """
    return np.frombuffer(content, _ROW)


class Baseline:
    """The last known holders: those of the file, and over them what this run has seen."""

    def __init__(self, rows: Rows | None = None) -> None:
        self._rows = np.empty(0, _ROW) if rows is None else rows
        self._seen: dict[int, int] = {}
        self._gone: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def known(self, number: str, role: str) -> int | None:
        """The fingerprint of who held the role; None: never looked."""
        key = _key(number, role)
        if key in self._seen:
            return self._seen[key]
        at = int(np.searchsorted(self._rows["key"], key))
        found = at < len(self._rows) and int(self._rows["key"][at]) == key
        return int(self._rows["print"][at]) if found else None

    def see(self, number: str, role: str, value: int) -> None:
        """Who holds it now."""
        self._seen[_key(number, role)] = value

    def forget(self, numbers: Iterable[str]) -> None:
        """Drop organisations: the register removed them."""
        self._gone |= {_key(number, role) for number in numbers for role in ROLES}

    def load(self, parts: Iterable[Rows]) -> None:
        """Take a whole file's rows in place of the old ones; what this run has seen itself is newer and stays."""
        rows = np.concatenate([np.empty(0, _ROW), *parts])
        self._rows = rows[np.unique(rows["key"], return_index=True)[1]]

    def save(self, session: Session) -> str:
        """Keep what is known now; what the cursor must say to get it back."""
        seen = np.array([(key, value) for key, value in self._seen.items()], dtype=_ROW)
        rows = np.concatenate([seen, self._rows])
        rows = rows[np.unique(rows["key"], return_index=True)[1]]
        rows = rows[~np.isin(rows["key"], np.array(sorted(self._gone), "<u4"))]
        return keep(session, _NAME, rows.tobytes())


def saved(session: Session, which: str | None) -> Baseline | None:
    """The baseline that the cursor names; None when there is none (any more), or it is damaged."""
    content = kept(session, _NAME, which)
    try:
        return None if content is None else Baseline(rows_from(content))
    except ValueError:
        return None


def _key(number: str, role: str) -> int:
    """Nine digits and the role's number; below 2³² for two roles."""
    return int(number) * len(ROLES) + ROLES.index(role)
