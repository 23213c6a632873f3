"""What an order of work costs by waiting, against the order that costs least."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.domain.cost_of_delay import Job, delay_cost, sort_jobs


@dataclass(frozen=True, slots=True)
class NamedJob(Job):
    name: str


@dataclass(frozen=True, slots=True)
class Finished:
    """`finished_at` counts from the start of the first job, in the unit of the durations."""

    job: NamedJob
    finished_at: Fraction
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Orders:
    """The order as given, and the one that costs least. Costs are relative figures."""

    given: tuple[Finished, ...]
    best: tuple[Finished, ...]
    given_cost: Fraction
    best_cost: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """How many times the least; None where waiting costs nothing."""
        return self.given_cost / self.best_cost if self.best_cost else None


def compare_orders(jobs: Sequence[NamedJob]) -> Orders:
    best = sort_jobs(jobs)
    return Orders(_run(jobs), _run(best), delay_cost(jobs), delay_cost(best))


def _run(jobs: Sequence[NamedJob]) -> tuple[Finished, ...]:
    finished_at = Fraction()
    done = []
    for job in jobs:
        finished_at += job.duration
        done.append(Finished(job, finished_at, job.cost_of_delay * finished_at))
    return tuple(done)
