package import Model

/// JSON written straight into bytes, without a tree: for what is written by the thousand.
///
/// The caller opens, names and closes in a sound order; commas come by themselves.
package struct JSONBytes {
  package private(set) var bytes: [UInt8] = []
  /// The next value is the first of its array or object, or stands behind its name.
  private var isFirst = true

  package init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  package mutating func openObject() { open(0x7B) }
  package mutating func closeObject() { close(0x7D) }
  package mutating func openArray() { open(0x5B) }
  package mutating func closeArray() { close(0x5D) }

  /// The name of the member whose value follows; it must need no escape.
  package mutating func name(_ name: StaticString) {
    separate()
    bytes.append(0x22)
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(0x22)
    bytes.append(0x3A)
    isFirst = true
  }

  package mutating func name(_ name: String) {
    string(name)
    bytes.append(0x3A)
    isFirst = true
  }

  package mutating func string(_ text: String) {
    separate()
    JSONValue.write(text, into: &bytes)
  }

  /// As RFC 3339 has it.
  package mutating func time(_ moment: Moment) {
    separate()
    bytes.append(0x22)
    moment.writeRFC3339(into: &bytes)
    bytes.append(0x22)
  }

  package mutating func integer(_ value: Int64) {
    separate()
    JSONValue.write(value, into: &bytes)
  }

  package mutating func number(_ value: Double) {
    separate()
    JSONValue.write(value, into: &bytes)
  }

  package mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  package mutating func value(_ value: JSONValue) {
    separate()
    value.write(into: &bytes)
  }

  /// One value that is written already.
  package mutating func written(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
  }

  /// All of it as text.
  package var text: String { bytes.withUnsafeBufferPointer { String(validUTF8: $0) } }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    isFirst = true
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    isFirst = false
  }

  private mutating func separate() {
    if !isFirst { bytes.append(0x2C) }
    isFirst = false
  }
}

/// Whole members.
extension JSONBytes {
  /// null for nil.
  package mutating func member(_ name: StaticString, _ text: String?) {
    self.name(name)
    if let text { string(text) } else { null() }
  }

  package mutating func member(_ name: StaticString, _ number: Int) {
    self.name(name)
    integer(Int64(number))
  }

  package mutating func member(_ name: StaticString, _ moment: Moment) {
    self.name(name)
    time(moment)
  }

  package mutating func member(_ name: StaticString, _ texts: [String]) {
    self.name(name)
    openArray()
    for text in texts { string(text) }
    closeArray()
  }
}
