extension Notification {
  /// The plugin's manifest, as `carillon/plugin.h` describes it.
  public static let manifest = #"""
    {
      "id": "org.carillon.notification",
      "name": "notification",
      "version": "0.1.0",
      "vendor": "Carillon",
      "license": "Apache-2.0",
      "summary": "Notifications: one message, now or at a moment.",
      "provides": ["carillon.event-type/1"],
      "requires": [],
      "reads": ["names", "locale", "attributes"],
      "permissions": [],
      "templates": {},
      "schemas": {
        "configuration": {"type": "object", "properties": {}, "additionalProperties": false},
        "definition": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "at": {
              "title": "When",
              "description": "an instant with offset, or a local time in the schedule's zone; absent: now",
              "type": "string",
              "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}",
              "maxLength": 35
            },
            "key": {
              "title": "Idempotency key",
              "description": "the caller's name for it: printable ASCII without space",
              "type": "string",
              "pattern": "^[!-~]+$",
              "minLength": 1,
              "maxLength": 200,
              "default": "once"
            },
            "title": {"description": "Mustache; this or text", "type": "string", "minLength": 1, "maxLength": 16384},
            "text": {"description": "Mustache; this or title", "type": "string", "minLength": 1, "maxLength": 16384},
            "html": {"description": "Mustache, values escaped", "type": "string", "minLength": 1, "maxLength": 16384},
            "data": {"description": "handed to the sinks as it is", "type": "object"}
          }
        },
        "data": {"description": "what the definition gave", "type": "object"}
      }
    }
    """#
}
