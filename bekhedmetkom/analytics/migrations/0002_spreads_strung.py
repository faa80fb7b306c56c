"""Histograms of small cells are strung together, not added up: who reads them adds up anyway."""

from django.db import migrations

STRUNG = """
CREATE AGGREGATE spreads_strung (bigint[]) (SFUNC = array_cat, STYPE = bigint[], PARALLEL = SAFE);
"""


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_initial")]
    operations = [migrations.RunSQL(STRUNG)]
