"""Issues that are mirrored already: their comments and descriptions are read once."""

from django.db import migrations
from django.utils import timezone


def read_all_notes(apps, schema_editor):
    apps.get_model("intake", "Issue").objects.filter(is_gone=False).update(
        notes_due_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0007_found_links")]
    operations = [migrations.RunPython(read_all_notes, migrations.RunPython.noop)]
