from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_dated_documents")]

    operations = []
