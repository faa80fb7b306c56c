"""The `bekhedmetkom` command: `run` starts everything, the rest are management commands."""

import os
import sys

from django.db import ProgrammingError
from psycopg.errors import UndefinedTable

from bekhedmetkom.config.home import bk_home
from bekhedmetkom.config.postgres import CannotStart, Server, box_database_of, database_of, running_url
from bekhedmetkom.config.secrets import box_password


def main() -> int:
    """Run one command. The embedded database, where it is not up, runs as long as the command."""
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name == "box":  # a service of its own, down to its settings
        os.environ["DJANGO_SETTINGS_MODULE"] = "bekhedmetkom.config.box_settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
    if name == "run":
        from bekhedmetkom.interfaces.cli.run import run

        return run()
    from django.core.management import execute_from_command_line

    sys.argv[1:2] = [name.replace("-", "_") if name in OUR_NAMES else name]

    server = (
        None
        if name in WITHOUT_DATABASE or tuple(sys.argv[1:3]) in OFF_THE_NETWORK
        else _embedded("BOX_DATABASE_URL" if name == "box" else "DATABASE_URL")
    )
    try:
        execute_from_command_line(["bekhedmetkom", *sys.argv[1:]])
    except CannotStart as problem:
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


OUR_NAMES = {"api-client", "check-setup"}  # their modules cannot have a hyphen
WITHOUT_DATABASE = {
    "help",
    "--help",
    "--version",
    "bench",  # each starts its own
    "check",
    "collectstatic",
    "compilemessages",
    "makemigrations",
}
OFF_THE_NETWORK = {("box", "manifest"), ("box", "escrow")}


def _embedded(named: str) -> Server | None:
    """The embedded server, where the environment names no other and it does not run yet."""
    folder = bk_home() / "postgres"
    if os.environ.get(named) or running_url(folder):
        return None
    server = Server(folder)
    server.start()
    database_of(server)
    box_database_of(server, box_password(bk_home()))
    return server


if __name__ == "__main__":
    sys.exit(main())
