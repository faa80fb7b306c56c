"""Files that come with cases, messages and replies: with the event or not at all, used once, named by no event."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections

from bekhedmetkom.attachments.models import Upload
from bekhedmetkom.attachments.queries import list_pending_uploads
from bekhedmetkom.attachments.rules import GONE, MAX_FILES, TOO_MANY
from bekhedmetkom.cases import commands
from bekhedmetkom.cases.models import Attachment, Case, Event
from bekhedmetkom.cases.queries import find_desk_case, get_case_for_citizen, verify_journal
from bekhedmetkom.cases.rules.states import State
from bekhedmetkom.cases.rules.transitions import NotPossibleNow
from bekhedmetkom.catalogue.rules import Disposition
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.factories import create_upload
from tests.personas import DAY, HOUR, NOON, Jordan, require_approval

from ..case_stages import ANSWER, create_assigned_case, get_state

KEY = "one-key-of-a-form-0002"
SPOKEN = "في حفرة قدام بيتي من شهر"


def files_of(case: Case) -> set[UUID]:
    return set(Attachment.objects.filter(case=case).values_list("pk", flat=True))


def test_a_case_takes_its_files_and_its_first_event_names_them_by_hash(jordan: Jordan) -> None:
    photo, page = create_upload(), create_upload("application/pdf", "فاتورة.pdf")

    case = jordan.create_case(uploads=(photo, page))

    assert files_of(case) == {photo, page}
    assert not Upload.objects.exists()
    data = Event.objects.get(case=case, seq=1).data
    assert {file["id"] for file in data["files"]} == {str(photo), str(page)}
    assert all(set(file) == {"id", "type", "size", "sha256"} for file in data["files"])
    assert "سامر" not in str(data)
    assert {file.name for file in get_case_for_citizen(case.pk, NOON).files} == {"بيت سامر.jpg", "فاتورة.pdf"}
    assert list(verify_journal()) == []


def test_sending_again_gives_the_same_answer_though_its_files_are_taken(jordan: Jordan) -> None:
    photo = create_upload()
    first, again = (jordan.submit(key=KEY, uploads=(photo,)) for _ in range(2))
    assert (again.reference, again.access_code, again.replayed) == (first.reference, first.access_code, True)
    with pytest.raises(commands.IdempotencyKeyReused):
        jordan.submit("كلام آخر", key=KEY, uploads=(photo,))


def test_an_upload_is_used_once(jordan: Jordan) -> None:
    photo = create_upload()
    jordan.create_case(uploads=(photo,))
    with pytest.raises(InvalidInput) as refused:
        jordan.submit(uploads=(photo,))
    assert refused.value.errors[0] == ("uploads", GONE)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("when", ["never", "too late"])
def test_an_upload_that_is_not_there_refuses_the_case_and_stores_nothing(jordan: Jordan, when: str) -> None:
    photo = uuid4() if when == "never" else create_upload()
    with pytest.raises(InvalidInput):
        jordan.submit(uploads=(photo,), at=NOON + 2 * DAY)
    assert Case.objects.count() == 0


def test_the_same_file_twice_is_no_two_files(jordan: Jordan) -> None:
    photo = create_upload()
    with pytest.raises(InvalidInput):
        jordan.submit(uploads=(photo, photo))


def test_two_cases_race_for_one_file_and_one_gets_it(committed_jordan: Jordan) -> None:
    jordan = committed_jordan
    photo = create_upload()

    def send(_: int) -> bool:
        try:
            jordan.submit(uploads=(photo,))
        except InvalidInput:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as people:
        got = list(people.map(send, range(4)))
    assert sorted(got) == [False, False, False, True]
    assert Case.objects.count() == Attachment.objects.count() == 1


def test_ten_files_and_no_more_with_a_case_and_what_is_added_to_it(jordan: Jordan) -> None:
    with pytest.raises(InvalidInput) as refused:
        jordan.submit(uploads=tuple(create_upload() for _ in range(MAX_FILES + 1)))
    assert refused.value.errors[0].message == TOO_MANY

    case = jordan.create_case(uploads=tuple(create_upload() for _ in range(MAX_FILES)))
    with pytest.raises(InvalidInput) as refused:
        commands.add_message(
            case=case.pk,
            seen=None,
            actor=jordan.get_citizen(case),
            at=NOON + HOUR,
            uploads=(create_upload(),),
        )
    assert refused.value.errors[0].message == TOO_MANY
    assert Event.objects.filter(case=case).count() == 1


def test_a_message_may_be_a_file_alone_and_answers_a_question(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    commands.ask_citizen(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + 2 * HOUR, text="أرسل صورة"
    )
    photo = create_upload()

    commands.add_message(
        case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + 3 * HOUR, uploads=(photo,)
    )

    assert get_state(case) is State.ASSIGNED
    assert files_of(case) == {photo}
    assert list(verify_journal()) == []


def test_words_or_a_file_but_not_nothing(jordan: Jordan) -> None:
    case = jordan.create_case()
    with pytest.raises(InvalidInput):
        commands.add_message(case=case.pk, seen=None, actor=jordan.get_citizen(case), at=NOON + HOUR)


def test_the_citizen_sees_an_officers_file_once_it_is_marked_and_no_longer_when_it_is_not(
    jordan: Jordan,
) -> None:
    case = create_assigned_case(jordan)
    officer, inside = jordan.roads_officer, create_upload(name="تقرير الكشف.jpg")
    seq = commands.add_note(
        case=case.pk, seen=2, actor=officer, at=NOON + 2 * HOUR, text="نتيجة الكشف", uploads=(inside,)
    )
    assert get_case_for_citizen(case.pk, NOON).files == []

    seq = commands.set_file_visibility(case=case.pk, seen=seq, actor=officer, at=NOON + 3 * HOUR, file=inside)
    assert [file.id for file in get_case_for_citizen(case.pk, NOON).files] == [inside]

    commands.set_file_visibility(
        case=case.pk, seen=seq, actor=officer, at=NOON + 4 * HOUR, file=inside, shown=False
    )
    assert get_case_for_citizen(case.pk, NOON).files == []
    assert list(verify_journal()) == []


def test_what_the_citizen_sent_is_not_the_officers_to_hide(jordan: Jordan) -> None:
    photo = create_upload()
    case = create_assigned_case(jordan, uploads=(photo,))
    found = find_desk_case(jordan.roads_officer, case.reference, NOON + HOUR)
    assert found is not None
    assert "show" not in found.can
    with pytest.raises(InvalidInput):
        commands.set_file_visibility(
            case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + HOUR, file=photo, shown=False
        )


def test_another_bodys_officer_marks_nothing(jordan: Jordan) -> None:
    case = create_assigned_case(jordan)
    inside = create_upload()
    commands.add_note(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + HOUR, text="ملف", uploads=(inside,)
    )
    with pytest.raises(NotAllowed):
        commands.set_file_visibility(
            case=case.pk, seen=3, actor=jordan.rival, at=NOON + 2 * HOUR, file=inside
        )


def test_files_of_an_answer_are_the_citizens(jordan: Jordan) -> None:
    case, photo = create_assigned_case(jordan), create_upload()
    commands.answer_case(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + DAY, text=ANSWER,
        disposition=Disposition.UPHELD, uploads=(photo,),
    )  # fmt: skip
    assert [file.id for file in get_case_for_citizen(case.pk, NOON + DAY).files] == [photo]


def test_files_of_a_reply_wait_with_it_for_approval(jordan: Jordan) -> None:
    require_approval(jordan.entities["GAM"])
    case, photo = create_assigned_case(jordan), create_upload()
    commands.submit_reply(
        case=case.pk, seen=2, actor=jordan.roads_officer, at=NOON + DAY, text=ANSWER,
        disposition=Disposition.UPHELD, uploads=(photo,),
    )  # fmt: skip
    assert get_case_for_citizen(case.pk, NOON + DAY).files == []

    commands.approve_reply(case=case.pk, seen=3, actor=jordan.approver, at=NOON + DAY + HOUR)

    assert [file.id for file in get_case_for_citizen(case.pk, NOON + DAY).files] == [photo]
    assert list(verify_journal()) == []


def test_a_voice_message_stands_for_the_text_until_somebody_writes_it_down(jordan: Jordan) -> None:
    case = jordan.create_case("", uploads=(create_upload("audio/ogg", "رسالة.ogg"),))
    assert case.voice
    assert get_case_for_citizen(case.pk, NOON).text == ""
    found = find_desk_case(jordan.main, case.reference, NOON)
    assert found is not None
    assert "transcribe" in found.can

    commands.transcribe_recording(case=case.pk, seen=1, actor=jordan.main, at=NOON + HOUR, text=SPOKEN)

    case.refresh_from_db()
    assert not case.voice
    assert get_case_for_citizen(case.pk, NOON).text == SPOKEN
    with pytest.raises(NotPossibleNow):
        commands.transcribe_recording(
            case=case.pk, seen=2, actor=jordan.main, at=NOON + 2 * HOUR, text=SPOKEN
        )
    assert list(verify_journal()) == []


@pytest.mark.parametrize("media_type", ["image/jpeg", "application/pdf", "video/mp4"])
def test_a_picture_does_not_stand_for_words(jordan: Jordan, media_type: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        jordan.submit("", uploads=(create_upload(media_type),))
    assert refused.value.errors[0].field == "text"


def test_a_file_that_no_event_knows_or_that_was_changed_is_found(jordan: Jordan) -> None:
    case = jordan.create_case(uploads=(create_upload(),))
    for change in ({"sha256": "0" * 64}, {"shown": False}, {"seq": 2}, {"size": 1}):
        before = Attachment.objects.filter(case=case).values(*change).get()
        Attachment.objects.filter(case=case).update(**change)
        assert [fault.reference for fault in verify_journal()] == [case.reference], change
        Attachment.objects.filter(case=case).update(**before)
    assert list(verify_journal()) == []
    Attachment.objects.filter(case=case).delete()
    assert list(verify_journal()) != []


def test_an_upload_that_waits_is_of_no_case(jordan: Jordan) -> None:
    photo = create_upload()
    jordan.create_case()
    assert [file.id for file in list_pending_uploads([photo], NOON)] == [photo]
    assert list_pending_uploads([photo], NOON + timedelta(days=2)) == []
