"""Forget what may be kept only for a time: personal names, and the quotes and texts that hold them.

A person's name and the quotes of its event expire together; the event itself stays, with the function instead of the
person. Bodies expire in the raw store, not here.
"""

from __future__ import annotations

from datetime import date

from salestrigger.warehouse.connect import Warehouse

#: In this order: what tells of a person is deleted last, because it says what else must go.
_STEPS = (
    "expire_event_quotes", "expire_titles", "expire_source_quotes", "expire_changes", "expire_differences",
    "expire_people",
)  # fmt: skip


def expire(wh: Warehouse, today: date) -> int:
    """Delete and blank all whose day has come, in one transaction; how many rows were touched.

    Raises:
        StorageError: the disk or the file failed; nothing was forgotten.
    """
    with wh.transaction():
        return sum(wh.execute_file(name, {"today": today}) for name in _STEPS)
