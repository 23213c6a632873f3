"""Who may sign in, how strongly, and what follows once an address is proven.

Known or not, an address gets the same page and the same mail; a free-mail address gets the page
and no mail unless its owner is expected. Roles never follow from an address. Staff need a second
step or a company sign-in, and whoever changes how they sign in shows first that it is they.
"""

from portal.sign_in import receivers  # registers them
from portal.sign_in.account import AccountAdapter
from portal.sign_in.company import CompanySignInAdapter
from portal.sign_in.forms import ChangeAddressForm, SignInForm
from portal.sign_in.second_step import AddKeyForm, SecondStepAdapter
from portal.sign_in.strangers import free_mail_domains, introduce, may_introduce_themselves

__all__ = [
    "AccountAdapter",
    "AddKeyForm",
    "ChangeAddressForm",
    "CompanySignInAdapter",
    "SecondStepAdapter",
    "SignInForm",
    "free_mail_domains",
    "introduce",
    "may_introduce_themselves",
    "receivers",
]
