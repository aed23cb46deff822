from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_prompts")]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="checked_version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(
                fields=["id"],
                condition=~Q(version=F("checked_version")),
                name="meeting_to_check",
            ),
        ),
    ]
