// Demo: a small invented region served over real HTTP on this machine, and a receiver of its alerts.
//
// In: one embedded tape, the story; a clock. Out: feeds and pages as they stand at a moment of the story, a working
// directory for an ordinary server, and what reached the receiver. It knows nothing of the server that reads it.
// Places, people, outlets and news are invented.
