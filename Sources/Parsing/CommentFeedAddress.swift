/// Where the comments of a page are to be had as a feed, by how its address is made.
package enum CommentFeedAddress {
  /// The feed of a topic of Discourse (`/t/name/17` → `/t/name/17.rss`) or phpBB (`viewtopic.php?t=17` →
  /// `feed.php?t=17`), or of a thread of Disqus; nil for other addresses.
  package static func derived(from page: String) -> String? {
    var parts = WebAddress.Parts(page)
    guard parts.scheme != nil, let host = parts.authority, !host.isEmpty else { return nil }
    parts.fragment = nil
    let steps = parts.path.split(separator: "/").map(String.init)
    if host.hasSuffix(".disqus.com"), let thread = steps.first, steps.count == 1 {
      parts.path = "/\(thread)/latest.rss"
      parts.query = nil
      return parts.text
    }
    if let topic = steps.firstIndex(of: "t"), steps.count - topic >= 3, isNumber(steps[topic + 2]) {
      parts.path = "/" + steps[...(topic + 2)].joined(separator: "/") + ".rss"
      parts.query = nil
      return parts.text
    }
    if steps.last == "viewtopic.php", let query = parts.query,
      let topic = query.split(separator: "&").first(where: { $0.hasPrefix("t=") }), isNumber(topic.dropFirst(2))
    {
      parts.path = "/" + (steps.dropLast() + ["feed.php"]).joined(separator: "/")
      parts.query = String(topic)
      return parts.text
    }
    return nil
  }

  private static func isNumber(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.count <= 18 && text.utf8.allSatisfy(Bytes.isDigit)
  }
}
