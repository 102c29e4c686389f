"""What the proxy is armed to do at a message."""

from messages import runs, tag


class Fired(Exception):
    """What was armed has happened: this connection ends."""


class Rules:
    """At most one thing is armed; it happens once, on whatever connection comes to it first."""

    def __init__(self):
        self.armed = None
        self.fired = None
        self.messages = 0

    def arm(self, name, value):
        self.armed, self.fired, self.messages = (name, value), None, 0

    def disarm(self):
        self.armed = None

    def forward(self, kind, sql):
        """A client's message is about to go on to the server.

        Raises Fired when the connection ends before it.
        """
        self.messages += 1
        match self.armed:
            case ("cut-after-client-message", count) if self.messages >= count:
                self._fire(before=kind, sql=sql)
            case ("cut-before", words) if runs(sql, words):
                self._fire(before=kind, sql=sql)

    def answer(self, owed, message, complete):
        """A server's message, part of the answer `owed`; returns what goes on to the client.

        Raises Fired when the answer is complete and was to be dropped.
        """
        if message[:1] == b"G":
            return message  # The server waits for the client's rows: there is no answer yet.
        owed.tag = tag(message) or owed.tag
        match self.armed:
            case ("drop-answer-of", words) if runs(owed.sql, words):
                owed.withheld += message
                if complete:
                    self._fire(sql=owed.sql, answer=owed.tag)
                return b""
        # Another connection was first: this one gets what was kept from it.
        message = bytes(owed.withheld) + message
        owed.withheld.clear()
        return message

    def _fire(self, **facts):
        self.fired = {"rule": self.armed[0], "value": self.armed[1], **facts}
        self.armed = None
        raise Fired
