import Glibc
import Model
import YAML

/// Reads one source file: `feeds/*.yaml`.
struct SourceReading {
  let file: String
  let complaints: Complaints
  let names: KnownNames
  private var defaults = Defaults()

  private struct Defaults {
    var region: String?
    var lang: String?
    var timezone: String?
    var every: YAMLNode?
    var contact: String?
    var sourceClass: SourceClass?
  }
  static let keysOfFile = ["format", "defaults", "sources"]
  static let keysOfDefaults = ["region", "lang", "timezone", "every", "contact", "class"]
  /// Of one source.
  static let keys = [
    "id", "title", "kind", "url", "class", "region", "lang", "timezone", "every", "contact", "enabled", "encoding",
    "robots", "allow_private", "ca_file", "full_text", "preset", "list", "comments", "item", "item_source",
    "folder",
  ]
  enum SourceClass: String, CaseIterable { case official, media, community, satire }
  enum Robots: String, CaseIterable { case respect, ignore }

  init(file: String, complaints: Complaints, names: KnownNames) {
    self.names = names
    self.file = file
    self.complaints = complaints
  }

  mutating func sources(_ root: YAMLNode) -> [Source] {
    guard let fields = Fields(root, complaints) else { return [] }
    fields.check(known: SourceReading.keysOfFile)
    fields.checkFormat()
    fields.require("sources")
    if let given = fields.mapping("defaults") { readDefaults(given) }
    var sources: [Source] = []
    for node in fields.sequence("sources") ?? [] {
      guard let fields = Fields(node, complaints) else { continue }
      if let source = source(fields) { sources.append(source) }
    }
    return sources
  }

  private mutating func readDefaults(_ fields: Fields) {
    fields.check(known: SourceReading.keysOfDefaults)
    defaults.region = fields.string("region")
    defaults.lang = fields.language("lang")
    defaults.timezone = fields.timezone("timezone")
    defaults.contact = fields.contact("contact")
    defaults.sourceClass = fields.choice("class", SourceClass.self)
    if let node = fields.value("every"), every(node, fields) != nil { defaults.every = node }
  }

  private func source(_ fields: Fields) -> Source? {
    fields.require("id")
    fields.require("kind")
    let id = fields.slug("id")
    let kind = fields.choice("kind", of: names.sourceKinds, notSupported: ["json"])
    // Of a kind that is not read yet the other keys mean nothing here.
    if kind == nil, fields.has("kind") { return nil }
    fields.check(known: SourceReading.keys)
    let isFolder = kind == "spool"
    if !isFolder { fields.require("url") } else if !fields.has("url") { fields.require("folder") }
    let address = isFolder ? nil : fields.webAddress("url")?.address
    let folder = isFolder ? self.folder(fields) : nil
    let place = address?.text ?? folder
    var source = Source(id: id ?? "", kind: kind ?? "", url: place ?? "", place: fields.node.place)
    source.title = fields.string("title")
    let sourceClass = fields.choice("class", SourceClass.self) ?? defaults.sourceClass
    source.sourceClass = (sourceClass ?? .media).rawValue
    source.region = fields.string("region") ?? defaults.region
    source.lang = fields.language("lang") ?? defaults.lang
    source.timezone = fields.timezone("timezone") ?? defaults.timezone ?? "UTC"
    source.contact = fields.contact("contact") ?? defaults.contact
    source.enabled = fields.flag("enabled") ?? true
    source.allowPrivate = fields.flag("allow_private") ?? false
    source.certificateFile = fields.string("ca_file").map { resolve($0, in: file) }
    source.encoding = encoding(fields)
    // A folder costs nobody anything: what is put there is soon seen, whatever the interval of addresses.
    if isFolder { source.every = .seconds(5) }
    if let node = fields.value("every") ?? (isFolder ? nil : defaults.every), let every = every(node, fields) {
      source.every = every
      if every < .seconds(60), let address, !address.isLoopback {
        complaints.add(
          YAMLCause.value("\(every) is too often", hint: "less than 60s is allowed on loopback only"), at: node)
      }
    }
    readPage(fields, kind, &source)
    _ = fields.choice("robots", Robots.self)
    fields.noEffect("robots")
    source.fullText = fields.flag("full_text") ?? false
    guard id != nil, kind != nil, place != nil else { return nil }
    return source
  }

  /// The folder of a spool: a path, or a `file:` address.
  private func folder(_ fields: Fields) -> String? {
    guard let text = fields.string("folder") ?? fields.string("url") else { return nil }
    for start in ["file://", "file:"] where text.hasPrefix(start) {
      return resolve(String(text.dropFirst(start.count)), in: file)
    }
    guard text.contains("://"), let node = fields.value("folder") ?? fields.value("url") else {
      return resolve(text, in: file)
    }
    complaints.add(YAMLCause.value("«\(text)» is no folder", hint: "a path on this machine"), at: node)
    return nil
  }

  /// Selectors, and what belongs to pages or articles only.
  private func readPage(_ fields: Fields, _ kind: String?, _ source: inout Source) {
    let selectors = SelectorReading(
      complaints: complaints, problem: names.selectorProblem, formatProblem: names.formatProblem)
    var preset: PageList?
    if let node = fields.value("preset"),
      let name = complaints.choice(node, of: names.presets.map(\.name), notSupported: [])
    {
      preset = names.presets.first { $0.name == name }?.list
      source.preset = name
    }
    if kind == "page", source.preset == nil, !fields.has("preset") { fields.require("list") }
    source.list = fields.mapping("list").flatMap { selectors.list($0, preset: preset) } ?? preset
    if let comments = fields.value("comments") { source.comments = selectors.comments(comments) ?? .auto }
    source.item = fields.string("item")
    source.itemSource = fields.slug("item_source")
    if source.itemSource != nil { fields.require("item") }
    for (name, owner) in [
      ("list", "page"), ("preset", "page"), ("item", "article"), ("item_source", "article"), ("folder", "spool"),
    ] {
      guard let kind, kind != owner, let entry = fields.entry(name) else { continue }
      complaints.add(YAMLCause.value("«\(name)» belongs to sources of kind \(owner)"), at: entry.key)
    }
  }

  /// A span, or `{ min, max }`: until the interval adapts, the shorter one counts.
  private func every(_ node: YAMLNode, _ owner: Fields) -> Span? {
    guard node.mapping != nil else { return complaints.span(node) }
    guard let fields = Fields(node, complaints) else { return nil }
    fields.check(known: ["min", "max"])
    fields.require("min")
    fields.require("max")
    let least = fields.span("min")
    let most = fields.span("max")
    fields.noEffect("max")
    if let least, let most, most < least { complaints.add(YAMLCause.value("«max» is shorter than «min»"), at: node) }
    return least
  }

  private func encoding(_ fields: Fields) -> String? {
    guard let node = fields.value("encoding"), let name = complaints.string(node) else { return nil }
    let converter = iconv_open("UTF-8", name)
    guard let converter, Int(bitPattern: converter) != -1 else {
      complaints.add(
        YAMLCause.value("unknown encoding «\(name)»", hint: "such as windows-1251, koi8-r or utf-8"), at: node)
      return nil
    }
    iconv_close(converter)
    return name
  }
}
