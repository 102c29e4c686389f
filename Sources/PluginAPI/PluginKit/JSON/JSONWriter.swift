// Writing JSON: no spaces, members in their order, so that the same value always gives the same text.

extension JSONValue {
  /// The value as JSON text on one line. A number that is not finite, which JSON cannot say, becomes `null`.
  public func serialized() -> String {
    var output = ""
    write(to: &output)
    return output
  }

  func write(to output: inout String) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += value.description
    case .number(let value): output += value.isFinite ? value.description : "null"
    case .string(let value): value.writeAsJSON(to: &output)
    case .array(let elements):
      output += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { output += "," }
        element.write(to: &output)
      }
      output += "]"
    case .object(let object): object.write(to: &output)
    }
  }
}

extension JSONObject {
  /// The object as JSON text on one line.
  public func serialized() -> String {
    var output = ""
    write(to: &output)
    return output
  }

  func write(to output: inout String) {
    output += "{"
    for (index, member) in members.enumerated() {
      if index > 0 { output += "," }
      member.name.writeAsJSON(to: &output)
      output += ":"
      member.value.write(to: &output)
    }
    output += "}"
  }
}

extension String {
  fileprivate func writeAsJSON(to output: inout String) {
    output += "\""
    if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      output += self
    } else {
      for scalar in unicodeScalars { scalar.writeEscaped(to: &output) }
    }
    output += "\""
  }
}

extension Unicode.Scalar {
  fileprivate func writeEscaped(to output: inout String) {
    switch self {
    case "\"": output += "\\\""
    case "\\": output += "\\\\"
    case "\n": output += "\\n"
    case "\r": output += "\\r"
    case "\t": output += "\\t"
    case _ where value < 0x20:
      output += value < 0x10 ? "\\u000" : "\\u00"
      output += String(value, radix: 16)
    default: output.unicodeScalars.append(self)
    }
  }
}
