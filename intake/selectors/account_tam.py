"""The technical account manager who follows what a managed account asks for."""

from intake.selectors.visibility import has_proven_address
from portal.models import Account, User


def find_account_tam(account: Account | None) -> User | None:
    """None for an account of the pool, and while its TAM has never signed in: no mail goes to an
    address that nobody has proven."""
    tam = account.tam if account else None
    return tam if tam and tam.may_triage and has_proven_address(tam) else None
