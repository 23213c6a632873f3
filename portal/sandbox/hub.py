"""What the three servers share: the state, the event log, the gates and the faults."""

import itertools
from dataclasses import dataclass, field

from portal.sandbox.events import EventLog, Gates
from portal.sandbox.faults import FaultBook
from portal.sandbox.state import State


@dataclass(slots=True)
class Hub:
    """`addresses` holds the base URL of each service once its port is known."""

    state: State
    events: EventLog = field(default_factory=EventLog)
    gates: Gates = field(default_factory=Gates)
    faults: FaultBook = field(default_factory=FaultBook)
    addresses: dict[str, str] = field(default_factory=dict)
    request_ids: "itertools.count[int]" = field(default_factory=itertools.count)
