package import JSON
import Model

/// JSON Schemas of source, region and configuration files, draft 2020-12, made from the tables of their readers.
package enum ConfigurationSchema {
  private static let text = JSONSchema.text
  private static let code = JSONSchema.pattern("^[A-Z0-9-]{2,16}$")
  private static let id = JSONValue.object(
    JSONObject(["type": ["string", "number"], "pattern": "^[^\\s/,:;]{1,100}$"]))
  private static let address = JSONSchema.pattern("^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$")

  /// `feeds/*.yaml`.
  package static func sources(_ names: KnownNames) -> JSONValue {
    JSONSchema.document(
      "Sources of Nabat",
      JSONSchema.closed(
        SourceReading.keysOfFile,
        [
          "format": ["const": 1], "defaults": JSONSchema.closed(SourceReading.keysOfDefaults, ofSource),
          "sources": JSONSchema.list(source(names)),
        ], required: ["format", "sources"]))
  }

  /// `regions/*.yaml`: one region, or a list of them.
  package static func regions() -> JSONValue {
    let region = JSONSchema.closed(
      RegionReading.keys,
      [
        "format": ["const": 1], "code": code, "name": text, "forms": JSONSchema.texts, "timezone": text,
        "parent": code,
        "towns": JSONSchema.list(
          JSONSchema.closed(["name", "forms"], ["name": text, "forms": JSONSchema.texts], required: ["name"])),
      ], required: ["code", "name"])
    return JSONSchema.document("Regions of Nabat", JSONSchema.anyOf([region, JSONSchema.list(region)]))
  }

  private static func source(_ names: KnownNames) -> JSONValue {
    let shapes = ofSource.merging(
      [
        "id": id, "title": text, "kind": JSONSchema.choice(names.sourceKinds), "url": address,
        "enabled": JSONSchema.flag, "encoding": text,
        "robots": JSONSchema.choice(SourceReading.Robots.allCases.map(\.rawValue)), "allow_private": JSONSchema.flag,
        "ca_file": text, "full_text": JSONSchema.flag,
        "preset": JSONSchema.choice(names.presets.map(\.name)), "list": list, "comments": comments,
        "item": text, "item_source": id, "folder": text,
      ]) { _, own in own }
    return JSONSchema.with(
      JSONSchema.closed(SourceReading.keys, shapes, required: ["id", "kind"]),
      [
        "if": ["properties": ["kind": ["const": "page"]], "required": ["kind"]],
        "then": JSONSchema.anyOf([["required": ["list"]], ["required": ["preset"]]]),
        "else": ["properties": ["list": false, "preset": false]],
        "anyOf": [
          ["properties": ["kind": ["const": "spool"]], "required": ["folder"]],
          ["properties": ["folder": false], "required": ["url"]],
        ],
      ])
  }

  /// Keys that `defaults` may give as well.
  private static var ofSource: [String: JSONValue] {
    [
      "region": text, "lang": JSONSchema.pattern("^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$"), "timezone": text,
      "every": JSONSchema.anyOf([
        JSONSchema.span,
        JSONSchema.closed(
          ["min", "max"], ["min": JSONSchema.span, "max": JSONSchema.span], required: ["min", "max"]),
      ]),
      "contact": JSONSchema.pattern("^([Hh][Tt][Tt][Pp][Ss]://|mailto:.*@)"),
      "class": JSONSchema.choice(SourceReading.SourceClass.allCases.map(\.rawValue)),
    ]
  }

  private static var list: JSONValue {
    var shapes = Dictionary(uniqueKeysWithValues: SelectorReading.keysOfList.map { ($0, selector) })
    shapes["min_items"] = JSONSchema.integer(1...10_000)
    return JSONSchema.closed(SelectorReading.keysOfList, shapes, required: ["item"])
  }

  private static var parse: JSONValue { JSONSchema.choice(Selector.Parse.allCases.map(\.rawValue)) }

  private static var selector: JSONValue {
    JSONSchema.anyOf([
      text,
      JSONSchema.closed(
        SelectorReading.keys,
        [
          "select": text, "formats": JSONSchema.texts, "parse": parse, "first_line": JSONSchema.flag,
          "max": JSONSchema.integer(1...1_000_000), "html": JSONSchema.flag,
        ], required: ["select"]),
    ])
  }

  private static var comments: JSONValue {
    JSONSchema.anyOf([
      text,
      JSONSchema.closed(
        ["select", "from", "parse"],
        [
          "select": selector, "parse": parse,
          "from": JSONSchema.list(JSONSchema.choice(CommentOrigin.allCases.map(\.rawValue))),
        ]),
    ])
  }
}

extension ConfigurationSchema {
  /// `nabat.yaml`.
  package static func server(_ names: KnownNames) -> JSONValue {
    let sinks = JSONSchema.texts
    return JSONSchema.document(
      "Configuration of Nabat",
      JSONSchema.closed(
        ServerReading.keys,
        [
          "format": ["const": 1],
          "instance": JSONSchema.closed(
            ServerReading.keysOfInstance,
            [
              "id": id, "name": text, "timezone": text, "public_url": address,
              "alarms_per_day": JSONSchema.integer(0...100_000),
            ]),
          "paths": JSONSchema.closed(
            ServerReading.keysOfPaths, Dictionary(uniqueKeysWithValues: ServerReading.keysOfPaths.map { ($0, text) })),
          "network": JSONSchema.closed(
            ["contact", "allow"], ["contact": ofSource["contact"] ?? text, "allow": JSONSchema.list(text)]),
          "retention": retention, "sinks": JSONSchema.list(sink(names)), "routes": JSONSchema.list(route),
          "people": JSONSchema.map(JSONSchema.closed(["sinks"], ["sinks": sinks], required: ["sinks"])),
          "heartbeat": JSONSchema.closed(
            ["every", "to"], ["every": JSONSchema.span, "to": sinks], required: ["every", "to"]),
          "inhibit": JSONSchema.list(
            JSONSchema.closed(
              ["source", "target", "equal"],
              [
                "source": match, "target": match,
                "equal": JSONSchema.list(JSONSchema.choice(RouteConfiguration.Field.allCases.map(\.rawValue))),
              ], required: ["source", "target"])),
          "desk": JSONSchema.closed(["listen"], ["listen": text]),
        ], required: ["format"]))
  }

  /// Years are written here only: `5y`.
  private static var retention: JSONValue {
    let span = JSONSchema.anyOf([JSONSchema.span, JSONSchema.pattern("^[0-9]+y$")])
    return JSONSchema.closed(
      ["texts", "evidence", "near_misses", "journal"],
      ["texts": span, "evidence": span, "near_misses": JSONSchema.span, "journal": span])
  }

  private static func sink(_ names: KnownNames) -> JSONValue {
    var shapes: [String: JSONValue] = [
      "id": id, "type": JSONSchema.choice(names.sinks.map(\.type)),
      "types": JSONSchema.list(JSONSchema.choice(SinkReading.eventTypes + SinkReading.typeGlobs)), "fallback": text,
    ]
    var all: [String] = []
    for key in names.sinks.flatMap(\.keys) where shapes[key.name] == nil {
      all.append(key.name)
      shapes[key.name] = form(key.form)
    }
    let kinds = names.sinks.map { sink -> JSONValue in
      let own = Set(sink.keys.map(\.name))
      var refused = JSONObject()
      for name in all where !own.contains(name) { refused[name] = false }
      let required = sink.keys.filter(\.isRequired).map { JSONValue.string($0.name) }
      var then = JSONObject(["properties": .object(refused)])
      if !required.isEmpty { then["required"] = .array(required) }
      return [
        "if": ["properties": ["type": ["const": .string(sink.type)]], "required": ["type"]], "then": .object(then),
      ]
    }
    return JSONSchema.with(
      JSONSchema.closed(SinkReading.keys + all, shapes, required: ["id", "type"]), ["allOf": .array(kinds)])
  }

  private static func form(_ form: SinkKey.Form) -> JSONValue {
    switch form {
    case .webAddress: address
    case .mailAddresses: JSONSchema.oneOrMany(JSONSchema.pattern("@"))
    case .mailServer: JSONSchema.pattern("^smtps?://")
    case .choice(let known): JSONSchema.choice(known)
    case .secrets:
      JSONSchema.oneOrMany(
        JSONSchema.with(
          JSONSchema.closed(["file", "env"], ["file": text, "env": text], atLeast: 1), ["maxProperties": 1]))
    case .text, .path, .choiceOrPath: text
    }
  }

  private static var route: JSONValue {
    JSONSchema.closed(
      RouteReading.keys,
      [
        "match": match, "to": JSONSchema.texts, "continue": JSONSchema.flag, "group_by": JSONSchema.texts,
        "group_wait": JSONSchema.span,
      ], required: ["to"])
  }

  private static var match: JSONValue {
    let fields = RouteConfiguration.Field.allCases
    let severities = JSONSchema.oneOrMany(JSONSchema.choice(Severity.allCases.map(\.rawValue)))
    return JSONSchema.closed(
      fields.map(\.rawValue),
      Dictionary(uniqueKeysWithValues: fields.map { ($0.rawValue, $0 == .severity ? severities : JSONSchema.texts) }))
  }
}
