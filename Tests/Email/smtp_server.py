"""A real SMTP server on loopback (aiosmtpd), scripted.

argv[1] is JSON: {"tls": "starttls" | "implicit" | "none", "certificate", "key", "username", "password",
"mechanisms": ["PLAIN", …], "token" (for XOAUTH2), "smtputf8": bool, "replies": {STAGE: [reply, …]}}.

A stage is greeting, EHLO, HELO, STARTTLS, AUTH, MAIL, RCPT, DATA, dot, RSET or QUIT. Each time it comes, the next of its
replies is given: null is what the server would say, "!close" ends the connection, "!silent" says nothing for ever,
"421 !…" is said before the connection ends. After the last one the server is itself.

Writes a JSON object a line: {"event": "ready", "port"}, {"event": "connect"}, {"event": "command", "name", "line"},
{"event": "mail", "sender", "recipients", "options", "content" (base64), "secured", "user"}, {"event": "end"}.
A number on standard input comes back as {"event": "sync", "port"}, behind all that happened. It lives until its
standard input ends.
"""

import asyncio
import base64
import json
import os
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult

script = json.loads(sys.argv[1])
replies = {stage: list(texts) for stage, texts in script.get("replies", {}).items()}
output = threading.Lock()


def tell(**event):
    with output:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


def next_reply(stage):
    texts = replies.get(stage)
    return texts.pop(0) if texts else None


def authenticate(server, session, envelope, mechanism, data):
    user = data.login.decode() if data.login else ""
    password = data.password.decode() if data.password else ""
    is_right = user == script["username"] and password == script["password"]
    return AuthResult(success=is_right, handled=False, auth_data=user)


class Scripted(SMTP):
    def connection_made(self, transport):
        # STARTTLS makes it once more.
        self.is_upgraded = script["tls"] == "starttls" and transport.get_extra_info("ssl_object") is not None
        if not self.is_upgraded:
            tell(event="connect")
        super().connection_made(transport)

    def connection_lost(self, error):
        if not getattr(self, "is_over", False):
            self.is_over = True
            tell(event="end")
        super().connection_lost(error)

    async def act(self, stage):
        """Whether the script has a reply of its own here."""
        reply = next_reply(stage)
        if reply is None:
            return False
        if reply == "!silent":
            await asyncio.Event().wait()
        if reply == "!close":
            self.transport.abort() if stage == "dot" else self.transport.close()
            await asyncio.Event().wait()
        # Lines of a reply are given as they are.
        await super().push(reply.replace("!", ""))
        if "!" in reply:
            self.transport.close()
            await asyncio.Event().wait()
        return True

    async def push(self, status):
        if self.session is not None and not getattr(self.session, "is_greeted", False):
            self.session.is_greeted = True
            if status.startswith(b"220" if isinstance(status, bytes) else "220") and await self.act("greeting"):
                return
        await super().push(status)

    async def smtp_EHLO(self, hostname):
        tell(event="command", name="EHLO", line=hostname)
        if not await self.act("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname):
        tell(event="command", name="HELO", line=hostname)
        if not await self.act("HELO"):
            await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg):
        if not await self.act("STARTTLS"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg):
        tell(event="command", name="AUTH", line=(arg or "").split(" ")[0])
        if not await self.act("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        tell(event="command", name="MAIL", line=arg)
        if not await self.act("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        tell(event="command", name="RCPT", line=arg)
        if not await self.act("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if not await self.act("DATA"):
            await super().smtp_DATA(arg)

    async def smtp_RSET(self, arg):
        tell(event="command", name="RSET", line="")
        if not await self.act("RSET"):
            await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg):
        tell(event="command", name="QUIT", line="")
        if not await self.act("QUIT"):
            await super().smtp_QUIT(arg)


class Handler:
    # As the large providers do it: a refusal is a challenge that tells why, and then the refusal itself.
    async def auth_XOAUTH2(self, server, args):
        blob = args[1].encode() if len(args) == 2 else await server.challenge_auth("")
        text = base64.b64decode(blob).decode() if len(args) == 2 else blob.decode()
        wanted = f"user={script['username']}\x01auth=Bearer {script['token']}\x01\x01"
        if text == wanted:
            return AuthResult(success=True, auth_data=script["username"])
        await server.challenge_auth('{"status":"401","schemes":"bearer"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server, session, envelope):
        tell(
            event="mail", sender=envelope.mail_from, recipients=envelope.rcpt_tos, options=envelope.mail_options,
            content=base64.b64encode(envelope.original_content).decode(), secured=server.transport.get_extra_info("ssl_object") is not None,
            user=session.auth_data or "",
        )
        reply = replies.get("dot")
        if reply and reply[0] and not reply[0].startswith("!") and "!" not in reply[0]:
            return reply.pop(0)
        await server.act("dot")
        return "250 2.0.0 Ok: queued as 4XyZ7q"


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(script["certificate"], script["key"])
    return made


def protocol():
    needs = "username" in script
    known = {"LOGIN", "PLAIN", "XOAUTH2"}
    return Scripted(
        Handler(), enable_SMTPUTF8=script.get("smtputf8", False),
        tls_context=context() if script["tls"] == "starttls" else None,
        require_starttls=False, auth_required=needs, auth_require_tls=script["tls"] == "starttls",
        authenticator=authenticate if needs else None,
        auth_exclude_mechanism=known - set(script.get("mechanisms", ["LOGIN", "PLAIN"])), timeout=300,
    )


async def serve():
    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=context() if script["tls"] == "implicit" else None)
    tell(event="ready", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


def watch():
    for line in sys.stdin:
        tell(event="sync", port=int(line))
    os._exit(0)


threading.Thread(target=watch, daemon=True).start()
asyncio.run(serve())
