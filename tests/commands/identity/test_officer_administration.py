"""What administrators do to officers and roles, what it leaves in the history, and what nobody may do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bekhedmetkom.entities.models import ChangeRecord, Entity
from bekhedmetkom.identity import authentication, commands, queries
from bekhedmetkom.identity.models import ApiClient, Membership, Officer, OfficerToken
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import CLOCK, Actor
from bekhedmetkom.kernel.errors import InvalidInput, NotAllowed, Refusal
from tests.officer_factories import NOON, TODAY, create_body, create_officer, create_unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def administrator() -> Actor:
    return queries.get_actor(create_officer(Role.ADMINISTRATOR), NOON)


@pytest.fixture
def city() -> Entity:
    return create_body("GAM", create_body("PM"))


def add(actor: Actor, **fields: str) -> Officer:
    fields = {"email": "Layla@Example.JO", "name_ar": "ليلى حداد", "name_en": "Layla Haddad"} | fields
    return Officer.objects.get(pk=commands.create_officer(**fields, actor=actor, at=NOON))


def test_a_new_officer_can_do_nothing_yet(administrator: Actor) -> None:
    layla = add(administrator)

    assert layla.email == "layla@example.jo"
    assert not layla.has_usable_password()
    assert queries.get_actor(layla, NOON).grants == ()
    assert queries.get_active_officer(layla.pk, NOON) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"name_ar": "123"}, "name_ar"),
        ({"email": "LAYLA@example.jo"}, "email"),
    ],
)
def test_what_cannot_be_an_officer_is_refused_by_field(
    administrator: Actor, fields: dict[str, str], field: str
) -> None:
    add(administrator)
    with pytest.raises(InvalidInput) as refused:
        add(administrator, **fields)
    assert [error.field for error in refused.value.errors] == [field]
    assert Officer.objects.filter(email__startswith="layla").count() == 1


def test_every_change_is_in_the_history_without_its_secrets(administrator: Actor, city: Entity) -> None:
    layla = add(administrator)
    held = commands.grant_role(
        officer=layla.pk, role=Role.MAIN_OFFICER, entity=city.pk, actor=administrator, at=NOON
    )
    commands.end_membership(membership=held, actor=administrator, at=NOON + DAY)
    link = commands.invite_officer(officer=layla.pk, actor=administrator, at=NOON)

    history = list(ChangeRecord.objects.order_by("id").values_list("model", "key", "actor"))
    assert history == [
        ("identity.Officer", str(layla.pk), str(administrator)),
        ("identity.Membership", str(held), str(administrator)),
        ("identity.Membership", str(held), str(administrator)),
        ("identity.Invitation", str(layla.invitations.get().pk), str(administrator)),
    ]
    ended = ChangeRecord.objects.filter(model="identity.Membership").latest("id")
    assert ended.before and ended.after
    assert (ended.before["valid_until"], ended.after["valid_until"]) == (None, "2026-11-25")
    written = str(list(ChangeRecord.objects.values_list("before", "after")))
    assert layla.password not in written and link.partition(".")[2] not in written and "hash" not in written


def test_a_role_ended_today_is_over_at_once(administrator: Actor, city: Entity) -> None:
    layla = add(administrator)
    held = commands.grant_role(
        officer=layla.pk, role=Role.MAIN_OFFICER, entity=city.pk, actor=administrator, at=NOON - 9 * DAY
    )
    assert queries.list_role_holders(Role.MAIN_OFFICER, city.pk, at=NOON) == [layla.pk]

    commands.end_membership(membership=held, actor=administrator, at=NOON)

    assert queries.list_role_holders(Role.MAIN_OFFICER, city.pk, at=NOON) == []
    assert queries.get_active_officer(layla.pk, NOON) is None


def test_ending_never_makes_a_role_last_longer(administrator: Actor, city: Entity) -> None:
    layla = add(administrator)
    held = commands.grant_role(
        officer=layla.pk,
        role=Role.MAIN_OFFICER,
        entity=city.pk,
        valid_until=TODAY + DAY,
        actor=administrator,
        at=NOON,
    )
    commands.end_membership(membership=held, on=TODAY + 9 * DAY, actor=administrator, at=NOON)
    assert Membership.objects.get(pk=held).valid_until == TODAY + DAY


def test_a_role_wants_its_place_and_its_time(administrator: Actor, city: Entity) -> None:
    layla = add(administrator)
    rival = create_unit(create_body("MOH", Entity.objects.get(code="PM")))

    def refused(**fields: Any) -> list[str]:
        with pytest.raises(InvalidInput) as why:
            commands.grant_role(officer=layla.pk, actor=administrator, at=NOON, **fields)
        return [error.field for error in why.value.errors]

    assert refused(role=Role.MAIN_OFFICER) == ["entity"]
    assert refused(role=Role.SUB_OFFICER) == ["entity", "unit"]
    assert refused(role=Role.SUB_OFFICER, entity=city.pk, unit=rival.pk) == ["unit"]
    assert refused(role=Role.MINISTER, entity=city.pk, unit=create_unit(city).pk) == ["unit"]
    assert refused(role=Role.PM_UNIT, valid_until=TODAY) == ["valid_until"]
    commands.grant_role(officer=layla.pk, role=Role.PM_UNIT, actor=administrator, at=NOON)
    assert refused(role=Role.PM_UNIT) == ["role"]


def test_nobody_changes_their_own_roles(administrator: Actor) -> None:
    me = administrator.officer_id
    assert me is not None
    with pytest.raises(commands.OwnRoleChange):
        commands.grant_role(officer=me, role=Role.PM_UNIT, actor=administrator, at=NOON)
    with pytest.raises(commands.OwnRoleChange):
        commands.end_membership(
            membership=Membership.objects.get(officer=me).pk, actor=administrator, at=NOON
        )
    row = Officer.objects.get(pk=me)
    with pytest.raises(commands.OwnRoleChange):
        commands.change_officer(
            officer=me, email=row.email, name_ar=row.name_ar, name_en="", language="ar", is_active=False,
            actor=administrator, at=NOON,
        )  # fmt: skip


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.SUB_OFFICER)]
)
def test_only_administrators_manage(role: Role, city: Entity) -> None:
    actor = queries.get_actor(create_officer(role, city), NOON)
    other = create_officer()
    attempts: list[Callable[[], object]] = [
        lambda: commands.create_officer(email="x@example.jo", name_ar="ليلى", actor=actor, at=NOON),
        lambda: commands.invite_officer(officer=other.pk, actor=actor, at=NOON),
        lambda: commands.grant_role(officer=other.pk, role=Role.PM_UNIT, actor=actor, at=NOON),
        lambda: commands.issue_token(officer=other.pk, scopes=["desk"], actor=actor, at=NOON),
        lambda: commands.create_client(name="x", scopes=["cases"], actor=actor, at=NOON),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert not ChangeRecord.objects.exists()


def test_correcting_an_officer_shows_before_and_after(administrator: Actor) -> None:
    layla = add(administrator)
    commands.change_officer(
        officer=layla.pk, email="l.haddad@example.jo", name_ar="ليلى حداد", name_en="", language="en",
        is_active=False, actor=administrator, at=NOON,
    )  # fmt: skip

    change = ChangeRecord.objects.latest("id")
    assert change.before and change.after
    assert change.before["email"] == "layla@example.jo"
    assert change.after["email"] == "l.haddad@example.jo"
    assert (change.before["is_active"], change.after["is_active"]) == (True, False)


def test_a_token_opens_for_its_officer_until_it_is_revoked(city: Entity) -> None:
    layla = create_officer(Role.MAIN_OFFICER, city)
    token = commands.issue_token(officer=layla.pk, scopes=["desk"], actor=CLOCK, at=NOON)

    known = authentication.authenticate_officer(token, NOON)
    assert known and known.officer == layla and known.scopes == {"desk"}
    assert known.actor == queries.get_actor(layla, NOON)

    kept = OfficerToken.objects.get()
    assert token.partition(".")[2].encode() not in bytes(kept.hash)
    commands.revoke_token(token=kept.pk, actor=CLOCK, at=NOON)
    assert authentication.authenticate_officer(token, NOON) is None


def test_a_token_ends_with_the_last_role_and_with_the_account(city: Entity) -> None:
    layla = create_officer(Role.MAIN_OFFICER, city, until=TODAY + DAY)
    token = commands.issue_token(officer=layla.pk, scopes=["desk"], actor=CLOCK, at=NOON)
    assert authentication.authenticate_officer(token, NOON + DAY) is None

    Officer.objects.filter(pk=layla.pk).update(is_active=False)
    assert authentication.authenticate_officer(token, NOON) is None


def test_a_client_is_known_by_its_key(administrator: Actor) -> None:
    pk, key = commands.create_client(name="بلدية إربد", scopes=["cases"], actor=administrator, at=NOON)

    known = authentication.authenticate_client(key, NOON)
    assert known and str(known.actor) == "client:بلدية إربد" and known.scopes == {"cases"}
    with pytest.raises(InvalidInput):
        commands.create_client(name="بلدية إربد", scopes=["cases"], actor=administrator, at=NOON)

    commands.revoke_client(client=pk, actor=administrator, at=NOON)
    assert authentication.authenticate_client(key, NOON) is None
    assert ApiClient.objects.get().revoked_at == NOON


def test_a_name_that_no_journal_could_hold_is_refused(administrator: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        commands.create_client(name="ط" * 71, scopes=["cases"], actor=administrator, at=NOON)
    assert [error.field for error in refused.value.errors] == ["name"]


def test_while_a_new_key_takes_the_place_of_the_old_both_count(administrator: Actor) -> None:
    pk, old = commands.create_client(name="بلدية إربد", scopes=["cases"], actor=administrator, at=NOON)
    new = commands.rotate_key(client=pk, actor=administrator, at=NOON)

    assert authentication.authenticate_client(old, NOON + 6 * DAY) == authentication.authenticate_client(
        new, NOON + 6 * DAY
    )
    assert authentication.authenticate_client(old, NOON + 7 * DAY) is None
    third = commands.rotate_key(client=pk, actor=administrator, at=NOON + 6 * DAY)
    assert authentication.authenticate_client(old, NOON + 7 * DAY) is None, (
        "a second change lengthens no key's days"
    )
    assert authentication.authenticate_client(third, NOON + 30 * DAY)
    commands.revoke_client(client=pk, actor=administrator, at=NOON)
    assert authentication.authenticate_client(third, NOON) is None
    with pytest.raises(Refusal):
        commands.rotate_key(client=pk, actor=administrator, at=NOON)


def test_what_a_program_may_do_is_changed_and_written_down(administrator: Actor, city: Entity) -> None:
    pk, key = commands.create_client(name="بلدية إربد", scopes=["cases"], actor=administrator, at=NOON)
    commands.change_client(
        client=pk, scopes=["open311"], per_hour=10, entity=city.pk, actor=administrator, at=NOON
    )
    known = authentication.authenticate_client(key, NOON)
    assert known and (set(known.scopes), known.hourly_quota, known.entity) == ({"open311"}, 10, city.pk)
    last = ChangeRecord.objects.order_by("id").last()
    assert last and last.before and last.before["per_hour"] == 3600


@pytest.mark.parametrize(
    "junk", ["", ".", "x", "x.", ".x", "\u0000.\u0000", "\ud800.x", "é.x", "a" * 5000, "0" * 12 + ".x"]
)
def test_what_was_never_a_secret_of_ours_is_nobody(junk: str, administrator: Actor) -> None:
    commands.create_client(name="x", scopes=[], actor=administrator, at=NOON)

    assert authentication.authenticate_client(junk, NOON) is None
    assert authentication.authenticate_officer(junk, NOON) is None
    assert authentication.find_invited_officer(junk, NOON) is None


def test_a_key_of_another_with_the_right_prefix_is_nobody(administrator: Actor) -> None:
    _, first = commands.create_client(name="first", scopes=[], actor=administrator, at=NOON)
    _, second = commands.create_client(name="second", scopes=[], actor=administrator, at=NOON)

    assert (
        authentication.authenticate_client(f"{first.partition('.')[0]}.{second.partition('.')[2]}", NOON)
        is None
    )


def test_a_link_sets_a_password_once_and_only_while_it_counts(city: Entity) -> None:
    layla = create_officer(Role.MAIN_OFFICER, city)
    link = commands.invite_officer(officer=layla.pk, actor=CLOCK, at=NOON)
    with pytest.raises(commands.InvitationNotUsable):
        commands.accept_invitation(token=link, password="a passphrase of my own", at=NOON + 8 * DAY)

    commands.accept_invitation(token=link, password="a passphrase of my own", at=NOON)

    with pytest.raises(commands.InvitationNotUsable):
        commands.accept_invitation(token=link, password="a passphrase of others", at=NOON)
    layla.refresh_from_db()
    assert layla.check_password("a passphrase of my own")
