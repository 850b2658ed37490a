package import JSON
package import Model

extension Feed {
  /// The feed as `nabat parse` prints it: the members of the contract in its order, absent values absent, times in UTC.
  package var json: JSONValue {
    var object = JSONObject()
    object.append("kind", JSONValue(kind))
    object.append("title", ifPresent: title.map(JSONValue.string))
    object.append("link", ifPresent: link.map(JSONValue.string))
    object.append("language", ifPresent: language.map(JSONValue.string))
    object.append("updated", ifPresent: updated.map { .string($0.rfc3339) })
    object.append("items", .array(items.map(\.json)))
    object.append("warnings", .array(warnings.map(\.json)))
    return .object(object)
  }
}

extension FeedItem {
  /// One entry in the shape of the contract.
  package var json: JSONValue {
    var object = JSONObject()
    object.append("id", ifPresent: id.map(JSONValue.string))
    object.append("title", ifPresent: title.map(JSONValue.string))
    object.append("link", ifPresent: link.map(JSONValue.string))
    object.append("published", ifPresent: published.map { .string($0.rfc3339) })
    object.append("updated", ifPresent: updated.map { .string($0.rfc3339) })
    object.append("summary", ifPresent: summary.map(JSONValue.string))
    object.append("content", ifPresent: content.map(JSONValue.string))
    object.append("authors", ifPresent: list(authors))
    object.append("categories", ifPresent: list(categories))
    object.append("comments_url", ifPresent: commentsURL.map(JSONValue.string))
    object.append("comments_feed", ifPresent: commentsFeed.map(JSONValue.string))
    object.append("comment_count", ifPresent: commentCount.map { .integer(Int64($0)) })
    if !enclosures.isEmpty { object.append("enclosures", .array(enclosures.map(\.json))) }
    object.append("lang", ifPresent: lang.map(JSONValue.string))
    if views != nil || likes != nil {
      var metrics = JSONObject()
      metrics.append("views", ifPresent: views.map { .integer(Int64($0)) })
      metrics.append("likes", ifPresent: likes.map { .integer(Int64($0)) })
      object.append("metrics", .object(metrics))
    }
    return .object(object)
  }

  private func list(_ texts: [String]) -> JSONValue? {
    texts.isEmpty ? nil : .array(texts.map(JSONValue.string))
  }
}

extension Enclosure {
  /// `{"url","type","length"}`.
  package var json: JSONValue {
    var object = JSONObject()
    object.append("url", .string(url))
    object.append("type", ifPresent: type.map(JSONValue.string))
    object.append("length", ifPresent: length.map { .integer(Int64($0)) })
    return .object(object)
  }
}

extension FeedWarning {
  /// `{"code","line","text"}`.
  package var json: JSONValue {
    var object = JSONObject()
    object.append("code", .string(code))
    object.append("line", ifPresent: line.map { .integer(Int64($0)) })
    object.append("text", .string(text))
    return .object(object)
  }
}
