import Glibc
import JSON
package import Model

/// Reads tapes that other programs put into a folder: each line once, in the order of the files' names.
///
/// A file is read as far as its last whole line; how far is committed together with the lines, so that a crash neither loses
/// nor repeats one. What is no line of a tape is set aside in `rejected/`, with its reason.
package struct SpoolReader: Sendable {
  /// Where a file was read to.
  package struct Mark: Hashable, Sendable {
    package var file: String
    /// Bytes; nil once the file is gone.
    package var offset: Int?
  }

  /// What one look at the folder brought.
  package struct Batch: Sendable {
    package var lines: [TapeLine] = []
    package var rejected: [Rejected] = []
    package var marks: [Mark] = []
    /// Whether there is more to read at once.
    package var hasMore = false
  }

  /// A line that was set aside.
  package struct Rejected: Hashable, Sendable {
    package var file: String
    /// The byte of the file at which it begins.
    package var offset: Int
    package var reason: String
    package var text: String
  }

  package let source: Source
  private let authorKey: @Sendable (_ name: String, _ published: Moment) -> AuthorKey
  /// By file, as they were committed.
  private var marks: [String: Int]
  /// Sizes at the last look: a last line without its line break is whole when the file has not grown since.
  private var sizes: [String: Int] = [:]

  /// Bytes read at one look, and the longest line.
  private static let limits = (batch: 4 << 20, line: 1 << 20)

  /// - Parameter marks: as they were committed.
  package init(
    source: Source, marks: [String: Int], authorKey: @escaping @Sendable (String, Moment) -> AuthorKey
  ) {
    self.source = source
    self.marks = marks
    self.authorKey = authorKey
  }

  /// Reads what is new. Throws where the folder cannot be read, in the system's words.
  package mutating func read(now: Moment) throws(StoreError) -> Batch {
    var batch = Batch()
    let files = try SpoolReader.files(in: source.url)
    var budget = SpoolReader.limits.batch
    for file in files {
      let path = "\(source.url)/\(file)"
      guard budget > 0 else {
        batch.hasMore = true
        break
      }
      guard let (bytes, size) = SpoolReader.bytes(path, from: marks[file] ?? 0, limit: budget) else { continue }
      // A smaller file under the old name is another one.
      let start = size < marks[file] ?? 0 ? 0 : marks[file] ?? 0
      var data = bytes
      if start != marks[file] ?? 0 { data = SpoolReader.bytes(path, from: 0, limit: budget)?.bytes ?? [] }
      let reachesEnd = start + data.count >= size
      let isSettled = reachesEnd && sizes[file] == size
      sizes[file] = size
      let end = take(data, of: file, at: start, isWhole: isSettled, now: now, into: &batch)
      budget -= end - start
      if !reachesEnd, end > start { batch.hasMore = true }
      guard end != marks[file] ?? -1, end > 0 else { continue }
      marks[file] = end
      batch.marks.append(Mark(file: file, offset: end))
    }
    let present = Set(files)
    for file in marks.keys.filter({ !present.contains($0) }).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    {
      marks[file] = nil
      sizes[file] = nil
      batch.marks.append(Mark(file: file, offset: nil))
    }
    return batch
  }

  /// Takes whole lines; the offset behind the last of them.
  private func take(
    _ data: [UInt8], of file: String, at start: Int, isWhole: Bool, now: Moment, into batch: inout Batch
  ) -> Int {
    var index = 0
    while index < data.count {
      let stop = data[index...].firstIndex(of: 0x0A)
      guard let end = stop ?? (isWhole || data.count - index > SpoolReader.limits.line ? data.count : nil) else {
        break
      }
      let line = data[index..<end]
      if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
        do throws(TapeError) {
          batch.lines.append(try self.line(Array(line), now: now))
        } catch {
          batch.rejected.append(
            Rejected(
              file: file, offset: start + index, reason: error.message,
              text: String(decoding: line.prefix(2000), as: UTF8.self)))
        }
      }
      index = min(end + 1, data.count)
    }
    return start + index
  }

  /// A line of a tape, what it leaves out filled in from the source.
  private func line(_ bytes: [UInt8], now: Moment) throws(TapeError) -> TapeLine {
    guard bytes.count <= SpoolReader.limits.line else { throw TapeError("the line is longer than 1 MB") }
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch { throw TapeError("not JSON: \(error.message)") }
    guard var members = value.object else { throw TapeError("a line must be one JSON object") }
    let kind = members["kind"]?.string ?? ""
    guard ["item", "comment", "total"].contains(kind) else {
      throw TapeError(
        kind.isEmpty ? "«kind» is missing: item, comment or total" : "«\(kind)» does not belong into a spool")
    }
    var given: [(String, String?)] = [("source", source.id), ("region", source.region), ("at", now.rfc3339)]
    if members["lang"] == nil { given.append(("lang", source.lang)) }
    if kind == "item" { given.append(("source_class", source.sourceClass)) }
    for (name, text) in given where members[name] == nil || members[name] == .string("") {
      if let text { members[name] = .string(text) }
    }
    let published = (members["published"] ?? members["at"])?.string.flatMap { Moment(rfc3339: $0) } ?? now
    let key = authorKey
    var reader = TapeReader { key($0, published) }
    return try reader.read(line: Array(JSONValue.object(members).serialized.utf8)).arriving(at: now)
  }

  /// Names of the folder's files in the order of their bytes: what is hidden or still being written is left out.
  private static func files(in folder: String) throws(StoreError) -> [String] {
    guard let directory = opendir(folder) else {
      throw .inputOutput("\(folder): \(String(cString: strerror(errno)))")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let isTemporary = [".tmp", ".part", ".swp", "~"].contains { name.hasSuffix($0) }
      guard !name.hasPrefix("."), !isTemporary else { continue }
      var status = stat()
      guard stat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      names.append(name)
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Bytes of a file from an offset, and its size; nil when it cannot be read now.
  private static func bytes(_ path: String, from offset: Int, limit: Int) -> (bytes: [UInt8], size: Int)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    let size = Int(status.st_size)
    guard size > offset else { return ([], size) }
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: min(limit, size - offset)) { buffer, count in
      while count < buffer.count, let base = buffer.baseAddress {
        let piece = pread(descriptor, base + count, buffer.count - count, off_t(offset + count))
        if piece <= 0 {
          failed = piece < 0
          return
        }
        count += piece
      }
    }
    return failed ? nil : (bytes, size)
  }

  /// Writes down what was set aside, in `rejected/` under the name of its file.
  package static func setAside(_ rejected: [Rejected], folder: String) throws(StoreError) {
    guard !rejected.isEmpty else { return }
    let place = "\(folder)/rejected"
    guard mkdir(place, 0o755) == 0 || errno == EEXIST else {
      throw .inputOutput("\(place): \(String(cString: strerror(errno)))")
    }
    for line in rejected {
      let path = "\(place)/\(line.file)"
      let entry = JSONValue.object(
        JSONObject([
          "file": .string(line.file), "offset": JSONValue(line.offset), "reason": .string(line.reason),
          "line": .string(line.text),
        ]))
      let bytes = Array((entry.serialized + "\n").utf8)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw .inputOutput("\(path): \(String(cString: strerror(errno)))") }
      defer { close(descriptor) }
      guard write(descriptor, bytes, bytes.count) == bytes.count else {
        throw .inputOutput("\(path): \(String(cString: strerror(errno)))")
      }
    }
  }
}
