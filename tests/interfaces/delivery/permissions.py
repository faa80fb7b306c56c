"""What gateways call wants a token; the address at the foot of an e-mail is signed."""

from tests.interfaces.permission_table import ANYONE, Row

ROWS = [
    Row("sms-receipts", ANYONE, "none", 405),
    Row("sms-receipts", ANYONE, "none", 404, "post"),  # no token is agreed on
    Row("sms-answers", ANYONE, "none", 405),
    Row("sms-answers", ANYONE, "none", 404, "post"),
    Row("mail-answers", ANYONE, "none", 405),
    Row("mail-answers", ANYONE, "none", 404, "post"),
    Row("unsubscribe", ANYONE, "none", 404),
    Row("unsubscribe", ANYONE, "none", 404, "post"),
]
