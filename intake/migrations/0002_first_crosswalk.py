"""Version 1 of the crosswalk: what each urgency on the form is worth."""

from dataclasses import asdict

from django.db import migrations
from django.utils import timezone

from intake.domain.vocabulary import DEFAULT_CROSSWALK


def add_first_version(apps, schema_editor):
    table = {str(urgency): asdict(row) for urgency, row in DEFAULT_CROSSWALK.items()}
    apps.get_model("intake", "CrosswalkVersion").objects.create(
        number=1, table=table, created_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(add_first_version, migrations.RunPython.noop)]
