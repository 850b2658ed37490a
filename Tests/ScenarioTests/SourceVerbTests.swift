import Serving
import TestSupport
import Testing

@Suite("nabat sources, asking an address") struct SourceVerbTests {
  private static let page = """
    <html lang="ru"><title>Вести</title><ul class="news">
    <li><a href="/3">Мост через Речную закрыт на ремонт</a> <time datetime="2026-11-23T10:00:00Z">вчера</time></li>
    <li><a href="/2">Плотину на Светлой проверят до пятницы</a> <time datetime="2026-11-22T10:00:00Z">22 ноября</time></li>
    <li><a href="/1">Школа на Яблоневой открылась после ремонта</a> <time datetime="2026-11-21T10:00:00Z">21 ноября</time></li>
    </ul></html>
    """

  @Test("finds the list of a page and tries it, saying who asks; asks nobody without a contact or a permission")
  func ask() async throws {
    let server = try HTTPServer { request in
      let isNamed = request.headers["user-agent"]?.contains("mailto:duty@town.example") == true
      return HTTPResponse(headers: [("content-type", "text/html")], body: Array((isNamed ? Self.page : "").utf8))
    }
    defer { server.stop() }
    let folder = try TestFolder()
    let contact = "mailto:duty@town.example"

    let found = try await ProgramRun.run(
      "sources", "suggest", "\(server.url)/news", "--allow-private", "--contact", contact, in: folder.path)
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.contains("item: \"li\"\n") && found.output.contains("date: \"time@datetime\"\n"))

    try folder.write("town.yaml", found.output)
    let tried = try await ProgramRun.run(
      "sources", "test", "town.yaml", "--allow-private", "--json", "--contact", contact, in: folder.path)
    #expect(tried.status == 0 && tried.output.contains("\"items\":3,"), "\(tried.output)\(tried.errors)")

    let nameless = try await ProgramRun.run("sources", "suggest", server.url, "--allow-private", in: folder.path)
    #expect(nameless.status == 64 && nameless.errors.contains("--contact"))
    let inner = try await ProgramRun.run(
      "sources", "suggest", server.url, "--contact", contact, in: folder.path)
    #expect(inner.status == 69 && inner.errors.contains("не из открытой сети"))
  }
}
