extension Email {
  /// The plugin's manifest, as `carillon/plugin.h` describes it.
  public static let manifest = #"""
    {
      "id": "org.carillon.email",
      "name": "email",
      "version": "0.1.0",
      "vendor": "Carillon",
      "license": "Apache-2.0",
      "summary": "Mails through an SMTP server, as text and HTML.",
      "provides": ["carillon.sink/1"],
      "requires": ["carillon.host.delivery/1"],
      "reads": ["names"],
      "permissions": ["network", "files"],
      "schemas": {
        "configuration": {
          "type": "object",
          "additionalProperties": false,
          "required": ["host", "from"],
          "properties": {
            "host": {
              "title": "Server",
              "description": "the name or the IP address of the SMTP server that takes the mails",
              "type": "string",
              "minLength": 1,
              "maxLength": 255
            },
            "port": {
              "title": "Port",
              "description": "absent: 587, and 465 with tls implicit",
              "type": "integer",
              "minimum": 1,
              "maximum": 65535
            },
            "tls": {
              "title": "Protection",
              "description": "starttls: required, nothing is sent without it; implicit: TLS from the first byte; none: plain text, password included",
              "enum": ["starttls", "implicit", "none"],
              "default": "starttls"
            },
            "username": {
              "title": "User name",
              "description": "for authentication; absent: none",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024
            },
            "password": {
              "title": "Password",
              "description": "a reference: file:/path, env:NAME or credential:NAME; read again for each connection",
              "type": "string",
              "pattern": "^(file:/|env:|credential:)",
              "maxLength": 4096,
              "writeOnly": true
            },
            "token": {
              "title": "Access token",
              "description": "instead of a password: an OAuth 2 access token for AUTH XOAUTH2; a reference, read again for each connection",
              "type": "string",
              "pattern": "^(file:/|env:|credential:)",
              "maxLength": 4096,
              "writeOnly": true
            },
            "from": {
              "title": "Sender",
              "description": "an address, or a name and an address: Carillon <bells@example.org>; bounces go there, too",
              "type": "string",
              "minLength": 3,
              "maxLength": 1024
            },
            "reply_to": {
              "title": "Answers to",
              "description": "an address, or a name and an address; absent: the sender",
              "type": "string",
              "minLength": 3,
              "maxLength": 1024
            },
            "to": {
              "title": "Addressee",
              "description": "of every mail that has no address of its own; for a sink without an address kind",
              "type": "string",
              "minLength": 3,
              "maxLength": 1024
            },
            "message_id_domain": {
              "title": "Domain of message ids",
              "description": "absent: the sender's",
              "type": "string",
              "minLength": 1,
              "maxLength": 255
            },
            "list_unsubscribe": {
              "title": "Link to unsubscribe",
              "description": "https, takes a POST (RFC 8058); may have {{user.id}} and {{schedule.id}}",
              "type": "string",
              "pattern": "^[Hh][Tt][Tt][Pp][Ss]://",
              "maxLength": 900
            },
            "html": {
              "title": "HTML",
              "description": "given: where the event has some; from-text: made from the text where it has none; never: text alone",
              "enum": ["given", "from-text", "never"],
              "default": "given"
            },
            "helo_name": {
              "title": "Own name",
              "description": "what we call ourselves in EHLO; absent: the machine's name",
              "type": "string",
              "minLength": 1,
              "maxLength": 255
            },
            "ca_file": {
              "title": "Certificate authorities",
              "description": "a PEM file to trust instead of the system's",
              "type": "string",
              "pattern": "^/",
              "maxLength": 4096
            },
            "connect_timeout_ms": {
              "title": "Connect time-out",
              "description": "until the server takes mails: name resolution, TCP, greeting, TLS and authentication together",
              "type": "integer",
              "minimum": 100,
              "maximum": 600000,
              "default": 30000
            },
            "timeout_ms": {
              "title": "Time-out",
              "description": "until all of a mail is handed over; the answer to it may take up to ten minutes more, within the queue's send_deadline",
              "type": "integer",
              "minimum": 100,
              "maximum": 600000,
              "default": 60000
            },
            "max_connections": {
              "title": "Connections",
              "description": "at most so many at a time; each is kept for further mails",
              "type": "integer",
              "minimum": 1,
              "maximum": 32,
              "default": 4
            },
            "mails_per_connection": {
              "title": "Mails for a connection",
              "description": "after so many a connection is closed, and the next mail opens another",
              "type": "integer",
              "minimum": 1,
              "maximum": 10000,
              "default": 100
            }
          }
        }
      }
    }
    """#
}
