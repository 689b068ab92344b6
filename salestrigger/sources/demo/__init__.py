"""The demo market: an invented economy in the exact formats of the real sources, served on loopback.

Its calendar is fixed (:data:`DAYS` days from Monday 2026-09-07; :func:`day_clock` is the logical now of a day's run).
What is true in it is declared beside its texts, so that it can be measured (``truth``). Nobody in it is real.
"""

from salestrigger.sources.demo.market import Answer, DemoMarket
from salestrigger.sources.demo.mischief import EXPECTED_FAILURES
from salestrigger.sources.demo.outlets import demo_specs
from salestrigger.sources.demo.server import Asked, DemoServer, serve
from salestrigger.sources.demo.timeline import DAYS, date_of, day_clock

__all__ = [
    "DAYS",
    "EXPECTED_FAILURES",
    "Answer",
    "Asked",
    "DemoMarket",
    "DemoServer",
    "date_of",
    "day_clock",
    "demo_specs",
    "serve",
]
