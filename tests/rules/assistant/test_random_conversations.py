"""Random conversations: every reply is valid and nothing is submitted twice."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bekhedmetkom.assistant.rules.dialogue_manager import DialogueState, process_turn
from bekhedmetkom.assistant.rules.draft import Draft
from bekhedmetkom.assistant.rules.flow import STEPS
from bekhedmetkom.assistant.rules.intents import (
    find_kind,
    is_same_title,
    parse_case_query,
    parse_number,
    recognise_intent,
)
from bekhedmetkom.assistant.rules.messages import IncomingMessage
from bekhedmetkom.kernel.text import BilingualText
from tests.rules.assistant.fake_platform import REFERENCE, FakePlatform, create_photo_id
from tests.rules.assistant.test_conversations import CONVERSATIONS, assert_sendable, parse_message

TEXTS = sorted(
    {
        line.rpartition("=>")[0].strip().removeprefix("[two days]").strip()
        for t in CONVERSATIONS.values()
        for line in t
    }
)
PAYLOADS = sorted(
    {choice.payload for step in STEPS.values() for choice in step.choices} | {"to:1", "to:0", "gov:GOV-IR"}
)
MESSAGES = st.one_of(
    st.sampled_from([said for said in TEXTS if "*" not in said]).map(parse_message),
    st.sampled_from(PAYLOADS).map(lambda payload: IncomingMessage(choice=payload)),
    st.text(max_size=80).map(lambda text: IncomingMessage(text=text)),
    st.builds(
        IncomingMessage,
        text=st.text(max_size=20),
        photos=st.just((create_photo_id(),)),
        choice=st.text(max_size=5),
    ),
    st.builds(IncomingMessage, location=st.tuples(st.text(max_size=9), st.text(max_size=9))),
    st.just(IncomingMessage(refusal=BilingualText("لا", "No"))),
)


@settings(max_examples=250, deadline=None)
@example([(parse_message("<script>7294518340</script>"), False)])
@given(st.lists(st.tuples(MESSAGES, st.sampled_from([False] * 9 + [True])), max_size=25))
def test_random_conversation_keeps_its_invariants(messages: list[tuple[IncomingMessage, bool]]) -> None:
    state, platform = DialogueState(), FakePlatform()
    for message, is_expired in messages:
        before = len(platform.sent)
        done = process_turn(state, message, platform, is_expired=is_expired)
        assert_sendable(done)
        assert done.state.step in STEPS
        assert len(platform.sent) - before <= 1
        if len(platform.sent) > before:
            assert any(say.case_id and REFERENCE in say.text for say in done.messages), (
                "what is sent is acknowledged"
            )
            assert done.state.draft == Draft()
        kept = json.loads(json.dumps(done.state.draft.as_json()))
        state = DialogueState(done.state.step, Draft.from_json(kept), done.state.language)
        assert state == done.state, "a restart changes nothing"


@given(st.text(max_size=200), st.text(max_size=30))
@example("BK-7F3K-92MD", "")
def test_intent_functions_accept_any_text(text: str, other: str) -> None:
    (
        recognise_intent(text),
        find_kind(text),
        parse_number(text),
        parse_case_query(text),
        is_same_title(text, other),
    )
