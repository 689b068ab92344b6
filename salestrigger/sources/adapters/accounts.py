"""The adapter for the user's own list of accounts: a CSV or TSV file, read from the disk, never from the network.

Columns: ``name``, and any of ``org_id aliases country city website identifiers relation employees industry
industry_codeset legal_form revenue currency description``. Lists within a cell are separated by ``|``. Reading the rows
is in accounts_rows.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from salestrigger.sources.adapters import Session, options_of
from salestrigger.sources.adapters.accounts_rows import Relation, read_accounts
from salestrigger.sources.declare import Declaration
from salestrigger.sources.errors import DeclarationError
from salestrigger.sources.records import Collected
from salestrigger.sources.spec import SourceSpec

#: a list of accounts that is larger than this is something else
MAX_BYTES = 200 * 1024 * 1024


class Options(Declaration):
    """The ``[options]`` of a list of accounts."""

    relation: Relation = Field(default="account", description="what a row is when it does not say so itself")


async def collect(session: Session) -> Collected:
    """Every row as a record.

    Raises:
        DeclarationError: the file is absent or wrong; it names the row, the column and what is allowed.
    """
    options = options_of(session.spec, Options)
    path = path_of(session.spec)
    notes: list[str] = []
    rows = read_accounts(
        path, read_bytes(path), source_id=session.spec.id, fetched_at=session.now, relation=options.relation,
        notes=notes,
    )  # fmt: skip
    return Collected(records=rows, notes=tuple(notes))


def path_of(spec: SourceSpec) -> Path:
    """Where the file is: ``url`` is a path (``load_catalog`` has made it absolute when it is relative to a home)."""
    return Path(spec.url).expanduser()


def read_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        DeclarationError: it is absent, no file, too large or unreadable.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DeclarationError(path, f"larger than {MAX_BYTES // 2**20} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise DeclarationError(path, "no such file") from None
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from None
