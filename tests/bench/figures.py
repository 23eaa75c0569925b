"""What was measured. Pure."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What a scenario costs. A unit is what a person does; milliseconds, and bytes, are of a request."""

    name: str
    floor: str
    least: float
    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    size: int
    ratio: float = 0.0
    statements: int = 0
    buffers: int = 0
    most_buffers: int = 0
    slowest: float = 0.0
    scans: tuple[str, ...] = ()
    # The first line of an answer that was not the page: then nothing of the scenario is measured.
    refused: str = ""


@dataclass(frozen=True)
class Run:
    """What was measured with so many cases."""

    database: str
    cases: int
    start_up: float
    memory: float
    messages: float
    figures: tuple[Figure, ...]

    def as_json(self) -> dict[str, Any]:
        """The run as JSON has it."""
        return asdict(self)
