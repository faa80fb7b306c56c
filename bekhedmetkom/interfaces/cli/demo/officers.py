"""Who works in the demonstration: about 200 invented officers over the bodies of the directory."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.apps import apps
from django.db import transaction

from bekhedmetkom.entities.commands import save_change
from bekhedmetkom.entities.queries import get_sectors, get_tree, list_units
from bekhedmetkom.entities.table_cache import refresh_versions
from bekhedmetkom.entities.tree import Body
from bekhedmetkom.identity.commands import accept_invitation, create_officer, grant_role, invite_officer
from bekhedmetkom.identity.queries import find_officer_by_email
from bekhedmetkom.identity.rules import Role
from bekhedmetkom.kernel.actor import CLOCK
from bekhedmetkom.kernel.clock import get_local_date

from .text_bank import TextBank

MAIN_BODY, RIVAL_BODY = "GAM", "MOH"
APPROVAL_BODY = "MOE"  # a body whose replies need approval before they go out
TIME_IN_OFFICE = timedelta(days=400)  # how long everybody has been in office
MAIN_OFFICER_COUNT = (
    105  # bodies with a main officer of their own; the others are served by their nearest parent
)

_SERVED_KINDS = ("ministry", "prime_ministry", "governorate", "security", "authority", "company", "institution",
           "department", "hospital", "health", "university", "fund", "center", "oversight")  # fmt: skip
_BUSY_BODIES = (
    "MIYAH",
    "YWC",
    "JEPCO",
    "IDECO",
    "SSC",
    "CSPD",
    "DVLD",
    "MOL",
    "MOLA",
    "MPWH",
    "NAF",
    "MUN-IR01",
    "MUN-ZA01",
)
_INSPECTED_BODIES = ("PM", MAIN_BODY, RIVAL_BODY, "MIT", "MOENV", "MOL", "MOLA", "JFDA", "JSMO", "SSC")
_DUTY_BODIES = (MAIN_BODY, "JEPCO", "MIYAH", "PSD", RIVAL_BODY)
_REVIEW_BODIES = (
    MAIN_BODY,  # one alone: an appeal that a visitor makes there is before the reviewer whose account is shown
    RIVAL_BODY,
    RIVAL_BODY,
    APPROVAL_BODY,
    APPROVAL_BODY,
    "MOL",
    "MOI",
    "MWI",
    "EMRC",
    "MOLA",
    "SSC",
    "MODEE",
)


@dataclass(frozen=True, slots=True)
class Post:
    """A role at a body, perhaps at one of its units. The first post of a role is the account that is shown."""

    role: Role
    body: str = ""
    unit: str = ""


def create_officers(bank: TextBank, home: Path, at: datetime) -> None:
    """Make the units, officers and accounts that are not there yet. A second run changes nothing."""
    _create_units(bank, at)
    accounts = _read_accounts(home)
    shown: dict[str, str] = {}
    for post, (email, name_ar, name_en) in zip(list_posts(bank), _generate_names(bank), strict=False):
        address = f"{email}@{(post.body or 'pm').lower()}.example"
        if find_officer_by_email(address) is None:
            _appoint_officer(post, address, name_ar, name_en, at)
        key = "rival_officer" if (post.role, post.body) == (Role.MAIN_OFFICER, RIVAL_BODY) else str(post.role)
        shown.setdefault(key, address)
    for key, address in shown.items():
        if accounts.get(key, {}).get("email") != address or not _is_password_valid(
            address, accounts[key]["password"]
        ):
            accounts[key] = {"email": address, "password": _reset_password(address, at)}
    _write_accounts(home, {key: accounts[key] for key in shown})


def list_posts(bank: TextBank) -> Iterator[Post]:
    """Every post of the demonstration, those of the accounts first."""
    role, first = Role, get_tree().by_code[MAIN_BODY]
    sector = next(row for row in get_sectors().values() if row.id == first.sector)
    mandate = get_tree()[sector.ministry].code
    staffed = [row for row in bank.units if row["entity"] in get_tree().by_code]
    yield Post(role.MAIN_OFFICER, MAIN_BODY)
    yield from (Post(role.SUB_OFFICER, row["entity"], row["code"]) for row in staffed)
    for shown in (role.APPROVER, role.APPROVER, role.MANAGER, role.HEAD_OF_BODY):
        yield Post(shown, MAIN_BODY)
    yield Post(role.MAIN_OFFICER, RIVAL_BODY)
    yield from (Post(role.MAIN_OFFICER, body.code) for body in _list_served_bodies())
    yield from (Post(role.REVIEWER, code) for code in _REVIEW_BODIES)
    yield from (Post(role.DUTY_OFFICER, code) for code in _DUTY_BODIES)
    yield from (
        Post(role.INSPECTOR, code) for code in (MAIN_BODY, *(c for c in _INSPECTED_BODIES if c != MAIN_BODY))
    )
    yield from (Post(role.COORDINATOR, code) for code in ("GHR", "FJPD", "CCU", "PM"))
    yield from (Post(role.APPROVER, code) for code in (APPROVAL_BODY, APPROVAL_BODY))
    yield from (Post(role.MANAGER, code) for code in (RIVAL_BODY, APPROVAL_BODY, *_BUSY_BODIES))
    yield from (Post(role.HEAD_OF_BODY, code) for code in ("SSC", "CSPD", "JEPCO", "MIYAH", "PSD"))
    ministries = [mandate, *(row.code for row in get_sectors().values() if row.code != mandate)]
    yield from (Post(role.MINISTER, code) for code in ministries)
    yield from (Post(role.MINISTER_OFFICE, code) for code in ministries)
    yield from (Post(role.PM_UNIT) for _ in range(3))
    yield from (Post(role.AGENT) for _ in range(4))
    yield Post(role.ADMINISTRATOR)


def _list_served_bodies() -> list[Body]:
    """The bodies with a main officer of their own, beside the two of the accounts: the greater ones first."""
    open_bodies = [
        body for body in get_tree() if body.closed_on is None and body.code not in (MAIN_BODY, RIVAL_BODY)
    ]
    great = [b for b in open_bodies if b.kind == "municipality" and b.code.endswith(("01", "AT02"))]
    ranked = sorted(
        (b for b in open_bodies if b.kind in _SERVED_KINDS), key=lambda b: (_SERVED_KINDS.index(b.kind), b.id)
    )
    return [*great, *ranked][: MAIN_OFFICER_COUNT - 2]


def _appoint_officer(post: Post, address: str, name_ar: str, name_en: str, at: datetime) -> None:
    body = get_tree().by_code[post.body] if post.body else None
    units = (
        {unit.code: unit.id for unit in list_units(body.id, get_local_date(at))} if body and post.unit else {}
    )
    with transaction.atomic():
        officer = create_officer(email=address, name_ar=name_ar, name_en=name_en, actor=CLOCK, at=at)
        grant_role(
            officer=officer, role=post.role, entity=body.id if body else None, unit=units.get(post.unit),
            valid_from=get_local_date(at - TIME_IN_OFFICE), actor=CLOCK, at=at,
        )  # fmt: skip


def _generate_names(bank: TextBank) -> Iterator[tuple[str, str, str]]:
    """Invented people, the same ones at every run: the part of an address, and the name in both languages."""
    random = Random("officers")
    words = bank.words
    taken: set[str] = set()
    while True:
        part = random.choice(("woman", "man"))
        first, father, family = (random.randrange(len(words[name, "ar"])) for name in (part, "man", "family"))
        given, name = words[part, "en"][first], words["family", "en"][family]
        address = f"{given}.{name}".lower().replace("'", "").replace(" ", "-")
        if address in taken:
            continue
        taken.add(address)
        name_ar = f"{words[part, 'ar'][first]} {words['man', 'ar'][father]} {words['family', 'ar'][family]}"
        yield address, name_ar, f"{given} {words['man', 'en'][father]} {name}"


def _create_units(bank: TextBank, at: datetime) -> None:
    """Units, the rules that send topics to them, and the body whose replies need approval."""
    unit_model, rule_model = apps.get_model("entities.Unit"), apps.get_model("routing.Rule")
    service_model = apps.get_model("catalogue.Service")
    approval_model = apps.get_model("routing.ApprovalRule")
    for row in bank.units:
        body = get_tree().by_code.get(row["entity"])
        if body is None or unit_model.objects.filter(entity=body.id, code=row["code"]).exists():
            continue
        unit = unit_model(entity_id=body.id, code=row["code"], name_ar=row["name_ar"], name_en=row["name_en"])
        save_change(unit, actor=CLOCK, at=at)
        for number in row["topics"].split():
            service = service_model.objects.get(code=f"{row['entity']}-{number}")
            save_change(rule_model(entity_id=body.id, unit=unit, service=service), actor=CLOCK, at=at)
    approving = get_tree().by_code.get(APPROVAL_BODY)
    if approving and not approval_model.objects.filter(entity=approving.id).exists():
        save_change(approval_model(entity_id=approving.id), actor=CLOCK, at=at)
    refresh_versions()


def _is_password_valid(address: str, password: str) -> bool:
    officer = apps.get_model("identity.Officer").objects.get(email=address)
    return bool(officer.check_password(password))


def _reset_password(address: str, at: datetime) -> str:
    officer = find_officer_by_email(address)
    assert officer is not None
    password = secrets.token_urlsafe(12)
    accept_invitation(token=invite_officer(officer=officer, actor=CLOCK, at=at), password=password, at=at)
    return password


def _read_accounts(home: Path) -> dict[str, dict[str, str]]:
    with suppress(FileNotFoundError, ValueError):
        read: dict[str, dict[str, str]] = json.loads((home / "accounts.json").read_text("utf-8"))
        return read
    return {}


def _write_accounts(home: Path, accounts: Mapping[str, Mapping[str, str]]) -> None:
    """Beside the installation's other secrets, for its owner's eyes; `run` shows them."""
    home.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(home / "accounts.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(accounts, out, ensure_ascii=False, indent=1)
