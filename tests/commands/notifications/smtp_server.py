"""A mail server on this machine that speaks SMTP and says what a test wants it to."""

import socketserver
from email import message_from_bytes, policy
from email.message import EmailMessage


class SmtpServer(socketserver.ThreadingTCPServer):
    """Takes letters as a mail server does; `says` replaces its answer to a command, `drop` hangs up instead."""

    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.letters: list[tuple[str, str, EmailMessage]] = []
        self.says: dict[str, str] = {}
        self.silent_after: int | None = None  # so many letters; the last of them is taken and not answered

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}?starttls=0&from=platform@example.jo"


class SmtpSession(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        sender = to = ""
        greeted = False
        self.say("220 here")
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    greeted = True
                    self.say("250 ok")
                case "MAIL" if not greeted:
                    self.say("503 send EHLO first")
                case "MAIL":
                    sender = rest
                    self.say(self.server.says.get("MAIL", "250 ok"))
                case "RCPT":
                    to = rest
                    self.say(self.server.says.get("RCPT", "250 ok"))
                case "DATA":
                    self.say("354 go on")
                    letter = message_from_bytes(self.letter(), policy=policy.default)
                    self.server.letters.append((sender, to, letter))
                    if self.server.says.get("DATA") == "drop":
                        return
                    if len(self.server.letters) == self.server.silent_after:
                        self.rfile.read()  # until the other end is gone
                        return
                    self.say(self.server.says.get("DATA", "250 ok"))
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def letter(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines)

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
