import Foundation
import JSON
import Model
import Testing

@testable import Parsing

@Suite("Documents from elsewhere")
struct CorpusTests {
  @Test("no document crashes the reader, takes a second or gives broken JSON") func corpus() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    // Beside the package, or beside the folder that holds several checkouts of it.
    let places = ["../shared/corpora/feeds", "../../shared/corpora/feeds"].map { package.appending(path: $0).standardized }
    guard let folder = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      print("skipped: there is no ../shared/corpora/feeds beside the package")
      return
    }
    var count = 0
    var items = 0
    let walker = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))
    for case let file as URL in walker
    where ["xml", "json", "html"].contains(file.pathExtension) {
      let bytes = [UInt8](try Data(contentsOf: file))
      let start = ContinuousClock.now
      let feed = read(bytes, url: "https://feed.example/f.xml")
      #expect(ContinuousClock.now - start < .seconds(1), "\(file.lastPathComponent)")
      #expect(throws: Never.self, "\(file.lastPathComponent)") {
        try JSONSerialization.jsonObject(with: Data(feed.json.serialized.utf8))
      }
      count += 1
      items += feed.items.count
    }
    print("read \(count) documents with \(items) entries")
    #expect(count > 0)
  }
}
