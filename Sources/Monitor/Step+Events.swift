package import Alerting
package import Model

extension Step {
  /// What one step of the engine comes to: the lines it took, the state that changed, and its events as journal and as
  /// messages. An event is written out once, for both.
  package init(now: Moment, lines: [TapeLine], records: [RecordChange], events: [Event], router: Router) {
    self.init(now: now)
    tape = TapeRow.rows(lines)
    self.records = records
    for event in events {
      let body = event.text
      journal.append(
        JournalRow(id: event.id, time: event.time, type: event.type, alert: event.alert, json: body))
      outbox += router.messages(for: event, body: body)
    }
  }
}
