"""Search: FTS5 over the bigrams on SQLite, GIN over them on PostgreSQL."""

from django.db import migrations, models
from django.db.models import F, Q

# The index keeps no text of its own; triggers keep it in step, whoever writes the table.
SQLITE = [
    """
    CREATE VIRTUAL TABLE meetings_search USING fts5(
        tokens, content='meetings_meetingtext', content_rowid='place',
        detail=none, columnsize=0, tokenize='ascii'
    )
    """,
    """
    CREATE TRIGGER meetings_search_insert AFTER INSERT ON meetings_meetingtext BEGIN
        INSERT INTO meetings_search (rowid, tokens) VALUES (new.place, new.tokens);
    END
    """,
    """
    CREATE TRIGGER meetings_search_delete AFTER DELETE ON meetings_meetingtext BEGIN
        INSERT INTO meetings_search (meetings_search, rowid, tokens)
        VALUES ('delete', old.place, old.tokens);
    END
    """,
    """
    CREATE TRIGGER meetings_search_update AFTER UPDATE ON meetings_meetingtext BEGIN
        INSERT INTO meetings_search (meetings_search, rowid, tokens)
        VALUES ('delete', old.place, old.tokens);
        INSERT INTO meetings_search (rowid, tokens) VALUES (new.place, new.tokens);
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER meetings_search_insert",
    "DROP TRIGGER meetings_search_delete",
    "DROP TRIGGER meetings_search_update",
    "DROP TABLE meetings_search",
]
# A function of its own with a cost, for the planner takes reading thousands of words for nothing;
# and not for several processes, which take longer to begin than a search takes.
POSTGRESQL = [
    """
    CREATE FUNCTION meetings_tokens(text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE COST 100
    AS $$ BEGIN RETURN string_to_array($1, ' '); END $$
    """,
    """
    CREATE INDEX meetings_search ON meetings_meetingtext
    USING gin (meetings_tokens(tokens))
    """,
]
POSTGRESQL_BACK = [
    "DROP INDEX meetings_search",
    "DROP FUNCTION meetings_tokens(text)",
]


def make(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE if vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unmake(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE_BACK if vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_dated_documents")]

    operations = [
        migrations.RemoveField(model_name="meetingtext", name="version"),
        migrations.AddField(
            model_name="meetingtext",
            name="place",
            field=models.BigIntegerField(default=0, unique=True),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="meetingtext",
            name="path",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="meeting",
            name="indexed_version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(
                fields=["id"],
                condition=~Q(version=F("indexed_version")),
                name="meeting_to_index",
            ),
        ),
        migrations.RunPython(make, unmake),
    ]
