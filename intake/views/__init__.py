from intake.views.acts import choose, confirm, follow, not_the_same, reply, withdraw
from intake.views.edit import edit
from intake.views.mail_level import mail_level
from intake.views.my_requests import export, my_requests
from intake.views.new_request import new_request, new_request_on_behalf
from intake.views.received import received
from intake.views.request_page import attachment, request_page
from intake.views.similar import similar

__all__ = [
    "attachment",
    "choose",
    "confirm",
    "edit",
    "export",
    "follow",
    "mail_level",
    "my_requests",
    "new_request",
    "new_request_on_behalf",
    "not_the_same",
    "received",
    "reply",
    "request_page",
    "similar",
    "withdraw",
]
