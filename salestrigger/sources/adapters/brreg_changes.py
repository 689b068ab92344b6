"""What changed at an organisation, in the Norwegian register's own words, as OrgChanges. Pure.

Three ways lead here: the JSON Patch of a feed event, the kind of that event (new, deleted), and the dated fields of a
fetched entity or of its roles. The same fact gets the same ``change_id`` whichever way it came:

====================  ===================================================
fact                  its id is made of (record, field and) …
====================  ===================================================
created               nothing more: it happens once
name                  the new name
status                kind and the register's day
roles                 group and the register's day
everything else       the event's number
====================  ===================================================

It leaves out what is no news: set-up (dated on or before the registration), a municipality that was only renumbered,
fields that we have no use for. What a change means is decided by ``matchers/changes.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from salestrigger.sources.adapters.brreg_feed import OSLO, Patch, Update
from salestrigger.sources.adapters.brreg_maker import Maker, is_set_up, midday_of
from salestrigger.sources.adapters.brreg_records import (
    CODESET,
    FLAGS,
    STATUS_KINDS,
    UNSTATED_CODE,
    WITHHELD_BELOW,
    address_of,
    address_text,
    date_of,
    former_names,
    kind_of_date,
    status_dates,
    text_of,
    to_date,
)
from salestrigger.sources.records import ChangeField, OrgChange
from salestrigger.sources.text import clean_text

#: parts of an address that change without anybody moving
_RENUMBERED = frozenset({"kommune", "kommunenummer", "land", "landkode"})

#: fields of which one patched value says it all
_PLAIN: Mapping[str, ChangeField] = {
    "sisteInnsendteAarsregnskap": "accounts",
    "hjemmeside": "website",
    "overordnetEnhet": "parent",
}


def changes_of_update(update: Update, entity: Mapping[str, Any] | None, maker: Maker) -> tuple[OrgChange, ...]:
    """The changes that one feed event tells of; ``entity`` is the organisation as fetched, if it could be."""
    entity = entity or {}
    registered = date_of(entity, "registreringsdatoEnhetsregisteret")
    if update.kind == "Ny":
        # an organisation registered long ago is only new to the feed
        is_old = registered is not None and not maker.is_news(registered)
        return () if is_old else (_created(update.organization, entity, update.at, maker),)
    found = list(_patched(update, entity, maker))
    if update.kind == "Sletting" and not any(change.details.get("kind") == "sletting" for change in found):
        found.append(_status(update, "sletting", date_of(entity, "slettedato"), maker))
    return tuple(change for change in found if not is_set_up(change, registered))


def changes_of_entity(number: str, entity: Mapping[str, Any], maker: Maker) -> tuple[OrgChange, ...]:
    """What the dated fields of a fetched entity tell, when the register's own day lies within the news window."""
    registered = date_of(entity, "registreringsdatoEnhetsregisteret")
    found = [
        maker.change(number, "status", (kind, day.isoformat()), **_status_values(kind, day, midday_of(day, maker)))
        for kind, day in status_dates(entity).items()
        if maker.is_news(day)
    ]
    found += [change for change in _renamed(number, entity, maker) if maker.is_news(change.effective_on)]
    found = [change for change in found if not is_set_up(change, registered)]
    if registered and maker.is_news(registered):
        found.append(_created(number, entity, midday_of(registered, maker), maker))
    return tuple(found)


def _created(number: str, entity: Mapping[str, Any], published_at: datetime, maker: Maker) -> OrgChange:
    day = date_of(entity, "registreringsdatoEnhetsregisteret") or published_at.astimezone(ZoneInfo(OSLO)).date()
    return maker.change(
        number,
        "created",
        (),
        after=text_of(entity, "navn") or None,
        effective_on=day,
        published_at=published_at,
        details={"kind": "ny"},
    )


def _patched(update: Update, entity: Mapping[str, Any], maker: Maker) -> Iterator[OrgChange]:
    """One change per field that the patch touches, not one per operation."""
    groups: dict[str, list[Patch]] = {}
    for patch in update.patches:
        groups.setdefault(patch.path[0], []).append(patch)
    day = to_date(update.day)
    for root, patches in groups.items():
        if root in {"forretningsadresse", "postadresse"}:
            yield from _moved(update, root, patches, entity, maker)
        elif root == "antallAnsatte":
            yield _employees(update, patches[-1], groups, maker)
        elif root == "kapital":
            yield from _capital(update, patches, entity, maker)
        elif root.startswith("naeringskode"):
            yield from _industry(update, root, patches, maker)
        elif root == "organisasjonsform" and (code := _code(patches)):
            yield _dated(maker, update, "legal_form", code, day, details={"new_code": code})
        elif root in _PLAIN and patches[-1].operation != "remove":
            yield _dated(maker, update, _PLAIN[root], _readable(patches[-1].value), day)
    yield from _name_patched(update, groups, entity, maker)
    yield from _status_patched(update, groups, entity, maker)


def _dated(
    maker: Maker,
    update: Update,
    field: ChangeField,
    after: str | None,
    day: date | None,
    *,
    details: Mapping[str, str] | None = None,
) -> OrgChange:
    """A change that only its event identifies."""
    return maker.change(
        update.organization,
        field,
        (str(update.number), (details or {}).get("kind", "")),
        after=after,
        effective_on=day,
        published_at=update.at,
        details=dict(details or {}),
    )


def _moved(
    update: Update, root: str, patches: list[Patch], entity: Mapping[str, Any], maker: Maker
) -> Iterator[OrgChange]:
    """An address with new lines, postcode or place; neither a renumbered municipality nor a removal is a move."""
    whole = [patch.value for patch in patches if len(patch.path) == 1 and isinstance(patch.value, Mapping)]
    parts = {patch.path[1] for patch in patches if len(patch.path) > 1}
    if not whole and not parts - _RENUMBERED:
        return
    kind = "business" if root == "forretningsadresse" else "postal"
    current = entity.get(root)
    value = dict(current) if isinstance(current, Mapping) else {}
    if not value:
        value = dict(whole[-1]) if whole else {}
        value |= {patch.path[1]: patch.value for patch in patches if len(patch.path) == 2}
    address = address_of(value, "business" if kind == "business" else "postal")
    details = {
        "kind": kind,
        "parts": ",".join(sorted(parts)) if parts else "all",
        "postcode": address.postcode or "",
        "city": address.city or "",
        "municipality": address.municipality or "",
        "municipality_code": address.municipality_code or "",
    }
    yield _dated(maker, update, "address", address_text(address) or None, to_date(update.day), details=details)


def _employees(update: Update, patch: Patch, groups: Mapping[str, list[Patch]], maker: Maker) -> OrgChange:
    """A new number of employees; when it is removed it fell below what the register tells."""
    stated = groups.get("registreringsdatoAntallAnsatteEnhetsregisteret")
    day = to_date(stated[-1].value) if stated else to_date(update.day)
    number = patch.value
    if patch.operation == "remove" or isinstance(number, bool) or not isinstance(number, (int, float)):
        details = {"low": "0", "high": str(WITHHELD_BELOW - 1)}
        return _dated(maker, update, "employees", f"below {WITHHELD_BELOW}", day, details=details)
    return _dated(
        maker, update, "employees", str(int(number)), day, details={"low": str(int(number)), "high": str(int(number))}
    )


def _capital(update: Update, patches: list[Patch], entity: Mapping[str, Any], maker: Maker) -> Iterator[OrgChange]:
    """A new share capital; the number of shares alone is no news."""
    values: dict[str, Any] = {}
    for patch in patches:
        values |= dict(patch.value) if isinstance(patch.value, Mapping) else {patch.path[-1]: patch.value}
    amount = values.get("belop")
    if isinstance(amount, bool) or not isinstance(amount, (int, float)):
        return
    current = entity.get("kapital")
    known = current if isinstance(current, Mapping) else {}
    currency = values.get("valuta") or known.get("valuta") or "NOK"
    details = {"amount": f"{amount:.15g}", "currency": clean_text(str(currency))[:3]}
    day = to_date(values.get("innfortDato")) or to_date(update.day)
    yield _dated(maker, update, "capital", f"{amount:,.15g} {details['currency']}", day, details=details)


def _industry(update: Update, root: str, patches: list[Patch], maker: Maker) -> Iterator[OrgChange]:
    """A new industry code with its code set and rank (1 is the main one)."""
    code = _code(patches)
    if code is None or code == UNSTATED_CODE:
        return
    labels = [patch.value.get("beskrivelse") for patch in patches if isinstance(patch.value, Mapping)]
    labels += [patch.value for patch in patches if patch.path[-1] == "beskrivelse"]
    label = clean_text(str(labels[-1])) if labels and labels[-1] else ""
    rank = root.removeprefix("naeringskode")
    details = {"kind": f"industry_{rank}", "new_code": code, "codeset": CODESET, "rank": rank}
    yield _dated(maker, update, "industry", f"{code} {label}".strip(), to_date(update.day), details=details)


def _name_patched(
    update: Update, groups: Mapping[str, list[Patch]], entity: Mapping[str, Any], maker: Maker
) -> Iterator[OrgChange]:
    """A new name; the patch of ``historiskeNavn`` tells the old one."""
    if "navn" not in groups or not isinstance(groups["navn"][-1].value, str):
        return
    after = clean_text(groups["navn"][-1].value)
    same = [change for change in _renamed(update.organization, entity, maker) if change.after == after]
    olds = [p.value for p in groups.get("historiskeNavn", []) if p.operation == "add" and isinstance(p.value, Mapping)]
    before = text_of(olds[-1], "navn") if olds else (same[-1].before if same else None)
    yield maker.change(
        update.organization,
        "name",
        (after,),
        before=before,
        after=after,
        effective_on=same[-1].effective_on if same else to_date(update.day),
        published_at=update.at,
    )


def _renamed(number: str, entity: Mapping[str, Any], maker: Maker) -> Iterator[OrgChange]:
    """Each rename that ``historiskeNavn`` tells: a former name ended, the next one (or today's) began."""
    ended = sorted((name for name in former_names(entity) if name.valid_to), key=lambda name: name.valid_to or date.min)
    followers = [*(name.text for name in ended[1:]), text_of(entity, "navn")]
    for name, after in zip(ended, followers, strict=False):
        if name.valid_to and after and after != name.text:
            yield maker.change(
                number,
                "name",
                (after,),
                before=name.text,
                after=after,
                effective_on=name.valid_to,
                published_at=midday_of(name.valid_to, maker),
            )


def _status_patched(
    update: Update, groups: Mapping[str, list[Patch]], entity: Mapping[str, Any], maker: Maker
) -> Iterator[OrgChange]:
    """Bankruptcy, winding-up and the like: begun (the patch sets a flag or a day) or ended (it takes them away)."""
    begun: dict[str, date | None] = {}
    ended: list[str] = []
    flag_kinds = {field: kind for kind, field in FLAGS.items()}
    for root, patches in groups.items():
        patch, kind = patches[-1], kind_of_date(root) or flag_kinds.get(root)
        if kind is None:
            continue
        if patch.operation == "remove" or patch.value is False:
            # a deleted organisation loses every field; that is its deletion, not the end of its bankruptcy
            ended += [kind] if update.kind == "Endring" else []
        else:
            begun[kind] = to_date(patch.value) or begun.get(kind)
    current = status_dates(entity)
    for kind, day in begun.items():
        yield _status(update, kind, day or current.get(kind), maker)
    for kind in dict.fromkeys(ended):
        if kind not in begun and kind not in current:
            details = {"kind": f"{kind}_ended"}
            yield _dated(maker, update, "status", "active", to_date(update.day), details=details)


def _status(update: Update, kind: str, day: date | None, maker: Maker) -> OrgChange:
    on = day or update.at.astimezone(ZoneInfo(OSLO)).date()
    return maker.change(update.organization, "status", (kind, on.isoformat()), **_status_values(kind, on, update.at))


def _status_values(kind: str, day: date, published_at: datetime) -> dict[str, Any]:
    return {
        "after": STATUS_KINDS[kind],
        "effective_on": day,
        "published_at": published_at,
        "details": {"kind": kind},
    }


def _code(patches: list[Patch]) -> str | None:
    """The new ``kode``, given alone or with its object."""
    for patch in reversed(patches):
        value = patch.value.get("kode") if isinstance(patch.value, Mapping) else patch.value
        is_code = isinstance(patch.value, Mapping) or patch.path[-1] == "kode"
        if is_code and isinstance(value, str) and patch.operation != "remove":
            return clean_text(value)
    return None


def _readable(value: Any) -> str | None:
    return clean_text(str(value))[:200] if isinstance(value, (str, int, float)) else None
