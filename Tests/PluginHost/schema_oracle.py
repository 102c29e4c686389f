"""Answers, for each line {"schema": S, "instances": [I, ...]} on stdin, what the jsonschema package says.

{"malformed": true} when the schema is no Draft 2020-12 schema, {"circular": true} when a $ref leads back to itself on
the same value, else {"faults": [null or [pointer, ...], ...]}: one entry
an instance, null when it is valid, else the places at fault, sorted. A fault that this package reports at an object or
array for several members or items is spread over them, as the host does it.
"""

import json
import re
import sys

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError


IN_MAP = {"$defs", "properties", "patternProperties"}
IN_LIST = {"prefixItems", "allOf", "anyOf", "oneOf"}
IN_PLACE = {"not", "if", "then", "else", "propertyNames"}
WITH_OWN_RULE = {"additionalProperties", "items"}


def without_false(schema):
    """The same schema with {"not": {}} for false: this package loses the place of an error of `false` below a member."""
    if schema is False:
        return {"not": {}}
    if schema is True:
        return True
    changed = dict(schema)
    for name, value in schema.items():
        if name in IN_MAP:
            changed[name] = {key: without_false(sub) for key, sub in value.items()}
        elif name in IN_LIST:
            changed[name] = [without_false(sub) for sub in value]
        elif name in IN_PLACE or (name in WITH_OWN_RULE and value is not False):
            changed[name] = without_false(value)
    return changed


def pointer(parts):
    return "".join("/" + str(p).replace("~", "~0").replace("/", "~1") for p in parts)


def places(error):
    path = list(error.absolute_path)
    value, rule, schema = error.instance, error.validator_value, error.schema
    if error.validator == "required":
        # One error for each missing name, which only its message tells; all of them are listed each time.
        return [path + [name] for name in rule if name not in value]
    if error.validator == "dependentRequired":
        return [path + [n] for have, names in rule.items() if have in value for n in names if n not in value]
    if error.validator == "additionalProperties" and rule is False:
        return [path + [name] for name in extras(value, schema)]
    if error.validator == "items" and rule is False:
        return [path + [i] for i in range(len(schema.get("prefixItems", [])), len(value))]
    return [path]


def extras(value, schema):
    patterns = schema.get("patternProperties", {})
    return [n for n in value if n not in schema.get("properties", {}) and not any(re.search(p, n) for p in patterns)]


def faults(validator, instance):
    found = set()
    for error in validator.iter_errors(instance):
        # An error of propertyNames is about the name: its path is the object's, its instance the name.
        if "propertyNames" in error.absolute_schema_path:
            found.add(pointer(list(error.absolute_path) + [error.instance]))
            continue
        found.update(pointer(p) for p in places(error))
    return sorted(found) or None


def main():
    for line in sys.stdin:
        case = json.loads(line)
        try:
            Draft202012Validator.check_schema(case["schema"])
        except SchemaError:
            print(json.dumps({"malformed": True}))
            continue
        validator = Draft202012Validator(without_false(case["schema"]))
        try:
            print(json.dumps({"faults": [faults(validator, i) for i in case["instances"]]}))
        except RecursionError:
            print(json.dumps({"circular": True}))


main()
