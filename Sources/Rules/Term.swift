package import Model

/// A named group of words that counts towards a claim, with lists already opened into their patterns.
package struct Term: Hashable, Sendable {
  package enum Body: Hashable, Sendable {
    /// Hits wherever one of the patterns stands.
    case any([Pattern])
    /// Hits once in each field in which every entry stands: where the first entry stands first. An entry is a pattern,
    /// or the patterns of a list of which any will do.
    case all([[Pattern]])
    /// Hits where a pattern of one side stands at most `within` tokens from one of the other, within `span`.
    case near([Pattern], [Pattern], within: Int, order: Order, span: NearSpan)
  }
  package enum Order: String, Sendable, CaseIterable { case any, given }
  /// What both sides of `near` must share: fields are never crossed.
  package enum NearSpan: String, Sendable, CaseIterable { case sentence, paragraph, document }

  package var name: String
  package var body: Body
  /// −100…100.
  package var weight: Double
  /// 1…10: how many hits count at most.
  package var cap: Int
  package var notAfter: NotAfter?
  package var place: Place

  package init(
    name: String, body: Body, weight: Double = 0, cap: Int = 1, notAfter: NotAfter? = nil,
    place: Place = Place(file: "")
  ) {
    self.name = name
    self.body = body
    self.weight = weight
    self.cap = cap
    self.notAfter = notAfter
    self.place = place
  }

  /// Words that cancel a cue when one stands up to `within` tokens before it in the same sentence.
  package struct NotAfter: Hashable, Sendable {
    package var words: [Pattern]
    package var within: Int

    package init(words: [Pattern], within: Int) {
      self.words = words
      self.within = within
    }
  }
}

/// One word, phrase or regular expression as an author wrote it.
package struct Pattern: Hashable, Sendable {
  package enum Word: Hashable, Sendable {
    /// Any form of the word.
    case lemma(String)
    /// `=слово`: this form only.
    case exact(String)
    /// `смы*`: what stands before the star, at least three letters.
    case prefix(String)
    /// `^МЧС`: this form only, in these capitals.
    case cased(String)
    /// `дамба~1`: the word or a slip of one letter; at least five letters.
    case fuzzy(String)
    /// `#прорыв`: without the sign.
    case hashtag(String)
    /// `@user`: without the sign.
    case mention(String)
  }
  /// In order; at least one, and none for a regular expression.
  package var words: [Word]
  /// A regular expression over the folded text, in place of words.
  package var regex: String?
  package var place: Place

  package init(words: [Word], place: Place = Place(file: "")) {
    self.words = words
    self.place = place
  }

  package init(regex: String, place: Place = Place(file: "")) {
    words = []
    self.regex = regex
    self.place = place
  }
}
