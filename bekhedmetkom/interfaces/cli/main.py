"""The `bekhedmetkom` command: `run` starts everything, the rest are management commands."""

import os
import sys

from bekhedmetkom.config.home import bk_home
from bekhedmetkom.config.postgres import CannotStart, Server, database_of, running_url


def main() -> int:
    """Run one command. The embedded database, where it is not up, runs as long as the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bekhedmetkom.config.settings")
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name == "run":
        from bekhedmetkom.interfaces.cli.run import run

        return run()
    from django.core.management import execute_from_command_line

    sys.argv[1:2] = [name.replace("-", "_") if name in OUR_NAMES else name]

    server = None if name in WITHOUT_DATABASE else _embedded()
    try:
        execute_from_command_line(["bekhedmetkom", *sys.argv[1:]])
    except CannotStart as problem:
        print(problem, file=sys.stderr)
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


def _embedded() -> Server | None:
    folder = bk_home() / "postgres"
    if os.environ.get("DATABASE_URL") or running_url(folder):
        return None
    server = Server(folder)
    server.start()
    database_of(server)
    return server


if __name__ == "__main__":
    sys.exit(main())
