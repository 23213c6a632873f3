"""The database itself refuses to change what was recorded, and to delete it within a year."""

from django.db import migrations

SQLITE = (
    """
    CREATE TRIGGER portal_audit_unchanged BEFORE UPDATE ON portal_auditentry
    BEGIN SELECT RAISE(ABORT, 'what was recorded is not changed'); END
    """,
    """
    CREATE TRIGGER portal_audit_kept BEFORE DELETE ON portal_auditentry
    WHEN OLD.at > datetime('now', '-365 days')
    BEGIN SELECT RAISE(ABORT, 'what was recorded is kept for a year'); END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER portal_audit_unchanged",
    "DROP TRIGGER portal_audit_kept",
)
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION portal_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.at <= now() - interval '365 days' THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION 'what was recorded is not changed, and kept for a year'
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER portal_audit_kept BEFORE UPDATE OR DELETE ON portal_auditentry
    FOR EACH ROW EXECUTE FUNCTION portal_keep_audit()
    """,
    """
    CREATE TRIGGER portal_audit_not_emptied BEFORE TRUNCATE ON portal_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION portal_keep_audit()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER portal_audit_kept ON portal_auditentry",
    "DROP TRIGGER portal_audit_not_emptied ON portal_auditentry",
    "DROP FUNCTION portal_keep_audit()",
)


def guard(apps, schema_editor):
    run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def unguard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    run(schema_editor, SQLITE_BACK if is_sqlite else POSTGRESQL_BACK)


def run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_people_and_their_places")]
    operations = [migrations.RunPython(guard, unguard)]
