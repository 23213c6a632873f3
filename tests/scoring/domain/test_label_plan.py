"""What is done to labels: ours alone, and people have the last word."""

from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.label_plan import LabelPlan, keep_in_mind, pick_ours, plan_labels, scope_of

S1, S2, S3 = (f"customer-priority-score::{bucket}" for bucket in (1, 2, 3))
BLOCKER, NICE = "customer-urgency::blocker", "customer-urgency::nice-to-have"
NAMES = st.sets(st.sampled_from([S1, S2, S3, BLOCKER, NICE, "customer-intent::both", "backlog"]))


def test_what_is_missing_is_added_and_what_is_over_is_removed() -> None:
    plan = plan_labels([S2, BLOCKER], ours=[S1, BLOCKER], present=["backlog", S1, BLOCKER])
    assert plan == LabelPlan(add=(S2,), remove=(S1,))


def test_nothing_to_do_is_false() -> None:
    assert not plan_labels([S1], ours=[S1], present=[S1, "backlog"])
    assert not LabelPlan(left=(S1,))


def test_a_persons_label_closes_its_scope_alone() -> None:
    plan = plan_labels([S1, BLOCKER], ours=[], present=[S3])
    assert plan == LabelPlan(add=(BLOCKER,), left=(S3,))


def test_beside_a_persons_label_ours_gives_way() -> None:
    """Where GitLab does not exclude them from each other: scopes are not in every edition."""
    assert plan_labels([S1], ours=[S1], present=[S1, S3]) == LabelPlan(remove=(S1,), left=(S3,))


def test_one_that_a_person_took_off_is_not_put_back() -> None:
    assert plan_labels([S1], ours=[S1], present=[]) == LabelPlan()
    assert plan_labels([S2], ours=[S1], present=[]) == LabelPlan(add=(S2,))


def test_one_that_our_own_late_write_pushed_out_is_put_back() -> None:
    assert plan_labels([S2], ours=[S1, S2], present=[S1]) == LabelPlan(add=(S2,), remove=(S1,))


def test_nothing_wanted_takes_ours_off() -> None:
    assert plan_labels([], ours=[S1, BLOCKER], present=[S1, NICE]) == LabelPlan(
        remove=(S1,), left=(NICE,)
    )


def test_scopes_are_told_as_gitlab_tells_them() -> None:
    assert scope_of("Customer-Urgency::Blocker") == "customer-urgency"
    assert scope_of("customer-urgency::blocker::soon") == "customer-urgency::blocker"
    assert scope_of("customer-urgency") == ""
    assert pick_ours(["backlog", S1, "customer-urgency", BLOCKER]) == (S1, BLOCKER)


def test_what_is_kept_in_mind() -> None:
    kept = keep_in_mind([S1, BLOCKER], ours=[S1, S2, NICE, BLOCKER], present=[S1, NICE])
    assert kept == [S1, NICE, BLOCKER]


@given(NAMES, NAMES, NAMES)
def test_only_ours_is_ever_removed_and_done_is_done(
    wanted: set[str], ours: set[str], present: set[str]
) -> None:
    """Scores want one label of a scope; carrying a plan out leaves nothing to do."""
    by_scope = {scope_of(name): name for name in pick_ours(sorted(wanted))}
    one_each = set(by_scope.values())
    plan = plan_labels(one_each, ours=ours, present=present)
    assert set(plan.remove) <= ours & present
    assert not set(plan.add) & present
    assert set(plan.add) <= one_each
    after = (present | set(plan.add)) - set(plan.remove)
    assert present - ours <= after
    mine = keep_in_mind(one_each, ours=[*ours, *plan.add], present=after)
    assert not plan_labels(one_each, ours=mine, present=after)
