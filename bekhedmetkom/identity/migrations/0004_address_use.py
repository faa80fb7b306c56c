from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_forgotten_codes")]

    operations = [
        migrations.CreateModel(
            name="AddressUse",
            fields=[
                ("key", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("level", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE identity_addressuse SET UNLOGGED", "ALTER TABLE identity_addressuse SET LOGGED"
        ),
    ]
