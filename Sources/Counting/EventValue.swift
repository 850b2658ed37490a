import Foundation
import Model
import Rules

/// What of an event may be told apart and counted: one or several values of an item or comment.
package enum EventValue: String, CaseIterable, Sendable {
  case author, source, region, narrative, item, lang
  case sourceClass = "source_class"
  case hashtag
  case linkHost = "link-host"

  /// Each once, in the order in which they stand there; an absent value is no value.
  func values(of observation: Observation) -> [String] {
    switch self {
    case .author: observation.author.map { [String($0.value, radix: 16)] } ?? []
    case .narrative: observation.narratives
    case .hashtag: EventValue.unique(observation.fields.texts.flatMap(EventValue.hashtags))
    case .linkHost: EventValue.unique(observation.fields.texts.flatMap(EventValue.linkHosts))
    default: observation.fields[rawValue].map { [$0] } ?? []
    }
  }

  private static func unique(_ values: [String]) -> [String] {
    var seen: Set<String> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// In lower case, with the `#`.
  private static func hashtags(_ text: String) -> [String] {
    text.split(whereSeparator: { !isPartOfTag($0) && $0 != "#" }).flatMap { word -> [String] in
      // «C#» is no hashtag: one begins where no word stands before it.
      guard word.first == "#" else { return [] }
      return word.split(separator: "#").filter { $0.contains(where: \.isLetter) }.map { "#" + $0.lowercased() }
    }
  }

  private static func isPartOfTag(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// Hosts of links written out, in lower case, without `www.`.
  private static func linkHosts(_ text: String) -> [String] {
    text.split(whereSeparator: { $0.isWhitespace || "<>\"«»()[]".contains($0) }).compactMap { word in
      guard let start = word.range(of: "http", options: .caseInsensitive)?.lowerBound,
        let address = URLComponents(string: String(word[start...])), let host = address.host?.lowercased(),
        ["http", "https"].contains(address.scheme?.lowercased() ?? ""), !host.isEmpty
      else { return nil }
      return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    }
  }
}

extension EventFields {
  fileprivate var texts: [String] { [title, body].compactMap { $0 } }
}
