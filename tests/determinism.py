"""What chance decides comes out alike in every run: a change is refused for what it does, never for a draw.

Each test draws by its own name: references, keys, codes and salts, and hypothesis its examples. `BK_CHANCE=7` draws
otherwise, with hypothesis at random: a loop over numbers finds what one draw does not show. Ids (`uuid4`) and what C
libraries draw for themselves stay chance's.
"""

import os
import random

import pytest
from hypothesis import HealthCheck, settings

SEED = os.environ.get("BK_CHANCE", "")
SECRET_KEY = (
    f"the key of nobody's house {SEED}"  # by which is drawn whom we call back, and which code a case has
)


def configure_hypothesis() -> None:
    """How long an example takes is the machine's matter."""
    settings.register_profile(
        "steady", deadline=None, derandomize=not SEED, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("steady")


@pytest.fixture(autouse=True)
def drawn_by_name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """`secrets` and `SystemRandom` take all that they give from this one function of the library."""
    drawn = random.Random(f"{SEED} {request.node.nodeid}")
    monkeypatch.setattr(random, "_urandom", drawn.randbytes)
