// STAND-IN: replaced whole by the simdjson reader with the same initialiser.
import Foundation

package enum JSONError: Error, Hashable, Sendable {
  case malformed(String)
}

extension JSONValue {
  package init(parsing bytes: [UInt8]) throws(JSONError) {
    do {
      self = JSONValue.value(of: try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    } catch {
      throw .malformed("\(error)")
    }
  }

  private static func value(of any: Any) -> JSONValue {
    switch any {
    case let text as String: return .string(text)
    case let list as [Any]: return .array(list.map(value(of:)))
    case let members as [String: Any]:
      var object = JSONObject()
      for name in members.keys.sorted() { members[name].map { object.append(name, value(of: $0)) } }
      return .object(object)
    case let number as NSNumber:
      if String(cString: number.objCType) == "c" { return .bool(number.boolValue) }
      return Int64(exactly: number).map(JSONValue.integer) ?? .number(number.doubleValue)
    default: return .null
    }
  }
}
