import Model
import Testing

@testable import Parsing

@Suite("What a feed's fields mean")
struct FeedFieldTests {
  private func item(_ fields: String) -> FeedItem? {
    read("<rss><channel><item>\(fields)</item></channel></rss>").items.first
  }

  @Test("a title of markup alone is empty, one that is not there is absent") func titles() {
    #expect(item("<title>&lt;img src=\"/logo.png\"&gt;</title><guid>1</guid>")?.title == "")
    #expect(item("<title> </title><guid>1</guid>")?.title == nil)
    #expect(item("<guid>1</guid>")?.title == nil)
    let atom = read(#"<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">&lt;br&gt;</title></feed>"#)
    #expect(atom.title == "")
  }

  @Test("RSS knows whole seconds, Atom and JSON Feed fractions too") func fractions() {
    let rss = item("<guid>1</guid><pubDate>2026-11-23T14:05:09.750Z</pubDate>")
    #expect(rss?.published == moment("2026-11-23T14:05:09Z"))
    let atom = read(
      #"<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><updated>2026-11-23T14:05:09.750Z</updated></entry></feed>"#
    )
    #expect(atom.items.first?.updated == moment("2026-11-23T14:05:09.750Z"))
  }

  @Test("a number where the address of the comments belongs is their count") func countInComments() {
    let counted = item("<guid>1</guid><comments>12</comments>")
    #expect(counted?.commentCount == 12)
    #expect(counted?.commentsURL == nil)
    let slash = item("<guid>1</guid><comments>12</comments><slash:comments>13</slash:comments>")
    #expect(slash?.commentCount == 13)
    let address = item("<guid>1</guid><comments>/1#comments</comments>")
    #expect(address?.commentsURL == "https://vesti.example/1#comments")
  }

  @Test("an RSS 1.0 item without a link leads to its own identifier") func about() {
    let feed = read(
      """
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">\
      <item rdf:about="https://old.example/7"><title>Да</title></item>\
      <item rdf:about="urn:x:8"><title>Нет</title></item></rdf:RDF>
      """)
    #expect(feed.items.map(\.link) == ["https://old.example/7", nil])
  }

  @Test("XML of another vocabulary, escaped into an entry, is shown as it stands") func foreignXML() {
    let feed = read(
      """
      <feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>\
      <content type="application/gpx+xml">&lt;trk/&gt;</content></entry></feed>
      """)
    #expect(feed.items.first?.content == "&lt;trk/&gt;")
  }

  @Test("what an Atom 0.3 entry calls plain text is plain, however it was escaped") func plainMode() {
    let feed = read(
      """
      <feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id>\
      <title type="text/plain" mode="escaped">a &lt;b&gt; c</title>\
      <content type="text/plain" mode="escaped">a &lt;b&gt; c</content></entry></feed>
      """)
    #expect(feed.items.first?.title == "a <b> c")
    #expect(feed.items.first?.content == "a &lt;b&gt; c")
  }

  @Test("entries without ids that all lead to the front page stay different") func frontPage() {
    let feed = read(
      """
      <rss><channel><item><title>Мост</title><link>https://a.example/</link></item>\
      <item><title>Вода</title><link>https://a.example/</link></item>\
      <item><title>Свет</title><link>https://a.example/3</link></item></channel></rss>
      """)
    #expect(Set(feed.items.map(\.id)).count == 3)
    #expect(feed.items.map(\.link) == ["https://a.example/", "https://a.example/", "https://a.example/3"])
    #expect(feed.items.last?.id == "https://a.example/3")
    #expect(feed.warnings.map(\.code) == ["duplicate-id"])
  }

  @Test("backslashes of an address are slashes, as in browsers") func backslashes() {
    #expect(item("<guid>1</guid><link>https:\\\\a.example\\news?a=\\</link>")?.link == "https://a.example/news?a=\\")
  }
}
