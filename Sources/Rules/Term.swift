package import Model

/// A named group of words that counts towards a claim, with lists already opened into their patterns.
package struct Term: Hashable, Sendable {
  package enum Body: Hashable, Sendable {
    /// Hits wherever one of the patterns stands.
    case any([Pattern])
    /// Hits where a pattern of one side stands at most `within` tokens from one of the other, in one sentence.
    case near([Pattern], [Pattern], within: Int, order: Order)
  }
  package enum Order: String, Sendable, CaseIterable { case any, given }

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

/// One word or phrase as an author wrote it.
package struct Pattern: Hashable, Sendable {
  package enum Word: Hashable, Sendable {
    /// Any form of the word.
    case lemma(String)
    /// `=слово`: this form only.
    case exact(String)
    /// `смы*`: what stands before the star, at least three letters.
    case prefix(String)
  }
  /// In order; at least one.
  package var words: [Word]
  package var place: Place

  package init(words: [Word], place: Place = Place(file: "")) {
    self.words = words
    self.place = place
  }
}
