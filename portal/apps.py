from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "People and accounts"

    def ready(self) -> None:
        from portal import celery, checks, sign_in  # noqa: F401, PLC0415  registers tasks and checks
