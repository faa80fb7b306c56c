"""What people and time do to a case: one verb a function, permission first, then the journal."""

from .approving import add_approval_rule, end_approval_rule
from .citizen import appeal, erase, rate, withdraw, write
from .concern import concern, keep_clear
from .contact import confirm_contact, prefer, renew_code, unsubscribe
from .distributing import add_rule, add_skill, distribute, end_rule, end_skill, raise_rule
from .distribution import accept, assign, classify, give_back, reclassify, refer
from .drafts import DraftMoved, discard_draft, keep_draft, once, save_draft, sent_before
from .exporting import EXPORT, exported
from .files import show, transcribe
from .follow_up import close, commit, decide, escalate, extend, fulfil, recuse, reveal, snooze
from .following import follow_bodies
from .instructions import DELEGATES, ask_head, delegate, instruct, report
from .intake import StillUnderWay, foreseen, submit
from .joining import merge, split
from .keeping import NoSuchView, change_view, choose_look, delete_view, save_view
from .leaving import take_back
from .linking import link
from .people import printed
from .pictures import fetch_due, forget_given_up
from .presence import be_here, forget_presence
from .publishing import keep_private, release
from .reaching import called, could_not_reach, heard
from .registering import register
from .reply import SaysTooLittle, answer, approve, ask, confirm, note, send_back, submit_reply
from .submission import Submission, Submitted
from .sweep import forget_keys, reschedule, sweep
from .taking_part import decline, join, take_part
from .tasks import call_off, contribute, task
from .templates import write_template
from .undoing import let_out, undo
from .watching import follow, looked, unfollow
from .wording import UseConfidentialChannel
from .written import KeyReused, submitted_under

__all__ = [
    "DELEGATES", "EXPORT", "DraftMoved", "KeyReused", "NoSuchView", "SaysTooLittle", "StillUnderWay", "Submission",
    "Submitted", "UseConfidentialChannel", "accept", "add_approval_rule", "add_rule", "add_skill", "answer",
    "appeal", "approve", "ask", "ask_head", "assign", "be_here", "call_off", "called", "change_view", "choose_look",
    "classify", "close", "commit", "concern", "confirm", "confirm_contact", "contribute", "could_not_reach",
    "decide", "decline", "delegate", "delete_view", "discard_draft", "distribute", "end_approval_rule", "end_rule",
    "end_skill", "erase", "escalate", "exported", "extend", "fetch_due", "follow", "follow_bodies", "foreseen",
    "forget_given_up", "forget_keys", "forget_presence", "fulfil", "give_back", "heard", "instruct", "join",
    "keep_clear", "keep_draft", "keep_private", "let_out", "link", "looked", "merge", "note", "once", "prefer",
    "printed", "raise_rule", "rate", "reclassify", "recuse", "refer", "register", "release", "renew_code", "report",
    "reschedule", "reveal", "save_draft", "save_view", "send_back", "sent_before", "show", "snooze", "split",
    "submit", "submit_reply", "submitted_under", "sweep", "take_back", "take_part", "task", "transcribe", "undo",
    "unfollow", "unsubscribe", "withdraw", "write", "write_template",
]  # fmt: skip
