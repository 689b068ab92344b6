"""What one run of the Norwegian register has found so far, and the mark of a day on which it recoded in bulk. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from salestrigger.sources.adapters.brreg_api import Fetched
from salestrigger.sources.adapters.brreg_changes import changes_of_entity
from salestrigger.sources.adapters.brreg_maker import Maker
from salestrigger.sources.adapters.brreg_records import code_of, record_id, record_of
from salestrigger.sources.records import Collected, Document, OrgChange, OrgRecord, RecordFile

#: on a day when this share of the changed organisations got a new industry code, the register recoded them in bulk
RECODING_SHARE, RECODING_AT_LEAST = 0.25, 40


@dataclass(slots=True)
class Yield:
    """What a run has found so far."""

    source_id: str
    maker: Maker
    leave_out: tuple[str, ...]
    records: dict[str, OrgRecord] = field(default_factory=dict)
    changes: dict[str, OrgChange] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    record_file: RecordFile | None = None

    def wants(self, entity: Mapping[str, Any]) -> bool:
        """Whether the entity's form is one that the file does not leave out."""
        return code_of(entity, "organisasjonsform") not in self.leave_out

    def add_entity(self, number: str, entity: Mapping[str, Any], fetched_at: datetime) -> None:
        """The entity's record, and the news its dated fields hold."""
        if not self.wants(entity):
            return
        record = record_of(entity, source_id=self.source_id, fetched_at=fetched_at)
        if record is None:
            self.set_aside.append((number, "an entity without a number or a name"))
            return
        self.records[number] = record
        self.add_changes(changes_of_entity(number, entity, self.maker))

    def add_changes(self, changes: Sequence[OrgChange]) -> None:
        """The changes that we do not have yet: the first way a fact arrives by is the one that is kept."""
        for change in changes:
            self.changes.setdefault(change.change_id, change)

    def add_missing(self, fetched: Fetched) -> None:
        """The organisations that are not there any more."""
        self.removed += [record_id(number) for number in fetched.gone]
        self.set_aside += [(number, "not in the register") for number in fetched.unknown]

    def collected(self, cursor: Mapping[str, Any]) -> Collected:
        """All of it."""
        return Collected(
            documents=tuple(self.documents),
            records=tuple(self.records.values()),
            changes=tuple(mark_recoding(list(self.changes.values()))),
            removed=tuple(dict.fromkeys(self.removed)),
            cursor=cursor,
            set_aside=tuple(self.set_aside),
            notes=tuple(self.notes),
            record_file=self.record_file,
        )


def mark_recoding(changes: Sequence[OrgChange]) -> list[OrgChange]:
    """Industry changes of a day on which the register recoded in bulk carry ``recoding`` in their details."""
    by_day: dict[date, tuple[set[str], set[str]]] = {}
    for change in changes:
        everyone, recoded = by_day.setdefault(change.published_at.date(), (set(), set()))
        everyone.add(change.record_id)
        if change.field == "industry":
            recoded.add(change.record_id)
    bulk = {
        day
        for day, (everyone, recoded) in by_day.items()
        if len(recoded) >= RECODING_AT_LEAST and len(recoded) >= RECODING_SHARE * len(everyone)
    }
    return [
        replace(change, details={**change.details, "recoding": "bulk"})
        if change.field == "industry" and change.published_at.date() in bulk
        else change
        for change in changes
    ]
