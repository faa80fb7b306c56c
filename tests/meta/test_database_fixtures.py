"""The ground on which every other database test stands."""

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_a_migrated_postgresql_18() -> None:
    assert connection.cursor().connection.info.server_version >= 180000
    assert ContentType.objects.exists()


def test_a_test_that_commits_has_a_database_of_its_own(committed_db: str) -> None:
    ContentType.objects.create(app_label="committed", model="for_real")
    with psycopg.connect(
        host=connection.settings_dict["HOST"], user=connection.settings_dict["USER"], dbname=committed_db,
        password=connection.settings_dict["PASSWORD"] or None,
    ) as other:  # fmt: skip
        found = other.execute(
            "SELECT count(*) FROM django_content_type WHERE app_label = 'committed'"
        ).fetchone()
    assert found == (1,)


@pytest.mark.django_db
def test_nothing_of_it_reaches_the_others() -> None:
    assert not ContentType.objects.filter(app_label="committed").exists()
