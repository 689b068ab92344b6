from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from salestrigger.matchers import lexicon as lexicon_module
from salestrigger.matchers.lexicon import load_lexicon
from salestrigger.matchers.patterns import PatternError, compile_pattern
from salestrigger.sources.errors import DeclarationError
from tests.matchers.event_texts import events_in

SHIPPED = Path(lexicon_module.__file__).parent


def _examples(kind: str) -> Iterator[tuple[str, str, str]]:
    for name, event_type in load_lexicon().types.items():
        for language, examples in event_type.examples.items():
            for text in getattr(examples, kind):
                yield name, language, text


@pytest.mark.parametrize(("name", "language", "text"), _examples("match"))
def test_every_example_yields_its_type(name: str, language: str, text: str) -> None:
    """What a type file shows as a match is one."""
    assert name in {event.type for event in events_in(text, language=language)}


@pytest.mark.parametrize(("name", "language", "text"), _examples("no_match"))
def test_no_counter_example_yields_its_type(name: str, language: str, text: str) -> None:
    """What a type file shows as no match is none."""
    assert name not in {event.type for event in events_in(text, language=language)}


def test_types_of_part_one_are_there_in_six_languages() -> None:
    """Forty-two types are known, each with phrases in Dutch, Norwegian, English, Swedish and Danish."""
    types = load_lexicon().types
    assert len(types) == 42
    assert all({"nl", "nb", "en", "sv", "da"} <= set(event_type.phrases) for event_type in types.values())


def test_never_a_hook_for_distress() -> None:
    """Types of distress give no hook, so that nobody opens a call with a bankruptcy."""
    assert {t.hook for t in load_lexicon().types.values() if t.polarity == "distress"} == {"never"}


def _overlay(tmp_path: Path, name: str, change: tuple[str, str]) -> Path:
    target = tmp_path / "triggers" / f"{name}.toml"
    target.parent.mkdir(parents=True)
    text = (SHIPPED / "triggers" / f"{name}.toml").read_text(encoding="utf-8")
    assert change[0] in text
    target.write_text(text.replace(*change, 1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (("impact = 95", "impact = 95\nimpakt = 95"), "impakt", "did you mean 'impact'"),
        (('roles = ["acquirer"', 'roles = ["raider"'), "roles.0", "'raider' is not allowed"),
        (("[examples.nb]", "[examples.fi]"), "examples", "no examples in 'nb'"),
        (('polarity = "growth"', 'polarity = "upwards"'), "polarity", "'growth'"),
        (("{acquirer} (neemt", "{buyer} (neemt"), "phrases.nl", "unknown slot '{buyer}'"),
        (("(neemt|nemen|nam|namen) {target} over", "(neemt {target} over"), "phrases.nl", "brackets must be closed"),
        (('yields_to = ["divestiture"', 'yields_to = ["divestment"'), "yields_to", "'divestment' is no event type"),
        (("buys control of another organisation or of part of it", "combines with another organisation as equals"),
         "definition", "is already the definition of"),
    ],
)  # fmt: skip
def test_a_wrong_type_file_is_refused_by_file_key_and_value(
    tmp_path: Path, change: tuple[str, str], key: str, says: str
) -> None:
    """The message names the file, the key, the value and what is allowed."""
    with pytest.raises(DeclarationError) as raised:
        load_lexicon(_overlay(tmp_path, "acquisition", change))
    assert "triggers/" in raised.value.path
    assert raised.value.key == key
    assert says in str(raised.value)


def test_a_phrase_may_stand_only_once(tmp_path: Path) -> None:
    """The same phrase twice in a language is refused."""
    phrase = '"{party} merger", '
    with pytest.raises(DeclarationError, match="is there twice"):
        load_lexicon(_overlay(tmp_path, "merger", (phrase, phrase * 2)))


def test_an_overlay_replaces_a_type_by_file_name_and_adds_new_ones(tmp_path: Path) -> None:
    """A folder of one's own wins by file name and leaves the rest as shipped."""
    folder = _overlay(tmp_path, "acquisition", ("impact = 95", "impact = 12"))
    text = (SHIPPED / "triggers" / "merger.toml").read_text(encoding="utf-8")
    renamed = text.replace("combines with another organisation as equals", "joins a cooperative of organisations")
    (folder / "triggers" / "joins_cooperative.toml").write_text(renamed, encoding="utf-8")
    lexicon = load_lexicon(folder)
    assert lexicon.types["acquisition"].impact == 12
    assert lexicon.types["joins_cooperative"].id == "joins_cooperative"
    assert len(lexicon.types) == len(load_lexicon().types) + 1


def test_a_language_that_falls_back_on_an_unknown_one_is_refused(tmp_path: Path) -> None:
    """A fallback must be declared."""
    (tmp_path / "languages").mkdir()
    text = (SHIPPED / "languages" / "nn.toml").read_text(encoding="utf-8")
    (tmp_path / "languages" / "nn.toml").write_text(
        text.replace('falls_back_on = "nb"', 'falls_back_on = "fr"'), "utf-8"
    )
    with pytest.raises(DeclarationError) as raised:
        load_lexicon(tmp_path)
    assert raised.value.key == "falls_back_on"


def test_a_lexicon_can_be_pickled() -> None:
    """Workers get the lexicon by pickle; what it finds is the same there."""
    lexicon = load_lexicon()
    copy = pickle.loads(pickle.dumps(lexicon))  # noqa: S301 - our own bytes
    assert copy.types == lexicon.types
    assert [p.regex for _, _, p in copy.phrases] == [p.regex for _, _, p in lexicon.phrases]


@pytest.mark.parametrize(
    "source", ["{acquirer}", "a|b", "(a|)", "Koopt {target}", "@soon koopt", "$nothing koopt", "(a .. b) c"]
)
def test_a_pattern_that_cannot_work_is_refused(source: str) -> None:
    """Nothing to look for, empty or nested alternatives, capitals, unknown tags and sets."""
    with pytest.raises(PatternError):
        compile_pattern(source, {}, lambda name: name in ("acquirer", "target"))


def test_shipped_files_are_all_read() -> None:
    """Every file of the folders is a type or a language."""
    lexicon = load_lexicon()
    assert {p.stem for p in (SHIPPED / "triggers").glob("*.toml")} == set(lexicon.types)
    assert {p.stem for p in (SHIPPED / "languages").glob("*.toml")} == set(lexicon.languages)
