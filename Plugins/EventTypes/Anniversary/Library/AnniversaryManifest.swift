extension Anniversary {
  /// The plugin's manifest, as `carillon/plugin.h` describes it.
  public static let manifest = #"""
    {
      "id": "org.carillon.anniversary",
      "name": "anniversary",
      "version": "0.1.0",
      "vendor": "Carillon",
      "license": "Apache-2.0",
      "summary": "Anniversaries of any named date: every year or at milestones, on the day or before it.",
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
            "of": {
              "title": "Which date",
              "description": "name of the user's date: wedding, work; with since, the name of that date",
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "default": "anniversary"
            },
            "since": {
              "title": "Date",
              "description": "YYYY-MM-DD, or --MM-DD when the year is unknown; absent: the user's date named by of",
              "type": "string",
              "pattern": "^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$",
              "maxLength": 10
            },
            "title": {
              "title": "Title",
              "description": "what it is called, as after 'the 10th'; absent: made of the date's name",
              "type": "string",
              "minLength": 1,
              "maxLength": 200
            },
            "milestones": {
              "title": "Milestones",
              "description": "only these years ring: a list, or {\"every\": 5}; the year must be known",
              "type": ["array", "object"],
              "minItems": 1,
              "maxItems": 64,
              "uniqueItems": true,
              "items": {"type": "integer", "minimum": 1, "maximum": 1000},
              "required": ["every"],
              "properties": {"every": {"type": "integer", "minimum": 1, "maximum": 1000}},
              "additionalProperties": false
            },
            "at": {
              "title": "Local time",
              "description": "HH:MM or HH:MM:SS, in the schedule's zone",
              "type": "string",
              "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
              "maxLength": 8,
              "default": "09:00"
            },
            "feb29": {
              "title": "29 February",
              "description": "when 29 February is celebrated in other years",
              "type": "string",
              "enum": ["feb-28", "mar-1", "leap-years-only"],
              "default": "feb-28"
            },
            "lead_days": {
              "title": "Lead",
              "description": "how many days before the day the event is; a list: one event for each",
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
          "required": ["date", "lead_days", "name"],
          "properties": {
            "years": {"description": "absent when the year is unknown", "type": "integer", "minimum": 1},
            "date": {"description": "the date celebrated", "type": "string", "format": "date"},
            "lead_days": {"type": "integer", "minimum": 0, "maximum": 366},
            "name": {"description": "the date's name, as of", "type": "string"}
          }
        }
      }
    }
    """#
}
