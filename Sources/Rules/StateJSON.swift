package import JSON
import Model

// How values of rules are stored between runs.

extension Key {
  /// From an object of strings; nil for anything else.
  package init?(json: JSONValue?) {
    guard let members = json?.object?.members else { return nil }
    self.init(members.map { ($0.name, $0.value.string) })
  }

  /// The fields as an object, in their order.
  package var json: JSONValue {
    var object = JSONObject()
    for field in fields { object.append(field.name, .string(field.value)) }
    return .object(object)
  }
}

extension Key {
  /// The same as `json`, written out.
  package func write(into json: inout JSONBytes) {
    json.openObject()
    for field in fields {
      json.name(field.name)
      json.string(field.value)
    }
    json.closeObject()
  }
}

extension Content {
  /// The same as `json`, written out.
  package func write(into json: inout JSONBytes) {
    json.openObject()
    json.name("id")
    json.string(id)
    json.name("source")
    json.string(source)
    if let url {
      json.name("url")
      json.string(url)
    }
    json.name("published")
    json.integer(published.milliseconds)
    json.name("sha256")
    json.string(sha256)
    json.name("likeness")
    json.string(likeness)
    json.closeObject()
  }

  package var json: JSONValue {
    var object = JSONObject(["id": .string(id), "source": .string(source)])
    object.append("url", ifPresent: url.map(JSONValue.string))
    object.append("published", .integer(published.milliseconds))
    object.append("sha256", .string(sha256))
    object.append("likeness", .string(likeness))
    return .object(object)
  }

  package init?(json: JSONValue) {
    guard let id = json["id"]?.string, let source = json["source"]?.string,
      let published = json["published"]?.integer
    else { return nil }
    self.init(
      id: id, source: source, url: json["url"]?.string, published: Moment(milliseconds: published),
      sha256: json["sha256"]?.string ?? "", likeness: json["likeness"]?.string ?? "")
  }
}
