import Foundation
import JSON
import Model
import Testing

@testable import Parsing

@Suite("Articles from elsewhere") struct ArticleCorpusTests {
  /// The measure of the benchmark the pages come from: windows of four words, precision and recall of a page, their means.
  @Test("give their text: F1 at least 0.965, precision at least 0.95") func corpus() throws {
    guard let folder = folder() else { return }
    let truth = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appending(path: "ground-truth.json"))))
    var precision: [Double] = []
    var recall: [Double] = []
    for member in truth.object?.members ?? [] {
      let packed = [UInt8](try Data(contentsOf: folder.appending(path: "html/\(member.name).html.gz")))
      let payload = Payload(bytes: packed, url: member.value["url"]?.string ?? "http://article.example/")
      let article = ArticlePage.read(payload, options: ReadingOptions(now: now))
      let found = windows(article.text ?? "")
      let expected = windows(member.value["articleBody"]?.string ?? "")
      let common = found.reduce(0) { $0 + min($1.value, expected[$1.key] ?? 0) }
      let (total, wanted) = (found.values.reduce(0, +), expected.values.reduce(0, +))
      if total > 0 { precision.append(Double(common) / Double(total)) }
      if wanted > 0 { recall.append(Double(common) / Double(wanted)) }
    }
    let (p, r) = (precision.reduce(0, +) / Double(precision.count), recall.reduce(0, +) / Double(recall.count))
    print("read \(recall.count) articles: F1 \(2 * p * r / (p + r)), precision \(p), recall \(r)")
    #expect(recall.count > 50)
    #expect(2 * p * r / (p + r) >= 0.965)
    #expect(p >= 0.95)
  }

  private func windows(_ text: String) -> [[Substring]: Int] {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    guard words.count >= 4 else { return words.isEmpty ? [:] : [words: 1] }
    return (0...(words.count - 4)).reduce(into: [:]) { $0[Array(words[$1..<($1 + 4)]), default: 0] += 1 }
  }

  /// The corpus beside the package, or beside the folder that holds several checkouts of it.
  private func folder() -> URL? {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for path in ["../shared/corpora/articles", "../../shared/corpora/articles"] {
      let folder = package.appending(path: path).standardized
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    print("skipped: there is no ../shared/corpora/articles beside the package")
    return nil
  }
}
