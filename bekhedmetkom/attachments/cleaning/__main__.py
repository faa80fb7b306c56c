"""The program: limits itself, cleans one file, says in one line of JSON what came out or why nothing did."""

import json
import resource
import sys
from pathlib import Path

from ..rules import Format
from .refusing import Unfit

MEGABYTE = 1024 * 1024
MEMORY = 590 * MEGABYTE  # of addresses, so of memory in use at most as much
SECONDS = 30  # of processor time
LARGEST_FILE = 64 * MEGABYTE


def limit() -> None:
    """From here on this process dies rather than take more than its share."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def clean(kind: Format, source: Path, target: Path) -> str:
    """Write the clean file; returns its media type. Each format's library is loaded only where it is needed."""
    match kind:
        case Format.JPEG | Format.PNG | Format.WEBP | Format.HEIF:
            from . import images

            return images.clean(kind, source, target)
        case Format.PDF:
            from . import pdfs

            return pdfs.clean(source, target)
        case Format.MP4 | Format.OGG | Format.WEBM:
            from . import recordings

            return recordings.clean(kind, source, target)


def main() -> int:
    limit()
    kind, source, target = sys.argv[1:]
    try:
        said = {"media_type": clean(Format(kind), Path(source), Path(target))}
    except Unfit as unfit:
        said = {"unfit": unfit.why}
    except MemoryError:
        said = {"unfit": "too_large_inside"}
    except (
        Exception
    ) as error:  # whatever a library makes of bytes that it does not understand; never their text
        said = {"unfit": "damaged", "error": type(error).__name__}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
