"""Admin pages whose rights follow from the person's role, named on each page."""

from typing import Any, NoReturn, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field, Model, QuerySet
from django.db.models.fields.related import RelatedField
from django.forms import Field as FormField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst

from portal.admin.bases import TabularInline
from portal.admin.recorded import Recorded
from portal.models import TRIAGE_ROLES, Role, User

NOBODY: frozenset[Role] = frozenset()
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
ACCOUNT_KEEPERS = frozenset({Role.TAM, Role.ADMINISTRATOR})


class ByRole:
    """Everybody who triages may look; anything else a page has to name."""

    admin_site: AdminSite
    may_view: frozenset[Role] = TRIAGE_ROLES
    may_add: frozenset[Role] = NOBODY
    may_change: frozenset[Role] = NOBODY
    may_delete: frozenset[Role] = NOBODY

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _has_role(request, self.may_view)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _has_role(request, self.may_add)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _has_role(request, self.may_change)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _has_role(request, self.may_delete)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _has_role(request, self.may_view)

    def get_field_queryset(
        self, db: str | None, db_field: "RelatedField[Any, Any]", request: HttpRequest
    ) -> "QuerySet[Any] | None":
        """A field offers, and takes, what the page of its own model lists for this person."""
        model = db_field.remote_field.model
        if not self.admin_site.is_registered(model):
            return None
        page: Any = self.admin_site.get_model_admin(model)
        rows: QuerySet[Any] = page.get_queryset(request)
        return rows


def person_of(request: HttpRequest) -> User:
    """Who asks. Behind the site's guard nobody is anonymous."""
    return cast(User, request.user)


def _has_role(request: HttpRequest, roles: frozenset[Role]) -> bool:
    role = getattr(request.user, "role", None)
    return request.user.is_active and role in roles


class RoleAdmin(ByRole, Recorded):
    """Actions stay on top: Django's template writes an inline style otherwise."""

    actions_on_top = True
    actions_on_bottom = False
    show_full_result_count = False
    list_per_page = 50

    def narrow(self, rows: "QuerySet[Any]", person: User) -> "QuerySet[Any]":
        """The rows that exist for this person. Lists, pages, search, history, autocompletes,
        actions and the choices of other pages all begin with them."""
        return rows

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return self.narrow(super().get_queryset(request), person_of(request))

    def _get_obj_does_not_exist_redirect(self, *_: Any) -> NoReturn:
        raise Http404  # as everywhere, not Django's way back to the index

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Named for what it lists, not for what might be done with it."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class RoleInline(ByRole, TabularInline):
    extra = 0

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        """A choice among what exists; other rows are made and changed on their own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class LookOnly(RoleAdmin):
    """A mirror or a record: to be read here, written elsewhere."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [field.name for field in self.opts.fields if field.name != "id"]
