package import Model

/// Built-in selectors of a page that many sources share: one entry here.
package struct SourcePreset: Sendable {
  package var name: String
  package var summary: String
  package var list: PageList
  /// Whether a page on which its entries are found is certainly meant.
  var isCertain = false
  /// What an answer that is no such page is told by, in words for the officer; nil where it is one.
  var problem: @Sendable (Document) -> String?

  package static let all: [SourcePreset] = [.channelPreview, .wordpress]

  /// The public preview of a channel: its last twenty posts, without an account.
  static let channelPreview = SourcePreset(
    name: "channel-preview", summary: "the public preview of a Telegram channel, https://t.me/s/CHANNEL",
    list: {
      var list = PageList(item: Selector("div.tgme_widget_message[data-post]"))
      list.id = Selector("@data-post")
      list.title = Selector(".tgme_widget_message_text")
      list.title?.firstLine = true
      list.title?.longest = 120
      list.content = Selector(".tgme_widget_message_text")
      list.link = Selector("a.tgme_widget_message_date@href")
      list.date = Selector("time@datetime")
      list.views = Selector(".tgme_widget_message_views")
      return list
    }(),
    isCertain: true,
    problem: { document in
      // Without a preview the server leads from t.me/s/NAME to t.me/NAME.
      document.url.contains("/s/") ? nil : "the channel has no public preview"
    })

  /// The front page of WordPress with one of its usual themes.
  static let wordpress = SourcePreset(
    name: "wordpress", summary: "the list of posts of a WordPress site with a usual theme",
    list: {
      var list = PageList(item: Selector("article.post, article.hentry, div.hentry"))
      list.title = Selector(".entry-title, h2")
      list.link = Selector(".entry-title a@href, h2 a@href, a[rel=bookmark]@href")
      list.date = Selector("time@datetime")
      list.summary = Selector(".entry-summary, .entry-content")
      list.comments = Selector(".comments-link")
      list.commentsURL = Selector(".comments-link a@href")
      return list
    }(), problem: { _ in nil })
}
