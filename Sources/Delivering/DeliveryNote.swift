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
    /// Something that the officers should hear of beside what became of the message.
    case endpointDegraded(Degradation)
  }

  package enum Degradation: Hashable, Sendable {
    /// It refuses messages, which are dead letters then; how many were so since this was told last.
    case refuses(kept: Int)
    /// It does not answer; who stands in.
    case fails(standIn: String?)
    /// Nothing got through for five days: it gets urgent messages only.
    case suspended
  }

  /// As it stands in the store after the outcome; a superseded row may come without its body.
  package var row: OutboxRow
  package var kind: Kind

  package init(row: OutboxRow, kind: Kind) {
    self.row = row
    self.kind = kind
  }
}

extension DeliveryNote {
  /// What the officers should hear of the endpoint, in Russian; nil where nothing.
  package var trouble: String? {
    switch kind {
    case .endpointDisabled: "получатель отказался от уведомлений (410): больше ему ничего не отправляется"
    case .endpointDegraded(.refuses(let kept)):
      "получатель не принимает сообщение \(row.message): \(row.lastError ?? "отказ"); его можно отправить снова: "
        + "nabat deliveries replay" + (kept > 0 ? " (и ещё отказов с прошлого раза: \(kept))" : "")
    case .endpointDegraded(.fails(let standIn)):
      "получатель не отвечает: \(row.lastError ?? "нет ответа")"
        + (standIn.map { "; сообщения идут и на запасной канал «\($0)»" } ?? "; запасного канала нет")
    case .endpointDegraded(.suspended):
      "получатель не отвечает пять суток: отправляются только сообщения важности high и critical"
    case .delivered, .failed, .superseded, .dead: nil
    }
  }
}
