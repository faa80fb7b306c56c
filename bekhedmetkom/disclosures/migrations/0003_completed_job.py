from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0002_what_was_done_last")]

    operations = [
        migrations.RenameModel("Done", "CompletedJob"),
        migrations.RenameField("CompletedJob", "what", "job"),
        migrations.RenameField("CompletedJob", "last", "period"),
    ]
