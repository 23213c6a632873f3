from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = "Requests"

    def ready(self) -> None:
        """What registers itself: checks, and what people leave behind or take with them."""
        from intake import checks  # noqa: F401, PLC0415
        from intake.actions import forget_person, part  # noqa: F401, PLC0415
        from intake.selectors import own_data  # noqa: F401, PLC0415
