import Configuration
import Foundation
import Model
import Testing

@Suite("Source files") struct SourceFileTests {
  private func load(_ text: String) -> Loaded<[Source]> {
    ConfigurationLoader.sources(files: [("feeds/a.yaml", Array(text.utf8))])
  }

  @Test("are read with their defaults")
  func example() throws {
    let loaded = load(
      """
      format: 1
      defaults: { region: RU-NVS, lang: ru, timezone: Asia/Novosibirsk, every: 5m, contact: "mailto:duty@region.example" }
      sources:
        - id: gorod-news
          title: Новости города
          kind: feed
          url: https://news.example/rss
          class: media
          comments: auto
        - id: city-hall
          kind: page
          url: https://city.example/news
          class: official
          every: 1h
          lang: tt
          encoding: windows-1251
          list:
            item: "ul.news > li"
            title: "a"
            link: "a@href"
            date: "time@datetime"
            comments: ".cnt"
        - { id: story, kind: article, url: "http://127.0.0.1:8080/1", every: 2s, comments: "#count", enabled: false, allow_private: true, ca_file: ca.pem }
      """)
    #expect(said(loaded.diagnostics) == [])
    let sources = loaded.value
    #expect(sources.map(\.id) == ["gorod-news", "city-hall", "story"])
    var first = Source(
      id: "gorod-news", kind: "feed", url: "https://news.example/rss",
      place: Place(file: "feeds/a.yaml", line: 4, column: 5))
    first.title = "Новости города"
    first.region = "RU-NVS"
    first.lang = "ru"
    first.timezone = "Asia/Novosibirsk"
    first.contact = "mailto:duty@region.example"
    #expect(sources[0] == first)
    #expect(sources[1].sourceClass == "official")
    #expect(sources[1].every == .hours(1))
    #expect(sources[1].lang == "tt")
    #expect(sources[1].encoding == "windows-1251")
    #expect(sources[1].list?.item == Selector("ul.news > li", place: Place(file: "feeds/a.yaml", line: 18, column: 13)))
    #expect(sources[1].list?.link?.text == "a@href")
    #expect(sources[1].list?.comments?.text == ".cnt")
    #expect(sources[1].list?.views == nil)
    #expect(sources[2].every == .seconds(2))
    #expect(
      sources[2].comments == .selector(Selector("#count", place: Place(file: "feeds/a.yaml", line: 23, column: 86))))
    #expect(!sources[2].enabled)
    #expect(sources[2].allowPrivate)
    #expect(sources[2].certificateFile == "feeds/ca.pem")
  }

  @Test("say of each key that has no effect yet that it has none, having checked it")
  func noEffect() throws {
    let loaded = load(
      """
      format: 1
      sources:
        - id: a
          kind: article
          url: https://a.example
          every: { min: 2m, max: 1h }
          robots: respect
          full_text: true
          item: a1
          item_source: gorod-news
          comments: { select: ".n", from: [jsonld, selector], parse: count }
        - id: b
          kind: page
          url: https://b.example
          list: { item: { select: li, max: 5 }, min_items: 3, date: { select: time, formats: ["%d.%m.%Y"] } }
          comments: off
      """)
    #expect(loaded.value.map(\.every) == [.minutes(2), .minutes(5)])
    #expect(loaded.value[0].fullText && loaded.value[0].item == "a1" && loaded.value[0].itemSource == "gorod-news")
    #expect(
      loaded.value[0].comments
        == .origins([.jsonld, .selector], Selector(".n", place: Place(file: "feeds/a.yaml", line: 11, column: 25))))
    #expect(loaded.value[1].list?.item.text == "li" && loaded.value[1].list?.item.longest == 5)
    #expect(loaded.value[1].list?.leastItems == 3 && loaded.value[1].list?.date?.formats == ["%d.%m.%Y"])
    #expect(loaded.value[1].comments == .off)
    #expect(
      said(loaded.diagnostics) == [
        "6:23 I501 «max» has no effect yet", "7:5 I501 «robots» has no effect yet",
      ])
  }

  @Test("of a spool name a folder; those of a preset need no selectors, and may change some")
  func spoolAndPreset() throws {
    var names = KnownNames()
    var built = PageList(item: Selector("li"))
    built.title = Selector("b")
    names.presets = [("built-in", built)]
    let text = """
      format: 1
      sources:
        - { id: a, kind: spool, folder: ../spool }
        - { id: b, kind: spool, url: "file:///var/spool/b", every: 1s }
        - { id: c, kind: page, url: "https://c.example", preset: built-in }
        - { id: d, kind: page, url: "https://d.example", preset: built-in, list: { title: h2 } }
        - { id: e, kind: page, url: "https://e.example", preset: built }
        - { id: f, kind: feed, url: "https://f.example", folder: x }
      """
    let loaded = ConfigurationLoader.sources(files: [("feeds/a.yaml", Array(text.utf8))], names: names)
    #expect(
      said(loaded.diagnostics) == [
        "7:60 E104 «built» is not known here (one of: built-in)",
        "8:52 E104 «folder» belongs to sources of kind spool",
      ])
    let sound = ConfigurationLoader.sources(
      files: [("feeds/a.yaml", Array(text.split(separator: "\n").dropLast(2).joined(separator: "\n").utf8))],
      names: names)
    #expect(sound.value.map(\.url).prefix(2) == ["feeds/../spool", "/var/spool/b"])
    #expect(sound.value.map(\.every).prefix(2) == [.seconds(5), .seconds(1)])
    #expect(sound.value[2].list == built)
    #expect(sound.value[3].list?.item == built.item && sound.value[3].list?.title?.text == "h2")
  }

  @Test("with mistakes give every one of them, and no source")
  func mistakes() throws {
    let loaded = load(
      """
      format: 1
      defaults: { every: 30s, langg: ru }
      sources:
        - { id: a, kind: feed, url: "https://a.example" }
        - { id: b, kind: feed, url: "https://b.example", every: 59s }
        - { id: b, kind: feed, url: "https://c.example", every: 1m, titel: x }
        - { id: d, kind: spool, url: "https://d.example" }
        - { id: e, kind: json }
        - { id: f, kind: fed }
        - { id: g, kind: page, url: "news.example" }
        - { id: h, kind: feed, url: "https://h.example", every: 1m, list: { item: li } }
        - { id: i, kind: page, url: "https://i.example", every: 1m, list: { title: a, itme: li } }
        - { id: j, kind: feed, url: "https://j.example", every: { min: 2h, max: 1h }, class: private }
        - { id: k, kind: feed, url: "https://k.example", every: 1m, encoding: cp-1, lang: russian, enabled: no }
        - text
        - { kind: feed, url: "https://:80/", every: 5 }
      """)
    #expect(loaded.value == [])
    #expect(loaded.rejected == ["feeds/a.yaml"])
    #expect(
      said(loaded.diagnostics).filter { !$0.contains("I501") } == [
        "2:20 E104 30s is too often (less than 60s is allowed on loopback only)",
        "2:25 E101 unknown key «langg» (did you mean «lang»?)",
        "5:59 E104 59s is too often (less than 60s is allowed on loopback only)",
        "6:5 E201 the source «b» is already defined at feeds/a.yaml:5:5",
        "6:63 E101 unknown key «titel» (did you mean «title»?)",
        "7:32 E104 «https://d.example» is no folder (a path on this machine)",
        "8:20 E199 «json» is not supported yet",
        "9:20 E104 «fed» is not known here (did you mean «feed»?)",
        "10:5 E102 the key «list» is missing",
        "10:31 E104 «news.example» is no web address (it begins with https:// or http:// and names a host)",
        "11:63 E104 «list» belongs to sources of kind page",
        "12:69 E102 the key «item» is missing",
        "12:81 E101 unknown key «itme» (did you mean «item»?)",
        "13:59 E104 «max» is shorter than «min»",
        "13:88 E104 «private» is not known here (one of: official, media, community, satire)",
        "14:73 E104 unknown encoding «cp-1» (such as windows-1251, koi8-r or utf-8)",
        "14:85 E104 «russian» is no language tag (such as ru, tt or kk)",
        "14:103 E104 «no» is neither true nor false",
        "15:5 E103 a mapping is expected here, not text",
        "16:5 E102 the key «id» is missing",
        "16:24 E104 «https://:80/» is no web address (it begins with https:// or http:// and names a host)",
        "16:47 E105 «5» is not a duration that may stand here (a unit is missing: 5s, 5m or 5h?)",
      ])
  }

  @Test("of a folder are read in order; a broken one is left out, the others stay")
  func folder() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("feeds-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ name: String, _ text: String) throws {
      try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    }
    let source = { (id: String) in "format: 1\nsources: [ { id: \(id), kind: feed, url: \"https://x.example\" } ]\n" }
    try write("b.yaml", source("b"))
    try write("a.yml", source("a"))
    try write("c.yaml", source("b"))
    try write("d.yaml", "format: 1\nsources: [\n")
    try write("note.txt", "not read")
    try write(".e.yaml", "not read")
    let loaded = try ConfigurationLoader.sources(paths: [folder])
    #expect(loaded.value.map(\.id) == ["a", "b"])
    #expect(loaded.files == ["a.yml", "b.yaml", "c.yaml", "d.yaml"].map { folder + "/" + $0 })
    #expect(loaded.rejected == ["c.yaml", "d.yaml"].map { folder + "/" + $0 })
    #expect(loaded.diagnostics.map(\.code) == ["E201", "E001"])
    #expect(loaded.texts.count == 4)
  }

  @Test("that ship are sound, and those that were never checked are off")
  func shipped() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let loaded = try ConfigurationLoader.sources(paths: [root.appendingPathComponent("feeds/siberia.yaml").path])
    #expect(said(loaded.diagnostics) == [])
    #expect(loaded.value.count == 17)
    #expect(loaded.value.allSatisfy { !$0.enabled && $0.every == .minutes(10) && $0.region != nil })
  }
}

@Suite("Region files") struct RegionFileTests {
  @Test("are read, one region or several a file")
  func regions() throws {
    let loaded = ConfigurationLoader.regions(files: [
      (
        "regions/nvs.yaml",
        Array(
          "{ code: RU-NVS, name: Новосибирская область, towns: [{ name: Бердск, forms: [Бердска] }], timezone: Asia/Novosibirsk }"
            .utf8)
      ),
      (
        "regions/more.yaml",
        Array("- { code: RU-ALT, name: Алтайский край }\n- { code: RU-OMS, name: Омская область }\n".utf8)
      ),
    ])
    #expect(loaded.value.map(\.code) == ["RU-NVS", "RU-ALT", "RU-OMS"])
    #expect(loaded.value[0].towns == [Region.Town(name: "Бердск", forms: ["Бердска"])])
    #expect(loaded.value[0].timezone == "Asia/Novosibirsk")
    #expect(said(loaded.diagnostics) == ["1:46 I501 «towns» has no effect yet"])
  }

  @Test("with mistakes say which")
  func mistakes() {
    let loaded = ConfigurationLoader.regions(files: [
      ("a.yaml", Array("{ code: nvs, nmae: x }".utf8)), ("b.yaml", Array("{ code: RU-ALT, name: a }".utf8)),
      ("c.yaml", Array("{ code: RU-ALT, name: b }".utf8)),
    ])
    #expect(loaded.value.map(\.name) == ["a"])
    #expect(
      said(loaded.diagnostics) == [
        "1:1 E102 the key «name» is missing", "1:9 E104 «nvs» is no code of a region (ISO 3166-2, such as RU-NVS)",
        "1:14 E101 unknown key «nmae» (did you mean «name»?)",
        "1:1 E201 the region «RU-ALT» is already defined at b.yaml:1:1",
      ])
  }

  @Test("and the others are told apart by their keys")
  func kinds() {
    func kind(_ text: String) -> ConfigurationLoader.FileKind? {
      ConfigurationLoader.kind(file: "x.yaml", bytes: Array(text.utf8))
    }
    #expect(kind("format: 1\nsources: []\n") == .sources)
    #expect(kind("- { code: RU, name: x }\n") == .region)
    #expect(kind("format: 1\nsinks: []\n") == .server)
    #expect(kind("format: 1\n") == nil)
    #expect(kind("[") == nil)
  }
}
