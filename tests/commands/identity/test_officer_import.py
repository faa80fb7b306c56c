"""Officers come by the sheet: all of it is right and taken, or nothing is."""

import pytest

from bekhedmetkom.entities.models import ChangeRecord, Entity
from bekhedmetkom.identity import authentication, commands, queries
from bekhedmetkom.identity.commands import ImportedOfficer
from bekhedmetkom.identity.models import Membership, Officer
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed
from tests.officer_factories import NOON, PASSWORD, create_body, create_officer, create_unit

pytestmark = pytest.mark.django_db

HEADER = "email,name_ar,role,entity,unit"
LAYLA = "Layla@example.jo,ليلى حداد,main_officer,GAM,"
SAMI = "sami@example.jo,سامي خوري,sub_officer,GAM,ROADS"


@pytest.fixture(autouse=True)
def city(db: None) -> Entity:
    city = create_body("GAM", create_body("PM"))
    create_unit(city)
    return city


def sheet(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode("utf-8-sig")


def imported(*rows: str, header: str = HEADER) -> list[ImportedOfficer]:
    return commands.import_officers(sheet=sheet(*rows, header=header), actor=CLOCK, at=NOON)


def wrong(content: bytes) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        commands.import_officers(sheet=content, actor=CLOCK, at=NOON)
    return [error.field for error in refused.value.errors]


def roles(email: str) -> list[str]:
    return sorted(Membership.objects.filter(officer__email=email).values_list("role", flat=True))


def test_each_row_is_an_officer_with_a_role_and_a_link() -> None:
    layla, sami = imported(LAYLA, SAMI)
    for joined in (layla, sami):
        found = authentication.find_invited_officer(joined.invitation, NOON)
        assert found is not None
        assert found.pk == joined.officer
    assert roles("layla@example.jo") == ["main_officer"]
    (held,) = queries.get_actor(Officer.objects.get(pk=sami.officer), NOON).grants
    assert held.unit is not None
    assert ChangeRecord.objects.filter(model="identity.Officer").count() == 2


def test_two_roles_of_one_officer_are_two_rows_and_one_link() -> None:
    first, second = imported(LAYLA, "layla@example.jo,ليلى حداد,approver,GAM,")
    assert first.officer == second.officer
    assert first.invitation == second.invitation
    assert roles("layla@example.jo") == ["approver", "main_officer"]


def test_the_same_sheet_again_adds_nothing() -> None:
    imported(LAYLA, SAMI)
    imported(LAYLA, SAMI)
    assert Officer.objects.filter(email__in=["layla@example.jo", "sami@example.jo"]).count() == 2
    assert Membership.objects.filter(officer__email="layla@example.jo").count() == 1


def test_who_has_a_password_needs_no_link() -> None:
    here = create_officer(Role.APPROVER, Entity.objects.get(code="GAM"), email="rana@example.jo")
    here.set_password(PASSWORD)
    here.save()
    (joined,) = imported("rana@example.jo,اسم آخر,manager,GAM,")
    assert (joined.officer, joined.invitation) == (here.pk, "")
    assert roles("rana@example.jo") == ["approver", "manager"]
    assert Officer.objects.get(pk=here.pk).name_ar == here.name_ar


def test_a_sheet_is_no_way_around_the_second_person_of_a_lost_device() -> None:
    here = create_officer(Role.APPROVER, Entity.objects.get(code="GAM"), email="rana@example.jo")
    commands.report_lost_device(officer=here.pk, actor=CLOCK, at=NOON)
    (joined,) = imported("rana@example.jo,رنا,manager,GAM,")
    assert joined.invitation == ""
    assert roles("rana@example.jo") == ["approver", "manager"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("no address,ليلى,main_officer,GAM,", "email"),
        ("a\x00@example.jo,ليلى,main_officer,GAM,", "email"),
        ("a@example.jo,123,main_officer,GAM,", "name_ar"),
        ("a@example.jo,ليلى,king,GAM,", "role"),
        ("a@example.jo,ليلى,main_officer,NO-SUCH,", "entity"),
        ("a@example.jo,ليلى,main_officer,,", "entity"),
        ("a@example.jo,ليلى,sub_officer,GAM,", "unit"),
        ("a@example.jo,ليلى,sub_officer,GAM,NONE", "unit"),
        ("a@example.jo,ليلى,reviewer,GAM,ROADS", "unit"),
        ("a@example.jo,ليلى", "sheet"),
    ],
)
def test_one_wrong_row_and_nothing_is_taken(row: str, field: str) -> None:
    assert wrong(sheet(LAYLA, row, SAMI)) == [f"3.{field}"]
    assert not Officer.objects.filter(email="layla@example.jo").exists()


def test_every_wrong_row_is_named_at_once() -> None:
    assert wrong(sheet("a@example.jo,ليلى,king,GAM,", LAYLA, "b,ليلى,approver,GAM,")) == ["2.role", "4.email"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe\x00", "بريد,اسم".encode(), sheet(), sheet(header="email,name_ar"),
        sheet(LAYLA, header=f"{HEADER},salary"), b'email,name_ar,role\n"open,b,c', sheet(*[LAYLA] * 2001),
    ],
)  # fmt: skip
def test_what_is_no_such_sheet_is_refused_whole(content: bytes) -> None:
    assert {field.partition(".")[2] for field in wrong(content)} == {"sheet"}


def test_days_and_language_are_read() -> None:
    header = "email,name_ar,role,entity,language,valid_from,valid_until"
    (joined,) = imported("a@example.jo,ليلى حداد,approver,GAM,en,2026-12-01,2027-01-01", header=header)
    held = Membership.objects.get(officer=joined.officer)
    assert (str(held.valid_from), str(held.valid_until)) == ("2026-12-01", "2027-01-01")
    assert Officer.objects.get(pk=joined.officer).language == "en"
    assert wrong(sheet("b@example.jo,ليلى,approver,GAM,en,tomorrow,", header=header)) == ["2.valid_from"]
    assert wrong(sheet("b@example.jo,ليلى,approver,GAM,fr,,", header=header)) == ["2.language"]


def test_only_administrators_import() -> None:
    with pytest.raises(NotAllowed):
        commands.import_officers(
            sheet=sheet(LAYLA), actor=queries.get_actor(create_officer(Role.PM_UNIT), NOON), at=NOON
        )
