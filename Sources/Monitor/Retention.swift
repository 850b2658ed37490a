import Alerting
package import Configuration
import JSON
package import Model
import Rules

extension ServerConfiguration.Retention {
  /// What may go now: old texts but those that are evidence of open alerts, or of alerts closed not long ago.
  package func purge(at now: Moment, alerts: [(key: String, value: [UInt8])]) -> Purge {
    var purge = Purge(textsBefore: now - texts, nearMissesBefore: now - nearMisses, journalBefore: now - journal)
    for record in alerts {
      guard let alert = (try? JSONValue(parsing: record.value)).flatMap(Alert.init(json:)),
        alert.work != .closed || alert.ended.map({ now - $0 < evidence }) ?? true
      else { continue }
      for content in alert.evidence { purge.keeping.insert(TextName(source: content.source, id: content.id)) }
    }
    return purge
  }
}
