"""Files on the desk: seen where they lie, sent with words, shown to the citizen or not; a voice written down."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from bekhedmetkom.attachments.rules import OFFICE
from bekhedmetkom.cases.models import Attachment, Case
from bekhedmetkom.cases.queries import get_case_for_citizen
from bekhedmetkom.kernel.actor import Actor
from tests.commands.attachments.sample_files import docx, jpeg
from tests.commands.cases.case_stages import create_assigned_case
from tests.factories import create_upload
from tests.interfaces.desk.conftest import Desk
from tests.personas import NOON, Jordan

Sits = Callable[[Actor], Desk]
NOTE_TEXT = "كشفنا على المكان اليوم"


def build_photo(name: str = "كشف.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), "image/jpeg")


def test_each_sort_is_seen_where_it_lies(jordan: Jordan, sits: Sits) -> None:
    sorts = ("image/jpeg", "application/pdf", "video/mp4", "audio/ogg")
    case = create_assigned_case(jordan, uploads=tuple(create_upload(sort) for sort in sorts))
    page = sits(jordan.roads_officer).open_case(case).content.decode()
    for element in ("<img class", "<iframe class", "<video class", "<audio class"):
        assert element in page
    assert page.count('src="/files/') == 4
    assert "style=" not in page.partition("files-h")[2].partition("log-h")[0]


def test_a_file_comes_with_a_note_and_stays_inside_until_it_is_shown(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    desk = sits(jordan.roads_officer)
    assert desk.submit(case, "note", text=NOTE_TEXT, uploads="", file=build_photo()).status_code == 302
    file = Attachment.objects.get(case=case)
    assert (file.name, file.shown) == ("كشف.jpg", False)
    assert "ولا يراه مقدم الطلب" in desk.open_case(case).content.decode()

    assert desk.submit(case, "show", file=str(file.pk), shown="1").status_code == 302

    assert [seen.id for seen in get_case_for_citizen(case.pk, NOON).files] == [file.pk]
    assert desk.submit(case, "show", file=str(file.pk)).status_code == 302
    assert get_case_for_citizen(case.pk, NOON).files == []


def test_a_file_of_an_answer_goes_to_the_citizen(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    answer = sits(jordan.roads_officer).submit(
        case,
        "answer",
        text="أصلحنا الحفرة يوم الأربعاء.",
        disposition="upheld",
        uploads="",
        file=build_photo(),
    )
    assert answer.status_code == 302
    assert len(get_case_for_citizen(case.pk, NOON).files) == 1


def test_what_is_not_taken_says_why_and_the_words_stay(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    page = sits(jordan.roads_officer).submit(
        case, "ask", text=NOTE_TEXT, uploads="", file=SimpleUploadedFile("ملف.docx", docx())
    )
    assert page.status_code == 422
    assert OFFICE.ar in page.content.decode()
    assert NOTE_TEXT in page.content.decode()
    assert Case.objects.get(pk=case.pk).seq == 2


def test_a_file_of_nobody_is_refused(jordan: Jordan, sits: Sits) -> None:
    case = create_assigned_case(jordan)
    desk = sits(jordan.roads_officer)
    desk.submit(case, "note", text=NOTE_TEXT, uploads="", file=build_photo())
    assert (
        desk.submit(case, "show", file="00000000-0000-4000-8000-000000000000", shown="1").status_code == 422
    )
    assert desk.submit(case, "show", file="x", shown="1").status_code == 422


def test_a_voice_message_is_marked_heard_and_written_down(jordan: Jordan, sits: Sits) -> None:
    case = jordan.create_case("", uploads=(create_upload("audio/ogg", "رسالة.ogg"),))
    desk = sits(jordan.main)
    assert "بانتظار التفريغ" in desk.open_list(queue="entity").content.decode()
    page = desk.open_case(case).content.decode()
    assert "رسالة صوتية تنتظر التفريغ" in page
    assert '<h1 dir="auto">رسالة صوتية</h1>' in page, "its page has a name"
    assert desk.open_form(case, "transcribe").status_code == 200

    assert desk.submit(case, "transcribe", text="في حفرة قدام بيتي").status_code == 302

    page = desk.open_case(case).content.decode()
    assert "في حفرة قدام بيتي" in page
    assert "رسالة صوتية تنتظر التفريغ" not in page
    assert "في حفرة قدام بيتي" in desk.open_list(queue="entity").content.decode()
