package import Alerting
package import Model

extension Step {
  /// What one step of the engine comes to: the lines it took, the state that changed, and its events as journal and as
  /// messages. An event is written out once, for both.
  ///
  /// - Parameter chain: of the journal up to this step; it goes on over the step's events.
  package init(
    now: Moment, lines: [TapeLine], records: [RecordChange], events: [Event], router: Router, chain: inout JournalChain
  ) {
    self.init(now: now)
    tape = TapeRow.rows(lines)
    self.records = records
    for event in events {
      let body = event.text(journalHead: JournalChain.written(chain.head))
      var row = JournalRow(id: event.id, time: event.time, type: event.type, alert: event.alert, json: body)
      chain.append(&row)
      if ["alert.acknowledged", "alert.responded", "alert.closed"].contains(event.type) {
        takenInHand.append(event.alert)
      }
      journal.append(row)
      outbox += router.messages(for: event, body: body)
    }
  }
}
