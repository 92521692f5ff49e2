"""A mail server for tests, by aiosmtpd: it keeps nothing, and says on standard
output, a JSON object a line, what it hears and which mails it takes. It ends when
its standard input does."""

import asyncio
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(**what):
    print(json.dumps(what), flush=True)


class Heard(logging.Handler):
    def emit(self, record):
        say(heard=record.getMessage())


class Handler:
    async def handle_DATA(self, server, session, envelope):
        text = envelope.original_content.decode("utf-8", "replace")
        say(mail={"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": text, "user": session.auth_data or "", "encrypted": server.transport.get_extra_info("ssl_object") is not None})
        return "250 taken"


def authenticator(options):
    def check(server, session, envelope, mechanism, data):
        good = data.login.decode() == options["User"] and data.password.decode() == options["Password"]
        if not good:
            # As a careless server would.
            return AuthResult(success=False, handled=False, message="535 5.7.8 not " + data.password.decode())
        return AuthResult(success=True, auth_data=data.login.decode())
    return check


async def main():
    options = json.loads(sys.argv[1])
    log = logging.getLogger("mail.log")
    log.setLevel(logging.DEBUG)
    log.addHandler(Heard())
    context = None
    if options["Certificate"]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["Certificate"], options["Key"])
    implicit = options["Implicit"]

    def make():
        login = {}
        if options["User"]:
            login = {"authenticator": authenticator(options), "auth_required": True, "auth_require_tls": context is not None and not implicit}
        upgrade = {} if implicit or context is None else {"tls_context": context, "require_starttls": True}
        return SMTP(Handler(), hostname="mail.box", loop=loop, **login, **upgrade)

    loop = asyncio.get_running_loop()
    await loop.create_server(make, options["Host"], options["Port"], ssl=context if implicit else None)
    say(ready=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
