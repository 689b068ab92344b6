"""Services in small, as the paging adapters see them: what is published, cut into pages, shuffled and repeated."""

from __future__ import annotations

import io
import json
import random
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from salestrigger.sources.record_columns import slices_of
from salestrigger.sources.records import Collected
from tests.sources.adapters.running import NOW

TODAY = NOW.date()
Query = Mapping[str, str]


@dataclass
class World(ABC):
    """``count`` things over a few days; answers have ``page`` rows, some of them again, in any order."""

    count: int
    page: int
    cap: int
    chance: random.Random
    days: int = 3
    path: str = "/api"
    asked: int = field(default=0, init=False)

    adapter = ""

    @abstractmethod
    def options(self) -> dict[str, Any]:
        """The source's options, with the smallest caps that make sense."""

    @abstractmethod
    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        """Status and body (bytes, or what becomes JSON) of one request."""

    def constants(self) -> Mapping[tuple[Any, str], int]:
        """(module, name) → its value for a service as small as this."""
        return {}

    def expected(self) -> set[str]:
        """The keys of everything that was published."""
        return {self.key(n) for n in range(self.count)}

    def found(self, collected: Collected) -> set[str]:
        """The keys of what a run brought."""
        return {document.key for document in collected.documents}

    def key(self, n: int) -> str:
        """Thing ``n`` as :meth:`found` names it."""
        return str(700_000 + n)

    def day(self, n: int) -> date:
        """When it was published: within the last days, in order."""
        return TODAY - timedelta(days=self.days - 1 - n * self.days // max(1, self.count))

    def shuffled(self, wanted: list[int], all_so_far: list[int]) -> list[int]:
        """A page in any order, with some rows that were there before or are there twice."""
        again = [n for n in all_so_far if self.chance.random() < 0.2]
        rows = wanted + again
        self.chance.shuffle(rows)
        return rows

    def respond(self, url: str, post: bytes | None) -> tuple[int, bytes]:
        """One answer as bytes."""
        parts = urlsplit(url)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        status, body = self.answer(parts.path, query, post)
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()


class BrregChanges(World):
    """The change feed: ``oppdateringsid`` is inclusive, its numbers have gaps."""

    adapter = "brreg"

    def options(self) -> dict[str, Any]:
        return {
            "mode": "changes",
            "refetch": False,
            "page_size": self.page + 1,
            "max_events": self.cap,
            "first_days": 9,
        }

    def number(self, n: int) -> int:
        return 100 + 3 * n

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        first = int(query.get("oppdateringsid", 0))
        later = [n for n in range(self.count) if self.number(n) >= first][: min(self.page, int(query["size"]))]
        rows = [
            {
                "oppdateringsid": self.number(n), "dato": f"{self.day(n)}T04:00:00.000Z", "endringstype": "Endring",
                "organisasjonsnummer": str(999_700_000 + n),
                "endringer": [{"op": "replace", "path": "/hjemmeside", "value": f"www.{n}.example"}],
            }
            for n in self.shuffled(later, later)
        ]  # fmt: skip
        return 200, {"_embedded": {"oppdaterteEnheter": rows}, "page": {}} if rows else {"page": {}}

    def found(self, collected: Collected) -> set[str]:
        return {change.record_id.removeprefix("NO-BRC-999") for change in collected.changes}


class BrregRoles(World):
    """The role feed: ``afterId`` is exclusive; the roles are asked for one by one."""

    adapter = "brreg"

    def options(self) -> dict[str, Any]:
        return {"mode": "roles", "refetch": False, "page_size": self.page + 1, "max_events": self.cap, "first_days": 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        if path.endswith("/roller") and "oppdateringer" not in path:
            person = {"navn": {"fornavn": "Kari", "etternavn": "Oppdiktet"}}
            role = {"type": {"kode": "DAGL"}, "person": person, "fratraadt": False, "avregistrert": False}
            return 200, {"rollegrupper": [{"type": {"kode": "DAGL"}, "sistEndret": str(TODAY), "roller": [role]}]}
        after = int(query.get("afterId", 0))
        later = [n for n in range(self.count) if 100 + 3 * n > after][: min(self.page, int(query["size"]))]
        return 200, [
            {"id": str(100 + 3 * n), "data": {"organisasjonsnummer": str(999_700_000 + n)}}
            for n in self.shuffled(later, later)
        ]

    def found(self, collected: Collected) -> set[str]:
        return {change.record_id.removeprefix("NO-BRC-999") for change in collected.changes}


class BrregRolesJoined(BrregRoles):
    """The file of all roles, made after some of the changes, and then the feed: only the later ones are told."""

    def options(self) -> dict[str, Any]:
        return super().options() | {"bulk": True}

    @property
    def in_the_file(self) -> int:
        """How many of the changes the file has already."""
        return self.count // 3

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        if path.endswith("/totalbestand"):
            numbers = self.shuffled(list(range(self.count)), [])
            return 200, [
                {"organisasjonsnummer": str(999_700_000 + n)}
                | self.roles("Kari" if n < self.in_the_file else "Ola", self.day(n) if n < self.in_the_file else None)
                for n in numbers
            ]
        if path.endswith("/roller") and "oppdateringer" not in path:
            return 200, self.roles("Kari", self.day(int(path.split("/")[-2]) - 999_700_000))
        return super().answer(path, query, post)

    def roles(self, first: str, day: date | None) -> dict[str, Any]:
        person = {"navn": {"fornavn": first, "etternavn": "Oppdiktet"}, "fodselsdato": "1970-01-01"}
        role = {"type": {"kode": "DAGL"}, "person": person, "fratraadt": False, "avregistrert": False}
        return {"rollegrupper": [{"type": {"kode": "DAGL"}, "sistEndret": str(day or "2020-01-01"), "roller": [role]}]}

    def expected(self) -> set[str]:
        return {self.key(n) for n in range(self.in_the_file, self.count)}


class Ted(World):
    """The search: a day in the query, then tokens."""

    adapter = "ted"

    def options(self) -> dict[str, Any]:
        return {"max_xml": 0, "page_size": self.page, "max_notices": self.cap, "first_days": 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        asked = json.loads(post or b"{}")
        since = asked["query"].split()[2]
        later = [n for n in range(self.count) if f"{self.day(n):%Y%m%d}" >= since]
        start = int(asked.get("iterationNextToken", 0))
        rows = [
            {
                "publication-number": self.key(n), "publication-date": f"{self.day(n)}+02:00",
                "notice-type": "cn-standard", "notice-title": {"nld": [f"Opdracht {n}"]},
                "buyer-name": {"nld": ["Gemeente Verzonnen"]},
            }
            for n in self.shuffled(later[start : start + self.page], later[:start])
        ]  # fmt: skip
        end = start + self.page
        return 200, {"notices": rows, "iterationNextToken": str(end) if end < len(later) else None}


class PrhNew(World):
    """The Finnish register by day of registration, page by page."""

    adapter = "prh"

    def options(self) -> dict[str, Any]:
        return {"mode": "new", "max_companies": self.cap, "first_days": 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        first, last = query["registrationDateStart"], query.get("registrationDateEnd", "9")
        hits = [n for n in range(self.count) if first <= str(self.day(n)) <= last]
        start = self.page * (int(query["page"]) - 1)
        part = hits[start : start + self.page]
        companies = [finnish(self.key(n), self.day(n)) for n in (self.shuffled(part, hits[:start]) if part else [])]
        return 200, {"totalResults": len(hits), "companies": companies}

    def key(self, n: int) -> str:
        return finnish_number(n)

    def found(self, collected: Collected) -> set[str]:
        return {record.identifier for record in collected.records}


class PrhChanged(PrhNew):
    """The daily file of all companies, in any order."""

    def options(self) -> dict[str, Any]:
        return {"mode": "changed", "max_companies": self.cap, "first_days": 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        everything = list(range(self.count))
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            rows = [finnish(self.key(n), self.day(n)) for n in self.shuffled(everything, everything)]
            archive.writestr("all.json", json.dumps(rows))
        return 200, file.getvalue()


class JobTech(World):
    """The stream since a time."""

    adapter = "jobtech"

    def options(self) -> dict[str, Any]:
        return {"max_ads": self.cap, "first_hours": 24 * 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        later = [n for n in range(self.count) if self.moment(n) >= query["updated-after"]]
        return 200, [
            {
                "id": self.key(n), "headline": f"Jobb {n}", "publication_date": self.moment(n),
                "employer": {"name": "Påhittat AB", "organization_number": "5560000001"},
            }
            for n in self.shuffled(later, later)
        ]  # fmt: skip

    def moment(self, n: int) -> str:
        return f"{self.day(n)}T{n % 24:02}:00:{n // 24 % 60:02}"


class Nav(World):
    """The chain of pages, the last one asked again; every vacancy's details on their own."""

    adapter = "nav"

    def options(self) -> dict[str, Any]:
        return {"max_details": self.cap, "max_pages": 2}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        if "/feedentry/" in path:
            number = path.rpartition("/")[2]
            ad = {"title": f"Stilling {number}", "employer": {"name": "Fiktiv AS"}, "published": str(TODAY)}
            return 200, {"status": "ACTIVE", "json": ad}
        last = max(0, (self.count - 1) // self.page)
        number = int(path.rpartition("/")[2]) if path.rpartition("/")[2].isdigit() else 0
        start = number * self.page
        part = list(range(start, min(self.count, start + self.page)))
        items = [
            {
                "id": self.key(n), "url": f"/api/v1/feedentry/{self.key(n)}", "date_modified": str(self.day(n)),
                "_feed_entry": {"uuid": self.key(n), "status": "ACTIVE", "businessName": "Fiktiv AS"},
            }
            for n in self.shuffled(part, part)
        ]  # fmt: skip
        following = f"/api/v1/feed/{number + 1}" if number < last else None
        return 200, {"items": items, "feed_url": f"/api/v1/feed/{number}", "next_url": following}


class TenderNed(World):
    """Pages of the notices between two days, the newest first."""

    adapter = "tenderned"

    def options(self) -> dict[str, Any]:
        return {"max_pages": self.cap, "first_days": 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        first, last = query["publicatieDatumVanaf"], query.get("publicatieDatumTot", "9")
        hits = [n for n in reversed(range(self.count)) if first <= str(self.day(n)) <= last]
        start = self.page * int(query["page"])
        rows = [
            {
                "publicatieId": self.key(n), "aanbestedingNaam": f"Opdracht {n}", "publicatieDatum": str(self.day(n)),
                "opdrachtgeverNaam": "Gemeente Verzonnen", "typePublicatie": {"omschrijving": "Aankondiging opdracht"},
            }
            for n in self.shuffled(hits[start : start + self.page], hits[:start])
        ]  # fmt: skip
        return 200, {"content": rows, "totalPages": -(-len(hits) // self.page), "totalElements": len(hits)}


class CompaniesHouse(World):
    """The stream from a point in time, cut off anywhere."""

    adapter = "companieshouse"

    def options(self) -> dict[str, Any]:
        return {"mode": "stream", "listen_s": 1}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        first = int(query.get("timepoint", 0))
        later = [n for n in range(self.count) if n >= first]
        lines = [
            json.dumps({
                "resource_kind": "company-profile", "event": {"timepoint": n, "type": "changed"},
                "data": {"company_number": f"{n:08}", "company_name": f"INVENTED {n} LIMITED"},
            })
            for n in later
        ]  # fmt: skip
        body = ("\n\n".join(lines) + "\n").encode()
        whole = body.find(b"}}\n") + 3  # at least one more than the one that is known comes through
        second = body.find(b"}}\n", whole) + 3
        return 200, body[: max(whole, second, self.chance.randrange(len(body) + 1))]

    def expected(self) -> set[str]:
        return {f"{n:08}" for n in range(self.count)}

    def found(self, collected: Collected) -> set[str]:
        return {record.identifier for record in collected.records}


class Gleif(World):
    """The golden copy: whenever it is asked for, some publications later; deltas over a time, and the whole file."""

    adapter = "gleif"
    path = "/golden"

    published = 0
    #: delta → how many publications it covers
    covers: ClassVar[Mapping[str, int]] = {"IntraDay": 1, "LastDay": 3, "LastWeek": 21, "LastMonth": 93}

    def options(self) -> dict[str, Any]:
        return {"mode": "universe", "with_parents": True}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        if path.endswith("/latest.json"):
            if "/lei2/" in path:
                self.published = min(self.count - 1, self.published + self.chance.randrange(1, 2 + self.page))
            at = NOW - timedelta(hours=8 * (self.count - self.published))
            base = f"http://register.example{path.removesuffix('/latest.json')}/{self.published}"
            files = {name: {"json": {"url": f"{base}/{name}.zip"}} for name in (*self.covers, "full")}
            return 200, {
                "data": {"publish_date": f"{at:%Y-%m-%d %H:%M:%S}", "full_file": files["full"], "delta_files": files}
            }
        kind, number, name = path.removesuffix(".zip").split("/")[-3:]
        last = int(number)
        first = max(0, last + 1 - self.covers.get(name, self.count))
        rows = [self.row(n) for n in self.shuffled(list(range(first, last + 1)), [])] if kind == "lei2" else []
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("copy.json", json.dumps({"records": rows}))
        return 200, file.getvalue()

    def row(self, n: int) -> dict[str, Any]:
        return {"LEI": {"$": self.key(n)}, "Entity": {"LegalName": {"$": f"Verzonnen {n} B.V."}}}

    def key(self, n: int) -> str:
        base = f"9999EXAMPLE{n:07d}"
        return f"{base}{98 - int(''.join(str(int(sign, 36)) for sign in base + '00')) % 97:02d}"

    def found(self, collected: Collected) -> set[str]:
        if collected.record_file is None:
            return set()
        return {key for part in slices_of(collected.record_file.path) for key in part["identifier"].to_pylist()}


WORLDS = (
    BrregChanges,
    BrregRoles,
    BrregRolesJoined,
    Ted,
    PrhNew,
    PrhChanged,
    JobTech,
    Nav,
    TenderNed,
    CompaniesHouse,
    Gleif,
)


def finnish_number(n: int) -> str:
    """A business id with its check digit; some stems have none, so every tenth stem is tried."""
    weights = (7, 9, 10, 5, 8, 4, 2)
    stem = 1_000_000 + 10 * n
    while True:
        rest = sum(int(digit) * weight for digit, weight in zip(str(stem), weights, strict=True)) % 11
        if rest != 1:
            return f"{stem}-{(11 - rest) % 11}"
        stem += 1


def finnish(number: str, day: date) -> dict[str, Any]:
    """A company of the Finnish register."""
    return {
        "businessId": {"value": number, "registrationDate": str(day)},
        "names": [{"name": f"Keksitty {number} Oy", "type": "1", "version": 1, "registrationDate": str(day)}],
        "companyForms": [{"type": "16", "version": 1, "registrationDate": str(day)}],
        "status": "2", "lastModified": f"{day}T10:00:00",
    }  # fmt: skip
