package import Model

/// What became of a message: for the journal, for meta alerts and for the choice of a fallback.
package struct DeliveryNote: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case delivered
    /// Will be tried again at `row.next`; why, in words.
    case failed(String)
    case superseded
    /// Given up: the receiver refuses it, or the schedule is over; why, in words.
    case dead(String)
    /// The endpoint said 410: nothing more goes there while this process lives.
    case endpointDisabled
  }

  /// As it stands in the store after the outcome; a superseded row may come without its body.
  package var row: OutboxRow
  package var kind: Kind

  package init(row: OutboxRow, kind: Kind) {
    self.row = row
    self.kind = kind
  }
}
