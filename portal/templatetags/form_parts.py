"""What the field templates ask about a form field."""

from collections.abc import Hashable

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

_drawn: dict[Hashable, SafeString] = {}  # a few dozen: forms times fields


@register.filter
def as_field(field: BoundField) -> SafeString:
    """The field by our template pack. Without an answer, or with the one it begins with, a field
    that its form calls `shared` looks the same to everybody: it is drawn once in each process."""
    form, value = field.form, field.value()
    is_usual = not form.is_bound and value in (None, "", field.field.initial)  # or a list
    if not is_usual or field.name not in getattr(form, "shared", ()):
        drawn: SafeString = as_crispy_field(field)
        return drawn
    choices = tuple(getattr(field.field, "choices", ()))
    key = (type(form), form.prefix, field.name, choices, value)
    if key not in _drawn:
        _drawn[key] = as_crispy_field(field)
    return _drawn[key]


@register.filter
def control_kind(field: BoundField) -> str:
    """How the field is drawn: "choices", "select", "tick" or "line"."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.Select):
        return "select"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "line"


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say so. A form names in `asked_for` what it needs in some cases only."""
    return not field.field.required and field.name not in getattr(field.form, "asked_for", ())


@register.filter
def first_control_id(field: BoundField) -> str:
    """The id an error summary links to: the first control of a group, else the control."""
    return f"{field.auto_id}_0" if control_kind(field) == "choices" else field.id_for_label
