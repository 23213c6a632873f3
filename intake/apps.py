from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = "Requests"

    def ready(self) -> None:
        from intake import checks  # noqa: F401, PLC0415  registers system checks
