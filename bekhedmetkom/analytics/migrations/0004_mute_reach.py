from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analytics", "0003_beside_the_roll_ups")]

    operations = [
        migrations.AddField("mute", "reach", models.IntegerField(default=1), preserve_default=False),
    ]
