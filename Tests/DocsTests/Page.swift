import Foundation
import Testing

/// A page of the documentation, and its fenced blocks.
struct Page: Sendable, CustomTestStringConvertible {
  /// Relative to the package's folder.
  var path: String
  var text: String

  var testDescription: String { path }

  /// A fenced block: the words after the fence, and the lines between the fences.
  struct Block: Sendable {
    var info: [String]
    var lines: [String]
    /// Of the opening fence, from 1.
    var line: Int

    var text: String { lines.joined(separator: "\n") + "\n" }
  }

  /// The package's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// README.md, CONTRIBUTING.md, and everything below docs/.
  static let all: [Page] = {
    let docs = (try? FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent("docs").path)) ?? []
    return (["README.md", "CONTRIBUTING.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" })
      .compactMap { path in
        guard let bytes = try? Data(contentsOf: root.appendingPathComponent(path)) else { return nil }
        return Page(path: path, text: String(decoding: bytes, as: UTF8.self))
      }
  }()

  /// A page by its path; a missing one fails the test.
  static func named(_ path: String) throws -> Page {
    try #require(all.first { $0.path == path }, "there is no page \(path)")
  }

  var blocks: [Block] {
    var blocks: [Block] = []
    var open: Block?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("```") else {
        open?.lines.append(String(line))
        continue
      }
      if let block = open {
        blocks.append(block)
        open = nil
      } else {
        open = Block(info: line.dropFirst(3).split(separator: " ").map(String.init), lines: [], line: index + 1)
      }
    }
    return blocks
  }

  /// Targets of the page's links to files of the package, without fragments.
  var links: [String] {
    text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/).map { String($0.1) }.filter { !$0.contains("://") }
  }
}
