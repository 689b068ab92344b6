"""How much a second reader may cost in one run: requests, tokens, money, time. Pure; the clock is given.

What a request will probably cost is set aside before it is sent, so that requests side by side cannot overspend
together; when the answer is there, what it did cost takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from salestrigger.flows.reader_file import ReaderFile

#: characters of a token, on the careful side: English has about 4, Finnish and German with umlauts below 3
_CHARACTERS = 2.5
_ANSWER = 400  #: tokens of an ordinary answer, where nothing was declared


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens that a model read and wrote."""

    input_tokens: int
    output_tokens: int


@dataclass(slots=True)
class Budget:
    """What is left."""

    declared: ReaderFile
    ends_at: float
    requests: int = 0
    tokens: int = 0
    cost: float = 0.0

    @classmethod
    def of(cls, declared: ReaderFile, now: float) -> Budget:
        """A fresh one; ``now`` and its end are seconds of the same clock."""
        return cls(declared, now + declared.max_seconds)

    def expected(self, characters: int) -> Spent:
        """What a question of so many characters will cost at most."""
        most = self.declared.parameters.get("max_tokens") or self.declared.parameters.get("max_completion_tokens")
        return Spent(int(characters / _CHARACTERS) + 1, most if isinstance(most, int) else _ANSWER)

    def reserve(self, spent: Spent, now: float) -> str:
        """Set it aside; "" when there is enough, else why not: budget, out_of_time."""
        declared = self.declared
        if now >= self.ends_at:
            return "out_of_time"
        tokens = self.tokens + spent.input_tokens + spent.output_tokens
        cost = self.cost + self.price(spent)
        too_dear = declared.max_cost is not None and cost > declared.max_cost
        if self.requests >= declared.max_requests or tokens > declared.max_tokens or too_dear:
            return "budget"
        self.requests, self.tokens, self.cost = self.requests + 1, tokens, cost
        return ""

    def settle(self, reserved: Spent, spent: Spent) -> float:
        """Replace what was set aside by what it was; returns the cost."""
        change = spent.input_tokens + spent.output_tokens - reserved.input_tokens - reserved.output_tokens
        self.tokens += change
        self.cost += self.price(spent) - self.price(reserved)
        return self.price(spent)

    def price(self, spent: Spent) -> float:
        """In the declared currency."""
        declared = self.declared
        return (spent.input_tokens * declared.price_input + spent.output_tokens * declared.price_output) / 1_000_000
