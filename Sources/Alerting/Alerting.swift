// Alerting: firings → alerts with a fingerprint, an episode, deadlines and evidence → events.
//
// In: what evaluators want raised, added to or cleared, and timers. Out: events of the one shape that the journal,
// webhooks and `replay` speak, and the state of every alert. Pure: time comes with each call.
