import Demo
import JSON
import Model
import Testing

/// A moment of the story by the clocks of the region.
func clock(_ time: String) throws -> Moment {
  try #require(Moment(rfc3339: "2026-03-02T\(time):00+07:00"))
}

/// The folder of the package.
let repository = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

/// The bytes of a file of the package.
func bytes(of path: String) throws -> [UInt8] {
  var bytes: [UInt8] = []
  try TapeFile.forEachLine("\(repository)/\(path)") { _, line in bytes += line + [0x0A] }
  return bytes
}

/// The same with the blank lines left out, as `bytes(of:)` leaves them out.
func withoutBlankLines(_ bytes: [UInt8]) -> [UInt8] {
  bytes.split(separator: 0x0A).filter { !$0.allSatisfy { $0 == 0x20 || $0 == 0x09 } }.flatMap { $0 + [0x0A] }
}
