/// Why the demo could not be set up.
package enum DemoError: Error, Hashable, Sendable {
  /// The embedded story has a line that cannot be read.
  case story(line: Int, reason: String)
  /// A file or folder could not be written or read, in the system's words.
  case inputOutput(path: String, reason: String)
}

extension DemoError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .story(let line, let reason): "the demo's story, line \(line): \(reason)"
    case .inputOutput(let path, let reason): "\(path): \(reason)"
    }
  }
}
