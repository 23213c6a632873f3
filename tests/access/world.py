"""One row of everything, told apart by its words; and the names the tables give to the rows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.test import Client

from intake.models import (
    Attachment,
    Candidate,
    CrosswalkVersion,
    CustomerLink,
    Demand,
    Event,
    Follower,
    FoundLink,
    Issue,
    Project,
    Share,
    Submission,
)
from intake.selectors.mail_link import sign_follower
from portal.models import Account, AuditEntry, Invitation, Membership, Opportunity, User
from scoring.models import PublishedLabels, WeightsVersion
from tests.access.cast import NOW, add_accounts, add_opportunity, add_people
from tests.portal.signing_in import make_known
from tests.scoring.days import keep_day

_EXPECTED = (("north", "pallets", "lead"), ("foundry", "kilnwatch", "outsider"))


@dataclass(frozen=True)
class World:
    """`names` stand in the tables' addresses and forms: `{shared}` is a request's token."""

    people: dict[str, User]
    accounts: dict[str, Account]
    requests: dict[str, Submission]
    names: dict[str, Any]

    def browser(self, actor: str) -> Client:
        """Signed in, if the actor is somebody at all. An error on our side is an answer too."""
        client = Client(raise_request_exception=False)
        if actor in self.people:
            user = self.people[actor]
            sign_in(client, user, method="mfa" if user.is_staff else "code")
        return client


def sign_in(client: Client, user: User, *, method: str) -> None:
    """With what a session remembers of how it was opened, a moment ago."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    make_known(client, user, method=method)


def build_world() -> World:
    people = add_people()
    accounts = add_accounts(people)
    opportunities = {name: add_opportunity(accounts[name], number)
                     for number, name in enumerate(("north", "foundry"), start=1)}  # fmt: skip
    issue = _add_issue()
    requests = _add_requests(people, accounts, issue)
    links = _add_links(accounts, opportunities, issue)
    for request in (requests["shared"], requests["foreign"]):
        Submission.objects.filter(pk=request.pk).update(link=links[request.account_id])
    rows = _add_the_rest(people, accounts, requests, issue)
    keep_day((NOW - timedelta(days=7)).date())
    keep_day(NOW.date())
    names = {
        **{name: account.pk for name, account in accounts.items()},
        **{name: request.token for name, request in requests.items()},
        **{f"{name}_pk": request.pk for name, request in requests.items()},
        **{f"{actor}_pk": user.pk for actor, user in people.items()},
        **{f"{name}_deal": one.pk for name, one in opportunities.items()},
        "north_link": links[accounts["north"].pk].pk,
        "foundry_link": links[accounts["foundry"].pk].pk,
        "issue": issue.pk,
        **rows,
    }
    return World(people, accounts, requests, names)


def _add_issue() -> Issue:
    project = Project.objects.create(
        instance="127.0.0.1", project_id=101, path="larkfield/platform", is_public=True
    )
    return Issue.objects.create(
        project=project,
        iid=7,
        gitlab_id=50_007,
        title="Label shipments by size",
        description="One size fits nobody.",
        web_url="http://127.0.0.1/larkfield/platform/-/issues/7",
        labels=["type::feature", "group::shipping"],
        weight=3,
        created_at=NOW,
        updated_at=NOW,
        mirrored_at=NOW,
        changed_at=NOW,
    )


def _add_requests(
    people: dict[str, User], accounts: dict[str, Account], issue: Issue
) -> dict[str, Submission]:
    member, north = people["member"], accounts["north"]
    joined = {"issue": issue, "decision": "joined", "decided_at": NOW, "public_state": "joined"}
    joined |= {"decided_by_kind": "person", "decided_by": people["tam"]}
    shipped = joined | {"public_state": "shipped"}
    by_sales = {
        "contact_name": "Ben Okafor",
        "contact_email": people["colleague"].email,
        "internal_note": "They renew only with this; between-us-only.",
    }
    requests = {
        "shared": _add_request(member, north, "Labels for pallets", **joined),
        "open": _add_request(member, north, "Count pallets by hand"),
        "shipped": _add_request(member, north, "Weigh pallets", **shipped),
        "named": _add_request(member, north, "Show gantries on the map", sharing="named"),
        "private": _add_request(member, north, "Warn of demurrage", sharing="only_me"),
        "sold": _add_request(people["submitter"], north, "Stack pallets higher", **by_sales),
        "foreign": _add_request(
            people["outsider"],
            accounts["foundry"],
            "A kilnwatch alarm by telephone",
            internal_note="Their board decides in May; between-us-only.",
            **joined,
        ),
        "strangers": _add_request(people["unverified"], None, "Send parcels by drone"),
        "plain": _add_request(member, north, "Larger files"),
        "left": _add_request(people["removed"], north, "Older pallets"),
    }
    Share.objects.create(submission=requests["named"], user=people["colleague"])
    for request in requests.values():
        Follower.objects.create(submission=request, user=request.submitter)
        by = request.submitter
        Event.objects.create(
            submission=request,
            kind="received",
            at=NOW,
            actor=by,
            actor_name=str(by),
            is_public=True,
        )
    return requests


def _add_request(by: User, account: Account | None, summary: str, **fields: Any) -> Submission:
    values: dict[str, Any] = {
        "form_token": uuid4(),
        "submitter": by,
        "account": account,
        "summary": summary,
        "problem": f"{summary}: we do it by hand every day.",
        "urgency": "blocker",
        "intent": "retain",
        "stage": "account_resolved" if account else "matched",
        "verdict": "likely",
        "answer_by": NOW + timedelta(hours=20),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Submission.objects.create(**values | fields)


def _add_links(
    accounts: dict[str, Account], opportunities: dict[str, Opportunity], issue: Issue
) -> dict[int, CustomerLink]:
    """Both organisations stand behind the one issue: here their names meet."""
    links = {}
    for name in ("north", "foundry"):
        link = CustomerLink.objects.create(issue=issue, account=accounts[name])
        Demand.objects.create(link=link, kind="retention", points=7)
        Demand.objects.create(link=link, kind="growth", points=4, opportunity=opportunities[name])
        links[accounts[name].pk] = link
    return links


def _add_the_rest(
    people: dict[str, User],
    accounts: dict[str, Account],
    requests: dict[str, Submission],
    issue: Issue,
) -> dict[str, Any]:
    for name in ("open", "foreign"):
        Candidate.objects.create(submission=requests[name], issue=issue, rank=1, score=0.8,
                                 verdict="likely", matcher_version="lexical-1")  # fmt: skip
    file = Attachment(submission=requests["shared"], name="pallets.txt",
                      content_type="text/plain", size=7, created_at=NOW)  # fmt: skip
    file.file.save("pallets.txt", ContentFile(b"pallets"))
    found = {
        name: FoundLink.objects.create(
            issue=issue, counts_on=issue, source="note", note_id=number, updated_at=NOW,
            salesforce_id=accounts[name].salesforce_id, account=accounts[name],
        )
        for number, name in enumerate(("north", "foundry"), start=1)
    }  # fmt: skip
    memberships = {actor: Membership.objects.get(user=people[actor]).pk
                   for actor in ("member", "outsider", "unverified")}  # fmt: skip
    invitations = {
        name: Invitation.objects.create(
            account=accounts[name],
            email=f"{expected}@elsewhere.example",
            invited_by=people[actor],
            created_at=NOW,
            expires_at=NOW.replace(year=9000),
        ).pk
        for name, expected, actor in _EXPECTED
    }
    follower = Follower.objects.get(submission=requests["plain"])
    elsewhere = Client()
    sign_in(elsewhere, people["lead"], method="code")
    audit = AuditEntry.objects.create(at=NOW, actor="Ada Administrator", action="seeded")
    return {
        "file": file.pk,
        "lead_session": UserSession.objects.create(
            user=people["lead"], ip="127.0.0.1", session_key=elsewhere.session.session_key
        ).pk,
        "signed": sign_follower(follower),
        **{f"{name}_found": row.pk for name, row in found.items()},
        **{f"{name}_invitation": pk for name, pk in invitations.items()},
        **{f"{actor}_place": pk for actor, pk in memberships.items()},
        "labels": PublishedLabels.objects.create(issue=issue).pk,
        "weights": WeightsVersion.objects.create(number=1, content={}, created_at=NOW).pk,
        "crosswalk": CrosswalkVersion.objects.get().pk,
        "audit": audit.pk,
    }
