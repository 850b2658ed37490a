/// A source of the region and the form in which it publishes.
struct DemoSource: Hashable, Sendable {
  enum Form: Hashable, Sendable { case rss, atom, rdf, jsonFeed, list, article }

  /// The id in `feeds/demo.yaml` and the first part of its paths.
  var id: String
  var title: String
  var form: Form
  /// Whether readers' comments are served too, as a feed for each item.
  var hasComments = false

  static let all: [DemoSource] = [
    DemoSource(id: "olha-news", title: "Ольхоградские вести", form: .rss, hasComments: true),
    DemoSource(id: "vestnik", title: "Зарянский вестник", form: .atom),
    DemoSource(id: "lunnobereg", title: "Луннобережье", form: .rdf),
    DemoSource(id: "sosedi", title: "Соседи Ольхограда", form: .jsonFeed),
    DemoSource(id: "listok", title: "Тихоозёрский листок", form: .list),
    DemoSource(id: "olha-online", title: "Ольхоград-онлайн", form: .article),
    DemoSource(id: "spas", title: "Служба спасения Зарянского края", form: .rss),
    DemoSource(id: "zerkalo", title: "Кривое зеркальце", form: .rss),
  ]

  /// The address that stands in the story and in the shipped `feeds/demo.yaml`; replaced by the server's own.
  static let writtenAddress = "http://127.0.0.1:8797"
}
