package import Model
import YAML

/// A region by its code: how it is named where people read of it.
package struct Region: Hashable, Sendable {
  /// ISO 3166-2, such as `RU-NVS`.
  package var code: String
  package var name: String
  /// IANA name.
  package var timezone: String?
  /// Names by which texts speak of it.
  package var forms: [String]
  package var towns: [Town]
  /// The code of the region that this one is a part of, where its own does not say it.
  package var parent: String?
  package var place: Place

  package init(
    code: String, name: String, timezone: String? = nil, forms: [String] = [], towns: [Town] = [],
    place: Place = Place(file: "")
  ) {
    self.code = code
    self.name = name
    self.timezone = timezone
    self.forms = forms
    self.towns = towns
    self.place = place
  }

  package struct Town: Hashable, Sendable {
    package var name: String
    package var forms: [String]

    package init(name: String, forms: [String] = []) {
      self.name = name
      self.forms = forms
    }
  }
}

/// Reads one region file: a region, or a list of them.
struct RegionReading {
  let complaints: Complaints

  static let keys = ["format", "code", "name", "forms", "towns", "timezone", "parent"]

  func regions(_ root: YAMLNode) -> [Region] {
    (root.sequence ?? [root]).compactMap { node in Fields(node, complaints).flatMap { region($0) } }
  }

  private func region(_ fields: Fields) -> Region? {
    fields.check(known: RegionReading.keys)
    if fields.has("format") { fields.checkFormat() }
    fields.require("code")
    fields.require("name")
    let code = fields.value("code").flatMap { self.code($0) }
    let name = fields.string("name")
    let timezone = fields.timezone("timezone")
    let forms = fields.strings("forms") ?? []
    var towns: [Region.Town] = []
    for node in fields.sequence("towns") ?? [] {
      guard let town = Fields(node, complaints) else { continue }
      town.check(known: ["name", "forms"])
      town.require("name")
      let forms = town.strings("forms") ?? []
      if let name = town.string("name") { towns.append(Region.Town(name: name, forms: forms)) }
    }
    fields.noEffect("forms", "towns")
    guard let code, let name else { return nil }
    var region = Region(
      code: code, name: name, timezone: timezone, forms: forms, towns: towns, place: fields.node.place)
    region.parent = fields.value("parent").flatMap { self.code($0) }
    return region
  }

  private func code(_ node: YAMLNode) -> String? {
    guard let text = complaints.string(node) else { return nil }
    let isFormed =
      (2...16).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    if isFormed { return text }
    complaints.add(YAMLCause.value("«\(text)» is no code of a region", hint: "ISO 3166-2, such as RU-NVS"), at: node)
    return nil
  }
}
