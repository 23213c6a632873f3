"""What `manage.py doctor` tries. A package adds its own in a module called `doctor`."""

from portal.doctor import database, files, gitlab, mail, salesforce, setup, sign_in, work

__all__ = ["database", "files", "gitlab", "mail", "salesforce", "setup", "sign_in", "work"]
