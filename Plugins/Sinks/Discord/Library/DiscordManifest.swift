extension Discord {
  /// The plugin's manifest, as `carillon/plugin.h` describes it.
  public static let manifest = #"""
    {
      "id": "org.carillon.discord",
      "name": "discord",
      "version": "0.1.0",
      "vendor": "Carillon",
      "license": "Apache-2.0",
      "summary": "Messages into a Discord channel, through an incoming webhook.",
      "provides": ["carillon.sink/1"],
      "requires": ["carillon.host.delivery/1", "carillon.host.secret/1"],
      "reads": [],
      "permissions": ["network", "files"],
      "schemas": {
        "configuration": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "url": {
              "title": "Webhook URL",
              "description": "a reference (file:/path, env:NAME or credential:NAME) to https://discord.com/api/webhooks/ID/TOKEN, since whoever has it can write there; absent: every delivery brings its own",
              "type": "string",
              "pattern": "^(file:/|env:|credential:)",
              "maxLength": 4096,
              "writeOnly": true
            },
            "username": {
              "title": "Name",
              "description": "who speaks, 1 to 80 characters, without clyde or discord; absent: the webhook's own",
              "type": "string",
              "minLength": 1,
              "maxLength": 80
            },
            "avatar_url": {"title": "Picture", "type": "string", "pattern": "^https://", "maxLength": 2048},
            "style": {
              "title": "Style",
              "description": "text: a message; embed: a block with title, text and time",
              "type": "string",
              "enum": ["text", "embed"],
              "default": "text"
            },
            "color": {
              "title": "Colour of the embed",
              "description": "0xRRGGBB as a number",
              "type": "integer",
              "minimum": 0,
              "maximum": 16777215
            },
            "thread_id": {
              "title": "Thread",
              "description": "id of a thread of the channel",
              "type": "string",
              "pattern": "^[0-9]{1,20}$"
            },
            "thread_name": {
              "title": "New thread",
              "description": "for a forum channel: each message begins a thread of this name; with batch.events left out, that is one for each event",
              "type": "string",
              "minLength": 1,
              "maxLength": 100
            },
            "mentions": {
              "title": "Mentions",
              "description": "whom messages call; nobody else is ever called, whatever the words say",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "users": {"$ref": "#/$defs/ids"},
                "roles": {"$ref": "#/$defs/ids"},
                "everyone": {"type": "boolean", "default": false}
              }
            },
            "batch": {
              "title": "Batch",
              "description": "how events share messages, with the style embed",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "events": {
                  "title": "Events",
                  "description": "the most in one message; 1: each alone. Absent: 10 with the style embed, 1 with thread_name or the style text",
                  "type": "integer",
                  "minimum": 1,
                  "maximum": 10
                },
                "wait_ms": {
                  "title": "Wait",
                  "description": "how long an event waits for others that may come",
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 1000,
                  "default": 25
                }
              }
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
            }
          },
          "$defs": {
            "ids": {
              "type": "array",
              "maxItems": 20,
              "uniqueItems": true,
              "items": {"type": "string", "pattern": "^[0-9]{1,20}$"}
            }
          }
        }
      }
    }
    """#
}
