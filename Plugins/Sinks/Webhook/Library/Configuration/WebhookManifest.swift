extension Webhook {
  /// The plugin's manifest, as `carillon/plugin.h` describes it.
  public static let manifest = #"""
    {
      "id": "org.carillon.webhook",
      "name": "webhook",
      "version": "0.1.0",
      "vendor": "Carillon",
      "license": "Apache-2.0",
      "summary": "Signed HTTP requests after the Standard Webhooks specification.",
      "provides": ["carillon.sink/1"],
      "requires": ["carillon.host.delivery/1"],
      "reads": ["names", "locale"],
      "permissions": ["network", "files"],
      "schemas": {
        "configuration": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "url": {
              "title": "URL",
              "description": "http or https, without user information, or a reference (file:/path, env:NAME, credential:NAME) to such a URL, for one that is a secret; absent: every delivery brings its own",
              "type": "string",
              "pattern": "^([Hh][Tt][Tt][Pp][Ss]?://|file:/|env:|credential:)",
              "maxLength": 8192
            },
            "secret": {
              "title": "Signing secret",
              "description": "a reference: file:/path, env:NAME or credential:NAME; there stands whsec_ or whsk_ and base64",
              "type": "string",
              "pattern": "^(file:/|env:|credential:)",
              "maxLength": 4096,
              "writeOnly": true
            },
            "secrets": {
              "title": "Signing secrets",
              "description": "instead of secret, while one takes over from another: each signs",
              "type": "array",
              "minItems": 1,
              "maxItems": 4,
              "writeOnly": true,
              "items": {"type": "string", "pattern": "^(file:/|env:|credential:)", "maxLength": 4096}
            },
            "previous_secret": {
              "title": "Previous signing secret",
              "description": "a reference; signs beside secret or secrets until previous_until",
              "type": "string",
              "pattern": "^(file:/|env:|credential:)",
              "maxLength": 4096,
              "writeOnly": true
            },
            "previous_until": {
              "title": "End of the grace time",
              "description": "from then on previous_secret signs no more, such as 2027-05-04T08:00:00Z",
              "type": "string",
              "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$"
            },
            "format": {
              "title": "Format",
              "description": "of the body: Carillon's own JSON, a CloudEvent in the body (structured mode), a CloudEvent in headers and body (binary mode), or what template says",
              "enum": ["json", "cloudevents", "cloudevents-binary", "template"],
              "default": "json"
            },
            "cloudevents_source": {
              "title": "CloudEvents source",
              "description": "a URI reference; absent: /carillon/namespaces/NAME",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024
            },
            "template": {
              "title": "Template",
              "description": "any JSON whose strings are Mustache templates; a string that is nothing but a reference (file:/path, env:NAME, credential:NAME) stands for that secret",
              "type": ["object", "array"]
            },
            "template_escaping": {
              "title": "Escaping in templates",
              "description": "of the values, beside JSON's own: none, or &, < and > as Slack wants them",
              "enum": ["none", "slack"],
              "default": "none"
            },
            "auth": {
              "title": "Authentication",
              "description": "sent to the origin of url only",
              "type": "object",
              "additionalProperties": false,
              "required": ["type"],
              "properties": {
                "type": {
                  "title": "Kind",
                  "enum": ["basic", "bearer", "oauth2"]
                },
                "username": {
                  "title": "User name",
                  "description": "of basic",
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256
                },
                "password": {
                  "title": "Password",
                  "description": "of basic, by reference",
                  "type": "string",
                  "pattern": "^(file:/|env:|credential:)",
                  "maxLength": 4096,
                  "writeOnly": true
                },
                "token": {
                  "title": "Token",
                  "description": "of bearer, by reference",
                  "type": "string",
                  "pattern": "^(file:/|env:|credential:)",
                  "maxLength": 4096,
                  "writeOnly": true
                },
                "token_url": {
                  "title": "Token server",
                  "description": "of oauth2: where client credentials are exchanged for a token; https, or http on 127.0.0.1 and [::1]",
                  "type": "string",
                  "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://",
                  "maxLength": 8192
                },
                "client_id": {
                  "title": "Client",
                  "description": "of oauth2",
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 1024
                },
                "client_secret": {
                  "title": "Client's secret",
                  "description": "of oauth2, by reference",
                  "type": "string",
                  "pattern": "^(file:/|env:|credential:)",
                  "maxLength": 4096,
                  "writeOnly": true
                },
                "scope": {
                  "title": "Scope",
                  "description": "of oauth2",
                  "type": "string",
                  "maxLength": 2048
                },
                "audience": {
                  "title": "Audience",
                  "description": "of oauth2, for token servers that ask for one",
                  "type": "string",
                  "maxLength": 2048
                },
                "client_authentication": {
                  "title": "Client authentication",
                  "description": "of oauth2: the client's secret in the header (basic) or in the form (post)",
                  "enum": ["basic", "post"],
                  "default": "basic"
                }
              }
            },
            "client_certificate": {
              "title": "Client certificate",
              "description": "a PEM file to show to servers that ask",
              "type": "string",
              "pattern": "^/",
              "maxLength": 4096
            },
            "client_key": {
              "title": "Client key",
              "description": "of the client certificate, not encrypted: a PEM file, or a reference to the text of one",
              "type": "string",
              "pattern": "^(/|file:/|env:|credential:)",
              "maxLength": 4096,
              "writeOnly": true
            },
            "http2": {
              "title": "HTTP/2",
              "description": "whether it is used where the endpoint offers it",
              "type": "boolean",
              "default": true
            },
            "headers": {
              "title": "Further headers",
              "description": "sent with every request; a value that is a reference (file:/path, env:NAME, credential:NAME) is resolved",
              "type": "object",
              "maxProperties": 32,
              "propertyNames": {"pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$"},
              "additionalProperties": {"type": "string", "maxLength": 8192},
              "writeOnly": true
            },
            "allow_addresses": {
              "title": "Allowed addresses",
              "description": "ranges such as 127.0.0.0/8 that may be reached although they are not public",
              "type": "array",
              "maxItems": 256,
              "items": {"type": "string", "minLength": 2, "maxLength": 49}
            },
            "ca_file": {
              "title": "Certificate authorities",
              "description": "a PEM file to trust instead of the system's",
              "type": "string",
              "pattern": "^/",
              "maxLength": 4096
            },
            "timeout_ms": {
              "title": "Time-out",
              "description": "for the whole exchange, the answer's body included",
              "type": "integer",
              "minimum": 10,
              "maximum": 120000,
              "default": 15000
            },
            "connect_timeout_ms": {
              "title": "Connect time-out",
              "description": "for name resolution, TCP and TLS together",
              "type": "integer",
              "minimum": 10,
              "maximum": 60000,
              "default": 5000
            },
            "max_connections_per_host": {
              "title": "Connections",
              "description": "at most so many requests at a time to one scheme, host and port",
              "type": "integer",
              "minimum": 1,
              "maximum": 1024,
              "default": 64
            }
          }
        }
      }
    }
    """#
}
