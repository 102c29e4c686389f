extension Birthday {
  /// The plugin's manifest, as `carillon/plugin.h` describes it.
  public static let manifest = #"""
    {
      "id": "org.carillon.birthday",
      "name": "birthday",
      "version": "0.1.0",
      "vendor": "Carillon",
      "license": "Apache-2.0",
      "summary": "Birthdays: once a year at a local time, on the day or some days before it.",
      "provides": ["carillon.event-type/1"],
      "requires": [],
      "reads": ["names", "locale", "dates", "attributes"],
      "permissions": [],
      "templates": {"locale": "en"},
      "schemas": {
        "configuration": {"type": "object", "properties": {}, "additionalProperties": false},
        "definition": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "born": {
              "title": "Date of birth",
              "description": "YYYY-MM-DD, or --MM-DD when the year is unknown; absent: the user's dates.birth",
              "type": "string",
              "pattern": "^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$",
              "maxLength": 10
            },
            "at": {
              "title": "Local time",
              "description": "HH:MM or HH:MM:SS, where the person lives",
              "type": "string",
              "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
              "maxLength": 8,
              "default": "09:00"
            },
            "feb29": {
              "title": "29 February",
              "description": "when somebody born on 29 February celebrates in other years",
              "type": "string",
              "enum": ["feb-28", "mar-1", "leap-years-only"],
              "default": "feb-28"
            },
            "lead_days": {
              "title": "Lead",
              "description": "how many days before the birthday the event is; a list: one event for each",
              "type": ["integer", "array"],
              "minimum": 0,
              "maximum": 366,
              "minItems": 1,
              "maxItems": 10,
              "uniqueItems": true,
              "items": {"type": "integer", "minimum": 0, "maximum": 366},
              "default": 0
            },
            "templates": {
              "title": "Templates",
              "description": "Mustache templates instead of the default English",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "title": {"type": "string", "minLength": 1, "maxLength": 16384},
                "text": {"type": "string", "minLength": 1, "maxLength": 16384},
                "html": {"type": "string", "minLength": 1, "maxLength": 16384}
              }
            }
          }
        },
        "data": {
          "type": "object",
          "additionalProperties": false,
          "required": ["date", "lead_days"],
          "properties": {
            "age": {"description": "absent when the year of birth is unknown", "type": "integer", "minimum": 1},
            "date": {"description": "the date celebrated", "type": "string", "format": "date"},
            "lead_days": {"type": "integer", "minimum": 0, "maximum": 366}
          }
        }
      }
    }
    """#
}
