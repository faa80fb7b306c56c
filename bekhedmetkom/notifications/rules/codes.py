"""One-time codes and access codes: purposes, lifetimes and templates."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from .templates import Template

MASK = "••••••"  # stands in a message's words where its code goes, before it is sent and for ever after


class CodePurpose(StrEnum):
    CONFIRM = "confirm"  # that a telephone number or an e-mail address is this person's
    SIGN_IN = "sign_in"  # to all of one's own cases
    NEW_ACCESS_CODE = "new_access_code"  # for who forgot the one that a case was sent with
    CALL = "call"  # that whoever calls, or is called, holds this telephone
    CHALLENGE = "challenge"  # that a person is sending, where there is no script


CODE_TEMPLATES: Mapping[CodePurpose, Template] = {
    CodePurpose.CONFIRM: Template.CODE_CONFIRM,
    CodePurpose.SIGN_IN: Template.CODE_SIGN_IN,
    CodePurpose.NEW_ACCESS_CODE: Template.CODE_ACCESS,
    CodePurpose.CALL: Template.CODE_CALL,
    CodePurpose.CHALLENGE: Template.CODE_CHALLENGE,
}


def get_code_lifetime(purpose: CodePurpose) -> timedelta | None:
    """How long the code is worth sending; `None`: an access code, which opens its case until the next one."""
    return None if purpose is CodePurpose.NEW_ACCESS_CODE else timedelta(minutes=10)
