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
              "description": "http or https, without user information; absent: every delivery brings its own",
              "type": "string",
              "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://",
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
