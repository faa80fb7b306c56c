"""Whatever anybody says, in whatever order: the talk stands somewhere, says something, and sends nothing twice."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bekhedmetkom.dialogue.rules.draft import Draft
from bekhedmetkom.dialogue.rules.flow import STEPS
from bekhedmetkom.dialogue.rules.machine import Talk, turn
from bekhedmetkom.dialogue.rules.talk import Heard
from bekhedmetkom.dialogue.rules.understanding import case_in, kind_in, meaning, number_in, same
from bekhedmetkom.kernel.words import Words
from tests.rules.dialogue.test_talks import TALKS, heard, is_sendable
from tests.rules.dialogue.town import REFERENCE, Town, photo

SAID = sorted(
    {
        line.rpartition("=>")[0].strip().removeprefix("[two days]").strip()
        for t in TALKS.values()
        for line in t
    }
)
PAYLOADS = sorted(
    {offer.payload for step in STEPS.values() for offer in step.offers} | {"to:1", "to:0", "gov:GOV-IR"}
)
MESSAGES = st.one_of(
    st.sampled_from([said for said in SAID if "*" not in said]).map(heard),
    st.sampled_from(PAYLOADS).map(lambda payload: Heard(choice=payload)),
    st.text(max_size=80).map(lambda text: Heard(text=text)),
    st.builds(Heard, text=st.text(max_size=20), photos=st.just((photo(),)), choice=st.text(max_size=5)),
    st.builds(Heard, location=st.tuples(st.text(max_size=9), st.text(max_size=9))),
    st.just(Heard(refused=Words("لا", "No"))),
)


@settings(max_examples=250, deadline=None)
@example([(heard("<script>7294518340</script>"), False)])
@given(st.lists(st.tuples(MESSAGES, st.sampled_from([False] * 9 + [True])), max_size=25))
def test_any_talk(messages: list[tuple[Heard, bool]]) -> None:
    talk, town = Talk(), Town()
    for message, lapsed in messages:
        before = len(town.sent)
        done = turn(talk, message, town, lapsed=lapsed)
        is_sendable(done)
        assert done.talk.step in STEPS
        assert len(town.sent) - before <= 1
        if len(town.sent) > before:
            assert any(say.case and REFERENCE in say.text for say in done.says), (
                "what is sent is acknowledged"
            )
            assert done.talk.draft == Draft()
        kept = json.loads(json.dumps(done.talk.draft.as_json()))
        talk = Talk(done.talk.step, Draft.from_json(kept), done.talk.language)
        assert talk == done.talk, "a restart changes nothing"


@given(st.text(max_size=200), st.text(max_size=30))
@example("BK-7F3K-92MD", "")
def test_understanding_takes_anything(text: str, other: str) -> None:
    meaning(text), kind_in(text), number_in(text), case_in(text), same(text, other)
