/// What the names that an author gave a block (`class`, `id`, `role` …) say of it.
struct BlockHints: OptionSet {
  var rawValue: UInt16

  /// An article, a post, an entry: of what the block is a part.
  static let subject = BlockHints(rawValue: 1 << 0)
  /// A body, a text, a content: which part.
  static let part = BlockHints(rawValue: 1 << 1)
  /// Named as the text of the article in one word.
  static let articleBody = BlockHints(rawValue: 1 << 2)
  /// Around the article: menus, teasers, buttons, advertisements.
  static let boilerplate = BlockHints(rawValue: 1 << 3)
  /// What readers wrote.
  static let comments = BlockHints(rawValue: 1 << 4)
  /// Not shown.
  static let hidden = BlockHints(rawValue: 1 << 5)
  /// Says who, when and where: part of the article, not of its text.
  static let byline = BlockHints(rawValue: 1 << 6)
  /// Under a picture.
  static let caption = BlockHints(rawValue: 1 << 7)
  /// `itemprop="articleBody"`.
  static let marked = BlockHints(rawValue: 1 << 8)

  /// Names who wrote.
  static let author = BlockHints(rawValue: 1 << 9)

  /// Whether the author named the block the text of an article.
  var isBody: Bool { contains(.marked) || contains(.articleBody) || isSuperset(of: [.subject, .part]) }

  /// Adds what a `class` or an `id` says: its words are parted at anything that is no letter, and at capitals.
  mutating func add(names value: UnsafeBufferPointer<UInt8>) {
    var hash = WordHash.start
    var length = 0
    var previousIsLower = false
    /// Names that a program made (`hJpRRP`) fall apart at capitals into short words that mean nothing.
    var isPart = false
    for byte in value.prefix(400) {
      guard Bytes.isLetter(byte) else {
        end(hash, length, least: isPart ? 4 : 2)
        (hash, length, previousIsLower, isPart) = (WordHash.start, 0, false, false)
        continue
      }
      let isLower = byte & 0x20 != 0
      if previousIsLower, !isLower {
        end(hash, length, least: 4)
        (hash, length, isPart) = (WordHash.start, 0, true)
      }
      previousIsLower = isLower
      hash = WordHash.add(byte | 0x20, to: hash)
      length += 1
      if length >= 4, BlockHints.mayBeStem(hash), let found = BlockHints.stems[hash] { formUnion(found) }
    }
    end(hash, length, least: isPart ? 4 : 2)
  }

  private mutating func end(_ hash: UInt32, _ length: Int, least: Int) {
    if length >= least, let found = BlockHints.words[hash] { formUnion(found) }
  }

  mutating func add(role value: UnsafeBufferPointer<UInt8>) {
    if BlockHints.roles.contains(WordHash.of(value)) { insert(.boilerplate) }
  }

  mutating func add(property value: UnsafeBufferPointer<UInt8>) {
    switch WordHash.of(value) {
    case BlockHints.bodyProperty: insert(.marked)
    case BlockHints.commentProperty: insert(.comments)
    case BlockHints.captionProperty: insert(.caption)
    default: break
    }
  }

  /// `display: none` and `visibility: hidden`.
  mutating func add(style value: UnsafeBufferPointer<UInt8>) {
    guard value.count >= 12 else { return }
    let style = value.filter { $0 != 0x20 }
    if Bytes.find("display:none", in: style, from: 0) != nil
      || Bytes.find("visibility:hidden", in: style, from: 0) != nil
    {
      insert(.hidden)
    }
  }

  private static let bodyProperty = WordHash.of("articleBody".utf8)
  private static let commentProperty = WordHash.of("comment".utf8)
  private static let captionProperty = WordHash.of("caption".utf8)

  private static let roles = Set(
    [
      "navigation", "complementary", "contentinfo", "search", "banner", "dialog", "alertdialog", "alert", "menu",
      "menubar", "tablist", "toolbar", "button", "tooltip",
    ].map { WordHash.of($0.utf8) })

  /// Whole words.
  private static let words = table([
    (.subject, "article story post entry news blog single field press"),
    (.part, "body content text copy txt inner fulltext detail details main contents description texto conteudo corpo"),
    (
      .boilerplate,
      """
      ad ads adv advert adbox adslot adunit banner banners nav navbar navigation menu menus breadcrumb breadcrumbs
      crumbs footer foot sidebar aside rail widget widgets share sharing shares shared social socials sns follow
      related recommended recommendations recommend popular trending mostread tag tags tagcloud taxonomy topics
      categories cat newsletter newsletters subscribe subscription subscriptions signup signin login register
      registration paywall promo promos promoted promotion sponsor sponsored sponsors outbrain taboola zergnet mgid
      revcontent disqus cookie cookies consent gdpr modal popup overlay lightbox tooltip toolbar tools tool pagination
      pager paging pagenav print printer rating ratings vote votes voting poll quiz masthead topbar searchform search
      skip copyright teaser teasers readmore readnext more nextprev prevnext upnext next prev carousel slider
      slideshow buttons btn cta donate donation alert hotline toc infobox navbox metadata editsection noprint addthis
      addtoany ssba heateor shareaholic videoplayer playlist jwplayer livefyre spotim ticker weather feedback
      correction report trc dfp gpt mpu leaderboard skyscraper interstitial app download downloads opros podpiska
      reklama poisk pohozhie telegram vk whatsapp
      """
    ),
    (
      .comments,
      "comment comments commentlist commentform respond reply replies disqus discussion kommentare komentar"
    ),
    (.hidden, "hidden hide invisible visuallyhidden screenreader offscreen"),
    (
      .byline,
      """
      dateline date dates time timestamp published pubdate posted postmeta meta credit credits bio avatar kicker
      eyebrow source sourceline updated written contributor contributors readtime
      """
    ),
    ([.byline, .author], "byline author authors authorname bylinename"),
    (.caption, "caption captions figcaption cutline imgcaption credit"),
  ])

  /// Beginnings of words: `relatedposts`, `sharedaddy`, `newsletterbox`.
  private static let stems = table([
    (
      .articleBody,
      """
      articlebody articletext articlecontent storybody storytext storycontent postbody postcontent posttext
      entrycontent entrybody entrytext newsbody newstext newscontent blogcontent blogbody textbody bodycopy bodytext
      maintext articlecopy articlefulltext contentbody articledetail
      """
    ),
    (
      .boilerplate,
      """
      sidebar related sharedaddy sharing sharebar sharebtn sharebut sharelink sharetool socialshare sociallink
      newsletter subscri recommend sponsor advert adsense adsby adcontainer adwrapper promo breadcrumb outbrain
      taboola cookie pagination trending mostpop mostread morefrom readmore seealso alsoread youmay yarpp jprelated
      paywall signup widget prevnext nextpost carousel slideshow navig menu masthead tagcloud taglist
      """
    ),
    (.comments, "commentlist commentsection commentarea commentsarea commentform commentbox commentblock fbcomments"),
    (
      .byline,
      """
      byline authorbio authorbox authorinfo aboutauthor aboutthe dateline datetime postmeta postdate pubdate
      articlemeta articledate
      """
    ),
    (.caption, "caption imagecaption photocaption imgcap photocredit imagecredit"),
  ])

  private static func table(_ entries: [(BlockHints, String)]) -> [UInt32: BlockHints] {
    var table: [UInt32: BlockHints] = [:]
    for (hint, words) in entries {
      for word in words.split(whereSeparator: \.isWhitespace) {
        table[WordHash.of(word.utf8), default: []].formUnion(hint)
      }
    }
    return table
  }

  /// A bit for the lowest twelve bits of each stem's hash: most bytes end no stem.
  private static let stemBits: [UInt64] = {
    var bits = [UInt64](repeating: 0, count: 64)
    for hash in stems.keys { bits[Int(hash >> 6 & 63)] |= 1 << UInt64(hash & 63) }
    return bits
  }()

  private static func mayBeStem(_ hash: UInt32) -> Bool {
    stemBits[Int(hash >> 6 & 63)] & (1 << UInt64(hash & 63)) != 0
  }
}
