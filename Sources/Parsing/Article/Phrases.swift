/// Words that stand around articles.
enum Phrases {
  /// Whether a block is a label, a button, a credit or a call to read something else.
  static func isAround(_ block: TextBlock) -> Bool {
    guard block.length < 160 else { return false }
    let text = String(decoding: block.text, as: UTF8.self).lowercased()
    if block.length < 60, whole.contains(text.prefix { $0 != ":" }) { return true }
    guard block.linked > 0 || block.length < 60 && !block.endsSentence else { return false }
    return beginnings.contains { text.utf8.starts(with: $0.utf8) }
  }

  /// Whether a line says that the article is over: comments, or other articles.
  static func beginsTheRest(_ block: TextBlock) -> Bool {
    let text = String(decoding: block.text, as: UTF8.self).lowercased()
    return rest.contains { text.utf8.starts(with: $0.utf8) }
  }

  private static let whole: Set<Substring> = [
    "advertisement", "advertising", "ad", "sponsored", "share", "share this", "share this article", "share this story",
    "tweet", "email", "print", "save", "comments", "comment", "related", "related articles", "related stories",
    "read more", "more", "loading", "loading...", "continue reading", "story continues below advertisement",
    "follow us", "tags", "topics", "photos", "photo", "video", "watch", "реклама", "на правах рекламы", "поделиться",
    "теги", "метки", "фото", "видео", "читайте также", "читать также", "смотрите также", "материалы по теме",
    "anzeige", "publicidade", "publicidad", "publicité",
  ]

  private static let beginnings: [String] = [
    "read more", "read also", "see also", "also read", "related:", "more:", "watch:", "click here", "sign up",
    "subscribe", "follow us", "follow ", "share this", "advertisement", "photo:", "photo by", "photograph:", "image:",
    "image credit", "getty images", "copyright", "©", "(c) ", "all rights reserved", "download our", "recommended",
    "tags:", "filed under", "posted in", "posted by", "posted on", "published", "last updated", "updated", "by ",
    "source:", "читайте также", "читайте нас", "читать далее", "смотрите также", "подписывайтесь", "подпишитесь",
    "фото:", "фото ©", "источник:", "автор:", "теги:", "метки:", "опубликовано", "обновлено", "просмотров",
    "поделиться",
    "lesen sie auch", "leia também", "leia mais", "lire aussi", "lea también",
  ]

  private static let rest: [String] = [
    "comments", "leave a reply", "leave a comment", "post a comment", "add a comment", "related articles",
    "related stories", "related posts", "you may also like", "you might also like", "more from", "recommended for you",
    "read next", "up next", "about the author", "отзывы", "комментарии", "добавить комментарий",
    "оставить комментарий", "добавить отзыв", "читайте также", "похожие", "другие новости", "ещё по теме",
    "еще по теме", "по теме", "новости по теме", "материалы по теме", "самое читаемое", "поделиться", "kommentare",
    "kommentar schreiben", "comentários", "comentarios", "deixe um comentário", "leia também", "veja também",
    "commentaires", "laisser un commentaire", "à lire aussi", "tinggalkan balasan",
  ]
}
