"""The `bekhedmetkom` command: `run` starts everything, the rest are management commands."""

import os
import sys

from django.db import ProgrammingError
from psycopg.errors import UndefinedTable

from bekhedmetkom.config.database.embedded_server import (
    EmbeddedServer,
    StartupError,
    create_box_database,
    create_main_database,
    find_running_url,
)
from bekhedmetkom.config.installation import get_box_database_password, get_home


def main() -> int:
    """Run one command. The embedded database, where it is not up, runs as long as the command."""
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name == "box":  # a service of its own, down to its settings
        os.environ["DJANGO_SETTINGS_MODULE"] = "bekhedmetkom.config.box_settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
    if name == "run":
        from bekhedmetkom.interfaces.cli.supervisor import run_platform

        return run_platform()
    from django.core.management import execute_from_command_line

    sys.argv[1:2] = [name.replace("-", "_") if name in HYPHENATED_COMMANDS else name]

    server = (
        None
        if name in COMMANDS_WITHOUT_DATABASE or tuple(sys.argv[1:3]) in OFFLINE_COMMANDS
        else _start_embedded_server("BOX_DATABASE_URL" if name == "box" else "DATABASE_URL")
    )
    try:
        execute_from_command_line(["bekhedmetkom", *sys.argv[1:]])
    except StartupError as problem:
        print(problem, file=sys.stderr)
        return 1
    except ProgrammingError as problem:
        if not isinstance(problem.__cause__, UndefinedTable):
            raise
        print("The database has no tables yet, or not all of them: bekhedmetkom prepare", file=sys.stderr)
        return 1
    finally:
        if server:
            server.stop()
    return 0


HYPHENATED_COMMANDS = {"api-client", "check-setup"}  # their modules cannot have a hyphen
COMMANDS_WITHOUT_DATABASE = {
    "help",
    "--help",
    "--version",
    "bench",  # each starts its own
    "check",
    "collectstatic",
    "compilemessages",
    "makemigrations",
}
OFFLINE_COMMANDS = {("box", "manifest"), ("box", "escrow")}


def _start_embedded_server(named: str) -> EmbeddedServer | None:
    """The embedded server, where the environment names no other and it does not run yet."""
    folder = get_home() / "postgres"
    if os.environ.get(named) or find_running_url(folder):
        return None
    server = EmbeddedServer(folder)
    server.start()
    create_main_database(server)
    create_box_database(server, get_box_database_password(get_home()))
    return server


if __name__ == "__main__":
    sys.exit(main())
