"""What requests let go of when a person is erased; the requests stay with their organisation."""

from django.db.models import Q

from intake.models import Event, Follower, SavedDraft, Share, Submission
from portal.actions.erase import Addresses, forgets
from portal.models import User


@forgets
def forget_person(person: User, addresses: Addresses) -> None:
    """Events are never changed but for this: who acted is told by their reference."""
    SavedDraft.objects.filter(user=person).delete()
    Follower.objects.filter(user=person).delete()
    Share.objects.filter(user=person).delete()
    is_contact = Q(pk=None)
    for address in addresses:
        is_contact |= Q(contact_email__iexact=address)
    Submission.objects.filter(is_contact).update(contact_name="", contact_email="")
    Event.objects.filter(actor=person).update(actor_name=person.reference)
