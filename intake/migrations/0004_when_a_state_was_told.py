from django.db import migrations, models


def read_history(apps, schema_editor):
    """What the events of requests sent so far say."""
    Event = apps.get_model("intake", "Event")
    Submission = apps.get_model("intake", "Submission")
    told = {}
    for pk, facts, at in Event.objects.order_by("at", "pk").values_list(
        "submission", "facts", "at"
    ).iterator():
        if "state" in facts:
            told.setdefault(pk, {}).setdefault(facts["state"], at.isoformat())
    for pk, first_told_at in told.items():
        Submission.objects.filter(pk=pk).update(first_told_at=first_told_at)


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_what_requests_have_heard")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="first_told_at",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(read_history, migrations.RunPython.noop),
    ]
