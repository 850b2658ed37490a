/// The place of the next mark in a text that is read forward.
struct NextMark {
  private let mark: StaticString
  private var from = 0
  private var found: Int?
  private var length = -1

  init(_ mark: StaticString) { self.mark = mark }

  mutating func find(in bytes: [UInt8], from start: Int) -> Int? {
    // Entities are texts of their own: another length is another text.
    let known = length == bytes.count && from <= start && (found == nil || found.map { $0 >= start } == true)
    if !known {
      found = Bytes.find(mark, in: bytes, from: start)
      length = bytes.count
    }
    from = start
    return found
  }
}
