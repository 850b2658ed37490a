import Glibc
package import Model
package import YAML

/// What files say, and what there is to say about them.
package struct Loaded<Value: Sendable>: Sendable {
  package var value: Value
  /// Of all files, in the order of their places.
  package var diagnostics: [Diagnostic] = []
  /// Files that were read, in order.
  package var files: [String] = []
  /// The texts of the files, for carets.
  package var texts: [String: SourceText] = [:]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  /// Files with an error: nothing of them is in `value`.
  package var rejected: [String] {
    files.filter { file in diagnostics.contains { $0.severity == .error && $0.place.file == file } }
  }
}

/// A file or a folder cannot be read: nothing that stands in a file.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  package var path: String
  package var reason: String
  package var description: String { "\(path): cannot be read: \(reason)" }
}

/// Reads configuration, source and region files: every problem of every file in one run.
package enum ConfigurationLoader {
  /// What a file is for.
  package enum FileKind: Sendable { case server, sources, region }

  /// `nabat.yaml`; the value is nil when the file has an error.
  package static func server(
    file: String, names: KnownNames = KnownNames()
  ) throws(ConfigurationError) -> Loaded<ServerConfiguration?> {
    server(file: file, bytes: try read(file), names: names)
  }

  package static func server(
    file: String, bytes: [UInt8], names: KnownNames = KnownNames()
  ) -> Loaded<ServerConfiguration?> {
    load([(file, bytes)], nil) { value, root, complaints in
      value = ServerReading(file: file, complaints: complaints, names: names).configuration(root)
    }
  }

  /// Source files, and folders with all `*.yaml` and `*.yml` in them. Ids are unique over all of them.
  ///
  /// - Parameter names: what the stages have registered.
  package static func sources(
    paths: [String], names: KnownNames = KnownNames()
  ) throws(ConfigurationError) -> Loaded<[Source]> {
    sources(files: try find(paths), names: names)
  }

  package static func sources(
    files: [(path: String, bytes: [UInt8])], names: KnownNames = KnownNames()
  ) -> Loaded<[Source]> {
    var places: [String: Place] = [:]
    return load(files, []) { value, root, complaints in
      var reading = SourceReading(
        file: complaints.source.file, complaints: complaints, names: names)
      let sources = reading.sources(root)
      for source in sources {
        if let first = places[source.id] {
          let again = ConfigurationCause.definedTwice(kind: "source", name: source.id, first: first.description)
          complaints.add(again, at: source.place)
        } else {
          places[source.id] = source.place
        }
      }
      if !complaints.hasErrors { value += sources }
    }
  }

  /// Region files, and folders with all `*.yaml` and `*.yml` in them.
  package static func regions(paths: [String]) throws(ConfigurationError) -> Loaded<[Region]> {
    regions(files: try find(paths))
  }

  package static func regions(files: [(path: String, bytes: [UInt8])]) -> Loaded<[Region]> {
    var places: [String: Place] = [:]
    return load(files, []) { value, root, complaints in
      let regions = RegionReading(complaints: complaints).regions(root)
      for region in regions {
        if let first = places[region.code] {
          let again = ConfigurationCause.definedTwice(kind: "region", name: region.code, first: first.description)
          complaints.add(again, at: region.place)
        } else {
          places[region.code] = region.place
        }
      }
      if !complaints.hasErrors { value += regions }
    }
  }

  /// What a file is for, by its keys; nil when they tell nothing.
  package static func kind(file: String, bytes: [UInt8]) -> FileKind? {
    guard let root = YAMLDocument(file: file, bytes: bytes).root else { return nil }
    let keys = Set(((root.sequence?.first ?? root).mapping ?? []).map(\.name))
    if keys.contains("sources") { return .sources }
    if keys.contains("code") { return .region }
    let server: Set = ["instance", "paths", "network", "sinks", "routes", "retention", "desk", "heartbeat"]
    return keys.isDisjoint(with: server) ? nil : .server
  }

  private static func load<Value>(
    _ files: [(path: String, bytes: [UInt8])], _ empty: Value, _ body: (inout Value, YAMLNode, Complaints) -> Void
  ) -> Loaded<Value> {
    var loaded = Loaded(value: empty)
    for (path, bytes) in files {
      let document = YAMLDocument(file: path, bytes: bytes)
      let complaints = Complaints(document.source, document.diagnostics)
      if let root = document.root {
        body(&loaded.value, root, complaints)
      } else if document.diagnostics.isEmpty {
        complaints.add(YAMLCause.missingKey("format"), at: Place(file: path, line: 1, column: 1))
      }
      loaded.files.append(path)
      loaded.texts[path] = document.source
      loaded.diagnostics += complaints.diagnostics.sorted { left, right in
        left.place == right.place ? left.code < right.code : left.place < right.place
      }
    }
    return loaded
  }
}
