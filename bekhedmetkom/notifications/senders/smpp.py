"""SMPP 3.4 gateway: one transceiver connection kept between rounds, which also delivers receipts."""

import logging
import re
import secrets
import socket
import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from smpplib import client, consts, exceptions, smpp
from smpplib.pdu import PDU

from ..models import Message
from ..rules.delivery import ReceiptStatus, parse_receipt_status
from ..rules.sms import encode_gsm, is_gsm_text, split_sms
from .gateway import TIMEOUT_SECONDS, ReceiptHandler, SendFunction, SendOutcome, SendResult, TextHandler

IDLE_SECONDS = 30  # after so long without a word we ask whether the other end still lives
DEFAULT_PORTS = {"smpp": 2775, "smpps": 3550}
_BUSY_STATUSES = {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL}
# What no repetition mends: the number, or the text.
_REFUSED_STATUSES = {consts.SMPP_ESME_RINVDSTADR, consts.SMPP_ESME_RINVDSTTON, consts.SMPP_ESME_RINVDSTNPI,
            consts.SMPP_ESME_RINVMSGLEN, consts.SMPP_ESME_RSUBMITFAIL, consts.SMPP_ESME_RX_R_APPN}  # fmt: skip
_RECEIPT_FLAG = 0x04  # in esm_class
_RECEIPT_STATUS_BY_STATE = {
    2: ReceiptStatus.DELIVERED,
    3: ReceiptStatus.FAILED,
    4: ReceiptStatus.FAILED,
    5: ReceiptStatus.FAILED,
    8: ReceiptStatus.FAILED,
}
_RECEIPT_TEXT = re.compile(rb"\bid:(?P<id>\S+).*?\bstat:(?P<stat>\w+)", re.IGNORECASE | re.DOTALL)
# smpplib stumbles over what is no SMPP in ways of its own.
_LINK_ERRORS = (exceptions.ConnectionError, exceptions.PDUError, exceptions.UnknownCommandError, OSError, struct.error,
           AttributeError, LookupError, TypeError, ValueError)  # fmt: skip

log = logging.getLogger(__name__)
logging.getLogger("smpplib").setLevel(logging.ERROR)


class SmppGateway:
    """`smpp://SYSTEM_ID:PASSWORD@HOST:2775`, `smpps://` for TLS; `?parts=payload`: the gateway cuts long texts."""

    is_idempotent = False  # the protocol has no field for an id of ours

    def __init__(self, url: str):
        where = urlsplit(url)
        self.host, self.port = where.hostname or "", where.port or DEFAULT_PORTS[where.scheme]
        self.system_id, self.password = unquote(where.username or ""), unquote(where.password or "")
        self.tls = ssl.create_default_context() if where.scheme == "smpps" else None
        self.send_as_payload = parse_qs(where.query).get("parts") == ["payload"]
        self.link: client.Client | None = None
        self.last_read_at = 0.0
        self.responses: dict[int, PDU] = {}
        self.on_receipt: ReceiptHandler = lambda gateway_id, fate: None
        self.handle_text: TextHandler = lambda sender, text: None

    @contextmanager
    def open_round(self, on_receipt: ReceiptHandler) -> Iterator[SendFunction]:
        self.on_receipt = on_receipt
        with suppress(
            *_LINK_ERRORS
        ):  # a gateway that is away now is tried again with the next message, or next round
            self._listen()
        try:
            yield self._send
        except BaseException:  # what we could not write down comes again on the next link
            self._disconnect()
            raise

    def close(self) -> None:
        if self.link:
            with suppress(*_LINK_ERRORS, AttributeError):
                self.link.unbind()
        self._disconnect()

    def _send(self, message: Message) -> SendResult:
        try:
            self._bind()
        except _LINK_ERRORS as error:
            return self._handle_broken_link(message, error, SendOutcome.FAILED)
        ids: list[str] = []
        for part in self._build_parts(message.full_text):
            try:
                answer = self._submit(message.address, part)
            except _LINK_ERRORS as error:
                return self._handle_broken_link(message, error, SendOutcome.IN_DOUBT, tuple(ids))
            if answer.status != consts.SMPP_ESME_ROK:
                log.warning("message %s: the SMS gateway answered 0x%08x", message.pk, answer.status)
                # With its first part gone out, a whole text can neither be taken back nor sent again.
                return SendResult(SendOutcome.IN_DOUBT, tuple(ids)) if ids else _build_failure(answer.status)
            ids.append(answer.message_id.decode("ascii", "replace"))
        return SendResult(SendOutcome.SENT, tuple(ids))

    def _bind(self) -> client.Client:
        if self.link is None:
            link = client.Client(
                self.host, self.port, timeout=TIMEOUT_SECONDS, ssl_context=self.tls, allow_unknown_opt_params=True,
                logger_name="smpplib.client",
            )  # fmt: skip
            link.set_message_sent_handler(self._handle_response)
            link.set_error_pdu_handler(self._handle_response)
            link.set_message_received_handler(self._handle_delivery)
            self.link = link
            try:
                link.connect()
                link.bind_transceiver(system_id=self.system_id, password=self.password)
            except BaseException:
                self._disconnect()
                raise
            self.last_read_at = time.monotonic()
        return self.link

    def _submit(self, to: str, part: dict[str, object]) -> PDU:
        """One part, and the answer to it; whatever else comes meanwhile is heard as well."""
        link = self._bind()
        asked = link.send_message(
            source_addr_ton=_get_number_type(settings.SMS_SENDER),
            source_addr=settings.SMS_SENDER.lstrip("+"),
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=to.lstrip("+"),
            registered_delivery=1,
            **part,
        )
        until = time.monotonic() + TIMEOUT_SECONDS
        while asked.sequence not in self.responses:
            if time.monotonic() > until:
                raise TimeoutError
            self._read_pdu(link)
        return self.responses.pop(asked.sequence)

    def _listen(self) -> None:
        """What has come since the last round; after a long silence, ask whether the other end still lives."""
        link = self._bind()
        try:
            link.poll(auto_send_enquire_link=False)
            if time.monotonic() - self.last_read_at > IDLE_SECONDS:
                link.send_pdu(smpp.make_pdu("enquire_link", client=link))
                self._read_pdu(link)
        except _LINK_ERRORS as error:
            log.warning("the link to the SMS gateway broke (%s)", type(error).__name__)
            self._disconnect()
        self.responses.clear()

    def _read_pdu(self, link: client.Client) -> None:
        link.read_once(auto_send_enquire_link=False)
        self.last_read_at = time.monotonic()

    def _handle_response(self, pdu: PDU) -> None:
        self.responses[pdu.sequence] = pdu

    def _handle_delivery(self, pdu: PDU) -> int | None:
        """What comes is answered once it is written down: what is not, comes again."""
        if told := _parse_receipt(pdu):
            self.on_receipt(*told)
        elif said := _parse_text(pdu):
            self.handle_text(*said)
        return None

    def _handle_broken_link(
        self, message: Message, error: BaseException, outcome: SendOutcome, ids: tuple[str, ...] = ()
    ) -> SendResult:
        log.warning("message %s: the link to the SMS gateway broke (%s)", message.pk, type(error).__name__)
        self._disconnect()
        return SendResult(outcome, ids, stop_round=True)

    def _disconnect(self) -> None:
        self.responses.clear()
        link, self.link = self.link, None
        if link and link._socket is not None:
            with suppress(OSError):
                link._socket.shutdown(socket.SHUT_RDWR)
            link.state = consts.SMPP_CLIENT_STATE_OPEN
            link.disconnect()

    def _build_parts(self, text: str) -> list[dict[str, object]]:
        """The fields of each part. Cut by our own rule: smpplib's would cut a letter of two places in half."""
        basic = is_gsm_text(text)
        coding = consts.SMPP_ENCODING_DEFAULT if basic else consts.SMPP_ENCODING_ISO10646

        def octets(piece: str) -> bytes:
            return encode_gsm(piece) if basic else piece.encode("utf-16-be")

        pieces = split_sms(text)
        if len(pieces) == 1:
            return [{"data_coding": coding, "short_message": octets(text)}]
        if self.send_as_payload:
            return [{"data_coding": coding, "message_payload": octets(text)}]
        together = secrets.randbelow(256)
        return [
            {
                "data_coding": coding,
                "esm_class": consts.SMPP_GSMFEAT_UDHI,
                "short_message": bytes([5, 0, 3, together, len(pieces), number]) + octets(piece),
            }
            for number, piece in enumerate(pieces, 1)
        ]


def _get_number_type(sender: str) -> int:
    if not sender.lstrip("+").isdigit():
        return int(consts.SMPP_TON_ALNUM if sender else consts.SMPP_TON_UNK)
    return int(consts.SMPP_TON_INTL if sender.startswith("+") else consts.SMPP_TON_UNK)


def _build_failure(status: int) -> SendResult:
    if status in _BUSY_STATUSES:
        return SendResult(SendOutcome.BUSY, stop_round=True)
    return SendResult(SendOutcome.REFUSED if status in _REFUSED_STATUSES else SendOutcome.FAILED)


def _parse_receipt(pdu: PDU) -> tuple[str, ReceiptStatus] | None:
    """The gateway's id and what became of it: from the fields where it fills them, else from the customary text."""
    if pdu.command != "deliver_sm" or not (pdu.esm_class or 0) & _RECEIPT_FLAG:
        return None
    text = _RECEIPT_TEXT.search(pdu.short_message or getattr(pdu, "message_payload", None) or b"")
    named = getattr(pdu, "receipted_message_id", None) or (text and text["id"])
    if not named:
        return None
    state = getattr(pdu, "message_state", None)
    fate = (
        _RECEIPT_STATUS_BY_STATE.get(state, ReceiptStatus.HANDED)
        if state
        else parse_receipt_status(text["stat"].decode() if text else "")
    )
    return named.rstrip(b"\x00").decode("ascii", "replace"), fate


def _parse_text(pdu: PDU) -> tuple[str, str] | None:
    """What a person wrote, and from which number. Of a text in several parts each is looked at by itself."""
    if (
        pdu.command != "deliver_sm" or (pdu.esm_class or 0) & 0x3C
    ):  # a receipt, or some other word of the network's
        return None
    octets = pdu.short_message or getattr(pdu, "message_payload", None) or b""
    if (pdu.esm_class or 0) & consts.SMPP_GSMFEAT_UDHI and octets:
        octets = octets[1 + octets[0] :]
    wide = (pdu.data_coding or 0) & 0x0C == consts.SMPP_ENCODING_ISO10646
    number = (pdu.source_addr or b"").rstrip(b"\x00").decode("ascii", "replace")
    international = pdu.source_addr_ton == consts.SMPP_TON_INTL and not number.startswith("+")
    text = octets.decode("utf-16-be", "replace") if wide else octets.decode("latin-1")
    return f"{'+' if international else ''}{number}", text
