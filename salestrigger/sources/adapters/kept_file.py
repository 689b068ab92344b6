"""What a source must remember between runs and is too much for its cursor: a file named by its content.

The cursor says which file is in force. A crash after writing one and before storing the cursor leaves the old one in
force; a run that begins deletes all others.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from salestrigger.sources.adapters import Session


def keep(session: Session, name: str, content: bytes) -> str:
    """Write ``content``; what the cursor must say to get it back."""
    which = hashlib.sha256(content).hexdigest()[:16]
    path = _place(session, name, which)
    if not path.exists():
        written = path.with_suffix(".writing")
        written.write_bytes(content)
        written.replace(path)
    return which


def kept(session: Session, name: str, which: str | None) -> bytes | None:
    """The content that the cursor names; None when there is none (any more). Files that it does not name go."""
    path, others = _place(session, name, which or "none"), session.place_for(name)
    for other in others.parent.glob(f"{others.name}-*"):
        if other != path:
            other.unlink(missing_ok=True)
    try:
        return path.read_bytes()
    except OSError:
        return None


def _place(session: Session, name: str, which: str) -> Path:
    return session.place_for(f"{name}-{which}")
