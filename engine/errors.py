"""One tree of errors: every message says what, where and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

from engine.model.reason import Reason

if TYPE_CHECKING:
    from engine.model.problem import Problem


def brief(text: str, most: int = 40) -> str:
    """A text for a message that no guard has seen yet: whole, or how long it is. Half of a number would pass
    for none."""
    return text if len(text) <= most else f"({len(text)} signs)"


def unexpected(error: Exception) -> str:
    """Where it broke, without the error's own words: they may quote a record that no guard has seen."""
    at = extract_tb(error.__traceback__)[-1]
    where = f"{Path(at.filename).name}:{at.lineno}"
    return f"{type(error).__name__} in {where}, which is a mistake of ours; please report it"


class EngineError(Exception):
    """Anything forewarn itself refuses or cannot do; shown to people without a traceback."""

    exit_code = 3
    #: What its reader is told, where that is put in another language than the error itself.
    told = ""


class UsageError(EngineError):
    """The call itself is wrong: an unknown name, a date that cannot be read."""

    exit_code = 2


class ConfigError(EngineError):
    """One or more files hold mistakes; carries every one of them, never only the first."""

    exit_code = 1

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ActRefused(EngineError):
    """What somebody wanted to do may not be done now: the thing has moved, or their office does not reach."""

    exit_code = 1


class Busy(EngineError):
    """Too many ask for the same at once; the same again in a few seconds may do."""


class FeedError(EngineError):
    """A feed could not be read. The only error a connector raises."""


class RecordError(EngineError):
    """One record cannot become an incident; it is kept, masked, with this reason."""

    def __init__(self, sentence: str, *own: object) -> None:
        """`sentence` has a gap (`…`) for each thing that is this record's `own`."""
        self.reason = Reason(sentence, *own)
        super().__init__(self.reason)


class DeliveryError(EngineError):
    """A message could not be delivered. The only error a channel raises."""

    def __init__(
        self, message: str, *, permanent: bool, retry_after: timedelta | None = None, unknown: bool = False
    ) -> None:
        self.permanent = permanent
        #: The other side may have taken it all the same.
        self.unknown = unknown
        #: What the other side asked us to wait at least.
        self.retry_after = retry_after
        super().__init__(message)


class StoreError(EngineError):
    """The database is down, locked or at another schema version."""


class LeaseLost(EngineError):
    """Another process has taken over this run; nothing of it may be written."""


class InferenceError(EngineError):
    """The inference process crashed, hung or refused its program."""


@contextmanager
def extra(name: str) -> Iterator[None]:
    """What is imported within is optional; where it is missing, whoever asked is told how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(f"this needs the extra '{name}': pip install 'forewarn[{name}]'") from error
