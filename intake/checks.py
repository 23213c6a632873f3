"""System checks of what requests need: the product file and the holidays file."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from intake.domain.business_calendar import read_holidays
from intake.domain.product import read_product


@register()
def check_product_file(**_: Any) -> list[CheckMessage]:
    try:
        read_product(settings.PRODUCT_FILE)
    except (OSError, ValueError) as error:
        return [Error(f"PRODUCT_FILE cannot be read: {error}", id="intake.E001")]
    return []


@register()
def check_holidays_file(**_: Any) -> list[CheckMessage]:
    try:
        read_holidays(settings.HOLIDAYS_FILE)
    except (OSError, ValueError) as error:
        return [Error(f"HOLIDAYS_FILE cannot be read: {error}", id="intake.E002")]
    return []
