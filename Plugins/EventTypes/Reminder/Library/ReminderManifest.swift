extension Reminder {
  /// The plugin's manifest, as `carillon/plugin.h` describes it.
  public static let manifest = #"""
    {
      "id": "org.carillon.reminder",
      "name": "reminder",
      "version": "0.1.0",
      "vendor": "Carillon",
      "license": "Apache-2.0",
      "summary": "Reminders: once, or by an RRULE, a cron expression or a rate; for a user or for all.",
      "provides": ["carillon.event-type/1"],
      "requires": ["carillon.host.time/1"],
      "reads": ["names", "locale", "attributes"],
      "permissions": [],
      "templates": {},
      "schemas": {
        "configuration": {"type": "object", "properties": {}, "additionalProperties": false},
        "definition": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "title": {"description": "Mustache; this or text", "type": "string", "minLength": 1, "maxLength": 16384},
            "text": {"description": "Mustache; this or title", "type": "string", "minLength": 1, "maxLength": 16384},
            "html": {"description": "Mustache, values escaped", "type": "string", "minLength": 1, "maxLength": 16384},
            "templates": {
              "title": "Templates",
              "description": "Mustache templates around title, text and html, which they can name",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "title": {"type": "string", "minLength": 1, "maxLength": 16384},
                "text": {"type": "string", "minLength": 1, "maxLength": 16384},
                "html": {"type": "string", "minLength": 1, "maxLength": 16384}
              }
            },
            "start": {
              "title": "Start",
              "description": "2026-11-23T09:30 in the schedule's zone, with Z in UTC, with [Europe/Paris] there, or a date",
              "type": "string",
              "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|\\[[A-Za-z0-9_+/-]+\\])?)?$",
              "maxLength": 80
            },
            "at": {
              "title": "Time of day",
              "description": "HH:MM or HH:MM:SS, where start, rdate or end is a date",
              "type": "string",
              "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
              "maxLength": 8,
              "default": "09:00"
            },
            "repeat": {
              "title": "Repeat",
              "description": "an RRULE (RFC 5545), cron(five or six fields) or rate(number unit); absent: once",
              "type": "string",
              "minLength": 1,
              "maxLength": 2048
            },
            "rdate": {
              "title": "Added",
              "description": "more occurrences, written as start is",
              "type": "array",
              "maxItems": 500,
              "items": {"type": "string", "maxLength": 80}
            },
            "exdate": {
              "title": "Left out",
              "description": "occurrences that are not, written as start is; a date leaves out its whole day",
              "type": "array",
              "maxItems": 500,
              "items": {"type": "string", "maxLength": 80}
            },
            "end": {
              "title": "End",
              "description": "the last moment of a cron or a rate, written as start is; a date holds its whole day",
              "type": "string",
              "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|\\[[A-Za-z0-9_+/-]+\\])?)?$",
              "maxLength": 80
            },
            "lead_minutes": {
              "title": "Lead",
              "description": "how many minutes before the occurrence the event is; negative: after it",
              "type": "integer",
              "minimum": -40320,
              "maximum": 525600,
              "default": 0
            }
          }
        },
        "data": {
          "type": "object",
          "additionalProperties": false,
          "required": ["start", "lead_minutes"],
          "properties": {
            "start": {"description": "the occurrence's own time, as in its key", "type": "string"},
            "lead_minutes": {"type": "integer", "minimum": -40320, "maximum": 525600}
          }
        }
      }
    }
    """#
}
