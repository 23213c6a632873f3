"""People get a reference that outlives their name; memberships an end; and who is expected."""

import django.db.models.deletion
import portal.models.user
from django.conf import settings
from django.db import migrations, models


def give_references(apps, schema_editor):
    for person in apps.get_model("portal", "User").objects.filter(reference=None).iterator():
        person.reference = portal.models.user.make_person_reference()
        person.save(update_fields=["reference"])


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0003_when_salesforce_changed'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='address',
            field=models.EmailField(blank=True, help_text='The proven address it rests on.', max_length=254),
        ),
        migrations.AddField(
            model_name='membership',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='is_lead',
            field=models.BooleanField(default=False, help_text='Sees, invites and removes colleagues.', verbose_name='lead'),
        ),
        migrations.AddField(
            model_name='user',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField("user", "reference", models.CharField(max_length=10, null=True)),
        migrations.RunPython(give_references, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='user',
            name='reference',
            field=models.CharField(default=portal.models.user.make_person_reference, max_length=10, unique=True),
        ),
        migrations.AlterField(
            model_name='membership',
            name='basis',
            field=models.CharField(choices=[('contact', 'Salesforce contact'), ('domain', 'E-mail domain'), ('invite', 'Invited by a colleague'), ('staff', 'Entered by staff')], max_length=8),
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'key', 'at'], name='attempt_count'), models.Index(fields=['at'], name='attempt_age')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('actor', models.CharField(blank=True, max_length=254)),
                ('actor_reference', models.CharField(blank=True, db_index=True, max_length=10)),
                ('action', models.CharField(max_length=40)),
                ('object_kind', models.CharField(blank=True, max_length=40, verbose_name='what')),
                ('object_reference', models.CharField(blank=True, max_length=80, verbose_name='which')),
                ('details', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['object_kind', 'object_reference'], name='audit_of_object')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('is_lead', models.BooleanField(default=False, verbose_name='lead')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='portal.account')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['email'], name='invitation_email')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('account', 'email'), name='invitation_once')],
            },
        ),
    ]
