"""Isolation of the box: separate database, roles and environment."""

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command

from bekhedmetkom.config.database.embedded_server import BOX_DATABASE, EmbeddedServer
from bekhedmetkom.config.database.roles import WEB_ROLE, WORKER_ROLE
from bekhedmetkom.interfaces.cli.supervisor import BOX_ONLY_VARIABLES, MAIN_ONLY_VARIABLES, _build_environment


@pytest.mark.parametrize("role", [WEB_ROLE, WORKER_ROLE, "postgres"])
def test_main_service_roles_cannot_connect_to_the_box(server: EmbeddedServer, role: str) -> None:
    with psycopg.connect(server.build_url("postgres"), autocommit=True) as maintenance:
        if not maintenance.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            maintenance.execute(f"CREATE ROLE {role} LOGIN".encode())
        (allowed,) = maintenance.execute(
            "SELECT has_database_privilege(%s, %s, 'CONNECT') AND NOT rolsuper FROM pg_roles WHERE rolname = %s",
            [role, BOX_DATABASE, role],
        ).fetchone() or (None,)
    assert allowed is False
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        psycopg.connect(f"dbname={BOX_DATABASE} user={role} host={server.folder}")


def test_box_role_needs_a_password(server: EmbeddedServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"dbname={BOX_DATABASE} user={BOX_DATABASE} host={server.folder}")


def test_box_has_only_its_own_tables(dba: "psycopg.Connection[tuple[str]]") -> None:
    rows = dba.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {name for (name,) in rows if not name.startswith("disclosures_")} == {"django_migrations"}
    assert {config.label for config in apps.get_app_configs()} == {"disclosures", "box", "staticfiles"}


def test_processes_do_not_share_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*BOX_ONLY_VARIABLES, *MAIN_ONLY_VARIABLES):
        monkeypatch.setenv(name, "postgresql://it")
    for part in ("web", "live", "worker", "command"):
        assert not _build_environment(part).keys() & set(BOX_ONLY_VARIABLES)
    assert not _build_environment("box").keys() & set(MAIN_ONLY_VARIABLES)


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
