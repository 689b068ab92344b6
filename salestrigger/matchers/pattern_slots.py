"""The expressions that a pattern's slots stand for, over an encoded sentence. ``patterns.py`` reads the patterns."""

from __future__ import annotations

import functools
import re

#: roles that a public body may hold
PUBLIC_ROLES = frozenset({"authority", "provider", "customer", "defendant", "counterparty"})
_AND = "(?:,|en|og|and|och|und|ja|samt|sekä|&)"
NO_NAME = "(?!§[OQP]|(?:by|door) )"  # no name of an organisation or person, nor the agent of a passive
ORDINARY = f"(?:{NO_NAME}[^ ;]+ )"
#: between a word of a phrase and the name that belongs to it: no other clause begins there
_WITHIN = "(?:(?!§[OQP]|(?:by|door|and|but|that|which|who|when|while|said|says|because|og|och|und|aber|maar) )[^ ;]+ )"
#: "Acme's Beta unit" and "Acme's subsidiary, Beta": Beta
_POSSESSOR = (
    r"(?:§[OQU]\d+ (?:(?:,|and|&) §[OQ]\d+ ){0,2}(?:'s|’s|s|') "
    r"(?:(?!§[OQP])[^ ;,]+ ){0,4}?(?:(?<=unit |sion |iary |iate ), )?(?=§[OQ]))?"
)
#: what may stand between commas after a name: "Acme, which makes pies, has bought …", "Jo Mill, 53, joins …"
_ASIDE = (
    r"(?:, §N\d+ (?:, )?)?"
    r"(?:, (?:which|who|whose|a|an|the|som|die|dat|der|das|ein|eine|een|en|et|ett|joka) [^,;]{3,150} , )?"
)
#: after a comma comes no second member, but who says so: "…, ifølge folk Finansposten har snakket med"
_NO_MEMBER = r"(?!, (?:ifølge|ifølgje|volgens|enligt|according|laut) )"
VALUES = {
    "person": r"§[PQ]\d+ ",
    "who": r"§[PQO]\d+ ",
    "place": r"§[LKOQ]\d+ ",
    "from": r"§[LKOQ]\d+ ",
    "market": r"§[LKOQ]\d+ ",
    "product": r"§[OQPLK]\d+ ",
    "previous": r"§[OQK]\d+ ",
    "money": r"§M\d+ ",
    "percent": r"§R\d+ ",
    "n": r"§N\d+ ",
}
BETWEEN = {"word": _WITHIN + "{0,5}?", "gap": ORDINARY + "?", "slot": ORDINARY + "{0,3}?", "": ""}


@functools.lru_cache(maxsize=4096)
def slot_regex(name: str, label: str, *, after: str, maybe: tuple[str, ...], genitive: bool) -> str:
    """The expression of a slot after a piece of that kind; ``maybe``: the words of an optional piece right before."""
    between = BETWEEN[after]
    if name in VALUES:
        return f"{between}(?P<{label}>{VALUES[name]})" + (_ASIDE if name in ("person", "who") else "")
    public = "G" if name in PUBLIC_ROLES else ""
    one = rf"§[OQU{public}]\d+ "
    if after == "word":  # right after a word of the phrase, "in Kompas" is taken as an organisation
        between = rf"(?:(?=§K)|{between}(?={one}))"
        one = rf"§[OQKU{public}]\d+ "
    elif maybe:
        said = "|".join(f"(?<= {re.escape(word)} )" for word in maybe)
        between = rf"(?:(?:{said})(?=§K)|{between}(?={one}))"
        one = rf"§[OQKU{public}]\d+ "
    several = rf"(?P<{label}>{one}(?:{_NO_MEMBER}{_AND} {ORDINARY}{{0,2}}?§[OQU{public}]\d+ ){{0,4}})"
    if genitive:
        return between + several + r"(?:(?:'s|’s|s|') )?"
    return between + _POSSESSOR + several + _ASIDE
