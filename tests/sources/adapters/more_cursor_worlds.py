"""Further services in small, for the tests of cursors: those that page by date, by number or from the newest back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from salestrigger.sources.adapters import doffin, gdelt, mfn, sec
from salestrigger.sources.records import Collected
from tests.sources.adapters.cursor_worlds import Query, World
from tests.sources.adapters.running import NOW


class Sru(World):
    """Publications by day of modification; a query may end at a day."""

    adapter = "sru"

    def options(self) -> dict[str, Any]:
        return {"query": "x", "page_size": self.page, "max_records": self.cap, "first_days": 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        first = re.search(r">=(\S+)", query["query"])
        end = re.search(r"<(\S+)", query["query"])
        assert first is not None
        hits = [n for n in range(self.count) if first[1] <= str(self.day(n)) < (end[1] if end else "9")]
        start = int(query["startRecord"]) - 1
        part = hits[start : start + self.page]
        return 200, self.xml(self.shuffled(part, hits[:start]) if part else [])

    def xml(self, numbers: list[int]) -> bytes:
        found = "".join(
            f"<s:record><s:recordData><g:gzd xmlns:g='http://standaarden.overheid.nl/sru'>"
            f"<d:identifier>{self.key(n)}</d:identifier><d:title>Vergunning Kade {n}</d:title>"
            f"<g:preferredUrl>https://zoek.example/{n}.html</g:preferredUrl></g:gzd></s:recordData></s:record>"
            for n in numbers
        )
        space = "xmlns:s='http://docs.oasis-open.org/ns/search-ws/sruResponse' xmlns:d='http://purl.org/dc/terms/'"
        return f"<s:searchRetrieveResponse {space}><s:records>{found}</s:records></s:searchRetrieveResponse>".encode()


class Doffin(World):
    """Notices of one day, page by page, ten pages at most."""

    adapter = "doffin"

    def constants(self) -> Mapping[tuple[Any, str], int]:
        return {(doffin, "PAGE_SIZE"): self.page + 2}

    def options(self) -> dict[str, Any]:
        return {"first_days": 9, "max_days": self.cap}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        hits = [n for n in range(self.count) if str(self.day(n)) == query["issueDateFrom"]]
        size = self.page + 2
        start = size * (int(query["page"]) - 1)
        part = hits[start : start + size]
        rows = [
            {
                "id": self.key(n), "heading": f"Kunngjøring {n}", "type": "ANNOUNCEMENT_OF_COMPETITION",
                "buyer": [{"name": "Fiktiv kommune"}], "issueDate": str(self.day(n)),
            }
            for n in (self.shuffled(part, hits[:start]) if part else [])
        ]  # fmt: skip
        return 200, {"numHitsTotal": len(hits), "hits": rows}


class Gdelt(World):
    """Articles by the quarter of an hour in which they were seen, the oldest first, so many an answer."""

    adapter = "gdelt"

    def constants(self) -> Mapping[tuple[Any, str], int]:
        return {(gdelt, "MOST"): self.page + 1}

    def options(self) -> dict[str, Any]:
        return {"query": "Havglimt", "first_hours": 24 * 9, "max_requests": self.cap}

    def seen(self, n: int) -> datetime:
        return NOW - timedelta(days=2) + timedelta(minutes=15 * (n // self.page))

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        later = [n for n in range(self.count) if f"{self.seen(n):%Y%m%d%H%M%S}" >= query["startdatetime"]]
        rows = [
            {"url": self.key(n), "title": f"Nytt verft {n}", "seendate": f"{self.seen(n):%Y%m%dT%H%M%SZ}"}
            for n in self.shuffled(later[: self.page + 1], [])
        ]
        return 200, {"articles": rows}

    def key(self, n: int) -> str:
        return f"https://avis.example/{n}"


class FromTheNewest(World):
    """What is published grows from answer to answer; the newest stand first, so pages shift."""

    published = 0

    def newest_first(self, start: int, size: int) -> list[int]:
        """The things of one page."""
        if start == 0:
            grown = self.published + self.chance.randrange(1, 2 * self.page + 1) if self.published else self.page
            self.published = min(self.count, grown)
        return list(range(self.published - 1, -1, -1))[start : start + size]


class Mfn(FromTheNewest):
    """Releases by offset."""

    adapter = "mfn"

    def constants(self) -> Mapping[tuple[Any, str], int]:
        return {(mfn, "PAGE_SIZE"): self.page}

    def options(self) -> dict[str, Any]:
        return {"max_items": 500}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        rows = [
            {"news_id": self.key(n), "content": {"title": f"Rapport {n}"}}
            for n in self.newest_first(int(query["offset"]), self.page)
        ]
        return 200, {"items": rows}


class Sec(FromTheNewest):
    """The feed of current filings, page by page."""

    adapter = "sec"
    path = "/cgi-bin/browse-edgar"

    def constants(self) -> Mapping[tuple[Any, str], int]:
        return {(sec, "MAX_PAGE"): self.page}

    def options(self) -> dict[str, Any]:
        return {"mode": "current", "max_pages": 100}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        entries = "".join(
            f"<entry><title>8-K - FJELLMARK, INC. (0001234567) (Filer)</title><link href='https://www.sec.example/{n}'/>"
            f"<summary type='html'>&lt;b&gt;Filed:&lt;/b&gt; 2026-10-02 &lt;br&gt;Item 1.03: Bankruptcy</summary>"
            f"<updated>2026-10-02T08:00:47-04:00</updated><category term='8-K'/>"
            f"<id>urn:tag:sec.gov,2008:accession-number={self.key(n)}</id></entry>"
            for n in self.newest_first(int(query["start"]), self.page)
        )
        return 200, f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Latest</title>{entries}</feed>".encode()

    def key(self, n: int) -> str:
        return f"0001234567-26-{n:06d}"


class KvkSignals(World):
    """The Mutatieservice by time and page, and the profiles it names, of which a run may ask so many."""

    adapter = "kvk"

    def options(self) -> dict[str, Any]:
        return {"mode": "changes", "subscription": "s", "first_days": 9, "max_requests": self.cap}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        if "/basisprofielen/" in path:
            number = path.rpartition("/")[2]
            return 200, {"kvkNummer": number, "naam": f"Verzonnen {number} B.V."}
        hits = [n for n in range(self.count) if query["vanaf"] <= f"{self.day(n)}T04:00:00Z" < query["tot"]]
        start = self.page * (int(query["pagina"]) - 1)
        found = [
            {"id": f"id-{n}", "timestamp": f"{self.day(n)}T04:00:00Z", "kvknummer": self.key(n),
             "signaalType": "SignaalGewijzigdeInschrijving"}
            for n in self.shuffled(hits[start : start + self.page], hits[:start])
        ]  # fmt: skip
        return 200, {"totaalPaginas": -(-len(hits) // self.page), "signalen": found}

    def key(self, n: int) -> str:
        return f"{n + 1:08}"

    def found(self, collected: Collected) -> set[str]:
        return {record.identifier for record in collected.records}


class Cir(World):
    """The insolvency register's days, of which a run reads so many."""

    adapter = "cir"

    def options(self) -> dict[str, Any]:
        return {"max_days": self.cap}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        if path.endswith("/getAll/"):
            days = sorted({f"{self.day(n):%Y%m%d}000000" for n in range(self.count)})
            self.chance.shuffle(days)
            return 200, [{"Id": day} for day in days]
        notices = [
            f"Uitspraak faillissement inzake (F.03/26/{n}) Verzonnen {n} B.V, vest.adr. Kade 3 4461AB Goes, "
            f"KvK: {n:08}."
            for n in range(self.count)
            if f"{self.day(n):%Y%m%d}000000" == path.rpartition("/")[2]
        ]
        group = {
            "PublicatieclusterOmschrijving": "uitspraken faillissement",
            "Publicatiesoorten": [{"PublicatiesNaarLocatie": [{"Publicaties": notices}]}],
        }
        court = {"PublicerendeInstantieOmschrijving": "Rechtbank Limburg", "Publicatieclusters": [group]}
        return 200, {"Instanties": [court], "Datum": "/Date(1790892000000)/"}

    def key(self, n: int) -> str:
        return f"NL-KVK-{n:08}"

    def found(self, collected: Collected) -> set[str]:
        return {str(document.identifiers[0]) for document in collected.documents}


class CvrChanged(World):
    """The index by number after the last one."""

    adapter = "cvr"

    def options(self) -> dict[str, Any]:
        return {"mode": "changed", "page_size": self.page, "max_companies": self.cap, "first_days": 9}

    def answer(self, path: str, query: Query, post: bytes | None) -> tuple[int, Any]:
        asked = json.loads(post or b"{}")
        after = asked.get("search_after", [0])[0]
        since = asked["query"]["bool"]["filter"][0]["range"]["Vrvirksomhed.sidstOpdateret"]["gte"]
        hits = [
            {
                "sort": [int(self.key(n))],
                "_source": {"Vrvirksomhed": {
                    "cvrNummer": int(self.key(n)),
                    "virksomhedMetadata": {"nyesteNavn": {"navn": f"Opdigtet {n} ApS"}},
                    "sidstOpdateret": f"{self.day(n)}T04:00:00.000Z",
                }},
            }
            for n in range(self.count)
            if int(self.key(n)) > after and f"{self.day(n)}T04:00:00.000Z" >= since
        ]  # fmt: skip
        return 200, {"hits": {"hits": hits[: asked["size"]]}}

    def key(self, n: int) -> str:
        return danish_number(n)

    def found(self, collected: Collected) -> set[str]:
        return {record.identifier for record in collected.records}


def danish_number(n: int) -> str:
    """A CVR number with its check digit (modulus 11)."""
    found = (
        number for number in range(10_000_000, 10_100_000)
        if sum(int(d) * w for d, w in zip(str(number), (2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0
    )  # fmt: skip
    return str([next(found) for _ in range(n + 1)][n])


MORE_WORLDS = (Sru, Doffin, Gdelt, Mfn, Sec, KvkSignals, Cir, CvrChanged)
